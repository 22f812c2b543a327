"""Windows that slide over the last dimensions of a tensor: pooling, columns of images, and their gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.dialects.tensor import tensor as described
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, iterators
from etc.lowering.edge_to_linalg.scalars import Scalar


@dataclass(frozen=True)
class Windows:
    """`counts[d]` windows along each of the last dimensions, whose sizes without padding are `image`.

    Window i reads the positions i * stride + k * dilation - padding, for k below the kernel's size.
    """

    image: Sequence[Dim]
    counts: Sequence[Dim]
    kernel: Sequence[Dim]
    stride: Sequence[Dim]
    padding: Sequence[int]
    dilation: Sequence[int]

    @property
    def rank(self) -> int:
        return len(self.kernel)

    def overhang(self, d: int) -> Dim:
        """How far the last window reaches over the image and its padding; negative where it ends before."""
        span = (self.kernel[d] - 1) * self.dilation[d] + 1
        return (self.counts[d] - 1) * self.stride[d] + span - (self.image[d] + 2 * self.padding[d])

    def padded(self, b: LinalgBuilder, x: Array, value: float) -> Array:
        """`x` with padding around it and what the last windows read beyond."""
        low, high = [0] * x.rank, [0] * x.rank
        for d, padding in enumerate(self.padding):
            over, step = self.overhang(d), self.stride[d]
            # A window that starts within the image reaches over by less than a step.
            most = over if isinstance(over, int) else step - 1 if isinstance(step, int) else 0
            low[d - self.rank] = padding
            high[d - self.rank] = max(padding + most, 0)
        return b.pad(x, low, high, value)

    def fold(
        self, b: LinalgBuilder, x: Array, outputs: Sequence[Array], body: Callable[..., Scalar | Sequence[Scalar]]
    ) -> list[Array]:
        """One generic over all windows of `x`, which is padded: `body` of an element and the outputs so far.

        The outer loops are those of the outputs, the inner ones those of the kernel.
        """
        outer = [AffineExpr.dimension(i) for i in range(x.rank)]
        inner = [AffineExpr.dimension(x.rank + d) for d in range(self.rank)]
        ahead = x.rank - self.rank
        read = list(outer[:ahead])
        for d in range(self.rank):
            # A single window begins at 0, whatever its size: a step that is not known does not matter.
            step = self.stride[d]
            start = outer[ahead + d] * step if isinstance(step, int) else AffineExpr.constant(0)
            read.append(start + inner[d] * self.dilation[d])
        shape = b.empty(described(dtypes.int8, tuple(self.kernel)))
        return b.generic(
            [(x, read), (shape, inner)],
            [(out, outer) for out in outputs],
            iterators(x.rank, self.rank),
            lambda element, _, *so_far: body(element, *so_far),
        )

    def position(self, b: LinalgBuilder, ahead: int, d: int) -> Scalar:
        """In a body of `fold`: where the element stands in dimension d of the image, below 0 in the padding."""
        step = self.stride[d]
        start = b.loop_index(ahead + d) * (step if isinstance(step, int) else 0)
        return start + b.loop_index(ahead + self.rank + d) * self.dilation[d] - self.padding[d]


def sum_of_windows(
    b: LinalgBuilder,
    windows: Windows,
    result: Tensor,
    value: Callable[[list[Scalar], list[Scalar], list[Scalar]], Scalar],
) -> Array:
    """For each element of an image the sum over the windows that read it.

    `value` takes the element's indices ahead of the image, the numbers of the window and the position in its kernel.
    """
    ahead, rank = result.rank - windows.rank, windows.rank
    steps = [s for s in windows.stride if isinstance(s, int)]
    inner = [AffineExpr.dimension(result.rank + d) for d in range(rank)]
    outer = [AffineExpr.dimension(i) for i in range(result.rank)]

    def add(_: Scalar, total: Scalar) -> Scalar:
        leading = [b.loop_index(i) for i in range(ahead)]
        offsets = [b.loop_index(result.rank + d) for d in range(rank)]
        starts: list[Scalar] = []
        valid: Scalar | None = None
        for d in range(rank):
            step = steps[d]
            start = b.loop_index(ahead + d) + windows.padding[d] - offsets[d] * windows.dilation[d]
            inside = (start >= 0) & (start < b.size(windows.counts[d]) * step)
            if step > 1:
                inside = inside & start.rest(step).eq(0)
            valid = inside if valid is None else valid & inside
            starts.append(start)
        assert valid is not None

        def taken() -> Scalar:
            numbers = [
                s.truncated(step) for s, step in zip(starts, windows.stride, strict=True) if isinstance(step, int)
            ]
            return total + value(leading, numbers, offsets)

        return b.when(valid, taken, lambda: total)[0]

    shape = b.empty(described(dtypes.int8, tuple(windows.kernel)))
    return b.generic([(shape, inner)], [(b.full(result, 0), outer)], iterators(result.rank, rank), add)[0]
