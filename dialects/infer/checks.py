"""Checks of arguments that many rules share, and how ATen reads arguments that it lets be shorter than they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from etc.dialects.dtypes import Dtype, promote
from etc.dialects.infer import InferenceError, same_size
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor


def size_list(sizes: Sequence[Dim]) -> str:
    """`[2, s0]`"""
    return f"[{', '.join(map(str, sizes))}]"


def check_rank(name: str, tensor: Tensor, *ranks: int) -> None:
    if tensor.rank not in ranks:
        allowed = " or ".join(map(str, ranks))
        raise InferenceError(f"{name} must have rank {allowed}, found rank {tensor.rank}: {size_list(tensor.sizes)}")


def check_dtypes(**tensors: Tensor | None) -> None:
    """All tensors that are given have one dtype: ATen does not promote here."""
    given = [(name, tensor) for name, tensor in tensors.items() if tensor is not None]
    (first, reference), *others = given
    for name, tensor in others:
        if tensor.dtype is not reference.dtype:
            raise InferenceError(
                f"{first} and {name} must have the same dtype, found {reference.dtype} and {tensor.dtype}"
            )


def check_floating(name: str, tensor: Tensor) -> None:
    """Real or complex numbers, no integers and no bool."""
    if tensor.dtype.is_integer or tensor.dtype.name == "bool":
        raise InferenceError(f"{name} must be of a floating-point type, found {tensor.dtype}")


def check_integer_index(name: str, tensor: Tensor) -> None:
    if tensor.dtype.name not in ("int64", "int32"):
        raise InferenceError(f"{name} must be of dtype int64 or int32, found {tensor.dtype}")


def check_sizes(name: str, tensor: Tensor, sizes: Sequence[Dim]) -> None:
    """`tensor` has exactly the given sizes, as far as symbols allow to tell."""
    if tensor.rank != len(sizes) or not all(map(same_size, tensor.sizes, sizes)):
        raise InferenceError(f"{name} must have the sizes {size_list(sizes)}, found {size_list(tensor.sizes)}")


def promoted(name: str, tensors: Sequence[Tensor]) -> Dtype:
    """The common dtype of tensors of equal standing."""
    try:
        return reduce(promote, (tensor.dtype for tensor in tensors))
    except ValueError as error:
        raise InferenceError(f"{name} have no common dtype: {error}") from None


def per_dim(name: str, values: Sequence[Dim] | Dim | None, count: int, default: Sequence[Dim] = ()) -> tuple[Dim, ...]:
    """One value per spatial dimension: ATen takes one value for all of them, and none for the default."""
    given = () if values is None else tuple(values) if isinstance(values, Sequence) else (values,)
    given = given or tuple(default)
    if len(given) == 1:
        return given * count
    if len(given) != count:
        raise InferenceError(f"{name} must have 1 or {count} values, found {len(given)}: {size_list(given)}")
    return given


def channels_last(tensor: Tensor) -> tuple[int, ...] | None:
    """The dim order of a channels-last tensor, (0, 2, 3, 1) in rank 4; None for every other order."""
    if tensor.rank < 4:
        return None
    order = (0, *range(2, tensor.rank), 1)
    return order if tensor.dim_order == order else None
