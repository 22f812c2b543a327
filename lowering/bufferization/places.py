"""Where values end up: an output of the method, or a part of a larger tensor, known before they are computed."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import linalg, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import Operation, SSAValue

Place = Callable[[], SSAValue | None]
"""Gives the memref where a value is to be written; None when it is not there yet or does not fit."""


class Places:
    """The place of each empty tensor and each result of scf.if and tensor.pad that has one."""

    def __init__(self, reshaped: Callable[[SSAValue, TensorType], SSAValue | None]):
        self._places: dict[SSAValue, Place] = {}
        self._reshaped = reshaped

    def of(self, value: SSAValue) -> SSAValue | None:
        """The memref to write `value` to. Asked once, when it is about to be written."""
        place = self._places.get(value)
        return place() if place is not None else None

    def has(self, value: SSAValue) -> bool:
        return value in self._places

    def want(self, value: SSAValue, place: Place) -> None:
        """Let the storage that `value` starts from be `place`, if nothing needs a step on the way once it is taken."""
        match value.owner:
            case tensor.EmptyOp() | scf.IfOp() | tensor.PadOp():
                self._places.setdefault(value, place)
            case tensor.ReshapeOp() as reshape:
                type = reshape.source.type
                assert isinstance(type, TensorType)
                if DYNAMIC_INDEX not in type.get_shape() and reshape.source.has_one_use():
                    self.want(reshape.source, lambda: self._reshape(place(), type))
            case Operation() as op if (start := starts_from(op, value)) is not None:
                if start.has_one_use() or is_last_use(start, op):
                    self.want(start, place)
            case _:
                pass

    def _reshape(self, held: SSAValue | None, type: TensorType) -> SSAValue | None:
        return None if held is None else self._reshaped(held, type)


def is_last_use(value: SSAValue, op: Operation) -> bool:
    """Whether all that else uses `value` has read it before `op`, in the block that both are in."""
    block = op.parent_block()
    if block is None or not isinstance(value.owner, Operation) or value.owner.parent_block() is not block:
        return False
    others = {use.operation for use in value.uses} - {op}
    return all(
        isinstance(other, linalg.ops.GenericOp)
        and value not in other.outputs
        and other.parent_block() is block
        and other.is_before_in_block(op)
        for other in others
    )


def starts_from(op: Operation, result: SSAValue) -> SSAValue | None:
    """The operand whose storage `result` takes over: an output of linalg.generic, what a loop carries, …"""
    number = next(n for n, r in enumerate(op.results) if r is result)
    match op:
        case linalg.ops.GenericOp():
            return op.outputs[number]
        case tensor.InsertSliceOp() | tensor.InsertOp():
            return op.dest
        case scf.ForOp():
            return op.iter_args[number]
        case scf.WhileOp():
            return op.arguments[number]
        case _:
            return None
