"""Elementwise functions of one tensor."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import BOOL, COMPLEX, INTEGER, REAL, REAL_AND_BOOL, TENSOR, EdgeOp, real
from etc.dialects.edge.traits import Elementwise, Idempotent, Involution, ZeroPreserving


class UnaryOp(EdgeOp, ABC):
    """result[i] = f(self[i]): the shape and dim order of `self`, and its dtype unless the op says otherwise."""

    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


class FloatingUnaryOp(UnaryOp, ABC):
    """A function of real or complex numbers: integers and bool give float32, other dtypes stay."""

    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}


@irdl_op_definition
class AbsOp(UnaryOp):
    """|x|. Complex numbers give their magnitude as real numbers; the most negative integer stays itself."""

    name = "edge.abs"
    ATEN: ClassVar = "abs"
    KERNEL: ClassVar = "abs.out"
    DTYPES: ClassVar = {"self": REAL | COMPLEX}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class NegOp(UnaryOp):
    """-x. Unsigned and most negative integers wrap around."""

    name = "edge.neg"
    ATEN: ClassVar = "neg"
    KERNEL: ClassVar = "neg.out"
    DTYPES: ClassVar = {"self": REAL | COMPLEX}
    traits = traits_def(Involution(), ZeroPreserving())


@irdl_op_definition
class SignOp(UnaryOp):
    """-1, 0 or 1, in the dtype of x. NaN gives 0, bool stays."""

    name = "edge.sign"
    ATEN: ClassVar = "sign"
    KERNEL: ClassVar = "sign.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class CeilOp(UnaryOp):
    """The smallest whole number that is not below x; integers stay."""

    name = "edge.ceil"
    ATEN: ClassVar = "ceil"
    KERNEL: ClassVar = "ceil.out"
    DTYPES: ClassVar = {"self": REAL}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class FloorOp(UnaryOp):
    """The largest whole number that is not above x; integers stay."""

    name = "edge.floor"
    ATEN: ClassVar = "floor"
    KERNEL: ClassVar = "floor.out"
    DTYPES: ClassVar = {"self": REAL}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class RoundOp(UnaryOp):
    """The nearest whole number, halves to the even one; integers stay."""

    name = "edge.round"
    ATEN: ClassVar = "round"
    KERNEL: ClassVar = "round.out"
    DTYPES: ClassVar = {"self": REAL}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class TruncOp(UnaryOp):
    """x without its fraction; integers stay."""

    name = "edge.trunc"
    ATEN: ClassVar = "trunc"
    KERNEL: ClassVar = "trunc.out"
    DTYPES: ClassVar = {"self": REAL}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class ConjPhysicalOp(UnaryOp):
    """The complex conjugate, computed; real numbers stay."""

    name = "edge.conj_physical"
    ATEN: ClassVar = "_conj_physical"
    KERNEL: ClassVar = "_conj_physical.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}
    traits = traits_def(Involution(), ZeroPreserving())


@irdl_op_definition
class BitwiseNotOp(UnaryOp):
    """All bits flipped; the logical complement of bool."""

    name = "edge.bitwise_not"
    ATEN: ClassVar = "bitwise_not"
    KERNEL: ClassVar = "bitwise_not.out"
    DTYPES: ClassVar = {"self": INTEGER | BOOL}
    traits = traits_def(Involution())


@irdl_op_definition
class LogicalNotOp(UnaryOp):
    """Whether x is zero, as bool."""

    name = "edge.logical_not"
    ATEN: ClassVar = "logical_not"
    KERNEL: ClassVar = "logical_not.out"


@irdl_op_definition
class IsnanOp(UnaryOp):
    """Whether x is NaN, as bool; integers never are."""

    name = "edge.isnan"
    ATEN: ClassVar = "isnan"
    KERNEL: ClassVar = "isnan.out"


@irdl_op_definition
class IsinfOp(UnaryOp):
    """Whether x is infinite of either sign, as bool; integers never are."""

    name = "edge.isinf"
    ATEN: ClassVar = "isinf"
    KERNEL: ClassVar = "isinf.out"


@irdl_op_definition
class ExpOp(FloatingUnaryOp):
    """e to the power x."""

    name = "edge.exp"
    ATEN: ClassVar = "exp"
    KERNEL: ClassVar = "exp.out"


@irdl_op_definition
class Expm1Op(FloatingUnaryOp):
    """exp(x) - 1, exact near 0."""

    name = "edge.expm1"
    ATEN: ClassVar = "expm1"
    KERNEL: ClassVar = "expm1.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class LogOp(FloatingUnaryOp):
    """The natural logarithm: -inf at 0, NaN below."""

    name = "edge.log"
    ATEN: ClassVar = "log"
    KERNEL: ClassVar = "log.out"


@irdl_op_definition
class Log10Op(FloatingUnaryOp):
    """The logarithm to base 10: -inf at 0, NaN below."""

    name = "edge.log10"
    ATEN: ClassVar = "log10"
    KERNEL: ClassVar = "log10.out"


@irdl_op_definition
class Log1pOp(FloatingUnaryOp):
    """log(1 + x), exact near 0: -inf at -1, NaN below."""

    name = "edge.log1p"
    ATEN: ClassVar = "log1p"
    KERNEL: ClassVar = "log1p.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class Log2Op(FloatingUnaryOp):
    """The logarithm to base 2: -inf at 0, NaN below."""

    name = "edge.log2"
    ATEN: ClassVar = "log2"
    KERNEL: ClassVar = "log2.out"


@irdl_op_definition
class SqrtOp(FloatingUnaryOp):
    """The square root: NaN below 0."""

    name = "edge.sqrt"
    ATEN: ClassVar = "sqrt"
    KERNEL: ClassVar = "sqrt.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class RsqrtOp(FloatingUnaryOp):
    """1 / sqrt(x): inf at 0, NaN below."""

    name = "edge.rsqrt"
    ATEN: ClassVar = "rsqrt"
    KERNEL: ClassVar = "rsqrt.out"


@irdl_op_definition
class ReciprocalOp(FloatingUnaryOp):
    """1 / x: inf at 0, with the sign of the zero."""

    name = "edge.reciprocal"
    ATEN: ClassVar = "reciprocal"
    KERNEL: ClassVar = "reciprocal.out"


@irdl_op_definition
class ErfOp(FloatingUnaryOp):
    """The error function, 2/sqrt(pi) times the integral of exp(-t*t) from 0 to x."""

    name = "edge.erf"
    ATEN: ClassVar = "erf"
    KERNEL: ClassVar = "erf.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class SigmoidOp(FloatingUnaryOp):
    """1 / (1 + exp(-x))."""

    name = "edge.sigmoid"
    ATEN: ClassVar = "sigmoid"
    KERNEL: ClassVar = "sigmoid.out"


@irdl_op_definition
class LogitOp(FloatingUnaryOp):
    """log(x / (1 - x)), with x clamped to [eps, 1 - eps] first when `eps` is given; outside [0, 1] NaN."""

    name = "edge.logit"
    ATEN: ClassVar = "logit"
    KERNEL: ClassVar = "logit.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    eps = real(optional=True)


@irdl_op_definition
class SinOp(FloatingUnaryOp):
    """The sine of x in radians."""

    name = "edge.sin"
    ATEN: ClassVar = "sin"
    KERNEL: ClassVar = "sin.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class CosOp(FloatingUnaryOp):
    """The cosine of x in radians."""

    name = "edge.cos"
    ATEN: ClassVar = "cos"
    KERNEL: ClassVar = "cos.out"


@irdl_op_definition
class TanOp(FloatingUnaryOp):
    """The tangent of x in radians."""

    name = "edge.tan"
    ATEN: ClassVar = "tan"
    KERNEL: ClassVar = "tan.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class AsinOp(FloatingUnaryOp):
    """The inverse sine, in [-pi/2, pi/2]; NaN outside [-1, 1]."""

    name = "edge.asin"
    ATEN: ClassVar = "asin"
    KERNEL: ClassVar = "asin.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class AcosOp(FloatingUnaryOp):
    """The inverse cosine, in [0, pi]; NaN outside [-1, 1]."""

    name = "edge.acos"
    ATEN: ClassVar = "acos"
    KERNEL: ClassVar = "acos.out"


@irdl_op_definition
class AtanOp(FloatingUnaryOp):
    """The inverse tangent, in (-pi/2, pi/2)."""

    name = "edge.atan"
    ATEN: ClassVar = "atan"
    KERNEL: ClassVar = "atan.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class SinhOp(FloatingUnaryOp):
    """The hyperbolic sine."""

    name = "edge.sinh"
    ATEN: ClassVar = "sinh"
    KERNEL: ClassVar = "sinh.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class CoshOp(FloatingUnaryOp):
    """The hyperbolic cosine."""

    name = "edge.cosh"
    ATEN: ClassVar = "cosh"
    KERNEL: ClassVar = "cosh.out"


@irdl_op_definition
class TanhOp(FloatingUnaryOp):
    """The hyperbolic tangent."""

    name = "edge.tanh"
    ATEN: ClassVar = "tanh"
    KERNEL: ClassVar = "tanh.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class AsinhOp(FloatingUnaryOp):
    """The inverse hyperbolic sine."""

    name = "edge.asinh"
    ATEN: ClassVar = "asinh"
    KERNEL: ClassVar = "asinh.out"
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class AcoshOp(FloatingUnaryOp):
    """The inverse hyperbolic cosine; NaN below 1."""

    name = "edge.acosh"
    ATEN: ClassVar = "acosh"
    KERNEL: ClassVar = "acosh.out"


@irdl_op_definition
class AtanhOp(FloatingUnaryOp):
    """The inverse hyperbolic tangent: infinite at -1 and 1, NaN outside."""

    name = "edge.atanh"
    ATEN: ClassVar = "atanh"
    KERNEL: ClassVar = "atanh.out"
    traits = traits_def(ZeroPreserving())


OPS: tuple[type[EdgeOp], ...] = (
    AbsOp,
    AcosOp,
    AcoshOp,
    AsinOp,
    AsinhOp,
    AtanOp,
    AtanhOp,
    BitwiseNotOp,
    CeilOp,
    ConjPhysicalOp,
    CosOp,
    CoshOp,
    ErfOp,
    ExpOp,
    Expm1Op,
    FloorOp,
    IsinfOp,
    IsnanOp,
    Log10Op,
    Log1pOp,
    Log2Op,
    LogOp,
    LogicalNotOp,
    LogitOp,
    NegOp,
    ReciprocalOp,
    RoundOp,
    RsqrtOp,
    SigmoidOp,
    SignOp,
    SinOp,
    SinhOp,
    SqrtOp,
    TanOp,
    TanhOp,
    TruncOp,
)
