"""Conversions of dtype and memory format."""

from __future__ import annotations

from typing import Any

from xdsl.ir import Operation, SSAValue

from etc.dialects import aten
from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("contiguous")
def contiguous(build: AtenBuilder, self: SSAValue, memory_format: str) -> SSAValue:
    """contiguous(x) -> clone(x, memory_format)"""
    return build("clone", self, memory_format=memory_format)


@decomposes("to.dtype", "to.dtype_layout", "to.device")
def to_dtype(build: AtenBuilder, self: SSAValue, **arguments: Any) -> SSAValue:
    """to(x, dtype) -> _to_copy(x, dtype), and x itself when nothing changes"""
    dtype: Dtype | None = arguments.get("dtype")
    memory_format = arguments.get("memory_format")
    if dtype in (None, build.type(self).dtype) and memory_format in (None, "preserve_format"):
        return self
    return build("_to_copy", self, dtype=dtype, memory_format=memory_format)


@decomposes("to.other", "type_as")
def to_other(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """type_as(x, y) -> _to_copy(x, dtype of y)"""
    return cast(build, self, build.type(other).dtype)


@decomposes("item")
def item(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """item(x) -> _local_scalar_dense(x), with the symbol that it stands for"""
    (result,) = build.results
    attributes = result.owner.attributes if isinstance(result.owner, Operation) else {}
    read = aten.op_class("_local_scalar_dense").make({"self": self}, [result.type], attributes=attributes)
    return build.insert(read).results[0]


@decomposes("copy")
def copy(build: AtenBuilder, self: SSAValue, src: SSAValue) -> SSAValue:
    """copy(x, y) -> expand(_to_copy(y, dtype of x), sizes of x)"""
    target, source = build.type(self), cast(build, src, build.type(self).dtype)
    return source if build.type(source).sizes == target.sizes else build("expand", source, list(target.sizes))


def cast(build: AtenBuilder, value: SSAValue, dtype: Dtype | None) -> SSAValue:
    """`value` in another dtype; itself for None and for the dtype that it has."""
    return value if dtype in (None, build.type(value).dtype) else build("_to_copy", value, dtype=dtype)
