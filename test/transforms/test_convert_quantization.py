"""convert-quantization: weights of every kind of operation, with a scale for each output channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from edge_graph import Graph
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.dialects import edge, quant
from etc.quantize.calibrate import calibrate
from etc.runtime.torch_executor import execute
from etc.transforms.annotate_quantization import AnnotateQuantizationPass
from etc.transforms.convert_quantization import ConvertQuantizationPass
from etc.transforms.edge_builder import array_of
from etc.transforms.insert_observers import InsertObserversPass

Build = Callable[[Graph], SSAValue]


def conv(transposed: bool, groups: int, *weight: int) -> Build:
    one, two = [1] * (len(weight) - 2), [2] * (len(weight) - 2)

    def build(g: Graph) -> SSAValue:
        x = g.input(2, 8, *([9] * (len(weight) - 2)))
        out = weight[1] * groups if transposed else weight[0]
        arguments = {"stride": two, "padding": one, "dilation": one, "output_padding": [0] * len(one)}
        return g(edge.ConvOp, x, g.weight(*weight), g.weight(out), transposed=transposed, groups=groups, **arguments)

    return build


# How to build an operation, and the dimension of its weights that is their output channels.
OPERATIONS: dict[str, tuple[Build, int]] = {
    "conv1d": (conv(False, 1, 4, 8, 3), 0),
    "conv2d": (conv(False, 1, 4, 8, 3, 3), 0),
    "conv3d": (conv(False, 2, 4, 4, 3, 3, 3), 0),
    "depthwise": (conv(False, 8, 16, 1, 3, 3), 0),
    "transposed": (conv(True, 1, 8, 4, 3, 3), 1),
    "transposed in groups": (conv(True, 2, 8, 3, 3, 3), 1),
    "transposed depthwise": (conv(True, 8, 8, 1, 3, 3), 0),
    "linear": (lambda g: g(edge.LinearOp, g.input(2, 3, 8), g.weight(5, 8), g.weight(5)), 0),
    "mm right": (lambda g: g(edge.MmOp, g.input(3, 8), g.weight(8, 5)), 1),
    "mm left": (lambda g: g(edge.MmOp, g.weight(5, 8), g.input(8, 3)), 0),
    "bmm right": (lambda g: g(edge.BmmOp, g.input(2, 3, 8), g.weight(2, 8, 5)), 2),
    "bmm left": (lambda g: g(edge.BmmOp, g.weight(2, 5, 8), g.input(2, 8, 3)), 1),
}


def quantised(graph: Graph, module: ModuleOp) -> ModuleOp:
    for each in (AnnotateQuantizationPass(), InsertObserversPass()):
        each.apply(Context(), module)
    calibrate(module, [tuple(graph.inputs)])
    ConvertQuantizationPass().apply(Context(), module)
    module.verify()
    return module


@pytest.mark.parametrize("name", OPERATIONS)
def test_weights(name: str):
    build, axis = OPERATIONS[name]
    graph = Graph()
    module = graph.module(build(graph))
    (expected,) = execute(module, "forward", graph.inputs)
    (found,) = execute(quantised(graph, module), "forward", graph.inputs)
    assert float((found - expected).norm() / expected.norm()) < 0.02
    (weights,) = (op for op in module.walk() if isinstance(op, quant.DequantizePerChannelOp))
    assert weights.argument("axis") == axis
    largest = array_of(weights.input).abs().transpose(0, axis).flatten(1).amax(1)
    assert largest.tolist() == [127] * len(array_of(weights.scales))


@pytest.mark.parametrize("shape", [(4,), (1, 4), (3, 4)])
def test_constants_that_are_activations(shape: tuple[int, ...]):
    """What is added or multiplied with an activation is an activation too, with one scale."""
    graph = Graph()
    product = graph(edge.MulOp, graph.input(3, 4), graph.weight(*shape))
    module = graph.module(graph(edge.AddOp, product, graph.weight(*shape)))
    (expected,) = execute(module, "forward", graph.inputs)
    (found,) = execute(quantised(graph, module), "forward", graph.inputs)
    assert float((found - expected).norm() / expected.norm()) < 0.02
    assert sum(isinstance(op, quant.QuantizeOp) for op in module.walk()) == 3


def test_results_are_those_of_torch():
    """A linear layer against torch's own functions for fake quantisation."""
    graph = Graph()
    x, weight = graph.input(4, 8), graph.weight(5, 8)
    module = graph.module(graph(edge.LinearOp, x, weight))
    values = array_of(weight).clone()
    (found,) = execute(quantised(graph, module), "forward", graph.inputs)
    scales = values.abs().amax(1) / 127
    weights = torch.fake_quantize_per_channel_affine(values, scales, torch.zeros(5, dtype=torch.int32), 0, -127, 127)
    first, last = (op for op in module.walk() if isinstance(op, quant.QuantizeOp))

    def fake(value: torch.Tensor, op: quant.QuantizeOp) -> torch.Tensor:
        return torch.fake_quantize_per_tensor_affine(value, op.argument("scale"), op.argument("zero_point"), -128, 127)

    expected = fake(fake(graph.inputs[0], first) @ weights.T, last)
    assert float((found - expected).abs().max()) <= 1.001 * last.argument("scale")
    assert float((found != expected).float().mean()) < 0.1
