"""Reading and writing at indices in terms of index, index_put, gather and scatter."""

from __future__ import annotations

from typing import Any

from xdsl.ir import SSAValue
from xdsl.rewriter import Rewriter

from etc.dialects import dtypes
from etc.dialects.infer import broadcast, wrap_dim
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import tensor
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast
from etc.transforms.decompositions.elementwise import scaled


def _put(
    build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, values: SSAValue, add: bool = False
) -> SSAValue:
    """`self` with the slices at `index` of a dimension replaced by `values`, or with `values` added to them."""
    known = build.type(self)
    if known.rank == 0:
        whole = _put(build, build("unsqueeze", self, 0), 0, index, values, add)
        return build("squeeze.dim", whole, 0)
    if build.type(index).rank == 0:
        index = build("unsqueeze", index, 0)
    return build("index_put", self, [None] * wrap_dim(dim, known.rank) + [index], values, add)


@decomposes("index_fill.int_Scalar")
def index_fill(build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, value: Any) -> SSAValue:
    """index_fill(x, dim, i, v) -> index_put(x, [None…, i], v)"""
    return _put(build, self, dim, index, build.constant(value, build.type(self).dtype))


@decomposes("index_fill.int_Tensor")
def index_fill_tensor(build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, value: SSAValue) -> SSAValue:
    """index_fill(x, dim, i, v) -> index_put(x, [None…, i], v)"""
    return _put(build, self, dim, index, cast(build, value, build.type(self).dtype))


@decomposes("index_copy")
def index_copy(build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, source: SSAValue) -> SSAValue:
    """index_copy(x, dim, i, y) -> index_put(x, [None…, i], y)"""
    return _put(build, self, dim, index, source)


@decomposes("index_add")
def index_add(
    build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, source: SSAValue, alpha: float
) -> SSAValue:
    """index_add(x, dim, i, y) -> index_put(x, [None…, i], y, accumulate=true)"""
    return _put(build, self, dim, index, scaled(build, source, alpha), add=True)


@decomposes("take")
def take(build: AtenBuilder, self: SSAValue, index: SSAValue) -> SSAValue:
    """take(x, i) -> index(view(x, [-1]), [i])"""
    return build("index.Tensor", build("view", self, [build.type(self).numel]), [index])


@decomposes("put")
def put(build: AtenBuilder, self: SSAValue, index: SSAValue, source: SSAValue, accumulate: bool) -> SSAValue:
    """put(x, i, y) -> view(index_put(view(x, [-1]), [i], y))"""
    known = build.type(self)
    values = build("view", source, list(build.type(index).sizes))
    flat = build("index_put", build("view", self, [known.numel]), [index], values, accumulate)
    return build("view", flat, list(known.sizes))


@decomposes("masked_select")
def masked_select(build: AtenBuilder, self: SSAValue, mask: SSAValue) -> SSAValue:
    """masked_select(x, m) -> index(x, [m]), both expanded to their common sizes"""
    sizes = broadcast(build.type(self).sizes, build.type(mask).sizes)
    whole, chosen = (v if build.type(v).sizes == sizes else build("expand", v, list(sizes)) for v in (self, mask))
    if not sizes:
        whole, chosen = build("unsqueeze", whole, 0), build("unsqueeze", chosen, 0)
    return build("index.Tensor", whole, [chosen])


@decomposes("nonzero_numpy", "where")
def nonzero_columns(build: AtenBuilder, **arguments: SSAValue) -> list[SSAValue]:
    """where(condition) -> the columns of nonzero(condition)"""
    (condition,) = arguments.values()
    if build.type(condition).rank == 0:
        condition = build("unsqueeze", condition, 0)
    rank = build.type(condition).rank
    places = tensor(dtypes.int64, [build.type(build.results[0]).sizes[0], rank])
    found = Rewriter.replace_value_with_new_type(build("nonzero", condition), places.type)
    return [build("select.int", found, 1, i) for i in range(rank)]


@decomposes("scatter.reduce", "scatter.value_reduce")
def scatter_reduce(
    build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, reduce: str, **given: Any
) -> SSAValue:
    """scatter(x, dim, i, y, reduce="add") -> scatter_add(x, dim, i, y)"""
    source = given.get("src")
    if source is None:
        source = build("full", list(build.type(index).sizes), given["value"], dtype=build.type(self).dtype)
    if reduce == "add":
        return build("scatter_add", self, dim, index, source)
    return build("scatter_reduce.two", self, dim, index, source, "prod")


