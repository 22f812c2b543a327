"""The ends of the range of a dtype: where minima and maxima start."""

from __future__ import annotations

import math

from etc.dialects.dtypes import Dtype, Kind
from etc.lowering.edge_to_linalg.scalars import Number


def lowest(dtype: Dtype) -> Number:
    """No number of `dtype` is smaller: minus infinity for floats."""
    if dtype.is_float:
        return -math.inf
    return -(1 << (dtype.size * 8 - 1)) if dtype.is_signed else 0


def highest(dtype: Dtype) -> Number:
    """No number of `dtype` is larger."""
    if dtype.is_float:
        return math.inf
    if dtype.kind is Kind.BOOL:
        return True
    return (1 << (dtype.size * 8 - dtype.is_signed)) - 1
