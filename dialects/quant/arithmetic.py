"""Arithmetic on integers that stand for reals: what an integer-only program consists of.

Products and sums give accumulators of 32 bits, which `requantize` scales to the next value's integers with a single
rounding. Zero points of constant weights' partners are folded into biases, so that inner loops are plain products.
Accumulators do not overflow: who makes an operation proves it from the weights.
"""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects import dtypes
from etc.dialects.edge.base import TENSOR, EdgeOp, boolean, dim, dims, element_type, integer, integers
from etc.dialects.edge.traits import Elementwise
from etc.dialects.quant.base import ACCUMULATOR, EIGHT_BITS, QUANTISED, WEIGHT, QuantOp


@irdl_op_definition
class ConvOp(QuantOp):
    """edge.conv on integers: `bias` plus the products of `weight` with the windows of `input`, in int32.

    What the windows see outside of the image is `padding_value`, the integer that stands for 0.
    """

    name = "quant.conv"
    SCHEMA_TEXT: ClassVar = (
        "quant::conv(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, "
        "SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups, int padding_value=0) "
        "-> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:conv"
    DTYPES: ClassVar = {"input": QUANTISED, "weight": WEIGHT, "bias": ACCUMULATOR}
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    stride = dims()
    padding = dims()
    dilation = dims()
    transposed = boolean()
    output_padding = dims()
    groups = dim()
    padding_value = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class LinearOp(QuantOp):
    """... x K, N x K, N -> ... x N: edge.linear on integers, in int32."""

    name = "quant.linear"
    SCHEMA_TEXT: ClassVar = "quant::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:linear"
    DTYPES: ClassVar = {"input": QUANTISED, "weight": WEIGHT, "bias": ACCUMULATOR}
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class MatmulOp(QuantOp):
    """[B x] M x K, [B x] K x N -> [B x] M x N: (input - its zero point) times (other - its zero point), in int32."""

    name = "quant.matmul"
    SCHEMA_TEXT: ClassVar = (
        "quant::matmul(Tensor input, Tensor other, int input_zero_point, int other_zero_point) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:matmul"
    DTYPES: ClassVar = {"input": QUANTISED, "other": QUANTISED}
    input = operand_def(TENSOR)
    other = operand_def(TENSOR)
    input_zero_point = integer()
    other_zero_point = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class MulOp(QuantOp):
    """(input - its zero point) * (other - its zero point), element by element after broadcasting, in int32."""

    name = "quant.mul"
    SCHEMA_TEXT: ClassVar = (
        "quant::mul(Tensor input, Tensor other, int input_zero_point, int other_zero_point) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:mul"
    DTYPES: ClassVar = {"input": QUANTISED, "other": QUANTISED}
    input = operand_def(TENSOR)
    other = operand_def(TENSOR)
    input_zero_point = integer()
    other_zero_point = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class SumOp(QuantOp):
    """The sum of (input - zero_point) over the dimensions `dim`, all if the list is empty, in int32."""

    name = "quant.sum"
    SCHEMA_TEXT: ClassVar = "quant::sum(Tensor input, int[] dim, bool keepdim, int zero_point) -> Tensor"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:sum_"
    DTYPES: ClassVar = {"input": QUANTISED}
    input = operand_def(TENSOR)
    dim = integers()
    keepdim = boolean()
    zero_point = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class SumPool2dOp(QuantOp):
    """The sum of (input - zero_point) over each window of edge.avg_pool2d, in int32; padding adds nothing."""

    name = "quant.sum_pool2d"
    SCHEMA_TEXT: ClassVar = (
        "quant::sum_pool2d(Tensor input, int[] kernel_size, int[] stride, int[] padding, bool ceil_mode, "
        "int zero_point) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:sum_pool2d"
    DTYPES: ClassVar = {"input": QUANTISED}
    input = operand_def(TENSOR)
    kernel_size = integers()
    stride = integers()
    padding = integers()
    ceil_mode = boolean()
    zero_point = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class RequantizeOp(QuantOp):
    """clamp(((input * multiplier + 2^(shift - 1)) >> shift) + zero_point, quant_min, quant_max), as `dtype`.

    The product has 64 bits: one rounding, to the nearest integer, halves up. `multiplier`, from 0 to 2^31 - 1, and
    `shift`, from 1 to 62, have one element, or one for each index of the dimension `axis`.
    """

    name = "quant.requantize"
    SCHEMA_TEXT: ClassVar = (
        "quant::requantize(Tensor input, Tensor multiplier, Tensor shift, int axis, int zero_point, int "
        "quant_min, int quant_max, ScalarType dtype) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:requantize"
    DTYPES: ClassVar = {"input": ACCUMULATOR, "multiplier": ACCUMULATOR, "shift": ACCUMULATOR}
    input = operand_def(TENSOR)
    multiplier = operand_def(TENSOR)
    shift = operand_def(TENSOR)
    axis = integer()
    zero_point = integer()
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class AddOp(QuantOp):
    """(input - its zero point) * its multiplier + the same of `other`, shifted right by `shift`.

    There is one rounding, halves up. Then `zero_point` is added and the result clamped to [quant_min, quant_max], as
    integers of `dtype`. Operands broadcast. A difference has a negative multiplier.
    """

    name = "quant.add"
    SCHEMA_TEXT: ClassVar = (
        "quant::add(Tensor input, Tensor other, int input_zero_point, int input_multiplier, int "
        "other_zero_point, int other_multiplier, int shift, int zero_point, int quant_min, int quant_max, "
        "ScalarType dtype) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:add"
    DTYPES: ClassVar = {"input": QUANTISED, "other": QUANTISED}
    input = operand_def(TENSOR)
    other = operand_def(TENSOR)
    input_zero_point = integer()
    input_multiplier = integer()
    other_zero_point = integer()
    other_multiplier = integer()
    shift = integer()
    zero_point = integer()
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class LookupOp(QuantOp):
    """table[input - the smallest number of its type]: any function of integers of 8 bits, by its 256 values."""

    name = "quant.lookup"
    SCHEMA_TEXT: ClassVar = "quant::lookup(Tensor input, Tensor table) -> Tensor"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:lookup"
    DTYPES: ClassVar = {"input": EIGHT_BITS, "table": QUANTISED | ACCUMULATOR}
    input = operand_def(TENSOR)
    table = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class InterpolateOp(QuantOp):
    """A function of int16 by 513 of its values, on straight lines between them.

    With i = (input >> 7) + 256 and f = input & 127: table[i] + (((table[i + 1] - table[i]) * f + 64) >> 7).
    """

    name = "quant.interpolate"
    SCHEMA_TEXT: ClassVar = "quant::interpolate(Tensor input, Tensor table) -> Tensor"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:interpolate"
    DTYPES: ClassVar = {"input": frozenset({dtypes.int16}), "table": frozenset({dtypes.int16})}
    input = operand_def(TENSOR)
    table = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class SoftmaxOp(QuantOp):
    """softmax along the dimension `dim`, in integers of 32 bits.

    With e = table[largest of the row - input], int32 values of the exponential function that add up without overflow:
    clamp((e * one + sum / 2) / sum + zero_point, quant_min, quant_max), divisions rounding down. `one` stands for 1.
    """

    name = "quant.softmax"
    SCHEMA_TEXT: ClassVar = (
        "quant::softmax(Tensor input, Tensor table, int dim, int one, int zero_point, int quant_min, int "
        "quant_max, ScalarType dtype) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:softmax"
    DTYPES: ClassVar = {"input": EIGHT_BITS, "table": ACCUMULATOR}
    input = operand_def(TENSOR)
    table = operand_def(TENSOR)
    dim = integer()
    one = integer()
    zero_point = integer()
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    AddOp,
    ConvOp,
    InterpolateOp,
    LinearOp,
    LookupOp,
    MatmulOp,
    MulOp,
    RequantizeOp,
    SoftmaxOp,
    SumOp,
    SumPool2dOp,
)
