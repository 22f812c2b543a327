"""The guards at the start of a method, evaluated for inputs before the runtime gets them.

The runtime stops at the first guard that fails, and its error is a number; here all messages are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from xdsl.ir import SSAValue

from etc.dialects import exec
from etc.dialects.exec.refusal import refusal_of
from etc.errors import EtcError, Problem
from etc.runtime.exec_on_torch import PRIMS


def check_guards(plan: exec.PlanOp, inputs: Sequence[Any]) -> None:
    """Raise an EtcError with the messages of all guards that fail for inputs of the right number and rank."""
    wanted = plan.inputs.operands
    if len(wanted) != len(inputs) or not all(map(_has_rank_of, wanted, inputs)):
        return
    values = {op.result: _number(op) for op in plan.body.ops if isinstance(op, exec.IntOp | exec.BoolOp)}
    values |= dict(zip(wanted, inputs, strict=True))
    sizes = ", ".join(str(list(v.shape)) for v in inputs if isinstance(v, torch.Tensor))
    if messages := _refusals(next(plan.chains).instructions, values):
        raise EtcError(Problem(message, found=f"sizes {sizes}") for message in messages)


def guarded_sizes(plan: exec.PlanOp) -> set[tuple[SSAValue, int]]:
    """The dimensions of inputs that a guard allows one size only."""
    dimensions: dict[SSAValue, tuple[SSAValue, int]] = {}
    found: set[tuple[SSAValue, int]] = set()
    computed: set[SSAValue] = set()
    for op in next(plan.chains).instructions:
        if not isinstance(op, exec.KernelOp):
            continue
        first, second = [*op.operands, None, None][:2]
        if first is not None and second is not None and isinstance(second.owner, exec.IntOp):
            if op.full_name == "aten::sym_size.int":
                dimensions[op.operands[-1]] = first, second.owner.value.value.data
            elif op.full_name == "executorch_prim::eq.Scalar" and first in dimensions and second not in computed:
                found.add(dimensions[first])
        computed.update(op.operands[-1:])
    return found


def _has_rank_of(wanted: SSAValue, given: Any) -> bool:
    if not isinstance(wanted.owner, exec.TensorOp):
        return True
    return isinstance(given, torch.Tensor) and given.dim() == len(wanted.owner.shape)


def _number(op: exec.IntOp | exec.BoolOp) -> int | bool:
    number = op.value.value.data
    return bool(number) if isinstance(op, exec.BoolOp) else number


def _refusals(instructions: Sequence[exec.InstructionOp], values: dict[SSAValue, Any]) -> list[str]:
    """The messages of the refusals that are reached, by arithmetic on what is known, before anything else is done."""
    messages: list[str] = []
    at = 0
    while at < len(instructions):
        op, next_one = instructions[at], at + 1
        if isinstance(op, exec.KernelOp) and (message := refusal_of(op)) is not None:
            messages.append(message)
        elif isinstance(op, exec.KernelOp) and op.full_name in PRIMS and values.keys() >= set(op.operands):
            *arguments, result = op.operands
            values[result] = PRIMS[op.full_name](*(values[argument] for argument in arguments))
        elif isinstance(op, exec.JumpFalseOp) and op.condition in values and op.target > at:
            next_one = at + 1 if values[op.condition] else op.target
        else:
            break
        at = next_one
    return messages
