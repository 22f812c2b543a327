"""How a reduction begins and ends: the generics before and after it that its loops compute along the way.

    linalg.generic outs(%t) { yield %bias }                                    scf.for …
    linalg.generic ins(%x, %w) outs(%t) { yield %t + %x * %w }         -->       %a = load %bias
    linalg.generic ins(%t) outs(%y) { yield max(%t, 0) }                         %b = scf.for … iter_args(%a) …
                                                                                 store max(%b, 0), %y

%t is never in memory. What comes before is a generic that gives every element its first value; what comes after is one
that alone reads the result, element by element. All of it happens where the last of the generics stood, so nothing in
between may write what the earlier ones read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xdsl.dialects import linalg, memref
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineDimExpr

from etc.lowering.linalg_to_loops.aliasing import base_of, may_alias, reads, writes
from etc.lowering.linalg_to_loops.body import copy_body
from etc.lowering.linalg_to_loops.builder import Index, LoopBuilder
from etc.lowering.linalg_to_loops.iteration import CONSTANT, Access, Iteration, linear, position


@dataclass(frozen=True)
class Pointwise:
    """A generic without reduction, entered at one element of the operand `at`, which tells all its loop indices."""

    iteration: Iteration
    at: Access

    @staticmethod
    def of(op: linalg.ops.GenericOp, buffer: SSAValue) -> Pointwise | None:
        """How `op` goes over the elements of `buffer`; None when it is more than once over each."""
        iteration = Iteration.of(op)
        uses = [a for a in (*iteration.inputs, *iteration.outputs) if a.buffer is buffer]
        if iteration.reduction or len({a.map for a in uses}) != 1 or not _is_injective(uses[0], iteration.parallel):
            return None
        return Pointwise(iteration, uses[0])

    def values(self, at: Sequence[Index], element: SSAValue | None, build: LoopBuilder) -> list[SSAValue]:
        """What it yields at `at`; `element` is the element of the operand there, when it is read."""
        indices = self.indices(at)
        elements: dict[SSAValue, SSAValue] = {
            access.argument: element
            if element is not None and access.buffer is self.at.buffer
            else access.buffer
            if access.is_scalar
            else build.load(access.buffer, position(access, indices, build))
            for access in (*self.iteration.inputs, *self.iteration.outputs)
            if access.is_used
        }
        return copy_body(self.iteration.body, elements, indices, build)

    def indices(self, at: Sequence[Index]) -> Mapping[int, Index]:
        """The loop indices at an element."""
        return {
            expr.position: index
            for expr, index in zip(self.at.map.results, at, strict=True)
            if isinstance(expr, AffineDimExpr)
        }


def _is_injective(access: Access, dims: Sequence[int]) -> bool:
    """Whether the loops `dims` visit every element of the operand exactly once."""
    positions = [expr.position for expr in access.map.results if isinstance(expr, AffineDimExpr)]
    return len(access.map.results) == len(dims) and sorted(positions) == sorted(dims)


def _visits_each_once(iteration: Iteration, access: Access) -> bool:
    """The same for the parallel loops of a reduction, of which some may go over blocks: `d0 * 16 + d7`, d7 below 16."""
    extents, found = iteration.static_extents(), list[int]()
    for expr in access.map.results:
        terms = linear(expr)
        if terms is None:
            return False
        reach = 1
        for dim, factor in sorted(terms.items(), key=lambda term: term[1]):
            if dim == CONSTANT or factor != reach:
                return False
            found.append(dim)
            reach = factor * extents.get(dim, 0)
    return sorted(found) == sorted(iteration.parallel)


@dataclass
class Ends:
    """What is computed before and after the reduction loops of `reduction`."""

    reduction: Iteration
    before: Pointwise | None = None
    after: list[Pointwise] = field(default_factory=list[Pointwise])

    @staticmethod
    def of(reduction: Iteration) -> Ends:
        """Find the neighbours that can be computed along. `reduction` has one output for that."""
        ends = Ends(reduction)
        if len(reduction.outputs) == 1 and _visits_each_once(reduction, reduction.outputs[0]):
            ends._find_before()
            ends._find_after()
        return ends

    @property
    def anchor(self) -> Operation:
        """Where the loops go."""
        return self.after[-1].iteration.op if self.after else self.reduction.op

    @property
    def ops(self) -> list[linalg.ops.GenericOp]:
        """All the generics that the loops stand for."""
        before = [self.before.iteration.op] if self.before is not None else []
        return [*before, self.reduction.op, *(p.iteration.op for p in self.after)]

    @cached_property
    def is_repeatable(self) -> bool:
        """Whether an element may be computed twice: nothing is read that the first time has overwritten."""
        if self.before is None:
            return False
        last = self.after[-1].iteration if self.after else self.reduction
        read = [
            access.buffer
            for pointwise in self.after
            for access in (*pointwise.iteration.inputs, *pointwise.iteration.outputs)
            if access.is_used and not access.is_scalar and access.buffer is not pointwise.at.buffer
        ]
        return not any(may_alias(out.buffer, other) for out in last.outputs for other in read)

    def first(self, out: Access, at: Sequence[Index], build: LoopBuilder) -> SSAValue:
        """The value that the reduction of the output's element at `at` starts from."""
        if self.before is None:
            return build.load(out.buffer, at)
        return self.before.values(at, None, build)[0]

    def last(self, value: SSAValue, out: Access, at: Sequence[Index], build: LoopBuilder) -> None:
        """Store what becomes of the reduced element."""
        for pointwise in self.after:
            indices = pointwise.indices(at)
            (value,) = pointwise.values(at, value, build)
            (out,) = pointwise.iteration.outputs
            at = position(out, indices, build)
        build.store(value, out.buffer, at)

    def _find_before(self) -> None:
        (out,) = self.reduction.outputs
        op, buffer = self.reduction.op, out.buffer
        if not out.is_used:
            return
        candidate = op.prev_op
        passed: list[Operation] = []
        while candidate is not None and not _touches(candidate, buffer):
            passed.append(candidate)
            candidate = candidate.prev_op
        if not isinstance(candidate, linalg.ops.GenericOp) or list(candidate.outputs) != [buffer]:
            return
        pointwise = Pointwise.of(candidate, buffer)
        if pointwise is None or pointwise.at.is_used or buffer in candidate.inputs:
            return
        if not _written(passed, candidate.inputs) and not _aliases(candidate.inputs, buffer):
            self.before = pointwise

    def _find_after(self) -> None:
        """Follow the result from consumer to consumer."""
        while (found := self._next()) is not None:
            self.after.append(found)

    def _next(self) -> Pointwise | None:
        last = self.after[-1].iteration if self.after else self.reduction
        (out,) = last.outputs
        buffer = out.buffer
        if not _visits_each_once(last, out):
            return None
        passed: list[Operation] = []
        candidate = self.anchor.next_op
        while candidate is not None and not _touches(candidate, buffer):
            passed.append(candidate)
            candidate = candidate.next_op
        if (
            not isinstance(candidate, linalg.ops.GenericOp)
            or buffer not in candidate.inputs
            or len(candidate.outputs) != 1
        ):
            return None
        in_place = candidate.outputs[0] is buffer
        if not in_place and not _is_last_use(buffer, candidate):
            return None
        pointwise = Pointwise.of(candidate, buffer)
        if pointwise is None:
            return None
        read = [operand for op in self.ops for operand in op.inputs if operand is not buffer]
        if _written(passed, read) or _aliases(read, candidate.outputs[0]):
            return None
        return pointwise


def _touches(op: Operation, buffer: SSAValue) -> bool:
    """Whether an operation, or one inside it, reads or writes memory of a buffer. Ends of blocks do."""
    if op.next_op is None:
        return True
    return any(may_alias(other, buffer) for inner in op.walk() for other in (*reads(inner), *writes(inner)))


def _written(ops: Sequence[Operation], buffers: Sequence[SSAValue]) -> bool:
    """Whether one of the operations writes one of the buffers."""
    return any(_aliases(buffers, other) for op in ops for inner in op.walk() for other in writes(inner))


def _aliases(buffers: Sequence[SSAValue], buffer: SSAValue) -> bool:
    return any(may_alias(other, buffer) for other in buffers)


def _is_last_use(buffer: SSAValue, op: Operation) -> bool:
    """Whether nobody reads a buffer of this function after `op`, which stands in the block where it was allocated."""
    allocation = buffer.owner
    if not isinstance(allocation, memref.AllocOp) or allocation.parent is not op.parent:
        return False
    later = op.next_op
    while later is not None:
        if not isinstance(later, memref.DeallocOp) and any(
            base_of(operand) is buffer for inner in later.walk() for operand in inner.operands
        ):
            return False
        later = later.next_op
    return True
