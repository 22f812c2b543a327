"""How arguments of each schema type stand in the IR, in Python and in text.

| schema type | property | Python value | text |
| --- | --- | --- | --- |
| `int`, `bool`, `float`, `str` | `IntegerAttr`, `FloatAttr`, `StringAttr` | the same | `1`, `true`, `0.5`, `"a"` |
| `SymInt`, `SymInt[]` | `DimAttr`, `DimsAttr` | `int`, `Expr` or an SSA value | `4`, `s0*2`, `%n`; `[4, s0, %n]` |
| `Scalar` | `IntegerAttr`, `FloatAttr`, `DimAttr` | `bool`, `int`, `float`, `Expr`, SSA | `1`, `1.0`, `s0`, `%n` |
| | an array of two `FloatAttr` | `complex` | `complex(1.0, 2.0)` |
| `ScalarType` | the element type | `Dtype` | `f32` |
| `Layout`, `MemoryFormat` | `StringAttr` | `str` | `channels_last` |
| `Device` | `StringAttr` | `str` | `"cpu"` |
| `T[]` of others | `DenseArrayBase` or `ArrayAttr` | `list` | `[1, 2]` |

An SSA value stands in an operand of the group `sym`; the property then has a hole (`DimAttr(None)`, `?`).
"""

from __future__ import annotations

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, SupportsIndex

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    f64,
    i1,
    i64,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer

from etc.dialects import symbolic_attrs
from etc.dialects.dtypes import BY_IR, BY_NAME, Dtype
from etc.dialects.symbolic import Expr
from etc.dialects.symbolic_attrs import DimAttr, DimsAttr
from etc.dialects.tensor import parse_dim


class Kind(ABC):
    """One row of the table above. `encode` and `decode` are inverse to each other up to holes."""

    noun: str
    """how an error names it, with its article"""
    dynamic = False
    """True when an SSA value may stand for the value (or for an element of the list)"""

    @abstractmethod
    def encode(self, value: object) -> Attribute | None:
        """The property for a Python value; None when the value is not of this kind."""

    @abstractmethod
    def matches(self, attribute: Attribute) -> bool:
        """Whether the property is one that `encode` can give."""

    @abstractmethod
    def decode(self, attribute: Any) -> Any:
        """The Python value of a property that matches; None where it has a hole."""

    @abstractmethod
    def print(self, printer: Printer, value: Any) -> None: ...

    @abstractmethod
    def parse(self, parser: Parser, context: str) -> Any:
        """The Python value; operands stay unresolved. `context` ends an error's sentence: " for the argument …"."""


def as_integer(value: object) -> int | None:
    """The int that a bool or an integer of another library is; None for what is no integer."""
    if type(value) is int:
        return value
    return int(operator.index(value)) if isinstance(value, SupportsIndex) else None


@lru_cache(maxsize=4096)
def _integer(value: int) -> IntegerAttr:
    return IntegerAttr(value, i64)


_BOOLS = (IntegerAttr(0, i1), IntegerAttr(1, i1))


def _is_integer(attribute: Attribute) -> bool:
    return isinstance(attribute, IntegerAttr) and attribute.type == i64


def _is_bool(attribute: Attribute) -> bool:
    return isinstance(attribute, IntegerAttr) and attribute.type == i1


def print_value(printer: Printer, value: object) -> None:
    """A number, expression or SSA value as it stands in text. A float always has a point: 1.0 is not 1."""
    if value is None:
        printer.print_string("?")
    elif isinstance(value, SSAValue):
        printer.print_ssa_value(value)
    elif isinstance(value, bool):
        printer.print_string("true" if value else "false")
    elif isinstance(value, float):
        printer.print_string(float_text(value))
    elif isinstance(value, complex):
        printer.print_string(f"complex({float_text(value.real)}, {float_text(value.imag)})")
    else:
        printer.print_string(str(value))


