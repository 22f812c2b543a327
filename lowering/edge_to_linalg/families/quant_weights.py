"""Weights of 8 and 4 bits that are dequantised where they are used."""

from __future__ import annotations

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, quant
from etc.dialects.dtypes import Dtype
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.constants import numbers_of
from etc.lowering.edge_to_linalg.families.linear_algebra import rows_times
from etc.lowering.edge_to_linalg.families.quant_conversion import dequantised_rows, group_of
from etc.lowering.edge_to_linalg.positions import check_positions
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in

EmbeddingOp = quant.EmbeddingByteOp | quant.Embedding4bitOp
NIBBLE = 4


@lowers(quant.EmbeddingByteOp, quant.Embedding4bitOp)
def embedding(op: EmbeddingOp, b: LinalgBuilder) -> Array:
    """A table read as a whole is a matrix that is dequantised; no row is looked up then."""
    weight, result = b[op.weight], b.result(op)
    packed = isinstance(op, quant.Embedding4bitOp)
    rows = weight.sizes[0]
    if result.rank == 2 and isinstance(rows, int) and result.sizes[0] == rows and _is_whole(op, rows):
        return _table(b, op, result, packed)
    positions, scales, zeros = b[op.indices], b[op.weight_scales], b.optional(op.weight_zero_points)
    check_positions(b, positions, rows)

    def element(*at: Scalar) -> Scalar:
        row, column = b.read(positions, at[:-1]).cast(INDEX), at[-1]
        value = (
            _nibble(b.read(weight, [row, column.truncated(2)]), column)
            if packed
            else b.read(weight, [row, column]).cast(dtypes.int32)
        )
        group = [row] if scales.rank == 1 else [row, _group(column, result, scales)]
        zero = None if zeros is None else b.read(zeros, group)
        return _real(value, b.read(scales, group), zero, result.dtype)

    return b.compute(result, element)


def _is_whole(op: EmbeddingOp, rows: int) -> bool:
    return numbers_of(op.indices) == tuple(range(rows))


def _group(column: Scalar, result: Tensor, scales: Array) -> Scalar | int:
    columns, groups = result.sizes[-1], scales.sizes[1]
    assert isinstance(columns, int)
    assert isinstance(groups, int)
    return column.truncated(columns // groups) if groups > 1 else 0


def _nibble(byte: Scalar, column: Scalar) -> Scalar:
    """The half of a byte that a column has, from -8 to 7: even columns have the upper one."""
    wide = byte.cast(dtypes.int32)
    shift = (1 - (column.cast(dtypes.int32) & 1)) * NIBBLE
    return (wide.shift_right(shift) & 15) - 8


def _real(value: Scalar, scale: Scalar, zero: Scalar | None, dtype: Dtype) -> Scalar:
    """(value - zero) * scale in float32, as the rows of an embedding are computed."""
    real = value.cast(dtypes.float32)
    if zero is not None:
        real = real - zero.cast(dtypes.float32)
    return (real * scale.cast(dtypes.float32)).cast(computed_in(dtype))


def _table(b: LinalgBuilder, op: EmbeddingOp, result: Tensor, packed: bool) -> Array:
    """All rows in their order, element by element of the result."""
    weight, scales, zeros = b[op.weight], b[op.weight_scales], b.optional(op.weight_zero_points)
    i, j = AffineExpr.dimension(0), AffineExpr.dimension(1)
    place = group_of(scales.tensor, result, i, j)
    operands = [(weight, [i, j // 2 if packed else j]), (scales, place)]

    def body(v: Scalar, scale: Scalar, *zero: Scalar) -> Scalar:
        value = _nibble(v, b.loop_index(1)) if packed else v.cast(dtypes.int32)
        return _real(value, scale, zero[0] if zero else None, result.dtype)

    return b.map(result, [*operands, *([(zeros, place)] if zeros is not None else [])], body)


@lowers(quant.MixedLinearOp)
def mixed_linear(op: quant.MixedLinearOp, b: LinalgBuilder) -> Array:
    x, weight, result = b[op.input], b[op.weight], b.result(op)
    reals = weight.tensor.like(dtype=dtypes.float32)
    rows = dequantised_rows(b, reals, weight, op.weight_scales, op.weight_zero_points)
    wide = result.like(dtype=dtypes.float32)
    summed = rows_times(b, wide, b.cast(x, dtypes.float32), rows, None)
    return b.cast(summed, result.dtype)
