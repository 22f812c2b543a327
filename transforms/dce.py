"""dce: erase dead code.

%0 = edge.add(%a, %b)     // no users      -->   (nothing)
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.ir import Operation
from xdsl.transforms.dead_code_elimination import is_trivially_dead

from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern


class EraseDead(RewritePattern):
    """f(x) without users -> nothing, when f has no effect"""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter, /) -> None:
        if is_trivially_dead(op):
            rewriter.erase(op)


@dataclass(frozen=True)
class DeadCodeEliminationPass(EtcPass):
    """Erase operations without effect whose results nobody uses."""

    name = "dce"
    patterns = (EraseDead,)
