"""fold-padding: windows end at the border instead of reading padding.

    %p = tensor.pad %x low[0, 0, 1, 1] … { 0 }
    %y = linalg.generic … ins(%p, …) { total + p * w }, p read at (n, c, h + i, w + j)
      -->
    %p = tensor.cast %x {loops.padded}
    %y = linalg.generic … ins(%p, …) { total + p * w }, p read at (n, c, h + i - 1, w + j - 1)

Where the padding adds nothing to what is reduced (0 to a sum of products, the lowest number to a maximum), no padded
copy is needed: who reads a cast with `loops.padded` leaves out the points of its iteration that lie outside, which
`linalg-to-loops` turns into bounds of the loops over the window. The cast also makes the sizes unknown, since an index
beyond a known size would be an error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects import arith, linalg, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AffineMapAttr,
    ArrayAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    TensorType,
    UnitAttr,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.ir.affine import AffineMap

from etc.lowering.linalg_to_loops.iteration import PADDED, linear
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

GenericOp = linalg.ops.GenericOp

_SUMS = (arith.AddfOp, arith.AddiOp)
_MAXIMA = (arith.MaximumfOp, arith.MaxSIOp)
_PRODUCTS = (arith.MulfOp, arith.MuliOp)
_CASTS = (arith.ExtFOp, arith.ExtSIOp, arith.ExtUIOp, arith.SIToFPOp, arith.UIToFPOp)


class FoldPadding(RewritePattern):
    """generic(pad(x)) -> generic(x) that leaves out what is outside, when the padding adds nothing"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: GenericOp, rewriter: PatternRewriter) -> None:
        for number, operand in enumerate(op.inputs):
            pad = operand.owner
            if not isinstance(pad, tensor.PadOp) or op.body.block.args[number].first_use is None:
                continue
            if reason := _obstacle(op, number, pad):
                rewriter.decline(op, f"its padding is written out: {reason}")
                continue
            _fold(op, number, pad, rewriter)
            return


def _obstacle(op: GenericOp, number: int, pad: tensor.PadOp) -> str:
    value = _padding_value(pad)
    if value is None or pad.low or pad.high:
        return "it is not known at compile time"
    reduction = {i for i, kind in enumerate(op.iterator_types) if kind.data is not linalg.attrs.IteratorType.PARALLEL}
    for position, expr in enumerate(op.indexing_maps.data[number].data.results):
        if not _amounts(pad)[position]:
            continue
        terms = {dim: factor for dim, factor in (linear(expr) or {}).items() if factor}
        sliding = [terms[dim] for dim in terms if dim in reduction]
        if len(sliding) != 1 or sliding[0] < 0:
            return "it is not a window of one loop that reads it"
    return "" if _is_neutral(op, number, value) else "it counts in what is computed"


def _amounts(pad: tensor.PadOp) -> list[bool]:
    """The dimensions that get larger."""
    low, high = pad.static_low.get_values(), pad.static_high.get_values()
    return [bool(before or after) for before, after in zip(low, high, strict=True)]


def _padding_value(pad: tensor.PadOp) -> float | None:
    yielded = pad.region.block.last_op
    assert isinstance(yielded, tensor.YieldOp)
    return _number(yielded.operands[0])


def _number(value: SSAValue) -> float | None:
    match value.owner:
        case arith.ConstantOp(value=IntegerAttr() | FloatAttr() as number):
            return number.value.data
        case _:
            return None


def _is_neutral(op: GenericOp, number: int, padding: float) -> bool:
    """Whether `body(…, padding, …, total)` is `total`, for each element of the other operands."""
    block = op.body.block
    yielded = block.last_op
    if len(op.outputs) != 1 or yielded is None:
        return False
    total, result = block.args[-1], yielded.operands[0].owner
    if not isinstance(result, Operation) or total not in result.operands or not total.has_one_use():
        return False
    (added,) = (operand for operand in result.operands if operand is not total)
    known: dict[SSAValue, float] = {block.args[number]: padding}
    if isinstance(result, _SUMS):
        return _value(added, known) == 0
    if isinstance(result, _MAXIMA):
        return _value(added, known) == _lowest(added.type)
    return False


def _value(value: SSAValue, known: Mapping[SSAValue, float]) -> float | None:
    """What is computed from numbers that are known, and from products with 0."""
    if value in known:
        return known[value]
    op = value.owner
    if not isinstance(op, Operation) or op.regions:
        return None
    if (number := _number(value)) is not None:
        return number
    operands = [_value(operand, known) for operand in op.operands]
    if isinstance(op, _PRODUCTS) and 0 in operands:
        return 0
    if None in operands:
        return None
    first, *others = (operand for operand in operands if operand is not None)
    if isinstance(op, _CASTS):
        return first
    return first - others[0] if isinstance(op, arith.SubiOp | arith.SubfOp) else None


def _lowest(type: Attribute) -> float:
    return -(1 << (type.width.data - 1)) if isinstance(type, IntegerType) else -math.inf


def _fold(op: GenericOp, number: int, pad: tensor.PadOp, rewriter: PatternRewriter) -> None:
    source = pad.source
    assert isinstance(source.type, TensorType)
    padded = _amounts(pad)
    sizes = [DYNAMIC_INDEX if grows else size for size, grows in zip(source.type.get_shape(), padded, strict=True)]
    unknown = TensorType(source.type.element_type, sizes)
    operands = list(op.operands)
    cast = tensor.CastOp(source, unknown)
    cast.attributes[PADDED] = UnitAttr()
    operands[number] = rewriter.insert(cast).dest
    maps = list(op.indexing_maps.data)
    map = maps[number].data
    low = pad.static_low.get_values()
    moved = [expr - int(before) if before else expr for expr, before in zip(map.results, low, strict=True)]
    maps[number] = AffineMapAttr(AffineMap(map.num_dims, 0, tuple(moved)))
    new = GenericOp(
        operands[: len(op.inputs)],
        operands[len(op.inputs) :],
        rewriter.move_region_contents_to_new_regions(op.body),
        ArrayAttr(maps),
        op.iterator_types,
        op.result_types,
        op.doc,
        op.library_call,
    )
    new.attributes |= op.attributes
    rewriter.replace(op, new)


@dataclass(frozen=True)
class FoldPaddingPass(EtcPass):
    """Let windows end at the border of what they read, where padding adds nothing to what is reduced."""

    name = "fold-padding"
    patterns = (FoldPadding,)
