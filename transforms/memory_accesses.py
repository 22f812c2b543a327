"""How often the elements of some memory are read and written, with all loops around that."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from xdsl.dialects import func, memref, scf
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType
from xdsl.ir import Operation, SSAValue

from etc.transforms.macs import trips

VIEWS = (memref.SubviewOp, memref.ReinterpretCastOp, memref.CastOp)
"""Operations whose result is memory of their first operand, and which touch none of it."""

UNKNOWN = 16
"""Trips of a loop, or elements of a copy, that only run time tells."""


class MemoryAccesses:
    """Counts of accesses; those of a kernel's arguments are found once."""

    def __init__(self, functions: Mapping[str, func.FuncOp]):
        self._functions = functions
        self._of_arguments: dict[tuple[str, int], int] = {}

    def of(self, value: SSAValue) -> int:
        """Reads and writes of a memref and of its views, in one run of the function that it is in."""
        total = 0
        for use in value.uses:
            op = use.operation
            if isinstance(op, VIEWS):
                total += self.of(op.results[0])
            elif isinstance(op, func.CallOp):
                total += _runs(op) * self._of_argument(op.callee.root_reference.data, use.index)
            elif isinstance(op, memref.CopyOp):
                total += _runs(op) * _elements(value)
            elif isinstance(op, memref.LoadOp | memref.StoreOp):
                total += _runs(op)
        return total

    def _of_argument(self, name: str, number: int) -> int:
        key = name, number
        if key not in self._of_arguments:
            function = self._functions.get(name)
            has_body = function is not None and function.body.blocks
            self._of_arguments[key] = self.of(function.body.block.args[number]) if function and has_body else 0
        return self._of_arguments[key]


def _runs(op: Operation) -> int:
    """How often an operation runs in one run of its function; branches count as taken."""
    count = 1
    while (parent := op.parent_op()) is not None and not isinstance(parent, func.FuncOp):
        if isinstance(parent, scf.ForOp):
            known = trips(parent)
            count *= UNKNOWN if known is None else known
        elif isinstance(parent, scf.WhileOp):
            count *= UNKNOWN
        op = parent
    return count


def _elements(value: SSAValue) -> int:
    assert isinstance(value.type, MemRefType)
    shape = value.type.get_shape()
    return UNKNOWN if DYNAMIC_INDEX in shape else prod(shape)
