"""Generated programs on targets, whichever target it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from etc.emit.c.interface import CInterface
from etc.runtime.targets.emulated import EmulatedProgram
from etc.runtime.targets.host import HostProgram
from etc.runtime.targets.target import HOST, target_named


class Program(Protocol):
    """A generated program on a target."""

    interface: CInterface

    def call(self, method: str, inputs: Sequence[Any]) -> list[np.ndarray]:
        """Flat outputs for flat inputs, arrays or numbers; state lives on to the next call. Raises EtcError."""
        ...

    def reset(self) -> None:
        """Give the state its first values again."""
        ...


def open_program(folder: str | os.PathLike[str], target: str, optimise: Sequence[str] | None = None) -> Program:
    """Build the C program in a folder for a target, with its own options unless others are given. Raises EtcError."""
    chosen = target_named(target)
    if chosen is HOST:
        return HostProgram(folder, HOST.optimise if optimise is None else optimise)
    return EmulatedProgram(folder, chosen, optimise)
