"""The second half of `make demo`: the same model as C on an emulated Cortex-M4, and what it takes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

TARGET = "cortex-m4"


def on_microcontroller(
    console: Console,
    module: Any,
    inputs: Sequence[Any],
    folder: Path,
    calls: dict[str, Any],
    answer: Callable[[Any], str],
) -> float:
    """Compile `module` for a Cortex-M4, run it on each of `calls`, and print the answers and what it takes.

    `answer` puts outputs into words. Returns the largest difference to PyTorch. Raises EtcError.
    """
    import torch
    from rich.table import Table
    from torch.utils._pytree import tree_leaves

    import etc
    from etc.report import bytes_text
    from etc.runtime.targets.emulated import EmulatedProgram
    from etc.runtime.targets.target import TARGETS

    if TARGETS[TARGET].missing():
        console.print("The compiler or the emulator of the microcontroller is not installed: `make toolchains`.\n")
        return 0.0
    with console.status("compiling to C"):
        compiled = etc.compile(module, inputs, target=TARGET, name=folder.name)
    compiled.save(folder)
    answers = Table()
    for title in ("input", "the M4 says", "PyTorch says", "instructions"):
        answers.add_column(title, justify="right")
    error, stack = 0.0, 0
    for name, value in calls.items():
        with console.status(f"running on {TARGETS[TARGET].machine}"):
            found = compiled.run(value)
        with torch.no_grad():
            wanted = module(value)
        pairs = zip(tree_leaves(found), tree_leaves(wanted), strict=True)
        error = max(error, *(float((a - b).abs().max()) for a, b in pairs))
        program = compiled.loaded
        assert isinstance(program, EmulatedProgram)
        stack = program.last.stack or 0
        answers.add_row(name, answer(found), answer(wanted), f"{program.last.instructions or 0:,}")
    console.print(answers)
    footprint = compiled.footprint()
    assert footprint is not None
    figures = compiled.c.figures
    takes = Table(show_header=False, box=None)
    takes.add_row("flash", bytes_text(footprint.flash), f"weights {footprint.weights:,}, code {footprint.code:,}")
    takes.add_row("RAM", bytes_text(figures.arena_bytes + figures.state_bytes), "no plan takes less")
    takes.add_row("stack", bytes_text(stack), "painted and looked at after the run")
    console.print(takes)
    console.print(
        f"largest difference to PyTorch {error:.1e}; no interpreter, no allocator: {folder}/{folder.name}.c\n"
    )
    return error
