"""Arithmetic on quantised integers, element by element and along dimensions: exact, in 32 bits wherever they do."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, quant
from etc.dialects.dtypes import Dtype
from etc.dialects.quant.base import bounds
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.axes import axes_of, with_ones
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.constants import number_of, numbers_of
from etc.lowering.edge_to_linalg.families.pooling import windows_of
from etc.lowering.edge_to_linalg.families.quant_products import less, product_of
from etc.lowering.edge_to_linalg.fixed_point import clamped, dtype_for, rounded, scaled
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar

Operand = tuple[Array, Sequence[AffineExpr]]


def along(b: LinalgBuilder, vector: Array, axis: int) -> Operand:
    """A vector with the dimension `axis` of a result; one element stands for all."""
    single = vector.tensor.numel == 1
    flat = b.reshape(vector, [1]) if single else vector
    return flat, [AffineExpr.constant(0) if single else AffineExpr.dimension(axis)]


def _dims(rank: int) -> list[AffineExpr]:
    return [AffineExpr.dimension(d) for d in range(rank)]


@lowers(quant.RequantizeOp)
def requantize(op: quant.RequantizeOp, b: LinalgBuilder) -> Array:
    x, result = b[op.input], b.result(op)
    axis = op.argument("axis") % max(x.rank, 1)
    shift = number_of(op.shift)
    operands = [(x, _dims(x.rank)), along(b, b[op.multiplier], axis)]
    if shift is None:
        operands.append(along(b, b[op.shift], axis))
    zero, low, high = (op.argument(name) for name in ("zero_point", "quant_min", "quant_max"))

    def body(v: Scalar, multiplier: Scalar, *by: Scalar) -> Scalar:
        return scaled(v, multiplier, by[0] if shift is None else shift, zero, low, high).cast(result.dtype)

    return b.map(result, operands, body)


def _reach(dtype: Dtype, zero_point: int, multiplier: int) -> int:
    """How far (x - zero_point) * multiplier can be from 0."""
    low, high = bounds(dtype)
    return max(abs(low - zero_point), abs(high - zero_point)) * abs(multiplier)


@lowers(quant.AddOp)
def add(op: quant.AddOp, b: LinalgBuilder) -> Array:
    """Zero points and rounding are one constant, as x * m - z * m is (x - z) * m; only the whole sum has to fit."""
    x, y, result = b[op.input], b[op.other], b.result(op)
    zx, zy = op.argument("input_zero_point"), op.argument("other_zero_point")
    mx, my = op.argument("input_multiplier"), op.argument("other_multiplier")
    shift, zero, low, high = (op.argument(name) for name in ("shift", "zero_point", "quant_min", "quant_max"))
    most = _reach(x.dtype, zx, mx) + _reach(y.dtype, zy, my)
    wide = dtype_for(most + (1 << (shift - 1)))

    def body(v: Scalar, w: Scalar) -> Scalar:
        total = v.cast(wide) * mx + w.cast(wide) * my - (zx * mx + zy * my)
        return rounded(total, shift, zero, low, high, most=most).cast(result.dtype)

    return b.elementwise(result, [x, y], body)


@lowers(quant.MulOp)
def mul(op: quant.MulOp, b: LinalgBuilder) -> Array:
    product = product_of(op.argument("input_zero_point"), op.argument("other_zero_point"))
    return b.elementwise(b.result(op), [b[op.input], b[op.other]], product)


# Sums


@lowers(quant.SumOp)
def sum_(op: quant.SumOp, b: LinalgBuilder) -> Array:
    x, result, zero = b[op.input], b.result(op), op.argument("zero_point")
    axes = axes_of(op.argument("dim"), x.rank)
    count = described(x.dtype, [x.sizes[d] for d in axes]).numel
    if isinstance(count, int):  # the zero points of all elements at once
        start, zero = -zero * count, 0
    else:
        start = 0
    return b.reshape(b.reduce(x, axes, start, lambda total, v: total + less(v, zero), dtypes.int32), result.sizes)


@lowers(quant.SumPool2dOp)
def sum_pool2d(op: quant.SumPool2dOp, b: LinalgBuilder) -> Array:
    x, result, zero = b[op.input], b.result(op), op.argument("zero_point")
    windows = windows_of(op, x.tensor, result.sizes, 2)
    padded, start = windows.padded(b, x, zero), 0
    kernel = windows.kernel
    if padded is x and all(isinstance(size, int) for size in kernel):
        start, zero = -zero * described(x.dtype, kernel).shape[0] * described(x.dtype, kernel).shape[1], 0
    return windows.fold(b, padded, [b.full(result, start)], lambda v, total: total + less(v, zero))[0]


# Tables


@lowers(quant.LookupOp)
def lookup(op: quant.LookupOp, b: LinalgBuilder) -> Array:
    x, table = b[op.input], b[op.table]
    smallest, _ = bounds(x.dtype)
    return b.elementwise(b.result(op), [x], lambda v: b.read(table, [v.cast(dtypes.int32).cast(INDEX) - smallest]))


@lowers(quant.InterpolateOp)
def interpolate(op: quant.InterpolateOp, b: LinalgBuilder) -> Array:
    x, table = b[op.input], b[op.table]

    def body(v: Scalar) -> Scalar:
        wide = v.cast(dtypes.int32)
        place = wide.shift_right(7).cast(INDEX) + 256
        here, there = (b.read(table, [at]).cast(dtypes.int32) for at in (place, place + 1))
        return (here + ((there - here) * (wide & 127) + 64).shift_right(7)).cast(dtypes.int16)

    return b.elementwise(b.result(op), [x], body)


@lowers(quant.SoftmaxOp)
def softmax(op: quant.SoftmaxOp, b: LinalgBuilder) -> Array:
    x, table, result = b[op.input], b[op.table], b.result(op)
    one, zero, low, high = (op.argument(name) for name in ("one", "zero_point", "quant_min", "quant_max"))
    axis = op.argument("dim") % x.rank
    lines = with_ones(x.sizes, [axis])
    largest = b.reduce(x, [axis], bounds(x.dtype)[0], lambda best, v: best.maximum(v))
    largest = b.reshape(largest, lines)

    def power(v: Scalar, most: Scalar) -> Scalar:
        return b.read(table, [(most.cast(dtypes.int32) - v.cast(dtypes.int32)).cast(INDEX)])

    dims = _dims(x.rank)
    kept = [AffineExpr.constant(0) if d == axis else dim for d, dim in enumerate(dims)]
    outside = [dim for d, dim in enumerate(dims) if d != axis]
    zeros = b.full(described(dtypes.int32, [size for d, size in enumerate(x.sizes) if d != axis]), 0)
    total = b.generic(
        [(x, dims), (largest, kept)],
        [(zeros, outside)],
        ["reduction" if d == axis else "parallel" for d in range(x.rank)],
        lambda v, most, total: total + power(v, most),
    )[0]
    numbers, count = numbers_of(op.table), x.sizes[axis]
    fits = numbers is not None and isinstance(count, int) and max(numbers) * (one + count) < 1 << 31
    wide = dtypes.int32 if fits else dtypes.int64

    def share(v: Scalar, most: Scalar, total: Scalar) -> Scalar:
        whole = total.cast(wide)
        part = (power(v, most).cast(wide) * one + whole.shift_right(1)).truncated(whole)
        return clamped(part + zero, low, high).cast(result.dtype)

    return b.elementwise(result, [x, largest, b.reshape(total, lines)], share)
