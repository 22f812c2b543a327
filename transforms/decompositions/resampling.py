"""Resampling of sequences, images and volumes in terms of the two core operators, or as products with matrices.

Linear interpolation separates into one dimension at a time. So a sequence is an image of height 1, and a volume is
resampled plane by plane and then along its depth. What the core operators cannot do, cubic and antialiased
interpolation, is a product with a constant matrix per dimension (Keys, "Cubic convolution interpolation for digital
image processing", 1981; antialiasing widens the kernel by the scale as Pillow does).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import Rule, decomposes
from etc.transforms.decompositions.products import matmul

NEAREST = "upsample_nearest2d.vec"
BILINEAR = "upsample_bilinear2d.vec"


def _factors(given: dict[str, Any], count: int) -> list[float] | None:
    """The scale factors of all dimensions; None when sizes decide."""
    if "scale_factors" in given:
        return given["scale_factors"]
    scales = [given["scales"]] if count == 1 else [given[f"scales_{d}"] for d in "dhw"[-count:]]
    return None if any(s is None for s in scales) else scales


def _planar(build: AtenBuilder, core: str, image: SSAValue, sizes: Any, factors: Any, given: dict[str, Any]) -> Any:
    options = [given["align_corners"]] if "align_corners" in given else []
    return build(core, image, None if factors else sizes, *options, factors)


def _sampled(core: str, count: int) -> Rule:
    """The rule of an operator over `count` dimensions that the two-dimensional `core` does."""

    def rule(build: AtenBuilder, output_size: Sequence[Dim] | None, **given: Any) -> SSAValue:
        self: SSAValue = given["input"] if "input" in given else given["self"]
        factors = _factors(given, count)
        if count == 2:
            return _planar(build, core, self, output_size, factors, given)
        if count == 1:
            image = build("unsqueeze", self, -2)
            wide = _planar(build, core, image, [1, *(output_size or ())], factors and [1.0, *factors], given)
            return build("squeeze.dim", wide, -2)
        batch, channels, depth, height, width = build.type(self).sizes
        slices = build("view", self, [batch, channels * depth, height, width])
        planes = _planar(build, core, slices, (output_size or [])[1:], factors and factors[1:], given)
        rows, columns = build.type(planes).sizes[-2:]
        flat = build("view", planes, [batch, channels, depth, rows * columns])
        deep = _planar(
            build, core, flat, [*(output_size or ())][:1] + [rows * columns], factors and [factors[0], 1.0], given
        )
        return build("view", deep, [batch, channels, build.type(deep).sizes[2], rows, columns])

    return rule


decomposes("upsample_nearest1d", "upsample_nearest1d.vec")(_sampled(NEAREST, 1))
decomposes("upsample_nearest2d")(_sampled(NEAREST, 2))
decomposes("upsample_nearest3d", "upsample_nearest3d.vec")(_sampled(NEAREST, 3))
decomposes("upsample_linear1d", "upsample_linear1d.vec")(_sampled(BILINEAR, 1))
decomposes("upsample_bilinear2d")(_sampled(BILINEAR, 2))
decomposes("upsample_trilinear3d", "upsample_trilinear3d.vec")(_sampled(BILINEAR, 3))


def _exactly_nearest(count: int) -> Rule:
    plain = _sampled(NEAREST, count)

    def rule(build: AtenBuilder, output_size: Sequence[Dim] | None, **given: Any) -> SSAValue | None:
        """nearest_exact is nearest where the sizes grow by whole factors"""
        self: SSAValue = given["input"] if "input" in given else given["self"]
        before, after = build.type(self).sizes[2:], build.type(build.results[0]).sizes[2:]
        if any(symbolic.divide_exactly(b, a) is None for a, b in zip(before, after, strict=True)):
            return None
        factors = _factors(given, count)
        if factors is not None and any(f != int(f) for f in factors):
            return None
        return plain(build, output_size, **given)

    return rule


for _count in (1, 2, 3):
    _name = f"_upsample_nearest_exact{_count}d"
    decomposes(_name, f"{_name}.vec")(_exactly_nearest(_count))


Kernel = Callable[[float], float]
"""The weight of a sample by its distance in samples."""


def _triangle(x: float) -> float:
    return max(0.0, 1 - abs(x))


def _cubic(a: float) -> Kernel:
    """Keys' kernel, of support 2."""

    def kernel(x: float) -> float:
        x = abs(x)
        if x <= 1:
            return ((a + 2) * x - (a + 3)) * x * x + 1
        return (((x - 5) * x + 8) * x - 4) * a if x < 2 else 0.0

    return kernel


