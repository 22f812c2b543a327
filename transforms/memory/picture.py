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
MOST_CULPRITS = 3
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
    name: str = ""
    """of the pool that it is, if it has one"""

    @property
    def steps(self) -> int:
        """Steps from zero to the last one with a live storage."""
        return max((row.last_use for row in self.rows), default=0) + 1

    @property
    def title(self) -> str:
        """The figures in one line."""
        ratio = self.arena_size / self.lower_bound if self.lower_bound else 1.0
        name = self.name or f"memory {self.space}"
        return (
            f"{name}: {self.arena_size:,} bytes planned, lower bound {self.lower_bound:,} ({ratio:.4f}x), "
            f"{len(self.rows)} storages, peak at step {self.peak_step}"
        )

    def live_bytes(self, step: int) -> int:
        """Bytes of the storages that are live in a step."""
        return sum(row.end - row.start for row in self.rows if row.first_use <= step <= row.last_use)

    def culprits(self, sources: Mapping[str, str]) -> str:
        """The largest of what is live when most is: `80,000 B at model.py:12; …`."""
        live = [row for row in self.rows if row.first_use <= self.peak_step <= row.last_use][:MOST_CULPRITS]
        return "; ".join(f"{row.end - row.start:,} B at {sources.get(row.name) or row.name}" for row in live)


def memory_maps(buffers: Sequence[Buffer], plan: Plan, pools: Sequence[str] = ()) -> list[MemoryMap]:
    """A map for each memory space of the plan, in the order of their numbers; `pools` are the names of 1 and up."""
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
        name = pools[space - 1] if 0 < space <= len(pools) else ""
        maps.append(MemoryMap(space, plan.arena_sizes[space], plan.lower_bounds[space], peak_step, tuple(rows), name))
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


_STYLE = """
.memory-map { --paper: #fff; --ink: #24292f; --faint: #d0d7de; --bound: #cf222e; font: 11px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) {
  .memory-map { --paper: #0d1117; --ink: #e6edf3; --faint: #30363d; --bound: #ff7b72; }
}
.memory-map .paper { fill: var(--paper); }
.memory-map text { fill: var(--ink); }
.memory-map .storage { stroke: var(--paper); stroke-width: 1; }
.memory-map g text { fill: #24292f; pointer-events: none; }
.memory-map g:hover .storage { stroke: var(--ink); stroke-width: 2; }
.memory-map .axis { stroke: var(--faint); }
.memory-map .step { fill: var(--faint); stroke: var(--paper); }
.memory-map .step:hover { fill: var(--ink); }
.memory-map .peak { stroke: var(--ink); stroke-dasharray: 2 3; }
.memory-map .bound { stroke: var(--bound); stroke-dasharray: 6 3; }
.memory-map text.bound { fill: var(--bound); stroke: none; }
"""


def draw_svg(
    memory: MemoryMap,
    sources: Mapping[str, str] | None = None,
    width: int = 1200,
    height: int = 600,
    steps: Mapping[int, str] | None = None,
) -> str:
    """The map as an SVG document of `width` x `height` pixels, for light and dark backgrounds.

    A rectangle's tooltip describes its storage; below the map, there is one for each step that `steps` tells of.
    """
    sources, steps = sources or {}, steps or {}
    left, right, top, below = 70, 20, 40, 40
    across = (width - left - right) / memory.steps
    up = (height - top - below) / max(memory.arena_size, 1)
    bottom, end = height - below, width - right

    def rectangle(rank: int, row: MapRow) -> str:
        x, y = left + row.first_use * across, bottom - row.end * up
        w, h = (row.last_use + 1 - row.first_use) * across, (row.end - row.start) * up
        # The golden angle keeps the hues of storages of similar size apart.
        fill = f"hsl({(210 + rank * 137.508) % 360:.0f} 55% 70%)"
        label = ""
        if w > 7 * len(row.name) and h > 14:
            label = f'<text x="{x + 4:.2f}" y="{y + 12:.2f}">{escape(row.name)}</text>'
        return (
            f'<g><title>{escape(_describe(row, sources))}</title><rect class="storage" x="{x:.2f}" y="{y:.2f}" '
            f'width="{w:.2f}" height="{h:.2f}" rx="2" fill="{fill}"/>{label}</g>'
        )

    def step(number: int, text: str) -> str:
        return (
            f'<rect class="step" x="{left + number * across:.2f}" y="{bottom + 3}" width="{across:.2f}" height="8">'
            f"<title>{escape(f'step {number}: {text}, {memory.live_bytes(number):,} bytes live')}</title></rect>"
        )

    def level(bytes: int) -> str:
        y = bottom - bytes * up
        return (
            f'<line class="axis" x1="{left - 4}" x2="{end}" y1="{y:.2f}" y2="{y:.2f}"/>'
            f'<text x="{left - 8}" y="{y + 4:.2f}" text-anchor="end">{bytes:,}</text>'
        )

    bound_y, peak_x = bottom - memory.lower_bound * up, left + (memory.peak_step + 0.5) * across
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="memory-map" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<style>{_STYLE}</style>",
            '<rect class="paper" width="100%" height="100%"/>',
            f'<text x="{left}" y="20" font-size="14">{escape(memory.title)}</text>',
            *(level(bytes) for bytes in sorted({0, memory.arena_size // 2, memory.arena_size})),
            *(rectangle(rank, row) for rank, row in enumerate(memory.rows)),
            *(step(number, text) for number, text in sorted(steps.items()) if number < memory.steps),
            f'<line class="peak" x1="{peak_x:.2f}" x2="{peak_x:.2f}" y1="{top}" y2="{bottom}"/>',
            f'<line class="bound" x1="{left}" x2="{end}" y1="{bound_y:.2f}" y2="{bound_y:.2f}"/>',
            f'<text class="bound" x="{end}" y="{bound_y - 4:.2f}" text-anchor="end">lower bound</text>',
            f'<text x="{left}" y="{height - 12}">step 0</text>',
            f'<text x="{end}" y="{height - 12}" text-anchor="end">step {memory.steps - 1}</text>',
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
