"""Elementwise functions of one tensor."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from etc.dialects import dtypes, edge
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.unary import UnaryOp
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.scalars import Scalar, computed_in


def _call(function: str) -> Callable[[Scalar], Scalar]:
    return lambda x: x.call(function)


def _whole(function: str) -> Callable[[Scalar], Scalar]:
    """A function that rounds: integers are whole."""
    return lambda x: x.call(function) if x.dtype.is_float else x


def sigmoid(x: Scalar) -> Scalar:
    return 1 / (1 + (-x).call("exp"))


def _sign(x: Scalar) -> Scalar:
    if x.dtype is dtypes.bool_:
        return x
    return (x > 0).choose(x.like(1), (x < 0).choose(x.like(-1), 0) if x.dtype.is_signed else 0)


FUNCTIONS: Mapping[type[EdgeOp], Callable[[Scalar], Scalar]] = {
    edge.AbsOp: abs,
    edge.AcosOp: _call("acos"),
    edge.AcoshOp: _call("acosh"),
    edge.AsinOp: _call("asin"),
    edge.AsinhOp: _call("asinh"),
    edge.AtanOp: _call("atan"),
    edge.AtanhOp: _call("atanh"),
    edge.BitwiseNotOp: lambda x: ~x,
    edge.CeilOp: _whole("ceil"),
    edge.ConjPhysicalOp: lambda x: x,
    edge.CosOp: _call("cos"),
    edge.CoshOp: _call("cosh"),
    edge.ErfOp: _call("erf"),
    edge.ExpOp: _call("exp"),
    edge.Expm1Op: _call("expm1"),
    edge.FloorOp: _whole("floor"),
    edge.Log10Op: _call("log10"),
    edge.Log1pOp: _call("log1p"),
    edge.Log2Op: _call("log2"),
    edge.LogOp: _call("log"),
    edge.NegOp: lambda x: -x,
    edge.ReciprocalOp: lambda x: 1 / x,
    edge.ReluOp: lambda x: x.maximum(0),
    edge.RoundOp: _whole("roundeven"),
    edge.RsqrtOp: lambda x: 1 / x.call("sqrt"),
    edge.SigmoidOp: sigmoid,
    edge.SignOp: _sign,
    edge.SinOp: _call("sin"),
    edge.SinhOp: _call("sinh"),
    edge.SqrtOp: _call("sqrt"),
    edge.TanOp: _call("tan"),
    edge.TanhOp: _call("tanh"),
    edge.TruncOp: _whole("trunc"),
}
"""Functions of a number of the dtype that the result is computed in."""

PREDICATES: Mapping[type[EdgeOp], Callable[[Scalar], Scalar]] = {
    edge.IsinfOp: lambda x: abs(x).eq(math.inf) if x.dtype.is_float else x.ne(x),
    edge.IsnanOp: lambda x: x.is_nan(),
    edge.LogicalNotOp: lambda x: ~x.cast(dtypes.bool_),
}
"""Functions of a number of the operand's dtype."""


def each(op: UnaryOp, b: LinalgBuilder, formula: Callable[[Scalar], Scalar]) -> Array:
    """`formula` of each element in the dtype that the result is computed in."""
    result = b.result(op)
    return b.elementwise(result, [b[op.self_]], lambda x: formula(x.cast(computed_in(result.dtype))))


@lowers(*FUNCTIONS)
def function(op: UnaryOp, b: LinalgBuilder) -> Array:
    return each(op, b, FUNCTIONS[type(op)])


@lowers(*PREDICATES)
def predicate(op: UnaryOp, b: LinalgBuilder) -> Array:
    return b.elementwise(b.result(op), [b[op.self_]], PREDICATES[type(op)])


@lowers(edge.LogitOp)
def logit(op: edge.LogitOp, b: LinalgBuilder) -> Array:
    eps = op.argument("eps")

    def formula(x: Scalar) -> Scalar:
        if eps is not None:
            x = (x < eps).choose(x.like(eps), (x > 1 - eps).choose(x.like(1 - eps), x))
        return (x / (1 - x)).call("log")

    return each(op, b, formula)
