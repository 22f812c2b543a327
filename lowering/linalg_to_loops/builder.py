"""Writes loop nests: scf.for, memref.load/store and index arithmetic that folds what is known at compile time.

An index is a Python int as long as it is known; it becomes an `arith.constant` at the top of the function, once for
each value, where an operation needs it. A loop of one iteration is not written at all.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr, MemRefType, StringAttr, UnknownLoc, i64
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
)
from xdsl.rewriter import InsertPoint

Index = int | SSAValue
"""A size or position: known at compile time, or a value of type `index`."""


@dataclass
class Loop:
    """A loop whose body is being written: its induction variable and what it carries from iteration to iteration."""

    index: Index
    carried: tuple[SSAValue, ...]
    results: tuple[SSAValue, ...] = ()
    """What the loop leaves behind: valid once its `with` has ended."""
    _yielded: tuple[SSAValue, ...] | None = field(default=None, repr=False)

    def yield_(self, *values: SSAValue) -> None:
        """Say what the next iteration gets as `carried`. Without it, the loop carries nothing."""
        self._yielded = values

    @property
    def yielded(self) -> tuple[SSAValue, ...]:
        return self._yielded if self._yielded is not None else self.carried


class LoopBuilder:
    """Inserts operations before `anchor`, with its location."""

    def __init__(self, anchor: Operation):
        block = anchor.parent
        assert block is not None
        self._anchor = anchor
        self._point = InsertPoint.before(anchor)
        self._constants = _constants_of(anchor)
        self._outermost: list[Operation] = []

    def insert(self, op: Operation) -> Operation:
        """Insert `op` where the builder stands."""
        for inserted in op.walk() if op.regions else (op,):
            if isinstance(inserted.location, UnknownLoc):
                inserted.location = self._anchor.location
        before = self._point.insert_before
        if before is None:
            self._point.block.add_op(op)
        else:
            self._point.block.insert_op_before(op, before)
        if before is self._anchor:
            self._outermost.append(op)
        return op

    def value(self, op: Operation) -> SSAValue:
        """Insert `op` and return its one result."""
        return self.insert(op).results[0]

    def describe(self, name: str, docs: Sequence[StringAttr]) -> None:
        """Give the loops an attribute that says what they compute."""
        text = " + ".join(dict.fromkeys(doc.data for doc in docs))
        for op in self._outermost:
            if text and op.regions:
                op.attributes[name] = StringAttr(text)

    def count(self, name: str, number: int) -> None:
        """Give the first of the loops an attribute that counts what all of them do."""
        if (first := next((op for op in self._outermost if op.regions), None)) is not None:
            first.attributes[name] = IntegerAttr(number, i64)

    # Numbers

    def index(self, number: Index) -> SSAValue:
        """`number` as an SSA value of type index."""
        return self.constant(IntegerAttr.from_index_int_value(number)) if isinstance(number, int) else number

    def constant(self, value: Attribute) -> SSAValue:
        """A constant at the top of the function."""
        return self._constants.get(value)

    def add(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if a == 0 or b == 0:
            return b if a == 0 else a
        return self.value(arith.AddiOp(self.index(a), self.index(b)))

    def sub(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a - b
        return a if b == 0 else self.value(arith.SubiOp(self.index(a), self.index(b)))

    def mul(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 0 or b == 0:
            return 0
        if a == 1 or b == 1:
            return b if a == 1 else a
        return self.value(arith.MuliOp(self.index(a), self.index(b)))

    def floordiv(self, a: Index, b: int) -> Index:
        """`a` divided by a positive number, rounded down; `a` must not be negative unless it is known."""
        if isinstance(a, int):
            return a // b
        return a if b == 1 else self.value(arith.DivSIOp(a, self.index(b)))

    def mod(self, a: Index, b: int) -> Index:
        """The rest of `floordiv`."""
        if isinstance(a, int):
            return a % b
        return 0 if b == 1 else self.value(arith.RemSIOp(a, self.index(b)))

    def min(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return min(a, b)
        return self.value(arith.MinSIOp(self.index(a), self.index(b)))

    def max(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return max(a, b)
        return self.value(arith.MaxSIOp(self.index(a), self.index(b)))

    def affine(self, expr: AffineExpr, dims: Mapping[int, Index]) -> Index:
        """The value of an affine expression over loop indices."""
        match expr:
            case AffineDimExpr():
                return dims[expr.position]
            case AffineConstantExpr():
                return expr.value
            case AffineBinaryOpExpr():
                a, b = self.affine(expr.lhs, dims), self.affine(expr.rhs, dims)
                return self._binary(expr.kind, a, b)
            case _:
                raise ValueError(f"an indexing map has no symbols: {expr}")

    def _binary(self, kind: AffineBinaryOpKind, a: Index, b: Index) -> Index:
        match kind:
            case AffineBinaryOpKind.Add:
                return self.add(a, b)
            case AffineBinaryOpKind.Mul:
                return self.mul(a, b)
            case AffineBinaryOpKind.FloorDiv | AffineBinaryOpKind.CeilDiv | AffineBinaryOpKind.Mod:
                if not isinstance(b, int):
                    raise ValueError("an indexing map divides by numbers only")
        match kind:
            case AffineBinaryOpKind.FloorDiv:
                return self.floordiv(a, b)
            case AffineBinaryOpKind.CeilDiv:
                return self.floordiv(self.add(a, b - 1), b)
            case AffineBinaryOpKind.Mod:
                return self.mod(a, b)

    # Memory

    def load(self, buffer: SSAValue, indices: Sequence[Index]) -> SSAValue:
        return self.value(memref.LoadOp.get(buffer, [self.index(i) for i in indices]))

    def store(self, value: SSAValue, buffer: SSAValue, indices: Sequence[Index]) -> None:
        self.insert(memref.StoreOp.get(value, buffer, [self.index(i) for i in indices]))

    def local(self, element: Attribute, *shape: int) -> SSAValue:
        """A local array."""
        return self.value(memref.AllocaOp.get(element, shape=shape))

    def size(self, buffer: SSAValue, dim: int) -> Index:
        """The size of a buffer, without a use of the buffer where there is another way."""
        type = buffer.type
        assert isinstance(type, MemRefType)
        shape = type.get_shape()
        if shape[dim] >= 0:
            return shape[dim]
        match buffer.owner:
            case memref.AllocOp() as allocation:
                return allocation.dynamic_sizes[sum(s < 0 for s in shape[:dim])]
            case memref.CastOp() as cast:
                return self.size(cast.source, dim)
            case _:
                return self.value(memref.DimOp(buffer, self.index(dim)))

    # Loops

    @contextmanager
    def loop(
        self, lower: Index, upper: Index, step: int = 1, carried: Sequence[SSAValue] = (), name: str = "i"
    ) -> Generator[Loop]:
        """`for index in range(lower, upper, step)` around what is written inside the `with`."""
        if isinstance(lower, int) and isinstance(upper, int) and lower < upper <= lower + step:
            once = Loop(lower, tuple(carried))
            yield once
            once.results = once.yielded
            return
        block = Block(arg_types=[IndexType(), *(value.type for value in carried)])
        block.args[0].name_hint = name
        op = scf.ForOp(self.index(lower), self.index(upper), self.index(step), carried, block)
        self.insert(op)
        around, self._point = self._point, InsertPoint.at_end(block)
        loop = Loop(block.args[0], tuple(block.args[1:]))
        yield loop
        self.insert(scf.YieldOp(*loop.yielded))
        self._point = around
        loop.results = tuple(op.res)


@dataclass
class _Constants:
    """The constants at the top of a function."""

    block: Block
    known: dict[Attribute, arith.ConstantOp]

    def get(self, value: Attribute) -> SSAValue:
        found = self.known.get(value)
        if found is None or found.parent is not self.block:
            self.known[value] = found = arith.ConstantOp(value)  # pyright: ignore[reportArgumentType]
            first = self.block.first_op
            self.block.insert_ops_before((found,), first) if first is not None else self.block.add_op(found)
        return found.result


def _constants_of(op: Operation) -> _Constants:
    """Those at the very top of the outermost region-holding operation around `op` below the module: the function."""
    from xdsl.dialects.func import FuncOp

    around: Operation | None = op
    while around is not None and not isinstance(around, FuncOp):
        around = around.parent_op()
    block = around.body.block if around is not None else op.parent
    assert block is not None
    known: dict[Attribute, arith.ConstantOp] = {}
    for first in block.ops:
        if not isinstance(first, arith.ConstantOp):
            break
        known.setdefault(first.value, first)
    return _Constants(block, known)
