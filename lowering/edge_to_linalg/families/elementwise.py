"""Activations, clamping and selection."""

from __future__ import annotations

import math

from etc.dialects import edge
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.unary import each, sigmoid
from etc.lowering.edge_to_linalg.scalars import Number, Scalar


@lowers(edge.GeluOp)
def gelu(op: edge.GeluOp, b: LinalgBuilder) -> Array:
    def by_erf(x: Scalar) -> Scalar:
        return x * 0.5 * (1 + (x * math.sqrt(0.5)).call("erf"))

    def by_tanh(x: Scalar) -> Scalar:
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))
        return 0.5 * x * (1 + inner.call("tanh"))

    return each(op, b, by_tanh if op.argument("approximate") == "tanh" else by_erf)


@lowers(edge.EluOp)
def elu(op: edge.EluOp, b: LinalgBuilder) -> Array:
    alpha, scale, input_scale = (float(op.argument(name)) for name in ("alpha", "scale", "input_scale"))
    return each(
        op,
        b,
        lambda x: (x <= 0).choose((x * input_scale).call("expm1") * (alpha * scale), x * scale),
    )


@lowers(edge.LeakyReluOp)
def leaky_relu(op: edge.LeakyReluOp, b: LinalgBuilder) -> Array:
    slope = op.argument("negative_slope")
    return each(op, b, lambda x: (x > 0).choose(x, x * slope))


@lowers(edge.GluOp)
def glu(op: edge.GluOp, b: LinalgBuilder) -> Array:
    result, operand = b.result(op), b[op.self_]
    at = op.argument("dim") % operand.rank
    halves = [
        b.slice(operand, [start if i == at else 0 for i in range(operand.rank)], result.sizes)
        for start in (0, b.size(result.sizes[at]))
    ]
    return b.elementwise(result, halves, lambda x, gate: x * sigmoid(gate))


def _clamped(x: Scalar, low: Scalar | Number | None, high: Scalar | Number | None) -> Scalar:
    """min(max(x, low), high), where a bound that is None is none."""
    x = x if low is None else x.maximum(low)
    return x if high is None else x.minimum(high)


@lowers(edge.ClampOp, edge.HardtanhOp)
def clamp(op: edge.ClampOp | edge.HardtanhOp, b: LinalgBuilder) -> Array:
    dtype = b.result(op).dtype
    names = ("min_val", "max_val") if isinstance(op, edge.HardtanhOp) else ("min", "max")
    low, high = (None if (v := op.argument(name)) is None else b.number(v, dtype) for name in names)
    return each(op, b, lambda x: _clamped(x, low, high))


@lowers(edge.ClampTensorOp)
def clamp_tensor(op: edge.ClampTensorOp, b: LinalgBuilder) -> Array:
    bounds = [b.optional(op.min), b.optional(op.max)]

    def formula(x: Scalar, *given: Scalar) -> Scalar:
        left = iter(given)
        return _clamped(x, *(None if bound is None else next(left) for bound in bounds))

    return b.elementwise(b.result(op), [b[op.self_], *(bound for bound in bounds if bound is not None)], formula)


@lowers(edge.WhereOp)
def where(op: edge.WhereOp, b: LinalgBuilder) -> Array:
    operands = [b[op.condition], b[op.self_], b[op.other]]
    return b.elementwise(b.result(op), operands, lambda c, x, y: c.choose(x, y))


@lowers(edge.MaskedFillOp)
def masked_fill(op: edge.MaskedFillOp, b: LinalgBuilder) -> Array:
    result = b.result(op)
    value = b.number(op.argument("value"), result.dtype)
    return b.elementwise(result, [b[op.self_], b[op.mask]], lambda x, mask: mask.choose(value, x))
