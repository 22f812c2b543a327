"""Loops that slide a window over an operand whose borders are padding.

`fold-padding` leaves indexing maps such as `d2 * 2 + d4 - 1`, which go beyond the ends of the operand. What lies there
is neutral for the reduction, so the reduction loop d4 runs only where the index is inside:

    0 <= factor * d4 + rest < size
    for d4 from max(0, ceil(-rest / factor)) up to min(extent, ceil((size - rest) / factor))

Where a block of neighbouring windows lies inside altogether, the loop needs no such bounds: `interior`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import SSAValue

from etc.lowering.linalg_to_loops.builder import Index, LoopBuilder
from etc.lowering.linalg_to_loops.iteration import CONSTANT, Iteration, linear


@dataclass(frozen=True)
class Window:
    """The index `factor * d(dim) + rest` into dimension `number` of `buffer`; `rest` is linear in parallel loops."""

    buffer: SSAValue
    number: int
    dim: int
    factor: int
    rest: Mapping[int, int]

    def bounds(self, indices: Mapping[int, Index], extent: Index, build: LoopBuilder) -> tuple[Index, Index]:
        """Where the reduction loop runs, at these indices of the parallel loops."""
        rest: Index = 0
        for dim, factor in self.rest.items():
            if dim != CONSTANT:
                rest = build.add(rest, build.mul(indices[dim], factor))
        rest = build.add(rest, self.rest.get(CONSTANT, 0))
        size = build.size(self.buffer, self.number)
        # The divisions round towards zero: a negative quotient may come out as 0, which the bounds make of it anyway.
        up = self.factor - 1
        lower = build.floordiv(build.sub(up, rest), self.factor)
        upper = build.floordiv(build.sub(build.add(size, up), rest), self.factor)
        return build.max(0, lower), build.min(extent, upper)

    def interior(self, dim: int, extents: Mapping[int, int]) -> tuple[int, int] | None:
        """The range of a parallel loop in which the whole window is inside; None when not known from numbers alone."""
        step, size = self.rest[dim], _size(self.buffer, self.number)
        if {*self.rest} - {dim, CONSTANT} or step <= 0 or size < 0 or not {dim, self.dim} <= extents.keys():
            return None
        offset = self.rest.get(CONSTANT, 0)
        last = size - 1 - offset - self.factor * (extents[self.dim] - 1)
        lower = min(max(0, -(offset // step)), extents[dim])
        return lower, max(lower, min(last // step + 1, extents[dim]))


def _size(buffer: SSAValue, number: int) -> int:
    """The size of a dimension if its type tells."""
    return buffer.type.get_shape()[number] if isinstance(buffer.type, MemRefType) else -1


def windows(iteration: Iteration) -> Sequence[Window]:
    """The windows of a generic's padded operands."""
    found: list[Window] = []
    for access in (access for access in iteration.inputs if access.is_padded):
        for position, expr in enumerate(access.map.results):
            terms = {dim: factor for dim, factor in (linear(expr) or {}).items() if factor}
            dims = [dim for dim in terms if dim in iteration.reduction]
            if len(terms) > 1 and len(dims) == 1:
                factor = terms.pop(dims[0])
                found.append(Window(access.buffer, position, dims[0], factor, terms))
    return found


def bounds(
    windows: Sequence[Window], dim: int, indices: Mapping[int, Index], extent: Index, build: LoopBuilder
) -> tuple[Index, Index]:
    """Where a loop of `extent` iterations runs when it stays inside all of the windows."""
    found = [window.bounds(indices, extent, build) for window in windows if window.dim == dim]
    if not found:
        return 0, extent
    lowers, uppers = zip(*found, strict=True)
    return reduce(build.max, lowers), reduce(build.min, uppers)
