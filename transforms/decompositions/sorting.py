"""Order statistics in terms of topk, which the stock runtime has where it lacks sort, and running extrema and products.

A running reduction over n elements takes log2(n) steps, each of which combines the result so far with itself shifted
(Hillis and Steele, "Data Parallel Algorithms", 1986).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.infer import wrap_dim
from etc.errors import EtcError
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast
from etc.transforms.decompositions.elementwise import logaddexp


@decomposes("sort", "sort.stable")
def sort(build: AtenBuilder, self: SSAValue, dim: int, descending: bool, stable: bool | None = None) -> list[SSAValue]:
    """sort(x) -> topk(x, its size), and the indices of equal elements in order where that is asked for"""
    known = build.type(self)
    if not known.rank:
        return [self, build.constant(0, dtypes.int64)]
    values, indices = build("topk", self, known.sizes[dim], dim, descending)
    return [values, _in_order(build, values, indices, dim) if stable else indices]


def _in_order(build: AtenBuilder, values: SSAValue, indices: SSAValue, dim: int) -> SSAValue:
    """`indices` of sorted `values`, ascending among equal values: they are sorted again by run * size + index."""
    known = build.type(values)
    size, axis = known.sizes[dim], wrap_dim(dim, known.rank)
    neighbours = (build("slice.Tensor", values, axis, start, start + size - 1) for start in (1, 0))
    starts = build("_to_copy", build("ne.Tensor", *neighbours), dtype=dtypes.int64)
    padding = [0, 0] * (known.rank - 1 - axis) + [1, 0]
    runs = build("mul.Scalar", build("cumsum", build("constant_pad_nd", starts, padding), axis), size)
    keys = build("topk", build("add.Tensor", runs, indices), size, axis, False)[0]
    return build("sub.Tensor", keys, runs)


@decomposes("msort")
def msort(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """msort(x) -> sort(x, 0)#0"""
    return sort(build, self, 0, False)[0]


@decomposes("argsort", "argsort.stable")
def argsort(build: AtenBuilder, self: SSAValue, dim: int, descending: bool) -> SSAValue:
    """argsort(x) -> sort(x)#1, equal elements in order, as torch has them even where it does not promise it"""
    return sort(build, self, dim, descending, True)[1]


def _at_rank(build: AtenBuilder, self: SSAValue, dim: int, rank: int, keepdim: bool) -> list[SSAValue]:
    """The element that is the `rank`-th smallest, counted from 0, along a dimension, and its index."""
    found = build("topk", self, rank + 1, dim, False)
    return [
        build("slice.Tensor", v, dim, rank, rank + 1) if keepdim else build("select.int", v, dim, rank) for v in found
    ]


@decomposes("kthvalue")
def kthvalue(build: AtenBuilder, self: SSAValue, k: int, dim: int, keepdim: bool) -> list[SSAValue]:
    """kthvalue(x, k) -> the last of topk(x, k, largest=false)"""
    if not build.type(self).rank:
        return [self, build.constant(0, dtypes.int64)]
    return _at_rank(build, self, dim, k - 1, keepdim)


