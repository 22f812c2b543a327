"""Constants that lowerings read and make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import program
from etc.dialects.blob import Blob, unpack
from etc.dialects.dtypes import Dtype
from etc.dialects.tensor import Tensor
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, linalg_type


def constant_array(b: LinalgBuilder, data: bytes, dtype: Dtype, sizes: Sequence[int], name: str) -> Array:
    """A tensor with the elements `data`."""
    known = described(dtype, sizes)
    made = b.insert(program.ConstantOp(Blob.from_bytes(data), linalg_type(known)))
    made.results[0].name_hint = name
    return Array(made.results[0], known)


def numbers_of(value: SSAValue | None) -> tuple[Any, ...] | None:
    """The elements of a tensor that is known at compile time, in memory order. For small constants only."""
    blob = None if value is None else program.constant_of(value)
    if blob is None or value is None or not blob.is_loaded:
        return None
    return unpack(blob, Tensor.of(value.type).dtype)


def number_of(value: SSAValue | None) -> Any:
    """The number that all elements of a constant are; None when they differ, or are known only at run time."""
    distinct = set(numbers_of(value) or ())
    return distinct.pop() if len(distinct) == 1 else None
