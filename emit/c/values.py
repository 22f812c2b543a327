"""C expressions as the printer handles them: text, how tightly it binds, and what is known of the number.

Arithmetic of `arith` wraps and has no signs; C's signed arithmetic must not overflow. So sums and products are computed
in unsigned types and cast back, unless the operands are known to be small enough (`bits`). Addresses are sums of
products of few names with constants; such a `linear` form is kept to print them simplified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import (
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    bf16,
    f16,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
)
from xdsl.ir import Attribute

PRIMARY, UNARY, PRODUCT, SUM, SHIFT, RELATION, EQUALITY, BITS, AND, OR, CONDITIONAL = range(15, 4, -1)
"""How tightly C's operators bind; BITS are `&`, `^` and `|`, which are always put in parentheses beside others."""

LONGEST = 96
"""An expression longer than this becomes a named local."""


@dataclass(frozen=True)
class Value:
    """An expression without side effects. Of integers: it fits in `bits` bits with its sign; `unsigned` is the text of
    a product-level expression of the unsigned type whose cast this is; `natural` says that it is never negative."""

    text: str
    rank: int = PRIMARY
    bits: int = 64
    unsigned: Value | None = None
    natural: bool = False
    linear: Linear | None = None

    def at(self, rank: int) -> str:
        """The text, in parentheses unless it binds at least as tightly as `rank`."""
        return self.text if self.rank >= rank else f"({self.text})"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Linear:
    """`constant` plus the sum of `terms`: value → factor, in order of appearance."""

    terms: Mapping[str, int]
    constant: int

    def plus(self, other: Linear, factor: int = 1) -> Linear:
        terms = dict(self.terms)
        for name, count in other.terms.items():
            terms[name] = terms.get(name, 0) + factor * count
        return Linear({n: c for n, c in terms.items() if c}, self.constant + factor * other.constant)

    def times(self, factor: int) -> Linear:
        return Linear({n: c * factor for n, c in self.terms.items() if c * factor}, self.constant * factor)


def linear(value: Value) -> Linear:
    """A value as a sum; what is no sum is one term."""
    return value.linear if value.linear is not None else Linear({value.at(UNARY): 1}, 0)


def of_linear(form: Linear, natural: bool = False) -> Value:
    """The sum as text: `i0 * 64 + ky * 8 - 9`."""
    parts: list[tuple[bool, str]] = []
    for name, factor in sorted(form.terms.items(), key=lambda item: item[1] < 0):
        parts.append((factor < 0, name if abs(factor) == 1 else f"{name} * {abs(factor)}"))
    if form.constant or not parts:
        parts.append((form.constant < 0, str(abs(form.constant))))
    (negative, text), *others = parts
    product = text
    text = f"-{text}" if negative else text
    for negative, part in others:
        text += f" {'-' if negative else '+'} {part}"
    rank = SUM if others else PRODUCT if " * " in product else UNARY if text[0] == "-" else PRIMARY
    return Value(text, rank, natural=natural, linear=form)


def literal_index(number: int) -> Value:
    return of_linear(Linear({}, number), number >= 0)


def binary(a: Value, operator: str, b: Value, rank: int) -> Value:
    """`a operator b`, left-associative. Only sums and products may stand beside tighter arithmetic unbracketed."""
    if rank >= SUM:
        right = b.at(rank + 1)
        return Value(f"{a.at(rank)} {operator} {'(' + right + ')' if right[0] == '-' else right}", rank)
    inner = SUM if rank in (RELATION, EQUALITY) else UNARY
    return Value(f"{a.at(inner)} {operator} {b.at(inner)}", rank)


def logical(a: Value, operator: str, b: Value) -> Value:
    """`a && b`, `a || b`: comparisons keep no parentheses, the other operator gets them."""
    rank = AND if operator == "&&" else OR

    def part(v: Value) -> str:
        return v.text if v.rank == rank else v.at(EQUALITY)

    return Value(f"{part(a)} {operator} {part(b)}", rank)


def negated(a: Value) -> Value:
    """`!a` of a truth value."""
    return Value(f"!{a.at(UNARY)}", UNARY)


def call(function: str, *arguments: Value, bits: int = 64) -> Value:
    return Value(f"{function}({', '.join(a.text for a in arguments)})", bits=bits)


