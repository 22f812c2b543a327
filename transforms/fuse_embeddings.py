"""fuse-embeddings: look rows up in weights as they are stored, and dequantise only those.

    %w = quant.dequantize_per_channel(%integers, %scales, axis=0, …)
    %y = edge.embedding(%w, %i)                                        -->    %y = quant.embedding_byte(%integers, …)

- embedding(dequantize_per_channel(w), i), embedding(dequantize_per_group(w), i) -> embedding_byte(w, i)
- embedding(embedding_4bit(w, all rows), i) -> embedding_4bit(w, i), also for embedding_byte
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.blob import pack
from etc.dialects.program import constant_of
from etc.dialects.quant.base import EIGHT_BITS, bounds
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern


class LookUpDequantised(RewritePattern):
    """embedding(dequantize(w), i) -> embedding_byte(w, i), where each row has scales of its own"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.EmbeddingOp, rewriter: PatternRewriter) -> None:
        rows = op.weight.owner
        if not isinstance(rows, quant.DequantizePerChannelOp | quant.DequantizePerGroupOp):
            return
        weight = known(rows.input)
        if isinstance(rows, quant.DequantizePerChannelOp) and (weight.rank != 2 or rows.argument("axis") != 0):
            return rewriter.decline(op, "its rows do not have scales of their own")
        if weight.dtype not in EIGHT_BITS or known(rows.scales).dtype is not known(op.result).dtype:
            return rewriter.decline(
                op, f"no operation looks {weight.dtype} up with scales of {known(rows.scales).dtype}"
            )
        build, zero_points = EdgeBuilder(rewriter), rows.zero_points
        if zero_points is not None and known(zero_points).dtype is not dtypes.float32:
            zero_points = build(edge.ToDimOrderCopyOp, zero_points, dtype=dtypes.float32)
        limits = bounds(weight.dtype)
        build.replace(op, build(quant.EmbeddingByteOp, rows.input, rows.scales, zero_points, *limits, op.indices))


class LookUpOnce(RewritePattern):
    """embedding(embedding_4bit(w, all rows), i) -> embedding_4bit(w, i)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.EmbeddingOp, rewriter: PatternRewriter) -> None:
        rows = op.weight.owner
        if not isinstance(rows, quant.EmbeddingByteOp | quant.Embedding4bitOp):
            return
        if not _is_all_rows(rows.indices, known(rows.weight).sizes[0]):
            return rewriter.decline(op, "the rows that it looks up are looked up themselves")
        arguments = {arg.name: value for arg, value in rows.arguments()} | {"indices": op.indices}
        build = EdgeBuilder(rewriter)
        build.replace(op, build(type(rows), **arguments))


def _is_all_rows(indices: SSAValue, count: object) -> bool:
    dtype = known(indices).dtype
    return isinstance(count, int) and known(indices).rank == 1 and constant_of(indices) == pack(range(count), dtype)


@dataclass(frozen=True)
class FuseEmbeddingsPass(EtcPass):
    """Look rows up in quantised weights as they are stored."""

    name = "fuse-embeddings"
    patterns = (LookUpDequantised, LookUpOnce)
