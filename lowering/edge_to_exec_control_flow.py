"""Control flow on the way to exec: choices and loops become jumps in the chain of instructions.

    %y = edge.cond(%p) … then {            0  exec.jump_false %p to 3
      %a = edge.relu(%x)                   1  exec.kernel "aten::relu.out"(%x, %y, %y)
      edge.yield %a                -->     2  exec.jump_false %never to 4
    } else {                               3  exec.kernel "dim_order_ops::_clone_dim_order.out"(%x, …, %y, %y)
      edge.yield %x                        4  …
    }

What regions yield is computed in the tensor of the result, or copied there: a choice has one tensor per result, a loop
one per carried value. A carried value is written only where nothing reads the old one any more; values that change
places go through copies. A scan counts its steps in an Int, which selects the slices and says where results are put.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import edge, exec, program
from etc.dialects.edge.base import EdgeOp
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, problem_at
from etc.lowering.plan_values import PlanValues
from etc.lowering.storage import Positions, base_of, lies_in_operand, with_views


class Host(Protocol):
    """The lowering of the method around."""

    values: PlanValues
    destinations: dict[SSAValue, SSAValue]
    """tensors of the plan by the edge value that is to be computed in them"""

    def hold(self, value: SSAValue, tensor: SSAValue) -> None:
        """Let a tensor of the plan hold an edge value."""
        ...

    def held(self, value: SSAValue) -> SSAValue:
        """The tensor of the plan that holds an edge value."""
        ...

    def lower(self, op: Operation) -> None:
        """Append the instructions of an operation."""
        ...

    def copy(self, value: SSAValue, out: SSAValue, source: SSAValue | None = None) -> None:
        """Append the copy of an edge value, from where it is held or from `source`, to a tensor."""
        ...


class ControlFlowLowering:
    """Lowers the operations with regions of one method."""

    def __init__(self, host: Host):
        self._host = host
        self._values = host.values

    def lower(self, op: edge.ControlFlowOp) -> None:
        """Raises EtcError for state that is used inside of a region."""
        _check_state(op)
        first = self._here
        _LOWERINGS[type(op)](self, op)
        for instruction in self._values.instructions[first:]:
            if isinstance(instruction, exec.JumpFalseOp | exec.MoveOp):
                instruction.location = op.location

    # ---- choices ---------------------------------------------------------------------------------------------------

    def cond(self, op: edge.CondOp) -> None:
        results = self._results(op)
        otherwise = self._jump(self._host.held(op.predicate))
        self._branch(op.then_region.block, results)
        end = self._jump(self._never)
        self._land(otherwise)
        self._branch(op.else_region.block, results)
        self._land(end)
        self._hold(op.results, results)

    def _branch(self, block: Block, results: Sequence[SSAValue]) -> None:
        """The instructions of one branch, which leave what it yields in `results`."""
        yielded = _yielded(block)
        with self._values.scope():
            self._body(block, {v: out for v, out in zip(yielded, results, strict=True) if _is_computed_in(block, v)})
            for value, out in zip(yielded, results, strict=True):
                if self._host.held(value) is not out:
                    self._host.copy(value, out)

    # ---- loops -----------------------------------------------------------------------------------------------------

    def while_loop(self, op: edge.WhileLoopOp) -> None:
        carried = self._results(op)
        self._start(op.carried, carried)
        condition, body = op.condition_region.block, op.body_region.block
        start = self._here
        with self._values.scope():
            self._hold(condition.args, carried)
            self._body(condition, {})
            end = self._jump(self._host.held(_yielded(condition)[0]))
        with self._values.scope():
            self._hold(body.args, carried)
            self._compute_next(body, carried)
            self._move_next(body, carried)
        self._jump(self._never, start)
        self._land(end)
        self._hold(op.results, carried)

    def scan(self, op: edge.ScanOp) -> None:
        outs = self._results(op)
        count = len(op.init)
        carried = outs[:count]
        length = Tensor.of(op.xs[0].type).sizes[0]
        may_be_empty = self._values.lower_bound(length) < 1
        stacks = [self._stack(r, out) for r, out in zip(op.results[count:], outs[count:], strict=True)]
        self._start(op.init, carried)
        steps = self._values.argument(length)
        step = self._values.add(exec.IntOp(0), "step")
        self._append(exec.MoveOp(self._values.argument(0), step))
        end = self._jump(self._prim("lt", step, steps)) if may_be_empty else None
        start = self._here
        block = op.combine_region.block
        with self._values.scope():
            self._hold(block.args[:count], carried)
            self._select(op.xs, block.args[count:], step)
            self._compute_next(block, carried)
            for value, stack in zip(_yielded(block)[count:], stacks, strict=True):
                self._call("executorch_prim::et_copy_index.tensor", stack, self._host.held(value), step)
            self._move_next(block, carried)
        self._call("executorch_prim::add.Scalar", step, self._values.argument(1), step)
        self._jump(self._prim("eq", step, steps), start)
        if end is not None:
            self._land(end)
        self._hold(op.results, outs)

    def _stack(self, result: SSAValue, out: SSAValue) -> SSAValue:
        """The tensor through which slices are put into `out`, which makes it as long as there are slices so far.

        Sizes that the run time decides must be those of the result before the first slice comes, or none.
        """
        known = Tensor.of(result.type)
        if known.is_static:
            return self._values.add(exec.TensorOp(known.dtype.ir, known.shape, dynamism="bound", view_of=out))
        sizes, order = self._values.argument(list(known.sizes)), self._values.argument(list(known.order))
        self._call("dim_order_ops::_empty_dim_order.out", sizes, order, out, out)
        return out

    def _start(self, init: Sequence[SSAValue], carried: Sequence[SSAValue]) -> None:
        for value, out in zip(init, carried, strict=True):
            self._host.copy(value, out)

    def _select(self, xs: Sequence[SSAValue], arguments: Sequence[SSAValue], step: SSAValue) -> None:
        """The slices of one step."""
        dim = self._values.argument(0)
        for x, argument in zip(xs, arguments, strict=True):
            if argument.first_use is not None:
                slice = self._values.tensor(argument)
                self._call("aten::select_copy.int_out", self._host.held(x), dim, step, slice, slice)
                self._host.hold(argument, slice)

    def _compute_next(self, block: Block, carried: Sequence[SSAValue]) -> None:
        """The instructions of one round, which compute in `carried` what nothing reads the old value of any more."""
        positions = Positions(block)
        direct: dict[SSAValue, SSAValue] = {}
        for value, argument, out in zip(_yielded(block), block.args, carried, strict=False):
            if _is_computed_in(block, value) and value not in direct:
                assert isinstance(value.owner, Operation)
                if positions.only_in_place_from(value.owner, with_views(argument)):
                    direct[value] = out
        self._body(block, direct)

    def _move_next(self, block: Block, carried: Sequence[SSAValue]) -> None:
        """Copy to `carried` what was computed elsewhere, as if all copies happened at the same time."""
        moves = [
            (value, out)
            for value, out in zip(_yielded(block), carried, strict=False)
            if self._host.held(base_of(value)) is not out
        ]
        written = {out for _, out in moves}
        sources: list[SSAValue] = []
        for value, _ in moves:
            source = self._host.held(value)
            if self._host.held(base_of(value)) in written:
                self._host.copy(value, source := self._values.tensor(value))
            sources.append(source)
        for (value, out), source in zip(moves, sources, strict=True):
            self._host.copy(value, out, source)

    # ---- parts -----------------------------------------------------------------------------------------------------

    def _body(self, block: Block, destinations: Mapping[SSAValue, SSAValue]) -> None:
        """The instructions of a block; `destinations` says which values to compute in which tensors."""
        self._host.destinations |= destinations
        for op in block.ops:
            if not isinstance(op, edge.YieldOp):
                self._host.lower(op)

    def _results(self, op: edge.ControlFlowOp) -> list[SSAValue]:
        return [self._host.destinations.get(r) or self._values.tensor(r) for r in op.results]

    def _hold(self, values: Sequence[SSAValue], tensors: Sequence[SSAValue]) -> None:
        for value, tensor in zip(values, tensors, strict=False):
            self._host.hold(value, tensor)

    @property
    def _here(self) -> int:
        """The number of the next instruction."""
        return len(self._values.instructions)

    @property
    def _never(self) -> SSAValue:
        return self._values.argument(False)

    def _jump(self, condition: SSAValue, target: int = 0) -> exec.JumpFalseOp:
        jump = exec.JumpFalseOp(condition, target)
        self._append(jump)
        return jump

    def _land(self, jump: exec.JumpFalseOp) -> None:
        """Let a jump go to the next instruction."""
        jump.target = self._here

    def _call(self, name: str, *arguments: SSAValue) -> None:
        self._append(exec.KernelOp(name, arguments))

    def _prim(self, function: str, *operands: SSAValue) -> SSAValue:
        """A comparison of Ints."""
        result = self._values.add(exec.BoolOp(False))
        self._call(f"executorch_prim::{function}.Scalar", *operands, result)
        return result

    def _append(self, instruction: exec.InstructionOp) -> None:
        self._values.instructions.append(instruction)


_LOWERINGS: Mapping[type[edge.ControlFlowOp], Callable[[ControlFlowLowering, Any], None]] = {
    edge.CondOp: ControlFlowLowering.cond,
    edge.WhileLoopOp: ControlFlowLowering.while_loop,
    edge.ScanOp: ControlFlowLowering.scan,
}


def _yielded(block: Block) -> Sequence[SSAValue]:
    last = block.last_op
    assert isinstance(last, edge.YieldOp)
    return last.values


def _is_computed_in(block: Block, value: SSAValue) -> bool:
    """Whether an operation of `block` writes a value, so that it can write it anywhere."""
    op = value.owner
    if not isinstance(op, Operation) or op.parent is not block:
        return False
    return isinstance(op, edge.ControlFlowOp) or (isinstance(op, EdgeOp) and not lies_in_operand(op))


def _check_state(op: edge.ControlFlowOp) -> None:
    """State is loaded before and stored after control flow, which reads and writes it at known points."""
    for inner in op.walk():
        if isinstance(inner, program.StoreOp | program.LoadOp) and _is_state(inner):
            raise EtcError(
                problem_at(
                    inner,
                    f"@{inner.symbol} is state, and it is used inside of {op.name}",
                    next_step="load it before, pass what changes through the operation, and store it afterwards",
                )
            )


def _is_state(op: program.StoreOp | program.LoadOp) -> bool:
    target = program.lookup(op, op.symbol)
    return target is not None and target.mutable is not None
