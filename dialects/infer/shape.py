"""Views and their copies: the same elements under other sizes or in another order. Results are in plain dim order."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.infer import InferenceError, infers, same_size, wrap_dim
from etc.dialects.infer.checks import check_rank, size_list
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor, tensor


def wrap_dims(dims: Sequence[int], rank: int) -> tuple[int, ...]:
    """Dimensions counted from the front. Raises InferenceError when one is out of range or named twice."""
    wrapped = tuple(wrap_dim(d, rank) for d in dims)
    if len(set(wrapped)) != len(wrapped):
        raise InferenceError(f"the dimensions {list(dims)} name one dimension twice")
    return wrapped


def resolve_sizes(numel: Dim, sizes: Sequence[Dim]) -> tuple[Dim, ...]:
    """`sizes` with its one -1 replaced by what is left of `numel` elements."""
    free = [i for i, size in enumerate(sizes) if size == -1]
    if len(free) > 1:
        raise InferenceError(f"sizes {size_list(sizes)} have more than one -1")
    if any(isinstance(size, int) and size < -1 for size in sizes):
        raise InferenceError(f"sizes {size_list(sizes)} have a negative size other than -1")
    rest = symbolic.product(size for size in sizes if size != -1)
    if not free:
        if not same_size(rest, numel):
            raise InferenceError(f"sizes {size_list(sizes)} hold {rest} elements, the tensor has {numel}")
        return tuple(sizes)
    if rest == 0:
        raise InferenceError(f"the -1 in sizes {size_list(sizes)} can be anything, since another size is 0")
    if isinstance(numel, int) and isinstance(rest, int) and numel % rest:
        raise InferenceError(f"sizes {size_list(sizes)} do not divide the {numel} elements of the tensor")
    return tuple(symbolic.floordiv(numel, rest) if size == -1 else size for size in sizes)


@infers("view", "view_copy", "_unsafe_view", "_reshape_alias")
def view(self: Tensor, size: Sequence[Dim]) -> Tensor:
    return tensor(self.dtype, resolve_sizes(self.numel, size))


@infers("reshape")
def reshape(self: Tensor, shape: Sequence[Dim]) -> Tensor:
    return view(self, shape)


@infers("view_as")
def view_as(self: Tensor, other: Tensor) -> Tensor:
    return view(self, other.sizes)


@infers("ravel")
def ravel(self: Tensor) -> Tensor:
    return tensor(self.dtype, [self.numel])


@infers("flatten.using_ints")
def flatten(self: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    start, end = wrap_dim(start_dim, self.rank), wrap_dim(end_dim, self.rank)
    if start > end:
        raise InferenceError(f"start_dim {start_dim} comes after end_dim {end_dim}")
    merged = symbolic.product(self.sizes[start : end + 1])
    return tensor(self.dtype, [*self.sizes[:start], merged, *self.sizes[end + 1 :]])


@infers("unflatten.int")
def unflatten(self: Tensor, dim: int, sizes: Sequence[Dim]) -> Tensor:
    at = wrap_dim(dim, self.rank)
    return tensor(self.dtype, [*self.sizes[:at], *resolve_sizes(self.sizes[at], sizes), *self.sizes[at + 1 :]])


@infers("permute", "permute_copy")
def permute(self: Tensor, dims: Sequence[int]) -> Tensor:
    order = wrap_dims(dims, self.rank)
    if len(order) != self.rank:
        raise InferenceError(f"dims {list(dims)} must name each of the {self.rank} dimensions once")
    return tensor(self.dtype, [self.sizes[d] for d in order])


@infers("transpose.int", "transpose_copy.int")
def transpose(self: Tensor, dim0: int, dim1: int) -> Tensor:
    a, b = wrap_dim(dim0, self.rank), wrap_dim(dim1, self.rank)
    sizes = list(self.sizes)
    if sizes:
        sizes[a], sizes[b] = sizes[b], sizes[a]
    return tensor(self.dtype, sizes)


@infers("swapaxes")
def swapaxes(self: Tensor, axis0: int, axis1: int) -> Tensor:
    return transpose(self, axis0, axis1)


@infers("t", "t_copy")
def t(self: Tensor) -> Tensor:
    check_rank("self", self, 0, 1, 2)
    return tensor(self.dtype, self.sizes[::-1])


@infers("numpy_T")
def numpy_t(self: Tensor) -> Tensor:
    return tensor(self.dtype, self.sizes[::-1])


@infers("mT", "adjoint")
def matrix_transpose(self: Tensor) -> Tensor:
    if self.rank < 2:
        raise InferenceError(f"self must have at least rank 2, found rank {self.rank}")
    return transpose(self, -2, -1)


@infers("movedim.int")
def movedim(self: Tensor, source: int, destination: int) -> Tensor:
    return movedims(self, [source], [destination])


@infers("movedim.intlist")
def movedims(self: Tensor, source: Sequence[int], destination: Sequence[int]) -> Tensor:
    sources, destinations = wrap_dims(source, self.rank), wrap_dims(destination, self.rank)
    if len(sources) != len(destinations):
        raise InferenceError(f"source has {len(sources)} dimensions, destination has {len(destinations)}")
    order = [d for d in range(self.rank) if d not in sources]
    for to, dim in sorted(zip(destinations, sources, strict=True)):
        order.insert(to, dim)
    return permute(self, order)


@infers("expand", "expand_copy", "broadcast_to")
def expand(self: Tensor, size: Sequence[Dim]) -> Tensor:
    new = len(size) - self.rank
    if new < 0:
        raise InferenceError(f"size {size_list(size)} has fewer dimensions than the tensor's {size_list(self.sizes)}")
    sizes: list[Dim] = []
    for axis, wanted in enumerate(size):
        have: Dim = 1 if axis < new else self.sizes[axis - new]
        if wanted == -1 and axis < new:
            raise InferenceError(f"size {size_list(size)} has -1 for a new dimension")
        if wanted != -1 and have != 1 and not same_size(wanted, have):
            raise InferenceError(f"dimension {axis - new} has size {have} and cannot be expanded to {wanted}")
        sizes.append(have if wanted == -1 else wanted)
    return tensor(self.dtype, sizes)


@infers("expand_as")
def expand_as(self: Tensor, other: Tensor) -> Tensor:
    return expand(self, other.sizes)


@infers("squeeze", "squeeze_copy")
def squeeze(self: Tensor) -> Tensor:
    return tensor(self.dtype, [size for size in self.sizes if size != 1])


@infers("squeeze.dim", "squeeze_copy.dim")
def squeeze_dim(self: Tensor, dim: int) -> Tensor:
    return squeeze_dims(self, [dim])


@infers("squeeze.dims", "squeeze_copy.dims")
def squeeze_dims(self: Tensor, dim: Sequence[int]) -> Tensor:
    dims = wrap_dims(dim, self.rank)
    return tensor(self.dtype, [size for axis, size in enumerate(self.sizes) if axis not in dims or size != 1])


@infers("unsqueeze", "unsqueeze_copy")
def unsqueeze(self: Tensor, dim: int) -> Tensor:
    at = wrap_dim(dim, self.rank + 1)
    return tensor(self.dtype, [*self.sizes[:at], 1, *self.sizes[at:]])


@infers("as_strided", "as_strided_copy")
def as_strided(self: Tensor, size: Sequence[Dim], stride: Sequence[Dim]) -> Tensor:
    if len(size) != len(stride):
        raise InferenceError(f"size {size_list(size)} and stride {size_list(stride)} have different lengths")
    return tensor(self.dtype, size)


@infers("unfold", "unfold_copy")
def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    dim = wrap_dim(dimension, self.rank)
    if step <= 0:
        raise InferenceError(f"step must be positive, found {step}")
    whole: Dim = self.sizes[dim] if self.sizes else 1
    if isinstance(whole, int) and not 0 <= size <= whole:
        raise InferenceError(f"windows of {size} elements do not fit into dimension {dimension} of size {whole}")
    count = symbolic.floordiv(whole - size, step) + 1
    return tensor(self.dtype, [count if axis == dim else s for axis, s in enumerate(self.sizes)] + [size])


@infers("diagonal", "diagonal_copy")
def diagonal(self: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    a, b = wrap_dims([dim1, dim2], self.rank)
    rows, columns = self.sizes[a], self.sizes[b]
    length = symbolic.minimum(rows, columns - offset) if offset >= 0 else symbolic.minimum(rows + offset, columns)
    return tensor(self.dtype, [*(s for i, s in enumerate(self.sizes) if i not in (a, b)), not_negative(length)])


@infers("diag_embed")
def diag_embed(self: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    if not self.sizes:
        raise InferenceError("self must have at least rank 1, found rank 0")
    a, b = wrap_dims([dim1, dim2], self.rank + 1)
    side = self.sizes[-1] + abs(offset)
    sizes = list(self.sizes[:-1])
    for at in sorted((a, b)):
        sizes.insert(at, side)
    return tensor(self.dtype, sizes)


@infers("pixel_shuffle")
def pixel_shuffle(self: Tensor, upscale_factor: int) -> Tensor:
    channels, height, width = image_sizes(self)
    square = upscale_factor * upscale_factor
    if upscale_factor <= 0:
        raise InferenceError(f"upscale_factor must be positive, found {upscale_factor}")
    if isinstance(channels, int) and channels % square:
        raise InferenceError(f"{channels} channels are not a multiple of upscale_factor squared, {square}")
    new = [symbolic.floordiv(channels, square), height * upscale_factor, width * upscale_factor]
    return tensor(self.dtype, [*self.sizes[:-3], *new])


@infers("pixel_unshuffle")
def pixel_unshuffle(self: Tensor, downscale_factor: int) -> Tensor:
    channels, *image = image_sizes(self)
    if downscale_factor <= 0:
        raise InferenceError(f"downscale_factor must be positive, found {downscale_factor}")
    for side in image:
        if isinstance(side, int) and side % downscale_factor:
            raise InferenceError(f"the size {side} is not a multiple of downscale_factor {downscale_factor}")
    small = [symbolic.floordiv(side, downscale_factor) for side in image]
    return tensor(self.dtype, [*self.sizes[:-3], channels * downscale_factor**2, *small])


@infers("channel_shuffle")
def channel_shuffle(self: Tensor, groups: int) -> Tensor:
    if self.rank < 3:
        raise InferenceError(f"self must have at least rank 3, found rank {self.rank}")
    channels = self.sizes[1]
    if isinstance(channels, int) and channels % groups:
        raise InferenceError(f"{channels} channels do not divide into {groups} groups")
    return tensor(self.dtype, self.sizes)


def image_sizes(image: Tensor) -> tuple[Dim, Dim, Dim]:
    """C, H and W of an image (…, C, H, W)."""
    if image.rank < 3:
        raise InferenceError(f"self must have at least rank 3, found rank {image.rank}")
    channels, height, width = image.sizes[-3:]
    return channels, height, width


def not_negative(size: Dim) -> Dim:
    """max(size, 0), left out where the sizes that `size` is made of show that it is not negative."""
    if isinstance(size, Expr) and bounds(size, {}).low >= 0:
        return size
    return symbolic.maximum(size, 0)
