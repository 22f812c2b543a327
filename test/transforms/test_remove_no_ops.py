"""remove-no-ops preserves what is computed."""

from __future__ import annotations

from itertools import product

import pytest
from edge_graph import Graph, preserved
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.dialects.dtypes import BY_NAME
from etc.transforms.remove_no_ops import RemoveNoOpsPass

DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"]


@pytest.mark.parametrize(("source", "between"), [p for p in product(DTYPES, DTYPES) if p[0] != p[1]])
def test_casts_there_and_back(source: str, between: str):
    def build(g: Graph) -> SSAValue:
        there = g(edge.ToDimOrderCopyOp, g.input(50, dtype=source), dtype=BY_NAME[between])
        return g(edge.ToDimOrderCopyOp, there, dtype=BY_NAME[source])

    preserved(build, RemoveNoOpsPass())


@pytest.mark.parametrize("first", [(0, 20, 1), (3, 17, 2), (-9, 100, 4), (5, 5, 1)], ids=str)
@pytest.mark.parametrize("second", [(0, 3, 1), (1, -1, 2), (-2, 9, 1), (4, 2, 1)], ids=str)
def test_slices_of_slices(first: tuple[int, int, int], second: tuple[int, int, int]):
    def build(g: Graph) -> SSAValue:
        return g(edge.SliceCopyOp, g(edge.SliceCopyOp, g.input(2, 20), 1, *first), -1, *second)

    assert preserved(build, RemoveNoOpsPass())["slice_copy"] <= 1


@pytest.mark.parametrize("dim", [0, 1])
@pytest.mark.parametrize("bounds", [(a, b) for a in range(9) for b in range(a, 10)], ids=str)
def test_slices_of_joined_tensors(dim: int, bounds: tuple[int, int]):
    def build(g: Graph) -> SSAValue:
        shapes = [(n, 2) if dim == 0 else (2, n) for n in (2, 3, 4)]
        joined = g(edge.CatOp, [g.input(*shape) for shape in shapes], dim)
        return g(edge.SliceCopyOp, joined, dim, *bounds, 1)

    counts = preserved(build, RemoveNoOpsPass())
    if bounds in ((0, 2), (2, 5), (5, 9)):
        assert counts == {}


@pytest.mark.parametrize("index", range(-9, 9))
def test_selections_from_joined_tensors(index: int):
    def build(g: Graph) -> SSAValue:
        joined = g(edge.CatOp, [g.input(n, 2) for n in (2, 3, 4)], 0)
        return g(edge.SelectCopyOp, joined, 0, index)

    assert preserved(build, RemoveNoOpsPass()) == {"select_copy": 1}


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("cls", [edge.AddOp, edge.SubOp, edge.MulOp, edge.DivOp])
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("swapped", [False, True])
def test_numbers(dtype: str, cls: type[edge.AddOp], number: int, swapped: bool):
    def build(g: Graph) -> SSAValue:
        operands = [g.input(20, dtype=dtype), g.number(number, dtype)]
        return g(cls, *(reversed(operands) if swapped else operands))

    preserved(build, RemoveNoOpsPass())


def test_scaled_addition_of_zero():
    assert preserved(lambda g: g(edge.AddOp, g.number(0.0), g.input(3), alpha=2), RemoveNoOpsPass()) == {"add": 1}


@pytest.mark.parametrize("exponent", [1, 1.0, 2, 2.0, 3])
def test_powers(exponent: float):
    counts = preserved(lambda g: g(edge.PowScalarOp, g.input(20), exponent), RemoveNoOpsPass())
    assert counts["pow_scalar"] == (1 if exponent == 3 else 0)


def test_reshapes():
    def build(g: Graph) -> list[SSAValue]:
        x = g.input(2, 1, 6)
        y = g(edge.ViewCopyOp, g(edge.UnsqueezeCopyOp, g(edge.SqueezeCopyOp, x, [1]), -1), [3, 4])
        return [y, g(edge.ViewCopyOp, y, [2, 1, 6]), g(edge.ExpandCopyOp, y, [1, 3, 4])]

    assert preserved(build, RemoveNoOpsPass()) == {"view_copy": 2}


@pytest.mark.parametrize("shapes", [((1, 3), (2, 3)), ((3,), (2, 3)), ((1, 1), (1, 1)), ((2, 1), (1, 3))], ids=str)
def test_broadcasts(shapes: tuple[tuple[int, ...], tuple[int, ...]]):
    def build(g: Graph) -> SSAValue:
        a, b = (g(edge.ExpandCopyOp, g.input(*s), [2, 3]) for s in shapes)
        return g(edge.WhereOp, g(edge.GtOp, a, b), a, g(edge.MulOp, b, b))

    preserved(build, RemoveNoOpsPass())
