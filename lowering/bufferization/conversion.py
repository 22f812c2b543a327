"""Converts the operations of one method from tensors to memrefs, in their order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from itertools import count
from typing import Any

from xdsl.dialects import arith, linalg, memref, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AffineMapAttr,
    IndexType,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.traits import IsTerminator

from etc.dialects import program
from etc.dialects.blob import Blob
from etc.dialects.c_attributes import MAX_ELEMENTS
from etc.errors import EtcError, problem_at
from etc.lowering.bufferization.inplace import State, Storage, Uses, loops_between
from etc.lowering.bufferization.places import Places
from etc.lowering.bufferization.views import is_plain, memref_type, reinterpreted, subview

_PARALLEL = linalg.attrs.IteratorTypeAttr(linalg.attrs.IteratorType.PARALLEL)


class Conversion:
    """`values` maps numbers, `held` maps tensors to memrefs. New operations go to the end of the current block."""

    def __init__(
        self,
        module: ModuleOp,
        method: FuncOp,
        table: Mapping[type[Operation], Callable[[Conversion, Any], None]],
        constants: dict[tuple[Blob, Attribute], str],
    ):
        self.module, self._table, self._constants = module, table, constants
        self.values: dict[SSAValue, SSAValue] = {}
        self.held: dict[SSAValue, SSAValue] = {}
        self.storages: dict[SSAValue, Storage] = {}
        self.uses = Uses(method)
        self.state = State(method)
        self.places = Places(self._reshaped)
        self.parts: dict[tensor.InsertSliceOp, SSAValue] = {}
        """the slices that were offered to the sources of insertions as their place"""
        self._limits: dict[SSAValue, Attribute] = {}
        """the most elements of memory whose size is known only at run time"""
        self._block = Block()
        self._source: Block | None = None
        self._location = method.location
        for op in method.walk():
            if isinstance(op, tensor.InsertSliceOp):
                self._place_in_slice(op)

    # Values and storage.

    def hold(self, value: SSAValue, held: SSAValue, storage: Storage) -> None:
        """`held` is where the tensor `value` lies."""
        self.held[value] = held
        self.storages[value] = storage
        storage.members.append(value)
        if held.name_hint is None:
            held.name_hint = value.name_hint

    def limit(self, held: SSAValue, most: int) -> None:
        """`held` has at most so many elements."""
        self._limits[held] = IntegerAttr(most, i64)

    @contextmanager
    def inside(self, block: Block) -> Generator[None]:
        """Insert into `block`."""
        outer, self._block = self._block, block
        yield
        self._block = outer

    def memory(self, value: SSAValue) -> SSAValue:
        """Where a tensor lies; for an empty one that is read as it is, some memory."""
        if value not in self.held:
            assert isinstance(value.owner, tensor.EmptyOp)
            self.hold(value, self.materialise(value.owner), Storage(writable=True))
        return self.held[value]

    def insert(self, op: Operation) -> Operation:
        op.location = self._location
        self._block.add_op(op)
        return op

    def index(self, number: int) -> SSAValue:
        return self.insert(arith.ConstantOp(IntegerAttr(number, IndexType()))).results[0]

    def as_value(self, number: SSAValue | int) -> SSAValue:
        return self.index(number) if isinstance(number, int) else number

    def reinterpret(self, held: SSAValue, type: MemRefType[Any], dynamic_sizes: Sequence[SSAValue]) -> SSAValue:
        """A memref whose elements lie one after the other, with the sizes of `type`."""

        def product(a: SSAValue | int, b: SSAValue | int) -> SSAValue | int:
            if a == 1 or b == 1:
                return b if a == 1 else a
            if isinstance(a, int) and isinstance(b, int):
                return a * b
            return self.insert(arith.MuliOp(self.as_value(a), self.as_value(b))).results[0]

        return self.insert(reinterpreted(held, type, dynamic_sizes, product)).results[0]

    def sizes(self, held: SSAValue) -> list[SSAValue]:
        """The sizes of a memref that are known only at run time."""
        dynamic = [i for i, s in enumerate(_memref(held).get_shape()) if s == DYNAMIC_INDEX]
        return [self.insert(memref.DimOp(held, self.index(i))).results[0] for i in dynamic]

    def alloc(self, type: MemRefType[Any], sizes: Sequence[SSAValue], most: Attribute | None) -> SSAValue:
        """New memory; `most` is the largest number of elements where sizes are known only at run time."""
        op = memref.AllocOp(sizes, [], type)
        if sizes:
            assert most is not None, "what is dynamic says how large it can be"
            op.attributes[MAX_ELEMENTS] = most
            self._limits[op.memref] = most
        return self.insert(op).results[0]

    def alloc_like(self, held: SSAValue) -> SSAValue:
        """New memory for as much as `held` holds, in the plain order."""
        type = _memref(held)
        sizes = self.sizes(held)
        return self.alloc(MemRefType(type.element_type, type.get_shape()), sizes, self._most(held) if sizes else None)

    def _most(self, held: SSAValue) -> Attribute:
        """The most elements of a memref: those of what it is a view of."""
        while held not in self._limits and isinstance(held.owner, Operation):
            held = held.owner.operands[0]
        return self._limits[held]

    def copy(self, source: SSAValue, target: SSAValue) -> None:
        if source is target:
            return
        type = _memref(target)
        block = Block(arg_types=[type.element_type, type.element_type])
        block.add_op(linalg.ops.YieldOp(block.args[0]))
        identity = AffineMapAttr(AffineMap.identity(len(type.get_shape())))
        iterators = [_PARALLEL] * len(type.get_shape())
        self.insert(linalg.ops.GenericOp([source], [target], Region(block), [identity, identity], iterators))

    def copy_out(self, source: SSAValue, output: SSAValue) -> None:
        """Copy to an output of the method, as much of it as there is: its own size may be what the data has decided."""
        sizes = self.sizes(source) if source is not output else []
        if sizes:
            dynamic = iter(sizes)
            shape = _memref(source).get_shape()
            given = [next(dynamic) if s == DYNAMIC_INDEX else s for s in shape]
            zeros, ones = [0] * len(shape), [1] * len(shape)
            part = memref.SubviewOp.get(output, zeros, given, ones, output.type)
            output = self.insert(part).results[0]
        self.copy(source, output)

    def fill(self, target: SSAValue, value: SSAValue) -> None:
        type = _memref(target)
        block = Block(arg_types=[type.element_type])
        block.add_op(linalg.ops.YieldOp(value))
        identity = AffineMapAttr(AffineMap.identity(len(type.get_shape())))
        self.insert(linalg.ops.GenericOp([], [target], Region(block), [identity], [_PARALLEL] * len(type.get_shape())))

    def writable(
        self, op: Operation, value: SSAValue, *, keeps: bool, besides: AbstractSet[Storage] = frozenset()
    ) -> tuple[SSAValue, Storage]:
        """Memory for what `op` makes of `value`, other than `besides`, which `op` uses otherwise.

        With `keeps`, it holds the content of `value` when `op` begins.
        """
        if isinstance(value.owner, tensor.EmptyOp):
            held = self.held.get(value)
            return held if held is not None else self.materialise(value.owner), Storage(writable=True)
        storage, held = self.storages[value], self.held[value]
        if storage not in besides and self.may_overwrite(op, value, keeps=keeps):
            return held, storage
        new = self.alloc_like(held)
        if keeps:
            self.copy(held, new)
        return new, Storage(writable=True)

    def may_overwrite(self, op: Operation, value: SSAValue, *, keeps: bool) -> bool:
        """Whether `op` may write to where `value` lies; operands of `op` that lie there too are the caller's matter."""
        storage = self.storages[value]
        if not storage.writable and not (storage.state and self.state.becomes(op, storage.state)):
            return False
        repeated = keeps and bool(loops_between(value, op))
        return not repeated and not self.uses.needed_after(storage, op)

    def materialise(self, empty: tensor.EmptyOp) -> SSAValue:
        """Memory for an empty tensor: its place, if there is one for it, else new memory. Each use has its own."""
        value = empty.tensor
        held = self.places.of(value) if value.has_one_use() else None
        if held is None:
            sizes = [self.values[s] for s in empty.dynamic_sizes]
            held = self.alloc(memref_type(value.type), sizes, empty.attributes.get(MAX_ELEMENTS))
        if value.has_one_use():
            self.held[value] = held
        return held

    def global_constant(self, op: program.ConstantOp) -> str:
        """The symbol of a global with the content of `op`, named as `op` is; equal ones are one."""
        key = op.value.data, op.result.type
        if key not in self._constants:
            taken = program.globals_of(self.module)
            wanted = op.result.name_hint or "constant"
            symbol = next(name for n in count() if (name := f"{wanted}_{n}" if n else wanted) not in taken)
            new = program.GlobalOp(symbol, op.result.type, op.value.data)
            new.location = op.location
            first = self.module.body.block.first_op
            assert first is not None
            self.module.body.block.insert_op_before(new, first)
            self._constants[key] = symbol
        return self._constants[key]

    def _reshaped(self, held: SSAValue, type: TensorType) -> SSAValue | None:
        if not is_plain(_memref(held)):
            return None
        return self.reinterpret(held, memref_type(type), [])

    def _place_in_slice(self, op: tensor.InsertSliceOp) -> None:
        """Let the source of a concatenation be computed where it ends up, if the whole starts from an empty tensor."""
        whole: SSAValue = op.dest
        while isinstance(whole.owner, tensor.InsertSliceOp) and whole.has_one_use():
            whole = whole.owner.dest
        empty, source = whole.owner, op.source.owner
        if not isinstance(empty, tensor.EmptyOp) or not isinstance(source, Operation):
            return
        if not (whole.has_one_use() and op.source.has_one_use()) or source.parent_block() is not empty.parent_block():
            return

        def place() -> SSAValue | None:
            operands = [*empty.dynamic_sizes, *op.offsets, *op.sizes, *op.strides]
            if self._source is not empty.parent_block() or any(v not in self.values for v in operands):
                return None
            held = self.held.get(whole)
            part = subview(held if held is not None else self.materialise(empty), op, self.values)
            if part is None:
                return None
            self.parts[op] = self.insert(part).results[0]
            return self.parts[op]

        self.places.want(op.source, place)

    # Operations.

    def convert_block(self, old: Block, new: Block) -> None:
        """Convert the operations of `old` to the end of `new`; of terminators only those of linalg."""
        outer, self._source = self._source, old
        with self.inside(new):
            self.convert_operations(old)
        self._source = outer

    def convert_operations(self, old: Block) -> None:
        """Convert the operations of `old` where operations are being inserted."""
        for op in old.ops:
            outer, self._location = self._location, op.location
            convert = self._table.get(type(op))
            if convert is not None:
                convert(self, op)
            elif isinstance(op, linalg.ops.YieldOp) or not op.has_trait(IsTerminator):
                self._clone(op)
            self._location = outer

    def _clone(self, op: Operation) -> None:
        if any(isinstance(v.type, TensorType) for v in (*op.operands, *op.results)):
            if isinstance(op, arith.ConstantOp | tensor.FromElementsOp):
                return  # the sizes of a reshape, which reads them from here
            raise EtcError(problem_at(op, "bufferize does not know this operation on tensors"))
        self.insert(op.clone(self.values))


def _memref(held: SSAValue) -> MemRefType[Any]:
    assert isinstance(held.type, MemRefType)
    return held.type
