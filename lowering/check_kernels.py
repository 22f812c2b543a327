"""check-kernels: nothing reaches a file that the stock runtime would refuse to load or to run.

Every edge op must have a kernel in the runtime's registry, and that kernel must take the dtypes of the op, as the table
`dialects/stock_kernels.txt` tells. A custom operator must have a kernel that somebody is going to link into the
runtime. All ops that do not are reported at once, with what would make them work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import custom
from etc.dialects.edge.base import EdgeOp
from etc.dialects.stock_kernels import operators
from etc.errors import EtcError, Problem, problem_at
from etc.lowering.legalize_dtypes import described, is_taken
from etc.lowering.storage import moves_no_byte
from etc.transforms.rewriting import EtcPass


def problems(module: ModuleOp) -> Iterator[Problem]:
    """One for each op that the runtime cannot execute."""
    declared = custom.declared(module)
    for op in module.walk():
        if isinstance(op, custom.CustomOp) and (op.name not in declared or declared[op.name].kernel is None):
            yield _without_kernel(op)
        if not isinstance(op, EdgeOp) or moves_no_byte(op):
            continue
        if op.KERNEL not in operators():
            yield problem_at(
                op,
                "the stock runtime has no kernel for it",
                next_step="register a decomposition with @decomposes, link a custom kernel, or delegate it",
            )
        elif not is_taken(op):
            yield problem_at(
                op,
                f"the stock runtime's kernel {op.KERNEL} does not take these dtypes",
                found=described(op),
                next_step="cast the operands in the model, or register a decomposition with @decomposes",
            )


def _without_kernel(op: custom.CustomOp) -> Problem:
    operator, kernel = f"{op.DECLARED.namespace}::{op.DECLARED.key}", custom.kernel_of(op.DECLARED)
    return problem_at(
        op,
        f"the stock runtime has no kernel for the custom operator {operator}",
        expected=f"a kernel {kernel} linked into the runtime, or a decomposition",
        next_step=f'say that your runtime has it: compile(custom_kernels=["{kernel}"]), etc-compile --custom-kernel '
        f'{kernel}; or register a decomposition: @decomposes("{operator}")',
    )


@dataclass(frozen=True)
class CheckKernelsPass(EtcPass):
    """Report every op that the stock runtime has no kernel for, or none for its dtypes."""

    name = "check-kernels"
    start_stage = "edge"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        if found := list(problems(module)):
            raise EtcError(found)
