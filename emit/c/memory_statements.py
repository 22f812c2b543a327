"""Statements on memrefs: stores, copies, local arrays and views; asserts, and calls of kernels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects import cf, func, memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, StringAttr, i1
from xdsl.ir import Operation, SSAValue

from etc.dialects.c_attributes import DOC, SIZE_GUARD
from etc.emit.c.buffers import Buffer, row_major, static_sizes, static_strides
from etc.emit.c.functions import STATEMENTS, FunctionPrinter, Step, assignment
from etc.emit.c.kernels import is_contiguous, root
from etc.emit.c.values import (
    PRODUCT,
    UNARY,
    Linear,
    Value,
    cast,
    linear,
    literal_index,
    memory_type,
    negated,
    of_linear,
)
from etc.errors import describe_location


def _store(printer: FunctionPrinter, op: memref.StoreOp) -> None:
    indices = [printer.value(index) for index in op.indices]
    value = printer.value(op.value)
    value = cast("uint8_t", value) if op.value.type == i1 else value
    printer.line(f"{assignment(printer.buffer(op.memref).place(indices), value, op.value)};")


def _copy(printer: FunctionPrinter, op: memref.CopyOp) -> None:
    source, target = printer.buffer(op.source), printer.buffer(op.destination)
    assert isinstance(op.source.type, MemRefType)
    assert isinstance(op.destination.type, MemRefType)
    element = memory_type(op.source.type.element_type)
    if is_contiguous(op.source.type) and is_contiguous(op.destination.type):
        function = "memcpy" if root(op.source) is not root(op.destination) else "memmove"
        printer.library.headers.add("string.h")
        elements = source.elements
        known = linear(elements)
        number = f"{known.constant}U" if not known.terms else f"(size_t){elements.at(UNARY)}"
        printer.line(f"(void){function}({target.pointer}, {source.pointer}, {number} * sizeof({element}));")
        return
    printer.names.enter()
    indices: list[Value] = []
    for size in source.sizes:
        name = printer.names.take(f"i{printer.loops + len(indices)}")
        printer.line(f"for (ptrdiff_t {name} = 0; {name} < {size}; ++{name}) {{")
        printer.depth += 1
        indices.append(Value(name, natural=True))
    printer.line(f"{target.place(indices)} = {source.place(indices)};")
    for _ in indices:
        printer.depth -= 1
        printer.line("}")
    printer.names.leave()


def _local_array(printer: FunctionPrinter, op: memref.AllocaOp) -> None:
    type = op.memref.type
    if DYNAMIC_INDEX in type.get_shape():
        raise TypeError("memref.alloca of a size that is known only at run time")
    name = printer.fresh(op.memref, "local")
    printer.line(f"{memory_type(type.element_type)} {name}[{max(1, prod(type.get_shape()))}];")
    sizes = tuple(literal_index(size) for size in type.get_shape())
    printer.bind(op.memref, Buffer(Value(name), sizes))


def _global(printer: FunctionPrinter, op: memref.GetGlobalOp) -> None:
    name = op.name_.root_reference.data
    if name not in printer.program.globals:
        raise TypeError(f"there is no program.global @{name} with content")
    sizes = tuple(literal_index(size) for size in op.memref.type.get_shape())
    printer.bind(op.memref, Buffer(printer.program.globals[name], sizes))


def _view(printer: FunctionPrinter, op: memref.ViewOp) -> None:
    """A piece of a pool of bytes as an array of some type."""
    type = op.result.type
    pool, at = printer.buffer(op.source).pointer, printer.value(op.byte_shift)
    start = f"&{pool.at(PRODUCT)}[{at}]" if at.text != "0" else pool.text
    if memory_type(type.element_type) != "int8_t":
        start = f"({printer.pointer_type(op.result)})(void *){start if start[0] == '&' else pool.at(UNARY)}"
    sizes = _sizes(printer, static_sizes(type), op.sizes)
    printer.name_pointer(op.result, Buffer(Value(start, UNARY), sizes))


def _sizes(printer: FunctionPrinter, static: Sequence[int | None], dynamic: Sequence[SSAValue]) -> tuple[Value, ...]:
    """Static numbers, and where one is None the next of the values, by name."""
    values = iter(dynamic)
    return tuple(_named(printer, next(values)) if size is None else literal_index(size) for size in static)


def _named(printer: FunctionPrinter, value: SSAValue) -> Value:
    spelt = printer.value(value)
    if spelt.text.isidentifier() or spelt.linear is not None and not spelt.linear.terms:
        return spelt
    return printer.local(value, spelt)


def _mixed(printer: FunctionPrinter, static: Sequence[int], dynamic: Sequence[SSAValue]) -> tuple[Value, ...]:
    return _sizes(printer, [None if n == DYNAMIC_INDEX else n for n in static], dynamic)


def _subview(printer: FunctionPrinter, op: memref.SubviewOp) -> None:
    source = printer.buffer(op.source)
    offsets = _mixed(printer, op.static_offsets.get_values(), op.offsets)
    sizes = _mixed(printer, op.static_sizes.get_values(), op.sizes)
    steps = _mixed(printer, op.static_strides.get_values(), op.strides)
    strides = source.strides or row_major(source.sizes)
    strides = tuple(_times(stride, step) for stride, step in zip(strides, steps, strict=True))
    kept = _kept_dimensions([linear(size) for size in sizes], static_sizes(op.result.type))
    view = Buffer(
        source.shifted(source.offset(offsets)), tuple(sizes[i] for i in kept), tuple(strides[i] for i in kept)
    )
    printer.name_pointer(op.result, view)


def _times(a: Value, b: Value) -> Value:
    x, y = linear(a), linear(b)
    if not y.terms:
        return of_linear(x.times(y.constant))
    return Value(f"{a.at(PRODUCT)} * {b.at(UNARY)}", PRODUCT)


def _kept_dimensions(sizes: Sequence[Linear], wanted: Sequence[int | None]) -> Sequence[int]:
    """Which dimensions of a subview are in its rank-reduced type: dropped ones have size 1, and the first will do."""
    kept: list[int] = []
    for i, size in enumerate(sizes):
        number = None if size.terms else size.constant
        left = len(sizes) - i
        missing = len(wanted) - len(kept)
        if missing and (number == wanted[len(kept)] or left == missing):
            kept.append(i)
    return kept


def _reinterpret(printer: FunctionPrinter, op: memref.ReinterpretCastOp) -> None:
    source = printer.buffer(op.source)
    [offset] = _mixed(printer, op.static_offsets.get_values(), op.offsets)
    sizes = _mixed(printer, op.static_sizes.get_values(), op.sizes)
    strides = _mixed(printer, op.static_strides.get_values(), op.strides)
    printer.name_pointer(op.result, Buffer(source.shifted(offset), sizes, strides))


def _same_memory(printer: FunctionPrinter, op: Operation) -> None:
    """Casts keep pointer, sizes and strides."""
    printer.bind(op.results[0], printer.buffer(op.operands[0]))


def _collapse(printer: FunctionPrinter, op: memref.CollapseShapeOp) -> None:
    source = printer.buffer(op.src)
    sizes: list[Value] = []
    for group, known in zip(op.reassociation, static_sizes(op.result.type), strict=True):
        if known is not None:
            sizes.append(literal_index(known))
            continue
        part = Buffer(source.pointer, tuple(source.sizes[int(i.value.data)] for i in group))
        sizes.append(part.elements)
    printer.bind(op.result, Buffer(source.pointer, tuple(sizes), _strides_of_type(op.result.type)))


def _expand(printer: FunctionPrinter, op: memref.ExpandShapeOp) -> None:
    sizes = _mixed(printer, op.static_output_shape.get_values(), op.output_shape)
    pointer = printer.buffer(op.src).pointer
    printer.bind(op.result, Buffer(pointer, sizes, _strides_of_type(op.result.type)))


def _strides_of_type(type: MemRefType) -> tuple[Value, ...] | None:
    strides = static_strides(type)
    if strides is None:
        return None
    known = tuple(literal_index(stride) for stride in strides if stride is not None)
    if len(known) != len(strides):
        raise TypeError("a reshape with strides that are known only at run time")
    return known


def _assert(printer: FunctionPrinter, op: cf.AssertOp) -> None:
    message = op.msg.data
    failure = "ERROR_SIZE" if SIZE_GUARD in op.attributes else printer.failure
    listed = printer.program.messages.setdefault(failure, [])
    if message not in listed:
        listed.append(message)
    condition = printer.value(op.arg)
    printer.line(f"if ({negated(condition)}) {{")
    printer.line(f"  return {printer.program.macro}_{failure}; {comment(message)}")
    printer.line("}")


def comment(text: str) -> str:
    """`text` as a comment of one line."""
    plain = " ".join(text.split()).replace("*/", "* /").replace("/*", "/ *")
    return f"/* {plain.encode('ascii', 'replace').decode()} */"


def arguments(printer: FunctionPrinter, values: Sequence[SSAValue]) -> str:
    """The arguments of a call: of a memref the pointer, and its sizes and strides that are not numbers."""
    texts: list[str] = []
    for value in values:
        if not isinstance(value.type, MemRefType):
            texts.append(printer.value(value).text)
            continue
        buffer = printer.buffer(value)
        if (strides := static_strides(value.type)) is not None and buffer.strides is None:
            buffer = Buffer(buffer.pointer, buffer.sizes, row_major(buffer.sizes))
        texts.append(buffer.pointer.text)
        texts += [
            size.text
            for size, known in zip(
                (*buffer.sizes, *(buffer.strides or () if strides is not None else ())),
                (*static_sizes(value.type), *(strides or ())),
                strict=True,
            )
            if known is None
        ]
    return ", ".join(texts)


def _call(printer: FunctionPrinter, op: func.CallOp) -> None:
    program = printer.program
    name = op.callee.root_reference.data
    kernel = program.kernels.get(name)
    if kernel is None:
        raise TypeError(f"there is no kernel @{name}")
    text = f"{kernel}({arguments(printer, op.arguments)})"
    if op.results and not op.results[0].first_use:
        printer.line(f"(void){text};")
        return
    if op.results:
        printer.local(op.results[0], Value(text))
        return
    ok = f"{program.macro}_OK"
    fails = program.functions.fails(name)
    status = "status" if printer.is_method else printer.names.take("status") if fails else ""
    if printer.is_method:
        step = _step(printer, op, name, kernel)
        if origin := ", ".join(filter(None, (step.operations, step.line))):
            printer.line(comment(f"{len(program.steps)}: {origin}"))
        text = f"{status} = {text}" if fails else text
        printer.line(f"{program.macro}_STEP({len(program.steps)}, {text});")
        program.steps.append(step)
    else:
        printer.line(f"{f'const int {status} = ' if fails else ''}{text};")
    if fails:
        printer.line(f"if ({status} != {ok}) {{")
        printer.line(f"  return {status};")
        printer.line("}")


def _step(printer: FunctionPrinter, op: func.CallOp, name: str, kernel: str) -> Step:
    doc = op.attributes.get(DOC, printer.program.functions.by_name[name].attributes.get(DOC))
    operations = doc.data if isinstance(doc, StringAttr) else ""
    line = source_line(op) or source_line(printer.program.functions.by_name[name])
    return Step(printer.function.sym_name.data, kernel, operations, line, op)


def _return(printer: FunctionPrinter, op: func.ReturnOp) -> None:
    if op.arguments:
        printer.line(f"return {printer.value(op.arguments[0])};")
    elif printer.program.functions.fails(printer.function.sym_name.data):
        printer.line(f"return {printer.program.macro}_OK;")


def source_line(op: Operation) -> str:
    """`model.py:12`, without the folder, which differs between machines."""
    return describe_location(op.location).replace("\\", "/").rpartition("/")[2]


STATEMENTS.update(
    {
        memref.StoreOp: _store,
        memref.CopyOp: _copy,
        memref.AllocaOp: _local_array,
        memref.GetGlobalOp: _global,
        memref.ViewOp: _view,
        memref.SubviewOp: _subview,
        memref.ReinterpretCastOp: _reinterpret,
        memref.CastOp: _same_memory,
        memref.MemorySpaceCastOp: _same_memory,
        memref.AssumeAlignmentOp: _same_memory,
        memref.CollapseShapeOp: _collapse,
        memref.ExpandShapeOp: _expand,
        cf.AssertOp: _assert,
        func.CallOp: _call,
        func.ReturnOp: _return,
    }
)
