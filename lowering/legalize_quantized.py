"""legalize-quantized: put quantised operations that the stock runtime lacks in terms of those that it has.

    %w = quant.dequantize_per_group(%q, %s, group_size=32, …)     -->     %g = edge.view_copy(%q, size=[64, 32])
                                                                          %d = quant.dequantize_per_channel(%g, %t, …)
                                                                          %w = edge.view_copy(%d, size=[16, 128])

Groups of a row are rows of a taller matrix. The kernel of mixed_linear takes a matrix, no batches, and no zero points;
with zero points, all rows are looked up in the weights, which dequantises them, and the product is one of reals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from etc.dialects import dtypes, edge, quant, symbolic
from etc.dialects.quant.base import bounds
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern


class GroupsAsChannels(RewritePattern):
    """dequantize_per_group(x, s) -> view(dequantize_per_channel(view(x, [rows * groups, size]), view(s, [-1])))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: quant.DequantizePerGroupOp, rewriter: PatternRewriter) -> None:
        build = EdgeBuilder(rewriter)
        count, size = symbolic.product(known(op.scales).sizes), op.argument("group_size")
        zero_points = None if op.zero_points is None else build.view(op.zero_points, [count])
        dtype = op.argument("dtype")
        given = *bounds(dtype), dtype  # the kernel dies of zero points outside of the range
        groups = build.view(op.input, [count, size]), build.view(op.scales, [count]), zero_points
        reals = build(quant.DequantizePerChannelOp, *groups, 0, *given, out_dtype=op.argument("output_dtype"))
        build.replace(op, build.view(reals, known(op.result).sizes))


class MatrixForRows(RewritePattern):
    """mixed_linear(x) -> view(mixed_linear(view(x, [rows, K])))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: quant.MixedLinearOp, rewriter: PatternRewriter) -> None:
        *leading, columns = known(op.input).sizes
        if len(leading) == 1:
            return
        build = EdgeBuilder(rewriter)
        arguments: dict[str, Any] = {arg.name: value for arg, value in op.arguments()}
        arguments["input"] = build.view(op.input, [symbolic.product(leading), columns])
        build.replace(op, build.view(build(quant.MixedLinearOp, **arguments), known(op.result).sizes))


class ProductOfReals(RewritePattern):
    """mixed_linear(x, w, s, z) -> linear(x, embedding_byte(w, s, z, all rows))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: quant.MixedLinearOp, rewriter: PatternRewriter) -> None:
        if op.weight_zero_points is None:
            return
        build = EdgeBuilder(rewriter)
        rows = build.all_indices(known(op.weight).shape[0], dtypes.int64)
        limits = bounds(known(op.weight).dtype)
        weights = op.weight, op.weight_scales, op.weight_zero_points
        reals = build(quant.EmbeddingByteOp, *weights, *limits, rows)
        product = build(edge.LinearOp, op.input, reals)
        if (dtype := known(op.result).dtype) is not known(product).dtype:
            product = build(edge.ToDimOrderCopyOp, product, dtype=dtype)
        build.replace(op, product)


@dataclass(frozen=True)
class LegalizeQuantizedPass(EtcPass):
    """Put quantised operations that the stock runtime lacks in terms of those that it has."""

    name = "legalize-quantized"
    patterns = (GroupsAsChannels, ProductOfReals, MatrixForRows)
