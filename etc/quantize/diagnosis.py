"""Why a layer is worse than its integers have to be, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from xdsl.ir import Operation

from etc.dialects.edge.base import EdgeOp
from etc.emit.report.accuracy import EXACT
from etc.quantize.closeness import Distribution, decibels_of, represented
from etc.quantize.matching import Point
from etc.transforms.module_names import modules_of

SHORTFALL = 8.0
"""Decibels below what a scale from the smallest to the largest value gives: a step that is 2.5 times as large."""
LEAST = 12.0
"""Decibels that a layer should have in any case: noise of a quarter of the signal."""
STEPS = 2
"""Integers by which the integer program may differ from fake quantisation: both round once, at different places."""
FEW = 0.001
"""The share of clipped values that is no matter."""
VANISHING = 256 * 2.0**-126
"""Values below have scales that float32 does not hold exactly: they are as good as 0, whatever they are stored as."""


@dataclass(frozen=True)
class WeightError:
    """Quantised weights against those in float: `factor` is by how much they are larger, `best` what is attainable."""

    sqnr: float
    best: float
    factor: float

    @staticmethod
    def of(expected: Any, found: Any, axis: int, conversion: EdgeOp) -> WeightError:
        """`best` is that of scales from the largest weight of each channel."""
        x, y = expected.double(), found.double()
        arguments = {arg.name: value for arg, value in conversion.arguments()}
        levels = arguments.get("quant_max", 127) - arguments.get("quant_min", -127)
        if "weight_quant_max" in arguments:
            levels = arguments["weight_quant_max"] - arguments["weight_quant_min"]
        rows = x.movedim(axis, 0).flatten(1) if x.dim() else x.reshape(1, 1)
        steps = 2 * rows.abs().amax(1) / levels
        energy, noise = float((x * x).sum()), float(((x - y) ** 2).sum())
        factor = float((x * y).sum()) / energy if energy else 1.0
        return WeightError(
            decibels_of(energy, noise), decibels_of(energy, float((steps**2).sum()) * rows.shape[1] / 12), factor
        )


@dataclass(frozen=True)
class Measured:
    """One layer; in decibels what it gives alone (`local`), before it is stored (`made`), and storing (`stored`)."""

    point: Point
    named: Operation | None
    seen: Distribution
    local: float
    made: float
    stored: float
    best: float | None
    weights: WeightError | None
    steps: int | None
    is_fixed: bool
    """its scale does not come from data"""
    factor: float
    """by what it is multiplied when it is stored and read"""


Diagnosis = tuple[str, str]
"""The reason, and what to do."""


def _not_finite(m: Measured) -> Diagnosis | None:
    if not m.seen.not_finite:
        return None
    return f"{m.seen.not_finite} of its values in float are infinite or no numbers", "See what the model computes there"


def _weights(m: Measured) -> Diagnosis | None:
    error = m.weights
    if error is None or error.sqnr >= min(error.best - SHORTFALL, EXACT):
        return None
    if abs(error.factor - 1) > 0.05:
        what = f"its quantised weights are {error.factor:.3g} times those in float: their scale is wrong"
        return what, "Quantise the weights again, from their own ranges"
    what = f"its quantised weights have {error.sqnr:.1f} dB, scales from their own ranges give {error.best:.1f} dB"
    return what, "Quantise the weights again; if learned rounding or equalisation made them, without"


def _clips(m: Measured) -> Diagnosis | None:
    histogram = m.seen.histogram()
    if not _is_badly_stored(m) or histogram is None or histogram.clipped < FEW:
        return None
    largest = max(abs(m.seen.low), abs(m.seen.high))
    limit = f"{histogram.low:.4g} to {histogram.high:.4g}"
    what = (
        f"its scale clips {100 * histogram.clipped:.2g} % of the values: largest |x| {largest:.4g}, represented {limit}"
    )
    return what, "Calibrate again with data like these, or with observer=minmax"


def _is_read_otherwise(m: Measured) -> Diagnosis | None:
    if not _is_badly_stored(m) or abs(m.factor - 1) < 0.05 or m.stored > LEAST:
        return None
    what = f"what is read is {m.factor:.3g} times what was stored: quantize and dequantize have different scales"
    return what, "Convert it again, from one scale"


def _is_coarse(m: Measured) -> Diagnosis | None:
    if not _is_badly_stored(m) or m.point.params is None or m.seen.high < m.seen.low:
        return None
    if m.is_fixed and m.stored > LEAST:
        return None
    low, high = represented(m.point.params)
    used = (max(m.seen.high, 0) - min(m.seen.low, 0)) / (high - low)
    what = (
        f"its scale is too coarse: values are {m.seen.low:.4g} to {m.seen.high:.4g}, which is {100 * used:.2g} % of "
        f"{low:.4g} to {high:.4g}"
    )
    return what, "Calibrate again, with data like these"


def _is_badly_stored(m: Measured) -> bool:
    """Whether storing adds more noise than it has to, and that is not little beside what is there before."""
    return m.best is not None and m.stored < min(m.best - SHORTFALL, m.made + SHORTFALL)


def _has_outliers(m: Measured) -> Diagnosis | None:
    if m.local >= LEAST or m.stored >= LEAST + SHORTFALL or not m.seen.count:
        return None
    largest = max(abs(m.seen.low), abs(m.seen.high))
    root = sqrt(m.seen.energy / m.seen.count)
    times = largest / root if root else 0.0
    what = f"few values are far out: the largest |x|, {largest:.4g}, is {times:.3g} times the root mean square"
    return what, f"Try observer=mse or percentile, equalise=True, or overrides={{{_override(m)}: 'int16x8'}}"


def _is_sensitive(m: Measured) -> Diagnosis | None:
    if m.local >= LEAST:
        return None
    what = f"it keeps {m.local:.1f} dB of its own, where its inputs are exact"
    return what, f"Try adaround=True or equalise=True, or leave it in float: overrides={{{_override(m)}: 'float'}}"


def _differs(m: Measured) -> Diagnosis | None:
    if m.steps is None or m.steps <= STEPS:
        return None
    what = f"the integer program is up to {m.steps} integers away from fake quantisation here"
    return what, "Accumulators may overflow, or two scales were taken for one; leave it in float and report it"


def _override(m: Measured) -> str:
    return repr(next(reversed(modules_of(m.named)), "module") if m.named is not None else "module")


_QUESTIONS: tuple[Callable[[Measured], Diagnosis | None], ...] = (
    *(_not_finite, _weights, _clips, _is_read_otherwise, _is_coarse, _has_outliers, _is_sensitive, _differs),
)
"""In this order: a cause stands before what it leads to."""


def diagnose(measured: Measured) -> Diagnosis:
    """The reason and what to do; both empty for a layer that is as good as its integers allow."""
    seen = measured.seen
    is_vanishing = seen.count and max(abs(seen.low), abs(seen.high)) < VANISHING
    questions = (_not_finite, _weights) if is_vanishing else _QUESTIONS
    return next((found for ask in questions if (found := ask(measured)) is not None), ("", ""))
