"""Inference for operators that make tensors: fills, ranges, random numbers, copies, casts and memory formats."""

from __future__ import annotations

import math
from collections.abc import Sequence

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.infer import InferenceError, broadcast, infers, same_size
from etc.dialects.infer.promotion import DEFAULT_FLOAT, Operand, Scalar, complex_dtype, scalar_dtype
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor, tensor

# Memory formats


_CHANNELS_LAST: dict[str, tuple[int, ...]] = {
    "channels_last": (0, 2, 3, 1),
    "channels_last_3d": (0, 2, 3, 4, 1),
}


def memory_order(memory_format: str | None, self: Tensor) -> tuple[int, ...] | None:
    """The dim order that a memory format asks of a copy of `self`; None and `preserve_format` keep its order.

    Raises InferenceError when the format is unknown or for tensors of another rank.
    """
    if memory_format in (None, "preserve_format"):
        return self.dim_order
    return format_order(memory_format, self.rank)


def format_order(memory_format: str | None, rank: int) -> tuple[int, ...] | None:
    """The dim order of a new tensor; None, the plain one, for `contiguous_format` and when no format is given.

    Raises InferenceError when the format is unknown or for tensors of another rank.
    """
    if memory_format in (None, "contiguous_format"):
        return None
    order = _CHANNELS_LAST.get(memory_format)
    if order is None:
        known = ", ".join(["contiguous_format", "preserve_format", *_CHANNELS_LAST])
        raise InferenceError(f"`memory_format` is {memory_format!r}, expected one of {known}")
    if len(order) != rank:
        raise InferenceError(
            f"`memory_format` {memory_format} is for tensors of rank {len(order)}, this one has rank {rank}"
        )
    return order


def _checked_order(dim_order: Sequence[int], rank: int) -> tuple[int, ...]:
    if sorted(dim_order) != list(range(rank)):
        raise InferenceError(
            f"`dim_order` is {list(dim_order)}, expected a permutation of the {rank} dimensions of the tensor"
        )
    return tuple(dim_order)


# Copies and casts


@infers(
    *("alias", "alias_copy", "detach", "detach_copy", "lift", "lift_fresh", "lift_fresh_copy"),
    *("bernoulli", "bernoulli.p", "bernoulli.Tensor", "normal_functional", "uniform", "exponential"),
)
def alike(self: Tensor) -> Tensor:
    return self


@infers("clone")
def clone(self: Tensor, memory_format: str | None = None) -> Tensor:
    return tensor(self.dtype, self.sizes, memory_order(memory_format, self))


@infers("contiguous")
def contiguous(self: Tensor, memory_format: str | None = "contiguous_format") -> Tensor:
    return clone(self, memory_format)


@infers("_to_copy", "to.dtype", "to.device", "to.dtype_layout", "to.prim_dtype")
def to_copy(self: Tensor, dtype: Dtype | None = None, memory_format: str | None = None) -> Tensor:
    return tensor(dtype or self.dtype, self.sizes, memory_order(memory_format, self))


@infers("to.other")
def to_other(self: Tensor, other: Tensor, memory_format: str | None = None) -> Tensor:
    return to_copy(self, other.dtype, memory_format)


@infers("type_as")
def type_as(self: Tensor, other: Tensor) -> Tensor:
    return self.like(dtype=other.dtype)


@infers("_to_dim_order_copy")
def to_dim_order_copy(self: Tensor, dtype: Dtype | None = None, dim_order: Sequence[int] | None = None) -> Tensor:
    return clone_dim_order(self.like(dtype=dtype), dim_order)


@infers("_clone_dim_order")
def clone_dim_order(self: Tensor, dim_order: Sequence[int] | None = None) -> Tensor:
    return self if dim_order is None else tensor(self.dtype, self.sizes, _checked_order(dim_order, self.rank))


@infers("copy")
def copy(self: Tensor, src: Tensor) -> Tensor:
    common = broadcast(self.sizes, src.sizes)
    if len(common) != self.rank or not all(map(same_size, common, self.sizes)):
        raise InferenceError(f"`src` is {src}, which does not broadcast to the shape of `self`, {self}")
    return self