def float_text(value: float) -> str:
    """The shortest text that reads back as `value`, in MLIR's grammar: 1e-05 is written 1.0e-05."""
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    if mark and "." not in mantissa:
        return f"{mantissa}.0e{exponent}"
    return text


def parse_number(parser: Parser) -> int | float | None:
    """An integer or float literal, also `inf`, `-inf` and `nan`; None when there is none."""
    if parser.parse_optional_punctuation("-") is not None:
        value = parse_number(parser)
        return None if value is None else -value
    if (keyword := parser.parse_optional_keyword_in(("inf", "nan"))) is not None:
        return math.inf if keyword == "inf" else math.nan
    return parser.parse_optional_number()


def parse_complex(parser: Parser) -> complex:
    """`(1.0, 2.0)`, after the word `complex`."""
    with parser.in_parens():
        real = parser.expect(lambda: parse_number(parser), "expected a number")
        parser.parse_punctuation(",")
        imaginary = parser.expect(lambda: parse_number(parser), "expected a number")
    return complex(real, imaginary)


class IntKind(Kind):
    noun = "an integer"

    def encode(self, value: object) -> Attribute | None:
        number = as_integer(value)
        return None if number is None else _integer(number)

    def matches(self, attribute: Attribute) -> bool:
        return _is_integer(attribute)

    def decode(self, attribute: Any) -> int:
        return attribute.value.data

    def print(self, printer: Printer, value: int) -> None:
        printer.print_string(str(value))

    def parse(self, parser: Parser, context: str) -> int:
        return parser.expect(
            lambda: parser.parse_optional_integer(allow_boolean=False), f"expected {self.noun}{context}"
        )


class BoolKind(Kind):
    noun = "true or false"

    def encode(self, value: object) -> Attribute | None:
        return _BOOLS[value] if isinstance(value, int) and value in (0, 1) else None

    def matches(self, attribute: Attribute) -> bool:
        return _is_bool(attribute)

    def decode(self, attribute: Any) -> bool:
        return bool(attribute.value.data)

    def print(self, printer: Printer, value: bool) -> None:
        print_value(printer, value)

    def parse(self, parser: Parser, context: str) -> bool:
        return parser.expect(parser.parse_optional_boolean, f"expected {self.noun}{context}")


class ScalarKind(Kind):
    """A number whose type is part of its value, or one that an operand or the method's symbols give."""

    noun = "a number, true or false, or a size expression"
    dynamic = True

    def encode(self, value: object) -> Attribute | None:
        if isinstance(value, bool):
            return _BOOLS[value]
        if isinstance(value, float):
            return FloatAttr(value, f64)
        if isinstance(value, complex):
            return ArrayAttr([FloatAttr(value.real, f64), FloatAttr(value.imag, f64)])
        if value is None or isinstance(value, Expr):
            return symbolic_attrs.dim(value)
        return INT.encode(value)

    def matches(self, attribute: Attribute) -> bool:
        if isinstance(attribute, FloatAttr):
            return attribute.type == f64
        if isinstance(attribute, DimAttr):
            return not isinstance(attribute.data, int)
        if isinstance(attribute, ArrayAttr):
            return len(attribute) == 2 and all(isinstance(part, FloatAttr) for part in attribute)
        return _is_integer(attribute) or _is_bool(attribute)

    def decode(self, attribute: Any) -> bool | int | float | complex | Expr | None:
        if isinstance(attribute, DimAttr):
            return attribute.data
        if isinstance(attribute, ArrayAttr):
            real, imaginary = attribute
            return complex(real.value.data, imaginary.value.data)
        value = attribute.value.data
        return bool(value) if isinstance(attribute, IntegerAttr) and attribute.type == i1 else value

    def print(self, printer: Printer, value: object) -> None:
        print_value(printer, value)

    def parse(self, parser: Parser, context: str) -> bool | int | float | complex | Expr | UnresolvedOperand:
        if (operand := parser.parse_optional_unresolved_operand()) is not None:
            return operand
        if (boolean := parser.parse_optional_boolean()) is not None:
            return boolean
        if parser.parse_optional_punctuation("-") is not None:
            value = parse_number(parser)
            return parse_dim(parser, negative=True) if value is None else -value
        value = parse_number(parser)
        if value is None and parser.parse_optional_keyword("complex") is not None:
            return parse_complex(parser)
        return parse_dim(parser) if value is None else value


