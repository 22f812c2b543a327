"""quantize-io: methods of integers compute what they did, between quantize and dequantize outside."""

from __future__ import annotations

import torch
from quantized_graph import INT8, QuantizedGraph, execute, fuse, params
from xdsl.context import Context
from xdsl.dialects.func import FuncOp

from etc.dialects import edge
from etc.dialects.quant.attributes import INPUTS, OUTPUTS, params_at_border
from etc.dialects.quant.on_torch import dequantize, quantize
from etc.transforms.quantize_io import QuantizeIoPass

RESULT = params(1 / 256, -128)
NARROW = params(0.05, 0, low=-127)


def test_integers_in_and_out():
    g = QuantizedGraph()
    x, y = g.requantized(g.input(4, 8), INT8), g.requantized(g.input(4, 8), NARROW)
    sums = g.requantized(g(edge.AddOp, x, y), INT8)
    module = g.module(g.requantized(g(edge.SigmoidOp, sums), RESULT), g(edge.ArgmaxOp, sums, 1))
    fuse(module)
    expected = execute(module, "forward", g.inputs)
    QuantizeIoPass().apply(Context(), module)
    module.verify()
    (method,) = (op for op in module.ops if isinstance(op, FuncOp))
    assert params_at_border(method, INPUTS, 2) == [INT8, NARROW]
    assert params_at_border(method, OUTPUTS, 2) == [RESULT, None]
    given = [
        quantize(value, p.scale, p.zero_point, p.quant_min, p.quant_max, torch.int8)
        for value, p in zip(g.inputs, (INT8, NARROW), strict=True)
    ]
    real, index = execute(module, "forward", given)
    p = RESULT
    assert dequantize(real, p.scale, p.zero_point, p.quant_min, p.quant_max, torch.int8).equal(expected[0])
    assert index.equal(expected[1])


def test_integers_that_quantize_does_not_make_are_clamped():
    g = QuantizedGraph()
    module = g.module(g.requantized(g.input(2), NARROW))
    fuse(module)
    QuantizeIoPass().apply(Context(), module)
    (result,) = execute(module, "forward", [torch.tensor([-128, 5], dtype=torch.int8)])
    assert result.tolist() == [-127, 5]


def test_a_second_run_changes_nothing():
    g = QuantizedGraph()
    module = g.module(g.requantized(g(edge.SigmoidOp, g.requantized(g.input(4), INT8)), RESULT))
    fuse(module)
    QuantizeIoPass().apply(Context(), module)
    once = str(module)
    QuantizeIoPass().apply(Context(), module)
    assert str(module) == once
