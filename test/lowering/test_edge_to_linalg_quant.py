"""The quant dialect in C, held against its oracle: integers bit by bit, and quantised reals too."""

from __future__ import annotations

import pytest
from c_cases import assert_all_covered
from c_harness import CPrograms
from quant_cases import cases

from etc.dialects import quant

CASES = cases()


@pytest.fixture(scope="module")
def compiled() -> CPrograms:
    return CPrograms(CASES)


def test_every_operator_has_a_case():
    assert_all_covered(quant.OPERATIONS, CASES, {quant.ObserveOp})


@pytest.mark.parametrize("name", CASES)
def test_c_is_the_oracle(compiled: CPrograms, name: str):
    compiled.check(name)
