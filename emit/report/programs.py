"""The calls of kernels in a `.pte` program, and its constants."""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.dialects.builtin import ModuleOp

from etc.dialects import exec
from etc.emit.report.facts import Operation, TensorFacts, module_of
from etc.errors import describe_location
from etc.transforms.live_ranges import find_live_ranges


def operations(module: ModuleOp) -> Mapping[str, tuple[Operation, ...]]:
    """The calls of kernels of each method; their numbers are those of the instructions, which are the steps."""
    return {plan.sym_name.data: tuple(_calls(plan)) for plan in _program(module).plans}


def constants(module: ModuleOp) -> tuple[TensorFacts, ...]:
    """The constants in a program's file, the largest first."""
    groups = (op for op in _program(module).body.ops if isinstance(op, exec.DataGroupOp))
    facts = [TensorFacts(e.sym_name.data, "", str(e.type), e.nbytes) for group in groups for e in group.entries]
    return tuple(sorted(facts, key=lambda fact: -fact.bytes))


def _program(module: ModuleOp) -> exec.ProgramOp:
    (program,) = (op for op in module.ops if isinstance(op, exec.ProgramOp))
    return program


def _calls(plan: exec.PlanOp) -> list[Operation]:
    return [
        Operation(
            number,
            call.full_name,
            call.full_name,
            describe_location(call.location).replace("\\", "/").rpartition("/")[2],
            _result(call),
            step=number,
            module=module_of(call),
        )
        for number, call in enumerate(find_live_ranges(plan).instructions)
        if isinstance(call, exec.KernelOp)
    ]


def _result(call: exec.KernelOp) -> tuple[str, ...]:
    owner = call.operands[-1].owner if call.operands else None
    return (f"{owner.dtype} {list(owner.shape)}",) if isinstance(owner, exec.TensorOp) else ()
