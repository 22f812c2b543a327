"""Decompositions that PyTorch registers, traced on the types of one operation and brought into the IR.

A trace costs tens of milliseconds, so a `Tracer` keeps what it has traced: operations of the same operator, on the same
types and with the same other arguments, get copies of one block.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

import sympy
import torch
from torch._decomp import core_aten_decompositions
from torch._dynamo.source import ConstantSource
from torch._higher_order_ops import effects
from torch._library.effects import EffectType
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
    FakeTensorMode,
    UnsupportedOperatorException,
)
from torch._subclasses.functional_tensor import dispatch_functionalize
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.experimental.symbolic_shapes import (
    DimDynamic,
    GuardOnDataDependentSymNode,
    ShapeEnv,
    StatelessSymbolicContext,
)
from xdsl.dialects.builtin import LocationAttr, TensorType, UnknownLoc
from xdsl.ir import Block, SSAValue

from etc.dialects import symbolic
from etc.dialects.dtypes import Dtype
from etc.dialects.schema_op import SchemaOp
from etc.dialects.symbolic import Call, Dim, Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.import_locations import Locations
from etc.lowering.import_torch_graph import GraphImporter, MethodContext
from etc.lowering.import_torch_types import TORCH_DTYPES, Sizes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import rules

_WORDS: Mapping[str, Any] = {
    word: getattr(torch, word)
    for word in ("contiguous_format", "channels_last", "channels_last_3d", "preserve_format", "strided")
}
_EXAMPLE_SIZES = (7, 11, 13, 17, 19, 23)
"""What symbols stand for while torch traces: sizes that no code treats apart."""

_NEXT_STEP = "register one with @decomposes, or rewrite the model without this operator"


@dataclass(frozen=True)
class Trace:
    """A decomposition: the values that `block` computes from its arguments, or the error that there is none."""

    block: Block
    results: Sequence[Any]
    error: EtcError | None = None

    def copy(self, operands: Sequence[SSAValue], build: AtenBuilder) -> list[Any]:
        """Insert a copy of the operations where `build` stands. Returns the results computed from `operands`."""
        values: dict[SSAValue, SSAValue] = dict(zip(self.block.args, operands, strict=True))
        for op in self.block.ops:
            build.insert(op.clone(values))
        return [values.get(result, result) for result in self.results]


class Tracer:
    """The traces made so far, by all that they depend on."""

    def __init__(self) -> None:
        self._traces: dict[Any, Trace] = {}

    def inline(self, op: SchemaOp, arguments: Mapping[str, Any], build: AtenBuilder) -> list[Any]:
        """Build `op`, whose sizes stand as expressions in `arguments`, from smaller operators before it.

        Raises EtcError when torch has no decomposition, gives the operator back, or decides by sizes that are unknown.
        """
        operands: list[SSAValue] = []
        key = (type(op), _key(arguments.values(), operands))
        trace = self._traces.get(key)
        if trace is None:
            try:
                trace = _trace(op, arguments)
            except EtcError as error:
                trace = Trace(Block(), (), error)
            self._traces[key] = trace
        if trace.error is not None:
            raise trace.error
        return trace.copy(operands, build)


def _key(value: Any, operands: list[SSAValue]) -> Any:
    """What a trace depends on in an argument: the types of tensors, which are collected; values with their types."""
    if isinstance(value, SSAValue):
        operands.append(value)
        return value.type
    if isinstance(value, Dtype | str | Expr) or value is None:
        return value
    if isinstance(value, int | float | complex):
        return type(value), value
    return tuple(_key(v, operands) for v in value)


class _NoLocations(Locations):
    """Traced operations are placed where they are inserted, not in torch's own files."""

    def of(self, meta: Mapping[str, Any]) -> LocationAttr:
        return UnknownLoc()


