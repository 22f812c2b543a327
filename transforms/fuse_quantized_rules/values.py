"""Quantised values, weights and constants, as the rules read them: `real = scale * (integer - zero_point)`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.ir import SSAValue

from etc.dialects import edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import PARAMS, Params, ParamsAttr
from etc.errors import EtcError
from etc.transforms.edge_builder import array_of, is_constant, known

if TYPE_CHECKING:
    import torch


class Refusal(Exception):
    """Why a rule does not apply: a clause without a full stop. Raised before anything is changed."""


@dataclass(frozen=True)
class Quantised:
    """Integers, and what they stand for."""

    integers: SSAValue
    params: Params


def params_of(op: quant.QuantizeOp | quant.DequantizeOp) -> Params:
    """What the integers are that an operation makes or reads."""
    low, high, zero_point = (op.argument(name) for name in ("quant_min", "quant_max", "zero_point"))
    return Params(op.argument("dtype"), low, high, op.argument("scale"), zero_point)


def same_meaning(a: Params, b: Params) -> bool:
    """Whether equal integers stand for equal reals."""
    return a.dtype is b.dtype and a.scale == b.scale and a.zero_point == b.zero_point


def quantised(value: SSAValue) -> Quantised | None:
    """The integers that `value` was made of; None where it was not dequantised with one scale."""
    op = value.owner
    return Quantised(op.input, params_of(op)) if isinstance(op, quant.DequantizeOp) else None


def declare(value: SSAValue, params: Params) -> SSAValue:
    """Note on the operation that gives integers what they stand for."""
    op = value.owner
    if isinstance(op, EdgeOp):
        op.attributes[PARAMS] = ParamsAttr(params)
    return value


def integer_of(real: float, params: Params) -> int:
    """The integer that quantize makes of a real number, infinite ones included."""
    import torch

    from etc.dialects.quant.on_torch import quantize

    p = params
    return int(quantize(torch.tensor(real), p.scale, p.zero_point, p.quant_min, p.quant_max, torch.int32))


def content_of(value: SSAValue) -> torch.Tensor | None:
    """What a value is that is computed from constants alone; None for others."""
    return _content(value, {}) if is_constant(value) or _is_made_of_constants(value) else None


def _is_made_of_constants(value: SSAValue) -> bool:
    seen, pending = {value}, [value]
    while pending:
        current = pending.pop()
        if is_constant(current):
            continue
        op = current.owner
        if not isinstance(op, EdgeOp) or not op.operands or len(op.results) != 1:
            return False
        new = [operand for operand in op.operands if operand not in seen]
        seen.update(new)
        pending += new
    return True


def _content(value: SSAValue, known: dict[SSAValue, torch.Tensor | None]) -> torch.Tensor | None:
    """The content of what is made of constants, None when torch refuses it; `known` holds what was computed before."""
    from etc.dialects.on_torch import evaluate

    if value not in known:
        if is_constant(value):
            known[value] = array_of(value)
        else:
            op = value.owner
            assert isinstance(op, EdgeOp)
            contents = {operand: _content(operand, known) for operand in op.operands}
            try:
                known[value] = None if any(c is None for c in contents.values()) else evaluate(op, contents, {})[0]
            except EtcError:
                known[value] = None
    return known[value]


@dataclass(frozen=True)
class Weights:
    """int8 weights without zero point, and their scales in float64: one for all, or one for each index of `axis`.

    `source` is the constant that holds them as they are, if there is one.
    """

    integers: torch.Tensor
    scales: torch.Tensor
    axis: int
    source: SSAValue | None


def weights_of(value: SSAValue) -> Weights:
    """The weights that an operation reads as reals. Raises Refusal when they are no quantised constants."""
    import torch

    op = value.owner
    match op:
        case quant.DequantizeOp():
            scales = torch.tensor([op.argument("scale")], dtype=torch.float64)
            return _weights(op.input, scales, torch.tensor([op.argument("zero_point")]), 0)
        case quant.DequantizePerChannelOp():
            scales = content_of(op.scales)
            if scales is None:
                raise Refusal("the scales of its weights are not constants")
            zero_points = torch.zeros(1) if op.zero_points is None else content_of(op.zero_points)
            if zero_points is None:
                raise Refusal("the zero points of its weights are not constants")
            return _weights(op.input, scales.double(), zero_points, op.argument("axis") % known(value).rank)
        case edge.PermuteCopyOp():
            dims = [d % known(value).rank for d in op.argument("dims")]
            inner = weights_of(op.self_)
            return Weights(inner.integers.permute(dims), inner.scales, dims.index(inner.axis), None)
        case _:
            raise Refusal("its weights are not quantised")


def _weights(integers: SSAValue, scales: torch.Tensor, zero_points: torch.Tensor, axis: int) -> Weights:
    import torch

    content = content_of(integers)
    if content is None:
        raise Refusal("its weights are not constants")
    scales, zero_points = scales.reshape(-1), zero_points.reshape(-1).to(torch.int32)
    centred = content.to(torch.int32) - along(zero_points, axis, content.dim())
    if centred.numel() and not -128 <= int(centred.min()) <= int(centred.max()) <= 127:
        raise Refusal("its weights do not fit into int8 without their zero point")
    same = content.dtype is torch.int8 and not zero_points.any() and is_constant(integers)
    return Weights(centred.to(torch.int8), scales, axis, integers if same else None)


def along(values: torch.Tensor, axis: int, rank: int) -> torch.Tensor:
    """A vector in the shape that broadcasts along dimension `axis` of `rank` dimensions."""
    return values.reshape([-1 if d == axis else 1 for d in range(rank)])


def extent(values: Sequence[object]) -> int:
    """The product of sizes. Raises Refusal for one that is known only at run time."""
    product = 1
    for value in values:
        if not isinstance(value, int):
            raise Refusal("how many elements it sums is known only at run time")
        product *= value
    return product
