"""Generated C on real processors: compiled and loaded on this machine, or run on emulated microcontrollers.

    program = open_program("out", "cortex-m4")
    outputs = program.call("forward", [x])          # NumPy arrays; state lives on from call to call
    program.last.instructions, program.last.stack, program.footprint.flash

    target.py      the targets: compiler, flags, machine; Debian's packages for them
    interface.py   the description of a program in its folder
    arrays.py      arrays as the program takes and gives them: sizes, symbols, order in memory
    build.py       from C to an image, and its sizes by section
    table.py       the C table of inputs and outputs that the harness works from
    emulated.py    images under QEMU, measured: instructions, stack
    host.py        shared libraries, called in this process
    firmware/      start-up code, linker scripts, semihosting, the harness: the C below the model

Instructions are counted, not cycles: QEMU executes one per nanosecond of its virtual clock (`-icount shift=0`), and
each run counts a loop of known length before the model.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from etc.emit.c.interface import CInterface
from etc.runtime.targets.build import Footprint
from etc.runtime.targets.emulated import EmulatedProgram, TargetRun
from etc.runtime.targets.host import HostProgram
from etc.runtime.targets.interface import read_interface
from etc.runtime.targets.target import HOST, TARGETS, Target, target_named

__all__ = [
    "HOST",
    "TARGETS",
    "EmulatedProgram",
    "Footprint",
    "HostProgram",
    "Program",
    "Target",
    "TargetRun",
    "open_program",
    "read_interface",
    "target_named",
]


class Program(Protocol):
    """A generated program on a target."""

    interface: CInterface

    def call(self, method: str, inputs: Sequence[Any]) -> list[np.ndarray]:
        """Flat outputs for flat inputs, arrays or numbers; state lives on to the next call. Raises EtcError."""
        ...

    def reset(self) -> None:
        """Give the state its first values again."""
        ...


def open_program(folder: str | os.PathLike[str], target: str, optimise: Sequence[str] = ("-O2",)) -> Program:
    """Build the C program in a folder for a target. Raises EtcError."""
    chosen = target_named(target)
    if chosen is HOST:
        return HostProgram(folder, optimise)
    return EmulatedProgram(folder, chosen, optimise)
