"""Writing elements at computed positions: loops that carry the result, as positions may repeat.

The result begins as the operand, and is the operand's memory where nothing else needs it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from etc.dialects import dtypes, edge
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.axes import axes_of
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, Position, lowers
from etc.lowering.edge_to_linalg.families.reduction import added, at_least_vector, multiplied
from etc.lowering.edge_to_linalg.limits import highest, lowest
from etc.lowering.edge_to_linalg.positions import check_positions, element_of, from_front, indices_of
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar

Combine = Callable[[Scalar, Scalar], Scalar]
"""The element that is there and the new one give the element that will be there."""


@lowers(edge.IndexPutOp)
def index_put(op: edge.IndexPutOp, b: LinalgBuilder) -> Array:
    x, values = b[op.self_], b[op.values]
    given = [b.optional(value) for value in op.argument("indices")]
    if all(i is None for i in given):
        return b.elementwise(x.tensor, [x, values], added if op.argument("accumulate") else lambda _, v: v)
    indices = indices_of(b, x, given, None)
    whole = [b.size(size) for size, place in zip(x.sizes, indices.places, strict=True) if place is None]
    extents = [*whole[: indices.start], *indices.together, *whole[indices.start :]]

    def put(at: Sequence[Scalar], out: Array) -> Array:
        value, place = element_of(b, values, at), indices.source(at)
        return b.write(out, added(b.read(out, place), value) if op.argument("accumulate") else value, place)

    return b.nest(extents, [x], put)[0]


# Scatter


def _scattered(op: Any, b: LinalgBuilder, x: Array, body: Callable[..., Any], *carried: Array) -> list[Array]:
    """`body` of the indices in `index`, the place that is meant, and what is carried, `x` first."""
    positions = at_least_vector(b, b[op.index])
    if positions.rank != x.rank:  # an empty index may have any rank
        return [x, *carried]
    axis = axes_of(op.argument("dim"), x.rank)[0]
    check_positions(b, positions, x.sizes[axis])

    def step(at: Sequence[Scalar], *arrays: Array) -> Any:
        place = b.read(positions, at).cast(INDEX)
        return body(at, [*at[:axis], place, *at[axis + 1 :]], *arrays)

    return b.nest([b.size(s) for s in positions.sizes], [x, *carried], step)


def _combined(op: edge.ScatterAddOp | edge.ScatterReduceOp, b: LinalgBuilder, x: Array, combine: Combine) -> Array:
    source = at_least_vector(b, b[op.src])

    def put(at: Sequence[Scalar], place: Sequence[Scalar], out: Array) -> Array:
        return b.write(out, combine(b.read(out, place), b.read(source, at)), place)

    return _scattered(op, b, x, put)[0]


def _as_result(b: LinalgBuilder, op: Any, array: Array) -> Array:
    return b.reshape(array, b.result(op).sizes)


@lowers(edge.ScatterSrcOp)
def scatter(op: edge.ScatterSrcOp, b: LinalgBuilder) -> Array:
    x, source = at_least_vector(b, b[op.self_]), at_least_vector(b, b[op.src])

    def put(at: Sequence[Scalar], place: Sequence[Scalar], out: Array) -> Array:
        return b.write(out, b.read(source, at), place)

    return _as_result(b, op, _scattered(op, b, x, put)[0])


@lowers(edge.ScatterValueOp)
def scatter_value(op: edge.ScatterValueOp, b: LinalgBuilder) -> Array:
    x = at_least_vector(b, b[op.self_])
    value = b.constant(op.argument("value"), x.dtype)
    put = _scattered(op, b, x, lambda _, place, out: b.write(out, value, place))
    return _as_result(b, op, put[0])


@lowers(edge.ScatterAddOp)
def scatter_add(op: edge.ScatterAddOp, b: LinalgBuilder) -> Array:
    return _as_result(b, op, _combined(op, b, at_least_vector(b, b[op.self_]), added))


_REDUCTIONS: dict[str, Combine] = {
    "sum": added,
    "mean": added,
    "prod": multiplied,
    "amax": lambda x, y: x.maximum(y),
    "amin": lambda x, y: x.minimum(y),
}


@lowers(edge.ScatterReduceOp)
def scatter_reduce(op: edge.ScatterReduceOp, b: LinalgBuilder) -> Array:
    """Where what is there does not take part, the places that are written begin with the neutral element."""
    x, kind, include = at_least_vector(b, b[op.self_]), op.argument("reduce"), op.argument("include_self")
    if not include:
        neutral = {"prod": 1, "amax": lowest(x.dtype), "amin": highest(x.dtype)}.get(kind, 0)
        start = b.constant(neutral, x.dtype)
        x = _scattered(op, b, x, lambda _, place, out: b.write(out, start, place))[0]
    out = _combined(op, b, x, _REDUCTIONS[kind])
    if kind == "mean":
        counts = b.full(described(dtypes.int64, x.sizes), 1 if include else 0)

        def count(_: Sequence[Scalar], place: Sequence[Scalar], counts: Array) -> Array:
            return b.write(counts, b.read(counts, place) + 1, place)

        counts = _scattered(op, b, counts, count)[0]
        out = b.elementwise(out.tensor, [out, counts], _mean)
    return _as_result(b, op, out)


def _mean(total: Scalar, count: Scalar) -> Scalar:
    """Integers round down. A place that nothing was written to stays as it is."""
    count = count.maximum(1).cast(total.dtype)
    return total / count if total.dtype.is_float else total.floor_quotient(count)


# Parts along one dimension


@lowers(edge.SelectScatterOp)
def select_scatter(op: edge.SelectScatterOp, b: LinalgBuilder) -> Array:
    x, source = b[op.self_], b[op.src]
    axis = axes_of(op.argument("dim"), x.rank)[0]
    part = b.reshape(source, [*x.sizes[:axis], 1, *x.sizes[axis + 1 :]])
    offsets: list[Position] = [0] * x.rank
    offsets[axis] = _from_front(b, op.argument("index"), x.sizes[axis])
    return b.put_slice(part, x, offsets)


@lowers(edge.SliceScatterOp)
def slice_scatter(op: edge.SliceScatterOp, b: LinalgBuilder) -> Array:
    x, source = b[op.self_], b[op.src]
    axis = axes_of(op.argument("dim"), x.rank)[0]
    size, start, step = x.sizes[axis], op.argument("start"), op.argument("step")
    offsets: list[Position] = [0] * x.rank
    strides = [1] * x.rank
    offsets[axis], strides[axis] = _start(b, start, size), step
    return b.put_slice(source, x, offsets, strides)


def _from_front(b: LinalgBuilder, place: Dim, size: Dim) -> Position:
    if isinstance(place, int):
        if place >= 0:
            return place
        return b.size(place + size)
    return from_front(b.size(place), b.size(size))


def _start(b: LinalgBuilder, start: Dim | None, size: Dim) -> Position:
    """Where a slice begins; within the size, as Python's do."""
    if start is None or start == 0:
        return 0
    if isinstance(start, int) and isinstance(size, int):
        return max(start + size, 0) if start < 0 else min(start, size)
    first = _from_front(b, start, size)
    return b.index(first).maximum(0).minimum(b.size(size))


@lowers(edge.MaskedScatterOp)
def masked_scatter(op: edge.MaskedScatterOp, b: LinalgBuilder) -> Array:
    x, mask, source, result = b[op.self_], b[op.mask], b[op.source], b.result(op)
    if x.sizes != result.sizes:
        x = b.elementwise(result, [x], lambda v: v)
    source = b.reshape(source, [source.tensor.numel])
    limit = b.size(source.sizes[0])

    def step(at: Sequence[Scalar], out: Array, count: Scalar) -> Sequence[Array | Scalar]:
        chosen = element_of(b, mask, at)

        def next_element() -> Scalar:
            b.require(count < limit, "masked_scatter has fewer elements in `source` than there are places")
            return b.read(source, [count])

        value = b.when(chosen, next_element, lambda: b.read(out, at))[0]
        return b.write(out, value, at), count + chosen.choose(b.index(1), 0)

    return b.nest([b.size(s) for s in result.sizes], [x, b.index(0)], step)[0]
