"""How many bytes are live while an edge method runs: an estimate for rewrites that trade memory for time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import program
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise, Reshape
from etc.dialects.tensor import Tensor


@dataclass(frozen=True)
class LiveBytes:
    """Bytes live at each operation of a method's block, its operands and results included, and the most of them.

    Weights and state take no part. Reshapes share the storage of what they reshape; so do elementwise operations with
    an operand that dies there, as far as plan-memory lets them.
    """

    at: Mapping[Operation, int]
    last_use: Mapping[SSAValue, Operation]
    """The operation after which the storage of a value is free."""
    peak: int


def live_bytes(method: FuncOp) -> LiveBytes | None:
    """None for a method with sizes known only at run time."""
    block = method.body.block
    try:
        sizes = {value: _bytes(value) for value in _values(block)}
    except (TypeError, ValueError):
        return None
    position = {op: number for number, op in enumerate(block.ops)}
    roots = _storages(block)
    first: dict[SSAValue, int] = {}
    last: dict[SSAValue, int] = {}
    for value, root in roots.items():
        start = position[value.owner] if isinstance(value.owner, Operation) else 0
        end = max([start, *(position[use] for use in _users_in(block, value))])
        first[root] = min(first.get(root, start), start)
        last[root] = max(last.get(root, end), end)
    changes = [0] * (len(position) + 1)
    for root, start in first.items():
        changes[start] += sizes[root]
        changes[last[root] + 1] -= sizes[root]
    ops, live, at = list(block.ops), 0, dict[Operation, int]()
    for op, change in zip(ops, changes, strict=False):
        live += change
        at[op] = live
    last_use = {value: ops[last[root]] for value, root in roots.items()}
    return LiveBytes(at, last_use, max(at.values(), default=0))


def _values(block: Block) -> list[SSAValue]:
    """Inputs and results that need storage."""
    weights = program.ConstantOp | program.LoadOp
    return [*block.args, *(r for op in block.ops if not isinstance(op, weights) for r in op.results)]


def _bytes(value: SSAValue) -> int:
    known = Tensor.of(value.type)
    count = known.dtype.size
    for size in known.shape:
        count *= size
    return count


def _users_in(block: Block, value: SSAValue) -> list[Operation]:
    """The operations of `block` that use `value`, themselves or in their regions."""
    found: list[Operation] = []
    for use in value.uses:
        op: Operation | None = use.operation
        while op is not None and op.parent is not block:
            op = op.parent_op()
        if op is not None:
            found.append(op)
    return found


def _storages(block: Block) -> dict[SSAValue, SSAValue]:
    """The value whose storage each value lies in, itself for most."""
    roots: dict[SSAValue, SSAValue] = {argument: argument for argument in block.args}
    for value in _values(block)[len(block.args) :]:
        op = value.owner
        shared = _shared_operand(op) if isinstance(op, EdgeOp) else None
        roots[value] = roots.get(shared, value) if shared is not None else value
    return roots


def _shared_operand(op: EdgeOp) -> SSAValue | None:
    """The operand in whose storage the result of `op` can lie."""
    if op.has_trait(Reshape):
        return op.operands[0]
    if op.has_trait(Elementwise) and len(op.results) == 1:
        for operand in op.operands:
            if operand.type == op.results[0].type and operand.has_one_use() and isinstance(operand.owner, EdgeOp):
                return operand
    return None
