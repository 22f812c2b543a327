"""One fx graph -> the operations of one block.

Each node is handled by what its target is: an ATen overload, a custom operator, arithmetic on sizes, a higher-order operator.
What is known of a target (operation class, names of the arguments, whether it writes or gives views) is worked out once.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import LocationAttr, NoneType, StringAttr, TensorType, UnknownLoc
from xdsl.ir import Attribute, Block, Operation, SSAValue

from etc.dialects import aten, blob, dtypes, program
from etc.dialects.schema import Schema, parse, table
from etc.dialects.schema_op import SchemaOp
from etc.dialects.sizes import SYMBOL
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, describe_location
from etc.lowering.import_locations import Locations
from etc.lowering.import_torch_types import Sizes, dtype_of
from etc.lowering.import_torch_views import Memory, NeedsDecompositions, Piece, View

POISON = object()
"""The value of a node that could not be imported; what depends on it is not reported again."""


class _Poisoned(Exception):
    """A node depends on one that could not be imported."""


@dataclass
class MethodContext:
    """What the graphs of one method share."""

    sizes: Sizes
    locations: Locations = field(default_factory=Locations)
    problems: list[Problem] = field(default_factory=list)
    in_place: bool = False
    """whether some graph of the method writes to tensors"""
    shares_storage: bool = True
    """whether fake tensors of views share storage, which is lost in a `.pt2` file"""

    def report(self, error: EtcError, op: str, location: LocationAttr) -> None:
        where = describe_location(location)
        for p in error.problems:
            found = Problem(p.what, p.op or op, p.where or where, p.expected, p.found, p.next_step)
            if found not in self.problems:
                self.problems.append(found)


@dataclass(frozen=True)
class Callee:
    """An operator that fx nodes call."""

    key: str
    """`add.Tensor`; with the namespace for operators that are not ATen's"""
    schema: Schema
    op_class: type[SchemaOp] | None
    """None for in-place operators and unknown ones"""
    names: tuple[str, ...]
    tensors: tuple[str, ...]
    """arguments that must be tensors, so that numbers there need care"""

    @property
    def writes(self) -> bool:
        return self.schema.is_mutable


@cache
def callee_of(target: Any) -> Callee:
    """What is known of a `torch._ops.OpOverload`. Raises EtcError for operators that the IR cannot hold."""
    text = str(target._schema)
    overload = target._overloadname
    name = target._schema.name.removeprefix("aten::") + ("" if overload == "default" else f".{overload}")
    is_aten = target.namespace == "aten"
    known = is_aten and name in table()
    schema = aten.schema(name) if known else parse(text)
    op_class: type[SchemaOp] | None = None
    if known:
        op_class = aten.op_class(name)
    elif not is_aten and not schema.is_mutable:
        from etc.dialects import custom

        op_class = custom.op_class(text)
    tensors = tuple(a.name for a in schema.args if a.is_tensor)
    return Callee(name, schema, op_class, tuple(a.name for a in schema.args), tensors)


_SYMBOLIC: Mapping[str, str] = {function: key for key, function in aten.SYMBOLIC.items()}
_ASSERTIONS = frozenset(
    {
        "_assert_scalar",
        "_assert_async",
        "_assert_async.msg",
        "_assert_tensor_metadata",
        "sym_constrain_range",
        "sym_constrain_range_for_size",
    }
)
"""Checks of sizes: export has turned them into ranges of symbols, which the method keeps."""

