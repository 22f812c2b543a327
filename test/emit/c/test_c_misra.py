"""Generated code breaks no rule of MISRA C:2012 that cppcheck knows, but those that docs/misra.md excuses."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import test_c_floats
import test_c_integers
from c_programs import elementwise_module, print_c, write
from test_c_interface_of_programs import TWO

ROOT = Path(__file__).parents[3]
EXCUSED = frozenset(re.findall(r"^\| (\d+\.\d+) \|", (ROOT / "docs" / "misra.md").read_text(), re.MULTILINE))
PROGRAMS = {
    "integers": lambda: elementwise_module(test_c_integers.cases_of(32)[::3]),
    "truth": lambda: elementwise_module(test_c_integers.cases_of(1)[::3]),
    "conversions": lambda: elementwise_module(list(test_c_floats.CASES["conversions"]())[::2]),
    "two methods": lambda: TWO,
}


def broken_rules(folder: Path) -> dict[str, str]:
    """The rules that the C files of a folder break, with the last line that does."""
    sources = map(str, folder.glob("*.c"))
    options = ["--std=c99", "--addon=misra", "-q", "--suppress=missingIncludeSystem", f"-I{folder}"]
    said = subprocess.run(["cppcheck", *options, *sources], capture_output=True, text=True, check=True).stderr
    return dict(re.findall(r"misra-c2012-(\d+\.\d+)\]\n(.*)", said))


@pytest.mark.skipif(shutil.which("cppcheck") is None, reason="cppcheck is not installed")
@pytest.mark.parametrize("name", PROGRAMS)
def test_only_excused_rules_are_broken(name: str, tmp_path: Path) -> None:
    broken = broken_rules(write(print_c(PROGRAMS[name]()), tmp_path))
    assert "15.5" in broken, "cppcheck has not looked"
    assert {rule: line for rule, line in broken.items() if rule not in EXCUSED} == {}
