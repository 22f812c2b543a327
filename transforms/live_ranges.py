"""Live ranges of the storages of an exec plan: from which to which instruction each must keep its contents.

Instructions are numbered once, over all chains. A tensor with all its views is one storage, known by the tensor at the
root of the views. What counts as a use of a storage:

* an argument of an instruction, also as an item of a list;
* a use of a handle of it: `exec.move` and `et_view` copy handles, not bytes, so that source and result share bytes;
* the start of the program for an input, its end for an output.

Loops (jumps back) stretch ranges: what is live into a loop and used there must survive until the jump, for another
round may follow; so must what one round may leave to the next, because its first write can be jumped over. What each
round writes before it reads needs nothing: whoever gets past its first write has passed through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from etc.dialects import exec as ir

VIEW_AT_RUN_TIME = "executorch_prim::et_view.default"
"""The kernel that makes its last argument a handle of its first."""
PUT_SLICE = "executorch_prim::et_copy_index.tensor"
"""The kernel that writes its second argument to a part of its first."""


@dataclass
class LiveRange:
    """Use of one storage, from instruction `first` to instruction `last`, both included.

    `read_first`: its contents are there before any instruction writes them: an input, or state. `written`: some
    instruction writes its bytes; `in_parts`: some instruction writes only a part of them. `moved_to`, `view`: a move or
    `et_view` makes it a handle of another storage.
    """

    first: int
    last: int
    read_first: bool = False
    written: bool = False
    in_parts: bool = False
    moved_to: bool = False
    view: bool = False


@dataclass(frozen=True)
class LiveRanges:
    """`storages` maps the root tensor of every storage that is used, constants included, to its range.

    In the order of first use. `instructions` has the plan's instructions by number.
    """

    storages: dict[ir.TensorOp, LiveRange]
    instructions: list[ir.InstructionOp]


def find_live_ranges(plan: ir.PlanOp) -> LiveRanges:
    """The live ranges of all storages of `plan`."""
    return _Analysis(plan).run()


def root_of(tensor: ir.TensorOp) -> ir.TensorOp:
    """The tensor in whose storage `tensor` lies: itself unless it is a view."""
    while tensor.view_of is not None:
        base = tensor.view_of.owner
        assert isinstance(base, ir.TensorOp), "the verifier wants a tensor as the base of a view"
        tensor = base
    return tensor


def offset_in_root(tensor: ir.TensorOp) -> int:
    """Bytes from the beginning of the storage in which `tensor` lies."""
    offset = 0
    while tensor.view_of is not None:
        offset += 0 if tensor.view_offset is None else tensor.view_offset.value.data
        base = tensor.view_of.owner
        assert isinstance(base, ir.TensorOp), "the verifier wants a tensor as the base of a view"
        tensor = base
    return offset


def tensors_in(values: Iterable[SSAValue]) -> Iterator[ir.TensorOp]:
    """All tensors among `values`, also within lists."""
    for value in values:
        owner = value.owner
        if isinstance(owner, ir.TensorOp):
            yield owner
        elif isinstance(owner, (ir.TensorListOp, ir.OptionalTensorListOp)):
            yield from tensors_in(owner.operands)


class _Analysis:
    def __init__(self, plan: ir.PlanOp):
        self.plan = plan
        self.ranges: dict[ir.TensorOp, LiveRange] = {}
        self.handles: list[tuple[ir.TensorOp, ir.TensorOp]] = []  # (source, what becomes a handle of it)
        self.jumps: list[tuple[int, int]] = []  # (from, to)

    def run(self) -> LiveRanges:
        for tensor in tensors_in(self.plan.inputs.operands):
            self._use(tensor, 0).read_first = True
        instructions: list[ir.InstructionOp] = []
        for chain in self.plan.chains:
            start = len(instructions)
            for instruction in chain.instructions:
                self._visit(instruction, len(instructions), start)
                instructions.append(instruction)
        for tensor in tensors_in(self.plan.outputs.operands):
            self._use(tensor, max(len(instructions) - 1, 0))

        loops = [(to, at) for at, to in self.jumps if to <= at]
        skips = [(at, to) for at, to in self.jumps if to > at]
        changed = True
        while changed:
            changed = self._keep_for_handles(backwards=bool(loops))
            for first, last in loops:
                changed |= self._keep_for_next_round(first, last, skips)
        return LiveRanges(self.ranges, instructions)

    def _use(self, tensor: ir.TensorOp, step: int) -> LiveRange:
        found = self.ranges.setdefault(root_of(tensor), LiveRange(step, step))
        found.last = step
        return found

    def _visit(self, instruction: ir.InstructionOp, step: int, chain_start: int) -> None:
        """Note what an instruction uses, writes and makes a handle."""
        operands = instruction.operands
        written: Sequence[SSAValue] = ()
        handle: Sequence[SSAValue] = ()
        moves = in_parts = False
        match instruction:
            case ir.MoveOp():
                handle, moves = operands[1:], True
            case ir.KernelOp() if instruction.full_name == VIEW_AT_RUN_TIME:
                handle = operands[-1:]
            case ir.KernelOp() if instruction.full_name == PUT_SLICE:
                written, in_parts = operands[:1], True
            case ir.KernelOp():
                written = operands[-1:]  # the result, or the list of results, is the last argument of every kernel
            case ir.DelegateCallOp():
                written = operands  # which arguments are results is not said, so each may be one
            case ir.JumpFalseOp():
                self.jumps.append((step, chain_start + instruction.target))
            case _:
                pass
        fresh = [self._use(tensor, step) for tensor in tensors_in(operands) if root_of(tensor) not in self.ranges]
        for tensor in tensors_in(operands):
            self._use(tensor, step)
        for tensor in tensors_in(written):
            live = self.ranges[root_of(tensor)]
            live.written = True
            live.in_parts |= in_parts
        for source, tensor in zip(tensors_in(operands[:1]), tensors_in(handle), strict=False):
            self.handles.append((root_of(source), root_of(tensor)))
            live = self.ranges[root_of(tensor)]
            live.moved_to |= moves
            live.view |= not moves
        for live in fresh:
            live.read_first = not (live.written or live.moved_to or live.view)

    def _keep_for_handles(self, backwards: bool) -> bool:
        """A storage lives as long as its handles; in a loop a handle may be used before, in the order of instructions,
        it is set. Says whether a range grew."""
        grown = False
        for source, handle in self.handles:
            own, other = self.ranges[source], self.ranges[handle]
            grown |= _stretch(own, min(own.first, other.first) if backwards else own.first, max(own.last, other.last))
        return grown

    def _keep_for_next_round(self, first: int, last: int, skips: list[tuple[int, int]]) -> bool:
        """Stretch the ranges that touch the loop from instruction `first` to the jump back at `last`."""
        grown = False
        for live in self.ranges.values():
            if live.last < first or live.first > last:
                continue
            may_be_old = live.read_first or live.in_parts or any(at < live.first < to <= live.last for at, to in skips)
            if live.first < first or may_be_old:
                grown |= _stretch(live, min(live.first, first), max(live.last, last))
        return grown


def _stretch(live: LiveRange, first: int, last: int) -> bool:
    grown = (first, last) != (live.first, live.last)
    live.first, live.last = first, last
    return grown
