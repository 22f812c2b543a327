"""plan-arena: the memory of a method becomes parts of one arena, at offsets known at compile time.

    func.func @forward(%x: …, %out: …) {              func.func @forward(%x: …, %out: …, %arena: memref<64xi8>) {
      %a = memref.alloc() : memref<8xf32>      -->      %c = arith.constant 32 : index
      …                                                 %a = memref.view %arena[%c][] : … to memref<8xf32>

Memory that is never in use at the same time shares bytes; the planner is that of plan-memory. Memory whose size is
known only at run time is planned at its upper bound. Inputs, outputs, weights and state are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from xdsl.context import Context
from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    FunctionType,
    IndexType,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    i8,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import program
from etc.dialects.c_attributes import ARENA, MAX_ELEMENTS
from etc.dialects.dtypes import BY_IR
from etc.errors import describe_location
from etc.transforms.memory import Buffer, Plan, plan_memory
from etc.transforms.plan_memory import MethodPlan
from etc.transforms.rewriting import EtcPass

_VIEWS = (memref.SubviewOp, memref.ReinterpretCastOp, memref.CastOp)


@dataclass(frozen=True)
class PlanArenaPass(EtcPass):
    """Give the allocations of each method constant places in one arena."""

    name = "plan-arena"

    alignment: int = 16
    """of everything in the arena, in bytes"""
    results: list[MethodPlan] = field(default_factory=list[MethodPlan], init=False, compare=False, repr=False)
    """What the last run planned."""

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        methods = [m for m in program.methods(module) if m.sym_visibility is None]
        self.results[:] = [_plan(method, self.alignment) for method in methods]


def _plan(method: FuncOp, alignment: int) -> MethodPlan:
    block = method.body.block
    steps = memory_steps(block)
    allocations = [op for op in method.walk() if isinstance(op, memref.AllocOp)]
    buffers: list[Buffer] = []
    planned: list[memref.AllocOp] = []
    for op in allocations:
        _erase_unused_views(op.memref)
        used = [steps[_in_block(user, block)] for user in _users(op.memref)]
        if used:
            name = f"{op.memref.name_hint or 'buffer'}.{len(buffers)}"
            buffers.append(Buffer(name, _bytes(op), min(used), max(used), alignment))
            planned.append(op)
        else:
            op.detach()
            op.erase()
    plan = plan_memory(buffers) if buffers else Plan({}, {}, {}, {})
    arena = sum(plan.arena_sizes.values())
    _place(method, planned, [plan.offsets[b.name] for b in buffers], arena)
    sources = {b.name: describe_location(op.location) for b, op in zip(buffers, planned, strict=True)}
    return MethodPlan(method.sym_name.data, tuple(buffers), plan, sources)


def memory_steps(block: Block) -> dict[Operation, int]:
    """The steps of a method's memory: its operations, with one number for each that uses memory.

    Those that use none have the number of the next that does. They, and what makes views, come and go as memory is
    placed; the numbers stay.
    """
    steps: dict[Operation, int] = {}
    number = 0
    for op in block.ops:
        steps[op] = number
        number += _uses_memory(op)
    return steps


def _uses_memory(op: Operation) -> bool:
    if isinstance(op, (*_VIEWS, memref.ViewOp)):
        return False
    return any(isinstance(value.type, MemRefType) for inner in op.walk() for value in inner.operands)


def _place(method: FuncOp, allocations: list[memref.AllocOp], offsets: list[int], size: int) -> None:
    """Make allocations views of a new last argument."""
    block = method.body.block
    arena = block.insert_arg(MemRefType(i8, [size]), len(block.args))
    arena.name_hint = "arena"
    method.properties["function_type"] = FunctionType.from_lists([a.type for a in block.args], [])
    method.attributes[ARENA] = IntegerAttr(size, i64)
    for op, offset in zip(allocations, offsets, strict=True):
        at = arith.ConstantOp(IntegerAttr(offset, IndexType()))
        type = op.memref.type
        assert isinstance(type, MemRefType)
        view = memref.ViewOp(arena, at, op.dynamic_sizes, type)
        view.result.name_hint = op.memref.name_hint
        if (most := op.attributes.get(MAX_ELEMENTS)) is not None:
            view.attributes[MAX_ELEMENTS] = most
        parent = op.parent_block()
        assert parent is not None
        for new in (at, view):
            new.location = op.location
            parent.insert_op_before(new, op)
        op.memref.replace_all_uses_with(view.result)
        op.detach()
        op.erase()


def _bytes(op: memref.AllocOp) -> int:
    type = op.memref.type
    assert isinstance(type, MemRefType)
    size = next(d.size for ir, d in BY_IR.items() if ir == type.element_type)
    if DYNAMIC_INDEX not in type.get_shape():
        return size * prod(type.get_shape())
    most = op.attributes[MAX_ELEMENTS]
    assert isinstance(most, IntegerAttr)
    return size * most.value.data


def _in_block(op: Operation, block: Block) -> Operation:
    """The operation of `block` that `op` is, or is in."""
    while op.parent_block() is not block:
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op


def _users(value: SSAValue) -> list[Operation]:
    """Operations that use memory or a view of it; making a view is no use."""
    found: list[Operation] = []
    for use in value.uses:
        if isinstance(use.operation, _VIEWS):
            found += _users(use.operation.results[0])
        else:
            found.append(use.operation)
    return found


def _erase_unused_views(value: SSAValue) -> None:
    for use in list(value.uses):
        op = use.operation
        if isinstance(op, _VIEWS):
            _erase_unused_views(op.results[0])
        if isinstance(op, (*_VIEWS, memref.DimOp)) and op.results[0].first_use is None:
            op.detach()
            op.erase()