_WORDS: Mapping[type, Any] = {
    torch.dtype: dtype_of,
    torch.device: str,
    torch.layout: lambda layout: str(layout).removeprefix("torch."),
    torch.memory_format: lambda format: str(format).removeprefix("torch."),
}


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
        self.env[node] = Memory(value) if self.context.in_place and isinstance(value.type, TensorType) else value

    def convert(self, value: Any) -> Any:
        """An fx argument as `SchemaOp.make` wants it."""
        if isinstance(value, Node):
            found = self.env[value]
            if isinstance(found, View):
                return found.read()
            if found is POISON:
                raise _Poisoned
            return self.convert(found) if isinstance(found, list) else found
        if isinstance(value, View):
            return value.read()
        if isinstance(value, list | tuple):
            return [self.convert(v) for v in value]
        word = _WORDS.get(type(value))
        return value if word is None else word(value)

    def emit(
        self,
        key: str,
        args: Mapping[str, object],
        types: Sequence[Attribute],
        hint: str,
        op_class: type[SchemaOp] | None = None,
    ) -> Operation:
        """Append an operation at the current location."""
        op = (op_class or aten.op_class(key)).make(args, types, location=self.location)
        return self.append(op, hint)

    def append(self, op: Operation, hint: str) -> Operation:
        op.location = self.location
        self.block.add_op(op)
        for result in op.results:
            result.name_hint = hint
        return op

    @contextmanager
    def at(self, node: Node) -> Iterator[None]:
        """Emit at the location of `node`."""
        before, self.location = self.location, self.context.locations.of(node.meta)
        try:
            yield
        finally:
            self.location = before

    def sizes_of(self, value: SSAValue) -> list[int | SSAValue]:
        """The sizes of a tensor, symbolic ones read from it at run time."""
        return [
            self.emit("sym_size.int", {"self": value, "dim": i}, [self.context.sizes.type(0)], "size").results[0]
            if isinstance(size, Expr)
            else size
            for i, size in enumerate(Tensor.of(value.type).sizes)
        ]

    def key_of(self, node: Node) -> str:
        return callee_of(node.target).key

    def result_types(self, node: Node) -> list[Attribute]:
        """The types of a node's results."""
        value = node.meta["val"]
        values = value if isinstance(value, list | tuple) else (value,)
        return [NoneType() if v is None else self.context.sizes.type(v) for v in values]

    def repeat(self, node: Node, base: SSAValue) -> Sequence[SSAValue]:
        """The results of a view operator applied to the present content of its base."""
        with self.at(node):
            callee = callee_of(node.target)
            args = self._arguments(callee, node)
            args[callee.names[0]] = base
            return self.emit(callee.key, args, self.result_types(node), node.name, callee.op_class).results

    # -- nodes ---------------------------------------------------------------------------------------------------------

    def run(self, module: GraphModule) -> Sequence[Any]:
        """Import the nodes between the placeholders, which are in `env`, and the output. Returns what the output lists."""
        dropped = _without_assertions(module.graph)
        for node in module.graph.nodes:
            if node.op == "output":
                outputs = node.args[0]
                self.location = UnknownLoc()
                return outputs if isinstance(outputs, list | tuple) else (outputs,)
            if node.op != "placeholder" and node not in dropped:
                self._node(module, node)
        raise AssertionError("an fx graph ends with its output")

    def results(self, outputs: Sequence[Any]) -> list[SSAValue]:
        """The values of what the output of a region lists; empty when one of them could not be imported."""
        try:
            return [self.convert(output) for output in outputs]
        except _Poisoned:
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
        except _Poisoned:
            self.env[node] = POISON

    def _attribute(self, module: GraphModule, node: Node) -> None:
        found: Any = module
        for part in str(node.target).split("."):
            found = getattr(found, part)
        if isinstance(found, torch.Tensor):
            from etc.lowering.import_torch_weights import blob_of

            type = Tensor(dtype_of(found.dtype), tuple(found.shape)).type
            self.define(node, self.append(program.ConstantOp(blob_of(found), type), node.name).results[0])
        else:
            self.env[node] = found

    def _call(self, node: Node) -> None:
        target: Any = node.target
        if target is operator.getitem:
            source, index = node.args
            assert isinstance(source, Node)
            values = self.env[source]
            if values is POISON:
                raise _Poisoned
            self.env[node] = element = values[index]
            if isinstance(element, SSAValue):
                element.name_hint = node.name
        elif isinstance(target, torch._ops.OpOverload):
            self._operator(callee_of(target), node)
        elif isinstance(target, torch._ops.HigherOrderOperator):
            from etc.lowering.import_torch_control_flow import import_higher_order

            import_higher_order(self, node)
        else:
            self._arithmetic(node)

    def _operator(self, callee: Callee, node: Node) -> None:
        if callee.writes:
            self._write(callee, node)
            return
        if callee.op_class is None:
            raise EtcError(
                "this operator of PyTorch is not in the table of ATen operators",
                op=callee.schema.op_name,
                next_step="rewrite the model without it, or register a decomposition for torch.export",
            )
        if callee.key == "batch_norm" and node.args[5] and node.args[3] is not None:
            raise NeedsDecompositions(callee.key)  # writes to its statistics, although its schema does not say so
        if self.context.in_place and self._is_same_tensor(callee, node):
            self.env[node] = self.env[node.all_input_nodes[0]]
            return
        args = self._arguments(callee, node)
        key, op_class = callee.key, callee.op_class
        numbers = _numbers_for_tensors(callee, args)
        if numbers:
            scalar = _scalar_overload(callee, numbers)
            if scalar is not None:
                key, op_class = scalar, aten.op_class(scalar)
            else:
                self._make_constants(args, numbers)
        types = self.result_types(node) if callee.schema.returns else ()
        op = self.emit(key, args, types, node.name, op_class)
        self._bind(callee, node, op)

    def _bind(self, callee: Callee, node: Node, op: Operation) -> None:
        """Give the results of an operation to its node."""
        value = node.meta.get("val")
        if isinstance(value, list | tuple):
            self.env[node] = (
                self._views(callee, node, list(op.results), value) if self.context.in_place else list(op.results)
            )
        elif op.results:
            result = op.results[0]
            if not self.context.in_place or not isinstance(value, torch.Tensor):
                self.env[node] = result
                if callee.key in _READS_OF_DATA and (name := self.context.sizes.symbol_of(value)) is not None:
                    op.attributes[SYMBOL] = StringAttr(name)
            elif self._is_view(callee, node, value):
                self.env[node] = Piece(self, node, self._base(node), result)
            else:
                self.env[node] = Memory(result)

    def _arguments(self, callee: Callee, node: Node) -> dict[str, Any]:
        args = {name: self.convert(value) for name, value in zip(callee.names, node.args, strict=False)}
        for name, value in node.kwargs.items():
            args[name] = self.convert(value)
        return args

    def _arithmetic(self, node: Node) -> None:
        """`operator.mul`, `torch.sym_max`, … on sizes and numbers."""
        target: Any = node.target
        key = _SYMBOLIC.get(f"{target.__module__}.{target.__name__}")
        if key is None:
            raise EtcError(
                "this Python function has no counterpart in a compiled program",
                op=f"{target.__module__}.{target.__name__}",
            )
        names = [a.name for a in aten.schema(key).args]
        args = dict(zip(names, map(self.convert, node.args), strict=False))
        self.env[node] = self.emit(key, args, self.result_types(node), node.name).results[0]

    # -- numbers where the schema wants tensors ------------------------------------------------------------------------

    def _make_constants(self, args: dict[str, Any], numbers: Sequence[str]) -> None:
        """Make rank-0 constants of numbers, with element types that promote as the numbers do."""
        given = [
            Tensor.of(v.type).dtype for v in args.values() if isinstance(v, SSAValue) and isinstance(v.type, TensorType)
        ]
        for name in numbers:
            number = args[name]
            if isinstance(number, SSAValue):
                raise EtcError(
                    f"argument `{name}` is a size, where a tensor is wanted", next_step="use torch.tensor(size)"
                )
            kind = _NUMBER_TYPES[type(number)].kind
            dtype = next((d for d in given if d.kind is kind), _NUMBER_TYPES[type(number)])
            constant = program.ConstantOp(blob.pack([number], dtype), Tensor(dtype, ()).type)
            args[name] = self.append(constant, name).results[0]

    # -- writing in place ----------------------------------------------------------------------------------------------

    def _base(self, node: Node) -> View:
        base = self.env[node.all_input_nodes[0]]
        if not isinstance(base, View):
            raise NeedsDecompositions(str(node.target))
        return base

    def _views(self, callee: Callee, node: Node, results: list[SSAValue], values: Sequence[Any]) -> list[Any]:
        tensors = [v for v in values if isinstance(v, torch.Tensor)]
        if tensors and self._is_view(callee, node, tensors[0]):
            base = self._base(node)
            return [Piece(self, node, base, result, i) for i, result in enumerate(results)]
        return [Memory(r) if isinstance(r.type, TensorType) else r for r in results]

    def _is_same_tensor(self, callee: Callee, node: Node) -> bool:
        """Whether the operator gives its argument back: `contiguous` of a contiguous tensor, dropout in evaluation."""
        value = node.meta.get("val")
        if not isinstance(value, torch.Tensor) or not node.all_input_nodes:
            return False
        base = node.all_input_nodes[0].meta.get("val")
        return (
            isinstance(base, torch.Tensor)
            and value.dtype == base.dtype
            and value.shape == base.shape
            and value.stride() == base.stride()
            and value.storage_offset() == base.storage_offset()
            and self._is_view(callee, node, value)
            and callee.key not in _NEVER_SAME
        )

    def _is_view(self, callee: Callee, node: Node, value: torch.Tensor) -> bool:
        """Whether a result is in the memory of the node's first tensor."""
        may = callee.schema.is_view or callee.schema.name in _UNDECLARED_VIEWS
        if not may or not node.all_input_nodes:
            return False
        if node.args[0] is not node.all_input_nodes[0]:
            raise NeedsDecompositions(callee.key)
        base: Any = node.all_input_nodes[0].meta.get("val")
        if not isinstance(base, torch.Tensor):
            return callee.schema.is_view
        if self.context.shares_storage:
            return value.untyped_storage()._cdata == base.untyped_storage()._cdata
        if callee.schema.is_view and callee.schema.name not in _SOMETIMES_VIEWS:
            return True
        if node.kwargs.get("copy") or value.dtype != base.dtype:
            return False
        if value.shape == base.shape:
            return value.stride() == base.stride()
        if callee.schema.name in _SOMETIMES_VIEWS and base.is_contiguous():
            return True
        raise NeedsDecompositions(callee.key)

    def _write(self, callee: Callee, node: Node) -> None:
        """`add_(x, y)`: the functional operator, whose result becomes the content of x."""
        written = [a.name for a in callee.schema.args if a.is_written]
        target = self.env.get(node.args[0]) if node.args and isinstance(node.args[0], Node) else None
        if target is POISON:
            raise _Poisoned
        key = aten.functional_of(callee.key) if callee.op_class is None and node.target.namespace == "aten" else None  # pyright: ignore
        if key == "detach":
            self.env[node] = target
            return
        if (
            not isinstance(target, View)
            or key is None
            or written != [callee.names[0]]
            or aten.schema(key).is_view
            or callee.schema.name in _CHANGE_GEOMETRY
        ):
            raise NeedsDecompositions(callee.key)
        args = self._arguments(callee, node)
        before = target.read()
        value = self._copied(before, args["src"]) if key == "copy" else self._functional(key, args, before, node)
        target.write(value)
        self.env[node] = target

    def _copied(self, before: SSAValue, source: Any) -> SSAValue:
        if source.type == before.type:
            return source
        return self.emit("copy", {"self": before, "src": source}, [before.type], "copy").results[0]

    def _functional(self, key: str, args: dict[str, Any], before: SSAValue, node: Node) -> SSAValue:
        """The new content, in the element type of the old one."""
        callee = _aten_callee(key)
        known = {name: value for name, value in args.items() if name in callee.names}
        dtype = _functional_dtype(key, node)
        numbers = _numbers_for_tensors(callee, known)
        if numbers:
            scalar = _scalar_overload(callee, numbers)
            if scalar is None:
                self._make_constants(known, numbers)
            else:
                key = scalar
        old = Tensor.of(before.type)
        new = Tensor(dtype_of(dtype), old.sizes) if dtype is not None else old
        value = self.emit(key, known, [new.type], node.name).results[0]
        if new == old:
            return value
        cast = {"self": value, "dtype": old.dtype}
        return self.emit("to.dtype", cast, [before.type], node.name).results[0]


