"""Which loops of a reduction become blocks of accumulators.

A reduction such as a convolution or a product of matrices reads every element of its inputs many times. A block of
`rows` x `vector` results is kept in registers while the reduction loops run, so that an element of an input serves a
whole row or column of it:

- the vector loop goes over neighbouring elements of the output, and of each input that depends on it at all: the C
  compiler turns it into SIMD instructions;
- the row loop is one in which an input that the vector loop reads stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from etc.errors import EtcError
from etc.lowering.linalg_to_loops.iteration import Iteration
from etc.lowering.linalg_to_loops.windows import Window

UNKNOWN_EXTENT = 1 << 20
"""An extent that only run time tells is taken to be large."""


ARRAYS_FROM = 8
"""Blocks of at least this width have arrays for accumulators, others scalars."""


NEAR = 4096
"""Elements that are in a processor's first cache all the time: 16 of its 32 KB."""


@dataclass(frozen=True)
class Target:
    """What the code is for. The defaults suit processors with 16 vector registers of 8 floats (AVX2)."""

    vector: int = 16
    """neighbouring results that a block has at least; 1 where there are no SIMD instructions for the type"""
    rows: int = 4
    """rows of a block, at least"""
    peel: bool = True
    """split loops over padded operands into borders and interior, for blocks in the interior; more code"""
    integers: Registers | None = None
    """what blocks of integers are made of; without, they are as those of floats"""

    def __post_init__(self) -> None:
        """Raises EtcError for a block without elements."""
        _check_block(self.vector, self.rows)


@dataclass(frozen=True)
class Registers:
    """A block of at most `vector` x `rows` integers, each in a register of its own."""

    vector: int
    rows: int = 2
    unroll: int = 4
    """iterations of the innermost reduction loop that are written one after the other, at most"""

    def __post_init__(self) -> None:
        """Raises EtcError for a block without elements."""
        _check_block(self.vector, self.rows)


def _check_block(vector: int, rows: int) -> None:
    for name, number in (("vector", vector), ("rows", rows)):
        if number < 1:
            raise EtcError(f"a block has at least 1 element each way: {name}", found=str(number))


@dataclass(frozen=True)
class Schedule:
    """Loop order and block sizes of a reduction. `width` and `height` are 1 without a vector or row loop."""

    outer: Sequence[int]
    """parallel loops, from the outermost; those of blocks among them go from block to block"""
    inner: Sequence[int]
    """reduction loops, from the outermost"""
    vector: int | None
    width: int
    row: int | None
    height: int
    in_arrays: bool = False
    """accumulators are in arrays, which compilers keep in vector registers; else each is a scalar"""
    registers: Registers | None = None
    """what a block of integers is made of"""


def choose(iteration: Iteration, windows: Sequence[Window], target: Target) -> Schedule | None:
    """A schedule with blocks; None when there is nothing to gain: no reduction, or nothing is used twice."""
    outputs, reduction = iteration.outputs, set(iteration.reduction)
    if not reduction or any(out.dims & reduction or not out.is_used for out in outputs):
        return None
    static = iteration.static_extents()
    extents = {dim: static.get(dim, UNKNOWN_EXTENT) for dim in range(iteration.rank)}
    registers = target.integers if iteration.is_of_integers else None
    most = registers.vector if registers is not None else target.vector
    vector = next(_vector_candidates(iteration, windows, extents), None) if most > 1 else None
    row = _row(iteration, windows, extents, static, vector, target)
    if vector is None and row is None:
        return None
    order = _outer_order(iteration, vector, row, extents), inner_order(iteration)
    if registers is not None:
        width = 1 if vector is None else registers_width(extents[vector], registers.vector)
        height = 1 if row is None else min(extents[row], registers.rows)
        return Schedule(*order, vector, width, row, height, registers=registers)
    width = 1 if vector is None else block_width(extents[vector], target.vector, shared=row is not None)
    height = 1 if row is None else _height(extents[row], target.rows, width)
    return Schedule(*order, vector, width, row, height, in_arrays=width >= ARRAYS_FROM)


