"""What the operations of the quant dialect compute, on torch tensors: the meaning that C is held against.

Arguments are those of the schemas. Arithmetic on integers is exact: sums of products are computed in float64, which
holds every integer below 2^53, all else in int64; what an operation says has 32 bits wraps at 32. Conversions are those
of the stock runtime's kernels, in float32, bit by bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SMALLEST_SCALE = 6.0999998822808266e-05
"""Scales that are chosen at run time are not smaller: 6.1e-5 in float32."""


# Between reals and integers


def _quantised(input: Any, inverse: Any, zero_point: Any, quant_min: int, quant_max: int, dtype: Any) -> Any:
    """Ties go to the even integer; NaN becomes `quant_min`."""
    import torch

    rounded = torch.round(input.to(torch.float32) * inverse) + zero_point
    clamped = torch.nan_to_num(rounded, nan=-torch.inf).clamp(quant_min, quant_max)
    return clamped.to(torch.int64).clamp(quant_min, quant_max).to(dtype)  # float32 rounds the ends of int32


def _inverse(scale: Any) -> Any:
    import torch

    return 1 / torch.as_tensor(scale, dtype=torch.float64).to(torch.float32)


def _dequantised(input: Any, scale: Any, zero_point: Any, dtype: Any) -> Any:
    """Integers of 32 bits are subtracted as such, and wrap."""
    import torch

    difference = (input.to(torch.int64) - zero_point).to(torch.int32)
    real = difference.to(torch.float32) * torch.as_tensor(scale, dtype=torch.float64).to(torch.float32)
    return real.to(dtype or torch.float32)


def quantize(input: Any, scale: float, zero_point: int, quant_min: int, quant_max: int, dtype: Any) -> Any:
    return _quantised(input, _inverse(scale), zero_point, quant_min, quant_max, dtype)


def dequantize(
    input: Any,
    scale: float,
    zero_point: int,
    quant_min: int,
    quant_max: int,
    dtype: Any,
    *,
    out_dtype: Any = None,
) -> Any:
    return _dequantised(input, scale, zero_point, out_dtype)


def _along(values: Any, axis: int, rank: int) -> Any:
    """A vector, or nothing, as it broadcasts along a dimension of a tensor of `rank`."""
    return 0 if values is None else values.reshape([-1 if d == axis % rank else 1 for d in range(rank)])


def quantize_per_channel(
    input: Any, scales: Any, zero_points: Any, axis: int, quant_min: int, quant_max: int, dtype: Any
) -> Any:
    inverse, zero = (_along(values, axis, input.dim()) for values in (_inverse(scales), zero_points))
    return _quantised(input, inverse, zero, quant_min, quant_max, dtype)


def dequantize_per_channel(
    input: Any,
    scales: Any,
    zero_points: Any,
    axis: int,
    quant_min: int,
    quant_max: int,
    dtype: Any,
    *,
    out_dtype: Any = None,
) -> Any:
    scale, zero = (_along(values, axis, input.dim()) for values in (scales, zero_points))
    return _dequantised(input, scale, zero, out_dtype)


def dequantize_per_group(
    input: Any,
    scales: Any,
    zero_points: Any,
    quant_min: int,
    quant_max: int,
    dtype: Any,
    group_size: int,
    output_dtype: Any,
) -> Any:
    groups = input.reshape(input.shape[0], -1, group_size)
    scale, zero = (0 if v is None else v.reshape(input.shape[0], -1, 1) for v in (scales, zero_points))
    return _dequantised(groups, scale, zero, output_dtype).reshape(input.shape)


def fake_quantize(input: Any, scale: float, zero_point: int, quant_min: int, quant_max: int) -> Any:
    import torch

    integers = quantize(input, scale, zero_point, quant_min, quant_max, torch.int32)
    return dequantize(integers, scale, zero_point, quant_min, quant_max, torch.int32, out_dtype=input.dtype)


def fake_quantize_per_channel(
    input: Any, scales: Any, zero_points: Any, axis: int, quant_min: int, quant_max: int
) -> Any:
    import torch

    given = scales, zero_points, axis, quant_min, quant_max, torch.int32
    return dequantize_per_channel(quantize_per_channel(input, *given), *given, out_dtype=input.dtype)


def observe(input: Any, key: str, observer: str) -> Any:
    return input


# Scales from the values themselves


def _qparams(low: Any, high: Any, quant_min: int, quant_max: int) -> tuple[Any, Any]:
    """The float64 scale and int64 zero point for values from `low` to `high`, as the stock runtime chooses them.

    The scale is at least `SMALLEST_SCALE`, and 0.1 where there is nothing but zeros. 0 is an integer exactly.
    """
    import torch

    low, high = low.to(torch.float32).clamp(max=0), high.to(torch.float32).clamp(min=0)
    scale = (high.double() - low.double()) / (quant_max - quant_min)
    single = scale.to(torch.float32)
    scale = torch.where((single == 0) | torch.isinf(1 / single), 0.1, scale)
    small = scale < SMALLEST_SCALE
    # Ends move with a scale that is raised; the one at 0 stays there.
    span = torch.tensor(SMALLEST_SCALE, dtype=torch.float32) * (quant_max - quant_min)
    amplifier = torch.tensor(SMALLEST_SCALE, dtype=torch.float32) / scale.to(torch.float32)
    new_low = torch.where(low == 0, low, torch.where(high == 0, -span, low * amplifier))
    new_high = torch.where(low == 0, span, torch.where(high == 0, high, high * amplifier))
    low, high = torch.where(small, new_low, low).double(), torch.where(small, new_high, high).double()
    scale = torch.where(small, SMALLEST_SCALE, scale)
    from_low, from_high = quant_min - low / scale, quant_max - high / scale
    low_error = abs(quant_min) - (low / scale).abs()
    high_error = abs(quant_max) - (high / scale).abs()
    zero_point = torch.where(low_error < high_error, from_low, from_high).clamp(quant_min, quant_max)
    return scale, torch.round(zero_point.to(torch.float32)).to(torch.int64)


def choose_qparams(input: Any, quant_min: int, quant_max: int, eps: float, dtype: Any) -> tuple[Any, Any]:
    """`eps` plays no part, as in the stock runtime."""
    return _qparams(input.amin().reshape(1), input.amax().reshape(1), quant_min, quant_max)


def choose_qparams_per_token(input: Any, dtype: Any) -> tuple[Any, Any]:
    return _qparams(input.amin(-1, keepdim=True), input.amax(-1, keepdim=True), -128, 127)


def quantize_dynamic(input: Any, scale: Any, zero_point: Any, quant_min: int, quant_max: int, dtype: Any) -> Any:
    return _quantised(input, _inverse(scale.reshape([])), zero_point.reshape([]), quant_min, quant_max, dtype)


def dequantize_dynamic(
    input: Any,
    scale: Any,
    zero_point: Any,
    quant_min: int,
    quant_max: int,
    dtype: Any,
    *,
    out_dtype: Any = None,
) -> Any:
    return _dequantised(input, scale.reshape([]), zero_point.reshape([]), out_dtype)


def quantize_per_token(input: Any, scales: Any, zero_points: Any, quant_min: int, quant_max: int, dtype: Any) -> Any:
    return _quantised(input, _inverse(scales), zero_points, quant_min, quant_max, dtype)


def dequantize_per_token(
    input: Any, scales: Any, zero_points: Any, quant_min: int, quant_max: int, dtype: Any, output_dtype: Any
) -> Any:
    return _dequantised(input, scales, zero_points, output_dtype)


# Quantised weights


def _rows(weight: Any, scales: Any, zero_points: Any) -> Any:
    """A matrix in float32, with a scale for each row or for each of several groups of columns."""
    import torch

    groups = weight.reshape(weight.shape[0], scales.numel() // weight.shape[0], -1).to(torch.float32)
    scale, zero = (
        0 if v is None else v.reshape(weight.shape[0], -1, 1).to(torch.float32) for v in (scales, zero_points)
    )
    return ((groups - zero) * scale).reshape(weight.shape)


def embedding_byte(
    weight: Any,
    weight_scales: Any,
    weight_zero_points: Any,
    weight_quant_min: int,
    weight_quant_max: int,
    indices: Any,
) -> Any:
    return _rows(weight, weight_scales, weight_zero_points).to(weight_scales.dtype)[indices.long()]


def embedding_4bit(
    weight: Any,
    weight_scales: Any,
    weight_zero_points: Any,
    weight_quant_min: int,
    weight_quant_max: int,
    indices: Any,
) -> Any:
    import torch

    whole = torch.stack((weight >> 4, weight & 15), -1).reshape(weight.shape[0], -1).to(torch.int8) - 8
    given = weight_scales, weight_zero_points, weight_quant_min, weight_quant_max
    return embedding_byte(whole, *given, indices)


def mixed_linear(input: Any, weight: Any, weight_scales: Any, weight_zero_points: Any, dtype: Any = None) -> Any:
    import torch

    rows = _rows(weight, weight_scales, weight_zero_points)
    return (input.to(torch.float32) @ rows.T).to(dtype or input.dtype)


# Integers alone


def conv(
    input: Any,
    weight: Any,
    bias: Any,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
    padding_value: int = 0,
) -> Any:
    """What lies between and around the elements of a transposed convolution's input is `padding_value` as well."""
    import torch

    x, w = input.double() - padding_value, weight.double()
    summed = torch.ops.aten.convolution.default(
        x, w, None, list(stride), list(padding), list(dilation), transposed, list(output_padding), groups
    )
    # With p around x: sum of w * x is the sum of w * (x - p), which padding adds nothing to, plus p * the sum of w.
    by_channel = w.unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1) if transposed else w
    offset = padding_value * by_channel.flatten(1).sum(1)
    if bias is not None:
        offset = offset + bias
    return (summed + _along(offset, 1, input.dim())).to(torch.int64).to(torch.int32)


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    import torch

    product = input.double() @ weight.double().T
    return (product if bias is None else product + bias).to(torch.int64).to(torch.int32)


