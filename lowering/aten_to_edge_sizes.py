"""What remains of arithmetic on sizes when aten has become edge: sizes that methods return, symbols that data give."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects.builtin import ModuleOp, TensorType, i64
from xdsl.ir import Attribute, Operation, Use

from etc.dialects import program
from etc.dialects.size_ops import ConditionAttr, symbols_of
from etc.dialects.sizes import size_of
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.symbolic_attrs import DimAttr, DimsAttr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, problem_at


def return_sizes(module: ModuleOp) -> None:
    """Let methods return `program.size` where they return a size. Raises EtcError for what is no size."""
    problems: list[Problem] = []
    for method in program.methods(module):
        terminator = method.body.block.last_op
        assert terminator is not None
        for index, value in enumerate(terminator.operands):
            if isinstance(value.type, TensorType) or isinstance(value.owner, program.SizeOp):
                continue
            if value.type != i64:
                what = f"output {index} of method {method.sym_name.data} is a number of type {value.type}"
                place = value.owner if isinstance(value.owner, Operation) else terminator
                problems.append(problem_at(place, what, next_step="return a tensor instead of a Python number"))
                continue
            try:
                size = program.SizeOp(size_of(value))
            except EtcError as error:
                problems += error.problems
                continue
            size.result.name_hint = value.name_hint
            method.body.block.insert_op_before(size, terminator)
            value.replace_uses_with_if(size.result, lambda use, user=terminator: _is_by(use, user))
    if problems:
        raise EtcError(problems)


def _is_by(use: Use, user: Operation) -> bool:
    return use.operation is user


def drop_unused_symbols(module: ModuleOp) -> None:
    """Erase `program.symbol` of symbols that no type, no argument and no guard has: tensors have taken their place."""
    reads = [op for op in module.walk() if isinstance(op, program.SymbolOp)]
    if not reads:
        return
    used = {name for op in module.walk() for attribute in _attributes(op) for name in _symbols(attribute)}
    for op in reads:
        if op.symbol.data not in used:
            op.detach()
            op.erase()


def _attributes(op: Operation) -> Iterator[Attribute]:
    yield from op.properties.values()
    yield from (result.type for result in op.results)
    yield from (argument.type for region in op.regions for block in region.blocks for argument in block.args)


def _symbols(attribute: Attribute) -> Iterator[str]:
    """The symbols in a type or a property."""
    sizes: tuple[Dim | None, ...] = ()
    match attribute:
        case ConditionAttr():
            yield from symbols_of(attribute.data)
        case DimAttr():
            sizes = (attribute.data,)
        case DimsAttr():
            sizes = attribute.data
        case TensorType():
            sizes = Tensor.of(attribute).sizes
        case _:
            pass
    yield from (symbol.name for size in sizes if isinstance(size, Expr) for symbol in size.symbols())
