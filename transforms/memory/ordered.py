"""Placement of blocks one after another in a given order, among the placed blocks that are live with them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from etc.transforms.memory.buffers import Block

Key: TypeAlias = Callable[[Block, int], tuple[int, ...]]
"""What an order sorts by, from a block and the most bytes live in any step of its range."""

ORDERS: dict[str, Key] = {
    "by-contention": lambda block, load: (-load, -block.size, block.first_use),
    "by-contention-interval": lambda block, load: (-load, block.first_use - block.last_use, -block.size),
    "by-size": lambda block, _: (-block.size, block.first_use - block.last_use, block.first_use),
    "by-area": lambda block, _: (-block.size * (block.last_use - block.first_use + 1), block.first_use),
    "by-interval": lambda block, _: (block.first_use - block.last_use, -block.size, block.first_use),
    "by-first-use": lambda block, _: (block.first_use, -block.size, -block.last_use),
    "by-last-use": lambda block, _: (-block.last_use, -block.size, block.first_use),
}
"""Orders by name, the ones that most often reach the lower bound first; equal keys keep the order of the blocks."""

REACHES = (2, 4, 8, 16)
TURNS = 32
"""How far from a block that ends too high to place blocks anew, in its own live ranges, and how often to try each."""


class OrderedPlacement:
    """Blocks with, for each, the blocks that are live with it. Making one takes a step per pair of those."""

    def __init__(self, blocks: Sequence[Block]):
        self.blocks = blocks
        self.collisions = _collisions(blocks)
        self.loads = _peak_loads(blocks)
        self.starts = sorted((block.first_use, i) for i, block in enumerate(blocks))

    def improve(self, orders: Sequence[str], height: int, bound: int, work: int) -> Iterator[tuple[str, list[int]]]:
        """Placements lower than `height`, each lower than the one before, with the name of the order that led there.

        Every order is tried in turn and given up at the first block that ends too high; that block then moves before
        all it collides with, and the order is tried again. Ends when a placement is no higher than `bound`, or after
        the first try of all orders and about `work` looks at a colliding block.
        """
        current = [(name, self._sort(name)) for name in orders]
        tries = 0
        while height > bound and (work > 0 or tries < len(current)):
            name, order = current[tries % len(current)]
            offsets = [-1] * len(self.blocks)
            blocker, looks = self._place_into(offsets, order, max(bound, height - 1))
            tries, work = tries + 1, work - looks
            if blocker is None:
                yield name, offsets
                height = max(at + block.size for at, block in zip(offsets, self.blocks, strict=True))
                blocker = max(range(len(offsets)), key=lambda i: offsets[i] + self.blocks[i].size)
            self._move_forward(order, blocker)

    def repair(self, offsets: Sequence[int], bound: int, work: int) -> list[int]:
        """A placement made of `offsets` with as many blocks as possible brought below `bound`.

        Each block that ends above it is placed anew together with the blocks that live near it and no longer than a few
        times as long; all others stay where they are. Ends after about `work` looks at a colliding block.
        """
        blocks, placement = self.blocks, list(offsets)
        too_high = [i for i, at in enumerate(placement) if at + blocks[i].size > bound]
        for highest in sorted(too_high, key=lambda i: -placement[i] - blocks[i].size):
            for reach in REACHES:
                if placement[highest] + blocks[highest].size > bound and work > 0:
                    work -= self._place_around(highest, reach, placement, bound)
            if placement[highest] + blocks[highest].size > bound:
                break  # the others are no higher
        return placement

    def _place_around(self, center: int, reach: int, offsets: list[int], limit: int) -> int:
        """Place anew, in `offsets`, a block and those that live within `reach` times its range on either side.

        Changes nothing unless all end below `limit`. Returns the looks taken.
        """
        blocks = self.blocks
        block = blocks[center]
        margin = reach * (block.last_use + 1 - block.first_use)
        first, last = block.first_use - margin, block.last_use + margin
        start, stop = bisect_left(self.starts, (first,)), bisect_left(self.starts, (last + 1,))
        near = (i for _, i in self.starts[start:stop])
        region = [i for i in near if blocks[i].last_use <= last and blocks[i].offset is None]
        before = [offsets[i] for i in region]
        key = ORDERS["by-contention"]
        order = sorted(region, key=lambda i: key(blocks[i], self.loads[i]))
        looks = 0
        for _ in range(TURNS):
            for i in region:
                offsets[i] = -1
            blocker, taken = self._place_into(offsets, order, limit)
            looks += taken
            if blocker is None:
                return looks
            self._move_forward(order, blocker)
        for i, offset in zip(region, before, strict=True):
            offsets[i] = offset
        return looks

    def _sort(self, name: str) -> list[int]:
        """Block indices in the order of `ORDERS[name]`, blocks with a fixed offset before all others."""
        key, blocks, loads = ORDERS[name], self.blocks, self.loads
        return sorted(range(len(blocks)), key=lambda i: (blocks[i].offset is None, key(blocks[i], loads[i])))

    def _place_into(self, offsets: list[int], order: Sequence[int], limit: int) -> tuple[int | None, int]:
        """Set the offsets of the blocks in `order`, among those whose offset is not -1.

        Gives up at the first block that ends above `limit`, and returns it; also the looks taken.
        """
        blocks, collisions = self.blocks, self.collisions
        looks = 0
        for i in order:
            block = blocks[i]
            looks += len(collisions[i]) + 1
            offsets[i] = at = self._tightest_gap(i, offsets) if block.offset is None else block.offset
            if at + block.size > limit:
                return i, looks
        return None, looks

    def _tightest_gap(self, i: int, offsets: Sequence[int]) -> int:
        """Where block `i` fits with the fewest bytes to spare among the placed blocks, else on top of them all."""
        blocks = self.blocks
        size, alignment = blocks[i].size, blocks[i].alignment
        top, chosen, tightest = 0, -1, 0
        for start, end in sorted([(at, at + blocks[j].size) for j in self.collisions[i] if (at := offsets[j]) >= 0]):
            gap = start - top
            if gap >= size and (chosen < 0 or gap < tightest):
                chosen, tightest = top, gap
            if end > top:
                top = -(-end // alignment) * alignment
        return top if chosen < 0 else chosen

    def _move_forward(self, order: list[int], i: int) -> None:
        """Move block `i` before all that it collides with, but not before blocks with a fixed offset."""
        movable = {j for j in self.collisions[i] if self.blocks[j].offset is None}
        at = order.index(i)
        front = next((p for p in range(at) if order[p] in movable), at)
        order.insert(front, order.pop(at))


def count_collisions(blocks: Sequence[Block]) -> int:
    """How many pairs of blocks are live together, without listing them."""
    firsts = sorted(block.first_use for block in blocks)
    lasts = sorted(block.last_use for block in blocks)
    # Blocks that start no later than this one ends, less those that ended before this one started; self taken off.
    live_with = (bisect_right(firsts, b.last_use) - bisect_left(lasts, b.first_use) - 1 for b in blocks)
    return sum(live_with) // 2


def _collisions(blocks: Sequence[Block]) -> list[list[int]]:
    """For each block the blocks that are live with it."""
    collisions: list[list[int]] = [[] for _ in blocks]
    live: list[int] = []
    for i in sorted(range(len(blocks)), key=lambda i: blocks[i].first_use):
        first = blocks[i].first_use
        live = [j for j in live if blocks[j].last_use >= first]
        for j in live:
            collisions[j].append(i)
        collisions[i].extend(live)
        live.append(i)
    return collisions


def _peak_loads(blocks: Sequence[Block]) -> list[int]:
    """For each block the most bytes that are live in any step of its range."""
    steps = sorted({block.first_use for block in blocks})
    change = [0] * (len(steps) + 1)
    ranges: list[tuple[int, int]] = []
    for block in blocks:
        start, stop = bisect_left(steps, block.first_use), bisect_right(steps, block.last_use)
        change[start] += block.size
        change[stop] -= block.size
        ranges.append((start, stop))
    # level k of the table holds the most live bytes of the 2**k steps from each step on
    table = [list(accumulate(change[:-1]))]
    while (width := 1 << len(table)) <= len(steps):
        below = table[-1]
        table.append(list(map(max, below, below[width // 2 :])))
    loads: list[int] = []
    for start, stop in ranges:
        level = (stop - start).bit_length() - 1
        loads.append(max(table[level][start], table[level][stop - (1 << level)]))
    return loads
