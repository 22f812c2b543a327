"""The gamma function and its relatives: lgamma, digamma, Hurwitz' zeta and polygamma.

Formulas are those of Abramowitz and Stegun, "Handbook of Mathematical Functions" (AS), and of Lanczos, "A Precision
Approximation of the Gamma Function", 1964. All are computed in the floating-point type of the result, float32 for the
narrower ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.real import Real, finished, horner, real
from etc.transforms.decompositions.real_loops import repeat_while

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
    return finished(lgamma_of(real(build, self)))


@decomposes("mvlgamma")
def mvlgamma(build: AtenBuilder, self: SSAValue, p: int) -> SSAValue:
    """p (p - 1) / 4 log(pi) + the sum of lgamma(x - j / 2) for j below p"""
    x = real(build, self)
    total = lgamma_of(x)
    for j in range(1, p):
        total = total + lgamma_of(x - j / 2)
    return finished(total + p * (p - 1) / 4 * math.log(math.pi))


def _incomplete(a: Real, x: Real) -> tuple[Real, Real]:
    """The regularised incomplete gamma functions, lower and upper, of positive a and x: the power series (AS 6.5.29)
    below x = a + 1, the continued fraction (AS 6.5.31) by Lentz's method above; in loops until nothing changes."""
    smallest = 2.0**-100
    tolerance = 2.0**-24 if a.dtype is dtypes.float32 else 2.0**-53
    is_low = x < a + 1.0
    one = a * 0.0 + 1.0

    def add(carried: Sequence[Real], captured: Sequence[Real]) -> Sequence[Real]:
        (divisor, term, total), (x,) = carried, captured
        divisor = divisor + 1.0
        term = term * x / divisor
        return divisor, term, total + term

    def fraction(carried: Sequence[Real], captured: Sequence[Real]) -> Sequence[Real]:
        (k, c, d, h, _), (a, b) = carried, captured
        k = k + 1.0
        numerator, b = k * (a - k), b + k * 2.0
        d = _not_zero(b + numerator * d, smallest).of("reciprocal")
        c = _not_zero(b + numerator / c, smallest)
        return k, c, d, h * c * d, abs(c * d - 1.0)

    scale = (a * x.log() - x - lgamma_of(a)).exp()
    small = is_low.where(x, a)
    _, _, total = repeat_while(
        (a, one / a, one / a), (small,), lambda carried, _: carried[1] > carried[2] * tolerance, add
    )
    large = is_low.where(a + 2.0, x)
    first = large + 1.0 - a
    start = (Real(a.build, a.build.constant(0.0, a.dtype)), one * 2.0**100, one / first, one / first, one)
    *_, h, _ = repeat_while(start, (a, first), lambda carried, _: carried[4] > tolerance * 4, fraction)
    lower, upper = scale * total, scale * h
    return is_low.where(lower, 1.0 - upper), is_low.where(1.0 - lower, upper)


def _not_zero(value: Real, instead: float) -> Real:
    return (abs(value) < instead).where(instead, value)


def _regularised(build: AtenBuilder, self: SSAValue, other: SSAValue, number: int) -> SSAValue:
    """One of both functions, with their limits at 0 and infinity."""
    sizes = list(build.type(build.results[0]).sizes)
    a, x = (real(build, v).of("expand", sizes) for v in (self, other))
    is_plain = (a > 0.0) & (x > 0.0) & (a < math.inf) & (x < math.inf)
    found = _incomplete(is_plain.where(a, 1.0), is_plain.where(x, 1.0))[number]
    a_ends, x_ends = a.equals(math.inf), x.equals(math.inf)
    lower = x.equals(0.0).where(0.0, a.equals(0.0).where(1.0, x_ends.where(1.0, x * 0.0)))
    lower = a_ends.where(0.0, lower)
    undefined = (a < 0.0).of("logical_or", x < 0.0).of("logical_or", a_ends & x_ends)
    undefined = undefined.of("logical_or", a.equals(0.0) & x.equals(0.0))
    undefined = undefined.of("logical_or", (a + x).of("isnan"))
    limit = undefined.where(math.nan, lower if number == 0 else 1.0 - lower)
    return finished(is_plain.where(found, limit))


@decomposes("igamma", "special_gammainc")
def lower_incomplete(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """P(a, x), the lower regularised incomplete gamma function"""
    return _regularised(build, self, other, 0)


@decomposes("igammac", "special_gammaincc")
def upper_incomplete(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """Q(a, x), the upper regularised incomplete gamma function"""
    return _regularised(build, self, other, 1)


def digamma_of(x: Real) -> Real:
    """AS 6.3.18 from x + 6 on, 6.3.7 below 0."""
    reflected = x < 0.0
    y = reflected.where(1.0 - x, x)
    shifted = 1.0 / y
    for k in range(1, 6):
        shifted = shifted + 1.0 / (y + float(k))
    y = y + 6.0
    square = 1.0 / (y * y)
    tail = square * horner(square, (-1 / 132, 1 / 240, -1 / 252, 1 / 120, -1 / 12))
    right = y.log() - 0.5 / y + tail - shifted
    fraction = x - x.floor()
    left = right - math.pi / (fraction * math.pi).tan()
    left = fraction.equals(0.0).where(math.nan, left)
    found = reflected.where(left, right)
    return x.equals(0.0).where(-(1.0 / x), found)


@decomposes("digamma")
def digamma(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """the derivative of lgamma"""
    return finished(digamma_of(real(build, self)))


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
    return finished((s < 1.0).where(math.nan, s.equals(1.0).where(math.inf, found)))


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
        return finished(digamma_of(x) if n == 0 else trigamma_of(x))
    found = zeta_of(float(n + 1), x) * float((-1) ** (n + 1) * math.factorial(n))
    at_pole = x.of("le.Scalar", 0.0).of("logical_and", x.equals(x.floor()))
    return finished(at_pole.where(math.inf * (-1) ** (n + 1), found))
