"""How the integer operations of `arith` and `math` are spelt in C, keyed by class.

Integers have no signs in the IR and wrap. An i8 or i16 is promoted to int, which holds sums and products of two; for
i32 and i64 sums and products are unsigned unless they are known to fit. An index is `ptrdiff_t` and never overflows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import Float64Type, IndexType, IntegerAttr, IntegerType, i1
from xdsl.ir import Operation, SSAValue

from etc.emit.c import support
from etc.emit.c.saturation import saturated
from etc.emit.c.support import Support, SupportLibrary
from etc.emit.c.values import (
    BITS,
    CONDITIONAL,
    EQUALITY,
    PRODUCT,
    RELATION,
    SHIFT,
    SUM,
    UNARY,
    Value,
    binary,
    c_type,
    call,
    cast,
    from_unsigned,
    linear,
    logical,
    negated,
    of_linear,
    unsigned,
    width,
)

Spelling: TypeAlias = Callable[[Any, Sequence[Value], SupportLibrary], Value]
Results: TypeAlias = Callable[[Any, Sequence[Value], SupportLibrary], Sequence[Value]]

_RANKS = {"+": SUM, "-": SUM, "*": PRODUCT}


def _arithmetic(operator: str, bits: Callable[[int, int], int], on_truth: str) -> Spelling:
    """`+`, `-` or `*`. `bits`: how many the exact result takes; `on_truth`: the operator on i1."""

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        a, b = operands
        rank = _RANKS[operator]
        if isinstance(op.results[0].type, IndexType):
            return _index(operator, a, b)
        size = width(op.results[0].type)
        if size == 1:
            return _truth(on_truth, a, b)
        exact = bits(a.bits, b.bits)
        if size >= 32 and (exact <= size or _never_overflows(op)):
            return Value(binary(a, operator, b, rank).text, rank, bits=min(exact, size))
        if size < 32:
            return cast(f"int{size}_t", binary(a, operator, b, rank), bits=size)
        return from_unsigned(binary(unsigned(a, size), operator, unsigned(b, size), rank), size)

    return spell


def _never_overflows(op: Operation) -> bool:
    """Whether the program vouches that the signed result fits: `overflow<nsw>`."""
    flags = op.properties.get("overflowFlags")
    return isinstance(flags, arith.IntegerOverflowAttr) and arith.IntegerOverflowFlag.NSW in flags.data


def _index(operator: str, a: Value, b: Value) -> Value:
    x, y = linear(a), linear(b)
    natural = a.natural and b.natural and operator != "-"
    if operator != "*":
        return of_linear(x.plus(y, 1 if operator == "+" else -1), natural)
    if not x.terms:
        return of_linear(y.times(x.constant), natural)
    if not y.terms:
        return of_linear(x.times(y.constant), natural)
    product = binary(a, "*", b, PRODUCT)
    return Value(product.text, product.rank, natural=natural)


def _truth(operator: str, a: Value, b: Value) -> Value:
    if operator in ("&&", "||"):
        return logical(a, operator, b)
    if b.text == "true" and operator == "!=":
        return negated(a)
    return Value(f"{a.at(UNARY)} {operator} {b.at(UNARY)}", EQUALITY)


def _bitwise(operator: str, on_truth: str) -> Spelling:
    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        a, b = operands
        size = width(op.results[0].type)
        if size == 1:
            return _truth(on_truth, a, b)
        result = binary(a, operator, b, BITS)
        return cast(c_type(op.results[0].type), result, bits=size) if size in (8, 16) else result

    return spell


def _signed_quotient(operator: str) -> Spelling:
    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        a, b = operands
        type = op.results[0].type
        result = binary(a, operator, b, PRODUCT)
        if width(type) in (8, 16):
            return cast(c_type(type), result, bits=width(type))
        return Value(result.text, result.rank, natural=a.natural and b.natural)

    return spell


def _unsigned_quotient(operator: str) -> Spelling:
    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        a, b = operands
        type = op.results[0].type
        if isinstance(type, IndexType):
            if a.natural and b.natural:
                return Value(binary(a, operator, b, PRODUCT).text, PRODUCT, natural=True)
            return cast("ptrdiff_t", binary(cast("size_t", a), operator, cast("size_t", b), PRODUCT))
        size = width(type)
        quotient = binary(unsigned(a, size), operator, unsigned(b, size), PRODUCT)
        return from_unsigned(quotient if size >= 32 else cast(f"uint{size}_t", quotient), size)

    return spell


def _of_function(function: Support, when_natural: Spelling | None = None) -> Spelling:
    """A call of a support function at the result's type; `when_natural` if no operand is negative."""

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        if when_natural is not None and all(v.natural for v in operands):
            return when_natural(op, operands, library)
        type = op.results[0].type
        natural = all(v.natural for v in operands)
        return Value(f"{library.use(function, type)}({', '.join(v.text for v in operands)})", natural=natural)

    return spell


