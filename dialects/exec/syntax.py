"""What the text forms of `exec` ops share: their base class, cached attributes and optional clauses.

A clause is a keyword followed by a property's value: `alloc(1, 768)`, `data @w`, `requires_grad`. Each op lists its
clauses in a table; one printer and one parser serve them all. A clause that is absent is a property that is absent,
which is a field that is absent in the file.
"""

from __future__ import annotations

import math
import struct
from abc import ABC
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    NoneAttr,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    f64,
    i64,
)
from xdsl.ir import Attribute, Operation, ParametrizedAttribute, Region, SSAValue, TypeAttribute
from xdsl.irdl import IRDLOperation, irdl_attr_definition
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer


@irdl_attr_definition
class ValueType(ParametrizedAttribute, TypeAttribute):
    """`!exec.value`: an entry of a plan's values table. Its kind is the op that defines it."""

    name = "exec.value"


VALUE = ValueType()

OpT = TypeVar("OpT", bound=Operation)


class ExecOp(IRDLOperation, ABC):
    """Base of the ops here. Operands need no types in text: all are `!exec.value`."""

    def _build(
        self,
        properties: Mapping[str, Attribute | None],
        operands: Sequence[SSAValue | Operation] = (),
        *,
        results: int = 0,
        regions: Sequence[Region] = (),
    ) -> None:
        """IRDL's constructor sorts arguments into groups; here there is one group of each, so skip its cost."""
        Operation.__init__(
            self,
            operands=[SSAValue.get(v) for v in operands],
            result_types=[VALUE] * results,
            properties={k: v for k, v in properties.items() if v is not None},
            regions=regions,
        )


@lru_cache(maxsize=1 << 16)
def int_attr(value: int) -> IntegerAttr[Any]:
    return IntegerAttr(value, i64)


@lru_cache(maxsize=1 << 14)
def _ints_attr(values: tuple[int, ...]) -> DenseArrayBase[Any]:
    return DenseArrayBase.from_list(i64, values)


def ints_attr(values: Sequence[int]) -> DenseArrayBase[Any]:
    return _ints_attr(tuple(values))


@lru_cache(maxsize=1 << 12)
def symbol_attr(name: str) -> SymbolRefAttr:
    return SymbolRefAttr(name)


def flag(value: bool) -> UnitAttr | None:
    return UnitAttr() if value else None


def string(value: str | None) -> StringAttr | None:
    return None if value is None else StringAttr(value)


INTS = DenseArrayBase.constr(i64)
"""The constraint on lists of numbers."""


# ---- pieces of text -----------------------------------------------------------------------------------------------


def parse_int(parser: Parser) -> int:
    position = parser.pos
    value = parser.parse_integer(allow_boolean=False)
    if not -(1 << 63) <= value < 1 << 63:
        parser.raise_error(f"{value} does not fit 64 bits", position, parser.pos)
    return value


