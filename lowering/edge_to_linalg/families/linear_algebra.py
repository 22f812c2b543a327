"""Products of matrices as one generic each, `total + x * y`, and distances between rows.

Fourier transforms have no lowering: their numbers are complex.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, iterators, lowers, refuses
from etc.lowering.edge_to_linalg.scalars import Scalar, computed_in

Operand = tuple[Array, Sequence[AffineExpr]]
Product = Callable[[Scalar, Scalar], Scalar]
"""Of an element of each operand; or of a sum and what is added to it."""


def contract(
    b: LinalgBuilder,
    result: Tensor,
    x: Operand,
    y: Operand,
    output: Sequence[AffineExpr],
    reductions: int,
    start: Array | None = None,
    product: Product = operator.mul,
    sum_of: Product = operator.add,
) -> Array:
    """`start` plus the sum of products of `x` and `y` over the last `reductions` loops.

    `start` broadcasts to the sizes of `result` and is zero when left out. Half precisions are summed in float32.
    `product` gives numbers of the dtype that is summed in, `sum_of` adds one to what there is.
    """
    wide = result.like(dtype=computed_in(result.dtype))
    total = b.full(wide, 0) if start is None else b.elementwise(wide, [start], lambda v: v)
    loops = iterators(len(output), reductions)
    summed = b.generic([x, y], [(total, output)], loops, lambda v, w, total: sum_of(total, product(v, w)))[0]
    return b.cast(summed, result.dtype)


@lowers(edge.MmOp)
def mm(op: edge.MmOp, b: LinalgBuilder) -> Array:
    i, j, k = (AffineExpr.dimension(d) for d in range(3))
    return contract(b, b.result(op), (b[op.self_], [i, k]), (b[op.mat2], [k, j]), [i, j], 1)


@lowers(edge.BmmOp)
def bmm(op: edge.BmmOp, b: LinalgBuilder) -> Array:
    n, i, j, k = (AffineExpr.dimension(d) for d in range(4))
    return contract(b, b.result(op), (b[op.self_], [n, i, k]), (b[op.mat2], [n, k, j]), [n, i, j], 1)


@lowers(edge.AddmmOp)
def addmm(op: edge.AddmmOp, b: LinalgBuilder) -> Array:
    result, added, beta, alpha = b.result(op), b[op.self_], op.argument("beta"), op.argument("alpha")
    i, j, k = (AffineExpr.dimension(d) for d in range(3))
    x, y = (b[op.mat1], [i, k]), (b[op.mat2], [k, j])
    if alpha == 1 and beta in (0, 1):
        return contract(b, result, x, y, [i, j], 1, added if beta else None)
    product = contract(b, result.like(dtype=computed_in(result.dtype)), x, y, [i, j], 1)
    if beta == 0:
        return b.elementwise(result, [product], lambda p: p * alpha)
    return b.elementwise(result, [added, product], lambda a, p: a * beta + p * alpha)


@lowers(edge.LinearOp)
def linear(op: edge.LinearOp, b: LinalgBuilder) -> Array:
    return rows_times(b, b.result(op), b[op.input], b[op.weight], b.optional(op.bias))


def rows_times(
    b: LinalgBuilder,
    result: Tensor,
    x: Array,
    w: Array,
    bias: Array | None,
    product: Product = operator.mul,
    sum_of: Product = operator.add,
) -> Array:
    """`x` times the transposed `w`, and `bias`. All but the last dimension of `x` are rows of one matrix."""
    features = x.sizes[-1]
    rows = _product(x.sizes[:-1])
    outputs: Dim = w.sizes[0] if w.rank == 2 else 1
    if bias is not None and bias.rank > 1:
        # A bias of more than one dimension is added to batches: torch lets it broadcast.
        bias = b.reshape(b.elementwise(result.like(dtype=bias.dtype), [bias], lambda v: v), [rows, outputs])
    i, j, k = (AffineExpr.dimension(d) for d in range(3))
    flat = contract(
        b,
        result.like(sizes=[rows, outputs]),
        (b.reshape(x, [rows, features]), [i, k]),
        (b.reshape(w, [outputs, features]), [j, k]),
        [i, j],
        1,
        bias,
        product,
        sum_of,
    )
    return b.reshape(flat, result.sizes)


def _product(sizes: Sequence[Dim]) -> Dim:
    total: Dim = 1
    for size in sizes:
        total = total * size
    return total


# Distances


@lowers(edge.CdistOp)
def cdist(op: edge.CdistOp, b: LinalgBuilder) -> Array:
    result, x, y = b.result(op), b[op.x1], b[op.x2]
    add, finish = _norm(float(op.argument("p")))
    wide = result.like(dtype=computed_in(result.dtype))
    batch = result.rank - 2
    i, j, k = (AffineExpr.dimension(d) for d in range(batch, batch + 3))

    def rows(a: Array, row: AffineExpr) -> Operand:
        ahead = batch - (a.rank - 2)
        leading = [
            AffineExpr.constant(0) if size == 1 and result.sizes[ahead + d] != 1 else AffineExpr.dimension(ahead + d)
            for d, size in enumerate(a.sizes[:-2])
        ]
        return a, [*leading, row, k]

    summed = b.generic(
        [rows(x, i), rows(y, j)],
        [(b.full(wide, 0), [*(AffineExpr.dimension(d) for d in range(batch)), i, j])],
        iterators(batch + 2, 1),
        lambda v, w, total: add(total, abs(v - w)),
    )[0]
    return b.elementwise(result, [summed], finish)


@lowers(edge.PdistOp)
def pdist(op: edge.PdistOp, b: LinalgBuilder) -> Array:
    result, x = b.result(op), b[op.self_]
    add, finish = _norm(float(op.argument("p")))
    rows, width = (b.size(s) for s in x.sizes)

    def distance(i: Scalar, j: Scalar) -> Scalar:
        zero = b.constant(0, x.dtype)
        total = b.loop(0, width, [zero], lambda k, total: add(total, abs(b.read(x, [i, k]) - b.read(x, [j, k]))))[0]
        return finish(total)

    def with_others(i: Scalar, out: Array, place: Scalar) -> Sequence[Array | Scalar]:
        return b.loop(
            i + 1, rows, [out, place], lambda j, out, place: (b.write(out, distance(i, j), [place]), place + 1)
        )

    return b.loop(0, rows, [b.empty(result), b.index(0)], with_others)[0]


def _norm(p: float) -> tuple[Callable[[Scalar, Scalar], Scalar], Callable[[Scalar], Scalar]]:
    """How sizes of differences are added up to a p-norm, and what is done to the sum."""
    if p == 0:
        return lambda total, d: total + d.ne(0).choose(d.like(1), 0), lambda total: total
    if p == 1:
        return lambda total, d: total + d, lambda total: total
    if p == 2:
        return lambda total, d: total + d * d, lambda total: total.call("sqrt")
    if math.isinf(p):
        return lambda total, d: total.maximum(d), lambda total: total
    return lambda total, d: total + d.power(p), lambda total: total.power(1 / p)


refuses("complex numbers have no C implementation", edge.FftR2cOp, edge.FftC2rOp)
