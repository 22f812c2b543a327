"""Scales that are computed from the values themselves, in float64 as the stock runtime does: once per tensor or row."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, quant
from etc.dialects.quant.on_torch import SMALLEST_SCALE
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.quant_conversion import dequantised, inverses, quantised, range_of, single
from etc.lowering.edge_to_linalg.limits import highest, lowest
from etc.lowering.edge_to_linalg.scalars import Scalar


@lowers(quant.ChooseQparamsOp)
def choose_qparams(op: quant.ChooseQparamsOp, b: LinalgBuilder) -> Sequence[Array]:
    x = b[op.input]
    return _qparams(b, x, list(range(x.rank)), *range_of(op), [b.result(op, i) for i in range(2)])


@lowers(quant.ChooseQparamsPerTokenOp)
def choose_qparams_per_token(op: quant.ChooseQparamsPerTokenOp, b: LinalgBuilder) -> Sequence[Array]:
    x = b[op.input]
    return _qparams(b, x, [x.rank - 1], -128, 127, [b.result(op, i) for i in range(2)])


def _qparams(
    b: LinalgBuilder, x: Array, axes: Sequence[int], quant_min: int, quant_max: int, results: Sequence[Tensor]
) -> list[Array]:
    ends = [
        b.reshape(b.reduce(x, axes, start, fold, dtypes.float32), results[0].sizes)
        for start, fold in (
            (highest(dtypes.float32), lambda total, v: total.minimum(v.cast(dtypes.float32))),
            (lowest(dtypes.float32), lambda total, v: total.maximum(v.cast(dtypes.float32))),
        )
    ]
    return [
        b.elementwise(known, ends, lambda low, high, i=i: _scale_and_zero_point(low, high, quant_min, quant_max)[i])
        for i, known in enumerate(results)
    ]


def _scale_and_zero_point(low: Scalar, high: Scalar, quant_min: int, quant_max: int) -> tuple[Scalar, Scalar]:
    """What `on_torch.choose_qparams` says, for values from `low` to `high`."""
    low, high = low.minimum(0.0), high.maximum(0.0)
    steps, smallest = quant_max - quant_min, single(SMALLEST_SCALE)
    scale = (high.cast(dtypes.float64) - low.cast(dtypes.float64)) / float(steps)
    short = scale.cast(dtypes.float32)
    unusable = short.eq(0.0) | (1 / short).eq(float("inf"))
    scale = unusable.choose(scale.like(0.1), scale)
    small = scale < SMALLEST_SCALE
    span, amplifier = single(smallest * steps), smallest / scale.cast(dtypes.float32)
    from_zero, to_zero = low.eq(0.0), high.eq(0.0)
    raised_low = from_zero.choose(low, to_zero.choose(low.like(-span), low * amplifier))
    raised_high = from_zero.choose(low.like(span), to_zero.choose(high, high * amplifier))
    bottom = small.choose(raised_low, low).cast(dtypes.float64)
    top = small.choose(raised_high, high).cast(dtypes.float64)
    scale = small.choose(scale.like(SMALLEST_SCALE), scale)
    below, above = bottom / scale, top / scale
    nearer = (abs(quant_min) - abs(below)) < (abs(quant_max) - abs(above))
    zero_point = nearer.choose(quant_min - below, quant_max - above)
    zero_point = zero_point.maximum(float(quant_min)).minimum(float(quant_max)).cast(dtypes.float32)
    return scale, zero_point.call("roundeven").as_int32().cast(dtypes.int64)


@lowers(quant.QuantizeDynamicOp, quant.QuantizePerTokenOp)
def quantize_with(op: quant.QuantizeDynamicOp | quant.QuantizePerTokenOp, b: LinalgBuilder) -> Array:
    x, result = b[op.input], b.result(op)
    scales, zero_points = _qparams_of(op, b)
    low, high = range_of(op)
    dims, row = _places(x, scales)
    return b.map(
        result,
        [(x, dims), (inverses(b, scales), row), (zero_points, row)],
        lambda v, factor, zero: quantised(v, factor, zero.cast(dtypes.int32), low, high, result.dtype),
    )


@lowers(quant.DequantizeDynamicOp, quant.DequantizePerTokenOp)
def dequantize_with(op: quant.DequantizeDynamicOp | quant.DequantizePerTokenOp, b: LinalgBuilder) -> Array:
    x, result = b[op.input], b.result(op)
    scales, zero_points = _qparams_of(op, b)
    dims, row = _places(x, scales)
    return b.map(
        result,
        [(x, dims), (scales, row), (zero_points, row)],
        lambda v, scale, zero: dequantised(v, scale.cast(dtypes.float32), zero.cast(dtypes.int32), result.dtype),
    )


DynamicOp = quant.QuantizeDynamicOp | quant.QuantizePerTokenOp | quant.DequantizeDynamicOp | quant.DequantizePerTokenOp


def _qparams_of(op: DynamicOp, b: LinalgBuilder) -> tuple[Array, Array]:
    """Scales and zero points: one of each, or one for each row, as [..., 1]."""
    if isinstance(op, quant.QuantizeDynamicOp | quant.DequantizeDynamicOp):
        return b.reshape(b[op.scale], [1]), b.reshape(b[op.zero_point], [1])
    return b[op.scales], b[op.zero_points]


def _places(x: Array, scales: Array) -> tuple[list[AffineExpr], list[AffineExpr]]:
    """Where the loops are in the input, and in scales of one element or one for each row."""
    dims = [AffineExpr.dimension(d) for d in range(x.rank)]
    return dims, [*(dims[:-1] if scales.rank > 1 else []), AffineExpr.constant(0)]
