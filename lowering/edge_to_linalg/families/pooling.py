"""Pooling: one generic whose inner loops are those of the window, and a division for means."""

from __future__ import annotations

import math
from collections.abc import Sequence

from etc.dialects import edge, quant
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.axes import numbers
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.limits import lowest
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in
from etc.lowering.edge_to_linalg.windows import Windows

PoolOp = (
    edge.AvgPool1dOp
    | edge.AvgPool2dOp
    | edge.AvgPool3dOp
    | edge.AvgPool2dBackwardOp
    | edge.MaxPool2dOp
    | edge.MaxPool3dOp
    | quant.SumPool2dOp
)


def windows_of(op: PoolOp, x: Tensor, pooled: Sequence[Dim], rank: int, *, dilated: bool = False) -> Windows:
    """The windows of a pooling operator over the last `rank` dimensions of `x`, which give the sizes `pooled`."""
    kernel = numbers(op.argument("kernel_size"), "kernel_size", rank)
    return Windows(
        image=x.sizes[-rank:],
        counts=pooled[-rank:],
        kernel=kernel,
        stride=numbers(op.argument("stride"), "stride", rank, kernel),
        padding=numbers(op.argument("padding"), "padding", rank),
        dilation=numbers(op.argument("dilation"), "dilation", rank) if dilated else [1] * rank,
    )


# Maxima


@lowers(edge.MaxPool2dOp, edge.MaxPool3dOp)
def max_pool(op: edge.MaxPool2dOp | edge.MaxPool3dOp, b: LinalgBuilder) -> Sequence[Array]:
    """Positions are computed only where something uses them."""
    x, result, indices = b[op.self_], b.result(op, 0), b.result(op, 1)
    windows = windows_of(op, x.tensor, result.sizes, 3 if isinstance(op, edge.MaxPool3dOp) else 2, dilated=True)
    worst = lowest(x.dtype)
    padded = windows.padded(b, x, worst)
    if op.indices.first_use is None:
        return [windows.fold(b, padded, [b.full(result, worst)], lambda v, best: v.maximum(best))[0], b.empty(indices)]
    ahead = x.rank - windows.rank

    def flat(positions: Sequence[Scalar]) -> Scalar:
        place = positions[0]
        for position, size in zip(positions[1:], windows.image[1:], strict=True):
            place = place * b.size(size) + position
        return place.cast(indices.dtype)

    def first(*at: Scalar) -> Scalar:
        """The first element of a window that is not in the padding."""
        starts: list[Scalar] = []
        for d in range(windows.rank):
            start = at[ahead + d] * b.size(windows.stride[d]) - windows.padding[d]
            if windows.padding[d]:
                start = start + (0 - start).maximum(0).ceil_quotient(windows.dilation[d]) * windows.dilation[d]
            starts.append(start)
        return flat(starts)

    def larger(value: Scalar, best: Scalar, place: Scalar) -> tuple[Scalar, Scalar]:
        wins = value > best
        if value.dtype.is_float:
            wins = wins | value.is_nan()
        here = flat([windows.position(b, ahead, d) for d in range(windows.rank)])
        return wins.choose(value, best), wins.choose(here, place)

    return windows.fold(b, padded, [b.full(result, worst), b.compute(indices, first)], larger)


# Means


@lowers(edge.AvgPool1dOp, edge.AvgPool2dOp, edge.AvgPool3dOp)
def avg_pool(op: edge.AvgPool1dOp | edge.AvgPool2dOp | edge.AvgPool3dOp, b: LinalgBuilder) -> Array:
    x, result = b[op.self_], b.result(op)
    rank = 1 if isinstance(op, edge.AvgPool1dOp) else 3 if isinstance(op, edge.AvgPool3dOp) else 2
    windows = windows_of(op, x.tensor, result.sizes, rank)
    sums = _sums(b, windows, x, result)
    divisor = None if isinstance(op, edge.AvgPool1dOp) else op.argument("divisor_override")
    ahead = result.rank - rank

    def mean(total: Scalar) -> Scalar:
        count = elements(b, windows, [b.loop_index(ahead + d) for d in range(rank)], op, divisor)
        known = b.constant(count, result.dtype) if isinstance(count, int) else count.cast(total.dtype)
        return total / known if total.dtype.is_float else total.truncated(known)

    return b.elementwise(result, [sums], mean)