def _vector_candidates(iteration: Iteration, windows: Sequence[Window], extents: Mapping[int, int]) -> Iterator[int]:
    """Loops over neighbouring elements, the largest first."""
    used = [access for access in iteration.inputs if access.is_used]
    moving = {dim for window in windows for dim in window.rest}
    for dim in sorted(iteration.parallel, key=lambda d: -extents[d]):
        contiguous = all(out.stride(dim) == 1 for out in iteration.outputs)
        if contiguous and extents[dim] > 1 and dim not in moving and all(a.stride(dim) in (0, 1) for a in used):
            yield dim


def _row(
    iteration: Iteration,
    windows: Sequence[Window],
    extents: Mapping[int, int],
    static: Mapping[int, int],
    vector: int | None,
    target: Target,
) -> int | None:
    """The loop in which an input that the vector loop reads stays the same, for most iterations."""
    used = [access for access in iteration.inputs if access.is_used and access.dims]

    def is_shared(dim: int) -> bool:
        return any(dim not in a.dims for a in used if vector is None or vector in a.dims)

    def fits(dim: int) -> bool:
        moved = [window for window in windows if dim in window.rest]
        return not moved or (target.peel and all(window.interior(dim, static) for window in moved))

    found = [d for d in iteration.parallel if d != vector and extents[d] > 1 and is_shared(d) and fits(d)]
    nearest = {dim: number for number, dim in enumerate(outer_order(iteration))}
    return max(found, key=lambda d: (min(extents[d], target.rows), extents[d], nearest[d]), default=None)


def block_width(extent: int, vector: int, *, shared: bool) -> int:
    """How many neighbours of `extent` a block has.

    With rows that share them, width * rows accumulators and a row of operands must fit the registers: the width that
    computes least in vain. Without, the width alone hides the latency of the additions: the widest that computes little
    in vain.
    """
    if extent <= vector:
        return extent
    if shared:
        return min((vector, vector * 3 // 2), key=lambda width: -(-extent // width) * width)
    wide = [vector * times for times in (4, 2) if vector * times <= extent]
    return next((width for width in wide if -(-extent // width) * width * 8 <= extent * 9), vector)


def registers_width(extent: int, vector: int) -> int:
    """The same for integers, each in a register."""
    return min(extent, vector)


def _height(extent: int, rows: int, width: int) -> int:
    """How many rows a block has: the number, from `rows` on, that computes least in vain, and the largest of these.

    Up to twice `rows` in arrays, where more rows than registers for them cost less than rows in vain; one more scalars.
    """
    if extent <= rows:
        return extent
    heights = range(rows, 2 * rows if width >= ARRAYS_FROM else rows + 2)
    return min(heights, key=lambda height: (-(-extent // height) * height, -height))


def _outer_order(
    iteration: Iteration, vector: int | None, row: int | None, extents: Mapping[int, int]
) -> tuple[int, ...]:
    """With rows, loops over blocks of what the rows share come first: it is read from near for all of them.

    When all of it is near, they come last, and the result is written in order.
    """
    others = [dim for dim in outer_order(iteration) if dim not in (vector, row)]
    blocks = [vector] if vector is not None else []
    if row is None:
        return (*others, *blocks)
    sharing = [a.dims for a in iteration.inputs if a.is_used and row not in a.dims]
    shared = [dim for dim in others if any(dim in dims for dims in sharing)]
    rest = [dim for dim in others if dim not in shared]
    near = all(prod(extents[dim] for dim in dims) <= NEAR for dims in sharing)
    return (*rest, row, *shared, *blocks) if near else (*blocks, *shared, *rest, row)


def outer_order(iteration: Iteration) -> tuple[int, ...]:
    """Parallel loops in the order in which the first output lies in memory."""
    out = iteration.outputs[0]

    def distance(dim: int) -> float:
        stride = out.stride(dim)
        return float("inf") if stride is None else abs(stride)

    return tuple(sorted(iteration.parallel, key=distance, reverse=True))


def inner_order(iteration: Iteration) -> tuple[int, ...]:
    """Reduction loops, those that move furthest in memory outside."""

    def distance(dim: int) -> float:
        strides = [access.stride(dim) for access in iteration.inputs if access.is_used and not access.is_scalar]
        return max((float("inf") if stride is None else abs(stride) for stride in strides), default=0)

    return tuple(sorted(iteration.reduction, key=distance, reverse=True))