class _RenamedSizes(Sizes):
    """Sizes of a traced graph, said in the symbols of the method that the operation is in."""

    def __init__(self, meaning: Mapping[str, Dim]):
        super().__init__({})
        self._meaning = meaning

    def dim(self, size: Any) -> Dim:
        found = super().dim(size)
        if isinstance(found, Expr) and any(s.name not in self._meaning for s in found.symbols()):
            raise EtcError("its decomposition by torch makes a tensor whose size depends on data", next_step=_NEXT_STEP)
        return symbolic.substitute(found, self._meaning)


class _Examples:
    """Fake tensors and sizes that stand for an operation's arguments while it is traced."""

    def __init__(self) -> None:
        self.shapes = ShapeEnv()
        self.mode = FakeTensorMode(shape_env=self.shapes, allow_non_fake_inputs=True)
        self.meaning: dict[str, Dim] = {}
        self.tensors: list[torch.Tensor] = []
        self._symbols: dict[str, Any] = {}
        self._numbers = itertools.cycle(_EXAMPLE_SIZES)

    def argument(self, value: Any) -> Any:
        """The Python argument for torch; tensors are collected, in order, as inputs of the traced function."""
        match value:
            case SSAValue():
                self.tensors.append(self._tensor(value))
                return _Input(len(self.tensors) - 1)
            case list():
                return [self.argument(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
            case Expr():
                return self._size(value)
            case Dtype():
                return TORCH_DTYPES[value]
            case str():
                return _WORDS.get(value, value)
            case _:
                return value

    def _tensor(self, value: SSAValue) -> torch.Tensor:
        if not isinstance(value.type, TensorType):
            raise EtcError("it has no decomposition for a number that is computed at run time", next_step=_NEXT_STEP)
        known = Tensor.of(value.type)
        sizes = [self._size(s) for s in known.sizes]
        with self.mode:
            return torch.empty(sizes, dtype=TORCH_DTYPES[known.dtype])

    def _size(self, size: Dim) -> Any:
        """An int, or a symbolic integer of torch's for an expression."""
        if isinstance(size, int):
            return size
        total: Any = 0
        for monomial, coefficient in size.terms:
            product: Any = coefficient
            for atom, power in monomial:
                product = product * self._atom(atom) ** power
            total = total + product
        return total

    def _atom(self, atom: symbolic.Atom) -> Any:
        if isinstance(atom, Call):
            return _SIZE_FUNCTIONS[atom.function](*map(self._size, atom.args))
        if atom.name not in self._symbols:
            hint, source = next(self._numbers), ConstantSource(atom.name)
            context = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC])
            symbol = self.shapes.create_symbol(
                hint, source, dynamic_dim=DimDynamic.DYNAMIC, constraint_dim=None, symbolic_context=context
            )
            self._symbols[atom.name] = self.shapes.create_symintnode(symbol, hint=hint, source=source)
            self.meaning[str(symbol)] = symbolic.symbol(atom.name)
        return self._symbols[atom.name]

    def check_generality(self) -> None:
        """Raise an EtcError when torch took a size for the example that stands for it."""
        if any(value.is_Integer for value in self.shapes.replacements.values()) or any(
            isinstance(guard.expr, sympy.Eq) and guard.expr.rhs.is_Integer for guard in self.shapes.guards
        ):
            raise EtcError(
                "torch's decomposition of it needs to know a size that is known only at run time",
                next_step="export the model with this dimension fixed, or register a rule with @decomposes",
            )


_SIZE_FUNCTIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "max": torch.sym_max,
    "min": torch.sym_min,
}


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
    """PyTorch's, by operator."""
    known = dict(core_aten_decompositions().items())  # its own `get` does not find them
    return known | {torch.ops.prims.convert_element_type.default: _converted}


