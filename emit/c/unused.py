"""Leaves out locals that nothing reads: what computed with them was not needed either."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DECLARATION = re.compile(r"\s*(?:const \w+ |(?:const )?\w+ \*const )(\w+) = ")
_WORD = re.compile(r"[A-Za-z_]\w*")


def without_unused(lines: Sequence[str]) -> list[str]:
    """The lines of a function without constants and pointers whose names do not occur again in their block.

    Blocks are told by their indentation.
    """
    indents = [len(line) - len(line.lstrip()) for line in lines]
    ends = _block_ends(indents)
    kept: list[str] = []
    following: dict[str, int] = {}
    """Of each word, the next kept line that has it."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        declared = _DECLARATION.match(line)
        if declared is not None and following.get(declared[1], len(lines)) >= ends[number]:
            continue
        kept.append(line)
        following.update(dict.fromkeys(_WORD.findall(line), number))
    return kept[::-1]


def _block_ends(indents: Sequence[int]) -> list[int]:
    """For each line the number of the first line after its block."""
    ends = [len(indents)] * len(indents)
    open_lines: list[int] = []
    for number, indent in enumerate(indents):
        while open_lines and indents[open_lines[-1]] > indent:
            ends[open_lines.pop()] = number
        open_lines.append(number)
    return ends