@decomposes("median.dim")
def median(build: AtenBuilder, self: SSAValue, dim: int, keepdim: bool) -> list[SSAValue]:
    """median(x) -> the lower of the middle elements by topk; NaN and its index where there is one"""
    known = build.type(self)
    if not known.rank:
        return [self, build.constant(0, dtypes.int64)]
    count = build.fixed_size(self, dim)
    if count == 0:
        raise EtcError("an empty dimension has no median")
    value, index = _at_rank(build, self, dim, (count - 1) // 2, keepdim)
    if not known.dtype.is_float:
        return [value, index]
    is_nan = build("isnan", self)
    some_nan = build("any.dim", is_nan, dim, keepdim)
    first_nan = build("argmax", build("_to_copy", is_nan, dtype=dtypes.uint8), dim, keepdim)
    nan = build.constant(math.nan, known.dtype)
    return [build("where.self", some_nan, nan, value), build("where.self", some_nan, first_nan, index)]


@decomposes("median")
def median_of_all(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """median(x) -> median(view(x, [-1]), 0)#0"""
    return median(build, build("view", self, [build.type(self).numel]), 0, False)[0]


@decomposes("nanmedian.dim")
def nanmedian(build: AtenBuilder, self: SSAValue, dim: int, keepdim: bool) -> list[SSAValue]:
    """nanmedian(x) -> the lower of the middle elements among those that are numbers, which topk puts first"""
    known = build.type(self)
    if not known.rank or not known.dtype.is_float:
        return median(build, self, dim, keepdim)
    ordered = build("topk", self, known.sizes[dim], dim, False)
    is_number = build("logical_not", build("isnan", self))
    count = build("sum.dim_IntList", is_number, [dim], True, dtype=dtypes.int64)
    middle = build("div.Scalar_mode", build("clamp", build("sub.Scalar", count, 1), 0), 2, rounding_mode="floor")
    found = [build("gather", v, dim, middle) for v in ordered]
    return found if keepdim else [build("squeeze.dim", v, dim) for v in found]


@decomposes("nanmedian")
def nanmedian_of_all(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """nanmedian(x) -> nanmedian(view(x, [-1]), 0)#0"""
    return nanmedian(build, build("view", self, [build.type(self).numel]), 0, False)[0]


@decomposes("mode")
def mode(build: AtenBuilder, self: SSAValue, dim: int, keepdim: bool) -> list[SSAValue]:
    """mode(x) -> the end of the first of the longest runs of equal elements in sort(x)"""
    known = build.type(self)
    if not known.rank:
        return [self, build.constant(0, dtypes.int64)]
    axis = wrap_dim(dim, known.rank)
    numbers = cast(build, self, dtypes.uint8) if known.dtype is dtypes.bool_ else self
    values, indices = build("topk", numbers, known.sizes[axis], axis, False)
    size = build.type(values).sizes[axis]
    neighbours = (build("slice.Tensor", values, axis, start, start + size - 1) for start in (1, 0))
    starts = build(
        "constant_pad_nd",
        cast(build, build("ne.Tensor", *neighbours), dtypes.int64),
        [
            *[0, 0] * (known.rank - 1 - axis),
            1,
            0,
        ],
    )
    places = _places(build, values, axis)
    begin = _running(build, [build("mul.Tensor", starts, places)], axis, lambda a, b: [build("maximum", a[0], b[0])])[0]
    longest = build("argmax", build("sub.Tensor", places, begin), axis, True)
    found = [build("gather", v, axis, longest) for v in (values, indices)]
    found[0] = cast(build, found[0], known.dtype)
    return found if keepdim else [build("squeeze.dim", v, axis) for v in found]


def _places(build: AtenBuilder, like: SSAValue, axis: int) -> SSAValue:
    """0, 1, … along an axis, in the sizes of a tensor."""
    known = build.type(like)
    numbers = build("arange.start_step", 0, known.sizes[axis], dtype=dtypes.int64)
    sizes = [known.sizes[axis] if i == axis else 1 for i in range(known.rank)]
    return build("expand", build("view", numbers, sizes), list(known.sizes))


Combine = Callable[[Sequence[SSAValue], Sequence[SSAValue]], Sequence[SSAValue]]
"""(earlier elements, later elements) -> elements; one tensor or several side by side"""


def _running(build: AtenBuilder, values: Sequence[SSAValue], dim: int, combine: Combine) -> Sequence[SSAValue]:
    """All prefixes along a dimension reduced by an associative function. Raises EtcError when its size is not known."""
    known = build.type(values[0])
    if not known.rank:
        return values
    count = build.fixed_size(values[0], dim)
    shift = 1
    while shift < count:
        kept = [build("slice.Tensor", v, dim, 0, shift) for v in values]
        earlier = [build("slice.Tensor", v, dim, 0, count - shift) for v in values]
        later = [build("slice.Tensor", v, dim, shift, count) for v in values]
        axis = wrap_dim(dim, known.rank)
        values = [build("cat", [k, c], axis) for k, c in zip(kept, combine(earlier, later), strict=True)]
        shift *= 2
    return values


@decomposes("cumprod")
def cumprod(build: AtenBuilder, self: SSAValue, dim: int, dtype: Dtype | None) -> SSAValue:
    """cumprod(x) -> products with itself shifted by 1, 2, 4, …"""
    known = build.type(self).dtype
    wanted = dtype or (known if known.is_float or known.kind > dtypes.int64.kind else dtypes.int64)
    return _running(build, [cast(build, self, wanted)], dim, lambda a, b: [build("mul.Tensor", a[0], b[0])])[0]


@decomposes("logcumsumexp")
def logcumsumexp(build: AtenBuilder, self: SSAValue, dim: int) -> SSAValue:
    """logcumsumexp(x) -> logaddexp with itself shifted by 1, 2, 4, …"""
    return _running(build, [self], dim, lambda a, b: [logaddexp(build, a[0], b[0])])[0]


@decomposes("cummax")
def cummax(build: AtenBuilder, self: SSAValue, dim: int) -> Sequence[SSAValue]:
    """cummax(x) -> the later of equal maxima with itself shifted by 1, 2, 4, …, and its index"""
    return _running_extremum(build, "ge.Tensor", self, dim)


@decomposes("cummin")
def cummin(build: AtenBuilder, self: SSAValue, dim: int) -> Sequence[SSAValue]:
    """cummin(x) -> the later of equal minima with itself shifted by 1, 2, 4, …, and its index"""
    return _running_extremum(build, "le.Tensor", self, dim)


def _running_extremum(build: AtenBuilder, wins: str, self: SSAValue, dim: int) -> Sequence[SSAValue]:
    known = build.type(self)
    if not known.rank:
        return [self, build.constant(0, dtypes.int64)]
    axis = wrap_dim(dim, known.rank)
    indices = _places(build, self, axis)

    def combine(earlier: Sequence[SSAValue], later: Sequence[SSAValue]) -> list[SSAValue]:
        taken = build(wins, later[0], earlier[0])
        if known.dtype.is_float:
            taken = build("logical_or", taken, build("isnan", later[0]))
        return [build("where.self", taken, b, a) for a, b in zip(earlier, later, strict=True)]

    return _running(build, [self, indices], dim, combine)
