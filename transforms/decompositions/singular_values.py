"""Singular values, eigenvalues of symmetric matrices, and what is defined by them; the exponential of a matrix.

Columns are rotated against each other until they are orthogonal (one-sided Jacobi: Golub and Van Loan, "Matrix
Computations", 8.6.3), half of all columns against the other half in one step, in the order of a round robin: after
n - 1 steps, a sweep, each has met every other. The signs of vectors are as free as those of LAPACK.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions.factorisations import identity, shape, transposed, zeros
from etc.transforms.decompositions.linear_algebra import Results, decomposes_matrices, diagonal, product, qr
from etc.transforms.decompositions.real import Real, finished, real
from etc.transforms.decompositions.real_loops import repeat


def _sweeps(columns: int) -> int:
    """Enough for matrices of random elements and of any condition, up to hundreds of columns (measured)."""
    return 4 + 2 * math.ceil(math.log2(columns))


def _columns(matrix: Real, start: int, end: int) -> Real:
    return matrix.of("slice.Tensor", -1, start, end)


def _rows(matrix: Real, start: int, end: int) -> Real:
    return matrix.of("slice.Tensor", -2, start, end)


def joined(parts: Sequence[Real], dim: int) -> Real:
    build = parts[0].build
    axis = dim % len(parts[0].sizes)
    return Real(build, build("cat", [p.value for p in parts], axis))


def _orthogonal(a: Real) -> tuple[Real, Real, int]:
    """(a @ v, v, n): v makes the columns of a @ v orthogonal. n is the number of columns, a column of zeros added to
    an odd number; v leaves it where it is not mixed with others, and has a row for it, the last one."""
    _, m, n = shape(a)
    if n % 2:
        a = joined([a, zeros(a, [*a.sizes[:-1], 1])], -1)
    count = n + n % 2
    half = count // 2

    def step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        x, y = _columns(carried[0], 0, half), _columns(carried[0], half, count)
        first, second = _rows(x, 0, m), _rows(y, 0, m)
        mixed = (first * second).sum(-2)
        zeta = ((second * second).sum(-2) - (first * first).sum(-2)) / (mixed * 2.0)
        tangent = (zeta < 0.0).where(-1.0, zeta * 0.0 + 1.0) / (abs(zeta) + (zeta * zeta + 1.0).sqrt())
        tangent = mixed.equals(0.0).where(0.0, tangent)
        cosine = (tangent * tangent + 1.0).of("rsqrt")
        sine = cosine * tangent
        x, y = cosine * x - sine * y, sine * x + cosine * y
        if half == 1:
            return [joined([x, y], -1)]
        parts = (_columns(x, 0, 1), _columns(y, 0, 1), _columns(x, 1, half - 1))
        return [joined([*parts, _columns(y, 1, half), _columns(x, half - 1, half)], -1)]

    both = joined([a, identity(a, count, count)], -2)
    (turned,) = repeat(_sweeps(count) * (count - 1), [both], [], step)
    return _rows(turned, 0, m), _rows(turned, m, m + count), n


def _ordered(values: Real, v: Real, n: int, *, descending: bool) -> tuple[Real, Real]:
    """The n values (…, 1, n) in order, and the columns that they belong to; an added column is not among them."""
    count = v.build.fixed_size(v.value, -1)
    if count > n:
        is_added = _rows(v, n, count).of("ne.Scalar", 0.0)
        values = is_added.where(-math.inf if descending else math.inf, values)
    found, places = v.build("topk", values.value, n, -1, descending)
    return Real(v.build, found), Real(v.build, places)


def _at(matrix: Real, places: Real) -> Real:
    """The columns of a matrix at the places (…, 1, n)."""
    sizes = [*matrix.sizes[:-1], places.sizes[-1]]
    return matrix.of("gather", len(sizes) - 1, places.of("expand", sizes))


@dataclass(frozen=True)
class Svd:
    """a = u @ diagonal(s) @ v^T, with the columns of u scaled by s."""

    scaled: Real
    """(…, m, k)"""
    s: Real
    """(…, 1, k), descending"""
    v: Real
    """(…, n, k)"""


def _tall_svd(a: Real) -> Svd:
    """Of a matrix with at least as many rows as columns, and at least one."""
    turned, v, n = _orthogonal(a)
    s, places = _ordered((turned * turned).sum(-2).sqrt(), v, n, descending=True)
    return Svd(_at(turned, places), s, _rows(_at(v, places), 0, n))


def _with_unit_columns(svd: Svd, complete: bool) -> Real:
    """u: what QR finds in the scaled columns, up to signs, whose factor r is diagonal."""
    q, r = qr(svd.scaled, complete)
    heads = diagonal(r).of("unsqueeze", -2)
    signs = (heads < 0.0).where(-1.0, heads * 0.0 + 1.0)
    _, m, k = shape(svd.scaled)
    if complete and m > k:
        signs = joined([signs, zeros(signs, [*signs.sizes[:-1], m - k]) + 1.0], -1)
    return q * signs


@decomposes_matrices("_linalg_svd")
def singular_value_decomposition(build: AtenBuilder, A: SSAValue, full_matrices: bool, compute_uv: bool) -> Results:
    """a = u @ diagonal(s) @ v^T"""
    a = real(build, A)
    outer, m, n = shape(a)
    if min(m, n) == 0:
        u, v = (identity(a, size, size if full_matrices else 0) for size in (m, n))
        return [u.value, zeros(a, [*outer, 0]).value, transposed(v).value]
    svd = _tall_svd(a if m >= n else transposed(a))
    s = svd.s.of("squeeze.dim", -2).value
    if not compute_uv:
        return [None, s, None]
    u, v = _with_unit_columns(svd, full_matrices), svd.v
    if m < n:
        u, v = v, u
    return [u.value, s, transposed(v).value]


def _eigen(a: Real) -> tuple[Real, Real]:
    """Eigenvalues (…, 1, n), ascending, and eigenvectors of symmetric matrices: the singular vectors of a + c, with c
    so large that it has no negative eigenvalues; the values by Rayleigh's quotient."""
    _, n, _ = shape(a)
    c = abs(a).sum(-2).of("amax", [-1], True)
    _, v, _ = _orthogonal(a + identity(a, n, n) * c)
    turned = product(a, _rows(v, 0, n))
    values, places = _ordered((_rows(v, 0, n) * turned).sum(-2), v, n, descending=False)
    return values, _rows(_at(v, places), 0, n)


