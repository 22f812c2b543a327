"""Sums, differences and products of two quantised values, reductions, pooling and softmax.

sx * (x - zx) + sy * (y - zy)   =   so * ((x - zx) * mx + (y - zy) * my) / 2^shift      mx = sx / so * 2^shift
sx * (x - zx) * sy * (y - zy)   =   so * accumulator * (sx * sy / so)
mean of sx * (x - zx)           =   so * sum(x - zx) * (sx / (n * so))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, frexp, ldexp
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.binary import BinaryOp
from etc.dialects.quant.attributes import Params
from etc.dialects.quant.base import EIGHT_BITS
from etc.dialects.symbolic import Dim
from etc.transforms.edge_builder import known
from etc.transforms.fuse_quantized_rules.site import (
    INT32_MAX,
    Site,
    around_zero,
    check_accumulators,
    largest_difference,
)
from etc.transforms.fuse_quantized_rules.values import Quantised, Refusal, content_of, declare, extent, quantised

_ADD_BITS = {True: 20, False: 31}
"""Bits of an addition's multipliers: for operands of 8 bits, whose sums then fit into int32, and for others."""
_ADD_SHIFT = {True: 30, False: 62}


@dataclass(frozen=True)
class Operand:
    """A quantised value; `integers` makes it where it is a constant, once nothing is refused any more."""

    params: Params
    integers: Callable[[], SSAValue]


def _operands(site: Site, op: BinaryOp) -> tuple[Operand, Operand]:
    """Two quantised values; a constant of reals is quantised here. Raises Refusal."""
    given = quantised(op.self_), quantised(op.other)
    partner = given[0] or given[1]
    if partner is None:
        raise Refusal("its operands are not quantised")
    first, second = (_operand(site, v, g, partner) for v, g in zip((op.self_, op.other), given, strict=True))
    return first, second


def _operand(site: Site, value: SSAValue, given: Quantised | None, partner: Quantised) -> Operand:
    if given is not None:
        return Operand(given.params, lambda: given.integers)
    content = content_of(value)
    if content is None:
        raise Refusal("one of its operands is not quantised")
    if not content.is_floating_point() or not bool(content.isfinite().all()):
        raise Refusal("its constant operand has numbers that are not finite")
    params = around_zero(content, partner.params.dtype)
    return Operand(params, lambda: declare(site.build.quantised(content, params), params))


def _weighted_sum(site: Site, a: Operand, b: Operand, factors: Sequence[float]) -> SSAValue:
    """factors[0] * a + factors[1] * b"""
    reals = [x.params.scale * factor * site.factor / site.into.scale for x, factor in zip((a, b), factors, strict=True)]
    small = {a.params.dtype, b.params.dtype} <= EIGHT_BITS
    bits, most = _ADD_BITS[small], _ADD_SHIFT[small]
    shift = min(bits - max(frexp(abs(real))[1] for real in reals), most)
    if any(round(abs(ldexp(real, shift))) >= 1 << bits for real in reals):
        shift -= 1
    if shift < 1:
        raise Refusal(f"its operands would be multiplied by {max(map(abs, reals)):.3g}, more than integers allow")
    x, y = (round(ldexp(real, shift)) for real in reals)
    low, high = site.range_with_zero_point()
    result = site.build(
        quant.AddOp,
        a.integers(),
        b.integers(),
        a.params.zero_point,
        x,
        b.params.zero_point,
        y,
        shift,
        zero_point=site.into.zero_point,
        quant_min=low,
        quant_max=high,
        dtype=site.into.dtype,
    )
    return site.clamped(result, low, high)


def add(site: Site) -> SSAValue:
    """x + alpha * y -> quant.add(x, y)"""
    assert isinstance(site.op, edge.AddOp)
    alpha = float(site.op.argument("alpha"))
    return _weighted_sum(site, *_operands(site, site.op), (1.0, alpha))


def sub(site: Site) -> SSAValue:
    """x - alpha * y -> quant.add(x, y) with a negative multiplier"""
    assert isinstance(site.op, edge.SubOp)
    alpha = float(site.op.argument("alpha"))
    return _weighted_sum(site, *_operands(site, site.op), (1.0, -alpha))


