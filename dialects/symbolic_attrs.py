"""Attributes for sizes in properties: a number, an expression over the method's symbols, or an operand.

    #program.dim<s0*2 + 1>      #program.dims<[s0, 128, ?]>

`?` (None in Python) means that the size is an operand: the next one of the operation's group `sym`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from xdsl.ir import Data
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer

from etc.dialects.symbolic import Dim
from etc.dialects.tensor import parse_dim

Size: TypeAlias = Dim | None
"""A size, or None where an operand holds it."""


def _parse_size(parser: AttrParser) -> Size:
    return None if parser.parse_optional_punctuation("?") is not None else parse_dim(parser)


def _text(size: Size) -> str:
    return "?" if size is None else str(size)


@irdl_attr_definition
class DimAttr(Data[Size]):
    """`#program.dim<s0 + 1>`: the property of a `SymInt` argument."""

    name = "program.dim"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Size:
        with parser.in_angle_brackets():
            return _parse_size(parser)

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{_text(self.data)}>")


@irdl_attr_definition
class DimsAttr(Data[tuple[Size, ...]]):
    """`#program.dims<[1, s0, ?]>`: the property of a `SymInt[]` argument."""

    name = "program.dims"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> tuple[Size, ...]:
        with parser.in_angle_brackets():
            return tuple(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: _parse_size(parser)))

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<[{', '.join(map(_text, self.data))}]>")


@lru_cache(maxsize=4096)
def dim(size: Size) -> DimAttr:
    return DimAttr(size)


def dims(sizes: Sequence[Size]) -> DimsAttr:
    return _dims(tuple(sizes))


@lru_cache(maxsize=4096)
def _dims(sizes: tuple[Size, ...]) -> DimsAttr:
    return DimsAttr(sizes)
