"""Positions that are data: checks of their range, masks as lists of positions, indices that broadcast together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from etc.dialects import dtypes
from etc.dialects.infer import broadcast
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import tensor as described
from etc.errors import EtcError
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar

OUT_OF_RANGE = "an index is out of range"


def check_positions(b: LinalgBuilder, positions: Array, size: Dim, *, from_end: bool = False) -> None:
    """End the call with an error unless all positions are below `size` and not negative, or count from the end."""
    flat = b.reshape(positions, [positions.tensor.numel])
    limit = b.size(size)

    def check(i: Scalar) -> Sequence[Array]:
        place = b.read(flat, [i]).cast(INDEX)
        b.require((place >= (0 - limit if from_end else 0)) & (place < limit), OUT_OF_RANGE)
        return []

    b.loop(0, b.size(flat.sizes[0]), [], check)


def from_front(place: Scalar, size: Scalar) -> Scalar:
    """A position that may be negative, counted from 0."""
    return (place < 0).choose(place + size, place)


def element_of(b: LinalgBuilder, array: Array, at: Sequence[Scalar]) -> Scalar:
    """The element of `array`, which broadcasts to a tensor with the indices `at`."""
    ahead = len(at) - array.rank
    indices = [b.index(0) if array.sizes[i] == 1 else at[ahead + i] for i in range(array.rank)]
    return b.read(array, indices)


def places_where(b: LinalgBuilder, mask: Array, dtype: dtypes.Dtype = dtypes.int64) -> tuple[Array, Scalar]:
    """The indices of elements that are true, one position per row in plain order, and how many there are.

    The rows that the tensor has beyond that number have no content.
    """
    rows = b.empty(described(dtype, [mask.tensor.numel, mask.rank]))

    def step(at: Sequence[Scalar], rows: Array, count: Scalar) -> Sequence[Array | Scalar]:
        # Every position is written, and the next one writes over it unless it counts: no branch, no copy.
        for d, index in enumerate(at):
            rows = b.write(rows, index.cast(dtype), [count, d])
        return rows, count + b.read(mask, at).cast(dtypes.bool_).choose(b.index(1), 0)

    rows, count = b.nest([b.size(s) for s in mask.sizes], [rows, b.index(0)], step)
    return rows, count


def define_size(b: LinalgBuilder, size: Dim, count: Scalar) -> None:
    """Make `count` the value of the size; where the program knows the size already, check that it is."""
    name = size.symbol_name if isinstance(size, Expr) else None
    if name is not None and not b.knows(size):
        b.define(name, count)
        return
    b.require(count.eq(b.size(size)), "the data gives another size than the program expects")


@dataclass(frozen=True)
class Indices:
    """The indices of `self[indices]`: where the dimensions that they replace come from.

    `places[d]` gives the position in dimension d for indices in the dimensions `together` that all of them share, or
    is None for a dimension that stays whole. The shared dimensions begin at dimension `start` of the result.
    """

    places: Sequence[Callable[[Sequence[Scalar]], Scalar] | None]
    together: Sequence[Scalar]
    start: int

    def source(self, at: Sequence[Scalar]) -> list[Scalar]:
        """The position in `self` of an element of the result."""
        end = self.start + len(self.together)
        shared, whole = at[self.start : end], iter([*at[: self.start], *at[end:]])
        return [next(whole) if place is None else place(shared) for place in self.places]


def indices_of(b: LinalgBuilder, array: Array, given: Sequence[Array | None], data_size: Dim | None) -> Indices:
    """What index tensors and masks select of `array`; they are checked here. Masks define the size `data_size`.

    Raises EtcError for more than one mask: that they select equally many elements is known at run time only.
    """
    masks = [index for index in given if index is not None and _is_mask(index)]
    if len(masks) > 1:
        raise EtcError("several masks index one tensor", expected="one mask", next_step="combine them with `nonzero`")
    count, rows = None, None
    if masks:
        rows, count = places_where(b, masks[0])
        if data_size is not None:
            define_size(b, data_size, count)
    expanded: list[Array | int | None] = []
    for index in given:
        if index is None or not _is_mask(index):
            expanded.append(index)
        else:
            expanded += range(index.rank)
    expanded += [None] * (array.rank - len(expanded))
    tensors = [index for index in expanded if isinstance(index, Array)]
    shared = broadcast(*(t.sizes for t in tensors)) if tensors else (1,)
    together = [b.size(s) for s in shared]
    if count is not None:
        if shared[-1] != 1:
            b.require(count.eq(together[-1]), "the mask and the indices beside it select different numbers of elements")
        together = [*together[:-1], count]

    def place_of(index: Array | int, size: Dim) -> Callable[[Sequence[Scalar]], Scalar]:
        if isinstance(index, int):
            assert rows is not None
            chosen = rows
            return lambda at: b.read(chosen, [at[-1], index]).cast(INDEX)
        return lambda at: from_front(element_of(b, index, at).cast(INDEX), b.size(size))

    for index, size in zip(expanded, array.sizes, strict=True):
        if isinstance(index, Array):
            check_positions(b, index, size, from_end=True)
    used = [d for d, index in enumerate(expanded) if index is not None]
    adjacent = used[-1] - used[0] + 1 == len(used)
    places = [
        None if index is None else place_of(index, size) for index, size in zip(expanded, array.sizes, strict=True)
    ]
    return Indices(places, together, used[0] if adjacent else 0)


def _is_mask(index: Array) -> bool:
    return index.dtype in (dtypes.bool_, dtypes.uint8)
