"""Bad input that is not bad in an ordinary way: Python that exits or prints, full disks, odd names, sizes, numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import etc
from etc.tools import compile, opt, run

Captured = pytest.CaptureFixture[str]

RELU = """\
func.func @forward(%x: tensor<f32>) -> tensor<f32> {
  %0 = edge.relu(%x) : (tensor<f32>) -> tensor<f32>
  func.return %0 : tensor<f32>
}
"""
MODEL = """\
import sys
import torch


class Loud(torch.nn.Module):
    def forward(self, x):
        print("forward")
        return x + 1


def loud():
    print("loud")
    return Loud(), (torch.ones(3),)


def odd_names():
    return {"a/b": loud(), "c": loud()}


def leaves():
    sys.exit(0)


class Number(torch.nn.Module):
    def forward(self, x):
        return x.sum().item()


def number():
    return Number(), (torch.ones(3),)


class Nothing(torch.nn.Module):
    def forward(self, x):
        return x + 1, None


def nothing():
    return Nothing(), (torch.ones(3),)


def forgotten():
    pass
"""
PASSES = """\
import sys
import etc
from etc.dialects import edge

print("loaded")


class Broken(etc.RewritePattern):
    \"\"\"relu -> nothing\"\"\"

    @etc.op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ReluOp, rewriter: etc.PatternRewriter) -> None:
        raise KeyError("lhs")


class BrokenPass(etc.EtcPass):
    \"\"\"Has a broken rule.\"\"\"

    name = "broken"
    patterns = (Broken,)


class LeavesPass(etc.EtcPass):
    \"\"\"Ends the process.\"\"\"

    name = "leaves"

    def apply(self, ctx, op):
        sys.exit(0)
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("relu.mlir", RELU), ("model.py", MODEL), ("passes.py", PASSES), ("exits.py", "exit(0)\n")):
        Path(name).write_text(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--load exits.py", "exits.py:1: cannot be loaded: SystemExit: 0\n"),
        ("--load nul.py", "nul.py: cannot be loaded: SyntaxError: source code string cannot contain null bytes\n"),
        ("--load import.py", "import.py:2: cannot be loaded: ModuleNotFoundError: No module named 'nowhere'\n"),
        ("--load folder.py", "folder.py: this is not a file to load passes from\n"),
        (
            "relu.mlir --load passes.py -p leaves",
            "pass leaves failed: SystemExit: 0\n  next: this is a mistake in the pass; ETC_TRACEBACK=1 shows where\n",
        ),
        (
            "relu.mlir --load passes.py -p broken",
            "edge.relu: broken: Broken failed: KeyError: 'lhs'\n"
            "  next: this is a mistake in the rule; ETC_TRACEBACK=1 shows where\n",
        ),
        (
            "empty.pte",
            'empty.pte: byte 4: this is not a .pte program\n  expected: the identifier "ET12"\n'
            "  found: a file of 0 bytes\n  next: check the path; `etc-compile` writes .pte files\n",
        ),
        ("declared.mlir -p edge-to-exec", "func.func: method forward has no body\n"),
        (
            "block.mlir",
            "block.mlir:1:1: func.func: Operation func.func contains empty block in single-block region "
            "that expects at least a terminator\n",
        ),
    ],
)
def test_etc_opt(arguments: str, message: str, capsys: Captured) -> None:
    Path("nul.py").write_bytes(b"x = 1\0\n")
    Path("import.py").write_text("x = 1\nimport nowhere\n")
    Path("folder.py").mkdir()
    Path("empty.pte").write_bytes(b"")
    Path("declared.mlir").write_text("func.func private @forward(tensor<2xf32>) -> tensor<2xf32>\n")
    Path("block.mlir").write_text("func.func @forward() {\n^bb0:\n}\n")
    assert opt.main([*arguments.split(), "-o", "out.mlir"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.removeprefix("loaded\n") == f"etc-opt: error: {message}"
    assert not Path("out.mlir").exists()


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (
            "4611686018427387904x4",
            "input 0 (x) has the size 4611686018427387904, which is too large for the runtime\n"
            "  expected: at most 2147483647\n",
        ),
        (
            f"{10**30}",
            f"input 0 (x) has the size {10**30}, which is too large for the runtime\n  expected: at most 2147483647\n",
        ),
        (
            "2147483647x2147483647",
            "exec.tensor: method forward needs 36,893,488,113,059,364,896 B of memory\n"
            "  expected: at most 9,223,372,036,854,775,807 B\n  found: %x of 18,446,744,056,529,682,436 B\n",
        ),
        (
            "9" * 5000,
            f"relu.mlir:1:31: a number of 5000 digits is too long\n  func.func @forward(%x: tensor<{'9' * 100}\n"
            f"{' ' * 32}{'^' * 100}\n",
        ),
    ],
    ids=["64 bits", "more", "together", "no number"],
)
def test_huge_sizes(sizes: str, message: str, capsys: Captured) -> None:
    Path("relu.mlir").write_text(RELU.replace("tensor<", f"tensor<{sizes}x"))
    assert opt.main(["relu.mlir", "-p", "edge-to-exec,plan-memory"]) == 1
    shown = "\n".join(line.rstrip() for line in capsys.readouterr().err.splitlines()) + "\n"
    assert shown == f"etc-opt: error: {message}"


