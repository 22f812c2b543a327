"""Normalization by statistics of batches, layers and groups; softmax; dropout.

Normalizing is (x - mean) / sqrt(variance + eps) * weight + bias, with the variance over n, not n - 1. An absent weight
is 1, an absent bias 0. The other results, mean and rstd = 1 / sqrt(variance + eps), serve the backward pass.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from etc.dialects.edge.base import FLOAT, TENSOR, EdgeOp, boolean, dim, dims, field, integer, real


class NormOp(EdgeOp, ABC):
    """Three results: the normalized input, mean and rstd."""

    DTYPES: ClassVar = {"input": FLOAT}
    result = result_def(TENSOR)
    mean = result_def(TENSOR)
    rstd = result_def(TENSOR)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure())


@irdl_op_definition
class BatchNormOp(NormOp):
    """N x C x …, normalized per channel by the running statistics; weight, bias and statistics are C.

    The result is channels-last when the input is; mean and rstd are empty.
    """

    name = "edge.batch_norm"
    ATEN: ClassVar = "_native_batch_norm_legit_no_training"
    KERNEL: ClassVar = "_native_batch_norm_legit_no_training.out"
    input = operand_def(TENSOR)
    weight = opt_operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    running_mean = operand_def(TENSOR)
    running_var = operand_def(TENSOR)
    momentum = real()
    eps = real()


@irdl_op_definition
class BatchNormNoStatsOp(NormOp):
    """N x C x …, normalized per channel by the statistics of the batch, which are C; `momentum` has no effect."""

    name = "edge.batch_norm_no_stats"
    ATEN: ClassVar = "_native_batch_norm_legit.no_stats"
    KERNEL: ClassVar = "_native_batch_norm_legit.no_stats_out"
    input = operand_def(TENSOR)
    weight = opt_operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    training = boolean()
    momentum = real()
    eps = real()


@irdl_op_definition
class LayerNormOp(NormOp):
    """Normalized over the last dimensions, of sizes `normalized_shape`, which are those of weight and bias.

    The statistics have size 1 there: N x L x D over [D] gives N x L x 1.
    """

    name = "edge.layer_norm"
    ATEN: ClassVar = "native_layer_norm"
    KERNEL: ClassVar = "native_layer_norm.out"
    input = operand_def(TENSOR)
    normalized_shape = dims()
    weight = opt_operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    eps = real()


@irdl_op_definition
class GroupNormOp(NormOp):
    """N x C x …, normalized over groups of C / group channels together with all that follows; HxW is its size.

    Weight and bias are C, the statistics N x group. The result is channels-last when the input is.
    """

    name = "edge.group_norm"
    ATEN: ClassVar = "native_group_norm"
    KERNEL: ClassVar = "native_group_norm.out"
    input = operand_def(TENSOR)
    weight = opt_operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    N = dim()
    C = dim()
    HxW = dim()
    group = integer()
    eps = real()


class NormBackwardOp(EdgeOp, ABC):
    """The gradients of input, weight and bias; those that `output_mask` leaves out have no content."""

    DTYPES: ClassVar = {"grad_out": FLOAT, "input": FLOAT}
    SAME_DTYPE: ClassVar = ("grad_out", "input")
    grad_input = result_def(TENSOR)
    grad_weight = result_def(TENSOR)
    grad_bias = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class LayerNormBackwardOp(NormBackwardOp):
    """The gradients of layer_norm; mean and rstd are its results."""

    name = "edge.layer_norm_backward"
    ATEN: ClassVar = "native_layer_norm_backward"
    grad_out = operand_def(TENSOR)
    input = operand_def(TENSOR)
    normalized_shape = dims()
    mean = operand_def(TENSOR)
    rstd = operand_def(TENSOR)
    weight = opt_operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    output_mask = field("bool[]")
    irdl_options = (AttrSizedOperandSegments(as_property=True),)


@irdl_op_definition
class GroupNormBackwardOp(NormBackwardOp):
    """The gradients of group_norm; mean and rstd are its results."""

    name = "edge.group_norm_backward"
    ATEN: ClassVar = "native_group_norm_backward"
    grad_out = operand_def(TENSOR)
    input = operand_def(TENSOR)
    mean = operand_def(TENSOR)
    rstd = operand_def(TENSOR)
    weight = opt_operand_def(TENSOR)
    N = dim()
    C = dim()
    HxW = dim()
    group = integer()
    output_mask = field("bool[]")


class SoftmaxFamilyOp(EdgeOp, ABC):
    """Along `dim`, in the dtype of `self`; `half_to_float` gives float32 for float16. Keeps the dim order."""

    DTYPES: ClassVar = {"self": FLOAT}
    self_ = operand_def(TENSOR)
    dim = integer()
    half_to_float = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class SoftmaxOp(SoftmaxFamilyOp):
    """exp(x - max) / sum(exp(x - max))."""

    name = "edge.softmax"
    ATEN: ClassVar = "_softmax"
    KERNEL: ClassVar = "_softmax.out"


@irdl_op_definition
class LogSoftmaxOp(SoftmaxFamilyOp):
    """x - max - log(sum(exp(x - max)))."""

    name = "edge.log_softmax"
    ATEN: ClassVar = "_log_softmax"
    KERNEL: ClassVar = "_log_softmax.out"


@irdl_op_definition
class DropoutOp(EdgeOp):
    """In training, elements are 0 with probability p and else divided by 1 - p; `mask` (bool) says which remained.

    Without training the input as it is, and a mask of true.
    """

    name = "edge.dropout"
    ATEN: ClassVar = "native_dropout"
    KERNEL: ClassVar = "native_dropout.out"
    DTYPES: ClassVar = {"input": FLOAT}
    input = operand_def(TENSOR)
    p = real()
    train = boolean(optional=True)
    result = result_def(TENSOR)
    mask = result_def(TENSOR)


OPS: tuple[type[EdgeOp], ...] = (
    BatchNormNoStatsOp,
    BatchNormOp,
    DropoutOp,
    GroupNormBackwardOp,
    GroupNormOp,
    LayerNormBackwardOp,
    LayerNormOp,
    LogSoftmaxOp,
    SoftmaxOp,
)
