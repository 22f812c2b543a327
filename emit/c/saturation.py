"""Clamping to all of a smaller integer type, which processors have an instruction for."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation, SSAValue

from etc.emit.c import support
from etc.emit.c.values import width


def saturated(op: Operation) -> int | None:
    """The bits of `min(max(x, low), high)` when the bounds are the ends of int8 or int16 and nothing else reads it."""
    if not isinstance(op, arith.MinSIOp) or width(op.result.type) != 32:
        return None
    inner = op.lhs.owner
    if not isinstance(inner, arith.MaxSIOp) or not op.lhs.has_one_use():
        return None
    bounds = _number(inner.rhs), _number(op.rhs)
    return next((bits for bits in support.SATURATE if bounds == (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)), None)


def _number(value: SSAValue) -> int | None:
    owner = value.owner
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        return owner.value.value.data
    return None
