"""Bytes of a program: constants, initial state, and what backends get."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import IntegerAttr, IntegerType, Signedness, StringAttr, SymbolRefAttr, TensorType
from xdsl.ir import Block, Operation, Region
from xdsl.irdl import irdl_op_definition, opt_prop_def, prop_def, region_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import NoTerminator
from xdsl.utils.exceptions import VerifyException

from etc.dialects.blob import Blob, BlobAttr, parse_constant, print_constant
from etc.dialects.dtypes import BY_IR
from etc.dialects.exec.syntax import (
    ExecOp,
    int_attr,
    int_clause,
    parse_clauses,
    parse_text,
    print_clauses,
    print_text,
    symbol_attr,
)
from etc.errors import EtcError

BYTE = IntegerType(8, Signedness.UNSIGNED)
DEFAULT_ALIGNMENT = 128
"""Segments start at multiples of this many bytes unless the program says otherwise."""
DATA_ALIGNMENT = 16
"""Tensors within a segment start at multiples of this many bytes."""


def body_of(ops: Sequence[Operation]) -> Region:
    return Region(Block(list(ops)))


def parse_body(parser: Parser) -> Region:
    """A region of one block, also for `{}`."""
    region = parser.parse_region()
    if not region.blocks:
        region.add_block(Block())
    return region


class BytesOp(ExecOp, ABC):
    """`@name : type = content [at offset]`. The type tells a reader how to look at the bytes; a file holds bytes alone.

    `at` is needed only where the file has them elsewhere than this compiler would put them.
    """

    sym_name = prop_def(StringAttr)
    type = prop_def(TensorType)
    value = prop_def(BlobAttr)
    at = opt_prop_def(IntegerAttr)

    CLAUSES: ClassVar = (int_clause("at"),)

    def __init__(self, name: str, blob: Blob, type: TensorType[Any] | None = None, *, at: int | None = None):
        """`type`: static, of as many bytes as `blob`; without it the bytes are shown as bytes."""
        self._build(
            {
                "sym_name": StringAttr(name),
                "type": TensorType(BYTE, [blob.nbytes]) if type is None else type,
                "value": BlobAttr(blob),
                "at": None if at is None else int_attr(at),
            }
        )

    @property
    def blob(self) -> Blob:
        return self.value.data

    @property
    def nbytes(self) -> int:
        """Bytes of the content, known from the type when the content itself is not at hand."""
        size = BY_IR[self.type.element_type].size
        for dimension in self.type.get_shape():
            size *= dimension
        return size

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string(" : ")
        printer.print_attribute(self.type)
        printer.print_string(" = ")
        print_constant(printer, self.value, self.type)
        print_clauses(printer, self, self.CLAUSES)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        name = parser.parse_symbol_name()
        parser.parse_punctuation(":")
        position = parser.pos
        type = parser.parse_type()
        if not isinstance(type, TensorType) or type.element_type not in BY_IR or not type.has_static_shape():
            parser.raise_error(f"expected a tensor type of known size, found {type}", position)
        parser.parse_punctuation("=")
        position = parser.pos
        content = parse_constant(parser)
        try:
            value = content(type)
        except EtcError as error:
            parser.raise_error(str(error), position)
        op = cls.create(properties={"sym_name": name, "type": type, "value": value})
        op.properties |= parse_clauses(parser, cls.CLAUSES)
        op.attributes |= parser.parse_optional_attr_dict()
        return op

    def verify_(self) -> None:
        type: TensorType[Any] = self.type
        if type.element_type not in BY_IR or not type.has_static_shape():
            raise VerifyException(f"{self.name}: @{self.sym_name.data} must have a type of known size, found {type}")
        if self.blob.nbytes not in (-1, self.nbytes):
            raise VerifyException(
                f"{self.name}: @{self.sym_name.data} is {type}, which takes {self.nbytes} bytes, "
                f"but its content has {self.blob.nbytes}"
            )
        if self.at is not None and self.at.value.data < 0:
            raise VerifyException(f"{self.name}: @{self.sym_name.data} cannot be at {self.at.value.data}")


@irdl_op_definition
class DataOp(BytesOp):
    """`exec.data @conv.weight : tensor<4x3xf32> = #program.blob<"sha256:…">`: bytes that tensors name by `data @…`."""

    name = "exec.data"


@irdl_op_definition
class SegmentOp(BytesOp):
    """`exec.segment @blob : tensor<1120xui8> = …`: a segment that a delegate or named data uses whole."""

    name = "exec.segment"


@irdl_op_definition
class BackendDataOp(BytesOp):
    """`exec.backend_data @blob : tensor<1120xui8> = …`: a delegate's bytes inside the flatbuffer."""

    name = "exec.backend_data"


class DataGroupOp(ExecOp, ABC):
    """Holds `exec.data` ops. Their indices in the file start at 1: index 0 stands for "no data"."""

    body = region_def("single_block")
    at = opt_prop_def(IntegerAttr)
    size = opt_prop_def(IntegerAttr)
    traits = traits_def(NoTerminator())

    CLAUSES: ClassVar = (int_clause("at"), int_clause("size"))

    def __init__(self, ops: Sequence[DataOp] = (), *, at: int | None = None, size: int | None = None):
        """`at`, `size`: the segment's place and bytes, where they differ from what the emitter would choose."""
        self._build(
            {"at": None if at is None else int_attr(at), "size": None if size is None else int_attr(size)},
            regions=[body_of(ops)],
        )

    @property
    def entries(self) -> Iterator[DataOp]:
        return (op for op in self.body.ops if isinstance(op, DataOp))

    def print(self, printer: Printer) -> None:
        print_clauses(printer, self, self.CLAUSES)
        printer.print_string(" ")
        printer.print_region(self.body, print_empty_block=False)
        printer.print_op_attributes(self.attributes, print_keyword=True)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        properties = parse_clauses(parser, cls.CLAUSES)
        op = cls.create(properties=properties, regions=[parse_body(parser)])
        attributes = parser.parse_optional_attr_dict_with_keyword()
        op.attributes |= attributes.data if attributes is not None else {}
        return op

    def verify_(self) -> None:
        for op in self.body.ops:
            if not isinstance(op, DataOp):
                raise VerifyException(f"{self.name} holds exec.data ops only, found {op.name}")


@irdl_op_definition
class ConstantSegmentOp(DataGroupOp):
    """`exec.constant_segment { exec.data … }`: constants. The runtime demands one, even when it is empty."""

    name = "exec.constant_segment"


@irdl_op_definition
class MutableSegmentOp(DataGroupOp):
    """`exec.mutable_segment { exec.data … }`: initial values of state, copied into planned memory at load."""

    name = "exec.mutable_segment"


@irdl_op_definition
class ConstantBufferOp(DataGroupOp):
    """`exec.constant_buffer { exec.data … }`: constants inside the flatbuffer, as files before 2024-09 had them."""

    name = "exec.constant_buffer"


@irdl_op_definition
class NamedDataOp(ExecOp):
    """`exec.named_data "key" @blob`: lets a backend find the segment `@blob` by its key."""

    name = "exec.named_data"
    key = prop_def(StringAttr)
    segment = prop_def(SymbolRefAttr)

    def __init__(self, key: str, segment: str):
        self._build({"key": StringAttr(key), "segment": symbol_attr(segment)})

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        print_text(printer, self.key.data)
        printer.print_string(" ")
        printer.print_symbol_name(self.segment.string_value())
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> NamedDataOp:
        op = cls(parse_text(parser), parser.parse_symbol_name().data)
        op.attributes |= parser.parse_optional_attr_dict()
        return op