class FloatKind(ScalarKind):
    noun = "a number"

    def encode(self, value: object) -> Attribute | None:
        if value is None or isinstance(value, Expr):
            return symbolic_attrs.dim(value)
        return FloatAttr(float(value), f64) if isinstance(value, int | float) else None

    def matches(self, attribute: Attribute) -> bool:
        return isinstance(attribute, FloatAttr | DimAttr) and super().matches(attribute)

    def parse(self, parser: Parser, context: str) -> float | Expr | UnresolvedOperand:
        value = super().parse(parser, context)
        if isinstance(value, complex):
            parser.raise_error(f"expected {self.noun}{context}")
        return float(value) if isinstance(value, int) else value


class DimKind(Kind):
    noun = "an integer or a size expression"
    dynamic = True

    def encode(self, value: object) -> Attribute | None:
        if value is None or isinstance(value, Expr):
            return symbolic_attrs.dim(value)
        number = as_integer(value)
        return None if number is None else symbolic_attrs.dim(number)

    def matches(self, attribute: Attribute) -> bool:
        return isinstance(attribute, DimAttr)

    def decode(self, attribute: Any) -> int | Expr | None:
        return attribute.data

    def print(self, printer: Printer, value: object) -> None:
        print_value(printer, value)

    def parse(self, parser: Parser, context: str) -> int | Expr | UnresolvedOperand:
        if (operand := parser.parse_optional_unresolved_operand()) is not None:
            return operand
        return parse_dim(parser)


class StrKind(Kind):
    noun = "a string"

    def encode(self, value: object) -> Attribute | None:
        return StringAttr(value) if isinstance(value, str) else None

    def matches(self, attribute: Attribute) -> bool:
        return isinstance(attribute, StringAttr)

    def decode(self, attribute: Any) -> str:
        return attribute.data

    def print(self, printer: Printer, value: str) -> None:
        printer.print_string_literal(value)

    def parse(self, parser: Parser, context: str) -> str:
        return parser.expect(parser.parse_optional_str_literal, f"expected {self.noun}{context}")


class WordKind(StrKind):
    """An enumerator of torch's by its name: `channels_last`."""

    noun = "one word, such as channels_last or strided"

    def print(self, printer: Printer, value: str) -> None:
        printer.print_string(value)

    def parse(self, parser: Parser, context: str) -> str:
        return parser.expect(parser.parse_optional_identifier, f"expected {self.noun}{context}")


class DtypeKind(Kind):
    noun = "an element type"

    def encode(self, value: object) -> Attribute | None:
        if isinstance(value, Dtype):
            return value.ir
        if isinstance(value, str):
            return dtype.ir if (dtype := BY_NAME.get(value)) is not None else None
        return value if isinstance(value, Attribute) and value in BY_IR else None

    def matches(self, attribute: Attribute) -> bool:
        return attribute in BY_IR

    def decode(self, attribute: Any) -> Dtype:
        return BY_IR[attribute]

    def print(self, printer: Printer, value: Dtype) -> None:
        printer.print_attribute(value.ir)

    def parse(self, parser: Parser, context: str) -> Dtype:
        position = parser.pos
        type = parser.parse_optional_type()
        if type is None or type not in BY_IR:
            known = ", ".join(str(ir) for ir in BY_IR)
            parser.raise_error(f"expected {self.noun}{context}; known: {known}", position)
        return BY_IR[type]


