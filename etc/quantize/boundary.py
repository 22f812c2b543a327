"""What goes into a program and comes out, between reals and the integers that a method may take and give instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.func import FuncOp

from etc.dialects.quant.attributes import INPUTS, OUTPUTS, params_at_border


def quantised_inputs(method: FuncOp, inputs: Sequence[Any]) -> list[Any]:
    """Inputs in float as the method takes them."""
    from etc.dialects.on_torch import torch_dtypes
    from etc.dialects.quant.on_torch import quantize

    found: list[Any] = []
    for params, value in zip(params_at_border(method, INPUTS, len(inputs)), inputs, strict=True):
        if params is not None:
            dtype = torch_dtypes()[params.dtype]
            value = quantize(value, params.scale, params.zero_point, params.quant_min, params.quant_max, dtype)  # noqa: PLW2901
        found.append(value)
    return found


def real_outputs(method: FuncOp, outputs: Sequence[Any]) -> list[Any]:
    """Outputs of the method as float32."""
    listed = zip(params_at_border(method, OUTPUTS, len(outputs)), outputs, strict=True)
    return [value if p is None else (value.long() - p.zero_point).float() * p.scale for p, value in listed]
