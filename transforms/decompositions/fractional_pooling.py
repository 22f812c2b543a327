"""Maxima of windows at places that random numbers choose (Graham, "Fractional Max-Pooling", 2014).

The elements of all windows are gathered from the flat planes, and reduced.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import dtypes, symbolic
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


def _starts(build: AtenBuilder, sample: SSAValue, size: int, count: int, window: int) -> SSAValue:
    """(planes, count): where the windows of a dimension start; the last one at its end."""
    planes = build.type(sample).sizes[0]
    last = build("full", [planes, 1], size - window, dtype=dtypes.int64)
    if count == 1:
        return last
    numbers = build("arange.start_step", 0, count - 1, dtype=build.type(sample).dtype)
    step = (size - window) / (count - 1)
    offset, moved = (
        build("_to_copy", build("mul.Scalar", v, step), dtype=dtypes.int64)
        for v in (sample, build("add.Tensor", sample, numbers))
    )
    return build("cat", [build("sub.Tensor", moved, offset), last], 1)


@decomposes("fractional_max_pool2d", "fractional_max_pool3d")
def fractional_max_pool(
    build: AtenBuilder,
    self: SSAValue,
    kernel_size: Sequence[int],
    output_size: Sequence[int],
    random_samples: SSAValue,
) -> list[SSAValue]:
    """values of the largest elements, and where they are in their planes"""
    dims = len(kernel_size)
    outer = build.type(self).sizes[:-dims]
    sizes = [build.fixed_size(self, dim) for dim in range(-dims, 0)]
    planes = symbolic.product(outer)
    samples = build("view", random_samples, [planes, dims])
    order = range(dims) if dims == 3 else range(dims - 1, -1, -1)  # two dimensions have the numbers the other way round
    index: SSAValue | None = None
    for dim, place in enumerate(order):
        sample = build("slice.Tensor", samples, 1, place, place + 1)
        starts = _starts(build, sample, sizes[dim], output_size[dim], kernel_size[dim])
        at, inside = ([1] * (2 * dims) for _ in range(2))
        at[dim], inside[dims + dim] = output_size[dim], kernel_size[dim]
        steps = build("view", build("arange.start_step", 0, kernel_size[dim], dtype=dtypes.int64), [1, *inside])
        places = build("add.Tensor", build("view", starts, [planes, *at]), steps)
        places = build("mul.Scalar", places, symbolic.product(sizes[dim + 1 :]))
        index = places if index is None else build("add.Tensor", index, places)
    windows = [planes, symbolic.product(output_size), symbolic.product(kernel_size)]
    flat_index = build("view", index, [planes, windows[1] * windows[2]])
    elements = build("gather", build("view", self, [planes, symbolic.product(sizes)]), 1, flat_index)
    values, chosen = build("max.dim", build("view", elements, windows), 2, True)
    indices = build("gather", build("view", flat_index, windows), 2, chosen)
    return [build("view", v, [*outer, *output_size]) for v in (values, indices)]
