"""Nothing that generated code does is undefined, and it stays in its memory: the other tests again, sanitized."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from c_programs import FLAGS

HERE = Path(__file__).parent


def _library(name: str) -> str:
    found = subprocess.run(
        ["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return found if Path(found).is_absolute() else ""


@pytest.mark.skipif(not _library("libasan.so"), reason="GCC's sanitizers are not installed")
def test_generated_code_is_sane() -> None:
    environment = os.environ | {
        FLAGS: "-O0 -fsanitize=address,undefined -fno-sanitize-recover=all",
        "LD_PRELOAD": f"{_library('libasan.so')} {_library('libubsan.so')}",
        "ASAN_OPTIONS": "detect_leaks=0",
    }
    files = [str(HERE / name) for name in ("test_c_integers.py", "test_c_floats.py", "test_c_statements.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *files, "-k", "not halves"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=HERE)
    assert done.returncode == 0, done.stdout + done.stderr