@infers("fill.Scalar", "fill.Tensor")
def fill(self: Tensor, value: Operand) -> Tensor:
    if isinstance(value, Tensor) and value.rank:
        raise InferenceError(f"`value` has rank {value.rank}, expected a tensor of rank 0")
    return self


# Fills


def _checked_sizes(size: Sequence[Dim]) -> Sequence[Dim]:
    for dim in size:
        if isinstance(dim, int) and dim < 0:
            raise InferenceError(f"`size` has the negative size {dim}")
    return size


@infers("zeros", "ones", "rand", "randn", "rand.generator", "randn.generator")
def zeros(size: Sequence[Dim], dtype: Dtype | None = None) -> Tensor:
    return tensor(dtype or DEFAULT_FLOAT, _checked_sizes(size))


@infers("empty.memory_format")
def empty(size: Sequence[Dim], dtype: Dtype | None = None, memory_format: str | None = None) -> Tensor:
    return tensor(dtype or DEFAULT_FLOAT, _checked_sizes(size), format_order(memory_format, len(size)))


@infers("_empty_dim_order")
def empty_dim_order(size: Sequence[Dim], dtype: Dtype | None = None, dim_order: Sequence[int] | None = None) -> Tensor:
    order = None if dim_order is None else _checked_order(dim_order, len(size))
    return tensor(dtype or DEFAULT_FLOAT, _checked_sizes(size), order)


@infers("empty_permuted")
def empty_permuted(size: Sequence[Dim], physical_layout: Sequence[int], dtype: Dtype | None = None) -> Tensor:
    return empty_dim_order(size, dtype, physical_layout)


@infers("empty_strided", "new_empty_strided")
def empty_strided(
    size: Sequence[Dim], stride: Sequence[Dim], self: Tensor | None = None, dtype: Dtype | None = None
) -> Tensor:
    if len(size) != len(stride):
        raise InferenceError(f"`size` has {len(size)} dimensions and `stride` {len(stride)}, expected equal numbers")
    plain = all(isinstance(s, Expr) for s in stride)
    order = None if plain else sorted(range(len(size)), key=lambda i: _stride_key(stride[i]), reverse=True)
    own = self.dtype if self else DEFAULT_FLOAT
    return tensor(dtype or own, _checked_sizes(size), order)


def _stride_key(stride: Dim) -> tuple[int, int]:
    """Symbolic strides are products of sizes: the more factors, the further out."""
    return (0, stride) if isinstance(stride, int) else (sum(power for _, power in stride.terms[0][0]), 0)


@infers("full")
def full(size: Sequence[Dim], fill_value: Scalar, dtype: Dtype | None = None) -> Tensor:
    return tensor(dtype or scalar_dtype(fill_value), _checked_sizes(size))


@infers("full_like", "zeros_like", "ones_like", "empty_like", "rand_like", "randn_like", "rand_like.generator")
def full_like(self: Tensor, dtype: Dtype | None = None, memory_format: str | None = None) -> Tensor:
    return to_copy(self, dtype, memory_format)


@infers("randint_like", "randint_like.low_dtype")
def randint_like(self: Tensor, dtype: Dtype | None = None, memory_format: str | None = None) -> Tensor:
    return to_copy(self, dtype, memory_format)


@infers("new_zeros", "new_ones", "new_empty", "new_full")
def new_zeros(self: Tensor, size: Sequence[Dim], dtype: Dtype | None = None) -> Tensor:
    return tensor(dtype or self.dtype, _checked_sizes(size))


@infers("scalar_tensor")
def scalar_tensor(s: Scalar, dtype: Dtype | None = None) -> Tensor:
    return tensor(dtype or DEFAULT_FLOAT, ())


@infers("randint", "randint.low", "randint.generator", "randint.low_generator")
def randint(size: Sequence[Dim], dtype: Dtype | None = dtypes.int64) -> Tensor:
    return tensor(dtype or dtypes.int64, _checked_sizes(size))


