"""Choices and loops in C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from c_cases import Cases, assert_all_covered, numbers
from c_harness import CMethods, CPrograms
from control_flow_cases import CASES as CONTROL_FLOW
from control_flow_cases import Model
from random_control_flow import RandomProgram
from stages_harness import assert_equal
from torch.utils._pytree import tree_leaves
from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Region, SSAValue

from etc.compiler import compile, export
from etc.dialects import dtypes, edge
from etc.dialects.edge import control_flow
from etc.dialects.tensor import tensor

CASES = Cases()
F4, SCALAR, COUNT = (tensor(d, s).type for d, s in ((dtypes.float32, (4,)), (dtypes.float32, ()), (dtypes.int64, ())))


def region(types: Sequence[Attribute], body: Callable[..., Any]) -> Region:
    """One block; `body` gives what it yields."""
    block = Block(arg_types=types)
    with ImplicitBuilder(block):
        given = body(*block.args)
        edge.YieldOp(*(SSAValue.get(value) for value in (given if isinstance(given, tuple) else (given,))))
    return Region(block)


def chosen(p: SSAValue, x: SSAValue) -> Any:
    return edge.CondOp(
        p, [F4, F4], region([], lambda: (edge.neg(x), x)), region([], lambda: (x, edge.exp(edge.neg(x))))
    )


for truth in (True, False):
    CASES.add(f"cond_{truth}", chosen, torch.tensor(truth), numbers(4))
    CASES.add(f"cond_of_one_{truth}", chosen, torch.tensor([truth]), numbers(4))


def chosen_dynamic(p: SSAValue, x: SSAValue) -> Any:
    return edge.CondOp(p, [x.type], region([], lambda: edge.add(x, x)), region([], lambda: x))


CASES.add("cond_dynamic", chosen_dynamic, torch.tensor(True), numbers(4), n=(1, 0))


def counted(i: SSAValue, x: SSAValue) -> Any:
    def step(i: SSAValue, x: SSAValue) -> Any:
        return edge.add(i, edge.full([], 1, dtype=dtypes.int64)), edge.mul(x, edge.full([], 1.5))

    goes_on = region([COUNT, x.type], lambda i, x: edge.lt(i, edge.full([], 5, dtype=dtypes.int64)))
    return edge.WhileLoopOp([i, x], [COUNT, x.type], goes_on, region([COUNT, x.type], step))


CASES.add("while", counted, torch.tensor(0), numbers(4))
CASES.add("while_never", counted, torch.tensor(9), numbers(4))
CASES.add("while_dynamic", counted, torch.tensor(2), numbers(3, 2), n=(1, 0))


def swapped(i: SSAValue, x: SSAValue, y: SSAValue) -> Any:
    types = [COUNT, F4, F4]
    goes_on = region(types, lambda i, x, y: edge.lt(i, edge.full([], 5, dtype=dtypes.int64)))
    body = region(types, lambda i, x, y: (edge.add(i, edge.full([], 1, dtype=dtypes.int64)), y, edge.neg(x)))
    return edge.WhileLoopOp([i, x, y], types, goes_on, body)


CASES.add("whileswappedping", swapped, torch.tensor(0), numbers(4), numbers(4, low=0))


def folded(h: SSAValue, xs: SSAValue) -> Any:
    def step(h: SSAValue, x: SSAValue) -> Any:
        new = edge.tanh(edge.add(h, x))
        return new, edge.neg(new)

    return edge.ScanOp([h], [xs], [h.type, xs.type], region([h.type, F4], step))


CASES.add("scan", folded, numbers(4), numbers(5, 4))
CASES.add("scan_dynamic", folded, numbers(4), numbers(5, 4), n=(1, 0))


def mapped(xs: SSAValue, ys: SSAValue) -> Any:
    body = region([F4, SCALAR], lambda x, y: edge.mul(x, y))
    return edge.ScanOp([], [xs, ys], [xs.type], body)


CASES.add("map", mapped, numbers(3, 4), numbers(3))


def nested(xs: SSAValue, n: SSAValue) -> Any:
    """Each row is doubled as long as its first element is below 5."""

    def body(h: SSAValue, x: SSAValue) -> Any:
        small = region([F4], lambda v: edge.lt(edge.select_copy(v, dim=0, index=0), edge.full([], 5.0)))
        grown = edge.WhileLoopOp([x], [F4], small, region([F4], lambda v: edge.add(edge.add(v, v), n))).results[0]
        return edge.add(h, grown), grown

    return edge.ScanOp([edge.full([4], 0.0).results[0]], [xs], [F4, xs.type], region([F4, F4], body))


CASES.add("scan_ofcounted", nested, numbers(3, 4, low=0.1), torch.tensor(1.0))


@pytest.fixture(scope="module")
def programs() -> CPrograms:
    return CPrograms(CASES)


@pytest.mark.parametrize("name", CASES)
def test_computes_what_torch_computes(programs: CPrograms, name: str) -> None:
    programs.check(name)


def test_every_operator_has_a_case() -> None:
    assert_all_covered(control_flow.OPERATIONS, CASES)


def test_random_programs() -> None:
    """What is live where, what may be overwritten when: the memory of loops within choices within loops."""
    methods: list[FuncOp] = []
    for seed in range(16):
        module = RandomProgram(seed).module()
        method = module.body.block.first_op
        assert isinstance(method, FuncOp)
        method.properties["sym_name"] = StringAttr(f"random_{seed}")
        method.detach()
        methods.append(method)
    programs = CMethods(ModuleOp(methods))
    for seed, method in enumerate(methods):
        programs.check(method.sym_name.data, [numbers(3, low=-seed - 1), numbers(3, low=-2)])


TRACED = (
    *("cond_with_weights", "cond_in_while", "scan_in_cond", "scan_backwards_along_columns", "map_of_two_to_two"),
    *("while_counted_by_a_number", "while_swaps", "while_writes_to_rows", "while_as_often_as_data_say"),
)


def test_traced_programs() -> None:
    """What torch.export makes of choices and loops, with weights, sizes and numbers read from data."""
    cases = {name: CONTROL_FLOW[name] for name in TRACED}
    programs = {name: export(Model(case.traced), case.inputs[0]) for name, case in cases.items()}
    compiled = compile(programs, target="host")
    for name, case in cases.items():
        for inputs in case.inputs:
            with torch.no_grad():
                expected = tree_leaves(Model(case.plain)(*inputs))
            assert_equal(tree_leaves(compiled.run(*inputs, method=name)), expected)
