"""Inference for reductions, scans, sorting and selection along dimensions."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype, Kind
from etc.dialects.infer import InferenceError, infers, wrap_dim
from etc.dialects.infer.promotion import float_dtype, real_dtype
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor


def reduced(self: Tensor, dim: int | Sequence[int] | None, keepdim: bool, dtype: Dtype | None = None) -> Tensor:
    """`self` with the given dimensions dropped, or of size 1 with `keepdim`; None or no dimensions mean all.

    Raises InferenceError when a dimension is out of range or named twice.
    """
    named = (dim,) if isinstance(dim, int) else tuple(dim or ())
    axes = [wrap_dim(d, self.rank) for d in named] or list(range(self.rank))
    for axis in axes:
        if axes.count(axis) > 1:
            raise InferenceError(f"dimension {axis} appears more than once in {list(named)}")
    kept = [1 if i in axes else size for i, size in enumerate(self.sizes) if keepdim or i not in axes]
    return tensor(dtype or self.dtype, kept)


def _accumulator(self: Tensor, dtype: Dtype | None) -> Dtype:
    """Sums and products of integers and bools are int64."""
    return dtype or (self.dtype if self.dtype.kind >= Kind.FLOAT else dtypes.int64)


def _floating(self: Tensor, dtype: Dtype | None = None) -> Dtype:
    result = dtype or self.dtype
    if result.kind < Kind.FLOAT:
        raise InferenceError(f"`self` holds {self.dtype}, expected floating-point numbers; give a floating `dtype`")
    return result


def _check_not_empty(self: Tensor, dim: int | Sequence[int] | None) -> None:
    """The extremum of nothing is not defined."""
    named = (dim,) if isinstance(dim, int) else tuple(dim or range(self.rank))
    for d in named:
        if self.rank and self.sizes[wrap_dim(d, self.rank)] == 0:
            raise InferenceError(f"dimension {d} of `self` has size 0, its reduction is not defined")


# Sums and means


@infers("sum", "sum.dim_IntList", "nansum")
def sum(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False, dtype: Dtype | None = None) -> Tensor:
    return reduced(self, dim, keepdim, _accumulator(self, dtype))


@infers("prod", "prod.dim_int")
def prod(self: Tensor, dim: int | None = None, keepdim: bool = False, dtype: Dtype | None = None) -> Tensor:
    return reduced(self, dim, keepdim, _accumulator(self, dtype))


@infers("mean", "mean.dim", "nanmean")
def mean(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False, dtype: Dtype | None = None) -> Tensor:
    return reduced(self, dim, keepdim, _floating(self, dtype))


@infers("var", "var.dim", "var.correction", "std", "std.dim", "std.correction")
def var(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    return reduced(self, dim, keepdim, real_dtype(_floating(self)))


@infers("var_mean", "var_mean.dim", "var_mean.correction", "std_mean", "std_mean.dim", "std_mean.correction")
def var_mean(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    return var(self, dim, keepdim), reduced(self, dim, keepdim)


@infers("linalg_vector_norm")
def linalg_vector_norm(
    self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False, dtype: Dtype | None = None
) -> Tensor:
    return reduced(self, dim, keepdim, real_dtype(_floating(self, dtype)))


@infers("norm.Scalar", "norm.ScalarOpt_dim", "norm.ScalarOpt_dtype", "norm.ScalarOpt_dim_dtype")
def norm(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False, dtype: Dtype | None = None) -> Tensor:
    return linalg_vector_norm(self, dim, keepdim, dtype)


@infers("logsumexp")
def logsumexp(self: Tensor, dim: Sequence[int], keepdim: bool = False) -> Tensor:
    return reduced(self, dim, keepdim, float_dtype(self.dtype))


@infers("trace")
def trace(self: Tensor) -> Tensor:
    if self.rank != 2:
        raise InferenceError(f"`self` has rank {self.rank}, expected a matrix")
    return tensor(_accumulator(self, None), ())


# Logic and counting


@infers("any", "any.dim", "all", "all.dim")
def any(self: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return reduced(self, dim, keepdim, _truth(self))


@infers("any.dims", "all.dims")
def any_dims(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    # Unlike in other reductions, an empty list names no dimension.
    return tensor(_truth(self), self.sizes) if dim == [] else reduced(self, dim, keepdim, _truth(self))


def _truth(self: Tensor) -> Dtype:
    """uint8 was torch's bool once and stays itself."""
    return dtypes.uint8 if self.dtype is dtypes.uint8 else dtypes.bool_


