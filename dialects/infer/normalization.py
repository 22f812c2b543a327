"""Normalization, softmax and dropout: results as large as the input, and statistics beside them.

Statistics have the input's dtype, as `torch.export` records them for the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.dtypes import Dtype, bfloat16, bool_, float16, float32
from etc.dialects.infer import InferenceError, infers, same_size, wrap_dim
from etc.dialects.infer.checks import channels_last, check_floating, check_sizes, size_list
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor


def _channels(input: Tensor, **per_channel: Tensor | None) -> Dim:
    """The size of dimension 1, which the given tensors must have as their only one."""
    if input.rank < 2:
        raise InferenceError(f"input must have at least rank 2, found rank {input.rank}")
    check_floating("input", input)
    for name, value in per_channel.items():
        if value is not None:
            check_sizes(name, value, [input.sizes[1]])
    return input.sizes[1]


@infers("batch_norm")
def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
) -> Tensor:
    _channels(input, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    return tensor(input.dtype, input.sizes, channels_last(input))


@infers("instance_norm")
def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
) -> Tensor:
    return tensor(input.dtype, batch_norm(input, weight, bias, running_mean, running_var).sizes)


@infers("_native_batch_norm_legit_no_training")
def batch_norm_no_training(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor, running_var: Tensor
) -> list[Tensor]:
    """N x C x …; the statistics that training would save are empty."""
    out = batch_norm(input, weight, bias, running_mean, running_var)
    empty = tensor(input.dtype, [0])
    return [out, empty, empty]


@infers("native_batch_norm", "_native_batch_norm_legit")
def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
) -> list[Tensor]:
    out = batch_norm(input, weight, bias, running_mean, running_var)
    saved = tensor(input.dtype, [input.sizes[1] if training else 0])
    return [out, saved, saved]


@infers("_native_batch_norm_legit.no_stats")
def batch_norm_no_stats(input: Tensor, weight: Tensor | None, bias: Tensor | None, training: bool) -> list[Tensor]:
    return native_batch_norm(input, weight, bias, None, None, training)


@infers("_native_batch_norm_legit_functional")
def batch_norm_functional(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
) -> list[Tensor]:
    """As `_native_batch_norm_legit`, with the new running statistics as two more results."""
    results = native_batch_norm(input, weight, bias, running_mean, running_var, training)
    return [*results, running_mean, running_var]


@infers("native_batch_norm_backward")
def native_batch_norm_backward(input: Tensor, weight: Tensor | None) -> list[Tensor]:
    gradient = tensor(weight.dtype if weight is not None else input.dtype, [_channels(input, weight=weight)])
    return [tensor(input.dtype, input.sizes, channels_last(input)), gradient, gradient]


def _normalized_axis(input: Tensor, normalized_shape: Sequence[Dim], weight: Tensor | None, bias: Tensor | None) -> int:
    """The first of the dimensions that are normalized, the last ones of `input`."""
    axis = input.rank - len(normalized_shape)
    check_floating("input", input)
    if not normalized_shape:
        raise InferenceError("normalized_shape must have at least one value")
    if axis < 0 or not all(map(same_size, input.sizes[axis:], normalized_shape)):
        raise InferenceError(
            f"input must end in the sizes {size_list(normalized_shape)}, found {size_list(input.sizes)}"
        )
    for name, value in (("weight", weight), ("bias", bias)):
        if value is not None:
            check_sizes(name, value, normalized_shape)
    return axis


@infers("layer_norm")
def layer_norm(
    input: Tensor, normalized_shape: Sequence[Dim], weight: Tensor | None = None, bias: Tensor | None = None
) -> Tensor:
    _normalized_axis(input, normalized_shape, weight, bias)
    return tensor(input.dtype, input.sizes)


@infers("native_layer_norm")
def native_layer_norm(
    input: Tensor, normalized_shape: Sequence[Dim], weight: Tensor | None, bias: Tensor | None
) -> list[Tensor]:
    """Normalized, mean and 1/deviation; the statistics have size 1 in the normalized dimensions."""
    axis = _normalized_axis(input, normalized_shape, weight, bias)
    statistics = tensor(input.dtype, [*input.sizes[:axis], *[1] * (input.rank - axis)])
    return [tensor(input.dtype, input.sizes), statistics, statistics]


@infers("native_layer_norm_backward")
def native_layer_norm_backward(
    input: Tensor, normalized_shape: Sequence[Dim], weight: Tensor | None, bias: Tensor | None
) -> list[Tensor]:
    """Gradients of input, weight and bias; those that `output_mask` leaves out have the same types and no content."""
    _normalized_axis(input, normalized_shape, weight, bias)
    gradient = tensor(weight.dtype if weight is not None else input.dtype, normalized_shape)
    return [tensor(input.dtype, input.sizes), gradient, gradient]


@infers("rms_norm")
def rms_norm(input: Tensor, normalized_shape: Sequence[Dim], weight: Tensor | None = None) -> Tensor:
    return layer_norm(input, normalized_shape, weight)


@infers("_fused_rms_norm")
def fused_rms_norm(input: Tensor, normalized_shape: Sequence[Dim], weight: Tensor | None) -> list[Tensor]:
    axis = _normalized_axis(input, normalized_shape, weight, None)
    wide = float32 if input.dtype in (float16, bfloat16) else input.dtype
    return [tensor(input.dtype, input.sizes), tensor(wide, [*input.sizes[:axis], *[1] * (input.rank - axis)])]


@infers("group_norm")
def group_norm(input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
    _check_groups(_channels(input, weight=weight, bias=bias), num_groups)
    return tensor(input.dtype, input.sizes, channels_last(input))


def _check_groups(channels: Dim, groups: int) -> None:
    if groups <= 0 or (isinstance(channels, int) and channels % groups):
        raise InferenceError(f"{channels} channels do not divide into {groups} groups")


@infers("native_group_norm")
def native_group_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, N: Dim, C: Dim, HxW: Dim, group: int
) -> list[Tensor]:
    """Normalized, mean and 1/deviation, the statistics N x group."""
    channels = _channels(input, weight=weight, bias=bias)
    _check_groups(channels, group)
    image = symbolic.product(input.sizes[2:])
    for name, given, have in (("N", N, input.sizes[0]), ("C", C, channels), ("HxW", HxW, image)):
        if not same_size(given, have):
            raise InferenceError(f"{name} is {given}, the input has {have}")
    statistics = tensor(input.dtype, [N, group])
    return [tensor(input.dtype, input.sizes, channels_last(input)), statistics, statistics]


@infers("native_group_norm_backward")
def native_group_norm_backward(input: Tensor, weight: Tensor | None, C: Dim, group: int) -> list[Tensor]:
    """Gradients of input, weight and bias; those that `output_mask` leaves out have the same types and no content."""
    _check_groups(C, group)
    gradient = tensor(weight.dtype if weight is not None else input.dtype, [C])
    return [tensor(input.dtype, input.sizes, channels_last(input)), gradient, gradient]


def _softmax_result(self: Tensor, dim: int, dtype: Dtype) -> Tensor:
    wrap_dim(dim, self.rank)
    result = self.like(dtype=dtype)
    check_floating("self", result)
    return result


@infers("_softmax", "_log_softmax")
def softmax(self: Tensor, dim: int, half_to_float: bool) -> Tensor:
    if half_to_float and self.dtype is not float16:
        raise InferenceError(f"half_to_float needs an input of dtype float16, found {self.dtype}")
    return _softmax_result(self, dim, float32 if half_to_float else self.dtype)


@infers("softmax.int", "log_softmax.int", "_safe_softmax")
def softmax_int(self: Tensor, dim: int, dtype: Dtype | None = None) -> Tensor:
    return _softmax_result(self, dim, dtype or self.dtype)


@infers("_softmax_backward_data", "_log_softmax_backward_data")
def softmax_backward(grad_output: Tensor, output: Tensor, dim: int, input_dtype: Dtype) -> Tensor:
    check_sizes("grad_output", grad_output, output.sizes)
    return tensor(input_dtype, _softmax_result(output, dim, input_dtype).sizes)


@infers("native_dropout")
def native_dropout(input: Tensor) -> list[Tensor]:
    """The input with some elements replaced by 0, and the mask of those kept."""
    return [input, input.like(dtype=bool_)]
