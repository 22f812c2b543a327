"""verify-stage: check that a program holds only operations of a stage.

verify-stage{stage=edge}      stage "edge": aten.linear is not allowed here; run decompose-aten (model.py:12)
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.transforms.rewriting import EtcPass
from etc.transforms.stages import check_stage


@dataclass(frozen=True)
class VerifyStagePass(EtcPass):
    """Check that the program holds only operations of a stage (autograd-safe, aten, core-aten, edge, exec)."""

    name = "verify-stage"

    stage: str

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        check_stage(module, self.stage)
