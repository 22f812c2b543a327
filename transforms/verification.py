"""Verify a whole program and say everything that is wrong with it, each problem with its place.

xDSL's verifier stops at the first problem, does not name its place, and accepts a use before the definition.
"""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.traits import SymbolTable
from xdsl.utils.exceptions import VerifyException

from etc.dialects.graph_region import GraphRegion
from etc.errors import EtcError, Problem, describe_location
from etc.transforms.stages import op_name

MAX_PROBLEMS = 20


def place_in_model(op: Operation) -> str:
    """The model's source line, `""` when it is unknown."""
    return describe_location(op.location)


def verify_program(program: ModuleOp, place: Callable[[Operation], str] = place_in_model) -> None:
    """Raise an EtcError with what is wrong in `program`: the first 20 problems, in program order.

    `place` gives the text that leads to an operation.
    """
    try:
        program.verify()
    except (VerifyException, ValueError) as error:
        problems = _problems(program, place)
        raise EtcError(problems or [_innermost(program, place)]) from error
    if misplaced := _used_before_definition(program, place):
        raise EtcError(misplaced)


def _problems(program: ModuleOp, place: Callable[[Operation], str]) -> list[Problem]:
    problems: list[Problem] = []
    for op in program.walk():
        try:
            op.verify(verify_nested_ops=False)
        except (VerifyException, ValueError) as error:
            if twice := _defined_twice(op):
                what = 'the symbol "{}" is defined twice'
                problems += [Problem(what.format(name), op_name(again), place(again)) for again, name in twice]
            else:
                what, name = " ".join(str(error).split()), op_name(op)
                problems.append(Problem(what, "" if what.startswith(name) else name, place(op)))
            if len(problems) >= MAX_PROBLEMS:
                break
    return problems[:MAX_PROBLEMS]


def _defined_twice(op: Operation) -> list[tuple[Operation, str]]:
    """The operations in a table of symbols that define what an earlier one has defined, with the symbols."""
    if not op.has_trait(SymbolTable):
        return []
    known: set[Attribute] = set()
    found: list[tuple[Operation, str]] = []
    for inner in op.regions[0].block.ops:
        symbol = inner.get_attr_or_prop("sym_name")
        if isinstance(symbol, StringAttr) and symbol in known:
            found.append((inner, symbol.data))
        elif symbol is not None:
            known.add(symbol)
    return found


def _innermost(program: ModuleOp, place: Callable[[Operation], str]) -> Problem:
    """What is wrong with a region, which only the verification of the operation that has it says."""
    problem = Problem("the program is invalid")
    for op in program.walk():
        try:
            op.verify()
        except (VerifyException, ValueError) as error:
            what, name = " ".join(str(error).split()), op_name(op)
            problem = Problem(what, "" if what.startswith(name) else name, place(op))
    return problem


def _used_before_definition(program: ModuleOp, place: Callable[[Operation], str]) -> list[Problem]:
    """Uses that come before their definition in a block, or that reach into a region which has ended."""
    problems: list[Problem] = []
    visible: set[SSAValue] = set()

    def visit(region: Region) -> None:
        blocks = list(region.blocks)
        inside: list[SSAValue] = [arg for block in blocks for arg in block.args]
        if len(blocks) > 1 or (region.parent is not None and region.parent.has_trait(GraphRegion)):
            # Where the order says nothing, as with blocks that branch to each other, all that is defined is visible.
            inside += [result for block in blocks for op in block.ops for result in op.results]
        visible.update(inside)
        for block in blocks:
            for op in block.ops:
                for index, operand in enumerate(op.operands):
                    if operand not in visible:
                        value = f"%{operand.name_hint}" if operand.name_hint else f"operand {index}"
                        problems.append(Problem(f"{value} is used before it is defined", op_name(op), place(op)))
                for inner in op.regions:
                    visit(inner)
                visible.update(op.results)
                inside += op.results
        visible.difference_update(inside)

    visit(program.body)
    return problems[:MAX_PROBLEMS]
