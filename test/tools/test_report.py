"""The report of a program: what its facts say, and that a browser shows them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from etc.c_program import CompiledC
from etc.compiler import compile
from etc.emit.report import ProgramReport, page
from etc.errors import EtcError
from etc.program_report import describe, describe_c, measure, write_report
from etc.runtime.targets.emulated import CALIBRATION_SLACK
from etc.runtime.targets.target import TARGETS
from etc.tools import compile as tool

TARGET = "cortex-m4"


class Net(nn.Module):
    """A convolution, one for each channel, a linear layer, and a count of calls."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Conv2d(3, 8, 3, padding=1)
        self.deep = nn.Conv2d(8, 8, 3, groups=8)
        self.head = nn.Linear(8, 10)
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.count += 1
        y = torch.relu(self.wide(x))
        y = self.deep(y) / self.count
        return self.head(y.mean((2, 3)))


def compiled(target: str) -> Any:
    torch.manual_seed(0)
    return compile(Net(), (torch.ones(1, 3, 8, 8),), target=target, name="net")


@pytest.fixture(scope="module")
def net() -> CompiledC:
    return compiled(TARGET)


@pytest.fixture(scope="module")
def facts(net: CompiledC) -> ProgramReport:
    return describe_c(net)


def require(target: str) -> None:
    try:
        TARGETS[target].require()
    except EtcError as error:
        pytest.skip(f"{target}: {error.problems[0].found}")


def test_operations(net: CompiledC, facts: ProgramReport) -> None:
    (method,) = facts.methods
    wide, deep = (next(op for op in method.operations if f"net_{w}_bias" in page_of(net, op.kernel)) for w in WEIGHTS)
    assert wide.macs == 8 * 8 * 8 * 3 * 9
    assert deep.macs == 8 * 6 * 6 * 9
    assert method.macs == wide.macs + deep.macs + 80
    assert net.c.figures.macs == method.macs
    assert "edge.conv" in wide.operators
    assert wide.line == f"test_report.py:{line_of('self.wide(x)')}"
    assert wide.bytes_written == 4 * 8 * 8 * 8
    assert wide.bytes_read == 4 * (3 * 8 * 8 + 8 * 3 * 9 + 8)
    (result,) = wide.results
    assert result.startswith("float32 [")
    assert not wide.is_bound
    assert next(op.module for op in method.operations if "edge.linear" in op.operators) == "head"
    assert [op.number for op in method.operations] == list(range(len(net.c.steps)))


WEIGHTS = ("wide", "deep")
LAYERS = (*WEIGHTS, "head")


def page_of(net: CompiledC, kernel: str) -> str:
    """The lines of C that call a kernel."""
    return "\n".join(line for line in net.c.files["net.c"].splitlines() if f"{kernel}(" in line and "STEP" in line)


def line_of(text: str) -> int:
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_memory_and_weights(net: CompiledC, facts: ProgramReport) -> None:
    (method,) = facts.methods
    (memory,) = method.memory
    assert facts.memory["arena"] == memory.arena_size == net.c.figures.arena_bytes
    assert memory.rows
    assert all(method.lines[row.name].startswith("test_report.py:") for row in memory.rows)
    written = {op.step for op in method.operations}
    assert written <= set(range(max(memory.steps, max(op.step or 0 for op in method.operations) + 1)))
    assert [(s.name, s.origin, s.bytes) for s in facts.state] == [("count", "count", 4)]
    sizes = {w.name: w.bytes for w in facts.weights}
    assert sum(sizes.values()) == net.c.figures.weights_bytes
    assert sizes["net_wide_bias"] == 32
    assert {w.origin for w in facts.weights} == {f"{layer}.{p}" for layer in LAYERS for p in ("weight", "bias")}
    assert all(w.users for w in facts.weights)


def test_the_map_tells_what_writes_what(facts: ProgramReport) -> None:
    (method,) = facts.methods
    (memory,) = method.memory
    titles = re.findall(r"<title>([^<]*)</title>", page(facts))
    first = memory.rows[0]
    writer = next(op for op in method.operations if op.step == first.first_use)
    size = f"{first.end - first.start:,}"
    told = f"{first.name}: {size} bytes at {first.start:,}, steps {first.first_use} to {first.last_use}"
    assert f"{told}, {writer.operators}, {writer.line}" in titles
    live = sum(row.end - row.start for row in memory.rows if row.first_use <= first.first_use <= row.last_use)
    assert f"step {first.first_use}: {writer.operators}, {writer.line}, {live:,} bytes live" in titles