def mul(site: Site) -> SSAValue:
    """x * y -> quant.mul(x, y) and requantize"""
    assert isinstance(site.op, edge.MulOp)
    a, b = _operands(site, site.op)
    largest = largest_difference(a.params) * largest_difference(b.params)
    check_accumulators(largest, f"its {a.params.dtype} products")
    products = site.build(quant.MulOp, a.integers(), b.integers(), a.params.zero_point, b.params.zero_point)
    return site.rescaled(products, [a.params.scale * b.params.scale])


def _sum(site: Site, input: SSAValue, dims: Sequence[int], keepdim: bool, mean: bool) -> SSAValue:
    given = site.input(input)
    sizes = known(input).sizes
    dims = [d % len(sizes) for d in dims] or list(range(len(sizes)))
    count = extent([sizes[d] for d in dims])
    check_accumulators(count * largest_difference(given.params), "its sums")
    sums = site.build(quant.SumOp, given.integers, dims, keepdim, given.params.zero_point)
    return site.rescaled(sums, [given.params.scale / (count if mean else 1)])


def reduction(site: Site) -> SSAValue:
    """mean(x, dims) -> quant.sum(x, dims) and requantize, by 1 / n; sum(x, dims) likewise, by 1"""
    op = site.op
    assert isinstance(op, edge.MeanOp | edge.SumOp)
    return _sum(site, op.self_, op.argument("dim") or [], op.argument("keepdim"), isinstance(op, edge.MeanOp))


def _pool(site: Site, input: SSAValue, kernel: Sequence[int], rest: Sequence[Any], divisor: float) -> SSAValue:
    given = site.input(input)
    check_accumulators(kernel[0] * kernel[1] * largest_difference(given.params), "its sums")
    sums = site.build(quant.SumPool2dOp, given.integers, list(kernel), *rest, given.params.zero_point)
    return site.rescaled(sums, [given.params.scale / divisor])


def _pair(values: Sequence[int]) -> list[int]:
    return list(values) * (3 - len(values))


def avg_pool2d(site: Site) -> SSAValue:
    """avg_pool2d(x) -> quant.sum_pool2d(x) and requantize, where all windows are divided by one number"""
    op = site.op
    assert isinstance(op, edge.AvgPool2dOp)
    kernel, padding = _pair(op.argument("kernel_size")), _pair(op.argument("padding"))
    stride, ceil_mode = _pair(op.argument("stride") or kernel), op.argument("ceil_mode")
    divisor = op.argument("divisor_override")
    if divisor is None:
        if any(padding) and not op.argument("count_include_pad"):
            raise Refusal("its windows have different numbers of elements, as padding does not count")
        if ceil_mode and not _divides(op, kernel, stride, padding):
            raise Refusal("its last windows have fewer elements than the others")
    rest = stride, padding, ceil_mode
    return _pool(site, op.self_, kernel, rest, divisor or kernel[0] * kernel[1])


def _divides(op: edge.AvgPool2dOp, kernel: Sequence[int], stride: Sequence[int], padding: Sequence[int]) -> bool:
    """Whether no window reaches beyond the padded image."""
    sizes = known(op.self_).sizes[-2:]
    places = zip(sizes, kernel, stride, padding, strict=True)
    return all(isinstance(n, int) and (n + 2 * p - k) % s == 0 for n, k, s, p in places)


