"""Which tensors of an exported graph share memory."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Graph, Node

from etc.errors import EtcError
from etc.lowering.import_torch_callees import Callee, callee_of, calls_operator, writes


class NeedsDecompositions(Exception):
    """The graph writes in a way that only PyTorch's own functionalization follows. Never seen by users."""


DROPOUTS = frozenset({"dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"})
"""Operators (input, p, train) that give their argument back when there is nothing to drop; not even export knows it."""

UNDECLARED_VIEWS = frozenset(
    {"type_as", "einsum", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "meshgrid", "sum_to_size"}
    | {"cartesian_prod"}
)
"""Composite operators that may give a view of an argument, although the schema does not say so. PyTorch's
functionalization takes them for copies."""

_ALWAYS_VIEWS = frozenset({"atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "meshgrid"})
_VIEWS_OF_ONE = frozenset({"einsum", "cartesian_prod"})
"""Of the undeclared views, those that always are, and those that may be when they have one argument."""

_SOMETIMES_VIEWS = frozenset(
    {"reshape", "reshape_as", "contiguous", "flatten", "to", "ravel", "_reshape_alias", "resolve_conj", "resolve_neg"}
)
"""Operators that copy when the memory layout requires it."""

_NEVER_SAME = frozenset({"transpose.int", "permute", "t", "mT", "numpy_T", "conj", "_conj", "_neg_view"})
"""Views that differ from their base even when sizes and strides agree."""


class Aliasing:
    """Reads from the fake tensors of a graph's nodes what shares memory with what."""

    def __init__(self, writing: Node):
        """`writing` is a node that writes to its argument. After a `.pt2` file fake tensors of views no longer share
        storage, which shows there; then sizes, strides and the schema decide."""
        source, result = writing.all_input_nodes[0].meta.get("val"), writing.meta.get("val")
        self._by_storage = (
            isinstance(source, torch.Tensor)
            and isinstance(result, torch.Tensor)
            and _storage(source) == _storage(result)
        )

    def is_view(self, callee: Callee, node: Node, value: torch.Tensor) -> bool:
        """Whether a result lies in the memory of the node's first tensor."""
        declared = callee.is_view
        if not (declared or callee.schema.name in UNDECLARED_VIEWS) or not node.all_input_nodes:
            return False
        base: Any = node.all_input_nodes[0].meta.get("val")
        if not isinstance(base, torch.Tensor):
            return declared
        if self._by_storage:
            return _storage(value) == _storage(base)
        sometimes = callee.schema.name in _SOMETIMES_VIEWS
        if declared and not sometimes:
            return True
        if callee.given(node).get("copy") or value.dtype != base.dtype:
            return False
        if callee.schema.name in _VIEWS_OF_ONE and len(node.all_input_nodes) == 1:
            return value.numel() == base.numel()
        if callee.schema.name in _ALWAYS_VIEWS:
            return True
        if value.shape == base.shape:
            return value.stride() == base.stride()
        if not sometimes or base.is_contiguous():
            return sometimes
        raise NeedsDecompositions(callee.key)

    def is_same_tensor(self, callee: Callee, node: Node) -> bool:
        """Whether the operator gives its argument back: `contiguous` of a contiguous tensor, dropout in evaluation."""
        if callee.schema.name in DROPOUTS:
            return drops_nothing(callee, node)
        value = node.meta.get("val")
        base = node.all_input_nodes[0].meta.get("val") if node.all_input_nodes else None
        return (
            isinstance(value, torch.Tensor)
            and isinstance(base, torch.Tensor)
            and same_place(value, base)
            and self.is_view(callee, node, value)
            and callee.key not in _NEVER_SAME
        )

    def copies_to_itself(self, node: Node) -> bool:
        """`x[0] += y` ends with a copy of x[0] to x[0]."""
        target, source = (n.meta.get("val") if isinstance(n, Node) else None for n in node.args[:2])
        return (
            self._by_storage
            and isinstance(target, torch.Tensor)
            and isinstance(source, torch.Tensor)
            and _storage(source) == _storage(target)
            and same_place(source, target)
        )


def drops_nothing(callee: Callee, node: Node) -> bool:
    """Whether a dropout gives its argument back."""
    given = callee.given(node)
    return not given["train"] or given["p"] == 0


def functionalized(exported: ExportedProgram) -> ExportedProgram:
    """The program as PyTorch makes it functional, helped where PyTorch does not see what shares memory.

    Raises EtcError when a write reaches memory that it would take for a copy.
    """
    module = copy.deepcopy(exported.graph_module)
    graphs = [m.graph for m in module.modules() if isinstance(m, torch.fx.GraphModule)]
    for graph in graphs:
        _refuse_hidden_writes(graph)
    if any([_remove_dropouts(graph) for graph in graphs]):
        module.recompile()
        exported = exported._update(module, exported.graph_signature)  # pyright: ignore[reportPrivateUsage]
    return exported.run_decompositions({})


def _remove_dropouts(graph: Graph) -> bool:
    idle = [n for n in _calls(graph, DROPOUTS) if drops_nothing(callee_of(n.target), n)]
    for node in idle:
        node.replace_all_uses_with(node.all_input_nodes[0])
        graph.erase_node(node)
    return bool(idle)


def _refuse_hidden_writes(graph: Graph) -> None:
    written = {_storage(n.all_input_nodes[0].meta["val"]) for n in graph.nodes if writes(n)}
    for node in _calls(graph, UNDECLARED_VIEWS):
        source, result = node.all_input_nodes[0].meta["val"], node.meta["val"]
        for value in result if isinstance(result, list | tuple) else (result,):
            if _storage(value) == _storage(source) and _storage(value) in written:
                raise cannot_write(callee_of(node.target).key)


def _calls(graph: Graph, names: frozenset[str]) -> list[Any]:
    return [n for n in graph.nodes if calls_operator(n) and callee_of(n.target).schema.name in names]


def cannot_write(key: str) -> Exception:
    """What to raise for a write to the result of a view operator whose inverse is not known."""
    if key.partition(".")[0] not in UNDECLARED_VIEWS:
        return NeedsDecompositions(key)
    return EtcError(
        f"the program writes to memory that a result of {key} shares with its argument",
        next_step="clone() the result in the model",
    )


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata  # pyright: ignore[reportPrivateUsage]


def same_place(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether tensors in one storage are the same part of it."""
    return (
        a.dtype == b.dtype
        and a.shape == b.shape
        and a.stride() == b.stride()
        and a.storage_offset() == b.storage_offset()
    )