def matmul(input: Any, other: Any, input_zero_point: int, other_zero_point: int) -> Any:
    import torch

    product = (input.double() - input_zero_point) @ (other.double() - other_zero_point)
    return product.to(torch.int64).to(torch.int32)


def mul(input: Any, other: Any, input_zero_point: int, other_zero_point: int) -> Any:
    import torch

    return ((input.long() - input_zero_point) * (other.long() - other_zero_point)).to(torch.int32)


def sum_(input: Any, dim: Sequence[int], keepdim: bool, zero_point: int) -> Any:
    import torch

    dims = list(dim) or list(range(input.dim()))
    return (input.long() - zero_point).sum(dims, keepdim).to(torch.int32)


def sum_pool2d(
    input: Any,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    ceil_mode: bool,
    zero_point: int,
) -> Any:
    import torch

    sums = torch.nn.functional.avg_pool2d(
        input.double() - zero_point,
        list(kernel_size),
        list(stride) or None,
        list(padding),
        ceil_mode,
        divisor_override=1,
    )
    return sums.to(torch.int64).to(torch.int32)


def requantize(
    input: Any, multiplier: Any, shift: Any, axis: int, zero_point: int, quant_min: int, quant_max: int, dtype: Any
) -> Any:
    import torch

    factor, by = (
        _along(v.long(), axis, input.dim()) if v.numel() > 1 else v.long().reshape([]) for v in (multiplier, shift)
    )
    rounded = (input.long() * factor + (torch.ones_like(by) << (by - 1))) >> by
    return (rounded + zero_point).clamp(quant_min, quant_max).to(dtype)


