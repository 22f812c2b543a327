"""Bessel and error functions, for which the stock runtime has no kernels.

Formulas are those of Abramowitz and Stegun, "Handbook of Mathematical Functions" (AS); series in `special_tables.py`.
All are computed in the floating-point type of the result, float32 for the narrower ones.
"""

from __future__ import annotations

import math

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions import special_tables as tables
from etc.transforms.decompositions.real import Real, finished, horner, real
from etc.transforms.decompositions.special_tables import Series


def _series(series: Series, t: Real) -> Real:
    """A Chebyshev series by Clenshaw's recurrence, as many terms as the type can tell."""
    coefficients = list(series.coefficients)
    largest = max(map(abs, coefficients))
    digits = 1e-9 if t.build.type(t.value).dtype is dtypes.float32 else 0
    while abs(coefficients[-1]) < digits * largest:
        coefficients.pop()
    twice = t * (4 / (series.high - series.low)) - 2 * (series.high + series.low) / (series.high - series.low)
    later: Real | float = 0.0
    current: Real | float = coefficients[-1]
    for c in reversed(coefficients[1:-1]):
        later, current = current, twice * current - later + c
    return twice * current * 0.5 - later + coefficients[0]


# ---- Bessel functions ----------------------------------------------------------------------------------------------


def _i_scaled(order: int, x: Real) -> Real:
    """exp(-|x|) I(x) of order 0 or 1."""
    near, far = ((tables.I0, tables.I0_FAR), (tables.I1, tables.I1_FAR))[order]
    size = abs(x)
    small, large = size.of("clamp", None, near.high), size.of("clamp", near.high)
    first = _series(near, small)
    if order:
        first = first * small
    found = (size < near.high).where(first, _series(far, 1.0 / large) / large.sqrt())
    return found * x.sign() if order else found


def _i(order: int, x: Real) -> Real:
    return _i_scaled(order, x) * abs(x).exp()


def _k_scaled(order: int, x: Real) -> Real:
    """exp(x) K(x) of order 0 or 1, for positive x."""
    near, far = ((tables.K0, tables.K0_FAR), (tables.K1, tables.K1_FAR))[order]
    small, large = x.of("clamp", None, 2.0), x.of("clamp", 2.0)
    log = (small * 0.5).log() * _i(order, small)
    first = _series(near, small * small)
    first = first / small + log if order else first - log
    found = (x < 2.0).where(first * small.exp(), _series(far, 1.0 / large) / large.sqrt())
    return (x < 0.0).where(math.nan, x.equals(0.0).where(math.inf, found))


def _j_and_y(order: int, x: Real) -> tuple[Real, Real]:
    """J and Y of order 0 or 1, for x of at least 0 (AS 9.2.5)."""
    near_j, near_y, p, q = (
        (tables.J0, tables.Y0, tables.P0, tables.Q0),
        (tables.J1, tables.Y1, tables.P1, tables.Q1),
    )[order]
    small, large = x.of("clamp", None, 8.0), x.of("clamp", 8.0)
    square, inverse = small * small, 1.0 / large
    j, y = _series(near_j, square), _series(near_y, square)
    if order:
        j, y = j * small, y * small - 2 / math.pi / small
    y = y + small.log() * j * (2 / math.pi)
    t = inverse * inverse
    amplitude = (inverse * (2 / math.pi)).sqrt()
    turn = large - math.pi * (2 * order + 1) / 4
    even, odd = _series(p, t), _series(q, t) * inverse
    far_j = amplitude * (even * turn.cos() - odd * turn.sin())
    far_y = amplitude * (even * turn.sin() + odd * turn.cos())
    is_near = x < 8.0
    return is_near.where(j, far_j), is_near.where(y, far_y)


