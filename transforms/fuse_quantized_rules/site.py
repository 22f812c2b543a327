"""Where a rule is applied: an operation on reals whose result is quantised, perhaps after a factor and clamps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from xdsl.dialects.builtin import UnknownLoc
from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import Params
from etc.dialects.quant.base import bounds
from etc.dialects.quant.fixed_point import multipliers_and_shift
from etc.dialects.tensor import tensor
from etc.transforms.edge_builder import EdgeBuilder, known, number_of
from etc.transforms.fuse_clamps import Clamp, as_clamp
from etc.transforms.fuse_quantized_rules.values import (
    Quantised,
    Refusal,
    integer_of,
    quantised,
)
from etc.transforms.rewriting import PatternRewriter

if TYPE_CHECKING:
    import torch

INT32_MAX = (1 << 31) - 1
LARGEST_FACTOR = 2.0**29
"""What accumulators may be multiplied by."""


class IntegerBuilder(EdgeBuilder):
    """Inserts operations at the source line of the operation that they replace."""

    def __init__(self, rewriter: PatternRewriter, like: EdgeOp):
        super().__init__(rewriter)
        self._location = like.location

    def __call__(self, cls: type[EdgeOp], /, *args: Any, **kwargs: Any) -> SSAValue:
        value = super().__call__(cls, *args, **kwargs)
        if not isinstance(self._location, UnknownLoc):
            value.owner.location = self._location  # pyright: ignore[reportAttributeAccessIssue]
        return value

    def operation(self, op: EdgeOp) -> EdgeOp:
        """Insert an operation that is made already."""
        op.location = self._location
        return self._rewriter.insert(op)

    def integers(self, values: torch.Tensor, dtype: dtypes.Dtype, name: str | None = None) -> SSAValue:
        """A constant of integers."""
        return self.constant(values, tensor(dtype, tuple(values.shape)), name)

    def quantised(self, reals: torch.Tensor, params: Params) -> SSAValue:
        """A constant of reals, quantised."""
        from etc.dialects.on_torch import torch_dtypes
        from etc.dialects.quant.on_torch import quantize

        p, dtype = params, torch_dtypes()[params.dtype]
        return self.integers(quantize(reals, p.scale, p.zero_point, p.quant_min, p.quant_max, dtype), p.dtype)

    def clamp(self, integers: SSAValue, low: int, high: int) -> SSAValue:
        """Integers clamped to [low, high]; as they are when their type has no others."""
        least, most = bounds(known(integers).dtype)
        if low <= least and most <= high:
            return integers
        return self(edge.ClampOp, integers, min=max(low, least), max=min(high, most))

    def in_order_of(self, value: SSAValue, wanted: SSAValue) -> SSAValue:
        """`value` in the memory order of `wanted`."""
        order = known(wanted).order
        if known(value).order == order:
            return value
        return self(edge.CloneDimOrderOp, value, dim_order=list(order))


@dataclass
class Site:
    """`op`, whose result times `factor`, clamped to integers from `low` to `high`, is quantised to `into`."""

    op: EdgeOp
    into: Params
    build: IntegerBuilder
    factor: float
    low: int
    high: int

    def input(self, value: SSAValue, what: str = "its operand") -> Quantised:
        """The integers that an operand was made of. Raises Refusal when it was not dequantised with one scale."""
        found = quantised(value)
        if found is None:
            raise Refusal(f"{what} is not quantised")
        return found

    def rescaled(self, accumulators: SSAValue, scales: Sequence[float], axis: int = 0) -> SSAValue:
        """Accumulators in integers of `into`: `scales` are theirs, one for all or one for each index of `axis`."""
        import torch

        factors = [scale * self.factor / self.into.scale for scale in scales]
        if max(factors) >= LARGEST_FACTOR:
            raise Refusal(f"its accumulators would be multiplied by {max(factors):.3g}, more than integers allow")
        multipliers, shift = multipliers_and_shift(factors[:1] if len(set(factors)) == 1 else factors)
        low, high = self.range_with_zero_point()
        result = self.build(
            quant.RequantizeOp,
            accumulators,
            self.build.integers(torch.tensor(multipliers, dtype=torch.int32), dtypes.int32),
            self.build.integers(torch.tensor([shift], dtype=torch.int32), dtypes.int32),
            axis=axis,
            zero_point=self.into.zero_point,
            quant_min=low,
            quant_max=high,
            dtype=self.into.dtype,
        )
        return self.clamped(result, low, high)

    def range_with_zero_point(self) -> tuple[int, int]:
        """The range to clamp to, when the zero point lies in it and it has two numbers; else that of `into`."""
        if self.low < self.high and self.low <= self.into.zero_point <= self.high:
            return self.low, self.high
        return self.into.quant_min, self.into.quant_max

    def clamped(self, integers: SSAValue, low: int, high: int) -> SSAValue:
        """What was clamped to [low, high], clamped to this site's range."""
        if (low, high) == (self.low, self.high):
            return integers
        return self.build.clamp(integers, self.low, self.high)


