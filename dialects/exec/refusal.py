"""How a program refuses to go on: the runtime has no instruction for it, so a kernel is given what it refuses.

    %message = exec.string "input 0 (x): dimension 1 must be at most 128 (Dim length)"
    exec.kernel "aten::gelu.out"(%scratch, %message, %scratch, %scratch)

gelu takes the name of an approximation; another text ends the call with the error InvalidArgument and stands in the
runtime's log, where it has one.
"""

from __future__ import annotations

import re

from xdsl.ir import SSAValue

from etc.dialects.exec.instructions import KernelOp
from etc.dialects.exec.values import StringOp

_KERNEL = "aten::gelu.out"
_APPROXIMATIONS = ("none", "tanh")
_LOGGED = re.compile(r"Invalid approximation format: (.*) for gelu")


def refuse(message: SSAValue, scratch: SSAValue) -> KernelOp:
    """The instruction that ends the call; `message` is an exec.string, `scratch` a float32 tensor that it may write."""
    return KernelOp(_KERNEL, [scratch, message, scratch, scratch])


def refusal_of(op: KernelOp) -> str | None:
    """The message with which a kernel call ends the program; None for calls that compute something."""
    if op.full_name != _KERNEL or not isinstance(text := op.operands[1].owner, StringOp):
        return None
    return None if text.value.data in _APPROXIMATIONS else text.value.data


def refusal_in_log(log: str) -> str | None:
    """The message of the refusal that the runtime has logged."""
    found = _LOGGED.search(log)
    return found[1] if found is not None else None
