"""What can be watched while a pipeline runs: times, the program after each pass, the lines that a pass changed.

All write to standard error, so that the program on standard output stays clean.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from etc.tools.pipeline import Observer

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp
    from xdsl.passes import ModulePass

Print = Callable[["ModuleOp"], str]


def text_of(module: ModuleOp, *, generic: bool = False, locations: bool = False) -> str:
    """The text of a program; `locations` adds `loc(…)` to each operation, `generic` writes every operation alike."""
    from xdsl.printer import Printer

    stream = StringIO()
    Printer(stream=stream, print_generic_format=generic, print_debuginfo=locations).print_op(module)
    stream.write("\n")
    return stream.getvalue()


class TimePasses(Observer):
    """A table of the passes' times, slowest first. Verification and other observers are not counted."""

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.rows: list[tuple[str, float]] = []

    def after(self, ran: ModulePass, module: ModuleOp, seconds: float) -> None:
        self.rows.append((str(ran), seconds))

    def finish(self) -> None:
        total = sum(seconds for _, seconds in self.rows)
        print(f"Pass times, total {total:.4f} s", file=self.stream)
        for name, seconds in sorted(self.rows, key=lambda row: -row[1]):
            print(f"  {seconds:.4f} s  {seconds / total if total else 0:6.1%}  {name}", file=self.stream)


class PrintAfterAll(Observer):
    """The whole program after each pass."""

    def __init__(self, text: Print, stream: TextIO):
        self.text, self.stream = text, stream

    def after(self, ran: ModulePass, module: ModuleOp, seconds: float) -> None:
        print(f"// ----- after {ran} -----\n{self.text(module)}", file=self.stream)


class PrintAfterChange(Observer):
    """A unified diff of the program's text after each pass that changed it."""

    def __init__(self, text: Print, stream: TextIO):
        self.text, self.stream = text, stream
        self.lines: list[str] = []

    def before(self, module: ModuleOp) -> None:
        self.lines = self.text(module).splitlines()

    def after(self, ran: ModulePass, module: ModuleOp, seconds: float) -> None:
        from difflib import unified_diff

        lines = self.text(module).splitlines()
        changes = list(unified_diff(self.lines, lines, "before", f"after {ran}", lineterm=""))
        print("\n".join(changes) if changes else f"// {ran} changed nothing", file=self.stream)
        self.lines = lines
