"""In-place operators: the functional operator computes the new content, a `View` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.fx import Node
from xdsl.ir import SSAValue

from etc.dialects import aten
from etc.dialects.tensor import Tensor
from etc.lowering.import_torch_aliasing import NeedsDecompositions
from etc.lowering.import_torch_callees import Callee, aten_callee
from etc.lowering.import_torch_types import dtype_of
from etc.lowering.import_torch_views import Memory, View

if TYPE_CHECKING:
    from etc.lowering.import_torch_emitter import Emitter

_CHANGE_GEOMETRY = frozenset({"resize_", "resize_as_", "set_", "swapaxes_", "swapdims_", "as_strided_"})
"""In-place operators that change what memory a tensor is."""

_PREDICATES = frozenset(
    {"eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor", "logical_not", "greater"}
    | {"greater_equal", "less", "less_equal", "not_equal"}
)
"""Operators whose result is bool whatever the arguments are."""


def write(importer: Emitter, callee: Callee, node: Node) -> None:
    """`add_(x, y)`: the functional operator's result becomes the content of x. Raises NeedsDecompositions."""
    target = importer.value_of(node.args[0]) if node.args else None
    key = aten.functional_of(callee.key)
    if key == "detach":
        importer.env[node] = target
        return
    written = [a.name for a in callee.schema.args if a.is_written]
    if (
        not isinstance(target, View)
        or key is None
        or written != [callee.names[0]]
        or aten.schema(key).is_view
        or callee.schema.name in _CHANGE_GEOMETRY
    ):
        raise NeedsDecompositions(callee.key)
    importer.env[node] = target
    aliasing = importer.context.aliasing
    if key == "copy" and aliasing is not None and aliasing.copies_to_itself(node):
        return
    args = importer.arguments(callee, node)
    before = target.read()
    value = _copied(importer, before, args["src"]) if key == "copy" else _computed(importer, key, args, before, node)
    target.write(value)


def _copied(importer: Emitter, before: SSAValue, source: SSAValue) -> SSAValue:
    if source.type == before.type:
        return source
    return importer.emit("copy", {"self": before, "src": source}, [before.type], "copy").results[0]


def _computed(importer: Emitter, key: str, args: dict[str, Any], before: SSAValue, node: Node) -> SSAValue:
    """The new content, in the element type of the old one."""
    callee = aten_callee(key)
    known = {name: value for name, value in args.items() if name in callee.names}
    dtype = _dtype_of_twin(key, node)
    old = Tensor.of(before.type)
    new = old if dtype is None else Tensor(dtype_of(dtype), old.sizes)
    value = importer.emit_call(callee, known, [new.type], node.name).results[0]
    if new == old:
        return value
    return importer.emit("to.dtype", {"self": value, "dtype": old.dtype}, [before.type], node.name).results[0]


def _dtype_of_twin(key: str, node: Node) -> torch.dtype | None:
    """The element type that the functional twin of an in-place operator gives; None when it is the tensor's own."""
    tensors = [v for n in node.all_input_nodes if isinstance(v := n.meta.get("val"), torch.Tensor)]
    own = tensors[0].dtype
    name, _, overload = key.partition(".")
    if own.is_floating_point and name not in _PREDICATES and all(t.dtype == own for t in tensors):
        return None
    twin = getattr(getattr(torch.ops.aten, name), overload or "default")

    def fake(value: Any) -> Any:
        if isinstance(value, Node):
            return value.meta["val"]
        return [fake(v) for v in value] if isinstance(value, list | tuple) else value

    result: torch.Tensor = twin(*map(fake, node.args), **{name: fake(v) for name, v in node.kwargs.items()})
    return None if result.dtype == own else result.dtype


def write_custom(importer: Emitter, callee: Callee, node: Node) -> None:
    """A custom operator that writes: its operation gives the results of the schema, then the new contents."""
    assert callee.op_class is not None
    given = callee.given(node)
    views: list[View] = []
    for arg in callee.schema.args:
        if arg.is_written:
            view = importer.value_of(given.get(arg.name))
            if not isinstance(view, View):
                raise NeedsDecompositions(callee.schema.op_name)
            views.append(view)
    returns = callee.schema.returns
    types = importer.result_types(node) if returns else []
    kept = [type for type, r in zip(types, returns, strict=True) if "!" not in r.alias]
    new = [view.read().type for view in views]
    op = importer.emit_call(callee, importer.arguments(callee, node), [*kept, *new], node.name)
    for view, value in zip(views, op.results[len(kept) :], strict=True):
        view.write(value)
    fresh, written = iter(op.results), iter(views)
    results = [next(written) if "!" in r.alias else Memory(next(fresh)) for r in returns]
    importer.env[node] = results[0] if len(results) == 1 else results
