"""The quant dialect in C, held against its oracle: integers bit by bit, and quantised reals too."""

from __future__ import annotations

from pathlib import Path

import pytest
from c_cases import assert_all_covered
from c_harness import CPrograms, module_of, to_loops
from quant_cases import cases

from etc.dialects import quant
from etc.emit.c import emit_c
from etc.runtime.targets.arrays import from_torch
from etc.runtime.targets.programs import open_program

CASES = cases()


@pytest.fixture(scope="module")
def compiled() -> CPrograms:
    return CPrograms(CASES)


def test_every_operator_has_a_case():
    assert_all_covered(quant.OPERATIONS, CASES, {quant.ObserveOp})


def test_nothing_is_undefined(tmp_path: Path):
    """Integers overflow nowhere, and shifts are within widths: what the compiler's sanitizers look for."""
    integers = {name: each for name, each in CASES.items() if not each.inputs[0].is_floating_point()}
    lowered = module_of(integers)
    to_loops(lowered)
    for name, text in emit_c(lowered, "cases").files.items():
        (tmp_path / name).write_text(text)
    program = open_program(tmp_path, "host-sanitized")
    for name, each in integers.items():
        program.call(name, [from_torch(x) for x in each.inputs])


@pytest.mark.parametrize("name", CASES)
def test_c_is_the_oracle(compiled: CPrograms, name: str):
    compiled.check(name)
