"""plan-memory: give every tensor of an exec program that has no bytes yet a place in planned memory.

    exec.plan @forward {                              exec.plan @forward buffers [0, 96] {
      %x = exec.tensor f32 [8]                          %x = exec.tensor f32 [8] alloc(1, 0)
      %y = exec.tensor f32 [8]                 -->      %y = exec.tensor f32 [8] alloc(1, 32)
      %v = exec.tensor f32 [2, 4] view_of %y            %v = exec.tensor f32 [2, 4] alloc(1, 32)
      …                                                 …

Tensors that are never live together share bytes (see `live_ranges.py`); views get the place of their base. Tensors of
dynamic shape are planned at their upper bounds. State, which is what an instruction reads before any writes it, what
has an initial value and what has the model's name, lives throughout.

A tensor's attribute `memory_id = 2` asks for another memory than 1, or, for state, than `state-memory`. A state memory
other than 1 has the same layout in all methods, so that a runtime may give all of them the same bytes; a program of
several methods with state gets one unless `state-memory` says otherwise. A plan that has `buffers` is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, ModuleOp
from xdsl.passes import ModulePass

from etc.dialects import exec as ir
from etc.errors import EtcError, Problem, describe_location, problem_at
from etc.transforms.live_ranges import (
    VIEW_AT_RUN_TIME,
    LiveRange,
    find_live_ranges,
    offset_in_root,
    root_of,
    tensors_in,
)
from etc.transforms.memory import BEST, Buffer, Plan, plan_memory
from etc.transforms.rewriting import EtcPass

MEMORY_ID = "memory_id"


@dataclass(frozen=True)
class PlanOptions:
    """What to plan, and how.

    `alignment` of every tensor in bytes. Whether to place `inputs`, `outputs` and `mutable` state, or leave them to the
    caller of the program; state with an initial value, and what others are views of, is placed in any case.
    `state_memory`, the memory id of state; without one it is 2 in a program of several methods, which may all get the
    same arenas and must not write over each other's state, else 1. `strategy`, the name of the only planning strategy
    to try, to compare them.
    """

    alignment: int = 16
    inputs: bool = True
    outputs: bool = True
    mutable: bool = True
    state_memory: int | None = None
    strategy: str = BEST


@dataclass(frozen=True)
class MethodPlan:
    """The memory of one method: the planned buffers, where they lie, and the source line of each by its name.

    `pools` are the names of memory spaces 1 and up, where they have names.
    """

    method: str
    buffers: tuple[Buffer, ...]
    plan: Plan
    sources: dict[str, str]
    pools: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanMemoryPass(PlanOptions, EtcPass):
    """Place the tensors of an exec program in planned memory, where those that are never live together share bytes."""

    name = "plan-memory"
    start_stage = "exec"

    results: list[MethodPlan] = field(default_factory=list[MethodPlan], init=False, compare=False, repr=False)
    """What the last run planned."""

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        self.results[:] = plan_program(module, self)


def planned_by(step: ModulePass) -> Sequence[MethodPlan]:
    """What a pass planned in its last run; nothing for one that plans no memory."""
    return getattr(step, "results", ())


def plan_program(module: ModuleOp, options: PlanOptions | None = None) -> list[MethodPlan]:
    """Plan, in place, every method of the exec programs in `module` that has no memory yet.

    Raises EtcError, with all that is wrong, for a tensor without an upper bound or of unknown element size, for a view
    of bytes whose place is not known before the program runs, and for a memory id below 1.
    """
    options = options or PlanOptions()
    programs = [op for op in module.body.ops if isinstance(op, ir.ProgramOp)]
    methods = [
        _Method(plan, _initial_state(program), options, _state_memory(program, options))
        for program in programs
        for plan in program.plans
        if plan.buffers is None
    ]
    if problems := [problem for method in methods for problem in method.find_problems()]:
        raise EtcError(problems)
    shared = _shared_state(methods, options.alignment)
    return [method.place(shared) for method in methods]


def _initial_state(program: ir.ProgramOp) -> frozenset[str]:
    """The names of all bytes that are initial values of state."""
    groups = (op for op in program.body.ops if isinstance(op, ir.MutableSegmentOp))
    return frozenset(entry.sym_name.data for group in groups for entry in group.entries)


def _state_memory(program: ir.ProgramOp, options: PlanOptions) -> int:
    """The memory id of the state of a program's methods."""
    if options.state_memory is not None:
        return options.state_memory
    return 1 if len(list(program.plans)) == 1 else 2


