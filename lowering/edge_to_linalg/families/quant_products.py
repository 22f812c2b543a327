"""Convolutions and products of matrices on integers: the generics of those on reals, summed in int32.

Padding counts as 0 where the zero point is taken from each element, so that `fold-padding` need not write it out. That
is done where a convolution is padded, and the bias is known: it loses what the zero point adds to each sum.

Sums are known not to overflow, which C compilers need to be told: they reorder sums that wrap, and registers run out.
"""

from __future__ import annotations

from dataclasses import replace

from xdsl.ir.affine import AffineExpr

from etc.dialects import dtypes, program, quant
from etc.dialects.tensor import Tensor
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.constants import constant_array
from etc.lowering.edge_to_linalg.families.convolution import Convolution, convolved
from etc.lowering.edge_to_linalg.families.linear_algebra import Product, contract, rows_times
from etc.lowering.edge_to_linalg.scalars import Scalar


def product_of(x_zero_point: int = 0, y_zero_point: int = 0) -> Product:
    """(x - its zero point) * (y - its zero point) in int32."""

    def of(x: Scalar, y: Scalar) -> Scalar:
        return less(x, x_zero_point) * less(y, y_zero_point)

    return of


def less(x: Scalar, zero_point: int) -> Scalar:
    """`x` as int32, without its zero point."""
    wide = x.cast(dtypes.int32)
    return wide - zero_point if zero_point else wide


@lowers(quant.ConvOp)
def conv(op: quant.ConvOp, b: LinalgBuilder) -> Array:
    weight, bias, zero = b[op.weight], b.optional(op.bias), op.argument("padding_value")
    c = replace(Convolution.of(op, weight.tensor), sum_of=Scalar.plus_within)
    if zero and (any(c.padding) or op.argument("transposed")):
        whole = _bias_of_reals(op, b)
        if whole is not None:
            bias = whole
            c = replace(c, product=product_of(zero), padding_value=zero)
            return convolved(b, c, op.argument("transposed"), b[op.input], weight, bias, b.result(op))
    c = replace(c, product=product_of(), padding_value=zero)
    return convolved(b, c, op.argument("transposed"), b[op.input], weight, bias, b.result(op))


def _bias_of_reals(op: quant.ConvOp, b: LinalgBuilder) -> Array | None:
    """The bias without what the zero point of the input adds to it; None when it is known only at run time."""
    import numpy as np

    weight = program.constant_of(op.weight)
    bias = program.constant_of(op.bias) if op.bias is not None else None
    known = Tensor.of(op.weight.type)
    if weight is None or (op.bias is not None and bias is None) or known.dim_order is not None:
        return None
    w = np.frombuffer(weight.data, np.int8).reshape(known.shape).astype(np.int64)
    if op.argument("transposed"):
        groups = op.argument("groups")
        w = w.reshape(groups, w.shape[0] // groups, *w.shape[1:]).swapaxes(1, 2)
        w = w.reshape(-1, *w.shape[2:])
    total = w.reshape(w.shape[0], -1).sum(1) * op.argument("padding_value")
    if bias is not None:
        total = total + np.frombuffer(bias.data, np.int32)
    return constant_array(b, total.astype(np.int32).tobytes(), dtypes.int32, [len(total)], "bias")


@lowers(quant.LinearOp)
def linear(op: quant.LinearOp, b: LinalgBuilder) -> Array:
    return rows_times(b, b.result(op), b[op.input], b[op.weight], b.optional(op.bias), product_of(), Scalar.plus_within)


@lowers(quant.MatmulOp)
def matmul(op: quant.MatmulOp, b: LinalgBuilder) -> Array:
    x, y, result = b[op.input], b[op.other], b.result(op)
    product = product_of(op.argument("input_zero_point"), op.argument("other_zero_point"))
    *batch, i, j, k = (AffineExpr.dimension(d) for d in range(result.rank + 1))
    x_, y_ = (x, [*batch, i, k]), (y, [*batch, k, j])
    return contract(b, result, x_, y_, [*batch, i, j], 1, product=product, sum_of=Scalar.plus_within)
