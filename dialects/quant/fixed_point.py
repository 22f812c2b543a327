"""Real factors as integers: `x * real` is `(x * multiplier + 2^(shift - 1)) >> shift` with one rounding, halves up.

    multiplier = round(real * 2^shift)      |multiplier / 2^shift - real| <= 2^-(shift + 1)

So the scaled number is off by at most `|x| * 2^-(shift + 1) + 1/2`, of which 1/2 is the rounding of the result: with 31
bits of multiplier a sum of 2^24 whose result has 8 bits is rounded wrongly only within 2^-23 of a tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import frexp, isfinite, ldexp

MULTIPLIER_BITS = 31
MIN_SHIFT, MAX_SHIFT = 1, 62


def multiplier_and_shift(real: float) -> tuple[int, int]:
    """The multiplier, in [2^30, 2^31) unless the shift is at an end of [1, 62], and the shift that stand for `real`.

    A factor below 2^-63 becomes multiplier 0. Raises ValueError unless 0 <= real < 2^30.
    """
    (multiplier,), shift = multipliers_and_shift([real])
    return multiplier, shift


def multipliers_and_shift(reals: Sequence[float]) -> tuple[list[int], int]:
    """Multipliers with one shift for all of `reals`: the largest has 31 bits, a factor 2^-n of it n bits less.

    A shift that is the same for all channels is a number in the generated code, which needs no shifts of 64 bits then.
    The error bound is the same for all: `|x| * 2^-(shift + 1)` before rounding, negligible for every channel that fills
    its range, as the scaled numbers of all channels go into the same integers. Raises ValueError unless all are in
    [0, 2^30).
    """
    largest = max(reals)
    if not all(isfinite(real) and real >= 0 for real in reals):
        raise ValueError(f"factors are finite and not negative, found {', '.join(map(str, reals))}")
    shift = min(max(MULTIPLIER_BITS - frexp(largest)[1], MIN_SHIFT), MAX_SHIFT) if largest else MAX_SHIFT
    if round(ldexp(largest, shift)) >= 1 << MULTIPLIER_BITS:  # it rounds up to 2^31, or is too large at all
        shift -= 1
    if shift < MIN_SHIFT:
        raise ValueError(f"factors are below 2^{MULTIPLIER_BITS - MIN_SHIFT}, found {largest}")
    return [round(ldexp(real, shift)) for real in reals], shift
