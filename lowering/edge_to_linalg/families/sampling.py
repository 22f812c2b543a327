"""Images sampled at positions that another tensor holds."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import edge
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, Position, lowers
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar, computed_in


def _source(at: Scalar, size: Scalar, align: bool) -> Scalar:
    """A position from -1 to 1 as one from 0 to size - 1."""
    return (at + 1) / 2 * (size - 1) if align else ((at + 1) * size - 1) / 2


def _reflected(at: Scalar, size: Scalar, align: bool) -> Scalar:
    """Mirrored at the ends as often as needed: at the centres of the outermost elements, or at their edges."""
    low = 0.0 if align else -0.5
    span = size - 1 if align else size
    distance = abs(at - low)
    rest = distance - (distance / (span * 2)).call("trunc") * (span * 2)
    return (span > 0).choose(rest.minimum(span * 2 - rest) + low, 0)


def _padded(at: Scalar, size: Scalar, mode: int, align: bool) -> Scalar:
    """A position as the padding mode has it: 0 zeros, 1 border, 2 reflection."""
    if mode == 0:
        return at
    return (_reflected(at, size, align) if mode == 2 else at).maximum(0).minimum(size - 1)


_BICUBIC = -0.75
"""Keys' parameter a: Cubic convolution interpolation for digital image processing, 1981."""


def _cubic_weights(t: Scalar) -> list[Scalar]:
    """The weights of the elements at -1, 0, 1 and 2 for a place t beyond element 0."""
    a = _BICUBIC

    def near(x: Scalar) -> Scalar:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Scalar) -> Scalar:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return [far(t + 1), near(t), near(1 - t), far(2 - t)]


def _linear_weights(t: Scalar) -> list[Scalar]:
    """The weights of the elements at 0 and 1 for a place t beyond element 0."""
    return [1 - t, t]


@lowers(edge.GridSampler2dOp)
def grid_sampler(op: edge.GridSampler2dOp, b: LinalgBuilder) -> Array:
    """Half precision is rounded once; torch rounds it at each step."""
    image, grid, result = b[op.input], b[op.grid], b.result(op)
    mode, padding, align = (op.argument(name) for name in ("interpolation_mode", "padding_mode", "align_corners"))

    def sample(n: Scalar, c: Scalar, i: Scalar, j: Scalar) -> Scalar:
        dtype = computed_in(image.dtype)
        sizes = [b.number(image.sizes[d], dtype) for d in (3, 2)]
        places = [_source(b.read(grid, [n, i, j, axis]), size, align) for axis, size in enumerate(sizes)]

        def at(x: Scalar, y: Scalar) -> Scalar:
            """The element at a whole position; 0 outside."""
            holding: list[Scalar] = []
            indices: list[Position] = [n, c]
            for place, d in ((y, 2), (x, 3)):
                last = b.number(image.sizes[d], dtype) - 1
                holds = (place >= 0) & (place <= last)
                holding.append(holds)
                indices.append(holds.choose(place, 0).cast(INDEX))
            return (holding[0] & holding[1]).choose(b.read(image, indices), 0)

        def padded(place: Sequence[Scalar]) -> list[Scalar]:
            return [_padded(p, size, padding, align) for p, size in zip(place, sizes, strict=True)]

        x, y = places if mode == 2 else padded(places)
        if mode == 1:
            return at(x.call("roundeven"), y.call("roundeven"))
        left, top = x.call("floor"), y.call("floor")
        weights = _cubic_weights if mode == 2 else _linear_weights
        first = -1 if mode == 2 else 0
        total: Scalar = left.like(0)
        for below, down in enumerate(weights(y - top), first):
            row = left.like(0)
            for right, along in enumerate(weights(x - left), first):
                place = (left + right, top + below)
                row = row + along * at(*(padded(place) if mode == 2 else place))
            total = total + down * row
        return total

    return b.compute(result, sample)
