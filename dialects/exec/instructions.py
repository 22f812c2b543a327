"""The instructions of a chain, and what they name: operators and delegates."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import ArrayAttr, BytesAttr, IntegerAttr, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Operation, ParametrizedAttribute, SSAValue
from xdsl.irdl import (
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    param_def,
    prop_def,
    var_operand_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects.exec.syntax import (
    Clause,
    ExecOp,
    ValueType,
    attribute_clause,
    int_attr,
    parse_bytes,
    parse_clauses,
    parse_int,
    parse_operand,
    parse_operands,
    parse_text,
    print_clauses,
    print_operands,
    print_text,
    symbol_attr,
    symbol_clause,
)
from etc.dialects.exec.tensors import TensorOp
from etc.dialects.exec.values import BoolOp, expect_kinds

PRIM_ARITY = {
    "aten::sym_size.int": 3,
    "aten::sym_numel": 2,
    "aten::_local_scalar_dense": 2,
    "executorch_prim::et_copy_index.tensor": 3,
    "executorch_prim::et_view.default": 3,
} | {
    f"executorch_prim::{name}.Scalar": arity
    for arity, names in (
        (2, ("neg", "sym_float", "sym_not", "ceil", "round", "trunc")),
        (3, ("add", "sub", "mul", "floordiv", "truediv", "mod", "eq", "gt", "lt", "ge", "le")),
    )
    for name in names
}
"""Operators that the runtime itself defines take exactly these arguments; there is no trailing repeat of the result."""


@irdl_attr_definition
class FrameAttr(ParametrizedAttribute):
    """`#exec.frame<"model.py":12, "forward", "x + y">`: a frame of a stack trace: file, line, function, source text."""

    name = "exec.frame"
    filename: StringAttr = param_def()
    lineno: IntegerAttr = param_def()
    function: StringAttr = param_def()
    context: StringAttr = param_def()

    def __init__(self, filename: str, lineno: int, function: str, context: str):
        super().__init__(StringAttr(filename), int_attr(lineno), StringAttr(function), StringAttr(context))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            filename = parse_text(parser)
            parser.parse_punctuation(":")
            lineno = parser.parse_integer()
            parser.parse_punctuation(",")
            function = parse_text(parser)
            parser.parse_punctuation(",")
            context = parse_text(parser)
        return StringAttr(filename), int_attr(lineno), StringAttr(function), StringAttr(context)

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            print_text(printer, self.filename.data)
            printer.print_string(f":{self.lineno.value.data}")
            for text in (self.function, self.context):
                printer.print_string(", ")
                print_text(printer, text.data)


class InstructionOp(ExecOp, ABC):
    """One instruction. `stack [...]` is its stack trace, when the file keeps them."""

    stack = opt_prop_def(ArrayAttr.constr(base(FrameAttr)))

    CLAUSES: ClassVar[tuple[Clause, ...]] = (attribute_clause("stack"),)

    def _print_end(self, printer: Printer) -> None:
        print_clauses(printer, self, self.CLAUSES)
        printer.print_op_attributes(self.attributes)

    def _parse_end(self, parser: Parser) -> None:
        self.properties |= parse_clauses(parser, self.CLAUSES)
        self.attributes |= parser.parse_optional_attr_dict()


# ---- operators ----------------------------------------------------------------------------------------------------


class _NamesOperator(ExecOp, ABC):
    """Text `"aten::add.out"`; `"a.b" overload "c"` when the name has a dot; `overload none` when that is absent."""

    op_name = prop_def(StringAttr)
    overload = opt_prop_def(StringAttr)

    @property
    def key(self) -> tuple[str, str | None]:
        """Name and overload, as the operators table has them."""
        return self.op_name.data, None if self.overload is None else self.overload.data

    @property
    def full_name(self) -> str:
        """`aten::add.out`: what the runtime looks up."""
        name, overload = self.key
        return f"{name}.{overload}" if overload else name

    def _print_name(self, printer: Printer) -> None:
        name, overload = self.key
        plain = overload is not None and "." not in name
        printer.print_string(" ")
        print_text(printer, self.full_name if plain else name)
        if not plain:
            printer.print_string(" overload ")
            if overload is None:
                printer.print_string("none")
            else:
                print_text(printer, overload)


def split_name(full_name: str) -> dict[str, Attribute]:
    """`aten::add.out` as properties: everything after the first dot is the overload."""
    name, _, overload = full_name.partition(".")
    return {"op_name": StringAttr(name), "overload": StringAttr(overload)}


def _parse_name(parser: Parser) -> dict[str, Attribute]:
    name = parse_text(parser)
    if parser.parse_optional_keyword("overload") is None:
        return split_name(name)
    if parser.parse_optional_keyword("none") is not None:
        return {"op_name": StringAttr(name)}
    return {"op_name": StringAttr(name), "overload": StringAttr(parse_text(parser))}


@irdl_op_definition
class OperatorOp(_NamesOperator):
    """`exec.operator "aten::add.out"`: an entry of the operators table.

    Needed only where the table is not what the kernels give in order of first use.
    """

    name = "exec.operator"

    def __init__(self, full_name: str):
        self._build(split_name(full_name))

    def print(self, printer: Printer) -> None:
        self._print_name(printer)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> OperatorOp:
        op = cls.create(properties=_parse_name(parser))
        op.attributes |= parser.parse_optional_attr_dict()
        return op


@irdl_op_definition
class KernelOp(_NamesOperator, InstructionOp):
    """`exec.kernel "aten::add.out"(%a, %b, %alpha, %out, %out)`: every schema argument, then the result once more."""

    name = "exec.kernel"
    args = var_operand_def(ValueType)

    def __init__(self, full_name: str, args: Sequence[SSAValue | Operation]):
        self._build(split_name(full_name), args)

    def print(self, printer: Printer) -> None:
        self._print_name(printer)
        print_operands(printer, self.operands)
        self._print_end(printer)

    @classmethod
    def parse(cls, parser: Parser) -> KernelOp:
        properties = _parse_name(parser)
        op = cls.create(properties=properties, operands=parse_operands(parser))
        op._parse_end(parser)
        return op

    def verify_(self) -> None:
        name, count = self.full_name, len(self.operands)
        if not self.op_name.data:
            raise VerifyException(f"{self.name}: the operator's name is empty")
        if name in PRIM_ARITY and count != PRIM_ARITY[name]:
            raise VerifyException(f"{self.name}: {name} takes {PRIM_ARITY[name]} arguments, found {count}")
        if count == 0:
            raise VerifyException(f"{self.name}: {name} has no arguments; its result at least must be one")


# ---- delegates ----------------------------------------------------------------------------------------------------


@irdl_attr_definition
class CompileSpecAttr(ParametrizedAttribute):
    """`#exec.spec<"key" = "bytes">`: one compile spec of a delegate."""

    name = "exec.spec"
    key: StringAttr = param_def()
    value: BytesAttr = param_def()

    def __init__(self, key: str, value: bytes):
        super().__init__(StringAttr(key), BytesAttr(value))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            key = parse_text(parser)
            parser.parse_punctuation("=")
            return StringAttr(key), BytesAttr(parse_bytes(parser))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            print_text(printer, self.key.data)
            printer.print_string(" = ")
            printer.print_bytes_literal(self.value.data)


@irdl_op_definition
class DelegateOp(ExecOp):
    """`exec.delegate @d0 "XnnpackBackend" segment @blob specs [#exec.spec<"key" = "bytes">]`

    `inline @data` instead of `segment @blob` names bytes inside the flatbuffer (`exec.backend_data`).
    """

    name = "exec.delegate"
    sym_name = prop_def(StringAttr)
    backend = prop_def(StringAttr)
    segment = opt_prop_def(SymbolRefAttr)
    inline = opt_prop_def(SymbolRefAttr)
    specs = opt_prop_def(ArrayAttr.constr(base(CompileSpecAttr)))

    CLAUSES: ClassVar = (symbol_clause("segment"), symbol_clause("inline"), attribute_clause("specs"))

    def __init__(
        self,
        name: str,
        backend: str,
        *,
        segment: str | None = None,
        inline: str | None = None,
        specs: Sequence[tuple[str, bytes]] | None = (),
    ):
        self._build(
            {
                "sym_name": StringAttr(name),
                "backend": StringAttr(backend),
                "segment": None if segment is None else symbol_attr(segment),
                "inline": None if inline is None else symbol_attr(inline),
                "specs": None if specs is None else ArrayAttr([CompileSpecAttr(*spec) for spec in specs]),
            }
        )

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string(" ")
        print_text(printer, self.backend.data)
        print_clauses(printer, self, self.CLAUSES)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> DelegateOp:
        op = cls(parser.parse_symbol_name().data, parse_text(parser), specs=None)
        op.properties |= parse_clauses(parser, cls.CLAUSES)
        op.attributes |= parser.parse_optional_attr_dict()
        return op

    def verify_(self) -> None:
        if (self.segment is None) == (self.inline is None):
            raise VerifyException(f"{self.name}: give either segment or inline, to say where the backend's bytes are")


@irdl_op_definition
class DelegateCallOp(InstructionOp):
    """`exec.delegate_call @d0(%x, %y)`: inputs, then outputs, none repeated."""

    name = "exec.delegate_call"
    delegate = prop_def(SymbolRefAttr)
    args = var_operand_def(ValueType)

    def __init__(self, delegate: str, args: Sequence[SSAValue | Operation]):
        self._build({"delegate": symbol_attr(delegate)}, args)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.delegate.string_value())
        print_operands(printer, self.operands)
        self._print_end(printer)

    @classmethod
    def parse(cls, parser: Parser) -> DelegateCallOp:
        op = cls(parser.parse_symbol_name().data, parse_operands(parser))
        op._parse_end(parser)
        return op


# ---- moves, jumps, frees ------------------------------------------------------------------------------------------


@irdl_op_definition
class MoveOp(InstructionOp):
    """`exec.move %from -> %to`: the destination becomes another handle of the source's value; no bytes are copied."""

    name = "exec.move"
    source = operand_def(ValueType)
    destination = operand_def(ValueType)

    def __init__(self, source: SSAValue | Operation, destination: SSAValue | Operation):
        self._build({}, (source, destination))

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_operand(self.source)
        printer.print_string(" -> ")
        printer.print_operand(self.destination)
        self._print_end(printer)

    @classmethod
    def parse(cls, parser: Parser) -> MoveOp:
        source = parse_operand(parser)
        parser.parse_punctuation("->")
        op = cls(source, parse_operand(parser))
        op._parse_end(parser)
        return op


