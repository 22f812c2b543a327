"""fold-constants preserves what is computed, and says no where the program would grow."""

from __future__ import annotations

import pytest
from edge_graph import Graph, op_counts, preserved
from xdsl.context import Context
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.dialects.dtypes import BY_NAME
from etc.transforms.fold_constants import FoldConstantsPass
from etc.transforms.rewrite_log import recording


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16", "int64", "int8"])
def test_arithmetic(dtype: str):
    def build(g: Graph) -> SSAValue:
        a, b = g.weight(3, 1, dtype=dtype), g.weight(4, dtype=dtype)
        return g(edge.PermuteCopyOp, g(edge.MulOp, g(edge.AddOp, a, b), b), [1, 0])

    assert preserved(build, FoldConstantsPass()) == {}


def test_dim_orders():
    def build(g: Graph) -> SSAValue:
        last = g(edge.CloneDimOrderOp, g.weight(1, 2, 3, 4), dim_order=[0, 2, 3, 1])
        return g(edge.MulOp, g(edge.NegOp, last), g.number(2.0))

    assert preserved(build, FoldConstantsPass()) == {}


def test_several_results():
    def build(g: Graph) -> list[SSAValue]:
        op = edge.TopkOp.of(g.weight(2, 8), 3, -1, True, True)
        g.block.add_op(op)
        return list(op.results)

    assert preserved(build, FoldConstantsPass()) == {}


def test_only_what_is_constant():
    def build(g: Graph) -> SSAValue:
        return g(edge.AddOp, g.input(3), g(edge.ExpOp, g.weight(3)))

    assert preserved(build, FoldConstantsPass()) == {"add": 1}


@pytest.mark.parametrize(("limit", "expected"), [(0, 1), (4 * 99, 1), (4 * 100, 0)])
def test_growth(limit: int, expected: int):
    def build(g: Graph) -> SSAValue:
        return g(edge.FullOp, [100], 1.0, dtype=BY_NAME["float32"])

    assert preserved(build, FoldConstantsPass(limit))["full"] == expected


def test_a_reshaped_weight_shares_its_bytes():
    def build(g: Graph) -> list[SSAValue]:
        weight = g.weight(10, 20)
        return [weight, g(edge.ViewCopyOp, weight, [200])]

    assert preserved(build, FoldConstantsPass(0)) == {}


def test_what_torch_refuses_to_compute_stays():
    g = Graph()
    indices = g(edge.FullOp, [1], 3, dtype=BY_NAME["int64"])
    module = g.module(g(edge.IndexSelectOp, g.weight(3), 0, indices))
    with recording() as log:
        FoldConstantsPass().apply(Context(), module)
    assert op_counts(module) == {"index_select": 1}
    assert [d.reason for d in log.declined] == ["torch refuses to execute it"]
