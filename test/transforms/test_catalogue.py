"""The catalogue of passes names every pass that there is, each under its own name, with a summary."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from etc.dialects import get_all_dialects
from etc.tools.catalogue import summary_of
from etc.transforms import CATALOGUE, get_all_passes
from etc.transforms.rewriting import EtcPass

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", get_all_passes())
def test_every_pass_loads_and_has_a_summary(name: str):
    found = get_all_passes()[name]()
    assert found.name == name
    assert issubclass(found, EtcPass)
    summary = summary_of(found)
    assert summary.endswith(".")
    assert summary != summary_of(EtcPass)


@pytest.mark.parametrize("group", CATALOGUE, ids=lambda group: group.title)
def test_groups_are_alphabetical(group: object):
    passes = getattr(group, "passes")  # noqa: B009
    assert list(passes) == sorted(passes)


@pytest.mark.parametrize("package", ["transforms", "lowering"])
def test_no_pass_is_missing(package: str):
    """Every file that defines a pass is in the catalogue under its own name."""
    defined: list[str] = []
    for file in sorted((ROOT / package).glob("*.py")):
        if "(EtcPass)" in file.read_text() and file.stem != "rewriting":
            members = vars(import_module(f"etc.{package}.{file.stem}")).values()
            defined += [
                m.name
                for m in members
                if isinstance(m, type)
                and issubclass(m, EtcPass)
                and "name" in vars(m)
                and m.__module__ == f"etc.{package}.{file.stem}"
            ]
    listed = {name for group in CATALOGUE if group.package == f"etc.{package}" for name in group.passes}
    assert defined
    assert set(defined) <= listed


@pytest.mark.parametrize("name", get_all_dialects())
def test_every_dialect_loads(name: str):
    assert get_all_dialects()[name]().name == name
