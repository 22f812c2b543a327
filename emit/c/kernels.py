"""What is known of the functions of a program: which arguments they write, whether they can fail, what overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith, cf, func, memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, FixedBitwidthType, IntegerAttr, MemRefType, ModuleOp
from xdsl.ir import BlockArgument, Operation, OpResult, SSAValue

from etc.dialects.c_attributes import MAX_ELEMENTS
from etc.emit.c.buffers import static_strides

VIEWS = (
    memref.ViewOp,
    memref.SubviewOp,
    memref.ReinterpretCastOp,
    memref.CastOp,
    memref.MemorySpaceCastOp,
    memref.CollapseShapeOp,
    memref.ExpandShapeOp,
    memref.AssumeAlignmentOp,
)
"""Operations whose result is memory of their first operand."""


def root(value: SSAValue) -> SSAValue:
    """The memref that `value` is a view of: an argument, a global, a local array."""
    while isinstance(value, OpResult) and isinstance(value.op, VIEWS):
        value = value.op.operands[0]
    return value


@dataclass(frozen=True)
class _Memory:
    """Bytes from `low` to `high` of what `root` names; None where not known."""

    root: object
    low: int | None
    high: int | None

    def overlaps(self, other: _Memory) -> bool:
        if self.root != other.root:
            return False
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return True
        return self.low < other.high and other.low < self.high


def _memory(value: SSAValue) -> _Memory:
    """What a memref covers. A view of a pool of bytes at a constant place is that piece, any other its whole root."""
    base = root(value)
    name: object = base
    if isinstance(base, OpResult) and isinstance(base.op, memref.GetGlobalOp):
        name = base.op.name_.root_reference.data
    view = value
    while view is not base and isinstance(view, OpResult) and not isinstance(view.op, memref.ViewOp):
        view = view.op.operands[0]
    if not isinstance(view, OpResult) or not isinstance(view.op, memref.ViewOp):
        return _Memory(name, None, None)
    at, elements = view.op.byte_shift.owner, _most_elements(view.op)
    element = view.op.result.type.element_type
    if (
        not isinstance(at, arith.ConstantOp)
        or not isinstance(at.value, IntegerAttr)
        or elements is None
        or not isinstance(element, FixedBitwidthType)
    ):
        return _Memory(name, None, None)
    low = at.value.value.data
    return _Memory(name, low, low + elements * element.size)


def _most_elements(view: memref.ViewOp) -> int | None:
    """How many elements a piece of a pool has, at most; None where not known."""
    shape = view.result.type.get_shape()
    if DYNAMIC_INDEX not in shape:
        return prod(shape)
    most = view.attributes.get(MAX_ELEMENTS)
    return most.value.data if isinstance(most, IntegerAttr) else None


class Functions:
    """Facts on the functions of a module, found once."""

    def __init__(self, module: ModuleOp):
        self.by_name = {op.sym_name.data: op for op in module.ops if isinstance(op, func.FuncOp)}
        self._calls = {name: _calls(function) for name, function in self.by_name.items()}
        self._fails: dict[str, bool] = {}
        self._written: dict[str, frozenset[int]] = {}
        self._distinct: dict[str, frozenset[int]] | None = None

    def fails(self, name: str) -> bool:
        """Whether the function `name` returns a status."""
        if name not in self._fails:
            self._fails[name] = any(isinstance(op, cf.AssertOp) for op in self.by_name[name].walk()) or any(
                self.fails(call.callee.root_reference.data) for call in self._calls[name]
            )
        return self._fails[name]

    def written(self, name: str) -> frozenset[int]:
        """The numbers of the arguments of `name` whose memory it writes."""
        if name not in self._written:
            found = {root(value) for op in self.by_name[name].walk() for value in self._writes(op)}
            self._written[name] = frozenset(
                argument.index
                for argument in found
                if isinstance(argument, BlockArgument) and argument.block is self.by_name[name].body.block
            )
        return self._written[name]

    def _writes(self, op: Operation) -> Iterator[SSAValue]:
        match op:
            case memref.StoreOp():
                yield op.memref
            case memref.CopyOp():
                yield op.destination
            case func.CallOp():
                written = self.written(op.callee.root_reference.data)
                yield from (value for i, value in enumerate(op.arguments) if i in written)
            case _:
                pass

    def distinct(self, name: str) -> frozenset[int]:
        """The numbers of the arguments of `name` that overlap no argument of it that is written, in any call."""
        if self._distinct is None:
            self._distinct = self._find_distinct()
        return self._distinct.get(name, frozenset())

    def _find_distinct(self) -> dict[str, frozenset[int]]:
        distinct = {name: set(range(len(op.args))) for name, op in self.by_name.items()}
        for caller, calls in self._calls.items():
            is_method = self.by_name[caller].sym_visibility is None
            for call in calls:
                name = call.callee.root_reference.data
                places = {i: _memory(v) for i, v in enumerate(call.arguments) if isinstance(v.type, MemRefType)}
                distinct[name] -= self._overlapping(places, self.written(name), known_apart=is_method)
        return {name: frozenset(numbers) for name, numbers in distinct.items()}

    @staticmethod
    def _overlapping(places: dict[int, _Memory], written: frozenset[int], known_apart: bool) -> set[int]:
        """The arguments that share memory with another one, where one of the two is written.

        Memory that a method gets from its caller is apart by contract; a kernel's own arguments may not be.
        """
        found: set[int] = set()
        for i, a in places.items():
            for j, b in places.items():
                apart = known_apart or not (isinstance(a.root, BlockArgument) and isinstance(b.root, BlockArgument))
                if i < j and (i in written or j in written) and (a.overlaps(b) or not apart):
                    found |= {i, j}
        return found


def _calls(function: func.FuncOp) -> Sequence[func.CallOp]:
    return [op for op in function.walk() if isinstance(op, func.CallOp)]


def is_contiguous(type: MemRefType[FixedBitwidthType]) -> bool:
    """Whether the elements of a memref lie one after another in the order of the dimensions."""
    strides = static_strides(type)
    if strides is None:
        return True
    expected = 1
    for size, stride in zip(reversed(type.get_shape()), reversed(strides), strict=True):
        if size != 1 and stride != expected:
            return False
        expected *= size if size != DYNAMIC_INDEX else 0
    return DYNAMIC_INDEX not in type.get_shape()[1:]
