"""How much stack a program can take at most, from GCC's call graphs (`-fcallgraph-info=su`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CALL_GRAPH = "-fcallgraph-info=su"
"""Makes GCC write `<object>.ci` beside an object."""

_FRAME = re.compile(r'^node: \{ title: "([^"]+)"[^}]*?(\d+) bytes \((?:static|dynamic,bounded)\)', re.M)
_GROWS = re.compile(r'^node: \{ title: "([^"]+)"[^}]*?\d+ bytes \(dynamic\)', re.M)
_BODILESS = re.compile(r'^node: \{ title: "([^"]+)"[^}]*shape : ellipse', re.M)
_EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', re.M)

_LIBRARY: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"(sin|cos|tan)"), 1024),
    (re.compile(r"(sin|cos|tan)f"), 640),
    (re.compile(r"__.*|mem.*"), 128),
    (re.compile(r".*"), 256),
)
"""What functions of the C library take at most, with all that they call: by the first pattern that their name has.

As painted in newlib-nano and picolibc, with a margin: 872 for `sin` of large numbers, 576 for `sinf`, 168 for `tanh`,
44 for the division of 64-bit integers.
"""


@dataclass(frozen=True)
class StackBound:
    """Bytes of stack below the caller's. `library` are the functions of the C library that they have room for."""

    bytes: int
    library: frozenset[str] = frozenset()


class _Unbounded(Exception):
    """A function that calls itself, or whose frame has no size."""


def stack_bound(call_graphs: Iterable[Path], functions: Iterable[str]) -> StackBound | None:
    """The most that any of these functions needs; None for recursion, and for frames that grow at run time."""
    graph = _CallGraph([path.read_text() for path in call_graphs])
    try:
        needed = max((graph.depth(function, ()) for function in functions), default=0)
    except _Unbounded:
        return None
    return StackBound(needed, frozenset(graph.depths.keys() & graph.library))


class _CallGraph:
    """The functions of a program: their frames, and what they call."""

    def __init__(self, texts: Iterable[str]):
        texts = list(texts)
        self._frames = {name: int(size) for text in texts for name, size in _FRAME.findall(text)}
        self._grow = {name for text in texts for name in _GROWS.findall(text)}
        self.library = {name for text in texts for name in _BODILESS.findall(text)} - self._frames.keys()
        self._calls: dict[str, set[str]] = {}
        for text in texts:
            for caller, callee in _EDGE.findall(text):
                self._calls.setdefault(caller, set()).add(callee)
        self.depths: dict[str, int] = {}

    def depth(self, function: str, above: tuple[str, ...]) -> int:
        """Bytes that a function needs with all that it calls; `above` are its callers."""
        if function in above or function in self._grow:
            raise _Unbounded
        if function not in self.depths:
            if function in self.library:
                self.depths[function] = next(size for name, size in _LIBRARY if name.fullmatch(function))
            elif function in self._frames:
                below = (self.depth(f, (*above, function)) for f in self._calls.get(function, ()))
                self.depths[function] = self._frames[function] + max(below, default=0)
            else:
                self.depths[function] = max(self._twins(function, (*above, function)))
        return self.depths[function]

    def _twins(self, function: str, above: tuple[str, ...]) -> Iterator[int]:
        """What the functions need that this one may be equal to: of equal ones GCC keeps one, and forgets the names.

        Raises _Unbounded for a function that is not of the program.
        """
        file, colon, _ = function.rpartition(":")
        if not colon:
            raise _Unbounded
        yield 0
        for other in self._frames:
            if other.startswith(f"{file}:") and other not in above:
                try:
                    yield self.depth(other, above)
                except _Unbounded:
                    continue
