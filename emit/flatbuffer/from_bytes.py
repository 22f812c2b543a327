"""The bytes of a `.pte` file → `exec`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr, TensorType, UnitAttr
from xdsl.ir import Attribute, Operation, SSAValue

from etc.dialects import exec as ex
from etc.dialects.blob import Blob
from etc.dialects.dtypes import BY_SCALAR_TYPE, Kind
from etc.dialects.exec.syntax import int_attr, ints_attr, string
from etc.emit.flatbuffer import schema as s
from etc.emit.flatbuffer.container import Bytes, Container, damaged, split
from etc.emit.flatbuffer.placement import Segment, align
from etc.emit.flatbuffer.reader import Reader, Row

_ALIGNMENTS = (ex.DEFAULT_ALIGNMENT, 16, *(1 << n for n in range(17) if 1 << n not in (ex.DEFAULT_ALIGNMENT, 16)))
"""Segment alignments that a file may have been written with, likeliest first."""


def read_pte(data: Bytes) -> ModuleOp:
    """A module with the `exec.program` that the file holds, of this compiler's making or another's.

    Constants are views of `data`, not copies. Raises EtcError naming the byte where the file stops making sense.
    """
    container = split(data)
    row = Reader(container.flatbuffer).root(s.PROGRAM)
    return ModuleOp([_Program(container, row).read()])


def _need(row: Row, table: s.Table, *fields: str) -> Any:
    """The field that must be there; several as a tuple."""
    for field in fields:
        if row[field] is None:
            raise damaged("a part of the program is missing", f"{table.name}.{field}", "a value", "nothing")
    return row[fields[0]] if len(fields) == 1 else tuple(row[field] for field in fields)


def _pick(items: Sequence[Any], index: int, place: str, what: str) -> Any:
    if not 0 <= index < len(items):
        raise damaged(f"there is no such {what}", place, f"an index below {len(items)}", index)
    return items[index]


class _Names:
    """Unique symbols: the wish, or the wish and a number."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def take(self, wish: str) -> str:
        name, number = wish, 1
        while name in self._used:
            number += 1
            name = f"{wish}.{number}"
        self._used.add(name)
        return name


class _Group:
    """The data of one table: where each datum is, what the tensors say about it, and its symbol."""

    def __init__(self, prefix: str, spans: Sequence[tuple[int, memoryview]], names: _Names):
        self.spans, self._prefix, self._names = spans, prefix, names
        self._tensors: dict[int, tuple[TensorType[Any], int, str | None]] = {}
        self.symbols: dict[int, str] = {}

    def use(self, index: int, type: TensorType[Any] | None, nbytes: int, fqn: str | None) -> None:
        """Note that a tensor of this type has its bytes here: it tells their number and gives them a name."""
        if type is not None and index not in self._tensors:
            self._tensors[index] = (type, nbytes, fqn)

    def entries(self, place: bool) -> list[ex.DataOp]:
        """One `exec.data` per datum; `place`: say where it is, when the emitter would put it elsewhere."""
        segment = Segment()
        entries: list[ex.DataOp] = []
        for index, (offset, span) in enumerate(self.spans, 1):
            type, nbytes, fqn = self._tensors.get(index, (None, -1, None))
            if nbytes != len(span):
                gap = len(span) - nbytes
                if type is not None and 0 < gap < ex.DATA_ALIGNMENT and not any(span[nbytes:]):
                    span = span[:nbytes]  # what follows is padding
                else:
                    type = None
            blob = Blob.from_bytes(span)
            at = None
            if place:
                at = offset if offset != segment.default(blob) else None
                if not segment.place(blob, offset):
                    raise damaged(
                        "constants overlap", f"SubsegmentOffsets.offsets[{index}]", f"{segment.end} or more", offset
                    )
            name = self.symbols[index] = self._names.take(fqn or f"{self._prefix}{index}")
            entries.append(ex.DataOp(name, blob, type, at=at))
        self.end = segment.end
        return entries


