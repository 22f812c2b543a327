"""Schemes that need no data: the same program on the oracle, on the stock runtime and in C, near to the float model."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from xdsl.dialects.builtin import ModuleOp

from etc.compiler import compile, export
from etc.dialects import dtypes, quant
from etc.dialects.quant.attributes import Granularity, Spec
from etc.errors import EtcError
from etc.runtime.torch_executor import execute
from etc.transforms.grouped_weights import GroupedWeights, group_weights, packed

CONFIGS = {"int8-weight": 40, "int8-dynamic": 35, "int4-weight-g32": 15, "int4-weight-g64": 14}
"""The least signal to quantisation noise, in dB."""


class TextModel(nn.Module):
    """Tokens i64[1, L] -> scores f32[1, L, 50] and those of the last token, f32[1, 50]: the output weight is tied."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.embedding = nn.Embedding(50, 64)
        self.norm = nn.LayerNorm(64)
        self.expand, self.contract = nn.Linear(64, 128), nn.Linear(128, 64)
        self.scores = nn.Linear(64, 50, bias=False)
        self.scores.weight = self.embedding.weight

    def forward(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.embedding(tokens)
        x = x + self.contract(torch.relu(self.expand(self.norm(x))))
        return self.scores(x), self.scores(x[:, -1])


TOKENS = torch.tensor([[3, 1, 4, 1, 5]])


def quantised(config: str, **options: Any) -> tuple[Any, ModuleOp]:
    """What `TextModel` is compiled to, and its program after quantisation."""
    stages: dict[str, ModuleOp] = {}
    program = export(TextModel().eval(), (TOKENS,))
    return compile(
        program, quantize=config, on_stage=lambda name, module: stages.update({name: module.clone()}), **options
    ), stages["quantised"]


def decibels(found: torch.Tensor, wanted: torch.Tensor) -> float:
    return float(10 * torch.log10(wanted.square().sum() / (found - wanted).square().sum()))


@pytest.mark.parametrize("config", CONFIGS)
def test_near_to_float_everywhere(config: str) -> None:
    with torch.no_grad():
        wanted = TextModel().eval()(TOKENS)
    on_stock, module = quantised(config)
    on_torch = execute(module, "forward", [TOKENS])
    assert all(decibels(have, want) > CONFIGS[config] for have, want in zip(on_torch, wanted, strict=True))
    assert not any("quant.scheme" in op.attributes for op in module.walk())
    torch.testing.assert_close(quantised(config, target="host")[0].run(TOKENS), tuple(on_torch), rtol=1e-4, atol=1e-4)
    pytest.importorskip("executorch")
    torch.testing.assert_close(tuple(on_stock.run(TOKENS)), tuple(on_torch), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("config", "operations"),
    [
        ("int8-weight", {quant.EmbeddingByteOp: 1, quant.DequantizePerChannelOp: 3, quant.MixedLinearOp: 1}),
        ("int8-dynamic", {quant.EmbeddingByteOp: 1, quant.DequantizePerChannelOp: 3, quant.QuantizePerTokenOp: 4}),
        ("int4-weight-g32", {quant.Embedding4bitOp: 4}),
    ],
)
def test_operations(config: str, operations: dict[type[Any], int]) -> None:
    found = [type(op) for op in quantised(config)[1].walk()]
    assert {cls: found.count(cls) for cls in operations} == operations


@pytest.mark.parametrize(("config", "limit"), [("int8-weight", 0.27), ("int8-dynamic", 0.27), ("int4-weight-g64", 0.2)])
def test_size(config: str, limit: float) -> None:
    """Weights with their scales, tied ones once, beside the weights of 32 bits."""
    from etc.dialects.exec import DataOp

    module = quantised(config)[0].module
    stored = {op.blob for op in module.walk() if isinstance(op, DataOp)}
    floats = sum(p.numel() * p.element_size() for p in TextModel().parameters())
    small = sum(p.numel() * p.element_size() for p in TextModel().parameters() if p.dim() == 1)
    assert sum(blob.nbytes for blob in stored) - small <= limit * (floats - small) + 50 * 8


def test_groups_that_do_not_divide() -> None:
    model = nn.Sequential(nn.Linear(40, 8), nn.Linear(8, 3))
    with pytest.raises(EtcError, match="groups of 32 weights do not divide its rows") as refused:
        compile(model, (torch.ones(2, 40),), quantize="int4-weight-g32")
    assert len(refused.value.problems) == 2


def test_convolutions() -> None:
    torch.manual_seed(2)
    model, x = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1)).eval(), torch.randn(1, 3, 8, 8)
    pytest.importorskip("executorch")
    for config, least in (("int8-weight", 38), ("int8-dynamic", 33)):
        with torch.no_grad():
            assert decibels(compile(model, (x,), quantize=config).run(x), model(x)) > least


# Rounding in groups


def _four_bits(*, symmetric: bool, size: int = 16) -> Spec:
    return Spec(dtypes.int8, -8, 7, symmetric, Granularity.GROUP, size)


def _reals(grouped: GroupedWeights) -> torch.Tensor:
    rows, groups = grouped.scales.shape
    zero_points = 0.0 if grouped.zero_points is None else grouped.zero_points[..., None]
    integers = grouped.integers.reshape(rows, groups, -1)
    return ((integers - zero_points) * grouped.scales[..., None]).reshape(rows, -1)


@pytest.mark.parametrize("symmetric", [True, False])
def test_less_error_than_by_the_range(symmetric: bool) -> None:
    weights = torch.randn(20, 64, generator=torch.Generator().manual_seed(4))
    groups = weights.reshape(20, -1, 16)
    if symmetric:
        scale, low = groups.abs().amax(-1, keepdim=True) / 7, torch.zeros(())
        by_range = (groups / scale).round() * scale
    else:
        low = groups.amin(-1, keepdim=True)
        scale = (groups.amax(-1, keepdim=True) - low) / 15
        by_range = ((groups - low) / scale).round() * scale + low
    error = (_reals(group_weights(weights, _four_bits(symmetric=symmetric))) - weights).square().mean()
    assert error < 0.85 * (by_range.reshape(20, -1) - weights).square().mean()


@pytest.mark.parametrize("symmetric", [True, False])
def test_groups_that_are_constant(symmetric: bool) -> None:
    weights = torch.tensor([[0.0] * 16 + [5.0] * 16 + [-1e-3] * 16 + [0.0] * 15 + [7.0]])
    found = group_weights(weights, _four_bits(symmetric=symmetric))
    assert bool((found.scales > 0).all())
    torch.testing.assert_close(_reals(found), weights, rtol=1e-3, atol=1e-6)


def test_what_fits_is_exact() -> None:
    weights = torch.arange(-8.0, 8.0)[None].repeat(3, 2) * torch.tensor([[0.5], [1.0], [4.0]])
    for symmetric in (True, False):
        torch.testing.assert_close(_reals(group_weights(weights, _four_bits(symmetric=symmetric))), weights)


def test_important_columns_count() -> None:
    weights = torch.randn(50, 16, generator=torch.Generator().manual_seed(4))
    importance = torch.ones(16)
    importance[3] = 100
    plain, aware = (
        (_reals(group_weights(weights, _four_bits(symmetric=False), given)) - weights).square().mean(0)
        for given in (None, importance)
    )
    assert aware[3] < 0.5 * plain[3]


def test_packed() -> None:
    halves = packed(torch.tensor([[-8, 7, 0, -1]], dtype=torch.int8))
    assert halves.tolist() == [[0x0F, 0x87]]
