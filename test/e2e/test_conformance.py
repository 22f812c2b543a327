"""A slice of PyTorch's operator database on the stock runtime; `make conformance` runs all of it."""

from __future__ import annotations

import pytest

from benchmarks.conformance.evaluate import GOOD, Outcome, Status
from benchmarks.conformance.slice import SLICE

pytest.importorskip("executorch")


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    from benchmarks.conformance.__main__ import run
    from benchmarks.conformance.samples import tasks

    return run(tasks(SLICE, ("float32", "int64")), count=2, jobs=1)


def test_every_operator_of_the_slice_exists(outcomes: list[Outcome]) -> None:
    assert {outcome.op for outcome in outcomes} >= set(SLICE)


def test_what_is_compiled_is_right(outcomes: list[Outcome]) -> None:
    bad = {Status.WRONG, Status.LOAD, Status.RUN, Status.CRASHED}
    assert not [o for o in outcomes if o.status in bad]


def test_nothing_is_refused(outcomes: list[Outcome]) -> None:
    assert not [o for o in outcomes if o.status not in (*GOOD, Status.NOT_EXPORTED)]
