"""The memory planner: every plan is free of overlap and near the lower bound, and wrong plans are found."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_nets import NETS, unrolled_lstm

from etc.errors import EtcError
from etc.transforms.memory import STRATEGIES, Buffer, Plan, check_plan, plan_memory
from etc.transforms.memory.picture import draw_svg, draw_text, memory_maps


def buffers_overlap(a: Buffer, b: Buffer, plan: Plan) -> bool:
    """By definition, without any of the planner's or the checker's code."""
    at_a, at_b = plan.offsets[a.name], plan.offsets[b.name]
    together = a.memory_space == b.memory_space and a.first_use <= b.last_use and b.first_use <= a.last_use
    return together and at_a < at_b + b.size and at_b < at_a + a.size


@st.composite
def buffer_sets(draw: st.DrawFn) -> list[Buffer]:
    """Up to 30 buffers, of which some are aliases of earlier ones."""
    buffers: list[Buffer] = []
    for i in range(draw(st.integers(1, 30))):
        first = draw(st.integers(0, 20))
        last = first + draw(st.integers(0, 6))
        alignment = draw(st.sampled_from((1, 4, 16)))
        buffer = Buffer(f"b{i}", draw(st.integers(0, 200)), first, last, alignment, draw(st.integers(1, 2)))
        if buffers and draw(st.integers(0, 3)) == 0:
            base = draw(st.sampled_from(buffers))
            offset = 16 * draw(st.integers(0, 3))
            buffer = replace(buffer, memory_space=base.memory_space, alias_of=base.name, alias_offset=offset)
        buffers.append(buffer)
    return buffers


def storage_of(buffer: Buffer, by_name: dict[str, Buffer]) -> str:
    while buffer.alias_of is not None:
        buffer = by_name[buffer.alias_of]
    return buffer.name


@settings(deadline=None, max_examples=200)
@given(buffer_sets(), st.sampled_from(STRATEGIES))
def test_plans_of_random_buffers(buffers: list[Buffer], strategy: str) -> None:
    plan = plan_memory(buffers, strategy)
    by_name = {buffer.name: buffer for buffer in buffers}
    for i, a in enumerate(buffers):
        at = plan.offsets[a.name]
        assert at % a.alignment == 0
        assert 0 <= at <= at + a.size <= plan.arena_sizes[a.memory_space]
        if a.alias_of is not None:
            assert at == plan.offsets[a.alias_of] + a.alias_offset
        for b in buffers[:i]:
            assert storage_of(a, by_name) == storage_of(b, by_name) or not buffers_overlap(a, b, plan)
    for space, size in plan.arena_sizes.items():
        assert size >= plan.lower_bounds[space]
    assert plan == plan_memory(buffers, strategy)


@settings(deadline=None, max_examples=100)
@given(buffer_sets())
def test_lower_bound_is_the_most_live_bytes(buffers: list[Buffer]) -> None:
    """Against a count step by step; no aliases, whose storages live as long as all members together."""
    plain = [replace(buffer, alias_of=None, alias_offset=0) for buffer in buffers]
    for space, bound in plan_memory(plain).lower_bounds.items():
        live = [
            sum(
                -(-b.size // b.alignment) * b.alignment
                for b in plain
                if b.memory_space == space and b.first_use <= t <= b.last_use
            )
            for t in range(30)
        ]
        assert bound == max(live)


@settings(deadline=None, max_examples=200)
@given(buffer_sets(), st.data())
def test_checker_agrees_with_the_definition(buffers: list[Buffer], data: st.DataObject) -> None:
    """Move one buffer anywhere: the checker complains exactly when two live buffers now overlap."""
    plain = [replace(buffer, alias_of=None, alias_offset=0, alignment=1) for buffer in buffers]
    plan = plan_memory(plain)
    moved = data.draw(st.sampled_from(plain))
    room = plan.arena_sizes[moved.memory_space] - moved.size
    plan.offsets[moved.name] = data.draw(st.integers(0, room))
    others = [other for other in plain if other is not moved and moved.size and other.size]
    if any(buffers_overlap(moved, other, plan) for other in others):
        with pytest.raises(EtcError, match=f"'{moved.name}'.* overlap in step"):
            check_plan(plain, plan)
    else:
        check_plan(plain, plan)


def test_checker_names_both_buffers() -> None:
    buffers = [Buffer("conv1", 64, 0, 2), Buffer("relu1", 64, 1, 3)]
    plan = Plan({"conv1": 0, "relu1": 48}, {1: 128}, {1: 128}, {1: "by hand"})
    with pytest.raises(EtcError) as raised:
        check_plan(buffers, plan)
    assert str(raised.value) == (
        "the memory plan is wrong: buffers 'relu1' and 'conv1' overlap in step 1\n"
        "  expected: bytes apart\n"
        "  found: bytes 48 to 112 and bytes 0 to 64\n"
        "  next: unless offsets were fixed by hand, this is a bug of the memory planner: please report it"
    )


@pytest.mark.parametrize(
    ("offsets", "arena", "message"),
    [
        ({"a": 0}, 64, "buffer 'b' has no place"),
        ({"a": 0, "b": 48}, 64, "buffer 'b' does not lie in its arena"),
        ({"a": 40, "b": 0}, 128, "buffer 'a' is not aligned"),
        ({"a": 32, "b": 0}, 128, "buffer 'b' does not lie in the storage it shares"),
    ],
)
def test_checker_finds_wrong_places(offsets: dict[str, int], arena: int, message: str) -> None:
    buffers = [Buffer("a", 32, 0, 1), Buffer("b", 32, 0, 1, alias_of="a")]
    with pytest.raises(EtcError, match=message):
        check_plan(buffers, Plan(offsets, {1: arena}, {1: 32}, {}))


@pytest.mark.parametrize(
    ("buffers", "message"),
    [
        ([Buffer("a", 1, 0, 0), Buffer("a", 1, 0, 0)], "buffer 'a' is given twice to the memory planner"),
        (
            [Buffer("a", 1, 3, 2)],
            "'a' cannot be planned\n  expected: a last use at or after step 3\n  found: step 2",
        ),
        ([Buffer("a", 1, 0, 0, alignment=12)], "expected: an alignment that is a power of two\n  found: 12"),
        ([Buffer("a", -1, 0, 0)], "expected: a size and offsets of at least 0 bytes"),
        ([Buffer("a", 1, 0, 0, alias_of="b")], "buffer 'a' is an alias of 'b', which is not planned"),
        ([Buffer("a", 1, 0, 0, alias_of="b"), Buffer("b", 1, 0, 0, alias_of="a")], "buffer 'a' is an alias of itself"),
        (
            [Buffer("a", 1, 0, 0), Buffer("b", 1, 0, 0, memory_space=2, alias_of="a")],
            "buffers 'a' and 'b' cannot share storage: they differ in memory space\n  expected: 1\n  found: 2",
        ),
        (
            [Buffer("a", 1, 0, 0), Buffer("b", 1, 0, 0, alias_of="a", alias_offset=4)],
            "cannot share storage: they differ in alignment\n  expected: a multiple of 16\n  found: offset 4",
        ),
        (
            [Buffer("a", 32, 0, 0, offset=0), Buffer("b", 32, 0, 0, offset=16)],
            "buffers 'b' and 'a' overlap in step 0",
        ),
    ],
)
def test_contradictions_are_refused(buffers: list[Buffer], message: str) -> None:
    with pytest.raises(EtcError) as raised:
        plan_memory(buffers)
    assert message in str(raised.value)


def test_unknown_strategy() -> None:
    with pytest.raises(EtcError, match="unknown planning strategy 'worst'\n  expected: one of best, sweep-"):
        plan_memory([], "worst")


def test_nothing_to_plan() -> None:
    assert plan_memory([]) == Plan({}, {}, {}, {})


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_fixed_offsets_are_kept(strategy: str) -> None:
    plan = plan_memory([Buffer("a", 64, 0, 5), Buffer("state", 32, 0, 5, offset=64), Buffer("b", 32, 3, 5)], strategy)
    assert plan.offsets["state"] == 64
    assert plan.offsets["a"] == 0
    assert plan.arena_sizes == plan.lower_bounds == {1: 128}


def test_an_in_place_result_takes_over_storage() -> None:
    plan = plan_memory([Buffer("x", 64, 0, 1), Buffer("relu", 64, 1, 2, alias_of="x"), Buffer("y", 64, 2, 3)])
    assert plan.offsets["relu"] == plan.offsets["x"]
    assert plan.arena_sizes == plan.lower_bounds == {1: 128}


@pytest.mark.parametrize("name", NETS)
def test_typical_nets_reach_the_lower_bound(name: str) -> None:
    net = NETS[name]()
    plans = [plan_memory(buffers) for buffers in (net.buffers(), net.buffers_in_place())]
    for plan in plans:
        assert plan.bound_bytes <= plan.planned_bytes <= 1.001 * plan.bound_bytes
    assert plans[1].bound_bytes <= plans[0].bound_bytes


def test_no_single_strategy_would_do() -> None:
    """Each misses the bound on some net by more than 1 %, which is why all are tried."""
    nets = [make().buffers() for make in NETS.values()]
    for strategy in STRATEGIES[1:]:
        plans = [plan_memory(buffers, strategy) for buffers in nets]
        assert max(plan.planned_bytes / plan.bound_bytes for plan in plans) > 1.01, strategy


def test_moving_a_block_forward_reaches_the_bound() -> None:
    """Without a second try, no order places the two-layer LSTM within 0.9 % of its bound."""
    buffers = NETS["two-layer lstm"]().buffers()
    single = [plan_memory(buffers, strategy).planned_bytes for strategy in STRATEGIES[1:]]
    plan = plan_memory(buffers)
    assert min(single) > 1.009 * plan.bound_bytes
    assert plan.planned_bytes == plan.bound_bytes


def random_buffers(count: int, seed: int) -> list[Buffer]:
    random = Random(seed)
    firsts = [random.randrange(count) for _ in range(count)]
    return [Buffer(f"b{i}", random.randrange(1, 5000), t, t + random.randrange(8)) for i, t in enumerate(firsts)]


def best_time(buffers: list[Buffer], runs: int) -> float:
    """Least CPU seconds of a plan, so that other work on the machine does not count."""

    def once() -> float:
        start = time.process_time()
        plan_memory(buffers)
        return time.process_time() - start

    return min(once() for _ in range(runs))


def test_time_is_bounded() -> None:
    """The bound of 200 buffers is 10 ms on the machine it was set on: here with room for a slower one."""
    assert max(best_time(random_buffers(200, seed), 3) for seed in range(10)) < 0.05
    # 6 million pairs of buffers are live together here: no strategy may look at each.
    dense = unrolled_lstm(850, 1).buffers()
    plan = plan_memory(dense)
    assert plan.planned_bytes <= 1.001 * plan.bound_bytes
    assert best_time(dense, 1) < 2


def test_text_picture() -> None:
    buffers = [
        Buffer("conv", 64, 0, 1),
        Buffer("relu", 32, 1, 2),
        Buffer("view", 32, 2, 2, alias_of="relu"),
        Buffer("y", 16, 2, 3),
    ]
    (memory,) = memory_maps(buffers, plan_memory(buffers))
    assert draw_text(memory, {"conv": "model.py:7"}, rows=6) == (
        "memory 1: 96 bytes planned, lower bound 96 (1.0000x), 3 storages, peak at step 1\n"
        "         ▼\n"
        "    96 ┤·BB·\n"
        "       │·BB·\n"
        "       │AA··\n"
        "       │AA··\n"
        "       │AA··\n"
        "     0 ┤AACC\n"
        "  step └0──3\n"
        "  A  conv: 64 bytes at 0, steps 0 to 1, model.py:7\n"
        "  B  relu and 1 alias: 32 bytes at 64, steps 1 to 2\n"
        "  C  y: 16 bytes at 0, steps 2 to 3\n"
    )


@pytest.mark.parametrize("name", NETS)
def test_pictures_of_typical_nets(name: str) -> None:
    buffers = NETS[name]().buffers()
    (memory,) = memory_maps(buffers, plan_memory(buffers))
    text = draw_text(memory, columns=80)
    assert max(map(len, text.splitlines()[1:26])) <= 80
    assert "▼" in text
    svg = ElementTree.fromstring(draw_svg(memory))
    assert len(svg.findall("{*}g")) == len(memory.rows)
    assert draw_svg(memory) == draw_svg(memory_maps(buffers, plan_memory(buffers))[0])


def test_svg_escapes_names() -> None:
    buffers = [Buffer("<a & b>", 64, 0, 1)]
    (memory,) = memory_maps(buffers, plan_memory(buffers))
    (title,) = ElementTree.fromstring(draw_svg(memory, {"<a & b>": "m.py:1"})).findall("{*}g/{*}title")
    assert title.text == "<a & b>: 64 bytes at 0, steps 0 to 1, m.py:1"
