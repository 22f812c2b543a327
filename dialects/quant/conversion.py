"""Between reals and integers, with scales known at compile time: `real = scale * (integer - zero_point)`.

The schemas are those of PyTorch's `quantized_decomposed` operators, which the stock runtime has kernels for. Rounding
is to the nearest integer, ties to even, and clamped to [quant_min, quant_max]. Reals are float32 unless stated.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import FLOAT, TENSOR, EdgeOp, element_type, integer, real
from etc.dialects.edge.traits import Elementwise
from etc.dialects.quant.base import SCALES, STORED, ZERO_POINTS, QuantOp


class PerTensorOp(QuantOp, ABC):
    """One scale and zero point for the whole tensor."""

    input = operand_def(TENSOR)
    scale = real()
    zero_point = integer()
    quant_min = integer()
    quant_max = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class QuantizeOp(PerTensorOp):
    """clamp(round(input * (1 / scale)) + zero_point, quant_min, quant_max), as integers of `dtype`."""

    name = "quant.quantize"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::quantize_per_tensor(Tensor input, float scale, int zero_point, int "
        "quant_min, int quant_max, ScalarType dtype) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::quantize_per_tensor.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:quantize"
    DTYPES: ClassVar = {"input": FLOAT}
    dtype = element_type()


@irdl_op_definition
class DequantizeOp(PerTensorOp):
    """scale * (input - zero_point). `dtype` is the input's, the result is float32 or of `out_dtype`."""

    name = "quant.dequantize"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::dequantize_per_tensor(Tensor input, float scale, int zero_point, int "
        "quant_min, int quant_max, ScalarType dtype, *, ScalarType? out_dtype=None) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::dequantize_per_tensor.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:dequantize"
    DTYPES: ClassVar = {"input": STORED}
    dtype = element_type()
    out_dtype = element_type(optional=True)


@irdl_op_definition
class QuantizePerChannelOp(QuantOp):
    """quantize with one of `scales` and `zero_points` for each index of the dimension `axis`."""

    name = "quant.quantize_per_channel"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::quantize_per_channel(Tensor input, Tensor scales, Tensor zero_points, int "
        "axis, int quant_min, int quant_max, ScalarType dtype) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::quantize_per_channel.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:quantize_per_channel"
    DTYPES: ClassVar = {"input": FLOAT, "scales": SCALES, "zero_points": ZERO_POINTS}
    input = operand_def(TENSOR)
    scales = operand_def(TENSOR)
    zero_points = operand_def(TENSOR)
    axis = integer()
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class DequantizePerChannelOp(QuantOp):
    """dequantize with one scale, and zero point if there are any, for each index of the dimension `axis`."""

    name = "quant.dequantize_per_channel"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::dequantize_per_channel(Tensor input, Tensor scales, Tensor? zero_points, "
        "int axis, int quant_min, int quant_max, ScalarType dtype, *, ScalarType? out_dtype=None) -> "
        "Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::dequantize_per_channel.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:dequantize_per_channel"
    DTYPES: ClassVar = {"input": STORED, "scales": SCALES, "zero_points": ZERO_POINTS}
    input = operand_def(TENSOR)
    scales = operand_def(TENSOR)
    zero_points = opt_operand_def(TENSOR)
    axis = integer()
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    out_dtype = element_type(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class DequantizePerGroupOp(QuantOp):
    """Rows x columns -> reals: a scale for each `group_size` columns of a row, in `scales`, rows x groups."""

    name = "quant.dequantize_per_group"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::dequantize_per_channel_group(Tensor input, Tensor scales, Tensor? "
        "zero_points, int quant_min, int quant_max, ScalarType dtype, int group_size, ScalarType "
        "output_dtype) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:dequantize_per_group"
    DTYPES: ClassVar = {"input": STORED, "scales": SCALES, "zero_points": ZERO_POINTS}
    input = operand_def(TENSOR)
    scales = operand_def(TENSOR)
    zero_points = opt_operand_def(TENSOR)
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    group_size = integer()
    output_dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class FakeQuantizeOp(PerTensorOp):
    """The real that remains of `input` when it is quantised: dequantize(quantize(input))."""

    name = "quant.fake_quantize"
    SCHEMA_TEXT: ClassVar = (
        "quant::fake_quantize(Tensor input, float scale, int zero_point, int quant_min, int quant_max) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:fake_quantize"
    DTYPES: ClassVar = {"input": FLOAT}


@irdl_op_definition
class FakeQuantizePerChannelOp(QuantOp):
    """fake_quantize with one scale and zero point for each index of the dimension `axis`."""

    name = "quant.fake_quantize_per_channel"
    SCHEMA_TEXT: ClassVar = (
        "quant::fake_quantize_per_channel(Tensor input, Tensor scales, Tensor zero_points, int axis, int "
        "quant_min, int quant_max) -> Tensor"
    )
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:fake_quantize_per_channel"
    DTYPES: ClassVar = {"input": FLOAT, "scales": SCALES, "zero_points": ZERO_POINTS}
    input = operand_def(TENSOR)
    scales = operand_def(TENSOR)
    zero_points = operand_def(TENSOR)
    axis = integer()
    quant_min = integer()
    quant_max = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    DequantizeOp,
    DequantizePerChannelOp,
    DequantizePerGroupOp,
    FakeQuantizeOp,
    FakeQuantizePerChannelOp,
    QuantizeOp,
    QuantizePerChannelOp,
)
