"""linalg-to-loops: `linalg.generic` over buffers to loops that load, compute and store.

    linalg.generic {…} ins(%x, %w : memref<…>, …) outs(%y : memref<…>) { … }   -->   scf.for … { … memref.store … }

- nest.py: plain loops; blocked.py: reductions with blocks of accumulators, for which schedule.py chooses the loops.
- ends.py: first values and elementwise consumers become part of a reduction's loops.
- windows.py: padding that `fold-padding` turned into bounds of loops.
- macs.py: multiply-accumulates, noted on the loops for the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import linalg, memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp
from xdsl.ir import SSAValue

from etc.dialects.c_attributes import DOC, MACS
from etc.errors import EtcError, problem_at
from etc.lowering.linalg_to_loops.blocked import BlockedNest
from etc.lowering.linalg_to_loops.builder import LoopBuilder
from etc.lowering.linalg_to_loops.ends import Ends
from etc.lowering.linalg_to_loops.iteration import Iteration
from etc.lowering.linalg_to_loops.macs import multiply_accumulates
from etc.lowering.linalg_to_loops.nest import Nest
from etc.lowering.linalg_to_loops.schedule import Registers, Target, choose, inner_order, outer_order
from etc.lowering.linalg_to_loops.windows import windows
from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class LinalgToLoopsPass(EtcPass):
    """Lower linalg.generic over buffers to loops.

    `vector` is the number of neighbouring results computed at once, 1 for a processor without SIMD instructions; `rows`
    the number of rows of such results; without `peel`, loops over padded operands are not split into borders and
    interior, which takes less code. Blocks of integers have `integer-vector` x `integer-rows` results at most, each in
    a register of its own, and up to `unroll` steps of a sum in one. If `integer-vector` is 0, they are like all others.
    """

    name = "linalg-to-loops"

    vector: int = Target.vector
    rows: int = Target.rows
    peel: bool = Target.peel
    integer_vector: int = 0
    integer_rows: int = Registers.rows
    unroll: int = Registers.unroll

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        integers = Registers(self.integer_vector, self.integer_rows, self.unroll) if self.integer_vector else None
        target = Target(self.vector, self.rows, self.peel, integers)
        generics = [op for op in module.walk() if isinstance(op, linalg.ops.GenericOp)]
        problems = [problem_at(op, "its operands are tensors", next_step="run bufferize") for op in generics if op.res]
        if problems:
            raise EtcError(problems)
        # Reductions first: they take the elementwise operations around them along.
        for op in sorted(generics, key=lambda op: not Iteration.of(op).reduction):
            if op.parent is not None:
                try:
                    self.lower(op, target)
                except EtcError as error:
                    problems += error.problems
        if problems:
            raise EtcError(problems)

    def lower(self, op: linalg.ops.GenericOp, target: Target) -> None:
        """Replace a generic by loops, and those around it that become part of them.

        Raises EtcError when the size of a loop cannot be told.
        """
        iteration = Iteration.of(op)
        ends = Ends.of(iteration) if iteration.reduction else Ends(iteration)
        build = LoopBuilder(ends.anchor)
        sliding, extents = windows(iteration), iteration.extents(build)
        macs = multiply_accumulates(iteration)
        schedule = choose(iteration, sliding, target)
        if schedule is not None:
            BlockedNest(iteration, ends, sliding, schedule, build, extents).write()
        else:
            order = (*outer_order(iteration), *inner_order(iteration))
            Nest(iteration, ends, sliding, build, extents, order).write()
        build.describe(DOC, [generic.doc for generic in ends.ops if generic.doc is not None])
        if macs != 0:
            build.count(MACS, DYNAMIC_INDEX if macs is None else macs)
        for generic in ends.ops:
            buffers = tuple(generic.operands)
            generic.detach()
            generic.erase()
            _erase_unused(buffers)


def _erase_unused(buffers: Sequence[SSAValue]) -> None:
    """Erase buffers that nothing uses any more, such as those that told the shape of a window."""
    for buffer in buffers:
        owner = buffer.owner
        if isinstance(owner, memref.AllocOp | memref.CastOp) and owner.parent is not None:
            users = [use.operation for use in buffer.uses]
            if all(isinstance(user, memref.DeallocOp) for user in users):
                sources = tuple(owner.operands)
                for erased in (*users, owner):
                    erased.detach()
                    erased.erase()
                _erase_unused(sources)
