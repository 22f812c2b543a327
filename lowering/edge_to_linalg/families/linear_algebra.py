"""Products of matrices."""

from __future__ import annotations

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers


@lowers(edge.MmOp)
def mm(op: edge.MmOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    i, j, k = (AffineExpr.dimension(d) for d in range(3))
    return b.generic(
        [(b[op.self_], [i, k]), (b[op.mat2], [k, j])],
        [(b.full(result, 0), [i, j])],
        ["parallel", "parallel", "reduction"],
        lambda x, y, total: total + x * y,
    )[0]
