"""The C table of a program's inputs and outputs that the harness works from, as `firmware/harness.h` declares it."""

from __future__ import annotations

from collections.abc import Iterator

from etc.emit.c.interface import CInterface, CMethod, CPool, CTensor


def model_table(interface: CInterface) -> str:
    """`model_table.c`: buffers of the largest sizes, one structure of pointers to them per method, all as data."""
    return "\n".join(_lines(interface)) + "\n"


def _lines(interface: CInterface) -> Iterator[str]:
    model, align = interface.model, interface.align
    yield '#include "harness.h"'
    yield f'#include "{model}.h"'
    yield ""
    for part in interface.memory:
        if part.bytes:
            yield f"static unsigned char {_bytes(part)}[{part.bytes}] __attribute__((aligned({align})));"
    pools = ", ".join(f"{{{_bytes(pool)}, {pool.bytes}}}" for pool in interface.pools)
    yield f"static const harness_buffer_t pools[] = {{{pools}}};"
    for number, method in enumerate(interface.methods):
        yield ""
        yield from _method_lines(number, method, ", ".join(map(_bytes, interface.memory)))
    yield ""
    yield "static const harness_method_t methods[] = {"
    for number, method in enumerate(interface.methods):
        counts = [len(method.inputs), len(method.outputs), *(len(_symbols(method, given)) for given in (True, False))]
        tables = ("inputs", "outputs", "given", "found")
        entries = (f"{f'm{number}_{t}' if n else 'NULL'}, {n}" for t, n in zip(tables, counts, strict=True))
        yield f"    {{m{number}_call, {', '.join(entries)}}},"
    yield "};"
    if interface.state_bytes:
        yield f"\nstatic void state_init(void)\n{{\n    {model}_state_init(state_bytes);\n}}"
    init = "state_init" if interface.state_bytes else "NULL"
    memory = f"pools, {len(interface.pools)}, {_bytes(interface.memory[-1])}, {interface.state_bytes}"
    yield f"\nconst harness_model_t model = {{methods, {init}, {memory}}};"


def _bytes(part: CPool) -> str:
    """The array that a pool or the state is."""
    return f"{part.name}_bytes" if part.bytes else "NULL"


def _method_lines(number: int, method: CMethod, memory: str) -> Iterator[str]:
    prefix = f"m{number}"
    fields: list[str] = []
    for table, tensors, pointer in (("inputs", method.inputs, "const void *"), ("outputs", method.outputs, "void *")):
        buffers = [_buffer(f"{prefix}_{table}_{i}", tensor) for i, tensor in enumerate(tensors)]
        yield from (declaration for _, _, declaration in buffers)
        fields += [f"({pointer}){name}" for name, _, _ in buffers]
        if buffers:
            entries = ", ".join(f"{{{name}, {size}}}" for name, size, _ in buffers)
            yield f"static const harness_buffer_t {prefix}_{table}[] = {{{entries}}};"
    found = _symbols(method, given=False)
    if found:
        yield f"static size_t {prefix}_found[{len(found)}];"
    fields += ["0" if symbol.given else f"&{prefix}_found[{found.index(i)}]" for i, symbol in enumerate(method.symbols)]
    yield f"static {method.io_type} {prefix}_io = {{{', '.join(fields)}}};"
    if given := _symbols(method, given=True):
        addresses = ", ".join(f"&{prefix}_io.{method.symbols[i].identifier}" for i in given)
        yield f"static size_t *const {prefix}_given[] = {{{addresses}}};"
    yield f"static int {prefix}_call(void)\n{{\n    return {method.function}(&{prefix}_io, {memory});\n}}"


def _buffer(name: str, tensor: CTensor) -> tuple[str, int, str]:
    """Name, bytes and declaration; C has no arrays of nothing."""
    return name, tensor.bytes, f"HARNESS_BUFFER static unsigned char {name}[{max(tensor.bytes, 1)}];"


def _symbols(method: CMethod, given: bool) -> list[int]:
    return [i for i, symbol in enumerate(method.symbols) if symbol.given is given]
