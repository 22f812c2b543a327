"""Reductions without dimensions, and statistics in terms of mean and var."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("sum")
def sum(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """sum(x) -> sum(x, every dimension)"""
    return build("sum.dim_IntList", self, list(range(build.type(self).rank)), dtype=dtype)


@decomposes("mean")
def mean(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """mean(x) -> mean(x, every dimension)"""
    return build("mean.dim", self, list(range(build.type(self).rank)), dtype=dtype)


@decomposes("max")
def max(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """max(x) -> amax(x, every dimension)"""
    return build("amax", self, list(range(build.type(self).rank)))


@decomposes("min")
def min(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """min(x) -> amin(x, every dimension)"""
    return build("amin", self, list(range(build.type(self).rank)))


@decomposes("all", "all.dim", "all.dims")
def all(build: AtenBuilder, self: SSAValue, **where: Any) -> SSAValue:
    """all(x) -> not any(not x)"""
    overload = (
        "any"
        if "dim" not in where
        else "any.dims"
        if isinstance(where["dim"], list) or where["dim"] is None
        else "any.dim"
    )
    found = build(overload, build("logical_not", self), **where)
    result = build("logical_not", found)
    return build("_to_copy", result, dtype=dtypes.uint8) if build.type(self).dtype is dtypes.uint8 else result


@decomposes("std.correction")
def std(build: AtenBuilder, self: SSAValue, dim: Sequence[int] | None, correction: Any, keepdim: bool) -> SSAValue:
    """std(x) -> sqrt(var(x))"""
    return build("sqrt", build("var.correction", self, dim, correction=correction, keepdim=keepdim))


@decomposes("std", "std.dim")
def std_unbiased(build: AtenBuilder, self: SSAValue, unbiased: bool, **where: Any) -> SSAValue:
    """std(x) -> sqrt(var(x))"""
    dim, keepdim = where.get("dim"), where.get("keepdim", False)
    return std(build, self, dim, 1 if unbiased else 0, keepdim)


@decomposes("var", "var.dim")
def var_unbiased(build: AtenBuilder, self: SSAValue, unbiased: bool, **where: Any) -> SSAValue:
    """var(x, unbiased) -> var(x, correction)"""
    dim, keepdim = where.get("dim"), where.get("keepdim", False)
    return build("var.correction", self, dim, correction=1 if unbiased else 0, keepdim=keepdim)


@decomposes("linalg_vector_norm")
def vector_norm(
    build: AtenBuilder, self: SSAValue, ord: float, dim: Sequence[int] | None, keepdim: bool, dtype: Dtype | None
) -> SSAValue | None:
    """norm(x, 2) -> sqrt(sum(x * x)), norm(x, 1) -> sum(abs(x)), norm(x, inf) -> amax(abs(x))"""
    dims = list(range(build.type(self).rank)) if dim is None else list(dim)
    if dtype is not None and dtype is not build.type(self).dtype:
        self = build("_to_copy", self, dtype=dtype)
    if ord == 2:
        return build("sqrt", build("sum.dim_IntList", build("mul.Tensor", self, self), dims, keepdim))
    if ord == 1:
        return build("sum.dim_IntList", build("abs", self), dims, keepdim)
    return build("amax", build("abs", self), dims, keepdim) if ord == float("inf") else None
