"""fuse-clamps: chains of relu, hardtanh, clamp, minimum and maximum become one operation.

    %0 = edge.relu(%x)
    %1 = edge.minimum(%0, %six)        // 6.0         -->    %1 = edge.hardtanh(%x, min_val=0.0, max_val=6.0)

Each clamps to an interval, and so do several in a row. A clamp to an interval that holds all that its operand can be
is removed. NaN stays NaN in all of them. float32 is clamped by relu or hardtanh, the fastest on the stock runtime.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge
from etc.dialects.edge.base import EdgeOp
from etc.transforms.edge_builder import EdgeBuilder, known, number_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern


class Interval(NamedTuple):
    """The numbers from `low` to `high`."""

    low: float
    high: float

    def clamp(self, x: float) -> float:
        """min(max(x, low), high), as the operators define it"""
        return min(max(x, self.low), self.high)

    def after(self, first: Interval) -> Interval:
        """What clamping to `first` and then to this amounts to."""
        return Interval(self.clamp(first.clamp(-math.inf)), self.clamp(first.clamp(math.inf)))

    def contains(self, other: Interval) -> bool:
        return self.low <= other.low and other.high <= self.high


EVERYTHING = Interval(-math.inf, math.inf)
NOT_NEGATIVE = Interval(0.0, math.inf)


class Clamp(NamedTuple):
    """An operation read as a clamp of `operand`."""

    operand: SSAValue
    interval: Interval


def _bound(value: SSAValue | None, otherwise: float) -> float | None:
    """The number that bounds a clamp; None when it is not one known number of rank 0."""
    if value is None:
        return otherwise
    return number_of(value) if known(value).rank == 0 else None


def _between(operand: SSAValue, low: float | None, high: float | None) -> Clamp | None:
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return None
    return Clamp(operand, Interval(low, high))


def _of_tensors(op: edge.ClampTensorOp) -> Clamp | None:
    return _between(op.self_, _bound(op.min, -math.inf), _bound(op.max, math.inf))


def _of_numbers(op: edge.ClampOp) -> Clamp | None:
    low, high = op.argument("min"), op.argument("max")
    return _between(op.self_, -math.inf if low is None else low, math.inf if high is None else high)


def _extremum(op: edge.MinimumOp | edge.MaximumOp) -> Clamp | None:
    for operand, number in ((op.self_, op.other), (op.other, op.self_)):
        bound = _bound(number, 0)
        if bound is not None and known(operand).rank > 0:
            return _between(operand, *((-math.inf, bound) if isinstance(op, edge.MinimumOp) else (bound, math.inf)))
    return None


_CLAMPS: Mapping[type[EdgeOp], Callable[[Any], Clamp | None]] = {
    edge.ReluOp: lambda op: Clamp(op.self_, NOT_NEGATIVE),
    edge.HardtanhOp: lambda op: _between(op.self_, op.argument("min_val"), op.argument("max_val")),
    edge.ClampOp: _of_numbers,
    edge.ClampTensorOp: _of_tensors,
    edge.MinimumOp: _extremum,
    edge.MaximumOp: _extremum,
}
"""How to read an op as a clamp."""

_RANGES: Mapping[type[EdgeOp], Interval] = {
    edge.AbsOp: NOT_NEGATIVE,
    edge.CosOp: Interval(-1.0, 1.0),
    edge.ErfOp: Interval(-1.0, 1.0),
    edge.ExpOp: NOT_NEGATIVE,
    edge.SigmoidOp: Interval(0.0, 1.0),
    edge.SinOp: Interval(-1.0, 1.0),
    edge.SoftmaxOp: NOT_NEGATIVE,
    edge.SqrtOp: NOT_NEGATIVE,
    edge.TanhOp: Interval(-1.0, 1.0),
}
"""Where the results of an op lie, rounding included, whatever its operands are."""


def as_clamp(op: object) -> Clamp | None:
    """`op` as a clamp that keeps the dtype and the shape of its operand."""
    read = _CLAMPS.get(type(op)) if isinstance(op, EdgeOp) else None
    if read is None:
        return None
    clamp = read(op)
    assert isinstance(op, EdgeOp)
    return clamp if clamp is not None and clamp.operand.type == op.results[0].type else None


def _range_of(value: SSAValue) -> Interval:
    op = value.owner
    clamp = as_clamp(op)
    if clamp is not None:
        return clamp.interval.after(EVERYTHING)
    if isinstance(op, edge.AbsOp) and not known(value).dtype.is_float:
        return EVERYTHING
    return _RANGES.get(type(op), EVERYTHING) if isinstance(op, EdgeOp) else EVERYTHING


class RemoveClamp(RewritePattern):
    """relu(sigmoid(x)) -> sigmoid(x): the operand lies in the interval anyway"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        clamp = as_clamp(op)
        if clamp is not None and clamp.interval.contains(_range_of(clamp.operand)):
            rewriter.replace(op, (), [clamp.operand])


class FuseClamps(RewritePattern):
    """clamp(clamp(x)) -> clamp(x); clamp(x) -> relu(x) or hardtanh(x)"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        clamp = as_clamp(op)
        if clamp is None:
            return
        operand, interval = clamp
        inner = as_clamp(operand.owner)
        if inner is not None and operand.has_one_use():
            operand, interval = inner.operand, interval.after(inner.interval)
        elif inner is not None:
            rewriter.decline(op, "the clamp before it has another user")
        wanted, *bounds = _best(operand, interval)
        if wanted is not type(op) or operand is not clamp.operand:
            build = EdgeBuilder(rewriter)
            build.replace(op, build(wanted, operand, *bounds))


def _best(operand: SSAValue, interval: Interval) -> tuple[Any, ...]:
    """The operation that clamps `operand` to an interval fastest, and its arguments after the operand."""
    dtype = known(operand).dtype
    if interval == NOT_NEGATIVE:
        return (edge.ReluOp,)
    if dtype is dtypes.float32:
        return edge.HardtanhOp, float(interval.low), float(interval.high)
    number = float if dtype.is_float else int
    return edge.ClampOp, *(None if math.isinf(bound) else number(bound) for bound in interval)


@dataclass(frozen=True)
class FuseClampsPass(EtcPass):
    """Fuse chains of relu, hardtanh, clamp, minimum and maximum into one operation; remove those without effect."""

    name = "fuse-clamps"
    patterns = (RemoveClamp, FuseClamps)
