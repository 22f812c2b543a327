"""legalize-quantized: put quantised operations that the stock runtime lacks in terms of those that it has.

    %w = quant.dequantize_per_group(%q, %s, group_size=32, …)     -->     %g = edge.view_copy(%q, size=[64, 32])
                                                                          %d = quant.dequantize_per_channel(%g, %t, …)
                                                                          %w = edge.view_copy(%d, size=[16, 128])

Groups of a row are rows of a taller matrix. The kernel of mixed_linear takes a matrix, no batches, and no zero points;
with zero points, all rows are looked up in the weights, which dequantises them, and the product is one of reals.

A large matrix of weights is dequantised in blocks of rows, so that its reals never lie in memory all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant, symbolic
from etc.dialects.quant.base import bounds
from etc.transforms.edge_builder import EdgeBuilder, array_of, is_constant, known, name_of, nbytes
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

LARGE = 4 * 1024 * 1024
"""Bytes of reals that weights are dequantised to as a whole."""
BLOCK = 1024 * 1024
"""Bytes of reals that larger weights are dequantised to at a time."""


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


class Blockwise(RewritePattern):
    """linear(x, embedding_4bit(w, all rows)) -> cat(linear(x, embedding_4bit(w, some rows)), …)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.LinearOp, rewriter: PatternRewriter) -> None:
        rows, bias = op.weight.owner, op.bias
        if not isinstance(rows, quant.EmbeddingByteOp | quant.Embedding4bitOp) or not is_constant(rows.indices):
            return
        if nbytes(op.weight) <= LARGE:
            return
        if not op.weight.has_one_use() or not (bias is None or is_constant(bias)):
            return rewriter.decline(op, "its weights have another user, or its bias is not a constant")
        build = EdgeBuilder(rewriter)
        count = -(-known(op.weight).shape[0] * BLOCK // nbytes(op.weight))
        arguments: dict[str, Any] = {arg.name: value for arg, value in rows.arguments()}
        parts: list[SSAValue] = []
        for number, indices in enumerate(array_of(rows.indices).split(count)):
            arguments["indices"] = build.constant(indices, known(rows.indices), "rows")
            part = bias
            if bias is not None:
                part = build.constant(array_of(bias)[number * count :][: len(indices)], known(bias), name_of(bias))
            parts.append(build(edge.LinearOp, op.input, build(type(rows), **arguments), part))
        build.replace(op, build(edge.CatOp, parts, dim=known(op.result).rank - 1))


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
    patterns = (GroupsAsChannels, ProductOfReals, MatrixForRows, Blockwise)
