"""fold-constants: compute at compile time what does not depend on inputs or state.

    %w = program.load @fc.weight : tensor<10x128xf32>
    %t = edge.permute_copy(%w, dims=[1, 0])            -->    %fc.weight = program.constant … : tensor<128x10xf32>

The program may grow by the option `max-growth` (in bytes) per operation: a weight that is used in its own layout too is
not stored twice, a large mask is computed at run time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue
from xdsl.traits import Pure

from etc.dialects import quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Reshape
from etc.dialects.quant.base import QuantOp
from etc.errors import EtcError
from etc.transforms.edge_builder import (
    SMALL,
    EdgeBuilder,
    array_of,
    has_other_users,
    is_constant,
    known,
    name_of,
    nbytes,
)
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern


class Fold(RewritePattern):
    """f(constants) -> constant"""

    def __init__(self, max_growth: int):
        self._max_growth = max_growth

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        if not op.has_trait(Pure) or not all(map(is_constant, op.operands)):
            return
        if not all(known(r).is_static for r in op.results):
            return rewriter.decline(op, "the size of its result is known only at run time")
        if isinstance(op, QuantOp) and not isinstance(op, quant.ObserveOp) and known(op.results[0]).dtype.is_float:
            return rewriter.decline(op, "integers are how its operand is to be stored")
        build = EdgeBuilder(rewriter)
        if op.has_trait(Reshape) and known(op.operands[0]).dim_order is None:
            build.replace(op, build.same_content(op.operands[0], known(op.results[0])))
            return
        operands = dict.fromkeys(op.operands)
        freed = sum(nbytes(v) for v in operands if not has_other_users(v))
        growth = sum(map(nbytes, op.results)) - freed
        if growth > self._max_growth:
            return rewriter.decline(op, f"the program would grow by {growth} bytes")
        results = self._evaluate(op, operands)
        if results is None:
            return rewriter.decline(op, "torch refuses to execute it")
        name = op.results[0].name_hint if not operands else next(map(name_of, operands))
        values = [build.constant(v, known(r), name) for v, r in zip(results, op.results, strict=True)]
        rewriter.replace(op, (), values)

    @staticmethod
    def _evaluate(op: EdgeOp, operands: dict[SSAValue, None]) -> list[Any] | None:
        from etc.dialects.on_torch import evaluate

        try:
            return list(evaluate(op, {v: array_of(v) for v in operands}, {}))
        except (EtcError, KeyError):
            return None


@dataclass(frozen=True)
class FoldConstantsPass(EtcPass):
    """Compute at compile time what does not depend on inputs or state."""

    name = "fold-constants"

    max_growth: int = SMALL

    def get_patterns(self) -> tuple[RewritePattern, ...]:
        return (Fold(self.max_growth),)
