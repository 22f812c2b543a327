"""Pointwise arithmetic, comparisons and selections in terms of core ones."""

from __future__ import annotations

import math
import sys
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype, Kind
from etc.dialects.infer import promotion
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast

_HIGHEST = {
    dtypes.float16: 65504.0,
    dtypes.bfloat16: (2 - 2**-7) * 2.0**127,
    dtypes.float32: (2 - 2**-23) * 2.0**127,
    dtypes.float64: sys.float_info.max,
}
"""The highest finite number of each floating-point type."""


def _is_float(build: AtenBuilder, value: SSAValue) -> bool:
    return build.type(value).dtype.is_float


def _suffix(other: Any) -> str:
    """The overload for an operand: `Tensor`, or `Scalar` for a number."""
    return "Tensor" if isinstance(other, SSAValue) else "Scalar"


def scaled(build: AtenBuilder, value: SSAValue, factor: Any) -> SSAValue:
    """factor * value, and value for the factor 1"""
    return value if factor == 1 else build("mul.Scalar", value, factor)


@decomposes("square")
def square(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """square(x) -> x * x"""
    return build("mul.Tensor", self, self)


@decomposes("rsub.Scalar", "rsub.Tensor")
def rsub(build: AtenBuilder, self: SSAValue, other: Any, alpha: float) -> SSAValue:
    """rsub(x, y) -> y - alpha * x"""
    subtrahend = scaled(build, self, alpha)
    if isinstance(other, SSAValue):
        return build("sub.Tensor", other, subtrahend)
    return build("add.Scalar", build("neg", subtrahend), other)


@decomposes("addcmul")
def addcmul(build: AtenBuilder, self: SSAValue, tensor1: SSAValue, tensor2: SSAValue, value: float) -> SSAValue:
    """addcmul(x, a, b, v) -> x + v * (a * b)"""
    return build("add.Tensor", self, scaled(build, build("mul.Tensor", tensor1, tensor2), value))


@decomposes("addcdiv")
def addcdiv(build: AtenBuilder, self: SSAValue, tensor1: SSAValue, tensor2: SSAValue, value: float) -> SSAValue:
    """addcdiv(x, a, b, v) -> x + v * (a / b)"""
    return build("add.Tensor", self, scaled(build, build("div.Tensor", tensor1, tensor2), value))


@decomposes("lerp.Scalar", "lerp.Tensor")
def lerp(build: AtenBuilder, self: SSAValue, end: SSAValue, weight: Any) -> SSAValue:
    """lerp(x, y, w) -> x + w * (y - x)"""
    return build("add.Tensor", self, build(f"mul.{_suffix(weight)}", build("sub.Tensor", end, self), weight))


@decomposes("clamp_min", "clamp_max")
def clamp_one_end(build: AtenBuilder, self: SSAValue, **limits: Any) -> SSAValue:
    """clamp_min(x, a) -> clamp(x, a, None), clamp_max(x, b) -> clamp(x, None, b)"""
    return build("clamp", self, limits.get("min"), limits.get("max"))


@decomposes("clamp")
def clamp(build: AtenBuilder, self: SSAValue, min: float | None, max: float | None) -> SSAValue | None:
    """clamp(i, 0.5, 1.5) -> clamp(_to_copy(i, float32), 0.5, 1.5) for integers between fractions"""
    wanted = build.type(build.results[0]).dtype
    return None if build.type(self).dtype is wanted else build("clamp", cast(build, self, wanted), min, max)


@decomposes("clamp_min.Tensor")
def clamp_min(build: AtenBuilder, self: SSAValue, min: SSAValue) -> SSAValue:
    """clamp_min(x, a) -> maximum(x, a)"""
    return build("maximum", self, min)


@decomposes("clamp_max.Tensor")
def clamp_max(build: AtenBuilder, self: SSAValue, max: SSAValue) -> SSAValue:
    """clamp_max(x, b) -> minimum(x, b)"""
    return build("minimum", self, max)


@decomposes("fmax")
def fmax(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """fmax(x, y) -> where(isnan(x), y, where(isnan(y), x, maximum(x, y)))"""
    return _ignoring_nan(build, "maximum", self, other)


@decomposes("fmin")
def fmin(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """fmin(x, y) -> where(isnan(x), y, where(isnan(y), x, minimum(x, y)))"""
    return _ignoring_nan(build, "minimum", self, other)


def _ignoring_nan(build: AtenBuilder, overload: str, a: SSAValue, b: SSAValue) -> SSAValue:
    result = build(overload, a, b)
    if _is_float(build, b):
        result = build("where.self", build("isnan", b), a, result)
    return build("where.self", build("isnan", a), b, result) if _is_float(build, a) else result


@decomposes("remainder.Scalar", "remainder.Tensor")
def integer_remainder(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue | None:
    """remainder(x, y) -> x - floor(x / y) * y for integers, where the stock runtime's kernel takes the sign of x"""
    if not build.result_dtype(self, other).is_integer:
        return None
    kind = _suffix(other)
    whole = build(f"div.{kind}_mode", self, other, rounding_mode="floor")
    return build("sub.Tensor", self, build(f"mul.{kind}", whole, other))


@decomposes("floor_divide", "floor_divide.Scalar")
def floor_divide(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """floor_divide(x, y) -> div(x, y, rounding_mode="floor")"""
    return build(f"div.{_suffix(other)}_mode", self, other, rounding_mode="floor")


@decomposes("bitwise_left_shift.Tensor", "bitwise_left_shift.Tensor_Scalar", "__lshift__.Tensor", "__lshift__.Scalar")
def left_shift(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue | None:
    """x << n -> x * 2^n"""
    if isinstance(other, SSAValue):
        return build("mul.Tensor", self, build("pow.Scalar", 2, other))
    return build("mul.Scalar", self, 2**other) if isinstance(other, int) else None


@decomposes("bitwise_right_shift.Tensor", "bitwise_right_shift.Tensor_Scalar", "__rshift__.Tensor", "__rshift__.Scalar")
def right_shift(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue | None:
    """x >> n -> floor(x / 2^n)"""
    if isinstance(other, SSAValue):
        return build("div.Tensor_mode", self, build("pow.Scalar", 2, other), rounding_mode="floor")
    return build("div.Scalar_mode", self, 2**other, rounding_mode="floor") if isinstance(other, int) else None


@decomposes("exp2")
def exp2(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp2(x) -> 2^x"""
    return build("pow.Scalar", 2.0, self)


@decomposes("ldexp.Tensor")
def ldexp(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """ldexp(x, n) -> x * 2^n"""
    return build("mul.Tensor", self, build("pow.Scalar", 2.0, other))


@decomposes("erfc")
def erfc(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """erfc(x) -> 1 - erf(x)"""
    return build("add.Scalar", build("neg", build("erf", self)), 1)


@decomposes("hypot")
def hypot(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """hypot(x, y) -> a * sqrt(1 + (b / a)^2), a the larger of |x| and |y|, so that nothing overflows"""
    sizes = build("abs", self), build("abs", other)
    larger, smaller = build("maximum", *sizes), build("minimum", *sizes)
    ratio = build("masked_fill.Scalar", build("div.Tensor", smaller, larger), build("eq.Tensor", smaller, larger), 1)
    return build("mul.Tensor", larger, build("sqrt", build("add.Scalar", square(build, ratio), 1)))


@decomposes("frac")
def frac(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """frac(x) -> x - trunc(x)"""
    return build("sub.Tensor", self, build("trunc", self))


@decomposes("round.decimals")
def round_decimals(build: AtenBuilder, self: SSAValue, decimals: int) -> SSAValue:
    """round(x, d) -> round(x * 10^d) / 10^d"""
    if decimals == 0:
        return build("round", self)
    there, back = ("mul.Scalar", "div.Scalar") if decimals > 0 else ("div.Scalar", "mul.Scalar")
    power = float(10 ** abs(decimals))
    return build(back, build("round", build(there, self, power)), power)


@decomposes("signbit")
def signbit(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """signbit(x) -> x < 0 or 1 / x < 0, which says it of -0.0 too"""
    negative = build("lt.Scalar", self, 0)
    if not _is_float(build, self):
        return negative
    return build("logical_or", negative, build("lt.Scalar", build("reciprocal", self), 0))


@decomposes("angle")
def angle(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """angle(x) -> where(x < 0, pi, 0) for real numbers, and NaN for NaN"""
    known = build.type(self).dtype
    if known.kind is Kind.COMPLEX:
        return None
    real = promotion.float_dtype(known)
    turned = build("where.self", build("lt.Scalar", self, 0), build.constant(math.pi, real), build.constant(0, real))
    return build("where.self", build("isnan", self), self, turned) if known.is_float else turned


@decomposes("copysign.Tensor")
def copysign(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """copysign(x, y) -> where(signbit(y), -abs(x), abs(x))"""
    size = build("abs", cast(build, self, promotion.float_dtype(build.result_dtype(self, other))))
    return build("where.self", signbit(build, other), build("neg", size), size)


@decomposes("copysign.Scalar")
def copysign_number(build: AtenBuilder, self: SSAValue, other: float) -> SSAValue:
    """copysign(x, y) -> -abs(x) or abs(x)"""
    size = build("abs", cast(build, self, promotion.float_dtype(build.type(self).dtype)))
    return build("neg", size) if math.copysign(1, other) < 0 else size


@decomposes("logaddexp")
def logaddexp(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """logaddexp(x, y) -> max(x, y) + log1p(exp(-abs(x - y)))"""
    return _log_of_sum(build, self, other, "exp", 1)


@decomposes("logaddexp2")
def logaddexp2(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """logaddexp2(x, y) -> max(x, y) + log1p(2^-abs(x - y)) / log(2)"""
    return _log_of_sum(build, self, other, "exp2", 1 / math.log(2))


def _log_of_sum(build: AtenBuilder, a: SSAValue, b: SSAValue, power: str, per_unit: float) -> SSAValue:
    """The difference of equal operands, infinite ones too, counts as 0."""
    distance = build("neg", build("abs", build("sub.Tensor", a, b)))
    zero = build.constant(0, build.type(distance).dtype)
    distance = build("where.self", build("eq.Tensor", a, b), zero, distance)
    rest = scaled(build, build("log1p", build(power, distance)), per_unit)
    return build("add.Tensor", build("maximum", a, b), rest)


@decomposes("logit")
def logit(build: AtenBuilder, self: SSAValue, eps: float | None) -> SSAValue:
    """logit(x) -> log(x / (1 - x)), with x clamped to [eps, 1 - eps]"""
    inside = self if eps is None else build("clamp", self, eps, 1 - eps)
    rest = build("add.Scalar", build("neg", inside), 1)
    return build("log", build("div.Tensor", inside, rest))


@decomposes("isfinite")
def isfinite(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """isfinite(x) -> not (isnan(x) or isinf(x))"""
    return build("logical_not", build("logical_or", build("isnan", self), build("isinf", self)))


@decomposes("nan_to_num")
def nan_to_num(
    build: AtenBuilder, self: SSAValue, nan: float | None, posinf: float | None, neginf: float | None
) -> SSAValue | None:
    """nan_to_num(x) -> clamp(where(isnan(x), 0, x), lowest number, highest number), wheres for other replacements"""
    dtype = build.type(self).dtype
    if dtype.kind < Kind.FLOAT:
        return self
    if dtype.kind is Kind.COMPLEX:
        return None
    known = build("where.self", build("isnan", self), build.constant(nan or 0.0, dtype), self)
    for limit, replacement in ((math.inf, posinf), (-math.inf, neginf)):
        if replacement is not None:
            constant = build.constant(replacement, dtype)
            known = build("where.self", build("eq.Scalar", self, limit), constant, known)
    if posinf is not None and neginf is not None:
        return known
    highest = _HIGHEST[dtype]
    return build("clamp", known, -highest if neginf is None else None, highest if posinf is None else None)


@decomposes("masked_fill.Scalar", "masked_fill.Tensor")
def masked_fill(build: AtenBuilder, self: SSAValue, mask: SSAValue, value: Any) -> SSAValue:
    """masked_fill(x, m, v) -> where(m, v, x)"""
    dtype = build.type(self).dtype
    filling = cast(build, value, dtype) if isinstance(value, SSAValue) else build.constant(value, dtype)
    return build("where.self", mask, filling, self)


@decomposes("fill.Tensor")
def fill(build: AtenBuilder, self: SSAValue, value: SSAValue) -> SSAValue:
    """fill(x, v) -> expand(v, sizes of x)"""
    known = build.type(self)
    return build("expand", cast(build, value, known.dtype), list(known.sizes))


@decomposes("where.ScalarSelf", "where.ScalarOther", "where.Scalar")
def where_number(build: AtenBuilder, condition: SSAValue, self: Any, other: Any) -> SSAValue:
    """where(c, 1.0, y) -> where(c, full([], 1.0), y), the number in the dtype that torch promotes to"""
    dtype: Dtype = build.result_dtype(self, other)
    lifted = [v if isinstance(v, SSAValue) else build.constant(v, dtype) for v in (self, other)]
    return build("where.self", condition, *lifted)


@decomposes("isin.Tensor_Tensor")
def isin(build: AtenBuilder, elements: SSAValue, test_elements: SSAValue, invert: bool) -> SSAValue:
    """isin(x, t) -> any(unsqueeze(x) == view(t, [-1]))"""
    flat = build("view", test_elements, [build.type(test_elements).numel])
    found = build("any.dim", build("eq.Tensor", build("unsqueeze", elements, -1), flat), -1)
    return build("logical_not", found) if invert else found


@decomposes("isin.Tensor_Scalar")
def isin_number(build: AtenBuilder, elements: SSAValue, test_element: Any, invert: bool) -> SSAValue:
    """isin(x, v) -> x == v"""
    return build("ne.Scalar" if invert else "eq.Scalar", elements, test_element)


@decomposes("bucketize.Tensor", "searchsorted.Tensor")
def bucketize(build: AtenBuilder, self: SSAValue, out_int32: bool, right: bool, **rest: Any) -> SSAValue | None:
    """bucketize(x, boundaries) -> sum(boundaries < unsqueeze(x)), with <= when `right`"""
    boundaries: SSAValue = rest["boundaries"] if "boundaries" in rest else rest["sorted_sequence"]
    if rest.get("sorter") is not None:
        boundaries = build("gather", boundaries, -1, rest["sorter"])
    if build.type(boundaries).rank > 1:
        boundaries = build("unsqueeze", boundaries, -2)
    below = "le.Tensor" if right or rest.get("side") == "right" else "lt.Tensor"
    is_below = build(below, boundaries, build("unsqueeze", self, -1))
    return build("sum.dim_IntList", is_below, [-1], dtype=dtypes.int32 if out_int32 else dtypes.int64)
