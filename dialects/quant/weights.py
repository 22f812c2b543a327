"""Operations on quantised weights and real activations, which the stock runtime has kernels for."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects import dtypes
from etc.dialects.edge.base import FLOAT, INDEX, TENSOR, EdgeOp, element_type, integer
from etc.dialects.quant.base import EIGHT_BITS, WEIGHT, QuantOp

_EMBEDDING = {"weight_scales": FLOAT, "weight_zero_points": FLOAT, "indices": INDEX}

NIBBLE = (-8, 7)
"""The smallest and the largest number of four bits."""


class QuantisedEmbeddingOp(QuantOp, ABC):
    """Rows of a quantised table by their numbers."""

    weight = operand_def(TENSOR)
    weight_scales = operand_def(TENSOR)
    weight_zero_points = opt_operand_def(TENSOR)
    weight_quant_min = integer()
    weight_quant_max = integer()
    indices = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class EmbeddingByteOp(QuantisedEmbeddingOp):
    """The rows `indices` of `weight`, dequantised: a scale, and maybe a zero point, per row or group of columns."""

    name = "quant.embedding_byte"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::embedding_byte(Tensor weight, Tensor weight_scales, Tensor? "
        "weight_zero_points, int weight_quant_min, int weight_quant_max, Tensor indices) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::embedding_byte.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:embedding_byte"
    DTYPES: ClassVar = {"weight": EIGHT_BITS, **_EMBEDDING}


@irdl_op_definition
class Embedding4bitOp(QuantisedEmbeddingOp):
    """As embedding_byte, of weights in [-8, 7] that lie in pairs in bytes: rows x columns / 2.

    The first of a pair is in the high half of its byte; both are stored with 8 added.
    """

    name = "quant.embedding_4bit"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::embedding_4bit(Tensor weight, Tensor weight_scales, Tensor? "
        "weight_zero_points, int weight_quant_min, int weight_quant_max, Tensor indices) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::embedding_4bit.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:embedding_4bit"
    DTYPES: ClassVar = {"weight": frozenset({dtypes.uint8}), **_EMBEDDING}


@irdl_op_definition
class MixedLinearOp(QuantOp):
    """... x K, N x K -> ... x N: `input` times the transposed `weight`, which is dequantised on the way.

    `weight_scales` are N, or N x groups of columns. The result is of `dtype`, or of the input's.
    """

    name = "quant.mixed_linear"
    SCHEMA_TEXT: ClassVar = (
        "quantized_decomposed::mixed_linear(Tensor input, Tensor weight, Tensor weight_scales, Tensor? "
        "weight_zero_points, ScalarType? dtype=None) -> Tensor"
    )
    KERNEL: ClassVar = "quantized_decomposed::mixed_linear.out"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:mixed_linear"
    DTYPES: ClassVar = {"input": FLOAT, "weight": WEIGHT, "weight_scales": FLOAT, "weight_zero_points": FLOAT}
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    weight_scales = operand_def(TENSOR)
    weight_zero_points = opt_operand_def(TENSOR)
    dtype = element_type(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    Embedding4bitOp,
    EmbeddingByteOp,
    MixedLinearOp,
)
