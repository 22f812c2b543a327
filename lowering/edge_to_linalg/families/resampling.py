"""Images of another size: a table of places along each dimension, then elements read at them.

Places along a dimension do not depend on the image, so they are computed once per row and column, not per element.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, edge
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import tensor as described
from etc.errors import EtcError
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.shape import gather
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in

_ROW, _COLUMN = [AffineExpr.dimension(2)], [AffineExpr.dimension(3)]


@dataclass(frozen=True)
class Axis:
    """One dimension to resample, from `old` elements to `new` ones."""

    old: Dim
    new: Dim
    factor: float | None
    """new / old as the user gave it; the sizes' ratio without"""
    align_corners: bool = False

    def scale(self, b: LinalgBuilder, dtype: Dtype) -> Scalar:
        """Elements of the old image per element of the new one, in `dtype`."""
        old, new = (b.number(size, dtype) for size in (self.old, self.new))
        if self.old == self.new:
            return b.constant(1, dtype)
        if self.align_corners:
            return (new > 1).choose((old - 1) / (new - 1).maximum(1), 0)
        if self.factor is None or self.factor <= 0:
            return old / new
        given = b.constant(1 / self.factor, dtype)
        differ = isinstance(self.old, int) and isinstance(self.new, int)
        return given if differ else old.eq(new).choose(given.like(1), given)

    def place(self, i: Scalar, scale: Scalar) -> Scalar:
        """Where element `i` of the new image lies in the old one."""
        at = i.cast(scale.dtype)
        return at * scale if self.align_corners else ((at + 0.5) * scale - 0.5).maximum(0)


def _axes(op: edge.UpsampleNearest2dOp | edge.UpsampleBilinear2dOp, b: LinalgBuilder) -> tuple[Axis, Axis]:
    factors = op.argument("scale_factors") or (None, None)
    align = isinstance(op, edge.UpsampleBilinear2dOp) and op.argument("align_corners")
    old, new = b[op.input].sizes[2:], b.result(op).sizes[2:]
    rows, columns = (Axis(o, n, f, align) for o, n, f in zip(old, new, factors, strict=True))
    return rows, columns


def _positions_in(dtype: Dtype) -> Dtype:
    return dtypes.float64 if dtype is dtypes.float64 else dtypes.float32


# Nearest elements


@lowers(edge.UpsampleNearest2dOp)
def upsample_nearest(op: edge.UpsampleNearest2dOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.input], b.result(op)
    axes = _axes(op, b)
    repeats = [_whole_factor(axis) for axis in axes]
    if None not in repeats:
        n, c, rows, columns = operand.sizes
        sizes = [n, c, rows, repeats[0] or 1, columns, repeats[1] or 1]
        places = [AffineExpr.dimension(i) for i in (0, 1, 2, 4)]
        return b.reshape(gather(b, described(operand.dtype, sizes), operand, places), result.sizes)
    tables = [_nearest(b, axis) for axis in axes]

    def read(row: Scalar, column: Scalar) -> Scalar:
        return b.read(operand, [b.loop_index(0), b.loop_index(1), row.cast(INDEX), column.cast(INDEX)])

    return b.map(result, [(tables[0], _ROW), (tables[1], _COLUMN)], read)


def _nearest(b: LinalgBuilder, axis: Axis) -> Array:
    """The element of the old image for each of the new one."""

    def place(i: Scalar) -> Scalar:
        at = (i.cast(dtypes.float32) * axis.scale(b, dtypes.float32)).call("floor").cast(INDEX)
        return at.minimum(b.size(axis.old) - 1).cast(dtypes.int32)

    return b.compute(described(dtypes.int32, [axis.new]), place)


