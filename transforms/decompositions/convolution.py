"""Convolutions of every dimensionality become `convolution`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


def _per_dimension(values: Sequence[Dim] | Dim, count: int) -> list[Dim]:
    """One number per spatial dimension; a single one counts for all."""
    listed = [values] if not isinstance(values, Sequence) else list(values)
    return listed * count if len(listed) == 1 else listed


def _batched(build: AtenBuilder, input: SSAValue, weight: SSAValue) -> tuple[SSAValue, bool]:
    """`input` with a batch dimension, and whether it had to be added."""
    if build.type(input).rank == build.type(weight).rank:
        return input, False
    return build("unsqueeze", input, 0), True


@decomposes("conv1d", "conv2d", "conv3d")
def conv(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    stride: Sequence[Dim],
    padding: Sequence[Dim],
    dilation: Sequence[Dim],
    groups: Dim,
) -> SSAValue:
    """conv2d(x, w, b, …) -> convolution(x, w, b, …, transposed=false)"""
    n = build.type(weight).rank - 2
    batched, added = _batched(build, input, weight)
    strides, paddings, dilations = (_per_dimension(v, n) for v in (stride, padding, dilation))
    result = build("convolution", batched, weight, bias, strides, paddings, dilations, False, [0] * n, groups)
    return build("squeeze.dim", result, 0) if added else result


@decomposes("conv1d.padding", "conv2d.padding", "conv3d.padding")
def conv_with_named_padding(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    stride: Sequence[Dim],
    padding: str,
    dilation: Sequence[int],
    groups: Dim,
) -> SSAValue | None:
    """conv2d(x, padding="same") -> conv2d(x, padding=[…]), after a pad on one side where the total is odd"""
    kernel = build.type(weight).sizes[2:]
    if not all(isinstance(k, int) for k in kernel):
        return None
    totals: list[Any] = [0] * len(kernel)
    dilations: list[Any] = _per_dimension(dilation, len(kernel))
    if padding == "same":
        totals = [d * (k - 1) for d, k in zip(dilations, kernel, strict=True)]
    if any(t % 2 for t in totals):
        pads = [p for t in reversed(totals) for p in (0, t % 2)]
        input = build("constant_pad_nd", input, pads)
    return conv(build, input, weight, bias, stride, [t // 2 for t in totals], dilations, groups)


@decomposes("conv_transpose1d", "conv_transpose2d.input", "conv_transpose3d.input")
def conv_transpose(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue,
    bias: SSAValue | None,
    stride: Sequence[Dim],
    padding: Sequence[Dim],
    output_padding: Sequence[Dim],
    groups: Dim,
    dilation: Sequence[Dim],
) -> SSAValue:
    """conv_transpose2d(x, w, b, …) -> convolution(x, w, b, …, transposed=true)"""
    n = build.type(weight).rank - 2
    batched, added = _batched(build, input, weight)
    strides, paddings, dilations, extra = (_per_dimension(v, n) for v in (stride, padding, dilation, output_padding))
    result = build("convolution", batched, weight, bias, strides, paddings, dilations, True, extra, groups)
    return build("squeeze.dim", result, 0) if added else result
