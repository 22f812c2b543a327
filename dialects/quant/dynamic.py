"""Between reals and integers, with scales that are computed from the values themselves at run time."""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects import dtypes
from etc.dialects.edge.base import FLOAT, TENSOR, EdgeOp, element_type, integer, real
from etc.dialects.quant.base import QUANTISED, SCALES, QuantOp

_PARAMS = {
    "scale": SCALES,
    "zero_point": frozenset({dtypes.int64}),
    "scales": SCALES,
    "zero_points": frozenset({dtypes.int8, dtypes.int32, dtypes.int64}),
}


@irdl_op_definition
class ChooseQparamsOp(QuantOp):
    """The scale (float64) and zero point (int64), one element each, that fit `input`; the scale is at least `eps`."""

    name = "quant.choose_qparams"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::choose_qparams.tensor(Tensor input, int quant_min, int quant_max, float "
        "eps, ScalarType dtype) -> (Tensor, Tensor)"
    )
    KERNEL: ClassVar = "quantized_decomposed::choose_qparams.Tensor_out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:choose_qparams"
    DTYPES: ClassVar = {"input": FLOAT}
    input = operand_def(TENSOR)
    quant_min = integer()
    quant_max = integer()
    eps = real()
    dtype = element_type()
    scale = result_def(TENSOR)
    zero_point = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ChooseQparamsPerTokenOp(QuantOp):
    """One scale (float64) and zero point (int64) for each row of `input`, of sizes [..., 1], for integers of 8 bits."""

    name = "quant.choose_qparams_per_token"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::choose_qparams_per_token_asymmetric(Tensor input, ScalarType dtype) -> (Tensor, Tensor)"
    )
    KERNEL: ClassVar = "quantized_decomposed::choose_qparams_per_token_asymmetric.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:choose_qparams_per_token"
    DTYPES: ClassVar = {"input": FLOAT}
    input = operand_def(TENSOR)
    dtype = element_type()
    scales = result_def(TENSOR)
    zero_points = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class QuantizeDynamicOp(QuantOp):
    """quantize with a scale and a zero point that are tensors of one element."""

    name = "quant.quantize_dynamic"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::quantize_per_tensor.tensor(Tensor input, Tensor scale, Tensor zero_point, "
        "int quant_min, int quant_max, ScalarType dtype) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::quantize_per_tensor.Tensor_out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:quantize_dynamic"
    DTYPES: ClassVar = {"input": FLOAT, **_PARAMS}
    input = operand_def(TENSOR)
    scale = operand_def(TENSOR)
    zero_point = operand_def(TENSOR)
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class DequantizeDynamicOp(QuantOp):
    """dequantize with a scale and a zero point that are tensors of one element."""

    name = "quant.dequantize_dynamic"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::dequantize_per_tensor.tensor(Tensor input, Tensor scale, Tensor "
        "zero_point, int quant_min, int quant_max, ScalarType dtype, *, ScalarType? out_dtype=None) -> "
        "Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::dequantize_per_tensor.Tensor_out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:dequantize_dynamic"
    DTYPES: ClassVar = {"input": QUANTISED, **_PARAMS}
    input = operand_def(TENSOR)
    scale = operand_def(TENSOR)
    zero_point = operand_def(TENSOR)
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    out_dtype = element_type(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class QuantizePerTokenOp(QuantOp):
    """quantize each row with its element of `scales` and `zero_points`, of sizes [..., 1]."""

    name = "quant.quantize_per_token"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::quantize_per_token(Tensor input, Tensor scales, Tensor zero_points, int "
        "quant_min, int quant_max, ScalarType dtype) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::quantize_per_token.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:quantize_per_token"
    DTYPES: ClassVar = {"input": FLOAT, **_PARAMS}
    input = operand_def(TENSOR)
    scales = operand_def(TENSOR)
    zero_points = operand_def(TENSOR)
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class DequantizePerTokenOp(QuantOp):
    """dequantize each row with its element of `scales` and `zero_points`, of sizes [..., 1]."""

    name = "quant.dequantize_per_token"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::dequantize_per_token(Tensor input, Tensor scales, Tensor zero_points, int "
        "quant_min, int quant_max, ScalarType dtype, ScalarType output_dtype) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::dequantize_per_token.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:dequantize_per_token"
    DTYPES: ClassVar = {"input": QUANTISED, **_PARAMS}
    input = operand_def(TENSOR)
    scales = operand_def(TENSOR)
    zero_points = operand_def(TENSOR)
    quant_min = integer()
    quant_max = integer()
    dtype = element_type()
    output_dtype = element_type()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    ChooseQparamsOp,
    ChooseQparamsPerTokenOp,
    DequantizeDynamicOp,
    DequantizePerTokenOp,
    QuantizeDynamicOp,
    QuantizePerTokenOp,
)
