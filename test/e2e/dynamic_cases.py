"""Small models with dynamic sizes, each with the inputs of five calls; what they return is held against eager."""

# pyright: reportUnknownLambdaType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.export import Dim

Inputs = tuple[torch.Tensor, ...]


@dataclass(frozen=True)
class Case:
    """`function(module, *inputs)` with `parts` as the module's attributes, and the dynamic dimensions of the inputs."""

    function: Callable[..., Any]
    dims: Sequence[dict[int, Any] | None]
    calls: Sequence[Inputs]
    parts: dict[str, nn.Module] = field(default_factory=dict[str, nn.Module])


class Model(nn.Module):
    def __init__(self, case: Case):
        super().__init__()
        self.case = case
        for name, part in case.parts.items():
            setattr(self, name, part)

    def forward(self, *inputs: Any) -> Any:
        return self.case.function(self, *inputs)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


S = Dim("s", min=2, max=16)
LONG = Dim("long", min=4, max=16)
B = Dim("b", min=1, max=5)
H = Dim("h", min=2, max=10)
HEIGHT, WIDTH = Dim("height", min=8, max=40), Dim("width", min=8, max=33)

ROWS = [(noise(n, 6),) for n in (2, 3, 7, 11, 16)]
LONG_ROWS = [(noise(n, 6),) for n in (4, 5, 9, 12, 16)]
BATCHES = [(noise(b, s, 8),) for b, s in ((1, 2), (2, 16), (3, 7), (4, 3), (5, 11))]
IMAGES = [(noise(b, 4, h, w),) for b, h, w in ((1, 8, 8), (2, 9, 33), (3, 40, 20), (4, 17, 16), (5, 39, 32))]
IMAGE: tuple[dict[int, Any], ...] = ({0: B, 2: HEIGHT, 3: WIDTH},)


def shifted(m: Any, x: torch.Tensor) -> Any:
    y = torch.zeros(x.shape[0], 6)
    y[1:] = x[:-1]
    y[0] = 7
    return y


def causal(m: Any, x: torch.Tensor) -> torch.Tensor:
    n = x.shape[0]
    return (x @ x.T).masked_fill(torch.ones(n, n, dtype=torch.bool).triu(1), float("-inf")).softmax(-1) @ x


def attention(m: Any, x: torch.Tensor) -> torch.Tensor:
    batch, length, _ = x.shape
    q, k, v = (t.view(batch, length, 2, 4).transpose(1, 2) for t in m.project(x).chunk(3, -1))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, length, 8)


