"""From the C files of a program to an image for a target, and to the sizes of its sections."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from etc.emit.c.interface import CInterface
from etc.errors import EtcError
from etc.runtime.targets.stack import CALL_GRAPH, StackBound, stack_bound
from etc.runtime.targets.table import model_table
from etc.runtime.targets.target import FIRMWARE, Target

MODEL_FLAGS = ("-std=c99", "-ffp-contract=off", "-ffunction-sections", "-fdata-sections")
"""For a model's own sources. Without contraction of multiplications and additions all targets give the same bits."""

_HARNESS_FLAGS = ("-std=gnu99", "-O2", "-ffunction-sections", "-fdata-sections", f"-I{FIRMWARE}")
_STACK_BYTES = 64 * 1024
_LONGEST_MESSAGE = 12
"""Lines of a compiler's message that an error shows."""


@dataclass(frozen=True)
class Footprint:
    """Bytes of a program and of what it uses of the C library, without arena and state, which the caller owns."""

    code: int
    weights: int
    constants: int
    data: int
    bss: int

    @property
    def flash(self) -> int:
        """Code and all constants; variables have their first values there, too."""
        return self.code + self.weights + self.constants + self.data


def compile_sources(target: Target, sources: Mapping[Path, Sequence[str]], into: Path) -> list[Path]:
    """Compile C files, each with flags of its own, to objects of the same names in a folder. Raises EtcError."""
    target.require()
    objects = [into / f"{source.stem}.o" for source in sources]
    commands = [
        [target.compiler, *_specs(target), *target.flags, *flags, "-c", str(source), "-o", str(built)]
        for (source, flags), built in zip(sources.items(), objects, strict=True)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(run_tool, commands))
    return objects


def model_sources(folder: Path, interface: CInterface, optimise: Iterable[str]) -> dict[Path, tuple[str, ...]]:
    """The files of a program, with the flags to compile them with."""
    return {folder / name: (*MODEL_FLAGS, *optimise, f"-I{folder}") for name in interface.sources}


@dataclass(frozen=True)
class Image:
    """A program built with the harness. Bare targets have a footprint and, unless it is recursive, a bound of stack.

    A profiled image has neither. `functions` are the bytes of each function of the footprint's code, the largest first.
    """

    path: Path
    footprint: Footprint | None = None
    stack: StackBound | None = None
    functions: Mapping[str, int] = field(default_factory=dict[str, int])


def build_image(
    folder: Path, interface: CInterface, target: Target, optimise: Sequence[str], into: Path, steps: int = 0
) -> Image:
    """Build a program with the harness, to run on a target; with `steps`, their number, to count what each takes.

    The linker leaves out what is not called, from the image as from what is measured. Raises EtcError.
    """
    profile = _profile_flags(interface) if steps else ()
    sources = model_sources(folder, interface, [*optimise, *([CALL_GRAPH] if target.is_bare else ()), *profile])
    model = compile_sources(target, sources, into)
    table = into / "model_table.c"
    table.write_text(model_table(interface))
    bare = ("-DETC_BARE_METAL",) if target.is_bare else ()
    below = {FIRMWARE / "harness.c": (), table: (f"-I{folder}",)}
    below |= {FIRMWARE / name: flags for name, flags in target.firmware.items()}
    counted = (f"-DETC_STEPS={steps}",) if steps else ()
    below |= {FIRMWARE / "profile.c": ()} if steps else {}
    flags = (*_HARNESS_FLAGS, *bare, *counted)
    harness = compile_sources(target, {path: (*flags, *own) for path, own in below.items()}, into)
    image = into / "image.elf"
    if not target.is_bare:
        _link(target, [*model, *harness], [], image)
        return Image(image)
    script = [f"-L{FIRMWARE}", f"-T{target.script}", f"-Wl,--defsym=STACK_BYTES={_STACK_BYTES}"]
    _link(target, [*model, *harness], [*_BARE_LINK, *script], image)
    if steps:
        return Image(image)
    alone = into / "footprint.elf"
    called = _called(interface)
    roots = [f"-Wl,-e,{called[0]}", *(f"-Wl,-u,{name}" for name in called)]
    _link(target, model, [*_BARE_LINK, *roots, f"-T{FIRMWARE / 'footprint.ld'}"], alone)
    return Image(image, _footprint(target, alone), _stack_bound(model, called), _functions(target, alone))


