"""`make demo`: with trained weights, and without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from etc.runtime.targets.target import TARGETS
from examples.models import Example

pytest.importorskip("executorch", reason="executorch is not installed: make venv")

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


def demo(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, DEMO], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_says_what_is_on_photographs(tmp_path: Path, load_or_skip: Callable[[str], Example]) -> None:
    load_or_skip("mtcnn_rnet")
    done = demo(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "build" / "demo" / "rnet.pte").is_file()
    assert "all 40 photographs: 40 right, largest difference to PyTorch " in done.stdout
    assert re.search(r"face, says the .pte │ +0\.99\d+ │ +0\.99\d+ │ +0\.0\d+ │", done.stdout)
    assert "memory 1: " in done.stdout
    if not TARGETS["cortex-m4"].missing():
        assert re.search(r"7: a face │ +face 0\.99\d+ │ +face 0\.99\d+ │ +\d+,\d{3},\d{3} │", done.stdout)
        assert (tmp_path / "build" / "demo" / "rnet" / "rnet.c").is_file()


def test_without_a_network(tmp_path: Path) -> None:
    done = demo(tmp_path, ETC_MODEL_CACHE=str(tmp_path), PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The trained weights cannot be had, so here is an untrained network." in done.stdout
    assert re.search(r"largest difference to PyTorch on the stock ExecuTorch runtime: \d\.\de-0[6-9]", done.stdout)
