"""Linear algebra on the factorisations of `factorisations.py`: solutions, inverses, determinants.

Where torch raises for a matrix that is singular or not positive definite, a compiled program gives infinite or NaN
elements: it cannot raise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.infer import broadcast
from etc.dialects.tensor import Tensor
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import Rule, decomposes
from etc.transforms.decompositions.factorisations import (
    Lu,
    cholesky,
    householder,
    identity,
    lu,
    numbered,
    order_of_pivots,
    reflected,
    row_numbers,
    shape,
    substituted,
    transposed,
    zeros,
)
from etc.transforms.decompositions.products import matmul
from etc.transforms.decompositions.real import Real, real

Results = list[SSAValue | None]


def decomposes_matrices(*overloads: str) -> Callable[[Rule], Rule]:
    """Register a rule that is asked only for results that have elements."""

    def register(rule: Rule) -> Rule:
        @wraps(rule)
        def guarded(build: AtenBuilder, **arguments: Any) -> Any:
            known = [Tensor.of(r.type) for r in build.results]
            if all(t.numel == 0 for t in known):
                return [build("full", list(t.sizes), 0, dtype=t.dtype) for t in known]
            return rule(build, **arguments)

        decomposes(*overloads)(guarded)
        return rule

    return register


def product(a: Real, b: Real) -> Real:
    return Real(a.build, matmul(a.build, a.value, b.value))


def diagonal(matrix: Real) -> Real:
    """(…, min(m, n))"""
    return matrix.of("diagonal", 0, -2, -1)


def _expanded(*matrices: Real) -> list[Real]:
    """Matrices with their leading sizes broadcast."""
    outer: Sequence[Any] = ()
    for matrix in matrices:
        outer = broadcast(outer, matrix.sizes[:-2])
    return [m.of("expand", [*outer, *m.sizes[-2:]]) for m in matrices]


def _first(broken: Real) -> SSAValue:
    """(…) of int32: the number, counted from 1, of the first of (…, n) that is true, or 0."""
    build = broken.build
    if not build.fixed_size(broken.value, -1):
        return build("full", list(broken.sizes[:-1]), 0, dtype=dtypes.int32)
    number = broken.to(dtypes.uint8).of("argmax", -1) + 1
    return broken.of("any.dim", -1).where(number, 0).to(dtypes.int32).value


# ---- Cholesky ------------------------------------------------------------------------------------------------------


@decomposes_matrices("cholesky", "linalg_cholesky")
def cholesky_factor(build: AtenBuilder, self: SSAValue, upper: bool) -> SSAValue:
    """a = l @ l^T, or u^T @ u, from the triangle that is asked for"""
    return cholesky_and_info(build, self, upper)[0]


@decomposes_matrices("linalg_cholesky_ex")
def cholesky_and_info(build: AtenBuilder, self: SSAValue, upper: bool) -> list[SSAValue]:
    """The factor, and the number of the first column at which the matrix is not positive definite, or 0."""
    a = real(build, self)
    low = cholesky(transposed(a) if upper else a)
    broken = diagonal(low).of("isfinite").of("logical_not")
    return [(transposed(low) if upper else low).value, _first(broken)]


@decomposes_matrices("cholesky_inverse")
def cholesky_inverse(build: AtenBuilder, self: SSAValue, upper: bool) -> SSAValue:
    """the inverse of l @ l^T"""
    factor = real(build, self)
    low = transposed(factor) if upper else factor
    _, n, _ = shape(low)
    inverse = substituted(low, identity(low, n, n), upper=False)
    return product(transposed(inverse), inverse).value


@decomposes_matrices("cholesky_solve")
def cholesky_solve(build: AtenBuilder, self: SSAValue, input2: SSAValue, upper: bool) -> SSAValue:
    """x of l @ l^T @ x = b"""
    b, factor = _expanded(real(build, self), real(build, input2))
    low = transposed(factor) if upper else factor
    return substituted(transposed(low), substituted(low, b, upper=False), upper=True).value


# ---- LU ------------------------------------------------------------------------------------------------------------


def _pivots(found: Lu) -> SSAValue:
    """As LAPACK counts them: from 1."""
    return (found.pivots.of("squeeze.dim", -1) + 1).to(dtypes.int32).value


@decomposes_matrices("linalg_lu_factor_ex", "_lu_with_info")
def lu_factor(build: AtenBuilder, pivot: bool, **matrix: SSAValue) -> Results | None:
    """LU packed, pivots, and the number of the first zero on the diagonal, or 0"""
    found = lu(real(build, matrix.get("A", matrix.get("self"))))  # pyright: ignore[reportArgumentType]
    return [found.packed.value, _pivots(found), _first(diagonal(found.packed).equals(0.0))] if pivot else None


def _permutation(order: Real, like: Real) -> Real:
    """p of a = p @ l @ u: a one in row order[i] of column i."""
    ones = row_numbers(like.build, like.build.fixed_size(order.value, -2)).equals(transposed(order))
    return ones.to(like.dtype)


@decomposes_matrices("linalg_lu")
def lu_factors(build: AtenBuilder, A: SSAValue, pivot: bool) -> Results | None:
    """a = p @ l @ u"""
    found = lu(real(build, A))
    factors = (_permutation(found.order, found.packed), found.lower(), found.upper())
    return [f.value for f in factors] if pivot else None


def _packed(build: AtenBuilder, factors: SSAValue, pivots: SSAValue) -> Lu:
    """A factorisation of which only LU and the pivots are known."""
    packed = real(build, factors)
    numbers = Real(build, pivots).of("unsqueeze", -1).to(dtypes.int64) - 1
    return Lu(packed, order_of_pivots(numbers, build.fixed_size(factors, -2)), numbers)


@decomposes_matrices("lu_unpack")
def lu_unpack(
    build: AtenBuilder, LU_data: SSAValue, LU_pivots: SSAValue, unpack_data: bool, unpack_pivots: bool
) -> Results:
    """p, l and u of LU packed and pivots; empty where not asked for"""
    found = _packed(build, LU_data, LU_pivots)
    empty = zeros(found.packed, [0])
    p = _permutation(found.order, found.packed) if unpack_pivots else empty
    low, up = (found.lower(), found.upper()) if unpack_data else (empty, empty)
    return [p.value, low.value, up.value]


def _solved(found: Lu, b: Real, adjoint: bool = False) -> Real:
    """x of a @ x = b or a^T @ x = b, of the same leading sizes."""
    if adjoint:
        inner = substituted(transposed(found.packed), b, upper=False)
        x = substituted(transposed(found.packed), inner, upper=True, unit=True)
        return product(_permutation(found.order, found.packed), x)
    rows = b.of("gather", len(b.sizes) - 2, found.order.of("expand", list(b.sizes)))
    return substituted(found.packed, substituted(found.packed, rows, upper=False, unit=True), upper=True)


@decomposes_matrices("linalg_lu_solve")
def lu_solve(
    build: AtenBuilder, LU: SSAValue, pivots: SSAValue, B: SSAValue, left: bool, adjoint: bool
) -> SSAValue | None:
    """x of a @ x = b, or x @ a = b, from the factors of a"""
    b, factors = real(build, B), _packed(build, LU, pivots)
    b = b if left else transposed(b)
    b, packed = _expanded(b, factors.packed)
    order = factors.order.of("expand", [*b.sizes[:-2], *factors.order.sizes[-2:]])
    x = _solved(Lu(packed, order, factors.pivots), b, adjoint if left else not adjoint)
    return (x if left else transposed(x)).value


@decomposes_matrices("_linalg_solve_ex")
def solve(build: AtenBuilder, A: SSAValue, B: SSAValue, left: bool) -> Results:
    """x of a @ x = b, or x @ a = b; b may be vectors"""
    a, b = real(build, A), real(build, B)
    is_vector = len(b.sizes) == 1 or (len(b.sizes) == len(a.sizes) - 1 and b.sizes == a.sizes[:-1])
    if is_vector:
        b = b.of("unsqueeze", -1)
    elif not left:
        b = transposed(b)
    a, b = _expanded(a, b)
    found = lu(a if left else transposed(a))
    x = _solved(found, b)
    x = x.of("squeeze.dim", -1) if is_vector else x if left else transposed(x)
    return [x.value, None, None, _first(diagonal(found.packed).equals(0.0))]


@decomposes_matrices("linalg_inv_ex")
def inverse(build: AtenBuilder, A: SSAValue) -> Results:
    """x of a @ x = 1"""
    a = real(build, A)
    found, n = lu(a), build.fixed_size(A, -1)
    return [_solved(found, identity(a, n, n)).value, _first(diagonal(found.packed).equals(0.0))]


def _sign(found: Lu) -> Real:
    """(…): -1 for an odd number of exchanged rows, 1 otherwise."""
    build = found.packed.build
    pivots = found.pivots.of("squeeze.dim", -1)
    moved = pivots.of("ne.Tensor", numbered(build, build.fixed_size(pivots.value, -1)))
    count = moved.to(dtypes.int64).of("sum.dim_IntList", [-1])
    odd = count.of("bitwise_and.Scalar", 1).to(found.packed.dtype)
    return odd * -2.0 + 1.0


@decomposes_matrices("_linalg_det")
def determinant(build: AtenBuilder, A: SSAValue) -> Results:
    """the product of the diagonal of u, with the sign of the permutation"""
    outer, n, _ = shape(real(build, A))
    if n == 0:
        return [build("full", outer, 1, dtype=build.type(A).dtype), None, None]
    found = lu(real(build, A))
    return [(diagonal(found.packed).of("prod.dim_int", -1) * _sign(found)).value, None, None]


@decomposes_matrices("_linalg_slogdet")
def log_determinant(build: AtenBuilder, A: SSAValue) -> Results:
    """the sign, and the sum of the logarithms of the diagonal of u"""
    outer, n, _ = shape(real(build, A))
    if n == 0:
        one, zero = (build("full", outer, value, dtype=build.type(A).dtype) for value in (1, 0))
        return [one, zero, None, None]
    found = lu(real(build, A))
    heads = diagonal(found.packed)
    sign = heads.of("sign").of("prod.dim_int", -1) * _sign(found)
    return [sign.value, abs(heads).log().of("sum.dim_IntList", [-1]).value, None, None]


# ---- triangular matrices and QR ------------------------------------------------------------------------------------


@decomposes_matrices("linalg_solve_triangular")
def solve_triangular(
    build: AtenBuilder, self: SSAValue, B: SSAValue, upper: bool, left: bool, unitriangular: bool
) -> SSAValue:
    """x of t @ x = b, or x @ t = b"""
    t, b = _expanded(real(build, self), real(build, B))
    if left:
        return substituted(t, b, upper=upper, unit=unitriangular).value
    return transposed(substituted(transposed(t), transposed(b), upper=not upper, unit=unitriangular)).value


@decomposes_matrices("triangular_solve")
def triangular_solve(
    build: AtenBuilder, self: SSAValue, A: SSAValue, upper: bool, transpose: bool, unitriangular: bool
) -> Results:
    """x of t @ x = b, or t^T @ x = b, and t"""
    t, b = _expanded(real(build, A), real(build, self))
    x = substituted(transposed(t) if transpose else t, b, upper=upper != transpose, unit=unitriangular)
    return [x.value, t.value]


@decomposes_matrices("geqrf")
def geqrf(build: AtenBuilder, self: SSAValue) -> Results:
    """r and the reflectors packed, and the factors of these"""
    packed, taus = householder(real(build, self))
    return [packed.value, taus.of("squeeze.dim", -2).value]


@decomposes_matrices("linalg_householder_product", "orgqr")
def householder_product(
    build: AtenBuilder, tau: SSAValue | None = None, input2: SSAValue | None = None, **matrix: SSAValue
) -> SSAValue:
    """the first columns of the product of reflectors"""
    packed = real(build, matrix.get("input", matrix.get("self")))  # pyright: ignore[reportArgumentType]
    taus = real(build, input2 if tau is None else tau).of("unsqueeze", -2)  # pyright: ignore[reportArgumentType]
    _, m, n = shape(packed)
    return reflected(packed, taus, identity(packed, m, n)).value


@decomposes_matrices("ormqr")
def ormqr(
    build: AtenBuilder, self: SSAValue, input2: SSAValue, input3: SSAValue, left: bool, transpose: bool
) -> SSAValue:
    """q @ c, q^T @ c, c @ q or c @ q^T for the product q of reflectors"""
    packed, taus, c = real(build, self), real(build, input2).of("unsqueeze", -2), real(build, input3)
    if left:
        return reflected(packed, taus, c, transpose=transpose).value
    return transposed(reflected(packed, taus, transposed(c), transpose=not transpose)).value


def qr(a: Real, complete: bool = False) -> tuple[Real, Real]:
    """q (…, m, k) and r (…, k, n) with k = min(m, n), or m when complete."""
    _, m, n = shape(a)
    packed, taus = householder(a)
    count = m if complete else min(m, n)
    return reflected(packed, taus, identity(a, m, count)), packed.of("slice.Tensor", -2, 0, count).of("triu")


@decomposes_matrices("linalg_qr")
def linalg_qr(build: AtenBuilder, A: SSAValue, mode: str) -> Results:
    """a = q @ r; q is empty in the mode r"""
    a = real(build, A)
    if mode == "r":
        _, m, n = shape(a)
        packed, _ = householder(a)
        return [zeros(a, [0]).value, packed.of("slice.Tensor", -2, 0, min(m, n)).of("triu").value]
    q, r = qr(a, mode == "complete")
    return [q.value, r.value]
