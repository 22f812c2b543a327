"""A kernel as a static C function, with a comment on where it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xdsl.dialects import func
from xdsl.dialects.builtin import AnyFloat, MemRefType, StringAttr

from etc.dialects.c_attributes import DOC, STATEMENT
from etc.emit.c import control_flow, memory_statements
from etc.emit.c.functions import FunctionPrinter, Program, parameter_sizes
from etc.emit.c.names import RESERVED, Names
from etc.emit.c.unused import without_unused
from etc.emit.c.values import Value, c_type

assert control_flow, "importing it fills the table of statements"


def print_kernel(program: Program, kernel: func.FuncOp) -> str:
    """The definition of a private function. What has no spelling in C goes to `program.problems`."""
    names = Names([*RESERVED, *program.kernels.values(), *(v.text for v in program.globals.values())])
    printer = FunctionPrinter(program, kernel, names, "ERROR_INDEX")
    parameters = _parameters(program, printer)
    printer.names.enter()
    printer.statements(kernel.body.block)
    lines = without_unused(printer.lines)
    result = _result_type(program, kernel)
    name = program.kernels[kernel.sym_name.data]
    attribute = f"{program.macro}_KERNEL " if result in ("void", "int") else ""
    if _adds_integers(kernel):
        program.has_sums = True
        attribute += f"{program.macro}_SUMS "
    head = f"static {attribute}{result} {name}({', '.join(text for text, _ in parameters) or 'void'})"
    return "\n".join([*_origin(kernel), *_wrapped(head), "{", *_unused(lines, parameters), *lines, "}", ""])


def _adds_integers(kernel: func.FuncOp) -> bool:
    """Whether it has sums in registers, and computes with nothing but integers."""
    ops = list(kernel.walk())
    floats = any(isinstance(result.type, AnyFloat) for op in ops for result in op.results)
    return not floats and any(STATEMENT in op.attributes for op in ops)


def _result_type(program: Program, kernel: func.FuncOp) -> str:
    results = kernel.function_type.outputs.data
    if results:
        return c_type(results[0])
    return "int" if program.functions.fails(kernel.sym_name.data) else "void"


def _parameters(program: Program, printer: FunctionPrinter) -> list[tuple[str, str]]:
    """Declaration and name of each C parameter."""
    parameters: list[tuple[str, str]] = []
    distinct = program.functions.distinct(printer.function.sym_name.data)
    for argument in printer.function.body.block.args:
        name = printer.fresh(argument, f"a{argument.index}")
        if not isinstance(argument.type, MemRefType):
            parameters.append((f"{c_type(argument.type)} {name}", name))
            printer.set(argument, Value(name))
            continue
        buffer, extra = parameter_sizes(argument.type, name, printer.names)
        printer.bind(argument, buffer)
        restrict = f"{program.macro}_RESTRICT " if argument.index in distinct else ""
        parameters.append((f"{printer.pointer_type(argument)}{restrict}{name}", name))
        parameters += [(f"ptrdiff_t {size}", size) for size in extra]
    return parameters


def _unused(lines: Sequence[str], parameters: Sequence[tuple[str, str]]) -> list[str]:
    """Statements that keep compilers from warning of parameters without use."""
    used = set(re.findall(r"[A-Za-z_]\w*", "\n".join(lines)))
    return [f"  (void){name};" for _, name in parameters if name not in used]


def _origin(kernel: func.FuncOp) -> list[str]:
    doc = kernel.attributes.get(DOC)
    operations = doc.data if isinstance(doc, StringAttr) else ""
    text = ", ".join(filter(None, (operations, memory_statements.source_line(kernel))))
    return [memory_statements.comment(text)] if text else []


def _wrapped(head: str) -> list[str]:
    """A declaration on one line, or with one parameter on each."""
    if len(head) <= 120:
        return [head]
    before, _, parameters = head.partition("(")
    return [f"{before}(", *("  " + line for line in parameters.replace(", ", ",\n").splitlines())]
