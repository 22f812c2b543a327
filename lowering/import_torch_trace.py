"""Decompositions that PyTorch registers, traced on the types of one operation and brought into the IR."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch._decomp import core_aten_decompositions
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.experimental.symbolic_shapes import DimDynamic, ShapeEnv, StatelessSymbolicContext
from xdsl.ir import Block, SSAValue

from etc.dialects import symbolic
from etc.dialects.dtypes import Dtype
from etc.dialects.schema_op import SchemaOp
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.import_torch_graph import GraphImporter, MethodContext
from etc.lowering.import_torch_types import TORCH_DTYPES, Sizes

_WORDS: Mapping[str, Any] = {
    word: getattr(torch, word)
    for word in ("contiguous_format", "channels_last", "channels_last_3d", "preserve_format", "strided")
}
_EXAMPLE_SIZES = (7, 11, 13, 17, 19, 23)
"""What symbols stand for while torch traces: sizes that no code treats apart."""


class _RenamedSizes(Sizes):
    """Sizes of a traced graph, said in the symbols of the method that the operation is in."""

    def __init__(self, meaning: Mapping[str, Dim]):
        super().__init__({})
        self._meaning = meaning

    def dim(self, size: Any) -> Dim:
        return symbolic.substitute(super().dim(size), self._meaning)


class _Examples:
    """Fake tensors and sizes that stand for an operation's arguments while it is traced."""

    def __init__(self) -> None:
        self.shapes = ShapeEnv()
        self.mode = FakeTensorMode(shape_env=self.shapes, allow_non_fake_inputs=True)
        self.meaning: dict[str, Dim] = {}
        self._sizes: dict[Expr, Any] = {}
        self._numbers = itertools.cycle(_EXAMPLE_SIZES)

    def tensor(self, value: SSAValue) -> torch.Tensor:
        known = Tensor.of(value.type)
        sizes = [self.size(s) for s in known.sizes]
        with self.mode:
            return torch.empty(sizes, dtype=TORCH_DTYPES[known.dtype])

    def size(self, size: Dim) -> Any:
        """An int, or a symbolic integer of torch's that means the expression."""
        if isinstance(size, int):
            return size
        if size not in self._sizes:
            hint = next(self._numbers)
            source = torch._dynamo.source.ConstantSource(f"size{len(self._sizes)}")
            context = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC])
            symbol = self.shapes.create_symbol(
                hint, source, dynamic_dim=DimDynamic.DYNAMIC, constraint_dim=None, symbolic_context=context
            )
            self._sizes[size] = self.shapes.create_symintnode(symbol, hint=hint, source=source)
            self.meaning[str(symbol)] = size
        return self._sizes[size]

    def argument(self, value: Any, tensors: list[torch.Tensor], values: list[SSAValue]) -> Any:
        """The Python argument for torch; tensors are collected, in order, as inputs of the traced function."""
        match value:
            case SSAValue():
                values.append(value)
                tensors.append(self.tensor(value))
                return _Input(len(values) - 1)
            case list():
                return [self.argument(v, tensors, values) for v in value]  # pyright: ignore[reportUnknownVariableType]
            case Expr():
                return self.size(value)
            case Dtype():
                return TORCH_DTYPES[value]
            case str():
                return _WORDS.get(value, value)
            case _:
                return value


class _Input:
    """Stands for the input of this number."""

    def __init__(self, number: int):
        self.number = number

    @staticmethod
    def fill(value: Any, inputs: Sequence[torch.Tensor]) -> Any:
        if isinstance(value, _Input):
            return inputs[value.number]
        return [_Input.fill(v, inputs) for v in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


@cache
def _decompositions() -> Mapping[Any, Any]:
    return core_aten_decompositions()


def trace(op: SchemaOp, arguments: Mapping[str, Any]) -> tuple[Block, list[SSAValue], list[Any]]:
    """A block that computes `op` by smaller operators, the operands for its arguments, and the values of op's results.

    Raises EtcError when torch has no decomposition, or gives the operator back.
    """
    schema = op.schema()
    target = getattr(getattr(getattr(torch.ops, schema.namespace), schema.name), schema.overload or "default")
    examples = _Examples()
    tensors: list[torch.Tensor] = []
    values: list[SSAValue] = []
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for arg in schema.args:
        given = examples.argument(arguments[arg.name], tensors, values)
        if arg.kwarg_only:
            keywords[arg.name] = given
        else:
            positional.append(given)

    def call(*inputs: torch.Tensor) -> Any:
        filled = {name: _Input.fill(v, inputs) for name, v in keywords.items()}
        return target(*(_Input.fill(v, inputs) for v in positional), **filled)

    try:
        with examples.mode:
            graph = make_fx(torch.func.functionalize(call), decomposition_table=dict(_decompositions()))(*tensors)
    except (RuntimeError, TypeError, ValueError, NotImplementedError, AssertionError, AttributeError) as error:
        raise EtcError(
            "it has no decomposition: torch cannot trace one",
            found=str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__,
            next_step="register one with @decomposes, or rewrite the model without this operator",
        ) from None
    graph.graph.eliminate_dead_code()
    if any(node.op == "call_function" and node.target is target for node in graph.graph.nodes):
        raise EtcError(
            "it is not in Core ATen, and neither this compiler nor PyTorch has a decomposition for it",
            next_step="register one with @decomposes, or rewrite the model without this operator",
        )
    block, results = _import(graph, values, examples.meaning)
    return block, values, results


def _import(graph: GraphModule, values: Sequence[SSAValue], meaning: Mapping[str, Dim]) -> tuple[Block, list[Any]]:
    block = Block(arg_types=[v.type for v in values])
    context = MethodContext(_RenamedSizes(meaning))
    importer = GraphImporter(context, block)
    inputs = [node for node in graph.graph.nodes if node.op == "placeholder"]
    for node, argument in zip(inputs, block.args, strict=True):
        importer.define(node, argument)
    outputs = importer.run(graph)
    results = [importer.convert(output) for output in outputs]
    if context.problems:
        raise EtcError(context.problems)
    return block, results
