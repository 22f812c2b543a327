"""etc-run --target: a folder of generated C, its outputs and what it takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etc.errors import EtcError
from etc.runtime.targets.target import TARGETS
from etc.tools import run

Captured = pytest.CaptureFixture[str]

SOURCE = """\
#include "twice.h"
int twice_run(const twice_io_t *io, void *arena, void *state)
{
    size_t i;
    (void)arena;
    (void)state;
    for (i = 0; i < 4; i++)
        io->y[i] = twice_weights[i] * io->x[i];
    return 0;
}
"""

FILES = {
    "twice.h": """\
#include <stddef.h>
typedef struct { const float *x; float *y; } twice_io_t;
extern const float twice_weights[4];
int twice_run(const twice_io_t *io, void *arena, void *state);
""",
    "twice.c": SOURCE,
    "twice_weights.c": '#include "twice.h"\nconst float twice_weights[4] = {2.0f, 2.0f, 2.0f, 3.0f};\n',
    "twice.json": """\
{"format": 2, "model": "twice", "sources": ["twice.c", "twice_weights.c"],
 "pools": [{"name": "arena", "bytes": 0}], "align": 16, "state_bytes": 0, "statuses": {"0": "done"},
 "methods": [{"name": "forward", "function": "twice_run", "io_type": "twice_io_t", "symbols": [],
   "inputs": [{"name": "x", "identifier": "x", "dtype": "float32", "sizes": [4], "bounds": [4], "dim_order": [0],
     "quantised": null}],
   "outputs": [{"name": "y", "identifier": "y", "dtype": "float32", "sizes": [4], "bounds": [4], "dim_order": [0],
     "quantised": null}]
 }]}
""",
}


MODEL = """\
import torch

class Twice(torch.nn.Module):
    def forward(self, x):
        print("is traced")
        return x * 2

def net():
    return Twice(), (torch.ones(4),)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `out`, in the current one, and an input."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    for name, text in FILES.items():
        (tmp_path / "out" / name).write_text(text)
    np.save("x.npy", np.array([1, -2, 0.5, 4], np.float32))
    return tmp_path


def require(target: str) -> None:
    try:
        TARGETS[target].require()
    except EtcError as error:
        pytest.skip(f"{target}: {error.problems[0].found}")


