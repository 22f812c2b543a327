"""Nothing that generated code does is undefined, and it stays in its memory: the other tests again, sanitized."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from c_programs import TARGET

from etc.errors import EtcError
from etc.runtime.targets.target import SANITIZED

HERE = Path(__file__).parent


def test_generated_code_is_sane() -> None:
    try:
        SANITIZED.require()
    except EtcError as error:
        pytest.skip(f"{SANITIZED.name}: {error.problems[0].found}")
    files = [str(HERE / name) for name in ("test_c_integers.py", "test_c_floats.py", "test_c_statements.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", "not halves"]
    environment = os.environ | {TARGET: SANITIZED.name}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=HERE)
    assert done.returncode == 0, done.stdout + done.stderr
