"""Reductions without dimensions, statistics in terms of mean and var, and norms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.infer import wrap_dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast


def all_dims(build: AtenBuilder, self: SSAValue) -> list[int]:
    return list(range(build.type(self).rank))


@decomposes("sum")
def sum(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """sum(x) -> sum(x, every dimension)"""
    return build("sum.dim_IntList", self, all_dims(build, self), dtype=dtype)


@decomposes("mean")
def mean(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """mean(x) -> mean(x, every dimension)"""
    return build("mean.dim", self, all_dims(build, self), dtype=dtype)


@decomposes("max")
def max(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """max(x) -> amax(x, every dimension)"""
    return build("amax", self, all_dims(build, self))


@decomposes("min")
def min(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """min(x) -> amin(x, every dimension)"""
    return build("amin", self, all_dims(build, self))


@decomposes("aminmax")
def aminmax(build: AtenBuilder, self: SSAValue, dim: int | None, keepdim: bool) -> list[SSAValue]:
    """aminmax(x, dim) -> amin(x, dim), amax(x, dim)"""
    dims = all_dims(build, self) if dim is None else [dim]
    return [build(overload, self, dims, keepdim) for overload in ("amin", "amax")]


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
    return build("sqrt", var_unbiased(build, self, unbiased, **where))


@decomposes("var", "var.dim")
def var_unbiased(build: AtenBuilder, self: SSAValue, unbiased: bool, **where: Any) -> SSAValue:
    """var(x, unbiased) -> var(x, correction)"""
    dim, keepdim = where.get("dim"), where.get("keepdim", False)
    return build("var.correction", self, dim, correction=1 if unbiased else 0, keepdim=keepdim)


@decomposes("var_mean", "var_mean.dim", "var_mean.correction")
def var_mean(build: AtenBuilder, self: SSAValue, **where: Any) -> list[SSAValue]:
    """var_mean(x) -> var(x), mean(x)"""
    dim, keepdim = where.get("dim"), where.get("keepdim", False)
    correction = where["correction"] if "correction" in where else 1 if where["unbiased"] else 0
    variance = build("var.correction", self, dim, correction=correction, keepdim=keepdim)
    return [variance, build("mean.dim", self, dim or all_dims(build, self), keepdim)]


@decomposes("std_mean", "std_mean.dim", "std_mean.correction")
def std_mean(build: AtenBuilder, self: SSAValue, **where: Any) -> list[SSAValue]:
    """std_mean(x) -> sqrt(var(x)), mean(x)"""
    variance, average = var_mean(build, self, **where)
    return [build("sqrt", variance), average]


@decomposes("logsumexp")
def logsumexp(build: AtenBuilder, self: SSAValue, dim: Sequence[int], keepdim: bool) -> SSAValue:
    """logsumexp(x) -> log(sum(exp(x - m))) + m, where m is the maximum, or 0 where that is infinite"""
    if not build.type(self).dtype.is_float:
        self = cast(build, self, dtypes.float32)
    dims = list(dim) or all_dims(build, self)
    highest = build("amax", self, dims, True)
    zero = build.constant(0, build.type(self).dtype)
    highest = build("where.self", build("isinf", highest), zero, highest)
    total = build("sum.dim_IntList", build("exp", build("sub.Tensor", self, highest)), dims, True)
    result = build("add.Tensor", build("log", total), highest)
    return result if keepdim or not dims else build("squeeze.dims", result, dims)


@decomposes("_log_softmax")
def log_softmax(build: AtenBuilder, self: SSAValue, dim: int) -> SSAValue | None:
    """log_softmax(x) -> x - logsumexp(x) in float64, for which the stock runtime has no kernel"""
    known = build.type(self)
    if known.dtype is not dtypes.float64:
        return None
    if not known.rank or known.numel == 0:
        return build("sub.Tensor", self, self)
    return build("sub.Tensor", self, logsumexp(build, self, [dim], True))


@decomposes("linalg_vector_norm")
def vector_norm(
    build: AtenBuilder, self: SSAValue, ord: float, dim: Sequence[int] | None, keepdim: bool, dtype: Dtype | None
) -> SSAValue | None:
    """norm(x, p) -> sum(abs(x)^p)^(1/p): sqrt(sum(x * x)) for 2, amax(abs(x)) for inf, sum(x != 0) for 0"""
    if not build.type(self).dtype.is_float:
        return None
    wanted = dtype or build.type(self).dtype
    self = cast(build, self, dtypes.float32 if wanted.size < 4 else wanted)  # squares overflow in 16 bits
    return cast(build, _vector_norm(build, self, ord, list(dim or all_dims(build, self)), keepdim), wanted)


def _vector_norm(build: AtenBuilder, self: SSAValue, ord: float, dims: list[int], keepdim: bool) -> SSAValue:
    if ord == 2:
        return build("sqrt", build("sum.dim_IntList", build("mul.Tensor", self, self), dims, keepdim))
    if ord == 0:
        found = build("_to_copy", build("ne.Scalar", self, 0), dtype=build.type(self).dtype)
        return build("sum.dim_IntList", found, dims, keepdim)
    size = build("abs", self)
    if math.isinf(ord):
        return build("amax" if ord > 0 else "amin", size, dims, keepdim)
    if ord == 1:
        return build("sum.dim_IntList", size, dims, keepdim)
    powers = build("sum.dim_IntList", build("pow.Tensor_Scalar", size, ord), dims, keepdim)
    return build("pow.Tensor_Scalar", powers, 1 / ord)


@decomposes("norm.Scalar", "norm.ScalarOpt_dim", "norm.ScalarOpt_dtype", "norm.ScalarOpt_dim_dtype")
def norm(build: AtenBuilder, self: SSAValue, p: float | None, **where: Any) -> SSAValue | None:
    """norm(x, p) -> linalg_vector_norm(x, p)"""
    dim, keepdim = where.get("dim"), where.get("keepdim", False)
    return vector_norm(build, self, 2 if p is None else p, dim, keepdim, where.get("dtype"))


@decomposes("frobenius_norm.dim")
def frobenius_norm(build: AtenBuilder, self: SSAValue, dim: Sequence[int], keepdim: bool) -> SSAValue | None:
    """frobenius_norm(x) -> linalg_vector_norm(x, 2)"""
    return vector_norm(build, self, 2, dim, keepdim, None)


@decomposes("dist")
def dist(build: AtenBuilder, self: SSAValue, other: SSAValue, p: float) -> SSAValue | None:
    """dist(x, y, p) -> linalg_vector_norm(x - y, p)"""
    return vector_norm(build, build("sub.Tensor", self, other), p, None, False, None)


@decomposes("cosine_similarity")
def cosine_similarity(build: AtenBuilder, x1: SSAValue, x2: SSAValue, dim: int, eps: float) -> SSAValue | None:
    """cosine_similarity(x, y) -> sum(x / max(norm(x), eps) * (y / max(norm(y), eps)))"""
    if not (build.type(x1).dtype.is_float and build.type(x2).dtype.is_float):
        return None
    first, second = build.type(x1).sizes, build.type(x2).sizes
    if not first or len(first) != len(second) or first[dim] != second[dim]:
        return None
    dims = [wrap_dim(dim, len(first))]
    directions = [_direction(build, x, dims, eps) for x in (x1, x2)]
    return build("sum.dim_IntList", build("mul.Tensor", *directions), dims)


def _direction(build: AtenBuilder, x: SSAValue, dims: list[int], eps: float) -> SSAValue:
    length = build("sqrt", build("sum.dim_IntList", build("mul.Tensor", x, x), dims, True))
    return build("div.Tensor", x, build("clamp", length, eps))