def test_code_by_function(facts: ProgramReport) -> None:
    require(TARGET)
    assert facts.functions["net_run"] > 0
    assert sum(facts.functions.values()) <= facts.sections["code"]
    assert sum(facts.functions.values()) > 0.9 * facts.sections["code"]
    assert facts.compiler.startswith("arm-none-eabi-gcc -mcpu=cortex-m4")
    assert facts.memory["stack, at most"] > 0


def test_instructions_of_each_operation(net: CompiledC) -> None:
    require(TARGET)
    measured = measure(net)
    (method,) = describe_c(net, measured=measured).methods
    counts = [op.instructions for op in method.operations]
    assert all(count is not None and count > 0 for count in counts)
    assert method.instructions is not None
    slack = CALIBRATION_SLACK * (len(counts) + 1)
    assert sum(count or 0 for count in counts) <= method.instructions + slack
    busiest = max(method.operations, key=lambda op: op.instructions or 0)
    assert busiest.macs == max(op.macs or 0 for op in method.operations)
    assert (busiest.macs or 0) < (busiest.instructions or 0)


def test_instructions_are_those_of_a_target(net: CompiledC) -> None:
    with pytest.raises(EtcError, match="instructions cannot be counted on target c\n  expected: one of cortex-m3, "):
        measure(CompiledC(net.module, net.c, net.report, "c"))


def test_the_same_each_time(net: CompiledC, facts: ProgramReport) -> None:
    again = describe_c(compiled(TARGET))
    assert replace(again, seconds={}).to_json() == replace(facts, seconds={}).to_json()
    assert page(replace(again, seconds={})) == page(replace(facts, seconds={}))


class Dynamic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 16)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.linear(x.sin()))


def test_sizes_known_at_run_time_only() -> None:
    shapes = {"x": {0: torch.export.Dim("n", min=1, max=32)}}
    found = describe_c(compile(Dynamic(), (torch.ones(3, 4),), dynamic_shapes=shapes, target="c", name="net"))
    (method,) = found.methods
    linear = next(op for op in method.operations if "edge.linear" in op.operators)
    assert linear.macs is None
    assert method.macs is None
    assert linear.is_bound
    assert linear.results == ("float32 [?, 16]",)
    assert linear.bytes_written == 32 * 16 * 4
    assert found.functions == {}
    assert "≤ 2,048" in page(found)
    assert '<td class="number" data-value="-1">?</td>' in page(found)


def test_a_pte_program() -> None:
    program = compiled("pte")
    found = describe(program, "net")
    (method,) = found.methods
    assert len(method.operations) == sum(program.report.methods[0].kernels.values())
    assert sum(found.sections.values()) == len(program.pte)
    assert method.planned_bytes == program.report.methods[0].planned_bytes
    convolutions = [op for op in method.operations if op.operators == "aten::convolution.out"]
    assert f"test_report.py:{line_of('self.wide(x)')}" in [op.line for op in convolutions]
    assert "File" in page(found)


def test_names_are_escaped(facts: ProgramReport) -> None:
    (method,) = facts.methods
    first, *rest = method.operations
    operations = (replace(first, operators="<b>&", line='"<i>".py:1'), *rest)
    text = page(replace(facts, name="<script>", methods=(replace(method, operations=operations),)))
    assert "<b>" not in text.partition('class="sortable operations"')[2]
    assert "<i>" not in text
    assert text.count("<script>") == 1


# ---- files -----------------------------------------------------------------------------------------------------------

