"""Pooling in terms of the two-dimensional core operators and mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, symbolic
from etc.dialects.infer.checks import per_dim
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast


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
    """max_pool3d(x) -> max_pool2d over the planes, then max_pool2d over the depth"""
    kernel, pads, gaps = (per_dim("window", v, 3) for v in (kernel_size, padding, dilation))
    steps = per_dim("stride", stride, 3, kernel)

    def pool(image: SSAValue, *window: list[Dim]) -> SSAValue:
        return build("max_pool2d_with_indices", image, *window, ceil_mode)[0]

    return _in_two_passes(build, self, pool, kernel, (steps, 1), (pads, 0), (gaps, 1))


@decomposes("max_pool3d_with_indices")
def max_pool3d_with_indices(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> list[SSAValue]:
    """the planes' indices, looked up at the indices that pooling over the depth gives"""
    kernel, pads, gaps = (per_dim("window", v, 3) for v in (kernel_size, padding, dilation))
    steps = per_dim("stride", stride, 3, kernel)
    height, width = build.type(self).sizes[-2:]
    places: list[SSAValue] = []

    def pool(image: SSAValue, *window: list[Dim]) -> SSAValue:
        values, indices = build("max_pool2d_with_indices", image, *window, ceil_mode)
        places.append(indices)
        return values

    values = _in_two_passes(build, self, pool, kernel, (steps, 1), (pads, 0), (gaps, 1))
    images, _, rows, columns = build.type(places[0]).sizes
    flat, deep = (build("view", p, [images, build.type(p).numel // images]) for p in places)
    in_plane = build("gather", flat, 1, deep)
    planes = build("div.Scalar_mode", deep, rows * columns, rounding_mode="floor")
    indices = build("add.Tensor", build("mul.Scalar", planes, height * width), in_plane)
    return [values, build("view", indices, list(build.type(values).sizes))]


@decomposes("avg_pool3d")
def avg_pool3d(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> SSAValue:
    """avg_pool3d(x) -> avg_pool2d over the planes, then avg_pool2d over the depth"""
    if not build.type(self).dtype.is_float:
        window = (kernel_size, stride, padding, ceil_mode, count_include_pad)
        return _integer_avg_pool3d(build, self, window, divisor_override)
    kernel, pads = (per_dim("window", v, 3) for v in (kernel_size, padding))
    steps = per_dim("stride", stride, 3, kernel)
    divisors = iter((1, divisor_override) if divisor_override is not None else (None, None))

    def pool(image: SSAValue, *window: list[Dim]) -> SSAValue:
        return build("avg_pool2d", image, *window, ceil_mode, count_include_pad, next(divisors))

    return _in_two_passes(build, self, pool, kernel, (steps, 1), (pads, 0))


def _integer_avg_pool3d(build: AtenBuilder, self: SSAValue, window: tuple[Any, ...], divisor: int | None) -> SSAValue:
    """Sums, which float64 holds, divided by the elements of the windows and cut off."""
    known = build.type(self)
    total = build("avg_pool3d", cast(build, self, dtypes.float64), *window, 1)
    if divisor is None:
        ones = build("full", list(known.sizes), 1, dtype=dtypes.float64)
        count = build("round", build("div.Tensor", *(build("avg_pool3d", ones, *window, n) for n in (1, None))))
        mean = build("div.Tensor", total, count)
    else:
        mean = build("div.Scalar", total, divisor)
    return cast(build, build("trunc", mean), known.dtype)


def _in_two_passes(
    build: AtenBuilder,
    self: SSAValue,
    pool: Callable[..., SSAValue],
    kernel: Sequence[Dim],
    *parameters: tuple[Sequence[Dim], int],
) -> SSAValue:
    """A three-dimensional pool, which the stock runtime lacks, by a two-dimensional one.

    First the planes are pooled, then the depth in windows of width 1. A parameter has one value per dimension and the
    one that stands for no pooling.
    """
    *outer, depth, height, width = build.type(self).sizes
    images = build("view", self, [symbolic.product(outer), depth, height, width])
    planes = pool(images, list(kernel[1:]), *(list(values[1:]) for values, _ in parameters))
    rows, columns = build.type(planes).sizes[-2:]
    flat = build("view", planes, [symbolic.product(outer), 1, depth, rows * columns])
    deep = pool(flat, [kernel[0], 1], *([values[0], plain] for values, plain in parameters))
    return build("view", deep, [*outer, build.type(deep).sizes[-2], rows, columns])


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


@decomposes("max_pool1d_with_indices")
def max_pool1d_with_indices(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> list[SSAValue]:
    """max_pool1d_with_indices(x) -> squeeze(max_pool2d_with_indices(unsqueeze(x)))"""
    steps = [1, *stride] if stride else []
    window = ([1, *kernel_size], steps, [0, *padding], [1, *dilation], ceil_mode)
    results = build("max_pool2d_with_indices", build("unsqueeze", self, -2), *window)
    return [build("squeeze.dim", r, -2) for r in results]


@decomposes("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "_adaptive_avg_pool3d")
def adaptive_avg_pool(build: AtenBuilder, self: SSAValue, output_size: Sequence[Dim]) -> SSAValue | None:
    """adaptive_avg_pool2d(x, 1) -> mean(x, spatial dims); windows of one size -> avg_pool2d"""
    n = len(output_size)
    extents = build.type(self).sizes[-n:]
    if all(size == 1 for size in output_size):
        return build("mean.dim", self, list(range(-n, 0)), True)
    window = _equal_windows(extents, output_size)
    if n == 1:
        if window is None:
            return _pooled_as_image(build, self, "_adaptive_avg_pool2d", [1, *output_size])
        return avg_pool1d(build, self, window, window, [0], False, True)
    if n == 2:
        if window is None:
            return build("_adaptive_avg_pool2d", self, output_size)
        return build("avg_pool2d", self, window, window)

    if window is None:
        *outer, depth, height, width = build.type(self).sizes
        images = build("view", self, [symbolic.product(outer), depth, height, width])
        planes = build("_adaptive_avg_pool2d", images, output_size[1:])
        area = symbolic.product(output_size[1:])
        flat = build("view", planes, [symbolic.product(outer), 1, depth, area])
        return build("view", build("_adaptive_avg_pool2d", flat, [output_size[0], area]), [*outer, *output_size])
    return avg_pool3d(build, self, window, window, [0], False, True, None)


def _equal_windows(extents: Sequence[Dim], output_size: Sequence[Dim]) -> list[int] | None:
    """The window of every output element when all have the same, and they do not overlap."""
    window: list[int] = []
    for extent, size in zip(extents, output_size, strict=True):
        if not isinstance(extent, int) or not isinstance(size, int) or extent % size:
            return None
        window.append(extent // size)
    return window


@decomposes("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d")
def adaptive_max_pool(build: AtenBuilder, self: SSAValue, output_size: Sequence[int]) -> list[SSAValue] | None:
    """adaptive_max_pool2d(x) -> max_pool2d_with_indices(x) for windows of one size, else max(index_select(x))"""
    n = len(output_size)
    extents = build.type(self).sizes[-n:]
    window = _equal_windows(extents, output_size)
    if window is not None and n < 3:
        image = self if n == 2 else build("unsqueeze", self, -2)
        shape = [*[1] * (2 - n), *window]
        results = build("max_pool2d_with_indices", image, shape, shape)
        return results if n == 2 else [build("squeeze.dim", r, -2) for r in results]
    if not all(output_size):
        return None
    return _largest_of_windows(build, self, [build.fixed_size(self, d) for d in range(-n, 0)], output_size)


def _largest_of_windows(
    build: AtenBuilder, self: SSAValue, extents: Sequence[int], output_size: Sequence[int]
) -> list[SSAValue]:
    """The maxima of the windows of an adaptive pool and their places, counted through all spatial dimensions."""
    per_dim_windows = [_windows(extent, size) for extent, size in zip(extents, output_size, strict=True)]
    strides = [math.prod(extents[i + 1 :]) for i in range(len(extents))]
    windows = [
        [sum(place * stride for place, stride in zip(places, strides, strict=True)) for places in product(*corner)]
        for corner in product(*per_dim_windows)
    ]
    count, length = len(windows), len(windows[0])
    table = build.constant([place for window in windows for place in window], dtypes.int64, [count * length])
    outer = list(build.type(self).sizes[: -len(extents)])
    axis = len(outer)
    flat = build("view", self, [*outer, math.prod(extents)])
    elements = build("view", build("index_select", flat, axis, table), [*outer, count, length])
    largest, place = build("max.dim", elements, -1, True)
    places = build("expand", build("view", table, [*[1] * axis, count, length]), [*outer, count, length])
    index = build("gather", places, axis + 1, place)
    return [build("view", v, [*outer, *output_size]) for v in (largest, index)]


def _windows(extent: int, size: int) -> list[list[int]]:
    """`size` windows from floor(i * extent / size) to ceil((i + 1) * extent / size), the rest their last element."""
    limits = [(i * extent // size, -(-(i + 1) * extent // size)) for i in range(size)]
    longest = max(end - start for start, end in limits)
    return [[min(start + k, end - 1) for k in range(longest)] for start, end in limits]
