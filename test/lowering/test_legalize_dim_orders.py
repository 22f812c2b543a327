"""Channels-last values inside of models compute the same on the stock runtime, whatever orders its kernels read."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn import functional

import etc

WEIGHT = torch.linspace(-1, 1, 108).reshape(3, 4, 3, 3)

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "slice": lambda x: x[:, 1:3],
    "split": lambda x: torch.split(x, 2, 1),
    "cat": lambda x: torch.cat([x, x], 1),
    "cat_of_two_orders": lambda x: torch.cat([x, torch.ones(2, 4, 6, 5)], 1),
    "stack": lambda x: torch.stack([x, x], 1),
    "flip": lambda x: x.flip(1),
    "pad": lambda x: functional.pad(x, (1, 1, 0, 2)),
    "view": lambda x: x.reshape(2, -1) + 1,
    "permute": lambda x: x.permute(1, 0, 3, 2) * 2,
    "gather": lambda x: x.gather(1, torch.ones(2, 1, 6, 5, dtype=torch.long)),
    "scalar": lambda x: x * 2,
    "per_channel": lambda x: x + torch.arange(4.0).reshape(1, 4, 1, 1),
    "where": lambda x: torch.where(x > 0, x, x * 2),
    "elementwise": lambda x: (x + x).relu() * x,
    "convolution": lambda x: functional.conv2d(x, WEIGHT),
    "depthwise": lambda x: functional.conv2d(x, WEIGHT.reshape(12, 1, 3, 3), groups=4, padding=1, stride=2),
    "transposed": lambda x: functional.conv_transpose2d(x, WEIGHT.reshape(4, 3, 3, 3), stride=2),
    "max_pool": lambda x: functional.max_pool2d(x, 2),
    "avg_pool": lambda x: functional.avg_pool2d(x, 2),
    "nearest": lambda x: functional.interpolate(x, scale_factor=2),
    "bilinear": lambda x: functional.interpolate(x, scale_factor=2, mode="bilinear"),
    "layer_norm": lambda x: functional.layer_norm(x, [5]),
    "softmax": lambda x: x.softmax(1),
    "mean": lambda x: x.mean((2, 3)),
    "topk": lambda x: x.topk(2, 1),
}


class ChannelsLast(torch.nn.Module):
    def __init__(self, function: Callable[[Any], Any]):
        super().__init__()
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x.to(memory_format=torch.channels_last))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_channels_last_on_the_stock_runtime(name: str) -> None:
    pytest.importorskip("executorch")
    model = ChannelsLast(FUNCTIONS[name]).eval()
    x = torch.randn(2, 4, 6, 5, generator=torch.Generator().manual_seed(0))
    expected = model(x)
    found = etc.compile(model, (x,)).run(x)
    flat = [(found, expected)] if isinstance(expected, torch.Tensor) else list(zip(found, expected, strict=True))
    for have, want in flat:
        torch.testing.assert_close(have, want, atol=1e-4, rtol=1e-4)
