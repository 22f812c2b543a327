"""Loops whose carried values are `Real`s: so many steps, or as many as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from etc.dialects import dtypes
from etc.transforms.aten_loops import Values, scan, while_loop
from etc.transforms.decompositions.real import Real

Step = Callable[[Sequence[Real], Real, Sequence[Real]], Sequence[Real]]
"""(carried values, number of the step as a tensor of rank 0, captured values) -> next carried values"""


def repeat(
    count: int, init: Sequence[Real], captured: Sequence[Real], step: Step, *, backwards: bool = False
) -> list[Real]:
    """What is carried after the steps 0 … count - 1, or count - 1 … 0: written out when there are few, or a loop."""
    build = init[0].build
    if count <= build.unroll:
        for k in reversed(range(count)) if backwards else range(count):
            init = step(init, Real(build, build.constant(k, dtypes.int64)), captured)
        return list(init)

    def combine(carried: Values, slices: Values, captures: Values) -> tuple[Values, Values]:
        values, (k,), rest = ([Real(build, v) for v in part] for part in (carried, slices, captures))
        return [v.value for v in step(values, k, rest)], []

    start, end, by = (count - 1, -1, -1) if backwards else (0, count, 1)
    numbers = build("arange.start_step", start, end, by, dtype=dtypes.int64)
    last, _ = scan(build, [v.value for v in init], [numbers], [v.value for v in captured], combine)
    return [Real(build, v) for v in last]


def repeat_while(
    init: Sequence[Real],
    captured: Sequence[Real],
    condition: Callable[[Sequence[Real], Sequence[Real]], Real],
    step: Callable[[Sequence[Real], Sequence[Real]], Sequence[Real]],
) -> list[Real]:
    """What is carried when `condition` is true of no element any more."""
    build = init[0].build

    def reals(values: Values) -> list[Real]:
        return [Real(build, v) for v in values]

    last = while_loop(
        build,
        [v.value for v in init],
        [v.value for v in captured],
        lambda carried, captures: condition(reals(carried), reals(captures)).of("any").value,
        lambda carried, captures: [v.value for v in step(reals(carried), reals(captures))],
    )
    return reals(last)
