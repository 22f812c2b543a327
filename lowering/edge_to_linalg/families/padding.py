"""Tensors with a border."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from etc.dialects import edge
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.padding import ImagePadOp
from etc.dialects.infer.shape import not_negative
from etc.dialects.symbolic import Dim
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.scalars import Scalar


def _amounts(pad: Sequence[Dim], rank: int) -> tuple[list[Dim], list[Dim]]:
    """What is added before and after each dimension, of pairs that begin with the last one."""
    missing = rank - len(pad) // 2
    return [0] * missing + list(pad[-2::-2]), [0] * missing + list(pad[::-2])


def _within(b: LinalgBuilder, array: Array, low: Sequence[Dim], high: Sequence[Dim]) -> Array:
    """`array` without what negative amounts cut."""
    before, after = ([not_negative(-amount) for amount in amounts] for amounts in (low, high))
    if not any(before) and not any(after):
        return array
    sizes = [s - i - j for s, i, j in zip(array.sizes, before, after, strict=True)]
    return b.slice(array, [b.size(i) for i in before], sizes)


@lowers(edge.ConstantPadNdOp)
def constant_pad(op: edge.ConstantPadNdOp, b: LinalgBuilder) -> Array:
    result, operand = b.result(op), b[op.self_]
    low, high = _amounts(op.argument("pad"), operand.rank)
    inside = _within(b, operand, low, high)
    if inside.tensor.numel == 0:
        return b.full(result, b.number(op.argument("value"), result.dtype))
    before, after = ([n for amount in amounts if isinstance(n := not_negative(amount), int)] for amounts in (low, high))
    if len(before) == len(after) == operand.rank:
        value = op.argument("value")
        return b.pad(inside, before, after, int(value) if result.dtype.is_integer else value)
    around = b.full(result, b.number(op.argument("value"), result.dtype))
    return b.put_slice(inside, around, [b.size(not_negative(amount)) for amount in low])


def _reflected(i: Scalar, last: Scalar) -> Scalar:
    """-2 -1 0 1 … last last+1  ->  2 1 0 1 … last last-1"""
    return last - _magnitude(last - _magnitude(i))


def _magnitude(i: Scalar) -> Scalar:
    return i.maximum(0 - i)


def _replicated(i: Scalar, last: Scalar) -> Scalar:
    """-2 -1 0 1 … last last+1  ->  0 0 0 1 … last last"""
    return i.maximum(0).minimum(last)


_PLACES: Mapping[type[EdgeOp], Callable[[Scalar, Scalar], Scalar]] = {
    edge.ReflectionPad1dOp: _reflected,
    edge.ReflectionPad2dOp: _reflected,
    edge.ReflectionPad3dOp: _reflected,
    edge.ReplicationPad1dOp: _replicated,
    edge.ReplicationPad2dOp: _replicated,
    edge.ReplicationPad3dOp: _replicated,
}
"""Where an element comes from: its index before padding, which may lie outside, and the last index that exists."""


@lowers(*_PLACES)
def image_pad(op: ImagePadOp, b: LinalgBuilder) -> Array:
    operand, place = b[op.self_], _PLACES[type(op)]
    low, high = _amounts(op.argument("padding"), operand.rank)

    def source(*indices: Scalar) -> Scalar:
        return b.read(
            operand,
            [
                i if before == after == 0 else place(i - b.size(before), b.size(size) - 1)
                for i, before, after, size in zip(indices, low, high, operand.sizes, strict=True)
            ],
        )

    return b.compute(b.result(op), source)
