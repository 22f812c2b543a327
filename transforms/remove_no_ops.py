"""remove-no-ops: remove operations that change nothing, and merge copies of copies.

    %0 = edge.view_copy(%x, size=[4, 8])
    %1 = edge.view_copy(%0, size=[32])             -->    %1 = edge.view_copy(%x, size=[32])
    %2 = edge.mul(%1, %one)                               // no copy of %1
    %3 = edge.slice_copy(%2, start=0, end=32)

- copies whose result is what they copy: views, permutes, expansions, slices, casts, dim orders; padding by nothing, one
  repetition, a concatenation of one tensor; x + 0, x - 0, x * 1, x / 1, x ** 1; dropout
- reshape(reshape(x)), slice(slice(x)), cast(cast(x)); f(f(x)) for involutions and idempotent functions
- slice(cat(…)) and select(cat(…)), where one operand, or whole operands, are selected
- f(expand(x), y) where f broadcasts x by itself
- x ** 2 -> x * x
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import edge, infer
from etc.dialects.dtypes import Dtype, Kind
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.binary import BinaryOp
from etc.dialects.edge.traits import Idempotent, Involution, Reshape
from etc.dialects.symbolic import Dim
from etc.transforms.edge_builder import EdgeBuilder, known, number_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

_NEUTRAL: Mapping[type[BinaryOp], tuple[float, bool]] = {
    edge.AddOp: (0, True),
    edge.SubOp: (0, False),
    edge.MulOp: (1, True),
    edge.DivOp: (1, False),
}
"""The number that changes nothing as the second operand, and whether it does not as the first one either."""


def _is_number(value: SSAValue, number: float) -> bool:
    found = number_of(value)
    return found is not None and not isinstance(found, complex) and found == number


def _neutral(op: BinaryOp) -> SSAValue | None:
    """x + 0, x - 0, x * 1, x / 1"""
    number, either = _NEUTRAL[type(op)]
    if _is_number(op.other, number):
        return op.self_
    alpha = op.argument("alpha") if isinstance(op, edge.AddOp) else 1
    return op.other if either and alpha == 1 and _is_number(op.self_, number) else None


def _unpadded(op: edge.ConstantPadNdOp) -> SSAValue | None:
    return op.self_ if not any(_sizes(op, "pad")) else None


def _whole_slice(op: edge.SliceCopyOp) -> SSAValue | None:
    """A slice of everything. A symbolic size that fits by its type may still be cut at run time."""
    bounds = _bounds(op)
    return op.self_ if bounds is not None and bounds[0] == 0 and bounds[1] == bounds[2] and bounds[3] == 1 else None


def _power_of_one(op: edge.PowScalarOp) -> SSAValue | None:
    return op.self_ if op.argument("exponent") == 1 else None


def _joined_one(op: edge.CatOp) -> SSAValue | None:
    return op.tensors[0] if len(op.tensors) == 1 else None


def _not_training(op: edge.DropoutOp) -> SSAValue | None:
    return op.input if op.argument("train") is False and op.mask.first_use is None else None


def _first(op: EdgeOp) -> SSAValue:
    return op.operands[0]


def _identity_order(op: edge.PermuteCopyOp) -> SSAValue | None:
    rank = known(op.self_).rank
    return op.self_ if [d % rank for d in op.argument("dims")] == list(range(rank)) else None


def _once(op: edge.RepeatOp) -> SSAValue | None:
    return op.self_ if all(n == 1 for n in _sizes(op, "repeats")) else None


_UNCHANGED: Mapping[type[EdgeOp], Callable[[Any], SSAValue | None]] = {
    **dict.fromkeys(_NEUTRAL, _neutral),
    edge.AliasCopyOp: _first,
    edge.CatOp: _joined_one,
    edge.CloneDimOrderOp: _first,
    edge.ConstantPadNdOp: _unpadded,
    edge.DropoutOp: _not_training,
    edge.ExpandCopyOp: _first,
    edge.PermuteCopyOp: _identity_order,
    edge.PowScalarOp: _power_of_one,
    edge.RepeatOp: _once,
    edge.SliceCopyOp: _whole_slice,
    edge.SqueezeCopyOp: _first,
    edge.ToDimOrderCopyOp: _first,
    edge.UnsqueezeCopyOp: _first,
    edge.ViewCopyOp: _first,
}
"""The operand that an op may leave unchanged; it does when that operand also has the type of the result."""


def _sizes(op: EdgeOp, name: str) -> Sequence[Dim]:
    return op.argument(name)


class Unchanged(RewritePattern):
    """f(x) -> x, for copies and functions that change nothing"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        find = _UNCHANGED.get(type(op))
        same = None if find is None else find(op)
        if same is not None and same.type == op.results[0].type:
            rewriter.replace(op, (), [same, *([None] * (len(op.results) - 1))])


