"""Gradients, as autograd leaves them in joint graphs, that the stock runtime has no kernel for.

`output_mask` says which gradients are asked for; the others are None.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes

Gradients = list[SSAValue | None]


def _normalised_gradient(
    build: AtenBuilder, gradient: SSAValue, normalised: SSAValue, scale: SSAValue, dims: Sequence[int]
) -> SSAValue:
    """The gradient by x of n = (x - mean(x)) * scale, scale = 1 / deviation(x), from the one by n.

    scale * (g - mean(g) - n * mean(g * n)), with means over `dims`.
    """
    mean = build("mean.dim", gradient, list(dims), True)
    along = build("mean.dim", build("mul.Tensor", gradient, normalised), list(dims), True)
    centred = build("sub.Tensor", gradient, mean)
    return build("mul.Tensor", build("sub.Tensor", centred, build("mul.Tensor", normalised, along)), scale)


@decomposes("native_layer_norm_backward")
def layer_norm_backward(
    build: AtenBuilder,
    grad_out: SSAValue,
    input: SSAValue,
    normalized_shape: Sequence[Dim],
    mean: SSAValue,
    rstd: SSAValue,
    weight: SSAValue | None,
    output_mask: Sequence[bool],
) -> Gradients:
    """Gradients of layer_norm's input, weight and bias."""
    rank, count = build.type(input).rank, len(normalized_shape)
    inner, outer = list(range(rank - count, rank)), list(range(rank - count))
    normalised = build("mul.Tensor", build("sub.Tensor", input, mean), rstd)
    gradient = grad_out if weight is None else build("mul.Tensor", grad_out, weight)
    return [
        _normalised_gradient(build, gradient, normalised, rstd, inner) if output_mask[0] else None,
        _sum(build, build("mul.Tensor", grad_out, normalised), outer) if output_mask[1] else None,
        _sum(build, grad_out, outer) if output_mask[2] else None,
    ]


def _sum(build: AtenBuilder, value: SSAValue, dims: Sequence[int]) -> SSAValue:
    return build("sum.dim_IntList", value, list(dims)) if dims else value


@decomposes("native_group_norm_backward")
def group_norm_backward(
    build: AtenBuilder,
    grad_out: SSAValue,
    input: SSAValue,
    mean: SSAValue,
    rstd: SSAValue,
    weight: SSAValue | None,
    N: Dim,
    C: Dim,
    HxW: Dim,
    group: Dim,
    output_mask: Sequence[bool],
) -> Gradients:
    """Gradients of group_norm's input, weight and bias, with the channels of a group as a dimension of their own."""
    sizes = list(build.type(input).sizes)
    grouped: list[Dim] = [N, group, symbolic.floordiv(C, group), HxW]
    x, g = (build("view", v, grouped) for v in (input, grad_out))
    centre, scale = (build("view", v, [N, group, 1, 1]) for v in (mean, rstd))
    normalised = build("mul.Tensor", build("sub.Tensor", x, centre), scale)
    inner = g
    if weight is not None:
        inner = build("mul.Tensor", g, build("view", weight, [1, *grouped[1:3], 1]))
    by_weight = build("mul.Tensor", g, normalised)
    return [
        build("view", _normalised_gradient(build, inner, normalised, scale, (2, 3)), sizes) if output_mask[0] else None,
        build("view", _sum(build, by_weight, (0, 3)), [C]) if output_mask[1] else None,
        build("view", _sum(build, g, (0, 3)), [C]) if output_mask[2] else None,
    ]


@decomposes("embedding_dense_backward")
def embedding_backward(
    build: AtenBuilder,
    grad_output: SSAValue,
    indices: SSAValue,
    num_weights: Dim,
    padding_idx: Dim,
    scale_grad_by_freq: bool,
) -> SSAValue | None:
    """embedding_dense_backward(g, i) -> zeros[i] += g, rows of the padding index aside"""
    if scale_grad_by_freq:
        return None
    known = build.type(grad_output)
    if not isinstance(padding_idx, int) or padding_idx >= 0:
        counts = build("unsqueeze", build("ne.Scalar", indices, padding_idx), -1)
        grad_output = build("mul.Tensor", grad_output, build("_to_copy", counts, dtype=known.dtype))
    rows, width = symbolic.product(known.sizes[:-1]), known.sizes[-1]
    zeros = build("full", [num_weights, width], 0, dtype=known.dtype)
    flat = build("view", grad_output, [rows, width])
    return build("index_put", zeros, [build("view", indices, [rows])], flat, True)


