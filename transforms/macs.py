"""Multiply-accumulates: what loops note on themselves, added up over kernels and methods.

    scf.for … {c.macs = 1728, c.doc = "edge.conv"}          one contraction, with all loops of its nest
    func.func @forward(…) attributes {c.macs = 1728, …}     everything that a call computes

Control flow counts as often as it runs: loops times their trips, branches as the one that computes most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xdsl.dialects import arith, func, scf
from xdsl.dialects.builtin import DYNAMIC_INDEX, IntegerAttr
from xdsl.ir import Operation, Region, SSAValue

from etc.dialects.c_attributes import MACS


def macs_of(op: Operation, functions: Mapping[str, func.FuncOp]) -> int | None:
    """The multiply-accumulates of an operation with all that it calls and contains; None where run time tells."""
    if isinstance(known := op.attributes.get(MACS), IntegerAttr):
        return known.value.data if known.value.data != DYNAMIC_INDEX else None
    match op:
        case func.CallOp():
            callee = functions.get(op.callee.root_reference.data)
            return 0 if callee is None else macs_of(callee, functions)
        case scf.IfOp():
            counts = [_total(region, functions) for region in op.regions]
            return None if None in counts else max((n for n in counts if n is not None), default=0)
        case scf.ForOp():
            return _times(trips(op), _total(op.body, functions))
        case scf.WhileOp():
            return _times(None, _sum(_total(region, functions) for region in op.regions))
        case _:
            return _sum(_total(region, functions) for region in op.regions)


def _total(region: Region, functions: Mapping[str, func.FuncOp]) -> int | None:
    return _sum(macs_of(op, functions) for block in region.blocks for op in block.ops)


def _sum(counts: Iterable[int | None]) -> int | None:
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _times(number: int | None, count: int | None) -> int | None:
    """Nothing done any number of times is nothing."""
    if count == 0:
        return 0
    return None if number is None or count is None else number * count


def trips(loop: scf.ForOp) -> int | None:
    """How often a loop runs; None where run time tells."""
    lower, upper, step = map(_constant, (loop.lb, loop.ub, loop.step))
    if lower is None or upper is None or not step:
        return None
    return max(0, -(-(upper - lower) // step))


def _constant(value: SSAValue) -> int | None:
    owner = value.owner
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        return owner.value.value.data
    return None
