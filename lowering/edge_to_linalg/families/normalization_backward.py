"""Gradients of layer and group normalization.

With z = (x - mean) * rstd and d = gradient * weight, the gradient of x is rstd * (d - mean(d) - z * mean(d * z)), its
means over what was normalized together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge, symbolic
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.axes import with_ones
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.normalization import group_sizes
from etc.lowering.edge_to_linalg.scalars import Scalar, computed_in


@lowers(edge.LayerNormBackwardOp)
def layer_norm_backward(op: edge.LayerNormBackwardOp, b: LinalgBuilder) -> Sequence[Array]:
    x = b[op.input]
    axis = x.rank - len(op.argument("normalized_shape"))
    outer, inner = symbolic.product(x.sizes[:axis]), symbolic.product(x.sizes[axis:])
    weight = None if op.weight is None else b.reshape(b[op.weight], [inner])
    mean, rstd = (b.reshape(b[a], [outer, 1]) for a in (op.mean, op.rstd))
    return _gradients(op, b, [outer, inner], mean, rstd, weight, [1], [0])


@lowers(edge.GroupNormBackwardOp)
def group_norm_backward(op: edge.GroupNormBackwardOp, b: LinalgBuilder) -> Sequence[Array]:
    x, groups = b[op.input], op.argument("group")
    sizes = group_sizes(x.sizes, groups)
    weight = None if op.weight is None else b.reshape(b[op.weight], [groups, sizes[2], 1])
    mean, rstd = (b.reshape(b[a], [*sizes[:2], 1, 1]) for a in (op.mean, op.rstd))
    return _gradients(op, b, sizes, mean, rstd, weight, [2, 3], [0, 3])


def _gradients(
    op: edge.LayerNormBackwardOp | edge.GroupNormBackwardOp,
    b: LinalgBuilder,
    sizes: Sequence[Dim],
    mean: Array,
    rstd: Array,
    weight: Array | None,
    normalized: Sequence[int],
    shared: Sequence[int],
) -> Sequence[Array]:
    """Gradients of a tensor seen with `sizes`, whose dimensions `normalized` share statistics and `shared` weights."""
    gradient, x = (b.reshape(b[a], sizes) for a in (op.grad_out, op.input))
    dtype = computed_in(x.dtype)
    grad_input, grad_weight, grad_bias = (b.result(op, i) for i in range(3))
    wanted = op.argument("output_mask")
    results: list[Array] = []
    operands = [gradient, x, mean, rstd]

    def normal(v: Scalar, m: Scalar, r: Scalar) -> Scalar:
        return (v - m.cast(dtype)) * r.cast(dtype)

    if wanted[0]:
        weights = [weight] if weight else []
        n = symbolic.product(sizes[i] for i in normalized)

        def terms(g: Scalar, v: Scalar, m: Scalar, r: Scalar, *rest: Scalar) -> tuple[Scalar, Scalar]:
            d = g * rest[0].cast(dtype) if weights else g
            return d, d * normal(v, m, r)

        sums = _sums(b, [*operands, *weights], x.tensor, normalized, terms)

        def slope(g: Scalar, v: Scalar, m: Scalar, r: Scalar, first: Scalar, second: Scalar, *w: Scalar) -> Scalar:
            d = g * w[0].cast(dtype) if weights else g
            count = b.number(n, dtype)
            return (d - first / count - normal(v, m, r) * (second / count)) * r.cast(dtype)

        known = grad_input.like(sizes=sizes)
        found = b.elementwise(known, [*operands, *sums, *weights], slope)
        results.append(b.reshape(found, grad_input.sizes))
    else:
        results.append(b.empty(grad_input))
    if not wanted[1] and not wanted[2]:
        return [*results, b.empty(grad_weight), b.empty(grad_bias)]
    of_weight, of_bias = _sums(b, operands, x.tensor, shared, lambda g, v, m, r: (g * normal(v, m, r), g))
    for array, known in ((of_weight, grad_weight), (of_bias, grad_bias)):
        results.append(b.reshape(b.cast(array, known.dtype), known.sizes))
    return results


def _sums(
    b: LinalgBuilder,
    operands: Sequence[Array],
    x: Tensor,
    axes: Sequence[int],
    terms: Callable[..., tuple[Scalar, Scalar]],
) -> list[Array]:
    """The sums of two terms along `axes`, which stay with size 1."""
    dims = [AffineExpr.dimension(i) for i in range(x.rank)]
    known = x.like(dtype=computed_in(x.dtype), sizes=with_ones(x.sizes, axes))
    kept = [AffineExpr.constant(0) if i in axes else dims[i] for i in range(x.rank)]

    def at(operand: Array) -> list[AffineExpr]:
        ahead = x.rank - operand.rank
        return [
            AffineExpr.constant(0) if size == 1 and x.sizes[ahead + i] != 1 else dims[ahead + i]
            for i, size in enumerate(operand.sizes)
        ]

    def add(*elements: Scalar) -> list[Scalar]:
        *values, first, second = elements
        return [total + term for total, term in zip((first, second), terms(*values), strict=True)]

    return b.generic(
        [(a, at(a)) for a in operands],
        [(b.full(known, 0), kept), (b.full(known, 0), kept)],
        ["reduction" if i in axes else "parallel" for i in range(x.rank)],
        add,
    )
