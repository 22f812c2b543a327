"""The one family of errors that users see.

An error names the operation, the model's source line, what was expected, what was found and what to do next. Tools
print it without a traceback; a run that has several problems reports all of them in one `EtcError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.ir import Attribute, Operation


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `what` is a sentence; the other fields are left out of the text when empty."""

    what: str
    op: str = ""
    where: str = ""
    expected: str = ""
    found: str = ""
    next_step: str = ""

    def __str__(self) -> str:
        head = ": ".join(part for part in (self.where, self.op, self.what) if part)
        details = (("expected", self.expected), ("found", self.found), ("next", self.next_step))
        return "\n".join([head, *(f"  {name}: {text}" for name, text in details if text)])


class EtcError(Exception):
    """A program, file or option that cannot be processed. `problems` holds all that is wrong, in program order."""

    problems: tuple[Problem, ...]

    def __init__(
        self,
        what: str | Problem | Iterable[Problem],
        *,
        op: str = "",
        where: str = "",
        expected: str = "",
        found: str = "",
        next_step: str = "",
    ):
        if isinstance(what, str):
            what = Problem(what, op, where, expected, found, next_step)
        self.problems = (what,) if isinstance(what, Problem) else tuple(what)
        super().__init__("\n".join(map(str, self.problems)))


def describe_location(location: Attribute) -> str:
    """`model.py:12` for the innermost known file of a location, `""` when it has none."""
    from xdsl.dialects.builtin import ArrayAttr, CallSiteLoc, FileLineColLoc, FusedLoc, NameLoc

    match location:
        case FileLineColLoc():
            return f"{location.filename.data}:{location.line.data}"
        case NameLoc():
            return describe_location(location.location)
        case CallSiteLoc():
            return describe_location(location.callee)
        case FusedLoc(locations=ArrayAttr(data=parts)):
            return next(filter(None, map(describe_location, parts)), "")
        case _:
            return ""


def problem_at(op: Operation, what: str, *, expected: str = "", found: str = "", next_step: str = "") -> Problem:
    """A problem of `op`, placed at the source line of the model that it came from."""
    return Problem(what, op.name, describe_location(op.location), expected, found, next_step)


def kind_of(value: object) -> str:
    """What a Python value is, for `found`: the name of its class."""
    return "None" if value is None else type(value).__name__


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The next step after a misspelt name: the nearest known name, or all of them when none is near."""
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(word, names, n=1)
    return f"did you mean {near[0]}?" if near else f"known names: {', '.join(names)}"
