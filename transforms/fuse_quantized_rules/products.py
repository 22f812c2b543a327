"""Products: sums of int8 weights times activations, and of two activations, in int32.

    sum(w * (x - zx)) * sw * sx + b   =   (sum(w * x) + bias) * sw * sx      bias = round(b / (sw * sx)) - zx * sum(w)

The bias is an int32 with the scale of the products; the zero point of the input goes into it, so that loops multiply
integers as they are. No partial sum leaves int32, whatever the order of summation: shown from the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import Params
from etc.transforms.edge_builder import known, name_of
from etc.transforms.fuse_quantized_rules.site import Site, check_accumulators, largest_difference
from etc.transforms.fuse_quantized_rules.values import (
    Refusal,
    Weights,
    along,
    content_of,
    extent,
    quantised,
    weights_of,
)

if TYPE_CHECKING:
    import torch


LARGEST_BIAS = 2.0**30
"""In units of the products' scale."""


def _bias(bias: SSAValue | None, outputs: int) -> torch.Tensor:
    """The bias in float64, a number for each output."""
    import torch

    if bias is None:
        return torch.zeros(outputs, dtype=torch.float64)
    content = content_of(bias)
    if content is None:
        raise Refusal("its bias is not constant")
    return content.double().reshape(-1).expand(outputs)


@dataclass(frozen=True)
class Product:
    """int8 weights, and the scale of their products with the input and the bias of each output, as reals.

    Outputs go along dimension 0 of the weights. With `groups`, the weights are a transposed convolution's: inputs x
    outputs / groups. `source` is a constant that holds them.
    """

    weights: torch.Tensor
    scales: torch.Tensor
    bias: torch.Tensor
    source: SSAValue | None
    groups: int = 0

    def _sums(self, values: torch.Tensor) -> torch.Tensor:
        """Sums for each output of numbers for each weight."""
        import torch

        if self.groups:
            values = values.unflatten(0, (self.groups, -1)).transpose(1, 2).flatten(0, 1)
        return values.flatten(1).sum(1, dtype=torch.int64)

    def _spread(self, values: torch.Tensor) -> torch.Tensor:
        """Numbers for each output as they broadcast to the weights."""
        rank = self.weights.dim()
        if not self.groups:
            return along(values, 0, rank)
        each = self.weights.shape[0] // self.groups
        spread = values.reshape(self.groups, 1, -1).expand(-1, each, -1).flatten(0, 1)
        return spread.reshape([*spread.shape] + [1] * (rank - 2))

    def with_room_for_bias(self) -> Product:
        """Larger scales where the bias would not fit: weights that are next to nothing beside it become smaller."""
        excess = self.bias.abs() / (self.scales * LARGEST_BIAS)
        if not bool((excess > 1).any()):
            return self
        factors = excess.clamp(min=1).log2().ceil().exp2()
        weights = (self.weights / self._spread(factors)).round().to(self.weights.dtype)
        return replace(self, weights=weights, scales=self.scales * factors, source=None)

    def bias_integers(self, input: Params) -> torch.Tensor:
        """The bias in units of the scales, with the zero point in it. Refuses sums that int32 cannot hold."""
        positive, negative = self._sums(self.weights.clamp(min=0)), self._sums(self.weights.clamp(max=0))
        bias = (self.bias / self.scales).round().long() - input.zero_point * (positive + negative)
        # What is added up on the way, in any order, lies between the sums of all that is negative and all that is not.
        low, high = min(input.quant_min, 0), max(input.quant_max, 0)
        most = bias.clamp(min=0) + positive * high + negative * low
        least = bias.clamp(max=0) + positive * low + negative * high
        if self.weights.numel():
            check_accumulators(max(int(most.max()), -int(least.min())), f"its sums of {input.dtype} products")
        return bias


def _constants(
    site: Site, product: Product, input: Params, weight: SSAValue, bias: SSAValue | None
) -> tuple[SSAValue, SSAValue | None]:
    """The weights and the bias of a product; no bias where it is 0."""
    numbers = product.bias_integers(input)
    integers = product.source or site.build.integers(product.weights.contiguous(), dtypes.int8, name_of(weight))
    name = name_of(weight if bias is None else bias)
    return integers, site.build.integers(numbers.int(), dtypes.int32, name) if numbers.any() else None


def conv(site: Site) -> SSAValue:
    """conv(x, w, b) -> quant.conv(x, w, b') and requantize, a scale for each output channel"""
    op = site.op
    assert isinstance(op, edge.ConvOp)
    input, weights = site.input(op.input), weights_of(op.weight)
    transposed, groups = op.argument("transposed"), extent([op.argument("groups")])
    outputs = extent([known(op.result).sizes[1]])

    # All groups of a transposed convolution share the scales along dimension 1.
    repeats = groups if transposed and weights.axis == 1 else 1
    scales = weights.scales.repeat(repeats) if len(weights.scales) > 1 else weights.scales.expand(outputs)
    by_group = weights.axis == 0 and weights.integers.shape[1] == 1
    if len(scales) != outputs or (len(weights.scales) > 1 and weights.axis != transposed and not by_group):
        raise Refusal("the scales of its weights do not go with the output channels")
    scales, bias = scales * input.params.scale, _bias(op.bias, outputs)
    product = Product(weights.integers, scales, bias, weights.source, groups if transposed else 0).with_room_for_bias()
    weight, constant = _constants(site, product, input.params, op.weight, op.bias)
    arguments = {arg.name: value for arg, value in op.arguments()}
    arguments |= {"input": input.integers, "weight": weight, "bias": constant}
    sums = site.build(quant.ConvOp, **arguments, padding_value=input.params.zero_point)
    return site.rescaled(sums, product.scales.tolist(), axis=1)


