"""Higher-order operators of exported programs: regions for control flow, inlining for what only sets a mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import StringAttr, TensorType, i64
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from etc.dialects import dtypes
from etc.dialects.aten import CondOp, MapOp, ScanOp, WhileLoopOp, YieldOp
from etc.dialects.blob import pack
from etc.dialects.program import ConstantOp, SymbolOp
from etc.dialects.sizes import SYMBOL
from etc.dialects.tensor import tensor
from etc.errors import EtcError
from etc.lowering.import_torch_aliasing import NeedsDecompositions
from etc.lowering.import_torch_emitter import Emitter, set_hint
from etc.lowering.import_torch_views import Memory


def import_higher_order(importer: Emitter, node: Node) -> None:
    """Import a call of a higher-order operator. Raises EtcError for unknown ones."""
    target: Any = node.target
    name: str = target.name()
    if name in _INLINED:
        _inline(importer, node, *_INLINED[name](node))
        return
    build = _OPERATIONS.get(name)
    if build is None:
        raise EtcError(
            "this higher-order operator cannot be compiled",
            op=name,
            expected=f"one of {', '.join(sorted({*_OPERATIONS, *_INLINED}))}",
        )
    op = importer.append(build(importer, node), node.name)
    importer.env[node] = [
        _number(importer, result, value, node.name)
        if _is_number(value)
        else Memory(result)
        if _is_owner(importer, result)
        else result
        for result, value in zip(op.results, node.meta["val"], strict=True)
    ]


def _is_owner(importer: Emitter, value: SSAValue) -> bool:
    return importer.context.aliasing is not None and isinstance(value.type, TensorType)


# -- inlining ---------------------------------------------------------------------------------------------------------


def _inline(importer: Emitter, node: Node, graph: Node, operands: Sequence[Any]) -> None:
    module = importer.env[graph]
    assert isinstance(module, GraphModule)
    placeholders = [n for n in module.graph.nodes if n.op == "placeholder"]
    for placeholder, operand in zip(placeholders, operands, strict=True):
        importer.env[placeholder] = importer.env[operand] if isinstance(operand, Node) else operand
    results = importer.run(module)
    importer.env[node] = [importer.env[r] if isinstance(r, Node) else r for r in results]


def _of_autocast(node: Any) -> tuple[Any, Sequence[Any]]:
    _, _, enabled, _, graph, *operands = node.args
    if enabled:
        raise NeedsDecompositions("autocast")  # its casts are not in the graph
    return graph, operands


_INLINED: Mapping[str, Callable[[Any], tuple[Any, Sequence[Any]]]] = {
    "wrap_with_set_grad_enabled": lambda node: (node.args[1], node.args[2:]),
    "wrap_with_autocast": _of_autocast,
    "invoke_subgraph": lambda node: (node.args[0], node.args[2:]),
    "tag_activation_checkpoint": lambda node: (node.args[0], node.args[1:]),
    "wrap": lambda node: (node.args[0], node.args[1:]),
    "strict_mode": lambda node: (node.args[0], node.args[1]),
    "hints_wrapper": lambda node: (node.args[0], node.args[1]),
}
"""Operators that run one graph: the graph's node and the operands."""


# -- regions ----------------------------------------------------------------------------------------------------------


def _region(importer: Emitter, graph: Any, passed: int = 0, yields_tensors: bool = True) -> Region:
    """A graph as a region that sees only its arguments; the first `passed` of them are tensors, numbers included.

    Raises NeedsDecompositions when it writes to one of its arguments.
    """
    module = importer.env[graph]
    assert isinstance(module, GraphModule)
    placeholders = [n for n in module.graph.nodes if n.op == "placeholder"]
    values = [n.meta["val"] for n in placeholders]
    block = Block(
        arg_types=[
            _SCALAR if i < passed and _is_number(value) else importer.context.sizes.type(value)
            for i, value in enumerate(values)
        ]
    )
    inner = importer.inside(block)
    for placeholder, value, argument in zip(placeholders, values, block.args, strict=True):
        set_hint(argument, placeholder.name)
        is_tensor = not _is_number(value) or argument.type != _SCALAR
        inner.define(placeholder, argument if is_tensor else _number(inner, argument, value, placeholder.name))
    results = inner.results(inner.run(module))
    for placeholder in placeholders:
        memory = inner.env[placeholder]
        if isinstance(memory, Memory) and memory.version:
            raise NeedsDecompositions("a region writes to its argument")
    inner.append(YieldOp(*(_as_tensors(inner, results) if yields_tensors else results)), "")
    return Region(block)


_SCALAR = tensor(dtypes.int64, ()).type
"""The type of a number that a loop carries or that a choice gives: a tensor of rank 0, as data decides it."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | torch.SymInt) and not isinstance(value, bool)


def _number(importer: Emitter, value: SSAValue, known: Any, hint: str) -> SSAValue:
    """The number in a tensor of rank 0; a symbol of its own where torch has one for it."""
    op = importer.emit("_local_scalar_dense", {"self": value}, [i64], hint)
    if (name := importer.context.sizes.symbol_of(known)) is not None:
        op.attributes[SYMBOL] = StringAttr(name)
        importer.append(SymbolOp(name, value), name)
    return op.results[0]


def _as_tensors(importer: Emitter, values: Sequence[Any]) -> list[SSAValue]:
    """`values` with numbers as tensors of rank 0."""
    return [_as_tensor(importer, value) for value in values]


def _as_tensor(importer: Emitter, value: Any) -> SSAValue:
    if isinstance(value, SSAValue):
        if value.type != i64:
            return value
        return importer.emit("scalar_tensor", {"s": value, "dtype": dtypes.int64}, [_SCALAR], "number").results[0]
    if not _is_number(value):
        raise EtcError("this cannot go through control flow", expected="tensors and integers", found=repr(value))
    return importer.append(ConstantOp(pack([value], dtypes.int64), _SCALAR), "number").results[0]


def _result_types(importer: Emitter, node: Node) -> list[Attribute]:
    return [_SCALAR if type == i64 else type for type in importer.result_types(node)]


def _cond(importer: Emitter, node: Node) -> Operation:
    predicate, then_graph, else_graph, operands = node.args
    return CondOp(
        importer.convert(predicate),
        importer.convert(operands),
        _result_types(importer, node),
        _region(importer, then_graph),
        _region(importer, else_graph),
    )


def _while_loop(importer: Emitter, node: Node) -> Operation:
    condition, body, initial, captures = node.args
    carried = _as_tensors(importer, importer.convert(initial))
    return WhileLoopOp(
        carried,
        importer.convert(captures),
        _result_types(importer, node),
        _region(importer, condition, len(carried), yields_tensors=False),
        _region(importer, body, len(carried)),
    )


def _scan(importer: Emitter, node: Node) -> Operation:
    combine, initial, xs, captures = node.args
    init = _as_tensors(importer, importer.convert(initial))
    return ScanOp(
        init,
        importer.convert(xs),
        importer.convert(captures),
        _result_types(importer, node),
        _region(importer, combine, len(init)),
    )


def _map(importer: Emitter, node: Node) -> Operation:
    body, xs, captures = node.args
    return MapOp(importer.convert(xs), importer.convert(captures), importer.result_types(node), _region(importer, body))


_OPERATIONS: Mapping[str, Callable[[Emitter, Node], Operation]] = {
    "cond": _cond,
    "while_loop": _while_loop,
    "scan": _scan,
    "map_impl": _map,
}
