"""fuse-quantized: operations between dequantize and quantize become operations on integers.

    %r = quant.dequantize(%x, …)
    %v = quant.dequantize_per_channel(%w, …)                %a = quant.conv(%x, %w, bias=%b', …, padding_value=-3)
    %c = edge.conv(%r, %v, bias=%b, …)             -->      %y = quant.requantize(%a, %multiplier, %shift, axis=1, …)
    %d = edge.relu(%c)
    %y = quant.quantize(%d, …)

- conv, linear, mm, addmm with constant weights, matmul, bmm, mul, mean, sum, pooling -> int32 sums, then requantize,
  which does the clamps and the factors that follow as well
- add, sub -> quant.add; softmax -> quant.softmax
- elementwise functions of one value, any chain of them -> quant.lookup (8 bits), quant.interpolate (16 bits)
- what moves, selects or compares elements does so with integers
- what loops and choices carry becomes integers

An integer result is at most 1 from the one that is computed on reals, which rounds to the nearest and the even; a
lookup is equal to it. What stays on reals has a reason in the attribute `quant.float`: `float_islands` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation, SSAValue

from etc.dialects import edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.fuse_quantized_rules import arithmetic, integers, products
from etc.transforms.fuse_quantized_rules.islands import REASON, Island, float_islands
from etc.transforms.fuse_quantized_rules.moves import COMPARED, on_dequantised, quantised_before
from etc.transforms.fuse_quantized_rules.regions import carry_integers
from etc.transforms.fuse_quantized_rules.site import IntegerBuilder, Site, site_of
from etc.transforms.fuse_quantized_rules.tables import function_of_one_value
from etc.transforms.fuse_quantized_rules.values import Refusal, content_of, declare, params_of
from etc.transforms.quantisable import MOVING
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, apply_patterns, op_type_rewrite_pattern

__all__ = ["FuseQuantizedPass", "Island", "float_islands"]

RULES: Mapping[type[EdgeOp], Callable[[Site], SSAValue]] = {**arithmetic.RULES, **products.RULES}
"""The rules for operations whose result is quantised, by class."""


def _decline(op: Operation, reason: str, rewriter: PatternRewriter) -> None:
    rewriter.decline(op, reason)
    op.attributes[REASON] = StringAttr(reason)


class QuantizedResult(RewritePattern):
    """quantize(f(dequantize(x))) -> f on integers"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: quant.QuantizeOp, rewriter: PatternRewriter) -> None:
        into, producer = params_of(op), op.input.owner
        if not isinstance(producer, Operation):
            return
        try:
            content = content_of(op.result)
            if content is not None:
                build = EdgeBuilder(rewriter)
                return build.replace(op, declare(build.constant(content, known(op.result)), into))
            build = IntegerBuilder(rewriter, producer if isinstance(producer, EdgeOp) else op)
            function = function_of_one_value(op, build)
            if function is not None:
                return build.replace(op, function)
            if quantised_before(op, rewriter):
                return
            site = site_of(op, into, rewriter)
            producer = site.op
            rule = RULES.get(type(site.op))
            if rule is None:
                raise Refusal("it has no form on integers")
            build.replace(op, declare(build.in_order_of(rule(site), op.result), into))
        except Refusal as refusal:
            _decline(producer, str(refusal), rewriter)


class Moved(RewritePattern):
    """move(dequantize(x)) -> dequantize(move(x)); argmax(dequantize(x)) -> argmax(x)"""

    def __init__(self, functions: bool = False):
        self._functions = functions

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        if type(op) not in MOVING and type(op) not in COMPARED:
            return
        try:
            on_dequantised(op, rewriter, self._functions)
        except Refusal as refusal:
            _decline(op, str(refusal), rewriter)


class Carried(RewritePattern):
    """scan(dequantize(x)) { … } -> dequantize(scan(x) { … })"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ScanOp | edge.WhileLoopOp | edge.CondOp, rewriter: PatternRewriter) -> None:
        if reason := carry_integers(op, rewriter):
            _decline(op, reason, rewriter)


@dataclass(frozen=True)
class FuseQuantizedPass(EtcPass):
    """Turn operations between dequantize and quantize into operations on integers."""

    name = "fuse-quantized"
    patterns = (QuantizedResult, Moved, Carried, *integers.PATTERNS)

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        super().rewrite(ctx, module)
        # What is left of x > 0: in the middle of a function of x it has become a part of a table.
        if apply_patterns(module, (Moved(functions=True),), pass_name=self.name):
            super().rewrite(ctx, module)
