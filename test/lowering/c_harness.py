"""Operators of edge on the way to C, held against torch: many programs are one C program, which is compiled once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import torch
from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from etc.compiler import context
from etc.dialects import program, symbolic
from etc.dialects.dtypes import DTYPES
from etc.dialects.symbolic import Dim, Range
from etc.dialects.tensor import tensor
from etc.emit.c import emit_c
from etc.pipelines import to_c
from etc.runtime.targets.arrays import from_torch, to_torch
from etc.runtime.targets.programs import open_program
from etc.runtime.targets.target import HOST
from etc.runtime.torch_executor import execute
from etc.tools.pipeline import PassTable, run_passes

TARGET = "ETC_TEST_TARGET"
"""Environment variable: where C is run, instead of on the host; `make sanitize` sets it."""

_DTYPES = {getattr(torch, d.name): d for d in DTYPES}
_TOLERANCES = {torch.float16: 2e-3, torch.bfloat16: 1.6e-2, torch.float32: 1e-5, torch.float64: 1e-12}
"""Two units in the last place of the half precisions; what libraries of functions differ in for the others."""


class Case(NamedTuple):
    """A function of SSA values that makes operations of edge, and what to call it with."""

    build: Callable[..., Any]
    inputs: Sequence[torch.Tensor]
    symbols: Mapping[tuple[int, int], str] = {}
    """names for sizes that are known at run time only: by the number of the input and of its dimension"""
    limits: Mapping[str, int] = {}
    """sizes that the data decides, with the largest that they can be"""


def case(build: Callable[..., Any], *inputs: Any, **symbols: tuple[int, int] | int) -> Case:
    """`case(edge.add, x, y, n=(0, 1))`: the size n is dimension 1 of input 0. Lists of numbers become tensors.

    `case(edge.nonzero, x, u=8)`: the data decides the size u, which is at most 8.
    """
    tensors = [x if isinstance(x, torch.Tensor) else torch.tensor(x) for x in inputs]
    places = {at: name for name, at in symbols.items() if isinstance(at, tuple)}
    return Case(build, tensors, places, {name: at for name, at in symbols.items() if isinstance(at, int)})


def _types(case: Case) -> Iterable[Any]:
    for number, value in enumerate(case.inputs):
        named = {d: symbolic.symbol(name) for (i, d), name in case.symbols.items() if i == number}
        sizes: list[Dim] = [named.get(d, size) for d, size in enumerate(value.shape)]
        yield tensor(_DTYPES[value.dtype], sizes).type


def method_of(name: str, case: Case) -> FuncOp:
    """The method that does what a case does."""
    method = FuncOp(name, (list(_types(case)), []))
    block = method.body.block
    with ImplicitBuilder(block):
        made = case.build(*block.args)
        values = _values(made)
        ReturnOp(*values)
    method.properties["function_type"] = type(method.function_type).from_lists(
        [a.type for a in block.args], [v.type for v in values]
    )
    method.attributes["program.inputs"] = ArrayAttr([StringAttr(f"x{i}") for i in range(len(block.args))])
    method.attributes["program.outputs"] = ArrayAttr([StringAttr(f"y{i}") for i in range(len(values))])
    if case.symbols or case.limits:
        sizes = {name: case.inputs[i].shape[d] for (i, d), name in case.symbols.items()}
        method.attributes["program.symbols"] = program.SymbolsAttr(
            (
                *((name, Range(0, 2 * size + 1)) for name, size in sizes.items()),
                *((name, Range(0, limit)) for name, limit in case.limits.items()),
            )
        )
    return method


def _values(made: Any) -> list[SSAValue]:
    if isinstance(made, Operation):
        return list(made.results)
    return [value for part in made for value in _values(part)] if isinstance(made, list | tuple) else [made]


def module_of(cases: Mapping[str, Case]) -> ModuleOp:
    module = ModuleOp([method_of(name, each) for name, each in cases.items()])
    module.verify()
    return module


def to_loops(module: ModuleOp, target: str = "host") -> None:
    """Lower an edge program to what C for a target is printed from."""
    table = PassTable()
    stages = dict(to_c(target))
    steps = [step for stage in ("linalg", "loops", "planned") for name in stages[stage] for step in table.parse(name)]
    run_passes(context(), module, steps, verify=True)


class CMethods:
    """The methods of an edge program in C, on a target."""

    def __init__(self, module: ModuleOp, target: str = ""):
        self._on_torch = module
        lowered = module.clone()
        to_loops(lowered)
        with TemporaryDirectory(prefix="etc-") as folder:
            for name, text in emit_c(lowered, "cases").files.items():
                (Path(folder) / name).write_text(text)
            self._program = open_program(folder, target or os.environ.get(TARGET, HOST.name), ("-O1",))

    def check(self, name: str, inputs: Sequence[torch.Tensor]) -> None:
        """Assert that a method gives in C what it gives in torch."""
        expected = execute(self._on_torch, name, inputs)
        found = self.call(name, inputs)
        assert len(found) == len(expected)
        for have, want in zip(found, expected, strict=True):
            assert_same(to_torch(have, _DTYPES[want.dtype]), want)

    def call(self, name: str, inputs: Sequence[torch.Tensor]) -> Sequence[Any]:
        """What a method gives in C, as arrays. Raises EtcError where the program returns an error."""
        return self._program.call(name, [from_torch(x) for x in inputs])


class CPrograms(CMethods):
    """Cases as methods of one C program."""

    def __init__(self, cases: Mapping[str, Case], target: str = ""):
        super().__init__(module_of(cases), target)
        self.cases = cases

    def check(self, name: str, inputs: Sequence[torch.Tensor] = ()) -> None:
        """Assert that a case gives in C what it gives in torch, for its own inputs or for these."""
        super().check(name, list(inputs or self.cases[name].inputs))


def resized(case: Case, change: int) -> list[torch.Tensor]:
    """The inputs of a case with each size that is known at run time only changed by `change`."""
    inputs = list(case.inputs)
    for (i, d), _ in case.symbols.items():
        size = inputs[i].shape[d] + change
        more = inputs[i] * 1.5 if inputs[i].is_floating_point() else inputs[i]
        inputs[i] = torch.cat([inputs[i], more], d).narrow(d, 0, size).contiguous()
    return inputs


def assert_same(have: torch.Tensor, want: torch.Tensor) -> None:
    tolerance = _TOLERANCES.get(want.dtype, 0)
    torch.testing.assert_close(have, want.contiguous(), rtol=tolerance, atol=tolerance / 10, equal_nan=True)
