"""Fourier transforms along any dimensions, by the two that the runtime has: of reals and to reals, along one.

%z = aten._fft_c2c(re + i im)     -->    _fft_r2c(re) + i _fft_r2c(im)     all frequencies from the first half
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects.infer import wrap_dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes_complex
from etc.transforms.decompositions.complex import Parts, both_parts, difference, join, split


def _scale(normalization: int, count: int) -> float:
    """torch's numbers of normalisations: 0 none, 1 by the root of the number of elements, 2 by it."""
    return {0: 1.0, 1: 1 / math.sqrt(count), 2: 1 / count}[normalization]


def _count(build: AtenBuilder, self: SSAValue, dims: Sequence[int]) -> int | None:
    count = 1
    for d in dims:
        size = build.type(self).sizes[d]
        if not isinstance(size, int):
            return None
        count *= size
    return count


def _transformed(build: AtenBuilder, part: SSAValue, dim: int) -> tuple[SSAValue, SSAValue]:
    """The transform of a real tensor along a dimension, all frequencies: X[n - k] is the conjugate of X[k]."""
    size = build.type(part).sizes[dim]
    assert isinstance(size, int)
    halves = split(build, build("_fft_r2c", part, [dim], 0, True))
    if size <= 2:
        return halves
    mirrored = [build("flip", build("slice.Tensor", h, dim, 1, (size + 1) // 2), [dim]) for h in halves]
    whole = [
        build("cat", [h, build("neg", m) if i else m], dim)
        for i, (h, m) in enumerate(zip(halves, mirrored, strict=True))
    ]
    return whole[0], whole[1]


def _c2c(build: AtenBuilder, re: SSAValue, im: SSAValue | None, dims: Sequence[int], forward: bool) -> Parts:
    """An unscaled transform along dimensions, one after the other; backward ones are conjugated before and after."""
    if not forward:
        im = difference(build, None, im)
    for dim in dims:
        a, b = _transformed(build, re, dim)
        if im is not None:
            c, d = _transformed(build, im, dim)
            a, b = build("sub.Tensor", a, d), build("add.Tensor", b, c)
        re, im = a, b
    return re, im if forward else difference(build, None, im)


def _result(build: AtenBuilder, found: Parts, scale: float) -> SSAValue:
    scaled = [p if p is None or scale == 1 else build("mul.Scalar", p, scale) for p in found]
    assert scaled[0] is not None
    return join(build, scaled[0], scaled[1])


@decomposes_complex("_fft_c2c")
def fft_c2c(
    build: AtenBuilder, self: SSAValue, dim: Sequence[int], normalization: int, forward: bool
) -> SSAValue | None:
    """transforms of the real and the imaginary part"""
    dims = [wrap_dim(d, build.type(self).rank) for d in dim]
    count = _count(build, self, dims)
    if not count:
        return None
    return _result(build, _c2c(build, *both_parts(build, self), dims, forward), _scale(normalization, count))


@decomposes_complex("_fft_r2c")
def fft_r2c(
    build: AtenBuilder, self: SSAValue, dim: Sequence[int], normalization: int, onesided: bool
) -> SSAValue | None:
    """along one dimension the runtime's kernel, along the others complex transforms"""
    dims = [wrap_dim(d, build.type(self).rank) for d in dim]
    count = _count(build, self, dims)
    if not count or (onesided and len(dims) == 1 and not normalization):
        return None
    if onesided:
        halves = split(build, build("_fft_r2c", self, [dims[-1]], 0, True))
    else:
        halves = _transformed(build, self, dims[-1])
    return _result(build, _c2c(build, *halves, dims[:-1], True), _scale(normalization, count))


@decomposes_complex("_fft_c2r")
def fft_c2r(
    build: AtenBuilder, self: SSAValue, dim: Sequence[int], normalization: int, last_dim_size: int
) -> SSAValue | None:
    """along the last dimension the runtime's kernel, along the others complex transforms"""
    dims = [wrap_dim(d, build.type(self).rank) for d in dim]
    count = _count(build, build.results[0], dims)
    if not count or (len(dims) == 1 and not normalization):
        return None
    half = last_dim_size // 2 + 1
    re, im = (
        build("slice.Tensor", p, dims[-1], 0, half) if build.type(p).sizes[dims[-1]] != half else p
        for p in both_parts(build, self)
    )
    found = _c2c(build, re, im, dims[:-1], False)
    result = build("_fft_c2r", join(build, *found), [dims[-1]], 0, last_dim_size)
    scale = _scale(normalization, count)
    return result if scale == 1 else build("mul.Scalar", result, scale)
