"""Pictures of a memory plan: time runs to the right, addresses run upwards, each storage is a rectangle.

memory 1: 9633792 bytes planned, lower bound 9633792 (1.0000), 51 storages, peak at step 3
9633792 ┤  ▒▒▒▒
        │  ▒▒▒▒AAAA
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase

from etc.transforms.memory.buffers import Buffer, Plan, live_changes, share_storage

LEGEND = len(ascii_uppercase)
OTHER = "▒"
FREE = "·"


@dataclass(frozen=True)
class MapRow:
    """One storage of a memory space: bytes `start` to `end`, live from step `first_use` to `last_use`.

    `name` is its first buffer's, `aliases` how many more buffers lie in it.
    """

    name: str
    aliases: int
    start: int
    end: int
    first_use: int
    last_use: int


@dataclass(frozen=True)
class MemoryMap:
    """What there is to draw of one memory space, biggest storages first."""

    space: int
    arena_size: int
    lower_bound: int
    peak_step: int
    rows: tuple[MapRow, ...]

    @property
    def steps(self) -> int:
        """Steps from zero to the last one with a live storage."""
        return max((row.last_use for row in self.rows), default=0) + 1

    @property
    def title(self) -> str:
        """The figures in one line."""
        ratio = self.arena_size / self.lower_bound if self.lower_bound else 1.0
        return (
            f"memory {self.space}: {self.arena_size:,} bytes planned, lower bound {self.lower_bound:,} ({ratio:.4f}x), "
            f"{len(self.rows)} storages, peak at step {self.peak_step}"
        )


def memory_maps(buffers: Sequence[Buffer], plan: Plan) -> list[MemoryMap]:
    """A map for each memory space of the plan, in the order of their numbers."""
    blocks = share_storage(buffers)
    maps: list[MemoryMap] = []
    for space in sorted(plan.arena_sizes):
        own = [block for block in blocks if block.memory_space == space and block.size]
        rows: list[MapRow] = []
        for block in own:
            i, within = block.members[0]
            start = plan.offsets[buffers[i].name] - within
            end = start + block.size
            rows.append(MapRow(buffers[i].name, len(block.members) - 1, start, end, block.first_use, block.last_use))
        rows.sort(key=lambda row: (row.start - row.end, row.first_use, row.start))
        live, peak, peak_step = 0, 0, 0
        for step, change in sorted(live_changes(own).items()):
            live += change
            if live > peak:
                peak, peak_step = live, step
        maps.append(MemoryMap(space, plan.arena_sizes[space], plan.lower_bounds[space], peak_step, tuple(rows)))
    return maps


def draw_text(memory: MemoryMap, sources: Mapping[str, str] | None = None, columns: int = 100, rows: int = 24) -> str:
    """The map for a terminal of `columns` characters, with `rows` address ranges.

    A cell shows the biggest storage that touches it. The biggest of all have letters and a line in the legend, with
    `sources`, the place in the model that a name comes from. `▼` is over the peak, `bound` beside the lower bound.
    """
    sources = sources or {}
    gutter = max(len(f"{memory.arena_size:,}"), len("bound")) + 1
    width = max(min(columns - gutter - 2, memory.steps), 1)
    height = max(min(rows, memory.arena_size), 1)
    cells = [[FREE] * width for _ in range(height)]
    # Small storages first, so that the lettered ones stay visible where a cell holds several.
    for rank, row in reversed(list(enumerate(memory.rows))):
        letter = ascii_uppercase[rank] if rank < LEGEND else OTHER
        left, right = _cells(row.first_use, row.last_use + 1, memory.steps, width)
        low, high = _cells(row.start, row.end, memory.arena_size, height)
        for line in cells[low:high]:
            line[left:right] = letter * (right - left)
    bound_line = _cells(memory.lower_bound - 1, memory.lower_bound, memory.arena_size, height)[0]
    peak_column = _cells(memory.peak_step, memory.peak_step + 1, memory.steps, width)[0]

    lines = [memory.title, " " * (gutter + 2 + peak_column) + "▼"]
    for line in reversed(range(height)):
        # The first line stands for the end of the arena and the last one for address zero.
        labels = {bound_line: "bound", 0: "0", height - 1: f"{memory.arena_size:,}"}
        tick = "┤" if line in labels else "│"
        lines.append(f"{labels.get(line, ''):>{gutter}} {tick}{''.join(cells[line])}")
    lines.append(f"{'step':>{gutter}} └0{memory.steps - 1:─>{max(width - 1, 1)}}")
    for letter, row in zip(ascii_uppercase, memory.rows, strict=False):
        lines.append(f"  {letter}  {_describe(row, sources)}")
    if len(memory.rows) > LEGEND:
        rest = memory.rows[LEGEND:]
        lines.append(f"  {OTHER}  {len(rest)} more, of at most {rest[0].end - rest[0].start:,} bytes each")
    return "\n".join(lines) + "\n"


def draw_svg(memory: MemoryMap, sources: Mapping[str, str] | None = None, width: int = 1200, height: int = 600) -> str:
    """The map as an SVG document of `width` x `height` pixels; a rectangle's tooltip describes its storage."""
    sources = sources or {}
    margin = 40
    across = (width - 2 * margin) / memory.steps
    up = (height - 2 * margin) / max(memory.arena_size, 1)
    bottom = height - margin

    def rectangle(rank: int, row: MapRow) -> str:
        x, y = margin + row.first_use * across, bottom - row.end * up
        w, h = (row.last_use + 1 - row.first_use) * across, (row.end - row.start) * up
        # The golden angle keeps the hues of storages of similar size apart.
        fill = f"hsl({rank * 137.508 % 360:.0f} 60% 65%)"
        label = ""
        if w > 6 * len(row.name) and h > 12:
            label = f'<text x="{x + 3:.2f}" y="{y + 11:.2f}">{escape(row.name)}</text>'
        return (
            f'<g><title>{escape(_describe(row, sources))}</title><rect x="{x:.2f}" y="{y:.2f}" width="{w:.2f}" '
            f'height="{h:.2f}" fill="{fill}" stroke="#333" stroke-width="0.5"/>{label}</g>'
        )

    bound_y, peak_x = bottom - memory.lower_bound * up, margin + (memory.peak_step + 0.5) * across
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="10">',
            '<rect width="100%" height="100%" fill="white"/>',
            f'<text x="{margin}" y="20" font-size="14">{escape(memory.title)}</text>',
            *(rectangle(rank, row) for rank, row in enumerate(memory.rows)),
            f'<line x1="{peak_x:.2f}" x2="{peak_x:.2f}" y1="{margin}" y2="{bottom}" stroke="black" '
            'stroke-dasharray="2 3"/>',
            f'<line x1="{margin}" x2="{width - margin}" y1="{bound_y:.2f}" y2="{bound_y:.2f}" stroke="red" '
            'stroke-dasharray="6 3"/>',
            f'<text x="{width - margin}" y="{bound_y - 4:.2f}" text-anchor="end" fill="red">lower bound</text>',
            f'<text x="{margin}" y="{height - 20}">step 0</text>',
            f'<text x="{width - margin}" y="{height - 20}" text-anchor="end">step {memory.steps - 1}</text>',
            "</svg>\n",
        ]
    )


def _cells(start: int, end: int, total: int, count: int) -> tuple[int, int]:
    """The range of `count` cells over 0 to `total` that `start` to `end` fills: at least one."""
    first = min(start * count // max(total, 1), count - 1)
    return first, max(end * count // max(total, 1), first + 1)


def _describe(row: MapRow, sources: Mapping[str, str]) -> str:
    aliases = f" and {row.aliases} alias{'es' if row.aliases > 1 else ''}" if row.aliases else ""
    source = f", {sources[row.name]}" if sources.get(row.name) else ""
    return (
        f"{row.name}{aliases}: {row.end - row.start:,} bytes at {row.start:,}, "
        f"steps {row.first_use} to {row.last_use}{source}"
    )
