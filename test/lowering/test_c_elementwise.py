"""Unary, binary and creating operators, activations and selection: in C as in torch."""

from __future__ import annotations

import pytest
from c_cases_elementwise import CASES
from c_harness import CPrograms


@pytest.fixture(scope="module")
def programs() -> CPrograms:
    return CPrograms(CASES)


@pytest.mark.parametrize("name", CASES)
def test_in_c_as_in_torch(name: str, programs: CPrograms) -> None:
    programs.check(name)
