"""`Real`: a tensor with operators, so that a formula reads like the page it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions.copies import cast


class Real:
    """A tensor with operators, for formulas that read like the page they come from."""

    def __init__(self, build: AtenBuilder, value: SSAValue):
        self.build, self.value = build, value

    @property
    def sizes(self) -> tuple[Dim, ...]:
        return self.build.type(self.value).sizes

    @property
    def dtype(self) -> Dtype:
        return self.build.type(self.value).dtype

    def to(self, dtype: Dtype) -> Real:
        return Real(self.build, cast(self.build, self.value, dtype))

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

    def __and__(self, other: Real) -> Real:
        return self.of("logical_and", other)

    def equals(self, other: Any) -> Real:
        return self._with("eq", other)

    def sum(self, dim: int) -> Real:
        """The sum along a dimension, which keeps size 1."""
        return self.of("sum.dim_IntList", [dim], True)

    def take(self, dim: int, index: Real) -> Real:
        """The slice at `index` along a dimension, which keeps size 1. An index of rank 0 holds for all other places."""
        sizes = list(self.sizes)
        sizes[dim] = 1
        return self.of("gather", dim % len(sizes), index.of("expand", sizes))

    def where(self, then: Real | float, other: Real | float) -> Real:
        """`then` where this is true, `other` elsewhere."""
        known = then if isinstance(then, Real) else other
        assert isinstance(known, Real)
        values = [v.value if isinstance(v, Real) else self.build.constant(v, known.dtype) for v in (then, other)]
        return Real(self.build, self.build("where.self", self.value, *values))


def _dtype(build: AtenBuilder) -> Dtype:
    wanted = build.type(build.results[0]).dtype
    return wanted if wanted in (dtypes.float32, dtypes.float64) else dtypes.float32


def real(build: AtenBuilder, value: SSAValue) -> Real:
    """An argument in the type to compute in."""
    return Real(build, cast(build, value, _dtype(build)))


def finished(result: Real) -> SSAValue:
    """A result in the type that the operator gives."""
    build = result.build
    return cast(build, result.value, build.type(build.results[0]).dtype)


def horner(x: Real, coefficients: Sequence[float]) -> Real:
    """A polynomial, the coefficient of the highest power first."""
    total = x * coefficients[0] + coefficients[1]
    for c in coefficients[2:]:
        total = total * x + c
    return total
