"""`EdgeBuilder`: write edge programs inside a rewrite rule, and read and make constants.

    build = EdgeBuilder(rewriter)
    product = build(edge.MmOp, op.mat1, op.mat2)
    build.replace(op, build(edge.AddOp, product, op.self_))

Weights are read as torch tensors that share the blob's memory; torch is imported by the first rule that computes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from etc.dialects import edge
from etc.dialects.blob import pack, unpack
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.infer import same_size
from etc.dialects.program import ConstantOp, LoadOp, constant_of
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor
from etc.transforms.rewriting import PatternRewriter

if TYPE_CHECKING:
    import torch

SMALL = 64 * 1024
"""Bytes that a constant may take beyond what it replaces without being worth a thought."""


def known(value: SSAValue) -> Tensor:
    """What is known of a tensor."""
    return Tensor.of(value.type)


def is_constant(value: SSAValue) -> bool:
    """Whether the content is known at compile time."""
    return constant_of(value) is not None


def number_of(value: SSAValue) -> Any:
    """The number that a constant of one element holds; None for other values."""
    blob = constant_of(value)
    if blob is None or blob.nbytes != (dtype := known(value).dtype).size:
        return None
    return unpack(blob, dtype)[0]


def array_of(value: SSAValue) -> torch.Tensor:
    """The content of a constant, sharing its memory where that is writable: not to be changed."""
    from etc.dialects.on_torch import to_torch

    blob = constant_of(value)
    assert blob is not None
    return to_torch(blob, value.type)


def nbytes(value: SSAValue) -> int:
    """Bytes of a static tensor."""
    blob = constant_of(value)
    if blob is not None:
        return blob.nbytes
    size, count = known(value).dtype.size, 1
    for extent in known(value).shape:
        count *= extent
    return size * count


def has_other_users(constant: SSAValue) -> bool:
    """Whether something else in the method uses a constant, so that a changed copy does not replace it.

    Loads of one global are one value after cse.
    """
    return not constant.has_one_use()


def name_of(constant: SSAValue) -> str | None:
    """The name under which a constant is known: its global's, or the name of the value."""
    return constant.owner.symbol if isinstance(constant.owner, LoadOp) else constant.name_hint


class EdgeBuilder:
    """Inserts ops before the operation that a rule matched."""

    def __init__(self, rewriter: PatternRewriter):
        self._rewriter = rewriter

    def __call__(self, cls: type[EdgeOp], /, *args: Any, **kwargs: Any) -> SSAValue:
        """The (first) result of a new op; its type is computed. Raises EtcError when the arguments do not fit."""
        op = cls.of(*args, **kwargs)
        self._rewriter.insert(op)
        return op.results[0]

    def view(self, value: SSAValue, sizes: Sequence[Dim]) -> SSAValue:
        """`value` under other sizes; itself when it has them and lies in the plain order."""
        have = known(value)
        if have.sizes == tuple(sizes) and have.dim_order is None:
            return value
        return self(edge.ViewCopyOp, value, list(sizes))

    def permute(self, value: SSAValue, dims: Sequence[int]) -> SSAValue:
        return self(edge.PermuteCopyOp, value, list(dims))

    def number(self, value: float | bool, dtype: Dtype) -> SSAValue:
        """A constant of rank 0."""
        return self._insert(ConstantOp(pack([value], dtype), tensor(dtype, ()).type), None)

    def constant(self, value: torch.Tensor, like: Tensor, name: str | None = None) -> SSAValue:
        """A constant with the content of `value`, in the dtype and dim order of `like` (where the rank is the same)."""
        from etc.dialects.on_torch import to_blob, torch_dtypes

        described = like.like(sizes=tuple(value.shape))
        blob = to_blob(value.to(torch_dtypes()[like.dtype]), described.order)
        return self._insert(ConstantOp(blob, described.type), name)

    def all_indices(self, count: int, dtype: Dtype) -> SSAValue:
        """The constant 0, 1, … up to `count`: indices of all rows of a matrix."""
        return self._insert(ConstantOp(pack(range(count), dtype), tensor(dtype, [count]).type), "rows")

    def same_content(self, constant: SSAValue, type: Tensor) -> SSAValue:
        """A constant with the bytes of another one, which are shared, under another type of the same size."""
        blob = constant_of(constant)
        assert blob is not None
        return self._insert(ConstantOp(blob, type.type), name_of(constant))

    def _insert(self, op: ConstantOp, name: str | None) -> SSAValue:
        if name is not None and SSAValue.is_valid_name(name):
            op.result.name_hint = name
        self._rewriter.insert(op)
        return op.result

    def replace(self, op: Operation, value: SSAValue) -> None:
        """Replace the (only used) first result of `op`, whose type stays as it is written."""
        old = op.results[0]
        if value.type != old.type:
            assert fits(value, old), f"{value.type} for {old.type}"
            value = Rewriter.replace_value_with_new_type(value, old.type)
        self._rewriter.replace(op, (), [value, *([None] * (len(op.results) - 1))])


def fits(value: SSAValue, wanted: SSAValue) -> bool:
    """Whether two values have the same dtype, dim order and sizes, up to the way in which sizes are written."""
    a, b = known(value), known(wanted)
    return (
        a.dtype is b.dtype
        and a.order == b.order
        and a.rank == b.rank
        and all(same_size(x, y) for x, y in zip(a.sizes, b.sizes, strict=True))
    )