def _extremum(function: Support, on_truth: str) -> Spelling:
    by_function = _of_function(function)

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        if op.results[0].type == i1:
            return logical(operands[0], on_truth, operands[1])
        return by_function(op, operands, library)

    return spell


def _minimum(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
    bits = saturated(op)
    if bits is None:
        return _extremum(support.MIN, "||")(op, operands, library)
    return call(library.use(support.SATURATE[bits]), operands[0], bits=bits)


def _maximum(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
    """The operand itself where the minimum that follows clamps it at both ends."""
    user = op.results[0].get_user_of_unique_use()
    if user is not None and saturated(user) is not None:
        return operands[0]
    return _extremum(support.MAX, "&&")(op, operands, library)


def _shift(operator: str, function: Support, as_unsigned: bool) -> Spelling:
    """By a constant in place; by a variable through a function that knows what to do beyond the width."""

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        a, b = operands
        type = op.results[0].type
        size = width(type)
        amount = int(b.text) if b.text.isdigit() else _int64_literal(b.text)
        if amount is None or isinstance(type, IndexType) or not 0 <= amount < size:
            return _of_function(function)(op, operands, library)
        by = Value(str(amount))
        if not as_unsigned:
            shifted = binary(a, operator, by, SHIFT)
            return shifted if size >= 32 else cast(c_type(type), shifted, bits=size)
        shifted = binary(unsigned(a, size), operator, by, SHIFT)
        return from_unsigned(shifted if size >= 32 else cast(f"uint{size}_t", shifted), size)

    return spell


def _int64_literal(text: str) -> int | None:
    digits = text.removeprefix("INT64_C(").removesuffix(")")
    return int(digits) if digits.isdigit() and digits != text else None


_PREDICATES: Mapping[int, tuple[str, bool]] = {
    0: ("==", False),
    1: ("!=", False),
    2: ("<", False),
    3: ("<=", False),
    4: (">", False),
    5: (">=", False),
    6: ("<", True),
    7: ("<=", True),
    8: (">", True),
    9: (">=", True),
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


_ALWAYS: Mapping[str, Callable[[range, range], bool | None]] = {
    "<": lambda a, b: True if a[-1] < b[0] else False if a[0] >= b[-1] else None,
    "<=": lambda a, b: True if a[-1] <= b[0] else False if a[0] > b[-1] else None,
    ">": lambda a, b: True if a[0] > b[-1] else False if a[-1] <= b[0] else None,
    ">=": lambda a, b: True if a[0] >= b[-1] else False if a[-1] < b[0] else None,
    "==": lambda a, b: False if a[-1] < b[0] or b[-1] < a[0] else None,
    "!=": lambda a, b: True if a[-1] < b[0] or b[-1] < a[0] else None,
}
"""What a comparison of numbers in two ranges gives, where that is certain: compilers warn of those."""


def _range(value: SSAValue, as_unsigned: bool) -> range:
    """The numbers that an integer can be: of a constant one, of an extended one those of the smaller type."""
    size = width(value.type)
    owner = value.owner
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        half = 0 if as_unsigned else 1 << (size - 1)
        number = (owner.value.value.data + half) % (1 << size) - half
        return range(number, number + 1)
    if isinstance(owner, arith.ExtUIOp):
        return range(1 << width(owner.input.type))
    if isinstance(owner, arith.ExtSIOp) and not as_unsigned:
        size = width(owner.input.type)
    return range(1 << size) if as_unsigned else range(-(1 << (size - 1)), 1 << (size - 1))


def _compare(op: arith.CmpiOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    a, b = operands
    operator, as_unsigned = _PREDICATES[op.predicate.value.data]
    size = width(op.lhs.type)
    if size == 1:  # true is -1 where signs count
        operator = operator if as_unsigned else _TURNED.get(operator, operator)
        return Value(f"{a.at(UNARY)} {operator} {b.at(UNARY)}", EQUALITY if operator in ("==", "!=") else RELATION)
    if size and (always := _ALWAYS[operator](_range(op.lhs, as_unsigned), _range(op.rhs, as_unsigned))) is not None:
        return Value("true" if always else "false")
    if as_unsigned and not (a.natural and b.natural):
        a, b = (cast("size_t", v) if not size else unsigned(v, size) for v in (a, b))
    return binary(a, operator, b, EQUALITY if operator in ("==", "!=") else RELATION)


def _select(op: arith.SelectOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    condition, yes, no = operands
    if op.result.type == i1 and no.text == "false":
        return logical(condition, "&&", yes)
    if op.result.type == i1 and yes.text == "true":
        return logical(condition, "||", no)
    text = f"{condition.at(UNARY)} ? {yes.at(SHIFT)} : {no.at(SHIFT)}"
    return Value(text, CONDITIONAL, max(yes.bits, no.bits), natural=yes.natural and no.natural)


def _extend_signed(op: arith.ExtSIOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    target = c_type(op.result.type)
    if op.input.type == i1:
        minus = Value(f"-({target}){a.at(UNARY)}", UNARY, bits=2)
        return minus if width(op.result.type) >= 32 else cast(target, minus, bits=2)
    return cast(target, a, bits=min(a.bits, width(op.input.type)))


def _extend_unsigned(op: arith.ExtUIOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    size = width(op.input.type)
    if size == 1:
        return cast(c_type(op.result.type), a, bits=2)
    return cast(c_type(op.result.type), unsigned(a, size), bits=size + 1)


def _truncate(op: arith.TruncIOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    if op.result.type == i1:
        return Value(f"({a.at(UNARY)} & 1) != 0", EQUALITY)
    return cast(c_type(op.result.type), a, bits=width(op.result.type))


def _index_cast(op: arith.IndexCastOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    if op.result.type == i1:
        return Value(f"({a.at(UNARY)} & 1) != 0", EQUALITY)
    if op.input.type == i1:
        return cast("ptrdiff_t", Value(f"-(int){a.at(UNARY)}", UNARY))
    result = cast(c_type(op.result.type), a)
    return Value(result.text, UNARY, bits=min(width(op.result.type) or 64, 64), natural=a.natural)


def _to_float(signed: bool) -> Spelling:
    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        [a] = operands
        size = width(op.operands[0].type)
        target = c_type(op.results[0].type)
        if size == 1:
            number = cast("int", a)
            return cast(target, Value(f"-{number.text}", UNARY) if signed else number)
        return cast(target, a if signed else unsigned(a, size))

    return spell


def _from_float(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
    """Through int32_t to narrower types, so that numbers beyond them wrap as PyTorch's do."""
    [a] = operands
    size = width(op.results[0].type)
    if size == 1:
        return Value(f"{a.at(SHIFT)} != 0.0{'' if isinstance(op.operands[0].type, Float64Type) else 'f'}", EQUALITY)
    if size < 32:
        return cast(f"int{size}_t", cast("int32_t", a), bits=size)
    if isinstance(op, arith.FPToUIOp):
        return from_unsigned(cast(f"uint{size}_t", a), size)
    return cast(f"int{size}_t", a, bits=size)


INTEGERS: dict[type[Operation], Spelling] = {
    arith.AddiOp: _arithmetic("+", lambda a, b: max(a, b) + 1, "!="),
    arith.SubiOp: _arithmetic("-", lambda a, b: max(a, b) + 1, "!="),
    arith.MuliOp: _arithmetic("*", lambda a, b: a + b, "&&"),
    arith.DivSIOp: _signed_quotient("/"),
    arith.RemSIOp: _signed_quotient("%"),
    arith.DivUIOp: _unsigned_quotient("/"),
    arith.RemUIOp: _unsigned_quotient("%"),
    arith.FloorDivSIOp: _of_function(support.FLOOR_DIVIDE, _signed_quotient("/")),
    arith.CeilDivSIOp: _of_function(support.CEIL_DIVIDE),
    arith.CeilDivUIOp: _of_function(support.CEIL_DIVIDE_UNSIGNED),
    arith.MinSIOp: _minimum,
    arith.MaxSIOp: _maximum,
    arith.MinUIOp: _extremum(support.MIN_UNSIGNED, "&&"),
    arith.MaxUIOp: _extremum(support.MAX_UNSIGNED, "||"),
    arith.AndIOp: _bitwise("&", "&&"),
    arith.OrIOp: _bitwise("|", "||"),
    arith.XOrIOp: _bitwise("^", "!="),
    arith.ShLIOp: _shift("<<", support.SHIFT_LEFT, as_unsigned=True),
    arith.ShRSIOp: _shift(">>", support.SHIFT_RIGHT, as_unsigned=False),
    arith.ShRUIOp: _shift(">>", support.SHIFT_RIGHT_UNSIGNED, as_unsigned=True),
    arith.CmpiOp: _compare,
    arith.SelectOp: _select,
    arith.ExtSIOp: _extend_signed,
    arith.ExtUIOp: _extend_unsigned,
    arith.TruncIOp: _truncate,
    arith.IndexCastOp: _index_cast,
    arith.SIToFPOp: _to_float(signed=True),
    arith.UIToFPOp: _to_float(signed=False),
    arith.FPToSIOp: _from_float,
    arith.FPToUIOp: _from_float,
    math.AbsIOp: _of_function(support.ABSOLUTE),
    math.IPowIOp: _of_function(support.POWER),
    math.CountLeadingZerosOp: _of_function(support.LEADING_ZEROS),
    math.CountTrailingZerosOp: _of_function(support.TRAILING_ZEROS),
    math.CtPopOp: _of_function(support.ONES),
}


def _add_extended(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Sequence[Value]:
    a, b = operands
    type = op.results[0].type
    size = width(type)
    if not isinstance(type, IntegerType) or size == 1:
        raise TypeError(f"{op.name} of {type}")
    total = binary(unsigned(a, size), "+", unsigned(b, size), SUM)
    total = total if size >= 32 else cast(f"uint{size}_t", total)
    return from_unsigned(total, size), binary(total, "<", unsigned(a, size), RELATION)


def _multiply_extended(signed: bool) -> Results:
    low_half = INTEGERS[arith.MuliOp]

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Sequence[Value]:
        type = op.results[0].type
        size = width(type)
        if size not in (8, 16, 32, 64):
            raise TypeError(f"{op.name} of {type}")
        low = low_half(op, operands, library)
        if size == 64:
            high = support.MULTIPLY_HIGH if signed else support.MULTIPLY_HIGH_UNSIGNED
            return low, call(library.use(high, type), *operands)
        wide = "int64_t" if signed else "uint64_t"
        a, b = (cast(wide, v if signed else unsigned(v, size)) for v in operands)
        product = binary(binary(a, "*", b, PRODUCT), ">>", Value(str(size)), SHIFT)
        return low, cast(f"int{size}_t", product, bits=size)

    return spell


INTEGER_PAIRS: dict[type[Operation], Results] = {
    arith.AddUIExtendedOp: _add_extended,
    arith.MulUIExtendedOp: _multiply_extended(signed=False),
    arith.MulSIExtendedOp: _multiply_extended(signed=True),
}
"""Operations with two results."""
