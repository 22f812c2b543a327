"""fuse-quantized: what loops and branches carry becomes integers; cells of recurrent networks are integers alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from quantized_graph import QuantizedGraph, distance, execute, fuse, fused, params
from xdsl.ir import Attribute, Region, SSAValue

from etc.dialects import dtypes, edge
from etc.dialects.quant.attributes import Params
from etc.dialects.tensor import tensor
from etc.transforms.fuse_quantized import float_islands

INPUT, GATES, HIDDEN, CELL = params(0.05, 3), params(0.06, 0), params(1 / 128, 0), params(0.03, 2)
SIGMOID = params(1 / 256, -128)


def real(*sizes: int) -> Attribute:
    return tensor(dtypes.float32, sizes).type


def block(*types: Attribute) -> tuple[QuantizedGraph, list[SSAValue]]:
    """A region under construction, and its arguments."""
    graph = QuantizedGraph()
    return graph, [graph.block.insert_arg(type, number) for number, type in enumerate(types)]


def lstm_cell(
    b: QuantizedGraph, x: SSAValue, h: SSAValue, c: SSAValue, weights: Sequence[SSAValue]
) -> tuple[SSAValue, SSAValue]:
    """The next hidden value and cell, everything quantised."""
    wx, wh, bias = weights
    from_x, from_h = b(edge.LinearOp, x, wx, bias), b(edge.LinearOp, h, wh)
    gates = b.requantized(b(edge.AddOp, b.requantized(from_x, GATES), b.requantized(from_h, GATES)), GATES)
    parts = edge.SplitWithSizesCopyOp.of(gates, [16] * 4, 1)
    b.block.add_op(parts)
    i, f, o = (b.requantized(b(edge.SigmoidOp, parts.results[n]), SIGMOID) for n in (0, 1, 3))
    g = b.requantized(b(edge.TanhOp, parts.results[2]), HIDDEN)
    kept, new = (b.requantized(b(edge.MulOp, x, y), CELL) for x, y in ((f, c), (i, g)))
    c = b.requantized(b(edge.AddOp, kept, new), CELL)
    h = b.requantized(b(edge.MulOp, o, b.requantized(b(edge.TanhOp, c), HIDDEN)), HIDDEN)
    return h, c


def lstm(g: QuantizedGraph, *, quantised_input: bool, quantised_uses: bool) -> list[SSAValue]:
    x = g.integers(6, 2, 8, p=INPUT) if quantised_input else g.input(6, 2, 8)
    weights = g.weights(64, 8), g.weights(64, 16), g.weight(64)
    zeros = g.constant(torch.zeros(2, 16))
    b, (h, c, step) = block(real(2, 16), real(2, 16), real(2, 8))
    step = step if quantised_input else b.requantized(step, INPUT)
    new_h, new_c = lstm_cell(b, step, b.requantized(h, HIDDEN) if quantised_uses else h, c, weights)
    b.block.add_op(edge.YieldOp(new_h, new_c, new_h))
    scan = edge.ScanOp([zeros, zeros], [x], [real(2, 16), real(2, 16), real(6, 2, 16)], Region(b.block))
    g.block.add_op(scan)
    return [g.quantize(scan.results[2], HIDDEN), g.quantize(scan.results[0], HIDDEN)]


@pytest.mark.parametrize("quantised_uses", [False, True])
def test_an_lstm_is_integers_alone(quantised_uses: bool):
    counts = fused(lambda g: lstm(g, quantised_input=True, quantised_uses=quantised_uses), most=6)
    assert counts["quant.linear"] == 2
    assert counts["quant.lookup"] == 5
    assert counts["quant.mul"] == 3


def test_an_input_that_steps_quantise_is_quantised_before_the_loop():
    g = QuantizedGraph()
    module = g.module(*lstm(g, quantised_input=False, quantised_uses=True))
    expected = execute(module, "forward", g.inputs)
    counts = fuse(module)
    assert not float_islands(module)
    assert counts["quant.quantize"] == 1
    (loop,) = (op for op in module.walk() if isinstance(op, edge.ScanOp))
    assert all(str(operand.type).endswith("i8>") for operand in loop.operands)
    assert distance(execute(module, "forward", g.inputs), expected) <= 6


def counting_loop(g: QuantizedGraph, start: SSAValue, into: Params) -> SSAValue:
    """Three times x -> relu(x - 0.5), quantised."""
    n = g.constant(torch.tensor(0))
    types = tensor(dtypes.int64, ()).type, real(4)
    test, (i, _) = block(*types)
    test.block.add_op(edge.YieldOp(test(edge.LtOp, i, test.constant(torch.tensor(3)))))
    body, (i, x) = block(*types)
    y = body.requantized(body(edge.ReluOp, body(edge.SubOp, x, body.number(0.5))), into)
    body.block.add_op(edge.YieldOp(body(edge.AddOp, i, body.constant(torch.tensor(1))), y))
    loop = edge.WhileLoopOp([n, start], types, Region(test.block), Region(body.block))
    g.block.add_op(loop)
    return loop.results[1]


def test_while_loops_carry_integers():
    p = params(0.1, -128)
    counts = fused(lambda g: g.quantize(counting_loop(g, g.integers(4, p=p), p), p), most=0)
    assert counts["quant.lookup"] == 1
    assert counts["edge.while_loop"] == 1


def test_a_loop_that_begins_at_another_scale_stays():
    g = QuantizedGraph()
    module = g.module(counting_loop(g, g.integers(4, p=params(0.07, 5)), params(0.1, -128)))
    expected = execute(module, "forward", g.inputs)
    fuse(module)
    reasons = {island.op: island.reason for island in float_islands(module)}
    assert reasons["edge.while_loop"] == "its carried value 1 has different scales or zero points"
    torch.testing.assert_close(execute(module, "forward", g.inputs), expected, rtol=0, atol=0)


@pytest.mark.parametrize("taken", [False, True])
def test_branches_give_integers(taken: bool):
    p = params(0.1, -3)

    def build(g: QuantizedGraph) -> SSAValue:
        x = g.integers(4, p=p)
        branches: list[Region] = []
        for function in (edge.TanhOp, edge.AbsOp):
            b, _ = block()
            b.block.add_op(edge.YieldOp(b.requantized(b(function, x), p)))
            branches.append(Region(b.block))
        choice = edge.CondOp(g.constant(torch.tensor(taken)), [real(4)], *branches)
        g.block.add_op(choice)
        return g.quantize(choice.results[0], p)

    assert fused(build, most=0) == {"edge.cond": 1, "quant.lookup": 2}
