"""Factorisations of matrices, column by column, as LAPACK gives them: LU with row exchanges, Cholesky, QR.

Matrices have any leading dimensions. A step works on whole matrices, in which masks choose the part that changes, so
that many steps are a loop. Algorithms are those of Golub and Van Loan, "Matrix Computations" (GVL).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etc.dialects import dtypes
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions.real import Real
from etc.transforms.decompositions.real_loops import repeat


def numbered(build: AtenBuilder, count: int) -> Real:
    """0, 1, … count - 1"""
    return Real(build, build("arange.start_step", 0, count, dtype=dtypes.int64))


def row_numbers(build: AtenBuilder, count: int) -> Real:
    """As a column: the number of every row of a matrix."""
    return numbered(build, count).of("view", [count, 1])


def column_numbers(build: AtenBuilder, count: int) -> Real:
    """As a row: the number of every column of a matrix."""
    return numbered(build, count).of("view", [1, count])


def shape(matrix: Real) -> tuple[list[Dim], int, int]:
    """Leading sizes, rows and columns. Raises EtcError when those of a matrix are known only at run time."""
    build, value = matrix.build, matrix.value
    return list(matrix.sizes[:-2]), build.fixed_size(value, -2), build.fixed_size(value, -1)


def transposed(matrix: Real) -> Real:
    rank = len(matrix.sizes)
    return matrix.of("permute", [*range(rank - 2), rank - 1, rank - 2])


def identity(like: Real, rows: int, columns: int) -> Real:
    """An identity matrix for each matrix of `like`."""
    build = like.build
    ones = (
        row_numbers(build, rows).equals(column_numbers(build, columns)).of("expand", [*like.sizes[:-2], rows, columns])
    )
    return Real(build, build("_to_copy", ones.value, dtype=build.type(like.value).dtype))


def zeros(like: Real, sizes: Sequence[Dim], dtype: dtypes.Dtype | None = None) -> Real:
    build = like.build
    return Real(build, build("full", list(sizes), 0, dtype=dtype or like.dtype))


# ---- LU ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lu:
    """a[order] = l @ u, for matrices of m rows and n columns."""

    packed: Real
    """(…, m, n): u on and above the diagonal, l below, its diagonal of ones left out"""
    order: Real
    """(…, m, 1): where in `a` the rows are"""
    pivots: Real
    """(…, min(m, n), 1): which row was exchanged with that of this number, counted from 0"""

    def lower(self) -> Real:
        _, m, n = shape(self.packed)
        count = min(m, n)
        low = self.packed.of("slice.Tensor", -1, 0, count).of("tril", -1)
        return low + identity(low, m, count)

    def upper(self) -> Real:
        _, m, n = shape(self.packed)
        return self.packed.of("slice.Tensor", -2, 0, min(m, n)).of("triu")


def exchanged(rows: Real, values: Real, k: Real, pivot: Real) -> Real:
    """`values` with the rows k and `pivot` exchanged."""
    first, second = values.take(-2, k), values.take(-2, pivot)
    return rows.equals(k).where(second, rows.equals(pivot).where(first, values))


def _lu_step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
    """The largest element of the column at or below the diagonal comes onto it, and the rows below lose theirs."""
    (a, order, pivots), (rows, columns, steps) = carried, captured
    size = (rows < k).where(-1.0, abs(a.take(-1, k)))
    pivot = size.of("argmax", -2, True)
    a = exchanged(rows, a, k, pivot)
    upper, column = a.take(-2, k), a.take(-1, k)
    head = upper.take(-1, k)
    factor = (rows > k).where(column / head.equals(0.0).where(1.0, head), 0.0)
    rest = a - factor * (columns > k).where(upper, 0.0)
    is_factor = (rows > k) & columns.equals(k)
    return is_factor.where(factor, rest), exchanged(rows, order, k, pivot), steps.equals(k).where(pivot, pivots)


def lu(a: Real) -> Lu:
    """GVL 3.4.1: Gaussian elimination with the largest element of a column as pivot."""
    outer, m, n = shape(a)
    build, count = a.build, min(m, n)
    rows = row_numbers(build, m)
    order = rows.of("expand", [*outer, m, 1])
    captured = (rows, column_numbers(build, n), row_numbers(build, count))
    return Lu(*repeat(count, (a, order, zeros(a, [*outer, count, 1], dtypes.int64)), captured, _lu_step))


def order_of_pivots(pivots: Real, rows: int) -> Real:
    """(…, rows, 1): where rows are after they were exchanged with the pivots (…, count, 1)."""

    def step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        return [exchanged(captured[0], carried[0], k, captured[1].take(-2, k))]

    outer, count, _ = shape(pivots)
    numbers = row_numbers(pivots.build, rows)
    return repeat(count, [numbers.of("expand", [*outer, rows, 1])], [numbers, pivots], step)[0]


# ---- triangular matrices -------------------------------------------------------------------------------------------


def substituted(t: Real, b: Real, *, upper: bool, unit: bool = False) -> Real:
    """x of t @ x = b for a triangular t (…, n, n), b (…, n, c) with the same leading sizes (GVL 3.1.3 and 3.1.4)."""

    def step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        (x,), (t, rows) = carried, captured
        column, row = t.take(-1, k), x.take(-2, k)
        found = row if unit else row / column.take(-2, k)
        rest = (rows < k) if upper else (rows > k)
        return [rows.equals(k).where(found, rest.where(x - column * found, x))]

    _, n, _ = shape(t)
    return repeat(n, [b], [t, row_numbers(t.build, n)], step, backwards=upper)[0]


def cholesky(a: Real) -> Real:
    """The lower triangular l of a = l @ l^T, from the lower triangle of a (GVL 4.2.1); NaN where there is none."""

    def step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        (a,), (rows, columns) = carried, captured
        column = a.take(-1, k)
        scaled = (rows < k).where(0.0, column / column.take(-2, k).sqrt())
        rest = (columns > k).where(a - scaled * transposed(scaled), a)
        return [columns.equals(k).where(scaled, rest)]

    _, n, _ = shape(a)
    captured = (row_numbers(a.build, n), column_numbers(a.build, n))
    return repeat(n, [a], captured, step)[0].of("tril")


# ---- QR ------------------------------------------------------------------------------------------------------------


def _qr_step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
    """Reflect the column onto beta at its diagonal, as LAPACK's larfg does: beta has the sign that alpha has not."""
    (a, taus), (rows, columns, steps) = carried, captured
    column = a.take(-1, k)
    below = (rows > k).where(column, 0.0)
    alpha, square = column.take(-2, k), (below * below).sum(-2)
    norm = (alpha * alpha + square).sqrt()
    beta = (alpha < 0.0).where(norm, -norm)
    is_done = square.equals(0.0)
    tau = is_done.where(0.0, (beta - alpha) / beta)
    tail = below / is_done.where(1.0, alpha - beta)
    reflector = rows.equals(k).where(1.0, tail)
    reflected = a - tau * reflector * (reflector * a).sum(-2)
    new = (rows > k).where(tail, rows.equals(k).where(is_done.where(alpha, beta), column))
    a = columns.equals(k).where(new, (columns > k).where(reflected, a))
    return a, steps.equals(k).where(tau, taus)


def householder(a: Real) -> tuple[Real, Real]:
    """R and below it the reflectors, packed (…, m, n), and their factors (…, 1, min(m, n)) (GVL 5.2.1)."""
    outer, m, n = shape(a)
    build, count = a.build, min(m, n)
    captured = (row_numbers(build, m), column_numbers(build, n), column_numbers(build, count))
    packed, taus = repeat(count, (a, zeros(a, [*outer, 1, count])), captured, _qr_step)
    return packed, taus


def reflected(packed: Real, taus: Real, c: Real, *, transpose: bool = False) -> Real:
    """Q @ c or Q^T @ c for the reflectors below the diagonal of `packed` and their factors (…, 1, count)."""

    def step(carried: Sequence[Real], k: Real, captured: Sequence[Real]) -> Sequence[Real]:
        (c,), (packed, taus, rows) = carried, captured
        reflector = rows.equals(k).where(1.0, (rows > k).where(packed.take(-1, k), 0.0))
        return [c - taus.take(-1, k) * reflector * (reflector * c).sum(-2)]

    _, m, _ = shape(packed)
    count = taus.build.fixed_size(taus.value, -1)
    return repeat(count, [c], [packed, taus, row_numbers(c.build, m)], step, backwards=not transpose)[0]
