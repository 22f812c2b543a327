"""Reductions along dimensions, and running sums.

float16 and bfloat16 are added up in float32 and rounded once. A tensor of rank 0 is seen as a vector of one element.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, edge, symbolic
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.tensor import Tensor
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.axes import axes_of
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.normalization import moments
from etc.lowering.edge_to_linalg.limits import highest, lowest
from etc.lowering.edge_to_linalg.scalars import Number, Scalar, computed_in

Fold = Callable[[Scalar, Scalar], Scalar]


def at_least_vector(b: LinalgBuilder, array: Array) -> Array:
    """`array` with one dimension at least."""
    return array if array.rank else b.reshape(array, [1])


def as_dtype(value: Scalar, stored: Dtype, wanted: Dtype) -> Scalar:
    """An element of a tensor of dtype `stored` as one of `wanted`; what has been rounded is not rounded again."""
    return value if stored is wanted else value.cast(wanted)


def added(total: Scalar, value: Scalar) -> Scalar:
    """The sum; of bools whether one is true."""
    return total | value if total.dtype is dtypes.bool_ else total + value


def multiplied(total: Scalar, value: Scalar) -> Scalar:
    """The product; of bools whether both are true."""
    return total & value if total.dtype is dtypes.bool_ else total * value


def _folded(
    b: LinalgBuilder, op: EdgeOp, axes: Sequence[int], start: Number, body: Fold, dtype: Dtype | None = None
) -> Array:
    """The operand folded along `axes` in `dtype`, that of the result by default, and given the result's sizes."""
    x, result = at_least_vector(b, b[op.operands[0]]), b.result(op)
    dtype = dtype or result.dtype
    folded = b.reduce(x, axes, start, lambda total, v: body(total, as_dtype(v, x.dtype, dtype)), computed_in(dtype))
    return b.reshape(b.cast(folded, result.dtype), result.sizes)


def _axes(op: EdgeOp, b: LinalgBuilder) -> list[int]:
    return axes_of(op.argument("dim"), max(b[op.operands[0]].rank, 1))


# Sums and products


@lowers(edge.SumOp)
def sum_(op: edge.SumOp, b: LinalgBuilder) -> Array:
    return _folded(b, op, _axes(op, b), 0, added)


@lowers(edge.ProdOp)
def prod(op: edge.ProdOp, b: LinalgBuilder) -> Array:
    return _folded(b, op, axes_of(None, max(b[op.self_].rank, 1)), 1, multiplied)


@lowers(edge.ProdDimOp)
def prod_dim(op: edge.ProdDimOp, b: LinalgBuilder) -> Array:
    return _folded(b, op, _axes(op, b), 1, multiplied)


@lowers(edge.AnyOp)
def any_(op: edge.AnyOp, b: LinalgBuilder) -> Array:
    if op.argument("dim") == []:
        return b.cast(b.cast(b[op.self_], dtypes.bool_), b.result(op).dtype)
    return _folded(b, op, _axes(op, b), False, lambda total, v: total | v, dtypes.bool_)


@lowers(edge.MeanOp)
def mean(op: edge.MeanOp, b: LinalgBuilder) -> Array:
    x, result = at_least_vector(b, b[op.self_]), b.result(op)
    axes, dtype = _axes(op, b), computed_in(result.dtype)
    n = symbolic.product(x.sizes[i] for i in axes)
    sums = b.reduce(x, axes, 0, lambda total, v: total + as_dtype(v, x.dtype, result.dtype), dtype)
    means = b.elementwise(sums.tensor.like(dtype=result.dtype), [sums], lambda v: v / b.number(n, dtype))
    return b.reshape(means, result.sizes)


@lowers(edge.VarOp)
def var(op: edge.VarOp, b: LinalgBuilder) -> Array:
    return _variance(op, b)[0]


@lowers(edge.VarMeanOp)
def var_mean(op: edge.VarMeanOp, b: LinalgBuilder) -> Sequence[Array]:
    return _variance(op, b)


def _variance(op: edge.VarOp | edge.VarMeanOp, b: LinalgBuilder) -> list[Array]:
    """Variance and mean: the mean of squared distances times n / (n - correction)."""
    x, result = at_least_vector(b, b[op.self_]), b.result(op)
    axes, given = _axes(op, b), op.argument("correction")
    correction = 1 if given is None else given
    n = symbolic.product(x.sizes[i] for i in axes)
    mean, biased = moments(b, x, axes)

    def corrected(v: Scalar) -> Scalar:
        count = b.number(n, x.dtype)
        if isinstance(n, int):
            return v * (b.constant(n, x.dtype) / b.constant(max(n - correction, 0), x.dtype))
        return v * (count / (count - correction).maximum(0))

    unbiased = biased if correction == 0 else b.elementwise(biased.tensor, [biased], corrected)
    return [b.reshape(b.cast(a, result.dtype), result.sizes) for a in (unbiased, mean)]


