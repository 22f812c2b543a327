"""Operations of the dialect `program` on sizes that are known only at run time.

    %n = program.size s0*2 + 1 : i64                     the number that a size is
    program.symbol u0 = %count : tensor<i64>             what the data decides, from here on a size
    program.found u0 = %n                                tell the caller what the data has decided
    program.guard size(%x, 1) <= 128, "input 0 (x): …" : tensor<?x?xf32, …>
    program.guard s0 == 1 or s0 == s1, "…"

A guard ends the call with its message unless one of its conditions holds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Literal

from xdsl.dialects.builtin import IndexType, IntegerAttr, StringAttr, TensorType, i64
from xdsl.ir import Attribute, Data, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import MemoryWriteEffect, Pure
from xdsl.utils.exceptions import VerifyException

from etc.dialects import symbolic
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import Dim, Expr, Range
from etc.dialects.symbolic_attrs import DimAttr
from etc.dialects.tensor import Tensor, parse_dim

RELATIONS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}


_NOT_EQUAL = "!="
"""`<>` in IR, whose lexer has no `!`."""


@dataclass(frozen=True)
class Comparison:
    """`left relation right`; a `left` of None is the size that the guard measures."""

    left: Dim | None
    relation: str
    right: Dim

    def holds(self, ranges: Mapping[str, Range]) -> bool | None:
        """Whether it holds for all sizes in the ranges; False when for none, None when that depends or is not known."""
        if self.left is None:
            return None
        difference = bounds(self.left - self.right, ranges)
        compare = RELATIONS[self.relation]
        ends = {compare(difference.low, 0), compare(difference.high, 0)}
        within = difference.low < 0 < difference.high and self.relation in ("==", "!=")
        return ends.pop() if len(ends) == 1 and not within else None

    @property
    def reduced(self) -> Comparison:
        """The same without a common factor: `s0 != 1` for `s0*4 != 4`."""
        difference = self.right if self.left is None else self.left - self.right
        if self.left is None or isinstance(difference, int):
            return self
        factor = gcd(*(coefficient for _, coefficient in difference.terms))
        if factor == 1:
            return self
        constant = dict(difference.terms).get((), 0)
        left = symbolic.divide_exactly(difference - constant, factor)
        assert left is not None
        return Comparison(left, self.relation, -constant // factor)

    def text(self, measured: str = "?") -> str:
        """As it stands in IR; `measured` names the size that the guard measures."""
        relation = self.relation.replace(_NOT_EQUAL, "<>")
        return f"{measured if self.left is None else self.left} {relation} {self.right}"

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


@irdl_attr_definition
class ConditionAttr(Data[tuple[Comparison, ...]]):
    """`#program.condition<s0 == 1 or s0 == s1>`: at least one of the comparisons holds; `?` is the measured size."""

    name = "program.condition"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> tuple[Comparison, ...]:
        with parser.in_angle_brackets():
            return parse_condition(parser)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.text())

    def text(self) -> str:
        return " or ".join(c.text() for c in self.data)


def parse_condition(parser: AttrParser) -> tuple[Comparison, ...]:
    found = [_parse_comparison(parser, _parse_left(parser))]
    while parser.parse_optional_keyword("or") is not None:
        found.append(_parse_comparison(parser, _parse_left(parser)))
    return tuple(found)


def _parse_left(parser: AttrParser) -> Dim | None:
    return None if parser.parse_optional_punctuation("?") is not None else parse_dim(parser)


def _parse_comparison(parser: AttrParser, left: Dim | None) -> Comparison:
    """A comparison whose left side has been read. Its relation is one or two punctuation marks."""
    position = parser.pos
    relation = _optional_mark(parser, "=", "<", ">")
    relation += _optional_mark(parser, "=", ">") if relation else ""
    relation = _NOT_EQUAL if relation == "<>" else relation
    if relation not in RELATIONS:
        parser.raise_error(f"expected one of {' '.join(RELATIONS).replace(_NOT_EQUAL, '<>')}", position)
    return Comparison(left, relation, parse_dim(parser))


def _optional_mark(parser: AttrParser, *marks: Literal["=", "<", ">"]) -> str:
    return next((mark for mark in marks if parser.parse_optional_punctuation(mark) is not None), "")


@irdl_op_definition
class SizeOp(IRDLOperation):
    """The number that a size is: `%n = program.size s0*2 + 1 : i64`."""

    name = "program.size"

    size = prop_def(DimAttr)
    result = result_def(i64)

    traits = traits_def(Pure())

    def __init__(self, size: Dim):
        super().__init__(properties={"size": DimAttr(size)}, result_types=[i64])

    @property
    def value(self) -> Dim:
        assert self.size.data is not None
        return self.size.data

    def verify_(self) -> None:
        if self.size.data is None:
            raise VerifyException("the size must be a number or an expression")

    def print(self, printer: Printer) -> None:
        printer.print_string(f" {self.size.data}")
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : i64")

    @classmethod
    def parse(cls, parser: Parser) -> SizeOp:
        op = cls(parse_dim(parser))
        op.attributes |= parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        parser.parse_type()
        return op


@irdl_op_definition
class SymbolOp(IRDLOperation):
    """From here on a symbol stands for the number in a tensor: `program.symbol u0 = %count : tensor<i64>`."""

    name = "program.symbol"

    symbol = prop_def(StringAttr)
    value = operand_def(TensorType)

    traits = traits_def(MemoryWriteEffect())

    def __init__(self, symbol: str, value: SSAValue):
        super().__init__(operands=[value], properties={"symbol": StringAttr(symbol)})

    def verify_(self) -> None:
        known = Tensor.of(self.value.type)
        if not known.dtype.is_integer or known.numel != 1:
            raise VerifyException(f"the value of {self.symbol.data} must be one integer, found {self.value.type}")

    def print(self, printer: Printer) -> None:
        printer.print_string(f" {self.symbol.data} = ")
        printer.print_ssa_value(self.value)
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.value.type)

    @classmethod
    def parse(cls, parser: Parser) -> SymbolOp:
        name = parser.parse_identifier(" as the name of a size")
        parser.parse_punctuation("=")
        operand = parser.parse_unresolved_operand()
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        op = cls(name, parser.resolve_operand(operand, parser.parse_type()))
        op.attributes |= attributes
        return op


@irdl_op_definition
class FoundOp(IRDLOperation):
    """The data has decided what a symbol is, which sizes of outputs depend on: `program.found u0 = %n`, an index."""

    name = "program.found"

    symbol = prop_def(StringAttr)
    value = operand_def(IndexType)

    traits = traits_def(MemoryWriteEffect())

    def __init__(self, symbol: str, value: SSAValue):
        super().__init__(operands=[value], properties={"symbol": StringAttr(symbol)})

    def print(self, printer: Printer) -> None:
        printer.print_string(f" {self.symbol.data} = ")
        printer.print_ssa_value(self.value)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> FoundOp:
        name = parser.parse_identifier(" as the name of a size")
        parser.parse_punctuation("=")
        op = cls(name, parser.resolve_operand(parser.parse_unresolved_operand(), IndexType()))
        op.attributes |= parser.parse_optional_attr_dict()
        return op


@irdl_op_definition
class GuardOp(IRDLOperation):
    """End the call with `message` unless the condition holds: of symbols, or of one dimension of a tensor.

    `program.guard size(%x, 1) <= s0*2, "…" : tensor<…>`, `program.guard mod(s0, 3) == 0 or s0 == 1, "…"`.
    """

    name = "program.guard"

    measured = opt_operand_def(TensorType)
    dimension = opt_prop_def(IntegerAttr)
    condition = prop_def(ConditionAttr)
    message = prop_def(StringAttr)

    traits = traits_def(MemoryWriteEffect())

    def __init__(self, condition: Sequence[Comparison], message: str, measured: tuple[SSAValue, int] | None = None):
        properties: dict[str, Attribute] = {
            "condition": ConditionAttr(tuple(condition)),
            "message": StringAttr(message),
        }
        if measured is not None:
            properties["dimension"] = IntegerAttr(measured[1], i64)
        super().__init__(operands=[[] if measured is None else [measured[0]]], properties=properties)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        return self.condition.data

    def verify_(self) -> None:
        if not self.comparisons:
            raise VerifyException("a guard has at least one condition")
        measures = [c.left is None for c in self.comparisons]
        if (self.measured is None) != (self.dimension is None) or any(measures) != (self.measured is not None):
            raise VerifyException("a guard measures a dimension of its operand, or has no operand")
        if self.measured is not None and self.dimension is not None:
            if len(measures) > 1:
                raise VerifyException("a guard that measures a tensor has one condition")
            rank, dimension = Tensor.of(self.measured.type).rank, self.dimension.value.data
            if not 0 <= dimension < rank:
                raise VerifyException(f"dimension {dimension} is out of range for a tensor of rank {rank}")

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        if self.measured is not None and self.dimension is not None:
            (comparison,) = self.comparisons
            printer.print_string("size(")
            printer.print_ssa_value(self.measured)
            printer.print_string(comparison.text(f", {self.dimension.value.data})"))
        else:
            printer.print_string(self.condition.text())
        printer.print_string(", ")
        printer.print_string_literal(self.message.data)
        printer.print_op_attributes(self.attributes)
        if self.measured is not None:
            printer.print_string(" : ")
            printer.print_attribute(self.measured.type)

    @classmethod
    def parse(cls, parser: Parser) -> GuardOp:
        operand, dimension = None, 0
        if parser.parse_optional_keyword("size") is not None:
            with parser.in_parens():
                operand = parser.parse_unresolved_operand()
                parser.parse_punctuation(",")
                dimension = parser.parse_integer()
            condition: tuple[Comparison, ...] = (_parse_comparison(parser, None),)
        else:
            condition = parse_condition(parser)
        parser.parse_punctuation(",")
        message = parser.parse_str_literal()
        attributes = parser.parse_optional_attr_dict()
        measured = None
        if operand is not None:
            parser.parse_punctuation(":")
            measured = (parser.resolve_operand(operand, parser.parse_type()), dimension)
        op = cls(condition, message, measured)
        op.attributes |= attributes
        return op


def symbols_of(condition: Sequence[Comparison]) -> set[str]:
    """The names of the symbols that a condition is about."""
    sizes = [size for c in condition for size in (c.left, c.right)]
    return {symbol.name for size in sizes if isinstance(size, Expr) for symbol in size.symbols()}


def is_violated(condition: Sequence[Comparison], symbols: Mapping[str, int], size: int | None = None) -> bool:
    """Whether no comparison holds for given symbols, and the given measured size. Raises KeyError for others."""

    def number(value: Dim | None) -> int:
        return symbolic.evaluate(value, symbols) if value is not None else size or 0

    return not any(RELATIONS[c.relation](number(c.left), number(c.right)) for c in condition)