def quarters(m: Any, x: torch.Tensor) -> Any:
    n = x.shape[0] // 4
    return x.view(4, n, 3).mean(1), x[: x.shape[0] // 2]


def first_rows(m: Any, x: torch.Tensor, k: torch.Tensor) -> Any:
    n: Any = k.item()
    torch._check(n >= 1)  # pyright: ignore[reportPrivateUsage]
    torch._check(n <= x.shape[0])  # pyright: ignore[reportPrivateUsage]
    torch._check(n <= 4)  # pyright: ignore[reportPrivateUsage]
    return x[:n] * n, torch.arange(n), torch.zeros(n, 2)


def keys(x: torch.Tensor) -> Inputs:
    return x, x.flip(0)


CASES: dict[str, Case] = {
    "doubled": Case(
        lambda m, x, y: torch.cat([x, x]) + y, ({0: S}, {0: 2 * S}), [(x, noise(2 * len(x), 6)) for (x,) in ROWS]
    ),
    "one more": Case(lambda m, x, y: x + y[1:], ({0: S}, {0: S + 1}), [(x, noise(len(x) + 1, 6)) for (x,) in ROWS]),
    "multiple of two": Case(
        lambda m, x: x.view(-1, 2, 3).sum(1), ({0: 2 * H},), [(noise(2 * n, 3),) for n in (2, 3, 5, 8, 10)]
    ),
    "multiple of four": Case(quarters, ({0: 4 * H},), [(noise(4 * n, 3),) for n in (2, 3, 5, 8, 10)]),
    "view": Case(lambda m, x: x.view(x.shape[0] * 3, 2).relu(), ({0: S},), ROWS),
    "views": Case(
        lambda m, x: x.reshape(x.shape[0], -1).view(x.shape[0], x.shape[1], 2, 4).transpose(1, 2),
        ({0: B, 1: S},),
        BATCHES,
    ),
    "prefix": Case(lambda m, x, p: x + p[: x.shape[0]], ({0: S}, None), [(x, noise(16, 6)) for (x,) in ROWS]),
    "differences": Case(lambda m, x: x[1:] - x[:-1], ({0: LONG},), LONG_ROWS),
    "last rows": Case(lambda m, x: (x[-1], x[x.shape[0] - 2]), ({0: S},), ROWS),
    "cat": Case(
        lambda m, x, y: torch.cat([x, y, x]),
        ({0: S}, {0: H}),
        [(x, noise(n, 6)) for (x,), n in zip(ROWS, (2, 9, 3, 4, 5), strict=True)],
    ),
    "arange": Case(lambda m, x: (torch.arange(x.shape[0]), x * torch.arange(x.shape[0]).unsqueeze(1)), ({0: S},), ROWS),
    "causal mask": Case(causal, ({0: S},), ROWS),
    "kept mask": Case(
        lambda m, x, k: (x @ x.T).masked_fill(~k[: x.shape[0], : x.shape[0]], -1e9).softmax(-1),
        ({0: S}, None),
        [(x, torch.ones(17, 17).tril().bool()) for (x,) in ROWS],
    ),
    "expand": Case(
        lambda m, x, y: x[:, :1].expand(x.shape[0], 6) + y.expand(x.shape[0], -1),
        ({0: S}, None),
        [(x, noise(6)) for (x,) in ROWS],
    ),
    "attention": Case(attention, ({0: B, 1: S},), BATCHES, {"project": nn.Linear(8, 24)}),
    "multi-head attention": Case(
        lambda m, x: m.attend(x, x, x, need_weights=False)[0],
        ({0: B, 1: S},),
        BATCHES,
        {"attend": nn.MultiheadAttention(8, 2, batch_first=True)},
    ),
    "conv": Case(lambda m, x: m.conv(x).relu(), IMAGE, IMAGES, {"conv": nn.Conv2d(4, 3, 3, stride=2, padding=1)}),
    "convolutional network": Case(
        lambda m, x: m.head(m.second(m.pool(m.norm(m.first(x)).relu())).relu().mean((2, 3))),
        IMAGE,
        IMAGES,
        {
            "first": nn.Conv2d(4, 4, 3, padding=1),
            "norm": nn.BatchNorm2d(4),
            "pool": nn.MaxPool2d(2),
            "second": nn.Conv2d(4, 8, 3),
            "head": nn.Linear(8, 5),
        },
    ),
    "transposed conv": Case(
        lambda m, x: m.up(x), IMAGE, IMAGES, {"up": nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1)}
    ),
    "1-d convs": Case(
        lambda m, x: m.up(m.conv(x).relu()),
        ({0: B, 2: Dim("length", min=6, max=20)},),
        [(noise(b, 4, n),) for b, n in ((1, 6), (2, 7), (3, 13), (4, 20), (5, 19))],
        {"conv": nn.Conv1d(4, 6, 3, dilation=2), "up": nn.ConvTranspose1d(6, 4, 4, stride=2, padding=1)},
    ),
    "global pool": Case(lambda m, x: F.adaptive_avg_pool2d(x, 1).flatten(1), IMAGE, IMAGES),
    "adaptive pool": Case(lambda m, x: F.adaptive_avg_pool2d(x, (2, 3)), IMAGE, IMAGES),
    "pools": Case(lambda m, x: (F.avg_pool2d(x, 3, 2, 1), F.max_pool2d(x, 3, 2, 1)), IMAGE, IMAGES),
    "nearest": Case(lambda m, x: F.interpolate(x, scale_factor=2), IMAGE, IMAGES),
    "bilinear": Case(lambda m, x: F.interpolate(x, scale_factor=2, mode="bilinear"), IMAGE, IMAGES),
    "bilinear to the size of": Case(
        lambda m, x, y: F.interpolate(x, size=y.shape[2:], mode="bilinear") + y,
        (IMAGE[0], {0: B, 2: Dim("height2", min=8, max=40), 3: Dim("width2", min=8, max=40)}),
        [(x, noise(*x.shape[:2], x.shape[3], x.shape[2])) for (x,) in IMAGES],
    ),
    "group norm": Case(lambda m, x: m.norm(x), IMAGE, IMAGES, {"norm": nn.GroupNorm(2, 4)}),
    "flattened image": Case(lambda m, x: x.flatten(2).transpose(1, 2), IMAGE, IMAGES),
    "pads": Case(lambda m, x: (F.pad(x, (1, 2, 0, 1)), F.pad(x, (1, 1, 1, 1), mode="reflect")), IMAGE, IMAGES),
    "pixel shuffle": Case(lambda m, x: F.pixel_shuffle(x, 2), IMAGE, IMAGES),
    "split": Case(lambda m, x: (x.chunk(2, 1)[0] * x.chunk(2, 1)[1], *x.split([2, 4], 1)), ({0: S},), ROWS),
    "means": Case(lambda m, x: (x.mean(1), x.mean((0, 1)), x.var(1), x.mean()), ({0: B, 1: S},), BATCHES),
    "layer norm": Case(
        lambda m, x: m.linear(m.norm(x)).softmax(-1),
        ({0: B, 1: S},),
        BATCHES,
        {"norm": nn.LayerNorm(8), "linear": nn.Linear(8, 3)},
    ),
    "scans and choices": Case(
        lambda m, x: (x.cumsum(0), x.argmax(0), x.max(0)[0], x.sort(0)[0], *x.topk(2, 0)), ({0: S},), ROWS
    ),
    "embedding": Case(
        lambda m, x: m.table(x.long() % 10).mean(1),
        ({0: B, 1: S},),
        [(x[..., 0] * 10,) for (x,) in BATCHES],
        {"table": nn.Embedding(10, 4)},
    ),
    "joined": Case(
        lambda m, x, y: (torch.stack([x, y]), torch.where(x > y, x, y), x.repeat(2, 1), x.flip(0), torch.roll(x, 1, 0)),
        ({0: S}, {0: S}),
        [keys(x) for (x,) in ROWS],
    ),
    "made": Case(
        lambda m, x: (torch.zeros(x.shape[0], 3) + 1, torch.full_like(x, 2.0), x.new_ones(x.shape[0])), ({0: S},), ROWS
    ),
    "sizes as numbers": Case(
        lambda m, x: (x * x.shape[0], x / x.shape[0], x.sum() / (x.shape[0] - 1)), ({0: S},), ROWS
    ),
    "sizes returned": Case(lambda m, x: (x.shape[0], x + 1, x.shape[0] * 2 + 1), ({0: S},), ROWS),
    "written rows": Case(shifted, ({0: LONG},), LONG_ROWS),
    "triangles": Case(lambda m, x: (x.tril(), torch.eye(x.shape[0]), x.diagonal()), ({0: S},), ROWS),
    "einsum": Case(
        lambda m, x, y: torch.einsum("bqd,bkd->bqk", x, y),
        ({0: B, 1: S}, {0: B, 1: H}),
        [(x, noise(len(x), n, 8)) for (x,), n in zip(BATCHES, (2, 5, 10, 3, 7), strict=True)],
    ),
    "windows": Case(lambda m, x: x.unfold(0, 3, 2), ({0: LONG},), LONG_ROWS),
    "cell": Case(lambda m, x: m.cell(x), ({0: S},), ROWS, {"cell": nn.LSTMCell(6, 4)}),
    "positions": Case(lambda m, x: (x > 0).nonzero(), ({0: S},), ROWS),
    "chosen": Case(lambda m, x: (x[x > 0].sum(), torch.masked_select(x, x > 0) * 2), ({0: S},), ROWS),
    "chosen_of_a_row": Case(lambda m, x: torch.masked_select(x[0], x > 0) * 2, ({0: S},), ROWS),
    "first rows": Case(
        first_rows, ({0: S}, None), [(x, torch.tensor(k)) for (x,), k in zip(ROWS, (2, 1, 3, 4, 2), strict=True)]
    ),
}