def figures(capsys: Captured, *arguments: str) -> dict[str, Any]:
    assert run.main([*arguments, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("target", ["cortex-m4", "rv32"])
def test_measures_on_a_microcontroller(target: str, folder: Path, capsys: Captured) -> None:
    require(target)
    found = figures(capsys, "out", "x.npy", "--target", target, "-o", "y")
    assert np.load("y/output_0.npy").tolist() == [2, -4, 1, 12]
    assert found["on"].startswith(target)
    assert found["outputs"][0]["name"] == "y"
    assert found["instructions"] > 16
    assert found["weights"] == 16
    assert found["flash"] == found["code"] + found["weights"] + found["constants"] + found["data"]
    assert (found["arena"], found["state"], found["data"], found["bss"]) == (0, 0, 0, 0)
    assert found["stack"] <= found["stack_bound"]


def test_the_host(folder: Path, capsys: Captured) -> None:
    require("host")
    found = figures(capsys, "out", "x.npy", "--target", "host", "--repeat", "2")
    assert found["outputs"][0]["max"] == 12
    assert found["milliseconds"]["runs"] == 2
    assert "instructions" not in found


def test_options_of_the_compiler(folder: Path, capsys: Captured) -> None:
    require("cortex-m4")
    plain, small = (
        figures(capsys, "out", "x.npy", "--target", "cortex-m4", f"--cflags={f}") for f in ("-O0", "-Os -g")
    )
    assert small["code"] < plain["code"]
    assert run.main(["out", "x.npy", "--target", "cortex-m4", "--cflags=--none"]) == 1
    assert "arm-none-eabi-gcc cannot build the program" in capsys.readouterr().err


def test_a_model_becomes_c_first(folder: Path, capsys: Captured) -> None:
    require("cortex-m4")
    Path("net.py").write_text(MODEL)
    found = figures(capsys, "net.py:net", "x.npy", "--target", "cortex-m4", "-o", "y")
    assert np.load("y/output_0.npy").tolist() == [2, -4, 1, 8]
    assert found["code"] > 0
    assert not Path("net").exists()


@pytest.mark.parametrize("target", ["cortex-m4", "host"])
def test_a_report_of_a_call(target: str, folder: Path, capsys: Captured) -> None:
    require(target)
    Path("net.py").write_text(MODEL)
    found = figures(capsys, "net.py:net", "x.npy", "--target", target, "--report", "pages")
    assert found["report"] == str(Path("pages") / "report.html")
    facts = json.loads(Path("pages/report.json").read_text())
    (method,) = facts["methods"]
    assert facts["target"] == target
    assert method["instructions"] == found.get("instructions")
    assert [op["instructions"] is not None for op in method["operations"]] == [target != "host"]
    assert "<h1>" in Path("pages/report.html").read_text()


def test_no_report_without_the_model(folder: Path, capsys: Captured) -> None:
    require("host")
    assert run.main(["out", "x.npy", "--target", "host", "--report", "pages"]) == 1
    said = capsys.readouterr().err
    assert (
        "out: there is no report on a folder of C\n  next: give etc-run the model: FILE.pt2 or FILE.py:FUNCTION" in said
    )
    assert run.main(["net.pte", "--report", "pages"]) == 2
    assert "a report is on C" in capsys.readouterr().err


def test_what_cannot_become_c(folder: Path, capsys: Captured) -> None:
    require("host")
    Path("net.mlir").write_text("")
    assert run.main(["net.mlir", "--target", "host"]) == 1
    said = capsys.readouterr().err
    assert "net.mlir: --target cannot run this\n  expected: a folder of generated C, FILE.pt2 or FILE.py" in said


def test_a_table(folder: Path, capsys: Captured) -> None:
    require("cortex-m4")
    assert run.main(["out", "--random", "0", "--target", "cortex-m4"]) == 0
    said = capsys.readouterr().out
    assert "on cortex-m4 (QEMU mps2-an386)" in said
    assert " instructions\nflash " in said
    assert "weights 16" in said
    assert "\nstack at most " in said
    assert "B: arena 0, state 0, data 0, bss 0, stack " in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["out", "x.npy", "--target", "cortex-m4", "--on", "torch"], "--target and --on each say where to run"),
        (["out", "x.npy", "--target", "cortex-m4", "--repeat", "3"], "on cortex-m4 instructions are counted, not time"),
    ],
)
def test_wrongly_called(arguments: list[str], message: str, folder: Path, capsys: Captured) -> None:
    require("cortex-m4")
    assert run.main(arguments) == 2
    assert f"etc-run: error: {message}" in capsys.readouterr().err


def test_an_input_that_does_not_fit(folder: Path, capsys: Captured) -> None:
    require("host")
    np.save("x.npy", np.zeros(5, np.float32))
    assert run.main(["out", "x.npy", "--target", "host"]) == 1
    said = capsys.readouterr().err
    assert "input 0 (x) of method forward does not fit\n  expected: float32 [4]\n  found: float32 [5]" in said


def test_what_is_not_a_folder_of_c(folder: Path, capsys: Captured) -> None:
    assert run.main([".", "--target", "host"]) == 1
    assert ".: this is not the folder of a generated C program" in capsys.readouterr().err


def test_a_folder_without_a_target(folder: Path, capsys: Captured) -> None:
    assert run.main(["out", "--random", "0"]) == 1
    said = capsys.readouterr().err
    assert said == "etc-run: error: out: this is a folder\n  next: generated C runs with --target, host for one\n"
