"""Pooling over sliding windows and to given sizes. Results are channels-last when the input is.

Lists have one value per spatial dimension, or one for all; an empty `stride` means the kernel's size. A size n becomes
floor((n + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; with `ceil_mode` the quotient is rounded up, unless
the last window would begin in the padding.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import FLOAT, REAL, TENSOR, EdgeOp, boolean, dims, integer, integers


class AvgPoolOp(EdgeOp, ABC):
    """The mean of each window. Padding counts as zeros with `count_include_pad`, else it does not count."""

    DTYPES: ClassVar = {"self": REAL}
    self_ = operand_def(TENSOR)
    kernel_size = integers()
    stride = integers()
    padding = integers()
    ceil_mode = boolean()
    count_include_pad = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class AvgPool1dOp(AvgPoolOp):
    """[N] x C x L -> [N] x C x L'."""

    name = "edge.avg_pool1d"
    ATEN: ClassVar = "avg_pool1d"


@irdl_op_definition
class AvgPool2dOp(AvgPoolOp):
    """[N] x C x H x W -> [N] x C x H' x W'. `divisor_override` replaces the number of elements."""

    name = "edge.avg_pool2d"
    ATEN: ClassVar = "avg_pool2d"
    KERNEL: ClassVar = "avg_pool2d.out"
    divisor_override = integer(optional=True)


@irdl_op_definition
class AvgPool3dOp(AvgPoolOp):
    """[N] x C x D x H x W -> [N] x C x D' x H' x W'. `divisor_override` replaces the number of elements."""

    name = "edge.avg_pool3d"
    ATEN: ClassVar = "avg_pool3d"
    divisor_override = integer(optional=True)


@irdl_op_definition
class AvgPool2dBackwardOp(EdgeOp):
    """The gradient of avg_pool2d's input; the properties are those of the forward op."""

    name = "edge.avg_pool2d_backward"
    ATEN: ClassVar = "avg_pool2d_backward"
    DTYPES: ClassVar = {"grad_output": FLOAT, "self": FLOAT}
    SAME_DTYPE: ClassVar = ("grad_output", "self")
    grad_output = operand_def(TENSOR)
    self_ = operand_def(TENSOR)
    kernel_size = integers()
    stride = integers()
    padding = integers()
    ceil_mode = boolean()
    count_include_pad = boolean()
    divisor_override = integer(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


class MaxPoolOp(EdgeOp, ABC):
    """The maximum of each window, and its flat position in its image (int64). Padding never wins; NaN does."""

    DTYPES: ClassVar = {"self": REAL}
    self_ = operand_def(TENSOR)
    kernel_size = integers()
    stride = integers()
    padding = integers()
    dilation = integers()
    ceil_mode = boolean()
    result = result_def(TENSOR)
    indices = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class MaxPool2dOp(MaxPoolOp):
    """[N] x C x H x W -> [N] x C x H' x W', twice."""

    name = "edge.max_pool2d"
    ATEN: ClassVar = "max_pool2d_with_indices"
    KERNEL: ClassVar = "max_pool2d_with_indices.out"
    KERNEL_ANY_ORDER: ClassVar = ("self",)


@irdl_op_definition
class MaxPool3dOp(MaxPoolOp):
    """[N] x C x D x H x W -> [N] x C x D' x H' x W', twice."""

    name = "edge.max_pool3d"
    ATEN: ClassVar = "max_pool3d_with_indices"


@irdl_op_definition
class MaxPool2dBackwardOp(EdgeOp):
    """The gradient of max_pool2d's input: each window's gradient goes to the element at its index."""

    name = "edge.max_pool2d_backward"
    ATEN: ClassVar = "max_pool2d_with_indices_backward"
    KERNEL: ClassVar = "max_pool2d_with_indices_backward.grad_input"
    KERNEL_ADDS: ClassVar = True
    DTYPES: ClassVar = {"grad_output": FLOAT, "self": FLOAT}
    SAME_DTYPE: ClassVar = ("grad_output", "self")
    grad_output = operand_def(TENSOR)
    self_ = operand_def(TENSOR)
    kernel_size = integers()
    stride = integers()
    padding = integers()
    dilation = integers()
    ceil_mode = boolean()
    indices = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class AdaptiveAvgPool1dOp(EdgeOp):
    """[N] x C x L -> [N] x C x output_size: means of windows that share the input evenly.

    Window i of m over n elements reaches from floor(i * n / m) to ceil((i + 1) * n / m).
    """

    name = "edge.adaptive_avg_pool1d"
    ATEN: ClassVar = "adaptive_avg_pool1d"
    DTYPES: ClassVar = {"self": FLOAT}
    self_ = operand_def(TENSOR)
    output_size = integers()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


class AdaptiveAvgPoolOp(EdgeOp, ABC):
    """Means of windows that share the input evenly, `output_size` of them, as in adaptive_avg_pool1d."""

    DTYPES: ClassVar = {"self": FLOAT}
    self_ = operand_def(TENSOR)
    output_size = dims()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class AdaptiveAvgPool2dOp(AdaptiveAvgPoolOp):
    """[N] x C x H x W -> [N] x C x output_size."""

    name = "edge.adaptive_avg_pool2d"
    ATEN: ClassVar = "_adaptive_avg_pool2d"
    KERNEL: ClassVar = "_adaptive_avg_pool2d.out"


@irdl_op_definition
class AdaptiveAvgPool3dOp(AdaptiveAvgPoolOp):
    """[N] x C x D x H x W -> [N] x C x output_size."""

    name = "edge.adaptive_avg_pool3d"
    ATEN: ClassVar = "_adaptive_avg_pool3d"


@irdl_op_definition
class AdaptiveAvgPool2dBackwardOp(EdgeOp):
    """The gradient of adaptive_avg_pool2d's input."""

    name = "edge.adaptive_avg_pool2d_backward"
    ATEN: ClassVar = "_adaptive_avg_pool2d_backward"
    DTYPES: ClassVar = {"grad_output": FLOAT, "self": FLOAT}
    SAME_DTYPE: ClassVar = ("grad_output", "self")
    grad_output = operand_def(TENSOR)
    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    AdaptiveAvgPool1dOp,
    AdaptiveAvgPool2dBackwardOp,
    AdaptiveAvgPool2dOp,
    AdaptiveAvgPool3dOp,
    AvgPool1dOp,
    AvgPool2dBackwardOp,
    AvgPool2dOp,
    AvgPool3dOp,
    MaxPool2dBackwardOp,
    MaxPool2dOp,
    MaxPool3dOp,
)