MODEL = """\
import torch

class Twice(torch.nn.Module):
    def forward(self, x):
        return (x * 2).sum(1)

def net():
    return Twice(), (torch.ones(4, 4),)
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(MODEL)
    return tmp_path


def test_files_beside_c(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["net.py:net", "-t", "c", "-o", "out", "--report", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["report"] == str(Path("out") / "report.html")
    found = json.loads(Path("out/report.json").read_text())
    assert found["format"] == 1
    assert found["target"] == "c"
    assert len(found["methods"][0]["operations"]) == said["methods"][0]["steps"]
    assert found["seconds"].keys() == said["seconds"].keys()
    assert Path("out/report.html").read_text().startswith("<!DOCTYPE html>")
    assert Path("out/net.json").is_file()


def test_files_beside_a_pte(model: Path) -> None:
    assert tool.main(["--report", "net.py:net"]) == 0
    assert sorted(path.name for path in model.glob("net*")) == [
        "net-report.html",
        "net-report.json",
        "net.pte",
        "net.py",
    ]
    assert tool.main(["net.py:net", "--report", "pages/a.html"]) == 0
    assert sorted(path.name for path in (model / "pages").iterdir()) == ["a.html", "a.json"]


def test_instructions_from_the_command_line(model: Path) -> None:
    require("rv32")
    assert tool.main(["net.py:net", "-t", "rv32", "-o", "out", "--measure"]) == 0
    (method,) = json.loads(Path("out/report.json").read_text())["methods"]
    assert method["instructions"] >= sum(op["instructions"] for op in method["operations"]) - 100 > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-t", "host", "--measure"], "instructions cannot be counted on target host\n  expected: one of cortex-m3, "),
        (["--measure"], "instructions cannot be counted on target pte"),
        (["--report", "page.pdf"], "a report is a page\n  expected: --report FILE.html\n  found: page.pdf"),
    ],
)
def test_wrongly_called(arguments: list[str], message: str, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["net.py:net", *arguments]) == 2
    assert f"etc-compile: error: {message}" in capsys.readouterr().err
    assert [path.name for path in model.iterdir()] == ["net.py"]


def test_a_program_called_report(tmp_path: Path, facts: ProgramReport) -> None:
    (tmp_path / "report.h").write_text("")
    with pytest.raises(EtcError, match="the report's report.json would replace the description of the program report"):
        write_report(facts, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.h"]


# ---- in a browser ----------------------------------------------------------------------------------------------------

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browse(html: Path, *options: str) -> str:
    """What a browser prints of a page, once its scripts have run; skips without a browser."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("chromium is not installed")
    profile = f"--user-data-dir={html.parent / 'profile'}"
    plain = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", profile)
    command = [found, *plain, *options, html.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout


class Dom(HTMLParser):
    """Counts rows of tables by the table's class, rectangles by theirs, and keeps the first cell of each row."""

    def __init__(self, text: str):
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.rectangles: dict[str, int] = {}
        self.outside: list[str] = []
        self.body: dict[str, str | None] = {}
        self._table, self._in_body, self._is_first = "", False, False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        kind = attributes.get("class") or ""
        self.outside += [f"{tag} {name}" for name in attributes if name in ("src", "href")]
        match tag:
            case "body":
                self.body = attributes
            case "table":
                self._table = kind.removeprefix("sortable ")
            case "tbody" | "tfoot":
                self._in_body = tag == "tbody"
            case "tr" if self._in_body:
                self.rows.setdefault(self._table, []).append("")
                self._is_first = True
            case "rect":
                self.rectangles[kind] = self.rectangles.get(kind, 0) + 1
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._is_first = False
        if tag == "tbody":
            self._in_body = False

    def handle_data(self, data: str) -> None:
        if self._in_body and self._is_first:
            self.rows[self._table][-1] += data


PROBE = """<script>
[...document.querySelectorAll(".operations th")].find(head => head.textContent === "MACs").click();
const storage = document.querySelector(".storage").getBoundingClientRect();
document.body.dataset.storage = storage.width > 0 && storage.height > 0;
document.body.dataset.overflow = document.documentElement.scrollWidth > window.innerWidth;
</script>"""
"""Sorts the operations by MACs, and notes whether the map is drawn and whether the page is wider than the window."""


def test_in_a_browser(tmp_path: Path, facts: ProgramReport) -> None:
    html = write_report(facts, tmp_path / "report.html")
    (method,) = facts.methods
    plain = Dom(html.read_text())
    html.write_text(html.read_text() + PROBE)
    found = Dom(browse(html, "--window-size=500,900", "--dump-dom"))
    assert plain.rows["operations"] == [str(op.number) for op in method.operations]
    by_macs = sorted(method.operations, key=lambda op: -(op.macs or 0))
    assert found.rows["operations"][:2] == [str(op.number) for op in by_macs[:2]]
    assert sorted(found.rows["operations"], key=int) == plain.rows["operations"]
    assert found.rectangles["storage"] == sum(len(memory.rows) for memory in method.memory)
    assert len(found.rows["weights"]) == len(facts.weights)
    assert found.body["data-storage"] == "true"
    assert found.body["data-overflow"] == "false"
    assert found.outside == []
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import", html.read_text())


def test_as_a_picture(tmp_path: Path, facts: ProgramReport) -> None:
    html = write_report(facts, tmp_path / "report.html")
    picture = tmp_path / "report.png"
    browse(html, "--window-size=1280,1600", f"--screenshot={picture}")
    blank = tmp_path / "blank.html"
    blank.write_text("<!DOCTYPE html><title>nothing</title>")
    nothing = tmp_path / "blank.png"
    browse(blank, "--window-size=1280,1600", f"--screenshot={nothing}")
    assert picture.stat().st_size > 5 * nothing.stat().st_size