@decomposes("avg_pool2d_backward")
def avg_pool2d_backward(
    build: AtenBuilder,
    grad_output: SSAValue,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> SSAValue | None:
    """avg_pool2d_backward(g) -> convolution(g / elements of the window, ones, transposed=true), a channel at a time"""
    known, (height, width) = build.type(self), build.type(self).sizes[-2:]
    out = build.type(grad_output)
    kernel, pad = _pair(kernel_size), _pair(padding)
    step = _pair(stride or kernel_size)
    extra = [
        size - ((windows - 1) * s + k - 2 * p)
        for size, windows, k, s, p in zip((height, width), out.sizes[-2:], kernel, step, pad, strict=True)
    ]
    if ceil_mode or not all(isinstance(e, int) and 0 <= e < s for e, s in zip(extra, step, strict=True)):
        return None
    planes = symbolic.product(known.sizes[:-2])
    ones = build.constant([1.0] * (kernel[0] * kernel[1]), known.dtype, [1, 1, *kernel])
    if count_include_pad or divisor_override is not None or not any(pad):
        shared = build("div.Scalar", grad_output, divisor_override or kernel[0] * kernel[1])
    else:
        image = build("full", [1, 1, height, width], 1, dtype=known.dtype)
        shared = build("div.Tensor", grad_output, _window_sums(build, image, ones, step, pad))
    flat = build("view", shared, [planes, 1, *out.sizes[-2:]])
    spread = build("convolution", flat, ones, None, step, pad, [1, 1], True, extra, 1)
    return build("view", spread, list(known.sizes))


def _pair(values: Sequence[int]) -> list[int]:
    return list(values) * (2 // len(values)) if len(values) else [0, 0]


def _window_sums(
    build: AtenBuilder, image: SSAValue, ones: SSAValue, stride: Sequence[int], padding: Sequence[int]
) -> SSAValue:
    return build("convolution", image, ones, None, list(stride), list(padding), [1, 1], False, [0, 0], 1)


@decomposes("_adaptive_avg_pool2d_backward")
def adaptive_avg_pool2d_backward(build: AtenBuilder, grad_output: SSAValue, self: SSAValue) -> SSAValue | None:
    """_adaptive_avg_pool2d_backward(g) -> avg_pool2d_backward(g), where windows are of one size and do not overlap"""
    known, out = build.type(self), build.type(grad_output)
    kernel: list[int] = []
    for size, count in zip(known.sizes[-2:], out.sizes[-2:], strict=True):
        if not isinstance(size, int) or not isinstance(count, int) or size % count:
            return None
        kernel.append(size // count)
    return avg_pool2d_backward(build, grad_output, self, kernel, kernel, [0, 0], False, True, None)


@decomposes("convolution_backward")
def conv_backward(
    build: AtenBuilder,
    grad_output: SSAValue,
    input: SSAValue,
    weight: SSAValue,
    bias_sizes: Sequence[Dim] | None,
    stride: Sequence[Dim],
    padding: Sequence[Dim],
    dilation: Sequence[Dim],
    transposed: bool,
    output_padding: Sequence[Dim],
    groups: Dim,
    output_mask: Sequence[bool],
) -> Gradients | None:
    """Of one dimension: the gradients of two, the first of size 1. Transposed: the gradient of the input is the
    convolution of `grad_output`, of which `input` is the gradient when it comes to the weight."""
    rank = build.type(weight).rank
    if rank == 3:
        flat = (build("unsqueeze", v, 2) for v in (grad_output, input, weight))
        window = ([1, *stride], [0, *padding], [1, *dilation], transposed, [0, *output_padding], groups)
        by_input, by_weight, by_bias = build("convolution_backward", *flat, bias_sizes, *window, list(output_mask))
        results = (build("squeeze.dim", by_input, 2), build("squeeze.dim", by_weight, 2), by_bias)
        return [result if wanted else None for result, wanted in zip(results, output_mask, strict=True)]
    if rank != 4 or not transposed:
        return None
    window = (stride, padding, dilation, False, [0, 0], groups)
    by_input = build("convolution", grad_output, weight, None, *window) if output_mask[0] else None
    by_weight = None
    if output_mask[1]:
        by_weight = build("convolution_backward", input, grad_output, weight, None, *window, [False, True, False])[1]
    return [by_input, by_weight, _sum(build, grad_output, (0, 2, 3)) if output_mask[2] else None]
