"""Passes for the tests of --load, --explain and --verify-numerics."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.arith import AddiOp, MuliOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import ReturnOp

from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, rewrite_rule


@rewrite_rule
def square_to_sum(op: MuliOp, rewriter: PatternRewriter) -> None:
    """a * a -> a + a"""
    if op.lhs is not op.rhs:
        return rewriter.decline(op, "the factors differ")
    rewriter.replace(op, AddiOp(op.lhs, op.rhs))


@dataclass(frozen=True)
class SquareToSumPass(EtcPass):
    """Turn squares into sums, which is wrong except for 0 and 2."""

    name = "square-to-sum"
    patterns = (square_to_sum,)

    limit: int = 3
    sizes: tuple[int, ...] = (1, 2)
    fast: bool = False


@rewrite_rule
def return_first(op: ReturnOp, rewriter: PatternRewriter) -> None:
    """return a, b -> return a, a"""
    first, *others = op.operands
    if any(other is not first for other in others):
        op.operands = [first] * len(op.operands)
        rewriter.notify_op_modified(op)


@dataclass(frozen=True)
class ReturnFirstPass(EtcPass):
    """Return the first result in place of all."""

    name = "return-first"
    patterns = (return_first,)


@dataclass(frozen=True)
class FailingPass(EtcPass):
    """Fail."""

    name = "failing"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        raise RuntimeError("out of luck")


@dataclass(frozen=True)
class BreakingPass(EtcPass):
    """Leave an invalid program behind."""

    name = "breaking"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        for op in module.walk():
            if isinstance(op, AddiOp):
                op.operands = op.operands[:1]


__all__ = ["BreakingPass", "FailingPass", "RewritePattern", "ReturnFirstPass", "SquareToSumPass"]
