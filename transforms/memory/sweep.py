"""Placement of blocks in the order of time, in the tightest gap, as a heap takes and gives back memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import accumulate
from typing import TypeAlias

from etc.transforms.memory.buffers import Block, live_changes

Order: TypeAlias = Callable[[Block], tuple[int, ...]]

SWEEPS: dict[str, Order] = {
    "sweep-interval": lambda block: (block.first_use - block.last_use, -block.size),
    "sweep-size": lambda block: (-block.size, block.first_use - block.last_use),
}
"""Which of the blocks that come live in one step is placed first; those live at the peak likewise."""

_END = 1 << 62  # the address at which the last gap ends


def sweep(blocks: Sequence[Block], order: Order) -> list[int]:
    """Offsets of blocks none of which is fixed.

    Stacks the blocks that are live in the step of most live bytes, then places the later ones from there forwards and
    the earlier ones backwards. The two halves are apart in time, so they cannot collide with each other.
    """
    peak = _peak_step(blocks)
    offsets = [0] * len(blocks)
    at_peak: list[int] = []
    after: list[tuple[int, int, int]] = []
    before: list[tuple[int, int, int]] = []
    for i in sorted(range(len(blocks)), key=lambda i: order(blocks[i])):
        block = blocks[i]
        if block.first_use > peak:
            after.append((block.first_use, block.last_use, i))
        elif block.last_use < peak:
            before.append((-block.last_use, -block.first_use, i))
        else:
            at_peak.append(i)
    # Falling alignment: sizes are multiples of alignments, so the stack has no padding.
    at_peak.sort(key=lambda i: -blocks[i].alignment)
    ends = list(accumulate(blocks[i].size for i in at_peak))
    for i, end in zip(at_peak, ends, strict=True):
        offsets[i] = end - blocks[i].size

    top = ends[-1] if ends else 0
    # Sorting by step alone keeps the order above within one step.
    after.sort(key=lambda arrival: arrival[0])
    _walk(blocks, offsets, top, [(blocks[i].last_use, i) for i in at_peak], after)
    before.sort(key=lambda arrival: arrival[0])
    _walk(blocks, offsets, top, [(-blocks[i].first_use, i) for i in at_peak], before)
    return offsets


def _peak_step(blocks: Sequence[Block]) -> int:
    change = live_changes(blocks)
    steps = sorted(change)
    live = list(accumulate(change[step] for step in steps))
    return steps[live.index(max(live))] if live else 0


def _walk(
    blocks: Sequence[Block],
    offsets: list[int],
    top: int,
    live: list[tuple[int, int]],
    arrivals: Iterable[tuple[int, int, int]],
) -> None:
    """Place `arrivals`, (from step, to step, block) by rising step, among the blocks in `live`, (to step, block), which
    fill the bytes below `top`."""
    heapify(live)
    lows, highs = [top], [_END]  # the gaps: where they start and end, by rising address; no two touch
    for start, stop, i in arrivals:
        while live and live[0][0] < start:
            gone = heappop(live)[1]
            _give_back(lows, highs, offsets[gone], offsets[gone] + blocks[gone].size)
        size, alignment = blocks[i].size, blocks[i].alignment
        chosen, tightest = -1, _END + 1
        for g, (low, high) in enumerate(zip(lows, highs, strict=True)):
            gap = high + (-low // alignment) * alignment
            if size <= gap < tightest:
                chosen, tightest = g, gap
        offsets[i] = at = highs[chosen] - tightest
        _take(lows, highs, chosen, at, at + size)
        heappush(live, (stop, i))


def _take(lows: list[int], highs: list[int], gap: int, start: int, end: int) -> None:
    """Cut the bytes from `start` to `end` out of a gap, which may leave a gap on either side."""
    low, high = lows[gap], highs[gap]
    lows[gap : gap + 1] = [*([low] if low < start else []), *([end] if end < high else [])]
    highs[gap : gap + 1] = [*([start] if low < start else []), *([high] if end < high else [])]


def _give_back(lows: list[int], highs: list[int], start: int, end: int) -> None:
    """Make the bytes from `start` to `end` a gap, joined with the gaps that it touches."""
    g = bisect_left(lows, start)
    joins_next = lows[g] == end  # there is a next gap, as the last one is endless
    joins_last = g > 0 and highs[g - 1] == start
    if joins_last and joins_next:
        highs[g - 1] = highs.pop(g)
        del lows[g]
    elif joins_last:
        highs[g - 1] = end
    elif joins_next:
        lows[g] = start
    else:
        lows.insert(g, start)
        highs.insert(g, end)
