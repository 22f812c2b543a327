"""Control flow from ATen to edge: captures become the values themselves, numbers become tensors of rank 0.

    %y = aten.cond(%p, captures=[%x]) …then(%a: …) {          %y = edge.cond(%p) … then {
      %b = aten.relu(%a)                               -->      %b = edge.relu(%x)
      aten.yield %b                                             edge.yield %b

A map is a scan that carries nothing. What a region takes or yields is brought to the plain dim order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xdsl.dialects.builtin import TensorType, i1
from xdsl.ir import Operation, Region, SSAValue

from etc.dialects import aten, dtypes, edge
from etc.dialects.aten_control_flow import CapturingOp
from etc.dialects.edge.base import EdgeOp
from etc.dialects.schema_op import SchemaOp
from etc.dialects.sizes import size_of, sized
from etc.errors import EtcError
from etc.lowering.aten_to_edge_site import Point
from etc.transforms.rewriting import PatternRewriter

_CONDITIONS: Mapping[str, type[EdgeOp]] = {
    "sym.eq": edge.EqOp,
    "sym.ne": edge.NeOp,
    "sym.lt": edge.LtOp,
    "sym.le": edge.LeOp,
    "sym.gt": edge.GtOp,
    "sym.ge": edge.GeOp,
    "sym.and": edge.LogicalAndOp,
    "sym.or": edge.LogicalOrOp,
    "sym.not": edge.LogicalNotOp,
}
"""Operators on tensors that compute what comparisons of sizes do."""


def as_tensor(value: SSAValue, point: Point) -> SSAValue:
    """`value` in the plain dim order; a number as a tensor of rank 0.

    Raises EtcError for a number that edge operators cannot compute.
    """
    if is_tensor(value):
        return point.plain(value)
    if value.type != i1:
        return point.number(size_of(value), dtypes.int64)
    op = value.owner
    cls = _CONDITIONS.get(op.ATEN) if isinstance(op, SchemaOp) else None
    if cls is None or not isinstance(op, SchemaOp):
        raise EtcError("a condition is computed by something that no edge operator does")
    operands = [_operand(argument, point) for _, argument in op.arguments()]
    return point.insert(cls.of(*operands))


def _operand(argument: object, point: Point) -> SSAValue:
    if isinstance(argument, SSAValue) and argument.type == i1:
        return as_tensor(argument, point)
    if isinstance(argument, bool):
        return point.number(argument, dtypes.bool_)
    return point.number(sized(argument), dtypes.int64)


def _cond(op: aten.CondOp, operands: Sequence[SSAValue], regions: Sequence[Region]) -> Operation:
    return edge.CondOp(operands[0], op.result_types, *regions)


def _while_loop(op: aten.WhileLoopOp, operands: Sequence[SSAValue], regions: Sequence[Region]) -> Operation:
    return edge.WhileLoopOp(operands, op.result_types, *regions)


def _scan(op: aten.ScanOp, operands: Sequence[SSAValue], regions: Sequence[Region]) -> Operation:
    count = len(op.init)
    return edge.ScanOp(operands[:count], operands[count:], op.result_types, *regions)


def _map(op: aten.MapOp, operands: Sequence[SSAValue], regions: Sequence[Region]) -> Operation:
    return edge.ScanOp((), operands, op.result_types, *regions)


_BUILDERS: Mapping[type[CapturingOp], Callable[[Any, Sequence[SSAValue], Sequence[Region]], Operation]] = {
    aten.CondOp: _cond,
    aten.WhileLoopOp: _while_loop,
    aten.ScanOp: _scan,
    aten.MapOp: _map,
}


def _inline_captures(op: CapturingOp) -> None:
    """Let the regions of an op use the values that it captures."""
    for region in op.regions:
        block = region.block
        captured = block.args[len(block.args) - len(op.captured) :]
        for argument, value in zip(captured, op.captured, strict=True):
            argument.replace_all_uses_with(value)
            block.erase_arg(argument)


def lower_control_flow(op: CapturingOp, point: Point, rewriter: PatternRewriter) -> None:
    """aten.cond, while_loop, scan, map -> edge.cond, while_loop, scan, scan; what is in the regions stays as it is.

    Raises EtcError for a condition that edge operators cannot compute, and for numbers where tensors must be.
    """
    given = op.operands[: len(op.operands) - len(op.captured)]
    _inline_captures(op)
    operands = [as_tensor(value, point) for value in given]
    passed = (*op.results, *(argument for region in op.regions for argument in region.block.args))
    if numbers := [value for value in passed if not is_tensor(value)]:
        raise EtcError("a number goes through it", expected="a tensor of rank 0", found=str(numbers[0].type))
    regions = [op.detach_region(region) for region in list(op.regions)]
    new = rewriter.insert(_BUILDERS[type(op)](op, operands, regions))
    rewriter.replace(op, (), new.results)


def lower_yield(op: aten.YieldOp, point: Point, rewriter: PatternRewriter) -> None:
    """aten.yield -> edge.yield, of tensors in the plain dim order"""
    rewriter.replace(op, edge.YieldOp(*(as_tensor(value, point) for value in op.values)), ())


def is_tensor(value: SSAValue) -> bool:
    return isinstance(value.type, TensorType)
