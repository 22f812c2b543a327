"""Observers: the ranges that they find, and that parts of the data merge into the same."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from etc.dialects import dtypes
from etc.dialects.quant.attributes import Spec
from etc.quantize.observers import OBSERVER_TYPES, MeanSquaredError, Observer, Percentile, Range, params_of

AFFINE = Spec(dtypes.int8, -128, 127)
SYMMETRIC = Spec(dtypes.int16, -32768, 32767, symmetric=True)
NAMES = list(OBSERVER_TYPES)


def batches(count: int = 7) -> list[Tensor]:
    """Values of very different magnitudes, so that histograms have to grow."""
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(3, 50, generator=generator) * 10.0 ** (i % 5 - 2) for i in range(count)]


def seen(name: str, values: list[Tensor]) -> Observer:
    observer = OBSERVER_TYPES[name]()
    for value in values:
        observer.observe(value)
    return observer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cut", [0, 1, 4, 7])
def test_parts_merge_into_the_whole(name: str, cut: int):
    values = batches()
    merged = copy.deepcopy(seen(name, values[:cut]))
    merged.merge(seen(name, values[cut:]))
    expected = seen(name, values)
    assert merged.range_for(AFFINE) == pytest.approx(expected.range_for(AFFINE), rel=1e-12)
    assert merged.range_for(SYMMETRIC) == pytest.approx(expected.range_for(SYMMETRIC), rel=1e-12)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "moving-average"])
def test_the_order_of_data_does_not_matter(name: str):
    assert seen(name, batches()).range_for(AFFINE) == seen(name, batches()[::-1]).range_for(AFFINE)


@pytest.mark.parametrize("name", NAMES)
def test_ranges_lie_within_what_was_seen(name: str):
    values = torch.cat(batches())
    low, high = seen(name, batches()).range_for(AFFINE)
    assert float(values.min()) - 1e-6 <= low < high <= float(values.max()) + 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_seen_in_empty_tensors(name: str):
    observer = seen(name, [torch.zeros(0, 3)])
    assert observer.is_empty
    observer.observe(torch.zeros(2))
    assert not observer.is_empty
    assert params_of(observer.range_for(AFFINE), AFFINE).scale == 1.0


@pytest.mark.parametrize("name", ["percentile", "entropy"])
def test_outliers_are_clipped(name: str):
    values = torch.randn(100_000, generator=torch.Generator().manual_seed(0))
    values[0] = 1000.0
    assert seen(name, [values]).range_for(AFFINE).high < 250
    assert seen("minmax", [values]).range_for(AFFINE).high == 1000


@pytest.mark.parametrize("name", ["minmax", "percentile", "mse", "entropy"])
def test_uniform_values_keep_their_range(name: str):
    values = torch.linspace(-1, 3, 100_001)
    assert seen(name, [values]).range_for(AFFINE) == pytest.approx((-1, 3), abs=0.1)


def test_the_mean_squared_error_is_the_smallest():
    """Of all scaled ranges, by trial on the values themselves."""
    values = torch.randn(20_000, generator=torch.Generator().manual_seed(0)) ** 3
    observer = MeanSquaredError()
    observer.observe(values)

    spec = Spec(dtypes.int8, -7, 7, symmetric=True)

    def error(range: Range) -> float:
        params = params_of(range, spec)
        integers = ((values / params.scale).round()).clamp(params.quant_min, params.quant_max)
        return float(((integers * params.scale - values) ** 2).mean())

    largest = float(values.abs().max())
    trials = [error(Range(-largest * i / 40, largest * i / 40)) for i in range(4, 41)]
    assert error(observer.range_for(spec)) <= 1.02 * min(trials)
    assert error(observer.range_for(spec)) < 0.5 * error(Range(-largest, largest))


def test_percentiles_are_those_of_torch():
    values = torch.randn(200_000, generator=torch.Generator().manual_seed(0))
    observer = Percentile()
    observer.observe(values)
    low, high = observer.range_for(AFFINE)
    assert low == pytest.approx(float(values.sort().values[10]), abs=0.05)
    assert high == pytest.approx(float(values.sort().values[-10]), abs=0.05)


@pytest.mark.parametrize(
    ("low", "high", "scale", "zero_point"),
    [
        (0.0, 25.5, 0.1, -128),
        (-25.5, 0.0, 0.1, 127),
        (1.0, 25.5, 0.1, -128),
        (-12.8, 12.7, 0.1, 0),
        (0.0, 0.0, 1.0, -128),
    ],
)
def test_affine_parameters(low: float, high: float, scale: float, zero_point: int):
    params = params_of(Range(low, high), AFFINE)
    assert params.scale == pytest.approx(scale)
    assert params.zero_point == zero_point
    assert params.scale == float(torch.tensor(params.scale))


def test_symmetric_parameters():
    params = params_of(Range(-1.0, 3.2767), SYMMETRIC)
    assert (params.scale, params.zero_point) == (pytest.approx(0.0001), 0)
