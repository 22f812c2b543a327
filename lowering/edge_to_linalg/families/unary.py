"""Elementwise functions of one tensor."""

from __future__ import annotations

from etc.dialects import edge
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers


@lowers(edge.ReluOp)
def relu(op: edge.ReluOp, b: LinalgBuilder) -> Array:
    return b.elementwise(b.result(op), [b[op.self_]], lambda x: x.maximum(0))
