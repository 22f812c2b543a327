"""Arithmetic and functions of complex numbers, on their parts.

%z = aten.mul.Tensor(%x, %y)   complex     -->    re = a * c - b * d, im = a * d + b * c
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes_complex
from etc.transforms.decompositions.complex import (
    REAL_OF,
    Parts,
    both_parts,
    difference,
    is_complex,
    is_not_zero,
    join,
    overload_of,
    part_dtype,
    parts,
    total,
)

Product = Callable[[SSAValue, SSAValue], SSAValue]


def _product(build: AtenBuilder, a: Parts, b: Parts, product: Product) -> SSAValue:
    """The joined product of two pairs for any bilinear product."""

    def of(x: SSAValue | None, y: SSAValue | None) -> SSAValue | None:
        return None if x is None or y is None else product(x, y)

    re = difference(build, of(a[0], b[0]), of(a[1], b[1]))
    assert re is not None
    return join(build, re, total(build, of(a[0], b[1]), of(a[1], b[0])))


# ---- arithmetic ----------------------------------------------------------------------------------------------------


def _scaled(build: AtenBuilder, value: Parts, factor: Any, dtype: Dtype) -> Parts:
    if factor == 1:
        return value
    joined = _product(build, value, parts(build, factor, dtype), lambda x, y: build("mul.Tensor", x, y))
    return parts(build, joined)


@decomposes_complex("add.Tensor", "add.Scalar", "sub.Tensor", "sub.Scalar", "rsub.Scalar")
def add(build: AtenBuilder, self: SSAValue, other: Any, alpha: Any) -> SSAValue:
    """sums and differences part by part"""
    dtype = part_dtype(build)
    overload = overload_of(build)
    a, b = parts(build, self, dtype), parts(build, other, dtype)
    if overload.startswith("rsub"):
        a, b = b, a
    b = _scaled(build, b, alpha, dtype)
    combine = total if overload.startswith("add") else difference
    re, im = combine(build, a[0], b[0]), combine(build, a[1], b[1])
    wanted = list(build.type(build.results[0]).sizes)
    whole = [v if v is None or list(build.type(v).sizes) == wanted else build("expand", v, wanted) for v in (re, im)]
    assert whole[0] is not None
    return join(build, whole[0], whole[1])


@decomposes_complex("mul.Tensor", "mul.Scalar")
def mul(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """(a + i b) * (c + i d) -> (ac - bd) + i (ad + bc)"""
    dtype = part_dtype(build)
    return _product(
        build, parts(build, self, dtype), parts(build, other, dtype), lambda x, y: build("mul.Tensor", x, y)
    )


@decomposes_complex("square")
def square(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """square(z) -> z * z"""
    return build("mul.Tensor", self, self)


@decomposes_complex("div.Tensor", "div.Scalar")
def div(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """x / y -> x * reciprocal(y)"""
    dtype = part_dtype(build)
    a, b = parts(build, self, dtype), parts(build, other, dtype)
    if b[1] is None:
        return join(build, *(None if p is None else build("div.Tensor", p, b[0]) for p in a))  # pyright: ignore[reportArgumentType]
    return _product(build, a, _inverse(build, b[0], b[1]), lambda x, y: build("mul.Tensor", x, y))


def _inverse(build: AtenBuilder, re: SSAValue, im: SSAValue) -> Parts:
    """1 / z with z scaled by its larger part, so that nothing overflows."""
    largest = build("maximum", build("abs", re), build("abs", im))
    a, b = (build("div.Tensor", part, largest) for part in (re, im))
    size = build("mul.Tensor", _squares(build, a, b), largest)
    return build("div.Tensor", a, size), build("neg", build("div.Tensor", b, size))


def _squares(build: AtenBuilder, re: SSAValue, im: SSAValue) -> SSAValue:
    return build("add.Tensor", *(build("mul.Tensor", part, part) for part in (re, im)))


@decomposes_complex("reciprocal")
def reciprocal(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """1 / z"""
    return join(build, *_inverse(build, *both_parts(build, self)))


@decomposes_complex("mm", "bmm")
def mm(build: AtenBuilder, self: SSAValue, mat2: SSAValue) -> SSAValue:
    """four products of real matrices"""
    overload = "mm" if build.type(self).rank == 2 else "bmm"
    return _product(build, parts(build, self), parts(build, mat2), lambda x, y: build(overload, x, y))


@decomposes_complex("addmm")
def addmm(build: AtenBuilder, self: SSAValue, mat1: SSAValue, mat2: SSAValue, beta: Any, alpha: Any) -> SSAValue:
    """addmm(c, a, b) -> beta * c + alpha * mm(a, b)"""
    product, start = build("mm", mat1, mat2), self if beta == 1 else build("mul.Scalar", self, beta)
    return build("add.Tensor", start, product if alpha == 1 else build("mul.Scalar", product, alpha))


# ---- functions -----------------------------------------------------------------------------------------------------


@decomposes_complex("abs")
def abs(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """abs(z) -> hypot(re, im)"""
    return build("hypot", *both_parts(build, self))


@decomposes_complex("angle")
def angle(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """angle(z) -> atan2(im, re)"""
    re, im = both_parts(build, self)
    return build("atan2", im, re)


@decomposes_complex("sgn")
def sgn(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """sgn(z) -> z / abs(z), and 0 for 0"""
    re, im = both_parts(build, self)
    size = build("hypot", re, im)
    safe = build("where.self", build("eq.Scalar", size, 0), build("ones_like", size), size)
    return join(build, *(build("div.Tensor", part, safe) for part in (re, im)))


@decomposes_complex("exp")
def exp(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(z) -> polar(exp(re), im)"""
    re, im = both_parts(build, self)
    return build("polar", build("exp", re), im)


