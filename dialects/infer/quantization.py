"""Quantised values: conversions from and to reals, and arithmetic on integers. Memory order follows the input."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.dtypes import Dtype, float32, float64, int32, int64
from etc.dialects.infer import InferenceError, broadcast, infers, same_size, wrap_dim
from etc.dialects.infer.checks import check_rank, check_sizes, size_list
from etc.dialects.infer.convolution import convolution
from etc.dialects.infer.linear_algebra import linear as linear_on_reals
from etc.dialects.infer.pooling import avg_pool2d
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor

_DECOMPOSED = "quantized_decomposed::"


@infers(_DECOMPOSED + "quantize_per_tensor")
def quantize(input: Tensor, dtype: Dtype) -> Tensor:
    return input.like(dtype=dtype)


@infers(_DECOMPOSED + "dequantize_per_tensor")
def dequantize(input: Tensor, dtype: Dtype, out_dtype: Dtype | None) -> Tensor:
    _check_stored(input, dtype)
    return input.like(dtype=out_dtype or float32)


def _check_stored(input: Tensor, dtype: Dtype) -> None:
    if input.dtype is not dtype:
        raise InferenceError(f"input is {input.dtype}, and dtype says {dtype}")


def _check_channels(input: Tensor, axis: int, **per_channel: Tensor | None) -> None:
    """One element for each index of a dimension."""
    size = input.sizes[wrap_dim(axis, input.rank)]
    for name, given in per_channel.items():
        if given is not None:
            check_sizes(name, given, [size])


@infers(_DECOMPOSED + "quantize_per_channel")
def quantize_per_channel(input: Tensor, scales: Tensor, zero_points: Tensor, axis: int, dtype: Dtype) -> Tensor:
    _check_channels(input, axis, scales=scales, zero_points=zero_points)
    return input.like(dtype=dtype)


@infers(_DECOMPOSED + "dequantize_per_channel")
def dequantize_per_channel(
    input: Tensor, scales: Tensor, zero_points: Tensor | None, axis: int, dtype: Dtype, out_dtype: Dtype | None
) -> Tensor:
    _check_stored(input, dtype)
    _check_channels(input, axis, scales=scales, zero_points=zero_points)
    return input.like(dtype=out_dtype or float32)


@infers(_DECOMPOSED + "dequantize_per_channel_group")
def dequantize_per_group(
    input: Tensor, scales: Tensor, zero_points: Tensor | None, group_size: int, output_dtype: Dtype
) -> Tensor:
    check_rank("input", input, 2)
    rows, columns = input.sizes
    if group_size < 1 or (isinstance(columns, int) and columns % group_size):
        raise InferenceError(f"{columns} columns do not divide into groups of {group_size}")
    for name, given in (("scales", scales), ("zero_points", zero_points)):
        if given is not None:
            check_sizes(name, given, [rows, symbolic.floordiv(columns, group_size)])
    return input.like(dtype=output_dtype)


@infers("quant::fake_quantize", "quant::observe")
def unchanged(input: Tensor) -> Tensor:
    return input


@infers("quant::fake_quantize_per_channel")
def fake_quantize_per_channel(input: Tensor, scales: Tensor, zero_points: Tensor, axis: int) -> Tensor:
    _check_channels(input, axis, scales=scales, zero_points=zero_points)
    return input


# Scales at run time


@infers(_DECOMPOSED + "choose_qparams.tensor")
def choose_qparams(input: Tensor) -> Sequence[Tensor]:
    return tensor(float64, [1]), tensor(int64, [1])


@infers(_DECOMPOSED + "choose_qparams_per_token_asymmetric")
def choose_qparams_per_token(input: Tensor) -> Sequence[Tensor]:
    sizes = [*input.sizes[:-1], 1]
    return tensor(float64, sizes), tensor(int64, sizes)


def _check_single(**tensors: Tensor) -> None:
    for name, given in tensors.items():
        if any(not same_size(size, 1) for size in given.sizes):
            raise InferenceError(f"{name} must have one element, found the sizes {size_list(given.sizes)}")


@infers(_DECOMPOSED + "quantize_per_tensor.tensor")
def quantize_dynamic(input: Tensor, scale: Tensor, zero_point: Tensor, dtype: Dtype) -> Tensor:
    _check_single(scale=scale, zero_point=zero_point)
    return input.like(dtype=dtype)


@infers(_DECOMPOSED + "dequantize_per_tensor.tensor")
def dequantize_dynamic(
    input: Tensor, scale: Tensor, zero_point: Tensor, dtype: Dtype, out_dtype: Dtype | None
) -> Tensor:
    _check_single(scale=scale, zero_point=zero_point)
    return dequantize(input, dtype, out_dtype)


@infers(_DECOMPOSED + "quantize_per_token")
def quantize_per_token(input: Tensor, scales: Tensor, zero_points: Tensor, dtype: Dtype) -> Tensor:
    check_sizes("scales", scales, [*input.sizes[:-1], 1])
    check_sizes("zero_points", zero_points, [*input.sizes[:-1], 1])
    return input.like(dtype=dtype)


@infers(_DECOMPOSED + "dequantize_per_token")
def dequantize_per_token(
    input: Tensor, scales: Tensor, zero_points: Tensor, dtype: Dtype, output_dtype: Dtype
) -> Tensor:
    _check_stored(input, dtype)
    return quantize_per_token(input, scales, zero_points, output_dtype)


# Quantised weights


def _check_groups(rows: Dim, columns: Dim, scales: Tensor, zero_points: Tensor | None) -> None:
    """A scale for each row, or for each of several stretches of it."""
    check_rank("weight_scales", scales, 1, 2)
    groups = scales.sizes[1] if scales.rank == 2 else 1
    check_sizes("weight_scales", scales, [rows, groups][: scales.rank])
    if zero_points is not None:
        check_sizes("weight_zero_points", zero_points, scales.sizes)
    if isinstance(columns, int) and isinstance(groups, int) and (groups < 1 or columns % groups):
        raise InferenceError(f"{columns} columns do not divide into {groups} groups")


@infers(_DECOMPOSED + "embedding_byte")
def embedding_byte(
    weight: Tensor, weight_scales: Tensor, weight_zero_points: Tensor | None, indices: Tensor, packed: int = 1
) -> Tensor:
    check_rank("weight", weight, 2)
    rows, columns = weight.sizes[0], weight.sizes[1] * packed
    _check_groups(rows, columns, weight_scales, weight_zero_points)
    return tensor(weight_scales.dtype, [*indices.sizes, columns])


@infers(_DECOMPOSED + "embedding_4bit")
def embedding_4bit(weight: Tensor, weight_scales: Tensor, weight_zero_points: Tensor | None, indices: Tensor) -> Tensor:
    return embedding_byte(weight, weight_scales, weight_zero_points, indices, packed=2)


@infers(_DECOMPOSED + "mixed_linear")
def mixed_linear(
    input: Tensor, weight: Tensor, weight_scales: Tensor, weight_zero_points: Tensor | None, dtype: Dtype | None
) -> Tensor:
    check_rank("weight", weight, 2)
    rows, columns = weight.sizes
    _check_groups(rows, columns, weight_scales, weight_zero_points)
    if not same_size(input.sizes[-1], columns):
        raise InferenceError(f"input has {input.sizes[-1]} columns, the weight takes {columns}")
    return tensor(dtype or input.dtype, [*input.sizes[:-1], rows])


# Arithmetic on integers


def _accumulated(result: Tensor) -> Tensor:
    return result.like(dtype=int32)


def _as_reals(value: Tensor | None) -> Tensor | None:
    """A tensor of the same sizes, for rules on reals that ask for one dtype."""
    return None if value is None else value.like(dtype=float32)


@infers("quant::conv")
def conv(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[Dim],
    padding: Sequence[Dim],
    dilation: Sequence[Dim],
    transposed: bool,
    output_padding: Sequence[Dim],
    groups: Dim,
) -> Tensor:
    """N x C x spatial, O x C/groups x kernel (C x O/groups x kernel when transposed) -> N x O x spatial."""
    reals = (input.like(dtype=float32), weight.like(dtype=float32), _as_reals(bias))
    return _accumulated(convolution(*reals, stride, padding, dilation, transposed, output_padding, groups))


@infers("quant::linear")
def linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return _accumulated(linear_on_reals(input.like(dtype=float32), weight.like(dtype=float32), _as_reals(bias)))


@infers("quant::matmul")
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """[B x] M x K, [B x] K x N -> [B x] M x N."""
    check_rank("input", input, 2, 3)
    check_rank("other", other, input.rank)
    if not same_size(input.sizes[-1], other.sizes[-2]):
        raise InferenceError(f"input has {input.sizes[-1]} columns, other has {other.sizes[-2]} rows")
    if input.rank == 3 and not same_size(input.sizes[0], other.sizes[0]):
        raise InferenceError(f"input has {input.sizes[0]} matrices, other has {other.sizes[0]}")
    return tensor(int32, [*input.sizes[:-1], other.sizes[-1]])


def _combined(input: Tensor, other: Tensor, dtype: Dtype) -> Tensor:
    """The result of an operation element by element: in the memory order of an operand that has all its sizes."""
    sizes = broadcast(input.sizes, other.sizes)
    order = next((t.dim_order for t in (input, other) if t.sizes == sizes), None)
    return tensor(dtype, sizes, order)


@infers("quant::mul")
def mul(input: Tensor, other: Tensor) -> Tensor:
    return _combined(input, other, int32)


@infers("quant::add")
def add(input: Tensor, other: Tensor, shift: int, dtype: Dtype) -> Tensor:
    if not 1 <= shift <= 62:
        raise InferenceError(f"shift must be from 1 to 62, found {shift}")
    return _combined(input, other, dtype)


@infers("quant::sum")
def sum_(input: Tensor, dim: Sequence[int], keepdim: bool) -> Tensor:
    summed = {wrap_dim(d, input.rank) for d in dim} or set(range(input.rank))
    kept = [1 if d in summed else size for d, size in enumerate(input.sizes) if keepdim or d not in summed]
    return tensor(int32, kept)


@infers("quant::sum_pool2d")
def sum_pool2d(
    input: Tensor, kernel_size: Sequence[int], stride: Sequence[int], padding: Sequence[int], ceil_mode: bool
) -> Tensor:
    return _accumulated(avg_pool2d(input.like(dtype=float32), kernel_size, stride, padding, ceil_mode))


@infers("quant::requantize")
def requantize(input: Tensor, multiplier: Tensor, shift: Tensor, axis: int, dtype: Dtype) -> Tensor:
    wrap_dim(axis, input.rank)
    for name, given in (("multiplier", multiplier), ("shift", shift)):
        if any(not same_size(size, 1) for size in given.sizes):
            _check_channels(input, axis, **{name: given})
    return input.like(dtype=dtype)


@infers("quant::lookup")
def lookup(input: Tensor, table: Tensor) -> Tensor:
    check_sizes("table", table, [256])
    return input.like(dtype=table.dtype)


@infers("quant::interpolate")
def interpolate(input: Tensor, table: Tensor) -> Tensor:
    check_sizes("table", table, [513])
    return input.like(dtype=table.dtype)


@infers("quant::softmax")
def softmax(input: Tensor, table: Tensor, dim: int, dtype: Dtype) -> Tensor:
    wrap_dim(dim, input.rank)
    check_sizes("table", table, [256])
    return input.like(dtype=dtype)
