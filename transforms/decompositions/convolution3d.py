"""Convolutions over three dimensions as sums of those over two: one for each step of the kernel in depth.

    y[:, :, o] = the sum of conv2d(x[:, :, o * stride + k * dilation], w[:, :, k]) over k

A transposed one is a plain one of an input with zeros between its elements and a kernel turned around.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("convolution")
def convolution(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> SSAValue | None:
    """convolution over three dimensions -> a sum of convolutions over two"""
    if build.type(weight).rank != 5:
        return None
    if transposed:
        input, weight = _plain(build, input, weight, stride, padding, dilation, output_padding, groups)
        stride, padding = [1, 1, 1], [0, 0, 0]
    return _summed(build, input, weight, bias, list(stride), list(padding), list(dilation), groups)


def _summed(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> SSAValue:
    if padding[0]:
        input = build("constant_pad_nd", input, [0, 0, 0, 0, padding[0], padding[0]])
    batch, channels, depth, height, width = build.type(input).sizes
    kernel = build.type(weight).sizes[2]
    assert isinstance(kernel, int)
    reach = dilation[0] * (kernel - 1)
    steps = (depth - reach - 1) // stride[0] + 1
    planes = build("permute", input, [0, 2, 1, 3, 4])
    total: Any = None
    for k in range(kernel):
        start = k * dilation[0]
        chosen = build("slice.Tensor", planes, 1, start, start + (steps - 1) * stride[0] + 1, stride[0])
        images = build("view", chosen, [batch * steps, channels, height, width])
        arguments = (stride[1:], padding[1:], dilation[1:], False, [0, 0], groups)
        found = build("convolution", images, build("select.int", weight, 2, k), None if k else bias, *arguments)
        total = found if total is None else build("add.Tensor", total, found)
    _, outputs, rows, columns = build.type(total).sizes
    return build("permute", build("view", total, [batch, steps, outputs, rows, columns]), [0, 2, 1, 3, 4])


def _plain(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    output_padding: Sequence[int],
    groups: int,
) -> tuple[SSAValue, SSAValue]:
    """The input and weight of the plain convolution that a transposed one is."""
    kernel: Sequence[Any] = build.type(weight).sizes[2:]
    pads: list[Any] = []
    for dim in reversed(range(3)):
        input = spread(build, input, dim + 2, stride[dim])
        edge = dilation[dim] * (kernel[dim] - 1) - padding[dim]
        pads += [edge, edge + output_padding[dim]]
    inputs, outputs = build.type(weight).sizes[:2]
    grouped = build("view", weight, [groups, inputs // groups, outputs, *kernel])
    turned = build("flip", build("permute", grouped, [0, 2, 1, 3, 4, 5]), [3, 4, 5])
    plain = build("view", turned, [groups * outputs, inputs // groups, *kernel])
    return build("constant_pad_nd", input, pads), plain


def spread(build: AtenBuilder, value: SSAValue, dim: int, step: int) -> SSAValue:
    """`value` with step - 1 zeros between its elements along a dimension."""
    if step == 1:
        return value
    sizes: list[Dim] = list(build.type(value).sizes)
    count, after = sizes[dim], len(sizes) - 1 - dim
    wide = build("constant_pad_nd", build("unsqueeze", value, dim + 1), [0, 0] * after + [0, step - 1])
    whole = build("view", wide, [*sizes[:dim], count * step, *sizes[dim + 1 :]])
    return build("slice.Tensor", whole, dim, 0, (count - 1) * step + 1)
