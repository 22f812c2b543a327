"""Reshapes, transpositions, joins and splits in terms of view, permute, slice and cat."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.dtypes import Kind
from etc.dialects.infer import broadcast
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("resize")
def resize(build: AtenBuilder, self: SSAValue, size: Sequence[Dim]) -> SSAValue | None:
    """resize(x, sizes) -> view of the first elements; more than there are would have undefined content"""
    have, want = build.type(self).numel, symbolic.product(size)
    if have == want:
        return build("view", self, list(size))
    if not isinstance(have, int) or not isinstance(want, int) or want > have:
        return None
    return build("view", build("slice.Tensor", build("view", self, [have]), 0, 0, want), list(size))


@decomposes("reshape", "_unsafe_view", "_reshape_alias", "view_as", "reshape_as")
def reshape(build: AtenBuilder, self: SSAValue, **arguments: Any) -> SSAValue:
    """reshape(x, sizes) -> view(x, sizes): values have no strides"""
    sizes = arguments.get("shape", arguments.get("size"))
    if sizes is None:
        sizes = list(build.type(arguments["other"]).sizes)
    return build("view", self, sizes)


@decomposes("ravel")
def ravel(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """ravel(x) -> view(x, [number of elements])"""
    return build("view", self, [build.type(self).numel])


@decomposes("flatten.using_ints")
def flatten(build: AtenBuilder, self: SSAValue, start_dim: int, end_dim: int) -> SSAValue:
    """flatten(x) -> view(x, [outer, -1, inner])"""
    sizes = build.type(self).sizes
    rank = len(sizes)
    if rank == 0:
        return build("view", self, [1])
    start, end = start_dim % rank, end_dim % rank
    return build("view", self, [*sizes[:start], symbolic.product(sizes[start : end + 1]), *sizes[end + 1 :]])


@decomposes("unflatten.int")
def unflatten(build: AtenBuilder, self: SSAValue, dim: int, sizes: Sequence[Dim]) -> SSAValue:
    """unflatten(x, dim, sizes) -> view(x)"""
    own = build.type(self).sizes
    dim %= len(own)
    known = symbolic.product(s for s in sizes if s != -1)
    whole = [symbolic.floordiv(own[dim], known) if s == -1 else s for s in sizes]
    return build("view", self, [*own[:dim], *whole, *own[dim + 1 :]])


@decomposes("t", "mT")
def t(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """t(x) -> permute(x, [1, 0])"""
    rank = build.type(self).rank
    return self if rank < 2 else build("permute", self, [*range(rank - 2), rank - 1, rank - 2])


@decomposes("mH", "adjoint", "matrix_H")
def conjugate_transposed(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """mH(x) -> mT(x) for real numbers"""
    return None if build.type(self).dtype.kind is Kind.COMPLEX else t(build, self)


@decomposes("numpy_T")
def reversed_dims(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """numpy_T(x) -> permute(x, [n - 1, …, 0])"""
    return build("permute", self, list(reversed(range(build.type(self).rank))))


@decomposes("transpose.int", "swapaxes", "swapdims")
def transpose(build: AtenBuilder, self: SSAValue, **dims: int) -> SSAValue:
    """transpose(x, a, b) -> permute(x, with a and b exchanged)"""
    rank = build.type(self).rank
    if rank == 0:
        return self
    a, b = (d % rank for d in dims.values())
    order = list(range(rank))
    order[a], order[b] = order[b], order[a]
    return build("permute", self, order)


@decomposes("movedim.int", "movedim.intlist", "moveaxis.int", "moveaxis.intlist")
def movedim(build: AtenBuilder, self: SSAValue, source: Any, destination: Any) -> SSAValue:
    """movedim(x, source, destination) -> permute(x)"""
    rank = build.type(self).rank
    sources = [d % rank for d in (source if isinstance(source, list) else [source])]
    destinations = [d % rank for d in (destination if isinstance(destination, list) else [destination])]
    order: list[int] = [d for d in range(rank) if d not in sources]
    for target, dim in sorted(zip(destinations, sources, strict=True)):
        order.insert(target, dim)
    return build("permute", self, order)


@decomposes("expand_as")
def expand_as(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """expand_as(x, y) -> expand(x, sizes of y)"""
    return build("expand", self, list(build.type(other).sizes))


@decomposes("broadcast_to")
def broadcast_to(build: AtenBuilder, self: SSAValue, size: Sequence[Dim]) -> SSAValue:
    """broadcast_to(x, sizes) -> expand(x, sizes)"""
    return build("expand", self, size)


@decomposes("broadcast_tensors")
def broadcast_tensors(build: AtenBuilder, tensors: Sequence[SSAValue]) -> list[SSAValue]:
    """broadcast_tensors(xs) -> expand of each to the common sizes"""
    known = [build.type(t).sizes for t in tensors]
    common = broadcast(*known)
    return [t if k == common else build("expand", t, list(common)) for t, k in zip(tensors, known, strict=True)]


@decomposes("squeeze")
def squeeze(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """squeeze(x) -> squeeze(x, the dimensions of size 1)"""
    single = [i for i, s in enumerate(build.type(self).sizes) if s == 1]
    return build("squeeze.dims", self, single) if single else self


@decomposes("narrow")
def narrow(build: AtenBuilder, self: SSAValue, dim: int, start: Dim, length: Dim) -> SSAValue:
    """narrow(x, dim, start, length) -> slice(x, dim, start, start + length)"""
    if isinstance(start, int) and start < 0:
        start = build.type(self).sizes[dim] + start
    return build("slice.Tensor", self, dim, start, start + length)


def _slices(build: AtenBuilder, self: SSAValue, dim: int, ends: Sequence[Dim]) -> list[SSAValue]:
    """Consecutive parts of a dimension that end before `ends`."""
    return [build("slice.Tensor", self, dim, a, b) for a, b in pairwise([0, *ends])]


@decomposes("split.Tensor", "unsafe_split.Tensor")
def split(build: AtenBuilder, self: SSAValue, split_size: Dim, dim: int) -> list[SSAValue]:
    """split(x, n) -> slices of n along a dimension"""
    extent, count = build.fixed_size(self, dim), len(build.results)
    return _slices(build, self, dim, [*(split_size * i for i in range(1, count)), extent])


@decomposes("split_with_sizes", "split.sizes", "unsafe_split_with_sizes")
def split_with_sizes(build: AtenBuilder, self: SSAValue, dim: int, **sizes: Sequence[Dim]) -> list[SSAValue]:
    """split_with_sizes(x, sizes) -> slices"""
    (lengths,) = sizes.values()
    return _slices(build, self, dim, list(accumulate(lengths)))


@decomposes("chunk", "unsafe_chunk")
def chunk(build: AtenBuilder, self: SSAValue, chunks: int, dim: int) -> list[SSAValue]:
    """chunk(x, n) -> slices of the rounded-up n-th part"""
    extent = build.fixed_size(self, dim)
    return split(build, self, -(-extent // chunks), dim)


@decomposes("tensor_split.sections")
def tensor_split(build: AtenBuilder, self: SSAValue, sections: int, dim: int) -> list[SSAValue]:
    """tensor_split(x, n) -> n slices, the first ones longer by 1"""
    extent = build.fixed_size(self, dim)
    size, longer = divmod(extent, sections)
    return _slices(build, self, dim, [size * i + min(i, longer) for i in range(1, sections + 1)])


@decomposes("tensor_split.indices")
def tensor_split_at(build: AtenBuilder, self: SSAValue, indices: Sequence[int], dim: int) -> list[SSAValue]:
    """tensor_split(x, indices) -> slices that end before the indices"""
    return _slices(build, self, dim, [*indices, build.type(self).sizes[dim]])


@decomposes("unbind.int")
def unbind(build: AtenBuilder, self: SSAValue, dim: int) -> list[SSAValue]:
    """unbind(x, dim) -> select(x, dim, 0), select(x, dim, 1), …"""
    return [build("select.int", self, dim, i) for i in range(build.fixed_size(self, dim))]


@decomposes("stack")
def stack(build: AtenBuilder, tensors: Sequence[SSAValue], dim: int) -> SSAValue:
    """stack(xs, dim) -> cat(unsqueeze of each, dim)"""
    return build("cat", [build("unsqueeze", t, dim) for t in tensors], dim % (build.type(tensors[0]).rank + 1))


@decomposes("hstack")
def hstack(build: AtenBuilder, tensors: Sequence[SSAValue]) -> SSAValue:
    """hstack(xs) -> cat along dimension 1, or 0 for vectors"""
    return build("cat", list(tensors), 0 if build.type(tensors[0]).rank == 1 else 1)


@decomposes("pad")
def pad(build: AtenBuilder, self: SSAValue, pad: Sequence[Dim], mode: str, value: float | None) -> SSAValue | None:
    """pad(x, mode="constant") -> constant_pad_nd(x); other modes -> reflection_pad, replication_pad, cat of slices"""
    if mode == "constant":
        return build("constant_pad_nd", self, pad, value or 0)
    if mode == "circular":
        return _circular_pad(build, self, pad)
    kernel = {"reflect": "reflection_pad", "replicate": "replication_pad"}[mode]
    return build(f"{kernel}{len(pad) // 2}d", self, pad)


@decomposes("constant_pad_nd")
def constant_pad(build: AtenBuilder, self: SSAValue, pad: Sequence[Dim], value: Any) -> SSAValue | None:
    """constant_pad_nd(x, [-1, 2]) -> constant_pad_nd(x[1:], [0, 2]): the kernel takes no negative numbers"""
    if not any(isinstance(p, int) and p < 0 for p in pad):
        return None
    known = build.type(self)
    for i, (before, after) in enumerate(zip(pad[::2], pad[1::2], strict=True)):
        dim = known.rank - 1 - i
        start, end = (-p if isinstance(p, int) and p < 0 else 0 for p in (before, after))
        if start or end:
            self = build("slice.Tensor", self, dim, start, known.sizes[dim] - end)
    rest = [p if not isinstance(p, int) or p > 0 else 0 for p in pad]
    return build("constant_pad_nd", self, rest, value) if any(rest) else self


@decomposes("_pad_circular")
def _circular_pad(build: AtenBuilder, self: SSAValue, pad: Sequence[Dim]) -> SSAValue | None:
    """pad(x, mode="circular") -> cat of the end, x and its start"""
    if not all(isinstance(p, int) and p >= 0 for p in pad):
        return None
    rank = build.type(self).rank
    for i, (before, after) in enumerate(zip(pad[::2], pad[1::2], strict=True)):
        dim = rank - 1 - i
        size = build.type(self).sizes[dim]
        parts = [build("slice.Tensor", self, dim, size - before, size)] if before else []
        parts.append(self)
        parts += [build("slice.Tensor", self, dim, 0, after)] if after else []
        self = parts[0] if len(parts) == 1 else build("cat", parts, dim)
    return self


@decomposes("replication_pad1d")
def replication_pad1d(build: AtenBuilder, self: SSAValue, padding: Sequence[Dim]) -> SSAValue:
    """replication_pad1d(x) -> squeeze(replication_pad2d(unsqueeze(x)))"""
    return build("squeeze.dim", build("replication_pad2d", build("unsqueeze", self, -2), [*padding, 0, 0]), -2)


@decomposes("tile")
def tile(build: AtenBuilder, self: SSAValue, dims: Sequence[Dim]) -> SSAValue:
    """tile(x, n) -> repeat(x, n with ones in front)"""
    return build("repeat", self, [1] * (build.type(self).rank - len(dims)) + list(dims))
