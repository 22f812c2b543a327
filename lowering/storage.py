"""Which values can share storage: copies that move no byte, and results computed in the memory of state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import edge, program
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import BitCast, Elementwise, Reshape
from etc.dialects.tensor import Tensor


def moves_no_byte(op: Operation) -> bool:
    """Whether an op's result has the bytes of its first operand, in the same places.

    So it is for a reshape or a bit cast of what lies in the plain order, and for a permutation that leaves the order
    of the dimensions in memory as it is, those of size 1 aside. Shapes must be static: a view of a tensor that the
    runtime resizes would not follow it.
    """
    if not isinstance(op, EdgeOp) or len(op.results) != 1 or not op.operands:
        return False
    source, result = Tensor.of(op.operands[0].type), Tensor.of(op.results[0].type)
    if not (source.is_static and result.is_static):
        return False
    if op.has_trait(BitCast):
        return source.dim_order is None and result.dim_order is None
    if source.dtype is not result.dtype:
        return False
    if isinstance(op, edge.PermuteCopyOp):
        dims: Sequence[int] = op.argument("dims")
        moved = [dims[d] % source.rank for d in result.order]
        return _without_ones(moved, source.shape) == _without_ones(source.order, source.shape)
    if op.has_trait(Reshape) or isinstance(op, edge.ExpandCopyOp):
        return source.numel == result.numel and source.dim_order is None and result.dim_order is None
    return False


def is_view_at_run_time(op: Operation) -> bool:
    """Whether an op's result can be a handle of its operand's bytes that the runtime makes anew in each call.

    So it is for a reshape of a tensor in the plain order whose sizes depend on symbols, where the result stays among
    the operators of the method: what is returned, stored or passed through control flow has bytes of its own.
    """
    if not isinstance(op, EdgeOp) or not op.has_trait(Reshape) or op.has_trait(BitCast):
        return False
    source, result = Tensor.of(op.operands[0].type), Tensor.of(op.results[0].type)
    if (source.is_static and result.is_static) or source.dtype is not result.dtype:
        return False
    if source.dim_order is not None or result.dim_order is not None or not isinstance(op.parent_op(), FuncOp):
        return False
    return all(isinstance(user, EdgeOp) and user.parent is op.parent for user in _users(op.results[0]))


def _without_ones(dims: Sequence[int], shape: Sequence[int]) -> list[int]:
    return [d for d in dims if shape[d] != 1]


def base_of(value: SSAValue) -> SSAValue:
    """The value whose bytes `value` has."""
    while isinstance(op := value.owner, EdgeOp) and moves_no_byte(op):
        value = op.operands[0]
    return value


def with_views(value: SSAValue) -> Iterator[SSAValue]:
    """`value` and all that has its bytes."""
    yield value
    for user in _users(value):
        if moves_no_byte(user) and user.operands[0] is value:
            yield from with_views(user.results[0])


class Positions:
    """The order of the operations of a block."""

    def __init__(self, block: Block):
        self._numbers = {op: number for number, op in enumerate(block.ops)}

    def of(self, op: Operation) -> int:
        """The position of the operation of the block that `op` is or lies in."""
        while op not in self._numbers:
            parent = op.parent_op()
            assert parent is not None
            op = parent
        return self._numbers[op]

    def only_in_place_from(self, writer: Operation, values: Iterable[SSAValue]) -> bool:
        """Whether nothing reads `values` from `writer` on, unless `writer` does so element by element."""
        written = self.of(writer)
        for value in values:
            for user in _users(value):
                if self.of(user) > written:
                    return False
                if self.of(user) == written and not (user is writer and _reads_in_place(writer, value)):
                    return False
        return True


class StateUses:
    """Reads and writes of mutable globals in one method, in program order."""

    def __init__(self, method: FuncOp):
        block = method.body.block
        self._block = block
        self._positions = Positions(block)
        self._aliases: dict[str, list[SSAValue]] = {}
        """values that lie in a global's memory with its old content"""
        self._targets: dict[SSAValue, program.GlobalOp] = {}
        """values computed in the memory of a global"""
        loads = [op for op in block.ops if isinstance(op, program.LoadOp)]
        stores = [op for op in block.ops if isinstance(op, program.StoreOp)]
        for load in loads:
            self._aliases.setdefault(load.symbol, []).extend(with_views(load.result))
        symbols = [store.symbol for store in stores]
        for store in stores:
            if symbols.count(store.symbol) == 1 and self._can_be_computed_in_place(store):
                target = program.lookup(store, store.symbol)
                assert target is not None
                self._targets.setdefault(store.value, target)

    def computed_in(self, op: Operation) -> Mapping[SSAValue, program.GlobalOp]:
        """The results of `op` that are computed in the memory of a global."""
        return {r: self._targets[r] for r in op.results if r in self._targets}

    def needed_after(self, store: program.StoreOp) -> Iterator[SSAValue]:
        """Values with the old content of the global that something after the store uses."""
        for value in self._aliases.get(store.symbol, ()):
            if any(self._positions.of(user) > self._positions.of(store) for user in _users(value)):
                yield value

    def _can_be_computed_in_place(self, store: program.StoreOp) -> bool:
        """Whether nothing but the producer of the stored value, element by element, reads the old content any more."""
        producer = store.value.owner
        if not isinstance(producer, EdgeOp) or producer.parent is not self._block or moves_no_byte(producer):
            return False
        return self._positions.only_in_place_from(producer, self._aliases.get(store.symbol, ()))


def _users(value: SSAValue) -> list[Operation]:
    return [use.operation for use in value.uses]


def _reads_in_place(op: Operation, value: SSAValue) -> bool:
    """Whether a kernel may write its result over its operand `value`."""
    if isinstance(op, edge.IndexPutOp):
        return _puts_in_place(op) and op.operands[0] is value and value not in tuple(op.operands)[1:]
    return isinstance(op, EdgeOp) and op.has_trait(Elementwise) and value.type == op.results[0].type


def indexed_dimension(indices: Sequence[SSAValue | None]) -> int | None:
    """The dimension that a list of indices goes along, when it is one, and its index a vector of integers."""
    given = [(i, Tensor.of(v.type)) for i, v in enumerate(indices) if v is not None]
    if len(given) != 1:
        return None
    dimension, index = given[0]
    return dimension if index.rank == 1 and index.dtype.is_integer else None


def _puts_in_place(op: edge.IndexPutOp) -> bool:
    """Whether the runtime's `index_put_` takes the arguments: one vector of indices, and values not to be broadcast."""
    dimension = indexed_dimension(op.argument("indices"))
    if dimension is None or op.argument("accumulate"):
        return False
    target, values = Tensor.of(op.self_.type), Tensor.of(op.values.type)
    sizes = list(target.sizes)
    sizes[dimension] = Tensor.of(op.argument("indices")[dimension].type).sizes[0]
    return values.sizes == tuple(sizes)
