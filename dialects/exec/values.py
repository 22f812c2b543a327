"""Ops that define the entries of a plan's values table, one op per entry, in table order."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import (
    ArrayAttr,
    BoolAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    i1,
)
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    base,
    irdl_op_definition,
    prop_def,
    result_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects.exec.syntax import (
    ExecOp,
    ValueType,
    float_attr,
    float_text,
    int_attr,
    parse_double,
    parse_int,
    parse_operands,
    parse_text,
    print_operands,
    print_text,
    with_attributes,
)


class ValueOp(ExecOp, ABC):
    """Defines one value. Its position among the plan's value ops is its index in the file."""

    result = result_def(ValueType)

    KIND: ClassVar[str]
    """What messages call such a value."""


def kind_of(value: SSAValue) -> str:
    """`tensor`, `int`, …: the kind of the op that defines `value`."""
    return value.owner.KIND if isinstance(value.owner, ValueOp) else "value that no exec op defines"


def expect_kinds(op: Operation, role: str, values: Sequence[SSAValue], allowed: Sequence[type[ValueOp]]) -> None:
    """Raises VerifyException naming the first of `values` whose kind is not allowed."""
    for i, value in enumerate(values):
        if not isinstance(value.owner, tuple(allowed)):
            names = " or ".join(kind.KIND for kind in allowed)
            which = f"{role} {i}" if len(values) > 1 else role
            raise VerifyException(f"{op.name}: {which} must be a value of kind {names}, found {kind_of(value)}")


@irdl_op_definition
class NullOp(ValueOp):
    """`%v = exec.null`: None for an optional argument."""

    name = "exec.null"
    KIND: ClassVar = "null"

    def __init__(self) -> None:
        self._build({}, results=1)

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> NullOp:
        return with_attributes(parser, cls())


@irdl_op_definition
class IntOp(ValueOp):
    """`%v = exec.int 5`"""

    name = "exec.int"
    KIND: ClassVar = "int"
    value = prop_def(IntegerAttr)

    def __init__(self, value: int):
        self._build({"value": int_attr(value)}, results=1)

    def print(self, printer: Printer) -> None:
        printer.print_string(f" {self.value.value.data}")
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> IntOp:
        return with_attributes(parser, cls(parse_int(parser)))


@irdl_op_definition
class BoolOp(ValueOp):
    """`%v = exec.bool true`"""

    name = "exec.bool"
    KIND: ClassVar = "bool"
    value = prop_def(BoolAttr)

    def __init__(self, value: bool):
        self._build({"value": _BOOLS[value]}, results=1)

    def print(self, printer: Printer) -> None:
        printer.print_string(" true" if self.value.value.data else " false")
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> BoolOp:
        return with_attributes(parser, cls(parser.parse_boolean()))


_BOOLS = (IntegerAttr.from_bool(False), IntegerAttr.from_bool(True))


@irdl_op_definition
class DoubleOp(ValueOp):
    """`%v = exec.double 0.5`; `inf`, `nan` and `bits 0x…` for what digits cannot say."""

    name = "exec.double"
    KIND: ClassVar = "double"
    value = prop_def(FloatAttr)

    def __init__(self, value: float):
        self._build({"value": float_attr(value)}, results=1)

    def print(self, printer: Printer) -> None:
        printer.print_string(" " + float_text(self.value.value.data))
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> DoubleOp:
        return with_attributes(parser, cls(parse_double(parser)))


@irdl_op_definition
class StringOp(ValueOp):
    """`%v = exec.string "mean"`"""

    name = "exec.string"
    KIND: ClassVar = "string"
    value = prop_def(StringAttr)

    def __init__(self, value: str):
        self._build({"value": StringAttr(value)}, results=1)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        print_text(printer, self.value.data)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> StringOp:
        return with_attributes(parser, cls(parse_text(parser)))


@irdl_op_definition
class BoolListOp(ValueOp):
    """`%v = exec.bool_list [true, false]`"""

    name = "exec.bool_list"
    KIND: ClassVar = "bool_list"
    values = prop_def(DenseArrayBase.constr(i1))

    def __init__(self, values: Sequence[bool]):
        self._build({"values": DenseArrayBase.from_list(i1, [int(v) for v in values])}, results=1)

    def print(self, printer: Printer) -> None:
        printer.print_string(f" [{', '.join('true' if v else 'false' for v in self.values.get_values())}]")
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> BoolListOp:
        values = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_boolean)
        return with_attributes(parser, cls(values))


@irdl_op_definition
class DoubleListOp(ValueOp):
    """`%v = exec.double_list [0.5, 2.0]`"""

    name = "exec.double_list"
    KIND: ClassVar = "double_list"
    values = prop_def(ArrayAttr.constr(base(FloatAttr)))

    def __init__(self, values: Sequence[float]):
        self._build({"values": ArrayAttr([float_attr(value) for value in values])}, results=1)

    @property
    def floats(self) -> list[float]:
        return [value.value.data for value in self.values.data]

    def print(self, printer: Printer) -> None:
        printer.print_string(f" [{', '.join(map(float_text, self.floats))}]")
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> DoubleListOp:
        values = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: parse_double(parser))
        return with_attributes(parser, cls(values))


class ListOp(ValueOp, ABC):
    """A list of values: the file stores their indices."""

    items = var_operand_def(ValueType)
    ITEMS: ClassVar[tuple[type[ValueOp], ...]]

    def __init__(self, items: Sequence[SSAValue | Operation]):
        self._build({}, items, results=1)

    def print(self, printer: Printer) -> None:
        print_operands(printer, self.operands)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        return with_attributes(parser, cls(parse_operands(parser)))

    def verify_(self) -> None:
        expect_kinds(self, "item", self.operands, self.ITEMS)


@irdl_op_definition
class IntListOp(ListOp):
    """`%v = exec.int_list(%a, %b)`: each item is an `exec.int`, so that sizes computed at run time can stand in it."""

    name = "exec.int_list"
    KIND: ClassVar = "int_list"
    ITEMS: ClassVar = (IntOp,)
