"""Numbers scaled by integers, in the fewest bits that give the result exactly."""

from __future__ import annotations

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.lowering.edge_to_linalg.scalars import Scalar

_SPARE = 30
"""Bits of the upper half of a product of two int32, with a sign: from -2^30 to 2^30."""


def scaled(x: Scalar, multiplier: Scalar, shift: int | Scalar, zero_point: int, low: int, high: int) -> Scalar:
    """clamp(((x * multiplier + 2^(shift - 1)) >> shift) + zero_point, low, high), of int32 numbers, as int32.

    `multiplier` is not negative. A shift that is known and more than 32 needs no more of the product of 64 bits than
    its upper half: what is rounded away below has no influence.
    """
    wide = x.cast(dtypes.int64) * multiplier.cast(dtypes.int64)
    if isinstance(shift, int) and shift > 32:
        rest = shift - 32
        upper = wide.shift_right(32).cast(dtypes.int32)
        return rounded(upper, rest, zero_point, low, high, most=1 << _SPARE)
    by = wide.like(shift) if isinstance(shift, int) else shift.cast(dtypes.int64)
    half = wide.like(1).shift_left(by - 1) if isinstance(shift, Scalar) else wide.like(1 << (shift - 1))
    total = (wide + half).shift_right(by)
    return clamped(total + zero_point, low, high).cast(dtypes.int32)


def rounded(x: Scalar, shift: int, zero_point: int, low: int, high: int, *, most: int) -> Scalar:
    """clamp(((x + 2^(shift - 1)) >> shift) + zero_point, low, high) of a number that is at most `most` away from 0.

    The zero point is added before the shift, with the rounding, where that cannot overflow.
    """
    limit = (1 << (8 * x.dtype.size - 1)) - 1
    half, moved = 1 << (shift - 1), zero_point << shift
    if most + abs(half + moved) <= limit:
        return clamped((x + (half + moved)).shift_right(shift), low, high)
    return clamped((x + half).shift_right(shift) + zero_point, low, high)


def clamped(x: Scalar, low: int, high: int) -> Scalar:
    return x.maximum(low).minimum(high)


def dtype_for(most: int) -> Dtype:
    """What holds numbers that are at most `most` away from 0: 32 bits if possible."""
    return dtypes.int32 if most < 1 << 31 else dtypes.int64