def _shared_state(methods: Sequence[_Method], alignment: int) -> Plan:
    """One layout of the state of all methods, keyed by `_Method.state_key`; empty when each method has its own."""
    sizes: dict[tuple[str, int], int] = {}
    for method in methods:
        if method.state_memory != 1:
            for tensor in filter(method.is_state, method.placed):
                key = method.state_key(tensor), method.state_memory
                sizes[key] = max(sizes.get(key, 0), method.storage_size(tensor))
    return plan_memory([Buffer(key, size, 0, 0, alignment, memory) for (key, memory), size in sizes.items()])


_MOST_BYTES = 2**63 - 1
"""The sizes of a plan's memories are 64-bit integers."""


class _Method:
    """One method with its live ranges, to be placed."""

    def __init__(self, plan: ir.PlanOp, initial_state: frozenset[str], options: PlanOptions, state_memory: int):
        self.plan = plan
        self.options = options
        self.state_memory = state_memory
        self.initial_state = initial_state
        self.live = find_live_ranges(plan)
        self.inputs = {root_of(tensor) for tensor in tensors_in(plan.inputs.operands)}
        self.outputs = {root_of(tensor) for tensor in tensors_in(plan.outputs.operands)}
        self.names = _unique_names(plan)
        self.views: dict[ir.TensorOp, list[ir.TensorOp]] = {}
        for tensor in self.names:
            if tensor.view_of is not None:
                self.views.setdefault(root_of(tensor), []).append(tensor)
        for tensor in self.names:
            if tensor.data is not None and not self._has_bytes(tensor):
                # Initial values are copied in whether or not the method uses them.
                self.live.storages.setdefault(tensor, LiveRange(0, 0, read_first=True))
        self.placed = [tensor for tensor in self.live.storages if self._wants_place(tensor)]

    def is_state(self, tensor: ir.TensorOp) -> bool:
        """Whether the contents of a storage outlive a run of the method."""
        if tensor in self.inputs:
            return False
        named = tensor.data is not None or tensor.fqn is not None
        return named or (self.live.storages[tensor].read_first and tensor.nbytes != 0)

    def state_key(self, tensor: ir.TensorOp) -> str:
        """What names the same state in all methods."""
        name = tensor.data.string_value() if tensor.data is not None else tensor.fqn and tensor.fqn.data
        return name or f"{self.plan.sym_name.data}:{self.names[tensor]}"

    def storage_size(self, tensor: ir.TensorOp) -> int:
        """Bytes of a storage, with room for all its views."""
        return max(offset_in_root(member) + (member.nbytes or 0) for member in (tensor, *self.views.get(tensor, ())))

    def _wants_place(self, tensor: ir.TensorOp) -> bool:
        if self._has_bytes(tensor):
            return False
        live = self.live.storages[tensor]
        if live.view or (live.moved_to and not live.written and tensor not in self.outputs):
            return False  # a handle of another storage's bytes
        roles: list[bool] = []
        if tensor in self.inputs:
            roles.append(self.options.inputs)
        if tensor in self.outputs:
            roles.append(self.options.outputs)
        if self.is_state(tensor):
            roles.append(self.options.mutable)
        # Only planned memory can be given an initial value, and only what has a place can have a view.
        return not roles or any(roles) or tensor.data is not None or tensor in self.views

    def _has_bytes(self, tensor: ir.TensorOp) -> bool:
        """Whether a tensor's bytes are in the file or in one beside it."""
        if tensor.data is not None:
            return tensor.data.string_value() not in self.initial_state
        return tensor.external is not None or tensor.buffer is not None

    def find_problems(self) -> Iterator[Problem]:
        """Why the method cannot be planned."""
        for root in self.placed:
            memory_id = self._memory_id(root)
            if memory_id < 1:
                yield problem_at(root, "a memory id is wrong", expected="1 or more", found=str(memory_id))
            for tensor in (root, *self.views.get(root, ())):
                code = tensor.dtype
                dtype = f"scalar_type({code.value.data})" if isinstance(code, IntegerAttr) else code
                shown = f"{dtype} {list(tensor.shape)}"
                if tensor.nbytes is None:
                    yield problem_at(tensor, "memory cannot be planned", expected="a known element type", found=shown)
                if tensor.dynamism is not None and tensor.dynamism.data == "unbound":
                    yield problem_at(
                        tensor,
                        "memory cannot be planned for a tensor without an upper bound",
                        expected="dynamism bound, with sizes that are upper bounds",
                        found=f"dynamism unbound for {shown}",
                        next_step="give every dynamic dimension a maximum when exporting the model",
                    )
        placed = set(self.placed)
        for root, views in self.views.items():
            if root in self.live.storages and root not in placed:
                for view in views:
                    if root.data is not None and not offset_in_root(view):
                        continue
                    yield problem_at(
                        view,
                        "the place of this view is not known before the program runs",
                        expected="a base with planned or constant bytes",
                        found=f"a view of {self.names[root]}, which is a handle or has its bytes in another file",
                        next_step=f"use the kernel {VIEW_AT_RUN_TIME} instead",
                    )

    def _memory_id(self, tensor: ir.TensorOp) -> int:
        asked = tensor.attributes.get(MEMORY_ID)
        if isinstance(asked, IntegerAttr):
            return asked.value.data
        return self.state_memory if self.is_state(tensor) else 1

    def place(self, shared: Plan) -> MethodPlan:
        """Plan, and write the places into the program."""
        buffers = tuple(buffer for tensor in self.placed for buffer in self._buffers(tensor, shared))
        plan = plan_memory(buffers, self.options.strategy)
        if (size := max(plan.arena_sizes.values(), default=0)) > _MOST_BYTES:
            largest = max(self.placed, key=self.storage_size)
            what = f"method {self.plan.sym_name.data} needs {size:,} B of memory"
            shown = f"{self.names[largest]} of {self.storage_size(largest):,} B"
            raise EtcError(problem_at(largest, what, expected=f"at most {_MOST_BYTES:,} B", found=shown))
        memory = {buffer.name: buffer.memory_space for buffer in buffers}
        for tensor, name in self.names.items():
            tensor.attributes.pop(MEMORY_ID, None)
            if name in memory:
                tensor.plan_at(memory[name], plan.offsets[name])
            elif tensor.view_of is not None:
                data = root_of(tensor).data
                tensor.operands = ()
                tensor.properties.pop("view_offset", None)
                if data is not None:
                    tensor.properties["data"] = data
        sizes = [0] * (max(plan.arena_sizes, default=0) + 1)
        for memory_id, size in plan.arena_sizes.items():
            sizes[memory_id] = max(size, shared.arena_sizes.get(memory_id, 0))
        self.plan.set_buffers(sizes)
        sources = {self.names[tensor]: self._source(tensor) for tensor in self.placed}
        return MethodPlan(self.plan.sym_name.data, buffers, plan, sources)

    def _buffers(self, root: ir.TensorOp, shared: Plan) -> Iterator[Buffer]:
        """A storage and its views, as the planner sees them."""
        live = self.live.storages[root]
        end = max(len(self.live.instructions) - 1, 0)
        state = self.is_state(root)
        first = 0 if state or root in self.inputs else live.first
        last = end if state or root in self.outputs else live.last
        memory_id, offset = self._memory_id(root), None
        alloc: DenseArrayBase[Any] | None = root.alloc
        if alloc is not None:
            memory_id, offset = alloc.get_values()
        elif state and memory_id == self.state_memory:
            offset = shared.offsets.get(self.state_key(root))
        name = self.names[root]
        yield Buffer(name, root.nbytes or 0, first, last, self.options.alignment, memory_id, offset=offset)
        for view in self.views.get(root, ()):
            size, at = view.nbytes or 0, offset_in_root(view)
            yield Buffer(self.names[view], size, first, last, 1, memory_id, alias_of=name, alias_offset=at)

    def _source(self, tensor: ir.TensorOp) -> str:
        """The model's source line of a tensor, else of the instruction that writes it first."""
        live = self.live.storages[tensor]
        where = describe_location(tensor.location)
        if where or live.read_first or not self.live.instructions:
            return where
        return describe_location(self.live.instructions[live.first].location)


def _unique_names(plan: ir.PlanOp) -> dict[ir.TensorOp, str]:
    """`%relu` for every tensor, `%relu.7` for value 7 where another tensor has the same name, `%7` without a name."""
    tensors = [(i, op) for i, op in enumerate(plan.values) if isinstance(op, ir.TensorOp)]
    hints = Counter(tensor.result.name_hint for _, tensor in tensors)
    names: dict[ir.TensorOp, str] = {}
    for i, tensor in tensors:
        hint = tensor.result.name_hint
        names[tensor] = f"%{i}" if hint is None else f"%{hint}" if hints[hint] == 1 else f"%{hint}.{i}"
    return names
