"""Higher-order operators of exported programs: regions for control flow, inlining for what only sets a mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Block, Operation, Region, SSAValue

from etc.dialects.aten import CondOp, MapOp, ScanOp, WhileLoopOp, YieldOp
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
    importer.env[node] = [Memory(r) if _is_owner(importer, r) else r for r in op.results]


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


def _region(importer: Emitter, graph: Any) -> Region:
    """A graph as a region that sees only its arguments. Raises NeedsDecompositions when it writes to one of them."""
    module = importer.env[graph]
    assert isinstance(module, GraphModule)
    placeholders = [n for n in module.graph.nodes if n.op == "placeholder"]
    block = Block(arg_types=[importer.context.sizes.type(n.meta["val"]) for n in placeholders])
    inner = importer.inside(block)
    for placeholder, argument in zip(placeholders, block.args, strict=True):
        set_hint(argument, placeholder.name)
        inner.define(placeholder, argument)
    results = inner.results(inner.run(module))
    for placeholder in placeholders:
        memory = inner.env[placeholder]
        if isinstance(memory, Memory) and memory.version:
            raise NeedsDecompositions("a region writes to its argument")
    inner.append(YieldOp(*results), "")
    return Region(block)


def _cond(importer: Emitter, node: Node) -> Operation:
    predicate, then_graph, else_graph, operands = node.args
    return CondOp(
        importer.convert(predicate),
        importer.convert(operands),
        importer.result_types(node),
        _region(importer, then_graph),
        _region(importer, else_graph),
    )


def _while_loop(importer: Emitter, node: Node) -> Operation:
    condition, body, carried, captures = node.args
    return WhileLoopOp(
        importer.convert(carried),
        importer.convert(captures),
        importer.result_types(node),
        _region(importer, condition),
        _region(importer, body),
    )


def _scan(importer: Emitter, node: Node) -> Operation:
    combine, init, xs, captures = node.args
    return ScanOp(
        importer.convert(init),
        importer.convert(xs),
        importer.convert(captures),
        importer.result_types(node),
        _region(importer, combine),
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