class ReshapeOfReshape(RewritePattern):
    """reshape(reshape(x)) -> view(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        inner = op.operands[0].owner if op.has_trait(Reshape) else None
        if not isinstance(inner, EdgeOp) or not inner.has_trait(Reshape):
            return
        source, result = known(inner.operands[0]), known(op.results[0])
        if source.dim_order is not None or known(inner.results[0]).dim_order is not None:
            return rewriter.decline(op, "it also changes the dim order")
        if source == result:
            rewriter.replace(op, (), [inner.operands[0]])
        else:
            build = EdgeBuilder(rewriter)
            build.replace(op, build(edge.ViewCopyOp, inner.operands[0], list(result.sizes)))


class AppliedTwice(RewritePattern):
    """f(f(x)) -> x for involutions, f(x) for idempotent functions"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        inner = op.operands[0].owner if op.operands else None
        if not isinstance(inner, EdgeOp) or type(inner) is not type(op) or inner.properties != op.properties:
            return
        if op.has_trait(Involution) and inner.operands[0].type == op.results[0].type:
            rewriter.replace(op, (), [inner.operands[0]])
        elif op.has_trait(Idempotent) and inner.results[0].type == op.results[0].type:
            rewriter.replace(op, (), [inner.results[0]])


_FLOATS: Mapping[str, tuple[int, int]] = {
    "float16": (11, 5),
    "bfloat16": (8, 8),
    "float32": (24, 8),
    "float64": (53, 11),
}
"""Bits of the significand (with the hidden one) and of the exponent."""


def _holds(wide: Dtype, narrow: Dtype) -> bool:
    """Whether every value of `narrow` is one of `wide`; False where it takes more than a glance."""
    if wide is narrow or narrow.kind is Kind.BOOL:
        return True
    if narrow.is_float:
        pair = _FLOATS.get(wide.name, (0, 0))
        return all(w >= n for w, n in zip(pair, _FLOATS[narrow.name], strict=True))
    if not narrow.is_integer:
        return False
    if wide.is_float:
        return _value_bits(narrow) <= _FLOATS[wide.name][0]
    return wide.is_integer and _value_bits(narrow) <= _value_bits(wide) and (_signed(wide) or not _signed(narrow))


def _signed(integer: Dtype) -> bool:
    return not integer.name.startswith("u")


def _value_bits(integer: Dtype) -> int:
    return integer.size * 8 - _signed(integer)


class CastOfCast(RewritePattern):
    """cast(cast(x)) -> cast(x), when the dtype between holds every value of x; the last dim order counts"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ToDimOrderCopyOp | edge.CloneDimOrderOp, rewriter: PatternRewriter) -> None:
        inner = op.self_.owner
        if not isinstance(inner, edge.ToDimOrderCopyOp | edge.CloneDimOrderOp):
            return
        source, between, result = known(inner.self_), known(op.self_), known(op.result)
        if not _holds(between.dtype, source.dtype):
            return rewriter.decline(op, f"{between.dtype} does not hold every value of {source.dtype}")
        if source == result:
            return rewriter.replace(op, (), [inner.self_])
        build = EdgeBuilder(rewriter)
        order = list(result.order)
        if source.dtype is result.dtype:
            copied = build(edge.CloneDimOrderOp, inner.self_, dim_order=order)
        else:
            copied = build(edge.ToDimOrderCopyOp, inner.self_, dtype=result.dtype, dim_order=order)
        build.replace(op, copied)


def _bounds(op: edge.SliceCopyOp) -> tuple[int, int, int, int] | None:
    """start, end (both within the size), size and step of a slice of numbers; None when one is symbolic."""
    size = known(op.self_).sizes[_dim(op)]
    start, end, step = op.argument("start"), op.argument("end"), op.argument("step")
    start, end = 0 if start is None else start, size if end is None else end
    if not (isinstance(size, int) and isinstance(start, int) and isinstance(end, int) and isinstance(step, int)):
        return None
    start, end = (min(max(b + size if b < 0 else b, 0), size) for b in (start, end))
    return start, max(start, end), size, step


def _dim(op: EdgeOp) -> int:
    return infer.wrap_dim(op.argument("dim"), known(op.operands[0]).rank)


class SliceOfSlice(RewritePattern):
    """slice(slice(x)) along one dimension -> slice(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.SliceCopyOp, rewriter: PatternRewriter) -> None:
        inner = op.self_.owner
        if not isinstance(inner, edge.SliceCopyOp) or (dim := _dim(inner)) != _dim(op):
            return
        a, b = _bounds(inner), _bounds(op)
        if a is None or b is None:
            return rewriter.decline(op, "its bounds are known only at run time")
        start, step = a[0] + b[0] * a[3], a[3] * b[3]
        count = known(op.result).sizes[dim]
        assert isinstance(count, int)
        end = start + (count - 1) * step + 1 if count else start
        build = EdgeBuilder(rewriter)
        build.replace(op, build(edge.SliceCopyOp, inner.self_, dim, start, end, step))


