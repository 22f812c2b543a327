"""The accuracy of a quantised program as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etc.emit.report.accuracy import AccuracyReport, Histogram, LayerAccuracy, decibels, pareto

if TYPE_CHECKING:
    from rich.console import RenderableType

_BARS = " ▁▂▃▄▅▆▇█"
_COLUMNS = 8
"""Of a histogram."""


def render(report: AccuracyReport) -> RenderableType:
    """A row per layer, without what is only moved, the outputs, and what is wrong first."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    has_integers = any(layer.integer is not None for layer in report.layers)
    table = Table(title=f"accuracy of {report.method} over {report.samples:,} samples, in dB", title_justify="left")
    table.add_column("layer", overflow="fold", min_width=10)
    for name in ["weights", "alone", "so far", *["int"] * has_integers, "cosine", "clipped"]:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("range", no_wrap=True)
    for layer in report.layers:
        if layer.is_moved and not layer.reason:
            continue
        style = "bold red" if layer.number == report.first_divergent else "red" if layer.reason else None
        table.add_row(*_cells(layer, has_integers), style=style)
    facts = Table(show_header=False, box=None)
    for kind, outputs in (("outputs", report.outputs), ("in integers", report.integer_outputs)):
        if outputs:
            facts.add_row(kind, ", ".join(f"{decibels(o.sqnr)} dB, cosine {o.cosine:.5f}" for o in outputs))
    for name, score in report.score:
        facts.add_row(name, f"{score:.4g}")
    hybrids = [_hybrids(report)] if report.candidates else []
    return Group(*hybrids, table, facts, Text(report.verdict(), style="bold red" if report.divergent else "green"))


def _hybrids(report: AccuracyReport) -> RenderableType:
    """What programs with some parts in float keep and cost."""
    from rich.table import Table

    table = Table(title="parts in float, within the budget →", title_justify="left")
    for name in ("", "dB", "score", "weights", "MACs in integers"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("in float", overflow="fold")
    for candidate in pareto(report.candidates):
        table.add_row(
            "→" if candidate.is_chosen else "",
            decibels(candidate.sqnr),
            "" if candidate.score is None else f"{candidate.score:.4g}",
            f"{candidate.weight_bytes:,} B",
            f"{100 * candidate.in_integers:.1f} %",
            ", ".join(candidate.in_float) or "nothing",
        )
    return table


def _cells(layer: LayerAccuracy, has_integers: bool) -> list[str]:
    clipped = layer.histogram.clipped if layer.histogram is not None else 0.0
    return [
        f"{layer.title}\n{layer.line}" if layer.line else layer.title,
        decibels(layer.weights),
        decibels(layer.local.sqnr),
        decibels(layer.accumulated.sqnr),
        *([decibels(layer.integer.sqnr) if layer.integer is not None else ""] if has_integers else []),
        f"{layer.accumulated.cosine:.4f}",
        f"{100 * clipped:.2g} %" if clipped else "",
        sparkline(layer.histogram),
    ]


def sparkline(histogram: Histogram | None) -> str:
    """`▁▃█▅ `: the square roots of counts, so that rare values are seen."""
    if histogram is None:
        return ""
    size = max(1, len(histogram.counts) // _COLUMNS)
    counts = [sum(histogram.counts[i : i + size]) for i in range(0, len(histogram.counts), size)]
    most = max(counts) or 1
    return "".join(_BARS[-(-int((len(_BARS) - 1) * 1000 * (count / most) ** 0.5) // 1000)] for count in counts)
