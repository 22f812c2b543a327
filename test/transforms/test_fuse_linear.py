"""fuse-linear preserves what is computed."""

from __future__ import annotations

import pytest
from edge_graph import Graph, preserved
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.transforms.fold_constants import FoldConstantsPass
from etc.transforms.fuse_linear import FuseLinearPass


@pytest.mark.parametrize("bias", [(), (1,), (5,), (1, 5), (3, 1), (3, 5)], ids=str)
@pytest.mark.parametrize(("alpha", "beta"), [(1, 1), (2.5, 1), (1, 0), (0.5, 3)])
@pytest.mark.parametrize("transposed", [False, True])
def test_addmm(bias: tuple[int, ...], alpha: float, beta: float, transposed: bool):
    def build(g: Graph) -> SSAValue:
        weight = g(edge.PermuteCopyOp, g.weight(5, 4), [1, 0]) if transposed else g.weight(4, 5)
        return g(edge.AddmmOp, g.weight(*bias), g.input(3, 4), weight, beta=beta, alpha=alpha)

    counts = preserved(build, FuseLinearPass(), FoldConstantsPass())
    assert not counts.keys() & {"addmm", "permute_copy", "mul"}
    assert counts["linear"] + counts["mm"] == 1
    if bias in ((5,), (1, 5)) and beta:
        assert counts == {"linear": 1}


@pytest.mark.parametrize("leading", [(2,), (2, 3), (1, 2, 3)], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_linear_over_leading_dimensions(leading: tuple[int, ...], dtype: str):
    def build(g: Graph) -> SSAValue:
        x = g.input(*leading, 4, dtype=dtype)
        weight = g(edge.PermuteCopyOp, g.weight(5, 4, dtype=dtype), [1, 0])
        product = g(edge.MmOp, g(edge.ViewCopyOp, x, [-1, 4]), weight)
        return g(edge.AddOp, g(edge.ViewCopyOp, product, [*leading, 5]), g.weight(5, dtype=dtype))

    tolerance = 1e-5 if dtype == "float32" else 1e-2
    assert preserved(build, FuseLinearPass(), tolerance=tolerance) == {"linear": 1}


def test_rows_that_become_columns_are_not_leading_dimensions():
    def build(g: Graph) -> SSAValue:
        weight = g(edge.PermuteCopyOp, g.weight(4, 4), [1, 0])
        product = g(edge.MmOp, g(edge.ViewCopyOp, g.input(2, 8), [4, 4]), weight)
        return g(edge.ViewCopyOp, product, [2, 8])

    assert preserved(build, FuseLinearPass()) == {"view_copy": 2, "linear": 1}


@pytest.mark.parametrize("rows", [1, 2])
def test_one_row_by_transposed_matrices(rows: int):
    def build(g: Graph) -> SSAValue:
        keys = g(edge.PermuteCopyOp, g.input(2, 3, 7, 4), [0, 1, 3, 2])
        return g(edge.BmmOp, g.input(6, rows, 4), g(edge.ViewCopyOp, keys, [6, 4, 7]))

    assert preserved(build, FuseLinearPass())["permute_copy"] == (0 if rows == 1 else 1)


def test_a_product_that_is_used_without_bias_too():
    def build(g: Graph) -> list[SSAValue]:
        product = g(edge.LinearOp, g.input(3, 4), g.weight(5, 4))
        return [product, g(edge.AddOp, product, g.weight(5))]

    assert preserved(build, FuseLinearPass()) == {"linear": 1, "add": 1}


def test_a_bias_that_broadcasts_the_product():
    def build(g: Graph) -> SSAValue:
        return g(edge.AddOp, g(edge.LinearOp, g.input(1, 4), g.weight(5, 4)), g.weight(3, 5))

    assert preserved(build, FuseLinearPass()) == {"linear": 1, "add": 1}
