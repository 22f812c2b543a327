"""How far a quantised program is from the reals that it stands for, layer by layer: facts, and a part of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from etc.emit.report.tables import Cell, Drawing, Name, Number, table

EXACT = 200.0
"""Decibels that stand for no difference at all; float32 itself is good for some 150."""

FAIR = 20.0
"""Decibels that outputs should have: noise of a tenth of the signal."""
_ADDED_UP = f"min_sqnr={FAIR:g} finds what to leave in float, bias_correction, adaround and prepare_qat may help"


@dataclass(frozen=True)
class Closeness:
    """How near values are to those in float, over all data.

    `sqnr` is the ratio of signal to noise in decibels, 10 log10(sum x^2 / sum (x - y)^2), at most 200; `cosine` that of
    the angle between both; `largest` the largest difference.
    """

    sqnr: float
    cosine: float
    largest: float


@dataclass(frozen=True)
class Histogram:
    """How many values in float lie in each of equal parts of what integers represent, and how many outside of it."""

    low: float
    high: float
    counts: tuple[int, ...]
    below: int = 0
    above: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts) + self.below + self.above

    @property
    def clipped(self) -> float:
        """The share of values that are not represented, 0 to 1."""
        return (self.below + self.above) / self.total if self.total else 0.0


@dataclass(frozen=True)
class LayerAccuracy:
    """A quantised value, with the operations that make it from quantised values before.

    `local` compares with float where these read values in float, so that only what happens here makes a difference,
    `accumulated` where they read quantised ones. `integer` is that of the integer program; `steps` is by how many
    integers it is apart from fake quantisation at most, `local_steps` where this layer reads the same integers.
    `weights` is the ratio of signal to noise of the weights alone; `overrides` are the names of its operations for a
    recipe's overrides. `reason` and `suggestion` are those of layers that
    are worse than they have to be.
    """

    number: int
    name: str
    operators: tuple[str, ...]
    module: str
    line: str
    params: str
    local: Closeness
    accumulated: Closeness
    integer: Closeness | None
    steps: int | None
    local_steps: int | None
    weights: float | None
    low: float
    high: float
    histogram: Histogram | None
    overrides: tuple[str, ...] = ()
    is_moved: bool = False
    """only moved, with the scale that it had"""
    reason: str = ""
    suggestion: str = ""

    @property
    def title(self) -> str:
        """`conv1`, or the name of the value."""
        return self.module or self.name


@dataclass(frozen=True)
class Candidate:
    """A program with some parts in float: what it keeps, `score` by the caller's own measure, and what it costs."""

    in_float: tuple[str, ...]
    sqnr: float
    score: float | None
    weight_bytes: int
    integer_macs: int
    macs: int
    is_chosen: bool = False

    @property
    def in_integers(self) -> float:
        """The share of multiplications that are done with integers, 0 to 1."""
        return self.integer_macs / self.macs if self.macs else 0.0


