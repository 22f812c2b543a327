"""fold-batch-norm preserves what is computed, over kinds of convolutions, dtypes and constants."""

from __future__ import annotations

from itertools import product

import pytest
from edge_graph import Graph, preserved
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.transforms.cse import CommonSubexpressionEliminationPass
from etc.transforms.fold_batch_norm import FoldBatchNormPass
from etc.transforms.fold_constants import FoldConstantsPass


def batch_norm(graph: Graph, x: SSAValue, channels: int, affine: bool = True, dtype: str = "float32") -> SSAValue:
    weights = [graph.weight(channels, dtype=dtype) for _ in range(2)] if affine else [None, None]
    mean, variance = graph.weight(channels, dtype=dtype), graph.weight(channels, dtype=dtype, positive=True)
    return graph(edge.BatchNormOp, x, *weights, mean, variance, 0.1, 1e-3)


def conv(graph: Graph, rank: int, groups: int, transposed: bool, bias: bool, dtype: str = "float32") -> SSAValue:
    inputs, outputs, kernel = 4, 6, 3
    per_group = (inputs, outputs // groups) if transposed else (outputs, inputs // groups)
    x = graph.input(2, inputs, *[7] * rank, dtype=dtype)
    weight = graph.weight(*per_group, *[kernel] * rank, dtype=dtype)
    extra = [0] * rank
    return graph(
        edge.ConvOp,
        x,
        weight,
        graph.weight(outputs, dtype=dtype) if bias else None,
        [2] * rank,
        [1] * rank,
        [1] * rank,
        transposed,
        extra,
        groups,
    )


@pytest.mark.parametrize(
    ("rank", "groups", "transposed", "bias"), list(product((1, 2, 3), (1, 2), (False, True), (False, True)))
)
def test_convolutions(rank: int, groups: int, transposed: bool, bias: bool):
    counts = preserved(
        lambda g: batch_norm(g, conv(g, rank, groups, transposed, bias), 6, affine=bias), FoldBatchNormPass()
    )
    assert counts == {"conv": 1}


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-7), ("float16", 2e-3), ("bfloat16", 2e-2)])
def test_dtypes(dtype: str, tolerance: float):
    counts = preserved(
        lambda g: batch_norm(g, conv(g, 2, 1, False, True, dtype), 6, dtype=dtype),
        FoldBatchNormPass(),
        tolerance=tolerance,
    )
    assert counts == {"conv": 1}


def test_linear():
    def build(g: Graph) -> SSAValue:
        product = g(edge.LinearOp, g.input(5, 3), g.weight(4, 3), g.weight(4))
        return g(edge.DivOp, batch_norm(g, product, 4), g.weight(4))

    assert preserved(build, FoldBatchNormPass()) == {"linear": 1}


def test_channels_of_a_sequence_are_not_the_features_of_linear():
    def build(g: Graph) -> SSAValue:
        return batch_norm(g, g(edge.LinearOp, g.input(2, 4, 4), g.weight(4, 4)), 4)

    assert preserved(build, FoldBatchNormPass()) == {"linear": 1, "mul": 1, "add": 1}


@pytest.mark.parametrize("shape", [(2, 6), (2, 6, 3), (2, 6, 3, 4), (2, 6, 2, 3, 2)], ids=str)
def test_without_weights_before(shape: tuple[int, ...]):
    assert preserved(lambda g: batch_norm(g, g.input(*shape), 6), FoldBatchNormPass()) == {"mul": 1, "add": 1}


def test_a_large_weight_shared_by_two_convolutions_is_not_stored_twice():
    def build(g: Graph) -> list[SSAValue]:
        weight = g.weight(128, 128, 3)
        arguments = ([1], [1], [1], False, [0], 1)
        convs = [g(edge.ConvOp, g.input(1, 128, 4), weight, None, *arguments) for _ in range(2)]
        return [batch_norm(g, c, 128) for c in convs]

    counts = preserved(build, CommonSubexpressionEliminationPass(), FoldBatchNormPass())
    assert counts == {"conv": 2, "mul": 2, "add": 2}


@pytest.mark.parametrize("cls", [edge.MulOp, edge.DivOp, edge.AddOp, edge.SubOp])
@pytest.mark.parametrize("shape", [(), (1,), (6, 1, 1), (1, 6, 1, 1)], ids=str)
def test_constants(cls: type[edge.MulOp], shape: tuple[int, ...]):
    def build(g: Graph) -> SSAValue:
        return g(cls, conv(g, 2, 1, False, True), g.weight(*shape, positive=True))

    assert preserved(build, FoldBatchNormPass()) == {"conv": 1}


def test_a_variance_of_zero():
    """A channel that was always the same in training: only eps keeps the scale finite."""

    def build(g: Graph) -> SSAValue:
        zeros = g(edge.MulOp, g.weight(6), g.number(0.0))
        return g(edge.BatchNormOp, conv(g, 2, 1, False, True), None, None, zeros, zeros, 0.1, 1e-5)

    assert preserved(build, FoldConstantsPass(), FoldBatchNormPass()) == {"conv": 1}
