"""Elementwise operators: activations, clamping and selection."""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import AttrSizedOperandSegments, irdl_op_definition, operand_def, opt_operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import (
    BOOL,
    COMPLEX,
    FLOAT,
    REAL,
    REAL_AND_BOOL,
    TENSOR,
    EdgeOp,
    integer,
    scalar,
    string,
)
from etc.dialects.edge.traits import Elementwise, Idempotent, ZeroPreserving
from etc.dialects.edge.unary import UnaryOp


@irdl_op_definition
class ReluOp(UnaryOp):
    """max(x, 0). NaN stays NaN."""

    name = "edge.relu"
    ATEN: ClassVar = "relu"
    KERNEL: ClassVar = "relu.out"
    DTYPES: ClassVar = {"self": REAL}
    traits = traits_def(Idempotent(), ZeroPreserving())


@irdl_op_definition
class GeluOp(UnaryOp):
    """x * P(X <= x) for a standard normal X: by `erf`, or approximately by `tanh` with approximate = "tanh"."""

    name = "edge.gelu"
    ATEN: ClassVar = "gelu"
    KERNEL: ClassVar = "gelu.out"
    DTYPES: ClassVar = {"self": FLOAT}
    approximate = string()
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class EluOp(UnaryOp):
    """scale * x for x > 0, else scale * alpha * (exp(input_scale * x) - 1)."""

    name = "edge.elu"
    ATEN: ClassVar = "elu"
    KERNEL: ClassVar = "elu.out"
    DTYPES: ClassVar = {"self": FLOAT}
    alpha = scalar()
    scale = scalar()
    input_scale = scalar()
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class LeakyReluOp(UnaryOp):
    """x for x > 0, else negative_slope * x."""

    name = "edge.leaky_relu"
    ATEN: ClassVar = "leaky_relu"
    KERNEL: ClassVar = "leaky_relu.out"
    DTYPES: ClassVar = {"self": FLOAT}
    negative_slope = scalar()
    traits = traits_def(ZeroPreserving())


@irdl_op_definition
class HardtanhOp(UnaryOp):
    """x clamped to [min_val, max_val], [-1, 1] unless given. NaN stays NaN."""

    name = "edge.hardtanh"
    ATEN: ClassVar = "hardtanh"
    KERNEL: ClassVar = "hardtanh.out"
    DTYPES: ClassVar = {"self": REAL}
    min_val = scalar()
    max_val = scalar()
    traits = traits_def(Idempotent())


@irdl_op_definition
class GluOp(EdgeOp):
    """The first half of `self` along `dim` times the sigmoid of the second half: (…, 2n, …) gives (…, n, …)."""

    name = "edge.glu"
    ATEN: ClassVar = "glu"
    KERNEL: ClassVar = "glu.out"
    DTYPES: ClassVar = {"self": FLOAT}
    self_ = operand_def(TENSOR)
    dim = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ClampOp(UnaryOp):
    """min(max(x, min), max); either bound may be absent. NaN stays NaN.

    With min > max the result is max. The dtype is that of `self` and the bounds together: integers with a bound that
    is a float give float32.
    """

    name = "edge.clamp"
    ATEN: ClassVar = "clamp"
    KERNEL: ClassVar = "clamp.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    min = scalar(optional=True)
    max = scalar(optional=True)
    traits = traits_def(Idempotent())


@irdl_op_definition
class ClampTensorOp(EdgeOp):
    """min(max(x, min), max) with bounds per element, over shapes that broadcast; either bound may be absent.

    NaN in any operand gives NaN.
    """

    name = "edge.clamp_tensor"
    ATEN: ClassVar = "clamp.Tensor"
    KERNEL: ClassVar = "clamp.Tensor_out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL, "min": REAL_AND_BOOL, "max": REAL_AND_BOOL}
    SAME_DTYPE: ClassVar = ("self", "min", "max")
    self_ = operand_def(TENSOR)
    min = opt_operand_def(TENSOR)
    max = opt_operand_def(TENSOR)
    result = result_def(TENSOR)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class WhereOp(EdgeOp):
    """self[i] where condition[i], else other[i], over shapes that broadcast; `condition` is bool."""

    name = "edge.where"
    ATEN: ClassVar = "where.self"
    KERNEL: ClassVar = "where.self_out"
    DTYPES: ClassVar = {"condition": BOOL, "self": REAL_AND_BOOL | COMPLEX, "other": REAL_AND_BOOL | COMPLEX}
    SAME_DTYPE: ClassVar = ("self", "other")
    condition = operand_def(TENSOR)
    self_ = operand_def(TENSOR)
    other = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class MaskedFillOp(EdgeOp):
    """`value` where `mask`, else self[i], over shapes that broadcast, in the dtype of `self`; `mask` is bool."""

    name = "edge.masked_fill"
    ATEN: ClassVar = "masked_fill.Scalar"
    KERNEL: ClassVar = "masked_fill.Scalar_out"
    DTYPES: ClassVar = {"mask": BOOL}
    self_ = operand_def(TENSOR)
    mask = operand_def(TENSOR)
    value = scalar()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


OPS: tuple[type[EdgeOp], ...] = (
    ClampOp,
    ClampTensorOp,
    EluOp,
    GeluOp,
    GluOp,
    HardtanhOp,
    LeakyReluOp,
    MaskedFillOp,
    ReluOp,
    WhereOp,
)
