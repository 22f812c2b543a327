"""Fills, ranges, copies and casts."""

from __future__ import annotations

from etc.dialects import dtypes, edge
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers, refuses
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in

refuses("there are no random numbers in C: pass them as an input", edge.RandOp, edge.RandnOp, edge.RandpermOp)


@lowers(edge.FullOp, edge.FullLikeOp)
def full(op: edge.FullOp | edge.FullLikeOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    return b.full(result, b.number(op.argument("fill_value"), result.dtype))


@lowers(edge.ScalarTensorOp)
def scalar_tensor(op: edge.ScalarTensorOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    return b.full(result, b.number(op.argument("s"), result.dtype))


@lowers(edge.EmptyDimOrderOp)
def empty(op: edge.EmptyDimOrderOp, b: LinalgBuilder) -> Array:
    """Zeros: a program whose results depend on what memory held before is not deterministic."""
    return b.full(b.result(op), 0)


@lowers(edge.FillOp)
def fill(op: edge.FillOp, b: LinalgBuilder) -> Array:
    return _copied(op, b, b[op.value])


@lowers(edge.CopyOp)
def copy(op: edge.CopyOp, b: LinalgBuilder) -> Array:
    return _copied(op, b, b[op.src])


def _copied(op: edge.FillOp | edge.CopyOp, b: LinalgBuilder, source: Array) -> Array:
    """`source` broadcast and cast."""
    result = b.result(op)
    if source.sizes == result.sizes:
        return b.cast(source, result.dtype)
    return b.elementwise(result, [source], lambda x: x.cast(computed_in(result.dtype)))


@lowers(edge.CloneDimOrderOp, edge.ToDimOrderCopyOp)
def cast(op: edge.CloneDimOrderOp | edge.ToDimOrderCopyOp, b: LinalgBuilder) -> Array:
    return b.cast(b[op.self_], b.result(op).dtype)


@lowers(edge.ArangeOp)
def arange(op: edge.ArangeOp, b: LinalgBuilder) -> Array:
    """start + i * step; as in torch float32 and float64 are computed in float64, half precision in float32."""
    result = b.result(op)
    within = dtypes.float64 if result.dtype is dtypes.float32 else result.dtype
    within = dtypes.int64 if within.is_integer else within
    start, step = (b.number(op.argument(name), within) for name in ("start", "step"))
    return b.compute(result, lambda i: (start + i.cast(start.dtype) * step).cast(computed_in(result.dtype)))


@lowers(edge.TrilOp)
def tril(op: edge.TrilOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    diagonal = b.number(op.argument("diagonal"), INDEX)

    def lower(x: Scalar) -> Scalar:
        row, column = (b.loop_index(result.rank - 2 + i) for i in range(2))
        return (column <= row + diagonal).choose(x, 0)

    return b.elementwise(result, [b[op.self_]], lower)
