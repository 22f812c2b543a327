"""Numbers in the bodies of loops: formulas in Python that build arith and math operations.

    lambda x: x / (1.0 + (-x).exp())           x: Scalar of float32 -> negf, exp, addf, divf

A `Scalar` knows its dtype, because integers in IR have no sign. float16 and bfloat16 are storage types only: reading
gives float32, writing rounds. Booleans are i1. Indices count loops and address elements; those known at compile time
are folded, so that `i * 1 + 0` leaves no trace.
"""

from __future__ import annotations

import math as python_math
from collections.abc import Callable, Mapping
from typing import Any

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IndexType, IntegerAttr, IntegerType, Signedness, i32
from xdsl.ir import Attribute, Operation, SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype, Kind

INDEX = Dtype("index", IndexType(), Kind.INT, 8, -1, "int64")
"""The kind of loop counters and positions. Not an element type of tensors."""

Number = bool | int | float
Insert = Callable[[Operation], Operation]
"""Puts an operation where code is being written, and returns it."""

_BINARY: Mapping[str, tuple[type[Operation] | None, type[Operation], type[Operation]]] = {
    "add": (arith.AddfOp, arith.AddiOp, arith.AddiOp),
    "sub": (arith.SubfOp, arith.SubiOp, arith.SubiOp),
    "mul": (arith.MulfOp, arith.MuliOp, arith.MuliOp),
    "maximum": (arith.MaximumfOp, arith.MaxSIOp, arith.MaxUIOp),
    "minimum": (arith.MinimumfOp, arith.MinSIOp, arith.MinUIOp),
    "quotient": (arith.DivfOp, arith.DivSIOp, arith.DivUIOp),
    "floor_quotient": (None, arith.FloorDivSIOp, arith.DivUIOp),
    "ceil_quotient": (None, arith.CeilDivSIOp, arith.CeilDivUIOp),
    "rest": (None, arith.RemSIOp, arith.RemUIOp),
    "and": (None, arith.AndIOp, arith.AndIOp),
    "or": (None, arith.OrIOp, arith.OrIOp),
    "xor": (None, arith.XOrIOp, arith.XOrIOp),
    "shift_left": (None, arith.ShLIOp, arith.ShLIOp),
    "shift_right": (None, arith.ShRSIOp, arith.ShRUIOp),
}
"""Operations on floats, on signed and on unsigned integers."""

_COMPARISONS = {"eq": "oeq", "ne": "une", "lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge"}
"""Comparisons and how floats are compared: NaN is unequal to all, and neither smaller nor larger."""