def _linear(site: Site, input: SSAValue, weight: SSAValue, weights: Weights, bias: SSAValue | None) -> SSAValue:
    """`weights` are outputs x inputs."""
    given = site.input(input)
    outputs = weights.integers.shape[0]
    if len(weights.scales) > 1 and weights.axis != 0:
        raise Refusal("the scales of its weights do not go with the outputs")
    scales = weights.scales.expand(outputs) * given.params.scale
    product = Product(weights.integers, scales, _bias(bias, outputs), weights.source).with_room_for_bias()
    sums = site.build(quant.LinearOp, given.integers, *_constants(site, product, given.params, weight, bias))
    return site.rescaled(sums, product.scales.tolist(), axis=known(sums).rank - 1)


def linear(site: Site) -> SSAValue:
    """linear(x, w, b) -> quant.linear(x, w, b') and requantize"""
    op = site.op
    assert isinstance(op, edge.LinearOp)
    return _linear(site, op.input, op.weight, weights_of(op.weight), op.bias)


def _transposed(weights: Weights) -> Weights:
    return Weights(weights.integers.T, weights.scales, 1 - weights.axis, None)


def mm(site: Site) -> SSAValue:
    """mm(x, w) -> quant.linear(x, transposed w) with constant weights on the right, else quant.matmul(x, y)"""
    op = site.op
    assert isinstance(op, edge.MmOp)
    if content_of(op.mat2) is None:
        return _matmul(site, op.self_, op.mat2)
    return _linear(site, op.self_, op.mat2, _transposed(weights_of(op.mat2)), None)


def addmm(site: Site) -> SSAValue:
    """addmm(b, x, w) -> quant.linear(x, transposed w, b') with constant weights and a bias for each column"""
    op = site.op
    assert isinstance(op, edge.AddmmOp)
    if op.argument("alpha") != 1 or op.argument("beta") != 1:
        raise Refusal("alpha or beta is not 1")
    *leading, last = known(op.self_).sizes or (1,)
    if any(size != 1 for size in leading) or last not in (1, known(op.result).sizes[1]):
        raise Refusal("what it adds is no bias for each column")
    return _linear(site, op.mat1, op.mat2, _transposed(weights_of(op.mat2)), op.self_)


@dataclass(frozen=True)
class Factor:
    """A factor of a product of matrices; `integers` makes it where it is a constant."""

    integers: Callable[[], SSAValue]
    scales: torch.Tensor
    zero_point: int
    largest: int


def _factor(site: Site, value: SSAValue, axis: int, what: str) -> Factor:
    """A quantised value, or constant weights with a scale for each index of `axis`."""
    import torch

    if content_of(value) is None or quantised(value) is not None:
        given = site.input(value, what)
        scales = torch.tensor([given.params.scale], dtype=torch.float64)
        return Factor(lambda: given.integers, scales, given.params.zero_point, largest_difference(given.params))
    weights = weights_of(value)
    if len(weights.scales) > 1 and weights.axis != axis:
        raise Refusal("the scales of its weights do not go with its rows or columns")
    name, integers = name_of(value), weights.integers.contiguous()
    return Factor(lambda: weights.source or site.build.integers(integers, dtypes.int8, name), weights.scales, 0, 128)


def _matmul(site: Site, input: SSAValue, other: SSAValue) -> SSAValue:
    rank = known(input).rank
    a, b = _factor(site, input, rank - 2, "its first operand"), _factor(site, other, rank - 1, "its second operand")
    check_accumulators(extent([known(input).sizes[-1]]) * a.largest * b.largest, "its sums of products")
    if len(a.scales) > 1 and len(b.scales) > 1:
        raise Refusal("both operands have scales of their own for rows and columns")
    sums = site.build(quant.MatmulOp, a.integers(), b.integers(), a.zero_point, b.zero_point)
    return site.rescaled(sums, (a.scales * b.scales).tolist(), axis=rank - 2 if len(a.scales) > 1 else rank - 1)


def bmm(site: Site) -> SSAValue:
    """bmm(x, y) -> quant.matmul(x, y) and requantize"""
    op = site.op
    assert isinstance(op, edge.BmmOp)
    return _matmul(site, op.self_, op.mat2)


RULES: Mapping[type[EdgeOp], Callable[[Site], Any]] = {
    edge.AddmmOp: addmm,
    edge.BmmOp: bmm,
    edge.ConvOp: conv,
    edge.LinearOp: linear,
    edge.MmOp: mm,
}
