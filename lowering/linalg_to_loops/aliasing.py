"""Which buffers share memory, and which of them an operation reads and writes."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import func, linalg, memref
from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Attribute, Block, Operation, SSAValue

_VIEWS = (
    memref.CastOp,
    memref.CollapseShapeOp,
    memref.ExpandShapeOp,
    memref.ReinterpretCastOp,
    memref.SubviewOp,
    memref.ViewOp,
)
"""Operations whose result is memory of their first operand."""


def base_of(buffer: SSAValue) -> SSAValue:
    """The buffer that a view is a part of."""
    while isinstance(buffer.owner, Operation) and _is_view(buffer.owner):
        buffer = buffer.owner.operands[0]
    return buffer


def _is_view(op: Operation) -> bool:
    return isinstance(op, _VIEWS) or op.name == "memref.reshape"


def _origin(buffer: SSAValue) -> SSAValue | Attribute | None:
    """An allocation, a function's argument, or a global's name; None when it could be any memory."""
    base = base_of(buffer)
    match base.owner:
        case memref.AllocOp() | memref.AllocaOp():
            return base
        case memref.GetGlobalOp() as access:
            return access.name_
        case Block() as block if isinstance(block.parent_op(), func.FuncOp):
            return base
        case _:
            return None


def may_alias(a: SSAValue, b: SSAValue) -> bool:
    """Whether two buffers may share memory. Allocations, arguments and globals do not overlap each other."""
    one, other = _origin(a), _origin(b)
    return one is None or other is None or one is other or one == other


def reads(op: Operation) -> Sequence[SSAValue]:
    """The buffers that `op` itself may read: all of its operands unless more is known about it."""
    match op:
        case memref.StoreOp():
            return ()
        case memref.CopyOp():
            return (op.source,)
        case _:
            return _accessed(op)


def writes(op: Operation) -> Sequence[SSAValue]:
    """The buffers that `op` itself may write: all of its operands unless more is known about it."""
    match op:
        case memref.StoreOp():
            return (op.memref,)
        case memref.LoadOp():
            return ()
        case memref.CopyOp():
            return (op.destination,)
        case linalg.ops.GenericOp():
            return op.outputs
        case _:
            return _accessed(op)


def _accessed(op: Operation) -> Sequence[SSAValue]:
    if _is_view(op) or isinstance(op, memref.DimOp | memref.DeallocOp):
        return ()
    return [operand for operand in op.operands if isinstance(operand.type, MemRefType)]
