"""Normalization by statistics, which take two passes over their elements: mean first, then squared distances from it.

All of it is computed in float32 for the half precisions. See normalization_backward.py for gradients.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge, symbolic
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.edge_to_linalg.axes import axes_of, with_ones
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, iterators, lowers
from etc.lowering.edge_to_linalg.scalars import Scalar, computed_in


def moments(b: LinalgBuilder, x: Array, axes: Sequence[int]) -> tuple[Array, Array]:
    """Mean and variance (over n) along `axes`, which stay with size 1, in the dtype that `x` is computed in."""
    dtype = computed_in(x.dtype)
    known = x.tensor.like(dtype=dtype, sizes=with_ones(x.sizes, axes))
    n: Dim = symbolic.product(x.sizes[i] for i in axes)

    def divided(sums: Array) -> Array:
        mean = b.elementwise(sums.tensor, [sums], lambda v: v / b.number(n, dtype))
        return b.reshape(mean, known.sizes)

    mean = divided(b.reduce(x, axes, 0, lambda total, v: total + v))
    dims = [AffineExpr.dimension(i) for i in range(x.rank)]
    kept = [i for i in range(x.rank) if i not in axes]
    zeros = b.full(known.like(sizes=[x.sizes[i] for i in kept]), 0)
    squares = b.generic(
        [(x, dims), (mean, [AffineExpr.constant(0) if i in axes else dims[i] for i in range(x.rank)])],
        [(zeros, [dims[i] for i in kept])],
        ["reduction" if i in axes else "parallel" for i in range(x.rank)],
        lambda v, m, total: total + (v - m) * (v - m),
    )[0]
    return mean, divided(squares)


def _rstd(b: LinalgBuilder, variance: Array, eps: float) -> Array:
    return b.elementwise(variance.tensor, [variance], lambda v: 1 / (v + eps).call("sqrt"))


def _normalized(
    b: LinalgBuilder, result: Tensor, x: Array, mean: Array, rstd: Array, weight: Array | None, bias: Array | None
) -> Array:
    """(x - mean) * rstd * weight + bias, where all broadcast to the sizes of `x`, whose elements `result` has too."""
    dtype = computed_in(x.dtype)
    given = [a for a in (weight, bias) if a is not None]

    def normal(v: Scalar, m: Scalar, r: Scalar, *affine: Scalar) -> Scalar:
        rest = [a.cast(dtype) for a in affine]
        v = (v - m) * r
        if weight is not None:
            v = v * rest.pop(0)
        return v + rest.pop(0) if bias is not None else v

    known = result.like(sizes=x.sizes)
    return b.reshape(b.elementwise(known, [x, mean, rstd, *given], normal), result.sizes)


def _statistics(b: LinalgBuilder, op: edge.NormOp, mean: Array, rstd: Array) -> list[Array]:
    """The results beside the normalized input."""
    known = [b.result(op, 1), b.result(op, 2)]
    return [
        b.reshape(b.cast(a, t.dtype), t.sizes) if t.sizes != (0,) else b.empty(t)
        for a, t in zip((mean, rstd), known, strict=True)
    ]


# Per channel


def _per_channel(b: LinalgBuilder, array: Array | None, rank: int) -> Array | None:
    """A vector of channels, to be broadcast against a batch of images."""
    return None if array is None else b.reshape(array, [array.sizes[0], *[1] * (rank - 2)])


@lowers(edge.BatchNormOp)
def batch_norm(op: edge.BatchNormOp, b: LinalgBuilder) -> Sequence[Array]:
    """x * scale + shift with scale = weight / sqrt(variance + eps) and shift = bias - mean * scale, per channel."""
    x, result, eps = b[op.input], b.result(op), float(op.argument("eps"))
    dtype = computed_in(x.dtype)
    channels = result.like(dtype=dtype, sizes=[x.sizes[1]])
    weight, bias = b.optional(op.weight), b.optional(op.bias)

    def scale_of(variance: Scalar, *weights: Scalar) -> Scalar:
        rstd = 1 / (variance.cast(dtype) + eps).call("sqrt")
        return rstd * weights[0].cast(dtype) if weights else rstd

    def shift_of(mean: Scalar, scale: Scalar, *biases: Scalar) -> Scalar:
        moved = mean.cast(dtype) * scale
        return biases[0].cast(dtype) - moved if biases else -moved

    scale = b.elementwise(channels, [b[op.running_var], *([weight] if weight else [])], scale_of)
    shift = b.elementwise(channels, [b[op.running_mean], scale, *([bias] if bias else [])], shift_of)
    per_channel = [b.reshape(a, [x.sizes[1], *[1] * (x.rank - 2)]) for a in (scale, shift)]
    y = b.elementwise(result, [x, *per_channel], lambda v, scale, shift: v * scale + shift)
    return [y, b.empty(b.result(op, 1)), b.empty(b.result(op, 2))]


@lowers(edge.BatchNormNoStatsOp)
def batch_norm_no_stats(op: edge.BatchNormNoStatsOp, b: LinalgBuilder) -> Sequence[Array]:
    x = b[op.input]
    mean, variance = moments(b, x, [i for i in range(x.rank) if i != 1])
    rstd = _rstd(b, variance, float(op.argument("eps")))
    weight, bias = (_per_channel(b, b.optional(a), x.rank) for a in (op.weight, op.bias))
    y = _normalized(b, b.result(op), x, mean, rstd, weight, bias)
    return [y, *_statistics(b, op, mean, rstd)]


# Per layer and group


@lowers(edge.LayerNormOp)
def layer_norm(op: edge.LayerNormOp, b: LinalgBuilder) -> Sequence[Array]:
    """The normalized dimensions are seen as one."""
    x, result = b[op.input], b.result(op)
    axis = x.rank - len(op.argument("normalized_shape"))
    outer, inner = symbolic.product(x.sizes[:axis]), symbolic.product(x.sizes[axis:])
    rows = b.reshape(x, [outer, inner])
    mean, variance = moments(b, rows, [1])
    rstd = _rstd(b, variance, float(op.argument("eps")))
    weight, bias = (None if a is None else b.reshape(b[a], [inner]) for a in (op.weight, op.bias))
    y = _normalized(b, result, rows, mean, rstd, weight, bias)
    return [y, *_statistics(b, op, mean, rstd)]


@lowers(edge.GroupNormOp)
def group_norm(op: edge.GroupNormOp, b: LinalgBuilder) -> Sequence[Array]:
    """Seen as batch x groups x channels per group x image."""
    x, groups = b[op.input], op.argument("group")
    grouped = b.reshape(x, group_sizes(x.sizes, groups))
    mean, variance = moments(b, grouped, [2, 3])
    rstd = _rstd(b, variance, float(op.argument("eps")))
    weight, bias = (None if a is None else b.reshape(b[a], [groups, grouped.sizes[2], 1]) for a in (op.weight, op.bias))
    y = _normalized(b, b.result(op), grouped, mean, rstd, weight, bias)
    return [y, *_statistics(b, op, mean, rstd)]


def group_sizes(sizes: Sequence[Dim], groups: int) -> list[Dim]:
    """N x C x … as N x groups x C / groups x the rest."""
    return [sizes[0], groups, symbolic.floordiv(sizes[1], groups), symbolic.product(sizes[2:])]


# Softmax


@lowers(edge.SoftmaxOp)
def softmax(op: edge.SoftmaxOp, b: LinalgBuilder) -> Array:
    x, result, axis = _softmax_operand(op, b)
    largest = _reduced(b, x, axis, -math.inf, lambda best, v: best.maximum(v))
    powers = b.elementwise(largest.tensor.like(sizes=x.sizes), [x, largest], lambda v, m: (v - m).call("exp"))
    sums = _reduced(b, powers, axis, 0, lambda total, v: total + v)
    if powers.dtype is result.dtype:
        # Divided where they are: no second tensor.
        dims, kept = _indices(x, axis)
        y = b.generic([(sums, kept)], [(powers, dims)], iterators(x.rank), lambda s, p: p / s)[0]
    else:
        y = b.elementwise(result.like(sizes=x.sizes), [powers, sums], lambda p, s: p / s)
    return b.reshape(y, result.sizes)


@lowers(edge.LogSoftmaxOp)
def log_softmax(op: edge.LogSoftmaxOp, b: LinalgBuilder) -> Array:
    x, result, axis = _softmax_operand(op, b)
    largest = _reduced(b, x, axis, -math.inf, lambda best, v: best.maximum(v))
    dims, kept = _indices(x, axis)
    sums = b.generic(
        [(x, dims), (largest, kept)],
        [(b.full(largest.tensor, 0), kept)],
        ["reduction" if i == axis else "parallel" for i in range(x.rank)],
        lambda v, m, total: total + (v - m).call("exp"),
    )[0]
    y = b.elementwise(result.like(sizes=x.sizes), [x, largest, sums], lambda v, m, s: (v - m) - s.call("log"))
    return b.reshape(y, result.sizes)


def _softmax_operand(op: edge.SoftmaxOp | edge.LogSoftmaxOp, b: LinalgBuilder) -> tuple[Array, Tensor, int]:
    """The operand with at least one dimension, the result, and which dimension."""
    x = b[op.self_]
    x = x if x.rank else b.reshape(x, [1])
    return x, b.result(op), axes_of(op.argument("dim"), x.rank)[0]


def _indices(x: Array, axis: int) -> tuple[list[AffineExpr], list[AffineExpr]]:
    """The indices of all elements, and of what there is one of along `axis`."""
    dims = [AffineExpr.dimension(i) for i in range(x.rank)]
    return dims, [AffineExpr.constant(0) if i == axis else dims[i] for i in range(x.rank)]


def _reduced(b: LinalgBuilder, x: Array, axis: int, start: float, body: Callable[[Scalar, Scalar], Scalar]) -> Array:
    """A reduction whose dimension stays with size 1."""
    folded = b.reduce(x, [axis], start, body)
    return b.reshape(folded, with_ones(x.sizes, [axis]))


# Dropout


@lowers(edge.DropoutOp)
def dropout(op: edge.DropoutOp, b: LinalgBuilder) -> Sequence[Array]:
    x, p, train = b[op.input], float(op.argument("p")), op.argument("train")
    mask = b.result(op, 1)
    if train is False or p == 0:
        return [x, b.full(mask, True)]
    if p == 1:
        return [b.full(b.result(op), 0), b.full(mask, False)]
    raise EtcError(
        "random numbers have no C implementation",
        expected="dropout in evaluation",
        next_step="export the model in evaluation: model.eval()",
    )
