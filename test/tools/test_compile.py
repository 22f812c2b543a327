"""etc-compile: what it takes for a model, what it writes, what it tells, and how it fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from inputs import models
from xdsl.dialects.builtin import ModuleOp

import etc
from etc import pipelines
from etc.tools import compile as tool
from etc.tools import opt

MODELS = Path(__file__).parent / "inputs" / "models.py"
PASSES = Path(__file__).parent / "inputs" / "edge_passes.py"
EXPECTED = (
    "  expected: (module, example_inputs), (module, example_inputs, dynamic_shapes), an object with these attributes, "
    "an ExportedProgram, or a dict from method names to any of these\n"
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_starts_without_heavy_modules() -> None:
    code = (
        "import sys\nfrom etc.tools.compile import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print('imported:', [m for m in ('torch', 'numpy', 'xdsl', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "imported: []"


@pytest.mark.parametrize("name", ["net", "one_tensor", "dynamic", "holder", "exported", "keywords", "all_by_name"])
def test_what_a_function_may_return(name: str, tmp_path: Path) -> None:
    assert tool.main([f"{MODELS}:{name}", "--json"]) == 0
    assert files(tmp_path) == [f"{name}.pte"]
    assert (tmp_path / f"{name}.pte").read_bytes()[4:8] == b"ET12"


def test_a_file_of_torch_export(tmp_path: Path) -> None:
    torch.export.save(models.exported(), tmp_path / "saved.pt2")
    assert tool.main(["saved.pt2"]) == 0
    assert files(tmp_path) == ["saved.pt2", "saved.pte"]


def test_several_methods(capsys: Captured) -> None:
    assert tool.main([f"{MODELS}:two", "--json", "-o", "both.pte"]) == 0
    assert [method["name"] for method in json.loads(capsys.readouterr().out)["methods"]] == ["encode", "decode"]


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.pte", "b.pte"):
        assert tool.main([f"{MODELS}:net", "-o", name]) == 0
    assert (tmp_path / "a.pte").read_bytes() == (tmp_path / "b.pte").read_bytes()


def test_a_file_in_a_package_imports_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo" / "__init__.py").write_text("")
    (tmp_path / "zoo" / "parts.py").write_text(MODELS.read_text())
    (tmp_path / "zoo" / "whole.py").write_text("from zoo.parts import net\n")
    assert tool.main(["zoo/whole.py:net"]) == 0


def test_its_name_hides_no_module(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text(MODELS.read_text())
    assert tool.main(["json.py:net"]) == 0
    assert sys.modules["json"] is json


class TestWhatItTells:
    def test_a_table(self, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:net", "-o", "net.pte"]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        for text in (r"forward │ +\d+ │ +\d+ B │ +\d+ B │ 1\.000", r"weights +\d+ B", r"file +[\d,]+ B", r"emit\s+\d"):
            assert re.search(text, shown.out), f"{text} in\n{shown.out}"

    def test_figures_for_machines(self, capsys: Captured, tmp_path: Path) -> None:
        assert tool.main([f"{MODELS}:net", "--json"]) == 0
        figures = json.loads(capsys.readouterr().out)
        assert figures["output"] == "net.pte"
        assert figures["file_bytes"] == (tmp_path / "net.pte").stat().st_size
        assert figures["weight_bytes"] == 4 * (4 * 3 + 3 + 1)
        (method,) = figures["methods"]
        assert sum(method["kernels"].values()) == method["instructions"] == 3
        assert method["planned_bytes"] >= method["lower_bound"] > 0
        stages = ["export", "import", "core-aten", "edge", "optimised", "legal", "exec", "planned", "emit"]
        assert list(figures["seconds"]) == stages
        assert "aten-to-edge: AtenToEdge" in figures["rewrites"]
        assert not [rule for rule in figures["rewrites"] if ": _" in rule]

    def test_what_guards_do_is_no_kernel(self, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:dynamic", "--json"]) == 0
        (method,) = json.loads(capsys.readouterr().out)["methods"]
        assert method["kernels"] == {"aten::add.out": 1, "aten::linear.out": 1, "aten::relu.out": 1}
        assert method["instructions"] > 10

    def test_a_memory_map_as_text(self, capsys: Captured) -> None:
        assert tool.main(["--memory-map", f"{MODELS}:net"]) == 0
        shown = capsys.readouterr().out
        assert "method forward, memory 1: " in shown
        assert "%x: 32 bytes at" in shown
        assert f"{MODELS}:" in shown.replace("test/tools", str(MODELS.parents[1]))

    def test_a_memory_map_as_a_picture(self, tmp_path: Path) -> None:
        assert tool.main([f"{MODELS}:net", "--memory-map", "map.svg"]) == 0
        assert (tmp_path / "map.svg").read_text().startswith("<svg ")
        assert tool.main([f"{MODELS}:two", "--memory-map", "map.svg"]) == 0
        assert {"map-encode-1.svg", "map-decode-1.svg"} <= set(files(tmp_path))

    def test_stages(self, tmp_path: Path, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:net", "--save-temps", "stages/here"]) == 0
        stages = ["01-aten", "02-core-aten", "03-edge", "04-optimised", "05-legal", "06-exec", "07-planned"]
        folder = tmp_path / "stages" / "here"
        assert [path.stem for path in sorted(folder.glob("*.mlir"))] == stages
        # Going on from any stage by hand comes to the same file.
        capsys.readouterr()
        rest = ",".join(dict(pipelines.TO_PTE)["planned"])
        assert opt.main([str(folder / "06-exec.mlir"), "-p", rest, "-o", "by-hand.pte"]) == 0
        assert (tmp_path / "by-hand.pte").read_bytes() == (tmp_path / "net.pte").read_bytes()

    def test_weights_beside_stages(self, tmp_path: Path) -> None:
        source = MODELS.read_text().replace("Linear(4, 3)", "Linear(4, 100)")
        (tmp_path / "larger.py").write_text(source)
        assert tool.main(["larger.py:net", "--save-temps", "stages"]) == 0
        assert (tmp_path / "stages" / "03-edge.safetensors").stat().st_size > 4 * 500

    def test_what_rules_did(self, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:net", "--explain", "--json"]) == 0
        assert re.search(r"^fuse-linear: \w+: applied 1, declined", capsys.readouterr().err, re.MULTILINE)


class TestPasses:
    def test_replace_the_optimisations(self, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:net", "-p", "dce", "--json"]) == 0
        assert "aten::addmm.out" in json.loads(capsys.readouterr().out)["methods"][0]["kernels"]

    def test_of_a_file(self, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:net", "--load", str(PASSES), "-p", "relu-to-sigmoid", "--json"]) == 0
        figures = json.loads(capsys.readouterr().out)
        assert figures["methods"][0]["kernels"]["aten::sigmoid.out"] == 1
        assert figures["rewrites"]["relu-to-sigmoid: relu_to_sigmoid"] == 1

    def test_what_they_break_is_noticed(self, capsys: Captured, tmp_path: Path) -> None:
        assert tool.main([f"{MODELS}:net", "--load", str(PASSES), "-p", "break-types"]) == 1
        message = capsys.readouterr().err
        assert message.startswith("etc-compile: error: pass break-types left an invalid program: ")
        assert "edge.relu" in message
        assert files(tmp_path) == []

    def test_in_python(self) -> None:
        compiled = etc.compile(*models.net(), passes=["dce"])
        assert "aten::addmm.out" in compiled.report.methods[0].kernels


class TestErrors:
    """One clear message each, an exit code, and no file."""

    @pytest.mark.parametrize(
        ("model", "message"),
        [
            ("nowhere.pt2", "nowhere.pt2: there is no such file\n"),
            ("nowhere.py:net", "nowhere.py: there is no such file\n"),
            (f"{MODELS}:nett", f"{MODELS}: there is no function nett\n  next: did you mean net?\n"),
            (f"{MODELS}:annotations", f"{MODELS}: annotations is no function\n"),
            (f"{MODELS}:number", f"{MODELS}:number returned what is no model\n{EXPECTED}  found: int\n"),
            (f"{MODELS}:only_module", f"{MODELS}:only_module returned a tuple of 1\n{EXPECTED}"),
            (f"{MODELS}:nothing", f"{MODELS}:nothing returned an empty dict\n{EXPECTED}"),
            (
                f"{MODELS}:bad_inputs",
                f"{MODELS}:bad_inputs returned example inputs that are no tuple\n"
                "  expected: a tuple or a dict\n  found: int\n",
            ),
            (
                f"{MODELS}:bad_keywords",
                f"{MODELS}:bad_keywords: example_kwargs is no dict\n  expected: a dict\n  found: int\n",
            ),
            (
                f"{MODELS}:names_of_two_types",
                "a method has no name\n  expected: a text that is not empty\n  found: 1\n",
            ),
            (f"{MODELS}:nameless", "a method has no name\n  expected: a text that is not empty\n  found: ''\n"),
            (
                f"{MODELS}:no_shapes",
                'these are no dynamic shapes\n  expected: {"x": {0: torch.export.Dim("batch", max=8)}}: '
                "by the names of forward's parameters, or in order\n  found: 17\n",
            ),
            (
                f"{MODELS}:sparse",
                "input x: a sparse tensor has no counterpart in a compiled program\n"
                "  expected: a dense tensor\n  found: torch.sparse_coo\n  next: give it as x.to_dense()\n",
            ),
            (f"{MODELS}:fails", f"{MODELS}:fails raised at line 105: ZeroDivisionError: by zero\n"),
            (f"{MODELS}:branches", f"{MODELS}:50: torch.export cannot capture the model\n  found: "),
        ],
    )
    def test_of_the_model(self, model: str, message: str, capsys: Captured, tmp_path: Path) -> None:
        assert tool.main([model]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.startswith(f"etc-compile: error: {message}")
        assert "Traceback" not in shown.err
        assert files(tmp_path) == []

    def test_an_operator_without_a_kernel(self, capsys: Captured, tmp_path: Path) -> None:
        assert tool.main([f"{MODELS}:eigenvalues"]) == 1
        assert re.search(r"models.py:43: \S+linalg_eigvals\S*: (.*\n)*.*next: ", capsys.readouterr().err)
        assert files(tmp_path) == []

    @pytest.mark.parametrize(
        ("content", "where"), [("x = 1\n1 / 0\n", ":2: cannot be loaded: ZeroDiv"), ("x = = 2\n", ":1: cannot be lo")]
    )
    def test_a_file_that_does_not_run(self, content: str, where: str, capsys: Captured, tmp_path: Path) -> None:
        (tmp_path / "broken.py").write_text(content)
        assert tool.main(["broken.py:net"]) == 1
        assert capsys.readouterr().err.startswith(f"etc-compile: error: broken.py{where}")

    @pytest.mark.parametrize("keep", [0, 100, -200])
    def test_a_damaged_pt2(self, keep: int, capsys: Captured, tmp_path: Path) -> None:
        torch.export.save(models.exported(), tmp_path / "saved.pt2")
        (tmp_path / "saved.pt2").write_bytes((tmp_path / "saved.pt2").read_bytes()[:keep])
        assert tool.main(["saved.pt2"]) == 1
        message = capsys.readouterr().err
        assert message.startswith("etc-compile: error: saved.pt2: ")
        assert "Traceback" not in message
        assert files(tmp_path) == ["saved.pt2"]

    def test_an_output_that_cannot_be_written(self, capsys: Captured) -> None:
        assert tool.main([f"{MODELS}:net", "-o", "no/net.pte"]) == 1
        assert capsys.readouterr().err == (
            "etc-compile: error: no/net.pte: cannot be written: No such file or directory\n"
        )

    def test_a_failing_run_leaves_the_output_as_it_was(self, tmp_path: Path) -> None:
        (tmp_path / "out.pte").write_bytes(b"precious")
        assert tool.main([f"{MODELS}:eigenvalues", "-o", "out.pte"]) == 1
        assert (tmp_path / "out.pte").read_bytes() == b"precious"
        assert files(tmp_path) == ["out.pte"]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ([str(MODELS)], "this names no model\n  expected: FILE.pt2 or FILE.py:FUNCTION\n"),
            (["net.onnx"], "this names no model\n  expected: FILE.pt2 or FILE.py:FUNCTION\n  found: net.onnx\n"),
            ([f"{MODELS}:net", "-p", "csee"], 'there is no pass "csee"\n  next: did you mean cse?\n'),
            ([f"{MODELS}:net", "--memory-map", "map.png"], "a memory map is drawn as text or as .svg\n"),
        ],
    )
    def test_of_the_command_line(self, arguments: list[str], message: str, capsys: Captured, tmp_path: Path) -> None:
        assert tool.main(arguments) == 2
        assert capsys.readouterr().err.startswith(f"etc-compile: error: {message}")
        assert files(tmp_path) == []

    def test_no_model(self, capsys: Captured) -> None:
        with pytest.raises(SystemExit) as exit:
            tool.main([])
        assert exit.value.code == 2
        assert "the following arguments are required: MODEL" in capsys.readouterr().err

    def test_a_traceback_on_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ETC_TRACEBACK", "1")
        with pytest.raises(etc.Error, match="by zero"):
            tool.main([f"{MODELS}:fails"])


def test_as_a_process(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "etc-compile"
    done = subprocess.run(
        [command, f"{MODELS}:net", "--json"], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["output"] == "net.pte"


def test_stages_are_seen_in_order() -> None:
    seen: list[str] = []

    def note(stage: str, module: ModuleOp) -> None:
        seen.append(stage)

    etc.compile(*models.net(), on_stage=note)
    assert seen == ["aten", "core-aten", "edge", "optimised", "legal", "exec", "planned"]