class PartOfCat(RewritePattern):
    """slice(cat(…)), select(cat(…)) -> slice or select of the operands that it lies in"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.SliceCopyOp | edge.SelectCopyOp, rewriter: PatternRewriter) -> None:
        joined, dim = op.self_.owner, _dim(op)
        if not isinstance(joined, edge.CatOp) or joined.argument("dim") % known(op.self_).rank != dim:
            return
        size = known(op.self_).sizes[dim]
        sizes = [known(t).sizes[dim] for t in joined.tensors if known(t).rank == known(op.self_).rank]
        if not isinstance(size, int) or len(sizes) != len(joined.tensors) or not all(isinstance(s, int) for s in sizes):
            return rewriter.decline(op, "sizes along the dimension are known only at run time")
        if isinstance(op, edge.SelectCopyOp):
            index = op.argument("index")
            span = (index % size, index % size + 1, size, 1) if isinstance(index, int) else None
        else:
            span = _bounds(op)
        if span is None or span[0] == span[1]:
            return
        start, end, _, step = span
        touched: list[SSAValue] = []
        offset = first = 0
        for tensor, extent in zip(joined.tensors, sizes, strict=True):
            assert isinstance(extent, int)
            if offset < end and start < offset + extent:
                first = first if touched else offset
                touched.append(tensor)
            offset += extent
        if len(touched) == len(joined.tensors):
            return
        build = EdgeBuilder(rewriter)
        if len(touched) == 1:
            source = touched[0]
        elif joined.result.has_one_use():
            source = build(edge.CatOp, touched, dim)
        else:
            return rewriter.decline(op, "it takes parts of several operands, and the whole is used too")
        if isinstance(op, edge.SelectCopyOp):
            part = build(edge.SelectCopyOp, source, dim, start - first)
        else:
            part = build(edge.SliceCopyOp, source, dim, start - first, end - first, step)
        build.replace(op, part)


class ExpandOfNothing(RewritePattern):
    """expand(x) that repeats nothing -> view(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ExpandCopyOp, rewriter: PatternRewriter) -> None:
        source, result = known(op.self_), known(op.result)
        if source.numel == result.numel and source.dim_order is None:
            build = EdgeBuilder(rewriter)
            build.replace(op, build.view(op.self_, result.sizes))


class BroadcastByItself(RewritePattern):
    """f(expand(x), y) -> f(x, y), when the result keeps its shape"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: BinaryOp | edge.WhereOp, rewriter: PatternRewriter) -> None:
        operands = [o.owner.operands[0] if isinstance(o.owner, edge.ExpandCopyOp) else o for o in op.operands]
        for position, (old, new) in enumerate(zip(op.operands, operands, strict=True)):
            if old is new:
                continue
            others = [o for i, o in enumerate(op.operands) if i != position]
            if self._type([*others, new]) == known(op.result).sizes and known(op.result).dim_order is None:
                op.operands[position] = new
                rewriter.notify_op_modified(op)
                return

    @staticmethod
    def _type(operands: Sequence[SSAValue]) -> tuple[Dim, ...] | None:
        try:
            return infer.broadcast(*(known(o).sizes for o in operands))
        except infer.InferenceError:
            return None


class SquareByMultiplication(RewritePattern):
    """x ** 2 -> x * x"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.PowScalarOp, rewriter: PatternRewriter) -> None:
        if op.argument("exponent") == 2 and op.self_.type == op.result.type:
            build = EdgeBuilder(rewriter)
            build.replace(op, build(edge.MulOp, op.self_, op.self_))


@dataclass(frozen=True)
class RemoveNoOpsPass(EtcPass):
    """Remove operations that change nothing, merge copies of copies."""

    name = "remove-no-ops"
    patterns = (
        Unchanged,
        ReshapeOfReshape,
        AppliedTwice,
        CastOfCast,
        SliceOfSlice,
        ExpandOfNothing,
        PartOfCat,
        BroadcastByItself,
        SquareByMultiplication,
    )
