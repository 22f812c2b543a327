"""Passes on the edge dialect for the tests of etc-compile: one that works, one that breaks the program."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType, f64
from xdsl.rewriter import Rewriter

import etc
from etc.dialects import edge


@etc.rewrite_rule
def relu_to_sigmoid(op: edge.ReluOp, rewriter: etc.PatternRewriter) -> None:
    """relu(x) -> sigmoid(x)"""
    rewriter.replace(op, edge.SigmoidOp.of(op.self_))


@dataclass(frozen=True)
class ReluToSigmoid(etc.EtcPass):
    """Make every relu a sigmoid."""

    name = "relu-to-sigmoid"
    patterns = (relu_to_sigmoid,)


@dataclass(frozen=True)
class BreakTypes(etc.EtcPass):
    """Give relus a wrong type."""

    name = "break-types"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        for op in list(module.walk()):
            if isinstance(op, edge.ReluOp):
                Rewriter.replace_op(op, edge.ReluOp.create(operands=op.operands, result_types=[TensorType(f64, [1])]))
