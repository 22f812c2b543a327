"""What operations compute, on torch tensors: the meaning that constant folding uses and lowerings are held against.

An operator that a schema describes runs as the torch function of that name. torch is imported by the first call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from xdsl.ir import Attribute, SSAValue

from etc.dialects import aten, dtypes, symbolic
from etc.dialects.blob import Blob
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.creation import CloneDimOrderOp, EmptyDimOrderOp, ToDimOrderCopyOp
from etc.dialects.edge.resampling import UpsampleNearest2dOp
from etc.dialects.schema_op import SchemaOp
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, problem_at

if TYPE_CHECKING:
    import torch

_WORDS = ("contiguous_format", "channels_last", "channels_last_3d", "preserve_format", "strided", "sparse_coo")


@cache
def torch_dtypes() -> Mapping[Dtype, torch.dtype]:
    import torch

    return {d: getattr(torch, d.name) for d in dtypes.DTYPES}


@cache
def _words() -> Mapping[str, Any]:
    import torch

    return {word: getattr(torch, word) for word in _WORDS}


def to_torch(blob: Blob, type: Attribute) -> torch.Tensor:
    """A constant's content as a tensor that shares the blob's memory where that is writable."""
    import torch

    known = Tensor.of(type)
    if blob.nbytes == 0:
        return torch.empty(known.shape, dtype=torch_dtypes()[known.dtype])
    data = bytearray(blob.data) if blob.data.readonly else blob.data
    flat = torch.frombuffer(data, dtype=torch_dtypes()[known.dtype])
    if known.dim_order is None:
        return flat.reshape(known.shape)
    stored = flat.reshape([known.shape[i] for i in known.order])
    return stored.permute([known.order.index(i) for i in range(known.rank)])


def to_blob(value: torch.Tensor, dim_order: Sequence[int]) -> Blob:
    """The content of a tensor, laid out in `dim_order`; shares its memory where it lies so already."""
    import torch

    stored = value.detach()
    if list(dim_order) != list(range(value.dim())):
        stored = stored.permute(tuple(dim_order))
    stored = stored.contiguous()
    if stored.numel() == 0:
        return Blob.from_bytes(b"")
    array: Any = stored.reshape(-1).view(torch.uint8).numpy()
    return Blob.from_bytes(memoryview(array))


Values = Mapping[SSAValue, Any]
"""What is known of SSA values: tensors, and Python numbers for scalar types."""


def evaluate(op: SchemaOp, values: Values, symbols: Mapping[str, int]) -> Sequence[Any]:
    """The results of one operation. Raises EtcError when torch refuses to execute it."""
    handler = _HANDLERS.get(type(op))
    try:
        return _call(op, values, symbols) if handler is None else handler(op, values, symbols)
    except (RuntimeError, IndexError, TypeError, ValueError, NotImplementedError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EtcError(problem_at(op, f"torch refuses to execute it: {reason}")) from None


def _call(op: SchemaOp, values: Values, symbols: Mapping[str, int]) -> Sequence[Any]:
    import torch

    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for arg, value in op.arguments():
        given = python_value(value, arg.type, values, symbols)
        if arg.kwarg_only:
            keywords[arg.name] = given
        else:
            positional.append(given)
    schema = op.schema()
    if op.REFERENCE:
        result: Any = _function(op.REFERENCE)(*positional, **keywords)
    elif schema.namespace == "aten" and schema.key.startswith("sym."):
        result = _symbolic_function(schema.key)(*positional, **keywords)
    else:
        packet = getattr(getattr(torch.ops, schema.namespace), schema.name)
        result = getattr(packet, schema.overload or "default")(*positional, **keywords)
    if result is None:
        return ()
    parts = result if isinstance(result, list | tuple) else [result]
    return [v for part in parts for v in (part if isinstance(part, list) else [part])]  # pyright: ignore[reportUnknownVariableType]


@cache
def _symbolic_function(key: str) -> Callable[..., Any]:
    from importlib import import_module

    from etc.dialects.aten import SYMBOLIC

    module, _, name = SYMBOLIC[key].rpartition(".")
    return getattr(import_module(module), name)


@cache
def _function(reference: str) -> Callable[..., Any]:
    """The function that a class names as `module:function`."""
    from importlib import import_module

    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def python_value(value: Any, kind: str, values: Values, symbols: Mapping[str, int]) -> Any:
    """An argument as torch takes it: values looked up, sizes evaluated, names of dtypes and formats resolved."""
    match value:
        case SSAValue():
            return values[value]
        case Expr():
            return symbolic.evaluate(value, symbols)
        case Dtype():
            return torch_dtypes()[value]
        case list() | tuple():
            return [python_value(v, kind, values, symbols) for v in value]  # pyright: ignore[reportUnknownVariableType]
        case str() if kind.startswith(("MemoryFormat", "Layout")):
            return _words()[value]
        case _:
            return value


def in_dim_order(value: torch.Tensor, dim_order: Sequence[int]) -> torch.Tensor:
    """A copy of `value` that lies in memory in the given order of dimensions."""
    import torch

    inverse = [list(dim_order).index(i) for i in range(len(dim_order))]
    return value.permute(tuple(dim_order)).clone(memory_format=torch.contiguous_format).permute(inverse)


def _to_dim_order(op: SchemaOp, values: Values, symbols: Mapping[str, int]) -> Sequence[Any]:
    result = Tensor.of(op.results[0].type)
    return [in_dim_order(values[op.operands[0]].to(torch_dtypes()[result.dtype]), result.order)]


def _empty_dim_order(op: SchemaOp, values: Values, symbols: Mapping[str, int]) -> Sequence[Any]:
    import torch

    result = Tensor.of(op.results[0].type)
    sizes = [symbolic.evaluate(s, symbols) for s in result.sizes]
    return [in_dim_order(torch.zeros(sizes, dtype=torch_dtypes()[result.dtype]), result.order)]


def _view(op: SchemaOp, values: Values, symbols: Mapping[str, int]) -> Sequence[Any]:
    """Values of the IR have no strides, so every view that keeps the number of elements exists."""
    value, size = (python_value(v, arg.type, values, symbols) for arg, v in op.arguments())
    return [value.reshape(size)]


def _through_reals(op: SchemaOp, values: Values, symbols: Mapping[str, int]) -> Sequence[Any]:
    """What torch has for floats only moves integers too: float64 holds all of 53 bits."""
    operand = values[op.operands[0]]
    if operand.is_floating_point():
        return _call(op, values, symbols)
    return [result.to(operand.dtype) for result in _call(op, {op.operands[0]: operand.double()}, symbols)]


_HANDLERS: Mapping[type[SchemaOp], Callable[[Any, Values, Mapping[str, int]], Sequence[Any]]] = {
    ToDimOrderCopyOp: _to_dim_order,
    UpsampleNearest2dOp: _through_reals,
    CloneDimOrderOp: _to_dim_order,
    EmptyDimOrderOp: _empty_dim_order,
    aten.op_class("view"): _view,
}
"""Operators that torch does not have, or not in this generality."""
