"""Views of memory: types of memrefs, slices and reshapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xdsl.dialects import memref, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, StridedLayoutAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue

_SLICE_PARTS = ("offsets", "sizes", "strides")


def memref_type(type: Attribute) -> MemRefType[Any]:
    """The memref that holds a tensor of `type`, in the plain order."""
    assert isinstance(type, TensorType)
    return MemRefType(type.element_type, type.get_shape())


def mixed(op: Operation, part: str, values: Mapping[SSAValue, SSAValue]) -> list[SSAValue | int]:
    """`offsets`, `sizes` or `strides` of a slice: numbers, and values where they are known only at run time."""
    dynamic = iter(getattr(op, part))
    static = getattr(op, f"static_{part}").get_values()
    return [values[next(dynamic)] if s == DYNAMIC_INDEX else int(s) for s in static]


def subview(
    source: SSAValue, slice: tensor.ExtractSliceOp | tensor.InsertSliceOp, values: Mapping[SSAValue, SSAValue]
) -> memref.SubviewOp | None:
    """The part of `source` that a slice reads or writes; None when its strides are known only at run time."""
    offsets, sizes, strides = (mixed(slice, part, values) for part in _SLICE_PARTS)
    type = source.type
    assert isinstance(type, MemRefType)
    result = memref.SubviewOp.infer_result_type(type, offsets, sizes, strides)
    strides_in_memory = result.get_strides()
    if strides_in_memory is None or None in strides_in_memory:
        return None
    if isinstance(result.layout, StridedLayoutAttr) and is_plain(result) and result.get_offset() == 0:
        result = MemRefType(result.element_type, result.get_shape())
    return memref.SubviewOp.get(source, offsets, sizes, strides, result)


def is_plain(type: MemRefType[Any]) -> bool:
    """Whether elements lie one after the other, in order; the first may lie anywhere."""
    if not isinstance(type.layout, StridedLayoutAttr):
        return True
    strides, expected = type.get_strides(), MemRefType(type.element_type, type.get_shape()).get_strides()
    assert expected is not None
    return strides is not None and all(
        have == want and want is not None or size == 1
        for have, want, size in zip(strides, expected, type.get_shape(), strict=True)
    )


def is_view_of(held: SSAValue, whole: SSAValue) -> bool:
    """Whether a memref is another one, or a reshape of it."""
    while held is not whole and isinstance(held.owner, memref.ReinterpretCastOp):
        held = held.owner.source
    return held is whole


def is_same_place(a: SSAValue, b: SSAValue) -> bool:
    """Whether the elements of two memrefs of one shape surely lie in the same bytes: slices may overlap otherwise."""
    return is_view_of(a, _whole(b)) and a.type == b.type


def _whole(held: SSAValue) -> SSAValue:
    """What a reshape is of."""
    while isinstance(held.owner, memref.ReinterpretCastOp):
        held = held.owner.source
    return held


def reinterpreted(
    source: SSAValue,
    type: MemRefType[Any],
    dynamic_sizes: Sequence[SSAValue],
    product: Callable[[SSAValue | int, SSAValue | int], SSAValue | int],
) -> memref.ReinterpretCastOp:
    """`source`, whose elements lie one after the other, with the sizes of `type`; `product` inserts a product."""
    left = iter(dynamic_sizes)
    sizes: list[SSAValue | int] = [next(left) if s == DYNAMIC_INDEX else s for s in type.get_shape()]
    strides: list[SSAValue | int] = [1] if sizes else []
    for size in reversed(sizes[1:]):
        strides.insert(0, product(size, strides[0]))
    return memref.ReinterpretCastOp.from_dynamic(source, [0], sizes, strides, type)