def _whole_factor(axis: Axis) -> int | None:
    """How often each element is repeated, where all are repeated equally often."""
    old, new = axis.old, axis.new
    if isinstance(old, Expr) or isinstance(new, Expr) or new % old:
        return None
    scale = _rounded(1.0 if old == new else old / new if axis.factor is None else 1 / axis.factor)
    factor = new // old
    same = all(min(math.floor(_rounded(i * scale)), old - 1) == i // factor for i in range(new))
    return factor if same else None


def _rounded(number: float) -> float:
    """`number` in float32."""
    return struct.unpack("f", struct.pack("f", number))[0]


# Means of neighbours


@lowers(edge.UpsampleBilinear2dOp)
def upsample_bilinear(op: edge.UpsampleBilinear2dOp, b: LinalgBuilder) -> Array:
    operand, result = b[op.input], b.result(op)
    _refuse_integers(result.dtype)
    within = _positions_in(result.dtype)
    axes = _axes(op, b)
    tables = [_neighbour(b, axis, within) for axis in axes]

    def element(row: Scalar, column: Scalar) -> Scalar:
        return b.read(operand, [b.loop_index(0), b.loop_index(1), row, column])

    def mean(top: Scalar, down: Scalar, left: Scalar, right: Scalar) -> Scalar:
        rows, columns = (
            [low, (low + 1).minimum(b.size(axis.old) - 1)]
            for low, axis in zip((top.cast(INDEX), left.cast(INDEX)), axes, strict=True)
        )
        upper, lower = (_between(element(row, columns[0]), element(row, columns[1]), right) for row in rows)
        return _between(upper, lower, down)

    return b.map(
        result, [(tables[0][0], _ROW), (tables[0][1], _ROW), (tables[1][0], _COLUMN), (tables[1][1], _COLUMN)], mean
    )


def _between(low: Scalar, high: Scalar, weight: Scalar) -> Scalar:
    return low * (1 - weight) + high * weight


def _neighbour(b: LinalgBuilder, axis: Axis, dtype: Dtype) -> tuple[Array, Array]:
    """For each element of the new image the one below its place in the old image, and the weight of the one above."""

    def low(at: Scalar) -> Scalar:
        return at.cast(INDEX).minimum(b.size(axis.old) - 1)

    def index(i: Scalar) -> Scalar:
        return low(axis.place(i, axis.scale(b, dtype))).cast(dtypes.int32)

    def weight(i: Scalar) -> Scalar:
        at = axis.place(i, axis.scale(b, dtype))
        return (at - low(at).cast(dtype)).maximum(0).minimum(1)

    return b.compute(described(dtypes.int32, [axis.new]), index), b.compute(described(dtype, [axis.new]), weight)


def _refuse_integers(dtype: Dtype) -> None:
    if not dtype.is_float:
        raise EtcError(
            f"images of {dtype} have no C implementation",
            expected="a float dtype",
            found=str(dtype),
            next_step="cast to float32 before and round after it",
        )


@lowers(edge.UpsampleBilinear2dAaOp)
def upsample_bilinear_antialiased(op: edge.UpsampleBilinear2dAaOp, b: LinalgBuilder) -> Array:
    """Each dimension by itself, columns first, in the dtype that is computed in."""
    result, operand = b.result(op), b[op.self_]
    _refuse_integers(result.dtype)
    image = operand
    for dim, factor in ((3, op.argument("scales_w")), (2, op.argument("scales_h"))):
        axis = Axis(operand.sizes[dim], result.sizes[dim], factor, op.argument("align_corners"))
        image = _filtered(b, image, dim, axis)
    return b.cast(image, result.dtype)


def _filtered(b: LinalgBuilder, image: Array, dim: int, axis: Axis) -> Array:
    """Means of neighbours along one dimension, weighted by a triangle that is as wide as an element of the new image.

    https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters: the filter that torch took from Pillow
    """
    dtype = computed_in(image.dtype)
    sizes = [axis.new if i == dim else size for i, size in enumerate(image.sizes)]

    def mean(*indices: Scalar) -> Scalar:
        scale = axis.scale(b, dtype)
        width = scale.maximum(1)
        centre = (indices[dim].cast(dtype) + 0.5) * scale
        first = (centre - width + 0.5).cast(INDEX).maximum(0)
        end = (centre + width + 0.5).cast(INDEX).minimum(b.size(axis.old))

        def add(i: Scalar, total: Scalar, weights: Scalar) -> list[Scalar]:
            weight = (1 - abs((i.cast(dtype) - centre + 0.5) / width)).maximum(0)
            x = b.read(image, [i if d == dim else index for d, index in enumerate(indices)])
            return [total + weight * x, weights + weight]

        total, weights = b.loop(first, end, [centre.like(0), centre.like(0)], add)
        return total / weights

    return b.compute(described(dtype, sizes), mean)
