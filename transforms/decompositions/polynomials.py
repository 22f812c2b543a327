"""Orthogonal polynomials, whose degree is a tensor: by their recurrences, in a loop up to the highest degree.

    p(0) = 1, p(1) = a x + b, p(k + 1) = f(k, x, p(k), p(k - 1))

Recurrences are those of Abramowitz and Stegun, "Handbook of Mathematical Functions", 22.7. Degrees below 0 give 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.real import Real, finished, real
from etc.transforms.decompositions.real_loops import repeat_while


@dataclass(frozen=True)
class Family:
    """Polynomials with p(1) = slope * x + offset."""

    slope: float
    offset: float
    following: Callable[[Real, Real, Real, Real], Real]
    """p(k + 1) from k, x, p(k) and p(k - 1)"""
    is_shifted: bool = False
    """of 2 x - 1 for x"""
    limit: int | None = None
    """the degree above which torch gives NaN in float32"""


def _chebyshev(k: Real, x: Real, p: Real, before: Real) -> Real:
    return x * 2.0 * p - before


def _hermite_h(k: Real, x: Real, p: Real, before: Real) -> Real:
    return x * 2.0 * p - k * 2.0 * before


def _hermite_he(k: Real, x: Real, p: Real, before: Real) -> Real:
    return x * p - k * before


def _laguerre(k: Real, x: Real, p: Real, before: Real) -> Real:
    return ((k * 2.0 + 1.0 - x) * p - k * before) / (k + 1.0)


def _legendre(k: Real, x: Real, p: Real, before: Real) -> Real:
    return ((k * 2.0 + 1.0) * x * p - k * before) / (k + 1.0)


_FAMILIES = {
    **{
        f"{prefix}chebyshev_polynomial_{kind}": Family(slope, offset, _chebyshev, bool(prefix))
        for prefix in ("", "shifted_")
        for kind, slope, offset in (("t", 1.0, 0.0), ("u", 2.0, 0.0), ("v", 2.0, -1.0), ("w", 2.0, 1.0))
    },
    "hermite_polynomial_h": Family(2.0, 0.0, _hermite_h, limit=128),
    "hermite_polynomial_he": Family(1.0, 0.0, _hermite_he, limit=128),
    "laguerre_polynomial_l": Family(-1.0, 1.0, _laguerre),
    "legendre_polynomial_p": Family(1.0, 0.0, _legendre),
}


def _of_degree(family: Family, x: Real, degree: Real) -> Real:
    """The polynomials of `degree`, an integer tensor of the sizes of x."""
    one = x * 0.0 + 1.0
    first = x * family.slope + family.offset

    def step(carried: Sequence[Real], captured: Sequence[Real]) -> Sequence[Real]:
        (k, found, p, before), (x, degree) = carried, captured
        following = family.following(k, x, p, before)
        return k + 1.0, degree.equals(k + 1.0).where(following, found), following, p

    found = (degree < 0).where(0.0, degree.equals(0).where(one, first))
    start = Real(x.build, x.build.constant(1.0, x.dtype))
    return repeat_while(
        (start, found, first, one), (x, degree), lambda carried, captured: captured[1] > carried[0], step
    )[1]


def _rule(family: Family) -> Callable[..., SSAValue]:
    def rule(build: AtenBuilder, x: Any, n: Any) -> SSAValue:
        sizes = list(build.type(build.results[0]).sizes)
        dtype = build.type(build.results[0]).dtype
        x, n = (
            real(build, v) if isinstance(v, SSAValue) else Real(build, build("full", [], v, dtype=dtype))
            for v in (x, n)
        )
        degree = n.of("trunc").of("expand", sizes)
        known = degree
        if family.limit is not None:
            limit = family.limit if dtype is dtypes.float32 else 4 * family.limit
            known = degree.of("clamp", None, limit)
        value = _of_degree(family, (x * 2.0 - 1.0 if family.is_shifted else x).of("expand", sizes), known)
        return finished(value if known is degree else (degree > known).where(float("nan"), value))

    return rule


for _name, _family in _FAMILIES.items():
    decomposes(*(f"special_{_name}{overload}" for overload in ("", ".n_scalar", ".x_scalar")))(_rule(_family))
