"""linalg-to-loops: `linalg.generic` over buffers to loops that load, compute and store.

    linalg.generic {…} ins(%x, %w : memref<…>, …) outs(%y : memref<…>) { … }   -->   scf.for … { … memref.store … }

See nest.py for plain loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import linalg, memref
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.errors import EtcError, Problem, problem_at
from etc.lowering.linalg_to_loops.builder import LoopBuilder
from etc.lowering.linalg_to_loops.iteration import Iteration
from etc.lowering.linalg_to_loops.nest import Nest
from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class LinalgToLoopsPass(EtcPass):
    """Lower linalg.generic over buffers to loops."""

    name = "linalg-to-loops"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        problems: list[Problem] = []
        for op in list(module.walk()):
            if not isinstance(op, linalg.GenericOp):
                continue
            if op.res:
                problems.append(problem_at(op, "its operands are tensors", next_step="run bufferize first"))
                continue
            try:
                self.lower(op)
            except EtcError as error:
                problems += error.problems
        if problems:
            raise EtcError(problems)

    def lower(self, op: linalg.GenericOp) -> None:
        """Replace one generic by loops. Raises EtcError when the size of a loop cannot be told."""
        iteration = Iteration.of(op)
        build = LoopBuilder(op)
        Nest(iteration, build, iteration.extents(build), (*iteration.parallel, *iteration.reduction)).write()
        for written in build.outermost:
            written.attributes |= op.attributes
        buffers = tuple(op.operands)
        op.detach()
        op.erase()
        _erase_unused(buffers)


def _erase_unused(buffers: Sequence[SSAValue]) -> None:
    """Erase buffers that nothing uses any more: those that told the shape of a window."""
    for buffer in buffers:
        if isinstance(buffer.owner, memref.AllocOp | memref.CastOp) and buffer.first_use is None:
            owner, sources = buffer.owner, tuple(buffer.owner.operands)
            if owner.parent is not None:
                owner.detach()
                owner.erase()
                _erase_unused(sources)
