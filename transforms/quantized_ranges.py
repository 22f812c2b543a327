"""Interval analysis of integer programs: between which numbers each channel of each value lies, for every input.

Inputs have all the numbers of their type. Zero points, weights, biases, the ranges of rescaling and clamps do the rest:

    quant.conv          bias + the sum of min and max of w * x over what x may be; padding is one of the things
    quant.requantize    increases with its input: the ends of the interval are rescaled as every number is
    quant.lookup        the least and the largest entry between the ends
    moves               the ends move as the elements do

What is not listed in `TRANSFERS` may be anything that its type holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.base import bounds
from etc.errors import EtcError
from etc.transforms.edge_builder import array_of, is_constant, known
from etc.transforms.fuse_quantized_rules.moves import elements
from etc.transforms.quantisable import MOVING

if TYPE_CHECKING:
    import torch

_LARGEST = 1 << 22
"""Elements of a value whose moves are followed element by element."""
_MOST_WEIGHTS = 1 << 24
"""Weights of a product that is looked at: there are larger ones, but not in small programs."""


@dataclass(frozen=True)
class Range:
    """The least and the largest number of each element, int64 tensors of the value's rank.

    A dimension along which they do not differ has size 1.
    """

    low: torch.Tensor
    high: torch.Tensor

    def along(self, axis: int) -> Range:
        """The least and the largest for each index of one dimension, as vectors."""
        rest = [d for d in range(self.low.dim()) if d != axis % self.low.dim()]
        if not rest:
            return self
        return Range(self.low.amin(rest), self.high.amax(rest))

    def including(self, number: int) -> Range:
        return Range(self.low.clamp(max=number), self.high.clamp(min=number))


def _compressed(low: torch.Tensor, high: torch.Tensor) -> Range:
    """A range of elements; dimensions along which all are alike get size 1."""
    for d in range(low.dim()):
        first, second = low.narrow(d, 0, 1), high.narrow(d, 0, 1)
        if low.shape[d] > 1 and bool((low == first).all()) and bool((high == second).all()):
            low, high = first, second
    return Range(low, high)


class Ranges:
    """The ranges of the integer values of a method, each computed when it is first asked for."""

    def __init__(self, method: FuncOp):
        self._found: dict[SSAValue, Range] = {}
        for op in method.walk():
            for result in op.results:
                if self._is_integer(result):
                    self._found[result] = self._transfer(op, result)

    @staticmethod
    def _is_integer(value: SSAValue) -> bool:
        return isinstance(value.type, TensorType) and known(value).dtype.is_integer

    def __getitem__(self, value: SSAValue) -> Range:
        return self._found.get(value) or _anything(value)

    def _transfer(self, op: Any, result: SSAValue) -> Range:
        if is_constant(result):
            content = array_of(result).long()
            return _compressed(content, content) if content.numel() else _anything(result)
        rule = TRANSFERS.get(type(op))
        if rule is not None:
            return rule(op, self)
        return self._moved(op, result) if type(op) in MOVING else _anything(result)

    def _moved(self, op: EdgeOp, result: SSAValue) -> Range:
        """What an operation makes of the ends of its operands' intervals: no move puts a smaller element first."""
        from etc.dialects.on_torch import evaluate, torch_dtypes

        moved = elements(op, MOVING[type(op)])
        others = [v for v in op.operands if v not in moved]
        if known(result).dtype is not known(moved[0]).dtype or known(result).dtype is dtypes.int64:
            return _anything(result)  # positions
        if not (all(map(is_constant, others)) and all(self._is_small(v) for v in (*moved, result))):
            return _anything(result)
        content: dict[SSAValue, Any] = {v: array_of(v) for v in others}
        ends: list[torch.Tensor] = []
        try:
            for end in ("low", "high"):
                for v in moved:
                    full = getattr(self[v], end).expand(known(v).shape)
                    content[v] = full.to(torch_dtypes()[known(v).dtype])
                ends.append(evaluate(op, content, {})[result.index].long())  # pyright: ignore[reportAttributeAccessIssue]
        except EtcError:
            return _anything(result)
        return _compressed(*ends) if ends[0].numel() else _anything(result)

    @staticmethod
    def _is_small(value: SSAValue) -> bool:
        return known(value).is_static and 0 < _count(value) <= _LARGEST


