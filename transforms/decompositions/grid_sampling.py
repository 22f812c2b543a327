"""Sampling of volumes at points: the stock runtime samples images only."""

from __future__ import annotations

from itertools import product

from xdsl.ir import SSAValue

from etc.dialects import dtypes, symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.real import Real, finished, real

_BILINEAR, _NEAREST = 0, 1
_ZEROS, _BORDER, _REFLECTION = 0, 1, 2
"""The numbers that torch gives the modes."""


def _position(coordinate: Real, size: int, padding: int, align_corners: bool) -> Real:
    """Where -1 … 1 is among the elements of a dimension, brought into it as the padding asks."""
    position = (coordinate + 1.0) * ((size - 1) / 2) if align_corners else (coordinate + 1.0) * (size / 2) - 0.5
    if padding == _ZEROS:
        return position
    if padding == _REFLECTION:
        low, span = (0.0, float(size - 1)) if align_corners else (-0.5, float(size))
        position = _reflected(position, low, span) if span else position * 0.0
    return position.of("clamp", 0.0, float(size - 1))


def _reflected(position: Real, low: float, span: float) -> Real:
    away = abs(position - low)
    turns = (away / span).of("floor")
    extra = away - turns * span
    is_odd = (turns * 0.5).of("floor").of("mul.Scalar", 2.0).of("ne.Tensor", turns)
    return is_odd.where(span - extra, extra) + low


@decomposes("grid_sampler_3d")
def grid_sampler(
    build: AtenBuilder,
    input: SSAValue,
    grid: SSAValue,
    interpolation_mode: int,
    padding_mode: int,
    align_corners: bool,
) -> SSAValue | None:
    """the sum over the corners around a point, or its nearest element, gathered from the flat volumes"""
    batch, channels = build.type(input).sizes[:2]
    sizes = [build.fixed_size(input, dim) for dim in (2, 3, 4)]
    points = list(build.type(grid).sizes[1:4])
    count = symbolic.product(points)
    if interpolation_mode not in (_BILINEAR, _NEAREST) or symbolic.product(sizes) == 0:
        return None
    places = real(build, grid).of("view", [batch, 1, count, 3])
    flat = real(build, input).of("view", [batch, channels, symbolic.product(sizes)])
    positions = [
        _position(places.of("select.int", 3, 2 - dim), size, padding_mode, align_corners)
        for dim, size in enumerate(sizes)
    ]
    if interpolation_mode == _NEAREST:
        return _shaped(_element(flat, [p.of("round") for p in positions], sizes), points)
    floors = [p.of("floor") for p in positions]
    rests = [p - f for p, f in zip(positions, floors, strict=True)]
    total: Real | None = None
    for corner in product((0, 1), repeat=3):
        value = _element(flat, [f + float(c) for f, c in zip(floors, corner, strict=True)], sizes)
        for rest, side in zip(rests, corner, strict=True):
            value = value * (rest if side else 1.0 - rest)
        total = value if total is None else total + value
    assert total is not None
    return _shaped(total, points)


def _element(flat: Real, place: list[Real], sizes: list[int]) -> Real:
    """(batch, channels, count): the elements at whole positions, 0 outside."""
    index, is_inside = place[0].to(dtypes.int64) * 0, place[0].equals(place[0])
    for position, size in zip(place, sizes, strict=True):
        inside = position.of("clamp", 0.0, float(size - 1))
        is_inside = is_inside & position.equals(inside)
        index = index * size + inside.to(dtypes.int64)
    batch, channels, _ = flat.sizes
    count = index.sizes[-1]
    rows = is_inside.where(index, 0).of("expand", [batch, channels, count])
    return is_inside.where(flat.of("gather", 2, rows), 0.0)


def _shaped(value: Real, points: list[Dim]) -> SSAValue:
    return finished(value.of("view", [*value.sizes[:2], *points]))
