"""Pooling in terms of the two-dimensional core operators and mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("max_pool2d")
def max_pool2d(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> SSAValue:
    """max_pool2d(x) -> max_pool2d_with_indices(x)#0"""
    return build("max_pool2d_with_indices", self, kernel_size, stride, padding, dilation, ceil_mode)[0]


@decomposes("max_pool3d")
def max_pool3d(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> SSAValue:
    """max_pool3d(x) -> max_pool3d_with_indices(x)#0"""
    return build("max_pool3d_with_indices", self, kernel_size, stride, padding, dilation, ceil_mode)[0]


def _pooled_as_image(build: AtenBuilder, self: SSAValue, overload: str, *parameters: Any) -> SSAValue:
    """A one-dimensional pool as a two-dimensional one over images of height 1."""
    result = build(overload, build("unsqueeze", self, -2), *parameters)
    return build("squeeze.dim", result[0] if isinstance(result, list) else result, -2)


@decomposes("max_pool1d")
def max_pool1d(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> SSAValue:
    """max_pool1d(x) -> squeeze(max_pool2d_with_indices(unsqueeze(x))#0)"""
    steps = [1, *stride] if stride else []
    window = ([1, *kernel_size], steps, [0, *padding], [1, *dilation], ceil_mode)
    return _pooled_as_image(build, self, "max_pool2d_with_indices", *window)


@decomposes("avg_pool1d")
def avg_pool1d(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
) -> SSAValue:
    """avg_pool1d(x) -> squeeze(avg_pool2d(unsqueeze(x)))"""
    steps = [1, *stride] if stride else []
    window = ([1, *kernel_size], steps, [0, *padding], ceil_mode, count_include_pad)
    return _pooled_as_image(build, self, "avg_pool2d", *window)


@decomposes("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d")
def adaptive_avg_pool(build: AtenBuilder, self: SSAValue, output_size: Sequence[Dim]) -> SSAValue:
    """adaptive_avg_pool2d(x, 1) -> mean(x, spatial dims); windows of one size -> avg_pool2d"""
    n = len(output_size)
    if all(size == 1 for size in output_size):
        return build("mean.dim", self, list(range(-n, 0)), True)
    window = _equal_windows(build.type(self).sizes[-n:], output_size)
    if n == 3:
        return build("_adaptive_avg_pool3d", self, output_size)
    if window is None and n == 2:
        return build("_adaptive_avg_pool2d", self, output_size)
    if window is None:
        return _pooled_as_image(build, self, "_adaptive_avg_pool2d", [1, *output_size])
    return (
        build("avg_pool2d", self, window, window)
        if n == 2
        else avg_pool1d(build, self, window, window, [0], False, True)
    )


def _equal_windows(extents: Sequence[Dim], output_size: Sequence[Dim]) -> list[int] | None:
    """The window of every output element when all have the same, and they do not overlap."""
    window: list[int] = []
    for extent, size in zip(extents, output_size, strict=True):
        if not isinstance(extent, int) or not isinstance(size, int) or extent % size:
            return None
        window.append(extent // size)
    return window