def cast(ctype: str, a: Value, bits: int = 64) -> Value:
    return Value(f"({ctype}){a.at(UNARY)}", UNARY, bits)


_C_TYPES: Mapping[Attribute, str] = {
    IndexType(): "ptrdiff_t",
    i1: "bool",
    **{type: f"int{type.width.data}_t" for type in (i8, i16, i32, i64)},
    f16: "uint16_t",
    bf16: "uint16_t",
    f32: "float",
    f64: "double",
}


def c_type(type: Attribute) -> str:
    """The C type of a local. Raises TypeError when C has none for it."""
    if (name := _C_TYPES.get(type)) is None:
        raise TypeError(f"there is no C type for {type}")
    return name


def memory_type(type: Attribute) -> str:
    """The C type of an element in memory: a truth value takes one byte, 0 or 1."""
    name = c_type(type)
    return "uint8_t" if name == "bool" else name


def width(type: Attribute) -> int:
    """Bits of an integer; of an index it is 0: not known here."""
    return type.width.data if isinstance(type, IntegerType) else 0


def is_half(type: Attribute) -> bool:
    return type in (f16, bf16)


def suffix(type: Attribute) -> str:
    """What names of support functions for this type end in: i32, f32, index."""
    return "index" if isinstance(type, IndexType) else str(type)


def float_text(number: float, single: bool) -> str:
    """The shortest literal that gives the same number back: `0.1f`, `-INFINITY`, `NAN`."""
    from struct import error, pack, unpack

    if number != number:
        return "NAN"
    if number in (float("inf"), float("-inf")):
        return "INFINITY" if number > 0 else "-INFINITY"
    text = repr(number)
    if single:
        for digits in range(1, 10):
            text = f"{number:.{digits}g}"
            try:
                if unpack("<f", pack("<f", float(text)))[0] == number:
                    break
            except (error, OverflowError):  # rounded up beyond the largest float
                continue
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa if "." in mantissa else mantissa + ".0"
    return f"{mantissa}{'e' + str(int(exponent)) if exponent else ''}{'f' if single else ''}"


def half_bits(number: float, type: Attribute) -> int:
    """The 16 bits of a number that the half type can hold."""
    from etc.dialects import dtypes
    from etc.dialects.blob import pack

    return int.from_bytes(bytes(pack([number], dtypes.BY_IR[type]).data), "little")


def literal(attribute: Attribute) -> Value:
    """A constant. Raises TypeError for a type without a C spelling."""
    match attribute:
        case IntegerAttr(value=value, type=IndexType()):
            return literal_index(value.data)
        case IntegerAttr(value=value, type=IntegerType(width=size)):
            return literal_integer(value.data, size.data)
        case FloatAttr(value=value, type=type) if is_half(type):
            return Value(f"0x{half_bits(value.data, type):04X}")
        case FloatAttr(value=value, type=type) if type in (f32, f64):
            text = float_text(value.data, single=type == f32)
            return Value(text, UNARY if text[0] == "-" else PRIMARY)
        case _:
            raise TypeError(f"there is no C literal for {attribute}")


def literal_integer(number: int, size: int) -> Value:
    """An integer constant of `size` bits; numbers outside the signed range wrap."""
    if size == 1:
        return Value("true" if number else "false")
    number = (number + (1 << (size - 1))) % (1 << size) - (1 << (size - 1))
    bits = (number if number >= 0 else ~number).bit_length() + 1
    if number == -(1 << (size - 1)) and size >= 32:
        return Value(f"INT{size}_MIN", bits=bits)
    text = f"INT64_C({abs(number)})" if size == 64 else str(abs(number))
    as_unsigned = Value(f"UINT64_C({number})" if size == 64 else f"{number}U") if number >= 0 else None
    return Value(f"-{text}" if number < 0 else text, UNARY if number < 0 else PRIMARY, bits, as_unsigned)


def unsigned(value: Value, size: int) -> Value:
    """The value in the unsigned type of `size` bits, without going through the signed one when it came from there."""
    return value.unsigned if value.unsigned is not None else cast(f"uint{size}_t", value)


def from_unsigned(value: Value, size: int) -> Value:
    """The signed integer with the bits of an expression of the unsigned type."""
    return Value(f"(int{size}_t){value.at(UNARY)}", UNARY, size, value)
