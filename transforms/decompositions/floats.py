"""The parts of floating-point numbers, by arithmetic: exponents and neighbours."""

from __future__ import annotations

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.real import Real, finished, real

_FORMATS = {"float16": (10, -14), "bfloat16": (7, -126), "float32": (23, -126), "float64": (52, -1022)}
"""By type: bits of the fraction, and the exponent of the smallest normal number."""


def _power_of_two(exponent: Real) -> Real:
    return Real(exponent.build, exponent.build("pow.Scalar", 2.0, exponent.value))


def _exponent(size: Real) -> Real:
    """floor(log2(x)) of positive numbers: the logarithm, which is rounded, and a look at whether it went too far."""
    guess = size.of("log2").of("floor")
    power = _power_of_two(guess)
    one = guess * 0.0 + 1.0
    above = (size < power).where(-one, one * 0.0)
    return guess + above + (size < power * 2.0).where(0.0, one)


@decomposes("frexp.Tensor")
def frexp(build: AtenBuilder, self: SSAValue) -> list[SSAValue]:
    """x -> (m, e) with x = m * 2^e and 1/2 <= abs(m) < 1; x and 0 where x is 0, infinite or NaN"""
    x = real(build, self)
    is_plain = (abs(x) > 0.0) & x.of("isinf").of("logical_not")
    exponent = _exponent(is_plain.where(abs(x), 1.0)) + 1.0
    half = (exponent * 0.5).of("floor")  # the whole power may be out of range
    mantissa = x * _power_of_two(-half) * _power_of_two(half - exponent)
    return [finished(is_plain.where(mantissa, x)), is_plain.where(exponent, 0.0).to(dtypes.int32).value]


@decomposes("nextafter")
def nextafter(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """the neighbour of x in the direction of y: a unit in the last place away, half of one below a power of two"""
    fraction, lowest = _FORMATS[build.type(build.results[0]).dtype.name]
    x, y = real(build, self), real(build, other)
    size = abs(x)
    is_plain = (size > 0.0) & x.of("isinf").of("logical_not")
    exponent = _exponent(is_plain.where(size, 1.0))
    inwards = (y < x) & (x > 0.0)
    inwards = inwards.of("logical_or", (y > x) & (x < 0.0))
    is_power = size.equals(_power_of_two(exponent))
    exponent = (inwards & is_power).where(exponent - 1.0, exponent).of("clamp", float(lowest))
    step = _power_of_two(exponent - float(fraction))
    step = is_plain.where(step, 2.0 ** (lowest - fraction))
    found = (y > x).where(x + step, x - step)
    highest = (2.0 - 2.0**-fraction) * 2.0 ** (1 - lowest)
    found = (x.of("isinf") & inwards).where(x.of("sign") * highest, found)
    found = x.equals(y).where(y, found)
    is_nan = x.of("isnan").of("logical_or", y.of("isnan"))
    return finished(is_nan.where(float("nan"), found))
