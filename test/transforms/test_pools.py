"""Memory in several pools: the busiest bytes lie in the first, none but the last takes more than it has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etc.errors import EtcError
from etc.transforms.memory import Buffer, check_plan, plan_memory, plan_pools
from etc.transforms.plan_arena import parse_pools


@st.composite
def busy_buffers(draw: st.DrawFn) -> list[Buffer]:
    buffers: list[Buffer] = []
    for i in range(draw(st.integers(1, 20))):
        first = draw(st.integers(0, 20))
        last = first + draw(st.integers(0, 6))
        buffer = Buffer(f"b{i}", draw(st.integers(0, 200)), first, last, 16, accesses=draw(st.integers(0, 1000)))
        if buffers and draw(st.integers(0, 4)) == 0:
            buffer = replace(buffer, alias_of=draw(st.sampled_from(buffers)).name)
        buffers.append(buffer)
    return buffers


@settings(deadline=None, max_examples=200)
@given(busy_buffers(), st.lists(st.integers(0, 600), min_size=1, max_size=3))
def test_only_the_last_pool_can_be_too_full(buffers: list[Buffer], limits: list[int]) -> None:
    placed, plan = plan_pools(buffers, limits)
    check_plan(placed, plan)
    assert [replace(b, memory_space=1) for b in placed] == buffers
    for space, size in plan.arena_sizes.items():
        assert size <= limits[space - 1] or space == len(limits)
    assert (placed, plan) == plan_pools(buffers, limits)


@settings(deadline=None, max_examples=100)
@given(busy_buffers())
def test_what_fits_into_the_first_pool_lies_there(buffers: list[Buffer]) -> None:
    alone = plan_memory(buffers)
    placed, plan = plan_pools(buffers, [alone.planned_bytes, 1 << 20])
    everything = alone.planned_bytes == alone.bound_bytes  # else another order of buffers may find no room
    assert plan == alone or not everything or {b.memory_space for b in placed} == {1, 2}


def spaces(buffers: list[Buffer], *limits: int) -> dict[str, int]:
    return {buffer.name: buffer.memory_space for buffer in plan_pools(buffers, limits)[0]}


def test_the_busiest_bytes_come_first() -> None:
    buffers = [
        Buffer("large", 960, 0, 3, accesses=9000),
        Buffer("busy", 64, 0, 3, accesses=6400),
        Buffer("idle", 64, 0, 3, accesses=1),
        Buffer("later", 64, 4, 5, accesses=1),
    ]
    assert spaces(buffers, 64, 2048) == {"large": 2, "busy": 1, "idle": 2, "later": 1}
    assert spaces(buffers, 64, 64, 2048) == {"large": 3, "busy": 1, "idle": 2, "later": 1}


def test_what_has_one_place_only_goes_there() -> None:
    """By use alone, the busy one would lie where the large one must."""
    buffers = [Buffer("busy", 128, 0, 1, accesses=10_000), Buffer("large", 512, 0, 1, accesses=1)]
    assert spaces(buffers, 600, 128) == {"busy": 2, "large": 1}


def test_a_pool_that_the_planner_cannot_fill_is_left_by_the_least_busy() -> None:
    """Never more than 48 bytes are live at once, but a plan takes 64."""
    times = [(0, 1, 32), (1, 2, 16), (2, 4, 32), (4, 5, 16), (0, 0, 16), (3, 3, 16), (5, 6, 32), (6, 6, 16)]
    buffers = [Buffer(f"b{i}", size, first, last, accesses=8 - i) for i, (first, last, size) in enumerate(times)]
    for limit in (16, 32, 48, 64):
        placed, plan = plan_pools(buffers, [limit, 4096])
        assert plan.arena_sizes.get(1, 0) <= limit
        check_plan(placed, plan)


@pytest.mark.parametrize("text", ["sram", "sram=", "sram=64K", "=64", "s ram=64", "sram:64"])
def test_text_that_describes_no_pool(text: str) -> None:
    with pytest.raises(EtcError, match="this describes no pool of memory"):
        parse_pools([text])


def test_a_pool_given_twice() -> None:
    with pytest.raises(EtcError, match="the pool a is given twice"):
        parse_pools(["a=1", "b=2", "a=3"])
