"""Hybrid programs by budget: what hurts stays in float, and no more; the budget is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from quantised import Sample, in_float
from torch import Tensor, nn
from xdsl.dialects.builtin import ModuleOp

from etc.emit.report.accuracy import pareto
from etc.errors import EtcError
from etc.quantize.accuracy import compare
from etc.quantize.flow import run
from etc.quantize.functions import function_of
from etc.quantize.recipe import Recipe


class Fragile(nn.Module):
    """Four layers, of which `fragile` reads channels that are a thousand times apart, and weights them all alike."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(8, 32)
        self.uneven = nn.Linear(32, 32)
        self.fragile = nn.Linear(32, 32)
        self.last = nn.Linear(32, 4)
        with torch.no_grad():
            factors = torch.logspace(0, 4, 32)
            self.uneven.weight *= factors[:, None]
            self.uneven.get_parameter("bias").mul_(factors)
            self.fragile.weight /= factors

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.first(x))
        x = torch.relu(self.uneven(x))
        return self.last(torch.relu(self.fragile(x)))


def fragile() -> tuple[ModuleOp, list[Sample]]:
    torch.manual_seed(0)
    data: list[Sample] = [(torch.randn(4, 8),) for _ in range(12)]
    return in_float(Fragile(), data[0]), data


def test_a_ratio_is_met_with_few_layers_in_float():
    reference, data = fragile()
    module = reference.clone()
    plain = compare(reference, _quantised(reference, Recipe("int8", data)), data).sqnr
    assert plain < 20
    found = run(module, Recipe("int8", data, min_sqnr=25.0))
    assert found is not None
    in_float_now = {name for name, config in found.recipe.overrides.items() if config == "float"}
    assert in_float_now == {"fragile", "uneven"}
    assert compare(reference, module, data).sqnr >= 25.0
    (chosen,) = (c for c in found.candidates if c.is_chosen)
    assert set(chosen.in_float) == in_float_now
    assert chosen.sqnr >= 25.0
    assert chosen.integer_macs == 4 * (8 * 32 + 32 * 4)
    smaller = [c for c in found.candidates if set(c.in_float) < in_float_now]
    assert smaller
    assert all(c.sqnr < 25.0 for c in smaller)


def _quantised(reference: ModuleOp, recipe: Recipe) -> ModuleOp:
    copy = reference.clone()
    run(copy, recipe)
    return copy


def test_nothing_stays_in_float_where_integers_do():
    reference, data = fragile()
    found = run(reference.clone(), Recipe("int8", data, min_sqnr=1.0))
    assert found is not None
    assert found.recipe.overrides == {}
    (chosen,) = found.candidates
    assert chosen.is_chosen
    assert chosen.in_integers == 1
    assert chosen.macs == 4 * (8 * 32 + 2 * 32 * 32 + 32 * 4)


def test_costs_grow_with_what_is_in_float():
    reference, data = fragile()
    found = run(reference.clone(), Recipe("int8", data, min_sqnr=25.0))
    assert found is not None
    sizes = {len(c.in_float): c.weight_bytes for c in found.candidates}
    assert sizes[0] == min(sizes.values())
    assert sizes[max(sizes)] == max(sizes.values())
    front = pareto(found.candidates)
    assert [c.weight_bytes for c in front] == sorted(c.weight_bytes for c in front)
    assert any(c.is_chosen for c in front)


def accuracy(reference: ModuleOp, data: list[Sample]) -> Callable[[Callable[..., Any]], float]:
    """How often an output is within 2 % of the largest one of the program in float."""
    inputs = torch.cat([sample[0] for sample in data])
    expected = function_of(reference)(inputs)
    limit = 0.02 * float(expected.abs().max())
    return lambda predict: float(((predict(inputs) - expected).abs() < limit).float().mean())


def test_a_drop_of_accuracy_is_met():
    reference, data = fragile()
    evaluate = accuracy(reference, data)
    assert evaluate(function_of(reference)) == 1.0
    plain = evaluate(function_of(_quantised(reference, Recipe("int8", data))))
    assert plain < 0.95
    module = reference.clone()
    found = run(module, Recipe("int8", data, max_accuracy_drop=3.0, evaluate=evaluate))
    assert found is not None
    assert found.recipe.overrides
    assert evaluate(function_of(module)) >= 0.97
    assert {c.score for c in found.candidates if c.is_chosen} == {evaluate(function_of(module))}


def test_a_budget_that_cannot_be_met():
    reference, data = fragile()
    with pytest.raises(EtcError, match="cannot be had, even with all layers in float\n  expected: 500 dB"):
        run(reference.clone(), Recipe("int8", data, min_sqnr=500.0))


def test_a_budget_without_data():
    reference, _ = fragile()
    with pytest.raises(EtcError, match="a budget needs data to measure accuracy on"):
        run(reference.clone(), Recipe("int8-weight", min_sqnr=20.0))


def test_data_that_can_be_read_once():
    reference, data = fragile()
    found = run(reference.clone(), Recipe("int8", iter(data), min_sqnr=25.0, bias_correction=True))
    assert found is not None
    assert found.recipe.overrides


@pytest.mark.parametrize("rows", [1, 4, 6, 13])
def test_functions_take_any_number_of_rows(rows: int):
    torch.manual_seed(0)
    model = Fragile().eval()
    reference = in_float(model, (torch.randn(4, 8),))
    x = torch.randn(rows, 8)
    if rows < 4:
        with pytest.raises(EtcError, match="does not fit"):
            function_of(reference)(x)
    else:
        torch.testing.assert_close(function_of(reference)(x), model(x), rtol=1e-4, atol=1e-3)
