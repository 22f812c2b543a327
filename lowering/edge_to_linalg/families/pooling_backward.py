"""Gradients of pooling."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import edge, symbolic
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.pooling import adaptive_window, elements, windows_of
from etc.lowering.edge_to_linalg.positions import OUT_OF_RANGE
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in
from etc.lowering.edge_to_linalg.windows import sum_of_windows


@lowers(edge.AvgPool2dBackwardOp)
def avg_pool2d_backward(op: edge.AvgPool2dBackwardOp, b: LinalgBuilder) -> Array:
    """Each element gathers from the windows that it is in."""
    gradient, result = b[op.grad_output], b.result(op)
    windows = windows_of(op, result, gradient.sizes, 2)
    divisor = op.argument("divisor_override")

    def share(leading: list[Scalar], window: list[Scalar], offsets: list[Scalar]) -> Scalar:
        value = b.read(gradient, [*leading, *window])
        count = elements(b, windows, window, op, divisor)
        return value / (count if isinstance(count, int) else count.cast(value.dtype))

    wide = result.like(dtype=computed_in(result.dtype))
    return b.cast(sum_of_windows(b, windows, wide, share), result.dtype)


@lowers(edge.MaxPool2dBackwardOp)
def max_pool2d_backward(op: edge.MaxPool2dBackwardOp, b: LinalgBuilder) -> Array:
    """Windows overlap: what an element gets is summed in the order of the windows."""
    gradient, indices, result = b[op.grad_output], b[op.indices], b.result(op)
    images = symbolic.product(result.sizes[:-2])
    pixels, windows = symbolic.product(result.sizes[-2:]), symbolic.product(gradient.sizes[-2:])
    gradient, indices = (b.reshape(a, [images, windows]) for a in (gradient, indices))

    def add(at: Sequence[Scalar], total: Array) -> Array:
        image = at[0]
        place = b.read(indices, at).cast(INDEX)
        b.require((place >= 0) & (place < b.size(pixels)), OUT_OF_RANGE)
        return b.write(total, b.read(total, [image, place]) + b.read(gradient, at), [image, place])

    wide = result.like(dtype=computed_in(result.dtype), sizes=[images, pixels])
    total = b.nest([b.size(images), b.size(windows)], [b.full(wide, 0)], add)[0]
    return b.cast(b.reshape(total, result.sizes), result.dtype)


@lowers(edge.AdaptiveAvgPool2dBackwardOp)
def adaptive_avg_pool2d_backward(op: edge.AdaptiveAvgPool2dBackwardOp, b: LinalgBuilder) -> Array:
    gradient, result = b[op.grad_output], b.result(op)
    ahead = result.rank - 2
    image, counts = result.sizes[ahead:], gradient.sizes[ahead:]

    def gathered(*at: Scalar) -> Scalar:
        # The windows that an element is in are those of the opposite pooling at its place.
        bounds = [adaptive_window(at[ahead + d], b.size(counts[d]), b.size(image[d])) for d in range(2)]

        def add(offsets: Sequence[Scalar], total: Scalar) -> Scalar:
            window = [start + offset for (start, _), offset in zip(bounds, offsets, strict=True)]
            count = b.index(1)
            for d in range(2):
                start, end = adaptive_window(window[d], b.size(image[d]), b.size(counts[d]))
                count = count * (end - start)
            value = b.read(gradient, [*at[:ahead], *window])
            return total + value / count.cast(value.dtype)

        return b.nest([end - start for start, end in bounds], [b.constant(0, result.dtype)], add)[0]

    return b.compute(result, gathered)
