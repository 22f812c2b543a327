"""fuse-elementwise: compute elements where they are used, instead of storing them first.

    %y = linalg.generic … ins(%x) outs(%e) { exp }          %z = linalg.generic … ins(%x, %b) outs(%f) { exp, add }
    %z = linalg.generic … ins(%y, %b) outs(%f) { add }  -->

A producer whose loops are all parallel goes into the one operation that uses it, if that reads each element once. One
that only moves elements (a transpose, a broadcast, a tensor of one value) goes into all its users, products of matrices
included: only where they read changes. What is computed of constants alone, such as weights that are dequantised, goes
into its one user, to be computed again each time: it would take more memory than the constants do. Constants of one
element become numbers in the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.dialects import arith, linalg, tensor
from xdsl.dialects.builtin import (
    AffineMapAttr,
    AnyFloat,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
)
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
)

from etc.dialects import program
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

MOST_OPERATIONS = 64
"""A body is not made larger than this."""
GenericOp = linalg.ops.GenericOp
_PARALLEL = linalg.attrs.IteratorType.PARALLEL


class InlineProducer(RewritePattern):
    """consumer(producer(x)) -> fused(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: GenericOp, rewriter: PatternRewriter) -> None:
        for number, value in enumerate(op.inputs):
            producer = value.owner
            if not isinstance(producer, GenericOp) or not _reads(op, number):
                continue
            reason = _obstacle(producer, op, number)
            if reason:
                rewriter.decline(op, f"{producer.doc.data if producer.doc else 'its operand'} stays apart: {reason}")
                continue
            _fuse(producer, op, number, rewriter)
            return


class InlineNumber(RewritePattern):
    """A constant of one element that a body reads -> arith.constant in the body"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: GenericOp, rewriter: PatternRewriter) -> None:
        for number, value in enumerate(op.inputs):
            constant = value.owner
            if not isinstance(constant, program.ConstantOp) or not _reads(op, number):
                continue
            attribute = _number(constant)
            if attribute is not None and _extents_known(op, {number}):
                new, arguments = _without_inputs(op, {number})
                block = new.body.block
                literal = arith.ConstantOp(attribute)
                block.add_op(literal)
                _finish_body(op, block, {**arguments, op.body.block.args[number]: literal.result})
                rewriter.replace(op, [new], new.results)
                return


def _reads(op: GenericOp, number: int) -> bool:
    """Whether the body uses an input, which may also serve for the loops' extents only."""
    return op.body.block.args[number].first_use is not None


def _number(constant: program.ConstantOp) -> IntegerAttr[Any] | FloatAttr[Any] | None:
    type = constant.result.type
    assert isinstance(type, TensorType)
    element = type.element_type
    blob = constant.value.data
    if any(size != 1 for size in type.get_shape()) or not blob.is_loaded:
        return None
    if isinstance(element, AnyFloat):
        (value,) = DenseIntOrFPElementsAttr(TensorType(element, [1]), _bytes(blob)).get_values()
        return FloatAttr(value, element)
    if isinstance(element, IntegerType):
        width = element.width.data
        value = int.from_bytes(bytes(blob.data), "little", signed=width > 1)
        return IntegerAttr(value, element)
    return None


def _bytes(blob: Any) -> Any:
    from xdsl.dialects.builtin import BytesAttr

    return BytesAttr(bytes(blob.data))


def _obstacle(producer: GenericOp, consumer: GenericOp, number: int) -> str:
    """Why `producer` cannot be computed where `consumer` reads its result; empty when it can."""
    if len(producer.results) != 1 or producer.parent_block() is not consumer.parent_block():
        return "it gives several results, or stands elsewhere"
    if _reduces(producer):
        return "it reduces"
    if producer.body.block.args[-1].first_use is not None:
        return "it adds to what was there"
    maps = [m.data for m in producer.indexing_maps]
    if maps[-1] != AffineMap.identity(len(producer.iterator_types)):
        return "it writes in another order"
    if any(isinstance(op, tensor.ExtractOp) or op.regions for op in producer.body.block.ops):
        return "it reads at indices that it computes"
    inlined = {number}
    if not _extents_known(consumer, inlined, [m for m in maps[:-1]], consumer.indexing_maps.data[number].data):
        return "the loops' extents come from it"
    if _only_moves(producer):
        return ""
    if not producer.results[0].has_one_use():
        return "others use it too"
    read = consumer.indexing_maps.data[number].data
    used = {e.position for e in read.results if isinstance(e, AffineDimExpr)}
    if _size(producer) + _size(consumer) > MOST_OPERATIONS:
        return "the body would be too large"
    if all(_is_constant(value) for value in producer.inputs):
        return ""
    if len(used) < len(consumer.iterator_types) or len(read.results) > len(used):
        return "each element would be computed several times"
    if _reduces(consumer) and any(_is_reduced(value) for value in producer.inputs):
        return "it is computed where the reduction before it ends, whose result need not be stored then"
    if _is_product(consumer):
        return "a product of matrices is computed in blocks"
    return ""


def _is_constant(value: SSAValue) -> bool:
    """Whether a tensor is known at compile time, reshaped or not."""
    while isinstance(value.owner, tensor.ReshapeOp):
        value = value.owner.source
    return program.constant_of(value) is not None


def _only_moves(op: GenericOp) -> bool:
    """Whether the result's elements are elements of the inputs, or a number."""
    return all(isinstance(o, linalg.ops.YieldOp | arith.ConstantOp) for o in op.body.block.ops)