class _Program:
    def __init__(self, container: Container, row: Row):
        self.container, self.row = container, row
        self.names = _Names()
        segments = row["segments"] or ()
        self.segments = [container.segment(i, g["offset"], g["size"]) for i, g in enumerate(segments)]
        self.places: list[int] = [g["offset"] for g in segments]
        self.alignment = self._alignment()
        self.groups: dict[int, tuple[type[ex.DataGroupOp], _Group]] = {}
        """By segment index."""
        self.constants: _Group | None = None
        self.mutable: list[_Group] = []
        self.constant_buffer: _Group | None = None
        self.segment_names: dict[int, str] = {}
        self.inline_names: list[str] = []

    def read(self) -> ex.ProgramOp:
        row = self.row
        empty = [name for name in ex.ProgramOp.LISTS if isinstance(row[name], list) and not row[name]]
        constants: Row | None = row["constant_segment"]
        if constants is not None:
            if constants["offsets"]:
                self.constants = self._group(ex.ConstantSegmentOp, constants, "c")
            else:
                empty.append("constant_segment")
        previous = -1
        for table in row["mutable_data_segments"] or ():
            if table["segment_index"] <= previous:
                raise damaged(
                    "segments of state are not in order",
                    "Program.mutable_data_segments",
                    f"a segment after {previous}",
                    table["segment_index"],
                )
            previous = table["segment_index"]
            self.mutable.append(self._group(ex.MutableSegmentOp, table, f"s{len(self.mutable) or ''}_"))
        self._constant_buffer(row["constant_buffer"] or ())
        for i in range(len(self.segments)):
            if i not in self.groups:
                self.segment_names[i] = self.names.take(f"segment{i}")
        inline = [
            ex.BackendDataOp(self.names.take(f"inline{i}"), Blob.from_bytes(_need(data, s.INLINE_DATA, "data")))
            for i, data in enumerate(row["backend_delegate_data"] or ())
        ]
        self.inline_names = [op.sym_name.data for op in inline]
        readers = [_Plan(self, plan) for plan in _need(row, s.PROGRAM, "execution_plan")]
        for reader in readers:
            reader.note_data()
        storage: list[Operation] = []
        if self.constant_buffer is not None:
            storage.append(ex.ConstantBufferOp(self.constant_buffer.entries(place=False)))
        storage += self._segment_ops()
        storage += inline
        for named in row["named_data"] or ():
            name = self.segment_name(named["segment_index"], "NamedData.segment_index")
            storage.append(ex.NamedDataOp(_need(named, s.NAMED_DATA, "key"), name))
        plans = [reader.read() for reader in readers]
        return ex.ProgramOp([*storage, *plans], version=row["version"], alignment=self.alignment, empty=empty)

    def _alignment(self) -> int:
        """The alignment that explains where the segments are, the default when none does."""
        sizes = [len(segment) for segment in self.segments]

        def explains(alignment: int) -> bool:
            if any(sizes) and self.container.base != align(len(self.container.flatbuffer), alignment):
                return False
            end = 0
            for place, size in zip(self.places, sizes, strict=True):
                if place != align(end, alignment):
                    return False
                end = place + size
            return True

        return next(filter(explains, _ALIGNMENTS), ex.DEFAULT_ALIGNMENT)

    def _group(self, kind: type[ex.DataGroupOp], table: Row, prefix: str) -> _Group:
        """The data of a segment: each reaches to the next one's offset."""
        index: int = table["segment_index"]
        place = f"{kind.name}: segment {index}"
        offsets: tuple[int, ...] = table["offsets"] or (0,)
        content: memoryview = _pick(self.segments, index, "SubsegmentOffsets.segment_index", "segment")
        if index in self.groups:
            raise damaged("two tables share a segment", place, "a segment of its own", index)
        if offsets[0] != 0 or max(offsets) > len(content):
            raise damaged(
                "data lies outside its segment",
                place,
                f"offsets from 0 to {len(content)}, the first 0",
                f"{offsets[0]} … {max(offsets)}",
            )
        bounds = sorted({*offsets, len(content)})
        next_bound = dict(zip(bounds, [*bounds[1:], len(content)], strict=True))
        group = _Group(prefix, [(o, content[o : next_bound[o]]) for o in offsets[1:]], self.names)
        self.groups[index] = (kind, group)
        return group

    def _constant_buffer(self, buffers: Sequence[Row]) -> None:
        if not buffers:
            return
        contents: list[memoryview] = [row["storage"] or memoryview(b"") for row in buffers]
        if len(contents[0]):
            raise damaged("entry 0 is reserved", "Program.constant_buffer[0]", "no bytes", f"{len(contents[0])} bytes")
        self.constant_buffer = _Group("b", [(0, content) for content in contents[1:]], self.names)

    def _segment_ops(self) -> list[Operation]:
        ops: list[Operation] = []
        end = 0
        for i, (place, content) in enumerate(zip(self.places, self.segments, strict=True)):
            if place < end:
                raise damaged("segments overlap", f"Program.segments[{i}].offset", f"{end} or more", place)
            at = None if place == align(end, self.alignment) else place
            if i in self.groups:
                kind, group = self.groups[i]
                entries = group.entries(place=True)
                ops.append(kind(entries, at=at, size=len(content) if len(content) != group.end else None))
            else:
                ops.append(ex.SegmentOp(self.segment_names[i], Blob.from_bytes(content), at=at))
            end = place + len(content)
        return ops

    def segment_name(self, index: int, place: str) -> str:
        name = self.segment_names.get(index)
        if name is None:
            raise damaged("there is no such segment for a backend", place, f"one of {list(self.segment_names)}", index)
        return name


