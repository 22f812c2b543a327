"""How much stack a program can take at most, from GCC's call graphs (`-fcallgraph-info=su`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

CALL_GRAPH = "-fcallgraph-info=su"
"""Makes GCC write `<object>.ci` beside an object."""

_FRAME = re.compile(r'^node: \{ title: "([^"]+)"[^}]*?(\d+) bytes \((?:static|dynamic,bounded)\)', re.M)
_BODILESS = re.compile(r'^node: \{ title: "([^"]+)"[^}]*shape : ellipse', re.M)
_EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', re.M)


@dataclass(frozen=True)
class StackBound:
    """Bytes of stack below the caller's; `besides` are functions of the C library, which need some of their own."""

    bytes: int
    besides: frozenset[str] = frozenset()


class _Unbounded(Exception):
    """A function that calls itself, or whose frame has no size."""


def stack_bound(call_graphs: Iterable[Path], functions: Iterable[str]) -> StackBound | None:
    """The most that any of these functions needs; None for recursion, and for frames that grow at run time."""
    texts = [path.read_text() for path in call_graphs]
    frames = {name: int(size) for text in texts for name, size in _FRAME.findall(text)}
    bodiless = {name for text in texts for name in _BODILESS.findall(text)}
    calls: dict[str, set[str]] = {}
    for text in texts:
        for caller, callee in _EDGE.findall(text):
            calls.setdefault(caller, set()).add(callee)
    depths: dict[str, int] = {}
    try:
        needed = max((_depth(f, frames, bodiless - frames.keys(), calls, depths, ()) for f in functions), default=0)
    except _Unbounded:
        return None
    return StackBound(needed, frozenset(depths.keys() - frames.keys()))


def _depth(
    function: str,
    frames: Mapping[str, int],
    bodiless: set[str],
    calls: Mapping[str, set[str]],
    depths: dict[str, int],
    above: tuple[str, ...],
) -> int:
    if function in above or function not in frames and function not in bodiless:
        raise _Unbounded
    if function not in depths:
        below = (_depth(f, frames, bodiless, calls, depths, (*above, function)) for f in calls.get(function, ()))
        depths[function] = frames.get(function, 0) + max(below, default=0)
    return depths[function]