@decomposes("take_along_dim")
def take_along_dim(build: AtenBuilder, self: SSAValue, indices: SSAValue, dim: int | None) -> SSAValue:
    """take_along_dim(x, i, dim) -> gather(x, dim, i), both expanded to their common sizes but along `dim`"""
    if dim is None:
        flat, index = (build("view", v, [build.type(v).numel]) for v in (self, indices))
        return build("gather", flat, 0, index)
    known, wanted = build.type(self), build.type(indices)
    axis = wrap_dim(dim, known.rank)
    sizes: list[Dim] = list(broadcast(_without(known.sizes, axis), _without(wanted.sizes, axis)))
    sizes[axis] = known.sizes[axis]
    index_sizes = [*sizes[:axis], wanted.sizes[axis], *sizes[axis + 1 :]]
    whole = self if list(known.sizes) == sizes else build("expand", self, sizes)
    # Positions may count from the end here, unlike in gather.
    wrapped = build("add.Scalar", indices, known.sizes[axis])
    index = build("where.self", build("lt.Scalar", indices, 0), wrapped, indices)
    index = index if list(wanted.sizes) == index_sizes else build("expand", index, index_sizes)
    return build("gather", whole, axis, index)


def _without(sizes: tuple[Dim, ...], axis: int) -> list[Dim]:
    """`sizes` with 1 in one place, which broadcasts with everything."""
    return [1 if i == axis else size for i, size in enumerate(sizes)]


@decomposes("diagonal_scatter")
def diagonal_scatter(
    build: AtenBuilder, self: SSAValue, src: SSAValue, offset: int, dim1: int, dim2: int
) -> SSAValue | None:
    """diagonal_scatter(x, y) -> index_put(x, [arange, arange + offset], y), with the diagonal's dimensions in front"""
    known = build.type(self)
    rows, columns = wrap_dim(dim1, known.rank), wrap_dim(dim2, known.rank)
    others = [d for d in range(known.rank) if d not in (rows, columns)]
    order = [rows, columns, *others]
    length = build.type(src).sizes[-1]
    first, second = (
        build("arange.start_step", start, length + start, dtype=dtypes.int64)
        for start in (max(-offset, 0), max(offset, 0))
    )
    count = len(others)
    values = build("permute", src, [count, *range(count)])
    changed = build("index_put", build("permute", self, order), [first, second], values)
    return build("permute", changed, [order.index(d) for d in range(known.rank)])


SUM, MEAN = 0, 1
"""torch's numbers of the modes of embedding_bag."""


@decomposes("embedding_bag", "embedding_bag.padding_idx")
def embedding_bag(
    build: AtenBuilder,
    weight: SSAValue,
    indices: SSAValue,
    offsets: SSAValue,
    mode: int,
    include_last_offset: bool,
    per_sample_weights: SSAValue | None,
    **rest: Any,
) -> list[SSAValue | None] | None:
    """embedding_bag(w, i, offsets) -> mm(membership of indices in bags, embedding(w, i))"""
    count = build.type(indices).sizes[0]
    if mode not in (SUM, MEAN) or rest.get("padding_idx") is not None or build.type(indices).rank != 1:
        return None
    dtype, position = build.type(weight).dtype, build.type(offsets).dtype
    starts, bags = offsets, build.type(offsets).sizes[0]
    if include_last_offset:
        bags = bags - 1
        starts = build("slice.Tensor", offsets, 0, 0, bags)
        ends = build("slice.Tensor", offsets, 0, 1, bags + 1)
    else:
        last = build("full", [1], count, dtype=position)
        ends = build("cat", [build("slice.Tensor", offsets, 0, 1, bags), last], 0)
    numbers = build("arange.start_step", 0, count, dtype=position)
    begun, ended = (build("ge.Tensor", numbers, build("unsqueeze", limit, 1)) for limit in (starts, ends))
    member = build("_to_copy", build("logical_and", begun, build("logical_not", ended)), dtype=dtype)
    rows = build("embedding", weight, indices)
    if per_sample_weights is not None:
        rows = build("mul.Tensor", rows, build("unsqueeze", per_sample_weights, 1))
    sums = build("mm", member, rows)
    if mode == MEAN:
        sums = build("div.Tensor", sums, build("clamp", build("sum.dim_IntList", member, [1], True), 1))
    return [sums, None, None, None]
