"""The elements of a tensor under other sizes, in another order, repeated or in part."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge
from etc.dialects.edge.shape import ViewOp
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers, refuses
from etc.lowering.edge_to_linalg.scalars import Scalar

refuses("complex numbers have no C implementation", edge.ViewAsComplexCopyOp, edge.ViewAsRealCopyOp)


def gather(b: LinalgBuilder, result: Tensor, operand: Array, indices: Sequence[AffineExpr]) -> Array:
    """The elements of `operand` at `indices`, which are affine in those of the result."""
    return b.map(result, [(operand, indices)], lambda x: x)


def permuted(b: LinalgBuilder, operand: Array, dims: Sequence[int]) -> Array:
    """`b.transpose`, without moving anything where only dims of size 1 change places."""
    moving = [d for d in dims if operand.sizes[d] != 1]
    if moving == sorted(moving):
        return b.reshape(operand, [operand.sizes[d] for d in dims])
    return b.transpose(operand, dims)


@lowers(edge.ViewCopyOp, edge.AliasCopyOp, edge.SqueezeCopyOp, edge.UnsqueezeCopyOp)
def reshape(op: ViewOp, b: LinalgBuilder) -> Array:
    return b.reshape(b[op.self_], b.result(op).sizes)


@lowers(edge.PermuteCopyOp)
def permute(op: edge.PermuteCopyOp, b: LinalgBuilder) -> Array:
    operand = b[op.self_]
    return permuted(b, operand, [d % operand.rank for d in op.argument("dims")])


@lowers(edge.ExpandCopyOp)
def expand(op: edge.ExpandCopyOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.self_], b.result(op)
    if operand.tensor.numel == result.numel:
        return b.reshape(operand, result.sizes)
    return b.elementwise(result, [operand], lambda x: x)


@lowers(edge.AsStridedCopyOp)
def as_strided(op: edge.AsStridedCopyOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.self_], b.result(op)
    strides: list[Dim] = op.argument("stride")
    offset: Dim = op.argument("storage_offset") or 0
    flat = b.reshape(operand, [operand.tensor.numel])

    def place(*indices: Scalar) -> Scalar:
        at = b.size(offset)
        for index, stride in zip(indices, strides, strict=True):
            at = at + index * b.size(stride)
        return b.read(flat, [at])

    if isinstance(offset, Expr) or not result.is_static:
        return b.compute(result, place)
    position, span = AffineExpr.constant(0), 1
    for i, (size, stride) in enumerate(zip(result.shape, strides, strict=True)):
        if isinstance(stride, Expr):
            return b.compute(result, place)
        position, span = position + AffineExpr.dimension(i) * stride, span + (size - 1) * stride
    return gather(b, result, b.slice(flat, [offset], [span]), [position])


@lowers(edge.DiagonalCopyOp)
def diagonal(op: edge.DiagonalCopyOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.self_], b.result(op)
    offset = op.argument("offset")
    first, second = (op.argument(name) % operand.rank for name in ("dim1", "dim2"))
    length = result.sizes[-1]
    start = {first: max(-offset, 0), second: max(offset, 0)}
    square = b.slice(
        operand,
        [start.get(d, 0) for d in range(operand.rank)],
        [length if d in start else size for d, size in enumerate(operand.sizes)],
    )
    others = iter(AffineExpr.dimension(i) for i in range(result.rank))
    along = AffineExpr.dimension(result.rank - 1)
    indices = [along if d in start else next(others) for d in range(operand.rank)]
    return gather(b, result, square, indices)


@lowers(edge.UnfoldCopyOp)
def unfold(op: edge.UnfoldCopyOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.self_], b.result(op)
    indices = [AffineExpr.dimension(i) for i in range(operand.rank)]
    if operand.rank:
        at = op.argument("dimension") % operand.rank
        indices[at] = indices[at] * op.argument("step") + AffineExpr.dimension(operand.rank)
    return gather(b, result, operand, indices)


@lowers(edge.PixelShuffleOp)
def pixel_shuffle(op: edge.PixelShuffleOp, b: LinalgBuilder) -> Array:
    """(…, C*r*r, H, W) as (…, C, r, r, H, W), permuted to (…, C, H, r, W, r)"""
    operand, result, factor = b[op.self_], b.result(op), op.argument("upscale_factor")
    ahead = operand.rank - 3
    split = b.reshape(operand, [*result.sizes[: ahead + 1], factor, factor, *operand.sizes[-2:]])
    return b.reshape(permuted(b, split, [*range(ahead), *(ahead + d for d in (0, 3, 1, 4, 2))]), result.sizes)


@lowers(edge.PixelUnshuffleOp)
def pixel_unshuffle(op: edge.PixelUnshuffleOp, b: LinalgBuilder) -> Array:
    """(…, C, H*r, W*r) as (…, C, H, r, W, r), permuted to (…, C, r, r, H, W)"""
    operand, result, factor = b[op.self_], b.result(op), op.argument("downscale_factor")
    ahead = operand.rank - 3
    height, width = result.sizes[-2:]
    split = b.reshape(operand, [*operand.sizes[: ahead + 1], height, factor, width, factor])
    return b.reshape(permuted(b, split, [*range(ahead), *(ahead + d for d in (0, 2, 4, 1, 3))]), result.sizes)
