"""Sorting and the largest elements.

A line along the dimension is sorted by its indices: runs of doubling length are merged from one buffer into another,
n log n comparisons without recursion, and equal elements keep their order. NaN counts as larger than all numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from etc.dialects import dtypes, edge, symbolic
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.axes import axes_of
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.reduction import at_least_vector
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar

MOST_INSERTED = 16
"""Up to so many of the largest elements are found by inserting into a short sorted list."""

Before = Callable[[Scalar, Scalar], Scalar]
"""Whether one element comes before another."""


def _order(*, descending: bool) -> Before:
    def ascends(x: Scalar, y: Scalar) -> Scalar:
        return x < y if not x.dtype.is_float else (x < y) | y.is_nan() & x.eq(x)

    return (lambda x, y: ascends(y, x)) if descending else ascends


def _lines(sizes: Sequence[Dim], axis: int) -> list[Dim]:
    """Sizes before, along and behind a dimension."""
    return [symbolic.product(sizes[:axis]), sizes[axis], symbolic.product(sizes[axis + 1 :])]


@lowers(edge.SortOp)
def sort(op: edge.SortOp, b: LinalgBuilder) -> Sequence[Array]:
    x = at_least_vector(b, b[op.self_])
    axis = axes_of(op.argument("dim"), x.rank)[0]
    before = _order(descending=op.argument("descending"))
    return _sorted(b, x, axis, x.sizes[axis], before, b.result(op, 0), b.result(op, 1))


@lowers(edge.TopkOp)
def topk(op: edge.TopkOp, b: LinalgBuilder) -> Sequence[Array]:
    """Sorted whether asked for or not."""
    x, k = at_least_vector(b, b[op.self_]), op.argument("k")
    axis = axes_of(op.argument("dim"), x.rank)[0]
    before = _order(descending=op.argument("largest"))
    values, indices = b.result(op, 0), b.result(op, 1)
    if isinstance(k, int) and 0 < k <= MOST_INSERTED and x.sizes[axis] != k:
        return _inserted(b, x, axis, k, before, values, indices)
    return _sorted(b, x, axis, k, before, values, indices)


def _gathered(b: LinalgBuilder, x: Array, places: Array, values: Tensor, indices: Tensor) -> list[Array]:
    """Elements of the lines of `x` at `places`, and the places, as results."""

    def value(*at: Scalar) -> Scalar:
        return b.read(x, [at[0], b.read(places, at).cast(INDEX), at[2]])

    found = b.compute(values.like(sizes=places.sizes), value)
    return [b.reshape(found, values.sizes), b.reshape(places, indices.sizes)]


def _sorted(
    b: LinalgBuilder, x: Array, axis: int, taken: Dim, before: Before, values: Tensor, indices: Tensor
) -> list[Array]:
    """The first `taken` elements of each line in the order `before`."""
    lines = _lines(x.sizes, axis)
    x, n = b.reshape(x, lines), b.size(lines[1])
    line = described(dtypes.int64, [lines[1]])
    places = described(dtypes.int64, [lines[0], taken, lines[2]])

    def sort_line(at: Sequence[Scalar], out: Array, order: Array, merged: Array) -> Sequence[Array]:
        def element(place: Scalar) -> Scalar:
            return b.read(x, [at[0], place.cast(INDEX), at[1]])

        order = b.loop(0, n, [order], lambda i, order: b.write(order, i.cast(dtypes.int64), [i]))[0]
        order, merged = _merge_runs(b, n, order, merged, lambda p, q: before(element(p), element(q)))
        out = b.loop(0, b.size(taken), [out], lambda i, out: b.write(out, b.read(order, [i]), [at[0], i, at[1]]))[0]
        return out, order, merged

    out = b.nest([b.size(lines[0]), b.size(lines[2])], [b.empty(places), b.empty(line), b.empty(line)], sort_line)[0]
    return _gathered(b, x, out, values, indices)


def _merge_runs(b: LinalgBuilder, n: Scalar, order: Array, merged: Array, before: Before) -> Sequence[Array]:
    """`order`, places of `n` elements, sorted; `merged` is the other buffer."""

    def double(order: Array, merged: Array, width: Scalar) -> Sequence[Array | Scalar]:
        def merge(run: Scalar, merged: Array) -> Array:
            start = run * width * 2
            middle, end = (start + width).minimum(n), (start + width * 2).minimum(n)

            def take(i: Scalar, merged: Array, left: Scalar, right: Scalar) -> Sequence[Array | Scalar]:
                # Reads stay inside of the buffer where a run is used up; what they give is not taken then.
                p, q = (b.read(order, [at.minimum(n - 1)]) for at in (left, right))
                from_left = (left < middle) & ((right >= end) | ~before(q, p))
                step = from_left.choose(b.index(1), 0)
                return b.write(merged, from_left.choose(p, q), [i]), left + step, right + 1 - step

            return b.loop(start, end, [merged, start, middle], take)[0]

        merged = b.loop(0, n.ceil_quotient(width * 2), [merged], merge)[0]
        order = b.loop(0, n, [order], lambda i, order: b.write(order, b.read(merged, [i]), [i]))[0]
        return order, merged, width * 2

    return b.repeat([order, merged, b.index(1)], lambda _order, _merged, width: width < n, double)[:2]


def _inserted(
    b: LinalgBuilder, x: Array, axis: int, k: int, before: Before, values: Tensor, indices: Tensor
) -> list[Array]:
    """The first `k` elements of each line in the order `before`, in a list that is sorted at any time."""
    lines = _lines(x.sizes, axis)
    x = b.reshape(x, lines)
    places = described(dtypes.int64, [lines[0], k, lines[2]])

    def select(at: Sequence[Scalar], out: Array) -> Array:
        def element(place: Scalar) -> Scalar:
            return b.read(x, [at[0], place, at[1]])

        def place_of(out: Array, rank: Scalar) -> Scalar:
            return b.read(out, [at[0], rank, at[1]]).cast(INDEX)

        def insert(i: Scalar, out: Array) -> Array:
            new = element(i)

            def moves(out: Array, free: Scalar) -> Scalar:
                # Read at 0 where nothing is left to compare with.
                ahead = element(place_of(out, (free - 1).maximum(0)))
                return (free > 0) & before(new, ahead)

            def move(out: Array, free: Scalar) -> Sequence[Array | Scalar]:
                # The last of a full list drops out: it moves to where it is overwritten.
                moved = b.read(out, [at[0], free - 1, at[1]])
                return b.write(out, moved, [at[0], free.minimum(k - 1), at[1]]), free - 1

            out, free = b.repeat([out, i.minimum(k)], moves, move)
            # Where there is no place for it, the last of the list is written over with itself.
            last = b.read(out, [at[0], b.index(k - 1), at[1]])
            return b.write(out, (free < k).choose(i.cast(dtypes.int64), last), [at[0], free.minimum(k - 1), at[1]])

        return b.loop(0, b.size(lines[1]), [out], insert)[0]

    out = b.nest([b.size(lines[0]), b.size(lines[2])], [b.full(places, 0)], select)[0]
    return _gathered(b, x, out, values, indices)
