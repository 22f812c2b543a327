"""`Tensor`: what is known of a tensor at compile time, and its IR type.

The IR type is builtin's `tensor<…>`. What it cannot say, the order of the dimensions in memory and the sizes that are
expressions over symbols, stands in one encoding attribute which is absent when both are plain:

    tensor<1x8x16x16xf32>
    tensor<1x8x16x16xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
    tensor<?x?xf32, #edge.layout<sizes = [s0, s0*2 + 1]>>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xdsl.dialects.builtin import DYNAMIC_INDEX, NoneAttr, TensorType
from xdsl.ir import Attribute, Data
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects import symbolic
from etc.dialects.dtypes import BY_IR, Dtype
from etc.dialects.symbolic import Dim, Expr


@dataclass(frozen=True)
class Layout:
    """Memory order of the dimensions, outermost first, and one `Dim` per dimension; None where plain."""

    dim_order: tuple[int, ...] | None
    sizes: tuple[Dim, ...] | None


@irdl_attr_definition
class LayoutAttr(Data[Layout]):
    """`#edge.layout<dim_order = [0, 2, 3, 1], sizes = [s0, 8, s1*2, 4]>`, each part optional."""

    name = "edge.layout"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Layout:
        dim_order: tuple[int, ...] | None = None
        sizes: tuple[Dim, ...] | None = None

        def field() -> None:
            nonlocal dim_order, sizes
            if parser.parse_optional_keyword("dim_order") is not None:
                parser.parse_punctuation("=")
                dim_order = tuple(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer))
            else:
                parser.parse_keyword("sizes")
                parser.parse_punctuation("=")
                sizes = tuple(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: parse_dim(parser)))

        parser.parse_comma_separated_list(parser.Delimiter.ANGLE, field)
        return Layout(dim_order, sizes)

    def print_parameter(self, printer: Printer) -> None:
        parts: list[str] = []
        if self.data.dim_order is not None:
            parts.append(f"dim_order = [{', '.join(map(str, self.data.dim_order))}]")
        if self.data.sizes is not None:
            parts.append(f"sizes = [{', '.join(map(str, self.data.sizes))}]")
        printer.print_string(f"<{', '.join(parts)}>")

    def verify(self) -> None:
        order, sizes = self.data.dim_order, self.data.sizes
        if order is not None and sorted(order) != list(range(len(order))):
            raise VerifyException(
                f"dim order {list(order)} is not a permutation of the dimensions 0 to {len(order) - 1}"
            )
        if order is not None and sizes is not None and len(order) != len(sizes):
            raise VerifyException(f"dim order has {len(order)} dimensions, sizes has {len(sizes)}")


def parse_dim(parser: AttrParser, negative: bool = False) -> Dim:
    """A size expression in attribute position, as `symbolic.parse` reads it; `negative`: its sign has been read."""
    return _parse_sum(parser, negative)


def _parse_sum(parser: AttrParser, negative: bool = False) -> Dim:
    negative = negative or parser.parse_optional_punctuation("-") is not None
    value = -_parse_product(parser) if negative else _parse_product(parser)
    while True:
        if parser.parse_optional_punctuation("+") is not None:
            value = value + _parse_product(parser)
        elif parser.parse_optional_punctuation("-") is not None:
            value = value - _parse_product(parser)
        else:
            return value


def _parse_product(parser: AttrParser) -> Dim:
    value = _parse_atom(parser)
    while parser.parse_optional_punctuation("*") is not None:
        value = value * _parse_atom(parser)
    return value


def _parse_atom(parser: AttrParser) -> Dim:
    if (number := parser.parse_optional_integer(allow_boolean=False)) is not None:
        return number
    position = parser.pos
    name = parser.parse_identifier(" as a size")
    if parser.parse_optional_punctuation("(") is None:
        return symbolic.symbol(name)
    first = _parse_sum(parser)
    parser.parse_punctuation(",")
    second = _parse_sum(parser)
    parser.parse_punctuation(")")
    try:
        return symbolic.parse(f"{name}({first}, {second})")
    except ValueError as error:
        parser.raise_error(str(error), position)


@dataclass(frozen=True)
class Tensor:
    """dtype, sizes (ints or expressions over symbols) and memory order (None: the dimensions as they stand)."""

    dtype: Dtype
    sizes: tuple[Dim, ...]
    dim_order: tuple[int, ...] | None = None

    @property
    def rank(self) -> int:
        return len(self.sizes)

    @property
    def numel(self) -> Dim:
        return symbolic.product(self.sizes)

    @property
    def is_static(self) -> bool:
        return not any(isinstance(s, Expr) for s in self.sizes)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of a static tensor. Raises ValueError when one is symbolic."""
        for size in self.sizes:
            if isinstance(size, Expr):
                raise ValueError(f"size {size} is known only at run time")
        return tuple(s for s in self.sizes if isinstance(s, int))

    @property
    def order(self) -> tuple[int, ...]:
        """Memory order of the dimensions, outermost first."""
        return self.dim_order or tuple(range(self.rank))

    @property
    def type(self) -> TensorType[Any]:
        return _type_of(self)

    @staticmethod
    def of(type: Attribute) -> Tensor:
        """Raises TypeError when `type` is not a ranked tensor of a known element type."""
        return _tensor_of(type)

    def like(
        self,
        *,
        dtype: Dtype | None = None,
        sizes: Sequence[Dim] | None = None,
        dim_order: Sequence[int] | None = None,
    ) -> Tensor:
        """A copy with some parts changed. New sizes of another rank drop the dim order."""
        new = self.sizes if sizes is None else tuple(sizes)
        order = tuple(dim_order) if dim_order is not None else self.dim_order
        return tensor(dtype or self.dtype, new, order if order is None or len(order) == len(new) else None)

    def __str__(self) -> str:
        return str(self.type)


def tensor(dtype: Dtype, sizes: Sequence[Dim], dim_order: Sequence[int] | None = None) -> Tensor:
    """A `Tensor` whose dim order is None when it is the plain one."""
    order = None if dim_order is None or list(dim_order) == list(range(len(sizes))) else tuple(dim_order)
    return Tensor(dtype, tuple(sizes), order)


@lru_cache(maxsize=8192)
def _type_of(t: Tensor) -> TensorType[Any]:
    sizes = None if t.is_static else t.sizes
    layout = NoneAttr() if sizes is None and t.dim_order is None else LayoutAttr(Layout(t.dim_order, sizes))
    return TensorType(t.dtype.ir, [DYNAMIC_INDEX if isinstance(s, Expr) else s for s in t.sizes], layout)


@lru_cache(maxsize=8192)
def _tensor_of(type: Attribute) -> Tensor:
    if not isinstance(type, TensorType) or type.element_type not in BY_IR:
        raise TypeError(f"{type} is not a tensor of a known element type")
    shape = type.get_shape()
    layout = type.encoding.data if isinstance(type.encoding, LayoutAttr) else Layout(None, None)
    if layout.sizes is None and DYNAMIC_INDEX in shape:
        raise TypeError(f"{type} has a size that is neither a number nor an expression over symbols")
    return tensor(BY_IR[type.element_type], layout.sizes or shape, layout.dim_order)
