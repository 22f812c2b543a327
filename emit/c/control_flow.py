"""Statements with regions: scf's loops and branches as C's.

A value that a loop carries, or that branches give, is a variable. Where a value is handed on through nested loops and
branches only (a sum over three loops) it is one variable, and handing it on is no statement.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import scf
from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue

from etc.dialects.c_attributes import UNROLL
from etc.emit.c.functions import STATEMENTS, FunctionPrinter
from etc.emit.c.values import RELATION, SUM, Value, c_type, negated


def _handed_on(op: Operation, result: SSAValue) -> SSAValue | None:
    """The variable of the loop around `op` that `result` becomes in the next round, and nothing else."""
    yielded = result.get_user_of_unique_use()
    loop = op.parent_op()
    if not isinstance(yielded, scf.YieldOp) or not isinstance(loop, scf.ForOp):
        return None
    if yielded.parent_block() is not op.parent_block():
        return None
    return loop.body.block.args[1 + list(yielded.operands).index(result)]


def _variables(printer: FunctionPrinter, op: Operation, initial: Sequence[SSAValue] | None) -> list[str]:
    """The variables for the results of `op`, declared. `initial`: the values they have before it.

    A result that only becomes a variable of the loop around is that variable: if nothing else needs its old value.
    """
    names: list[str] = []
    for i, result in enumerate(op.results):
        start = initial[i] if initial is not None else None
        outer = _handed_on(op, result)
        if outer is not None and outer in printer.carried and printer.carried[outer] not in names:
            alone = outer.get_user_of_unique_use() is op and start is outer
            free = start is None and not printer.placement.is_read_after(outer, op)
            if alone or free:
                names.append(printer.carried[outer])
                continue
        value = printer.value(start) if start is not None else None
        name = printer.names.take(_hint(op, i) or "v")
        printer.declare(result.type, name, value)
        names.append(name)
    for result, name in zip(op.results, names, strict=True):
        printer.set(result, Value(name))
    return names


def _hint(op: Operation, number: int) -> str | None:
    result = op.results[number].name_hint
    if isinstance(op, scf.ForOp):
        return op.body.block.args[1 + number].name_hint or result
    return result


def _refuse_memrefs(op: Operation) -> None:
    if any(isinstance(v.type, MemRefType) for v in (*op.results, *op.operands)):
        raise TypeError(f"{op.name} that hands on a memref")


def _enter(printer: FunctionPrinter, arguments: Sequence[BlockArgument], names: Sequence[str]) -> None:
    for argument, name in zip(arguments, names, strict=True):
        printer.carried[argument] = name
        printer.set(argument, Value(name))


def _for(printer: FunctionPrinter, op: scf.ForOp) -> None:
    _refuse_memrefs(op)
    names = _variables(printer, op, op.iter_args)
    counter, *arguments = op.body.block.args
    low, high, step = (printer.value(v) for v in (op.lb, op.ub, op.step))
    printer.names.enter()
    i = printer.names.take(counter.name_hint or f"i{printer.loops}")
    increment = f"++{i}" if step.text in ("1", "INT64_C(1)") else f"{i} += {step}"
    if UNROLL in op.attributes:
        printer.line(f"{printer.program.macro}_UNROLL")
        printer.program.unrolls = True
    printer.line(f"for ({c_type(counter.type)} {i} = {low}; {i} < {high.at(SUM)}; {increment}) {{")
    printer.set(counter, Value(i, natural=low.natural))
    printer.loops += 1
    _enter(printer, arguments, names)
    _body(printer, op.body, names)
    printer.loops -= 1
    printer.names.leave()
    printer.line("}")


def _body(printer: FunctionPrinter, region: Region, targets: Sequence[str]) -> None:
    """The statements of a region; what it yields becomes `targets`."""
    block = region.block
    printer.depth += 1
    printer.names.enter()
    printer.statements(block)
    last = block.last_op
    if isinstance(last, scf.YieldOp):
        printer.assign(targets, last.operands)
    printer.names.leave()
    printer.depth -= 1


def _yield(printer: FunctionPrinter, op: Operation) -> None:
    """Done where its region ends."""


def _if(printer: FunctionPrinter, op: scf.IfOp) -> None:
    _refuse_memrefs(op)
    condition = printer.value(op.cond)
    names = _variables(printer, op, None)
    yes = _branch(printer, op.true_region, names)
    no = _branch(printer, op.false_region, names) if op.false_region.blocks else []
    if not yes:
        condition, yes, no = negated(condition), no, []
    if not yes:
        return
    printer.line(f"if ({condition}) {{")
    printer.lines += yes
    if no:
        printer.line("} else {")
        printer.lines += no
    printer.line("}")


def _branch(printer: FunctionPrinter, region: Region, names: Sequence[str]) -> list[str]:
    """The lines of a branch, which may be none."""
    before, printer.lines = printer.lines, []
    _body(printer, region, names)
    lines, printer.lines = printer.lines, before
    return lines


def _switch(printer: FunctionPrinter, op: scf.IndexSwitchOp) -> None:
    _refuse_memrefs(op)
    selector = printer.value(op.arg)
    names = _variables(printer, op, None)
    printer.line(f"switch ({selector}) {{")
    for number, region in zip(op.cases.get_values(), op.case_regions, strict=True):
        printer.line(f"case {number}: {{")
        _body(printer, region, names)
        printer.line("  break;")
        printer.line("}")
    printer.line("default: {")
    _body(printer, op.default_region, names)
    printer.line("  break;")
    printer.line("}")
    printer.line("}")


def _while(printer: FunctionPrinter, op: scf.WhileOp) -> None:
    """`before` computes the condition and what goes on; `after` is the body.

    What `before` only hands on stays in its variable; the rest is computed anew in each round.
    """
    _refuse_memrefs(op)
    before, after = op.before_region.block, op.after_region.block
    condition = before.last_op
    assert isinstance(condition, scf.ConditionOp)
    names: list[str] = []
    for argument, start in zip(before.args, op.arguments, strict=True):
        names.append(printer.names.take(argument.name_hint or "v"))
        printer.declare(argument.type, names[-1], printer.value(start))
    _enter(printer, before.args, names)
    passed = [_passed_name(printer, op, i, condition) for i in range(len(op.results))]
    for result, argument, name in zip(op.results, after.args, passed, strict=True):
        printer.set(result, Value(name))
        printer.set(argument, Value(name))
    head, test = _test(printer, before, condition, passed)
    if head:
        printer.line("for (;;) {")
        printer.lines += head
        printer.line(f"  if ({negated(test)}) {{")
        printer.line("    break;")
        printer.line("  }")
    else:
        printer.line(f"while ({test}) {{")
    _body(printer, op.after_region, names)
    printer.line("}")


def _passed_name(printer: FunctionPrinter, op: scf.WhileOp, number: int, condition: scf.ConditionOp) -> str:
    """The variable of a value that the loop's first half hands on."""
    value = condition.args[number]
    if isinstance(value, BlockArgument) and value.block is op.before_region.block:
        return printer.carried[value]
    result = op.results[number]
    name = printer.names.take(result.name_hint or op.after_region.block.args[number].name_hint or "v")
    printer.declare(result.type, name, Value("false" if c_type(result.type) == "bool" else "0"))
    return name


