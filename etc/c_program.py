"""What `etc.compile(…, target=…)` gives for targets that are programmed in C."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, StringAttr

from etc.dialects import program
from etc.dialects.c_attributes import NUMBERS
from etc.errors import EtcError

if TYPE_CHECKING:
    from etc.emit.c import CProgram
    from etc.quantize.stages import Forms
    from etc.report import Report
    from etc.runtime.signature import Signature
    from etc.runtime.targets.build import Footprint
    from etc.runtime.targets.programs import Program

LARGE = 1 << 18
"""Bytes of weights."""
HOST = "host"
"""The target that C for any processor is run on."""


class CompiledC:
    """A program as C. `module` is its IR at the stage "loops", `c` its files and figures, `report` its figures."""

    def __init__(self, module: ModuleOp, c: CProgram, report: Report, target: str):
        self.module, self.c, self.report, self.target = module, c, report, target
        self.forms: Forms | None = None
        """of a quantised program, what it was on the way"""
        self.optimise: Sequence[str] | None = None
        """Options for the C compiler, where the program is built; None for those of the target."""
        self._folder: TemporaryDirectory[str] | None = None
        self._program: Program | None = None

    def save(self, folder: str | os.PathLike[str], package: str = "") -> Path:
        """Write the C files into a folder, which is made if need be; returns its path.

        The header has a bound of the stack where the compiler of the target is installed, which finds it.
        With a `package`, "cmake", "arduino", "zephyr" or "platformio", the folder is a library of that build system.
        Raises EtcError.
        """
        c = self._with_stack()
        if not package:
            return _write(c, folder)
        from etc.emit.c.packaging import package as packaged

        return _write(replace(c, files=c.files | packaged(c.interface, package)), folder)

    def _with_stack(self) -> CProgram:
        """The program with the bound of its stack, where the target has a compiler and that is installed."""
        from etc.runtime.targets.build import find_stack_bound
        from etc.runtime.targets.interface import read_interface
        from etc.runtime.targets.target import TARGETS

        target = TARGETS.get(self.target)
        if target is None or not target.is_bare or target.missing():
            return self.c
        optimise = target.optimise if self.optimise is None else self.optimise
        with TemporaryDirectory(prefix="etc-") as into:
            source = Path(self.for_building())
            bound = find_stack_bound(source, read_interface(source), target, optimise, Path(into))
        if bound is None:
            return self.c
        return self.c.with_stack(bound.bytes, target.command(optimise))

    def with_selftest(
        self, inputs: Sequence[Any], outputs: Any, *, method: str = "forward", tolerance: float = 1e-4, **keywords: Any
    ) -> CompiledC:
        """The same program with a function `<name>_selftest`, which calls a method with these inputs.

        `outputs` are what the PyTorch module returns for them, from its first state; floats may differ by `tolerance`.
        Raises EtcError when they do not fit.
        """
        from etc.emit.c import emit_c
        from etc.selftest import golden_call

        interface = self.c.interface
        golden = golden_call(interface, self._signature(method), inputs, keywords, outputs, tolerance)
        c = emit_c(self.module, interface.model, weights="blob" if self.c.data else "array", golden=golden)
        tested = CompiledC(self.module, c, self.report, self.target)
        tested.forms = self.forms
        return tested

    def _signature(self, method: str) -> Signature:
        signature = signatures(self.module).get(method)
        if signature is None:
            names = ", ".join(m.name for m in self.c.interface.methods)
            raise EtcError(f"there is no method {method}", found=names or "none")
        return signature

    @property
    def loaded(self) -> Program:
        """The program on its target: built when first asked for. Raises EtcError when a tool for that is missing."""
        if self._program is None:
            from etc.runtime.targets.programs import open_program

            self._program = open_program(
                self.for_building(), HOST if self.target == "c" else self.target, self.optimise
            )
        return self._program

    @property
    def is_loaded(self) -> bool:
        """Whether the program has been built for its target."""
        return self._program is not None

    def footprint(self) -> Footprint | None:
        """Bytes by section on a bare target; None where there is none to compile for. Raises EtcError."""
        from etc.runtime.targets.emulated import EmulatedProgram
        from etc.runtime.targets.target import TARGETS

        if self.target not in TARGETS or not TARGETS[self.target].is_bare:
            return None
        assert isinstance(self.loaded, EmulatedProgram)
        return self.loaded.footprint

    def for_building(self) -> str:
        """A temporary folder with the program, for a compiler that is run now.

        Large weights are bytes in it, which compilers take a hundred times faster than text.
        """
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="etc-")
            c = self.c
            if not c.data and c.figures.weights_bytes >= LARGE:
                from etc.emit.c import emit_c

                c = emit_c(self.module, c.interface.model, weights="blob")
            _write(c, self._folder.name)
        return self._folder.name

    def run(self, *inputs: Any, method: str = "forward", **keywords: Any) -> Any:
        """Execute a method on the target, microcontrollers under QEMU.

        The arguments are those of the PyTorch module's forward, by position or by keyword as they were when it was
        exported; the outputs are tensors in its structure. State lives on from call to call. Raises EtcError when an
        input does not fit, or when a compiler or emulator is missing.
        """
        from etc.runtime.targets.arrays import from_torch, to_torch

        signature = self._signature(method)
        flat = [from_torch(value) for value in signature.flat(inputs, keywords)]
        outputs = self.loaded.call(method, flat)
        described = next(m for m in self.c.interface.methods if m.name == method).outputs
        tensors = [to_torch(o, d.dtype) for o, d in zip(outputs, described, strict=True)]
        numbers = self._number_outputs(method)
        return signature.structured([t.item() if i in numbers else t for i, t in enumerate(tensors)])

    def _number_outputs(self, method: str) -> Collection[int]:
        """Which outputs of a method are numbers in PyTorch."""
        [function] = [m for m in program.methods(self.module) if m.sym_name.data == method]
        listed = function.attributes.get(NUMBERS)
        return [int(n) for n in listed.get_values()] if isinstance(listed, DenseArrayBase) else ()


def _write(c: CProgram, folder: str | os.PathLike[str]) -> Path:
    from etc.tools.files import write_all

    return write_all(folder, {name: text.encode() for name, text in c.files.items()} | c.data)


def signatures(module: ModuleOp) -> Mapping[str, Signature]:
    """How the methods of a program that is not yet a `.pte` are called."""
    from etc.runtime.signature import Signature, structure

    found: dict[str, Signature] = {}
    for method in program.methods(module):
        specs = [method.attributes.get(f"program.{name}") for name in ("in_spec", "out_spec")]
        texts = [spec.data if isinstance(spec, StringAttr) else None for spec in specs]
        constants = [program.constant_leaves(method, f"program.constant_{part}") for part in ("inputs", "outputs")]
        name = method.sym_name.data
        found[name] = Signature(name, structure(texts[0]), structure(texts[1]), constants[0], constants[1])
    return found
