"""Generated C as something that `etc-run` can run a program on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from etc import pipelines
from etc.c_program import CompiledC
from etc.compiler import compile
from etc.dialects.on_torch import torch_dtypes
from etc.dialects.symbolic import Expr
from etc.emit.c.interface import CTensor
from etc.errors import EtcError
from etc.program_report import describe_c, measure, write_report
from etc.runtime.stock import Input, check_inputs
from etc.runtime.targets.arrays import from_torch, to_torch
from etc.runtime.targets.emulated import EmulatedProgram
from etc.runtime.targets.interface import method_named
from etc.runtime.targets.programs import open_program
from etc.runtime.targets.target import HOST, TARGETS
from etc.tools.models import c_name, load_model
from etc.tools.runners import Method


def compile_for(path: str, target: str, optimise: Sequence[str] | None) -> CompiledC:
    """The C program that a model becomes, to be run on a target. Raises EtcError."""
    if Path(path.partition(":")[0]).suffix not in (".py", ".pt2"):
        expected = "a folder of generated C, FILE.pt2 or FILE.py:FUNCTION"
        raise EtcError(f"{path}: --target cannot run this", expected=expected)
    with redirect_stdout(sys.stderr):  # models may print
        compiled_for = target if target in pipelines.C_TARGETS else HOST.name
        compiled: CompiledC = compile(load_model(path), target=compiled_for, name=c_name(path))
    compiled.target, compiled.optimise = target, optimise
    return compiled


class OnTarget:
    """A C program, compiled for a target and run there."""

    def __init__(self, path: str, target: str, optimise: Sequence[str] | None):
        TARGETS[target].require()
        is_folder = Path(path).is_dir()
        self._compiled = None if is_folder else compile_for(path, target, optimise)
        self._program = open_program(path, target, optimise) if self._compiled is None else self._compiled.loaded
        self._path = path
        self.where = f"{target} ({TARGETS[target].machine})"
        self.is_measured = TARGETS[target].is_bare
        self.methods: Mapping[str, Method] = {
            method.name: Method(list(map(input_of, method.inputs)), [output.name for output in method.outputs])
            for method in self._program.interface.methods
        }

    def run(self, method: str, inputs: Sequence[Any]) -> Sequence[Any]:
        """Flat outputs for flat inputs, as tensors. Raises EtcError."""
        check_inputs(method, self.methods[method].inputs, inputs)
        outputs = self._program.call(method, [from_torch(value) for value in inputs])
        known = method_named(self._program.interface, method).outputs
        return [to_torch(array, output.dtype) for array, output in zip(outputs, known, strict=True)]

    def report(self, folder: str, method: str, inputs: Sequence[Any]) -> str:
        """Write the report of the program and of what this call of a method takes; returns the page's path.

        Raises EtcError for a folder of C, which does not know its operations.
        """
        if self._compiled is None:
            next_step = "give etc-run the model: FILE.pt2 or FILE.py:FUNCTION"
            raise EtcError(f"{self._path}: there is no report on a folder of C", next_step=next_step)
        arrays = [from_torch(value) for value in inputs]
        measured = measure(self._compiled, {method: arrays}) if self.is_measured else None
        return str(write_report(describe_c(self._compiled, measured=measured), Path(folder) / "report.html"))

    def figures(self) -> Mapping[str, Any]:
        """What the last run took, as far as the target can measure it: instructions, and bytes."""
        interface, program = self._program.interface, self._program
        memory: dict[str, Any] = {"arena": interface.arena_bytes, "state": interface.state_bytes}
        if len(interface.pools) > 1:
            memory["pools"] = {pool.name: pool.bytes for pool in interface.pools}
        if not isinstance(program, EmulatedProgram) or program.footprint is None:
            return memory
        sizes = {"flash": program.footprint.flash, **asdict(program.footprint)}
        bound = program.stack_bound
        stack = {
            "stack": program.last.stack,
            "stack_bound": bound and bound.bytes,
            "stack_library": sorted(bound.library) if bound else [],
        }
        return {"instructions": program.last.instructions, **stack, **sizes, **memory}


def figures_text(figures: Mapping[str, Any]) -> Iterator[str]:
    """Lines that tell what `figures` found; none for a program that ran elsewhere."""
    if "instructions" in figures:
        yield f"{figures['instructions']:,} instructions"
        parts = ", ".join(f"{name} {figures[name]:,}" for name in ("code", "weights", "constants", "data"))
        yield f"flash {figures['flash']:,} B: {parts}"
    if "arena" in figures:
        names = [name for name in ("arena", "state", "data", "bss", "stack") if name in figures]
        yield f"RAM {sum(figures[name] for name in names):,} B: " + ", ".join(f"{n} {figures[n]:,}" for n in names)
    if figures.get("stack_bound") is not None:
        library = ", ".join(figures["stack_library"])
        yield f"stack at most {figures['stack_bound']:,} B" + (f", with room for {library}" if library else "")


def input_of(tensor: CTensor) -> Input:
    """What a tensor is to those who make and check inputs."""
    are_bounds = tuple(isinstance(size, Expr) for size in tensor.sizes)
    return Input(tensor.name, torch_dtypes()[tensor.dtype], tensor.bounds, are_bounds)
