"""Modules whose names begin with digits, as those of a Sequential do: their weights get names in every language."""

from __future__ import annotations

import torch
from torch import nn

import etc


def test_weights_of_a_sequential_model():
    model = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 32)).eval()
    x = torch.randn(1, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    compiled = etc.compile(model, (x,), target="c")
    assert torch.allclose(compiled.run(x), model(x), atol=1e-5)
