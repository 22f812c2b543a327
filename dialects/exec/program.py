"""The program and its plans: one plan per method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, NoneAttr, StringAttr, UnitAttr
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import base, irdl_op_definition, opt_prop_def, prop_def, region_def, traits_def, var_operand_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import NoTerminator
from xdsl.utils.exceptions import VerifyException

from etc.dialects.exec.instructions import (
    DelegateCallOp,
    DelegateOp,
    InstructionOp,
    JumpFalseOp,
    OperatorOp,
)
from etc.dialects.exec.storage import (
    DEFAULT_ALIGNMENT,
    BackendDataOp,
    BytesOp,
    ConstantBufferOp,
    ConstantSegmentOp,
    DataGroupOp,
    DataOp,
    NamedDataOp,
    SegmentOp,
    body_of,
    parse_body,
)
from etc.dialects.exec.syntax import (
    INTS,
    ExecOp,
    ValueType,
    flag,
    flag_clause,
    int_attr,
    int_clause,
    ints_attr,
    ints_clause,
    parse_clauses,
    parse_operands,
    print_clauses,
    print_operands,
    strings_clause,
)
from etc.dialects.exec.tensors import TensorOp
from etc.dialects.exec.values import ValueOp
from etc.dialects.graph_region import GraphRegion


class _ValuesOp(ExecOp):
    values = var_operand_def(ValueType)

    def __init__(self, values: Sequence[SSAValue | Operation]):
        self._build({}, values)

    def print(self, printer: Printer) -> None:
        print_operands(printer, self.operands)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        op = cls(parse_operands(parser))
        op.attributes |= parser.parse_optional_attr_dict()
        return op


@irdl_op_definition
class InputsOp(_ValuesOp):
    """`exec.inputs(%x, %y)`: what a caller of the plan passes. In a chain: its own inputs, which nobody reads."""

    name = "exec.inputs"


@irdl_op_definition
class OutputsOp(_ValuesOp):
    """`exec.outputs(%y)`: what a caller of the plan gets. In a chain: its own outputs, which nobody reads."""

    name = "exec.outputs"


@irdl_op_definition
class ChainOp(ExecOp):
    """`exec.chain { … }`: instructions, numbered from 0. `stacktrace`: the file keeps stack traces for them."""

    name = "exec.chain"
    body = region_def("single_block")
    stacktrace = opt_prop_def(UnitAttr)
    traits = traits_def(NoTerminator())

    CLAUSES: ClassVar = (flag_clause("stacktrace"),)

    def __init__(self, ops: Sequence[Operation], *, stacktrace: bool = False):
        self._build({"stacktrace": flag(stacktrace)}, regions=[body_of(ops)])

    @property
    def instructions(self) -> list[InstructionOp]:
        return [op for op in self.body.ops if isinstance(op, InstructionOp)]

    def print(self, printer: Printer) -> None:
        _print_with_body(printer, self, self.CLAUSES)

    @classmethod
    def parse(cls, parser: Parser) -> ChainOp:
        return _parse_with_body(parser, cls, {})

    def verify_(self) -> None:
        _verify_body(self, (InstructionOp, InputsOp, OutputsOp), once=(InputsOp, OutputsOp))
        instructions = self.instructions
        traced = [op.stack is not None for op in instructions]
        if any(traced) and self.stacktrace is None:
            raise VerifyException(f"{self.name}: an instruction has a stack, so the chain must say `stacktrace`")
        if sorted(traced, reverse=True) != traced:
            raise VerifyException(f"{self.name}: stack traces belong to the first instructions, without a gap")
        for op in instructions:
            if isinstance(op, JumpFalseOp) and not 0 <= op.target <= len(instructions):
                raise VerifyException(
                    f"{op.name}: the chain has {len(instructions)} instructions, "
                    f"so a jump may go to 0 … {len(instructions)}, found {op.target}"
                )


@irdl_op_definition
class PlanOp(ExecOp):
    """`exec.plan @forward buffers [0, 1344] { values, exec.inputs, exec.outputs, delegates, chains }`: a method.

    `buffers`: bytes of each planned memory by id; id 0 is reserved and 0. Absent until memory is planned.
    `devices [buffer, type, index, …]`: where memories are, three numbers each. `container("…", "…")`: pytree specs of
    inputs and outputs as JSON.
    """

    name = "exec.plan"
    sym_name = prop_def(StringAttr)
    buffers = opt_prop_def(INTS)
    devices = opt_prop_def(INTS)
    container = opt_prop_def(ArrayAttr)
    body = region_def("single_block")
    traits = traits_def(NoTerminator(), GraphRegion())

    CLAUSES: ClassVar = (ints_clause("buffers"), ints_clause("devices"), strings_clause("container", "()"))

    def __init__(
        self,
        name: str,
        ops: Sequence[Operation],
        *,
        buffers: Sequence[int] | None = None,
        container: tuple[str | None, str | None] | None = None,
    ):
        specs = None if container is None else [NoneAttr() if s is None else StringAttr(s) for s in container]
        self._build(
            {
                "sym_name": StringAttr(name),
                "buffers": None if buffers is None else ints_attr(buffers),
                "container": None if specs is None else ArrayAttr(specs),
            },
            regions=[body_of(ops)],
        )

    @property
    def values(self) -> Iterator[ValueOp]:
        """In table order."""
        return (op for op in self.body.ops if isinstance(op, ValueOp))

    @property
    def chains(self) -> Iterator[ChainOp]:
        return (op for op in self.body.ops if isinstance(op, ChainOp))

    @property
    def inputs(self) -> InputsOp:
        return next(op for op in self.body.ops if isinstance(op, InputsOp))

    @property
    def outputs(self) -> OutputsOp:
        return next(op for op in self.body.ops if isinstance(op, OutputsOp))

    def set_buffers(self, sizes: Sequence[int]) -> None:
        """Bytes of each planned memory; `sizes[0]` is 0."""
        self.properties["buffers"] = ints_attr(sizes)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        _print_with_body(printer, self, self.CLAUSES)

    @classmethod
    def parse(cls, parser: Parser) -> PlanOp:
        return _parse_with_body(parser, cls, {"sym_name": parser.parse_symbol_name()})

    def verify_(self) -> None:
        _verify_body(
            self,
            (ValueOp, InputsOp, OutputsOp, OperatorOp, DelegateOp, ChainOp),
            once=(InputsOp, OutputsOp),
            needed=(InputsOp, OutputsOp, ChainOp),
        )
        method = f"{self.name} @{self.sym_name.data}"
        if self.devices is not None and len(self.devices.get_values()) % 3:
            raise VerifyException(f"{method}: devices must be triples of buffer, device type and device index")
        if self.container is not None and len(self.container.data) != 2:
            raise VerifyException(f"{method}: container must be a spec of the inputs and one of the outputs")
        self._verify_allocations(method)
        delegates = _unique_names(self, (op for op in self.body.ops if isinstance(op, DelegateOp)))
        for chain in self.chains:
            for call in chain.instructions:
                if isinstance(call, DelegateCallOp) and call.delegate.string_value() not in delegates:
                    raise VerifyException(f"{method}: there is no exec.delegate @{call.delegate.string_value()}")

    def _verify_allocations(self, method: str) -> None:
        if self.buffers is None:
            return
        sizes: tuple[int, ...] = self.buffers.get_values()
        for i, op in enumerate(self.values):
            if not isinstance(op, TensorOp) or op.alloc is None:
                continue
            memory_id, offset = op.alloc.get_values()
            if memory_id >= len(sizes):
                raise VerifyException(
                    f"{method}: value {i} is in memory {memory_id}, but the plan has memories 1 … {len(sizes) - 1}"
                )
            end = offset + (op.nbytes or 0)
            if end > sizes[memory_id]:
                raise VerifyException(
                    f"{method}: value {i} ends at byte {end} of memory {memory_id}, which has {sizes[memory_id]} bytes"
                )


@irdl_op_definition
class ProgramOp(ExecOp):
    """`exec.program { segments, data, plans }`: a `.pte` file.

    `alignment`: segments start at multiples of this many bytes, 128 unless given. `empty [...]`: lists of the file that
    are present and empty; a list that is neither here nor has ops is absent. `version`: the schema's, 0 unless given.
    """

    name = "exec.program"
    version = opt_prop_def(IntegerAttr)
    alignment = opt_prop_def(IntegerAttr)
    empty = opt_prop_def(ArrayAttr.constr(base(StringAttr)))
    body = region_def("single_block")
    traits = traits_def(NoTerminator())

    CLAUSES: ClassVar = (int_clause("version"), int_clause("alignment"), strings_clause("empty"))
    LISTS: ClassVar = (
        "constant_buffer",
        "backend_delegate_data",
        "segments",
        "constant_segment",
        "mutable_data_segments",
        "named_data",
    )

    def __init__(
        self,
        ops: Sequence[Operation],
        *,
        version: int = 0,
        alignment: int = DEFAULT_ALIGNMENT,
        empty: Sequence[str] = (),
    ):
        self._build(
            {
                "version": int_attr(version) if version else None,
                "alignment": int_attr(alignment) if alignment != DEFAULT_ALIGNMENT else None,
                "empty": ArrayAttr([StringAttr(name) for name in empty]) if empty else None,
            },
            regions=[body_of(ops)],
        )

    @property
    def segment_alignment(self) -> int:
        return DEFAULT_ALIGNMENT if self.alignment is None else self.alignment.value.data

    @property
    def plans(self) -> Iterator[PlanOp]:
        return (op for op in self.body.ops if isinstance(op, PlanOp))

    @property
    def empty_lists(self) -> frozenset[str]:
        return frozenset() if self.empty is None else frozenset(name.data for name in self.empty.data)

    def print(self, printer: Printer) -> None:
        _print_with_body(printer, self, self.CLAUSES)

    @classmethod
    def parse(cls, parser: Parser) -> ProgramOp:
        return _parse_with_body(parser, cls, {})

    def verify_(self) -> None:
        _verify_body(
            self,
            (DataGroupOp, SegmentOp, BackendDataOp, NamedDataOp, PlanOp),
            once=(ConstantSegmentOp, ConstantBufferOp),
        )
        alignment = self.segment_alignment
        if alignment < 1 or alignment & (alignment - 1):
            raise VerifyException(f"{self.name}: alignment must be a power of two, found {alignment}")
        for name in self.empty.data if self.empty is not None else ():
            if name.data not in self.LISTS:
                raise VerifyException(f"{self.name}: empty may name {', '.join(self.LISTS)}, found {name}")
        data: list[tuple[DataOp, DataGroupOp]] = [
            (entry, group) for group in self.body.ops if isinstance(group, DataGroupOp) for entry in group.entries
        ]
        _unique_names(self, (op for op in self.walk() if isinstance(op, BytesOp)))
        _unique_names(self, self.plans)
        homes = {entry.sym_name.data: (entry, group) for entry, group in data}
        segments = {op.sym_name.data for op in self.body.ops if isinstance(op, SegmentOp)}
        inline = {op.sym_name.data for op in self.body.ops if isinstance(op, BackendDataOp)}
        for op in self.body.ops:
            if isinstance(op, NamedDataOp):
                _expect_name(op, f'"{op.key.data}"', op.segment, segments, "exec.segment")
        for plan in self.plans:
            for op in plan.body.ops:
                if isinstance(op, DelegateOp):
                    _expect_name(op, f"@{op.sym_name.data}", op.segment, segments, "exec.segment")
                    _expect_name(op, f"@{op.sym_name.data}", op.inline, inline, "exec.backend_data")
            for i, value in enumerate(plan.values):
                if isinstance(value, TensorOp) and value.data is not None:
                    who = f"value {i} of method @{plan.sym_name.data}"
                    _expect_name(value, who, value.data, homes, "exec.data")
                    _verify_data(value, who, *homes[value.data.string_value()])


def _verify_data(tensor: TensorOp, who: str, entry: DataOp, group: DataGroupOp) -> None:
    name = f"@{entry.sym_name.data}"
    if isinstance(group, ConstantSegmentOp) and tensor.alloc is not None:
        raise VerifyException(
            f"{tensor.name}: {name} is in the constant segment, so {who} is read in place and cannot have an alloc"
        )
    if tensor.nbytes is not None and entry.nbytes < tensor.nbytes:
        raise VerifyException(f"{tensor.name}: {who} takes {tensor.nbytes} bytes, {name} has {entry.nbytes}")


def _expect_name(op: Operation, who: str, reference: Any, known: Any, kind: str) -> None:
    if reference is not None and reference.string_value() not in known:
        raise VerifyException(f"{op.name}: {who} refers to @{reference.string_value()}, but there is no such {kind}")


def _unique_names(op: Operation, named: Any) -> set[str]:
    names: set[str] = set()
    for item in named:
        name = item.sym_name.data
        if name in names:
            raise VerifyException(f"{op.name}: the name @{name} is given twice")
        names.add(name)
    return names


def _verify_body(
    op: ChainOp | PlanOp | ProgramOp,
    allowed: tuple[type[Operation], ...],
    *,
    once: tuple[type[Operation], ...] = (),
    needed: tuple[type[Operation], ...] = (),
) -> None:
    """Only `allowed` ops; each of `once` at most once; each of `needed` at least once."""
    counts = dict.fromkeys((*once, *needed), 0)
    for inner in op.body.ops:
        if not isinstance(inner, allowed):
            raise VerifyException(f"{op.name} cannot hold {inner.name}")
        if type(inner) in counts:
            counts[type(inner)] += 1
    for kind in once:
        if counts[kind] > 1:
            raise VerifyException(f"{op.name} may hold one {kind.name}, found {counts[kind]}")
    for kind in needed:
        if not counts[kind]:
            raise VerifyException(f"{op.name} must hold an {kind.name}, found none")


def _print_with_body(printer: Printer, op: ChainOp | PlanOp | ProgramOp, clauses: Any) -> None:
    print_clauses(printer, op, clauses)
    printer.print_op_attributes(op.attributes, print_keyword=True)
    printer.print_string(" ")
    printer.print_region(op.body, print_empty_block=False)


def _parse_with_body(parser: Parser, cls: Any, properties: Any) -> Any:
    properties |= parse_clauses(parser, cls.CLAUSES)
    attributes = parser.parse_optional_attr_dict_with_keyword()
    return cls.create(
        properties=properties,
        attributes=attributes.data if attributes is not None else {},
        regions=[parse_body(parser)],
    )
