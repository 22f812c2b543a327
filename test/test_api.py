"""The public names of etc."""

from __future__ import annotations

import subprocess
import sys

import pytest

import etc


def test_importing_costs_nothing() -> None:
    code = "import sys, etc; print([m for m in sys.modules if m.split('.')[0] in ('torch', 'numpy', 'xdsl', 'rich')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", etc.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(etc, name) is not None
    assert name in dir(etc)


def test_errors_are_those_of_the_family() -> None:
    from etc.errors import EtcError

    assert etc.Error is EtcError


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="module 'etc' has no attribute 'compiel'"):
        _ = etc.compiel  # pyright: ignore[reportAttributeAccessIssue]
