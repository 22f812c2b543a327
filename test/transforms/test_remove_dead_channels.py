"""remove-dead-channels changes no bit of any output; interval analysis holds every value that there is."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch
from quantized_graph import INT8, QuantizedGraph, execute, fuse, params
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.dialects import edge, program, quant
from etc.dialects.quant.attributes import Params
from etc.runtime.torch_executor import Executor, Frame
from etc.transforms.fuse_quantized_rules.values import params_of
from etc.transforms.quantized_ranges import Ranges
from etc.transforms.remove_dead_channels import RemoveDeadChannelsPass, multiply_accumulates
from etc.transforms.rewrite_log import recording

SIZE = 8


class Network(QuantizedGraph):
    """Layers with random scales and biases, of which many make channels that are always 0."""

    def __init__(self, seed: int):
        super().__init__()
        self._random.manual_seed(seed)
        self.chance = random.Random(seed)

    def bias(self, channels: int) -> SSAValue:
        spread, shift = self.chance.choice([(1, 0), (30, -20), (200, -100)])
        return self.constant(torch.randn(channels, generator=self._random) * spread + shift)

    def scale(self, zero_point: int = -128) -> Params:
        return params(self.chance.choice([0.05, 0.3, 1.0]), zero_point)

    def conv(
        self,
        x: SSAValue,
        channels: tuple[int, int],
        kernel: int,
        padding: int,
        *,
        depthwise: bool = False,
        zero: int = -128,
    ) -> SSAValue:
        groups = channels[0] if depthwise else 1
        w = self.weights(channels[1], channels[0] // groups, kernel, kernel)
        stride = [self.chance.choice([1, 2]) if padding else 1]
        y = self(edge.ConvOp, x, w, self.bias(channels[1]), stride, [padding], [1], False, [0], groups)
        return self.requantized(self(edge.ReluOp, y), self.scale(zero))


def separable(g: Network) -> SSAValue:
    """Depthwise and pointwise convolutions, as in MobileNet."""
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 16), 3, 1)
    for _ in range(2):
        x = g.conv(x, (16, 16), 3, 1, depthwise=True)
        x = g.conv(x, (16, 16), 1, 0, zero=g.chance.choice([-128, -100]))
    return mean_of(g, x, 16)


def residual(g: Network) -> SSAValue:
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 12), 3, 1)
    y = g(edge.ConvOp, x, g.weights(12, 12, 3, 3, scale=0.0005), g.bias(12), [1], [1], [1], False, [0], 1)
    y = g.requantized(g(edge.ReluOp, y), g.scale())
    x = g.requantized(g(edge.AddOp, x, y), g.scale(-128))
    return mean_of(g, g.conv(x, (12, 8), 3, 1), 8)


def pooled(g: Network) -> SSAValue:
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 12), 3, 1)
    pool = g(edge.MaxPool2dOp, x, [2, 2], [2, 2], [0, 0], [1, 1], False)
    x = g.conv(g(edge.ConstantPadNdOp, pool, [0, 1, 0, 1], 0.0), (12, 12), 2, 0)
    x = g.requantized(g(edge.SigmoidOp, g.requantized(x, params_of(x.owner))), params(1 / 256, -128))  # pyright: ignore[reportArgumentType]
    return mean_of(g, g.conv(x, (12, 8), 1, 0), 8)


def gated(g: Network) -> SSAValue:
    """Channels times numbers for each channel."""
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 12), 3, 1)
    squeezed = g.requantized(g(edge.MeanOp, x, [-1, -2], True), g.scale())
    gate = g.requantized(g(edge.SigmoidOp, g.conv(squeezed, (12, 12), 1, 0)), params(1 / 256, -128))
    x = g.requantized(g(edge.MulOp, x, gate), g.scale())
    return mean_of(g, g.conv(x, (12, 8), 1, 0), 8)


def perceptron(g: Network) -> SSAValue:
    x = g.integers(2, 20)
    for _ in range(3):
        x = g.requantized(g(edge.ReluOp, g(edge.LinearOp, x, g.weights(20, 20), g.bias(20))), g.scale())
    return g.quantize(g(edge.LinearOp, x, g.weights(5, 20), g.bias(5)), params(0.3, 4))


def upsampled(g: Network) -> SSAValue:
    """A decoder: transposed convolutions sum over channels too."""
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 12), 3, 1)
    w = g.weights(12, 6, 2, 2, axis=1)
    y = g(edge.ConvOp, x, w, g.bias(6), [2], [0], [1], True, [0], 1)
    y = g.requantized(g(edge.ReluOp, y), g.scale())
    return g.quantize(g(edge.ConvOp, y, g.weights(2, 6, 1, 1), None, [1], [0], [1], False, [0], 1), params(0.2, 0))


def flattened(g: Network) -> SSAValue:
    """All of an image into a linear, channels first."""
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 12), SIZE - 1, 0)
    flat = g(edge.ViewCopyOp, x, [1, 12 * 4])
    return g.quantize(g(edge.LinearOp, flat, g.weights(10, 48), g.bias(10)), params(0.2, 3))


def flattened_channels_last(g: Network) -> SSAValue:
    x = g.conv(g.integers(1, 3, SIZE, SIZE), (3, 12), SIZE - 2, 0)
    flat = g(edge.ViewCopyOp, g(edge.PermuteCopyOp, x, [0, 2, 3, 1]), [1, 9 * 12])
    x = g.requantized(g(edge.ReluOp, flat), params_of(x.owner))  # pyright: ignore[reportArgumentType]
    return g.quantize(g(edge.LinearOp, x, g.weights(10, 108), g.bias(10)), params(0.2, 3))


def mean_of(g: Network, x: SSAValue, channels: int) -> SSAValue:
    mean = g.requantized(g(edge.MeanOp, x, [-1, -2], True), g.scale())
    flat = g(edge.ViewCopyOp, mean, [1, channels])
    return g.quantize(g(edge.LinearOp, flat, g.weights(10, channels), g.bias(10)), params(0.2, 3))


NETWORKS: dict[str, Callable[[Network], SSAValue]] = {
    f.__name__: f
    for f in (separable, residual, pooled, gated, perceptron, upsampled, flattened, flattened_channels_last)
}


def integer_network(name: str, seed: int) -> tuple[ModuleOp, list[list[torch.Tensor]]]:
    """A fused network, and random and extreme inputs."""
    g = Network(seed)
    module = g.module(NETWORKS[name](g))
    fuse(module)
    (x,) = g.inputs
    extremes = [torch.full_like(x, low) for low in (-128, 127)]
    checks = torch.where(torch.arange(x.numel()).reshape(x.shape) % 2 == 0, -128, 127).to(torch.int8)
    return module, [[x], *([e] for e in extremes), [checks], [x.flip(0, 1)]]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("seed", range(8))
def test_no_bit_changes(name: str, seed: int):
    module, inputs = integer_network(name, seed)
    expected = [execute(module, "forward", i) for i in inputs]
    before = multiply_accumulates(module)
    RemoveDeadChannelsPass().apply(Context(), module)
    module.verify()
    assert multiply_accumulates(module) <= before
    for given, want in zip(inputs, expected, strict=True):
        torch.testing.assert_close(execute(module, "forward", given), want, rtol=0, atol=0)


@pytest.mark.parametrize("name", NETWORKS)
def test_channels_are_removed(name: str):
    counts: list[tuple[int, int]] = []
    for seed in range(8):
        module, _ = integer_network(name, seed)
        before = multiply_accumulates(module)
        RemoveDeadChannelsPass().apply(Context(), module)
        counts.append((before, multiply_accumulates(module)))
    assert any(after < before for before, after in counts), counts


def test_the_log_counts_channels():
    g = QuantizedGraph()
    w = g(quant.DequantizeOp, g.constant(torch.ones(4, 2, dtype=torch.int8)), 0.1, 0, -127, 127, INT8.dtype)
    bias = g.constant(torch.tensor([0.0, -1e3, 0.0, -1e3]))
    x = g.requantized(g(edge.ReluOp, g(edge.LinearOp, g.integers(1, 2), w, bias)), INT8)
    module = g.module(g.quantize(g(edge.LinearOp, x, g.weights(3, 4)), INT8))
    fuse(module)
    with recording() as log:
        RemoveDeadChannelsPass().apply(Context(), module)
    assert log.explain() == "remove-dead-channels: RemoveChannels: applied 2, declined 0"


def test_a_second_run_finds_nothing():
    module, _ = integer_network("separable", 3)
    RemoveDeadChannelsPass().apply(Context(), module)
    once = str(module)
    RemoveDeadChannelsPass().apply(Context(), module)
    assert str(module) == once


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("seed", range(3))
def test_intervals_hold_what_is_computed(name: str, seed: int):
    module, inputs = integer_network(name, seed)
    (method,) = program.methods(module)
    ranges = Ranges(method)
    for given in inputs:
        frame = Frame(Executor(module), method)
        frame.run(given)
        for value, content in frame.values.items():
            found = ranges[value]
            assert bool((content.long() >= found.low).all())
            assert bool((content.long() <= found.high).all())


def test_intervals_are_narrow():
    """Not everything may be anything: the sums of a linear are as large as its weights allow."""
    g = QuantizedGraph()
    x = g.integers(1, 2, p=INT8)
    w = g(quant.DequantizeOp, g.constant(torch.tensor([[3, -2]], dtype=torch.int8)), 0.1, 0, -127, 127, INT8.dtype)
    module = g.module(g.quantize(g(edge.LinearOp, x, w), INT8))
    fuse(module)
    (method,) = program.methods(module)
    (sums,) = (op for op in module.walk() if isinstance(op, quant.LinearOp))
    found = Ranges(method)[sums.result]
    assert (found.low.item(), found.high.item()) == (-3 * 128 - 2 * 127 - 3, 3 * 127 + 2 * 128 - 3)


def test_products_are_counted():
    g = QuantizedGraph()
    y = g(edge.ConvOp, g.integers(1, 4, 6, 6), g.weights(8, 4, 3, 3), None, [1], [0], [1], False, [0], 1)
    module = g.module(g.quantize(y, INT8))
    fuse(module)
    assert multiply_accumulates(module) == 8 * 4 * 4 * 4 * 9
