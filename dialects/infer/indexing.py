"""Reading and writing elements at computed positions.

A size that the data decides (how many elements are non-zero) is the symbol `u`; who builds the op knows its name.
"""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.dtypes import Kind, bool_, float64, int64, uint8
from etc.dialects.infer import InferenceError, broadcast, infers, same_size, wrap_dim
from etc.dialects.infer.checks import check_dtypes, check_integer_index, check_rank, check_sizes, size_list
from etc.dialects.infer.shape import diagonal
from etc.dialects.infer.slicing import resize_dim, select, slice_
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor

DATA_SIZE = symbolic.symbol("u")


def _expand_masks(self: Tensor, indices: Sequence[Tensor | None]) -> list[Tensor | None]:
    """Masks replaced by the index tensors that they stand for, one per dimension of the mask."""
    result: list[Tensor | None] = []
    for index in indices:
        if index is None or index.dtype not in (bool_, uint8):
            result.append(index)
            continue
        covered = self.sizes[len(result) : len(result) + index.rank]
        if len(covered) != index.rank or not all(map(same_size, index.sizes, covered)):
            raise InferenceError(f"the mask {size_list(index.sizes)} does not fit the sizes {size_list(covered)}")
        result += [tensor(int64, [DATA_SIZE])] * index.rank
    return result


def indexed_sizes(self: Tensor, indices: Sequence[Tensor | None]) -> tuple[Dim, ...]:
    """Sizes of `self[indices]`: the broadcast indices replace what they index, in front when that is not adjacent."""
    expanded = _expand_masks(self, indices)
    if len(expanded) > self.rank:
        raise InferenceError(f"{len(expanded)} indices are too many for a tensor of rank {self.rank}")
    used = [i for i, index in enumerate(expanded) if index is not None]
    for index in expanded:
        if index is not None and index.dtype.kind is not Kind.INT:
            raise InferenceError(f"indices must be integers or masks, found {index.dtype}")
    if not used:
        return self.sizes
    together = broadcast(*(index.sizes for index in expanded if index is not None))
    adjacent = used[-1] - used[0] + 1 == len(used)
    kept = [size for i, size in enumerate(self.sizes) if i not in used]
    at = used[0] if adjacent else 0
    return (*kept[:at], *together, *kept[at:])


@infers("index.Tensor", "_unsafe_index.Tensor")
def index(self: Tensor, indices: Sequence[Tensor | None]) -> Tensor:
    return tensor(self.dtype, indexed_sizes(self, indices))


@infers("index_put", "_unsafe_index_put")
def index_put(self: Tensor, indices: Sequence[Tensor | None], values: Tensor) -> Tensor:
    check_dtypes(self=self, values=values)
    target = indexed_sizes(self, indices)
    if values.rank > len(target):
        spare = values.sizes[: values.rank - len(target)]
        if any(not same_size(size, 1) for size in spare):
            raise InferenceError(f"values {size_list(values.sizes)} do not fit the indexed sizes {size_list(target)}")
    else:
        _check_broadcasts_to("values", values, target)
    return self


def _check_broadcasts_to(name: str, value: Tensor, sizes: Sequence[Dim]) -> None:
    common = broadcast(value.sizes, sizes)
    if len(common) != len(sizes) or not all(map(same_size, common, sizes)):
        raise InferenceError(f"{name} {size_list(value.sizes)} do not broadcast to the sizes {size_list(sizes)}")


def _check_line_index(self: Tensor, dim: int, index: Tensor) -> int:
    check_integer_index("index", index)
    check_rank("index", index, 0, 1)
    return wrap_dim(dim, self.rank)


@infers("index_select")
def index_select(self: Tensor, dim: int, index: Tensor) -> Tensor:
    return resize_dim(self, _check_line_index(self, dim, index), index.numel)


