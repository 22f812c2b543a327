"""plan-arena: the memory of a method becomes parts of one arena, at offsets known at compile time.

    func.func @forward(%x: …, %out: …) {              func.func @forward(%x: …, %out: …, %arena: memref<64xi8>) {
      %a = memref.alloc() : memref<8xf32>      -->      %c = arith.constant 32 : index
      …                                                 %a = memref.view %arena[%c][] : … to memref<8xf32>

Memory that is never in use at the same time shares bytes; the planner is that of plan-memory. Memory whose size is
known only at run time is planned at its upper bound. Inputs, outputs, weights and state are the caller's.

With `pools="sram=65536","psram=2097152"`, the fastest first, there is an argument for each pool instead of the one
arena. What is used most per byte goes into the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from xdsl.context import Context
from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    StringAttr,
    i8,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import program
from etc.dialects.c_attributes import ARENA, MAX_ELEMENTS, POOLS
from etc.dialects.dtypes import BY_IR
from etc.errors import EtcError, Problem, describe_location
from etc.transforms.memory import Buffer, Plan, plan_memory, plan_pools
from etc.transforms.memory.picture import memory_maps
from etc.transforms.memory_accesses import VIEWS, MemoryAccesses
from etc.transforms.plan_memory import MethodPlan
from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class PlanArenaPass(EtcPass):
    """Give the allocations of each method constant places in one arena, or in pools as in pools="sram=65536"."""

    name = "plan-arena"

    alignment: int = 16
    """of everything in the arena, in bytes"""
    pools: tuple[str, ...] = ()
    """NAME=BYTES for each, in the order of preference"""
    results: list[MethodPlan] = field(default_factory=list[MethodPlan], init=False, compare=False, repr=False)
    """What the last run planned."""

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        functions = {m.sym_name.data: m for m in program.methods(module)}
        methods = [m for m in functions.values() if m.sym_visibility is None]
        pools, accesses = parse_pools(self.pools), MemoryAccesses(functions)
        self.results[:] = [_plan(method, self.alignment, pools, accesses) for method in methods]
        if problems := [problem for plan in self.results for problem in _overfull(plan, pools)]:
            raise EtcError(problems)


def parse_pools(texts: Sequence[str]) -> dict[str, int]:
    """`sram=65536` as a name and bytes. Raises EtcError for other texts, and for two of a name."""
    found: dict[str, int] = {}
    for text in texts:
        name, _, number = text.partition("=")
        if not name.isidentifier() or not number.isdecimal():
            raise EtcError("this describes no pool of memory", expected="NAME=BYTES, such as sram=65536", found=text)
        if name in found:
            raise EtcError(f"the pool {name} is given twice", next_step="name each pool once")
        found[name] = int(number)
    return found


def _plan(method: FuncOp, alignment: int, pools: Mapping[str, int], accesses: MemoryAccesses) -> MethodPlan:
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
            count = accesses.of(op.memref) if pools else 0
            buffers.append(Buffer(name, _bytes(op), min(used), max(used), alignment, accesses=count))
            planned.append(op)
        else:
            op.detach()
            op.erase()
    if not buffers:
        plan = Plan({}, {}, {}, {})
    elif pools:
        chosen, plan = plan_pools(buffers, list(pools.values()))
        buffers = list(chosen)
    else:
        plan = plan_memory(buffers)
    names = tuple(pools) or (ARENA,)
    sizes = [plan.arena_sizes.get(space, 0) for space in range(1, len(names) + 1)]
    _place(method, planned, [(b.memory_space - 1, plan.offsets[b.name]) for b in buffers], names, sizes)
    sources = {b.name: describe_location(op.location) for b, op in zip(buffers, planned, strict=True)}
    return MethodPlan(method.sym_name.data, tuple(buffers), plan, sources, tuple(pools))


def _overfull(plan: MethodPlan, pools: Mapping[str, int]) -> list[Problem]:
    """What is said of each pool that a plan needs more of than there is."""
    limits = list(pools.items())
    problems: list[Problem] = []
    for memory in memory_maps(plan.buffers, plan.plan, plan.pools):
        if limits and memory.arena_size > limits[memory.space - 1][1]:
            name, limit = limits[memory.space - 1]
            problems.append(
                Problem(
                    f"the memory of method {plan.method} does not fit into its pools: {name} has to hold "
                    f"{memory.arena_size:,} B",
                    expected=f"at most {limit:,} B",
                    found=f"live at once: {memory.culprits(plan.sources)}",
                    next_step="make these smaller, or give a pool more bytes with --pool",
                )
            )
    return problems


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
    if isinstance(op, (*VIEWS, memref.ViewOp)):
        return False
    return any(isinstance(value.type, MemRefType) for inner in op.walk() for value in inner.operands)


def _place(
    method: FuncOp,
    allocations: list[memref.AllocOp],
    places: list[tuple[int, int]],
    names: Sequence[str],
    sizes: Sequence[int],
) -> None:
    """Make allocations views of new last arguments, the pools; `places` are the pool's number and the offset."""
    block = method.body.block
    pools = [block.insert_arg(MemRefType(i8, [size]), len(block.args)) for size in sizes]
    for pool, name in zip(pools, names, strict=True):
        pool.name_hint = name
    method.properties["function_type"] = FunctionType.from_lists([a.type for a in block.args], [])
    method.attributes[POOLS] = ArrayAttr([StringAttr(name) for name in names])
    for op, (pool, offset) in zip(allocations, places, strict=True):
        at = arith.ConstantOp(IntegerAttr(offset, IndexType()))
        type = op.memref.type
        assert isinstance(type, MemRefType)
        view = memref.ViewOp(pools[pool], at, op.dynamic_sizes, type)
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
        if isinstance(use.operation, VIEWS):
            found += _users(use.operation.results[0])
        else:
            found.append(use.operation)
    return found


def _erase_unused_views(value: SSAValue) -> None:
    for use in list(value.uses):
        op = use.operation
        if isinstance(op, VIEWS):
            _erase_unused_views(op.results[0])
        if isinstance(op, (*VIEWS, memref.DimOp)) and op.results[0].first_use is None:
            op.detach()
            op.erase()
