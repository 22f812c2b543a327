"""The calls of kernels in a C program: what each computes, reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod

from xdsl.dialects import func, memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, IntegerAttr, MemRefType, ModuleOp
from xdsl.ir import Block, BlockArgument, OpResult, SSAValue
from xdsl.ir import Operation as IROperation

from etc.dialects.c_attributes import MAX_ELEMENTS
from etc.dialects.dtypes import BY_IR, Dtype
from etc.dialects.program import globals_of
from etc.emit.c import CProgram
from etc.emit.c.functions import Step
from etc.emit.c.interface import CMethod
from etc.emit.c.kernels import Functions, root
from etc.emit.report.facts import Operation, TensorFacts, module_of
from etc.transforms.macs import macs_of
from etc.transforms.plan_arena import memory_steps


def operations(module: ModuleOp, c: CProgram) -> Mapping[str, tuple[Operation, ...]]:
    """The calls of kernels of each method, in the order of the code; their numbers are those of `CProgram.steps`."""
    calls = _Calls(module, c)
    found: dict[str, list[Operation]] = {method.name: [] for method in c.interface.methods}
    for number, step in enumerate(c.steps):
        found[step.method].append(calls.describe(number, step))
    return {name: tuple(listed) for name, listed in found.items()}


def weights(module: ModuleOp, c: CProgram, described: Mapping[str, Sequence[Operation]]) -> tuple[TensorFacts, ...]:
    """The constant arrays of a program, the largest first, and the numbers of the operations that read them."""
    known = globals_of(module)
    users: dict[object, list[int]] = {}
    for operation in (operation for listed in described.values() for operation in listed):
        for name in operation.weights:
            if (value := known[name].value) is not None:
                users.setdefault(value.data, []).append(operation.number)
    facts = [
        TensorFacts(
            weight.name,
            weight.origin,
            _text(weight.tensor.dtype, weight.tensor.shape),
            weight.content.nbytes,
            tuple(users.get(weight.content, ())),
        )
        for weight in c.weights
    ]
    return tuple(sorted(facts, key=lambda fact: -fact.bytes))


def state(c: CProgram) -> tuple[TensorFacts, ...]:
    """The mutable buffers of a program, as they lie in its state."""
    return tuple(
        TensorFacts(b.member, b.origin, _text(b.tensor.dtype, b.tensor.shape), b.numbers * b.size) for b in c.state
    )


class _Calls:
    def __init__(self, module: ModuleOp, c: CProgram):
        self._functions = Functions(module)
        self._methods = {method.name: method for method in c.interface.methods}
        self._steps = {
            name: memory_steps(self._functions.by_name[name].body.block) for name in self._methods
        }  # fmt: skip
        self._read: dict[str, frozenset[int]] = {}

    def describe(self, number: int, step: Step) -> Operation:
        call, method = step.call, self._methods[step.method]
        name = call.callee.root_reference.data
        read, written = self.read(name), self._functions.written(name)
        memory = [i for i, value in enumerate(call.arguments) if isinstance(value.type, MemRefType)]
        sizes = {i: _most_bytes(call.arguments[i], method) for i in memory}
        names = (_global(call.arguments[i]) for i in memory if i in read)
        return Operation(
            number,
            step.kernel,
            step.operations,
            step.line,
            tuple(_type_text(call.arguments[i]) for i in memory if i in written),
            macs_of(call, self._functions.by_name),
            sum(sizes[i] for i in memory if i in read),
            sum(sizes[i] for i in memory if i in written),
            any(_is_dynamic(call.arguments[i]) for i in memory if i in read | written),
            tuple(dict.fromkeys(found for found in names if found is not None)),
            self._step(step.method, call),
            module=module_of(call),
        )

    def _step(self, method: str, call: IROperation) -> int:
        """The step of the memory map in which a call is: that of the loop or branch around it."""
        top: IROperation = call
        while (parent := top.parent_op()) is not None and not isinstance(parent, func.FuncOp):
            top = parent
        return self._steps[method][top]

    def read(self, name: str) -> frozenset[int]:
        """The numbers of the arguments of a kernel whose memory it reads."""
        if name not in self._read:
            block = self._functions.by_name[name].body.block
            self._read[name] = frozenset(_arguments(block, self._reads(block)))
        return self._read[name]

    def _reads(self, block: Block) -> Iterator[SSAValue]:
        for op in block.walk():
            match op:
                case memref.LoadOp():
                    yield op.memref
                case memref.CopyOp():
                    yield op.source
                case func.CallOp():
                    yield from (op.arguments[i] for i in self.read(op.callee.root_reference.data))
                case _:
                    pass


def _arguments(block: Block, values: Iterator[SSAValue]) -> Iterator[int]:
    for value in values:
        base = root(value)
        if isinstance(base, BlockArgument) and base.block is block:
            yield base.index


def _most_bytes(value: SSAValue, method: CMethod) -> int:
    """Bytes of a memref in a method: the most, where only run time tells its sizes."""
    type = value.type
    assert isinstance(type, MemRefType)
    size = _dtype(value).size
    if DYNAMIC_INDEX not in type.get_shape():
        return size * prod(type.get_shape())
    view = value
    while isinstance(view, OpResult) and not isinstance(view.op, memref.ViewOp) and root(view) is not view:
        view = view.op.operands[0]
    if isinstance(view, OpResult) and isinstance(most := view.op.attributes.get(MAX_ELEMENTS), IntegerAttr):
        return size * most.value.data
    tensors = (*method.inputs, *method.outputs)
    if isinstance(view, BlockArgument) and view.index < len(tensors):
        return tensors[view.index].bytes
    return _most_bytes(view, method) if view is not value else 0


def _is_dynamic(value: SSAValue) -> bool:
    assert isinstance(value.type, MemRefType)
    return DYNAMIC_INDEX in value.type.get_shape()


def _global(value: SSAValue) -> str | None:
    base = root(value)
    if isinstance(base, OpResult) and isinstance(base.op, memref.GetGlobalOp):
        return base.op.name_.root_reference.data
    return None


def _dtype(value: SSAValue) -> Dtype:
    assert isinstance(value.type, MemRefType)
    element = value.type.get_element_type()
    return next(dtype for ir, dtype in BY_IR.items() if ir == element)


def _type_text(value: SSAValue) -> str:
    assert isinstance(value.type, MemRefType)
    return _text(_dtype(value), value.type.get_shape())


def _text(dtype: Dtype, shape: Sequence[int]) -> str:
    """`float32 [1, 8, ?]`."""
    return f"{dtype} [{', '.join('?' if size == DYNAMIC_INDEX else str(size) for size in shape)}]"