def _count(value: SSAValue) -> int:
    count = 1
    for size in known(value).shape:
        count *= size
    return count


def _between(low: int, high: int, rank: int) -> Range:
    import torch

    return Range(torch.full([1] * rank, low), torch.full([1] * rank, high))


def _anything(value: SSAValue) -> Range:
    return _between(*bounds(known(value).dtype), known(value).rank)


def _bias(op: quant.ConvOp | quant.LinearOp) -> torch.Tensor | int | None:
    """The bias of each output; None where it or the weights are not known, or too large to look at."""
    if not is_constant(op.weight) or _count(op.weight) > _MOST_WEIGHTS:
        return None
    if op.bias is None:
        return 0
    return array_of(op.bias).long() if is_constant(op.bias) else None


def _sums(rows: torch.Tensor, given: Range, bias: torch.Tensor | int) -> Range:
    """Sums over inputs of rows (outputs x inputs x places) times what lies in intervals (outputs or 1 x inputs)."""
    positive, negative = rows.clamp(min=0).sum(2), rows.clamp(max=0).sum(2)
    low = (positive * given.low + negative * given.high).sum(1) + bias
    high = (positive * given.high + negative * given.low).sum(1) + bias
    return Range(low, high)


def _conv(op: quant.ConvOp, ranges: Ranges) -> Range:
    bias = _bias(op)
    if bias is None:
        return _anything(op.result)
    weight, groups = array_of(op.weight).long(), op.argument("groups")
    given = ranges[op.input].along(1)
    if op.argument("transposed") or any(op.argument("padding")):
        given = given.including(op.argument("padding_value"))
    inputs = weight.shape[0] if op.argument("transposed") else weight.shape[1] * groups
    low, high = given.low.expand(inputs), given.high.expand(inputs)
    if op.argument("transposed"):
        weight = weight.unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1)
    outputs = weight.shape[0]
    # The inputs of each output are those of its group.
    low, high = (end.reshape(groups, -1).repeat_interleave(outputs // groups, 0) for end in (low, high))
    result = _sums(weight.flatten(2), Range(low, high), bias)
    shape = [1, -1] + [1] * (known(op.result).rank - 2)
    return Range(result.low.reshape(shape), result.high.reshape(shape))


def _linear(op: quant.LinearOp, ranges: Ranges) -> Range:
    bias = _bias(op)
    if bias is None:
        return _anything(op.result)
    given = ranges[op.input].along(-1)
    result = _sums(array_of(op.weight).long().unsqueeze(2), Range(given.low[None], given.high[None]), bias)
    shape = [1] * (known(op.result).rank - 1) + [-1]
    return Range(result.low.reshape(shape), result.high.reshape(shape))


def _requantize(op: quant.RequantizeOp, ranges: Ranges) -> Range:
    import torch

    from etc.dialects.quant.on_torch import requantize

    given: dict[str, Any] = {arg.name: value for arg, value in op.arguments() if not arg.is_tensor}
    if not (is_constant(op.multiplier) and is_constant(op.shift)):
        return _between(given["quant_min"], given["quant_max"], known(op.result).rank)
    given |= {"multiplier": array_of(op.multiplier), "shift": array_of(op.shift), "dtype": torch.int64}
    ends = ranges[op.input]
    return Range(requantize(ends.low, **given), requantize(ends.high, **given))


def _add(op: quant.AddOp, ranges: Ranges) -> Range:
    import torch

    from etc.dialects.quant.on_torch import add

    given: dict[str, Any] = {arg.name: value for arg, value in op.arguments() if not arg.is_tensor}
    given["dtype"] = torch.int64
    a, b = ranges[op.input], ranges[op.other]
    # The sum falls where a multiplier is negative.
    a_ends, b_ends = (
        (r.low, r.high) if given[f"{name}_multiplier"] >= 0 else (r.high, r.low)
        for r, name in ((a, "input"), (b, "other"))
    )
    low, high = (add(x, y, **given) for x, y in zip(a_ends, b_ends, strict=True))
    return Range(low, high)


def _mul(op: quant.MulOp, ranges: Ranges) -> Range:
    import torch

    a, b = ranges[op.input], ranges[op.other]
    x = [end - op.argument("input_zero_point") for end in (a.low, a.high)]
    y = [end - op.argument("other_zero_point") for end in (b.low, b.high)]
    products = torch.stack(torch.broadcast_tensors(*(p * q for p in x for q in y)))
    return Range(products.amin(0), products.amax(0))


def _sum(op: quant.SumOp, ranges: Ranges) -> Range:
    sizes, zero_point = known(op.input).sizes, op.argument("zero_point")
    dims = sorted({d % len(sizes) for d in op.argument("dim")} or set(range(len(sizes))))
    if not all(isinstance(sizes[d], int) for d in dims):
        return _anything(op.result)
    ends: list[torch.Tensor] = []
    for end in (ranges[op.input].low, ranges[op.input].high):
        shape = [sizes[d] if d in dims else n for d, n in enumerate(end.shape)]
        ends.append((end - zero_point).expand(shape).sum(dims, op.argument("keepdim")))
    return Range(*ends)


def _sum_pool(op: quant.SumPool2dOp, ranges: Ranges) -> Range:
    """As large as the sum of a whole window, or of none of it where there is padding."""
    given = ranges[op.input].along(-3)
    kernel, zero_point = op.argument("kernel_size"), op.argument("zero_point")
    count = kernel[0] * kernel[-1]
    low, high = ((end - zero_point) * count for end in (given.low, given.high))
    if any(op.argument("padding")) or op.argument("ceil_mode"):
        low, high = low.clamp(max=0), high.clamp(min=0)
    shape = [1] * (known(op.result).rank - 3) + [-1, 1, 1]
    return Range(low.reshape(shape), high.reshape(shape))


def _lookup(op: quant.LookupOp, ranges: Ranges) -> Range:
    import torch

    if not is_constant(op.table):
        return _anything(op.result)
    table, given, least = array_of(op.table).long(), ranges[op.input], bounds(known(op.input).dtype)[0]
    pairs = zip(given.low.flatten().tolist(), given.high.flatten().tolist(), strict=True)
    entries = [table[low - least : high - least + 1] for low, high in pairs]
    low, high = ([int(end(e)) for e in entries] for end in (torch.min, torch.max))
    shape = given.low.shape
    return Range(torch.tensor(low).reshape(shape), torch.tensor(high).reshape(shape))


def _clamp(op: edge.ClampOp, ranges: Ranges) -> Range:
    limits = op.argument("min"), op.argument("max")
    given = ranges[op.self_] if known(op.self_).dtype.is_integer else None
    if given is None or any(isinstance(limit, float) for limit in limits):
        return _anything(op.result)
    return Range(given.low.clamp(*limits), given.high.clamp(*limits))


def _limits(op: quant.QuantizeOp | quant.SoftmaxOp, ranges: Ranges) -> Range:
    return _between(op.argument("quant_min"), op.argument("quant_max"), known(op.result).rank)


def _widened(op: edge.ToDimOrderCopyOp, ranges: Ranges) -> Range:
    have, want = known(op.self_).dtype, known(op.result).dtype
    wider = have.is_integer and have.size <= want.size and have.is_signed == want.is_signed
    return ranges[op.self_] if wider else _anything(op.result)


def _chosen(op: edge.WhereOp, ranges: Ranges) -> Range:
    import torch

    ends = [ranges[value] for value in (op.self_, op.other)]
    return _between(
        min(int(torch.min(r.low)) for r in ends), max(int(torch.max(r.high)) for r in ends), known(op.result).rank
    )


TRANSFERS: Mapping[type[EdgeOp], Callable[[Any, Ranges], Range]] = {
    edge.ClampOp: _clamp,
    edge.ToDimOrderCopyOp: _widened,
    edge.WhereOp: _chosen,
    quant.AddOp: _add,
    quant.ConvOp: _conv,
    quant.LinearOp: _linear,
    quant.LookupOp: _lookup,
    quant.MulOp: _mul,
    quant.QuantizeOp: _limits,
    quant.RequantizeOp: _requantize,
    quant.SoftmaxOp: _limits,
    quant.SumOp: _sum,
    quant.SumPool2dOp: _sum_pool,
}
"""The range of an operation's result from those of its operands."""
