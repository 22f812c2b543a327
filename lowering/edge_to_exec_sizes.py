"""What programs say of sizes, on the way to exec: guards become comparisons, jumps and calls that are refused.

program.guard size(%x, 0) <= 8, "…"          exec.kernel "aten::sym_size.int"(%x, %zero, %n)
                                             exec.kernel "executorch_prim::le.Scalar"(%n, %eight, %holds)
                                      -->  2 exec.jump_false %holds to 4
                                           3 exec.jump_false %never to 5
                                           4 exec.kernel "aten::gelu.out"(%scratch, %message, %scratch, %scratch)
                                           5 …
"""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import f32
from xdsl.ir import SSAValue

from etc.dialects import exec, program
from etc.dialects.exec.refusal import refuse
from etc.dialects.size_ops import Comparison
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor
from etc.lowering.plan_values import PlanValues

_PRIMS = {"==": "eq", "!=": "eq", "<=": "le", "<": "lt", ">=": "ge", ">": "gt"}
"""The runtime's comparison of Ints by relation; it has none for `!=`."""


class SizeLowering:
    """Lowers the operations on sizes of one method."""

    def __init__(self, values: PlanValues, held: Callable[[SSAValue], SSAValue]):
        self._values, self._held = values, held
        self._scratch: tuple[SSAValue, SSAValue] | None = None

    def symbol(self, op: program.SymbolOp) -> None:
        """`program.symbol u0 = %t`: the runtime reads the number."""
        self._values.read_symbol(op.symbol.data, self._held(op.value))

    def guard(self, op: program.GuardOp) -> None:
        """Raises EtcError for a symbol that is not known yet."""
        start = self._here
        sides = [(self._left(op, c), self._number(c.right)) for c in op.comparisons]
        holds, tensor = self._refusal_values()
        passed: list[exec.JumpFalseOp] = []
        for (left, right), comparison in zip(sides, op.comparisons, strict=True):
            self._append(exec.KernelOp(f"executorch_prim::{_PRIMS[comparison.relation]}.Scalar", [left, right, holds]))
            jump = self._jump(holds)
            if comparison.relation == "!=":
                passed.append(jump)
            else:
                passed.append(self._jump(self._values.argument(False)))
                jump.target = self._here
        self._append(refuse(self._values.argument(op.message.data), tensor))
        for jump in passed:
            jump.target = self._here
        for instruction in self._values.instructions[start:]:
            instruction.location = op.location

    def _refusal_values(self) -> tuple[SSAValue, SSAValue]:
        """The Bool that comparisons set, and the tensor that the refusing kernel is given."""
        if self._scratch is None:
            self._scratch = (
                self._values.add(exec.BoolOp(False), "holds"),
                self._values.add(exec.TensorOp(f32, []), "scratch"),
            )
        return self._scratch

    def _left(self, op: program.GuardOp, comparison: Comparison) -> SSAValue:
        if comparison.left is not None:
            return self._number(comparison.left)
        assert op.measured is not None
        assert op.dimension is not None
        dimension = op.dimension.value.data
        size = Tensor.of(op.measured.type).sizes[dimension]
        name = size.symbol_name if isinstance(size, Expr) else None
        return self._values.dimension(self._held(op.measured), dimension, name)

    def _number(self, value: Dim) -> SSAValue:
        return self._values.argument(value)

    @property
    def _here(self) -> int:
        return len(self._values.instructions)

    def _jump(self, condition: SSAValue) -> exec.JumpFalseOp:
        jump = exec.JumpFalseOp(condition, 0)
        self._append(jump)
        return jump

    def _append(self, instruction: exec.InstructionOp) -> None:
        self._values.instructions.append(instruction)
