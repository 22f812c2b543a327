"""Activations and other pointwise functions in terms of core ones."""

from __future__ import annotations

from typing import Any

from xdsl.ir import SSAValue

from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


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


@decomposes("prelu", "_prelu_kernel")
def prelu(build: AtenBuilder, self: SSAValue, weight: SSAValue) -> SSAValue:
    """prelu(x, w) -> where(x > 0, x, x * w), with w along dimension 1"""
    rank, slopes = build.type(self).rank, build.type(weight)
    if slopes.rank == 1 and rank > 1:
        weight = build("view", weight, [1, slopes.sizes[0], *[1] * (rank - 2)])
    return build("where.self", build("gt.Scalar", self, 0), self, build("mul.Tensor", self, weight))


@decomposes("log_sigmoid")
def log_sigmoid(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """log_sigmoid(x) -> -softplus(-x)"""
    return build("neg", softplus(build, build("neg", self), 1, 20))


@decomposes("tanhshrink")
def tanhshrink(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """tanhshrink(x) -> x - tanh(x)"""
    return build("sub.Tensor", self, build("tanh", self))


@decomposes("softsign")
def softsign(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """softsign(x) -> x / (1 + abs(x))"""
    return build("div.Tensor", self, build("add.Scalar", build("abs", self), 1))


@decomposes("glu")
def glu(build: AtenBuilder, self: SSAValue, dim: int) -> SSAValue:
    """glu(a ‖ b) -> a * sigmoid(b), halves along `dim`"""
    half = build.type(self).sizes[dim] // 2
    first = build("slice.Tensor", self, dim, 0, half)
    second = build("slice.Tensor", self, dim, half, half * 2)
    return build("mul.Tensor", first, build("sigmoid", second))


@decomposes("square")
def square(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """square(x) -> x * x"""
    return build("mul.Tensor", self, self)


@decomposes("rsub.Scalar", "rsub.Tensor")
def rsub(build: AtenBuilder, self: SSAValue, other: Any, alpha: float) -> SSAValue:
    """rsub(x, y) -> y - alpha * x"""
    scaled = self if alpha == 1 else build("mul.Scalar", self, alpha)
    if isinstance(other, SSAValue):
        return build("sub.Tensor", other, scaled)
    return build("add.Scalar", build("neg", scaled), other)


@decomposes("addcmul")
def addcmul(build: AtenBuilder, self: SSAValue, tensor1: SSAValue, tensor2: SSAValue, value: float) -> SSAValue:
    """addcmul(x, a, b, v) -> x + a * b * v"""
    product = build("mul.Tensor", tensor1, tensor2)
    return build("add.Tensor", self, product if value == 1 else build("mul.Scalar", product, value))


@decomposes("addcdiv")
def addcdiv(build: AtenBuilder, self: SSAValue, tensor1: SSAValue, tensor2: SSAValue, value: float) -> SSAValue:
    """addcdiv(x, a, b, v) -> x + a / b * v"""
    quotient = build("div.Tensor", tensor1, tensor2)
    return build("add.Tensor", self, quotient if value == 1 else build("mul.Scalar", quotient, value))


@decomposes("clamp_min", "clamp_max")
def clamp_one_end(build: AtenBuilder, self: SSAValue, **limits: Any) -> SSAValue:
    """clamp_min(x, a) -> clamp(x, a, None), clamp_max(x, b) -> clamp(x, None, b)"""
    return build("clamp", self, limits.get("min"), limits.get("max"))


@decomposes("clamp_min.Tensor")
def clamp_min(build: AtenBuilder, self: SSAValue, min: SSAValue) -> SSAValue:
    """clamp_min(x, a) -> maximum(x, a)"""
    return build("maximum", self, min)


@decomposes("clamp_max.Tensor")
def clamp_max(build: AtenBuilder, self: SSAValue, max: SSAValue) -> SSAValue:
    """clamp_max(x, b) -> minimum(x, b)"""
    return build("minimum", self, max)


@decomposes("isfinite")
def isfinite(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """isfinite(x) -> not (isnan(x) or isinf(x))"""
    return build("logical_not", build("logical_or", build("isnan", self), build("isinf", self)))


@decomposes("dropout", "feature_dropout", "alpha_dropout")
def dropout(build: AtenBuilder, input: SSAValue, p: float, train: bool) -> SSAValue | None:
    """dropout(x) -> x in evaluation"""
    return None if train and p else input


@decomposes("contiguous")
def contiguous(build: AtenBuilder, self: SSAValue, memory_format: str) -> SSAValue:
    """contiguous(x) -> clone(x, memory_format)"""
    return build("clone", self, memory_format=memory_format)


@decomposes("to.dtype", "to.dtype_layout", "to.device", "to.prim_dtype")
def to_dtype(build: AtenBuilder, self: SSAValue, **arguments: Any) -> SSAValue:
    """to(x, dtype) -> _to_copy(x, dtype), and x itself when nothing changes"""
    dtype: Dtype | None = arguments.get("dtype")
    memory_format = arguments.get("memory_format")
    if dtype in (None, build.type(self).dtype) and memory_format in (None, "preserve_format"):
        return self
    return build("_to_copy", self, dtype=dtype, memory_format=memory_format)


@decomposes("to.other", "type_as")
def to_other(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """type_as(x, y) -> _to_copy(x, dtype of y)"""
    dtype = build.type(other).dtype
    return self if build.type(self).dtype is dtype else build("_to_copy", self, dtype=dtype)


@decomposes("masked_fill.Scalar", "masked_fill.Tensor")
def masked_fill(build: AtenBuilder, self: SSAValue, mask: SSAValue, value: Any) -> SSAValue:
    """masked_fill(x, m, v) -> where(m, v, x)"""
    dtype = build.type(self).dtype
    if not isinstance(value, SSAValue):
        value = build.constant(value, dtype)
    elif build.type(value).dtype is not dtype:
        value = build("_to_copy", value, dtype=dtype)
    return build("where.self", mask, value, self)


@decomposes("where.ScalarSelf", "where.ScalarOther", "where.Scalar")
def where_number(build: AtenBuilder, condition: SSAValue, self: Any, other: Any) -> SSAValue:
    """where(c, 1.0, y) -> where(c, full([], 1.0), y), the number in the dtype that torch promotes to"""
    tensors = [v for v in (self, other) if isinstance(v, SSAValue)]
    numbers = [v for v in (self, other) if not isinstance(v, SSAValue)]
    dtype = build.result_dtype(*tensors, *numbers)
    lifted = [v if isinstance(v, SSAValue) else build.constant(v, dtype) for v in (self, other)]
    return build("where.self", condition, *lifted)