# Extrema


@lowers(edge.AmaxOp)
def amax(op: edge.AmaxOp, b: LinalgBuilder) -> Array:
    return _folded(b, op, _axes(op, b), lowest(b.result(op).dtype), lambda best, v: best.maximum(v))


@lowers(edge.AminOp)
def amin(op: edge.AminOp, b: LinalgBuilder) -> Array:
    return _folded(b, op, _axes(op, b), highest(b.result(op).dtype), lambda best, v: best.minimum(v))


@lowers(edge.MaxOp)
def max_(op: edge.MaxOp, b: LinalgBuilder) -> Array:
    everything = axes_of(None, max(b[op.self_].rank, 1))
    return _folded(b, op, everything, lowest(b.result(op).dtype), lambda best, v: best.maximum(v))


@lowers(edge.MinOp)
def min_(op: edge.MinOp, b: LinalgBuilder) -> Array:
    everything = axes_of(None, max(b[op.self_].rank, 1))
    return _folded(b, op, everything, highest(b.result(op).dtype), lambda best, v: best.minimum(v))


@lowers(edge.MaxDimOp, edge.MinDimOp)
def extremum_with_index(op: edge.MaxDimOp | edge.MinDimOp, b: LinalgBuilder) -> Sequence[Array]:
    x, axis = at_least_vector(b, b[op.self_]), _axes(op, b)[0]
    return _with_index(b, x, axis, b.result(op, 0), b.result(op, 1), largest=isinstance(op, edge.MaxDimOp))


@lowers(edge.ArgmaxOp, edge.ArgminOp)
def arg_extremum(op: edge.ArgmaxOp | edge.ArgminOp, b: LinalgBuilder) -> Array:
    x, result, dim = b[op.self_], b.result(op), op.argument("dim")
    x = b.reshape(x, [x.tensor.numel]) if dim is None else at_least_vector(b, x)
    axis = 0 if dim is None else axes_of(dim, x.rank)[0]
    values = result.like(dtype=x.dtype)
    return _with_index(b, x, axis, values, result, largest=isinstance(op, edge.ArgmaxOp))[1]


def _with_index(
    b: LinalgBuilder, x: Array, axis: int, values: Tensor, indices: Tensor, *, largest: bool
) -> Sequence[Array]:
    """Extrema along `axis` and where each was found first, or the first NaN."""
    start = lowest(x.dtype) if largest else highest(x.dtype)
    sizes = [size for i, size in enumerate(x.sizes) if i != axis]
    kept = [AffineExpr.dimension(i) for i in range(x.rank) if i != axis]

    def better(value: Scalar, best: Scalar, place: Scalar) -> tuple[Scalar, Scalar]:
        wins = value > best if largest else value < best
        if value.dtype.is_float:
            wins = wins | value.is_nan() & best.eq(best)
        return wins.choose(value, best), wins.choose(b.loop_index(axis).cast(dtypes.int64), place)

    best, places = b.generic(
        [(x, [AffineExpr.dimension(i) for i in range(x.rank)])],
        [
            (b.full(described(x.dtype, sizes), start), kept),
            (b.full(described(dtypes.int64, sizes), 0), kept),
        ],
        ["reduction" if i == axis else "parallel" for i in range(x.rank)],
        better,
    )
    return b.reshape(best, values.sizes), b.reshape(places, indices.sizes)


# Running sums


@lowers(edge.CumsumOp)
def cumsum(op: edge.CumsumOp, b: LinalgBuilder) -> Array:
    """Lines along the dimension one after the other: each element needs the sum before it."""
    x, result = at_least_vector(b, b[op.self_]), b.result(op)
    axis = _axes(op, b)[0]
    lines = [symbolic.product(x.sizes[:axis]), x.sizes[axis], symbolic.product(x.sizes[axis + 1 :])]
    x = b.reshape(x, lines)
    zero = b.constant(0, result.dtype)

    def line(at: Sequence[Scalar], out: Array) -> Array:
        def step(i: Scalar, out: Array, total: Scalar) -> tuple[Array, Scalar]:
            place = [at[0], i, at[1]]
            total = added(total, as_dtype(b.read(x, place), x.dtype, result.dtype))
            return b.write(out, total, place), total

        return b.loop(0, b.size(lines[1]), [out, zero], step)[0]

    out = b.nest([b.size(lines[0]), b.size(lines[2])], [b.empty(result.like(sizes=lines))], line)[0]
    return b.reshape(out, result.sizes)
