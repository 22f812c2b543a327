"""Memory in several pools, the fastest first: which buffer lies in which, before each pool is planned.

    plan_pools(buffers, limits=[65536, 2097152])  -->  the buffers with memory_space 1 or 2, and their plan

What is used most per byte goes into the first pool, as long as what is live together fits; what is left goes into the
next one, and the last takes the rest. Where that makes a pool too full, the largest are placed first instead: they may
have one place only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from etc.transforms.memory.buffers import Block, Buffer, Plan, share_storage
from etc.transforms.memory.planner import plan_memory


def plan_pools(buffers: Sequence[Buffer], limits: Sequence[int]) -> tuple[tuple[Buffer, ...], Plan]:
    """Choose a pool for each buffer, of `limits` bytes each, and plan them; pool n is memory space n, from 1.

    Where no choice that is tried fits, the plan is beyond the limit of its last pools: that is for the caller to see.
    """
    blocks = share_storage(buffers)
    accesses = [sum(buffers[i].accesses for i, _ in block.members) for block in blocks]
    orders: tuple[Callable[[int], tuple[float, int]], ...] = (
        lambda i: (-accesses[i] / max(blocks[i].size, 1), blocks[i].size),
        lambda i: (-blocks[i].size, -accesses[i]),
    )
    placed, plan = tuple(buffers), Plan({}, {}, {}, {})
    for order in orders:
        spaces = _choose(buffers, blocks, limits, sorted(range(len(blocks)), key=order))
        placed = tuple(replace(b, memory_space=space) for b, space in zip(buffers, spaces, strict=True))
        plan = plan_memory(placed)
        if all(size <= limits[space - 1] for space, size in plan.arena_sizes.items()):
            break
    return placed, plan


def _choose(buffers: Sequence[Buffer], blocks: Sequence[Block], limits: Sequence[int], order: list[int]) -> list[int]:
    """The pool of each buffer; `order` is that of the blocks, by number."""
    spaces = [len(limits)] * len(buffers)
    left = order
    for space, limit in enumerate(limits[:-1], 1):
        chosen = _fitting(buffers, blocks, limit, left)
        for i in chosen:
            for member, _ in blocks[i].members:
                spaces[member] = space
        left = [i for i in left if i not in chosen]
    return spaces


def _fitting(buffers: Sequence[Buffer], blocks: Sequence[Block], limit: int, order: Sequence[int]) -> list[int]:
    """The blocks, first come first served, that a pool of `limit` bytes can hold and the planner places in it."""
    live = [0] * (max((block.last_use for block in blocks), default=0) + 1)
    chosen: list[int] = []
    for i in order:
        block = blocks[i]
        steps = range(block.first_use, block.last_use + 1)
        if max(live[step] for step in steps) + block.size <= limit:
            chosen.append(i)
            for step in steps:
                live[step] += block.size
    while True:
        plan = plan_memory([replace(buffers[m], memory_space=1) for i in chosen for m, _ in blocks[i].members])
        ends = {i: _start(buffers, blocks[i], plan) + blocks[i].size for i in chosen}
        beyond = [i for i in chosen if ends[i] > limit]
        if not beyond:
            return chosen
        chosen.remove(beyond[-1])


def _start(buffers: Sequence[Buffer], block: Block, plan: Plan) -> int:
    member, within = block.members[0]
    return plan.offsets[buffers[member].name] - within