@irdl_op_definition
class JumpFalseOp(InstructionOp):
    """`exec.jump_false %condition to 7`: go to instruction 7 of the chain, from 0, when the condition is false."""

    name = "exec.jump_false"
    condition = operand_def(ValueType)
    destination = prop_def(IntegerAttr)

    def __init__(self, condition: SSAValue | Operation, destination: int):
        self._build({"destination": int_attr(destination)}, (condition,))

    @property
    def target(self) -> int:
        """The number of the instruction to go to."""
        return self.destination.value.data

    @target.setter
    def target(self, number: int) -> None:
        self.properties["destination"] = int_attr(number)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_operand(self.condition)
        printer.print_string(f" to {self.target}")
        self._print_end(printer)

    @classmethod
    def parse(cls, parser: Parser) -> JumpFalseOp:
        condition = parse_operand(parser)
        parser.parse_keyword("to")
        op = cls(condition, parse_int(parser))
        op._parse_end(parser)
        return op

    def verify_(self) -> None:
        expect_kinds(self, "condition", (self.condition,), (BoolOp, TensorOp))


@irdl_op_definition
class FreeOp(InstructionOp):
    """`exec.free %x`: gives back the memory of a tensor whose size has no bound."""

    name = "exec.free"
    value = operand_def(ValueType)

    def __init__(self, value: SSAValue | Operation):
        self._build({}, (value,))

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_operand(self.value)
        self._print_end(printer)

    @classmethod
    def parse(cls, parser: Parser) -> FreeOp:
        op = cls(parse_operand(parser))
        op._parse_end(parser)
        return op

    def verify_(self) -> None:
        expect_kinds(self, "value", (self.value,), (TensorOp,))


INSTRUCTION_OPS: tuple[type[InstructionOp], ...] = (KernelOp, DelegateCallOp, MoveOp, JumpFalseOp, FreeOp)
"""In the order of the union `InstructionArguments`: the code of an instruction in the file is its position, from 1."""
