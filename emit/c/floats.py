"""How the floating-point operations of `arith` and `math` are spelt in C, keyed by class.

Nothing is reassociated or contracted: compile with `-ffp-contract=off` to have the same bits on every target. f16 and
bf16 are stored as 16 bits and only converted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import Float32Type, FloatAttr, IndexType, IntegerType, bf16, f16, f32, f64
from xdsl.ir import Attribute, Operation, SSAValue

from etc.emit.c import support
from etc.emit.c.integers import Spelling
from etc.emit.c.support import Support, SupportLibrary
from etc.emit.c.values import (
    EQUALITY,
    PRIMARY,
    PRODUCT,
    RELATION,
    SUM,
    UNARY,
    Value,
    binary,
    c_type,
    call,
    cast,
    is_half,
    negated,
    width,
)


def _check(op: Operation, type: Attribute) -> None:
    if type not in (f32, f64):
        raise TypeError(f"{op.name} of {type}; it must be converted to f32 first")


def _operator(symbol: str, rank: int) -> Spelling:
    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        _check(op, op.results[0].type)
        return binary(operands[0], symbol, operands[1], rank)

    return spell


def _function(name: str) -> Spelling:
    """A function of <math.h>."""

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        return call(library.libm(name, op.results[0].type), *operands)

    return spell


def _number(value: SSAValue) -> bool:
    """Whether it is a constant, and not NaN."""
    return (
        isinstance(value.owner, arith.ConstantOp)
        and isinstance(constant := value.owner.value, FloatAttr)
        and constant.value.data == constant.value.data
    )


def _extremum(function: Support, of_constant: Support) -> Spelling:
    """One comparison does when an operand is a constant that is no NaN."""

    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        type = op.results[0].type
        _check(op, type)
        a, b = operands
        if _number(op.operands[1]):
            return call(library.use(of_constant, type), a, b)
        if _number(op.operands[0]):
            return call(library.use(of_constant, type), b, a)
        return call(library.use(function, type), a, b)

    return spell


def _call(function: Support) -> Spelling:
    def spell(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
        _check(op, op.results[0].type)
        return call(library.use(function, op.results[0].type), *operands)

    return spell


_ORDERED: Mapping[int, tuple[str, int]] = {
    1: ("==", EQUALITY),
    2: (">", RELATION),
    3: (">=", RELATION),
    4: ("<", RELATION),
    5: ("<=", RELATION),
    13: ("!=", EQUALITY),
}
_NOT: Mapping[int, int] = {8: 6, 9: 5, 10: 4, 11: 3, 12: 2}
"""An unordered predicate is the negation of an ordered one: `ugt` of `ole`."""
_TESTS: Mapping[int, Support] = {6: support.LESS_OR_GREATER, 7: support.ORDERED, 14: support.UNORDERED}


def _compare(op: arith.CmpfOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    _check(op, op.lhs.type)
    a, b = operands

    def spell(predicate: int) -> Value:
        if predicate in (0, 15):
            return Value("true" if predicate else "false")
        if predicate in _ORDERED:
            operator, rank = _ORDERED[predicate]
            return binary(a, operator, b, rank)
        if predicate in _NOT:
            return negated(spell(_NOT[predicate]))
        if op.lhs is op.rhs and predicate in (7, 14) and a.rank == PRIMARY:
            return binary(a, "==" if predicate == 7 else "!=", b, EQUALITY)
        return call(library.use(_TESTS[predicate], op.lhs.type), a, b)

    return spell(op.predicate.value.data)


def _negate(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
    _check(op, op.results[0].type)
    text = operands[0].at(PRIMARY)
    return Value(f"-{text}", UNARY)


def _extend(op: arith.ExtFOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    if not is_half(op.input.type):
        return cast("double", a)
    function = support.FROM_F16 if op.input.type == f16 else support.FROM_BF16
    single = call(library.use(function), a)
    return single if op.result.type == f32 else cast("double", single)


def _truncate(op: arith.TruncFOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    single = a if op.input.type == f32 else cast("float", a)
    if op.result.type == f32:
        return single
    return call(library.use(support.TO_F16 if op.result.type == f16 else support.TO_BF16), single)


def _bitcast(op: arith.BitcastOp, operands: Sequence[Value], library: SupportLibrary) -> Value:
    [a] = operands
    source, target = op.input.type, op.result.type
    if source == target:
        return a
    if source in (f32, f64) and isinstance(target, IntegerType):
        return call(library.use(support.BITS_OF_FLOAT, source), a, bits=width(target))
    if target in (f32, f64) and isinstance(source, IntegerType):
        return call(library.use(support.FLOAT_OF_BITS, target), a)
    halves = (f16, bf16)
    if source in halves or target in halves or isinstance(source, IndexType) or isinstance(target, IndexType):
        return cast(c_type(target), a)
    raise TypeError(f"{op.name} from {source} to {target}")


def _reciprocal_root(op: Operation, operands: Sequence[Value], library: SupportLibrary) -> Value:
    type = op.results[0].type
    root = call(library.libm("sqrt", type), *operands)
    return binary(Value("1.0f" if isinstance(type, Float32Type) else "1.0"), "/", root, PRODUCT)


def _power_of_integer(op: Any, operands: Sequence[Value], library: SupportLibrary) -> Value:
    base, exponent = operands
    type = op.results[0].type
    return call(library.libm("pow", type), base, cast(c_type(type), exponent))


FLOATS: dict[type[Operation], Spelling] = {
    arith.AddfOp: _operator("+", SUM),
    arith.SubfOp: _operator("-", SUM),
    arith.MulfOp: _operator("*", PRODUCT),
    arith.DivfOp: _operator("/", PRODUCT),
    arith.NegfOp: _negate,
    arith.MaximumfOp: _extremum(support.MAXIMUM, support.AT_LEAST),
    arith.MinimumfOp: _extremum(support.MINIMUM, support.AT_MOST),
    arith.MaxnumfOp: _call(support.MAXIMUM_NUMBER),
    arith.MinnumfOp: _call(support.MINIMUM_NUMBER),
    arith.CmpfOp: _compare,
    arith.ExtFOp: _extend,
    arith.TruncFOp: _truncate,
    arith.BitcastOp: _bitcast,
    math.RsqrtOp: _reciprocal_root,
    math.FPowIOp: _power_of_integer,
    **{
        op: _function(name)
        for op, name in {
            math.AbsFOp: "fabs",
            math.AcosOp: "acos",
            math.AcoshOp: "acosh",
            math.AsinOp: "asin",
            math.AsinhOp: "asinh",
            math.AtanOp: "atan",
            math.AtanhOp: "atanh",
            math.Atan2Op: "atan2",
            math.CbrtOp: "cbrt",
            math.CeilOp: "ceil",
            math.CopySignOp: "copysign",
            math.CosOp: "cos",
            math.CoshOp: "cosh",
            math.ErfOp: "erf",
            math.Exp2Op: "exp2",
            math.ExpM1Op: "expm1",
            math.ExpOp: "exp",
            math.FloorOp: "floor",
            math.FmaOp: "fma",
            math.Log10Op: "log10",
            math.Log1pOp: "log1p",
            math.Log2Op: "log2",
            math.LogOp: "log",
            math.PowFOp: "pow",
            math.RoundEvenOp: "rint",
            math.RoundOp: "round",
            math.SinOp: "sin",
            math.SinhOp: "sinh",
            math.SqrtOp: "sqrt",
            math.TanOp: "tan",
            math.TanhOp: "tanh",
            math.TruncOp: "trunc",
        }.items()
    },
}