@decomposes("i0", "special_i0", "special_modified_bessel_i0")
def i0(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(|x|) times the scaled function"""
    return finished(_i(0, real(build, self)))


@decomposes("special_i1", "special_modified_bessel_i1")
def i1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(|x|) times the scaled function"""
    return finished(_i(1, real(build, self)))


@decomposes("special_i0e")
def i0e(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """Chebyshev series of x up to 8, of 1 / x from there"""
    return finished(_i_scaled(0, real(build, self)))


@decomposes("special_i1e")
def i1e(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """Chebyshev series of x up to 8, of 1 / x from there"""
    return finished(_i_scaled(1, real(build, self)))


@decomposes("special_modified_bessel_k0")
def k0(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(-x) times the scaled function"""
    x = real(build, self)
    return finished(_k_scaled(0, x) * (-x).exp())


@decomposes("special_modified_bessel_k1")
def k1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(-x) times the scaled function"""
    x = real(build, self)
    return finished(_k_scaled(1, x) * (-x).exp())


@decomposes("special_scaled_modified_bessel_k0")
def k0e(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """Chebyshev series of x^2 up to 2, of 1 / x from there"""
    return finished(_k_scaled(0, real(build, x)))


@decomposes("special_scaled_modified_bessel_k1")
def k1e(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """Chebyshev series of x^2 up to 2, of 1 / x from there"""
    return finished(_k_scaled(1, real(build, x)))


@decomposes("special_bessel_j0")
def j0(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """an even function: Chebyshev series of x^2 up to 8, amplitude and phase from there"""
    return finished(_j_and_y(0, abs(real(build, self)))[0])


@decomposes("special_bessel_j1")
def j1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """an odd function: Chebyshev series of x^2 up to 8, amplitude and phase from there"""
    x = real(build, self)
    return finished(_j_and_y(1, abs(x))[0] * x.sign())


def _y(build: AtenBuilder, order: int, self: SSAValue) -> SSAValue:
    x = real(build, self)
    found = _j_and_y(order, abs(x))[1]
    return finished((x < 0.0).where(math.nan, x.equals(0.0).where(-math.inf, found)))


@decomposes("special_bessel_y0")
def y0(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """for positive x: Chebyshev series of x^2 up to 8, amplitude and phase from there"""
    return _y(build, 0, self)


@decomposes("special_bessel_y1")
def y1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """for positive x: Chebyshev series of x^2 up to 8, amplitude and phase from there"""
    return _y(build, 1, self)


@decomposes("special_spherical_bessel_j0")
def spherical_j0(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """sin(x) / x, by its series near 0"""
    value = real(build, x)
    square = value * value
    near = horner(square, (1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1.0))
    far = abs(value).of("isinf").where(0.0, value.sin() / value)
    return finished((abs(value) < 0.5).where(near, far))


# ---- error functions -----------------------------------------------------------------------------------------------


def erfcx_of(x: Real) -> Real:
    """exp(x^2) erfc(x): for negative x 2 exp(x^2) - erfcx(-x)."""
    size = abs(x)
    right = _series(tables.ERFCX, 4.0 / (size + 4.0)) * 4.0 / (size + 4.0)
    return (x < 0.0).where((x * x).exp() * 2.0 - right, right)


@decomposes("special_erfcx")
def erfcx(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """a Chebyshev series of 4 / (4 + x)"""
    return finished(erfcx_of(real(build, self)))


@decomposes("special_log_ndtr")
def log_ndtr(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """log(erfcx(-x / sqrt(2)) / 2) - x^2 / 2 below -1, log1p(-erfc(x / sqrt(2)) / 2) above"""
    x = real(build, self)
    t = x * math.sqrt(0.5)
    small = t.of("clamp", None, -math.sqrt(0.5))
    low = (erfcx_of(-small) * 0.5).log() - small * small
    high = (t.erfc() * -0.5).log1p()
    return finished((x < -1.0).where(low, high))


# P. J. Acklam's rational approximations of the normal quantile, with one step of Halley's method after them.
_CENTRE = (
    (
        -39.69683028665376,
        220.9460984245205,
        -275.9285104469687,
        138.357751867269,
        -30.66479806614716,
        2.506628277459239,
    ),
    (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0),
)
_TAIL = (
    (-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968)
    + (2.938163982698783,),
    (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0),
)


def quantile_of(offset: Real, tail: Real) -> Real:
    """The normal quantile of 1/2 + offset, where `tail` is the smaller of the probabilities below and above."""
    square = offset * offset
    centre = offset * horner(square, _CENTRE[0]) / horner(square, _CENTRE[1])
    root = (tail.log() * -2.0).sqrt()
    outer = -(horner(root, _TAIL[0]) / horner(root, _TAIL[1])) * offset.sign()
    found = (abs(offset) < 0.47575).where(centre, outer)
    # Halley's step on the side of the smaller probability, where erfc does not cancel.
    size = -abs(found)
    error = (size * -math.sqrt(0.5)).erfc() * 0.5 - tail
    step = error * (size * size * 0.5).exp() * math.sqrt(2 * math.pi)
    better = size - step / (size * step * 0.5 + 1.0)
    better = step.of("isfinite").where(better, size)
    signed = -(better * offset.sign())
    return tail.equals(0.0).where(offset.sign() * math.inf, signed)


@decomposes("special_ndtri")
def ndtri(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """Acklam's approximation of the normal quantile, and a step of Halley's method"""
    p = real(build, self)
    found = quantile_of(p - 0.5, p.of("minimum", 1.0 - p))
    return finished((p < 0.0).of("logical_or", p > 1.0).where(math.nan, found))


@decomposes("erfinv", "special_erfinv")
def erfinv(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """erfinv(y) -> ndtri((1 + y) / 2) / sqrt(2)"""
    y = real(build, self)
    found = quantile_of(y * 0.5, (1.0 - abs(y)) * 0.5) * math.sqrt(0.5)
    return finished((abs(y) > 1.0).where(math.nan, found))