class _Plan:
    def __init__(self, program: _Program, row: Row):
        self.program, self.row = program, row
        self.name: str = _need(row, s.EXECUTION_PLAN, "name")
        self.rows: list[tuple[int, Row]] = [value["val"] for value in _need(row, s.EXECUTION_PLAN, "values")]
        self.values: list[SSAValue] = []
        self.operators: list[tuple[str, str | None]] = []
        self.delegates: list[str] = []

    # ---- tensors --------------------------------------------------------------------------------------------------

    def note_data(self) -> None:
        """Tell the data what the tensors say about them."""
        for code, row in self.rows:
            if ex.VALUE_OPS[code - 1] is ex.TensorOp:
                self._check_tensor(row)
                home = self._home(row)
                if home is not None:
                    dtype = BY_SCALAR_TYPE.get(row["scalar_type"])
                    sizes = row["sizes"]
                    type, nbytes = None, -1
                    if dtype is not None:
                        nbytes = dtype.size
                        for size in sizes:
                            nbytes *= size
                        type = TensorType(dtype.ir, sizes)
                    info = row["extra_tensor_info"]
                    fqn = info["fully_qualified_name"] if info is not None else None
                    home.use(row["data_buffer_idx"], type, nbytes, fqn)

    def _check_tensor(self, row: Row) -> None:
        sizes, order = _need(row, s.TENSOR, "sizes", "dim_order")
        if len(sizes) > 16 or any(size < 0 for size in sizes):
            raise damaged("a tensor's sizes make no sense", "Tensor.sizes", "up to 16 sizes from 0 up", list(sizes)[:17])
        if sorted(order) != list(range(len(sizes))):
            raise damaged("a tensor's dim order makes no sense", "Tensor.dim_order", "each dimension once", list(order))

    def _home(self, row: Row) -> _Group | None:
        """The table that has the tensor's bytes; None when it has none here."""
        program, index, info = self.program, row["data_buffer_idx"], row["extra_tensor_info"]
        if not index or (info is not None and info["location"] == s.EXTERNAL):
            return None
        if program.constant_buffer is not None:
            home = program.constant_buffer
        elif row["allocation_info"] is None:
            home = program.constants
        else:
            segment = info["mutable_data_segments_idx"] if info is not None else 0
            home = _pick(program.mutable, segment, "ExtraTensorInfo.mutable_data_segments_idx", "segment of state")
        _pick(home.spans if home is not None else (), index - 1, "Tensor.data_buffer_idx", "constant")
        return home

    def _tensor(self, row: Row) -> ex.TensorOp:
        dtype = BY_SCALAR_TYPE.get(row["scalar_type"])
        known = dtype is not None and dtype.kind is not Kind.COMPLEX
        dynamism = _pick(ex.DYNAMISM, row["shape_dynamism"], "Tensor.shape_dynamism", "dynamism")
        place, info = row["allocation_info"], row["extra_tensor_info"]
        alloc = None
        if place is not None:
            alloc = (place["memory_id"], _signed(place["memory_offset_high"] << 32 | place["memory_offset_low"]))
        home = self._home(row)
        op = ex.TensorOp(
            dtype.ir if known and dtype is not None else int_attr(row["scalar_type"]),
            row["sizes"],
            dim_order=row["dim_order"],
            dynamism=dynamism,
            alloc=alloc,
            data=home.symbols[row["data_buffer_idx"]] if home is not None else None,
            requires_grad=row["requires_grad"],
        )
        numbers = {"storage_offset": row["storage_offset"], "layout": row["layout"]}
        if home is None:
            numbers["buffer"] = row["data_buffer_idx"]
        if info is not None:
            op.properties |= self._extra_info(info)
            if home is None or home not in self.program.mutable:
                numbers["mutable_segment"] = _signed(info["mutable_data_segments_idx"])
        op.properties |= {name: int_attr(number) for name, number in numbers.items() if number}
        return op

    def _extra_info(self, info: Row) -> dict[str, Attribute]:
        location = _pick((False, True), info["location"], "ExtraTensorInfo.location", "location")
        device = (info["device_type"], info["device_index"])
        properties: dict[str, Attribute | None] = {
            "fqn": string(info["fully_qualified_name"]),
            "external": UnitAttr() if location else None,
            "device": ints_attr(device) if any(device) else None,
        }
        found = {name: value for name, value in properties.items() if value is not None}
        return found or {"extra_info": UnitAttr()}

    # ---- values ---------------------------------------------------------------------------------------------------

    def _value_ops(self) -> list[ex.ValueOp]:
        """One op per value. A list may name values that come after it, so its operands are set when all exist."""
        makers: dict[type[ex.ValueOp], Callable[[Row], ex.ValueOp]] = {
            ex.NullOp: lambda row: ex.NullOp(),
            ex.IntOp: lambda row: ex.IntOp(row["int_val"]),
            ex.BoolOp: lambda row: ex.BoolOp(row["bool_val"]),
            ex.DoubleOp: lambda row: ex.DoubleOp(row["double_val"]),
            ex.TensorOp: self._tensor,
            ex.StringOp: lambda row: ex.StringOp(_need(row, s.STRING, "string_val")),
            ex.IntListOp: lambda row: ex.IntListOp(()),
            ex.DoubleListOp: lambda row: ex.DoubleListOp(_need(row, s.DOUBLE_LIST, "items")),
            ex.BoolListOp: lambda row: ex.BoolListOp(_need(row, s.BOOL_LIST, "items")),
            ex.TensorListOp: lambda row: ex.TensorListOp(()),
            ex.OptionalTensorListOp: lambda row: ex.OptionalTensorListOp(()),
        }
        ops = [makers[ex.VALUE_OPS[code - 1]](row) for code, row in self.rows]
        self.values = [op.result for op in ops]
        for op, (_, row) in zip(ops, self.rows, strict=True):
            if isinstance(op, ex.OptionalTensorListOp):
                items = _need(row, s.OPTIONAL_TENSOR_LIST, "items")
                op.set_values([None if i == -1 else self._value(i, "OptionalTensorList.items") for i in items])
            elif isinstance(op, ex.IntListOp | ex.TensorListOp):
                op.operands = self._values(_need(row, s.INT_LIST, "items"), f"{op.KIND}.items")
        return ops

    def _value(self, index: int, place: str) -> SSAValue:
        return _pick(self.values, index, f"{place} of method {self.name}", "value")

    def _values(self, indices: Sequence[int], place: str) -> list[SSAValue]:
        return [self._value(i, place) for i in indices]

    # ---- the rest -------------------------------------------------------------------------------------------------

    def read(self) -> ex.PlanOp:
        row = self.row
        ops: list[Operation] = [*self._value_ops()]
        inputs, outputs, chains = _need(row, s.EXECUTION_PLAN, "inputs", "outputs", "chains")
        ops.append(ex.InputsOp(self._values(inputs, "ExecutionPlan.inputs")))
        ops.append(ex.OutputsOp(self._values(outputs, "ExecutionPlan.outputs")))
        self.operators = [(_need(o, s.OPERATOR, "name"), o["overload"]) for o in row["operators"] or ()]
        delegates = [self._delegate(i, delegate) for i, delegate in enumerate(row["delegates"] or ())]
        self.delegates = [op.sym_name.data for op in delegates]
        chain_ops = [self._chain(chain) for chain in chains]
        first_uses = dict.fromkeys(i.key for chain in chain_ops for i in chain.instructions if isinstance(i, ex.KernelOp))
        if list(first_uses) != self.operators:
            ops += [_with_key(ex.OperatorOp(""), key) for key in self.operators]
        container: Row | None = row["container_meta_type"]
        devices: list[Row] | None = row["non_const_buffer_device"]
        plan = ex.PlanOp(
            self.name,
            [*ops, *delegates, *chain_ops],
            buffers=_need(row, s.EXECUTION_PLAN, "non_const_buffer_sizes"),
            container=(container["encoded_inp_str"], container["encoded_out_str"]) if container is not None else None,
        )
        if devices is not None:
            plan.properties["devices"] = ints_attr([number for device in devices for number in device.values()])
        return plan

    def _delegate(self, i: int, row: Row) -> ex.DelegateOp:
        backend, processed = _need(row, s.DELEGATE, "id", "processed")
        index, where = processed["index"], f"delegate {i} of method {self.name}"
        location = _pick((s.INLINE, s.IN_SEGMENT), processed["location"], where, "location")
        inline = _pick(self.program.inline_names, index, where, "inline data") if location == s.INLINE else None
        segment = self.program.segment_name(index, where) if location == s.IN_SEGMENT else None
        specs: list[Row] | None = row["compile_specs"]
        pairs = None
        if specs is not None:
            pairs = [_need(spec, s.COMPILE_SPEC, "key", "value") for spec in specs]
            pairs = [(key, bytes(value)) for key, value in pairs]
        return ex.DelegateOp(f"delegate{i}", backend, segment=segment, inline=inline, specs=pairs)

    def _chain(self, row: Row) -> ex.ChainOp:
        ops: list[Operation] = []
        if row["inputs"] is not None:
            ops.append(ex.InputsOp(self._values(row["inputs"], "Chain.inputs")))
        if row["outputs"] is not None:
            ops.append(ex.OutputsOp(self._values(row["outputs"], "Chain.outputs")))
        makers: dict[type[ex.InstructionOp], Callable[[Row], ex.InstructionOp]] = {
            ex.KernelOp: self._kernel,
            ex.DelegateCallOp: self._delegate_call,
            ex.MoveOp: lambda r: ex.MoveOp(
                self._value(r["move_from"], "MoveCall.move_from"), self._value(r["move_to"], "MoveCall.move_to")
            ),
            ex.JumpFalseOp: lambda r: ex.JumpFalseOp(
                self._value(r["cond_value_index"], "JumpFalseCall.cond_value_index"), r["destination_instruction"]
            ),
            ex.FreeOp: lambda r: ex.FreeOp(self._value(r["value_index"], "FreeCall.value_index")),
        }
        rows: list[tuple[int, Row]] = [i["instr_args"] for i in _need(row, s.CHAIN, "instructions")]
        instructions = [makers[ex.INSTRUCTION_OPS[code - 1]](r) for code, r in rows]
        stacks: list[Row] | None = row["stacktrace"]
        if stacks is not None and len(stacks) > len(instructions):
            raise damaged(
                "there are more stack traces than instructions", "Chain.stacktrace", len(instructions), len(stacks)
            )
        for instruction, stack in zip(instructions, stacks or (), strict=False):
            frames = [
                ex.FrameAttr(*_need(f, s.FRAME, "filename", "lineno", "name", "context"))
                for f in _need(stack, s.FRAME_LIST, "items")
            ]
            instruction.properties["stack"] = ArrayAttr(frames)
        return ex.ChainOp([*ops, *instructions], stacktrace=stacks is not None)

    def _kernel(self, row: Row) -> ex.KernelOp:
        key = _pick(self.operators, row["op_index"], f"KernelCall.op_index of method {self.name}", "operator")
        args = self._values(_need(row, s.KERNEL_CALL, "args"), "KernelCall.args")
        return _with_key(ex.KernelOp("", args), key)

    def _delegate_call(self, row: Row) -> ex.DelegateCallOp:
        name = _pick(self.delegates, row["delegate_index"], f"DelegateCall of method {self.name}", "delegate")
        return ex.DelegateCallOp(name, self._values(_need(row, s.DELEGATE_CALL, "args"), "DelegateCall.args"))


def _with_key(op: Any, key: tuple[str, str | None]) -> Any:
    name, overload = key
    op.properties["op_name"] = StringAttr(name)
    if overload is None:
        del op.properties["overload"]
    else:
        op.properties["overload"] = StringAttr(overload)
    return op


def _signed(value: int) -> int:
    if value >= 1 << 63:
        raise damaged("a number is too large", "memory offset", "less than 2^63", value)
    return value
