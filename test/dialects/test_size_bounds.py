"""Bounds of size expressions hold for all sizes, and are tight where planning needs them to be."""

from __future__ import annotations

import itertools
import random

import pytest

from etc.dialects import symbolic
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import UNBOUNDED, Dim, Range, evaluate, parse, solve

RANGES = {"a": Range(2, 16), "b": Range(1, 5)}


def values(size: Dim) -> list[int]:
    """What `size` is for all sizes in the ranges."""
    spans = [range(r.low, r.high + 1) for r in RANGES.values()]
    return [evaluate(size, dict(zip(RANGES, point, strict=True))) for point in itertools.product(*spans)]


@pytest.mark.parametrize(
    "text",
    [
        "a*b + 3",
        "a - floordiv(a, 2)",
        "floordiv(a, 2)*2 - a",
        "floordiv(a - 1, 2)*2 - a",
        "floordiv(a + 1, 2) - floordiv(a, 2)",
        "max(a, 4) - a",
        "a - min(a, 4)",
        "max(0, a - 5)",
        "min(a, b) - a",
        "max(a, b) + min(a, b)",
        "floordiv(a + 2, 3)*3",
    ],
)
def test_bounds_are_the_extreme_values(text: str) -> None:
    size = parse(text)
    assert bounds(size, RANGES).high == max(values(size))


def random_size(source: random.Random, depth: int) -> Dim:
    if depth == 0:
        return source.choice([symbolic.symbol("a"), symbolic.symbol("b"), source.randint(-3, 6)])
    x, y = random_size(source, depth - 1), random_size(source, depth - 1)
    match source.choice("+-*/%<>"):
        case "+":
            return x + y
        case "-":
            return x - y
        case "*":
            return x * y
        case "/":
            return symbolic.floordiv(x, source.randint(1, 4))
        case "%":
            return symbolic.mod(x, source.randint(1, 4))
        case "<":
            return symbolic.minimum(x, y)
        case _:
            return symbolic.maximum(x, y)


@pytest.mark.parametrize("seed", range(40))
def test_bounds_hold_for_all_sizes(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(10):
        size = random_size(source, source.randint(1, 3))
        found, all_values = bounds(size, RANGES), values(size)
        assert found.low <= min(all_values), str(size)
        assert found.high >= max(all_values), str(size)


@pytest.mark.parametrize("text", ["a", "a - 1", "floordiv(a, 2)", "a*3 - 7", "a - floordiv(a, 2)", "max(a, 4)"])
def test_without_a_bound_there_is_none(text: str) -> None:
    assert bounds(parse(text), {"a": Range(2)}).high == UNBOUNDED


@pytest.mark.parametrize("text", ["min(a, 4)", "mod(a, 4)", "floordiv(a, 2)*2 - a"])
def test_bounded_whatever_the_symbol_is(text: str) -> None:
    assert bounds(parse(text), {"a": Range(2)}).high <= 4


@pytest.mark.parametrize("text", ["a", "a*2", "a*3 + 1", "a - 1", "5 - a", "a*2 + b*b", "a*4 + mod(b, 3)"])
def test_a_size_tells_its_symbol(text: str) -> None:
    size = parse(text)
    for a, b in itertools.product(range(2, 8), range(1, 4)):
        point = {"a": a, "b": b}
        solved = solve(size, evaluate(size, point), "a")
        assert solved is not None
        assert evaluate(solved, {"b": b}) == a


@pytest.mark.parametrize("text", ["a*b", "a*a", "floordiv(a, 2)", "a + mod(a, 3)", "7"])
def test_a_size_that_tells_no_symbol(text: str) -> None:
    assert solve(parse(text), 12, "a") is None