def _converted(a: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    return torch.ops.aten._to_copy.default(a, dtype=dtype)


@cache
def _of_others() -> Mapping[Any, Any]:
    """PyTorch's, without those of operators that have a rule of ours."""
    ours = rules()

    def has_rule(target: Any) -> bool:
        overload = "" if target._overloadname == "default" else f".{target._overloadname}"
        return f"{target._schema.name.removeprefix('aten::')}{overload}" in ours

    return {t: d for t, d in _decompositions().items() if not has_rule(t)}


def _table(target: Any) -> dict[Any, Any]:
    """What to trace `target` with: its own decomposition, though there be a rule of ours, which declined."""
    own = _decompositions().get(target)
    return dict(_of_others()) | ({} if own is None else {target: own})


_LINALG_CHECK = torch.ops.aten._linalg_check_errors.default


@contextmanager
def _without_linalg_checks() -> Generator[None]:
    """torch's functional traces have no place for the effect of raising on what LAPACK reports."""
    name = "aten::_linalg_check_errors"
    effects._register_effectful_op(name, None)  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        effects._register_effectful_op(name, EffectType.ORDERED)  # pyright: ignore[reportPrivateUsage]


def _trace(op: SchemaOp, arguments: Mapping[str, Any]) -> Trace:
    schema = op.schema()
    target = getattr(getattr(getattr(torch.ops, schema.namespace), schema.name), schema.overload or "default")
    examples = _Examples()
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for arg in schema.args:
        given = examples.argument(arguments[arg.name])
        if arg.kwarg_only:
            keywords[arg.name] = given
        else:
            positional.append(given)

    def call(*inputs: torch.Tensor) -> Any:
        filled = {name: _Input.fill(v, inputs) for name, v in keywords.items()}
        return target(*(_Input.fill(v, inputs) for v in positional), **filled)

    try:
        with examples.mode, torch.no_grad(), _without_linalg_checks():
            function = dispatch_functionalize(call)
            graph = make_fx(function, decomposition_table=_table(target))(*examples.tensors)
    except Exception as error:  # whatever torch's kernels and its decompositions in Python raise
        raise _not_traced(error) from None
    for node in graph.graph.find_nodes(op="call_function", target=_LINALG_CHECK):
        graph.graph.erase_node(node)
    graph.graph.eliminate_dead_code()
    if any(node.op == "call_function" and node.target is target for node in graph.graph.nodes):
        _refuse()
    examples.check_generality()
    return _import(graph, op, examples)


_UNKNOWN_DATA = (DataDependentOutputException, DynamicOutputShapeException, GuardOnDataDependentSymNode)


def _not_traced(error: Exception) -> EtcError:
    """What stopped torch, in words of the model's author where torch's own are about its insides."""
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, NotImplementedError | UnsupportedOperatorException):  # no kernel that computes types
        return EtcError(_NO_DECOMPOSITION, next_step=_NEXT_STEP)
    if isinstance(error, _UNKNOWN_DATA) or "its data is not allocated" in reason:
        return EtcError("its result has a shape, or takes a course, that depends on data", next_step=_NEXT_STEP)
    return EtcError("it has no decomposition: torch cannot trace one", found=reason, next_step=_NEXT_STEP)


_NO_DECOMPOSITION = "it is not in Core ATen, and neither this compiler nor PyTorch has a decomposition for it"


def _refuse() -> NoReturn:
    raise EtcError(_NO_DECOMPOSITION, next_step=_NEXT_STEP)


def _import(graph: GraphModule, op: SchemaOp, examples: _Examples) -> Trace:
    types = [v.type for v in op.operands if isinstance(v.type, TensorType)]
    block = Block(arg_types=types)
    context = MethodContext(_RenamedSizes(examples.meaning), locations=_NoLocations())
    importer = GraphImporter(context, block)
    inputs = [node for node in graph.graph.nodes if node.op == "placeholder"]
    for node, argument in zip(inputs, block.args, strict=True):
        importer.define(node, argument)
    outputs = importer.run(graph)
    if context.problems:
        raise EtcError(context.problems)
    return Trace(block, [importer.convert(output) for output in outputs])
