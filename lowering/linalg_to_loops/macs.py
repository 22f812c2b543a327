"""How many multiply-accumulates a reduction does."""

from __future__ import annotations

from math import prod

from xdsl.dialects import arith, linalg
from xdsl.ir import Operation, SSAValue

from etc.lowering.linalg_to_loops.iteration import Iteration

_CONVERSIONS = (arith.ExtFOp, arith.TruncFOp, arith.ExtSIOp, arith.ExtUIOp, arith.TruncIOp)


def multiply_accumulates(iteration: Iteration) -> int | None:
    """The number of times that the body adds a product to an output; None where only run time tells.

    Taps of a window that lie in padding count, as they do in published figures of networks.
    """
    if not iteration.reduction:
        return 0
    results = next(op for op in iteration.body.ops if isinstance(op, linalg.ops.YieldOp)).operands
    outputs = [out.argument for out in iteration.outputs]
    products = sum(_adds_product(value, out) for value, out in zip(results, outputs, strict=True))
    if not products:
        return 0
    extents = iteration.static_extents()
    return products * prod(extents.values()) if len(extents) == iteration.rank else None


def _adds_product(value: SSAValue, accumulator: SSAValue) -> bool:
    match _without_conversions(value).owner:
        case arith.AddfOp(lhs=lhs, rhs=rhs) | arith.AddiOp(lhs=lhs, rhs=rhs):
            terms = [_without_conversions(lhs), _without_conversions(rhs)]
        case _:
            return False
    if accumulator not in terms:
        return False
    terms.remove(accumulator)
    return isinstance(terms[0].owner, arith.MulfOp | arith.MuliOp)


def _without_conversions(value: SSAValue) -> SSAValue:
    while isinstance(value.owner, Operation) and isinstance(value.owner, _CONVERSIONS):
        value = value.owner.operands[0]
    return value
