"""One fx graph -> the operations of one block.

Each node is handled by what its target is: an ATen overload, a custom operator, arithmetic on sizes, a higher-order
operator. In-place operators are the matter of import_torch_writes.py and import_torch_views.py.
"""

from __future__ import annotations

import operator
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch._ops import HigherOrderOperator, OpOverload
from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import LocationAttr, NoneType, StringAttr, TensorType, UnknownLoc, i64
from xdsl.ir import Attribute, Block, Operation, SSAValue

from etc.dialects import aten, blob, dtypes, program
from etc.dialects.schema_op import SchemaOp
from etc.dialects.sizes import SYMBOL
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, describe_location
from etc.lowering import import_torch_writes
from etc.lowering.import_locations import Locations
from etc.lowering.import_torch_aliasing import Aliasing, NeedsDecompositions, same_place
from etc.lowering.import_torch_callees import (
    Callee,
    aten_callee,
    callee_of,
    checks,
    numbers_for_tensors,
    scalar_overload,
)
from etc.lowering.import_torch_types import Sizes, dtype_of
from etc.lowering.import_torch_views import Memory, Piece, View
from etc.lowering.import_torch_weights import blob_of

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

_SYMBOLIC: Mapping[str, str] = {function: key for key, function in aten.SYMBOLIC.items()}

_READS_OF_DATA = frozenset({"item", "_local_scalar_dense"})
"""Operators whose result is a symbol of its own, as nothing but the data decides it."""

_NUMBER_TYPES = {bool: dtypes.bool_, int: dtypes.int64, float: dtypes.float32, complex: dtypes.complex64}


class GraphImporter:
    """Appends the operations of fx graphs to `block`."""

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
            result.name_hint = hint
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

    # -- nodes ---------------------------------------------------------------------------------------------------------

    def run(self, module: GraphModule) -> Sequence[Any]:
        """Import the nodes between the placeholders, which are in `env`, and the output. Returns what that lists."""
        dropped = checks(module.graph)
        outputs: Any = ()
        for node in module.graph.nodes:
            if node.op == "output":
                outputs = node.args[0]
            elif node.op != "placeholder" and node not in dropped:
                self._node(module, node)
        self.location = UnknownLoc()
        return outputs if isinstance(outputs, list | tuple) else (outputs,)

    def results(self, outputs: Sequence[Any]) -> list[SSAValue]:
        """The values of what the output of a region lists; none when one of them could not be imported."""
        try:
            return [self.convert(output) for output in outputs]
        except Poisoned:
            return []

    def _node(self, module: GraphModule, node: Node) -> None:
        self.location = self.context.locations.of(node.meta)
        try:
            if node.op == "get_attr":
                self._attribute(module, node)
            elif node.op == "call_function":
                self._call(node)
            else:
                raise EtcError(f"an fx node `{node.op}` cannot be compiled", found=str(node.target))
        except EtcError as error:
            self.env[node] = POISON
            self.context.report(error, str(node.target), self.location)
        except Poisoned:
            self.env[node] = POISON

    def _attribute(self, module: GraphModule, node: Node) -> None:
        found: Any = module
        for part in str(node.target).split("."):
            found = getattr(found, part)
        if isinstance(found, torch.Tensor):
            type = Tensor(dtype_of(found.dtype), tuple(found.shape)).type
            self.define(node, self.append(program.ConstantOp(blob_of(found), type), node.name).results[0])
        else:
            self.env[node] = found

    def _call(self, node: Node) -> None:
        target: Any = node.target
        if isinstance(target, OpOverload):
            self._operator(callee_of(target), node)
        elif target is operator.getitem:
            self.env[node] = element = self.value_of(node.args[0])[node.args[1]]
            if isinstance(element, View | SSAValue):
                (element.value if isinstance(element, View) else element).name_hint = node.name
        elif isinstance(target, HigherOrderOperator):
            from etc.lowering.import_torch_control_flow import import_higher_order

            import_higher_order(self, node)
        else:
            self._arithmetic(node)

    def _operator(self, callee: Callee, node: Node) -> None:
        if callee.custom:
            self.context.custom.add(callee.custom)
        aliasing = self.context.aliasing
        if callee.schema.is_mutable:
            (import_torch_writes.write_custom if callee.custom else import_torch_writes.write)(self, callee, node)
            return
        if callee.op_class is None:
            raise EtcError(
                "this operator of PyTorch is not in the table of ATen operators",
                op=callee.schema.op_name,
                next_step="rewrite the model without it, or register a decomposition for torch.export",
            )
        if callee.key == "batch_norm" and node.args[5] and node.args[3] is not None:
            raise NeedsDecompositions(callee.key)  # writes to its statistics, although its schema does not say so
        if aliasing is not None and aliasing.is_same_tensor(callee, node):
            self.env[node] = self.value_of(node.all_input_nodes[0])
            return
        types = self.result_types(node) if callee.schema.returns else ()
        op = self.emit_call(callee, self.arguments(callee, node), types, node.name)
        self.env[node] = self._results(callee, node, op.results)
        if callee.key in _READS_OF_DATA and (name := self.context.sizes.symbol_of(node.meta["val"])) is not None:
            op.attributes[SYMBOL] = StringAttr(name)

    def _results(self, callee: Callee, node: Node, results: Sequence[SSAValue]) -> Any:
        """What the results of a call are to `env`."""
        value = node.meta.get("val")
        is_list = isinstance(value, list | tuple)
        aliasing = self.context.aliasing
        first = value[0] if is_list and value else value
        if aliasing is None or not isinstance(first, torch.Tensor) or not aliasing.is_view(callee, node, first):
            values = [self._memory(r) for r in results]
        else:
            values = [self._piece(callee, node, i if is_list else None, result) for i, result in enumerate(results)]
        return values if is_list else values[0] if values else None

    def _piece(self, callee: Callee, node: Node, index: int | None, result: SSAValue) -> View:
        """A result that lies in the memory of an argument; in a list, of the argument at its place if there is a list."""
        source = node.all_input_nodes[(index or 0) if callee.schema.args[0].type == "Tensor[]" else 0]
        base = self.value_of(source)
        if not isinstance(base, View):
            raise NeedsDecompositions(callee.key)
        if index is not None and same_place(node.meta["val"][index], source.meta["val"]):
            return base
        return Piece(self, node, base, result, index)

    def _arithmetic(self, node: Node) -> None:
        """`operator.mul`, `torch.sym_max`, … on sizes and numbers."""
        target: Any = node.target
        name = f"{target.__module__}.{target.__name__}"
        key = _SYMBOLIC.get(name)
        if key is None:
            raise EtcError("this Python function has no counterpart in a compiled program", op=name)
        args = dict(zip(aten_callee(key).names, map(self.convert, node.args), strict=False))
        self.env[node] = self.emit(key, args, self.result_types(node), node.name).results[0]
