"""An `ExecutionPlan` table → a method of `exec`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.dialects.builtin import ArrayAttr, StringAttr, TensorType, UnitAttr
from xdsl.ir import Attribute, Operation, SSAValue

from etc.dialects import exec as ex
from etc.dialects.dtypes import BY_SCALAR_TYPE
from etc.dialects.exec.syntax import int_attr, ints_attr, string
from etc.dialects.exec.tensors import MAX_RANK
from etc.emit.flatbuffer import schema as s
from etc.emit.flatbuffer.container import damaged
from etc.emit.flatbuffer.read_storage import Group, Storage, need, pick
from etc.emit.flatbuffer.reader import Row


class PlanReader:
    def __init__(self, storage: Storage, row: Row):
        self.storage, self.row = storage, row
        self.name: str = need(row, s.EXECUTION_PLAN, "name")
        self.rows: list[tuple[int, Row]] = [value["val"] for value in need(row, s.EXECUTION_PLAN, "values")]
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
        sizes, order = need(row, s.TENSOR, "sizes", "dim_order")
        if len(sizes) > 16 or any(size < 0 for size in sizes):
            raise damaged(
                "a tensor's sizes make no sense", "Tensor.sizes", "up to 16 sizes from 0 up", list(sizes)[:17]
            )
        if sorted(order) != list(range(len(sizes))):
            found = list(order[: MAX_RANK + 1])
            raise damaged("a tensor's dim order makes no sense", "Tensor.dim_order", "each dimension once", found)

    def _home(self, row: Row) -> Group | None:
        """The table that has the tensor's bytes; None when it has none here."""
        storage, index, info = self.storage, row["data_buffer_idx"], row["extra_tensor_info"]
        if not index or (info is not None and info["location"] == s.EXTERNAL):
            return None
        if storage.constant_buffer is not None:
            home = storage.constant_buffer
        elif row["allocation_info"] is None:
            home = storage.constants
        else:
            segment = info["mutable_data_segments_idx"] if info is not None else 0
            home = pick(storage.mutable, segment, "ExtraTensorInfo.mutable_data_segments_idx", "segment of state")
        pick(home.spans if home is not None else (), index - 1, "Tensor.data_buffer_idx", "constant")
        return home

    def _tensor(self, row: Row) -> ex.TensorOp:
        dtype = BY_SCALAR_TYPE.get(row["scalar_type"])
        known = dtype is not None
        dynamism = pick(ex.DYNAMISM, row["shape_dynamism"], "Tensor.shape_dynamism", "dynamism")
        place, info = row["allocation_info"], row["extra_tensor_info"]
        alloc = None
        if place is not None:
            alloc = (place["memory_id"], _signed(place["memory_offset_high"] << 32 | place["memory_offset_low"]))
        home = self._home(row)
        op = ex.TensorOp(
            dtype.ir if known else int_attr(row["scalar_type"]),
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
            if home is None or home not in self.storage.mutable:
                numbers["mutable_segment"] = _signed(info["mutable_data_segments_idx"])
        op.properties |= {name: int_attr(number) for name, number in numbers.items() if number}
        return op

    def _extra_info(self, info: Row) -> dict[str, Attribute]:
        location = pick((False, True), info["location"], "ExtraTensorInfo.location", "location")
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
            ex.StringOp: lambda row: ex.StringOp(need(row, s.STRING, "string_val")),
            ex.IntListOp: lambda row: ex.IntListOp(()),
            ex.DoubleListOp: lambda row: ex.DoubleListOp(need(row, s.DOUBLE_LIST, "items")),
            ex.BoolListOp: lambda row: ex.BoolListOp(need(row, s.BOOL_LIST, "items")),
            ex.TensorListOp: lambda row: ex.TensorListOp(()),
            ex.OptionalTensorListOp: lambda row: ex.OptionalTensorListOp(()),
        }
        ops = [makers[ex.VALUE_OPS[code - 1]](row) for code, row in self.rows]
        self.values = [op.result for op in ops]
        for op, (_, row) in zip(ops, self.rows, strict=True):
            if isinstance(op, ex.OptionalTensorListOp):
                items = need(row, s.OPTIONAL_TENSOR_LIST, "items")
                op.set_values([None if i == -1 else self._value(i, "OptionalTensorList.items") for i in items])
            elif isinstance(op, ex.IntListOp | ex.TensorListOp):
                op.operands = self._values(need(row, s.INT_LIST, "items"), f"{op.KIND}.items")
        return ops

    def _value(self, index: int, place: str) -> SSAValue:
        return pick(self.values, index, f"{place} of method {self.name}", "value")

    def _values(self, indices: Sequence[int], place: str) -> list[SSAValue]:
        return [self._value(i, place) for i in indices]

    # ---- the rest -------------------------------------------------------------------------------------------------

    def read(self) -> ex.PlanOp:
        row = self.row
        ops: list[Operation] = [*self._value_ops()]
        inputs, outputs, chains = need(row, s.EXECUTION_PLAN, "inputs", "outputs", "chains")
        ops.append(ex.InputsOp(self._values(inputs, "ExecutionPlan.inputs")))
        ops.append(ex.OutputsOp(self._values(outputs, "ExecutionPlan.outputs")))
        self.operators = [(need(o, s.OPERATOR, "name"), o["overload"]) for o in row["operators"] or ()]
        delegates = [self._delegate(i, delegate) for i, delegate in enumerate(row["delegates"] or ())]
        self.delegates = [op.sym_name.data for op in delegates]
        chain_ops = [self._chain(chain) for chain in chains]
        first_uses = dict.fromkeys(
            i.key for chain in chain_ops for i in chain.instructions if isinstance(i, ex.KernelOp)
        )
        if list(first_uses) != self.operators:
            ops += [_with_key(ex.OperatorOp(""), key) for key in self.operators]
        container: Row | None = row["container_meta_type"]
        devices: list[Row] | None = row["non_const_buffer_device"]
        plan = ex.PlanOp(
            self.name,
            [*ops, *delegates, *chain_ops],
            buffers=need(row, s.EXECUTION_PLAN, "non_const_buffer_sizes"),
            container=(container["encoded_inp_str"], container["encoded_out_str"]) if container is not None else None,
        )
        if devices is not None:
            plan.properties["devices"] = ints_attr([number for device in devices for number in device.values()])
        return plan

    def _delegate(self, i: int, row: Row) -> ex.DelegateOp:
        backend, processed = need(row, s.DELEGATE, "id", "processed")
        index, where = processed["index"], f"delegate {i} of method {self.name}"
        location = pick((s.INLINE, s.IN_SEGMENT), processed["location"], where, "location")
        inline = pick(self.storage.inline, index, where, "inline data") if location == s.INLINE else None
        segment = self.storage.segment_name(index, where) if location == s.IN_SEGMENT else None
        specs: list[Row] | None = row["compile_specs"]
        pairs = None
        if specs is not None:
            pairs = [need(spec, s.COMPILE_SPEC, "key", "value") for spec in specs]
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
        rows: list[tuple[int, Row]] = [i["instr_args"] for i in need(row, s.CHAIN, "instructions")]
        instructions = [makers[ex.INSTRUCTION_OPS[code - 1]](r) for code, r in rows]
        stacks: list[Row] | None = row["stacktrace"]
        if stacks is not None and len(stacks) > len(instructions):
            raise damaged(
                "there are more stack traces than instructions", "Chain.stacktrace", len(instructions), len(stacks)
            )
        for instruction, stack in zip(instructions, stacks or (), strict=False):
            frames = [
                ex.FrameAttr(*need(f, s.FRAME, "filename", "lineno", "name", "context"))
                for f in need(stack, s.FRAME_LIST, "items")
            ]
            instruction.properties["stack"] = ArrayAttr(frames)
        return ex.ChainOp([*ops, *instructions], stacktrace=stacks is not None)

    def _kernel(self, row: Row) -> ex.KernelOp:
        key = pick(self.operators, row["op_index"], f"KernelCall.op_index of method {self.name}", "operator")
        args = self._values(need(row, s.KERNEL_CALL, "args"), "KernelCall.args")
        return _with_key(ex.KernelOp("", args), key)

    def _delegate_call(self, row: Row) -> ex.DelegateCallOp:
        name = pick(self.delegates, row["delegate_index"], f"DelegateCall of method {self.name}", "delegate")
        return ex.DelegateCallOp(name, self._values(need(row, s.DELEGATE_CALL, "args"), "DelegateCall.args"))


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