@decomposes_complex("log")
def log(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """log(z) -> log(abs(z)) + i angle(z)"""
    return join(build, build("log", build("abs", self)), build("angle", self))


@decomposes_complex("sqrt")
def sqrt(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """sqrt(z) -> w + i im / 2w for re >= 0, else |im| / 2w + i sign(im) w, where w = sqrt((|z| + |re|) / 2)"""
    re, im = both_parts(build, self)
    length = build("abs", im)
    halves = (build("mul.Scalar", part, 0.5) for part in (build("hypot", re, im), build("abs", re)))
    larger = build("sqrt", build("add.Tensor", *halves))
    ratio = build("mul.Scalar", build("div.Tensor", length, larger), 0.5)
    smaller = build("masked_fill.Scalar", ratio, build("eq.Scalar", larger, 0), 0)
    left = build("lt.Scalar", re, 0)
    size = build("where.self", left, larger, smaller)
    signed = build("where.self", build("lt.Scalar", im, 0), build("neg", size), size)
    return join(build, build("where.self", left, smaller, larger), signed)


@decomposes_complex("cosh", "sinh", "cos", "sin")
def circular(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """cosh(a + ib) = cosh(a) cos(b) + i sinh(a) sin(b), and so on"""
    name = overload_of(build)
    re, im = both_parts(build, self)
    hyperbolic = name.endswith("h")
    size, turn = (re, im) if hyperbolic else (im, re)
    ch, sh, c, s = build("cosh", size), build("sinh", size), build("cos", turn), build("sin", turn)
    if name == "cosh":
        return join(build, build("mul.Tensor", ch, c), build("mul.Tensor", sh, s))
    if name == "sinh":
        return join(build, build("mul.Tensor", sh, c), build("mul.Tensor", ch, s))
    if name == "cos":
        return join(build, build("mul.Tensor", c, ch), build("neg", build("mul.Tensor", s, sh)))
    return join(build, build("mul.Tensor", s, ch), build("mul.Tensor", c, sh))


@decomposes_complex("pow.Tensor_Scalar")
def power(build: AtenBuilder, self: SSAValue, exponent: Any) -> SSAValue:
    """z^n for small whole n by products, else exp(n log(z))"""
    if exponent == int(exponent.real) and 1 <= exponent.real <= 8:
        result = self
        for _ in range(int(exponent.real) - 1):
            result = build("mul.Tensor", result, self)
        return result
    return build("exp", build("mul.Scalar", build("log", self), exponent))


@decomposes_complex("eq.Tensor", "eq.Scalar", "ne.Tensor", "ne.Scalar")
def equal(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """both parts are equal"""
    a, b = both_parts(build, self), both_parts(build, other)
    same = build("logical_and", *(build("eq.Tensor", x, y) for x, y in zip(a, b, strict=True)))
    return build("logical_not", same) if overload_of(build).startswith("ne") else same


@decomposes_complex("logical_not")
def logical_not(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """neither part differs from 0"""
    return build("logical_not", is_not_zero(build, self))


@decomposes_complex("any", "any.dim", "any.dims", "logical_and", "logical_or", "logical_xor")
def of_truth(build: AtenBuilder, **arguments: Any) -> SSAValue:
    """whether numbers differ from 0, and on with that"""
    changed = {n: is_not_zero(build, v) if is_complex(build, v) else v for n, v in arguments.items()}
    return build(overload_of(build), **changed)


@decomposes_complex("isnan", "isinf")
def in_either(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """either part is"""
    return build("logical_or", *(build(overload_of(build), part) for part in both_parts(build, self)))


@decomposes_complex("linalg_vector_norm")
def vector_norm(build: AtenBuilder, self: SSAValue, **arguments: Any) -> SSAValue:
    """norm(z) -> norm(abs(z))"""
    dtype = arguments.pop("dtype", None)
    return build("linalg_vector_norm", build("abs", self), dtype=REAL_OF.get(dtype, dtype), **arguments)
