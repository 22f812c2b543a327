"""A method of `exec` → an `ExecutionPlan` table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xdsl.dialects.builtin import IntegerAttr, StringAttr
from xdsl.ir import Operation, SSAValue

from etc.dialects import exec as ex
from etc.dialects.dtypes import BY_IR
from etc.dialects.exec.syntax import double_bits
from etc.emit.flatbuffer import schema as s
from etc.emit.flatbuffer.writer import Writer
from etc.errors import EtcError, problem_at

_VALUE_CODES: dict[type[Operation], int] = {op: code for code, op in enumerate(ex.VALUE_OPS, 1)}
_INSTRUCTION_CODES: dict[type[Operation], int] = {op: code for code, op in enumerate(ex.INSTRUCTION_OPS, 1)}
_INT32, _INT64, _DIMENSIONS = s.Vector(s.I32), s.Vector(s.I64), s.Vector(s.U8)
_DOUBLES, _BOOLS = s.Vector(s.F64), s.Vector(s.BOOL)


@dataclass
class Places:
    """Where symbols are, which plans refer to."""

    data: dict[str, tuple[int, int | None]] = field(default_factory=dict[str, "tuple[int, int | None]"])
    """Index of each datum in its table, and which mutable segment it is in, if in one."""
    segments: dict[str, int] = field(default_factory=dict[str, int])
    inline: dict[str, int] = field(default_factory=dict[str, int])


def index_of(op: Operation, name: str, known: dict[str, int], kind: str) -> int:
    index = known.get(name)
    if index is None:
        raise EtcError(problem_at(op, f"@{name} is not defined", expected=f"an {kind} of that name", found="none"))
    return index


class PlanWriter:
    """Writes one method."""

    def __init__(self, writer: Writer, places: Places, op: ex.PlanOp):
        self.writer, self.places, self.op = writer, places, op
        self.numbers: dict[SSAValue, int] = {}
        self.operators: dict[tuple[str, str | None], int] = {}
        self.delegates: dict[str, int] = {}

    def emit(self) -> int:
        w, op = self.writer, self.op
        name = op.sym_name.data
        if op.buffers is None:
            raise EtcError(
                problem_at(
                    op,
                    f"the memory of method {name} is not planned",
                    expected="an exec.plan with buffers",
                    found="none",
                    next_step="run plan-memory before writing the file",
                )
            )
        ops = list(op.body.ops)
        values = [value for value in ops if type(value) in _VALUE_CODES]
        self.numbers = {value.results[0]: i for i, value in enumerate(values)}
        rest = [other for other in ops if type(other) not in _VALUE_CODES]
        for listed in rest:
            if isinstance(listed, ex.OperatorOp):
                self.operators.setdefault(listed.key, len(self.operators))
        delegates = [d for d in rest if isinstance(d, ex.DelegateOp)]
        self.delegates = {d.sym_name.data: i for i, d in enumerate(delegates)}
        delegate_tables = w.tables([self._delegate(d) for d in delegates])
        writers = self._value_writers()
        value_tables: list[int] = []
        for value in values:
            kind = type(value)
            value_tables.append(w.table(s.EVALUE, _VALUE_CODES[kind], writers[kind](value)))
        chains = w.tables([self._chain(chain) for chain in rest if isinstance(chain, ex.ChainOp)])
        operators = w.tables(
            [w.table(s.OPERATOR, w.string(n), None if o is None else w.string(o)) for n, o in self.operators]
        )
        return w.table(
            s.EXECUTION_PLAN,
            w.string(name),
            self._container(),
            w.tables(value_tables),
            *(self._refer(_only(op, rest, kind)) for kind in (ex.InputsOp, ex.OutputsOp)),
            chains,
            operators,
            delegate_tables,
            w.numbers(_INT64, op.buffers.get_values()),
            self._devices(),
        )

    def _number(self, op: Operation, value: SSAValue) -> int:
        number = self.numbers.get(value)
        if number is None:
            raise EtcError(
                problem_at(
                    op, "an operand is not a value of this plan", expected="an exec value of the plan", found="none"
                )
            )
        return number

    def _refer(self, op: Operation) -> int:
        """The list of the values' numbers that `op` uses."""
        numbers = self.numbers
        try:
            return self.writer.numbers(_INT32, list(map(numbers.__getitem__, op.operands)))
        except KeyError:
            return self.writer.numbers(_INT32, [self._number(op, v) for v in op.operands])

    def _container(self) -> int | None:
        if self.op.container is None:
            return None
        specs = [self.writer.string(t.data) if isinstance(t, StringAttr) else None for t in self.op.container.data]
        return self.writer.table(s.CONTAINER, *specs)

    def _devices(self) -> int | None:
        if self.op.devices is None:
            return None
        flat: tuple[int, ...] = self.op.devices.get_values()
        triples = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        return self.writer.tables([self.writer.table(s.BUFFER_DEVICE, *triple) for triple in triples])

    def _delegate(self, op: ex.DelegateOp) -> int:
        w = self.writer
        if op.inline is not None:
            index = index_of(op, op.inline.string_value(), self.places.inline, "exec.backend_data")
            where = w.table(s.PROCESSED, s.INLINE, index)
        else:
            name = op.segment.string_value() if op.segment is not None else ""
            index = index_of(op, name, self.places.segments, "exec.segment")
            where = w.table(s.PROCESSED, s.IN_SEGMENT, index)
        specs = None
        if op.specs is not None:
            specs = w.tables(
                [w.table(s.COMPILE_SPEC, w.string(c.key.data), w.blob(c.value.data, 4)) for c in op.specs.data]
            )
        return w.table(s.DELEGATE, w.string(op.backend.data), where, specs)

    # ---- values ---------------------------------------------------------------------------------------------------

    def _value_writers(self) -> dict[type[Operation], Callable[[Any], int]]:
        w = self.writer
        return {
            ex.NullOp: lambda op: w.table(s.NULL),
            ex.IntOp: lambda op: w.table(s.INT, op.properties["value"].value.data),
            ex.BoolOp: lambda op: w.table(s.BOOLEAN, int(bool(op.value.value.data))),
            ex.DoubleOp: lambda op: w.table(s.DOUBLE, double_bits(op.value.value.data)),
            ex.StringOp: lambda op: w.table(s.STRING, w.string(op.value.data)),
            ex.BoolListOp: lambda op: w.table(s.BOOL_LIST, w.numbers(_BOOLS, op.values.get_values())),
            ex.DoubleListOp: lambda op: w.table(s.DOUBLE_LIST, w.numbers(_DOUBLES, op.floats)),
            ex.IntListOp: lambda op: w.table(s.INT_LIST, w.numbers(_INT64, [self._number(op, v) for v in op.operands])),
            ex.TensorListOp: lambda op: w.table(s.TENSOR_LIST, self._refer(op)),
            ex.OptionalTensorListOp: lambda op: w.table(
                s.OPTIONAL_TENSOR_LIST,
                w.numbers(_INT32, [-1 if v is None else self._number(op, v) for v in op.values]),
            ),
            ex.TensorOp: self._tensor,
        }

    def _tensor(self, op: ex.TensorOp) -> int:
        w, properties = self.writer, op.properties
        if op.operands:
            raise EtcError(
                problem_at(
                    op,
                    "a view is left in the program",
                    expected="a place of its own: alloc(memory id, offset)",
                    found="view_of",
                    next_step="run plan-memory, which gives views their base's place",
                )
            )
        dtype = properties["dtype"]
        code = dtype.value.data if isinstance(dtype, IntegerAttr) else BY_IR[dtype].scalar_type
        allocation = None
        if op.alloc is not None:
            memory_id, offset = op.alloc.get_values()
            allocation = w.table(s.ALLOCATION, memory_id, offset & 0xFFFFFFFF, offset >> 32)
        index, segment = self._data_of(op)
        dynamism = ex.DYNAMISM.index(op.dynamism.data) if op.dynamism is not None else 0
        return w.table(
            s.TENSOR,
            code,
            _int(op.storage_offset),
            w.numbers(_INT32, op.shape),
            w.numbers(_DIMENSIONS, op.order),
            int("requires_grad" in properties),
            index,
            allocation,
            _int(op.layout),
            dynamism,
            self._extra_info(op, segment),
        )

    def _data_of(self, op: ex.TensorOp) -> tuple[int, int]:
        """The index of a tensor's bytes and the mutable segment they are in, 0 where there is none."""
        if op.data is None:
            return _int(op.buffer), _int(op.mutable_segment)
        name = op.data.string_value()
        found = self.places.data.get(name)
        if found is None:
            raise EtcError(
                problem_at(op, f"@{name} is not defined", expected="an exec.data of that name", found="none")
            )
        index, segment = found
        if segment is not None and op.alloc is None:
            raise EtcError(
                problem_at(
                    op,
                    f"the state @{name} has no place in memory",
                    expected="alloc(memory id, offset)",
                    found="none",
                    next_step="run plan-memory before writing the file",
                )
            )
        return index, segment or 0

    def _extra_info(self, op: ex.TensorOp, segment: int) -> int | None:
        if not (segment or op.properties.keys() & {"fqn", "external", "device", "extra_info"}):
            return None
        device: tuple[int, ...] = (0, 0) if op.device is None else op.device.get_values()
        return self.writer.table(
            s.EXTRA_TENSOR_INFO,
            segment,
            None if op.fqn is None else self.writer.string(op.fqn.data),
            s.SEGMENT if op.external is None else s.EXTERNAL,
            *device,
        )

    # ---- instructions ---------------------------------------------------------------------------------------------

    def _chain(self, op: ex.ChainOp) -> int:
        w = self.writer
        ops = list(op.body.ops)
        instructions = [i for i in ops if isinstance(i, ex.InstructionOp)]
        tables = [
            w.table(s.INSTRUCTION, _INSTRUCTION_CODES[type(i)], _INSTRUCTION_WRITERS[type(i)](self, i))
            for i in instructions
        ]
        inputs = next((o for o in ops if isinstance(o, ex.InputsOp)), None)
        outputs = next((o for o in ops if isinstance(o, ex.OutputsOp)), None)
        stacks = None
        if op.stacktrace is not None:
            stacks = w.tables([self._stack(i.stack.data) for i in instructions if i.stack is not None])
        return w.table(
            s.CHAIN,
            None if inputs is None else self._refer(inputs),
            None if outputs is None else self._refer(outputs),
            w.tables(tables),
            stacks,
        )

    def _stack(self, frames: Sequence[ex.FrameAttr]) -> int:
        w = self.writer
        return w.table(
            s.FRAME_LIST,
            w.tables(
                [
                    w.table(
                        s.FRAME,
                        w.string(f.filename.data),
                        f.lineno.value.data,
                        w.string(f.function.data),
                        w.string(f.context.data),
                    )
                    for f in frames
                ]
            ),
        )

    def kernel(self, op: ex.KernelOp) -> int:
        index = self.operators.setdefault(op.key, len(self.operators))
        return self.writer.table(s.KERNEL_CALL, index, self._refer(op))

    def delegate_call(self, op: ex.DelegateCallOp) -> int:
        index = index_of(op, op.delegate.string_value(), self.delegates, "exec.delegate")
        return self.writer.table(s.DELEGATE_CALL, index, self._refer(op))

    def move(self, op: ex.MoveOp) -> int:
        return self.writer.table(s.MOVE_CALL, self._number(op, op.source), self._number(op, op.destination))

    def jump_false(self, op: ex.JumpFalseOp) -> int:
        return self.writer.table(s.JUMP_FALSE_CALL, self._number(op, op.condition), op.target)

    def free(self, op: ex.FreeOp) -> int:
        return self.writer.table(s.FREE_CALL, self._number(op, op.value))


def _only(plan: ex.PlanOp, ops: Sequence[Operation], kind: type[Operation]) -> Operation:
    """The plan's one op of this kind."""
    found = [op for op in ops if isinstance(op, kind)]
    if len(found) != 1:
        raise EtcError(problem_at(plan, f"a plan has one {kind.name}", expected="1", found=str(len(found))))
    return found[0]


_INSTRUCTION_WRITERS: dict[type[Operation], Callable[[PlanWriter, Any], int]] = {
    ex.KernelOp: PlanWriter.kernel,
    ex.DelegateCallOp: PlanWriter.delegate_call,
    ex.MoveOp: PlanWriter.move,
    ex.JumpFalseOp: PlanWriter.jump_false,
    ex.FreeOp: PlanWriter.free,
}


def _int(attribute: IntegerAttr[Any] | None) -> int:
    return 0 if attribute is None else attribute.value.data
