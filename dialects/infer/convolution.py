"""Convolutions and the rearrangement of images into columns. Results follow the input when it is channels-last."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.infer import InferenceError, infers, same_size
from etc.dialects.infer.checks import channels_last, check_dtypes, check_rank, check_sizes, per_dim, size_list
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor


def windows(name: str, size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim) -> Dim:
    """How often a kernel fits into one dimension that is padded on both sides."""
    if isinstance(stride, int) and stride <= 0:
        raise InferenceError(f"stride must be positive, found {stride}")
    span = dilation * (kernel - 1) + 1
    padded = size + padding * 2
    if isinstance(padded, int) and isinstance(span, int) and padded < span:
        raise InferenceError(f"the kernel spans {span} elements, more than the {padded} of {name} with its padding")
    return symbolic.floordiv(padded - span, stride) + 1


@infers("convolution", "_convolution")
def convolution(
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
    spatial = weight.rank - 2
    if spatial < 1:
        raise InferenceError(f"weight must have at least rank 3, found rank {weight.rank}")
    check_rank("input", input, weight.rank)
    check_dtypes(input=input, weight=weight, bias=bias)
    batch, channels, *image = input.sizes
    first, second, *kernel = weight.sizes
    taken = first if transposed else second * groups
    if not same_size(channels, taken):
        raise InferenceError(f"input has {channels} channels, the weight takes {taken}")
    for part in (channels, *(() if transposed else (first,))):
        if isinstance(part, int) and isinstance(groups, int) and (groups <= 0 or part % groups):
            raise InferenceError(f"{part} channels do not divide into {groups} groups")
    out_channels = second * groups if transposed else first
    if bias is not None:
        check_sizes("bias", bias, [out_channels])
    steps = per_dim("stride", stride, spatial)
    pads = per_dim("padding", padding, spatial)
    dilations = per_dim("dilation", dilation, spatial)
    if transposed:
        extra = per_dim("output_padding", output_padding, spatial)
        sizes = [
            (size - 1) * s - p * 2 + d * (k - 1) + e + 1
            for size, k, s, p, d, e in zip(image, kernel, steps, pads, dilations, extra, strict=True)
        ]
        if any(isinstance(size, int) and size <= 0 for size in sizes):
            raise InferenceError(f"the result would have the sizes {size_list([batch, out_channels, *sizes])}")
    else:
        arguments = zip(image, kernel, steps, pads, dilations, strict=True)
        sizes = [windows("input", *per_axis) for per_axis in arguments]
    return tensor(input.dtype, [batch, out_channels, *sizes], channels_last(input))


def _batched(input: Tensor, spatial: int) -> Tensor:
    """The input with a batch dimension, which `conv2d` and its siblings let be absent."""
    check_rank("input", input, spatial + 1, spatial + 2)
    return input if input.rank == spatial + 2 else tensor(input.dtype, [1, *input.sizes])


def _direct(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[Dim],
    padding: Sequence[Dim] | str,
    dilation: Sequence[Dim],
    groups: Dim,
) -> Tensor:
    spatial = weight.rank - 2
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            raise InferenceError(f'padding must be "valid" or "same", found "{padding}"')
        if padding == "same" and any(s != 1 for s in stride):
            raise InferenceError(f'padding "same" needs stride 1, found {size_list(stride)}')
    same = padding == "same"
    pads = (0,) if isinstance(padding, str) else padding
    batched = _batched(input, spatial)
    if same:
        kernel_of_one = tensor(weight.dtype, [*weight.sizes[:2], *[1] * spatial])
        out = convolution(batched, kernel_of_one, bias, [1], [0], [1], False, [0], groups)
    else:
        out = convolution(batched, weight, bias, stride, pads, dilation, False, [0], groups)
    return out if batched is input else tensor(out.dtype, out.sizes[1:])


@infers("conv1d", "conv2d", "conv3d", "conv1d.padding", "conv2d.padding", "conv3d.padding")
def conv(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sequence[Dim] = (1,),
    padding: Sequence[Dim] | str = (0,),
    dilation: Sequence[Dim] = (1,),
    groups: Dim = 1,
) -> Tensor:
    return _direct(input, weight, bias, stride, padding, dilation, groups)


@infers("conv_transpose1d", "conv_transpose2d.input", "conv_transpose3d.input")
def conv_transpose(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sequence[Dim] = (1,),
    padding: Sequence[Dim] = (0,),
    output_padding: Sequence[Dim] = (0,),
    groups: Dim = 1,
    dilation: Sequence[Dim] = (1,),
) -> Tensor:
    batched = _batched(input, weight.rank - 2)
    out = convolution(batched, weight, bias, stride, padding, dilation, True, output_padding, groups)
    return out if batched is input else tensor(out.dtype, out.sizes[1:])


@infers("convolution_backward")
def convolution_backward(
    grad_output: Tensor, input: Tensor, weight: Tensor, transposed: bool, groups: Dim
) -> list[Tensor]:
    """Gradients of input, weight and bias; those that `output_mask` leaves out have the same types and no content."""
    check_dtypes(grad_output=grad_output, input=input, weight=weight)
    check_rank("grad_output", grad_output, weight.rank)
    out_channels = weight.sizes[1] * groups if transposed else weight.sizes[0]
    if not same_size(grad_output.sizes[1], out_channels):
        raise InferenceError(f"grad_output has {grad_output.sizes[1]} channels, the weight gives {out_channels}")
    return [input, weight, tensor(grad_output.dtype, [out_channels])]


def _blocks(
    image: Sequence[Dim], kernel: Sequence[Dim], dilation: Sequence[Dim], padding: Sequence[Dim], stride: Sequence[Dim]
) -> Dim:
    per_axis = zip(
        image,
        kernel,
        per_dim("stride", stride, 2),
        per_dim("padding", padding, 2),
        per_dim("dilation", dilation, 2),
        strict=True,
    )
    return symbolic.product(windows("the image", *arguments) for arguments in per_axis)


@infers("im2col")
def im2col(
    self: Tensor,
    kernel_size: Sequence[Dim],
    dilation: Sequence[Dim],
    padding: Sequence[Dim],
    stride: Sequence[Dim],
) -> Tensor:
    """[N] x C x H x W -> [N] x (C * kernel elements) x blocks."""
    check_rank("self", self, 3, 4)
    *batch, channels, height, width = self.sizes
    kernel = per_dim("kernel_size", kernel_size, 2)
    count = _blocks((height, width), kernel, dilation, padding, stride)
    return tensor(self.dtype, [*batch, channels * symbolic.product(kernel), count])


@infers("col2im")
def col2im(
    self: Tensor,
    output_size: Sequence[Dim],
    kernel_size: Sequence[Dim],
    dilation: Sequence[Dim],
    padding: Sequence[Dim],
    stride: Sequence[Dim],
) -> Tensor:
    """[N] x (C * kernel elements) x blocks -> [N] x C x H x W."""
    check_rank("self", self, 2, 3)
    *batch, rows, columns = self.sizes
    image = per_dim("output_size", output_size, 2)
    kernel = per_dim("kernel_size", kernel_size, 2)
    area = symbolic.product(kernel)
    if isinstance(rows, int) and isinstance(area, int) and rows % area:
        raise InferenceError(f"{rows} rows are not a multiple of the {area} elements of the kernel")
    count = _blocks(image, kernel, dilation, padding, stride)
    if not same_size(columns, count):
        raise InferenceError(f"self has {columns} blocks, output_size {size_list(image)} gives {count}")
    return tensor(self.dtype, [*batch, symbolic.floordiv(rows, area), *image])
