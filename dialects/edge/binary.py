"""Elementwise operators of two tensors: arithmetic, comparison, bits and logic."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import BOOL, COMPLEX, INTEGER, REAL, REAL_AND_BOOL, TENSOR, EdgeOp, scalar, string
from etc.dialects.edge.traits import Commutative, Elementwise

NUMBER = REAL_AND_BOOL | COMPLEX


class BinaryOp(EdgeOp, ABC):
    """result[i] = f(self[i], other[i]) over shapes that broadcast, operands of one dtype.

    The result has that dtype unless the op says otherwise, and the dim order that the operands of the full shape share.
    """

    self_ = operand_def(TENSOR)
    other = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())
    DTYPES: ClassVar = {"self": NUMBER, "other": NUMBER}
    SAME_DTYPE: ClassVar = ("self", "other")


class RealBinaryOp(BinaryOp, ABC):
    """A function of ordered numbers."""

    DTYPES: ClassVar = {"self": REAL_AND_BOOL, "other": REAL_AND_BOOL}


class BitwiseOp(BinaryOp, ABC):
    """A function of the bits of integers; of truth values for bool."""

    DTYPES: ClassVar = {"self": INTEGER | BOOL, "other": INTEGER | BOOL}


class ShiftOp(BinaryOp, ABC):
    """A shift of integers by a number of bits; not defined for negative numbers of bits."""

    DTYPES: ClassVar = {"self": INTEGER, "other": INTEGER}


class ComparisonOp(RealBinaryOp, ABC):
    """The outcome of a comparison, as bool. NaN differs from everything and is in no order."""


class LogicalOp(BinaryOp, ABC):
    """A function of two truth values, as bool; numbers are true when they are not 0. The dtypes may differ."""

    DTYPES: ClassVar = {}
    SAME_DTYPE: ClassVar = ()


@irdl_op_definition
class AddOp(BinaryOp):
    """self + alpha * other. Integers wrap around; for bool, logical or."""

    name = "edge.add"
    ATEN: ClassVar = "add.Tensor"
    KERNEL: ClassVar = "add.out"
    alpha = scalar()


@irdl_op_definition
class SubOp(BinaryOp):
    """self - alpha * other. Integers wrap around."""

    name = "edge.sub"
    ATEN: ClassVar = "sub.Tensor"
    KERNEL: ClassVar = "sub.out"
    DTYPES: ClassVar = {"self": REAL | COMPLEX, "other": REAL | COMPLEX}
    alpha = scalar()


@irdl_op_definition
class MulOp(BinaryOp):
    """self * other. Integers wrap around; for bool, logical and."""

    name = "edge.mul"
    ATEN: ClassVar = "mul.Tensor"
    KERNEL: ClassVar = "mul.out"
    traits = traits_def(Commutative())


@irdl_op_definition
class DivOp(BinaryOp):
    """self / other: integers and bool give float32. Division by 0 gives an infinity, or NaN for 0 / 0."""

    name = "edge.div"
    ATEN: ClassVar = "div.Tensor"
    KERNEL: ClassVar = "div.out"


@irdl_op_definition
class DivModeOp(BinaryOp):
    """self / other rounded: `rounding_mode` "floor" rounds down, "trunc" towards 0, and the dtype stays.

    Without a rounding mode it is `edge.div`. An integer divided by 0 is not defined.
    """

    name = "edge.div_mode"
    ATEN: ClassVar = "div.Tensor_mode"
    KERNEL: ClassVar = "div.out_mode"
    rounding_mode = string(optional=True)


@irdl_op_definition
class FloorDivideOp(BinaryOp):
    """self / other rounded down, in the dtype of the operands. An integer divided by 0 is not defined."""

    name = "edge.floor_divide"
    ATEN: ClassVar = "floor_divide"
    KERNEL: ClassVar = "floor_divide.out"
    DTYPES: ClassVar = {"self": REAL, "other": REAL}


@irdl_op_definition
class FmodOp(BinaryOp):
    """self - trunc(self / other) * other: the remainder with the sign of `self`."""

    name = "edge.fmod"
    ATEN: ClassVar = "fmod.Tensor"
    KERNEL: ClassVar = "fmod.Tensor_out"
    DTYPES: ClassVar = {"self": REAL, "other": REAL}


@irdl_op_definition
class RemainderOp(BinaryOp):
    """self - floor(self / other) * other: the remainder with the sign of `other`."""

    name = "edge.remainder"
    ATEN: ClassVar = "remainder.Tensor"
    KERNEL: ClassVar = "remainder.Tensor_out"
    DTYPES: ClassVar = {"self": REAL, "other": REAL}


@irdl_op_definition
class PowOp(EdgeOp):
    """self to the power exponent, over shapes that broadcast. Integers wrap around and need exponents of at least 0."""

    name = "edge.pow"
    ATEN: ClassVar = "pow.Tensor_Tensor"
    KERNEL: ClassVar = "pow.Tensor_Tensor_out"
    DTYPES: ClassVar = {"self": REAL | COMPLEX, "exponent": REAL | COMPLEX}
    SAME_DTYPE: ClassVar = ("self", "exponent")
    self_ = operand_def(TENSOR)
    exponent = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class PowScalarOp(EdgeOp):
    """self to the power of one number. Integers give float32 when the number is a float, and stay otherwise."""

    name = "edge.pow_scalar"
    ATEN: ClassVar = "pow.Tensor_Scalar"
    KERNEL: ClassVar = "pow.Tensor_Scalar_out"
    DTYPES: ClassVar = {"self": REAL | COMPLEX}
    self_ = operand_def(TENSOR)
    exponent = scalar()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class MaximumOp(RealBinaryOp):
    """The larger of two; NaN when either is."""

    name = "edge.maximum"
    ATEN: ClassVar = "maximum"
    KERNEL: ClassVar = "maximum.out"
    traits = traits_def(Commutative())


@irdl_op_definition
class MinimumOp(RealBinaryOp):
    """The smaller of two; NaN when either is."""

    name = "edge.minimum"
    ATEN: ClassVar = "minimum"
    KERNEL: ClassVar = "minimum.out"
    traits = traits_def(Commutative())


@irdl_op_definition
class Atan2Op(RealBinaryOp):
    """The angle of the point (other, self), in [-pi, pi]. Integers and bool give float32."""

    name = "edge.atan2"
    ATEN: ClassVar = "atan2"
    KERNEL: ClassVar = "atan2.out"


@irdl_op_definition
class BitwiseAndOp(BitwiseOp):
    """self & other."""

    name = "edge.bitwise_and"
    ATEN: ClassVar = "bitwise_and.Tensor"
    KERNEL: ClassVar = "bitwise_and.Tensor_out"
    traits = traits_def(Commutative())


@irdl_op_definition
class BitwiseOrOp(BitwiseOp):
    """self | other."""

    name = "edge.bitwise_or"
    ATEN: ClassVar = "bitwise_or.Tensor"
    KERNEL: ClassVar = "bitwise_or.Tensor_out"
    traits = traits_def(Commutative())


@irdl_op_definition
class BitwiseXorOp(BitwiseOp):
    """self ^ other."""

    name = "edge.bitwise_xor"
    ATEN: ClassVar = "bitwise_xor.Tensor"
    KERNEL: ClassVar = "bitwise_xor.Tensor_out"
    traits = traits_def(Commutative())


@irdl_op_definition
class BitwiseLeftShiftOp(ShiftOp):
    """self << other; bits that leave are lost."""

    name = "edge.bitwise_left_shift"
    ATEN: ClassVar = "bitwise_left_shift.Tensor"
    KERNEL: ClassVar = "bitwise_left_shift.Tensor_out"


@irdl_op_definition
class BitwiseRightShiftOp(ShiftOp):
    """self >> other; signed integers keep their sign."""

    name = "edge.bitwise_right_shift"
    ATEN: ClassVar = "bitwise_right_shift.Tensor"
    KERNEL: ClassVar = "bitwise_right_shift.Tensor_out"


@irdl_op_definition
class EqOp(ComparisonOp):
    """self == other."""

    name = "edge.eq"
    ATEN: ClassVar = "eq.Tensor"
    KERNEL: ClassVar = "eq.Tensor_out"
    DTYPES: ClassVar = {"self": NUMBER, "other": NUMBER}
    traits = traits_def(Commutative())


@irdl_op_definition
class NeOp(ComparisonOp):
    """self != other."""

    name = "edge.ne"
    ATEN: ClassVar = "ne.Tensor"
    KERNEL: ClassVar = "ne.Tensor_out"
    DTYPES: ClassVar = {"self": NUMBER, "other": NUMBER}
    traits = traits_def(Commutative())


@irdl_op_definition
class LtOp(ComparisonOp):
    """self < other."""

    name = "edge.lt"
    ATEN: ClassVar = "lt.Tensor"
    KERNEL: ClassVar = "lt.Tensor_out"


@irdl_op_definition
class LeOp(ComparisonOp):
    """self <= other."""

    name = "edge.le"
    ATEN: ClassVar = "le.Tensor"
    KERNEL: ClassVar = "le.Tensor_out"


@irdl_op_definition
class GtOp(ComparisonOp):
    """self > other."""

    name = "edge.gt"
    ATEN: ClassVar = "gt.Tensor"
    KERNEL: ClassVar = "gt.Tensor_out"


@irdl_op_definition
class GeOp(ComparisonOp):
    """self >= other."""

    name = "edge.ge"
    ATEN: ClassVar = "ge.Tensor"
    KERNEL: ClassVar = "ge.Tensor_out"


@irdl_op_definition
class LogicalAndOp(LogicalOp):
    """Whether both are true."""

    name = "edge.logical_and"
    ATEN: ClassVar = "logical_and"
    KERNEL: ClassVar = "logical_and.out"
    traits = traits_def(Commutative())


@irdl_op_definition
class LogicalOrOp(LogicalOp):
    """Whether one or both are true."""

    name = "edge.logical_or"
    ATEN: ClassVar = "logical_or"
    KERNEL: ClassVar = "logical_or.out"
    traits = traits_def(Commutative())


@irdl_op_definition
class LogicalXorOp(LogicalOp):
    """Whether exactly one is true."""

    name = "edge.logical_xor"
    ATEN: ClassVar = "logical_xor"
    KERNEL: ClassVar = "logical_xor.out"
    traits = traits_def(Commutative())


OPS: tuple[type[EdgeOp], ...] = (
    AddOp,
    Atan2Op,
    BitwiseAndOp,
    BitwiseLeftShiftOp,
    BitwiseOrOp,
    BitwiseRightShiftOp,
    BitwiseXorOp,
    DivModeOp,
    DivOp,
    EqOp,
    FloorDivideOp,
    FmodOp,
    GeOp,
    GtOp,
    LeOp,
    LogicalAndOp,
    LogicalOrOp,
    LogicalXorOp,
    LtOp,
    MaximumOp,
    MinimumOp,
    MulOp,
    NeOp,
    PowOp,
    PowScalarOp,
    RemainderOp,
    SubOp,
)
