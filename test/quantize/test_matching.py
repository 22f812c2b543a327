"""Layers that are written otherwise once they are quantised: recurrent ones, whose gates are a bias in float."""

from __future__ import annotations

import math
from typing import TypeAlias

import pytest
import torch
from quantised import Sample, fake_quantised, in_float, in_integers
from torch import Tensor, nn

from etc.quantize.accuracy import compare
from etc.quantize.adaround import learn_rounding
from etc.quantize.bias_correction import correct_biases
from etc.quantize.closeness import Sums
from etc.quantize.layers import layers_of
from etc.quantize.matching import has_known_bias, method_of

Kind: TypeAlias = type[nn.LSTM] | type[nn.GRU] | type[nn.RNN]
KINDS: list[Kind] = [nn.LSTM, nn.GRU, nn.RNN]


class Recurrent(nn.Module):
    """One recurrent layer, of which the last step is read."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.recurrent = kind(8, 16, batch_first=True)
        self.head = nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.recurrent(x)[0][:, -1])


@pytest.mark.parametrize("kind", KINDS)
def test_recurrent_layers_are_sound(kind: Kind):
    torch.manual_seed(0)
    data: list[Sample] = [(torch.randn(1, 5, 8),) for _ in range(12)]
    reference = in_float(Recurrent(kind), data[0])
    quantised = fake_quantised(reference, data)
    report = compare(reference, quantised, data, integer=in_integers(quantised))
    assert report.divergent is None, report.verdict()
    assert all(layer.local.sqnr > 30 for layer in report.layers)


@pytest.mark.parametrize("kind", KINDS)
def test_better_numbers_leave_recurrent_layers_sound(kind: Kind):
    torch.manual_seed(0)
    data: list[Sample] = [(torch.randn(1, 5, 8),) for _ in range(12)]
    reference = in_float(Recurrent(kind), data[0])
    quantised = fake_quantised(reference, data)
    pairs = layers_of(method_of(quantised, "forward"), method_of(reference, "forward"))
    assert all(has_known_bias(layer.op) == has_known_bias(layer.reference) for layer in pairs)
    plain = compare(reference, quantised, data).sqnr
    for improve in (correct_biases, learn_rounding):
        changed = quantised.clone()
        assert improve(changed, reference, data) >= 2
        assert compare(reference, changed, data).sqnr > plain - 1


@pytest.mark.parametrize("factor", [1e-45, 1e-40])
def test_values_that_vanish_are_no_fault_of_scales(factor: float):
    torch.manual_seed(0)
    data: list[Sample] = [(factor * torch.randn(2, 8),) for _ in range(4)]
    reference = in_float(nn.Sequential(nn.Linear(8, 16, bias=False), nn.ReLU(), nn.Linear(16, 4, bias=False)), data[0])
    report = compare(reference, fake_quantised(reference, data), data)
    assert report.divergent is None, report.verdict()


def test_storing_in_16_bits_is_no_fault_beside_weights_of_8():
    torch.manual_seed(0)
    data: list[Sample] = [(torch.randn(4, 8),) for _ in range(6)]
    reference = in_float(nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), data[0])
    report = compare(reference, fake_quantised(reference, data, "int16x8"), data)
    assert report.divergent is None, report.verdict()


def test_equal_infinities_are_no_noise():
    sums = Sums()
    sums.add(torch.tensor([1.0, math.inf, -math.inf, math.nan]), torch.tensor([1.5, math.inf, -math.inf, math.nan]))
    assert (sums.signal, sums.noise, sums.largest) == (1.0, 0.25, 0.5)
    sums.add(torch.tensor([math.inf]), torch.tensor([-math.inf]))
    assert sums.sqnr == -200
