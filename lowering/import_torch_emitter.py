"""Values and operations of a block into which fx graphs are imported."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import LocationAttr, NoneType, TensorType, UnknownLoc, i64
from xdsl.ir import Attribute, Block, Operation, SSAValue

from etc.dialects import aten, blob, dtypes, program
from etc.dialects.schema_op import SchemaOp
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, describe_location
from etc.lowering.import_locations import Locations
from etc.lowering.import_torch_aliasing import Aliasing
from etc.lowering.import_torch_callees import Callee, aten_callee, callee_of, numbers_for_tensors, scalar_overload
from etc.lowering.import_torch_types import Sizes, dtype_of
from etc.lowering.import_torch_views import Memory, View

POISON = object()
"""The value of a node that could not be imported; what depends on it is not reported again."""


class Poisoned(Exception):
    """A node depends on one that could not be imported."""


@dataclass
class MethodContext:
    """What the graphs of one method share."""

    sizes: Sizes
    aliasing: Aliasing | None = None
    """set when some graph of the method writes to tensors"""
    custom: set[str] = field(default_factory=set)
    """schemas of the custom operators that are used"""
    locations: Locations = field(default_factory=Locations)
    problems: list[Problem] = field(default_factory=list)

    def report(self, error: EtcError, op: str, location: LocationAttr) -> None:
        """Keep the problems of `error`, with the place where they arose."""
        where = describe_location(location)
        for problem in error.problems:
            found = replace(problem, op=problem.op or op, where=problem.where or where)
            if found not in self.problems:
                self.problems.append(found)


def _word(value: object) -> str:
    """`strided` of torch.strided."""
    return str(value).removeprefix("torch.")


_WORDS: Mapping[type, Any] = {
    torch.dtype: dtype_of,
    torch.device: str,
    torch.layout: _word,
    torch.memory_format: _word,
}

_NUMBER_TYPES = {bool: dtypes.bool_, int: dtypes.int64, float: dtypes.float32, complex: dtypes.complex64}


_NUMBERED = re.compile(r"(?:_\d+)+$")


def set_hint(value: SSAValue, name: str) -> None:
    """Name a value after an fx node, without the numbers at the end: the printer gives its own where names meet."""
    value.name_hint = _NUMBERED.sub("", name) or None


class Emitter(ABC):
    """Appends operations to `block`, and knows the values that fx nodes have there."""

    def __init__(self, context: MethodContext, block: Block):
        self.context, self.block = context, block
        self.env: dict[Node, Any] = {}
        """SSA value, View (when the method writes in place), list of these, Python constant, GraphModule or POISON"""
        self.location: LocationAttr = UnknownLoc()

    # -- values --------------------------------------------------------------------------------------------------------

    def define(self, node: Node, value: SSAValue) -> None:
        """Give a tensor with memory of its own, or a number, to a node."""
        self.env[node] = self._memory(value)

    def _memory(self, value: SSAValue) -> SSAValue | Memory:
        owns = self.context.aliasing is not None and isinstance(value.type, TensorType)
        return Memory(value) if owns else value

    def value_of(self, argument: Any) -> Any:
        """What `env` has for an fx argument; the argument itself when it is not a node. Raises Poisoned."""
        found = self.env[argument] if isinstance(argument, Node) else argument
        if found is POISON:
            raise Poisoned
        return found

    def convert(self, argument: Any) -> Any:
        """An fx argument as `SchemaOp.make` wants it. Raises Poisoned."""
        value = self.value_of(argument)
        if isinstance(value, View):
            return value.read()
        if isinstance(value, list | tuple):
            return [self.convert(v) for v in value]
        word = _WORDS.get(type(value))
        return value if word is None else word(value)

    def arguments(self, callee: Callee, node: Node) -> dict[str, Any]:
        """The arguments of a call by name, as `SchemaOp.make` wants them. Raises Poisoned."""
        args = {name: self.convert(value) for name, value in zip(callee.names, node.args, strict=False)}
        for name, value in node.kwargs.items():
            args[name] = self.convert(value)
        return args

    def results(self, outputs: Sequence[Any]) -> list[SSAValue]:
        """The values of what the output of a region lists; none when one of them could not be imported."""
        try:
            return [self.convert(output) for output in outputs]
        except Poisoned:
            return []

    def result_types(self, node: Node) -> list[Attribute]:
        """The types of a node's results."""
        value = node.meta["val"]
        values = value if isinstance(value, list | tuple) else (value,)
        return [NoneType() if v is None else self.context.sizes.type(v) for v in values]

    def sizes_of(self, value: SSAValue) -> list[int | SSAValue]:
        """The sizes of a tensor, symbolic ones read from it at run time."""
        return [
            self.emit("sym_size.int", {"self": value, "dim": i}, [i64], "size").results[0]
            if isinstance(size, Expr)
            else size
            for i, size in enumerate(Tensor.of(value.type).sizes)
        ]

    @abstractmethod
    def run(self, module: GraphModule) -> Sequence[Any]:
        """Import the nodes between the placeholders, which are in `env`, and the output. Returns what that lists."""

    @abstractmethod
    def inside(self, block: Block) -> Emitter:
        """One for a graph of the same method that stands in a block of its own."""

    # -- operations ----------------------------------------------------------------------------------------------------

    def emit(self, key: str, args: Mapping[str, object], types: Sequence[Attribute], hint: str) -> Operation:
        """Append an ATen operation at the current location."""
        return self._make(aten.op_class(key), args, types, hint)

    def emit_call(self, callee: Callee, args: dict[str, Any], types: Sequence[Attribute], hint: str) -> Operation:
        """Append a call, whose numbers may stand where the schema wants tensors."""
        numbers = numbers_for_tensors(callee, args)
        op_class = callee.op_class
        if numbers and not callee.custom and (scalar := scalar_overload(callee.key, numbers)) is not None:
            op_class = aten_callee(scalar).op_class
        elif numbers:
            self._make_constants(args, numbers)
        assert op_class is not None
        return self._make(op_class, args, types, hint)

    def _make(
        self, op_class: type[SchemaOp], args: Mapping[str, object], types: Sequence[Attribute], hint: str
    ) -> Operation:
        return self.append(op_class.make(args, types), hint)

    def append(self, op: Operation, hint: str) -> Operation:
        """Append an operation at the current location; `hint` names its results."""
        op.location = self.location
        self.block.add_op(op)
        for result in op.results:
            set_hint(result, hint)
        return op

    @contextmanager
    def at(self, node: Node) -> Generator[None]:
        """Emit at the location of `node`."""
        before, self.location = self.location, self.context.locations.of(node.meta)
        try:
            yield
        finally:
            self.location = before

    def repeat(self, node: Node) -> Sequence[SSAValue]:
        """The results of a view operator for the present content of what it views."""
        with self.at(node):
            callee = callee_of(node.target)  # pyright: ignore[reportArgumentType]
            return self.emit_call(callee, self.arguments(callee, node), self.result_types(node), node.name).results

    def _make_constants(self, args: dict[str, Any], numbers: Sequence[str]) -> None:
        """Make rank-0 constants of numbers, with element types that promote as the numbers do."""
        values = [v for v in args.values() if isinstance(v, SSAValue) and isinstance(v.type, TensorType)]
        given = [Tensor.of(v.type).dtype for v in values]
        for name in numbers:
            number = args[name]
            if isinstance(number, SSAValue):
                raise EtcError(f"argument `{name}` is a size, where a tensor is wanted", next_step="use torch.tensor")
            own = _NUMBER_TYPES[type(number)]
            dtype = next((d for d in given if d.kind is own.kind), own)
            constant = program.ConstantOp(blob.pack([number], dtype), Tensor(dtype, ()).type)
            args[name] = self.append(constant, name).results[0]