class ListKind(Kind):
    """A list of values of one kind."""

    def __init__(self, element: Kind, noun: str):
        self.element, self.noun, self.dynamic = element, noun, element.dynamic

    def encode(self, value: object) -> Attribute | None:
        elements = _elements(value)
        if elements is None:
            return None
        encoded: list[Attribute] = []
        for element in elements:
            if (attribute := self.element.encode(element)) is None:
                return None
            encoded.append(attribute)
        return self._pack(encoded)

    def _pack(self, elements: list[Attribute]) -> Attribute:
        return ArrayAttr(elements)

    def matches(self, attribute: Attribute) -> bool:
        return isinstance(attribute, ArrayAttr) and all(
            map(self.element.matches, attribute.data)  # pyright: ignore[reportUnknownArgumentType]
        )

    def decode(self, attribute: Any) -> list[Any]:
        return [self.element.decode(e) for e in attribute.data]

    def print(self, printer: Printer, value: Sequence[object]) -> None:
        printer.print_string("[")
        printer.print_list(value, lambda v: self.element.print(printer, v))
        printer.print_string("]")

    def parse(self, parser: Parser, context: str) -> list[Any]:
        position = parser.pos
        values = parser.parse_optional_comma_separated_list(
            parser.Delimiter.SQUARE, lambda: self.element.parse(parser, context)
        )
        if values is None:
            parser.raise_error(f"expected {self.noun} in brackets{context}", position)
        return values


class DenseKind(ListKind):
    """A list that is stored as one dense array of `type`."""

    def __init__(self, element: Kind, noun: str, type: IntegerType):
        super().__init__(element, noun)
        self.type, self.convert = type, bool if type == i1 else int

    def _pack(self, elements: list[Attribute]) -> Attribute:
        return _dense(self.type, tuple(int(self.element.decode(e)) for e in elements))

    def matches(self, attribute: Attribute) -> bool:
        return isinstance(attribute, DenseArrayBase) and attribute.elt_type == self.type

    def decode(self, attribute: Any) -> list[Any]:
        return list(map(self.convert, attribute.get_values()))


@lru_cache(maxsize=4096)
def _dense(type: IntegerType, values: tuple[int, ...]) -> Attribute:
    return DenseArrayBase.from_list(type, values)


class DimsKind(ListKind):
    """Sizes: numbers, expressions or holes."""

    def encode(self, value: object) -> Attribute | None:
        if isinstance(value, list | tuple) and all(type(e) is int for e in value):  # the usual case
            return symbolic_attrs.dims(value)
        return super().encode(value)

    def _pack(self, elements: list[Attribute]) -> Attribute:
        return symbolic_attrs.dims([self.element.decode(e) for e in elements])

    def matches(self, attribute: Attribute) -> bool:
        return isinstance(attribute, DimsAttr)

    def decode(self, attribute: Any) -> list[int | Expr | None]:
        return list(attribute.data)


def _elements(value: object) -> Sequence[object] | None:
    return value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else None


INT, BOOL, STR, SCALAR, DIM = IntKind(), BoolKind(), StrKind(), ScalarKind(), DimKind()

KINDS: Mapping[str, Kind] = {
    "int": INT,
    "bool": BOOL,
    "float": FloatKind(),
    "str": STR,
    "SymInt": DIM,
    "SymFloat": FloatKind(),
    "SymBool": SCALAR,
    "Scalar": SCALAR,
    "ScalarType": DtypeKind(),
    "Layout": WordKind(),
    "MemoryFormat": WordKind(),
    "Device": STR,
    "int[]": DenseKind(INT, "integers", i64),
    "bool[]": DenseKind(BOOL, "booleans", i1),
    "float[]": ListKind(FloatKind(), "numbers"),  # xDSL cannot read inf in a dense array
    "SymInt[]": DimsKind(DIM, "integers or size expressions"),
    "Scalar[]": ListKind(SCALAR, "numbers"),
    "str[]": ListKind(STR, "strings"),
}
"""Kinds by schema type without a trailing `?`. Tensors are operands and not here; a `Generator` is always None."""
