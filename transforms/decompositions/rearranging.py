"""Rearrangements of elements within a tensor in terms of view, permute, cat and index."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import dtypes, symbolic
from etc.dialects.infer import wrap_dim
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("roll")
def roll(build: AtenBuilder, self: SSAValue, shifts: Sequence[Dim], dims: Sequence[int]) -> SSAValue | None:
    """roll(x, n, dim) -> cat(slice(x, -n, end), slice(x, 0, -n))"""
    known = build.type(self)
    if not all(isinstance(shift, int) for shift in shifts):
        return None
    if 0 in known.sizes:
        return self
    if not dims:
        flat = roll(build, build("view", self, [known.numel]), shifts, [0])
        return build("view", flat, list(known.sizes))
    for shift, dim in zip(shifts, dims, strict=True):
        size = known.sizes[dim]
        moved = shift % size if isinstance(size, int) else shift
        if moved == 0:
            continue
        start = size - moved if isinstance(moved, int) and moved > 0 else -moved
        ends = ((start, size), (0, start))
        self = build("cat", [build("slice.Tensor", self, dim, a, b) for a, b in ends], wrap_dim(dim, known.rank))
    return self


@decomposes("rot90")
def rot90(build: AtenBuilder, self: SSAValue, k: int, dims: Sequence[int]) -> SSAValue:
    """rot90(x) -> flip and permute"""
    rank = build.type(self).rank
    first, second = (wrap_dim(d, rank) for d in dims)
    turns = k % 4
    if turns == 0:
        return self
    if turns == 2:
        return build("flip", self, [first, second])
    order = list(range(rank))
    order[first], order[second] = second, first
    flipped = build("flip", self, [second if turns == 1 else first])
    return build("permute", flipped, order)


@decomposes("repeat_interleave.self_int")
def repeat_interleave(build: AtenBuilder, self: SSAValue, repeats: Dim, dim: int | None) -> SSAValue:
    """repeat_interleave(x, n, dim) -> view(expand(unsqueeze(x, dim + 1)))"""
    if dim is None:
        self, dim = build("view", self, [build.type(self).numel]), 0
    sizes = list(build.type(self).sizes)
    axis = wrap_dim(dim, len(sizes))
    repeated = [*sizes[: axis + 1], repeats, *sizes[axis + 1 :]]
    wide = build("expand", build("unsqueeze", self, axis + 1), repeated)
    return build("view", wide, [*sizes[:axis], sizes[axis] * repeats, *sizes[axis + 1 :]])


@decomposes("repeat_interleave.self_Tensor")
def repeat_each(
    build: AtenBuilder, self: SSAValue, repeats: SSAValue, dim: int | None, output_size: Dim | None
) -> SSAValue | None:
    """repeat_interleave(x, counts, output_size=n) -> index_select(x, number of ends of repetitions up to each of n)"""
    if output_size is None:
        return None
    if dim is None:
        self, dim = build("view", self, [build.type(self).numel]), 0
    axis = wrap_dim(dim, build.type(self).rank)
    counts = build("expand", repeats, [build.type(self).sizes[axis]])
    ends = build("unsqueeze", build("cumsum", counts, 0), 0)
    places = build("unsqueeze", build("arange.start_step", 0, output_size, dtype=dtypes.int64), 1)
    index = build("sum.dim_IntList", build("le.Tensor", ends, places), [1], dtype=dtypes.int64)
    return build("index_select", self, axis, index)


@decomposes("combinations")
def combinations(build: AtenBuilder, self: SSAValue, r: int, with_replacement: bool) -> SSAValue:
    """combinations(x, r) -> view(index_select(x, constant))"""
    count = build.fixed_size(self, 0)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = [place for chosen in choose(range(count), r) for place in chosen]
    index = build.constant(places, dtypes.int64, [len(places)])
    return build("view", build("index_select", self, 0, index), [len(places) // r, r] if r else [0])


@decomposes("pixel_shuffle")
def pixel_shuffle(build: AtenBuilder, self: SSAValue, upscale_factor: int) -> SSAValue:
    """pixel_shuffle(x, r): (C r r, H, W) -> view, permute and view to (C, H r, W r)"""
    *batch, channels, height, width = build.type(self).sizes
    r, n = upscale_factor, len(batch)
    new = symbolic.floordiv(channels, r * r)
    parts = build("view", self, [*batch, new, r, r, height, width])
    moved = build("permute", parts, [*range(n + 1), n + 3, n + 1, n + 4, n + 2])
    return build("view", moved, [*batch, new, height * r, width * r])


@decomposes("pixel_unshuffle")
def pixel_unshuffle(build: AtenBuilder, self: SSAValue, downscale_factor: int) -> SSAValue:
    """pixel_unshuffle(x, r): (C, H r, W r) -> view, permute and view to (C r r, H, W)"""
    *batch, channels, height, width = build.type(self).sizes
    r, n = downscale_factor, len(batch)
    rows, columns = symbolic.floordiv(height, r), symbolic.floordiv(width, r)
    parts = build("view", self, [*batch, channels, rows, r, columns, r])
    moved = build("permute", parts, [*range(n + 1), n + 2, n + 4, n + 1, n + 3])
    return build("view", moved, [*batch, channels * r * r, rows, columns])


@decomposes("channel_shuffle", "native_channel_shuffle")
def channel_shuffle(build: AtenBuilder, self: SSAValue, groups: Dim) -> SSAValue:
    """channel_shuffle(x, g): (N, g C, …) -> view to (N, g, C, …), permute to (N, C, g, …) and view"""
    batch, channels, *spatial = build.type(self).sizes
    parts = build("view", self, [batch, groups, symbolic.floordiv(channels, groups), *spatial])
    moved = build("permute", parts, [0, 2, 1, *range(3, len(spatial) + 3)])
    return build("view", moved, [batch, channels, *spatial])


@decomposes("unfold")
def unfold(build: AtenBuilder, self: SSAValue, dimension: int, size: int, step: int) -> SSAValue:
    """unfold(x, dim, n, step) -> permute(index_select(x, arange * step + arange(n))), view for windows side by side"""
    known = build.type(self)
    if not known.rank:
        return build("slice.Tensor", build("unsqueeze", self, 0), 0, 0, size)
    axis = wrap_dim(dimension, known.rank)
    count = symbolic.floordiv(known.sizes[axis] - size, step) + 1
    outer, inner = known.sizes[:axis], known.sizes[axis + 1 :]
    if size == step:
        whole = known.sizes[axis] == count * size
        used = self if whole else build("slice.Tensor", self, axis, 0, count * size)
        windows = build("view", used, [*outer, count, size, *inner])
    else:
        starts = build("arange.start_step", 0, count * step, step, dtype=dtypes.int64)
        within = build("arange.start_step", 0, size, dtype=dtypes.int64)
        places = build("add.Tensor", build("unsqueeze", starts, 1), within)
        flat = build("index_select", self, axis, build("view", places, [count * size]))
        windows = build("view", flat, [*outer, count, size, *inner])
    order = [d for d in range(known.rank + 1) if d != axis + 1]
    return build("permute", windows, [*order, axis + 1]) if inner else windows
