"""Inference for elementwise operators: arithmetic, comparison, logic, activations and losses.

Most operators differ only in how the result's dtype follows from the operands, so they stand in lists, one per rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from etc.dialects import dtypes
from etc.dialects.dtypes import Kind
from etc.dialects.infer import InferenceError, infers, same_size, wrap_dim
from etc.dialects.infer.promotion import (
    Operand,
    complex_dtype,
    float_dtype,
    pointwise,
    promote,
    real_dtype,
    result_dtype,
)
from etc.dialects.tensor import Tensor, tensor


def _overloads(names: str, *overloads: str) -> Iterable[str]:
    return [f"{name}.{overload}" if overload else name for name in names.split() for overload in overloads or ("",)]


_KEEPS_DTYPE = """
    negative neg positive sgn sign relu relu6 ceil floor round round.decimals trunc fix frac bitwise_not nan_to_num
    celu elu gelu hardshrink hardsigmoid hardswish hardtanh leaky_relu log_sigmoid mish rrelu selu silu softplus
    softshrink threshold conj _conj conj_physical _conj_physical resolve_conj resolve_neg
"""
_FLOATING = """
    acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh cos cosh deg2rad digamma
    erf erfc erfinv exp exp2 expm1 i0 lgamma log log10 log1p log2 logit rad2deg reciprocal rsqrt sigmoid sin sinc
    sinh sqrt tan tanh
    special_digamma special_erf special_erfc special_erfinv special_exp2 special_expit special_expm1 special_i0
    special_gammaln special_log1p special_psi special_sinc special_entr special_log_ndtr special_ndtr special_ndtri
    special_logit
