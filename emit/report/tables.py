"""Tables and bars of a report's page, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

COLORS = 5
"""`--c0` and so on of the style; what is left takes the last."""


@dataclass(frozen=True)
class Number:
    """A cell that is aligned and sorted as a number, with a bar for its share of the largest in its column."""

    value: int | float | None
    text: str | None = None
    is_bar: bool = False

    def __str__(self) -> str:
        if self.text is not None:
            return self.text
        return "" if self.value is None else f"{self.value:,}"


@dataclass(frozen=True)
class Name:
    """A cell with a name from the program."""

    text: str


@dataclass(frozen=True)
class Drawing:
    """A cell with a picture, as SVG."""

    svg: str


Cell = str | Number | Name | Drawing
Row = Sequence[Cell]


def table(kind: str, columns: Sequence[str], rows: Iterable[Row], total: Row = ()) -> str:
    """A table that a click on a column's head sorts; `kind` is a class of it, `total` a last row that stays last."""
    listed = list(rows)
    numeric = {i for row in listed for i, cell in enumerate(row) if isinstance(cell, Number)}
    most = {i: max((c.value or 0 for r in listed if isinstance(c := r[i], Number)), default=0) for i in numeric}
    heads = (f'<th{_number(i in numeric)} scope="col">{escape(name)}</th>' for i, name in enumerate(columns))
    foot = [f"<tfoot>{_row(total, {})}</tfoot>"] if total else []
    return "\n".join(
        [
            f'<div class="wide"><table class="sortable {kind}">',
            f"<thead><tr>{''.join(heads)}</tr></thead>",
            "<tbody>",
            *(_row(row, most) for row in listed),
            "</tbody>",
            *foot,
            "</table></div>",
        ]
    )


def _row(row: Row, most: Mapping[int, int | float]) -> str:
    return f"<tr>{''.join(_cell(cell, most.get(i, 0)) for i, cell in enumerate(row))}</tr>"


def _cell(cell: Cell, most: int | float) -> str:
    match cell:
        case Number(value, _, is_bar):
            share = 100 * value / most if is_bar and value and most else 0
            bar = (" bar", f' style="--share:{share:.1f}%"') if share else ("", "")
            key = -1 if value is None else value
            return f'<td class="number{bar[0]}"{bar[1]} data-value="{key}">{escape(str(cell))}</td>'
        case Name(text):
            return f'<td class="name">{escape(text)}</td>'
        case Drawing(svg):
            return f"<td>{svg}</td>"
        case _:
            return f"<td>{escape(cell)}</td>"


def _number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def bytes_text(count: int | None) -> str:
    """`1,536 B`, and nothing for what is not known."""
    return "" if count is None else f"{count:,} B"


def shares(parts: Mapping[str, int]) -> str:
    """Parts of a whole as one bar, with a legend of bytes."""
    named = {name: size for name, size in parts.items() if size}
    total = sum(named.values())
    spans: list[str] = []
    legend: list[str] = []
    for rank, (name, size) in enumerate(named.items()):
        color = f"background:var(--c{min(rank, COLORS - 1)})"
        title = escape(f"{name}: {bytes_text(size)}, {100 * size / total:.1f} %")
        spans.append(f'<span style="width:{100 * size / total:.2f}%;{color}" title="{title}"></span>')
        legend.append(f'<li><i style="{color}"></i>{escape(name)} {bytes_text(size)}</li>')
    return f'<div class="shares">{"".join(spans)}</div><ul class="legend">{"".join(legend)}</ul>'
