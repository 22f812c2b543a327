"""Choices and loops: scf.if, scf.while and scf.for that carry tensors."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Region, SSAValue

from etc.dialects import edge
from etc.dialects.edge.control_flow import ControlFlowOp
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.methods import lower_block
from etc.lowering.edge_to_linalg.scalars import Scalar


def _run(op: ControlFlowOp, region: Region, arguments: Sequence[Array], b: LinalgBuilder) -> list[Array]:
    """Write a region where code goes; what it yields. Raises EtcError with all that cannot be lowered in it."""
    location, doc = b.location, b.doc
    for value, array in zip(region.block.args, arguments, strict=True):
        b.values[value] = array = b.with_sizes(array, Tensor.of(value.type).sizes)
        b.measure(array)
    problems: list[Problem] = []
    lower_block(region.block, b, problems)
    if problems:
        raise EtcError(problems)
    b.location, b.doc = location, doc
    return [b[value] for value in op.yielded(region)]


def _fitted(b: LinalgBuilder, arrays: Sequence[Array], like: Sequence[Tensor]) -> list[Array]:
    """Branches and rounds of a loop may know different sizes of what they give; these are the common ones."""
    return [b.with_sizes(array, known.sizes) for array, known in zip(arrays, like, strict=True)]


def _described(values: Sequence[SSAValue]) -> list[Tensor]:
    return [Tensor.of(value.type) for value in values]


def _measured(b: LinalgBuilder, arrays: Sequence[Array]) -> Sequence[Array]:
    """The arrays, from whose sizes symbols are known that nothing else tells."""
    for array in arrays:
        b.measure(array)
    return arrays


def _only(array: Array, b: LinalgBuilder) -> Scalar:
    """The element of a tensor that has one."""
    return b.read(array, [0] * array.rank)


@lowers(edge.CondOp)
def cond(op: edge.CondOp, b: LinalgBuilder) -> Sequence[Array]:
    results = _described(op.outputs)
    given = b.when(
        _only(b[op.predicate], b),
        lambda: _fitted(b, _run(op, op.then_region, [], b), results),
        lambda: _fitted(b, _run(op, op.else_region, [], b), results),
    )
    return _measured(b, given)


@lowers(edge.WhileLoopOp)
def while_loop(op: edge.WhileLoopOp, b: LinalgBuilder) -> Sequence[Array]:
    results = _described(op.outputs)
    given = b.repeat(
        _fitted(b, [b[value] for value in op.carried], results),
        lambda *carried: _only(_run(op, op.condition_region, carried, b)[0], b),
        lambda *carried: _fitted(b, _run(op, op.body_region, carried, b), results),
    )
    return _measured(b, given)


@lowers(edge.ScanOp)
def scan(op: edge.ScanOp, b: LinalgBuilder) -> Sequence[Array]:
    """Slices of `xs` are views of rows; the rows of stacked results are written where they belong."""
    results = _described(op.outputs)
    count = len(op.init)
    xs = [b[value] for value in op.xs]

    def step(i: Scalar, *carried: Array) -> list[Array]:
        rows = [b.reshape(b.slice(x, [i, *[0] * (x.rank - 1)], [1, *x.sizes[1:]]), x.sizes[1:]) for x in xs]
        given = _run(op, op.combine_region, [*carried[:count], *rows], b)
        stacked = [
            b.put_slice(b.reshape(row, [1, *into.sizes[1:]]), into, [i, *[0] * (into.rank - 1)])
            for row, into in zip(given[count:], carried[count:], strict=True)
        ]
        return [*_fitted(b, given[:count], results[:count]), *stacked]

    start = _fitted(b, [b[value] for value in op.init], results[:count])
    rows = b.size(xs[0].sizes[0])
    return _measured(b, b.loop(0, rows, [*start, *(b.empty(r) for r in results[count:])], step))
