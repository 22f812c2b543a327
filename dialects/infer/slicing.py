"""Parts of tensors and tensors made of parts: slices, splits, concatenation, repetition, reversal, padding."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.infer import InferenceError, infers, same_size, wrap_dim
from etc.dialects.infer.checks import check_rank, promoted, size_list
from etc.dialects.infer.shape import not_negative, wrap_dims
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor, tensor


def resize_dim(self: Tensor, dim: int, size: Dim) -> Tensor:
    """`self` in plain dim order with another size in one dimension."""
    return tensor(self.dtype, [size if axis == dim else s for axis, s in enumerate(self.sizes)])


def sliced_dim(self: Tensor, dim: int) -> int:
    """A dimension that exists: a scalar cannot be cut."""
    if not self.sizes:
        raise InferenceError("a tensor of rank 0 has no dimension to slice")
    return wrap_dim(dim, self.rank)


def slice_length(size: Dim, start: Dim | None, end: Dim | None, step: int) -> Dim:
    """The number of elements that `start:end:step` takes of `size`, counted as Python does for a positive step.

    A symbolic bound counts from the front unless it is negative for all sizes: export has settled its sign.
    """
    if step <= 0:
        raise InferenceError(f"step must be positive, found {step}")
    first = not_negative(from_front(start, size)) if start is not None else 0
    last = _at_most(from_front(end, size), size) if end is not None else size
    return not_negative(symbolic.floordiv(last - first + step - 1, step))


def from_front(position: Dim, size: Dim) -> Dim:
    """A position in a dimension of `size`, of which negative ones count from the end."""
    negative = position < 0 if isinstance(position, int) else bounds(position, {}).high <= 0
    return position + size if negative else position


def _at_most(position: Dim, size: Dim) -> Dim:
    if position == symbolic.UNBOUNDED or bounds(position - size, {}).low >= 0:
        return size
    return position if bounds(size - position, {}).low >= 0 else symbolic.minimum(position, size)


@infers("slice.Tensor", "slice_copy.Tensor")
def slice_(self: Tensor, dim: int = 0, start: Dim | None = None, end: Dim | None = None, step: int = 1) -> Tensor:
    at = sliced_dim(self, dim)
    return resize_dim(self, at, slice_length(self.sizes[at], start, end, step))


@infers("narrow", "narrow_copy")
def narrow(self: Tensor, dim: int, start: Dim, length: Dim) -> Tensor:
    at = sliced_dim(self, dim)
    size = self.sizes[at]
    if isinstance(size, int) and isinstance(start, int) and isinstance(length, int):
        first = start + size if start < 0 else start
        if not 0 <= first <= first + length <= size:
            raise InferenceError(f"{length} elements from {start} do not lie within dimension {dim} of size {size}")
    return resize_dim(self, at, length)


@infers("select.int", "select_copy.int")
def select(self: Tensor, dim: int, index: Dim) -> Tensor:
    at = sliced_dim(self, dim)
    size = self.sizes[at]
    if isinstance(size, int) and isinstance(index, int) and not -size <= index < size:
        raise InferenceError(f"index {index} is out of range for dimension {dim} of size {size}")
    return tensor(self.dtype, [*self.sizes[:at], *self.sizes[at + 1 :]])


@infers("split.Tensor", "split_copy.Tensor", "unsafe_split.Tensor")
def split(self: Tensor, split_size: Dim, dim: int = 0) -> list[Tensor]:
    at = sliced_dim(self, dim)
    size = self.sizes[at]
    if split_size == size:
        return [tensor(self.dtype, self.sizes)]
    if isinstance(split_size, int) and split_size <= 0:
        raise InferenceError(f"split_size must be positive, found {split_size}")
    count = symbolic.floordiv(size + split_size - 1, split_size)
    if isinstance(count, Expr):
        raise InferenceError(f"the number of parts of {split_size} in size {size} is known only at run time")
    count = max(count, 1)
    parts: list[Dim] = [split_size] * (count - 1)
    return [resize_dim(self, at, part) for part in (*parts, size - split_size * (count - 1))]


@infers("split_with_sizes", "split_with_sizes_copy", "unsafe_split_with_sizes")
def split_with_sizes(self: Tensor, split_sizes: Sequence[Dim], dim: int = 0) -> list[Tensor]:
    at = sliced_dim(self, dim)
    total = sum(split_sizes, start=0)
    if any(isinstance(part, int) and part < 0 for part in split_sizes):
        raise InferenceError(f"split_sizes {size_list(split_sizes)} must not be negative")
    if not same_size(total, self.sizes[at]):
        raise InferenceError(
            f"split_sizes {size_list(split_sizes)} sum to {total}, dimension {dim} has size {self.sizes[at]}"
        )
    return [resize_dim(self, at, part) for part in split_sizes]


@infers("split.sizes")
def split_sizes(self: Tensor, split_size: Sequence[Dim], dim: int = 0) -> list[Tensor]:
    return split_with_sizes(self, split_size, dim)


@infers("chunk", "unsafe_chunk")
def chunk(self: Tensor, chunks: int, dim: int = 0) -> list[Tensor]:
    at = sliced_dim(self, dim)
    if chunks <= 0:
        raise InferenceError(f"chunks must be positive, found {chunks}")
    size = self.sizes[at]
    if size == 0:
        return [tensor(self.dtype, self.sizes)] * chunks
    if (part := symbolic.divide_exactly(size, chunks)) is not None:
        return [resize_dim(self, at, part)] * chunks
    return split(self, symbolic.floordiv(size + chunks - 1, chunks), dim)


@infers("tensor_split.sections")
def tensor_split(self: Tensor, sections: int, dim: int = 0) -> list[Tensor]:
    at = sliced_dim(self, dim)
    if sections <= 0:
        raise InferenceError(f"sections must be positive, found {sections}")
    size = self.sizes[at]
    return [
        resize_dim(self, at, symbolic.floordiv(size + sections - 1 - section, sections)) for section in range(sections)
    ]


@infers("unbind.int", "unbind_copy.int")
def unbind(self: Tensor, dim: int = 0) -> list[Tensor]:
    at = sliced_dim(self, dim)
    count = self.sizes[at]
    if isinstance(count, Expr):
        raise InferenceError(f"the number of results is the size {count} of dimension {dim}, known only at run time")
    return [tensor(self.dtype, [*self.sizes[:at], *self.sizes[at + 1 :]])] * count


def _is_legacy_empty(part: Tensor) -> bool:
    """`cat` ignores tensors of sizes [0] whatever the rank of the others, for historical reasons."""
    return part.sizes == (0,)


@infers("cat")
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    if not tensors:
        raise InferenceError("tensors must not be empty")
    dtype = promoted("tensors", tensors)
    parts = [part for part in tensors if not _is_legacy_empty(part)]
    if not parts:
        return tensor(dtype, tensors[0].sizes)
    first = parts[0]
    at = sliced_dim(first, dim)
    for part in parts:
        if part.rank != first.rank or not all(
            axis == at or same_size(a, b) for axis, (a, b) in enumerate(zip(part.sizes, first.sizes, strict=True))
        ):
            raise InferenceError(
                f"sizes {size_list(first.sizes)} and {size_list(part.sizes)} differ outside of dimension {dim}"
            )
    sizes: list[Dim] = []
    for axis in range(first.rank):
        along = [part.sizes[axis] for part in parts]
        static = next((size for size in along if isinstance(size, int)), along[0])
        sizes.append(sum(along[1:], start=along[0]) if axis == at else static)
    orders = {part.order for part in tensors}
    return tensor(dtype, sizes, orders.pop() if len(orders) == 1 else None)


@infers("concat", "concatenate")
def concat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    return cat(tensors, dim)


@infers("stack")
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    if not tensors:
        raise InferenceError("tensors must not be empty")
    first = tensors[0]
    at = wrap_dim(dim, first.rank + 1)
    for part in tensors:
        if part.rank != first.rank or not all(map(same_size, part.sizes, first.sizes)):
            raise InferenceError(f"sizes {size_list(first.sizes)} and {size_list(part.sizes)} differ")
    sizes = [*first.sizes[:at], len(tensors), *first.sizes[at:]]
    return tensor(promoted("tensors", tensors), sizes)


@infers("hstack")
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    parts = [tensor(part.dtype, part.sizes or [1]) for part in tensors]
    return cat(parts, 0 if parts and parts[0].rank == 1 else 1)


@infers("vstack")
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    return cat([tensor(p.dtype, [1] * (2 - p.rank) + list(p.sizes)) for p in tensors], 0)


@infers("repeat")
def repeat(self: Tensor, repeats: Sequence[Dim]) -> Tensor:
    new = len(repeats) - self.rank
    if new < 0:
        raise InferenceError(f"repeats {size_list(repeats)} must have at least {self.rank} values, one per dimension")
    if any(isinstance(count, int) and count < 0 for count in repeats):
        raise InferenceError(f"repeats {size_list(repeats)} must not be negative")
    sizes: list[Dim] = [1] * new + list(self.sizes)
    return tensor(self.dtype, [size * count for size, count in zip(sizes, repeats, strict=True)])


@infers("tile")
def tile(self: Tensor, dims: Sequence[Dim]) -> Tensor:
    return repeat(self, [1] * (self.rank - len(dims)) + list(dims))


@infers("flip")
def flip(self: Tensor, dims: Sequence[int]) -> Tensor:
    wrap_dims(dims, self.rank)
    return self


@infers("fliplr")
def fliplr(self: Tensor) -> Tensor:
    return flip(self, [1])


@infers("flipud")
def flipud(self: Tensor) -> Tensor:
    return flip(self, [0])


@infers("roll")
def roll(self: Tensor, shifts: Sequence[Dim], dims: Sequence[int] = ()) -> Tensor:
    if len(shifts) != (len(dims) or 1):
        raise InferenceError(f"shifts has {len(shifts)} values, dims has {len(dims)}")
    for dim in dims:
        wrap_dim(dim, self.rank)
    return self


@infers("rot90")
def rot90(self: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    if len(dims) != 2:
        raise InferenceError(f"dims must name two dimensions, found {list(dims)}")
    a, b = wrap_dims(dims, self.rank)
    sizes = list(self.sizes)
    if k % 2:
        sizes[a], sizes[b] = sizes[b], sizes[a]
    return tensor(self.dtype, sizes)


@infers("meshgrid")
def meshgrid(tensors: Sequence[Tensor]) -> list[Tensor]:
    for part in tensors:
        check_rank("each of tensors", part, 0, 1)
    sizes = [part.numel for part in tensors]
    return [tensor(promoted("tensors", tensors), sizes)] * len(tensors)


def pad_sizes(sizes: Sequence[Dim], pad: Sequence[Dim]) -> list[Dim]:
    """Sizes after padding; `pad` has two values, before and after, per dimension, beginning with the last one."""
    if len(pad) % 2 or len(pad) > 2 * len(sizes):
        raise InferenceError(
            f"padding {size_list(pad)} must have two values for some of the last dimensions of {size_list(sizes)}"
        )
    result = list(sizes)
    for i in range(0, len(pad), 2):
        axis = len(sizes) - 1 - i // 2
        result[axis] = new = sizes[axis] + pad[i] + pad[i + 1]
        if isinstance(new, int) and new < 0:
            raise InferenceError(
                f"padding {size_list(pad)} removes more than the {sizes[axis]} elements of dimension {axis}"
            )
    return result


@infers("constant_pad_nd")
def constant_pad_nd(self: Tensor, pad: Sequence[Dim]) -> Tensor:
    return self.like(sizes=pad_sizes(self.sizes, pad))


@infers("pad")
def pad(self: Tensor, pad: Sequence[Dim], mode: str = "constant") -> Tensor:
    return constant_pad_nd(self, pad) if mode == "constant" else _pad_image(self, pad, mode, len(pad) // 2)


def _pad_image(self: Tensor, padding: Sequence[Dim], mode: str, spatial: int) -> Tensor:
    check_rank("self", self, spatial + 1, spatial + 2)
    if len(padding) != 2 * spatial:
        raise InferenceError(f"padding must have {2 * spatial} values, found {len(padding)}: {size_list(padding)}")
    for i, amount in enumerate(padding):
        size = self.sizes[self.rank - 1 - i // 2]
        limit = {"reflect": size - 1, "circular": size}.get(mode)
        if isinstance(limit, int) and isinstance(amount, int) and amount > limit:
            raise InferenceError(
                f"padding of a dimension of size {size} must be at most {limit} in mode {mode}, found {amount}"
            )
    return tensor(self.dtype, pad_sizes(self.sizes, padding))


@infers("reflection_pad1d")
def reflection_pad1d(self: Tensor, padding: Sequence[Dim]) -> Tensor:
    return _pad_image(self, padding, "reflect", 1)


@infers("reflection_pad2d")
def reflection_pad2d(self: Tensor, padding: Sequence[Dim]) -> Tensor:
    return _pad_image(self, padding, "reflect", 2)


@infers("reflection_pad3d")
def reflection_pad3d(self: Tensor, padding: Sequence[Dim]) -> Tensor:
    return _pad_image(self, padding, "reflect", 3)


@infers("replication_pad1d")
def replication_pad1d(self: Tensor, padding: Sequence[Dim]) -> Tensor:
    return _pad_image(self, padding, "replicate", 1)


@infers("replication_pad2d")
def replication_pad2d(self: Tensor, padding: Sequence[Dim]) -> Tensor:
    return _pad_image(self, padding, "replicate", 2)


@infers("replication_pad3d")
def replication_pad3d(self: Tensor, padding: Sequence[Dim]) -> Tensor:
    return _pad_image(self, padding, "replicate", 3)
