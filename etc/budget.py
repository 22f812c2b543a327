"""Limits of memory and flash for C programs: a program beyond them is an error that says what takes most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etc.errors import EtcError, Problem

if TYPE_CHECKING:
    from etc.c_program import CompiledC
    from etc.transforms.plan_memory import MethodPlan

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20}
_SIZE = re.compile(r"(\d+)\s*([km]?)(?:i?b)?", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Bytes from `65536`, `64K` or `2M`. Raises ValueError for anything else."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no size such as 65536, 64K or 2M")
    return int(found[1]) * _UNITS[found[2].lower()]


def parse_pool(text: str) -> tuple[str, int]:
    """Name and bytes of a pool of memory from `sram:64K`. Raises ValueError for anything else."""
    name, colon, size = text.partition(":")
    if not name or not colon:
        raise ValueError(f"{text!r} is no pool such as sram:64K")
    return name, parse_size(size)


@dataclass(frozen=True)
class Budget:
    """The most bytes of RAM (arena and state; the stack is not counted) and of flash (code, weights, constants)."""

    ram: int | None = None
    flash: int | None = None

    def check(self, compiled: CompiledC) -> None:
        """Raise an EtcError for each limit that a program exceeds.

        What code takes is measured for targets that a compiler is known for, which has to be installed; for others the
        limit of flash is held against the weights alone.
        """
        problems = [p for p in (self._ram(compiled), self._flash(compiled)) if p is not None]
        if problems:
            raise EtcError(problems)

    def _ram(self, compiled: CompiledC) -> Problem | None:
        figures = compiled.c.figures
        total = figures.arena_bytes + figures.state_bytes
        if self.ram is None or total <= self.ram:
            return None
        largest = max(compiled.report.plans, key=lambda plan: plan.plan.planned_bytes)
        parts = f"an arena of {figures.arena_bytes:,} and {figures.state_bytes:,} of state"
        return Problem(
            f"the program needs {total:,} B of RAM: {parts}",
            expected=f"at most {self.ram:,} B",
            found=f"in method {largest.method}, live at once: {_culprits(largest) or 'nothing'}",
            next_step="make these smaller, or allow more with --max-ram",
        )

    def _flash(self, compiled: CompiledC) -> Problem | None:
        if self.flash is None:
            return None
        footprint = compiled.footprint()
        weights = compiled.c.figures.weights_bytes
        total = weights if footprint is None else footprint.flash
        if total <= self.flash:
            return None
        counted = "" if footprint is None else f", code {footprint.code:,}, constants {footprint.constants:,}"
        return Problem(
            f"the program needs {total:,} B of flash: weights {weights:,}{counted}",
            expected=f"at most {self.flash:,} B",
            found=f"the largest weights are {'; '.join(_largest_weights(compiled))}",
            next_step="make these smaller, or allow more with --max-flash",
        )


def _culprits(plan: MethodPlan) -> str:
    """The largest of what is live when a method needs most of the pool that it needs most of."""
    from etc.transforms.memory.picture import memory_maps

    maps = memory_maps(plan.buffers, plan.plan, plan.pools)
    return max(maps, key=lambda memory: memory.arena_size).culprits(plan.sources) if maps else ""


def _largest_weights(compiled: CompiledC) -> list[str]:
    from etc.transforms.memory.picture import MOST_CULPRITS

    sizes = [(weight.content.nbytes, weight.origin) for weight in compiled.c.weights]
    return [f"{name} with {size:,} B" for size, name in sorted(sizes, reverse=True)[:MOST_CULPRITS]]