def check_accumulators(largest: int, of: str) -> None:
    """Refuse sums that int32 may not hold."""
    if largest > INT32_MAX:
        raise Refusal(f"{of} reach {largest:.3g}, more than int32 holds")


def largest_difference(params: Params) -> int:
    """The largest magnitude of (integer - zero point)."""
    return max(params.quant_max - params.zero_point, params.zero_point - params.quant_min)


def refuse_other_users(value: SSAValue) -> None:
    """Refuse to compute in integers what is needed in reals too."""
    other = next((u.operation for u in value.uses if not isinstance(u.operation, quant.QuantizeOp)), None)
    if other is not None:
        raise Refusal(f"{other.name} takes its result as reals")


def _scaling(op: object) -> tuple[SSAValue, float] | None:
    """(x, c) of an operation that multiplies x by a number c > 0."""
    if not isinstance(op, edge.MulOp | edge.DivOp):
        return None
    for value, number in ((op.self_, op.other), (op.other, op.self_))[: 1 + isinstance(op, edge.MulOp)]:
        factor = number_of(number)
        if factor is not None and 0 < factor < inf and known(value).sizes == known(op.result).sizes:
            return value, factor if isinstance(op, edge.MulOp) else 1.0 / factor
    return None


def site_of(op: quant.QuantizeOp, into: Params, rewriter: PatternRewriter) -> Site:
    """The site whose result `op` quantises: behind clamps, and a factor before them. Raises Refusal."""
    value, low, high, factor = op.input, into.quant_min, into.quant_max, 1.0
    refuse_other_users(value)
    while (clamp := as_clamp(value.owner)) is not None and quantised(clamp.operand) is None:
        low, high = _clamp_integers(clamp, into, low, high)
        value = _single(clamp.operand)
    while (scaling := _scaling(value.owner)) is not None and quantised(scaling[0]) is None:
        value, factor = _single(scaling[0]), factor * scaling[1]
    core = value.owner
    if not isinstance(core, EdgeOp):
        raise Refusal("what it quantises is computed elsewhere")
    return Site(core, into, IntegerBuilder(rewriter, core), factor, low, high)


def _single(value: SSAValue) -> SSAValue:
    if not value.has_one_use():
        raise Refusal("the value before a clamp or a factor has another user")
    return value


def _clamp_integers(clamp: Clamp, into: Params, low: int, high: int) -> tuple[int, int]:
    """The range of a clamp that is followed by another one."""
    most = integer_of(clamp.interval.high, into)
    least = min(integer_of(clamp.interval.low, into), most)
    return min(max(least, low), high), min(max(most, low), high)


def around_zero(content: torch.Tensor, dtype: dtypes.Dtype) -> Params:
    """What a constant of reals is quantised to: the range around 0 that holds it."""
    low, high = bounds(dtype)
    zero_point = (low + high + 1) // 2
    largest = content.double().abs().max().item() if content.numel() else 0.0
    return Params(dtype, low, high, largest / (high - zero_point) or 1.0, zero_point)
