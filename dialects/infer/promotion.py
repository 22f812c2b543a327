"""torch's type promotion, and what every pointwise operator shares: broadcasting and the memory order of the result.

Operands are tensors or Python scalars. Within a category (bool, integer, floating point, complex) tensors with
dimensions decide; rank-0 tensors count only where no such tensor reaches their category, scalars only where no tensor
does (https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype, Kind
from etc.dialects.infer import InferenceError, broadcast
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor, tensor

Scalar: TypeAlias = bool | int | float | complex | Expr
Operand: TypeAlias = Tensor | Scalar

DEFAULT_FLOAT = dtypes.float32
"""torch's default dtype: what integers become in a floating-point function, and what a Python float is."""

_COMPLEX_OF = {
    dtypes.float32: dtypes.complex64,
    dtypes.bfloat16: dtypes.complex64,
    dtypes.float64: dtypes.complex128,
}
_REAL_OF = {dtypes.complex64: dtypes.float32, dtypes.complex128: dtypes.float64}


def scalar_dtype(value: Scalar) -> Dtype:
    """The dtype of a Python number that stands alone: bool, int64, float32 or complex64."""
    match value:
        case bool():
            return dtypes.bool_
        case int() | Expr():
            return dtypes.int64
        case float():
            return DEFAULT_FLOAT
        case complex():
            return dtypes.complex64


def real_dtype(dtype: Dtype) -> Dtype:
    """The dtype of a complex number's parts; other dtypes unchanged."""
    return _REAL_OF.get(dtype, dtype)


def complex_dtype(dtype: Dtype) -> Dtype:
    """The complex dtype with parts of `dtype`. Raises InferenceError for float16, whose complex type nothing runs."""
    if dtype.kind is Kind.COMPLEX:
        return dtype
    if dtype not in _COMPLEX_OF:
        raise InferenceError(f"no complex type with parts of {dtype} is supported; cast to float32 first")
    return _COMPLEX_OF[dtype]


def float_dtype(dtype: Dtype) -> Dtype:
    """Integers and bool become the default float."""
    return dtype if dtype.kind >= Kind.FLOAT else DEFAULT_FLOAT


def promote(a: Dtype, b: Dtype) -> Dtype:
    """Promotion of two dtypes of equal standing. Raises InferenceError for pairs that torch refuses."""
    try:
        return dtypes.promote(a, b)
    except ValueError as error:
        raise InferenceError(f"{error}; cast one of them") from None


def result_dtype(*operands: Operand) -> Dtype:
    """The dtype that `torch.result_type` gives for these operands together. Raises InferenceError without operands."""
    ranked: Dtype | None = None
    rank0: Dtype | None = None
    scalar: Dtype | None = None
    for operand in operands:
        if not isinstance(operand, Tensor):
            scalar = _join(scalar, scalar_dtype(operand))
        elif operand.rank:
            ranked = _join(ranked, operand.dtype)
        else:
            rank0 = _join(rank0, operand.dtype)
    result = _override(ranked, _override(rank0, scalar))
    if result is None:
        raise InferenceError("an operator without operands has no dtype")
    return result


def _join(known: Dtype | None, new: Dtype) -> Dtype:
    return new if known is None else promote(known, new)


def _override(higher: Dtype | None, lower: Dtype | None) -> Dtype | None:
    """The dtype of two priority classes: the higher class decides unless the lower is of a higher category."""
    if higher is None or lower is None:
        return higher or lower
    if lower.kind <= higher.kind:
        return higher
    return complex_dtype(higher) if higher.kind is Kind.FLOAT else promote(higher, lower)


def common_order(sizes: Sequence[Dim], tensors: Sequence[Tensor]) -> tuple[int, ...] | None:
    """The memory order that all operands of the full shape share; None, the plain one, when they differ.

    An operand that broadcasting stretches or that lacks dimensions has no say: a bias never changes an image's order.
    """
    orders = {t.order for t in tensors if t.rank == len(sizes) and not _is_stretched(t, sizes)}
    return orders.pop() if len(orders) == 1 else None


def _is_stretched(operand: Tensor, sizes: Sequence[Dim]) -> bool:
    return any(own == 1 and size != 1 for own, size in zip(operand.sizes, sizes, strict=True))


def pointwise(*operands: Operand | None, dtype: Dtype | None = None) -> Tensor:
    """The result of a pointwise operator: broadcast sizes, promoted dtype unless `dtype` is given, common dim order.

    None stands for an optional operand that is absent. Raises InferenceError when shapes or dtypes do not combine.
    """
    present = [operand for operand in operands if operand is not None]
    tensors = [operand for operand in present if isinstance(operand, Tensor)]
    sizes = broadcast(*(t.sizes for t in tensors))
    return tensor(dtype or result_dtype(*present), sizes, common_order(sizes, tensors))
