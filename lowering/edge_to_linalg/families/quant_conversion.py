"""Between reals and quantised integers, with scales known at compile time, in float32 bit by bit as torch's oracle."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack, unpack

from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, quant
from etc.dialects.dtypes import Dtype
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.constants import number_of
from etc.lowering.edge_to_linalg.families.quant_arithmetic import along
from etc.lowering.edge_to_linalg.scalars import Scalar, computed_in

_EXACT = 1 << 21
"""Whole numbers of this size are rounded by adding a large number, which floats of 24 bits hold exactly."""
_LARGE = float(3 << 22)


def single(value: float) -> float:
    """The nearest float32."""
    return unpack("<f", pack("<f", value))[0]


def inverse(scale: float) -> float:
    """1 / scale in float32."""
    return single(1 / single(scale))


def whole(x: Scalar) -> Scalar:
    """The nearest integer of a float32 that is at most `_EXACT` away from 0, ties to even, as int32."""
    return ((x + _LARGE) - _LARGE).as_int32()


def at_least(x: Scalar, low: Scalar | float) -> Scalar:
    """The larger number; `low` for NaN."""
    return (x > low).choose(x, low)


def quantised(
    x: Scalar, inverse: Scalar | float, zero_point: int | Scalar, low: int, high: int, dtype: Dtype
) -> Scalar:
    """clamp(round(x * inverse) + zero_point, low, high) as a number of `dtype`.

    `zero_point`, a number or an int32, lies in [low, high]. Clamping what is out of reach comes first.
    """
    v = x.cast(dtypes.float32) * inverse
    if isinstance(zero_point, int) and max(zero_point - low, high - zero_point) <= _EXACT:
        v = at_least(v, float(low - zero_point)).minimum(float(high - zero_point))
        return _moved(whole(v), zero_point).cast(dtype)
    if max(-low, high) <= _EXACT // 2:
        v = at_least(v, -float(_EXACT)).minimum(float(_EXACT))
        return (whole(v) + zero_point).maximum(low).minimum(high).cast(dtype)
    zero = zero_point.cast(dtypes.float32) if isinstance(zero_point, Scalar) else float(zero_point)
    v = at_least(v.call("roundeven") + zero, single(low)).minimum(single(high))
    return v.cast(dtypes.int64).maximum(low).minimum(high).cast(dtype)


def _moved(x: Scalar, by: int) -> Scalar:
    return x + by if by else x


def dequantised(x: Scalar, scale: Scalar | float, zero_point: int | Scalar, dtype: Dtype) -> Scalar:
    """(x - zero_point) * scale, computed in float32, as what `dtype` is computed in."""
    wide = x.cast(dtypes.int32)
    difference = wide if isinstance(zero_point, int) and zero_point == 0 else wide - zero_point
    return (difference.cast(dtypes.float32) * scale).cast(computed_in(dtype))


def range_of(op: quant.QuantOp) -> tuple[int, int]:
    return op.argument("quant_min"), op.argument("quant_max")


# One scale


@lowers(quant.QuantizeOp)
def quantize(op: quant.QuantizeOp, b: LinalgBuilder) -> Array:
    result, factor, zero = b.result(op), inverse(op.argument("scale")), op.argument("zero_point")
    low, high = range_of(op)
    return b.elementwise(result, [b[op.input]], lambda v: quantised(v, factor, zero, low, high, result.dtype))


@lowers(quant.DequantizeOp)
def dequantize(op: quant.DequantizeOp, b: LinalgBuilder) -> Array:
    result, scale, zero = b.result(op), single(op.argument("scale")), op.argument("zero_point")
    return b.elementwise(result, [b[op.input]], lambda v: dequantised(v, scale, zero, result.dtype))


@lowers(quant.FakeQuantizeOp)
def fake_quantize(op: quant.FakeQuantizeOp, b: LinalgBuilder) -> Array:
    result, scale, zero = b.result(op), op.argument("scale"), op.argument("zero_point")
    low, high = range_of(op)

    def body(v: Scalar) -> Scalar:
        integer = quantised(v, inverse(scale), zero, low, high, dtypes.int32)
        return dequantised(integer, single(scale), zero, result.dtype)

    return b.elementwise(result, [b[op.input]], body)


@lowers(quant.ObserveOp)
def observe(op: quant.ObserveOp, b: LinalgBuilder) -> Array:
    return b[op.input]


# Scales along a dimension

Operand = tuple[Array, Sequence[AffineExpr]]


def inverses(b: LinalgBuilder, scales: Array) -> Array:
    """1 / scale in float32, for each scale once."""
    return b.elementwise(scales.tensor.like(dtype=dtypes.float32), [scales], lambda s: 1 / s.cast(dtypes.float32))


def with_zero_points(
    b: LinalgBuilder, zero_points: SSAValue | None, place: Sequence[AffineExpr]
) -> tuple[list[Operand], int | None]:
    """The operand that zero points are read from, or the one that all have."""
    common = 0 if zero_points is None else number_of(zero_points)
    if common is not None:
        return [], int(common)
    assert zero_points is not None
    return [(b[zero_points], place)], None


def zero_of(common: int | None, given: Sequence[Scalar]) -> int | Scalar:
    return given[0].cast(dtypes.int32) if common is None else common


@lowers(quant.QuantizePerChannelOp)
def quantize_per_channel(op: quant.QuantizePerChannelOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    operands, common = _per_channel(b, op, inverses(b, b[op.scales]))
    low, high = range_of(op)

    def body(v: Scalar, factor: Scalar, *zero: Scalar) -> Scalar:
        return quantised(v, factor, zero_of(common, zero), low, high, result.dtype)

    return b.map(result, operands, body)


@lowers(quant.DequantizePerChannelOp)
def dequantize_per_channel(op: quant.DequantizePerChannelOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    operands, common = _per_channel(b, op, b[op.scales])

    def body(v: Scalar, scale: Scalar, *zero: Scalar) -> Scalar:
        return dequantised(v, scale.cast(dtypes.float32), zero_of(common, zero), result.dtype)

    return b.map(result, operands, body)


@lowers(quant.FakeQuantizePerChannelOp)
def fake_quantize_per_channel(op: quant.FakeQuantizePerChannelOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    operands, common = _per_channel(b, op, b[op.scales])
    low, high = range_of(op)

    def body(v: Scalar, scale: Scalar, *zero: Scalar) -> Scalar:
        single, zero_point = scale.cast(dtypes.float32), zero_of(common, zero)
        integer = quantised(v, 1 / single, zero_point, low, high, dtypes.int32)
        return dequantised(integer, single, zero_point, result.dtype)

    return b.map(result, operands, body)


PerChannelOp = quant.QuantizePerChannelOp | quant.DequantizePerChannelOp | quant.FakeQuantizePerChannelOp


def _per_channel(b: LinalgBuilder, op: PerChannelOp, scales: Array) -> tuple[list[Operand], int | None]:
    """The input, the scales, and the zero points unless they are one number."""
    x = b[op.input]
    axis = op.argument("axis") % x.rank
    dims = [AffineExpr.dimension(d) for d in range(x.rank)]
    zeros, common = with_zero_points(b, op.zero_points, [dims[axis]])
    return [(x, dims), along(b, scales, axis), *zeros], common


@lowers(quant.DequantizePerGroupOp)
def dequantize_per_group(op: quant.DequantizePerGroupOp, b: LinalgBuilder) -> Array:
    return dequantised_rows(b, b.result(op), b[op.input], op.scales, op.zero_points)


def dequantised_rows(
    b: LinalgBuilder, result: Tensor, weight: Array, scales: SSAValue, zero_points: SSAValue | None
) -> Array:
    """A matrix with a scale for each row, or for each of equally long groups of columns."""
    i, j = AffineExpr.dimension(0), AffineExpr.dimension(1)
    place = group_of(b[scales].tensor, weight.tensor, i, j)
    zeros, common = with_zero_points(b, zero_points, place)

    def body(v: Scalar, scale: Scalar, *zero: Scalar) -> Scalar:
        return dequantised(v, scale.cast(dtypes.float32), zero_of(common, zero), result.dtype)

    return b.map(result, [(weight, [i, j]), (b[scales], place), *zeros], body)


def group_of(scales: Tensor, weight: Tensor, row: AffineExpr, column: AffineExpr) -> list[AffineExpr]:
    """Where the scale of an element of a matrix is: scales are one per row, or rows x groups."""
    if scales.rank == 1:
        return [row]
    columns, groups = weight.sizes[1], scales.sizes[1]
    if groups == 1:
        return [row, AffineExpr.constant(0)]
    assert isinstance(columns, int)
    assert isinstance(groups, int)
    return [row, column if columns == groups else column // (columns // groups)]
