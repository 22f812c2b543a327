"""test/run.py: what it makes of the reports of lit and pytest."""

from __future__ import annotations

from pathlib import Path

import pytest
from run import Outcome, last_line, main, read_report

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="passes" time="0.5"/>
<testcase classname="a" name="fails" time="2.0"><failure message="x"/></testcase>
<testcase classname="a" name="breaks"><error message="x"/></testcase>
<testcase classname="a" name="waits"><skipped message="silero_vad: silero-vad-6 could not be downloaded"/></testcase>
<testcase classname="a" name="waits too"><skipped message="executorch is not installed: make venv"/></testcase>
</testsuite></testsuites>"""


def test_counts(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    found = read_report(tmp_path / "report.xml", 1)
    assert (found.passed, found.failed, len(found.skipped)) == (1, 2, 2)
    assert max(found.times) == (2.0, "a.fails")
    assert last_line([found, Outcome(passed=2)]) == (
        "make test: 3 passed, 2 failed, 2 skipped (offline: silero_vad; 1 × executorch is not installed: make venv)"
    )


@pytest.mark.parametrize("content", ["", "<testsuites>", '<testsuites><testcase name="a"/></testsuites>'])
def test_a_step_that_ends_badly_has_failed(content: str, tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(content)
    assert read_report(tmp_path / "report.xml", 3).failed == 1


def test_nothing_to_tell() -> None:
    assert last_line([Outcome(passed=7)]) == "make test: 7 passed, 0 failed, 0 skipped"


def test_an_unknown_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pytests"]) == 2
    assert capsys.readouterr().err == (
        "test/run.py: there is no step pytests; the steps are style, types, lit, pytest\n"
    )
