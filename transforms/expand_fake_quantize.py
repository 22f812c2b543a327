"""expand-fake-quantize: say what is left of a real after quantisation as quantize and dequantize.

    %y = quant.fake_quantize(%x, scale=0.1, zero_point=3, quant_min=-128, quant_max=127)

    %q = quant.quantize(%x, scale=0.1, zero_point=3, quant_min=-128, quant_max=127, dtype=int8)
    %y = quant.dequantize(%q, scale=0.1, zero_point=3, quant_min=-128, quant_max=127, dtype=int8)

Models that were trained with fake quantisation become quantised ones so. Integers have the smallest type that holds
the range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from etc.dialects import dtypes, edge, quant
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.base import bounds
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

_PAIRS: Mapping[type[EdgeOp], tuple[type[EdgeOp], type[EdgeOp]]] = {
    quant.FakeQuantizeOp: (quant.QuantizeOp, quant.DequantizeOp),
    quant.FakeQuantizePerChannelOp: (quant.QuantizePerChannelOp, quant.DequantizePerChannelOp),
}


def smallest_dtype(low: int, high: int) -> Dtype:
    """The smallest type of integers from `low` to `high` that quantize makes; int32 where there is none."""
    fitting = (d for d in (dtypes.int8, dtypes.uint8, dtypes.int16) if bounds(d)[0] <= low and high <= bounds(d)[1])
    return next(fitting, dtypes.int32)


class ExpandFakeQuantize(RewritePattern):
    """fake_quantize(x) -> dequantize(quantize(x))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: quant.FakeQuantizeOp | quant.FakeQuantizePerChannelOp, rewriter: PatternRewriter
    ) -> None:
        quantize, dequantize = _PAIRS[type(op)]
        build = EdgeBuilder(rewriter)
        arguments = {arg.name: value for arg, value in op.arguments()}
        arguments["dtype"] = smallest_dtype(op.argument("quant_min"), op.argument("quant_max"))
        arguments["input"] = build(quantize, **arguments)
        reals = build(dequantize, **arguments)
        if (dtype := known(op.result).dtype) is not known(reals).dtype:
            reals = build(edge.ToDimOrderCopyOp, reals, dtype=dtype)
        build.replace(op, reals)


@dataclass(frozen=True)
class ExpandFakeQuantizePass(EtcPass):
    """Say what is left of a real after quantisation as quantize and dequantize."""

    name = "expand-fake-quantize"
    patterns = (ExpandFakeQuantize,)
