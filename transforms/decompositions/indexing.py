"""Creation by analogy, and indexing."""

from __future__ import annotations

from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


def _full(build: AtenBuilder, size: Any, value: Any, dtype: Dtype | None) -> SSAValue:
    return build("full", size, value, dtype=dtype or dtypes.float32)


@decomposes("zeros")
def zeros(build: AtenBuilder, size: Any, dtype: Dtype | None) -> SSAValue:
    """zeros(sizes) -> full(sizes, 0)"""
    return _full(build, size, 0, dtype)


@decomposes("ones")
def ones(build: AtenBuilder, size: Any, dtype: Dtype | None) -> SSAValue:
    """ones(sizes) -> full(sizes, 1)"""
    return _full(build, size, 1, dtype)


@decomposes("zeros_like")
def zeros_like(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """zeros_like(x) -> full(sizes of x, 0)"""
    known = build.type(self)
    return _full(build, list(known.sizes), 0, dtype or known.dtype)


@decomposes("ones_like")
def ones_like(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """ones_like(x) -> full(sizes of x, 1)"""
    known = build.type(self)
    return _full(build, list(known.sizes), 1, dtype or known.dtype)


@decomposes("new_zeros")
def new_zeros(build: AtenBuilder, self: SSAValue, size: Any, dtype: Dtype | None) -> SSAValue:
    """new_zeros(x, sizes) -> full(sizes, 0)"""
    return _full(build, size, 0, dtype or build.type(self).dtype)


@decomposes("new_ones")
def new_ones(build: AtenBuilder, self: SSAValue, size: Any, dtype: Dtype | None) -> SSAValue:
    """new_ones(x, sizes) -> full(sizes, 1)"""
    return _full(build, size, 1, dtype or build.type(self).dtype)


@decomposes("new_full")
def new_full(build: AtenBuilder, self: SSAValue, size: Any, fill_value: Any, dtype: Dtype | None) -> SSAValue:
    """new_full(x, sizes, v) -> full(sizes, v)"""
    return _full(build, size, fill_value, dtype or build.type(self).dtype)


@decomposes("arange", "arange.start")
def arange(build: AtenBuilder, end: Any, dtype: Dtype | None, **given: Any) -> SSAValue:
    """arange(end) -> arange(0, end, 1)"""
    return build("arange.start_step", given.get("start", 0), end, 1, dtype=dtype)


@decomposes("index_fill.int_Scalar")
def index_fill(build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, value: Any) -> SSAValue:
    """index_fill(x, dim, i, v) -> index_put(x, [None…, i], v)"""
    indices = [None] * (dim % build.type(self).rank) + [index]
    return build("index_put", self, indices, build.constant(value, build.type(self).dtype))


@decomposes("index_copy")
def index_copy(build: AtenBuilder, self: SSAValue, dim: int, index: SSAValue, source: SSAValue) -> SSAValue | None:
    """index_copy(x, dim, i, y) -> index_put(x, [None…, i], y)"""
    dim %= build.type(self).rank
    return build("index_put", self, [None] * dim + [index], source)


@decomposes("one_hot")
def one_hot(build: AtenBuilder, self: SSAValue, num_classes: Dim) -> SSAValue | None:
    """one_hot(x, n) -> _to_copy(unsqueeze(x) == arange(n))"""
    if num_classes == -1:
        return None
    classes = build("arange.start_step", 0, num_classes, 1, dtype=dtypes.int64)
    return build("_to_copy", build("eq.Tensor", build("unsqueeze", self, -1), classes), dtype=dtypes.int64)
