"""Special functions, for which the stock runtime has no kernels: gamma, zeta, Bessel, error functions, polynomials.

Formulas are those of Abramowitz and Stegun, "Handbook of Mathematical Functions" (AS), and of Lanczos, "A Precision
Approximation of the Gamma Function", 1964; series in `special_tables.py`. All are computed in the floating-point type
of the result, float32 for the narrower ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions import special_tables as tables
from etc.transforms.decompositions.copies import cast
from etc.transforms.decompositions.special_tables import Series


class Real:
    """A tensor with operators, for formulas that read like the page they come from."""

    def __init__(self, build: AtenBuilder, value: SSAValue):
        self.build, self.value = build, value

    def of(self, overload: str, *args: Any) -> Real:
        values = [a.value if isinstance(a, Real) else a for a in args]
        return Real(self.build, self.build(overload, self.value, *values))

    def _with(self, name: str, other: Any) -> Real:
        return self.of(f"{name}.{'Tensor' if isinstance(other, Real) else 'Scalar'}", other)

    def __add__(self, other: Any) -> Real:
        return self._with("add", other)

    def __sub__(self, other: Any) -> Real:
        return self._with("sub", other)

    def __mul__(self, other: Any) -> Real:
        return self._with("mul", other)

    def __truediv__(self, other: Any) -> Real:
        return self._with("div", other)

    def __radd__(self, other: float) -> Real:
        return self + other

    def __rmul__(self, other: float) -> Real:
        return self * other

    def __rsub__(self, other: float) -> Real:
        return -self + other

    def __rtruediv__(self, other: float) -> Real:
        inverse = self.of("reciprocal")
        return inverse if other == 1 else inverse * other

    def __neg__(self) -> Real:
        return self.of("neg")

    def __abs__(self) -> Real:
        return self.of("abs")

    def __lt__(self, other: Any) -> Real:
        return self._with("lt", other)

    def __gt__(self, other: Any) -> Real:
        return self._with("gt", other)

    def __getattr__(self, function: str) -> Any:
        """`x.sqrt()`"""
        return lambda *args: self.of(function, *args)

    def equals(self, other: Any) -> Real:
        return self._with("eq", other)

    def where(self, then: Real | float, other: Real | float) -> Real:
        """`then` where this is true, `other` elsewhere."""
        known = then if isinstance(then, Real) else other
        assert isinstance(known, Real)
        dtype = self.build.type(known.value).dtype
        values = [v.value if isinstance(v, Real) else self.build.constant(v, dtype) for v in (then, other)]
        return Real(self.build, self.build("where.self", self.value, *values))


def _dtype(build: AtenBuilder) -> Dtype:
    wanted = build.type(build.results[0]).dtype
    return wanted if wanted in (dtypes.float32, dtypes.float64) else dtypes.float32


def real(build: AtenBuilder, value: SSAValue) -> Real:
    """An argument in the type to compute in."""
    return Real(build, cast(build, value, _dtype(build)))


def _done(result: Real) -> SSAValue:
    build = result.build
    return cast(build, result.value, build.type(build.results[0]).dtype)


def _horner(x: Real, coefficients: Sequence[float]) -> Real:
    """A polynomial, the coefficient of the highest power first."""
    total = x * coefficients[0] + coefficients[1]
    for c in coefficients[2:]:
        total = total * x + c
    return total


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


# ---- gamma and zeta ------------------------------------------------------------------------------------------------

_LANCZOS = (
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7,
)
"""For g = 7."""
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)


def lgamma_of(x: Real) -> Real:
    """log |gamma(x)|, by reflection below 1/2 (AS 6.1.17)."""
    reflected = x < 0.5
    y = reflected.where(1.0 - x, x) - 1.0
    total: Any = _LANCZOS[0]
    for k, c in enumerate(_LANCZOS[1:], 1):
        total = c / (y + float(k)) + total
    t = y + 7.5
    # One of the terms is taken out of the others, so that nothing cancels for large numbers.
    right = (y + 0.5) * (t.log() - 1.0) + (total.log() + (0.5 * math.log(2 * math.pi) - 7.0))
    right = y.of("isinf").where(math.inf, right)
    sine = ((x - x.floor()) * math.pi).sin()
    left = (1.0 / sine * math.pi).abs().log() - right
    left = x.equals(x.floor()).where(math.inf, left)
    return reflected.where(x.of("isinf").where(math.inf, left), right)


@decomposes("lgamma")
def lgamma(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """Lanczos' approximation of log |gamma(x)|"""
    return _done(lgamma_of(real(build, self)))


