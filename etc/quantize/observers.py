"""Observers: statistics of the values that go by, and the range that integers should cover because of them.

Those with histograms clip outliers that cost the other values precision. Statistics of parts of the data merge into
those of the whole, so that calibration can be spread over processes; only a moving average minds the order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import frexp
from typing import Any, NamedTuple

from etc.dialects.quant.attributes import Params, Spec
from etc.transforms.insert_observers import OBSERVERS

MOMENTUM = 0.01
"""The weight of a batch in moving averages."""
PERCENTILE = 99.99
"""Percent of the values that the percentile observer keeps, the same share cut off at both ends."""
BINS = 2048
"""Bins of a histogram on each side of 0."""
CANDIDATES = 100
"""Ranges that a search compares: parts of the observed one."""


class Range(NamedTuple):
    """The reals from `low` to `high`."""

    low: float
    high: float


class Observer(ABC):
    """Sees tensors, one after the other; knows the range for a spec in the end."""

    @property
    @abstractmethod
    def is_empty(self) -> bool:
        """Whether no value has been seen."""

    @abstractmethod
    def observe(self, value: Any) -> None:
        """Take in a float tensor without NaN and infinities, of any shape. Empty tensors are nothing."""

    @abstractmethod
    def merge(self, later: Any) -> None:
        """Take in what another observer saw after this one."""

    @abstractmethod
    def range_for(self, spec: Spec) -> Range:
        """What the integers of `spec` should cover; something has been seen."""


@dataclass
class MinMax(Observer):
    """All that was seen."""

    low: float = float("inf")
    high: float = float("-inf")

    @property
    def is_empty(self) -> bool:
        return self.low > self.high

    def observe(self, value: Any) -> None:
        if value.numel():
            low, high = value.aminmax()
            self.low, self.high = min(self.low, float(low)), max(self.high, float(high))

    def merge(self, later: MinMax) -> None:
        self.low, self.high = min(self.low, later.low), max(self.high, later.high)

    def range_for(self, spec: Spec) -> Range:
        return Range(self.low, self.high)


@dataclass
class _Average:
    """m = x for the first value, then m = (1 - c) m + c x. `decay` is the factor that the first m has in it by now."""

    first: float
    mean: float
    decay: float = 1.0

    def add(self, x: float) -> None:
        self.mean += MOMENTUM * (x - self.mean)
        self.decay *= 1 - MOMENTUM

    def merge(self, later: _Average) -> None:
        """Exact: the later average is linear in the value that it began with."""
        decay = later.decay * (1 - MOMENTUM)
        self.mean = later.mean + decay * (self.mean - later.first)
        self.decay *= decay


@dataclass
class MovingAverage(Observer):
    """The smallest and largest value of each batch, averaged: recent batches count for more."""

    lows: _Average | None = None
    highs: _Average | None = None

    @property
    def is_empty(self) -> bool:
        return self.lows is None

    def observe(self, value: Any) -> None:
        if not value.numel():
            return
        low, high = map(float, value.aminmax())
        if self.lows is None or self.highs is None:
            self.lows, self.highs = _Average(low, low), _Average(high, high)
        else:
            self.lows.add(low)
            self.highs.add(high)

    def merge(self, later: MovingAverage) -> None:
        if self.lows is None or self.highs is None:
            self.lows, self.highs = later.lows, later.highs
        elif later.lows is not None and later.highs is not None:
            self.lows.merge(later.lows)
            self.highs.merge(later.highs)

    def range_for(self, spec: Spec) -> Range:
        assert self.lows is not None
        assert self.highs is not None
        return Range(self.lows.mean, self.highs.mean)


@dataclass
class Histogram(Observer):
    """Counts of values in equal bins over [-2^exponent, 2^exponent), and the exact ends of the range.

    The exponent grows with what is seen, which joins bins in pairs: in whatever order values come and parts are merged,
    the counts are the same.
    """

    ends: MinMax = field(default_factory=MinMax)
    exponent: int | None = None
    counts: Any = None
    """float64 [2 * BINS]"""

    @property
    def is_empty(self) -> bool:
        return self.ends.is_empty

    def observe(self, value: Any) -> None:
        import torch

        if not value.numel():
            return
        self.ends.observe(value)
        largest = max(-self.ends.low, self.ends.high)
        self._grow(frexp(largest)[1] if largest > 0 else -126)
        assert self.exponent is not None
        bins = (value.detach().reshape(-1).double() * (BINS / 2.0**self.exponent)).floor().long() + BINS
        self.counts += torch.bincount(bins.clamp(0, 2 * BINS - 1), minlength=2 * BINS).double()

    def _grow(self, exponent: int) -> None:
        """Make room for values below 2^exponent in magnitude."""
        import torch

        if self.exponent is None:
            self.exponent, self.counts = exponent, torch.zeros(2 * BINS, dtype=torch.float64)
        steps = min(exponent - self.exponent, BINS.bit_length())
        for _ in range(steps):
            joined = self.counts.reshape(-1, 2).sum(1)
            self.counts = torch.zeros_like(self.counts)
            self.counts[BINS // 2 : BINS // 2 + BINS] = joined
        self.exponent = max(self.exponent, exponent)

    def merge(self, later: Histogram) -> None:
        if later.exponent is None:
            return
        self.ends.merge(later.ends)
        self._grow(later.exponent)
        assert self.exponent is not None
        other = replace(later)
        other._grow(self.exponent)
        self.counts += other.counts

    def centres(self) -> Any:
        """The middle of each bin."""
        import torch

        assert self.exponent is not None
        return (torch.arange(-BINS, BINS, dtype=torch.float64) + 0.5) * (2.0**self.exponent / BINS)


@dataclass
class Percentile(Histogram):
    """All but the outermost 0.005 % of values at each end."""

    def range_for(self, spec: Spec) -> Range:
        import torch

        share = torch.cumsum(self.counts, 0) / self.counts.sum()
        cut = (1 - PERCENTILE / 100) / 2
        centres = self.centres()
        width = float(centres[1] - centres[0])
        low = float(centres[int((share <= cut).sum())]) - width / 2
        high = float(centres[int((share < 1 - cut).sum())]) + width / 2
        return Range(max(low, self.ends.low), min(high, self.ends.high))


class Searched(Histogram, ABC):
    """The part of the observed range with the smallest loss; both ends shrink alike, then each on its own."""

    def range_for(self, spec: Spec) -> Range:
        low, high = min(self.ends.low, 0.0), max(self.ends.high, 0.0)
        best = min((self.loss(r, spec), -i, r) for i, r in enumerate(self._shrunk(low, high)))[2]
        if spec.symmetric:
            return best
        ends = [Range(r.low, best.high) for r in self._shrunk(best.low, 0.0)]
        best = min((self.loss(r, spec), -i, r) for i, r in enumerate(ends))[2]
        ends = [Range(best.low, r.high) for r in self._shrunk(0.0, best.high)]
        return min((self.loss(r, spec), -i, r) for i, r in enumerate(ends))[2]

    @staticmethod
    def _shrunk(low: float, high: float) -> list[Range]:
        return [Range(low * i / CANDIDATES, high * i / CANDIDATES) for i in range(CANDIDATES // 5, CANDIDATES + 1)]

    @abstractmethod
    def loss(self, range: Range, spec: Spec) -> float:
        """What is lost by integers that cover `range`."""


@dataclass
class MeanSquaredError(Searched):
    """The range with the smallest mean squared error."""

    def loss(self, range: Range, spec: Spec) -> float:
        values = self.centres()
        return float((self.counts * (values - _requantised(values, params_of(range, spec))) ** 2).sum())


@dataclass
class Entropy(Searched):
    """The range whose integers have a distribution nearest to that of the values, by the Kullback-Leibler divergence.

    After Migacz, "8-bit Inference with TensorRT" (GTC 2017), for affine ranges too: what is beyond the range counts as
    its outermost bin, and the values that one integer stands for are taken to be equally frequent.
    """

    def loss(self, range: Range, spec: Spec) -> float:
        import torch

        params = params_of(range, spec)
        integers = _integers(self.centres(), params).long() - params.quant_min
        levels = params.quant_max - params.quant_min + 1
        values = self.centres()
        inside = (values >= range.low) & (values <= range.high)
        if not bool((self.counts[inside] > 0).any()):
            return float("inf")
        clipped = torch.where(inside, self.counts, torch.zeros_like(self.counts))
        seen = torch.nonzero(inside).reshape(-1)
        clipped[seen[0]] += self.counts[: seen[0]].sum()
        clipped[seen[-1]] += self.counts[seen[-1] + 1 :].sum()
        occupied = (clipped > 0) & inside
        own = torch.where(inside, self.counts, torch.zeros_like(self.counts))
        mass = torch.zeros(levels, dtype=torch.float64).index_add_(0, integers[inside], own[inside])
        bins = torch.zeros(levels, dtype=torch.float64).index_add_(
            0, integers[occupied], torch.ones(int(occupied.sum()), dtype=torch.float64)
        )
        p = clipped[occupied] / clipped.sum()
        q = (mass / bins.clamp(min=1))[integers[occupied]]
        q = (q / q.sum().clamp(min=1e-300)).clamp(min=1e-12)
        return float((p * (p / q).log()).sum())


OBSERVER_TYPES: Mapping[str, type[Observer]] = dict(
    zip(OBSERVERS, (MinMax, MovingAverage, Percentile, MeanSquaredError, Entropy), strict=True)
)
"""Observers by the names that quant.observe gives them."""


def params_of(range: Range, spec: Spec) -> Params:
    """The scale and zero point with which the integers of `spec` cover a range and 0, which is exact.

    The scale is a float32. A range without extent, as of values that are all 0, has scale 1.
    """
    import torch

    low, high = min(range.low, 0.0), max(range.high, 0.0)
    if spec.symmetric:
        scale = max(-low, high) / min(-spec.quant_min, spec.quant_max)
    else:
        scale = (high - low) / (spec.quant_max - spec.quant_min)
    scale = float(torch.tensor(scale, dtype=torch.float32)) or 1.0
    zero_point = 0 if spec.symmetric else spec.quant_min - round(low / scale)
    return Params(
        spec.dtype, spec.quant_min, spec.quant_max, scale, min(max(zero_point, spec.quant_min), spec.quant_max)
    )


def _integers(values: Any, params: Params) -> Any:
    return ((values / params.scale).round() + params.zero_point).clamp(params.quant_min, params.quant_max)


def _requantised(values: Any, params: Params) -> Any:
    return (_integers(values, params) - params.zero_point) * params.scale