def _test(
    printer: FunctionPrinter, block: Block, condition: scf.ConditionOp, passed: Sequence[str]
) -> tuple[list[str], Value]:
    """The lines of the first half of a loop, and the condition to go on after them."""
    outside, printer.lines = printer.lines, []
    printer.depth += 1
    printer.statements(block)
    test = printer.value(condition.condition)
    lines_before = len(printer.lines)
    changed = [(name, v) for name, v in zip(passed, condition.args, strict=True) if printer.value(v).text != name]
    if changed and not test.text.isidentifier():
        kept = printer.names.take("go_on")
        printer.lines.insert(lines_before, "  " * printer.depth + f"const bool {kept} = {test};")
        test = Value(kept)
    printer.assign([name for name, _ in changed], [v for _, v in changed])
    printer.depth -= 1
    lines, printer.lines = printer.lines, outside
    return lines, test if test.rank > RELATION else Value(test.text, test.rank)


def _region(printer: FunctionPrinter, op: scf.ExecuteRegionOp) -> None:
    _refuse_memrefs(op)
    names = _variables(printer, op, None)
    printer.line("{")
    _body(printer, op.region, names)
    printer.line("}")


STATEMENTS.update(
    {
        scf.ForOp: _for,
        scf.IfOp: _if,
        scf.WhileOp: _while,
        scf.IndexSwitchOp: _switch,
        scf.ExecuteRegionOp: _region,
        scf.YieldOp: _yield,
        scf.ConditionOp: _yield,
    }
)
