"""Reading elements at computed positions: gathers without loops that depend on each other, after a check of positions.

Positions count from the end when negative in `index`; elsewhere torch refuses negative ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import dtypes, edge, symbolic
from etc.dialects.infer import broadcast
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.axes import axes_of
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.reduction import at_least_vector
from etc.lowering.edge_to_linalg.positions import (
    check_positions,
    define_size,
    element_of,
    indices_of,
    places_where,
)
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar


@lowers(edge.IndexOp)
def index(op: edge.IndexOp, b: LinalgBuilder) -> Array:
    x, result = b[op.self_], b.result(op)
    given = [b.optional(value) for value in op.argument("indices")]
    if all(i is None for i in given):
        return x
    masked = next((i for i in given if i is not None and i.dtype in (dtypes.bool_, dtypes.uint8)), None)
    size = None
    if masked is not None:
        unknown = indexed_dim(x.rank, given)
        size = result.sizes[unknown]
    indices = indices_of(b, x, given, size)
    return b.compute(result, lambda *at: b.read(x, indices.source(at)))


def indexed_dim(rank: int, given: Sequence[Array | None]) -> int:
    """The dimension of the result in which the elements that a mask selects follow each other."""
    flags: list[bool] = []
    longest = 1
    for i in given:
        mask = i is not None and i.dtype in (dtypes.bool_, dtypes.uint8)
        flags += [i is not None] * (i.rank if i is not None and mask else 1)
        longest = longest if i is None or mask else max(longest, i.rank)
    used = [d for d, flag in enumerate(flags) if flag]
    adjacent = used[-1] - used[0] + 1 == len(used)
    return (used[0] if adjacent else 0) + longest - 1


@lowers(edge.IndexSelectOp)
def index_select(op: edge.IndexSelectOp, b: LinalgBuilder) -> Array:
    x, positions, result = b[op.self_], b[op.index], b.result(op)
    line = at_least_vector(b, x)
    axis = axes_of(op.argument("dim"), line.rank)[0]
    positions = at_least_vector(b, positions)
    check_positions(b, positions, line.sizes[axis])

    def taken(*at: Scalar) -> Scalar:
        if not x.rank:
            return b.read(x, [])
        place = b.read(positions, [at[axis]]).cast(INDEX)
        return b.read(x, [*at[:axis], place, *at[axis + 1 :]])

    return b.compute(result, taken)


@lowers(edge.GatherOp)
def gather(op: edge.GatherOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    x, positions = at_least_vector(b, b[op.self_]), at_least_vector(b, b[op.index])
    axis = axes_of(op.argument("dim"), x.rank)[0]
    if positions.rank != x.rank:  # an empty index may have any rank
        return b.empty(result)
    check_positions(b, positions, x.sizes[axis])

    def taken(*at: Scalar) -> Scalar:
        place = b.read(positions, at).cast(INDEX)
        return b.read(x, [*at[:axis], place, *at[axis + 1 :]])

    return b.reshape(b.compute(result.like(sizes=positions.sizes), taken), result.sizes)


# Masks


@lowers(edge.NonzeroOp)
def nonzero(op: edge.NonzeroOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    rows, count = places_where(b, b[op.self_])
    define_size(b, result.sizes[0], count)
    return b.slice(rows, [0, 0], result.sizes)


@lowers(edge.MaskedSelectOp)
def masked_select(op: edge.MaskedSelectOp, b: LinalgBuilder) -> Array:
    x, mask, result = b[op.self_], b[op.mask], b.result(op)
    sizes = broadcast(x.sizes, mask.sizes)

    def step(at: Sequence[Scalar], out: Array, count: Scalar) -> Sequence[Array | Scalar]:
        # Every element is written, and the next one writes over it unless it counts: no branch, no copy.
        out = b.write(out, element_of(b, x, at), [count])
        return out, count + element_of(b, mask, at).choose(b.index(1), 0)

    out = b.empty(described(x.dtype, [symbolic.product(sizes)]))
    out, count = b.nest([b.size(s) for s in sizes], [out, b.index(0)], step)
    define_size(b, result.sizes[0], count)
    return b.slice(out, [0], result.sizes)


@lowers(edge.RepeatInterleaveOp)
def repeat_interleave(op: edge.RepeatInterleaveOp, b: LinalgBuilder) -> Array:
    repeats, result = b[op.repeats], b.result(op)
    n = b.size(repeats.sizes[0])

    def repeats_of(i: Scalar) -> Scalar:
        return b.read(repeats, [i]).cast(INDEX)

    def count(i: Scalar, total: Scalar) -> Scalar:
        b.require(repeats_of(i) >= 0, "repeats must not be negative")
        return total + repeats_of(i)

    define_size(b, result.sizes[0], b.loop(0, n, [b.index(0)], count)[0])

    def fill(i: Scalar, out: Array, at: Scalar) -> Sequence[Array | Scalar]:
        number = i.cast(result.dtype)
        end = at + repeats_of(i)
        return b.loop(at, end, [out], lambda j, out: b.write(out, number, [j]))[0], end

    return b.loop(0, n, [b.empty(result), b.index(0)], fill)[0]