def adaptive_avg_pool2d(site: Site) -> SSAValue:
    """adaptive_avg_pool2d(x, 1) -> quant.sum(x) and requantize; to a size that divides x's: quant.sum_pool2d"""
    op = site.op
    assert isinstance(op, edge.AdaptiveAvgPool2dOp)
    given, wanted = known(op.self_).sizes[-2:], op.argument("output_size")
    if list(wanted) == [1, 1]:
        return _sum(site, op.self_, [-2, -1], True, mean=True)
    extent(given)
    if any(n % m for n, m in zip(given, wanted, strict=True)):
        raise Refusal(f"{list(wanted)} windows do not share {list(given)} elements evenly")
    kernel = [n // m for n, m in zip(given, wanted, strict=True)]
    return _pool(site, op.self_, kernel, (kernel, [0, 0], False), kernel[0] * kernel[1])


def _row(site: Site, input: SSAValue, size: Dim, kernel: int, stride: int, padding: int, count_pad: bool) -> SSAValue:
    """A pooling along the last dimension, as one of images with a single row; `size` is the result's."""
    given = site.input(input)
    if padding and not count_pad:
        raise Refusal("its windows have different numbers of elements, as padding does not count")
    check_accumulators(kernel * largest_difference(given.params), "its sums")
    *leading, length = known(input).sizes
    image = site.build.view(given.integers, [*leading, 1, length])
    places = [1, kernel], [1, stride], [0, padding], False
    sums = site.build(quant.SumPool2dOp, image, *places, given.params.zero_point)
    return site.rescaled(site.build.view(sums, [*leading, size]), [given.params.scale / kernel])


def avg_pool1d(site: Site) -> SSAValue:
    """avg_pool1d(x) -> quant.sum_pool2d(x) with a single row, and requantize"""
    op = site.op
    assert isinstance(op, edge.AvgPool1dOp)
    (kernel,), (padding,) = op.argument("kernel_size"), op.argument("padding")
    (stride,) = op.argument("stride") or [kernel]
    if op.argument("ceil_mode"):
        raise Refusal("its last windows may have fewer elements than the others")
    return _row(site, op.self_, known(op.result).sizes[-1], kernel, stride, padding, op.argument("count_include_pad"))


def adaptive_avg_pool1d(site: Site) -> SSAValue:
    """adaptive_avg_pool1d(x) to a size that divides x's -> quant.sum_pool2d(x) with a single row, and requantize"""
    op = site.op
    assert isinstance(op, edge.AdaptiveAvgPool1dOp)
    (wanted,), length = op.argument("output_size"), known(op.self_).sizes[-1]
    if extent([length]) % wanted:
        raise Refusal(f"{wanted} windows do not share {length} elements evenly")
    kernel = extent([length]) // wanted
    return _row(site, op.self_, wanted, kernel, kernel, 0, True)


def softmax(site: Site) -> SSAValue:
    """softmax(x) -> quant.softmax(x, powers of e)"""
    import torch

    op = site.op
    assert isinstance(op, edge.SoftmaxOp)
    given = site.input(op.self_)
    if given.params.dtype not in EIGHT_BITS:
        raise Refusal(f"its operand is {given.params.dtype}, and there are tables for 8 bits only")
    dim = op.argument("dim")
    count = extent([known(op.self_).sizes[dim]])
    one = round(site.factor / site.into.scale)
    if one < 1:
        raise Refusal("a step of its result is more than 1")
    # What is added up is at most `count` powers, what is divided (largest power) * one + (sum of them) / 2.
    largest = min(INT32_MAX // max(count, 1), 2 * INT32_MAX // (2 * one + count))
    bits = largest.bit_length() - 1
    powers = [round(ldexp(exp(-d * given.params.scale), bits)) for d in range(256)]
    low, high = site.range_with_zero_point()
    result = site.build(
        quant.SoftmaxOp,
        given.integers,
        site.build.integers(torch.tensor(powers, dtype=torch.int32), dtypes.int32),
        dim,
        one,
        zero_point=site.into.zero_point,
        quant_min=low,
        quant_max=high,
        dtype=site.into.dtype,
    )
    return site.clamped(result, low, high)


RULES: Mapping[type[EdgeOp], Callable[[Site], SSAValue]] = {
    edge.AdaptiveAvgPool1dOp: adaptive_avg_pool1d,
    edge.AdaptiveAvgPool2dOp: adaptive_avg_pool2d,
    edge.AddOp: add,
    edge.AvgPool1dOp: avg_pool1d,
    edge.AvgPool2dOp: avg_pool2d,
    edge.MeanOp: reduction,
    edge.MulOp: mul,
    edge.SoftmaxOp: softmax,
    edge.SubOp: sub,
    edge.SumOp: reduction,
}