@decomposes("mvlgamma")
def mvlgamma(build: AtenBuilder, self: SSAValue, p: int) -> SSAValue:
    """p (p - 1) / 4 log(pi) + the sum of lgamma(x - j / 2) for j below p"""
    x = real(build, self)
    total = lgamma_of(x)
    for j in range(1, p):
        total = total + lgamma_of(x - j / 2)
    return _done(total + p * (p - 1) / 4 * math.log(math.pi))


def digamma_of(x: Real) -> Real:
    """AS 6.3.18 from x + 6 on, 6.3.7 below 0."""
    reflected = x < 0.0
    y = reflected.where(1.0 - x, x)
    shifted = 1.0 / y
    for k in range(1, 6):
        shifted = shifted + 1.0 / (y + float(k))
    y = y + 6.0
    square = 1.0 / (y * y)
    tail = square * _horner(square, (-1 / 132, 1 / 240, -1 / 252, 1 / 120, -1 / 12))
    right = y.log() - 0.5 / y + tail - shifted
    fraction = x - x.floor()
    left = right - math.pi / (fraction * math.pi).tan()
    left = fraction.equals(0.0).where(math.nan, left)
    found = reflected.where(left, right)
    return x.equals(0.0).where(-(1.0 / x), found)


@decomposes("digamma")
def digamma(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """the derivative of lgamma"""
    return _done(digamma_of(real(build, self)))


_SHIFTS = 12


def zeta_of(s: Any, q: Real) -> Real:
    """The sum of (q + k)^-s over k from 0, by Euler and Maclaurin (AS 23.2.9)."""

    def power(base: Real, exponent: Any) -> Real:
        return base.of(f"pow.Tensor_{'Tensor' if isinstance(exponent, Real) else 'Scalar'}", exponent)

    total = power(q, -s)
    for k in range(1, _SHIFTS):
        total = total + power(q + float(k), -s)
    far = q + float(_SHIFTS)
    last = power(far, -s)
    total = total + last * far / (s - 1.0) + last * 0.5
    term, square = last / far * s, 1.0 / (far * far)
    for j, b in enumerate(_BERNOULLI, 1):
        total = total + term * (b / math.factorial(2 * j))
        term = term * square * (s + float(2 * j - 1)) * (s + float(2 * j))
    return total


@decomposes("special_zeta", "special_zeta.other_scalar", "special_zeta.self_scalar")
def zeta(build: AtenBuilder, self: Any, other: Any) -> SSAValue:
    """Hurwitz' zeta function of s and q; 0 or below, q may not be whole and s must be"""
    like = self if isinstance(self, SSAValue) else other
    s, q = (
        real(build, v) if isinstance(v, SSAValue) else Real(build, build("full_like", real(build, like).value, v))
        for v in (self, other)
    )
    below = q.of("le.Scalar", 0.0)
    found = zeta_of(s, q)
    broken = s.of("ne.Tensor", s.floor())
    at_pole = q.equals(q.floor())
    found = below.where(at_pole.where(math.inf, broken.where(math.nan, found)), found)
    return _done((s < 1.0).where(math.nan, s.equals(1.0).where(math.inf, found)))


def trigamma_of(x: Real) -> Real:
    """AS 6.4.7 below 1/2."""
    reflected = x < 0.5
    right = zeta_of(2.0, reflected.where(1.0 - x, x))
    sine = ((x - x.floor()) * math.pi).sin() / math.pi
    return reflected.where(1.0 / (sine * sine) - right, right)


@decomposes("polygamma", "special_polygamma")
def polygamma(build: AtenBuilder, n: int, self: SSAValue) -> SSAValue:
    """(-1)^(n + 1) n! zeta(n + 1, x) (AS 6.4.10)"""
    x = real(build, self)
    if n < 2:
        return _done(digamma_of(x) if n == 0 else trigamma_of(x))
    found = zeta_of(float(n + 1), x) * float((-1) ** (n + 1) * math.factorial(n))
    at_pole = x.of("le.Scalar", 0.0).of("logical_and", x.equals(x.floor()))
    return _done(at_pole.where(math.inf * (-1) ** (n + 1), found))


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
    return _done(_i(0, real(build, self)))


@decomposes("special_i1", "special_modified_bessel_i1")
def i1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(|x|) times the scaled function"""
    return _done(_i(1, real(build, self)))


@decomposes("special_i0e")
def i0e(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """Chebyshev series of x up to 8, of 1 / x from there"""
    return _done(_i_scaled(0, real(build, self)))


@decomposes("special_i1e")
def i1e(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """Chebyshev series of x up to 8, of 1 / x from there"""
    return _done(_i_scaled(1, real(build, self)))


@decomposes("special_modified_bessel_k0")
def k0(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(-x) times the scaled function"""
    x = real(build, self)
    return _done(_k_scaled(0, x) * (-x).exp())


@decomposes("special_modified_bessel_k1")
def k1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(-x) times the scaled function"""
    x = real(build, self)
    return _done(_k_scaled(1, x) * (-x).exp())


@decomposes("special_scaled_modified_bessel_k0")
def k0e(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """Chebyshev series of x^2 up to 2, of 1 / x from there"""
    return _done(_k_scaled(0, real(build, x)))


@decomposes("special_scaled_modified_bessel_k1")
def k1e(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """Chebyshev series of x^2 up to 2, of 1 / x from there"""
    return _done(_k_scaled(1, real(build, x)))


@decomposes("special_bessel_j0")
def j0(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """an even function: Chebyshev series of x^2 up to 8, amplitude and phase from there"""
    return _done(_j_and_y(0, abs(real(build, self)))[0])


@decomposes("special_bessel_j1")
def j1(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """an odd function: Chebyshev series of x^2 up to 8, amplitude and phase from there"""
    x = real(build, self)
    return _done(_j_and_y(1, abs(x))[0] * x.sign())


def _y(build: AtenBuilder, order: int, self: SSAValue) -> SSAValue:
    x = real(build, self)
    found = _j_and_y(order, abs(x))[1]
    return _done((x < 0.0).where(math.nan, x.equals(0.0).where(-math.inf, found)))


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
    near = _horner(square, (1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1.0))
    far = abs(value).of("isinf").where(0.0, value.sin() / value)
    return _done((abs(value) < 0.5).where(near, far))


# ---- error functions -----------------------------------------------------------------------------------------------


def erfcx_of(x: Real) -> Real:
    """exp(x^2) erfc(x): for negative x 2 exp(x^2) - erfcx(-x)."""
    size = abs(x)
    right = _series(tables.ERFCX, 4.0 / (size + 4.0)) * 4.0 / (size + 4.0)
    return (x < 0.0).where((x * x).exp() * 2.0 - right, right)


@decomposes("special_erfcx")
def erfcx(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """a Chebyshev series of 4 / (4 + x)"""
    return _done(erfcx_of(real(build, self)))


@decomposes("special_log_ndtr")
def log_ndtr(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """log(erfcx(-x / sqrt(2)) / 2) - x^2 / 2 below -1, log1p(-erfc(x / sqrt(2)) / 2) above"""
    x = real(build, self)
    t = x * math.sqrt(0.5)
    small = t.of("clamp", None, -math.sqrt(0.5))
    low = (erfcx_of(-small) * 0.5).log() - small * small
    high = (t.erfc() * -0.5).log1p()
    return _done((x < -1.0).where(low, high))


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
    centre = offset * _horner(square, _CENTRE[0]) / _horner(square, _CENTRE[1])
    root = (tail.log() * -2.0).sqrt()
    outer = -(_horner(root, _TAIL[0]) / _horner(root, _TAIL[1])) * offset.sign()
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
    return _done((p < 0.0).of("logical_or", p > 1.0).where(math.nan, found))


@decomposes("erfinv", "special_erfinv")
def erfinv(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """erfinv(y) -> ndtri((1 + y) / 2) / sqrt(2)"""
    y = real(build, self)
    found = quantile_of(y * 0.5, (1.0 - abs(y)) * 0.5) * math.sqrt(0.5)
    return _done((abs(y) > 1.0).where(math.nan, found))
