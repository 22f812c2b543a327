"""Live ranges of typical networks, in the order in which they run: what the planner is measured on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod

from etc.transforms.memory import Buffer

ELEMENTWISE = frozenset(("add", "clamp", "div", "gelu", "mul", "relu", "sigmoid", "tanh"))


class Net:
    """Records operations on float32 tensors. A tensor is its index; it lives from its operation to its last use."""

    def __init__(self) -> None:
        self._tensors: list[tuple[str, int, int]] = []  # name, bytes, first use
        self._operands: list[Sequence[int]] = []
        self._last: list[int] = []
        self._outputs: tuple[int, ...] = ()
        self._step = 0

    def input(self, *shape: int) -> int:
        return self._tensor("input", (), shape)

    def op(self, name: str, operands: Sequence[int], *shape: int) -> int:
        """An operation on `operands` with a result of `shape`."""
        for operand in operands:
            self._last[operand] = self._step
        result = self._tensor(name, operands, shape)
        self._step += 1
        return result

    def returning(self, *outputs: int) -> Net:
        """The network as a whole, which returns `outputs`."""
        self._outputs = outputs
        for output in outputs:
            self._last[output] = max(self._step - 1, 0)
        return self

    def buffers(self) -> list[Buffer]:
        """What to plan: inputs live from the start, outputs to the end."""
        return [
            Buffer(f"{name}_{i}", size, first, last)
            for i, ((name, size, first), last) in enumerate(zip(self._tensors, self._last, strict=True))
        ]

    def buffers_in_place(self) -> list[Buffer]:
        """The same where elementwise operations write over an operand that dies there."""
        buffers = self.buffers()
        for i, (name, size, first) in enumerate(self._tensors):
            for operand in self._operands[i] if name in ELEMENTWISE and i not in self._outputs else ():
                base = buffers[operand]
                if self._tensors[operand][0] != "input" and (base.size, base.last_use) == (size, first):
                    buffers[i] = replace(buffers[i], alias_of=base.name)
                    break
        return buffers

    def _tensor(self, name: str, operands: Sequence[int], shape: Sequence[int]) -> int:
        first = 0 if name == "input" else self._step
        self._tensors.append((name, 4 * prod(shape), first))
        self._operands.append(tuple(operands))
        self._last.append(first)
        return len(self._tensors) - 1


def resnet(blocks: Sequence[int], bottleneck: bool) -> Net:
    """Residual network for 224 x 224 images, batch norms folded."""
    net = Net()
    x = net.op("conv", [net.input(3, 224, 224)], 64, 112, 112)
    x = net.op("relu", [x], 64, 112, 112)
    x = net.op("max_pool", [x], 64, 56, 56)
    pixels, inner, channels = 56, 64, 64
    for stage, count in enumerate(blocks):
        outer = 4 * inner if bottleneck else inner
        for i in range(count):
            small = pixels // 2 if stage and i == 0 else pixels
            y = x
            if bottleneck:
                y = net.op("conv", [y], inner, pixels, pixels)
                y = net.op("relu", [y], inner, pixels, pixels)
            y = net.op("conv", [y], inner, small, small)
            y = net.op("relu", [y], inner, small, small)
            y = net.op("conv", [y], outer, small, small)
            if channels != outer or small != pixels:
                x = net.op("conv", [x], outer, small, small)
            x = net.op("add", [x, y], outer, small, small)
            x = net.op("relu", [x], outer, small, small)
            pixels, channels = small, outer
        inner *= 2
    return net.returning(net.op("linear", [net.op("mean", [x], channels)], 1000))


def inverted_residuals(squeeze: bool) -> Net:
    """MobileNetV2 for 224 x 224 images; with `squeeze`, V3's squeeze-and-excite, and hard swish in four operations."""
    net = Net()
    x = net.op("conv", [net.input(3, 224, 224)], 32, 112, 112)
    pixels, channels = 112, 32
    stages = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for expand, outer, count, stride in stages:
        for i in range(count):
            wide, small = expand * channels, pixels // (stride if i == 0 else 1)
            y = net.op("conv", [x], wide, pixels, pixels)
            y = net.op("clamp", [y], wide, pixels, pixels)
            y = net.op("conv", [y], wide, small, small)
            y = net.op("clamp", [y], wide, small, small)
            if squeeze:
                z = net.op("mean", [y], wide)
                z = net.op("conv", [z], wide // 4)
                z = net.op("conv", [net.op("relu", [z], wide // 4)], wide)
                y = net.op("mul", [y, z], wide, small, small)
                z = net.op("clamp", [net.op("add", [y], wide, small, small)], wide, small, small)
                y = net.op("mul", [y, net.op("div", [z], wide, small, small)], wide, small, small)
            y = net.op("conv", [y], outer, small, small)
            if small == pixels and channels == outer:
                y = net.op("add", [x, y], outer, small, small)
            x, pixels, channels = y, small, outer
    return net.returning(net.op("linear", [net.op("mean", [x], channels)], 1000))


def transformer(layers: int, length: int = 128, width: int = 384, heads: int = 12) -> Net:
    """Encoder with attention by two matrix products; layer norms also write their means and deviations."""
    net = Net()
    ids, mask = net.input(length), net.input(length)
    mask = net.op("where", [mask], length, length)
    x = net.op("embedding", [ids], length, width)
    for _ in range(layers):
        y = net.op("layer_norm", [x], length, width)
        q, k, v = (net.op("permute", [net.op("linear", [y], length, width)], length, width) for _ in range(3))
        scores = net.op("bmm", [q, net.op("permute", [k], length, width)], heads, length, length)
        scores = net.op("softmax", [net.op("add", [scores, mask], heads, length, length)], heads, length, length)
        y = net.op("permute", [net.op("bmm", [scores, v], length, width)], length, width)
        x = net.op("add", [x, net.op("linear", [y], length, width)], length, width)
        y = net.op("linear", [net.op("layer_norm", [x], length, width)], length, 4 * width)
        y = net.op("linear", [net.op("gelu", [y], length, 4 * width)], length, width)
        x = net.op("add", [x, y], length, width)
    return net.returning(x)


def unrolled_lstm(steps: int, layers: int, hidden: int = 128) -> Net:
    """All time steps written out: gates sliced from one product, and all hidden states kept until they are joined."""
    net = Net()
    x = net.input(steps, 40)
    h = c = x
    for _ in range(layers):
        x = net.op("linear", [x], steps, 4 * hidden)
        h, c = net.op("full", [], hidden), net.op("full", [], hidden)
        states: list[int] = []
        for _ in range(steps):
            gates = net.op("add", [net.op("select", [x], 4 * hidden), net.op("mm", [h], 4 * hidden)], 4 * hidden)
            i, f, g, o = [net.op("slice", [gates], hidden) for _ in range(4)]
            i, f, g, o = [net.op("sigmoid", [gate], hidden) for gate in (i, f, g, o)]
            c = net.op("add", [net.op("mul", [f, c], hidden), net.op("mul", [i, g], hidden)], hidden)
            h = net.op("mul", [o, net.op("tanh", [c], hidden)], hidden)
            states.append(h)
        x = net.op("cat", states, steps, hidden)
    return net.returning(x, h, c)


def dense_net(counts: Sequence[int] = (6, 12, 24, 16)) -> Net:
    """Every layer of a block joins all results before it."""
    net = Net()
    channels, pixels = 64, 56
    x = net.op("conv", [net.input(3, 224, 224)], channels, pixels, pixels)
    for count in counts:
        parts = [x]
        for _ in range(count):
            y = net.op("relu", [net.op("cat", parts, channels, pixels, pixels)], channels, pixels, pixels)
            y = net.op("relu", [net.op("conv", [y], 128, pixels, pixels)], 128, pixels, pixels)
            parts.append(net.op("conv", [y], 32, pixels, pixels))
            channels += 32
        x = net.op("cat", parts, channels, pixels, pixels)
        channels //= 2
        x = net.op("conv", [x], channels, pixels, pixels)
        pixels //= 2
        x = net.op("avg_pool", [x], channels, pixels, pixels)
    return net.returning(x)


def u_net(depth: int = 4) -> Net:
    """Results of the way down are kept for the way up."""
    net = Net()
    x, pixels, channels = net.input(3, 256, 256), 256, 16
    kept: list[tuple[int, int, int]] = []
    for _ in range(depth):
        x = net.op("relu", [net.op("conv", [x], channels, pixels, pixels)], channels, pixels, pixels)
        kept.append((x, channels, pixels))
        pixels //= 2
        x = net.op("max_pool", [x], channels, pixels, pixels)
        channels *= 2
    for skip, channels, pixels in reversed(kept):
        x = net.op("upsample", [x], channels, pixels, pixels)
        x = net.op("cat", [skip, x], 2 * channels, pixels, pixels)
        x = net.op("relu", [net.op("conv", [x], channels, pixels, pixels)], channels, pixels, pixels)
    return net.returning(x)


NETS: dict[str, Callable[[], Net]] = {
    "resnet18": lambda: resnet((2, 2, 2, 2), bottleneck=False),
    "resnet50": lambda: resnet((3, 4, 6, 3), bottleneck=True),
    "mobilenet_v2": lambda: inverted_residuals(squeeze=False),
    "mobilenet_v3": lambda: inverted_residuals(squeeze=True),
    "encoder": lambda: transformer(6),
    "long encoder": lambda: transformer(40),
    "lstm": lambda: unrolled_lstm(100, 1),
    "two-layer lstm": lambda: unrolled_lstm(60, 2),
    "three-layer lstm": lambda: unrolled_lstm(30, 3, hidden=96),
    "dense net": dense_net,
    "u-net": u_net,
}
