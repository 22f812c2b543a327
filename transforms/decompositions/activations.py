"""Activation functions in terms of core ones."""

from __future__ import annotations

from xdsl.ir import SSAValue

from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes

# Klambauer et al., "Self-Normalizing Neural Networks", 2017.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


@decomposes("relu6")
def relu6(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """relu6(x) -> hardtanh(x, 0, 6)"""
    return build("hardtanh", self, 0, 6)


@decomposes("hardsigmoid")
def hardsigmoid(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """hardsigmoid(x) -> hardtanh(x + 3, 0, 6) * (1 / 6)"""
    return build("mul.Scalar", build("hardtanh", build("add.Scalar", self, 3), 0, 6), 1 / 6)


@decomposes("hardswish")
def hardswish(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """hardswish(x) -> x * hardtanh(x + 3, 0, 6) * (1 / 6)"""
    return build("mul.Tensor", self, hardsigmoid(build, self))


@decomposes("silu")
def silu(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """silu(x) -> x * sigmoid(x)"""
    return build("mul.Tensor", self, build("sigmoid", self))


@decomposes("softplus")
def softplus(build: AtenBuilder, self: SSAValue, beta: float, threshold: float) -> SSAValue:
    """softplus(x) -> where(x * beta > threshold, x, log1p(exp(x * beta)) / beta)"""
    scaled = self if beta == 1 else build("mul.Scalar", self, beta)
    soft = build("log1p", build("exp", scaled))
    soft = soft if beta == 1 else build("div.Scalar", soft, beta)
    return build("where.self", build("gt.Scalar", scaled, threshold), self, soft)


@decomposes("mish")
def mish(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """mish(x) -> x * tanh(softplus(x))"""
    return build("mul.Tensor", self, build("tanh", softplus(build, self, 1, 20)))


@decomposes("selu")
def selu(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """selu(x) -> elu(x, alpha, scale)"""
    return build("elu", self, SELU_ALPHA, SELU_SCALE)


@decomposes("celu")
def celu(build: AtenBuilder, self: SSAValue, alpha: float) -> SSAValue:
    """celu(x, a) -> elu(x, a, input_scale=1 / a)"""
    return build("elu", self, alpha, 1, 1 / alpha)


@decomposes("threshold")
def threshold(build: AtenBuilder, self: SSAValue, threshold: float, value: float) -> SSAValue:
    """threshold(x, t, v) -> where(x <= t, v, x)"""
    constant = build.constant(value, build.type(self).dtype)
    return build("where.self", build("le.Scalar", self, threshold), constant, self)


@decomposes("hardshrink")
def hardshrink(build: AtenBuilder, self: SSAValue, lambd: float) -> SSAValue:
    """hardshrink(x, l) -> where(abs(x) <= l, 0, x)"""
    constant = build.constant(0, build.type(self).dtype)
    return build("where.self", build("le.Scalar", build("abs", self), lambd), constant, self)


@decomposes("softshrink")
def softshrink(build: AtenBuilder, self: SSAValue, lambd: float) -> SSAValue:
    """softshrink(x, l) -> x - clamp(x, -l, l)"""
    return build("sub.Tensor", self, build("clamp", self, -lambd, lambd))


@decomposes("prelu", "_prelu_kernel")
def prelu(build: AtenBuilder, self: SSAValue, weight: SSAValue) -> SSAValue:
    """prelu(x, w) -> where(x > 0, x, x * w), with w along dimension 1"""
    rank, slopes = build.type(self).rank, build.type(weight)
    if slopes.rank == 1 and rank > 1:
        weight = build("view", weight, [1, slopes.sizes[0], *[1] * (rank - 2)])
    elif slopes.rank > rank:
        weight = build("view", weight, [])
    return build("where.self", build("gt.Scalar", self, 0), self, build("mul.Tensor", self, weight))


@decomposes("rrelu")
def rrelu(build: AtenBuilder, self: SSAValue, lower: float, upper: float, training: bool) -> SSAValue:
    """rrelu(x, l, u) -> leaky_relu(x, (l + u) / 2), and with slopes drawn from [l, u] in training"""
    if not training:
        return build("leaky_relu", self, (lower + upper) / 2)
    slopes = build("add.Scalar", build("mul.Scalar", build("rand_like", self), upper - lower), lower)
    return build("where.self", build("gt.Scalar", self, 0), self, build("mul.Tensor", self, slopes))


@decomposes("log_sigmoid")
def log_sigmoid(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """log_sigmoid(x) -> min(x, 0) - log1p(exp(-abs(x)))"""
    rest = build("log1p", build("exp", build("neg", build("abs", self))))
    return build("sub.Tensor", build("clamp", self, None, 0), rest)


@decomposes("glu")
def glu(build: AtenBuilder, self: SSAValue, dim: int) -> SSAValue:
    """glu(a ‖ b) -> a * sigmoid(b), halves along `dim`"""
    half = build.type(self).sizes[dim] // 2
    first = build("slice.Tensor", self, dim, 0, half)
    second = build("slice.Tensor", self, dim, half, half * 2)
    return build("mul.Tensor", first, build("sigmoid", second))


@decomposes("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")
def dropout(build: AtenBuilder, input: SSAValue, p: float, train: bool) -> SSAValue | None:
    """dropout(x) -> x in evaluation"""
    return None if train and p else input
