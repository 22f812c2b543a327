"""Loops written inside of a decomposition.

(last,), (sums,) = scan(build, [zero], [x], [], lambda carried, slices, captured: ([s := build(…)], [s]))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from xdsl.ir import Block, Region, SSAValue

from etc.dialects.aten import ScanOp, WhileLoopOp, YieldOp
from etc.dialects.tensor import tensor
from etc.transforms.aten_builder import AtenBuilder

Values: TypeAlias = Sequence[SSAValue]
Combine: TypeAlias = Callable[[Values, Values, Values], tuple[Values, Values]]
"""(carried values, slices, captured values) -> (next carried values, what is kept of the step)"""


def scan(
    build: AtenBuilder, init: Values, xs: Values, captures: Values, combine: Combine
) -> tuple[list[SSAValue], list[SSAValue]]:
    """Fold along dimension 0 of all `xs`, which have as many slices: the last carried values, and stacks of
    what was kept.

    `combine` builds one step; it uses nothing but its arguments.
    """
    slices = [build.type(x).like(sizes=build.type(x).sizes[1:]).type for x in xs]
    block = Block(arg_types=[*(v.type for v in init), *slices, *(v.type for v in captures)])
    first, last = len(init), len(init) + len(xs)
    with build.inside(block):
        following, kept = combine(block.args[:first], block.args[first:last], block.args[last:])
        build.insert(YieldOp(*following, *kept))
    length = build.type(xs[0]).sizes[0]
    stacks = [tensor(build.type(v).dtype, [length, *build.type(v).sizes]).type for v in kept]
    op = build.insert(ScanOp(init, xs, captures, [*(v.type for v in init), *stacks], Region(block)))
    return list(op.results[:first]), list(op.results[first:])


def while_loop(
    build: AtenBuilder,
    init: Values,
    captures: Values,
    condition: Callable[[Values, Values], SSAValue],
    step: Callable[[Values, Values], Values],
) -> list[SSAValue]:
    """What is carried when `condition` of (carried values, captured values), a tensor of one bool, is no longer true.

    `condition` and `step` use nothing but their arguments.
    """
    types = [v.type for v in init]
    regions: list[Region] = []
    for part in (lambda *values: [condition(*values)], step):
        block = Block(arg_types=[*types, *(v.type for v in captures)])
        with build.inside(block):
            build.insert(YieldOp(*part(block.args[: len(init)], block.args[len(init) :])))
        regions.append(Region(block))
    return list(build.insert(WhileLoopOp(init, captures, types, *regions)).results)