_FOLDED: Mapping[str, Callable[[int, int], int]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "maximum": max,
    "minimum": min,
    "floor_quotient": lambda a, b: a // b,
    "ceil_quotient": lambda a, b: -(-a // b),
}
_NEUTRAL_RIGHT = {"add": 0, "sub": 0, "mul": 1, "floor_quotient": 1, "ceil_quotient": 1, "quotient": 1}
_MATH: Mapping[str, type[Operation]] = {
    op.name.removeprefix("math."): op
    for op in (
        math.AcosOp, math.AcoshOp, math.AsinOp, math.AsinhOp, math.AtanOp, math.AtanhOp, math.CbrtOp, math.CeilOp,
        math.CosOp, math.CoshOp, math.ErfOp, math.ExpOp, math.Exp2Op, math.ExpM1Op, math.FloorOp, math.LogOp,
        math.Log10Op, math.Log1pOp, math.Log2Op, math.RoundEvenOp, math.RsqrtOp, math.SinOp, math.SinhOp, math.SqrtOp,
        math.TanOp, math.TanhOp, math.TruncOp,
    )
}  # fmt: skip
"""Functions of one float by name."""


def element_type(dtype: Dtype) -> Attribute:
    """What elements of a dtype are in loops: integers lose their sign, which operations have instead."""
    if isinstance(dtype.ir, IntegerType) and dtype.ir.signedness.data is not Signedness.SIGNLESS:
        return IntegerType(dtype.ir.width.data)
    return dtype.ir


def computed_in(dtype: Dtype) -> Dtype:
    """The dtype that numbers of `dtype` are computed in: float32 for the half precisions."""
    return dtypes.float32 if dtype in (dtypes.float16, dtypes.bfloat16) else dtype


class Scalar:
    """A number of a running program. Operators take Scalars of the same dtype or Python's numbers."""

    __slots__ = ("_insert", "dtype", "known", "ssa")

    def __init__(self, ssa: SSAValue, dtype: Dtype, insert: Insert, known: int | None = None):
        self.ssa, self.dtype, self._insert = ssa, dtype, insert
        self.known = known
        """the value of an index that is known at compile time"""

    @staticmethod
    def constant(value: Number, dtype: Dtype, insert: Insert) -> Scalar:
        """`value` as a number of `dtype`, wrapped round for integers."""
        attribute, known = _attribute(value, dtype)
        return Scalar(insert(arith.ConstantOp(attribute)).results[0], dtype, insert, known)

    @staticmethod
    def stored(ssa: SSAValue, dtype: Dtype, insert: Insert) -> Scalar:
        """An element of a tensor of `dtype`, in the dtype that it is computed in."""
        wide = computed_in(dtype)
        if wide is not dtype:
            ssa = insert(arith.ExtFOp(ssa, wide.ir)).results[0]
        return Scalar(ssa, wide, insert)

    def to_store(self, dtype: Dtype) -> SSAValue:
        """This number, of the dtype that `dtype` is computed in, as an element of a tensor of `dtype`."""
        assert self.dtype is computed_in(dtype), f"{self.dtype} is stored as {dtype}: cast it first"
        if self.dtype is dtype:
            return self.ssa
        source = self.ssa.owner
        if isinstance(source, arith.ExtFOp) and source.operands[0].type == dtype.ir:
            return source.operands[0]  # an element that only moves
        return self._insert(arith.TruncFOp(self.ssa, dtype.ir)).results[0]

    # What the operators below share.

    def like(self, value: Scalar | Number) -> Scalar:
        """`value` as a number of this one's dtype."""
        if not isinstance(value, Scalar):
            return Scalar.constant(value, self.dtype, self._insert)
        assert value.dtype is self.dtype, f"{self.dtype} and {value.dtype}: cast one first"
        return value

    def _made(self, op: Operation, dtype: Dtype | None = None) -> Scalar:
        return Scalar(self._insert(op).results[0], dtype or self.dtype, self._insert)

    def _binary(self, name: str, other: Scalar | Number, *, swapped: bool = False) -> Scalar:
        if not isinstance(other, Scalar):
            if self.dtype is INDEX and not swapped and _NEUTRAL_RIGHT.get(name) == other:
                return self
            if self.known is None and self.dtype is INDEX and swapped and name in ("add", "mul"):
                return self._binary(name, other)
        right = self.like(other)
        left, right = (right, self) if swapped else (self, right)
        if left.known is not None and right.known is not None and name in _FOLDED:
            return Scalar.constant(_FOLDED[name](left.known, right.known), self.dtype, self._insert)
        if self.dtype is INDEX and right.known is not None and _NEUTRAL_RIGHT.get(name) == right.known:
            return left
        of_float, signed, unsigned = _BINARY[name]
        cls: Any = of_float if self.dtype.is_float else signed if self.dtype.is_signed else unsigned
        assert cls is not None, f"{name} of {self.dtype}"
        return self._made(cls(left.ssa, right.ssa))

    def _compare(self, name: str, other: Scalar | Number) -> Scalar:
        right = self.like(other).ssa
        if self.dtype.is_float:
            return self._made(arith.CmpfOp(self.ssa, right, _COMPARISONS[name]), dtypes.bool_)
        sign = "" if name in ("eq", "ne") else "s" if self.dtype.is_signed else "u"
        return self._made(arith.CmpiOp(self.ssa, right, sign + name), dtypes.bool_)

    # Arithmetic.

    def __add__(self, other: Scalar | Number) -> Scalar:
        return self._binary("add", other)

    def __radd__(self, other: Number) -> Scalar:
        return self._binary("add", other, swapped=True)

    def __sub__(self, other: Scalar | Number) -> Scalar:
        return self._binary("sub", other)

    def __rsub__(self, other: Number) -> Scalar:
        return self._binary("sub", other, swapped=True)

    def __mul__(self, other: Scalar | Number) -> Scalar:
        return self._binary("mul", other)

    def __rmul__(self, other: Number) -> Scalar:
        return self._binary("mul", other, swapped=True)

    def __truediv__(self, other: Scalar | Number) -> Scalar:
        assert self.dtype.is_float, "integers have floor_quotient, ceil_quotient and truncated"
        return self._binary("quotient", other)

    def __rtruediv__(self, other: Number) -> Scalar:
        assert self.dtype.is_float
        return self._binary("quotient", other, swapped=True)

    def truncated(self, other: Scalar | Number) -> Scalar:
        """The quotient of integers rounded towards zero; undefined for a divisor of zero."""
        return self._binary("quotient", other)

    def floor_quotient(self, other: Scalar | Number) -> Scalar:
        """The quotient of integers rounded down; undefined for a divisor of zero."""
        return self._binary("floor_quotient", other)

    def ceil_quotient(self, other: Scalar | Number) -> Scalar:
        """The quotient of integers rounded up; undefined for a divisor of zero."""
        return self._binary("ceil_quotient", other)

    def rest(self, other: Scalar | Number) -> Scalar:
        """What `truncated` leaves: it has the sign of the dividend."""
        return self._binary("rest", other)

    def __neg__(self) -> Scalar:
        return self._made(arith.NegfOp(self.ssa)) if self.dtype.is_float else self.like(0) - self

    def __abs__(self) -> Scalar:
        if self.dtype.is_float:
            return self._made(math.AbsFOp(self.ssa))
        return self if not self.dtype.is_signed else self.maximum(-self)

    def maximum(self, other: Scalar | Number) -> Scalar:
        """The larger number; NaN when one is NaN."""
        return self._binary("maximum", other)

    def minimum(self, other: Scalar | Number) -> Scalar:
        """The smaller number; NaN when one is NaN."""
        return self._binary("minimum", other)

    def call(self, function: str) -> Scalar:
        """A function of one float: exp, log1p, tanh, erf, floor, roundeven, …"""
        return self._made(_MATH[function](self.ssa))  # pyright: ignore[reportCallIssue]

    def power(self, exponent: Scalar | Number) -> Scalar:
        """A float to the power of a float, as C's `pow`."""
        return self._made(math.PowFOp(self.ssa, self.like(exponent).ssa))

    def atan2(self, other: Scalar) -> Scalar:
        """The angle of the point (other, self), as C's `atan2`."""
        return self._made(math.Atan2Op(self.ssa, other.ssa))

    def copysign(self, other: Scalar) -> Scalar:
        """This number's size with the sign of `other`."""
        return self._made(math.CopySignOp(self.ssa, other.ssa))

    def plus_within(self, other: Scalar) -> Scalar:
        """The sum of integers that are known to add up without overflow."""
        fits = arith.IntegerOverflowAttr([arith.IntegerOverflowFlag.NSW])
        return self._made(arith.AddiOp(self.ssa, self.like(other).ssa, overflow=fits))

    # Bits and truth.

    def __and__(self, other: Scalar | Number) -> Scalar:
        return self._binary("and", other)

    def __or__(self, other: Scalar | Number) -> Scalar:
        return self._binary("or", other)

    def __xor__(self, other: Scalar | Number) -> Scalar:
        return self._binary("xor", other)

    def __invert__(self) -> Scalar:
        return self ^ (True if self.dtype is dtypes.bool_ else -1)

    def shift_left(self, other: Scalar | Number) -> Scalar:
        """Undefined unless 0 <= other < width."""
        return self._binary("shift_left", other)

    def shift_right(self, other: Scalar | Number) -> Scalar:
        """Copies of the sign move in for signed dtypes. Undefined unless 0 <= other < width."""
        return self._binary("shift_right", other)

    # Comparisons.

    def eq(self, other: Scalar | Number) -> Scalar:
        return self._compare("eq", other)

    def ne(self, other: Scalar | Number) -> Scalar:
        return self._compare("ne", other)

    def __lt__(self, other: Scalar | Number) -> Scalar:
        return self._compare("lt", other)

    def __le__(self, other: Scalar | Number) -> Scalar:
        return self._compare("le", other)

    def __gt__(self, other: Scalar | Number) -> Scalar:
        return self._compare("gt", other)

    def __ge__(self, other: Scalar | Number) -> Scalar:
        return self._compare("ge", other)

    def is_nan(self) -> Scalar:
        """False for integers."""
        return self.ne(self) if self.dtype.is_float else Scalar.constant(False, dtypes.bool_, self._insert)

    def choose(self, then: Scalar, otherwise: Scalar | Number) -> Scalar:
        """`then` where this condition holds, `otherwise` where not; both are computed."""
        assert self.dtype is dtypes.bool_
        return then._made(arith.SelectOp(self.ssa, then.ssa, then.like(otherwise).ssa))

    # Conversions.

    def cast(self, dtype: Dtype) -> Scalar:
        """As torch's `to`: floats are cut towards zero and wrap as C's conversions do, everything but zero is true.

        `dtype` may be INDEX; half precisions give a float32 that has been rounded.
        """
        if dtype is self.dtype:
            return self
        if computed_in(dtype) is not dtype:
            wide = self.cast(dtypes.float32)
            rounded = wide._made(arith.TruncFOp(wide.ssa, dtype.ir), dtype)
            return wide._made(arith.ExtFOp(rounded.ssa, dtypes.float32.ir))
        if dtype is dtypes.bool_:
            return self.ne(0)
        if self.dtype is INDEX or dtype is INDEX:
            return self._to_or_from_index(dtype)
        match self.dtype.is_float, dtype.is_float:
            case True, True:
                cls: Any = arith.ExtFOp if dtype.size > self.dtype.size else arith.TruncFOp
            case True, False:
                # Through int64, so that negative numbers become unsigned ones in the same way on all machines.
                if dtype is not dtypes.int64:
                    return self.cast(dtypes.int64).cast(dtype)
                cls = arith.FPToSIOp
            case False, True:
                cls = arith.SIToFPOp if self.dtype.is_signed else arith.UIToFPOp
            case _:
                return self._resized(dtype)
        return self._made(cls(self.ssa, dtype.ir), dtype)

    def as_int32(self) -> Scalar:
        """A float that is a whole number of 32 bits, as such; undefined for others, with no conversion of 64 bits."""
        return self._made(arith.FPToSIOp(self.ssa, i32), dtypes.int32)

    def _resized(self, dtype: Dtype) -> Scalar:
        ours, theirs = element_type(self.dtype), element_type(dtype)
        if ours == theirs:
            return Scalar(self.ssa, dtype, self._insert)
        assert isinstance(ours, IntegerType)
        assert isinstance(theirs, IntegerType)
        if theirs.width.data < ours.width.data:
            return self._made(arith.TruncIOp(self.ssa, theirs), dtype)
        return self._made((arith.ExtSIOp if self.dtype.is_signed else arith.ExtUIOp)(self.ssa, theirs), dtype)

    def _to_or_from_index(self, dtype: Dtype) -> Scalar:
        if self.dtype is INDEX and dtype.is_float or dtype is INDEX and self.dtype.is_float:
            return self.cast(dtypes.int64).cast(dtype)
        if dtype is INDEX and not self.dtype.is_signed:
            return self.cast(dtypes.int64).cast(dtype)
        return self._made(arith.IndexCastOp(self.ssa, element_type(dtype)), dtype)


def _attribute(value: Number, dtype: Dtype) -> tuple[IntegerAttr | FloatAttr, int | None]:
    """The attribute of a constant, and its value if it is an index."""
    if dtype is INDEX:
        return IntegerAttr(int(value), IndexType()), int(value)
    if dtype.is_float:
        assert isinstance(dtype.ir, AnyFloat)
        return FloatAttr(float(value), dtype.ir), None
    if dtype is dtypes.bool_:
        return IntegerAttr(int(bool(value)), IntegerType(1)), None
    type = element_type(dtype)
    assert isinstance(type, IntegerType)
    assert not isinstance(value, float) or (python_math.isfinite(value) and value == int(value)), f"{value} as {dtype}"
    width = type.width.data
    wrapped = int(value) & ((1 << width) - 1)
    return IntegerAttr(wrapped - (1 << width) if wrapped >> (width - 1) else wrapped, type), None
