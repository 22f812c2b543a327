"""Reductions at indices: scatter_add where that is enough, else over all elements that go to a place.

scatter_reduce(x, 0, i, y, "amax")  -->  amax(where(i == n, y, -inf), over the elements), for each place n
"""

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


def extreme(dtype: Dtype, high: bool) -> float | int:
    """The largest or smallest value of a dtype, infinities included."""
    if dtype.is_float:
        return math.inf if high else -math.inf
    bits = 8 * dtype.size - dtype.is_signed
    return (1 << bits) - 1 if high else -(1 << bits) if dtype.is_signed else 0


def neutral(reduce: str, dtype: Dtype) -> float | int:
    """What a reduction leaves other elements alone with."""
    match reduce:
        case "amax" | "max":
            return extreme(dtype, False)
        case "amin" | "min":
            return extreme(dtype, True)
        case "prod":
            return 1
        case _:
            return 0


def reduce_masked(build: AtenBuilder, values: SSAValue, mask: SSAValue, dim: int, reduce: str) -> SSAValue:
    """`values` reduced along a dimension where `mask` is true; they broadcast. Neutral where it never is."""
    dtype = build.type(values).dtype
    chosen = build("where.self", mask, values, build.constant(neutral(reduce, dtype), dtype))
    if reduce == "prod":
        return build("prod.dim_int", chosen, dim, dtype=dtype)
    if reduce in ("amax", "amin"):
        return build(reduce, chosen, [dim])
    return build("sum.dim_IntList", chosen, [dim], dtype=dtype)


def combine(build: AtenBuilder, reduce: str, a: SSAValue, b: SSAValue) -> SSAValue:
    overload = {"prod": "mul.Tensor", "amax": "maximum", "amin": "minimum"}.get(reduce, "add.Tensor")
    return build(overload, a, b)


def average(build: AtenBuilder, total: SSAValue, count: SSAValue) -> SSAValue:
    """total / count in the dtype of `total`, rounded down for integers; total where the count is 0."""
    count = build("clamp", count, 1)
    if build.type(total).dtype.is_float:
        return build("div.Tensor", total, cast(build, count, build.type(total).dtype))
    return build("div.Tensor_mode", total, cast(build, count, build.type(total).dtype), rounding_mode="floor")


def _within(build: AtenBuilder, value: SSAValue, sizes: Sequence[Any]) -> SSAValue:
    """The first elements of `value` along each dimension."""
    for dim, (have, want) in enumerate(zip(build.type(value).sizes, sizes, strict=True)):
        if have != want:
            value = build("slice.Tensor", value, dim, 0, want)
    return value


@decomposes("scatter_reduce.two")
def scatter_reduce(
    build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, src: SSAValue, reduce: str, include_self: bool
) -> SSAValue:
    """sums by scatter_add; other reductions over all elements that have a place for their index"""
    if not build.type(self).rank:
        whole = [build("view", v, [1]) for v in (self, index, src)]
        return build("view", scatter_reduce(build, whole[0], 0, whole[1], whole[2], reduce, include_self), [])
    dim = wrap_dim(dim, build.type(self).rank)
    src = _within(build, src, build.type(index).sizes)
    if reduce in ("sum", "mean"):
        return _scattered_sum(build, self, dim, index, src, reduce == "mean", include_self)
    known, places = build.type(self), build.type(index)
    # Rows where the index has no elements keep what they have: -1 stands for no place.
    pads = [p for have, want in reversed(list(zip(places.sizes, known.sizes, strict=True))) for p in (0, want - have)]
    pads[2 * (known.rank - 1 - dim) + 1] = 0
    if any(pads):
        index, src = build("constant_pad_nd", index, pads, -1), build("constant_pad_nd", src, pads, 0)
    numbers = build("arange.start_step", 0, known.sizes[dim], dtype=places.dtype)
    numbers = build("view", numbers, [known.sizes[dim], *[1] * (known.rank - dim)])
    mask = build("eq.Tensor", build("unsqueeze", index, dim), numbers)
    found = reduce_masked(build, build("unsqueeze", src, dim), mask, dim + 1, reduce)
    if include_self:
        return combine(build, reduce, self, found)
    return build("where.self", build("any.dim", mask, dim + 1), found, self)


def _scattered_sum(
    build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, src: SSAValue, mean: bool, include_self: bool
) -> SSAValue:
    start = self if include_self else build("scatter.value", self, dim, index, 0)
    total = build("scatter_add", start, dim, index, src)
    if not mean:
        return total
    ones = build("full", list(build.type(index).sizes), 1, dtype=dtypes.int64)
    counts = build("full", list(build.type(self).sizes), int(include_self), dtype=dtypes.int64)
    return average(build, total, build("scatter_add", counts, dim, index, ones))


