"""quantize-io: a method takes and gives integers, where it quantises its inputs first and dequantises its outputs last.

    func.func @forward(%x: tensor<8xf32>)                func.func @forward(%x: tensor<8xi8>)
      %q = quant.quantize(%x, …)                  -->      attributes {quant.inputs = [#quant.params<i8 …>],
      …                                                                quant.outputs = [#quant.params<i8 …>]}
      %y = quant.dequantize(%r, …)                         …
      func.return %y : tensor<8xf32>                       func.return %r : tensor<8xi8>

The attributes of the method say for each input and output what its integers stand for, or are a unit. An input that is
also used as it is stays, and so does an output that is computed on reals.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, TensorType, UnitAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from etc.dialects import edge, quant
from etc.dialects.quant.attributes import INPUTS, OUTPUTS, PARAMS, Params, ParamsAttr
from etc.dialects.quant.base import bounds
from etc.transforms.edge_builder import known
from etc.transforms.fuse_quantized_rules.values import params_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern


def _is_real(value: SSAValue) -> bool:
    return isinstance(value.type, TensorType) and known(value).dtype.is_float


def _quantised_as(argument: BlockArgument) -> Params | str:
    """What an input is quantised to, in all its uses; or why it stays as it is."""
    name = argument.name_hint or str(argument.index)
    found: set[Params] = set()
    for use in argument.uses:
        if not isinstance(use.operation, quant.QuantizeOp):
            return f"{use.operation.name} takes its input {name} as it is"
        found.add(params_of(use.operation))
    if len(found) == 1:
        return found.pop()
    return f"its input {name} is quantised in {len(found)} ways" if found else f"its input {name} is not used"


def _remaining(op: FuncOp, end: ReturnOp) -> list[str]:
    """Why inputs and outputs are reals."""
    inputs = [_quantised_as(argument) for argument in op.body.block.args if _is_real(argument)]
    outputs = [f"its output {number} is computed on reals" for number, v in enumerate(end.operands) if _is_real(v)]
    return [*map(str, inputs), *outputs]


class IntegerInterface(RewritePattern):
    """method(x) { f(quantize(x)) } -> method(q) { f(q) }, and the same for outputs"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: FuncOp, rewriter: PatternRewriter) -> None:
        end = op.body.block.last_op
        if not isinstance(end, ReturnOp):
            return
        if INPUTS in op.attributes:
            if reasons := _remaining(op, end):
                rewriter.decline(op, "; ".join(reasons))
            return
        inputs = [self._input(op, argument, rewriter) for argument in op.body.block.args]
        outputs = [self._output(end, number, rewriter) for number in range(len(end.operands))]
        op.attributes[INPUTS], op.attributes[OUTPUTS] = ArrayAttr(inputs), ArrayAttr(outputs)
        op.update_function_type()
        rewriter.notify_op_modified(op)

    @staticmethod
    def _input(op: FuncOp, argument: BlockArgument, rewriter: PatternRewriter) -> Attribute:
        params = _quantised_as(argument) if _is_real(argument) else None
        if not isinstance(params, Params):
            return UnitAttr()
        users = [use.operation for use in argument.uses]
        integers = Rewriter.replace_value_with_new_type(argument, known(argument).like(dtype=params.dtype).type)
        given: SSAValue = integers
        if (params.quant_min, params.quant_max) != bounds(params.dtype):
            # Sums were shown to fit into 32 bits for what quantize gives.
            clamp = edge.ClampOp.of(integers, min=params.quant_min, max=params.quant_max)
            clamp.attributes[PARAMS] = ParamsAttr(params)
            rewriter.insert(clamp, InsertPoint.at_start(op.body.block))
            given = clamp.result
        for user in users:
            rewriter.replace(user, (), [given])
        return ParamsAttr(params)

    @staticmethod
    def _output(end: ReturnOp, number: int, rewriter: PatternRewriter) -> Attribute:
        value = end.operands[number]
        last = value.owner
        if not isinstance(last, quant.DequantizeOp):
            return UnitAttr()
        end.operands[number] = last.input
        if value.first_use is None:
            rewriter.erase(last)
        return ParamsAttr(params_of(last))


@dataclass(frozen=True)
class QuantizeIoPass(EtcPass):
    """Let methods take and give integers where they quantise inputs first and dequantise outputs last."""

    name = "quantize-io"
    patterns = (IntegerInterface,)
