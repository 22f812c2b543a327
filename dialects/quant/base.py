"""What the operations of the quant dialect share."""

from __future__ import annotations

from abc import ABC
from math import isfinite

from xdsl.utils.exceptions import VerifyException

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp

QUANTISED = frozenset({dtypes.int8, dtypes.uint8, dtypes.int16})
"""What activations are quantised to."""
STORED = QUANTISED | {dtypes.int32}
"""What quantize makes and dequantize reads: biases have 32 bits."""
EIGHT_BITS = frozenset({dtypes.int8, dtypes.uint8})
WEIGHT = frozenset({dtypes.int8})
ACCUMULATOR = frozenset({dtypes.int32})
SCALES = frozenset({dtypes.float32, dtypes.float64})
ZERO_POINTS = frozenset({dtypes.int8, dtypes.int32, dtypes.int64, dtypes.float32})


def bounds(dtype: Dtype) -> tuple[int, int]:
    """The smallest and the largest number of an integer type."""
    low = -(1 << (8 * dtype.size - 1)) if dtype.is_signed else 0
    return low, low + (1 << (8 * dtype.size)) - 1


class QuantOp(EdgeOp, ABC):
    """An operation on quantised values, or between them and reals. Scales are positive, ranges fit their dtype."""

    def verify_(self) -> None:
        super().verify_()
        given = {arg.name: value for arg, value in self.arguments()}
        scale, zero_point = given.get("scale"), given.get("zero_point")
        low, high, dtype = given.get("quant_min"), given.get("quant_max"), given.get("dtype")
        if isinstance(scale, int | float) and not (scale > 0 and isfinite(scale)):
            raise VerifyException(f"{self.name}: a scale is positive and finite, found {scale}")
        if not (isinstance(low, int) and isinstance(high, int)):
            return
        if isinstance(dtype, Dtype) and dtype not in STORED:
            names = ", ".join(sorted(map(str, STORED)))
            raise VerifyException(f"{self.name}: values are quantised to one of {names}, not to {dtype}")
        least, most = bounds(dtype) if isinstance(dtype, Dtype) else (low, high)
        if not least <= low < high <= most:
            raise VerifyException(f"{self.name}: [{low}, {high}] is no range of {dtype}, which holds {least} to {most}")
        if isinstance(zero_point, int) and not low <= zero_point <= high:
            raise VerifyException(f"{self.name}: zero point {zero_point} is not in [{low}, {high}]")
