"""What `make test` runs: style, types, lit, pytest; then a table, the slowest tests, and all that matters in one line.

python test/run.py              everything
python test/run.py lit pytest   these steps
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "test"
BIN = Path(sys.executable).parent
SLOWEST = 10
MOST_WORKERS = 8
"""Each worker holds torch and a model."""

_OFFLINE = re.compile(r"(?:Skipped: )?(?P<model>\w+): .* could not be downloaded")


@dataclass
class Outcome:
    """What a step found."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list[str])
    """a reason for each"""
    times: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    seconds: float = 0.0


def call(*command: str | Path) -> int:
    """Run a command with one thread per process; its output goes to ours, so that progress is seen."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, env=environment, check=False).returncode


def check(*commands: Sequence[str]) -> Outcome:
    """Commands that say yes or no."""
    failed = sum(call(*command) != 0 for command in commands)
    return Outcome(len(commands) - failed, failed)


def lit() -> Outcome:
    report = REPORTS / "lit.xml"
    return read_report(report, call("lit", "-sv", "--xunit-xml-output", report, "test"))


def pytest() -> Outcome:
    fetch_package_lists()
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    report = REPORTS / "pytest.xml"
    arguments = ("-q", "-n", str(workers), "--dist", "worksteal", f"--junitxml={report}", "test")
    return read_report(report, call("pytest", *arguments))


def fetch_package_lists() -> None:
    """Recordings come from a Debian package, and a fresh image does not know where its packages are."""
    lists = Path("/var/lib/apt/lists")
    if shutil.which("apt-get") and lists.is_dir() and not any(lists.glob("*_Packages*")):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*root, "apt-get", "update", "-q"], capture_output=True, check=False)


STEPS: dict[str, Callable[[], Outcome]] = {
    "style": lambda: check(("ruff", "check", "."), ("ruff", "format", "--check", ".")),
    "types": lambda: check(("pyright",)),
    "lit": lit,
    "pytest": pytest,
}


def read_report(path: Path, code: int) -> Outcome:
    """Count what a JUnit file tells; a run that ended badly without saying so counts as a failure."""
    outcome = Outcome()
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
    for case in cases:
        name = f"{case.get('classname', '')}.{case.get('name', '')}"
        outcome.times.append((float(case.get("time") or 0), name))
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skip is not None:
            outcome.skipped.append(skip.get("message") or "no reason given")
        else:
            outcome.passed += 1
    if code and not outcome.failed:
        outcome.failed = 1
    return outcome


def last_line(outcomes: Sequence[Outcome]) -> str:
    """`make test: 1234 passed, 0 failed, 12 skipped (offline: silero_vad, …)`"""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    reasons = [reason for outcome in outcomes for reason in outcome.skipped]
    text = f"make test: {passed} passed, {failed} failed, {len(reasons)} skipped"
    offline = sorted({found["model"] for reason in reasons if (found := _OFFLINE.match(reason))})
    others = [reason for reason in reasons if not _OFFLINE.match(reason)]
    notes = [f"offline: {', '.join(offline)}"] if offline else []
    notes += [f"{count} × {reason.removeprefix('Skipped: ')}" for reason, count in Counter(others).most_common()]
    return f"{text} ({'; '.join(notes)})" if notes else text


def table(outcomes: dict[str, Outcome]) -> Table:
    """One row for each step."""
    rows = Table()
    for title in ("", "passed", "failed", "skipped", "seconds"):
        rows.add_column(title, justify="left" if not title else "right")
    for name, outcome in outcomes.items():
        style = "red" if outcome.failed else ""
        figures = (outcome.passed, outcome.failed, len(outcome.skipped))
        rows.add_row(name, *(f"{figure:,}" for figure in figures), f"{outcome.seconds:.0f}", style=style)
    return rows


def main(names: Sequence[str]) -> int:
    """Run the steps of these names, or all; returns an exit code."""
    if unknown := [name for name in names if name not in STEPS]:
        print(f"test/run.py: there is no step {unknown[0]}; the steps are {', '.join(STEPS)}", file=sys.stderr)
        return 2
    console = Console(highlight=False)
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.glob("*.xml"):
        old.unlink()
    outcomes: dict[str, Outcome] = {}
    for name in names or STEPS:
        console.rule(name)
        start = time.monotonic()
        outcomes[name] = STEPS[name]()
        outcomes[name].seconds = time.monotonic() - start
    console.rule("summary")
    slowest = sorted((entry for outcome in outcomes.values() for entry in outcome.times), reverse=True)[:SLOWEST]
    for seconds, name in slowest:
        console.print(f"{seconds:7.1f} s  {name}", markup=False, soft_wrap=True)
    console.print(table(outcomes))
    print(last_line(list(outcomes.values())))
    return 1 if any(outcome.failed for outcome in outcomes.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