@infers("randperm", "randperm.generator")
def randperm(n: Dim, dtype: Dtype | None = dtypes.int64) -> Tensor:
    return tensor(dtype or dtypes.int64, _checked_sizes([n]))


@infers("multinomial")
def multinomial(self: Tensor, num_samples: Dim) -> Tensor:
    if self.rank not in (1, 2):
        raise InferenceError(f"`self` has rank {self.rank}, expected 1 or 2")
    return tensor(dtypes.int64, [*self.sizes[:-1], num_samples])


@infers("eye", "eye.m")
def eye(n: Dim, m: Dim | None = None, dtype: Dtype | None = None) -> Tensor:
    return tensor(dtype or DEFAULT_FLOAT, _checked_sizes([n, n if m is None else m]))


@infers("polar")
def polar(abs: Tensor) -> Tensor:
    return abs.like(dtype=complex_dtype(abs.dtype))


# Ranges


@infers("arange", "arange.start", "arange.start_step")
def arange(end: Scalar, start: Scalar = 0, step: Scalar = 1, dtype: Dtype | None = None) -> Tensor:
    bounds = (start, end, step)
    floating = any(isinstance(bound, float) for bound in bounds)
    return tensor(dtype or (DEFAULT_FLOAT if floating else dtypes.int64), [_length(start, end, step)])


def _length(start: Scalar, end: Scalar, step: Scalar) -> Dim:
    """ceil((end - start) / step)"""
    if isinstance(start, complex) or isinstance(end, complex) or isinstance(step, complex):
        raise InferenceError("`start`, `end` and `step` are complex, expected real numbers")
    if isinstance(step, Expr):
        raise InferenceError(f"`step` is the symbolic size {step}, expected a number")
    if step == 0:
        raise InferenceError("`step` is 0, expected a number that leads from `start` to `end`")
    if isinstance(start, Expr) or isinstance(end, Expr):
        return _symbolic_length(start, end, step)
    length = math.ceil((end - start) / step)
    if length < 0:
        raise InferenceError(f"`step` {step} does not lead from `start` {start} to `end` {end}")
    return length


def _symbolic_length(start: Dim | float, end: Dim | float, step: int | float) -> Dim:
    whole = [int(v) if isinstance(v, float) and v.is_integer() else v for v in (start, end, step)]
    first, last, stride = whole
    if isinstance(first, float) or isinstance(last, float) or isinstance(stride, float):
        raise InferenceError(
            f"the length of the range from {start} to {end} by {step} is not known: "
            "a bound is a symbolic size, so the others must be integers"
        )
    assert not isinstance(stride, Expr)
    distance = last - first if stride > 0 else first - last
    return (distance + (abs(stride) - 1)) // abs(stride)


@infers("linspace", "linspace.Tensor_Tensor", "linspace.Tensor_Scalar", "linspace.Scalar_Tensor", "logspace")
def linspace(start: Operand, end: Operand, steps: Dim, dtype: Dtype | None = None) -> Tensor:
    is_complex = isinstance(start, complex) or isinstance(end, complex)
    return tensor(dtype or (dtypes.complex64 if is_complex else DEFAULT_FLOAT), _checked_sizes([steps]))


# Triangles


@infers("tril", "triu")
def tril(self: Tensor) -> Tensor:
    if self.rank < 2:
        raise InferenceError(f"`self` has rank {self.rank}, expected at least 2")
    return tensor(self.dtype, self.sizes)


@infers("tril_indices")
def tril_indices(row: int, col: int, offset: int = 0, dtype: Dtype | None = dtypes.int64) -> Tensor:
    return tensor(dtype or dtypes.int64, [2, _triangle(row, col, offset)])


@infers("triu_indices")
def triu_indices(row: int, col: int, offset: int = 0, dtype: Dtype | None = dtypes.int64) -> Tensor:
    return tensor(dtype or dtypes.int64, [2, row * col - _triangle(row, col, offset - 1)])


def _triangle(rows: int, columns: int, offset: int) -> int:
    """The number of elements on and below a diagonal."""
    return sum(min(max(row + offset + 1, 0), columns) for row in range(rows))
