"""How each operation on tensors becomes one on memrefs, by class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xdsl.dialects import arith, linalg, memref, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseIntOrFPElementsAttr, IndexType, MemRefType, TensorType
from xdsl.ir import Block, Operation, Region, SSAValue

from etc.dialects import program
from etc.dialects.c_attributes import MAX_ELEMENTS
from etc.dialects.upstream_tensor import ReshapeOp
from etc.lowering.bufferization.conversion import Conversion
from etc.lowering.bufferization.inplace import Storage
from etc.lowering.bufferization.views import is_plain, is_same_place, is_view_of, memref_type, mixed, subview


def _generic(c: Conversion, op: linalg.ops.GenericOp) -> None:
    inputs, outputs = list(op.inputs), list(op.outputs)
    taken: list[tuple[SSAValue, Storage]] = []
    for number, value in enumerate(outputs):
        keeps = op.body.block.args[len(inputs) + number].first_use is not None
        reused = _reusable(c, op, number, {storage for _, storage in taken})
        if reused is not None:
            taken.append((c.held[reused], c.storages[reused]))
            continue
        read = {c.storages[v] for v in inputs if v in c.storages}
        taken.append(c.writable(op, value, keeps=keeps, besides=read | {storage for _, storage in taken}))
    block = Block(arg_types=[a.type for a in op.body.block.args])
    for old, new in zip(op.body.block.args, block.args, strict=True):
        c.values[old] = new
    c.convert_block(op.body.block, block)
    new = linalg.ops.GenericOp(
        [c.memory(v) for v in inputs],
        [held for held, _ in taken],
        Region(block),
        op.indexing_maps,
        op.iterator_types,
        doc=op.doc,
    )
    new.attributes |= op.attributes
    c.insert(new)
    for result, (held, storage) in zip(op.results, taken, strict=True):
        c.hold(result, held, storage)


def _reusable(c: Conversion, op: linalg.ops.GenericOp, number: int, taken: set[Storage]) -> SSAValue | None:
    """The input that an elementwise operation overwrites: read at the index that is written, then needed no more."""
    output = op.outputs[number]
    if not isinstance(output.owner, tensor.EmptyOp) or c.places.has(output):
        return None
    if any(kind.data is not linalg.attrs.IteratorType.PARALLEL for kind in op.iterator_types):
        return None
    maps = [m.data for m in op.indexing_maps]
    written = maps[len(op.inputs) + number]
    for value, read in zip(op.inputs, maps, strict=False):
        if value.type != output.type or read != written or isinstance(value.owner, tensor.EmptyOp):
            continue
        storage, type = c.storages[value], c.held[value].type
        assert isinstance(type, MemRefType)
        alike = all(
            m == written and is_same_place(c.held[v], c.held[value])
            for v, m in zip(op.inputs, maps, strict=False)
            if c.storages.get(v) is storage
        )
        if alike and storage not in taken and is_plain(type) and c.may_overwrite(op, value, keeps=True):
            return value
    return None


def _extract(c: Conversion, op: tensor.ExtractOp) -> None:
    new = memref.LoadOp.get(c.memory(op.tensor), [c.values[i] for i in op.indices])
    c.values[op.result] = c.insert(new).results[0]


def _insert(c: Conversion, op: tensor.InsertOp) -> None:
    held, storage = c.writable(op, op.dest, keeps=True)
    c.insert(memref.StoreOp.get(c.values[op.scalar], held, [c.values[i] for i in op.indices]))
    c.hold(op.result, held, storage)


def _cast(c: Conversion, op: tensor.CastOp) -> None:
    """The same memory, of which fewer sizes are known."""
    held = c.memory(op.source)
    assert isinstance(held.type, MemRefType)
    assert isinstance(op.dest.type, TensorType)
    type = MemRefType(held.type.element_type, op.dest.type.get_shape(), held.type.layout)
    new = memref.CastOp.create(operands=[held], result_types=[type], attributes=op.attributes)
    c.hold(op.dest, c.insert(new).results[0], c.storages[op.source])


def _dim(c: Conversion, op: tensor.DimOp) -> None:
    c.values[op.result] = c.insert(memref.DimOp(c.memory(op.source), c.values[op.index])).results[0]


def _extract_slice(c: Conversion, op: tensor.ExtractSliceOp) -> None:
    held = c.memory(op.source)
    part = subview(held, op, c.values)
    if part is not None:
        c.hold(op.result, c.insert(part).results[0], c.storages[op.source])
        return
    new = c.alloc(memref_type(op.result.type), [c.values[s] for s in op.sizes], op.attributes.get(MAX_ELEMENTS))
    offsets, strides = mixed(op, "offsets", c.values), mixed(op, "strides", c.values)
    _copy_elements(c, held, new, new, (offsets, strides), None)
    c.hold(op.result, new, Storage(writable=True))


def _insert_slice(c: Conversion, op: tensor.InsertSliceOp) -> None:
    held, storage = c.writable(op, op.dest, keeps=True)
    source = c.memory(op.source)
    if op not in c.parts or not is_view_of(source, c.parts[op]):
        part = subview(held, op, c.values)
        if part is not None:
            c.copy(source, c.insert(part).results[0])
        else:
            offsets, strides = mixed(op, "offsets", c.values), mixed(op, "strides", c.values)
            _copy_elements(c, source, held, source, None, (offsets, strides))
    c.hold(op.result, held, storage)


_Steps = tuple[Sequence[SSAValue | int], Sequence[SSAValue | int]] | None


def _copy_elements(
    c: Conversion, source: SSAValue, target: SSAValue, over: SSAValue, read: _Steps, write: _Steps
) -> None:
    """Copy element by element over the indices of `over`, where strides of memory are known only at run time."""
    type = over.type
    assert isinstance(type, MemRefType)
    counters: list[SSAValue] = []

    def nest(rank: int) -> None:
        if rank == len(type.get_shape()):
            value = c.insert(memref.LoadOp.get(source, _positions(c, counters, read))).results[0]
            c.insert(memref.StoreOp.get(value, target, _positions(c, counters, write)))
            return
        start, end, step = c.index(0), c.insert(memref.DimOp(over, c.index(rank))).results[0], c.index(1)
        block = Block(arg_types=[IndexType()])
        counters.append(block.args[0])
        with c.inside(block):
            nest(rank + 1)
            c.insert(scf.YieldOp())
        c.insert(scf.ForOp(start, end, step, [], Region(block)))

    nest(0)


def _positions(c: Conversion, counters: Sequence[SSAValue], steps: _Steps) -> list[SSAValue]:
    if steps is None:
        return list(counters)
    found: list[SSAValue] = []
    for counter, offset, stride in zip(counters, *steps, strict=True):
        scaled = c.insert(arith.MuliOp(counter, c.as_value(stride))).results[0]
        found.append(c.insert(arith.AddiOp(scaled, c.as_value(offset))).results[0])
    return found


def _reshape(c: Conversion, op: ReshapeOp) -> None:
    held, storage = c.memory(op.source), c.storages[op.source]
    if not is_plain(held.type):  # pyright: ignore[reportArgumentType]
        new = c.alloc_like(held)
        c.copy(held, new)
        held, storage = new, Storage(writable=True)
    shape = op.shape.owner
    dynamic: list[SSAValue] = []
    if isinstance(shape, tensor.FromElementsOp):
        wanted = memref_type(op.result.type).get_shape()
        dynamic = [c.values[v] for v, s in zip(shape.elements, wanted, strict=True) if s == DYNAMIC_INDEX]
    else:
        assert isinstance(shape, arith.ConstantOp)
        assert isinstance(shape.value, DenseIntOrFPElementsAttr)
    c.hold(op.result, c.reinterpret(held, memref_type(op.result.type), dynamic), storage)


def _pad(c: Conversion, op: tensor.PadOp) -> None:
    """Fill everything with the padding, then copy into the middle."""
    source = c.memory(op.source)
    held = c.places.of(op.result)
    low, high = op.static_low.get_values(), op.static_high.get_values()
    type = memref_type(op.result.type)
    if held is None:
        sizes = [
            c.insert(
                arith.AddiOp(c.insert(memref.DimOp(source, c.index(i))).results[0], c.index(low[i] + high[i]))
            ).results[0]
            for i, size in enumerate(type.get_shape())
            if size == DYNAMIC_INDEX
        ]
        held = c.alloc(type, sizes, op.attributes.get(MAX_ELEMENTS))
    body = op.region.block
    value = body.last_op
    assert isinstance(value, tensor.YieldOp)
    c.convert_operations(body)
    c.fill(held, c.values[value.operands[0]])
    inner: list[SSAValue | int] = []
    dynamic = iter(c.sizes(source))
    for size in memref_type(op.source.type).get_shape():
        inner.append(next(dynamic) if size == DYNAMIC_INDEX else size)
    ones = [1] * len(low)
    part = memref.SubviewOp.infer_result_type(held.type, low, inner, ones)  # pyright: ignore[reportArgumentType]
    if None in (part.get_strides() or ()):
        _copy_elements(c, source, held, source, None, (list(low), ones))
    else:
        c.copy(source, c.insert(memref.SubviewOp.get(held, low, inner, ones, part)).results[0])
    c.hold(op.result, held, Storage(writable=True))


def _carried_memory(c: Conversion, op: Operation, given: Sequence[SSAValue]) -> dict[int, tuple[SSAValue, Storage]]:
    """Memory for each tensor that a loop carries, by its number: no two share it, even where they start as one."""
    taken: dict[int, tuple[SSAValue, Storage]] = {}
    for number, value in enumerate(given):
        if isinstance(value.type, TensorType):
            taken[number] = c.writable(op, value, keeps=True, besides={storage for _, storage in taken.values()})
    return taken


def _for(c: Conversion, op: scf.ForOp) -> None:
    carried = [(v, a) for v, a in zip(op.iter_args, op.body.block.args[1:], strict=True)]
    taken = _carried_memory(c, op, [v for v, _ in carried])
    numbers = [i for i in range(len(carried)) if i not in taken]
    block = Block(arg_types=[IndexType(), *(carried[i][0].type for i in numbers)])
    c.values[op.body.block.args[0]] = block.args[0]
    for i, new in zip(numbers, block.args[1:], strict=True):
        c.values[carried[i][1]] = new
    for i, (held, storage) in taken.items():
        c.hold(carried[i][1], held, storage)
    c.convert_block(op.body.block, block)
    _yield(c, op.body.block, block, taken)
    start, end, step = (c.values[v] for v in (op.lb, op.ub, op.step))
    new_op = scf.ForOp(start, end, step, [c.values[carried[i][0]] for i in numbers], Region(block))
    new_op.attributes |= op.attributes
    c.insert(new_op)
    _hold_results(c, op, new_op, numbers, taken)


def _while(c: Conversion, op: scf.WhileOp) -> None:
    given = list(op.arguments)
    taken = _carried_memory(c, op, given)
    numbers = [i for i in range(len(given)) if i not in taken]
    types = [given[i].type for i in numbers]
    regions: list[Region] = []
    for region in (op.before_region, op.after_region):
        old, block = region.block, Block(arg_types=types)
        for i, new in zip(numbers, block.args, strict=True):
            c.values[old.args[i]] = new
        for i, (held, storage) in taken.items():
            c.hold(old.args[i], held, storage)
        c.convert_block(old, block)
        _yield(c, old, block, taken)
        regions.append(Region(block))
    new_op = scf.WhileOp([c.values[given[i]] for i in numbers], types, *regions)
    new_op.attributes |= op.attributes
    c.insert(new_op)
    _hold_results(c, op, new_op, numbers, taken)


def _if(c: Conversion, op: scf.IfOp) -> None:
    taken: dict[int, tuple[SSAValue, Storage]] = {}
    for i, result in enumerate(op.results):
        if isinstance(result.type, TensorType):
            held = _branch_memory(c, op, i)
            taken[i] = held, Storage(writable=True)
            for region in op.regions:
                end = region.block.last_op
                assert end is not None
                if end.operands[i].has_one_use():
                    c.places.want(end.operands[i], lambda held=held: held)
    numbers = [i for i in range(len(op.results)) if i not in taken]
    regions: list[Region] = []
    for region in op.regions:
        block = Block()
        if region.blocks:
            c.convert_block(region.block, block)
            _yield(c, region.block, block, taken)
        regions.append(Region(block))
    new_op = scf.IfOp(c.values[op.cond], [op.results[i].type for i in numbers], regions[0], regions[1])
    new_op.attributes |= op.attributes
    c.insert(new_op)
    _hold_results(c, op, new_op, numbers, taken)


def _branch_memory(c: Conversion, op: scf.IfOp, number: int) -> SSAValue:
    """Memory for a result of scf.if: for a size known only at run time, an empty tensor that the branches fill."""
    result = op.results[number]
    type = memref_type(result.type)
    if DYNAMIC_INDEX not in type.get_shape():
        held = c.places.of(result)
        return held if held is not None else c.alloc(type, [], None)
    end = op.true_region.block.last_op
    assert end is not None
    whole = end.operands[number].owner
    assert isinstance(whole, tensor.InsertSliceOp)
    assert isinstance(whole.dest.owner, tensor.EmptyOp)
    held = c.materialise(whole.dest.owner)
    c.held[whole.dest] = held
    return held


def _yield(c: Conversion, old: Block, new: Block, taken: Mapping[int, tuple[SSAValue, Storage]]) -> None:
    """End a block: bring tensors to where they are carried, pass numbers on."""
    end = old.last_op
    assert end is not None
    condition = [c.values[end.operands[0]]] if isinstance(end, scf.ConditionOp) else []
    given = list(end.operands)[len(condition) :]
    with c.inside(new):
        moves: list[tuple[SSAValue, SSAValue]] = []
        carried = {storage for _, storage in taken.values()}
        for i, (target, _) in taken.items():
            source = c.memory(given[i])
            if source is target:
                continue
            if len(taken) > 1 and c.storages[given[i]] in carried:  # another move may overwrite it first
                staged = c.alloc_like(source)
                c.copy(source, staged)
                source = staged
            moves.append((source, target))
        for source, target in moves:
            c.copy(source, target)
        numbers = [c.values[v] for i, v in enumerate(given) if i not in taken]
        c.insert(scf.ConditionOp(*condition, *numbers) if condition else scf.YieldOp(*numbers))


def _hold_results(
    c: Conversion, op: Operation, new: Operation, numbers: Sequence[int], taken: Mapping[int, tuple[SSAValue, Storage]]
) -> None:
    for i, result in zip(numbers, new.results, strict=True):
        c.values[op.results[i]] = result
    for i, (held, storage) in taken.items():
        c.hold(op.results[i], held, storage)


def _load(c: Conversion, op: program.LoadOp) -> None:
    target = program.lookup(op, op.symbol)
    assert target is not None
    held = c.insert(memref.GetGlobalOp(op.symbol, memref_type(op.result.type))).results[0]
    if target.mutable is None:
        c.hold(op.result, held, Storage(writable=False))
    elif c.state.is_read_after_store(op, c.uses):
        new = c.alloc_like(held)
        c.copy(held, new)
        c.hold(op.result, new, Storage(writable=True))
    else:
        c.hold(op.result, held, Storage(writable=False, state=op.symbol))


def _store(c: Conversion, op: program.StoreOp) -> None:
    held = c.memory(op.value)
    if c.storages[op.value].state != op.symbol:  # else it was computed in place
        c.copy(held, c.insert(memref.GetGlobalOp(op.symbol, memref_type(op.value.type))).results[0])


def _constant(c: Conversion, op: program.ConstantOp) -> None:
    symbol = c.global_constant(op)
    held = c.insert(memref.GetGlobalOp(symbol, memref_type(op.result.type))).results[0]
    c.hold(op.result, held, Storage(writable=False))


def _nothing(c: Conversion, op: Any) -> None:
    """Memory for an empty tensor is chosen where it is first written."""


CONVERSIONS: Mapping[type[Operation], Callable[[Conversion, Any], None]] = {
    linalg.ops.GenericOp: _generic,
    program.ConstantOp: _constant,
    program.LoadOp: _load,
    program.StoreOp: _store,
    scf.ForOp: _for,
    scf.IfOp: _if,
    scf.WhileOp: _while,
    tensor.CastOp: _cast,
    tensor.DimOp: _dim,
    tensor.EmptyOp: _nothing,
    tensor.ExtractOp: _extract,
    tensor.ExtractSliceOp: _extract_slice,
    tensor.InsertOp: _insert,
    tensor.InsertSliceOp: _insert_slice,
    tensor.PadOp: _pad,
    ReshapeOp: _reshape,
}
