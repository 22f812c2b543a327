"""Airy's function of the first kind, computed in float64, since its power series cancels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.real import Real, finished, horner
from etc.transforms.decompositions.real_loops import repeat

_AT_ZERO, _SLOPE_AT_ZERO = 0.355028053887817239, -0.258819403792806798
"""AS 10.4.4 and 10.4.5: Abramowitz and Stegun, "Handbook of Mathematical Functions"."""
_FAR = 6.0
"""From where on the asymptotic expansions are as good as the power series with its 32 terms: 1e-8."""
_TERMS = 32
_ASYMPTOTIC = tuple(math.prod(range(2 * k + 1, 6 * k, 2)) / (216**k * math.factorial(k)) for k in range(12))
"""AS 10.4.58"""


def _near(x: Real) -> Real:
    """AS 10.4.2 and 10.4.3: two series, whose terms have ratios x^3 / ((3 k - 1) 3 k) and x^3 / (3 k (3 k + 1))."""
    cube = x * x * x

    def add(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        (f, g, total), (cube,) = carried, captured
        triple = k.to(dtypes.float64) * 3.0 + 3.0
        f = f * cube / (triple * (triple - 1.0))
        g = g * cube / (triple * (triple + 1.0))
        return f, g, total + f + g

    f, g = x * 0.0 + _AT_ZERO, x * _SLOPE_AT_ZERO
    return repeat(_TERMS, (f, g, f + g), (cube,), add)[2]


def _far(x: Real) -> tuple[Real, Real]:
    """AS 10.4.59 and 10.4.60: of x and of -x, for large positive x."""
    zeta = x * x.sqrt() * (2 / 3)
    inverse = 1.0 / zeta
    scale = 1.0 / x.sqrt().sqrt() * (1 / math.sqrt(math.pi))
    signed = [(-1) ** k * c for k, c in enumerate(_ASYMPTOTIC)]
    right = scale * 0.5 * (-zeta).exp() * horner(inverse, signed[::-1])
    square = inverse * inverse
    even = [(-1) ** k * c for k, c in enumerate(_ASYMPTOTIC[::2])]
    odd = [(-1) ** k * c for k, c in enumerate(_ASYMPTOTIC[1::2])]
    angle = zeta + math.pi / 4
    left = scale * (angle.sin() * horner(square, even[::-1]) - angle.cos() * inverse * horner(square, odd[::-1]))
    return right, left


@decomposes("special_airy_ai")
def airy_ai(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """Ai(x)"""
    value = Real(build, x).to(dtypes.float64)
    size = abs(value)
    is_far = size > _FAR
    right, left = _far(is_far.where(size, _FAR))
    found = is_far.where((value < 0.0).where(left, right), _near(is_far.where(0.0, value)))
    return finished(size.of("isinf").where(math.nan, found))