_READS_OF_DATA = frozenset({"item", "_local_scalar_dense"})
"""Operators whose result is a symbol of its own, as nothing but the data decides it."""

_SOMETIMES_VIEWS = frozenset(
    {"reshape", "reshape_as", "contiguous", "flatten", "to", "ravel", "_reshape_alias", "resolve_conj", "resolve_neg"}
)
"""Operators that copy when the memory layout requires it."""

_UNDECLARED_VIEWS = frozenset(
    {"dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "type_as", "einsum", "pad"}
    | {"atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "meshgrid", "sum_to_size"}
)
"""Composite operators that may give their argument or a view of it, although the schema does not say so."""

_NEVER_SAME = frozenset({"transpose.int", "permute", "t", "mT", "numpy_T", "conj", "_conj", "_neg_view"})
"""Views that differ from their base even when sizes and strides agree."""

_CHANGE_GEOMETRY = frozenset({"resize_", "resize_as_", "set_", "swapaxes_", "swapdims_", "as_strided_"})
"""In-place operators that change what memory a tensor is."""

_NUMBER_TYPES = {
    bool: dtypes.bool_,
    int: dtypes.int64,
    float: dtypes.float32,
    complex: dtypes.complex64,
}


@cache
def _aten_callee(key: str) -> Callee:
    schema = aten.schema(key)
    tensors = tuple(a.name for a in schema.args if a.is_tensor)
    return Callee(key, schema, aten.op_class(key), tuple(a.name for a in schema.args), tensors)


def _numbers_for_tensors(callee: Callee, args: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments that are numbers although the schema wants tensors."""
    return tuple(
        name
        for name in callee.tensors
        if isinstance(value := args.get(name), bool | int | float | complex)
        or (isinstance(value, SSAValue) and not isinstance(value.type, TensorType))
    )


@cache
def _siblings() -> Mapping[str, tuple[str, ...]]:
    """The overloads of the table by the operator's name."""
    found: dict[str, list[str]] = {}
    for key in table():
        found.setdefault(key.partition(".")[0], []).append(key)
    return {name: tuple(keys) for name, keys in found.items()}


@cache
def _scalar_overload(callee: Callee, numbers: tuple[str, ...]) -> str | None:
    """The overload that takes numbers there: `mul.Scalar` for `mul.Tensor`, `where.ScalarOther` for `where.self`."""
    wanted = [(a.name, "Scalar" if a.name in numbers else a.type) for a in callee.schema.args]
    for key in _siblings().get(callee.schema.name, ()):
        if [(a.name, a.type) for a in aten.schema(key).args] == wanted:
            return key
    return None


def _functional_dtype(key: str, node: Node) -> torch.dtype | None:
    """The element type that the functional twin of an in-place operator gives; None when it is the tensor's own."""
    tensors = [n.meta.get("val") for n in node.all_input_nodes]
    own: torch.dtype = tensors[0].dtype  # pyright: ignore[reportOptionalMemberAccess]
    name, _, overload = key.partition(".")
    same = all(not isinstance(t, torch.Tensor) or t.dtype == own for t in tensors)
    if same and own.is_floating_point and name not in _PREDICATES:
        return None
    function = getattr(getattr(torch.ops.aten, name), overload or "default")

    def fake(value: Any) -> Any:
        if isinstance(value, Node):
            return value.meta["val"]
        return [fake(v) for v in value] if isinstance(value, list | tuple) else value

    result = function(*map(fake, node.args), **{name: fake(v) for name, v in node.kwargs.items()})
    return None if result.dtype == own else result.dtype


_PREDICATES = frozenset(
    {"eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor", "logical_not", "greater"}
    | {"greater_equal", "less", "less_equal", "not_equal"}
)
"""Operators whose result is bool whatever the arguments are."""


def _without_assertions(graph: torch.fx.Graph) -> set[Node]:
    """The checks of a graph, and the arithmetic that only they use."""
    dropped: set[Node] = set()
    pending = [n for n in graph.nodes if isinstance(n.target, torch._ops.OpOverload) and _is_assertion(n.target)]
    while pending:
        node = pending.pop()
        dropped.add(node)
        for source in node.all_input_nodes:
            number = isinstance(source.meta.get("val"), torch.SymInt | torch.SymBool | torch.SymFloat)
            if number and source.op == "call_function" and source not in dropped and dropped.issuperset(source.users):
                pending.append(source)
    return dropped


def writes(node: Node) -> bool:
    """Whether a node is an operator that writes to one of its arguments."""
    return isinstance(node.target, torch._ops.OpOverload) and _is_mutable(node.target)


@cache
def _is_mutable(target: Any) -> bool:
    return target._schema.is_mutable and target._schema.name != "aten::detach_"


@cache
def _is_assertion(target: Any) -> bool:
    overload = target._overloadname
    return (
        f"{target._schema.name.removeprefix('aten::')}{'' if overload == 'default' else '.' + overload}" in _ASSERTIONS
    )
