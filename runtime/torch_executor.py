"""Execute a program of any stage before `exec` on torch tensors: the oracle that every lowering is held against.

What the IR says of a result (dtype, shape) is compared with what torch computed, so a wrong type is found where it was
made. State lives in the `Executor`:

    executor = Executor(module)
    outputs = executor.run("forward", torch.ones(1, 3, 8, 8))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from xdsl.dialects.builtin import ModuleOp, StringAttr, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue

from etc.dialects import aten, edge, program, symbolic
from etc.dialects.higher_order import Cond, HigherOrderOp, Scan, WhileLoop
from etc.dialects.on_torch import evaluate, to_torch, torch_dtypes
from etc.dialects.schema_op import SchemaOp
from etc.dialects.size_ops import is_violated
from etc.dialects.sizes import SYMBOL, symbol_of_argument, symbol_sources
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, problem_at


def execute(module: ModuleOp, method: str, inputs: Sequence[Any]) -> list[Any]:
    """Outputs of one call of a method, with all state as it starts."""
    return Executor(module).run(method, *inputs)


OnResult = Callable[[SSAValue, Any], Any]
"""Called with each result and what it is, as often as it is computed; what it returns is what is read further on."""


class Executor:
    """Runs the methods of one program; mutable globals keep what the methods store in them."""

    def __init__(self, module: ModuleOp, on_result: OnResult | None = None):
        self.on_result = on_result
        self.methods = {m.sym_name.data: m for m in program.methods(module)}
        self._globals = program.globals_of(module)
        self.state: dict[str, torch.Tensor] = {}

    def run(self, method: str, *inputs: Any) -> list[Any]:
        """Flat outputs of a method for flat inputs: tensors, and Python numbers for scalar types.

        Raises EtcError when there is no such method or an input does not fit.
        """
        if method not in self.methods:
            raise EtcError(f"there is no method {method}", found=", ".join(self.methods) or "none")
        return Frame(self, self.methods[method]).run(inputs)

    def load(self, name: str) -> torch.Tensor:
        """The current content of a global; state without an initial value starts at zero."""
        target = self._globals[name]
        if target.mutable is None:
            assert target.value is not None
            return to_torch(target.value.data, target.type)
        if name not in self.state:
            known = Tensor.of(target.type)
            self.state[name] = (
                torch.zeros(known.shape, dtype=torch_dtypes()[known.dtype])
                if target.value is None
                else to_torch(target.value.data, target.type).clone()
            )
        return self.state[name]


class Frame:
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
                f"method {name} takes another number of inputs", expected=str(len(arguments)), found=str(len(inputs))
            )
        self._bind_inputs(inputs)
        for number, (argument, value) in enumerate(zip(arguments, inputs, strict=True)):
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
        """Execute the operations of a block; the operands of its last one are the results."""
        self.values.update(zip(block.args, arguments, strict=False))
        last = block.last_op
        assert last is not None
        for op in block.ops:
            if op is not last:
                self._execute(op)
        return [self.values[v] for v in last.operands]

    def _execute(self, op: Operation) -> None:
        for result, value in zip(op.results, self._evaluate(op), strict=True):
            if value is None and result.first_use is None:
                continue  # what an argument such as `output_mask` leaves out
            self._bind(result, value)
            if difference := self._difference(result.type, value):
                what = "torch computes another type than the IR states"
                raise EtcError(problem_at(op, what, expected=str(result.type), found=difference))
            on_result = self.executor.on_result
            self.values[result] = value if on_result is None else on_result(result, value)

    def _evaluate(self, op: Operation) -> Sequence[Any]:
        handler = _HANDLERS.get(op.name)
        if handler is not None:
            return handler(self, op)
        if isinstance(op, SchemaOp):
            return evaluate(op, self.values, self.symbols)
        raise EtcError(problem_at(op, "this operation cannot be executed on torch"))

    def _bind_inputs(self, inputs: Sequence[Any]) -> None:
        """Learn the symbols that the inputs tell: by standing alone as a size, or in one like `s0*2 + 1`."""
        for argument, value in zip(self.method.body.block.args, inputs, strict=True):
            self._bind(argument, value)
        for name, source in symbol_sources(self.method).items():
            value = inputs[source.argument.index]
            if name not in self.symbols and isinstance(value, torch.Tensor) and value.dim() > source.dimension:
                solution = symbolic.solve(source.size, value.shape[source.dimension], name)
                assert solution is not None
                self.symbols[name] = symbolic.evaluate(solution, self.symbols)

    def _bind(self, target: SSAValue, value: Any) -> None:
        """Learn the symbols that stand alone as a size of a tensor, or that an integer input is."""
        if isinstance(target.type, TensorType) and isinstance(value, torch.Tensor):
            sizes = Tensor.of(target.type).sizes
            if len(sizes) == value.dim():
                for size, actual in zip(sizes, value.shape, strict=True):
                    if isinstance(size, Expr) and str(size).isidentifier():
                        self.symbols.setdefault(str(size), actual)
        elif isinstance(target, BlockArgument) and (name := symbol_of_argument(target)) is not None:
            self.symbols.setdefault(name, value)
        elif isinstance(target.owner, Operation) and isinstance(
            read := target.owner.attributes.get(SYMBOL), StringAttr
        ):
            self.symbols[read.data] = value  # in a loop each round reads another one

    def _difference(self, type: Attribute, value: Any) -> str:
        """What `value` is, when the IR says otherwise."""
        if not isinstance(type, TensorType):
            return ""
        if not isinstance(value, torch.Tensor):
            return f"a Python {value.__class__.__name__}"
        known = Tensor.of(type)
        try:
            shape = [symbolic.evaluate(s, self.symbols) for s in known.sizes]
        except KeyError:
            shape = list(value.shape)
        if value.dtype is torch_dtypes()[known.dtype] and list(value.shape) == shape:
            return ""
        return f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}"


def _load(frame: Frame, op: program.LoadOp) -> Sequence[Any]:
    return [frame.executor.load(op.symbol)]


def _store(frame: Frame, op: program.StoreOp) -> Sequence[Any]:
    frame.executor.state[op.symbol] = frame.values[op.value].clone()
    return []


def _constant(frame: Frame, op: program.ConstantOp) -> Sequence[Any]:
    return [to_torch(op.value.data, op.result.type)]


def _values(frame: Frame, group: Sequence[SSAValue]) -> list[Any]:
    return [frame.values[v] for v in group]


def _cond(frame: Frame, op: Cond) -> Sequence[Any]:
    taken = op.then_region if bool(frame.values[op.predicate]) else op.else_region
    return frame.block(taken.block, _values(frame, op.captured))


def _while_loop(frame: Frame, op: WhileLoop) -> Sequence[Any]:
    carried, captures = _values(frame, op.carried), _values(frame, op.captured)
    while bool(frame.block(op.condition_region.block, [*carried, *captures])[0]):
        carried = frame.block(op.body_region.block, [*carried, *captures])
    return carried


def _scan(frame: Frame, op: Scan) -> Sequence[Any]:
    return _fold(frame, op.combine_region.block, op.init, op.xs, op)


def _map(frame: Frame, op: aten.MapOp) -> Sequence[Any]:
    return _fold(frame, op.body_region.block, (), op.xs, op)


def _fold(
    frame: Frame, body: Block, init: Sequence[SSAValue], xs: Sequence[SSAValue], op: HigherOrderOp
) -> Sequence[Any]:
    """Execute a block for the slices of all `xs` along dimension 0, step by step."""
    carried, captures = _values(frame, init), _values(frame, op.captured)
    count = len(carried)
    stacked: list[list[Any]] = [[] for _ in op.results[count:]]
    for step in zip(*_values(frame, xs), strict=True):
        results = frame.block(body, [*carried, *step, *captures])
        carried = results[:count]
        for column, result in zip(stacked, results[count:], strict=True):
            column.append(result)
    return [*carried, *map(partial(_stack, frame), stacked, op.results[count:])]


def _stack(frame: Frame, slices: Sequence[torch.Tensor], result: SSAValue) -> torch.Tensor:
    if slices:
        return torch.stack(list(slices))
    known = Tensor.of(result.type)
    sizes = [symbolic.evaluate(size, frame.symbols) for size in known.sizes]
    return torch.empty(sizes, dtype=torch_dtypes()[known.dtype])


def _size(frame: Frame, op: program.SizeOp) -> Sequence[Any]:
    return [symbolic.evaluate(op.value, frame.symbols)]


def _symbol(frame: Frame, op: program.SymbolOp) -> Sequence[Any]:
    frame.symbols[op.symbol.data] = int(frame.values[op.value])
    return []


def _guard(frame: Frame, op: program.GuardOp) -> Sequence[Any]:
    """Raises EtcError with the guard's message when the sizes are others than those it is for."""
    size = None
    if op.measured is not None and op.dimension is not None:
        size = frame.values[op.measured].shape[op.dimension.value.data]
    if is_violated(op.comparisons, frame.symbols, size):
        raise EtcError(problem_at(op, op.message.data))
    return []


_HANDLERS: Mapping[str, Callable[[Frame, Any], Sequence[Any]]] = {
    program.SizeOp.name: _size,
    program.SymbolOp.name: _symbol,
    program.GuardOp.name: _guard,
    program.LoadOp.name: _load,
    program.StoreOp.name: _store,
    program.ConstantOp.name: _constant,
    aten.CondOp.name: _cond,
    aten.WhileLoopOp.name: _while_loop,
    aten.ScanOp.name: _scan,
    aten.MapOp.name: _map,
    edge.CondOp.name: _cond,
    edge.WhileLoopOp.name: _while_loop,
    edge.ScanOp.name: _scan,
}
"""What is no function of tensors."""