@decomposes("index_reduce")
def index_reduce(
    build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, source: SSAValue, reduce: str, include_self: bool
) -> SSAValue:
    """index_reduce(x, dim, i, y, …) -> scatter_reduce(x, dim, i expanded to the sizes of y, y, …)"""
    known = build.type(source)
    if known.rank:
        dim = wrap_dim(dim, known.rank)
        index = build("view", index, [known.sizes[dim] if d == dim else 1 for d in range(known.rank)])
        index = build("expand", index, list(known.sizes))
    names = {"mean": "mean", "prod": "prod", "amax": "amax", "amin": "amin"}
    return build("scatter_reduce.two", self, dim, index, source, names[reduce], include_self)


@decomposes("segment_reduce")
def segment_reduce(
    build: AtenBuilder,
    data: SSAValue,
    reduce: str,
    lengths: SSAValue | None,
    offsets: SSAValue | None,
    axis: int,
    initial: float | None,
) -> SSAValue | None:
    """segment_reduce(x, …) -> reductions of x where it lies in each segment"""
    known = build.type(data)
    axis = wrap_dim(axis, known.rank)
    if offsets is not None:
        count = build.type(offsets).sizes[axis] - 1
        starts = build("slice.Tensor", offsets, axis, 0, count)
        ends = build("slice.Tensor", offsets, axis, 1, count + 1)
    elif lengths is not None:
        count = build.type(lengths).sizes[axis]
        ends = build("cumsum", lengths, axis)
        starts = build("sub.Tensor", ends, lengths)
    else:
        return None
    steps = [1] * axis + [1, known.sizes[axis]]
    numbers = build("view", build("arange.start_step", 0, known.sizes[axis], dtype=build.type(ends).dtype), steps)
    begun, ended = (build("ge.Tensor", numbers, build("unsqueeze", limit, axis + 1)) for limit in (starts, ends))
    mask = build("logical_and", begun, build("logical_not", ended))
    sizes = build.type(mask).sizes
    mask = build("view", mask, [*sizes, *[1] * (known.rank - axis - 1)])
    kind = {"max": "amax", "min": "amin"}.get(reduce, reduce)
    found = reduce_masked(build, build("unsqueeze", data, axis), mask, axis + 1, kind)
    if initial is not None:
        found = combine(build, kind, found, build.constant(initial, known.dtype))
    if kind == "mean":
        counts = build("sum.dim_IntList", cast(build, mask, dtypes.int64), [axis + 1])
        empty = build.constant(math.nan if initial is None else initial, known.dtype)
        return build("where.self", build("eq.Scalar", counts, 0), empty, average(build, found, counts))
    return found


@decomposes("as_strided_scatter")
def as_strided_scatter(
    build: AtenBuilder,
    self: SSAValue,
    src: SSAValue,
    size: Sequence[Any],
    stride: Sequence[Any],
    storage_offset: int | None,
) -> SSAValue | None:
    """as_strided_scatter(x, y, …) -> index_put(view(x, [-1]), [the places of the view], view(y, [-1]))"""
    known = build.type(self)
    if not all(isinstance(n, int) for n in (*size, *stride)):
        return None
    places: Any = build.constant(storage_offset or 0, dtypes.int64)
    for dim, (n, step) in enumerate(zip(size, stride, strict=True)):
        steps = build("mul.Scalar", build("arange.start_step", 0, n, dtype=dtypes.int64), step)
        places = build("add.Tensor", places, build("view", steps, [n, *[1] * (len(size) - 1 - dim)]))
    count = math.prod(size)
    values, places = (build("view", v, [count]) for v in (src, places))
    flat = build("index_put", build("view", self, [known.numel]), [places], values)
    return build("view", flat, list(known.sizes))


@decomposes("max_pool2d_with_indices_backward")
def max_pool2d_backward(build: AtenBuilder, grad_output: SSAValue, self: SSAValue, indices: SSAValue) -> SSAValue:
    """the gradients added up where the indices say; the stock kernel adds to what the memory happens to hold"""
    known, pooled = build.type(self), build.type(grad_output)
    *outer, height, width = known.sizes
    zeros = build("full", [*outer, height * width], 0, dtype=known.dtype)
    columns = pooled.sizes[-2] * pooled.sizes[-1]
    at, grads = (build("view", v, [*outer, columns]) for v in (indices, grad_output))
    return build("view", build("scatter_add", zeros, known.rank - 2, at, grads), list(known.sizes))
