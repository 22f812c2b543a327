"""Loops of a reduction with blocks of accumulators; see schedule.py for which loops these are.

    for o by 16                                      // from block to block
      for p by 4
        float a0[16], a1[16], a2[16], a3[16];        // their first values
        for k                                        // reduction loops
          for v in 0..16                             // SIMD instructions
            w = W[k, o + v]
            a0[v] += X[p, k] * w;  a1[v] += X[p + 1, k] * w;  …
        // store

A C compiler keeps small arrays of constant size in vector registers; blocks narrower than ARRAYS_FROM are scalars that
the reduction loops carry, fully unrolled.

What a block does not divide is left to a block that overlaps the one before it, where elements may be computed twice,
else to a smaller block. Sizes known at run time only get loops of one element for their rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType, UnitAttr
from xdsl.ir import Attribute, Operation, SSAValue

from etc.dialects.c_attributes import STATEMENT
from etc.lowering.linalg_to_loops.body import copy_body
from etc.lowering.linalg_to_loops.builder import Index, LoopBuilder
from etc.lowering.linalg_to_loops.ends import Ends
from etc.lowering.linalg_to_loops.iteration import Access, Iteration, position
from etc.lowering.linalg_to_loops.schedule import ARRAYS_FROM, Schedule
from etc.lowering.linalg_to_loops.windows import Window, bounds


@dataclass(frozen=True)
class Segment:
    """A part of a loop that goes from block to block: `width` elements each, from `lower` on.

    With `overlap`, the last block is moved back to end where the segment does. Without `bounded`, windows that move
    with the loop are inside their operand.
    """

    lower: Index
    upper: Index
    width: int
    overlap: bool = False
    bounded: bool = True


@dataclass
class BlockedNest:
    """Writes the loops of one reduction."""

    iteration: Iteration
    ends: Ends
    windows: Sequence[Window]
    schedule: Schedule
    build: LoopBuilder
    extents: Sequence[Index]
    indices: dict[int, Index] = field(default_factory=dict[int, Index])
    _segments: dict[int, Segment] = field(default_factory=dict[int, Segment])

    def write(self) -> None:
        self._outer(0)

    # From block to block

    def _outer(self, depth: int) -> None:
        if depth == len(self.schedule.outer):
            return self._block()
        dim = self.schedule.outer[depth]
        for segment in self._split(dim):
            self._segments[dim] = segment
            with self.build.loop(segment.lower, segment.upper, segment.width, name=f"d{dim}") as loop:
                last = self.build.sub(segment.upper, segment.width)
                self.indices[dim] = self.build.min(loop.index, last) if segment.overlap else loop.index
                self._outer(depth + 1)

    def _split(self, dim: int) -> list[Segment]:
        """The parts of a parallel loop: borders and interior of what windows move over, and what blocks leave over."""
        extent = self.extents[dim]
        if dim == self.schedule.vector:
            return self._blocks(0, extent, self.schedule.width)
        if dim != self.schedule.row:
            return [Segment(0, extent, 1)]
        known = {d: e for d, e in enumerate(self.extents) if isinstance(e, int)}
        inside = [window.interior(dim, known) for window in self.windows if dim in window.rest]
        ranges = [found for found in inside if found is not None]
        if not ranges:
            return self._blocks(0, extent, self.schedule.height)
        lower, upper = max(lower for lower, _ in ranges), min(upper for _, upper in ranges)
        border = [Segment(0, lower, 1)] if lower else []
        middle = self._blocks(lower, upper, self.schedule.height, bounded=False) if lower < upper else []
        rest = [Segment(max(lower, upper), extent, 1)] if extent != max(lower, upper) else []
        return [*border, *middle, *rest]

    def _blocks(self, lower: int, upper: Index, width: int, *, bounded: bool = True) -> list[Segment]:
        if not isinstance(upper, int):
            blocks = self.build.mul(self.build.floordiv(upper, width), width)
            rest = [Segment(blocks, upper, 1)] if width > 1 else []
            return [Segment(0, blocks, width), *rest]
        count, left = divmod(upper - lower, width)
        if left and count and self.ends.is_repeatable:
            return [Segment(lower, upper, width, overlap=True, bounded=bounded)]
        blocks = [Segment(lower, upper - left, width, bounded=bounded)] if count else []
        return [*blocks, *([Segment(upper - left, upper, left, bounded=bounded)] if left else [])]

    # One block

    @property
    def _width(self) -> int:
        return self._segments[self.schedule.vector].width if self.schedule.vector is not None else 1

    @property
    def _height(self) -> int:
        return self._segments[self.schedule.row].width if self.schedule.row is not None else 1

    def _block(self) -> None:
        rows = [dict(self.indices) for _ in range(self._height)]
        if self.schedule.row is not None:
            for number, indices in enumerate(rows):
                indices[self.schedule.row] = self.build.add(self.indices[self.schedule.row], number)
        if not self.schedule.in_arrays or self._width < ARRAYS_FROM:
            columns = [self._column(number) for number in range(self._width)]
            if self.schedule.registers is None:
                self._scalar_block([indices | column for indices in rows for column in columns])
            else:  # all that is done with one neighbour, before the next one is loaded
                self._scalar_block([indices | column for column in columns for indices in rows])
        else:
            self._array_block(rows)

    def _column(self, number: Index) -> dict[int, Index]:
        """The index of the vector loop, `number` elements into the block."""
        vector = self.schedule.vector
        return {} if vector is None else {vector: self.build.add(self.indices[vector], number)}

    def _scalar_block(self, points: Sequence[dict[int, Index]]) -> None:
        outputs = self.iteration.outputs
        state = [self._first(out, point) for point in points for out in outputs]

        def body(carried: Sequence[SSAValue], inner: dict[int, Index]) -> Sequence[SSAValue]:
            loads = _Loads(self.iteration, self.build)
            results: list[SSAValue] = []
            for number, point in enumerate(points):
                values = carried[number * len(outputs) : (number + 1) * len(outputs)]
                results += self._step(loads, point | inner, values)
            if self.schedule.registers is not None:
                _in_order(results)
            return results

        results = self._reduce(0, {}, state, body)
        for number, point in enumerate(points):
            for out, value in zip(outputs, results[number * len(outputs) :], strict=False):
                self._last(value, out, point)

    def _array_block(self, rows: Sequence[dict[int, Index]]) -> None:
        outputs = self.iteration.outputs
        arrays = [[self.build.local(_element(out), self._width) for out in outputs] for _ in rows]
        with self.build.loop(0, self._width, name="v") as loop:
            column = self._column(loop.index)
            for indices, accumulators in zip(rows, arrays, strict=True):
                point = indices | column
                for out, array in zip(outputs, accumulators, strict=True):
                    self.build.store(self._first(out, point), array, [loop.index])

        def body(_: Sequence[SSAValue], inner: dict[int, Index]) -> Sequence[SSAValue]:
            loads = _Loads(self.iteration, self.build)
            along = {self.schedule.vector}
            for indices in rows:
                loads.load(indices | inner, lambda access: not access.dims & along)
            with self.build.loop(0, self._width, name="v") as loop:
                column = self._column(loop.index)
                for indices, accumulators in zip(rows, arrays, strict=True):
                    point = indices | column | inner
                    state = [self.build.load(array, [loop.index]) for array in accumulators]
                    for array, value in zip(accumulators, self._step(loads, point, state), strict=True):
                        self.build.store(value, array, [loop.index])
            return ()

        self._reduce(0, {}, (), body)
        with self.build.loop(0, self._width, name="v") as loop:
            column = self._column(loop.index)
            for indices, accumulators in zip(rows, arrays, strict=True):
                point = indices | column
                for out, array in zip(outputs, accumulators, strict=True):
                    self._last(self.build.load(array, [loop.index]), out, point)

    def _reduce(
        self,
        depth: int,
        inner: dict[int, Index],
        state: Sequence[SSAValue],
        body: Callable[[Sequence[SSAValue], dict[int, Index]], Sequence[SSAValue]],
    ) -> Sequence[SSAValue]:
        """The reduction loops around `body`, which gets what they carry and their indices."""
        if depth == len(self.schedule.inner):
            return body(state, inner)
        dim = self.schedule.inner[depth]
        lower, upper = self._bounds(dim)
        times = self._unrolled(lower, upper) if self._is_innermost(depth) else 1
        with self.build.loop(lower, upper, times, carried=state, name=f"d{dim}") as loop:
            values: Sequence[SSAValue] = loop.carried
            for number in range(times):
                at = self.build.add(loop.index, number)
                values = self._reduce(depth + 1, inner | {dim: at}, values, body)
            loop.yield_(*values)
        return loop.results

    def _is_innermost(self, depth: int) -> bool:
        """Whether the loops inside of a reduction loop have one iteration each, and are no loops then."""
        return all(self.extents[dim] == 1 for dim in self.schedule.inner[depth + 1 :])

    def _unrolled(self, lower: Index, upper: Index) -> int:
        """How many iterations of the innermost loop become one: a number that divides them."""
        registers = self.schedule.registers
        if registers is None or not isinstance(lower, int) or not isinstance(upper, int):
            return 1
        return next(times for times in range(registers.unroll, 0, -1) if (upper - lower) % times == 0)

    def _bounds(self, dim: int) -> tuple[Index, Index]:
        bounded = [w for w in self.windows if all(self._segments[d].bounded for d in w.rest if d in self._segments)]
        return bounds(bounded, dim, self.indices, self.extents[dim], self.build)

    def _step(self, loads: _Loads, point: dict[int, Index], state: Sequence[SSAValue]) -> list[SSAValue]:
        """One execution of the body: the accumulators' next values."""
        elements = loads.load(point, lambda access: True)
        elements |= {out.argument: value for out, value in zip(self.iteration.outputs, state, strict=True)}
        return copy_body(self.iteration.body, elements, point, self.build)

    def _first(self, out: Access, point: dict[int, Index]) -> SSAValue:
        return self.ends.first(out, position(out, point, self.build), self.build)

    def _last(self, value: SSAValue, out: Access, point: dict[int, Index]) -> None:
        self.ends.last(value, out, position(out, point, self.build), self.build)