@infers("index_add", "index_copy")
def index_add(self: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    at = _check_line_index(self, dim, index)
    check_dtypes(self=self, source=source)
    if self.rank and source.rank:
        check_sizes("source", source, resize_dim(self, at, index.numel).sizes)
    return self


@infers("index_fill.int_Scalar", "index_fill.int_Tensor")
def index_fill(self: Tensor, dim: int, index: Tensor) -> Tensor:
    _check_line_index(self, dim, index)
    return self


def _check_point_index(self: Tensor, dim: int, index: Tensor) -> int:
    """For gather and scatter: `index` has one position for each element that is read or written."""
    at = wrap_dim(dim, self.rank)
    check_integer_index("index", index)
    if max(index.rank, 1) != max(self.rank, 1) and index.numel != 0:
        raise InferenceError(f"index must have the rank of self, {self.rank}, found rank {index.rank}")
    return at


def _check_within(name: str, inner: Tensor, outer: Tensor, but: int | None = None) -> None:
    if inner.numel == 0:
        return
    for axis, (a, b) in enumerate(zip(inner.sizes, outer.sizes, strict=False)):
        if axis != but and isinstance(a, int) and isinstance(b, int) and a > b:
            raise InferenceError(f"index has size {a} in dimension {axis}, more than {name} has: {b}")


@infers("gather")
def gather(self: Tensor, dim: int, index: Tensor) -> Tensor:
    _check_within("self", index, self, _check_point_index(self, dim, index))
    return tensor(self.dtype, index.sizes)


@infers("scatter.value", "scatter.value_reduce")
def scatter_value(self: Tensor, dim: int, index: Tensor) -> Tensor:
    _check_within("self", index, self, _check_point_index(self, dim, index))
    return tensor(self.dtype, self.sizes)


@infers("scatter.src", "scatter.reduce", "scatter_add", "scatter_reduce.two")
def scatter(self: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    check_dtypes(self=self, src=src)
    _check_within("src", index, src)
    return scatter_value(self, dim, index)


@infers("select_scatter")
def select_scatter(self: Tensor, src: Tensor, dim: int, index: Dim) -> Tensor:
    check_sizes("src", src, select(self, dim, index).sizes)
    return tensor(self.dtype, self.sizes)


@infers("slice_scatter")
def slice_scatter(
    self: Tensor, src: Tensor, dim: int = 0, start: Dim | None = None, end: Dim | None = None, step: int = 1
) -> Tensor:
    _check_broadcasts_to("src", src, slice_(self, dim, start, end, step).sizes)
    return tensor(self.dtype, self.sizes)


@infers("diagonal_scatter")
def diagonal_scatter(self: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    check_sizes("src", src, diagonal(self, offset, dim1, dim2).sizes)
    return tensor(self.dtype, self.sizes)


def _check_mask(mask: Tensor) -> None:
    if mask.dtype is not bool_:
        raise InferenceError(f"mask must be of dtype bool, found {mask.dtype}")


@infers("masked_scatter")
def masked_scatter(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    check_dtypes(self=self, source=source)
    _check_mask(mask)
    return self.like(sizes=broadcast(self.sizes, mask.sizes))


@infers("masked_select")
def masked_select(self: Tensor, mask: Tensor) -> Tensor:
    _check_mask(mask)
    broadcast(self.sizes, mask.sizes)
    return tensor(self.dtype, [DATA_SIZE])


@infers("nonzero", "argwhere")
def nonzero(self: Tensor) -> Tensor:
    return tensor(int64, [DATA_SIZE, self.rank])


@infers("embedding")
def embedding(weight: Tensor, indices: Tensor) -> Tensor:
    check_rank("weight", weight, 2)
    check_integer_index("indices", indices)
    return tensor(weight.dtype, [*indices.sizes, weight.sizes[1]])


@infers("embedding_dense_backward")
def embedding_dense_backward(grad_output: Tensor, indices: Tensor, num_weights: Dim) -> Tensor:
    check_integer_index("indices", indices)
    return tensor(grad_output.dtype, [num_weights, *grad_output.sizes[indices.rank :]])


@infers("_embedding_bag")
def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    mode: int = 0,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int = -1,
) -> list[Tensor]:
    """Bags, then what the backward pass wants: the bag of each index, the sizes of the bags, the places of the maxima.

    The sum of rows narrower than float64 without a padding index needs no `offset2bag`, which torch leaves empty.
    """
    check_rank("weight", weight, 2)
    check_rank("offsets", offsets, 1)
    check_integer_index("indices", indices)
    check_integer_index("offsets", offsets)
    if per_sample_weights is not None and mode != 0:
        raise InferenceError(f"per_sample_weights need mode 0 (sum), found mode {mode}")
    bags = offsets.sizes[0] - 1 if include_last_offset else offsets.sizes[0]
    lean = mode == 0 and weight.dtype is not float64 and padding_idx < 0
    maxima = [bags, weight.sizes[1]] if mode == 2 else [bags]
    return [
        tensor(weight.dtype, [bags, weight.sizes[1]]),
        tensor(offsets.dtype, [0 if lean else indices.sizes[0]]),
        tensor(offsets.dtype, [bags]),
        tensor(offsets.dtype, maxima),
    ]


@infers("_embedding_bag_forward_only", "embedding_bag")
def embedding_bag_forward_only(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    mode: int = 0,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int = -1,
) -> list[Tensor]:
    """As `_embedding_bag`; sums give the last offset a size too."""
    results = embedding_bag(weight, indices, offsets, mode, per_sample_weights, include_last_offset, padding_idx)
    return [*results[:2], offsets, offsets] if mode == 0 else results


@infers("embedding_bag.padding_idx")
def embedding_bag_padded(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    mode: int,
    per_sample_weights: Tensor | None,
    include_last_offset: bool,
    padding_idx: int | None,
) -> list[Tensor]:
    """Here a negative padding index counts from the end, and None is none."""
    row = -1 if padding_idx is None else 0
    return embedding_bag_forward_only(weight, indices, offsets, mode, per_sample_weights, include_last_offset, row)


@infers("repeat_interleave.Tensor")
def repeat_interleave(repeats: Tensor, output_size: Dim | None = None) -> Tensor:
    check_integer_index("repeats", repeats)
    check_rank("repeats", repeats, 1)
    return tensor(repeats.dtype, [DATA_SIZE if output_size is None else output_size])


@infers("repeat_interleave.self_int")
def repeat_interleave_int(self: Tensor, repeats: Dim, dim: int | None = None) -> Tensor:
    if dim is None:
        return tensor(self.dtype, [self.numel * repeats])
    at = wrap_dim(dim, self.rank)
    return resize_dim(self, at, self.sizes[at] * repeats) if self.sizes else tensor(self.dtype, [repeats])


@infers("repeat_interleave.self_Tensor")
def repeat_interleave_tensor(
    self: Tensor, repeats: Tensor, dim: int | None = None, output_size: Dim | None = None
) -> Tensor:
    size = DATA_SIZE if output_size is None else output_size
    check_integer_index("repeats", repeats)
    return tensor(self.dtype, [size]) if dim is None else resize_dim(self, wrap_dim(dim, self.rank), size)


@infers("take")
def take(self: Tensor, index: Tensor) -> Tensor:
    check_integer_index("index", index)
    return tensor(self.dtype, index.sizes)


@infers("take_along_dim")
def take_along_dim(self: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    check_integer_index("indices", indices)
    if dim is None:
        return tensor(self.dtype, [indices.numel])
    at = wrap_dim(dim, self.rank)
    check_rank("indices", indices, self.rank)
    sizes = list(broadcast(resize_dim(self, at, 1).sizes, resize_dim(indices, at, 1).sizes))
    sizes[at] = indices.sizes[at]
    return tensor(self.dtype, sizes)


@infers("put")
def put(self: Tensor, index: Tensor, source: Tensor) -> Tensor:
    check_integer_index("index", index)
    check_dtypes(self=self, source=source)
    return self


@infers("one_hot")
def one_hot(self: Tensor, num_classes: int = -1) -> Tensor:
    if self.dtype is not int64:
        raise InferenceError(f"self must be of dtype int64, found {self.dtype}")
    return tensor(int64, [*self.sizes, DATA_SIZE if num_classes == -1 else num_classes])
