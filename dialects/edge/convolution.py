"""Convolutions, their gradients, and columns back to images."""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import FLOAT, REAL, TENSOR, EdgeOp, boolean, dim, dims, field, integers


@irdl_op_definition
class ConvOp(EdgeOp):
    """N x C x spatial, O x C/groups x kernel, O -> N x O x spatial', for 1 to 3 spatial dimensions.

    The weight slides over the input (cross-correlation). A spatial size n becomes
    floor((n + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1. Channels are split into `groups`; with groups
    = C, each output channel sees one input channel: a depthwise convolution.

    `transposed`: the weight is C x O/groups x kernel, and n becomes
    (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.

    Lists have one value per spatial dimension, or one for all. The result is channels-last when the input is.
    """

    name = "edge.conv"
    ATEN: ClassVar = "convolution"
    KERNEL: ClassVar = "convolution.out"
    KERNEL_ANY_ORDER: ClassVar = ("input",)
    DTYPES: ClassVar = {"input": REAL, "weight": REAL, "bias": REAL}
    SAME_DTYPE: ClassVar = ("input", "weight", "bias")
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    stride = dims()
    padding = dims()
    dilation = dims()
    transposed = boolean()
    output_padding = dims()
    groups = dim()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ConvBackwardOp(EdgeOp):
    """The gradients of conv's input, weight and bias; those that `output_mask` leaves out have no content."""

    name = "edge.conv_backward"
    ATEN: ClassVar = "convolution_backward"
    KERNEL: ClassVar = "convolution_backward.out"
    DTYPES: ClassVar = {"grad_output": FLOAT, "input": FLOAT, "weight": FLOAT}
    SAME_DTYPE: ClassVar = ("grad_output", "input", "weight")
    grad_output = operand_def(TENSOR)
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    bias_sizes = dims(optional=True)
    stride = dims()
    padding = dims()
    dilation = dims()
    transposed = boolean()
    output_padding = dims()
    groups = dim()
    output_mask = field("bool[]")
    grad_input = result_def(TENSOR)
    grad_weight = result_def(TENSOR)
    grad_bias = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class Col2imOp(EdgeOp):
    """[N] x C*kh*kw x blocks -> [N] x C x H x W: the columns of sliding windows added back at their places.

    `output_size` is [H, W]; the other lists describe the windows and give the number of blocks as in conv.
    """

    name = "edge.col2im"
    ATEN: ClassVar = "col2im"
    self_ = operand_def(TENSOR)
    output_size = dims()
    kernel_size = integers()
    dilation = integers()
    padding = integers()
    stride = integers()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    Col2imOp,
    ConvBackwardOp,
    ConvOp,
)
