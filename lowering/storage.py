"""Which values can share storage: copies that move no byte, and results computed in the memory of state."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import cast

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import edge, program
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import BitCast, Elementwise, Reshape
from etc.dialects.tensor import Tensor

_PARTS = (edge.SliceCopyOp, edge.SelectCopyOp, edge.SplitWithSizesCopyOp, edge.UnbindCopyOp)


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


def slice_starts(op: Operation) -> Sequence[int] | None:
    """Where the results of an op begin in the bytes of its first operand, of which each is a stretch; None for others.

    So it is for parts along the outermost dimension whose size is not 1, of what lies in the plain order. Sizes and
    places must be static.
    """
    if not isinstance(op, _PARTS) or not op.results:
        return None
    source, results = Tensor.of(op.operands[0].type), [Tensor.of(r.type) for r in op.results]
    dim = cast(int, op.argument("dim")) % max(source.rank, 1)
    if any(size != 1 for size in source.sizes[:dim]) or not all(_is_plain(t) for t in (source, *results)):
        return None
    step = source.dtype.size * math.prod(source.shape[dim + 1 :])
    match op:
        case edge.SliceCopyOp():
            start = op.argument("start") or 0
            if op.argument("step") != 1 or not isinstance(start, int):
                return None
            size = source.shape[dim]
            return [step * min(max(start + size if start < 0 else start, 0), size)]
        case edge.SelectCopyOp():
            index = op.argument("index")
            return [step * (index % source.shape[dim])] if isinstance(index, int) else None
        case _:
            lengths = [math.prod(result.shape) * source.dtype.size for result in results]
            return [0, *accumulate(lengths[:-1])]


def _is_plain(tensor: Tensor) -> bool:
    return tensor.is_static and tensor.dim_order is None and 0 not in tensor.shape


def lies_in_operand(op: Operation) -> bool:
    """Whether the bytes of an op's results may be bytes of its first operand."""
    return moves_no_byte(op) or slice_starts(op) is not None


def is_cut_up(base: SSAValue) -> bool:
    """Whether the slices of a tensor are most of it: for a small part it would have to be kept alive."""
    slices = [user for value in with_views(base) for user in _users(value) if slice_starts(user) is not None]
    return 2 * sum(_bytes(r) for user in dict.fromkeys(slices) for r in user.results) >= _bytes(base)


def _bytes(value: SSAValue) -> int:
    known = Tensor.of(value.type)
    return known.dtype.size * math.prod(known.shape)


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
    """The value whose bytes `value` has, or may have a part of."""
    while isinstance(op := value.owner, EdgeOp) and lies_in_operand(op):
        value = op.operands[0]
    return value


def with_views(value: SSAValue) -> Iterator[SSAValue]:
    """`value` and all that has its bytes, or may have a part of them."""
    yield value
    for user in dict.fromkeys(_users(value)):
        if lies_in_operand(user) and user.operands[0] is value:
            for result in user.results:
                yield from with_views(result)


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
        if not isinstance(producer, EdgeOp) or producer.parent is not self._block or lies_in_operand(producer):
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