def _sums(b: LinalgBuilder, windows: Windows, x: Array, result: Tensor) -> Array:
    wide = result.like(dtype=computed_in(result.dtype))
    return windows.fold(b, windows.padded(b, x, 0), [b.full(wide, 0)], lambda v, total: total + v)[0]


def elements(
    b: LinalgBuilder,
    windows: Windows,
    window: Sequence[Scalar],
    op: edge.AvgPool1dOp | edge.AvgPool2dOp | edge.AvgPool3dOp | edge.AvgPool2dBackwardOp,
    divisor: int | None,
) -> Scalar | int:
    """What the sum of a window is divided by: a number where it is the same for all windows, else an index.

    Padding counts when asked for, but not what `ceil_mode` adds behind it.
    """
    if divisor is not None:
        return divisor
    padding_counts = op.argument("count_include_pad")
    known, total = 1, None
    for d in range(windows.rank):
        kernel, padding, image = windows.kernel[d], windows.padding[d], windows.image[d]
        over = windows.overhang(d)
        assert isinstance(kernel, int), "pooling windows have static sizes"
        if isinstance(over, int) and over <= 0 and (padding_counts or not padding):
            known *= kernel
            continue
        start = window[d] * b.size(windows.stride[d]) - padding
        end = (start + kernel).minimum(b.size(image + padding if padding_counts else image))
        count = end - (start if padding_counts else start.maximum(0))
        total = count if total is None else total * count
    return known if total is None else total * known


# Means of windows that share the input evenly


@lowers(edge.AdaptiveAvgPool1dOp, edge.AdaptiveAvgPool2dOp, edge.AdaptiveAvgPool3dOp)
def adaptive_avg_pool(
    op: edge.AdaptiveAvgPool1dOp | edge.AdaptiveAvgPool2dOp | edge.AdaptiveAvgPool3dOp, b: LinalgBuilder
) -> Array:
    x, result = b[op.self_], b.result(op)
    rank = 1 if isinstance(op, edge.AdaptiveAvgPool1dOp) else 3 if isinstance(op, edge.AdaptiveAvgPool3dOp) else 2
    image, counts = x.sizes[-rank:], result.sizes[-rank:]
    kernel = [_even(n, m) for n, m in zip(image, counts, strict=True)]
    if None not in kernel:
        even = [k for k in kernel if k is not None]
        sums = _sums(b, Windows(image, counts, even, even, [0] * rank, [1] * rank), x, result)
        divisor = math.prod(k for k in even if isinstance(k, int))
        dynamic = [k for k in even if not isinstance(k, int)]

        def mean(total: Scalar) -> Scalar:
            count = b.constant(divisor, result.dtype)
            for size in dynamic:
                count = count * b.number(size, result.dtype)
            return total / count

        return b.elementwise(result, [sums], mean)
    return _uneven(b, x, result, rank)


def _even(size: Dim, count: Dim) -> Dim | None:
    """The size of windows when all are the same."""
    if count == 1:
        return size
    return size // count if isinstance(size, int) and isinstance(count, int) and count and size % count == 0 else None


def _uneven(b: LinalgBuilder, x: Array, result: Tensor, rank: int) -> Array:
    ahead = x.rank - rank

    def mean(*at: Scalar) -> Scalar:
        bounds = [
            adaptive_window(at[ahead + d], b.size(x.sizes[ahead + d]), b.size(result.sizes[ahead + d]))
            for d in range(rank)
        ]

        def add(offsets: Sequence[Scalar], total: Scalar) -> Scalar:
            inside = [start + o for (start, _), o in zip(bounds, offsets, strict=True)]
            return total + b.read(x, [*at[:ahead], *inside])

        total = b.nest([end - start for start, end in bounds], [b.constant(0, result.dtype)], add)[0]
        count = b.index(1)
        for start, end in bounds:
            count = count * (end - start)
        return total / count.cast(total.dtype)

    return b.compute(result, mean)


def adaptive_window(number: Scalar, size: Scalar, count: Scalar) -> tuple[Scalar, Scalar]:
    """Where window `number` of `count` windows over `size` elements starts, and where it ends."""
    assert number.dtype is INDEX
    return (number * size).truncated(count), ((number + 1) * size).ceil_quotient(count)
