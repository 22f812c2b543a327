"""Float islands: what an integer program still computes on reals, and why."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation, SSAValue

from etc.dialects import edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.dialects.tensor import Tensor
from etc.errors import describe_location
from etc.transforms.fuse_quantized_rules import arithmetic, moves, products
from etc.transforms.fuse_quantized_rules.values import quantised
from etc.transforms.quantisable import MOVING

REASON = "quant.float"
"""The attribute that says why an operation stays on reals."""

CONVERSIONS = (
    quant.ChooseQparamsOp,
    quant.ChooseQparamsPerTokenOp,
    quant.DequantizeDynamicOp,
    quant.DequantizeOp,
    quant.DequantizePerChannelOp,
    quant.DequantizePerGroupOp,
    quant.DequantizePerTokenOp,
    quant.QuantizeDynamicOp,
    quant.QuantizeOp,
    quant.QuantizePerChannelOp,
    quant.QuantizePerTokenOp,
)
"""The shores: they turn integers into reals and back."""


@dataclass(frozen=True)
class Island:
    """An operation on reals. `where` is the model's source line, "" when unknown; `reason` a clause."""

    op: str
    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.op}{f' ({self.where})' if self.where else ''}: {self.reason}"


def _is_real(value: SSAValue) -> bool:
    try:
        return Tensor.of(value.type).dtype.is_float
    except TypeError:
        return False


def _has_rule(op: EdgeOp) -> bool:
    tables = (arithmetic.RULES, products.RULES, MOVING, moves.COMPARED)
    return any(type(op) in table for table in tables) or op.has_trait(Elementwise)


def _reason(op: Operation) -> str:
    if isinstance(noted := op.attributes.get(REASON), StringAttr):
        return noted.data
    if not isinstance(op, EdgeOp):
        return "what it carries is not quantised"
    if not _has_rule(op):
        return "it has no form on integers"
    if not any(quantised(operand) for operand in op.operands):
        return "its operands are not quantised"
    return "its result is not quantised"


def float_islands(module: ModuleOp) -> list[Island]:
    """The operations that a program computes on reals, in order, with the reason that fuse-quantized found.

    Conversions between integers and reals are not listed, nor are constants.
    """
    return [
        Island(op.name, describe_location(op.location), _reason(op))
        for op in module.walk()
        if isinstance(op, EdgeOp | edge.ControlFlowOp)
        and not isinstance(op, CONVERSIONS)
        and any(map(_is_real, (*op.operands, *op.results)))
    ]
