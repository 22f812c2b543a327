"""remove-dead-channels: channels that are the same number for every input are not computed.

    %a = quant.conv(%x, %w, bias=%b)     // 8 channels               %a = quant.conv(%x, %w', bias=%b')  // 6 channels
    %y = quant.requantize(%a, …)         // two are always -128 -->  %y = quant.requantize(%a, …)
    %c = quant.conv(%y, %v, bias=%d)                                 %c = quant.conv(%y, %v', bias=%d')

Interval analysis (quantized_ranges.py) shows what channels can be. One whose interval holds a single number k adds
k * sum(w) to each sum that it goes into: that goes into the bias. Where windows reach into padding this holds for
k = padding value only. A channel that only goes into channels that are removed is not needed either.

A channel leaves all values of a group (channel_groups.py), or none. No output changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from etc.dialects import dtypes, edge, program, quant
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Reshape
from etc.dialects.program import ConstantOp
from etc.dialects.tensor import tensor
from etc.transforms.channel_groups import (
    Group,
    Product,
    axis_in_operand,
    channel_axis,
    channels_of,
    is_depthwise,
)
from etc.transforms.edge_builder import array_of, is_constant, known
from etc.transforms.quantized_ranges import Ranges
from etc.transforms.rewrite_log import Rule, current_log
from etc.transforms.rewriting import EtcPass

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Kept:
    """What remains of a value: dimension `axis` keeps the `channels`, a mask.

    The others have the least values `rest`: what they are, where they are constant.
    """

    axis: int
    channels: torch.Tensor
    rest: torch.Tensor


def _input_columns(op: Product) -> torch.Tensor:
    """The weights, outputs x inputs x places."""
    weight = array_of(op.weight)
    if isinstance(op, quant.ConvOp) and op.argument("transposed"):
        weight = weight.transpose(0, 1)
    return weight.flatten(2) if weight.dim() > 2 else weight.unsqueeze(2)


def _removable(op: Product, ranges: Ranges) -> torch.Tensor:
    """The input channels that a product can do without: its bias takes them in, or it does not read them."""
    unread = (_input_columns(op) == 0).all(2).all(0)
    given = ranges[op.input].along(channel_axis(op) if isinstance(op, quant.ConvOp) else -1)
    constant = given.low == given.high
    if isinstance(op, quant.ConvOp) and (op.argument("transposed") or any(op.argument("padding"))):
        constant &= given.low == op.argument("padding_value")
    return unread | constant


def _kept(group: Group, ranges: Ranges) -> torch.Tensor | None:
    """The channels that a group keeps, at least one; None for all."""
    import torch

    if group.pinned or not group.exits:
        return None
    removable = torch.ones(group.channels, dtype=torch.bool)
    for op, place in group.exits:
        removable &= _removable(op, ranges).reshape(place.outer, group.channels, place.inner).all(2).all(0)
    if bool(removable.all()):
        removable[0] = False
    return ~removable if bool(removable.any()) else None


def _plan(method: FuncOp) -> tuple[dict[SSAValue, Kept], int]:
    """The values that lose channels, and how many channels that are."""
    ranges, found = Ranges(method), channels_of(method)
    kept = {group: _kept(group, ranges) for group in dict.fromkeys(c.group.root for c in found.values())}
    plan: dict[SSAValue, Kept] = {}
    for value, (place, group) in found.items():
        if (channels := kept[group.root]) is not None:
            mask = channels.repeat_interleave(place.inner).repeat(place.outer)
            plan[value] = Kept(place.axis, mask, ranges[value].along(place.axis).low.expand(len(mask)))
    return plan, sum(int((~channels).sum()) for channels in kept.values() if channels is not None)


class _Rebuilding:
    """Makes an operation anew with fewer channels, before the old one."""

    def __init__(self, op: EdgeOp, plan: Mapping[SSAValue, Kept]):
        self.op, self.result = op, plan.get(op.results[0])
        self.operands = {arg.name: plan.get(v) for arg, v in op.arguments() if isinstance(v, SSAValue)}

    def run(self) -> None:
        op = self.op
        arguments: dict[str, Any] = {arg.name: value for arg, value in op.arguments()}
        if isinstance(op, quant.ConvOp | quant.LinearOp):
            arguments |= self._product(op)
        elif self.result is not None:
            arguments = {name: self._with_constants(value, self.result) for name, value in arguments.items()}
        self._replace(self._made(arguments))

    def _made(self, arguments: dict[str, Any]) -> EdgeOp:
        if self.result is not None and self.op.has_trait(Reshape):
            sizes = list(known(self.op.results[0]).sizes)
            sizes[self.result.axis] = int(self.result.channels.sum())
            return edge.ViewCopyOp.of(arguments["self"], sizes)
        return type(self.op).of(**arguments)

    def _replace(self, new: EdgeOp) -> None:
        new.attributes |= self.op.attributes
        new.location = self.op.location
        for have, want in zip(self.op.results, new.results, strict=True):
            want.name_hint = have.name_hint
        operands = list(self.op.operands)
        Rewriter.replace_op(self.op, new)
        for operand in operands:
            if isinstance(operand.owner, ConstantOp) and operand.first_use is None and operand.owner.parent is not None:
                Rewriter.erase_op(operand.owner)

    def _constant(self, content: torch.Tensor, dtype: Dtype, name: str | None) -> SSAValue:
        from etc.dialects.on_torch import to_blob, torch_dtypes

        blob = to_blob(content.to(torch_dtypes()[dtype]).contiguous(), range(content.dim()))
        made = ConstantOp(blob, tensor(dtype, tuple(content.shape)).type)
        made.result.name_hint = name
        Rewriter.insert_op(made, InsertPoint.before(self.op))
        return made.result

    def _product(self, op: Product) -> dict[str, Any]:
        """Weights without the rows and columns that are not needed; what constant columns add, in the bias."""
        import torch

        weight, outputs = array_of(op.weight), known(op.result).sizes[channel_axis(op)]
        assert isinstance(outputs, int)
        bias = torch.zeros(outputs, dtype=torch.int64) if op.bias is None else array_of(op.bias).long()
        changed: dict[str, Any] = {}
        given, inputs, rows = self.operands["input"], 1, 0
        if isinstance(op, quant.ConvOp) and op.argument("transposed"):
            inputs, rows = 0, 1
        if is_depthwise(op):
            assert given is not None
            changed["groups"] = int(given.channels.sum())
        elif given is not None:
            sums = _input_columns(op).sum(2, dtype=torch.int64)
            bias = bias + (sums * given.rest)[:, ~given.channels].sum(1)
            weight = weight.index_select(inputs, given.channels.nonzero()[:, 0])
        if self.result is not None:
            bias = bias[self.result.channels]
            weight = weight.index_select(rows, self.result.channels.nonzero()[:, 0])
        changed["weight"] = self._constant(weight, dtypes.int8, op.weight.name_hint)
        changed["bias"] = self._constant(bias, dtypes.int32, None) if bias.any() else None
        return changed

    def _with_constants(self, value: Any, result: Kept) -> Any:
        """An argument of a channelwise operation: constants with a number for each channel lose those of the others."""
        if isinstance(value, list):
            return [self._with_constants(v, result) for v in value]  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(value, SSAValue) or not is_constant(value):
            return value
        content = array_of(value)
        axis = 0 if isinstance(self.op, quant.RequantizeOp) else axis_in_operand(self.op, value, result.axis)
        if isinstance(self.op, quant.LookupOp | quant.InterpolateOp) or axis < 0 or content.shape[axis] == 1:
            return value
        if (
            isinstance(self.op, quant.RequantizeOp)
            and self.op.argument("axis") % known(self.op.result).rank != result.axis
        ):
            return value
        content = content.index_select(axis, result.channels.nonzero()[:, 0])
        return self._constant(content, known(value).dtype, value.name_hint)


def remove_dead_channels(method: FuncOp) -> int:
    """Remove what can be removed in one round: the number of channels."""
    plan, removed = _plan(method)
    touched = [
        _Rebuilding(op, plan)
        for op in method.walk()
        if isinstance(op, EdgeOp) and any(value in plan for value in (*op.operands, *op.results))
    ]
    for rebuilding in touched:
        rebuilding.run()
    return removed


def multiply_accumulates(module: ModuleOp) -> int:
    """Products of integers that a program's convolutions and linears of static shape compute."""
    total = 0
    for op in module.walk():
        if isinstance(op, quant.ConvOp | quant.LinearOp):
            transposed = isinstance(op, quant.ConvOp) and op.argument("transposed")
            places, weight = known(op.input if transposed else op.result).shape, known(op.weight).shape
            count = 1
            for size in places:
                count *= size
            for size in weight[1:]:
                count *= size
            total += count
    return total


@dataclass(frozen=True)
class RemoveDeadChannelsPass(EtcPass):
    """Remove the channels of integer values that are constant for every input; outputs stay as they are, bit by bit."""

    name = "remove-dead-channels"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        log = current_log()
        for method in program.methods(module):
            while removed := remove_dead_channels(method):
                if log is not None:
                    log.applied[Rule(self.name, "RemoveChannels")] += removed
