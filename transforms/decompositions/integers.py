"""Arithmetic of integers that the stock runtime computes in floating point, or not at all: powers, common divisors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import mul
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Kind
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.real import Real
from etc.transforms.decompositions.real_loops import repeat_while


def _whole(build: AtenBuilder, value: Any) -> Real:
    """An integer tensor or a number, in 64 bits, in the sizes of the result."""
    sizes = list(build.type(build.results[0]).sizes)
    if not isinstance(value, SSAValue):
        return Real(build, build("full", sizes, value, dtype=dtypes.int64))
    return Real(build, value).to(dtypes.int64).of("expand", sizes)


def _is_integer(build: AtenBuilder) -> bool:
    return build.type(build.results[0]).dtype.kind is Kind.INT


@decomposes("pow.Tensor_Scalar")
def power_of_number(build: AtenBuilder, self: SSAValue, exponent: Any) -> SSAValue | None:
    """x^n of integers: products of x, x * x, x^4, …"""
    if not _is_integer(build) or not isinstance(exponent, int) or exponent < 0:
        return None
    base = Real(build, self).to(build.type(build.results[0]).dtype)
    factors: list[Real] = []
    while exponent:
        if exponent & 1:
            factors.append(base)
        if exponent := exponent >> 1:
            base = base * base
    return reduce(mul, factors).value if factors else build("full_like", self, 1)


@decomposes("pow.Tensor_Tensor", "pow.Scalar")
def power(build: AtenBuilder, self: Any, exponent: SSAValue) -> SSAValue | None:
    """x^n of integers, exact modulo 2^64, by repeated squaring; 1 / x^n rounds to zero"""
    if not _is_integer(build) or self == 2:  # for powers of 2 floating point is exact
        return None
    x, n = _whole(build, self), _whole(build, exponent)

    def step(carried: Sequence[Real], captured: Sequence[Real]) -> Sequence[Real]:
        power, base, rest = carried
        power = rest.of("bitwise_and.Scalar", 1).equals(0).where(power, power * base)
        return power, base * base, rest.of("div.Scalar_mode", 2, "floor")

    one = x * 0 + 1
    found = repeat_while((one, x, n), (), lambda carried, _: carried[2] > 0, step)[0]
    parity = one - n.of("bitwise_and.Scalar", 1) * 2
    inverse = abs(x).equals(1).where((x < 0).where(parity, one), 0)
    return (n < 0).where(inverse, found).to(build.type(build.results[0]).dtype).value


def _common_divisor(a: Real, b: Real) -> Real:
    """By Euclid's algorithm."""

    def step(carried: Sequence[Real], captured: Sequence[Real]) -> Sequence[Real]:
        a, b = carried
        is_done = b.equals(0)
        rest = a.of("remainder.Tensor", is_done.where(1, b))
        return is_done.where(a, b), is_done.where(0, rest)

    return repeat_while((abs(a), abs(b)), (), lambda carried, _: carried[1] > 0, step)[0]


@decomposes("gcd")
def greatest_common_divisor(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """gcd(x, y), positive"""
    found = _common_divisor(_whole(build, self), _whole(build, other))
    return found.to(build.type(build.results[0]).dtype).value


@decomposes("lcm")
def least_common_multiple(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """lcm(x, y) -> abs(x / gcd(x, y) * y)"""
    a, b = _whole(build, self), _whole(build, other)
    divisor = _common_divisor(a, b)
    share = a.of("div.Tensor_mode", divisor.equals(0).where(1, divisor), "trunc")
    return abs(share * b).to(build.type(build.results[0]).dtype).value