def float_text(value: float) -> str:
    """The shortest text that gives the same 64 bits back."""
    if math.isfinite(value):
        mantissa, e, exponent = repr(value).partition("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}{e}{exponent}"
    bits = double_bits(value)
    return _SPECIAL_DOUBLES.get(bits) or f"bits {bits:#x}"


def parse_double(parser: Parser) -> float:
    if parser.parse_optional_keyword("bits") is not None:
        return _double(parse_int_unsigned(parser))
    negative = parser.parse_optional_punctuation("-") is not None
    for word in ("inf", "nan"):
        if parser.parse_optional_keyword(word) is not None:
            return -float(word) if negative else float(word)
    value = float(parser.parse_number(allow_boolean=False))
    return -value if negative else value


def parse_int_unsigned(parser: Parser) -> int:
    position = parser.pos
    value = parser.parse_integer(allow_boolean=False, allow_negative=False)
    if value >= 1 << 64:
        parser.raise_error(f"{value} does not fit 64 bits", position, parser.pos)
    return value


def double_bits(value: float) -> int:
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def _double(bits: int) -> float:
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


_SPECIAL_DOUBLES = {double_bits(float(word)): word for word in ("inf", "-inf", "nan")}


def float_attr(value: float) -> FloatAttr[Any]:
    return FloatAttr(value, f64)


def print_text(printer: Printer, text: str) -> None:
    """A string literal that stays readable: the specs of containers are JSON, names may be in any script."""
    printer.print_string('"' + "".join(map(_literal, text)) + '"')


def _literal(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else "".join(f"\\{byte:02X}" for byte in char.encode("utf-8"))


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def parse_text(parser: AttrParser) -> str:
    position = parser.pos
    try:
        return parse_bytes(parser).decode("utf-8")
    except UnicodeDecodeError:
        parser.raise_error("expected text in UTF-8", position, parser.pos)


def parse_bytes(parser: AttrParser) -> bytes:
    """A literal of any bytes: xDSL tells literals of ASCII from others while lexing."""
    text = parser.parse_optional_str_literal()
    return parser.parse_bytes_literal() if text is None else text.encode("utf-8")


def print_operands(printer: Printer, values: Sequence[SSAValue]) -> None:
    with printer.in_parens():
        printer.print_list(values, printer.print_ssa_value)


def parse_operand(parser: Parser) -> SSAValue:
    return parser.resolve_operand(parser.parse_unresolved_operand(), VALUE)


def parse_operands(parser: Parser) -> list[SSAValue]:
    return parser.parse_comma_separated_list(parser.Delimiter.PAREN, lambda: parse_operand(parser))


def print_string_or_none(printer: Printer, value: Attribute) -> None:
    if isinstance(value, StringAttr):
        print_text(printer, value.data)
    else:
        printer.print_string("none")


def parse_string_or_none(parser: Parser) -> Attribute:
    if parser.parse_optional_keyword("none") is not None:
        return NoneAttr()
    return StringAttr(parse_text(parser))


# ---- clauses ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clause:
    """One optional property in text: its name as a keyword, and what `print` writes after that."""

    name: str
    print: Callable[[Printer, Any], None]
    parse: Callable[[Parser], Attribute]


def flag_clause(name: str) -> Clause:
    return Clause(name, lambda printer, value: None, lambda parser: UnitAttr())


def int_clause(name: str) -> Clause:
    return Clause(
        name,
        lambda printer, value: printer.print_string(f" {value.value.data}"),
        lambda parser: int_attr(parse_int(parser)),
    )


def ints_clause(name: str, brackets: str = " []") -> Clause:
    """Numbers in `brackets`: `" []"` gives `sizes [1, 2]`, `"()"` gives `alloc(1, 0)`."""
    delimiter = Parser.Delimiter.SQUARE if brackets[-1] == "]" else Parser.Delimiter.PAREN
    return Clause(
        name,
        lambda printer, value: printer.print_string(
            f"{brackets[:-1]}{', '.join(map(str, value.get_values()))}{brackets[-1]}"
        ),
        lambda parser: ints_attr(parser.parse_comma_separated_list(delimiter, lambda: parse_int(parser))),
    )


def string_clause(name: str) -> Clause:
    def print_it(printer: Printer, value: StringAttr) -> None:
        printer.print_string(" ")
        print_text(printer, value.data)

    return Clause(name, print_it, lambda parser: StringAttr(parse_text(parser)))


def word_clause(name: str) -> Clause:
    return Clause(
        name,
        lambda printer, value: printer.print_string(f" {value.data}"),
        lambda parser: StringAttr(parser.parse_identifier()),
    )


def symbol_clause(name: str) -> Clause:
    def print_it(printer: Printer, value: SymbolRefAttr) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(value.string_value())

    return Clause(name, print_it, lambda parser: symbol_attr(parser.parse_symbol_name().data))


def strings_clause(name: str, brackets: str = " []") -> Clause:
    """Strings, any of which may be `none`."""
    delimiter = Parser.Delimiter.SQUARE if brackets[-1] == "]" else Parser.Delimiter.PAREN

    def print_it(printer: Printer, value: ArrayAttr[Any]) -> None:
        printer.print_string(brackets[:-1])
        printer.print_list(value.data, lambda v: print_string_or_none(printer, v))
        printer.print_string(brackets[-1])

    return Clause(
        name,
        print_it,
        lambda parser: ArrayAttr(parser.parse_comma_separated_list(delimiter, lambda: parse_string_or_none(parser))),
    )


def attribute_clause(name: str) -> Clause:
    def print_it(printer: Printer, value: Attribute) -> None:
        printer.print_string(" ")
        printer.print_attribute(value)

    return Clause(name, print_it, lambda parser: parser.parse_attribute())


def print_clauses(printer: Printer, op: Operation, clauses: Sequence[Clause]) -> None:
    properties = op.properties
    for clause in clauses:
        value = properties.get(clause.name)
        if value is not None:
            printer.print_string(" " + clause.name)
            clause.print(printer, value)


def parse_clauses(parser: Parser, clauses: Sequence[Clause]) -> dict[str, Attribute]:
    """The clauses that follow, in any order, each at most once."""
    by_name = {clause.name: clause for clause in clauses}
    found: dict[str, Attribute] = {}
    position = parser.pos
    while (keyword := parser.parse_optional_keyword_in(by_name)) is not None:
        if keyword in found:
            parser.raise_error(f"`{keyword}` is given twice", position, parser.pos)
        found[keyword] = by_name[keyword].parse(parser)
        position = parser.pos
    return found


def with_attributes(parser: Parser, op: OpT) -> OpT:
    """`op` with the attributes that follow."""
    op.attributes |= parser.parse_optional_attr_dict()
    return op
