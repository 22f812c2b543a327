"""compute-in-place: elementwise kernels write their result over an operand of the same type that dies there.

    %a = exec.tensor f32 [8]                          %a = exec.tensor f32 [8]
    %b = exec.tensor f32 [8]                    -->   %b = exec.tensor f32 [8] view_of %a
    … exec.kernel "aten::relu.out"(%a, %b, %b)

An elementwise kernel reads each element before it writes the one in its place, so nothing is lost but the operand, and
an activation after a convolution costs no memory. Inputs and outputs of the method, constants and state stay as they
are. Every storage stays as large as it was, so the lower bound of the plan can only fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import exec as ir
from etc.transforms.live_ranges import find_live_ranges, root_of, tensors_in
from etc.transforms.rewriting import EtcPass


@cache
def elementwise_kernels() -> frozenset[str]:
    """Names of the kernels of edge's elementwise operators."""
    from etc.dialects import edge
    from etc.dialects.edge.base import EdgeOp
    from etc.dialects.edge.traits import Elementwise

    operators = (op for op in edge.Edge.operations if issubclass(op, EdgeOp) and op.has_trait(Elementwise))
    names = (op.KERNEL for op in operators if op.KERNEL)
    return frozenset(name if "::" in name else f"aten::{name}" for name in names)


@dataclass(frozen=True)
class ComputeInPlacePass(EtcPass):
    """Let elementwise kernels write their result over an operand that dies there."""

    name = "compute-in-place"
    start_stage = "exec"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        for program in module.body.ops:
            if isinstance(program, ir.ProgramOp):
                for plan in program.plans:
                    if plan.buffers is None:
                        _reuse_operands(plan)


def _reuse_operands(plan: ir.PlanOp) -> None:
    """Make results views of operands, in the order of instructions, so that chains end up in one storage."""
    live = find_live_ranges(plan)
    position = {value: i for i, value in enumerate(plan.values)}
    taken = {root_of(t) for values in (plan.inputs.operands, plan.outputs.operands) for t in tensors_in(values)}

    def is_free(tensor: ir.TensorOp) -> bool:
        """Whether a storage is a result of the method's own instructions and of nobody's concern but theirs."""
        found = live.storages[tensor]
        is_result = found.written and not (found.read_first or found.moved_to or found.view)
        return is_result and tensor not in taken and not tensor.properties.keys() & _GIVES_BYTES

    def may_take(operand: ir.TensorOp, result: ir.TensorOp, arguments: list[ir.TensorOp], step: int) -> bool:
        base = root_of(operand)
        return (
            live.storages[base].last == step
            and is_free(base)
            and base.nbytes == result.nbytes
            and base.attributes == result.attributes
            and position[operand] < position[result]
            # Another view of the same bytes would be read elsewhere than where it is written.
            and all(_type_of(other) == _type_of(result) for other in arguments if root_of(other) is base)
        )

    for step, kernel in enumerate(live.instructions):
        if not isinstance(kernel, ir.KernelOp) or kernel.full_name not in elementwise_kernels():
            continue
        result = kernel.operands[-1].owner
        if not isinstance(result, ir.TensorOp) or result.view_of is not None:
            continue
        if live.storages[result].first != step or not is_free(result):
            continue
        arguments = [tensor for tensor in tensors_in(kernel.operands) if tensor is not result]
        operand = next((t for t in arguments if may_take(t, result, arguments, step)), None)
        if operand is not None:
            # A view of the root, so that following views takes one step however long the chain of operations is.
            base = root_of(operand)
            live.storages[base].last = live.storages.pop(result).last
            result.operands = (base.result,)


_GIVES_BYTES = frozenset(("alloc", "data", "fqn", "external", "buffer"))
"""Properties of a tensor whose bytes are more than a place to put a result."""


def _type_of(tensor: ir.TensorOp) -> tuple[object, ...]:
    return tensor.dtype, tensor.shape, tensor.order, tensor.dynamism
