"""Functions of one quantised value, element by element: a table of what the reals give for each of its integers.

    %r = quant.dequantize(%x, …)
    %s = edge.sigmoid(%r)                -->    %y = quant.lookup(%x, %table)
    %y = quant.quantize(%s, …)

The 256 entries for 8 bits are computed by the operations themselves, so that the table gives what they do, whatever
chain of them it is. A table that only clamps becomes edge.clamp; one that changes nothing disappears. For 16 bits a
function is known at 513 places, with straight lines between them, and one that is a straight line is rescaled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.dialects.quant.attributes import Params
from etc.dialects.quant.base import EIGHT_BITS, QuantOp, bounds
from etc.transforms.edge_builder import known, nbytes
from etc.transforms.fuse_quantized_rules.site import IntegerBuilder, Site
from etc.transforms.fuse_quantized_rules.values import Quantised, Refusal, content_of, declare, params_of, same_meaning

if TYPE_CHECKING:
    import torch

_LONGEST = 64
"""Operations that one function may consist of."""
_MOST_OFF = 64
"""Integers of 16 bits that straight lines may miss a function by: a kink within one of them costs 32."""


@dataclass
class Chain:
    """The elementwise operations that lead to a value, in order, and what they start from."""

    sources: dict[SSAValue, Params] = field(default_factory=dict[SSAValue, Params])
    constants: dict[SSAValue, Any] = field(default_factory=dict[SSAValue, Any])
    operations: dict[EdgeOp, None] = field(default_factory=dict[EdgeOp, None])

    def follow(self, value: SSAValue, sizes: tuple[Any, ...]) -> bool:
        """Add what `value` is computed by; False when that is no function of quantised values and numbers."""
        op = value.owner
        if isinstance(op, quant.DequantizeOp) and content_of(value) is None:
            self.sources[value] = params_of(op)
            return known(value).sizes == sizes
        if value in self.constants or op in self.operations:
            return True
        if known(value).is_static and nbytes(value) <= 8 and (content := content_of(value)) is not None:
            if content.numel() == 1:
                self.constants[value] = content.reshape([])
            return content.numel() == 1
        if not isinstance(op, EdgeOp) or isinstance(op, QuantOp) or not op.has_trait(Elementwise):
            return False
        if len(op.results) != 1 or len(self.operations) >= _LONGEST:
            return False
        if not all(self.follow(operand, sizes) for operand in op.operands):
            return False
        self.operations[op] = None
        return True

    @property
    def source(self) -> Quantised | None:
        """The one quantised value that everything is computed from."""
        found: Quantised | None = None
        for value, params in self.sources.items():
            op = value.owner
            assert isinstance(op, quant.DequantizeOp)
            if found is not None and (found.integers is not op.input or not same_meaning(found.params, params)):
                return None
            found = Quantised(op.input, params)
        return found

    def values(self, integers: torch.Tensor, target: quant.QuantizeOp) -> torch.Tensor:
        """What `target` makes of the chain's result for each of `integers`."""
        from etc.dialects.on_torch import evaluate

        rank = known(target.input).rank
        integers = integers.reshape([1] * (rank - 1) + [-1])
        values: dict[SSAValue, Any] = dict(self.constants)
        for value in self.sources:
            op = value.owner
            assert isinstance(op, quant.DequantizeOp)
            values[value] = evaluate(op, {op.input: integers}, {})[0]
        for op in self.operations:
            values[op.results[0]] = evaluate(op, values, {})[0].expand(integers.shape)
        return evaluate(target, values, {})[0].reshape(-1)


def function_of_one_value(op: quant.QuantizeOp, build: IntegerBuilder) -> SSAValue | None:
    """What `op` quantises, as a function of the integers it depends on; None when they are not one value's."""
    chain = Chain()
    if not chain.follow(op.input, known(op.input).sizes):
        return None
    source = chain.source
    if source is None:
        return None
    into = params_of(op)
    if source.params.dtype in EIGHT_BITS:
        result = _lookup(source, chain.values(all_integers(source.params.dtype), op), into, build)
    elif source.params.dtype is dtypes.int16 and into.dtype is dtypes.int16 and chain.operations:
        result = _interpolated(source, chain, op, build)
    elif not chain.operations:
        result = _rescaled(source, op, into, build)
    else:
        raise Refusal(f"there are no tables from {source.params.dtype} to {into.dtype}")
    ordered = build.in_order_of(result, op.result)
    return ordered if ordered is source.integers else declare(ordered, into)


def all_integers(dtype: dtypes.Dtype) -> torch.Tensor:
    import torch

    from etc.dialects.on_torch import torch_dtypes

    low, high = bounds(dtype)
    return torch.arange(low, high + 1).to(torch_dtypes()[dtype])


def _lookup(source: Quantised, table: torch.Tensor, into: Params, build: IntegerBuilder) -> SSAValue:
    low, high = int(table.min()), int(table.max())
    if source.params.dtype is into.dtype and table.equal(all_integers(into.dtype).clamp(low, high)):
        return build.clamp(source.integers, low, high)
    return build(quant.LookupOp, source.integers, build.integers(table, into.dtype))


def _interpolated(source: Quantised, chain: Chain, op: quant.QuantizeOp, build: IntegerBuilder) -> SSAValue:
    """A clamp is exact; another function is known every 128 integers. The last place stands for 32768."""
    import torch

    from etc.dialects.quant.on_torch import interpolate

    every = chain.values(all_integers(dtypes.int16), op)
    low, high = int(every.min()), int(every.max())
    if every.equal(all_integers(dtypes.int16).clamp(low, high)):
        return build.clamp(source.integers, low, high)
    last = (2 * every[-1].int() - every[-2].int()).clamp(-32768, 32767)
    table = torch.cat((every[::128].int(), last.reshape(1))).to(torch.int16)
    worst = int((interpolate(all_integers(dtypes.int16), table).int() - every.int()).abs().max())
    if worst > _MOST_OFF:
        raise Refusal(f"straight lines between 513 of its values are off by up to {worst} integers")
    return build(quant.InterpolateOp, source.integers, build.integers(table, dtypes.int16))


def _rescaled(source: Quantised, op: quant.QuantizeOp, into: Params, build: IntegerBuilder) -> SSAValue:
    """The same reals in other integers, without a table."""
    if same_meaning(source.params, into):
        return build.clamp(source.integers, into.quant_min, into.quant_max)
    if source.params.zero_point:
        raise Refusal(f"{source.params.dtype} with a zero point is not rescaled")
    accumulators = build(edge.ToDimOrderCopyOp, source.integers, dtype=dtypes.int32)
    site = Site(op, into, build, 1.0, into.quant_min, into.quant_max)
    return site.rescaled(accumulators, [source.params.scale])
