"""fuse-clamps preserves what is computed, NaN and infinities included."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import pytest
import torch
from edge_graph import Graph, assert_close, op_counts, preserved
from xdsl.context import Context
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.dialects.edge.unary import UnaryOp
from etc.runtime.torch_executor import execute
from etc.transforms.fuse_clamps import FuseClampsPass

Step = Callable[[Graph, SSAValue], SSAValue]
STEPS: dict[str, Step] = {
    "relu": lambda g, x: g(edge.ReluOp, x),
    "hardtanh": lambda g, x: g(edge.HardtanhOp, x, -0.5, 0.75),
    "clamp": lambda g, x: g(edge.ClampOp, x, -2.0, 0.25),
    "upside down": lambda g, x: g(edge.ClampOp, x, 1.0, -1.0),
    "at least": lambda g, x: g(edge.ClampOp, x, 0.5),
    "at most": lambda g, x: g(edge.ClampOp, x, None, 0.5),
    "minimum": lambda g, x: g(edge.MinimumOp, g.number(0.1), x),
    "maximum": lambda g, x: g(edge.MaximumOp, x, g.number(-0.1)),
    "clamp_tensor": lambda g, x: g(edge.ClampTensorOp, x, g.number(-1.0), g.number(1.0)),
    "infinite": lambda g, x: g(edge.ClampOp, x, -math.inf, math.inf),
    "not a number": lambda g, x: g(edge.ClampOp, x, math.nan),
}
SPECIAL = torch.tensor([math.nan, math.inf, -math.inf, 0.0, -0.0, 0.1, -0.1, 0.3, 0.6, 2.0, -3.0, 1e30])


@pytest.mark.parametrize(("first", "second"), list(product(STEPS, STEPS)))
def test_chains(first: str, second: str):
    g = Graph()
    x = g.input(len(SPECIAL))
    module = g.module(STEPS[second](g, STEPS[first](g, x)))
    expected = execute(module, "forward", [SPECIAL])
    FuseClampsPass().apply(Context(), module)
    module.verify()
    assert_close(execute(module, "forward", [SPECIAL]), expected)
    if "not a number" not in (first, second):
        assert op_counts(module).total() <= 1


@pytest.mark.parametrize(
    "cls",
    [edge.SigmoidOp, edge.TanhOp, edge.AbsOp, edge.ExpOp, edge.SqrtOp, edge.SinOp, edge.CosOp, edge.ErfOp, edge.ReluOp],
)
def test_results_that_lie_in_the_interval(cls: type[UnaryOp]):
    low = -1.0 if cls in (edge.TanhOp, edge.SinOp, edge.CosOp, edge.ErfOp) else 0.0
    counts = preserved(lambda g: g(edge.ClampOp, g(cls, g.input(100)), low), FuseClampsPass())
    assert counts.total() == 1


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "float16", "bfloat16", "float64"])
def test_dtypes(dtype: str):
    def build(g: Graph) -> SSAValue:
        return g(edge.ClampOp, g(edge.ReluOp, g.input(100, dtype=dtype)), 1, 6)

    assert preserved(build, FuseClampsPass()) == {"clamp": 1}


def test_the_least_integer_has_no_absolute_value():
    g = Graph()
    module = g.module(g(edge.ReluOp, g(edge.AbsOp, g.input(2, dtype="int8"))))
    inputs = [torch.tensor([-128, 5], dtype=torch.int8)]
    expected = execute(module, "forward", inputs)
    FuseClampsPass().apply(Context(), module)
    assert_close(execute(module, "forward", inputs), expected)


def test_a_bound_that_broadcasts_is_no_clamp():
    def build(g: Graph) -> SSAValue:
        return g(edge.MinimumOp, g(edge.ReluOp, g.input(1)), g.weight(3))

    assert preserved(build, FuseClampsPass()) == {"relu": 1, "minimum": 1}
