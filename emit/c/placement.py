"""Where a value is written: in the expression that uses it, or in a named local before.

A value goes into its use when there is one use, in the same block, and nothing in between could change it: a load never
moves over a store. Constants, sizes, and loop counters plus a constant go wherever they are used.
"""

from __future__ import annotations

from itertools import accumulate

from xdsl.dialects import arith, cf, func, memref, scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.traits import is_side_effect_free

from etc.dialects.c_attributes import STATEMENT

DEEPEST = 40
"""How many operations one expression nests at most, so that compilers and we can walk it."""

ALWAYS = (arith.ConstantOp, memref.DimOp, memref.RankOp)
"""Operations that are written at each use."""


class Placement:
    """The choice for all operations of a function."""

    def __init__(self, function: Operation):
        self._end: dict[Operation, int] = {}
        self._position: dict[Operation, int] = {}
        self._inlined: set[Operation] = set()
        self._writes: dict[Operation, bool] = {}
        for region in function.regions:
            for block in region.blocks:
                self._place(block)

    def is_inlined(self, op: Operation) -> bool:
        """Whether `op` is no statement of its own, because its value is written where it is used, or used nowhere."""
        return op in self._inlined

    def is_read_after(self, value: SSAValue, op: Operation) -> bool:
        """Whether code after the first line of `op` that is not inside `op` may read `value`, of the same block."""
        for use in value.uses:
            user: Operation | None = use.operation
            while user is not None and user.parent_block() is not op.parent_block():
                user = user.parent_op()
            if user is None or (user is not op and self._end[user] > self._position[op]):
                return True
        return False

    def writes(self, op: Operation) -> bool:
        """Whether `op` may change memory."""
        known = self._writes.get(op)
        if known is None:
            if op.regions:
                known = any(
                    self.writes(inner) for region in op.regions for block in region.blocks for inner in block.ops
                )
            else:
                known = not isinstance(op, _ONLY_READ) and not is_side_effect_free(op)
            self._writes[op] = known
        return known

    def _place(self, block: Block) -> None:
        ops = list(block.ops)
        nesting: dict[Operation, int] = {}
        writes = [0, *accumulate(self.writes(op) for op in ops)]
        for position, op in enumerate(ops):
            self._position[op] = position
            for region in op.regions:
                for inner in region.blocks:
                    self._place(inner)
        for position in range(len(ops) - 1, -1, -1):
            op = ops[position]
            self._end[op] = position
            if not _is_value(op) or STATEMENT in op.attributes:
                continue
            [result] = op.results
            if isinstance(op, ALWAYS) or not result.first_use or _is_counter_plus_constant(op):
                self._inlined.add(op)
                self._end[op] = len(ops)
                continue
            if (user := _only_user(result, block)) is None:
                continue
            nesting[op] = nesting.get(user, 0) + 1
            if nesting[op] > DEEPEST:
                nesting[op] = 0
                continue
            end = self._end[user]
            if isinstance(op, memref.LoadOp) and writes[end] != writes[position + 1]:
                continue
            self._inlined.add(op)
            self._end[op] = end


_ONLY_READ = (memref.LoadOp, cf.AssertOp, scf.YieldOp, scf.ConditionOp, func.ReturnOp, memref.AllocaOp)


def _is_value(op: Operation) -> bool:
    """Whether `op` computes one number and does nothing else."""
    if len(op.results) != 1 or op.regions or isinstance(op, func.CallOp):
        return False
    return isinstance(op, (*ALWAYS, memref.LoadOp)) or op.name.startswith(("arith.", "math."))


def _only_user(value: SSAValue, block: Block) -> Operation | None:
    """The only user, when it stands in `block` and evaluates the value once."""
    use = value.get_user_of_unique_use()
    if use is None or use.parent_block() is not block or len(use.results) > 1 and not use.regions:
        return None
    if isinstance(use, scf.ForOp) and value in (use.ub, use.step):
        return None
    return use


def _is_counter_plus_constant(op: Operation) -> bool:
    """Also of the smaller of a counter and the last block, which more than this uses."""
    if not isinstance(op, arith.AddiOp | arith.SubiOp) or not isinstance(op.result.type, IndexType):
        return False
    counter = op.lhs
    if isinstance(counter.owner, arith.MinSIOp) and not counter.has_one_use():
        counter = counter.owner.lhs
    return isinstance(counter, BlockArgument) and isinstance(op.rhs.owner, arith.ConstantOp)
