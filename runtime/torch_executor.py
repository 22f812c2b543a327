"""Execute a program of any stage before `exec` on torch tensors: the oracle that every lowering is held against.

Operators that a schema describes run as the torch function of that name; what the IR says of a result (dtype, shape) is
compared with what torch computed, so a wrong type is found where it was made. State lives in the `Executor`:

    executor = Executor(module)
    outputs = executor.run("forward", torch.ones(1, 3, 8, 8))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue

from etc.dialects import dtypes, program, symbolic
from etc.dialects.blob import Blob
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.creation import CloneDimOrderOp, EmptyDimOrderOp, ToDimOrderCopyOp
from etc.dialects.schema_op import SchemaOp
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, problem_at

torch_dtype: Mapping[Dtype, torch.dtype] = {d: getattr(torch, d.name) for d in dtypes.DTYPES}
_WORDS: Mapping[str, Any] = {
    word: getattr(torch, word)
    for word in ("contiguous_format", "channels_last", "channels_last_3d", "preserve_format", "strided", "sparse_coo")
}


def to_torch(blob: Blob, type: Attribute) -> torch.Tensor:
    """A constant's content as a tensor that shares the blob's memory."""
    tensor = Tensor.of(type)
    order = tensor.order
    stored = [tensor.shape[i] for i in order]
    if blob.nbytes == 0:
        return torch.empty(tensor.shape, dtype=torch_dtype[tensor.dtype])
    data = blob.data if not blob.data.readonly else bytearray(blob.data)
    flat = torch.frombuffer(data, dtype=torch_dtype[tensor.dtype])
    inverse = [order.index(i) for i in range(tensor.rank)]
    return flat.reshape(stored).permute(inverse)


def to_blob(value: torch.Tensor, dim_order: Sequence[int] | None = None) -> Blob:
    """The content of a tensor, in memory order; shares memory where the tensor lies so already."""
    stored = value.detach().permute(tuple(dim_order)) if dim_order is not None else value.detach()
    stored = stored.contiguous()
    if stored.numel() == 0:
        return Blob.from_bytes(b"")
    return Blob.from_bytes(memoryview(stored.reshape(-1).view(torch.uint8).numpy()))


class Executor:
    """Runs the methods of one program; mutable globals keep what the methods store in them."""

    def __init__(self, module: ModuleOp):
        self.methods = {m.sym_name.data: m for m in program.methods(module)}
        self._globals = program.globals_of(module)
        self._constants: dict[Blob, torch.Tensor] = {}
        self.state: dict[str, torch.Tensor] = {}

    def run(self, method: str, *inputs: Any) -> list[Any]:
        """Flat outputs of a method for flat inputs: tensors, and Python numbers for scalar types.

        Raises EtcError when there is no such method or an input does not fit.
        """
        if method not in self.methods:
            raise EtcError(f"there is no method {method}", found=", ".join(self.methods))
        return _Frame(self, self.methods[method]).run(inputs)

    def load(self, name: str) -> torch.Tensor:
        """The current content of a global; state without an initial value starts at zero."""
        target = self._globals[name]
        if target.mutable is None:
            assert target.value is not None
            return self.constant(target.value.data, target.type)
        if name not in self.state:
            tensor = Tensor.of(target.type)
            self.state[name] = (
                torch.zeros(tensor.shape, dtype=torch_dtype[tensor.dtype])
                if target.value is None
                else to_torch(target.value.data, target.type).clone()
            )
        return self.state[name]

    def constant(self, blob: Blob, type: Attribute) -> torch.Tensor:
        return to_torch(blob, type)


class _Frame:
    """One call of a method: the values computed so far and the sizes that the symbols stand for."""

    def __init__(self, executor: Executor, method: FuncOp):
        self.executor, self.method = executor, method
        self.values: dict[SSAValue, Any] = {}
        self.symbols: dict[str, int] = {}

    def run(self, inputs: Sequence[Any]) -> list[Any]:
        arguments = self.method.body.block.args
        name = self.method.sym_name.data
        if len(inputs) != len(arguments):
            raise EtcError(
                f"method {name} takes another number of inputs",
                expected=str(len(arguments)),
                found=str(len(inputs)),
            )
        for number, (argument, value) in enumerate(zip(arguments, inputs, strict=True)):
            self._bind(argument.type, value)
            if difference := self._difference(argument.type, value):
                raise EtcError(
                    f"input {number} ({argument.name_hint or 'unnamed'}) of method {name} does not fit",
                    expected=str(argument.type),
                    found=difference,
                )
            self.values[argument] = value
        with torch.no_grad():
            return self.block(self.method.body.block)

    def block(self, block: Block, arguments: Sequence[Any] = ()) -> list[Any]:
        """Execute the operations; the operands of the terminator are the results."""
        if arguments:
            self.values.update(zip(block.args, arguments, strict=True))
        last = block.last_op
        for op in block.ops:
            if op is last:
                break
            for result, value in zip(op.results, self._evaluate(op), strict=True):
                self._bind(result.type, value)
                if difference := self._difference(result.type, value):
                    raise EtcError(
                        problem_at(op, "torch computes another type than the IR states", expected=str(result.type), found=difference)
                    )
                self.values[result] = value
        assert last is not None
        return [self.values[v] for v in last.operands]

    def _evaluate(self, op: Operation) -> Sequence[Any]:
        handler = _HANDLERS.get(type(op))
        if handler is not None:
            return handler(self, op)
        if isinstance(op, SchemaOp):
            return self._call(op)
        raise EtcError(problem_at(op, "this operation cannot be executed on torch"))

    def _call(self, op: SchemaOp) -> Sequence[Any]:
        """Run the torch function that the schema names."""
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for arg, value in op.arguments():
            given = self.python(value, arg.type)
            if arg.kwarg_only:
                keywords[arg.name] = given
            else:
                positional.append(given)
        schema = op.schema()
        packet = getattr(getattr(torch.ops, schema.namespace), schema.name)
        try:
            result = getattr(packet, schema.overload or "default")(*positional, **keywords)
        except (RuntimeError, IndexError, TypeError, ValueError, NotImplementedError) as error:
            raise EtcError(problem_at(op, f"torch refuses to execute it: {str(error).splitlines()[0]}")) from None
        if result is None:
            return ()
        return [v for part in result for v in (part if isinstance(part, list) else [part])] if isinstance(result, list | tuple) else [result]

    def python(self, value: Any, kind: str = "") -> Any:
        """An argument of an op as torch takes it: values looked up, sizes evaluated."""
        match value:
            case SSAValue():
                return self.values[value]
            case Expr():
                return symbolic.evaluate(value, self.symbols)
            case Dtype():
                return torch_dtype[value]
            case list() | tuple():
                return [self.python(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
            case str() if kind.startswith(("MemoryFormat", "Layout")):
                return _WORDS[value]
            case _:
                return value

    def _bind(self, type: Attribute, value: Any) -> None:
        """Learn the symbols that stand alone as a size of `type`."""
        if isinstance(type, TensorType) and isinstance(value, torch.Tensor):
            sizes = Tensor.of(type).sizes
            if len(sizes) == value.dim():
                for size, actual in zip(sizes, value.shape, strict=True):
                    if isinstance(size, Expr) and str(size).isidentifier():
                        self.symbols.setdefault(str(size), actual)

    def _difference(self, type: Attribute, value: Any) -> str:
        """What `value` is, when the IR says otherwise."""
        if not isinstance(type, TensorType):
            return ""
        if not isinstance(value, torch.Tensor):
            return builtin_name(value)
        known = Tensor.of(type)
        try:
            shape = [symbolic.evaluate(s, self.symbols) for s in known.sizes]
        except KeyError:
            shape = list(value.shape)
        if value.dtype is torch_dtype[known.dtype] and list(value.shape) == shape:
            return ""
        return f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}"


def builtin_name(value: Any) -> str:
    """`a float`, for messages."""
    return f"a Python {type(value).__name__}"


def _load(frame: _Frame, op: program.LoadOp) -> Sequence[Any]:
    return [frame.executor.load(op.symbol)]


def _store(frame: _Frame, op: program.StoreOp) -> Sequence[Any]:
    frame.executor.state[op.symbol] = frame.values[op.value].clone()
    return []


def _constant(frame: _Frame, op: program.ConstantOp) -> Sequence[Any]:
    return [frame.executor.constant(op.value.data, op.result.type)]


def in_dim_order(value: torch.Tensor, dim_order: Sequence[int]) -> torch.Tensor:
    """A copy of `value` that lies in memory in the given order of dimensions."""
    inverse = [list(dim_order).index(i) for i in range(len(dim_order))]
    return value.permute(tuple(dim_order)).clone(memory_format=torch.contiguous_format).permute(inverse)


def _to_dim_order(frame: _Frame, op: ToDimOrderCopyOp | CloneDimOrderOp) -> Sequence[Any]:
    result = Tensor.of(op.result.type)
    value = frame.values[op.operands[0]]
    return [in_dim_order(value.to(torch_dtype[result.dtype]), result.order)]


def _empty_dim_order(frame: _Frame, op: EmptyDimOrderOp) -> Sequence[Any]:
    result = Tensor.of(op.result.type)
    sizes = [frame.python(s) for s in result.sizes]
    return [in_dim_order(torch.zeros(sizes, dtype=torch_dtype[result.dtype]), result.order)]


_HANDLERS: dict[type[Operation], Callable[[_Frame, Any], Sequence[Any]]] = {
    program.LoadOp: _load,
    program.StoreOp: _store,
    program.ConstantOp: _constant,
    ToDimOrderCopyOp: _to_dim_order,
    CloneDimOrderOp: _to_dim_order,
    EmptyDimOrderOp: _empty_dim_order,
    ReturnOp: lambda frame, op: [],
}
"""What has no torch function of its own."""
