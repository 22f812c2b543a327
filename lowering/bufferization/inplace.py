"""Which storage a value shares, and whether it may be overwritten.

Values that lie in the same bytes are members of one `Storage`. An operation may write to it when nothing that can run
later reads what a member was before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.dialects import scf, tensor
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import program
from etc.lowering.bufferization.places import starts_from


@dataclass(eq=False)
class Storage:
    """Bytes that some values of the tensor program lie in."""

    writable: bool
    members: list[SSAValue] = field(default_factory=list[SSAValue])
    state: str = ""
    """the mutable global that it is"""


class Uses:
    """When values of a method are used."""

    def __init__(self, method: FuncOp):
        self._order = {op: number for number, op in enumerate(method.walk())}

    def needed_after(self, storage: Storage, op: Operation) -> bool:
        """Whether a member is used after `op`, in a region of `op`, or before it in the next round of a loop."""
        return any(self._may_follow(use.operation, op, member) for member in storage.members for use in member.uses)

    def is_before(self, first: Operation, second: Operation) -> bool:
        return self._order[first] < self._order[second]

    def _may_follow(self, use: Operation, op: Operation, value: SSAValue) -> bool:
        if use is op:
            return False
        if self._order[use] > self._order[op]:
            return True
        return any(loop is not use and loop.is_ancestor(use) for loop in loops_between(value, op))


class State:
    """Loads and stores of the mutable globals of a method."""

    def __init__(self, method: FuncOp):
        self._loads: dict[str, list[program.LoadOp]] = {}
        self._stores: dict[str, list[program.StoreOp]] = {}
        for op in method.walk():
            if isinstance(op, program.LoadOp):
                self._loads.setdefault(op.symbol, []).append(op)
            elif isinstance(op, program.StoreOp):
                self._stores.setdefault(op.symbol, []).append(op)

    def becomes(self, op: Operation, symbol: str) -> bool:
        """Whether what `op` makes of a state is the state's next value, so that it may be made in place."""
        if len(self._loads[symbol]) != 1 or len(self._stores.get(symbol, ())) != 1:
            return False
        return any(self._reaches(result, self._stores[symbol][0]) for result in op.results)

    def _reaches(self, value: SSAValue, store: program.StoreOp) -> bool:
        for use in value.uses:
            op = use.operation
            if op is store:
                return True
            if isinstance(op, scf.YieldOp) and (loop := op.parent_op()) is not None:
                following = [loop.results[use.index]] if isinstance(loop, scf.ForOp | scf.WhileOp) else []
            elif isinstance(op, tensor.ReshapeOp):
                following = [op.result]
            else:
                following = [r for r in op.results if starts_from(op, r) is value]
            if any(self._reaches(r, store) for r in following):
                return True
        return False

    def is_read_after_store(self, load: program.LoadOp, uses: Uses) -> bool:
        """Whether what was loaded, or a view of it, is used when the state has a new value."""
        views: list[SSAValue] = [load.result]
        for value in views:
            for use in value.uses:
                if any(uses.is_before(store, use.operation) for store in self._stores.get(load.symbol, ())):
                    return True
                if isinstance(use.operation, tensor.ReshapeOp | tensor.ExtractSliceOp):
                    views += use.operation.results
        return False


def loops_between(value: SSAValue, op: Operation) -> list[Operation]:
    """The loops around `op` that `value` is defined outside of."""
    defined_in = value.owner if isinstance(value.owner, Block) else value.owner.parent_block()
    around = set[Operation]()
    parent = defined_in.parent_op() if defined_in is not None else None
    while parent is not None:
        around.add(parent)
        parent = parent.parent_op()
    found: list[Operation] = []
    parent = op.parent_op()
    while parent is not None and parent not in around:
        if isinstance(parent, scf.ForOp | scf.WhileOp):
            found.append(parent)
        parent = parent.parent_op()
    return found
