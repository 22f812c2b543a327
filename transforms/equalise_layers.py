"""equalise-layers: give the channels between two layers one range, so that one scale serves them all.

    %y = edge.linear(%x, %w1, bias=%b1)                    %y = edge.linear(%x, %w1 / s, bias=%b1 / s)
    %r = edge.relu(%y)                            -->      %r = edge.relu(%y)
    %z = edge.linear(%r, %w2)                              %z = edge.linear(%r, %w2 * s)

relu(y / s) = relu(y) / s for s > 0, so the program computes what it did, up to rounding. With r1 the largest magnitude
of the weights and the bias that make a channel, and r2 that of the weights that read it, s = sqrt(r1 / r2) makes both
sqrt(r1 * r2). Chains of layers are gone through again and again until nothing changes by more than a hundredth.

A layer is a convolution, depthwise ones among them, or linear. Between two there may be what lets factors per channel
pass: relu, leaky relu, pooling, means over pixels, padding with zeros, flattening.

The method: M. Nagel, M. van Baalen, T. Blankevoort, M. Welling, Data-Free Quantization Through Weight Equalization and
Bias Correction (2019), section 4.1. The bias counts as part of the range, which there it does not: dividing that of a
channel with hardly any weights would make a range that no other has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import edge
from etc.dialects.edge.base import EdgeOp
from etc.transforms.edge_builder import EdgeBuilder, array_of, has_other_users, is_constant, known, name_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, apply_patterns, op_type_rewrite_pattern

if TYPE_CHECKING:
    import torch

Layer: TypeAlias = edge.ConvOp | edge.LinearOp

SETTLED = 0.01
"""Factors that differ from 1 by no more end the search."""


class Channels(NamedTuple):
    """Where the channels of a layer are in a later tensor: `repeat` neighbours along `dim` belong to one."""

    dim: int
    repeat: int = 1


def _keeps(op: EdgeOp, channels: Channels) -> Channels | None:
    return channels


def _pools(op: EdgeOp, channels: Channels) -> Channels | None:
    """Pooling over dimensions behind that of channels; the places of maxima are not looked at."""
    is_looked_at = any(result.first_use is not None for result in op.results[1:])
    return None if is_looked_at or channels != Channels(1) else channels


def _pads(op: EdgeOp, channels: Channels) -> Channels | None:
    """Zeros around dimensions behind that of channels; `pad` begins with the last one."""
    behind = known(op.results[0]).rank - 1 - channels.dim
    return channels if op.argument("value") == 0 and len(op.argument("pad")) <= 2 * behind else None


def _means(op: EdgeOp, channels: Channels) -> Channels | None:
    rank = known(op.operands[0]).rank
    dims = [d % rank for d in op.argument("dim") or range(rank)]
    return channels if all(d > channels.dim for d in dims) else None


def _views(op: EdgeOp, channels: Channels) -> Channels | None:
    """Flattening from the channels on: each becomes as many neighbours as it had elements."""
    have, want = known(op.operands[0]).sizes, known(op.results[0]).sizes
    dim = channels.dim
    if len(want) <= dim or have[:dim] != want[:dim]:
        return None
    count, *behind = (size for size in have[dim:] if isinstance(size, int))
    after = want[dim]
    if len(behind) != len(have) - dim - 1 or not isinstance(after, int) or not count or after % count:
        return None
    whole = (prod(behind[:end]) for end in range(len(behind) + 1))
    return Channels(dim, channels.repeat * after // count) if after // count in whole else None


_THROUGH: Mapping[type[EdgeOp], Callable[[EdgeOp, Channels], Channels | None]] = {
    edge.ReluOp: _keeps,
    edge.LeakyReluOp: _keeps,
    edge.MaxPool2dOp: _pools,
    edge.AvgPool1dOp: _pools,
    edge.AvgPool2dOp: _pools,
    edge.AdaptiveAvgPool1dOp: _pools,
    edge.AdaptiveAvgPool2dOp: _pools,
    edge.MeanOp: _means,
    edge.ConstantPadNdOp: _pads,
    edge.ViewCopyOp: _views,
}
"""Operations f with f(x / s) = f(x) / s, s one positive factor per channel; where the channels are afterwards."""


@dataclass
class Weights:
    """The weights of a layer in float64, changed in place."""

    weight: torch.Tensor
    bias: torch.Tensor | None
    groups: int

    @staticmethod
    def of(op: Layer) -> Weights:
        groups = op.argument("groups") if isinstance(op, edge.ConvOp) else 1
        return Weights(array_of(op.weight).double(), None if op.bias is None else array_of(op.bias).double(), groups)

    def range_of_outputs(self) -> torch.Tensor:
        """f64[outputs]"""
        largest = self.weight.abs().flatten(1).amax(1)
        return largest if self.bias is None else largest.maximum(self.bias.abs())

    def range_of_inputs(self, repeat: int) -> torch.Tensor:
        """f64[inputs / repeat]"""
        grouped = self.weight.abs().reshape(self.groups, self.weight.shape[0] // self.groups, self.weight.shape[1], -1)
        return grouped.amax((1, 3)).reshape(-1, repeat).amax(1)

    def divide_outputs(self, factors: torch.Tensor) -> None:
        self.weight = self.weight / factors.reshape(-1, *[1] * (self.weight.dim() - 1))
        if self.bias is not None:
            self.bias = self.bias / factors

    def multiply_inputs(self, factors: torch.Tensor, repeat: int) -> None:
        per_group = factors.repeat_interleave(repeat).reshape(self.groups, 1, -1)
        rows = per_group.expand(-1, self.weight.shape[0] // self.groups, -1)
        self.weight = self.weight * rows.reshape(*self.weight.shape[:2], *[1] * (self.weight.dim() - 2))


@dataclass
class Pair:
    """Two layers of which the second alone reads the first; `repeat` of its inputs are one output of the first."""

    first: Layer
    second: Layer
    repeat: int


def _refusal(op: Layer) -> str:
    """Why the weights of a layer cannot be changed."""
    values = [value for value in (op.weight, op.bias) if value is not None]
    if not all(map(is_constant, values)):
        return "its weights are not constants"
    if any(map(has_other_users, values)):
        return "its weights have another user"
    if not known(op.result).dtype.is_float:
        return "its weights are not floats"
    if isinstance(op, edge.ConvOp) and (op.argument("transposed") or known(op.input).rank != known(op.weight).rank):
        return "it is transposed, or not over a batch"
    return ""


def _pair(first: Layer) -> Pair | str:
    """The layer that reads the results of `first`, or why there is none that could make up for factors."""
    value: SSAValue = first.result
    channels = Channels(1 if isinstance(first, edge.ConvOp) else known(value).rank - 1)
    while True:
        use = value.get_user_of_unique_use()
        if use is None:
            return f"the result of {_owner(value)} has no user, or several"
        if isinstance(use, Layer) and use.input is value:
            wanted = Channels(1) if isinstance(use, edge.ConvOp) else channels._replace(dim=known(value).rank - 1)
            if channels != wanted:
                return f"{use.name} after it does not sum over its channels"
            if refusal := _refusal(use):
                return f"{use.name} after it cannot be changed: {refusal}"
            return Pair(first, use, channels.repeat)
        step = _THROUGH.get(type(use)) if isinstance(use, EdgeOp) else None
        after = step(use, channels) if step is not None and isinstance(use, EdgeOp) else None
        if after is None:
            return f"{use.name} after it lets no factors per channel pass"
        value, channels = use.results[0], after


def _owner(value: SSAValue) -> str:
    return value.owner.name if isinstance(value.owner, Operation) else "the block"


@dataclass
class FindPairs(RewritePattern):
    """Notes layers that one other layer reads; changes nothing."""

    pairs: list[Pair] = field(default_factory=list[Pair])

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ConvOp | edge.LinearOp, rewriter: PatternRewriter) -> None:
        found = _refusal(op) or _pair(op)
        if isinstance(found, str):
            return rewriter.decline(op, found)
        self.pairs.append(found)


@dataclass
class ReplaceWeights(RewritePattern):
    """conv(x, w, b) -> conv(x, w * s2 / s1, b / s1)"""

    weights: Mapping[Operation, Weights]

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ConvOp | edge.LinearOp, rewriter: PatternRewriter) -> None:
        if op not in self.weights:
            return
        new, build = self.weights[op], EdgeBuilder(rewriter)
        arguments: dict[str, Any] = {arg.name: value for arg, value in op.arguments()}
        arguments["weight"] = build.constant(new.weight, known(op.weight), name_of(op.weight))
        if op.bias is not None and new.bias is not None:
            arguments["bias"] = build.constant(new.bias, known(op.bias), name_of(op.bias))
        build.replace(op, build(type(op), **arguments))


def _equalise(pair: Pair, weights: Mapping[Operation, Weights]) -> float:
    """Divide and multiply by s; the largest change, as a fraction. Channels without any weights keep theirs."""
    import torch

    first, second = weights[pair.first], weights[pair.second]
    made, read = first.range_of_outputs(), second.range_of_inputs(pair.repeat)
    factors = torch.where((made > 0) & (read > 0), (made / read).sqrt(), torch.ones_like(made))
    first.divide_outputs(factors)
    second.multiply_inputs(factors, pair.repeat)
    return float((factors.log().abs()).max().expm1())


@dataclass(frozen=True)
class EqualiseLayersPass(EtcPass):
    """Scale the channels between layers so that one scale serves all when they are quantised."""

    name = "equalise-layers"
    patterns = (FindPairs, ReplaceWeights)

    rounds: int = 20

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        find = FindPairs()
        apply_patterns(module, (find,), recursive=False, pass_name=self.name)
        weights: dict[Operation, Weights] = {
            op: Weights.of(op) for pair in find.pairs for op in (pair.first, pair.second)
        }
        for _ in range(self.rounds):
            if max((_equalise(pair, weights) for pair in find.pairs), default=0.0) <= SETTLED:
                break
        apply_patterns(module, (ReplaceWeights(weights),), recursive=False, pass_name=self.name)
