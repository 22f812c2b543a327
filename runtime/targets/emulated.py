"""Programs on emulated microcontrollers, measured as they run."""

from __future__ import annotations

import os
import struct
import subprocess
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from etc.emit.c.interface import CMethod
from etc.errors import EtcError
from etc.runtime.targets.arrays import Arguments, arguments_of, output_of
from etc.runtime.targets.build import build_image
from etc.runtime.targets.interface import check_status, method_named, read_interface
from etc.runtime.targets.target import Target

CALIBRATION = 2_000_002
"""Instructions of the loop that each run counts first, `platform_calibrate`."""

CALIBRATION_SLACK = 50
"""What the count of it may be off, and what any count is off at most: the longest tick of a counter."""

_CALLS, _RESULTS = "calls.bin", "results.bin"


@dataclass(frozen=True)
class TargetRun:
    """One call: its outputs, and on a bare target what it took.

    `stack` is in bytes, below the caller; `calibration` is what was counted for the loop of known length. A profiled
    program counts the instructions of each step by its number, and not those of the whole.
    """

    outputs: list[np.ndarray]
    instructions: int | None
    stack: int | None
    calibration: int | None
    steps: tuple[int, ...] = ()


class _Reader:
    """Reads the harness's file from front to back."""

    def __init__(self, data: bytes):
        self._data, self._at = data, 0

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, code: str) -> int:
        return struct.unpack(f"<{code}", self.bytes(struct.calcsize(code)))[0]


class EmulatedProgram:
    """A program in the emulator of its target, or with the sanitizers in a process of its own.

    Each run starts the machine anew; state is carried from one to the next. Attributes: `interface`, `target`,
    `last` (the last call) and, of bare targets unless profiled, `footprint` (sizes in bytes), `functions` (bytes of
    each) and `stack_bound`.
    """

    last: TargetRun

    def __init__(
        self,
        folder: str | os.PathLike[str],
        target: Target,
        optimise: Sequence[str] | None = None,
        timeout: float = 600,
        steps: int = 0,
    ):
        """Build the program in a folder; `steps`, the number of its steps, makes it a profiled one.

        `optimise` are options for the compiler, the target's own unless given. `timeout` is in seconds, for a run.
        Raises EtcError.
        """
        self.interface = read_interface(folder)
        self.target, self._timeout, self._steps = target, timeout, steps
        build = TemporaryDirectory(prefix="etc-")
        self._build = Path(build.name)
        weakref.finalize(self, build.cleanup)
        source = Path(folder).resolve()
        options = target.optimise if optimise is None else optimise
        image = build_image(source, self.interface, target, options, self._build, steps)
        self._image, self.footprint, self.stack_bound = image.path, image.footprint, image.stack
        self.functions = image.functions
        self._state = b""

    def reset(self) -> None:
        """Give the state its first values again."""
        self._state = b""

    def call(self, method: str, inputs: Sequence[Any]) -> list[np.ndarray]:
        """Flat outputs for flat inputs; `last` then has the measurements. Raises EtcError."""
        return self.run([(method, inputs)])[0].outputs

    def run(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[TargetRun]:
        """Call methods, one after the other, in one start of the machine. Raises EtcError."""
        methods = [method_named(self.interface, name) for name, _ in calls]
        given = [arguments_of(method, inputs) for method, (_, inputs) in zip(methods, calls, strict=True)]
        with TemporaryDirectory(dir=self._build) as folder:
            place = Path(folder)
            (place / _CALLS).write_bytes(self._script(methods, given))
            self._execute(place)
            runs = self._read(methods, given, _Reader((place / _RESULTS).read_bytes()))
        self.last = runs[-1]
        return runs

    def _script(self, methods: Sequence[CMethod], given: Sequence[Arguments]) -> bytes:
        parts = [struct.pack("<II", len(methods), bool(self._state)), self._state]
        for method, arguments in zip(methods, given, strict=True):
            parts.append(struct.pack("<I", self.interface.methods.index(method)))
            parts.append(struct.pack(f"<{len(arguments.sizes)}I", *arguments.sizes.values()))
            for array in arguments.inputs:
                parts += [struct.pack("<I", array.nbytes), array.tobytes()]
        return b"".join(parts)

    def _execute(self, place: Path) -> None:
        command = [*self.target.emulator, str(self._image)]
        what = f"the program does not run on {self.target.name}"
        try:
            done = subprocess.run(command, cwd=place, capture_output=True, timeout=self._timeout, check=False)
        except subprocess.TimeoutExpired as error:
            raise EtcError(what, found=f"no end after {self._timeout:.0f} seconds") from error
        if done.returncode:
            lines = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines()
            raise EtcError(what, found="\n    ".join(lines[:12]) or f"exit code {done.returncode}")

    def _read(self, methods: Sequence[CMethod], given: Sequence[Arguments], results: _Reader) -> list[TargetRun]:
        counted = results.number("Q")
        calibration = counted if self.target.is_bare else None
        if calibration is not None and abs(calibration - CALIBRATION) > CALIBRATION_SLACK:
            what = f"instructions cannot be counted on {self.target.name}"
            raise EtcError(what, expected=f"{CALIBRATION} for the loop of that length", found=str(calibration))
        runs: list[TargetRun] = []
        for method, arguments in zip(methods, given, strict=True):
            status, instructions, stack = results.number("i"), results.number("Q"), results.number("I")
            check_status(self.interface, method, status)
            found = {symbol.name: results.number("I") for symbol in method.symbols if not symbol.given}
            sizes = {**arguments.sizes, **found}
            outputs = [output_of(output, sizes, results.bytes(output.bytes)) for output in method.outputs]
            steps = tuple(results.number("Q") for _ in range(self._steps))
            measured = (instructions, stack) if calibration is not None and not steps else (None, None)
            runs.append(TargetRun(outputs, *measured, calibration, steps))
        self._state = results.bytes(self.interface.state_bytes)
        return runs
