"""What is known of the operators that fx nodes call, worked out once per operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeGuard

import torch
from torch._ops import OpOverload
from torch.fx import Graph, Node
from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue

from etc.dialects import aten, custom
from etc.dialects.schema import Schema, parse, table
from etc.dialects.schema_op import SchemaOp


@dataclass(frozen=True)
class Callee:
    """An operator that fx nodes call."""

    key: str
    """`add.Tensor`; with the namespace for operators that are not ATen's"""
    schema: Schema
    op_class: type[SchemaOp] | None
    """None for operators that are not in the table, such as ATen's in-place ones"""
    names: tuple[str, ...]
    tensors: tuple[str, ...]
    """arguments that must be tensors, so that numbers there need care"""
    is_view: bool
    """a result shares the memory of an argument that is only read"""
    is_mutable: bool
    custom: str = ""
    """the text of the schema when the operator is not ATen's"""

    def given(self, node: Node) -> dict[str, Any]:
        """The arguments of a call by name."""
        return dict(zip(self.names, node.args, strict=False)) | node.kwargs


def _callee(key: str, schema: Schema, op_class: type[SchemaOp] | None, custom: str = "") -> Callee:
    names = tuple(a.name for a in schema.args)
    tensors = tuple(a.name for a in schema.args if a.is_tensor)
    return Callee(key, schema, op_class, names, tensors, schema.is_view, schema.is_mutable, custom)


@cache
def callee_of(target: Any) -> Callee:
    """The facts of a `torch._ops.OpOverload`. Raises EtcError for operators that the IR cannot hold."""
    text, key = str(target._schema), _key(target)
    if target.namespace != "aten":
        return _callee(key, parse(text), custom.op_class(text), text)
    return aten_callee(key) if key in table() else _callee(key, parse(text), None)


@cache
def aten_callee(key: str) -> Callee:
    """An operator of the table."""
    return _callee(key, aten.schema(key), aten.op_class(key))


def _key(target: Any) -> str:
    name, overload = target._schema.name.removeprefix("aten::"), target._schema.overload_name
    return f"{name}.{overload}" if overload else name


# -- numbers where the schema wants tensors ----------------------------------------------------------------------------


def numbers_for_tensors(callee: Callee, args: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments that are numbers although the schema wants tensors."""
    return tuple(name for name in callee.tensors if _is_number(args.get(name)))


def _is_number(value: object) -> bool:
    if isinstance(value, SSAValue):
        return not isinstance(value.type, TensorType)  # pyright: ignore[reportUnknownMemberType]
    return isinstance(value, bool | int | float | complex)


@cache
def _siblings() -> Mapping[str, tuple[str, ...]]:
    """The overloads of the table by the operator's name."""
    found: dict[str, list[str]] = {}
    for key in table():
        found.setdefault(key.partition(".")[0], []).append(key)
    return {name: tuple(keys) for name, keys in found.items()}


@cache
def scalar_overload(key: str, numbers: tuple[str, ...]) -> str | None:
    """The overload that takes numbers there: `mul.Scalar` for `mul.Tensor`, `where.ScalarOther` for `where.self`."""
    wanted = [(a.name, "Scalar" if a.name in numbers else a.type) for a in aten.schema(key).args]
    for other in _siblings()[key.partition(".")[0]]:
        if [(a.name, a.type) for a in aten.schema(other).args] == wanted:
            return other
    return None


# -- operators that write, and checks ----------------------------------------------------------------------------------


def calls_operator(node: Node) -> TypeGuard[Any]:
    return isinstance(node.target, OpOverload)


def writes(node: Node) -> bool:
    """Whether a node is an operator that writes to one of its arguments."""
    return isinstance(node.target, OpOverload) and _is_mutable(node.target)


@cache
def _is_mutable(target: Any) -> bool:
    return target._schema.is_mutable and target._schema.name != "aten::detach_"


_CHECKS = frozenset(
    {"_assert_scalar", "_assert_async", "_assert_async.msg", "_assert_tensor_metadata"}
    | {"sym_constrain_range", "sym_constrain_range_for_size"}
)
"""Checks of sizes: export has turned them into ranges of symbols, which the method keeps."""


@cache
def _is_check(target: Any) -> bool:
    return target.namespace == "aten" and _key(target) in _CHECKS


def checks(graph: Graph) -> set[Node]:
    """The checks of a graph, and the arithmetic that only they use."""
    dropped: set[Node] = set()
    pending = [n for n in graph.nodes if isinstance(n.target, OpOverload) and _is_check(n.target)]
    while pending:
        node = pending.pop()
        dropped.add(node)
        for source in node.all_input_nodes:
            number = isinstance(source.meta.get("val"), torch.SymInt | torch.SymBool | torch.SymFloat)
            if number and source.op == "call_function" and source not in dropped and dropped.issuperset(source.users):
                pending.append(source)
    return dropped
