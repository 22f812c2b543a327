"""Values of a program that writes in place, as functional IR.

torch.export keeps in-place operators. While a graph that has some is imported, every tensor is a `View`: memory of
its own, or a piece of another view. A write makes a new value and puts it back into what the piece was taken from, up
to the owner of the memory; every other view of that memory is then stale, and is taken anew when it is next read:

    v = x[0]              %v = select(%x, 0, 0)
    v.add_(1)     -->     %v' = add(%v, 1);  %x' = select_scatter(%x, %v', 0, 0)
    y = x * 2             %y = mul(%x', 2)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xdsl.ir import SSAValue

from etc.dialects.tensor import Tensor
from etc.lowering.import_torch_aliasing import NeedsDecompositions, cannot_write
from etc.lowering.import_torch_callees import callee_of

if TYPE_CHECKING:
    from torch.fx import Node

    from etc.lowering.import_torch_emitter import Emitter


class View(ABC):
    """A tensor's value now, and how it hangs together with the memory that it is in."""

    __slots__ = ("value", "version")

    def __init__(self, value: SSAValue, version: int):
        self.value, self.version = value, version

    @property
    @abstractmethod
    def owner(self) -> Memory: ...

    @abstractmethod
    def read(self) -> SSAValue:
        """The value after all writes so far."""

    @abstractmethod
    def write(self, value: SSAValue) -> None:
        """Make `value`, of the same type, the content. Raises NeedsDecompositions."""


class Memory(View):
    """A tensor with memory of its own; `version` counts the writes."""

    __slots__ = ()

    def __init__(self, value: SSAValue):
        super().__init__(value, 0)

    @property
    def owner(self) -> Memory:
        return self

    def read(self) -> SSAValue:
        return self.value

    def write(self, value: SSAValue) -> None:
        self.value = value
        self.version += 1


class Piece(View):
    """What the node of a view operator takes from `base`."""

    __slots__ = ("_importer", "_index", "_node", "_owner", "base")

    def __init__(self, importer: Emitter, node: Node, base: View, value: SSAValue, index: int | None = None):
        super().__init__(value, base.owner.version)
        self._importer, self._node, self.base, self._index = importer, node, base, index
        self._owner = base.owner

    @property
    def owner(self) -> Memory:
        return self._owner

    def read(self) -> SSAValue:
        if self.version != self._owner.version:
            self.value = self._importer.repeat(self._node)[self._index or 0]
            self.version = self._owner.version
        return self.value

    def write(self, value: SSAValue) -> None:
        key = callee_of(self._node.target).key  # pyright: ignore[reportArgumentType]
        inverse = _INVERSE.get(key) if self._index is None else _INVERSE_OF_LIST.get(key)
        if inverse is None:
            raise cannot_write(key)
        with self._importer.at(self._node):
            whole = inverse(PutBack(self._importer, self._node, self.base.read(), value, self._index or 0))
        self.base.write(whole)
        self.value, self.version = value, self._owner.version


class PutBack:
    """The arguments of an inverse: the base's content, the new content of the piece, and the node that took it."""

    def __init__(self, importer: Emitter, node: Node, base: SSAValue, value: SSAValue, index: int):
        self.importer, self.node, self.base, self.value, self.index = importer, node, base, value, index

    @property
    def tensor(self) -> Tensor:
        return Tensor.of(self.base.type)

    def arg(self, position: int, name: str, default: Any = None) -> Any:
        """An argument of the view operator, symbolic sizes as SSA values."""
        args = self.node.args
        given = args[position] if len(args) > position else self.node.kwargs.get(name, default)
        return self.importer.convert(given)

    def dim(self, position: int = 1, name: str = "dim", default: int = 0) -> int:
        """A dimension argument, counted from the front."""
        return self.arg(position, name, default) % max(self.tensor.rank, 1)

    def emit(self, key: str, tensor: SSAValue, **args: object) -> SSAValue:
        """An operation on `tensor` (its argument `self`) whose result is the base's new content."""
        args["self"] = tensor
        return self.importer.emit(key, args, [self.base.type], f"{self.node.name}_put_back").results[0]

    def permuted(self, order: Sequence[int]) -> SSAValue:
        """`value`, whose dimension i is the base's dimension order[i], in the base's order."""
        inverse = [list(order).index(i) for i in range(len(order))]
        return self.emit("permute", self.value, dims=inverse)


def _same_elements(p: PutBack) -> SSAValue:
    """For views that keep the elements in order, whatever the shape."""
    if p.value.type == p.base.type:
        return p.value
    return p.emit("reshape", p.value, shape=p.importer.sizes_of(p.base))


