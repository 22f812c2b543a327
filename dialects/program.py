"""`program`: the parts of a model that every level shares: weights, state, methods' signatures.

A module holds globals and any number of methods, which are `func.func`s; methods share the globals.

    program.global parameter @fc.weight : tensor<10x128xf32> = #program.blob<"sha256:…">
    program.global mutable buffer @calls : tensor<1xi64> = dense<[0]>
    func.func @forward(%x: tensor<?x128xf32, #edge.layout<sizes = [s0, 128]>>) -> tensor<…> attributes {
        program.inputs = ["x"], program.outputs = ["out"], program.symbols = #program.symbols<s0 = [1, 8]>} {
      %calls = program.load @calls : tensor<1xi64>
      …
      program.store %new_calls, @calls : tensor<1xi64>

Operations on sizes, guards among them, are described in size_ops.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import auto
from typing import Any
from weakref import WeakKeyDictionary

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    TensorType,
    UnitAttr,
    i1,
)
from xdsl.dialects.func import FuncOp
from xdsl.dialects.utils.enum_attribute import EnumAttribute
from xdsl.ir import Attribute, Data, Dialect, Operation, SpacedOpaqueSyntaxAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import (
    ConstantLike,
    EffectInstance,
    MemoryEffect,
    MemoryReadEffect,
    MemoryWriteEffect,
    Pure,
    SymbolOpInterface,
)
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

from etc.dialects.blob import Blob, BlobAttr, parse_constant, print_constant
from etc.dialects.custom import CustomOpOp, OperatorAttr
from etc.dialects.size_ops import ConditionAttr, FoundOp, GuardOp, SizeOp, SymbolOp
from etc.dialects.symbolic import UNBOUNDED, Range
from etc.dialects.symbolic_attrs import DimAttr, DimsAttr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, problem_at


class GlobalKind(StrEnum):
    """What a global was in the model; parameters are trained, constants were lifted from code."""

    parameter = auto()
    buffer = auto()
    constant = auto()


@irdl_attr_definition
class GlobalKindAttr(EnumAttribute[GlobalKind], SpacedOpaqueSyntaxAttribute):
    """`#program<kind parameter>`"""

    name = "program.kind"


@irdl_attr_definition
class SymbolsAttr(Data[tuple[tuple[str, Range], ...]]):
    """`#program.symbols<s0 = [1, 8], s1 = [2, inf]>`: the symbols of a method and their inclusive ranges."""

    name = "program.symbols"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> tuple[tuple[str, Range], ...]:
        def entry() -> tuple[str, Range]:
            symbol = parser.parse_identifier(" as the name of a size")
            for punctuation in ("=", "["):
                parser.parse_punctuation(punctuation)
            low = parser.parse_integer()
            parser.parse_punctuation(",")
            unbounded = parser.parse_optional_keyword("inf") is not None
            high = UNBOUNDED if unbounded else parser.parse_integer()
            parser.parse_punctuation("]")
            return symbol, Range(low, high)

        return tuple(parser.parse_comma_separated_list(parser.Delimiter.ANGLE, entry))

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{', '.join(f'{name} = {range}' for name, range in self.data)}>")

    def verify(self) -> None:
        for name, range in self.data:
            if range.low > range.high:
                raise VerifyException(f"the range {range} of the size {name} is empty")


def _tensor_type(parser: Parser) -> TensorType[Any]:
    position = parser.pos
    type = parser.parse_type()
    if not isinstance(type, TensorType):
        parser.raise_error(f"expected a tensor type, found {type}", position)
    return type


def _content(parser: Parser, content: Any, type: TensorType[Any], position: int) -> BlobAttr:
    try:
        return content(type)
    except EtcError as error:
        parser.raise_error(str(error), position)


def _verify_content(op: Operation, value: BlobAttr, type: TensorType[Any]) -> None:
    try:
        known = Tensor.of(type)
    except TypeError as error:
        raise VerifyException(f"{op.name}: {error}") from None
    if not known.is_static:
        raise VerifyException(f"{op.name}: a constant's sizes must be numbers, found {type}")
    expected = known.dtype.size * _count(known)
    if value.data.nbytes not in (-1, expected):
        raise VerifyException(f"{op.name}: {type} takes {expected} bytes, the content has {value.data.nbytes}")


def _count(tensor: Tensor) -> int:
    count = 1
    for size in tensor.shape:
        count *= size
    return count


@irdl_op_definition
class GlobalOp(IRDLOperation):
    """A parameter, buffer or lifted constant of the model; `mutable` ones are state that calls leave behind.

    `program.global [mutable] (parameter|buffer|constant) @name : type [= content]`; without content the initial
    value is undefined.
    """

    name = "program.global"

    sym_name = prop_def(StringAttr)
    kind = prop_def(GlobalKindAttr)
    mutable = opt_prop_def(UnitAttr)
    type = prop_def(TensorType)
    value = opt_prop_def(BlobAttr)

    traits = traits_def(SymbolOpInterface())

    def __init__(
        self,
        name: str,
        type: TensorType[Any],
        value: Blob | None,
        kind: GlobalKind = GlobalKind.constant,
        mutable: bool = False,
    ):
        properties: dict[str, Attribute] = {"sym_name": StringAttr(name), "kind": GlobalKindAttr(kind), "type": type}
        if mutable:
            properties["mutable"] = UnitAttr()
        if value is not None:
            properties["value"] = BlobAttr(value)
        Operation.__init__(self, properties=properties)  # IRDL's sorting of arguments would take twice the time

    @property
    def symbol(self) -> str:
        return self.sym_name.data

    def verify_(self) -> None:
        if self.value is not None:
            _verify_content(self, self.value, self.type)
        elif self.mutable is None:
            raise VerifyException(f"@{self.symbol} has no content; only a mutable global may lack it")

    def print(self, printer: Printer) -> None:
        printer.print_string(f" {'mutable ' if self.mutable is not None else ''}{self.kind.data} ")
        printer.print_symbol_name(self.symbol)
        printer.print_string(" : ")
        printer.print_attribute(self.type)
        if self.value is not None:
            printer.print_string(" = ")
            print_constant(printer, self.value, self.type)
        if self.attributes:
            printer.print_op_attributes(self.attributes, print_keyword=True)

    @classmethod
    def parse(cls, parser: Parser) -> GlobalOp:
        mutable = parser.parse_optional_keyword("mutable") is not None
        kind = parser.parse_str_enum(GlobalKind)
        name = parser.parse_symbol_name().data
        parser.parse_punctuation(":")
        type = _tensor_type(parser)
        value: BlobAttr | None = None
        position = parser.pos
        if parser.parse_optional_punctuation("=") is not None:
            value = _content(parser, parse_constant(parser), type, position)
        op = cls(name, type, value.data if value is not None else None, kind, mutable)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        op.attributes |= attributes.data if attributes is not None else {}
        return op


class ReadsState(MemoryEffect):
    """Reads memory when the global is mutable; the content of others never changes, so that loads of it are alike."""

    @classmethod
    def get_effects(cls, op: Operation) -> AbstractSet[EffectInstance]:
        assert isinstance(op, LoadOp)
        target = lookup(op, op.symbol)
        return frozenset() if target is not None and target.mutable is None else MemoryReadEffect.get_effects(op)


_NOT_NESTED: ArrayAttr[StringAttr] = ArrayAttr([])


@irdl_op_definition
class LoadOp(IRDLOperation):
    """The content of a global when the method was called, or after the last store. `program.load @name : type`"""

    name = "program.load"

    global_ = prop_def(SymbolRefAttr, prop_name="global")
    result = result_def(TensorType)

    traits = traits_def(ReadsState())
    assembly_format = "$global attr-dict `:` type($result)"

    def __init__(self, name: str, type: TensorType[Any]):
        Operation.__init__(self, result_types=[type], properties={"global": SymbolRefAttr(name, _NOT_NESTED)})

    @property
    def symbol(self) -> str:
        return self.global_.root_reference.data

    def verify_(self) -> None:
        _verify_access(self, self.symbol, self.result.type)


@irdl_op_definition
class StoreOp(IRDLOperation):
    """Make `value` the content of a mutable global. `program.store %value, @name : type`"""

    name = "program.store"

    value = operand_def(TensorType)
    global_ = prop_def(SymbolRefAttr, prop_name="global")

    traits = traits_def(MemoryWriteEffect())
    assembly_format = "$value `,` $global attr-dict `:` type($value)"

    def __init__(self, value: SSAValue, name: str):
        super().__init__(operands=[value], properties={"global": SymbolRefAttr(name)})

    @property
    def symbol(self) -> str:
        return self.global_.root_reference.data

    def verify_(self) -> None:
        target = _verify_access(self, self.symbol, self.value.type)
        if target is not None and target.mutable is None:
            raise VerifyException(f"@{self.symbol} is not mutable, so nothing can be stored in it")


def _verify_access(op: Operation, name: str, type: Any) -> GlobalOp | None:
    """The global that `op` uses; None when the module around is not at hand (a detached op)."""
    if enclosing_module(op) is None:
        return None
    target = lookup(op, name)
    if target is None:
        raise VerifyException(f"there is no global @{name} in the module")
    if target.type != type:
        raise VerifyException(f"@{name} has type {target.type}, found {type}")
    return target


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """A constant tensor without a name of its own. `program.constant content : type`"""

    name = "program.constant"

    value = prop_def(BlobAttr)
    result = result_def(TensorType)

    traits = traits_def(Pure(), ConstantLike())

    def __init__(self, value: Blob, type: TensorType[Any]):
        super().__init__(properties={"value": BlobAttr(value)}, result_types=[type])

    def verify_(self) -> None:
        _verify_content(self, self.value, self.result.type)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        print_constant(printer, self.value, self.result.type)
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.result.type)

    @classmethod
    def parse(cls, parser: Parser) -> ConstantOp:
        position = parser.pos
        content = parse_constant(parser)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        type = _tensor_type(parser)
        op = cls(_content(parser, content, type, position).data, type)
        op.attributes |= attributes
        return op


_globals: WeakKeyDictionary[ModuleOp, dict[str, GlobalOp]] = WeakKeyDictionary()


def enclosing_module(op: Operation) -> ModuleOp | None:
    """The outermost module around `op`."""
    found: ModuleOp | None = None
    current: Operation | None = op
    while current is not None:
        found = current if isinstance(current, ModuleOp) else found
        current = current.parent_op()
    return found


def globals_of(module: ModuleOp) -> dict[str, GlobalOp]:
    """The globals of a module by name, in order."""
    return {op.symbol: op for op in module.ops if isinstance(op, GlobalOp)}


def lookup(op: Operation, name: str) -> GlobalOp | None:
    """The global `name` in the module around `op`, in constant time as long as globals are not renamed."""
    module = enclosing_module(op)
    if module is None:
        return None
    cached = _globals.get(module)
    found = cached.get(name) if cached is not None else None
    if found is None or found.parent_op() is not module or found.symbol != name:
        _globals[module] = cached = globals_of(module)
        found = cached.get(name)
    return found


def constant_of(value: SSAValue) -> Blob | None:
    """The content of a value that is known at compile time: a constant, or a global that nothing changes."""
    match value.owner:
        case ConstantOp() as constant:
            return constant.value.data
        case LoadOp() as load:
            target = lookup(load, load.symbol)
            return target.value.data if target is not None and target.mutable is None and target.value else None
        case _:
            return None


def methods(module: ModuleOp) -> list[FuncOp]:
    """The methods of a program, in order. Raises EtcError for one that is declared only."""
    found = [op for op in module.ops if isinstance(op, FuncOp)]
    if missing := [op for op in found if op.is_declaration]:
        raise EtcError([problem_at(op, f"method {op.sym_name.data} has no body") for op in missing])
    return found


def symbol_ranges(method: FuncOp) -> Mapping[str, Range]:
    """The ranges of a method's symbols."""
    declared = method.attributes.get("program.symbols")
    return dict(declared.data) if isinstance(declared, SymbolsAttr) else {}


def constant_leaves(method: Operation, name: str) -> Mapping[int, Any]:
    """The constants that an attribute of a method, such as `program.constant_outputs`, lists, by leaf of the pytree."""
    found = method.attributes.get(name)
    if not isinstance(found, DictionaryAttr):
        return {}
    return {leaf: _python(found.data[str(leaf)]) for leaf in sorted(map(int, found.data))}


def _python(attribute: Attribute) -> bool | int | float | str | None:
    match attribute:
        case IntegerAttr():
            number = attribute.value.data
            return bool(number) if attribute.type == i1 else number
        case FloatAttr():
            return attribute.value.data
        case StringAttr():
            return attribute.data
        case _:
            return None


Program = Dialect(
    "program",
    [GlobalOp, LoadOp, StoreOp, ConstantOp, CustomOpOp, SizeOp, SymbolOp, FoundOp, GuardOp],
    [ConditionAttr, GlobalKindAttr, SymbolsAttr, BlobAttr, DimAttr, DimsAttr, OperatorAttr],
)
