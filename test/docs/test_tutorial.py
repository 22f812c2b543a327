"""The pages of docs/ do what they say: files are written, commands run, outputs compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from etc.runtime.targets.target import TARGETS

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    """A file to write, or a command to run with the output that the page shows."""

    text: str
    file: str | None
    shown: str = ""


def steps_of(page: str) -> list[Step]:
    steps: list[Step] = []
    for block in BLOCK.finditer(page):
        if block["file"]:
            steps.append(Step(block["body"], block["file"]))
        elif block["language"] == "console":
            for command in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                line, _, shown = command.partition("\n")
                steps.append(Step(line, None, shown))
    return steps


def assert_shown(found: str, shown: str, command: str) -> None:
    """`…` stands for anything, alone on a line also for any number of lines."""
    pattern = re.escape(shown).replace("…\\\n", "(?:.*\n)*?").replace("…", ".*")
    assert re.fullmatch(pattern, found), f"$ {command}\n{found}\n-- the page shows --\n{shown}"


def without_figures(text: str) -> str:
    """The text with 0 for all numbers outside of words and files, and without what else depends on their length."""
    return re.sub(r"[ \t]+|━+", " ", re.sub(r"(?<![\w.%])-?\d[\d,]*(\.\d+)?(e-?\d+)?\b", "0", text)).replace(
        " \n", "\n"
    )


def run(command: str, folder: Path, site: Path) -> str:
    if command.startswith("pip install "):
        command = command.replace("pip install", f"pip install --no-build-isolation --no-deps --target {site}")
    environment = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PYTHONPATH": str(site),
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "200",
    }
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}"
    return done.stdout


def test_the_tutorial(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", reason="setuptools is not installed, which the tutorial's last step needs")
    steps = steps_of((ROOT / "docs" / "tutorial-pass.md").read_text())
    assert len([step for step in steps if step.file]) == 5
    assert len([step for step in steps if not step.file]) == 8
    for step in steps:
        if step.file:
            (tmp_path / step.file).write_text(step.text)
        else:
            assert_shown(run(step.text, tmp_path, tmp_path / "site"), step.shown, step.text)


@pytest.mark.parametrize(
    ("page", "files", "commands"), [("tutorial-custom-operator", 4, 8), ("methods-and-training", 3, 4)]
)
def test_pages_that_need_the_stock_runtime(page: str, files: int, commands: int, tmp_path: Path) -> None:
    pytest.importorskip("executorch")
    steps = steps_of((ROOT / "docs" / f"{page}.md").read_text())
    assert len([step for step in steps if step.file]) == files
    assert len([step for step in steps if not step.file]) == commands
    for step in steps:
        if step.file:
            (tmp_path / step.file).write_text(step.text)
        else:
            assert_shown(run(step.text, tmp_path, tmp_path / "site"), step.shown, step.text)


def test_generated_c(tmp_path: Path) -> None:
    """Figures are those of one compiler and one day: any number will do for a number."""
    if missing := TARGETS["cortex-m4"].missing():
        pytest.skip(f"not installed: {', '.join(missing)}")
    steps = steps_of((ROOT / "docs" / "generated-c.md").read_text())
    assert len([step for step in steps if step.file]) == 5
    assert len([step for step in steps if not step.file]) == 15
    for step in steps:
        if step.file:
            (tmp_path / step.file).write_text(step.text)
        else:
            found = run(step.text, tmp_path, tmp_path / "site")
            assert_shown(without_figures(found), without_figures(step.shown), step.text)


def test_the_pass_has_thirty_lines() -> None:
    code, *_ = steps_of((ROOT / "docs" / "tutorial-pass.md").read_text())
    assert len(code.text.splitlines()) <= 30


@pytest.mark.parametrize(
    ("found", "shown", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\nc\n", "a\n…\nc\n", True),
        ("a 3 c\n", "a … c\n", True),
        ("a\n", "b\n", False),
        ("a\nb\n", "a\n", False),
    ],
)
def test_outputs_are_compared(found: str, shown: str, same: bool) -> None:
    if same:
        assert_shown(found, shown, "")
    else:
        with pytest.raises(AssertionError):
            assert_shown(found, shown, "")


def test_reference_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_links_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert len(pages) >= 10
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"
