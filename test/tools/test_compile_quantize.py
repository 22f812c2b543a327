"""etc-compile --quantize: the flow from a model and data to integer C, and what is wrong with a command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from etc.tools.compile import main

MODEL = """
import torch

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 4, 3, padding=1)
        self.fc = torch.nn.Linear(4 * 64, 3)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).flatten(1))

INPUTS = torch.rand(8, 1, 8, 8, generator=torch.Generator().manual_seed(1))

def net():
    torch.manual_seed(0)
    return Net().eval(), (INPUTS[:1],)

def data():
    return [(row[None],) for row in INPUTS]

def methods():
    import torch.export

    return {"encode": net(), "classify": net()}

def data_of_methods():
    return {"encode": data(), "classify": data()}

def raises():
    raise ValueError("no images here")

def nothing(function):
    return None

def breaks(function):
    raise KeyError("label")

class Nothing(torch.nn.Module):
    def forward(self, x):
        return x + 0 if x.dtype == torch.float16 else x

def identity():
    return Nothing().eval(), (INPUTS[:1].half(),)

def accuracy(function):
    expected = [int(net()[0](row[None]).argmax()) for row in INPUTS]
    return sum(int(function(row[None]).argmax()) == e for row, e in zip(INPUTS, expected)) / len(expected)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "net.py").write_text(MODEL)
    rows = np.random.default_rng(1).random((8, 1, 8, 8), dtype=np.float32)
    np.savez(tmp_path / "data.npz", x=rows)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_c_program_of_integers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["net.py:net", "-t", "c", "-o", "out", "--quantize", "int8", "--calibrate", "data.npz"]
    assert main([*arguments, "--evaluate", "net.py:accuracy", "--quantize-io", "--selftest", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    accuracy = facts["accuracy"]
    assert "on reals" not in facts
    assert accuracy["samples"] == 8
    assert accuracy["first_divergent"] is None
    assert [name for name, _ in accuracy["score"]] == ["score in float", "score quantised", "score in integers"]
    assert dict(accuracy["score"])["score in float"] == 1.0
    assert accuracy["integer_outputs"][0]["sqnr"] > 30
    header = (folder / "out" / "net.h").read_text()
    assert "const int8_t *x;" in header
    assert "NET_X_SCALE" in header
    assert "float" not in (folder / "out" / "net.c").read_text()


def test_program_for_the_stock_runtime(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["net.py:net", "-o", "net.pte", "--quantize", "int8", "--calibrate", "net.py:data"]) == 0
    assert "No layer is worse than its integers have to be" in " ".join(capsys.readouterr().out.split())
    import torch

    from etc.runtime.stock import LoadedProgram

    row = torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(3))
    namespace: dict[str, object] = {}
    exec(MODEL, namespace)  # noqa: S102
    (model, _) = namespace["net"]()  # type: ignore[operator]
    [found] = LoadedProgram((folder / "net.pte").read_bytes()).run("forward", [row])
    expected = model(row).detach()
    assert float((found - expected).norm() / expected.norm()) < 0.05
    assert not torch.equal(found, expected)


def test_parts_in_float(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["net.py:net", "-t", "c", "-o", "out", "--quantize", "int8", "--calibrate", "net.py:data"]
    assert main([*arguments, "--override", "fc=float", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {layer["module"] for layer in facts["accuracy"]["layers"]} & {"conv", "fc"} == {"conv"}
    (island,) = facts["on reals"]
    assert island.startswith("edge.linear (net.py:")
    assert island.endswith("): its result is not quantised")


def test_methods_have_data_of_their_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["net.py:methods", "-t", "c", "-o", "out", "--quantize", "int8"]
    assert main([*arguments, "--calibrate", "net.py:data_of_methods", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"]["method"] == "encode"


def test_nothing_to_quantise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["net.py:identity", "-t", "c", "-o", "out", "--quantize", "int8-weight"]
    assert main(arguments) == 0
    assert "warning: nothing in the model is quantised by int8-weight" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["--calibrate", "data.npz"], 2, "--calibrate is for quantised programs"),
        (["--quantize", "int7"], 1, 'there is no config of quantization "int7"'),
        (["--quantize", "int8"], 1, "calibration"),
        (["--quantize", "int8", "--calibrate", "none.npz"], 1, "none.npz"),
        (["--quantize", "int8", "--calibrate", "net.py:datum"], 1, "did you mean data?"),
        (["--quantize", "int8", "--calibrate", "net.py:raises"], 1, "ValueError: no images here"),
        (
            ["--quantize", "int8", "--calibrate", "data.npz", "--evaluate", "net.py:breaks"],
            1,
            "raised KeyError: 'label'",
        ),
        (["--quantize", "int8", "--calibrate", "data.npz", "--evaluate", "net.py:nothing"], 1, "gives no accuracy"),
        (["--quantize", "int8-weight", "--evaluate", "net.py:accuracy"], 2, "--calibrate DATA with it"),
        (["--min-sqnr", "0"], 2, "--min-sqnr is for quantised programs"),
        (["--quantize", "int8", "--calibrate", "data.npz", "--override", "conv"], 2, "PART=CONFIG"),
        (["--quantize", "int8", "--calibrate", "data.npz", "--override", "fcc=float"], 1, "fc"),
        (
            ["--quantize", "int8", "--calibrate", "data.npz", "--quantize-io"],
            1,
            "the stock runtime's programs take",
        ),
        (["--quantize", "int8", "--calibrate", "data.npz", "--max-accuracy-drop", "1"], 1, "--evaluate"),
    ],
)
def test_what_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, expected: str
) -> None:
    assert main(["net.py:net", "-o", "net.pte", *arguments]) == code
    said = capsys.readouterr().err
    assert expected in said
    assert "Traceback" not in said
    assert not (folder / "net.pte").exists()
