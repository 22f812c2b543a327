"""sink-permutes: permutes move down through elementwise operations to meet others, and cancel.

    %0 = edge.permute_copy(%x, dims=[0, 3, 1, 2])
    %1 = edge.relu(%0)                                     -->    %1 = edge.relu(%x)
    %2 = edge.permute_copy(%1, dims=[0, 2, 3, 1])

- permute(permute(x)) -> permute(x), or x
- a permute that only moves dimensions of size 1 -> a view, which moves no byte
- f(permute(x), permute(y), c) -> permute(f(x, y, c')), where the result is permuted again further down
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from etc.dialects import edge
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.transforms.edge_builder import SMALL, EdgeBuilder, is_constant, known, nbytes
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

LOOKAHEAD = 16
"""How many elementwise operations further down a second permute is looked for."""


def _dims(op: edge.PermuteCopyOp) -> list[int]:
    rank = known(op.self_).rank
    return [d % rank for d in op.argument("dims")]


class PermuteOfPermute(RewritePattern):
    """permute(permute(x)) -> permute(x), or x when the two cancel"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.PermuteCopyOp, rewriter: PatternRewriter) -> None:
        inner = op.self_.owner
        if not isinstance(inner, edge.PermuteCopyOp):
            return
        first = _dims(inner)
        dims = [first[d] for d in _dims(op)]
        if dims == list(range(len(dims))) and inner.self_.type == op.result.type:
            rewriter.replace(op, (), [inner.self_])
        else:
            build = EdgeBuilder(rewriter)
            build.replace(op, build.permute(inner.self_, dims))


class PermuteOfOnes(RewritePattern):
    """permute(x) that keeps the order of all dimensions but those of size 1 -> view(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.PermuteCopyOp, rewriter: PatternRewriter) -> None:
        source = known(op.self_)
        moved = [d for d in _dims(op) if source.sizes[d] != 1]
        if source.dim_order is None and source.is_static and moved == sorted(moved):
            build = EdgeBuilder(rewriter)
            build.replace(op, build.view(op.self_, known(op.result).sizes))


class SinkPermute(RewritePattern):
    """f(permute(x), permute(y), c) -> permute(f(x, y, c')), where another permute follows"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        if not op.has_trait(Elementwise) or len(op.results) != 1:
            return
        permutes = [o.owner for o in op.operands if isinstance(o.owner, edge.PermuteCopyOp)]
        if not permutes:
            return
        dims = _dims(permutes[0])
        if not _meets_a_permute(op.results[0]):
            return rewriter.decline(op, "no permute follows that the one before could cancel")
        if any(known(v).dim_order is not None for v in (*op.operands, *op.results)):
            return rewriter.decline(op, "its dim order is not plain")
        build = EdgeBuilder(rewriter)
        if not all(_can_adapt(o, dims) for o in op.operands):
            return rewriter.decline(op, "its other operands are not permuted alike")
        operands = iter([_adapted(o, dims, build) for o in op.operands])
        arguments = {
            arg.name: next(operands) if isinstance(value, SSAValue) else value for arg, value in op.arguments()
        }
        build.replace(op, build.permute(build(type(op), **arguments), dims))


def _meets_a_permute(value: SSAValue) -> bool:
    """Whether the result of elementwise operations on `value`, which nothing else uses, is permuted."""
    for _ in range(LOOKAHEAD):
        if not value.has_one_use():
            return False
        user: Operation = next(iter(value.uses)).operation
        if isinstance(user, edge.PermuteCopyOp):
            return True
        if not user.has_trait(Elementwise, value_if_unregistered=False) or len(user.results) != 1:
            return False
        value = user.results[0]
    return False


def _can_adapt(operand: SSAValue, dims: Sequence[int]) -> bool:
    if known(operand).rank == 0:
        return True
    if isinstance(operand.owner, edge.PermuteCopyOp):
        return _dims(operand.owner) == dims and operand.has_one_use()
    return is_constant(operand) and known(operand).rank <= len(dims) and nbytes(operand) <= SMALL


def _adapted(operand: SSAValue, dims: Sequence[int], build: EdgeBuilder) -> SSAValue:
    """What takes the place of `operand` when the permutation is done afterwards."""
    if known(operand).rank == 0:
        return operand
    if isinstance(operand.owner, edge.PermuteCopyOp):
        return operand.owner.self_
    sizes = known(operand).sizes
    full = build.view(operand, [1] * (len(dims) - len(sizes)) + list(sizes))
    return build.permute(full, [list(dims).index(d) for d in range(len(dims))])


@dataclass(frozen=True)
class SinkPermutesPass(EtcPass):
    """Move permutes through elementwise operations to where they cancel."""

    name = "sink-permutes"
    patterns = (PermuteOfPermute, PermuteOfOnes, SinkPermute)