def add(
    input: Any,
    other: Any,
    input_zero_point: int,
    input_multiplier: int,
    other_zero_point: int,
    other_multiplier: int,
    shift: int,
    zero_point: int,
    quant_min: int,
    quant_max: int,
    dtype: Any,
) -> Any:
    total = (input.long() - input_zero_point) * input_multiplier + (other.long() - other_zero_point) * other_multiplier
    return (((total + (1 << (shift - 1))) >> shift) + zero_point).clamp(quant_min, quant_max).to(dtype)


def lookup(input: Any, table: Any) -> Any:
    import torch

    return table[input.long() - torch.iinfo(input.dtype).min]


def interpolate(input: Any, table: Any) -> Any:
    import torch

    place, rest, values = (input.long() >> 7) + 256, input.long() & 127, table.long()
    return (values[place] + (((values[place + 1] - values[place]) * rest + 64) >> 7)).to(torch.int16)


def softmax(
    input: Any, table: Any, dim: int, one: int, zero_point: int, quant_min: int, quant_max: int, dtype: Any
) -> Any:
    x = input.long()
    powers = table.long()[x.amax(dim, keepdim=True) - x]
    total = powers.sum(dim, keepdim=True)
    return ((powers * one + total // 2) // total + zero_point).clamp(quant_min, quant_max).to(dtype)