"""
_TESTS = "isnan isinf isfinite isposinf isneginf signbit logical_not"


@infers(*_KEEPS_DTYPE.split(), *_overloads("dropout alpha_dropout feature_dropout"))
def unary(self: Tensor | None = None, input: Tensor | None = None) -> Tensor:
    operand = self or input
    assert operand is not None
    return operand


@infers(*_FLOATING.split(), "polygamma", "special_polygamma")
def unary_floating(self: Tensor) -> Tensor:
    return self.like(dtype=float_dtype(self.dtype))


@infers(*_TESTS.split(), "isreal")
def unary_test(self: Tensor) -> Tensor:
    return self.like(dtype=dtypes.bool_)


@infers("abs", "absolute")
def absolute(self: Tensor) -> Tensor:
    return self.like(dtype=real_dtype(self.dtype))


@infers("angle")
def angle(self: Tensor) -> Tensor:
    return self.like(dtype=real_dtype(float_dtype(self.dtype)))


@infers("square")
def square(self: Tensor) -> Tensor:
    return self.like(dtype=result_dtype(self, 2))


@infers("log_sigmoid_forward")
def log_sigmoid_forward(self: Tensor) -> tuple[Tensor, Tensor]:
    return self, self


@infers("frexp.Tensor")
def frexp(self: Tensor) -> tuple[Tensor, Tensor]:
    return self, self.like(dtype=dtypes.int32)


@infers("glu")
def glu(self: Tensor, dim: int = -1) -> Tensor:
    axis = wrap_dim(dim, self.rank)
    if not self.rank:
        raise InferenceError("`self` has rank 0, there is no dimension to halve")
    size = self.sizes[axis]
    if isinstance(size, int) and size % 2:
        raise InferenceError(f"dimension {axis} of `self` has the odd size {size}, it cannot be halved")
    return tensor(self.dtype, [*self.sizes[:axis], size // 2, *self.sizes[axis + 1 :]])


# Binary operators


_ARITHMETIC = (
    *_overloads("add sub subtract mul multiply rsub fmod remainder", "Tensor", "Scalar"),
    *_overloads("floor_divide", "", "Scalar"),
    *_overloads("bitwise_and bitwise_or bitwise_xor", "Tensor", "Scalar", "Scalar_Tensor"),
    *_overloads("bitwise_left_shift bitwise_right_shift", "Tensor", "Tensor_Scalar", "Scalar_Tensor"),
    *_overloads("__and__ __or__ __xor__ __lshift__ __rshift__", "Tensor", "Scalar"),
    *_overloads("maximum minimum max.other min.other fmax fmin hypot nextafter gcd lcm logaddexp logaddexp2"),
    "remainder.Scalar_Tensor",
)
_QUOTIENTS = (
    *_overloads("div divide true_divide copysign", "Tensor", "Scalar"),
    "atan2",
    "arctan2",
    *_overloads("xlogy", "Tensor", "Scalar_Self", "Scalar_Other"),
)
_COMPARISONS = (
    *_overloads("eq ne lt le gt ge greater greater_equal less less_equal not_equal", "Tensor", "Scalar"),
    *_overloads("logical_and logical_or logical_xor isclose"),
)


@infers(*_ARITHMETIC)
def arithmetic(self: Operand, other: Operand) -> Tensor:
    return pointwise(self, other)


@infers(*_QUOTIENTS)
def quotient(self: Operand, other: Operand) -> Tensor:
    return pointwise(self, other, dtype=float_dtype(result_dtype(self, other)))


@infers(*_overloads("div divide", "Tensor_mode", "Scalar_mode"))
def div_mode(self: Tensor, other: Operand, rounding_mode: str | None = None) -> Tensor:
    if rounding_mode not in (None, "floor", "trunc"):
        raise InferenceError(f"`rounding_mode` is {rounding_mode!r}, expected none, 'floor' or 'trunc'")
    return arithmetic(self, other) if rounding_mode else quotient(self, other)


@infers(*_COMPARISONS)
def comparison(self: Tensor, other: Operand) -> Tensor:
    return pointwise(self, other, dtype=dtypes.bool_)


@infers(*_overloads("pow", "Tensor_Tensor", "Tensor_Scalar", "Scalar"))
def pow(self: Operand, exponent: Operand) -> Tensor:
    return pointwise(self, exponent)


@infers(*_overloads("float_power", "Tensor_Tensor", "Tensor_Scalar", "Scalar"))
def float_power(self: Operand, exponent: Operand) -> Tensor:
    wide = result_dtype(self, exponent).kind is Kind.COMPLEX
    return pointwise(self, exponent, dtype=dtypes.complex128 if wide else dtypes.float64)


@infers("heaviside")
def heaviside(self: Tensor, values: Tensor) -> Tensor:
    return pointwise(self, values)


@infers("prelu", "_prelu_kernel")
def prelu(self: Tensor, weight: Tensor) -> Tensor:
    return self.like(dtype=promote(self.dtype, weight.dtype))


@infers("complex")
def complex(real: Tensor, imag: Tensor) -> Tensor:
    if real.dtype is not imag.dtype:
        raise InferenceError(f"`real` holds {real.dtype} and `imag` {imag.dtype}, expected the same dtype")
    return pointwise(real, imag, dtype=complex_dtype(real.dtype))


@infers("real", "imag")
def real(self: Tensor) -> Tensor:
    return tensor(real_dtype(self.dtype), self.sizes)


@infers("view_as_real", "view_as_real_copy")
def view_as_real(self: Tensor) -> Tensor:
    if self.dtype.kind is not Kind.COMPLEX:
        raise InferenceError(f"`self` holds {self.dtype}, expected complex numbers")
    return tensor(real_dtype(self.dtype), [*self.sizes, 2])


@infers("view_as_complex", "view_as_complex_copy")
def view_as_complex(self: Tensor) -> Tensor:
    if not self.rank or not same_size(self.sizes[-1], 2):
        raise InferenceError(f"`self` is {self}, expected a last dimension of size 2 (real and imaginary part)")
    return tensor(complex_dtype(self.dtype), self.sizes[:-1])


# Operators of three operands


@infers("clamp", "clamp.Tensor", "clip", "clip.Tensor")
def clamp(self: Tensor, min: Operand | None = None, max: Operand | None = None) -> Tensor:
    if min is None and max is None:
        raise InferenceError("`min` and `max` are both absent, expected at least one of them")
    return pointwise(self, min, max)


@infers("clamp_min", "clamp_min.Tensor")
def clamp_min(self: Tensor, min: Operand) -> Tensor:
    return pointwise(self, min)


@infers("clamp_max", "clamp_max.Tensor")
def clamp_max(self: Tensor, max: Operand) -> Tensor:
    return pointwise(self, max)


@infers(*_overloads("where", "self", "ScalarSelf", "ScalarOther", "Scalar"))
def where(condition: Tensor, self: Operand, other: Operand) -> Tensor:
    if condition.dtype not in (dtypes.bool_, dtypes.uint8):
        raise InferenceError(f"`condition` holds {condition.dtype}, expected bool")
    return pointwise(condition, self, other, dtype=result_dtype(self, other))


@infers("masked_fill.Scalar", "masked_fill.Tensor")
def masked_fill(self: Tensor, mask: Tensor, value: Operand) -> Tensor:
    if mask.dtype is not dtypes.bool_:
        raise InferenceError(f"`mask` holds {mask.dtype}, expected bool")
    if isinstance(value, Tensor) and value.rank:
        raise InferenceError(f"`value` has rank {value.rank}, expected a tensor of rank 0")
    return pointwise(self, mask, dtype=self.dtype)


@infers("addcmul", "addcdiv")
def addcmul(self: Tensor, tensor1: Tensor, tensor2: Tensor) -> Tensor:
    return pointwise(self, tensor1, tensor2)


@infers("lerp.Scalar", "lerp.Tensor")
def lerp(self: Tensor, end: Tensor, weight: Operand) -> Tensor:
    if self.dtype is not end.dtype:
        raise InferenceError(f"`self` holds {self.dtype} and `end` {end.dtype}, expected the same dtype")
    return pointwise(self, end, weight, dtype=self.dtype)


# Losses: elementwise, then summed or averaged unless `reduction` is 0


@infers("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "soft_margin_loss")
def loss(self: Tensor, target: Tensor, reduction: int = 1) -> Tensor:
    result = pointwise(self, target)
    return result if reduction == 0 else tensor(real_dtype(result.dtype), ())


@infers("binary_cross_entropy", "binary_cross_entropy_with_logits")
def binary_cross_entropy(self: Tensor, target: Tensor, weight: Tensor | None = None, reduction: int = 1) -> Tensor:
    result = pointwise(self, target, weight, dtype=self.dtype)
    return result if reduction == 0 else tensor(self.dtype, ())
