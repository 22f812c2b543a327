"""What edge-to-linalg writes is upstream's: mlir-opt reads and verifies it.

The oldest mlir-opt in use, 14, spells some operations otherwise; they are respelt here. What it has no word for,
tensor.empty, functions of the dialect math, sizes that are found and constants whose bytes lie elsewhere, it takes as
operations that nobody knows.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from shutil import which

import pytest
from c_harness import module_of

from etc.compiler import context
from etc.tools.pipeline import PassTable, run_passes

MLIR_OPT = "mlir-opt-14"
FILES = sorted(file.stem for file in Path(__file__).parent.glob("test_edge_to_linalg_*.py") if file != Path(__file__))
WORDS = {
    "func.func @": "func @",
    "func.return": "return",
    "arith.select": "select",
    "arith.maximumf": "arith.maxf",
    "arith.minimumf": "arith.minf",
    "cf.assert": "assert",
    " overflow<nsw>": "",
}


def _unknown(name: str, operands: str, operand: str, result: str) -> str:
    count = len(operands.split(",")) if operands else 0
    return f'"new.{name}"({operands}) : ({", ".join([operand] * count)}) -> {result}'


FORMS: dict[str, Callable[[re.Match[str]], str]] = {
    r"tensor\.empty\(([^)]*)\)(?: \{[^}]*\})? : ([^{\n]*)": lambda m: _unknown("empty", m[1], "index", m[2]),
    r"program\.found \w+ = (%\w+)": lambda m: _unknown("found", m[1], "index", "()"),
    r"program\.constant [^\n]* : (tensor<[^>\n]*>)": lambda m: _unknown("constant", "", "", m[1]),
    r"math\.(\w+) ([^:]*) : (\w+)": lambda m: _unknown(m[1], m[2], m[3], m[3]),
}


def respelt(text: str) -> str:
    """`text` in the words of mlir-opt 14."""
    for new, old in WORDS.items():
        text = text.replace(new, old)
    for pattern, form in FORMS.items():
        text = re.sub(pattern, form, text)
    return text


@pytest.mark.skipif(which(MLIR_OPT) is None, reason=f"{MLIR_OPT} is not installed")
@pytest.mark.parametrize("file", FILES)
def test_mlir_opt_reads_the_lowered_cases(file: str, tmp_path: Path) -> None:
    module = module_of(import_module(file).CASES)
    run_passes(context(), module, PassTable().parse("edge-to-linalg"), verify=False)
    program = tmp_path / "cases.mlir"
    program.write_text(respelt(str(module)))
    command = [MLIR_OPT, "--allow-unregistered-dialect", str(program), "-o", str(tmp_path / "read.mlir")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[:2000]
