"""The memory planner: gives every buffer an offset so that buffers that are live together never overlap.

    Buffer(name, size, live range, …) …  -->  Plan(offsets, arena sizes, lower bounds)

Each memory space is planned alone. Blocks that live throughout are stacked at the bottom; the others are placed by
several strategies, each of which puts a block into the tightest gap that holds it:

* `sweep-…` starts from the step with the most live bytes, stacks what is live there, then walks to the last and to
  the first step, taking and giving back memory as a heap does. Near-linear in the number of blocks.
* `by-…` places the blocks in the order of a key (size, live range, …) among those already placed that are live with
  them, then again and again with the block that ended too high moved forward, a bounded number of times.
* What still ends too high is placed anew together with the blocks around it, which leaves the rest as it is.

The first plan that reaches the lower bound ends the work, else the smallest is taken. All is deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence

from etc.errors import EtcError
from etc.transforms.memory.buffers import Block, Buffer, Plan, lower_bound, round_up, share_storage
from etc.transforms.memory.checker import check_plan
from etc.transforms.memory.ordered import ORDERS, OrderedPlacement, count_collisions
from etc.transforms.memory.sweep import SWEEPS, sweep

BEST = "best"
STRATEGIES = (BEST, *SWEEPS, *ORDERS)

MAX_COLLISIONS = 1_000_000
"""Pairs of blocks live together beyond which only sweeps are tried, for all else takes a step per pair."""


UNPLACED = 1 << 62
"""The height, in bytes, of no placement at all."""


def plan_memory(buffers: Sequence[Buffer], strategy: str = BEST, effort: int = 1) -> Plan:
    """Place all buffers; the plan has passed the overlap checker.

    `strategy` is "best" or the name of the only one to try. `effort` scales the time spent when the lower bound is
    not reached: with 1, about 10 ms for 200 buffers. Raises EtcError for an unknown strategy, for buffers that
    contradict themselves (see `share_storage`), and for fixed offsets at which live buffers overlap.
    """
    if strategy not in STRATEGIES:
        raise EtcError(f"unknown planning strategy {strategy!r}", expected=f"one of {', '.join(STRATEGIES)}")
    spaces: dict[int, list[Block]] = {}
    for block in share_storage(buffers):
        spaces.setdefault(block.memory_space, []).append(block)
    plan = Plan({}, {}, {}, {})
    for space, blocks in sorted(spaces.items()):
        bound = lower_bound(blocks)
        offsets, found_by = _place(blocks, bound, strategy, effort)
        plan.arena_sizes[space] = _height(blocks, offsets)
        plan.lower_bounds[space] = bound
        plan.strategies[space] = found_by
        for at, block in zip(offsets, blocks, strict=True):
            plan.offsets.update((buffers[i].name, at + within) for i, within in block.members)
    check_plan(buffers, plan)
    return plan


def _place(blocks: Sequence[Block], bound: int, strategy: str, effort: int) -> tuple[list[int], str]:
    """Offsets of the blocks of one memory space, and the name of the strategy that found them."""
    start, stop = min(b.first_use for b in blocks), max(b.last_use for b in blocks)
    if any(block.offset is not None for block in blocks):
        permanent: list[int] = []
    else:
        permanent = [i for i, b in enumerate(blocks) if (b.first_use, b.last_use) == (start, stop)]
    # Falling alignment: sizes are multiples of alignments, so the stack has no padding.
    permanent.sort(key=lambda i: -blocks[i].alignment)
    offsets = [block.offset or 0 for block in blocks]
    top = 0
    for i in permanent:
        offsets[i] = top
        top += blocks[i].size

    passing = [i for i in sorted(set(range(len(blocks))) - set(permanent)) if blocks[i].size]
    rest = [blocks[i] for i in passing]
    if not rest:
        return offsets, "stack"
    floor = round_up(top, max(block.alignment for block in rest))
    placed, found_by = _place_passing(rest, bound - floor, strategy, effort)
    for i, at in zip(passing, placed, strict=True):
        offsets[i] = floor + at
    return offsets, found_by


def _place_passing(blocks: Sequence[Block], bound: int, strategy: str, effort: int) -> tuple[list[int], str]:
    """The best offsets found for blocks that do not live throughout, and the name of the strategy that found them."""
    best: list[int] = []
    found_by, height = "", UNPLACED
    if all(block.offset is None for block in blocks):
        for name in SWEEPS:
            if strategy in (name, BEST) and height > bound:
                offsets = sweep(blocks, SWEEPS[name])
                if (size := _height(blocks, offsets)) < height:
                    best, found_by, height = offsets, name, size

    orders = [name for name in ORDERS if strategy in (name, BEST)]
    if not orders and height == UNPLACED:  # a sweep was asked for, which cannot go around fixed offsets
        orders = ["by-size"]
    if not orders or height <= bound:
        return best, found_by
    collisions = count_collisions(blocks)
    if collisions > MAX_COLLISIONS and height < UNPLACED:
        return best, found_by
    ordered = OrderedPlacement(blocks)
    work = effort * (20_000 + 50 * len(blocks) + 20 * collisions) if strategy == BEST else 0
    for name, offsets in ordered.improve(orders, height, bound, work):
        best, found_by, height = offsets, name, _height(blocks, offsets)
    if height > bound and work:
        repaired = ordered.repair(best, bound, work)
        if _height(blocks, repaired) < height:
            best, found_by = repaired, f"{found_by}, repaired"
    return best, found_by


def _height(blocks: Sequence[Block], offsets: Sequence[int]) -> int:
    """Bytes from zero to the highest end of a block."""
    return max(at + block.size for at, block in zip(offsets, blocks, strict=True))
