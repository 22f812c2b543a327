"""sink-permutes preserves what is computed."""

from __future__ import annotations

from itertools import permutations

import pytest
from edge_graph import Graph, preserved
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.transforms.sink_permutes import SinkPermutesPass

ORDERS = list(permutations(range(3)))


@pytest.mark.parametrize("first", ORDERS, ids=str)
@pytest.mark.parametrize("second", ORDERS, ids=str)
def test_through_elementwise_operations(first: tuple[int, ...], second: tuple[int, ...]):
    def build(g: Graph) -> SSAValue:
        shape = (2, 3, 4)
        x, y = (g(edge.PermuteCopyOp, g.input(*shape), first) for _ in range(2))
        permuted = [shape[d] for d in first]
        z = g(edge.AddOp, g(edge.SigmoidOp, x), y, alpha=2)
        z = g(edge.MulOp, g.weight(*permuted[1:]), z)
        z = g(edge.ClampTensorOp, z, g.number(-1.0), g.weight(permuted[0], 1, 1))
        return g(edge.PermuteCopyOp, z, second)

    counts = preserved(build, SinkPermutesPass())
    activations = counts["permute_copy"] - 2  # those of the two constants fold, or are views
    assert activations <= 1
    if [first[d] for d in second] == [0, 1, 2]:
        assert activations <= 0


@pytest.mark.parametrize("shape", [(1, 3, 4), (2, 1, 4), (2, 3, 1), (1, 1, 5), (1, 1, 1)], ids=str)
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_dimensions_of_size_1(shape: tuple[int, ...], order: tuple[int, ...]):
    moved = [d for d in order if shape[d] != 1]
    counts = preserved(lambda g: g(edge.PermuteCopyOp, g.input(*shape), order), SinkPermutesPass())
    assert counts["permute_copy"] == (0 if moved == sorted(moved) else 1)


def test_casts_and_selections():
    def build(g: Graph) -> SSAValue:
        x = g(edge.PermuteCopyOp, g.input(2, 3), [1, 0])
        y = g(edge.PermuteCopyOp, g.input(2, 3), [1, 0])
        z = g(edge.WhereOp, g(edge.GtOp, y, g.number(0.0)), y, g.number(1.0))
        half = g(edge.ToDimOrderCopyOp, x, dtype=None)
        return g(edge.PermuteCopyOp, g(edge.MulOp, half, z), [1, 0])

    preserved(build, SinkPermutesPass())


def test_a_permute_that_is_used_elsewhere_stays():
    def build(g: Graph) -> list[SSAValue]:
        x = g(edge.PermuteCopyOp, g.input(2, 3), [1, 0])
        return [x, g(edge.PermuteCopyOp, g(edge.ReluOp, x), [1, 0])]

    assert preserved(build, SinkPermutesPass())["permute_copy"] == 2
