"""Integer operations one after another that are one operation.

- clamp(requantize(x)), clamp(add(x, y)), clamp(softmax(x)) -> the operation with the smaller range
- lookup(lookup(x)), lookup(clamp(x)), clamp(lookup(x)) -> a lookup in the table that both make together
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdsl.ir import SSAValue

from etc.dialects import edge, quant
from etc.dialects.quant.attributes import PARAMS
from etc.dialects.quant.base import EIGHT_BITS, bounds
from etc.transforms.edge_builder import array_of, is_constant, known
from etc.transforms.fuse_quantized_rules.site import IntegerBuilder
from etc.transforms.fuse_quantized_rules.tables import all_integers
from etc.transforms.rewriting import PatternRewriter, RewritePattern, op_type_rewrite_pattern

if TYPE_CHECKING:
    import torch


def _range(op: edge.ClampOp) -> tuple[int, int] | None:
    """The integers that a clamp leaves, when it is one of integers."""
    dtype = known(op.self_).dtype
    if not dtype.is_integer or dtype is not known(op.result).dtype:
        return None
    low, high = op.argument("min"), op.argument("max")
    least, most = bounds(dtype)
    return least if low is None else max(int(low), least), most if high is None else min(int(high), most)


class ClampOfResult(RewritePattern):
    """clamp(requantize(x, [-128, 127]), 3, 9) -> requantize(x, [3, 9])"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ClampOp, rewriter: PatternRewriter) -> None:
        producer, wanted = op.self_.owner, _range(op)
        if wanted is None or not isinstance(producer, quant.RequantizeOp | quant.AddOp | quant.SoftmaxOp):
            return
        if not op.self_.has_one_use():
            return rewriter.decline(op, "the result before the clamp has another user")
        have = producer.argument("quant_min"), producer.argument("quant_max")
        low, high = (min(max(bound, wanted[0]), wanted[1]) for bound in have)
        if not low < high or not low <= producer.argument("zero_point") <= high:
            return rewriter.decline(op, "its range is empty or without the zero point")
        build = IntegerBuilder(rewriter, producer)
        arguments = {arg.name: value for arg, value in producer.arguments()}
        new = build(type(producer), **(arguments | {"quant_min": low, "quant_max": high}))
        _replace(op, new, build)


class TableOfTable(RewritePattern):
    """lookup(lookup(x, f), g) -> lookup(x, g of f); clamps are tables too"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: quant.LookupOp | edge.ClampOp, rewriter: PatternRewriter) -> None:
        inner = op.operands[0].owner
        if not isinstance(inner, quant.LookupOp | edge.ClampOp):
            return
        if not isinstance(op, quant.LookupOp) and not isinstance(inner, quant.LookupOp):
            return
        first, second = _table(inner), _table(op)
        if first is None or second is None:
            return
        if not op.operands[0].has_one_use():
            return rewriter.decline(op, "the value before it has another user")
        dtype = known(inner.results[0]).dtype
        both = second[first.long() - bounds(dtype)[0]]
        build = IntegerBuilder(rewriter, op)
        table = build.integers(both, known(op.results[0]).dtype)
        _replace(op, build(quant.LookupOp, inner.operands[0], table), build)


def _table(op: quant.LookupOp | edge.ClampOp) -> torch.Tensor | None:
    """What an operation makes of each integer of 8 bits."""
    if isinstance(op, quant.LookupOp):
        return array_of(op.table) if is_constant(op.table) else None
    dtype, limits = known(op.self_).dtype, _range(op)
    return all_integers(dtype).clamp(*limits) if limits is not None and dtype in EIGHT_BITS else None


def _replace(op: edge.ClampOp | quant.LookupOp, new: SSAValue, build: IntegerBuilder) -> None:
    if (params := op.attributes.get(PARAMS)) is not None:
        new.owner.attributes[PARAMS] = params  # pyright: ignore[reportAttributeAccessIssue]
    build.replace(op, new)


PATTERNS: tuple[type[RewritePattern], ...] = (ClampOfResult, TableOfTable)
