"""One in twelve of the operators' cases under sanitizers of memory and of arithmetic; `make sanitize` runs all."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from c_harness import Case, CPrograms, resized

from etc.errors import EtcError
from etc.runtime.targets.target import SANITIZED

FILES = sorted(file.stem for file in Path(__file__).parent.glob("test_edge_to_linalg_*.py"))
ONE_IN = 12


def _cases() -> dict[str, Case]:
    every = [
        (f"{file.removeprefix('test_edge_to_linalg_')}_{name}", case)
        for file in FILES
        for name, case in getattr(import_module(file), "CASES", {}).items()
    ]
    return dict(every[::ONE_IN])


def test_operators() -> None:
    try:
        SANITIZED.require()
    except EtcError as error:
        pytest.skip(f"{SANITIZED.name}: {error.problems[0].found}")
    cases = _cases()
    assert len(cases) > 60
    programs = CPrograms(cases, SANITIZED.name)
    for name, case in cases.items():
        programs.check(name)
        if case.symbols:
            programs.check(name, resized(case, -1))