def _transpose(p: PutBack) -> SSAValue:
    return p.emit("transpose.int", p.value, dim0=p.arg(1, "dim0"), dim1=p.arg(2, "dim1"))


def _transpose_axes(p: PutBack) -> SSAValue:
    return p.emit("transpose.int", p.value, dim0=p.arg(1, "axis0"), dim1=p.arg(2, "axis1"))


def _matrix_transpose(p: PutBack) -> SSAValue:
    return p.value if p.tensor.rank < 2 else p.emit("transpose.int", p.value, dim0=-2, dim1=-1)


def _permute(p: PutBack) -> SSAValue:
    rank = p.tensor.rank
    return p.permuted([d % rank for d in p.arg(1, "dims")])


def _reverse_dims(p: PutBack) -> SSAValue:
    return p.permuted(range(p.tensor.rank)[::-1])


def _movedim(p: PutBack) -> SSAValue:
    rank = p.tensor.rank
    source, target = (a if isinstance(a, list) else [a] for a in (p.arg(1, "source"), p.arg(2, "destination")))
    moved = {t % rank: s % rank for s, t in zip(source, target, strict=True)}
    rest = iter(d for d in range(rank) if d not in moved.values())
    return p.permuted([moved[i] if i in moved else next(rest) for i in range(rank)])


def _select(p: PutBack) -> SSAValue:
    return p.emit("select_scatter", p.base, src=p.value, dim=p.arg(1, "dim"), index=p.arg(2, "index"))


def _slice(p: PutBack) -> SSAValue:
    start, end, step = p.arg(2, "start"), p.arg(3, "end"), p.arg(4, "step", 1)
    dim = p.arg(1, "dim", 0)
    return p.emit("slice_scatter", p.base, src=p.value, dim=dim, start=start, end=end, step=step)


def _narrow(p: PutBack) -> SSAValue:
    start, length = p.arg(2, "start"), p.arg(3, "length")
    if not isinstance(start, int) or not isinstance(length, int) or start < 0:
        raise NeedsDecompositions("narrow")
    dim = p.arg(1, "dim")
    return p.emit("slice_scatter", p.base, src=p.value, dim=dim, start=start, end=start + length)


def _diagonal(p: PutBack) -> SSAValue:
    offset, dim1, dim2 = p.arg(1, "offset", 0), p.arg(2, "dim1", 0), p.arg(3, "dim2", 1)
    return p.emit("diagonal_scatter", p.base, src=p.value, offset=offset, dim1=dim1, dim2=dim2)


_INVERSE: Mapping[str, Callable[[PutBack], SSAValue]] = {
    **dict.fromkeys(
        ("view", "reshape", "reshape_as", "view_as", "_unsafe_view", "flatten.using_ints", "unflatten.int", "ravel")
        + ("squeeze", "squeeze.dim", "squeeze.dims", "unsqueeze", "alias", "_reshape_alias", "lift_fresh")
        + ("atleast_1d", "atleast_2d", "atleast_3d"),
        _same_elements,
    ),
    "transpose.int": _transpose,
    "swapdims": _transpose,
    "swapaxes": _transpose_axes,
    "t": _matrix_transpose,
    "mT": _matrix_transpose,
    "permute": _permute,
    "numpy_T": _reverse_dims,
    "movedim.int": _movedim,
    "movedim.intlist": _movedim,
    "moveaxis.int": _movedim,
    "moveaxis.intlist": _movedim,
    "select.int": _select,
    "slice.Tensor": _slice,
    "narrow": _narrow,
    "diagonal": _diagonal,
}
"""How the new content of a view goes back into its base."""


def _part_of_split(p: PutBack) -> SSAValue:
    dim = p.dim(2)
    lengths = [Tensor.of(type).sizes[dim] for type in p.importer.result_types(p.node)[: p.index + 1]]
    start, end = sum(lengths[:-1]), sum(lengths)
    if not isinstance(start, int) or not isinstance(end, int):
        raise NeedsDecompositions("split")
    return p.emit("slice_scatter", p.base, src=p.value, dim=dim, start=start, end=end)


def _part_of_unbind(p: PutBack) -> SSAValue:
    return p.emit("select_scatter", p.base, src=p.value, dim=p.dim(), index=p.index)


_INVERSE_OF_LIST: Mapping[str, Callable[[PutBack], SSAValue]] = {
    **dict.fromkeys(
        ("split.Tensor", "split.sizes", "split_with_sizes", "chunk", "tensor_split.sections", "tensor_split.indices"),
        _part_of_split,
    ),
    "unbind.int": _part_of_unbind,
}
"""The same for the elements of a list of views."""
