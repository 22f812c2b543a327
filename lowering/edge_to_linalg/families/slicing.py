"""Parts of tensors and tensors made of parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge, symbolic
from etc.dialects.infer.shape import not_negative
from etc.dialects.infer.slicing import from_front
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.shape import gather
from etc.lowering.edge_to_linalg.scalars import Scalar


def part(b: LinalgBuilder, operand: Array, dim: int, start: Dim, size: Dim, step: int = 1) -> Array:
    """`size` elements of one dimension."""
    if (start, step, size) == (0, 1, operand.sizes[dim]):
        return operand
    rank = operand.rank
    return b.slice(
        operand,
        [b.size(start) if i == dim else 0 for i in range(rank)],
        [size if i == dim else s for i, s in enumerate(operand.sizes)],
        [step if i == dim else 1 for i in range(rank)],
    )


def _selected(b: LinalgBuilder, operand: Array, dim: int, index: Dim) -> Array:
    """The elements at one index of a dimension, which leaves."""
    at = from_front(index, operand.sizes[dim])
    sizes = [s for i, s in enumerate(operand.sizes) if i != dim]
    if all(s == 1 for s in operand.sizes[:dim]):
        return b.reshape(part(b, operand, dim, at, 1), sizes)
    if isinstance(at, Expr):
        operand, at = part(b, operand, dim, at, 1), 0
    indices = [AffineExpr.dimension(i) for i in range(len(sizes))]
    return gather(
        b, described(operand.dtype, sizes), operand, [*indices[:dim], AffineExpr.constant(at), *indices[dim:]]
    )


@lowers(edge.SliceCopyOp)
def slice_copy(op: edge.SliceCopyOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.self_], b.result(op)
    dim = op.argument("dim") % operand.rank
    start = not_negative(from_front(op.argument("start") or 0, operand.sizes[dim]))
    return part(b, operand, dim, start, result.sizes[dim], op.argument("step"))


@lowers(edge.SelectCopyOp)
def select(op: edge.SelectCopyOp, b: LinalgBuilder) -> Array:
    operand = b[op.self_]
    return _selected(b, operand, op.argument("dim") % operand.rank, op.argument("index"))


@lowers(edge.SplitWithSizesCopyOp)
def split(op: edge.SplitWithSizesCopyOp, b: LinalgBuilder) -> list[Array]:
    operand = b[op.self_]
    dim = op.argument("dim") % operand.rank
    parts: list[Array] = []
    start: Dim = 0
    for size in op.argument("split_sizes"):
        parts.append(part(b, operand, dim, start, size))
        start = start + size
    return parts


@lowers(edge.UnbindCopyOp)
def unbind(op: edge.UnbindCopyOp, b: LinalgBuilder) -> list[Array]:
    operand = b[op.self_]
    dim = op.argument("dim") % operand.rank
    return [_selected(b, operand, dim, i) for i in range(len(op.results))]


def joined(b: LinalgBuilder, sizes: Sequence[Dim], parts: Sequence[Array], dim: int) -> Array:
    """The parts side by side along `dim`, in a tensor of `sizes`."""
    into = b.empty(described(parts[0].dtype, sizes))
    start: Dim = 0
    for each in parts:
        if each.tensor.numel != 0:
            into = b.put_slice(each, into, [b.size(start) if i == dim else 0 for i in range(into.rank)])
        start = start + each.sizes[dim]
    return into


@lowers(edge.CatOp)
def cat(op: edge.CatOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    parts = [array for t in op.tensors if (array := b[t]).sizes != (0,) or result.rank == 1]
    return parts[0] if len(parts) == 1 else joined(b, result.sizes, parts, op.argument("dim") % result.rank)


@lowers(edge.StackOp)
def stack(op: edge.StackOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    dim = op.argument("dim") % result.rank
    sizes = [1 if i == dim else size for i, size in enumerate(result.sizes)]
    return joined(b, result.sizes, [b.reshape(b[t], sizes) for t in op.tensors], dim)


@lowers(edge.RepeatOp)
def repeat(op: edge.RepeatOp, b: LinalgBuilder) -> Array:
    """Sizes (m, n) repeated (i, j) times are those of (i, m, j, n), where every second index is that of `self`."""
    operand, result = b[op.self_], b.result(op)
    repeats: list[Dim] = op.argument("repeats")
    own: list[Dim] = [1] * (len(repeats) - operand.rank) + list(operand.sizes)
    pairs = [size for pair in zip(repeats, own, strict=True) for size in pair]
    places = [AffineExpr.dimension(2 * i + 1) for i in range(len(repeats) - operand.rank, len(repeats))]
    return b.reshape(gather(b, described(operand.dtype, pairs), operand, places), result.sizes)


@lowers(edge.FlipOp)
def flip(op: edge.FlipOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.self_], b.result(op)
    turned = {d % operand.rank for d in op.argument("dims")} if operand.rank else set[int]()
    if not any(isinstance(operand.sizes[d], Expr) for d in turned):
        places: list[Any] = [AffineExpr.dimension(i) for i in range(operand.rank)]
        for d in turned:
            places[d] = places[d] * -1 + (operand.tensor.like(sizes=[operand.sizes[d]]).shape[0] - 1)
        return gather(b, result, operand, places)

    def mirrored(*indices: Scalar) -> Scalar:
        return b.read(operand, [b.size(operand.sizes[d]) - 1 - i if d in turned else i for d, i in enumerate(indices)])

    return b.compute(result, mirrored)


@lowers(edge.RollOp)
def roll(op: edge.RollOp, b: LinalgBuilder) -> Array:
    operand = b[op.self_]
    dims: list[int] = op.argument("dims")
    array = operand if dims else b.reshape(operand, [operand.tensor.numel])
    for dim, shift in zip(dims or [0], op.argument("shifts"), strict=True):
        array = _rolled(b, array, dim % max(array.rank, 1), shift)
    return b.reshape(array, operand.sizes)


def _rolled(b: LinalgBuilder, array: Array, dim: int, shift: Dim) -> Array:
    """The last `shift` elements of a dimension, then the others."""
    if array.rank == 0:
        return array
    size = array.sizes[dim]
    shift = symbolic.mod(shift, symbolic.maximum(size, 1))
    if shift == 0:
        return array
    rest = size - shift
    return joined(b, array.sizes, [part(b, array, dim, rest, shift), part(b, array, dim, 0, rest)], dim)
