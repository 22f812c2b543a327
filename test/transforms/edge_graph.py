"""Small edge programs for tests of passes: built op by op, executed on torch before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.passes import ModulePass

from etc.dialects import program
from etc.dialects.dtypes import BY_NAME
from etc.dialects.edge.base import EdgeOp
from etc.dialects.on_torch import to_blob
from etc.dialects.tensor import tensor
from etc.runtime.torch_executor import execute

TOLERANCE = 1e-5
"""Largest difference, relative to the largest magnitude, that counts as rounding."""


class Graph:
    """A method under construction: `y = graph(edge.AddOp, graph.input(2, 3), graph.weight(3))`, then `module(y)`."""

    def __init__(self) -> None:
        self.block = Block()
        self.inputs: list[torch.Tensor] = []
        self._globals: list[program.GlobalOp] = []
        self._random = torch.Generator().manual_seed(0)

    def random(self, shape: Sequence[int], dtype: str = "float32") -> torch.Tensor:
        values = torch.randn(shape, generator=self._random)
        return (values * 10 if not getattr(torch, dtype).is_floating_point else values).to(getattr(torch, dtype))

    def input(self, *shape: int, dtype: str = "float32") -> SSAValue:
        """A random input."""
        self.inputs.append(self.random(shape, dtype))
        return self.block.insert_arg(tensor(BY_NAME[dtype], shape).type, len(self.block.args))

    def weight(self, *shape: int, dtype: str = "float32", name: str = "weight", positive: bool = False) -> SSAValue:
        """A load of a new parameter with random content."""
        content = self.random(shape, dtype)
        type = tensor(BY_NAME[dtype], shape).type
        symbol = f"{name}.{len(self._globals)}"
        blob = to_blob(content.abs() + 0.5 if positive else content, range(len(shape)))
        self._globals.append(program.GlobalOp(symbol, type, blob, program.GlobalKind.parameter))
        load = program.LoadOp(symbol, type)
        self.block.add_op(load)
        return load.result

    def number(self, value: float, dtype: str = "float32") -> SSAValue:
        content = torch.tensor(value, dtype=getattr(torch, dtype))
        op = program.ConstantOp(to_blob(content, ()), tensor(BY_NAME[dtype], ()).type)
        self.block.add_op(op)
        return op.result

    def __call__(self, cls: type[EdgeOp], /, *args: Any, **kwargs: Any) -> SSAValue:
        """The first result of a new op."""
        op = cls.of(*args, **kwargs)
        self.block.add_op(op)
        return op.results[0]

    def module(self, *outputs: SSAValue) -> ModuleOp:
        self.block.add_op(ReturnOp(*outputs))
        types = [a.type for a in self.block.args], [o.type for o in outputs]
        return ModuleOp([*self._globals, FuncOp("forward", types, Region(self.block))])


Build = Callable[[Graph], SSAValue | Sequence[SSAValue]]


def op_counts(module: ModuleOp) -> Counter[str]:
    """How many there are of each edge op, without the dialect's name."""
    return Counter(op.name.removeprefix("edge.") for op in module.walk() if isinstance(op, EdgeOp))


def preserved(build: Build, *passes: ModulePass, tolerance: float = TOLERANCE) -> Counter[str]:
    """Run passes over the program that `build` makes, and assert that it stays valid and computes the same.

    Returns the counts of its ops afterwards.
    """
    graph = Graph()
    outputs = build(graph)
    module = graph.module(*([outputs] if isinstance(outputs, SSAValue) else outputs))
    module.verify()
    expected = execute(module, "forward", graph.inputs)
    for step in passes:
        step.apply(Context(), module)
        module.verify()
    assert_close(execute(module, "forward", graph.inputs), expected, tolerance)
    return op_counts(module)


def assert_close(found: Sequence[Any], expected: Sequence[Any], tolerance: float = TOLERANCE) -> None:
    """The same dtypes, shapes and NaNs, and numbers within `tolerance` of the largest magnitude; integers equal."""
    assert len(found) == len(expected)
    for have, want in zip(found, expected, strict=True):
        exact = not want.is_floating_point() or want.numel() == 0
        limit = 0 if exact else tolerance * want.double().nan_to_num(0, 0, 0).abs().max().item()
        torch.testing.assert_close(have, want, rtol=0, atol=limit, equal_nan=True)