def find_stack_bound(
    folder: Path, interface: CInterface, target: Target, optimise: Sequence[str], into: Path
) -> StackBound | None:
    """What the methods of a program need when it is compiled for a target; None for recursion. Raises EtcError."""
    sources = model_sources(folder, interface, [*optimise, CALL_GRAPH])
    return _stack_bound(compile_sources(target, sources, into), _called(interface))


def _called(interface: CInterface) -> list[str]:
    """The functions that a program is used by."""
    state_init = [f"{interface.model}_state_init"] * bool(interface.state_bytes)
    return [*(method.function for method in interface.methods), *state_init]


def _stack_bound(objects: Iterable[Path], functions: Iterable[str]) -> StackBound | None:
    return stack_bound((graph for built in objects if (graph := built.with_suffix(".ci")).is_file()), functions)


def _profile_flags(interface: CInterface) -> list[str]:
    """The hooks of a model's steps, as calls of what counts them."""
    hooks = (f"-D{interface.model.upper()}_PROFILE_{hook.upper()}(op)=profile_{hook}(op)" for hook in ("begin", "end"))
    return ["-include", str(FIRMWARE / "profile.h"), *hooks]


def _link(target: Target, objects: Iterable[Path], options: Iterable[str], image: Path) -> None:
    linker = [target.compiler, *_specs(target), *target.flags]
    try:
        run_tool([*linker, *map(str, objects), *options, "-lm", "-o", str(image)])
    except EtcError as error:
        if full := re.findall(r"region `(\w+)' overflowed by (\d+) bytes", str(error)):
            raise EtcError(
                f"the program is too large for the memory of {target.machine}",
                found=", ".join(f"{int(bytes):,} bytes too many for {region}" for region, bytes in full),
                next_step="target host takes programs of any size",
            ) from error
        raise


_BARE_LINK = ("-nostartfiles", "-Wl,--gc-sections")


def _specs(target: Target) -> list[str]:
    return [f"--specs={target.specs}"] if target.specs else []


def _footprint(target: Target, image: Path) -> Footprint:
    """Read the sections' sizes; those that a model has invented hold constants."""
    sizes = {"text": 0, "weights": 0, "rodata": 0, "data": 0, "bss": 0}
    said = run_tool([re.sub("gcc$", "size", target.compiler), "-A", str(image)])
    for name, size, address in re.findall(r"^\.(\S+)\s+(\d+)\s+(\d+)$", said, re.MULTILINE):
        if int(address):  # what is not in the memory of the target has none
            sizes[name if name in sizes else "rodata"] += int(size)
    return Footprint(*sizes.values())


def _functions(target: Target, image: Path) -> dict[str, int]:
    """Bytes of each function, the largest first; those that one ends with, under other names, are parts of it."""
    said = run_tool([re.sub("gcc$", "nm", target.compiler), "--print-size", "--defined-only", str(image)])
    found = re.findall(r"^(\S+) (\S+) [tTwW] ([^.\s]+)\S*$", said, re.MULTILINE)
    sizes: dict[str, int] = {}
    covered = 0
    for start, size, name in sorted(((int(a, 16), -int(b, 16), name) for a, b, name in found)):
        if (end := start - size) > covered:
            sizes[name] = sizes.get(name, 0) + end - max(start, covered)
            covered = end
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))


def run_tool(command: Sequence[str]) -> str:
    """Run a compiler or one of its companions; returns what it prints. Raises EtcError with its message."""
    if shutil.which(command[0]) is None:
        raise EtcError(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        said = [line for line in lines if re.search(r"error|overflow|undefined|region", line)] or lines
        raise EtcError(f"{command[0]} cannot build the program", found="\n    ".join(said[:_LONGEST_MESSAGE]))
    return done.stdout
