"""Programs of stage "loops" as text, to be printed as C, compiled and run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from xdsl.context import Context

from etc.dialects import get_all_dialects
from etc.emit.c import CProgram, emit_c
from etc.runtime.targets.programs import open_program
from etc.runtime.targets.target import HOST, SANITIZED
from etc.tools.sources import Chunk, parse

WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Werror")
COMPILERS = (
    ("gcc", "-std=c99", "-O2"),
    ("clang", "-std=c99", "-fsyntax-only"),
    ("g++", "-x", "c++", "-std=c++17", "-fsyntax-only"),
    ("clang++", "-x", "c++", "-std=c++17", "-fsyntax-only"),
)
"""GCC finds what is not initialised only when it optimises; other warnings need no code."""


def print_c(text: str, name: str = "net", **options: Any) -> CProgram:
    """The C program of a module given as text."""
    ctx = Context()
    for dialect, load in get_all_dialects().items():
        ctx.register_dialect(dialect, load)
    module = parse(ctx, Chunk("test.mlir", text)).module
    module.verify()
    return emit_c(module, name, **options)


def write(program: CProgram, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in program.files.items():
        (folder / name).write_text(text)
    for name, data in program.data.items():
        (folder / name).write_bytes(data)
    return folder


def assert_clean(folder: Path, compilers: Sequence[Sequence[str]] = COMPILERS) -> None:
    """Compile all C files of a folder with each compiler: a warning is an error."""
    sources = sorted(map(str, folder.glob("*.c")))
    for compiler in compilers:
        for source in sources:
            command = [*compiler, *WARNINGS, f"-I{folder}", "-c", source, "-o", str(folder / "out.o")]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"


TARGET = "ETC_TEST_TARGET"
"""Environment variable: where C is run, instead of on the host after a check for warnings; `make sanitize` sets it."""


def run(text: str, folder: Path, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Print, check, compile and run a program with one method."""
    program = print_c(text)
    write(program, folder)
    target = os.environ.get(TARGET, HOST.name)
    if target == HOST.name:
        assert_clean(folder)
    optimise = "-O0" if target == SANITIZED.name else "-O2"
    return open_program(folder, target, (optimise,)).call(program.interface.methods[0].name, inputs)


@dataclass(frozen=True)
class Case:
    """An operation on each element: `body` uses %a, %b, … and gives %r; `inputs`: IR type and data of each."""

    name: str
    body: str
    inputs: Mapping[str, tuple[str, np.ndarray]]
    result: str
    expected: np.ndarray
    tolerance: float = 0.0

    @property
    def count(self) -> int:
        return next(iter(self.inputs.values()))[1].size


def elementwise_module(cases: Sequence[Case]) -> str:
    """One method that does all cases, each in a kernel of its own on inputs of its own."""
    kernels, arguments, outputs, calls = [], [], [], []
    for i, case in enumerate(cases):
        n = case.count
        parameters = [f"%m_{name}: memref<{n}x{type}>" for name, (type, _) in case.inputs.items()]
        loads = "\n".join(
            f"      %{name} = memref.load %m_{name}[%i] : memref<{n}x{type}>" for name, (type, _) in case.inputs.items()
        )
        kernels.append(f"""
  func.func private @k{i}_{case.name}({", ".join([*parameters, f"%m_r: memref<{n}x{case.result}>"])}) {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = arith.constant {n} : index
    scf.for %i = %c0 to %n step %c1 {{
{loads}
      {case.body}
      memref.store %r, %m_r[%i] : memref<{n}x{case.result}>
    }}
    func.return
  }}""")
        arguments += [(f"%x{i}_{name}", n, type) for name, (type, _) in case.inputs.items()]
        outputs.append((f"%y{i}", n, case.result))
        mine = [*[f"%x{i}_{name}" for name in case.inputs], f"%y{i}"]
        types = [*[f"memref<{n}x{type}>" for type, _ in case.inputs.values()], f"memref<{n}x{case.result}>"]
        calls.append(f"    func.call @k{i}_{case.name}({', '.join(mine)}) : ({', '.join(types)}) -> ()")

    def edge(items: Sequence[tuple[str, int, str]]) -> str:
        return ", ".join(f"tensor<{n}x{type}>" for _, n, type in items)

    signature = ", ".join(f"{name}: memref<{n}x{type}>" for name, n, type in [*arguments, *outputs])
    return (
        "builtin.module {"
        + "".join(kernels)
        + f"""
  func.func @forward({signature}) attributes {{"c.inputs" = [{edge(arguments)}], "c.outputs" = [{edge(outputs)}]}} {{
{chr(10).join(calls)}
    func.return
  }}
}}
"""
    )


def inputs_of(cases: Sequence[Case]) -> list[np.ndarray]:
    given = [pair for case in cases for pair in case.inputs.values()]
    return [data.view(np.bool_) if type == "i1" else data for type, data in given]


def differences(cases: Sequence[Case], outputs: Sequence[np.ndarray]) -> list[str]:
    """What is wrong, in words; empty when everything is as expected."""
    found: list[str] = []
    for case, output in zip(cases, outputs, strict=True):
        got = np.asarray(output).reshape(-1)
        got = got.view(np.uint8) if got.dtype == np.bool_ else got
        want = case.expected.astype(got.dtype) if case.tolerance else case.expected.view(got.dtype)
        if case.tolerance:
            same = np.isclose(got, want, rtol=case.tolerance, atol=case.tolerance, equal_nan=True)
        else:
            same = (got == want) | ((got != got) & (want != want))
        for i in np.flatnonzero(~same)[:3]:
            given = {name: data[i] for name, (_, data) in case.inputs.items()}
            found.append(f"{case.name}: {given} gives {got[i]}, expected {want[i]}")
    return found
