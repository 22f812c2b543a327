"""Sums over data that tell how near values are to others: ratio of signal to noise, cosine, histograms."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log10, sqrt
from typing import Any

from etc.dialects.quant.attributes import Params
from etc.emit.report.accuracy import EXACT, Closeness, Histogram

BINS = 32


def decibels_of(signal: float, noise: float) -> float:
    """10 log10(signal / noise) of energies, at most 200; 0 noise is exact, and without signal any noise is all."""
    if noise == 0:
        return EXACT
    if signal == 0 or noise != noise:
        return -EXACT
    return max(-EXACT, min(EXACT, 10 * log10(signal / noise))) if noise < inf else -EXACT


@dataclass
class Sums:
    """Energies of values, of others, of their differences; all in float64."""

    signal: float = 0.0
    other: float = 0.0
    product: float = 0.0
    noise: float = 0.0
    largest: float = 0.0

    def add(self, expected: Any, found: Any) -> None:
        """Tensors of one shape. Positions where both have the same infinity, or no number, are left out."""
        x, y = expected.double().flatten(), found.double().flatten()
        is_counted = x.isfinite() | ((x != y) & ~(x.isnan() & y.isnan()))
        x, y = x[is_counted], y[is_counted]
        difference = y - x
        self.signal += float(x @ x)
        self.other += float(y @ y)
        self.product += float(x @ y)
        self.noise += float(difference @ difference)
        if len(x):
            self.largest = max(self.largest, float(difference.abs().max()))

    @property
    def sqnr(self) -> float:
        return decibels_of(self.signal, self.noise)

    @property
    def factor(self) -> float:
        """By what the expected values are multiplied to come nearest to those found."""
        return self.product / self.signal if self.signal else 1.0

    def closeness(self) -> Closeness:
        size = sqrt(self.signal * self.other)
        cosine = min(1.0, self.product / size) if size else float(self.signal == self.other)
        return Closeness(self.sqnr, cosine, self.largest)


@dataclass
class Distribution:
    """Which values there are: their range, how many lie where in what `params` represent; how many are no numbers."""

    params: Params | None
    low: float = inf
    high: float = -inf
    count: int = 0
    energy: float = 0.0
    not_finite: int = 0
    below: int = 0
    above: int = 0
    bins: Any = None

    def add(self, values: Any) -> None:
        import torch

        flat = values.double().flatten()
        finite = flat[flat.isfinite()]
        self.not_finite += len(flat) - len(finite)
        self.count += len(finite)
        if not len(finite):
            return
        self.energy += float(finite @ finite)
        self.low, self.high = min(self.low, float(finite.min())), max(self.high, float(finite.max()))
        if self.params is None:
            return
        low, high = represented(self.params)
        self.below += int((finite < low - self.params.scale / 2).sum())
        self.above += int((finite > high + self.params.scale / 2).sum())
        counts = torch.histc(finite.clamp(low, high), BINS, low, high).long()
        self.bins = counts if self.bins is None else self.bins + counts

    def histogram(self) -> Histogram | None:
        if self.params is None or self.bins is None:
            return None
        bins: list[int] = self.bins.tolist()
        bins[0] -= self.below
        bins[-1] -= self.above
        return Histogram(*represented(self.params), tuple(bins), self.below, self.above)


def represented(params: Params) -> tuple[float, float]:
    """The smallest and the largest real that integers stand for."""
    low, high = (params.scale * (q - params.zero_point) for q in (params.quant_min, params.quant_max))
    return low, high


def attainable(params: Params, low: float, high: float, count: int, energy: float) -> float:
    """Decibels for a scale from the smallest to the largest value: each step makes noise of step^2 / 12.

    With a zero point of 0 in a range of both signs, steps are spread evenly to both sides of 0.
    """
    is_symmetric = params.zero_point == 0 and params.quant_min < 0
    extent = 2 * max(abs(low), abs(high)) if is_symmetric else max(high, 0.0) - min(low, 0.0)
    step = extent / (params.quant_max - params.quant_min)
    return decibels_of(energy, count * step * step / 12)