def test_passes_of_one_name(capsys: Captured) -> None:
    assert opt.main(["relu.mlir", "--load", "passes.py", "--load", "passes.py"]) == 1
    assert capsys.readouterr().err.removeprefix("loaded\nloaded\n") == (
        'etc-opt: error: passes.py: there is another pass "broken"\n'
        "  found: one that was loaded before\n  next: give the pass in this file a name of its own\n"
    )


@pytest.mark.parametrize(
    ("tool", "arguments", "hint"),
    [
        (compile, ["model.py:loud", "--explan"], "--explan\n  next: did you mean --explain?"),
        (opt, ["relu.mlir", "--verify-numeric=1"], "--verify-numeric\n  next: did you mean --verify-numerics?"),
        (run, ["relu.mlir", "--randm", "0"], "--randm\n  next: did you mean --random?"),
    ],
)
def test_unknown_options(tool: Any, arguments: list[str], hint: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as exit:
        tool.main(arguments)
    assert exit.value.code == 2
    name = tool.__name__.rpartition(".")[2]
    assert capsys.readouterr().err == f"etc-{name}: error: there is no option {hint}\n"


def test_an_unclosed_pipeline(capsys: Captured) -> None:
    assert opt.main(["relu.mlir", "-p", "builtin.module(cse"]) == 2
    assert capsys.readouterr().err == (
        "etc-opt: error: this is not a pipeline: the parenthesis of builtin.module is not closed\n"
        "  builtin.module(cse\n"
    )


def test_a_problem_of_many_operations_is_said_once(capsys: Captured) -> None:
    assert opt.main(["relu.mlir", "-p", "edge-to-exec,verify-stage{stage=edge}"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines.count('etc-opt: error: stage "edge": exec.tensor is not allowed here') == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_standard_output(unbuffered: str) -> None:
    tool = Path(sys.executable).parent / "etc-opt"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [tool, "relu.mlir"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "etc-opt: error: the output cannot be written: No space left on device\n"


class TestModels:
    @pytest.mark.parametrize(
        ("model", "message"),
        [
            ("model.py:leaves", "model.py:leaves raised at line 21: SystemExit: 0\n"),
            ("exits.py:net", "exits.py:1: cannot be loaded: SystemExit: 0\n"),
            ("folder.py:net", "folder.py: this is not a file\n"),
        ],
    )
    def test_that_end_the_process(self, model: str, message: str, capsys: Captured) -> None:
        Path("folder.py").mkdir()
        assert compile.main([model]) == 1
        assert capsys.readouterr().err == f"etc-compile: error: {message}"

    def test_that_print_leave_standard_output_to_the_figures(self, capsys: Captured) -> None:
        assert compile.main(["model.py:loud", "--load", "passes.py", "--json"]) == 0
        shown = capsys.readouterr()
        assert json.loads(shown.out)["output"] == "loud.pte"
        assert shown.err == "loaded\nloud\nforward\n"

    def test_with_methods_whose_names_are_no_file_names(self) -> None:
        assert compile.main(["model.py:odd_names", "--memory-map", "map.svg"]) == 0
        assert sorted(path.name for path in Path().glob("*.svg")) == ["map-a_b-1.svg", "map-c-1.svg"]

    def test_that_give_numbers(self, capsys: Captured) -> None:
        assert compile.main(["model.py:number"]) == 1
        assert capsys.readouterr().err == (
            "etc-compile: error: model.py:26: aten._local_scalar_dense: the model reads a fraction from a tensor as a "
            "number, and a program has only tensors for that\n"
            "  next: keep it a tensor in the model: leave out .item()\n"
        )

    @pytest.mark.skipif(find_spec("executorch") is None, reason="the package executorch is not installed")
    def test_that_give_nothing(self, capsys: Captured) -> None:
        assert compile.main(["model.py:nothing", "--json"]) == 0
        capsys.readouterr()
        assert run.main(["nothing.pte", "--random", "0", "--json", "-o", "out"]) == 0
        first, second = json.loads(capsys.readouterr().out)["outputs"]
        assert first["file"] == "out/output_0.npy"
        assert second == {"name": "1", "dtype": None, "shape": None, "value": None}
        assert [path.name for path in Path("out").iterdir()] == ["output_0.npy"]

    def test_that_are_none(self, capsys: Captured) -> None:
        assert compile.main(["model.py:forgotten"]) == 1
        assert capsys.readouterr().err.endswith("  found: None\n")


class Times(torch.nn.Module):
    def forward(self, x: torch.Tensor, by: int, name: str | None = None) -> torch.Tensor:
        return x * by


@pytest.mark.skipif(find_spec("executorch") is None, reason="the package executorch is not installed")
def test_arguments_that_are_part_of_the_program() -> None:
    compiled = etc.compile(Times(), (torch.ones(2), 4, None))
    assert compiled.run(torch.ones(2), 4, None).tolist() == [4.0, 4.0]
    with pytest.raises(etc.Error) as caught:
        compiled.run(torch.ones(2), 5, None)
    assert str(caught.value) == (
        "input 1 of method forward is a part of the program\n  expected: 4\n  found: 5\n"
        "  next: compile with a tensor there, or once for each value"
    )


class TestRun:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("module {}", "there is no method in the program\n  expected: a func.func or an exec.plan\n"),
            (
                "func.func private @forward(tensor<2xf32>) -> tensor<2xf32>",
                "program.mlir: func.func: method forward has no body\n",
            ),
            (
                RELU.replace("tensor<f32>", "tensor<4000000000x4000000000xf32>"),
                "no random input can be made for float32 [4000000000, 4000000000]\n"
                "  found: Storage size calculation overflowed with sizes=[4000000000, 4000000000]\n"
                "  next: give smaller sizes\n",
            ),
        ],
    )
    def test_programs(self, text: str, message: str, capsys: Captured) -> None:
        Path("program.mlir").write_text(text)
        assert run.main(["program.mlir", "--random", "0"]) == 1
        assert capsys.readouterr().err == f"etc-run: error: {message}"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ("--random 18446744073709551616", "a number from 0 to 2**64 - 1 is expected, found 18446744073709551616"),
            ("--repeat ²", "a number from 0 up is expected, found ²"),
        ],
    )
    def test_numbers(self, arguments: str, message: str, capsys: Captured) -> None:
        with pytest.raises(SystemExit) as exit:
            run.main(["relu.mlir", *arguments.split()])
        assert exit.value.code == 2
        option = arguments.split()[0]
        assert capsys.readouterr().err.endswith(f"etc-run: error: argument {option}: {message}\n")

    def test_options_may_stand_between_program_and_inputs(self, capsys: Captured) -> None:
        np.save("x.npy", np.float32(2))
        assert run.main(["relu.mlir", "--json", "x.npy"]) == 0
        assert json.loads(capsys.readouterr().out)["outputs"][0]["max"] == 2.0

    def test_what_json_has_no_number_for_is_null(self, capsys: Captured) -> None:
        np.save("x.npy", np.float32("inf"))
        assert run.main(["relu.mlir", "x.npy", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["outputs"][0]["max"] is None
