"""The plain loop nest of a generic: parallel loops outside, reduction loops inside.

- An element is loaded in the outermost loop in which its position is known.
- An output that the body accumulates into is carried through the reduction loops in a scalar: one load before the
  first, one store after the last. Where the position depends on a reduction loop, memory is read and written in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xdsl.ir import SSAValue

from etc.lowering.linalg_to_loops.body import copy_body
from etc.lowering.linalg_to_loops.iteration import Access, Iteration, position
from etc.lowering.linalg_to_loops.windows import bounds

if TYPE_CHECKING:
    from collections.abc import Generator

    from etc.lowering.linalg_to_loops.builder import Index, Loop, LoopBuilder
    from etc.lowering.linalg_to_loops.ends import Ends
    from etc.lowering.linalg_to_loops.windows import Window


@dataclass
class Nest:
    """Writes the loops of one generic. `order` lists its loops from the outermost to the innermost, parallel first."""

    iteration: Iteration
    ends: Ends
    windows: Sequence[Window]
    build: LoopBuilder
    extents: Sequence[Index]
    order: Sequence[int]
    indices: dict[int, Index] = field(default_factory=dict[int, "Index"])
    elements: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    """What has been loaded, by argument of the body."""

    def write(self) -> None:
        self._load_inputs()
        self._parallel(0)

    @property
    def _carried(self) -> list[Access]:
        reduction = set(self.iteration.reduction)
        return [out for out in self.iteration.outputs if out.is_used and not out.dims & reduction]

    def _parallel(self, depth: int) -> None:
        if depth < len(self.iteration.parallel):
            with self._loop(depth):
                self._parallel(depth + 1)
            return
        first = [self.ends.first(out, self._position(out), self.build) for out in self._carried]
        for out, value in zip(self._carried, self._reduction(depth, first), strict=True):
            self.ends.last(value, out, self._position(out), self.build)

    def _reduction(self, depth: int, state: Sequence[SSAValue]) -> Sequence[SSAValue]:
        if depth == len(self.order):
            return self._point(state)
        with self._loop(depth, state) as loop:
            loop.yield_(*self._reduction(depth + 1, loop.carried))
        return loop.results

    def _point(self, state: Sequence[SSAValue]) -> list[SSAValue]:
        """Execute the body once: the new values of what is carried; other outputs are stored."""
        carried = self._carried
        in_place = [out for out in self.iteration.outputs if out not in carried]
        self.elements |= {out.argument: value for out, value in zip(carried, state, strict=True)}
        self.elements |= {out.argument: self._load(out) for out in in_place if out.is_used}
        yielded = copy_body(self.iteration.body, self.elements, self.indices, self.build)
        values = dict(zip(self.iteration.outputs, yielded, strict=True))
        for out in in_place:
            self._store(values[out], out)
        return [values[out] for out in carried]

    @contextmanager
    def _loop(self, depth: int, carried: Sequence[SSAValue] = ()) -> Generator[Loop]:
        dim = self.order[depth]
        lower, upper = bounds(self.windows, dim, self.indices, self.extents[dim], self.build)
        with self.build.loop(lower, upper, carried=carried, name=f"d{dim}") as loop:
            self.indices[dim] = loop.index
            self._load_inputs()
            yield loop

    def _load_inputs(self) -> None:
        """Load the inputs whose position is known by now."""
        for access in self.iteration.inputs:
            if access.is_used and access.argument not in self.elements and access.dims <= self.indices.keys():
                self.elements[access.argument] = self._load(access)

    def _load(self, access: Access) -> SSAValue:
        return access.buffer if access.is_scalar else self.build.load(access.buffer, self._position(access))

    def _store(self, value: SSAValue, out: Access) -> None:
        self.build.store(value, out.buffer, self._position(out))

    def _position(self, access: Access) -> list[Index]:
        return position(access, self.indices, self.build)
