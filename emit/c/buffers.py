"""memrefs as C sees them: a pointer to the first element, sizes, strides.

A memref's pointer has its offset in it. Sizes and strides that are numbers are known from the type; the others are
C values, which go with the pointer as arguments of calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, NoneAttr, StridedLayoutAttr, i1
from xdsl.ir import Attribute

from etc.emit.c.values import (
    EQUALITY,
    PRIMARY,
    PRODUCT,
    UNARY,
    Linear,
    Value,
    binary,
    linear,
    literal_index,
    of_linear,
)


@dataclass(frozen=True)
class Buffer:
    """`strides` is None for elements in the order of the dimensions without gaps."""

    pointer: Value
    sizes: tuple[Value, ...]
    strides: tuple[Value, ...] | None = None

    def offset(self, indices: Sequence[Value]) -> Value:
        """How many elements after the first one the element at `indices` is."""
        if self.strides is None and any(_dynamic(size) for size in self.sizes[1:]):
            total = literal_index(0)
            for index, size in zip(indices, self.sizes, strict=True):
                total = of_linear(linear(_product(total, size)).plus(linear(index)))
            return total
        form = Linear({}, 0)
        for index, stride in zip(indices, self.strides or row_major(self.sizes), strict=True):
            form = form.plus(linear(_product(index, stride)))
        return of_linear(form)

    def element(self, indices: Sequence[Value], type: Attribute) -> Value:
        """The element as an expression that can be read; a truth value is a byte that is not 0."""
        text = self.place(indices)
        return Value(f"{text} != 0U", EQUALITY) if type == i1 else Value(text, PRIMARY)

    def place(self, indices: Sequence[Value]) -> str:
        """The element as something to assign to."""
        return f"{self.pointer.at(PRIMARY)}[{self.offset(indices)}]"

    def shifted(self, offset: Value) -> Value:
        """A pointer `offset` elements further on."""
        if offset.text == "0":
            return self.pointer
        return Value(f"&{self.pointer.at(PRIMARY)}[{offset}]", UNARY)

    @property
    def elements(self) -> Value:
        """How many elements it has."""
        total = literal_index(1)
        for size in self.sizes:
            total = _product(total, size)
        return total

    def dynamic(self) -> Iterator[Value]:
        """What a callee must be told beside the pointer: sizes, then strides, that are not numbers."""
        for part in (*self.sizes, *(self.strides or ())):
            if _dynamic(part):
                yield part


def _dynamic(value: Value) -> bool:
    return value.linear is None or bool(value.linear.terms)


def _product(a: Value, b: Value) -> Value:
    x, y = linear(a), linear(b)
    if not x.terms or not y.terms:
        return of_linear(y.times(x.constant) if not x.terms else x.times(y.constant))
    return binary(a, "*", Value(b.at(UNARY)), PRODUCT)


def row_major(sizes: Sequence[Value]) -> tuple[Value, ...]:
    """The strides of a tensor whose last dimension is contiguous."""
    strides = [literal_index(1)]
    for size in reversed(sizes[1:]):
        strides.insert(0, _product(strides[0], size))
    return tuple(strides[: len(sizes)])


def static_sizes(type: MemRefType[Any]) -> tuple[int | None, ...]:
    """Sizes of a memref type; None where they are known only at run time."""
    return tuple(None if size == DYNAMIC_INDEX else size for size in type.get_shape())


def static_strides(type: MemRefType[Any]) -> tuple[int | None, ...] | None:
    """Strides of a memref type in elements, None where the layout is the plain one.

    Raises TypeError for a layout that is an affine map.
    """
    match type.layout:
        case NoneAttr():
            return None
        case StridedLayoutAttr() as layout:
            return tuple(layout.get_strides())
        case other:
            raise TypeError(f"the layout {other} of a memref")
