"""equalise-layers preserves what is computed, and evens out the ranges of channels, over kinds of layers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from edge_graph import Graph, preserved
from xdsl.context import Context
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.transforms.edge_builder import array_of
from etc.transforms.equalise_layers import EqualiseLayersPass

Between = Callable[[Graph, SSAValue], SSAValue]


def conv(graph: Graph, x: SSAValue, inputs: int, outputs: int, kernel: int = 3, groups: int = 1) -> SSAValue:
    weight, bias = graph.weight(outputs, inputs // groups, kernel, kernel), graph.weight(outputs)
    return graph(edge.ConvOp, x, weight, bias, [1, 1], [kernel // 2] * 2, [1, 1], False, [0, 0], groups)


def flattened(graph: Graph, x: SSAValue) -> SSAValue:
    return graph(edge.ViewCopyOp, x, [2, 6 * 5 * 5])


BETWEEN: dict[str, Between] = {
    "nothing": lambda g, x: x,
    "relu": lambda g, x: g(edge.ReluOp, x),
    "leaky_relu": lambda g, x: g(edge.LeakyReluOp, x, 0.1),
    "max_pool": lambda g, x: g(edge.MaxPool2dOp, x, [3, 3], [1, 1], [1, 1], [1, 1], False),
    "avg_pool": lambda g, x: g(edge.AvgPool2dOp, x, [3, 3], [1, 1], [1, 1], False, True, None),
    "pad": lambda g, x: g(edge.ConstantPadNdOp, x, [1, 0, 0, 2], 0.0),
}


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize(("groups", "groups_after"), [(1, 1), (1, 6), (2, 3), (2, 1)])
def test_convolutions(between: str, groups: int, groups_after: int):
    def build(g: Graph) -> SSAValue:
        made = BETWEEN[between](g, conv(g, g.input(2, 4, 5, 5), 4, 6, groups=groups))
        return conv(g, made, 6, 6, groups=groups_after)

    preserved(build, EqualiseLayersPass())


def test_flattened_into_a_linear_layer():
    def build(g: Graph) -> SSAValue:
        made = flattened(g, g(edge.ReluOp, conv(g, g.input(2, 4, 5, 5), 4, 6)))
        return g(edge.LinearOp, made, g.weight(3, 150), g.weight(3))

    preserved(build, EqualiseLayersPass())


def test_means_over_pixels_into_a_linear_layer():
    def build(g: Graph) -> SSAValue:
        means = g(edge.MeanOp, conv(g, g.input(2, 4, 5, 5), 4, 6), [-1, -2], False)
        return g(edge.LinearOp, means, g.weight(3, 6))

    preserved(build, EqualiseLayersPass())


def chain() -> tuple[Graph, SSAValue]:
    """Pointwise, depthwise, pointwise."""
    g = Graph()
    x = conv(g, g.input(1, 4, 5, 5), 4, 8, kernel=1)
    x = conv(g, g(edge.ReluOp, x), 8, 8, groups=8)
    return g, conv(g, g(edge.ReluOp, x), 8, 4, kernel=1)


def test_ranges_are_even_afterwards():
    g, y = chain()
    module = g.module(y)
    EqualiseLayersPass().apply(Context(), module)
    first, second, third = (op for op in module.walk() if isinstance(op, edge.ConvOp))

    def made(op: edge.ConvOp) -> torch.Tensor:
        assert op.bias is not None
        return array_of(op.weight).abs().flatten(1).amax(1).maximum(array_of(op.bias).abs())

    torch.testing.assert_close(made(first), array_of(second.weight).abs().flatten(1).amax(1), rtol=0.02, atol=0)
    torch.testing.assert_close(made(second), array_of(third.weight).abs().amax((0, 2, 3)), rtol=0.02, atol=0)


@pytest.mark.parametrize("between", ["sigmoid", "permuted", "padded with ones"])
def test_left_alone(between: str):
    steps: dict[str, Between] = {
        "sigmoid": lambda g, x: g(edge.SigmoidOp, x),
        "permuted": lambda g, x: g(edge.PermuteCopyOp, x, [0, 1, 3, 2]),
        "padded with ones": lambda g, x: g(edge.ConstantPadNdOp, x, [1, 1], 1.0),
    }
    g = Graph()
    y = conv(g, steps[between](g, conv(g, g.input(2, 4, 5, 5), 4, 6)), 6, 2)
    module = g.module(y)
    before = str(module)
    EqualiseLayersPass().apply(Context(), module)
    assert str(module) == before
