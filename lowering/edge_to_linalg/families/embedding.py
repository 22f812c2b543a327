"""Embeddings: rows of a table, bags of them, and the gradient of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from etc.dialects import dtypes, edge, symbolic
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.limits import lowest
from etc.lowering.edge_to_linalg.positions import check_positions
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in

SUM, MEAN, MAX = range(3)
"""The modes of embedding bags."""


@lowers(edge.EmbeddingOp)
def embedding(op: edge.EmbeddingOp, b: LinalgBuilder) -> Array:
    weight, positions = b[op.weight], b[op.indices]
    check_positions(b, positions, weight.sizes[0])

    def element(*at: Scalar) -> Scalar:
        return b.read(weight, [b.read(positions, at[:-1]).cast(INDEX), at[-1]])

    return b.compute(b.result(op), element)


@lowers(edge.EmbeddingDenseBackwardOp)
def embedding_dense_backward(op: edge.EmbeddingDenseBackwardOp, b: LinalgBuilder) -> Array:
    """Rows of the gradient are added one after the other; those at the padding index are left out."""
    gradient, positions, result = b[op.grad_output], b[op.indices], b.result(op)
    check_positions(b, positions, result.sizes[0])
    n, width = positions.tensor.numel, symbolic.product(gradient.sizes[positions.rank :])
    positions, gradient = b.reshape(positions, [n]), b.reshape(gradient, [n, width])
    table = result.like(dtype=computed_in(result.dtype), sizes=[result.sizes[0], width])

    def row_of(i: Scalar) -> Scalar:
        return b.read(positions, [i]).cast(INDEX)

    counts: Array | None = None
    if op.argument("scale_grad_by_freq"):
        zeros = b.full(described(dtypes.int64, [table.sizes[0]]), 0)

        def count(i: Scalar, counts: Array) -> Array:
            return b.write(counts, b.read(counts, [row_of(i)]) + 1, [row_of(i)])

        counts = b.loop(0, b.size(n), [zeros], count)[0]
    padding = op.argument("padding_idx")

    def add(at: Sequence[Scalar], total: Array) -> Array:
        row = row_of(at[0])
        value = b.read(gradient, at)
        if counts is not None:
            value = value / b.read(counts, [row]).cast(value.dtype)
        return b.write(total, b.read(total, [row, at[1]]) + value, [row, at[1]])

    def add_row(i: Scalar, total: Array) -> Array:
        columns = row_of(i).ne(b.size(padding)).choose(b.size(width), 0)
        return b.loop(0, columns, [total], lambda j, total: add([i, j], total))[0]

    summed = b.loop(0, b.size(n), [b.full(table, 0)], add_row)[0]
    return b.reshape(b.cast(summed, result.dtype), result.sizes)


@lowers(edge.EmbeddingBagOp)
def embedding_bag(op: edge.EmbeddingBagOp, b: LinalgBuilder) -> Sequence[Array]:
    """Each element of a bag is computed on its own, over the bag's rows."""
    weight, positions, offsets = b[op.weight], b[op.indices], b[op.offsets]
    factors, mode, padding = b.optional(op.per_sample_weights), op.argument("mode"), op.argument("padding_idx")
    result, bag_of_index, bag_sizes, maxima = (b.result(op, i) for i in range(4))
    check_positions(b, positions, weight.sizes[0])
    n, given = b.size(positions.sizes[0]), b.size(offsets.sizes[0])

    def start(bag: Scalar) -> Scalar:
        """Where a bag begins; that of the one behind the last is where the last ends."""
        return b.when(bag < given, lambda: b.read(offsets, [bag]).cast(INDEX), lambda: n)[0]

    def check(bag: Scalar) -> Sequence[Array]:
        begin, end = start(bag), start(bag + 1)
        b.require((begin >= 0) & (begin <= end) & (end <= n), "offsets are not ascending numbers of indices")
        return []

    bags = b.size(result.sizes[0])
    b.loop(0, bags, [], check)

    def over_bag(bag: Scalar, first: Sequence[Scalar], body: Callable[..., Sequence[Scalar]]) -> list[Scalar]:
        """Carry scalars through those rows of a bag that count: the place in `indices`, the row, what is carried."""

        def step(i: Scalar, *carried: Scalar) -> Sequence[Scalar]:
            row = b.read(positions, [i]).cast(INDEX)
            if padding < 0:
                return body(i, row, *carried)
            return b.when(row.ne(padding), lambda: body(i, row, *carried), lambda: carried)

        return b.loop(start(bag), start(bag + 1), first, step)

    def size_of(bag: Scalar) -> Scalar:
        return over_bag(bag, [b.index(0)], lambda _i, _row, count: [count + 1])[0]

    def total(bag: Scalar, column: Scalar) -> Scalar:
        def add(i: Scalar, row: Scalar, total: Scalar, count: Scalar) -> Sequence[Scalar]:
            value = b.read(weight, [row, column])
            return total + (value if factors is None else value * b.read(factors, [i])), count + 1

        sums, count = over_bag(bag, [b.constant(0, weight.dtype), b.index(0)], add)
        return sums / count.maximum(1).cast(sums.dtype) if mode == MEAN else sums

    def largest(bag: Scalar, column: Scalar) -> tuple[Scalar, Scalar]:
        """The largest element of a column and its row, of the first of equal ones; 0 for an empty bag."""

        def take(_i: Scalar, row: Scalar, best: Scalar, place: Scalar) -> Sequence[Scalar]:
            value = b.read(weight, [row, column])
            wins = (place < 0) | (value > best)
            return wins.choose(value, best), wins.choose(row, place)

        best, place = over_bag(bag, [b.constant(lowest(weight.dtype), weight.dtype), b.index(-1)], take)
        empty = place < 0
        return empty.choose(best.like(0), best), empty.choose(b.index(0), place)

    def fill(bag: Scalar, bag_of: Array) -> Array:
        number = bag.cast(bag_of_index.dtype)
        return b.loop(start(bag), start(bag + 1), [bag_of], lambda i, bag_of: b.write(bag_of, number, [i]))[0]

    rows = b.compute(result, (lambda *at: largest(*at)[0]) if mode == MAX else total)
    # torch leaves the size of bags at zero for sums, and the sizes in place of the maxima's rows for means.
    sizes = (
        b.full(bag_sizes, 0) if mode == SUM else b.compute(bag_sizes, lambda bag: size_of(bag).cast(bag_sizes.dtype))
    )
    places = b.compute(maxima, lambda *at: largest(*at)[1].cast(maxima.dtype)) if mode == MAX else sizes
    bag_of = b.full(bag_of_index, 0)
    if bag_of_index.sizes != (0,):
        bag_of = b.loop(0, bags, [bag_of], fill)[0]
    return [rows, bag_of, sizes, places]