def _in_order(values: Sequence[SSAValue]) -> None:
    """Have values computed where they stand: what is put off keeps its operands in registers."""
    for value in values:
        if isinstance(value.owner, Operation):
            value.owner.attributes[STATEMENT] = UnitAttr()


@dataclass
class _Loads:
    """What has been loaded in one iteration of the reduction loops; points of a block share elements."""

    iteration: Iteration
    build: LoopBuilder
    _known: dict[tuple[Access, tuple[Index, ...]], SSAValue] = field(
        default_factory=dict[tuple[Access, tuple[Index, ...]], SSAValue]
    )

    def load(self, point: dict[int, Index], wanted: Callable[[Access], bool]) -> dict[SSAValue, SSAValue]:
        """The elements at `point` of the inputs that are `wanted`, by argument of the body."""
        return {a.argument: self._element(a, point) for a in self.iteration.inputs if a.is_used and wanted(a)}

    def _element(self, access: Access, point: dict[int, Index]) -> SSAValue:
        if access.is_scalar:
            return access.buffer
        key = access, tuple(point[dim] for dim in sorted(access.dims))
        if key not in self._known:
            self._known[key] = self.build.load(access.buffer, position(access, point, self.build))
        return self._known[key]


def _element(out: Access) -> Attribute:
    assert isinstance(out.buffer.type, MemRefType)
    return out.buffer.type.element_type
