"""Sizes that ATen programs compute with operations, read back as expressions over the method's symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import IntegerType, StringAttr, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import BlockArgument, SSAValue

from etc.dialects import symbolic
from etc.dialects.higher_order import HigherOrderOp
from etc.dialects.schema_op import SchemaOp
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, problem_at

SYMBOL = "program.symbol"
"""Attribute of an operation, or entry of an argument's attributes, whose i64 is a symbol of the method."""

_FUNCTIONS: Mapping[str, Callable[..., Dim]] = {
    "sym.add": lambda a, b: a + b,
    "sym.sub": lambda a, b: a - b,
    "sym.mul": lambda a, b: a * b,
    "sym.floordiv": symbolic.floordiv,
    "sym.mod": symbolic.mod,
    "sym.neg": lambda a: -a,
    "sym.max": symbolic.maximum,
    "sym.min": symbolic.minimum,
    "sym.sum": lambda args: sum(args),
    "sym.int": lambda a: a,
}


def size_of(value: SSAValue) -> Dim:
    """The expression that an i64 value stands for.

    Raises EtcError when it is computed by something that expressions over sizes cannot say.
    """
    value = _outermost(value)
    op = value.owner
    if isinstance(value, BlockArgument) and (name := symbol_of_argument(value)) is not None:
        return symbolic.symbol(name)
    if not isinstance(op, SchemaOp):
        raise EtcError("a size comes from a value that is neither a size of a tensor nor computed from one")
    if isinstance(name := op.attributes.get(SYMBOL), StringAttr):
        return symbolic.symbol(name.data)
    arguments = {arg.name: value for arg, value in op.arguments()}
    match op.ATEN:
        case "sym_size.int":
            return Tensor.of(arguments["self"].type).sizes[arguments["dim"]]
        case "sym_numel":
            return Tensor.of(arguments["self"].type).numel
        case key if key in _FUNCTIONS:
            return _FUNCTIONS[key](*map(sized, arguments.values()))
        case _:
            raise EtcError(
                problem_at(op, "its result is used as a size, and no expression over the sizes of inputs gives it")
            )


def _outermost(value: SSAValue) -> SSAValue:
    """What a region captures `value` for; other values as they are."""
    while isinstance(value, BlockArgument) and isinstance(op := value.block.parent_op(), HigherOrderOp):
        behind = len(value.block.args) - value.index
        if behind > len(op.captured):
            break
        value = op.captured[-behind]
    return value


def symbol_of_argument(argument: BlockArgument) -> str | None:
    """The symbol that an integer input of a method stands for."""
    method = argument.block.parent_op()
    if not isinstance(method, FuncOp) or method.arg_attrs is None:
        return None
    name = method.arg_attrs.data[argument.index].data.get(SYMBOL)
    return name.data if isinstance(name, StringAttr) else None


@dataclass(frozen=True)
class SymbolSource:
    """The dimension of an input whose size tells a symbol: `size`, alone or in a sum with what is known before."""

    argument: BlockArgument
    dimension: int
    size: Expr


def symbol_sources(method: FuncOp) -> Mapping[str, SymbolSource]:
    """Where the symbols of a method are read from, in the order in which that can be done.

    First from sizes that are a symbol, then from sizes like `s0*2 + 1`; symbols that no input tells are left out.
    """
    sizes = [
        SymbolSource(argument, dimension, size)
        for argument in method.body.block.args
        if isinstance(argument.type, TensorType)
        for dimension, size in enumerate(Tensor.of(argument.type).sizes)
        if isinstance(size, Expr)
    ]
    found: dict[str, SymbolSource] = {}
    for source in sizes:
        if (name := source.size.symbol_name) is not None:
            found.setdefault(name, source)
    for _ in sizes:  # each round may tell what the next one needs
        for source in sizes:
            unknown = {symbol.name for symbol in source.size.symbols()} - found.keys()
            if len(unknown) == 1 and symbolic.solve(source.size, 0, *unknown) is not None:
                found[unknown.pop()] = source
    return found


def input_text(argument: BlockArgument) -> str:
    """`input 0 (x)`"""
    return f"input {argument.index}" + (f" ({argument.name_hint})" if argument.name_hint else "")


def where_text(names: Iterable[str], sources: Mapping[str, SymbolSource]) -> str:
    """`, where s0 is dimension 1 of input 0 (x)`: what symbols are, for the users of a program."""

    def meaning(name: str) -> str:
        source = sources.get(name)
        if source is None or source.size.symbol_name is None:
            return "a whole number"
        return f"dimension {source.dimension} of {input_text(source.argument)}"

    said = [f"{name} is {meaning(name)}" for name in dict.fromkeys(names)]
    return f", where {' and '.join(said)}" if said else ""


def sized(value: Any) -> Any:
    """An argument of an ATen operation with the sizes in it, which operations compute, as expressions."""
    if isinstance(value, SSAValue):
        return size_of(value) if isinstance(value.type, IntegerType) else value
    return [sized(v) for v in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]
