"""Copies what a generic computes at one point into a loop."""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.dialects import arith, linalg
from xdsl.ir import Block, SSAValue

from etc.lowering.linalg_to_loops.builder import Index, LoopBuilder


def copy_body(
    body: Block, elements: Mapping[SSAValue, SSAValue], indices: Mapping[int, Index], build: LoopBuilder
) -> list[SSAValue]:
    """Copy the body of a generic to where `build` stands; returns what it yields."""
    values: dict[SSAValue, SSAValue] = dict(elements)
    yielded: list[SSAValue] = []

    def copied(value: SSAValue) -> SSAValue:
        return values.get(value, value)

    for op in body.ops:
        match op:
            case linalg.ops.YieldOp():
                yielded = [copied(value) for value in op.operands]
            case linalg.ops.IndexOp():
                values[op.result] = build.index(indices[op.dim.value.data])
            case arith.ConstantOp():
                values[op.result] = build.constant(op.value)
            case _:
                copy = build.insert(op.clone(values))
                for inner in list(copy.walk()):
                    if not isinstance(inner, linalg.ops.IndexOp):
                        continue
                    inner.result.replace_all_uses_with(build.index(indices[inner.dim.value.data]))
                    inner.detach()
                    inner.erase()
    return yielded