def _lanczos(x: float) -> float:
    def sinc(value: float) -> float:
        return 1.0 if value == 0 else math.sin(math.pi * value) / (math.pi * value)

    return sinc(x) * sinc(x / 3) if abs(x) < 3 else 0.0


def _step(before: int, after: int, align_corners: bool, factor: float | None) -> float:
    """The distance in the input between neighbours of the output."""
    if align_corners:
        return (before - 1) / (after - 1) if after > 1 else 0.0
    return 1 / factor if factor else before / after


def _cubic_weights(before: int, after: int, align_corners: bool, factor: float | None) -> list[list[float]]:
    """(after, before): the weights of the input for each element of the output, edges repeated."""
    step, kernel = _step(before, after, align_corners, factor), _cubic(-0.75)
    rows: list[list[float]] = []
    for i in range(after):
        place = step * i if align_corners else step * (i + 0.5) - 0.5
        first = math.floor(place)
        row = [0.0] * before
        for k in range(first - 1, first + 3):
            row[min(max(k, 0), before - 1)] += kernel(place - k)
        rows.append(row)
    return rows


def _antialiased_weights(kernel: Kernel, support: int) -> Callable[..., list[list[float]]]:
    def weights(before: int, after: int, align_corners: bool, factor: float | None) -> list[list[float]]:
        step = _step(before, after, align_corners, factor)
        width = max(step, 1.0)
        rows: list[list[float]] = []
        for i in range(after):
            center = step * (i + 0.5)
            start = max(int(center - support * width + 0.5), 0)
            end = min(int(center + support * width + 0.5), before)
            row = [kernel((k - center + 0.5) / width) if start <= k < end else 0.0 for k in range(before)]
            rows.append([w / sum(row) for w in row])
        return rows

    return weights


def _by_matrices(weights: Callable[..., list[list[float]]]) -> Rule:
    def rule(build: AtenBuilder, align_corners: bool, **given: Any) -> SSAValue | None:
        """resample(x) -> rows @ x @ columns"""
        self: SSAValue = given["input"] if "input" in given else given["self"]
        known = build.type(self)
        if not known.dtype.is_float:
            return None
        scales = _factors(given, 2) or [None, None]
        height, width, rows, columns = (build.fixed_size(v, d) for v in (self, build.results[0]) for d in (2, 3))
        left = weights(height, rows, align_corners, scales[0])
        right = weights(width, columns, align_corners, scales[1])
        flat = [w for row in left for w in row]
        transposed = [row[k] for k in range(width) for row in right]
        wide = matmul(build, self, build.constant(transposed, known.dtype, [width, columns]))
        return matmul(build, build.constant(flat, known.dtype, [rows, height]), wide)

    return rule


for _name, _weights in (
    ("upsample_bicubic2d", _cubic_weights),
    ("_upsample_bilinear2d_aa", _antialiased_weights(_triangle, 1)),
    ("_upsample_bicubic2d_aa", _antialiased_weights(_cubic(-0.5), 2)),
    ("_upsample_lanczos2d_aa", _antialiased_weights(_lanczos, 3)),
):
    decomposes(_name, f"{_name}.vec")(_by_matrices(_weights))