def pareto(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those that no other beats at both what they keep and what they cost, and the chosen one; the smallest first."""

    def beats(a: Candidate, b: Candidate) -> bool:
        keeps = (a.score or 0.0, a.sqnr) >= (b.score or 0.0, b.sqnr)
        costs = a.weight_bytes <= b.weight_bytes and a.in_integers >= b.in_integers
        return keeps and costs and (a.sqnr, a.weight_bytes, a.score) != (b.sqnr, b.weight_bytes, b.score)

    best = (c for c in candidates if c.is_chosen or not any(beats(other, c) for other in candidates))
    return tuple(sorted(best, key=lambda c: (c.weight_bytes, c.sqnr)))


@dataclass(frozen=True)
class AccuracyReport:
    """Layers in the order of the program, and its outputs. `first_divergent` is the number of the first bad layer."""

    method: str
    samples: int
    layers: tuple[LayerAccuracy, ...]
    outputs: tuple[Closeness, ...]
    integer_outputs: tuple[Closeness, ...] = ()
    first_divergent: int | None = None
    score: tuple[tuple[str, float], ...] = ()
    """what the caller's own measure gives: of the program in float, quantised, in integers"""
    candidates: tuple[Candidate, ...] = ()
    """programs that a search for a hybrid one within a budget has tried"""

    @property
    def divergent(self) -> LayerAccuracy | None:
        """The first layer that is worse than it has to be."""
        return None if self.first_divergent is None else self.layers[self.first_divergent]

    @property
    def sqnr(self) -> float:
        """Decibels of the worst output, of the integer program where there is one."""
        return min((output.sqnr for output in self.integer_outputs or self.outputs), default=EXACT)

    @property
    def weakest(self) -> LayerAccuracy | None:
        """The layer that loses most of its own."""
        return min(self.layers, key=lambda layer: layer.local.sqnr, default=None)

    def verdict(self) -> str:
        """One sentence or two: the first bad layer, why and what to do; or that there is none, and which costs most."""
        layer = self.divergent
        if layer is None:
            weakest = self.weakest
            most = f"; {weakest.title} costs most, {decibels(weakest.local.sqnr)} dB alone" if weakest else ""
            verdict = f"No layer is worse than its integers have to be{most}."
            if self.sqnr >= FAIR:
                return verdict
            return f"{verdict} Errors add up to {decibels(self.sqnr)} dB at the outputs: {_ADDED_UP}."
        where = f" ({layer.line})" if layer.line else ""
        return f"First divergent layer: {layer.title}{where}: {layer.reason}. {layer.suggestion}".rstrip()


def decibels(value: float | None) -> str:
    """`31.4`; `exact` without any difference."""
    if value is None:
        return ""
    return "exact" if value >= EXACT else f"{value:.1f}"


def accuracy_section(report: AccuracyReport | None) -> str:
    """The part of the page; "" without facts."""
    if report is None:
        return ""
    mark = ' class="verdict"' if report.divergent else ""
    verdict = f"<p{mark}>{escape(report.verdict())}</p>"
    scores = "".join(
        f'<div class="card"><b>{text}</b>{escape(name)}</div>'
        for name, text in [*((name, f"{value:.4g}") for name, value in report.score), *_outputs(report)]
    )
    return (
        f"<section><h2>Accuracy</h2>\n{verdict}\n"
        f'<div class="cards">{scores}</div>\n{_hybrids(report)}{_layers(report)}\n'
        '<p class="soft">Ratios of signal to noise in decibels, against the program in float: of each layer alone, of '
        f"all up to it, in integers; over {report.samples:,} samples.</p></section>\n"
    )


def _hybrids(report: AccuracyReport) -> str:
    """What programs with some parts in float keep and cost."""
    if not report.candidates:
        return ""
    rows = (
        [
            "→" if c.is_chosen else "",
            _db(c.sqnr),
            Number(c.score, "" if c.score is None else f"{c.score:.4g}"),
            Number(c.weight_bytes, is_bar=True),
            Number(c.in_integers, f"{100 * c.in_integers:.1f} %"),
            Name(", ".join(c.in_float) or "nothing"),
        ]
        for c in pareto(report.candidates)
    )
    columns = ["", "dB", "score", "bytes of weights", "MACs in integers", "in float"]
    return f"<h3>Parts in float</h3>{table('hybrids', columns, rows)}\n<h3>Layers</h3>"


def _outputs(report: AccuracyReport) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for kind, outputs in (("quantised", report.outputs), ("in integers", report.integer_outputs)):
        for number, output in enumerate(outputs):
            which = f"output {number}" if len(outputs) > 1 else "output"
            found.append((f"dB, {which}, {kind}; cosine {output.cosine:.5f}", decibels(output.sqnr)))
    return found


def _layers(report: AccuracyReport) -> str:
    has_integers = any(layer.integer is not None for layer in report.layers)
    has_reasons = any(layer.reason for layer in report.layers)
    columns = ["#", "layer", "operators", "line", *["what is wrong"] * has_reasons]
    columns += ["weights", "alone", "up to here", "cosine", *["in integers", "steps apart"] * has_integers]
    columns += ["clipped", "range", "integers"]
    rows = [_layer(layer, has_integers, has_reasons) for layer in report.layers]
    return table("accuracy", columns, rows)


def _layer(layer: LayerAccuracy, has_integers: bool, has_reasons: bool) -> list[Cell]:
    row: list[Cell] = [Number(layer.number), Name(layer.title), ", ".join(layer.operators), Name(layer.line)]
    row += [f"{layer.reason}. {layer.suggestion}" if layer.reason else ""] * has_reasons
    row += [_db(layer.weights), _db(layer.local.sqnr), _db(layer.accumulated.sqnr)]
    row.append(Number(layer.accumulated.cosine, f"{layer.accumulated.cosine:.4f}"))
    if has_integers:
        row += [_db(None if layer.integer is None else layer.integer.sqnr), Number(layer.steps)]
    clipped = None if layer.histogram is None else layer.histogram.clipped
    row.append(Number(clipped, f"{100 * clipped:.2g} %" if clipped else ""))
    return [*row, Drawing(picture(layer.histogram)), Name(layer.params)]


def _db(value: float | None) -> Number:
    return Number(value, decibels(value))


def picture(histogram: Histogram | None) -> str:
    """A histogram as SVG; bars of what is not represented are at its ends, in another colour."""
    if histogram is None:
        return ""
    bars = [("clip", histogram.below), *(("in", count) for count in histogram.counts), ("clip", histogram.above)]
    return bar_chart(bars, f"{histogram.low:.4g} to {histogram.high:.4g}")


def bar_chart(bars: Sequence[tuple[str, int]], title: str, height: int = 22, width: int = 3) -> str:
    """Bars of the square roots of counts, so that rare values are seen."""
    most = max((count for _, count in bars), default=0) or 1
    rects = (
        f'<rect class="{kind}" x="{width * place}" y="{height - size:.1f}" width="{width - 0.5}" height="{size:.1f}"/>'
        for place, (kind, count) in enumerate(bars)
        if (size := height * (count / most) ** 0.5)
    )
    box = f'viewBox="0 0 {width * len(bars)} {height}" width="{width * len(bars)}" height="{height}"'
    return f'<svg class="histogram" {box} role="img"><title>{escape(title)}</title>{"".join(rects)}</svg>'
