"""convert-dynamic-quantization: activations are quantised with scales that they choose at run time.

    %y = edge.linear(%x, %w) {quant.scheme = dynamic}  -->  %s, %z = quant.choose_qparams_per_token(%x, dtype=i8)
                                                            %q = quant.quantize_per_token(%x, %s, %z, …)
                                                            %r = quant.dequantize_per_token(%q, %s, %z, …)
                                                            %v = quant.dequantize_per_channel(%integers, %scales, …)
                                                            %y = edge.linear(%r, %v)

Each row of what a linear layer gets has a scale of its own where the scheme says so; what others get has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import SCHEME, Granularity, Mode, Spec
from etc.dialects.quant.base import bounds
from etc.transforms.convert_weight_quantization import QuantisedWeights, check_weights, scheme_of
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.quantisable import is_real, weights_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

EPSILON = 2.0**-23
"""The smallest scale that is chosen, that of PyTorch's observers."""


def _by_row(op: EdgeOp, number: int, spec: Spec) -> bool:
    """Whether each row of an operand has a scale: the operators for that know one range of integers."""
    is_rows = isinstance(op, edge.LinearOp) or (isinstance(op, edge.MmOp) and number == 0)
    fits = spec.dtype is dtypes.int8 and (spec.quant_min, spec.quant_max) == bounds(dtypes.int8)
    return is_rows and spec.granularity is Granularity.TOKEN and fits


def quantised_at_run_time(build: EdgeBuilder, value: SSAValue, spec: Spec, by_row: bool) -> SSAValue:
    """What is left of a value after quantisation."""
    integers = spec.quant_min, spec.quant_max, spec.dtype
    if by_row:
        scales = build(quant.ChooseQparamsPerTokenOp, value, spec.dtype)
        params = scales, _second(scales)
        quantised = build(quant.QuantizePerTokenOp, value, *params, *integers)
        return build(quant.DequantizePerTokenOp, quantised, *params, *integers, known(value).dtype)
    scale = build(quant.ChooseQparamsOp, value, spec.quant_min, spec.quant_max, EPSILON, spec.dtype)
    params = scale, _second(scale)
    quantised = build(quant.QuantizeDynamicOp, value, *params, *integers)
    return build(quant.DequantizeDynamicOp, quantised, *params, *integers)


def _second(first: SSAValue) -> SSAValue:
    """The zero points that were chosen with scales."""
    op = first.owner
    assert isinstance(op, quant.ChooseQparamsOp | quant.ChooseQparamsPerTokenOp)
    return op.results[1]


class ConvertDynamic(RewritePattern):
    """f(x, w) -> f(dequantize(quantize(x)), dequantised integers of w)"""

    def __init__(self) -> None:
        self._weights = QuantisedWeights()

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        scheme = scheme_of(op, Mode.DYNAMIC)
        if scheme is None:
            return
        del op.attributes[SCHEME]
        rewriter.notify_op_modified(op)
        weights, build = weights_of(op), EdgeBuilder(rewriter)
        if weights is None:
            return rewriter.decline(op, "its weights are not constants")
        activation = 0 if weights.operand else 1
        if (spec := scheme.activations) is not None and is_real(value := op.operands[activation]):
            by_row = _by_row(op, activation, spec)
            op.operands[activation] = quantised_at_run_time(build, value, spec, by_row)
        if scheme.weights is not None:
            op.operands[weights.operand] = self._weights.dequantised(build, op, scheme.weights)


@dataclass(frozen=True)
class ConvertDynamicQuantizationPass(EtcPass):
    """Quantise activations of dynamic schemes with scales chosen at run time, and their weights."""

    name = "convert-dynamic-quantization"

    def get_patterns(self) -> Sequence[RewritePattern]:
        return (ConvertDynamic(),)

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        check_weights(module, Mode.DYNAMIC)
        super().rewrite(ctx, module)
