"""A method as the public C function: checks of what the caller gave, then the calls of kernels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xdsl.dialects.builtin import IndexType, MemRefType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block

from etc.dialects.size_ops import FoundOp
from etc.dialects.symbolic import UNBOUNDED, Atom, Dim, Symbol
from etc.emit.c.buffers import Buffer, static_sizes
from etc.emit.c.functions import STATEMENTS, FunctionPrinter, Program
from etc.emit.c.interface import CInterface, CMethod, CSymbol, CTensor
from etc.emit.c.interfaces import C_ELEMENTS
from etc.emit.c.names import RESERVED, Names
from etc.emit.c.support import CEIL_DIVIDE, FLOOR_DIVIDE, MAX, MIN, SupportLibrary
from etc.emit.c.unused import without_unused
from etc.emit.c.values import PRIMARY, UNARY, Linear, Value, literal_index, memory_type, of_linear

PARAMETERS = ("io", "status")


def print_method(program: Program, method: FuncOp, interface: CMethod, whole: CInterface) -> str:
    """The definition of the function that runs `method` of the program `whole`."""
    others = (*program.kernels.values(), *(v.text for v in program.globals.values()))
    names = Names([*RESERVED, *PARAMETERS, *(part.name for part in whole.memory), *others])
    pools = {p.name: names.take("memory" if len(whole.pools) == 1 else f"{p.name}_memory") for p in whole.pools}
    printer = FunctionPrinter(program, method, names, "ERROR_SIZE")
    sizes = {symbol.name: printer.names.take(symbol.identifier) for symbol in interface.symbols}
    printer.found = {s.name: (sizes[s.name], s.identifier) for s in interface.symbols if not s.given}
    _bind_arguments(printer, method.body.block, interface, sizes, list(pools.values()))
    printer.names.enter()
    printer.statements(method.body.block)
    body, printer.lines = without_unused(printer.lines), []
    used = set(re.findall(r"[A-Za-z_]\w*", "\n".join(body)))
    for check in _checks(program, interface, whole):
        printer.line(check)
    head = printer.lines
    declarations = [
        f"  const ptrdiff_t {sizes[s.name]} = (ptrdiff_t)io->{s.identifier};"
        for s in interface.symbols
        if s.given and sizes[s.name] in used
    ]
    declarations += [f"  ptrdiff_t {name} = 0;" for name, _ in printer.found.values() if name in used]
    declarations += [f"  int8_t *const {name} = (int8_t *){pool};" for pool, name in pools.items() if name in used]
    if "status" in used:
        declarations.append(f"  int status = {program.macro}_OK;")
    if not (body and body[-1].startswith("  return")):
        body.append(f"  return {program.macro}_OK;")
    mentioned = [*head, *declarations, *body]
    unused = [f"  (void){part.name};" for part in whole.memory if not _mentions(part.name, mentioned)]
    signature = f"int {interface.function}(const {interface.io_type} *io, {whole.memory_parameters})"
    return "\n".join([f"{program.macro}_CODE_SECTION {signature}", "{", *unused, *head, *declarations, *body, "}", ""])


def _mentions(name: str, lines: Sequence[str]) -> bool:
    return re.search(rf"\b{name}\b", "\n".join(lines)) is not None


def _bind_arguments(
    printer: FunctionPrinter, block: Block, interface: CMethod, sizes: Mapping[str, str], pools: Sequence[str]
) -> None:
    """Arguments are the inputs, the outputs, and the pools, whose C names are given."""
    tensors = [*interface.inputs, *interface.outputs]
    for argument, tensor in zip(block.args, tensors, strict=False):
        assert isinstance(argument.type, MemRefType)
        pointer = Value(f"io->{tensor.identifier}")
        element = memory_type(argument.type.element_type)
        if C_ELEMENTS[tensor.dtype][0] != element:
            const = "const " if tensor in interface.inputs else ""
            pointer = Value(f"({const}{element} *)io->{tensor.identifier}", UNARY)
        dims = [tensor.sizes[d] for d in tensor.dim_order]
        known = static_sizes(argument.type)
        shape = tuple(
            literal_index(number) if number is not None else size_text(dims[i], sizes, printer.library)
            for i, number in enumerate(known)
        )
        printer.bind(argument, Buffer(pointer, shape))
    for argument, name in zip(block.args[len(tensors) :], pools, strict=False):
        assert isinstance(argument.type, MemRefType)
        printer.bind(argument, Buffer(Value(name), (literal_index(argument.type.get_shape()[0]),)))


def _found(printer: FunctionPrinter, op: FoundOp) -> None:
    """The data has decided a size: from here on it is a number, and the caller gets it."""
    if (names := printer.found.get(op.symbol.data)) is not None:
        local, member = names
        printer.line(f"{local} = {printer.value(op.value)};")
        printer.line(f"*io->{member} = (size_t){local};")


STATEMENTS[FoundOp] = _found


def size_text(size: Dim, symbols: Mapping[str, str], library: SupportLibrary) -> Value:
    """A size as a C expression over the names of the symbols."""
    if isinstance(size, int):
        return literal_index(size)
    terms: dict[str, int] = {}
    constant = 0
    for monomial, coefficient in size.terms:
        factors = [_atom(atom, symbols, library) for atom, power in monomial for _ in range(power)]
        if factors:
            terms[" * ".join(f.at(UNARY) for f in factors)] = coefficient
        else:
            constant = coefficient
    return of_linear(Linear(terms, constant), natural=True)


def _atom(atom: Atom, symbols: Mapping[str, str], library: SupportLibrary) -> Value:
    if isinstance(atom, Symbol):
        return Value(symbols[atom.name], PRIMARY, natural=True)
    a, b = (size_text(part, symbols, library) for part in atom.args)
    if atom.function == "mod":
        return Value(f"({a.at(UNARY)} % {b.at(UNARY)})")
    if atom.function == "floordiv" and a.natural and not b.text.startswith("-"):
        return Value(f"({a.at(UNARY)} / {b.at(UNARY)})")
    functions = {"floordiv": FLOOR_DIVIDE, "ceildiv": CEIL_DIVIDE, "max": MAX, "min": MIN}
    return Value(f"{library.use(functions[atom.function], IndexType())}({a}, {b})")


def _checks(program: Program, interface: CMethod, whole: CInterface) -> Iterator[str]:
    """Lines that end the call when an argument cannot be right."""
    needed = [part for part in whole.memory if part.bytes]
    yield from _refusal(program, [f"{name} == NULL" for name in ("io", *(part.name for part in needed))], "ERROR_NULL")
    members = [t.identifier for t in (*interface.inputs, *interface.outputs) if 0 not in t.bounds]
    members += [s.identifier for s in interface.symbols if not s.given]
    yield from _refusal(program, [f"io->{name} == NULL" for name in members], "ERROR_NULL")
    misplaced = [f"(uintptr_t){part.name} % {program.macro}_{part.macro}_ALIGN != 0U" for part in needed]
    yield from _refusal(program, misplaced, "ERROR_ALIGNMENT")
    yield from _refusal(program, [t for s in interface.symbols if s.given for t in _out_of_range(s)], "ERROR_SIZE")


def _out_of_range(symbol: CSymbol) -> Iterator[str]:
    if symbol.range.low > 0:
        yield f"io->{symbol.identifier} < {symbol.range.low}U"
    if symbol.range.high < UNBOUNDED:
        yield f"io->{symbol.identifier} > {symbol.range.high}U"


def _refusal(program: Program, conditions: Sequence[str], status: str) -> Iterator[str]:
    if not conditions:
        return
    bracketed = [f"({c})" for c in conditions] if len(conditions) > 1 else list(conditions)
    yield f"if ({' || '.join(bracketed)}) {{"
    yield f"  return {program.macro}_{status};"
    yield "}"


def tensor_comment(tensor: CTensor) -> str:
    """What a caller must know of a buffer: `float32 [1, 3, 8, 8]`, and the order in memory where it is not plain."""
    sizes = ", ".join(map(str, tensor.sizes))
    order = "" if list(tensor.dim_order) == sorted(tensor.dim_order) else f", in memory {list(tensor.dim_order)}"
    return f"{tensor.name}: {tensor.dtype} [{sizes}]{order}"