def _is_product(op: GenericOp) -> bool:
    """Whether the body adds products to the output: what linalg-to-loops computes in blocks."""
    return _reduces(op) and any(isinstance(o, arith.MulfOp | arith.MuliOp) for o in op.body.block.ops)


def _reduces(op: GenericOp) -> bool:
    return any(kind.data is not _PARALLEL for kind in op.iterator_types)


def _is_reduced(value: SSAValue) -> bool:
    """Whether a tensor is the result of a reduction that nothing else reads."""
    return isinstance(value.owner, GenericOp) and _reduces(value.owner) and value.has_one_use()


def _size(op: GenericOp) -> int:
    return sum(1 for _ in op.body.block.ops)


def _extents_known(
    op: GenericOp, without: set[int], instead: Sequence[AffineMap] = (), read: AffineMap | None = None
) -> bool:
    """Whether each loop's index alone is an index of some operand that stays, or of one that comes instead."""
    maps = [m.data for n, m in enumerate(op.indexing_maps) if n not in without]
    maps += [m.compose(read) for m in instead] if read is not None else []
    found = {e.position for m in maps for e in m.results if isinstance(e, AffineDimExpr)}
    return len(found) == len(op.iterator_types)


def _fuse(producer: GenericOp, consumer: GenericOp, number: int, rewriter: PatternRewriter) -> None:
    read = consumer.indexing_maps.data[number].data
    added = [(v, m.data.compose(read)) for v, m in zip(producer.inputs, producer.indexing_maps, strict=False)]
    new, arguments = _without_inputs(consumer, {number}, added, [producer, consumer])
    block = new.body.block
    behind = len(consumer.inputs) - 1
    inner: dict[SSAValue, SSAValue] = {}
    for old, arg in zip(producer.body.block.args, block.args[behind : behind + len(added)], strict=False):
        inner[old] = arg
    for op in producer.body.block.ops:
        match op:
            case linalg.ops.YieldOp():
                arguments[consumer.body.block.args[number]] = inner.get(op.operands[0], op.operands[0])
            case linalg.ops.IndexOp():
                inner[op.result] = _index(read.results[op.dim.value.data], block)
            case _:
                block.add_op(op.clone(inner))
    _finish_body(consumer, block, arguments)
    rewriter.replace(consumer, [new], new.results)
    if producer.results[0].first_use is None:
        rewriter.erase(producer)


def _without_inputs(
    op: GenericOp,
    without: set[int],
    added: Sequence[tuple[SSAValue, AffineMap]] = (),
    sources: Sequence[GenericOp] = (),
) -> tuple[GenericOp, dict[SSAValue, SSAValue]]:
    """A copy of `op` with an empty body, some inputs left out and others added; what its old arguments become."""
    count = len(op.inputs)
    kept = [n for n in range(count) if n not in without]
    inputs = [*(op.inputs[n] for n in kept), *(v for v, _ in added)]
    maps = [*(op.indexing_maps.data[n] for n in kept), *(AffineMapAttr(m) for _, m in added)]
    maps += op.indexing_maps.data[count:]
    types = [*(v.type for v in inputs), *(v.type for v in op.outputs)]
    block = Block(arg_types=[t.element_type for t in types if isinstance(t, TensorType)])
    docs = [part for s in (*sources, op) if s.doc is not None for part in s.doc.data.split(" + ")]
    doc = StringAttr(" + ".join(dict.fromkeys(docs))) if docs else None
    new = GenericOp(inputs, op.outputs, Region(block), maps, op.iterator_types, [r.type for r in op.results], doc)
    new.attributes |= op.attributes
    old = op.body.block.args
    arguments: dict[SSAValue, SSAValue] = {}
    for position, n in enumerate(kept):
        arguments[old[n]] = block.args[position]
    for position in range(len(op.outputs)):
        arguments[old[count + position]] = block.args[len(inputs) + position]
    return new, arguments


def _finish_body(op: GenericOp, block: Block, arguments: dict[SSAValue, SSAValue]) -> None:
    for inner in op.body.block.ops:
        block.add_op(inner.clone(arguments))


_ARITHMETIC: dict[AffineBinaryOpKind, type[Operation]] = {
    AffineBinaryOpKind.Add: arith.AddiOp,
    AffineBinaryOpKind.Mul: arith.MuliOp,
    AffineBinaryOpKind.FloorDiv: arith.FloorDivSIOp,
    AffineBinaryOpKind.CeilDiv: arith.CeilDivSIOp,
    AffineBinaryOpKind.Mod: arith.RemSIOp,
}


def _index(expression: AffineExpr, block: Block) -> SSAValue:
    """The value of an expression over the loops' indices, computed at the end of `block`."""
    op: Operation
    match expression:
        case AffineDimExpr():
            op = linalg.ops.IndexOp(expression.position)
        case AffineConstantExpr():
            op = arith.ConstantOp(IntegerAttr(expression.value, IndexType()))
        case AffineBinaryOpExpr():
            cls: Any = _ARITHMETIC[expression.kind]
            op = cls(_index(expression.lhs, block), _index(expression.rhs, block))
        case _:
            raise AssertionError(f"{expression} is no expression over dimensions")
    block.add_op(op)
    return op.results[0]


@dataclass(frozen=True)
class FuseElementwisePass(EtcPass):
    """Compute elements where they are used: no loops and no memory for what goes from one operator to the next."""

    name = "fuse-elementwise"
    patterns = (InlineNumber, InlineProducer)
