"""Elementwise operators of two tensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.binary import BinaryOp, ComparisonOp, LogicalOp
from etc.errors import EtcError
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.scalars import Number, Scalar, computed_in
from etc.transforms.edge_builder import number_of

Formula = Callable[[Scalar, Scalar], Scalar]


def _bits(scalar: Scalar) -> int:
    return scalar.dtype.size * 8


def _left_shift(x: Scalar, count: Scalar) -> Scalar:
    """torch gives 0 where C has no meaning: for counts below 0 or beyond the width."""
    inside = (count >= 0) & (count < _bits(x))
    return inside.choose(x.shift_left(inside.choose(count, 0)), 0)


def _right_shift(x: Scalar, count: Scalar) -> Scalar:
    """A count that C has no meaning for counts as the largest: only the sign is left."""
    if not x.dtype.is_signed:
        inside = count < _bits(x)
        return inside.choose(x.shift_right(inside.choose(count, 0)), 0)
    return x.shift_right(((count >= 0) & (count < _bits(x))).choose(count, _bits(x) - 1))


ARITHMETIC: Mapping[type[EdgeOp], Formula] = {
    edge.Atan2Op: Scalar.atan2,
    edge.BitwiseAndOp: lambda x, y: x & y,
    edge.BitwiseLeftShiftOp: _left_shift,
    edge.BitwiseOrOp: lambda x, y: x | y,
    edge.BitwiseRightShiftOp: _right_shift,
    edge.BitwiseXorOp: lambda x, y: x ^ y,
    edge.DivOp: lambda x, y: x / y,
    edge.MaximumOp: Scalar.maximum,
    edge.MinimumOp: Scalar.minimum,
    edge.MulOp: lambda x, y: x & y if x.dtype is dtypes.bool_ else x * y,
}
"""Functions of numbers of the dtype that the result is computed in."""

COMPARISONS: Mapping[type[EdgeOp], Formula] = {
    edge.EqOp: Scalar.eq,
    edge.GeOp: Scalar.__ge__,
    edge.GtOp: Scalar.__gt__,
    edge.LeOp: Scalar.__le__,
    edge.LtOp: Scalar.__lt__,
    edge.NeOp: Scalar.ne,
}
LOGIC: Mapping[type[EdgeOp], Formula] = {
    edge.LogicalAndOp: lambda x, y: x & y,
    edge.LogicalOrOp: lambda x, y: x | y,
    edge.LogicalXorOp: lambda x, y: x ^ y,
}


def _elementwise(op: EdgeOp, b: LinalgBuilder, formula: Formula) -> Array:
    """`formula` of the two operands in the dtype that the result is computed in."""
    result = b.result(op)
    wide = computed_in(result.dtype)
    left, right = op.operands
    return b.elementwise(result, [b[left], b[right]], lambda x, y: formula(x.cast(wide), y.cast(wide)))


@lowers(*ARITHMETIC)
def arithmetic(op: BinaryOp, b: LinalgBuilder) -> Array:
    return _elementwise(op, b, ARITHMETIC[type(op)])


@lowers(*COMPARISONS)
def comparison(op: ComparisonOp, b: LinalgBuilder) -> Array:
    return b.elementwise(b.result(op), [b[op.self_], b[op.other]], COMPARISONS[type(op)])


@lowers(*LOGIC)
def logic(op: LogicalOp, b: LinalgBuilder) -> Array:
    formula = LOGIC[type(op)]
    return b.elementwise(
        b.result(op), [b[op.self_], b[op.other]], lambda x, y: formula(x.cast(dtypes.bool_), y.cast(dtypes.bool_))
    )


@lowers(edge.AddOp)
def add(op: edge.AddOp, b: LinalgBuilder) -> Array:
    if b.result(op).dtype is dtypes.bool_:
        return _elementwise(op, b, lambda x, y: x | y if op.argument("alpha") else x)
    return _elementwise(op, b, lambda x, y: x + _times(y, op.argument("alpha"), b))


@lowers(edge.SubOp)
def sub(op: edge.SubOp, b: LinalgBuilder) -> Array:
    return _elementwise(op, b, lambda x, y: x - _times(y, op.argument("alpha"), b))


def _times(x: Scalar, factor: Number, b: LinalgBuilder) -> Scalar:
    return x if factor == 1 else x * b.number(factor, x.dtype)


# Quotients and what is left of them


@lowers(edge.DivModeOp)
def div_mode(op: edge.DivModeOp, b: LinalgBuilder) -> Array:
    match op.argument("rounding_mode"):
        case None:
            return _elementwise(op, b, ARITHMETIC[edge.DivOp])
        case "floor":
            return floor_divide(op, b)
        case _:
            stored = b.result(op).dtype
            # As torch does, half precision is rounded before the fraction is dropped.
            return _divided(op, b, lambda x, y: (x / y).cast(stored).call("trunc"), Scalar.truncated)


@lowers(edge.FloorDivideOp)
def floor_divide(op: edge.FloorDivideOp | edge.DivModeOp, b: LinalgBuilder) -> Array:
    return _divided(op, b, lambda x, y: _floor_quotient(x, y, b), Scalar.floor_quotient)


@lowers(edge.FmodOp)
def fmod(op: edge.FmodOp, b: LinalgBuilder) -> Array:
    return _divided(op, b, lambda x, y: _float_rest(x, y, b), Scalar.rest)


@lowers(edge.RemainderOp)
def remainder(op: edge.RemainderOp, b: LinalgBuilder) -> Array:
    def with_sign_of(y: Scalar, rest: Scalar) -> Scalar:
        if not y.dtype.is_signed:
            return rest
        return (rest.ne(0) & ((rest < 0) ^ (y < 0))).choose(rest + y, rest)

    return _divided(op, b, lambda x, y: with_sign_of(y, _float_rest(x, y, b)), lambda x, y: with_sign_of(y, x.rest(y)))


def _divided(op: EdgeOp, b: LinalgBuilder, of_floats: Formula, of_integers: Formula) -> Array:
    """A quotient or remainder. As in torch it is an error to divide an integer by 0."""
    if b.result(op).dtype.is_float:
        return _elementwise(op, b, of_floats)
    divisor: SSAValue = op.operands[1]

    def checked(x: Scalar, y: Scalar) -> Scalar:
        if not number_of(divisor):
            b.require(y.ne(0), "an integer is divided by 0")
        return of_integers(x, y)

    return _elementwise(op, b, checked)


def _float_rest(x: Scalar, y: Scalar, b: LinalgBuilder) -> Scalar:
    """C's `fmod`, which is exact: long division in binary.

    The divisor is doubled as often as it fits into the dividend, then taken away where it fits and halved again. NaN
    for a divisor of 0, an infinite dividend, and NaN.
    """
    size, divisor = abs(x), abs(y)
    defined = (divisor > 0) & (size < math.inf)
    divisor = (defined & (divisor < math.inf)).choose(divisor, math.nan)  # NaN ends both loops
    (largest,) = b.repeat([divisor], lambda s: s + s <= size, lambda s: s + s)
    rest, _ = b.repeat(
        [size, largest],
        lambda _, s: s >= divisor,
        lambda rest, s: [(rest >= s).choose(rest - s, rest), s * 0.5],
    )
    return defined.choose(rest, math.nan).copysign(x)


def _floor_quotient(x: Scalar, y: Scalar, b: LinalgBuilder) -> Scalar:
    """floor(x / y) as Python has it, consistent with the remainder: floor of the rounded quotient may be 1 too high."""
    rest = _float_rest(x, y, b)
    quotient = (x - rest) / y
    quotient = (rest.ne(0) & ((rest < 0) ^ (y < 0))).choose(quotient - 1, quotient)
    whole = quotient.call("floor")
    whole = ((quotient - whole) > 0.5).choose(whole + 1, whole)
    ratio = x / y
    whole = quotient.ne(0).choose(whole, ratio.like(0).copysign(ratio))
    return y.eq(0).choose(ratio, whole)


# Powers


@lowers(edge.PowOp)
def power(op: edge.PowOp, b: LinalgBuilder) -> Array:
    if b.result(op).dtype.is_float:
        return _elementwise(op, b, Scalar.power)
    return _elementwise(op, b, lambda x, y: _integer_power(x, y, b))


def _integer_power(x: Scalar, exponent: Scalar, b: LinalgBuilder) -> Scalar:
    """By repeated squaring. Negative powers of numbers but 1 and -1 are 0."""

    def step(result: Scalar, base: Scalar, left: Scalar) -> list[Scalar]:
        return [(left & 1).ne(0).choose(result * base, result), base * base, left.shift_right(1)]

    result = b.repeat([x.like(1), x, exponent], lambda result, base, left: left > 0, step)[0]
    if not x.dtype.is_signed:
        return result
    of_minus_one = (exponent & 1).ne(0).choose(x, 1)
    negative = x.eq(1).choose(x, x.eq(-1).choose(of_minus_one, 0))
    return (exponent < 0).choose(negative, result)


_POWERS: Mapping[float, Callable[[Scalar], Scalar]] = {
    0.0: lambda x: x.like(1),
    1.0: lambda x: x,
    2.0: lambda x: x * x,
    3.0: lambda x: x * x * x,
    0.5: lambda x: x.call("sqrt"),
    -0.5: lambda x: 1 / x.call("sqrt"),
    -1.0: lambda x: 1 / x,
    -2.0: lambda x: 1 / (x * x),
}
"""Powers that torch computes in this way rather than by the general function."""


@lowers(edge.PowScalarOp)
def power_of_number(op: edge.PowScalarOp, b: LinalgBuilder) -> Array:
    result, exponent = b.result(op), op.argument("exponent")
    wide = computed_in(result.dtype)
    if result.dtype.is_integer and exponent < 0:
        raise EtcError("integers have no negative powers", expected="an exponent of at least 0", found=str(exponent))

    def formula(x: Scalar) -> Scalar:
        x = x.cast(wide)
        if result.dtype.is_integer:
            return _fixed_power(x, int(exponent))
        return _POWERS[exponent](x) if exponent in _POWERS else x.power(exponent)

    return b.elementwise(result, [b[op.self_]], formula)


def _fixed_power(x: Scalar, exponent: int) -> Scalar:
    if exponent == 0:
        return x.like(1)
    half = _fixed_power(x * x, exponent // 2)
    return half * x if exponent % 2 else half