def _symmetric(a: Real, lower: bool) -> Real:
    """The symmetric matrix of which one triangle is given."""
    below = a.of("tril", -1) if lower else transposed(a.of("triu", 1))
    return a.of("tril" if lower else "triu") + (transposed(below) if lower else below)


@decomposes_matrices("_linalg_eigh")
def eigenvalues(build: AtenBuilder, A: SSAValue, UPLO: str) -> Results:
    """eigenvalues and eigenvectors of a symmetric matrix, of which one triangle is read"""
    values, vectors = _eigen(_symmetric(real(build, A), UPLO.upper() == "L"))
    return [values.of("squeeze.dim", -2).value, vectors.value]


def _cutoff(largest: Real, atol: SSAValue | None, rtol: SSAValue | None, default: float) -> Real:
    """(…, 1, 1): the size up to which singular values count as zero."""

    def wide(tolerance: SSAValue) -> Real:
        return real(largest.build, tolerance).of("unsqueeze", -1).of("unsqueeze", -1)

    if atol is None:
        return largest * (default if rtol is None else wide(rtol))
    absolute = wide(atol)
    relative = (absolute > 0.0).where(0.0, absolute * 0.0 + default) if rtol is None else wide(rtol)
    return (largest * relative).of("maximum", absolute)


@decomposes_matrices("linalg_pinv.atol_rtol_tensor")
def pseudo_inverse(
    build: AtenBuilder, self: SSAValue, atol: SSAValue | None, rtol: SSAValue | None, hermitian: bool
) -> SSAValue:
    """v @ diagonal(1 / s) @ u^T, with 0 for the inverse of what counts as zero"""
    a = real(build, self)
    outer, m, n = shape(a)
    if min(m, n) == 0:
        return zeros(a, [*outer, n, m]).value
    epsilon = 2.0**-52 if a.dtype is dtypes.float64 else 2.0**-23
    if hermitian:
        values, vectors = _eigen(_symmetric(a, lower=True))
        svd = Svd(vectors * values, abs(values), vectors)
    else:
        svd = _tall_svd(a if m >= n else transposed(a))
    kept = svd.s > _cutoff(svd.s.of("amax", [-1], True), atol, rtol, epsilon * max(m, n))
    inverse = product(svd.v * kept.where(1.0 / (svd.s * svd.s), 0.0), transposed(svd.scaled))
    return (inverse if m >= n else transposed(inverse)).value


_TAYLOR_TERMS = 8
_SQUARINGS = 24


@decomposes_matrices("linalg_matrix_exp")
def matrix_exponential(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(a / 2^s)^(2^s), with the least s that makes the norm less than 1/2 (Golub and Van Loan 9.3.1)"""
    a = real(build, self)
    _, n, _ = shape(a)
    norm = abs(a).sum(-2).of("amax", [-1], True)
    count = (norm.of("log2").ceil() + 1.0).of("clamp", 0.0, float(_SQUARINGS))
    scaled = a * (-count).of("exp2")
    one = identity(a, n, n)
    total = one
    for term in range(_TAYLOR_TERMS, 0, -1):
        total = product(scaled, total) * (1 / term) + one

    def step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        (power,), (count,) = carried, captured
        return [count.of("gt.Tensor", k).where(product(power, power), power)]

    return finished(repeat(_SQUARINGS, [total], [count], step)[0])