@infers("count_nonzero", "count_nonzero.dim_IntList")
def count_nonzero(self: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    return reduced(self, dim, False, dtypes.int64)


# Extrema


@infers("amax", "amin")
def amax(self: Tensor, dim: Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    _check_not_empty(self, dim)
    return reduced(self, dim, keepdim)


@infers("aminmax")
def aminmax(self: Tensor, dim: int | None = None, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    extremum = amax(self, None if dim is None else [dim], keepdim)
    return extremum, extremum


@infers("max", "min", "median", "nanmedian")
def max(self: Tensor) -> Tensor:
    _check_not_empty(self, None)
    return reduced(self, None, False)


@infers("argmax", "argmin")
def argmax(self: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    _check_not_empty(self, dim)
    return reduced(self, dim, keepdim, dtypes.int64)


@infers("max.dim", "min.dim", "median.dim", "nanmedian.dim", "mode")
def max_dim(self: Tensor, dim: int = -1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    _check_not_empty(self, dim)
    return reduced(self, dim, keepdim), reduced(self, dim, keepdim, dtypes.int64)


@infers("kthvalue")
def kthvalue(self: Tensor, k: Dim, dim: int = -1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    _check_rank_of_selection(self, k, dim)
    return max_dim(self, dim, keepdim)


def _check_rank_of_selection(self: Tensor, k: Dim, dim: int) -> int:
    """The wrapped dimension, after checking that it has at least `k` elements."""
    axis = wrap_dim(dim, self.rank)
    size: Dim = self.sizes[axis] if self.rank else 1
    if isinstance(k, int) and (k < 0 or (isinstance(size, int) and k > size)):
        raise InferenceError(f"`k` is {k}, expected 0 to {size}, the size of dimension {axis}")
    return axis


# Scans, sorting and selection: plain dim order


@infers("cumsum", "cumprod")
def cumsum(self: Tensor, dim: int, dtype: Dtype | None = None) -> Tensor:
    wrap_dim(dim, self.rank)
    return tensor(_accumulator(self, dtype), self.sizes)


@infers("logcumsumexp")
def logcumsumexp(self: Tensor, dim: int) -> Tensor:
    wrap_dim(dim, self.rank)
    return tensor(_floating(self), self.sizes)


@infers("cummax", "cummin", "sort", "sort.stable")
def sort(self: Tensor, dim: int = -1) -> tuple[Tensor, Tensor]:
    wrap_dim(dim, self.rank)
    return tensor(self.dtype, self.sizes), tensor(dtypes.int64, self.sizes)


@infers("msort")
def msort(self: Tensor) -> Tensor:
    return tensor(self.dtype, self.sizes)


@infers("argsort", "argsort.stable")
def argsort(self: Tensor, dim: int = -1) -> Tensor:
    return sort(self, dim)[1]


@infers("topk")
def topk(self: Tensor, k: Dim, dim: int = -1) -> tuple[Tensor, Tensor]:
    axis = _check_rank_of_selection(self, k, dim)
    sizes = [*self.sizes[:axis], k, *self.sizes[axis + 1 :]] if self.rank else []
    return tensor(self.dtype, sizes), tensor(dtypes.int64, sizes)


@infers("renorm")
def renorm(self: Tensor) -> Tensor:
    return tensor(self.dtype, self.sizes)
