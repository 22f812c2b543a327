"""etc-run: programs of every stage on torch and on the stock runtime, inputs and outputs as files, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from inputs import models

import etc
from etc import pipelines
from etc.tools import compile, run

MODELS = Path(__file__).parent / "inputs" / "models.py"
STAGES = ["aten", *(name for name, _ in pipelines.TO_PTE)]
Captured = pytest.CaptureFixture[str]

has_stock_runtime = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import executorch.runtime"], capture_output=True).returncode != 0,
    reason="the package executorch is not installed",
)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs of inputs/models.py, and one with each stage of `net`."""
    folder = tmp_path_factory.mktemp("programs")
    for name in ("net", "two", "counter", "scale", "dynamic"):
        arguments = [f"{MODELS}:{name}", "-o", str(folder / f"{name}.pte"), "--json"]
        assert compile.main([*arguments, "--save-temps", str(folder / name)]) == 0
    torch.export.save(models.exported(), folder / "exported.pt2")
    return folder


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def save(name: str, *values: Any) -> list[str]:
    files = [f"{name}_{number}.npy" for number in range(len(values))]
    for file, value in zip(files, values, strict=True):
        np.save(file, value.numpy() if isinstance(value, torch.Tensor) else value)
    return files


def figures(capsys: Captured, *arguments: str | Path) -> dict[str, Any]:
    capsys.readouterr()
    assert run.main([*map(str, arguments), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def results(*arguments: str | Path) -> list[np.ndarray[Any, Any]]:
    """The outputs that a run writes."""
    assert run.main([*map(str, arguments), "-o", "outputs"]) == 0
    return [np.load(path) for path in sorted(Path("outputs").iterdir())]


def eager(example: tuple[torch.nn.Module, Any], inputs: Sequence[torch.Tensor]) -> list[np.ndarray[Any, Any]]:
    with torch.no_grad():
        found = example[0](*inputs)
    return [t.numpy() for t in (found if isinstance(found, tuple) else (found,))]


def test_starts_without_heavy_modules() -> None:
    code = (
        "import sys\nfrom etc.tools.run import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print('imported:', [m for m in ('torch', 'numpy', 'xdsl', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "imported: []"


class TestResults:
    @pytest.mark.parametrize(("number", "stage"), enumerate(STAGES, 1))
    def test_every_stage_on_torch(self, number: int, stage: str, programs: Path) -> None:
        x = torch.randn(2, 4)
        (found,) = results(programs / "net" / f"{number:02}-{stage}.mlir", *save("x", x), "--on", "torch")
        np.testing.assert_allclose(found, eager(models.net(), [x])[0], rtol=1e-5)

    @has_stock_runtime
    @pytest.mark.parametrize("program", ["net.pte", "net/06-exec.mlir", "net/07-planned.mlir"])
    def test_the_stock_runtime(self, program: str, programs: Path, capsys: Captured) -> None:
        x = torch.randn(2, 4)
        (found,) = results(programs / program, *save("x", x))
        np.testing.assert_allclose(found, eager(models.net(), [x])[0], rtol=1e-5)
        assert "on stock ExecuTorch runtime" in " ".join(capsys.readouterr().out.split())

    @pytest.mark.parametrize("program", ["exported.pt2", "net.pte"])
    def test_files_on_torch(self, program: str, programs: Path) -> None:
        x = torch.randn(2, 4)
        (found,) = results(programs / program, *save("x", x), "--on", "torch")
        np.testing.assert_allclose(found, eager(models.net(), [x])[0], rtol=1e-5)

    def test_several_inputs_and_outputs(self, programs: Path) -> None:
        x, by = torch.tensor([1.0, -2.0, 3.0]), torch.tensor([2.0, 2.0, 0.5])
        product, positive = results(programs / "scale.pte", *save("x", x, by), "--on", "torch")
        assert product.tolist() == [2.0, -4.0, 1.5]
        assert positive.tolist() == [True, False, True]
        assert positive.dtype == np.bool_

    @pytest.mark.parametrize("batch", [1, 5, 8])
    def test_sizes_below_the_bound(self, batch: int, programs: Path) -> None:
        x = torch.randn(batch, 4)
        for program in ("dynamic.pte", "dynamic/03-edge.mlir"):
            (found,) = results(programs / program, *save("x", x), "--on", "torch")
            np.testing.assert_allclose(found, eager(models.net(), [x])[0], rtol=1e-5)

    def test_results_are_those_of_the_first_run(self, programs: Path, capsys: Captured) -> None:
        zeros = save("x", torch.zeros(2, dtype=torch.int64))
        for program in ("counter.pte", "counter/03-edge.mlir"):
            found = figures(capsys, programs / program, *zeros, "--on", "torch", "--repeat", "3")
            assert found["outputs"][0]["max"] == 1
            assert found["milliseconds"]["runs"] == 3
            assert 0 < found["milliseconds"]["min"] <= found["milliseconds"]["median"]

    def test_random_inputs_are_the_same_for_a_seed(self, programs: Path, capsys: Captured) -> None:
        first, again, other = (
            figures(capsys, programs / file, "--on", "torch", "--random", seed)["outputs"][0]["mean"]
            for file, seed in (("net.pte", "1"), ("net/01-aten.mlir", "1"), ("net.pte", "2"))
        )
        assert first == pytest.approx(again)
        assert first != pytest.approx(other)


class TestWhatItTells:
    def test_a_table(self, programs: Path, capsys: Captured) -> None:
        capsys.readouterr()
        assert run.main([str(programs / "net" / "03-edge.mlir"), "--random", "0", "--repeat", "2"]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        assert "│ add    │ float32 [2, 3] │" in shown.out
        assert "ms a run (median of 2; " in shown.out

    def test_figures_for_machines(self, programs: Path, capsys: Captured) -> None:
        files = save("x", torch.tensor([1.0, -2.0, 4.0]), torch.ones(3))
        found = figures(capsys, programs / "scale" / "03-edge.mlir", *files, "-o", "there")
        assert found["method"] == "forward"
        assert found["on"] == "torch, operation by operation"
        assert found["outputs"] == [
            {
                "name": "mul",
                "dtype": "float32",
                "shape": [3],
                "min": -2.0,
                "max": 4.0,
                "mean": 1.0,
                "file": "there/output_0.npy",
            },
            {
                "name": "gt",
                "dtype": "bool",
                "shape": [3],
                "min": 0.0,
                "max": 1.0,
                "mean": pytest.approx(2 / 3),
                "file": "there/output_1.npy",
            },
        ]

    def test_the_method_that_is_asked_for(self, programs: Path, capsys: Captured) -> None:
        found = figures(capsys, programs / "two.pte", "--on", "torch", "--random", "0", "--method", "decode")
        assert found["method"] == "decode"


NEXT = "  next: give {} that type and these sizes; --random SEED makes inputs that fit\n"
NEXT_OF_BOUNDS = NEXT.replace(";", ", ≤ being the largest;")


class TestErrors:
    def message(self, capsys: Captured, *arguments: str | Path, code: int = 1) -> str:
        capsys.readouterr()
        assert run.main(list(map(str, arguments))) == code
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "Traceback" not in shown.err
        assert not Path("outputs").exists()
        return shown.err

    @pytest.mark.parametrize("on", ["torch", pytest.param("stock", marks=has_stock_runtime)])
    def test_inputs_that_do_not_fit(self, on: str, programs: Path, capsys: Captured) -> None:
        files = save("x", torch.ones(3, 4), torch.ones(3, dtype=torch.int64))
        assert self.message(capsys, programs / "scale.pte", *files, "--on", on, "-o", "outputs") == (
            f"etc-run: error: {files[0]}: input 0 of method forward does not fit\n"
            f"  expected: float32 [3]\n  found: float32 [3, 4]\n{NEXT.format(files[0])}"
            f"etc-run: error: {files[1]}: input 1 of method forward does not fit\n"
            f"  expected: float32 [3]\n  found: int64 [3]\n{NEXT.format(files[1])}"
        )

    def test_inputs_that_do_not_fit_before_exec(self, programs: Path, capsys: Captured) -> None:
        files = save("x", torch.ones(9, 4))
        assert self.message(capsys, programs / "dynamic" / "03-edge.mlir", *files) == (
            f"etc-run: error: {files[0]}: input 0 (x) of method forward does not fit\n"
            f"  expected: float32 [≤ 8, 4]\n  found: float32 [9, 4]\n{NEXT_OF_BOUNDS.format(files[0])}"
        )

    @pytest.mark.parametrize("on", ["torch", pytest.param("stock", marks=has_stock_runtime)])
    def test_inputs_of_sizes_that_guards_refuse(self, on: str, programs: Path, capsys: Captured) -> None:
        (file,) = save("x", torch.ones(9, 4))
        assert self.message(capsys, programs / "dynamic.pte", file, "--on", on) == (
            f"etc-run: error: {file}: input 0 (x): dimension 0 must be at most 8 (Dim batch)\n"
            f"  found: sizes [9, 4]\n  next: give {file} another size, or compile the model for it: "
            "its torch.export.Dim has the limits\n"
        )
        (file,) = save("x", torch.ones(2, 4, dtype=torch.int64))
        assert self.message(capsys, programs / "dynamic.pte", file, "--on", on) == (
            f"etc-run: error: {file}: input 0 of method forward does not fit\n"
            f"  expected: float32 [≤ 8, 4]\n  found: int64 [2, 4]\n{NEXT_OF_BOUNDS.format(file)}"
        )

    def test_too_few_inputs(self, programs: Path, capsys: Captured) -> None:
        assert self.message(capsys, programs / "scale" / "03-edge.mlir", *save("x", torch.ones(3))) == (
            "etc-run: error: method forward takes another number of inputs\n"
            "  expected: 2: x float32 [3], by float32 [3]\n  found: 1\n"
            "  next: give one .npy file for each, or --random SEED\n"
        )

    def test_a_missing_input(self, programs: Path, capsys: Captured) -> None:
        assert self.message(capsys, programs / "net.pte", "x.npy", "--on", "torch") == (
            "etc-run: error: x.npy: cannot be read: No such file or directory\n"
        )

    @pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"1, 2, 3", b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'}"])
    def test_an_input_that_is_no_array(self, content: bytes, programs: Path, capsys: Captured) -> None:
        Path("x.npy").write_bytes(content)
        message = self.message(capsys, programs / "net.pte", "x.npy", "--on", "torch")
        assert message.startswith("etc-run: error: x.npy: this is no .npy file of numbers\n  found: ")

    def test_an_array_of_text(self, programs: Path, capsys: Captured) -> None:
        np.save("x.npy", np.array(["a"]))
        message = self.message(capsys, programs / "net.pte", "x.npy", "--on", "torch")
        assert message.startswith("etc-run: error: x.npy: this is no .npy file of numbers\n  found: ")

    def test_an_unknown_method(self, programs: Path, capsys: Captured) -> None:
        assert self.message(capsys, programs / "two.pte", "--on", "torch", "--method", "decoder") == (
            "etc-run: error: there is no method decoder\n  found: encode, decode\n  next: did you mean decode?\n"
        )

    def test_one_of_several_methods(self, programs: Path, capsys: Captured) -> None:
        assert self.message(capsys, programs / "two.pte", "--on", "torch", code=2) == (
            "etc-run: error: which method is to run?\n  expected: --method with one of encode, decode\n"
        )

    def test_random_and_given_inputs(self, programs: Path, capsys: Captured) -> None:
        message = self.message(capsys, programs / "net.pte", "x.npy", "--random", "1", code=2)
        assert message.startswith("etc-run: error: inputs are given, and to be made up too\n")

    def test_an_early_stage_on_the_stock_runtime(self, programs: Path, capsys: Captured) -> None:
        path = programs / "net" / "03-edge.mlir"
        assert self.message(capsys, path, "--on", "stock") == (
            f"etc-run: error: {path}: the stock runtime cannot run it\n"
            "  expected: a .pte, or a program of stage exec\n  next: compile it first: etc-compile or etc-opt\n"
        )

    def test_a_missing_program(self, capsys: Captured) -> None:
        message = "etc-run: error: no.pte: cannot be read: No such file or directory\n"
        assert self.message(capsys, "no.pte", "--random", "0") == message

    @pytest.mark.parametrize("keep", [0, 30, 500, -40])
    def test_a_damaged_program(self, keep: int, programs: Path, capsys: Captured) -> None:
        Path("bad.pte").write_bytes((programs / "net.pte").read_bytes()[:keep])
        assert self.message(capsys, "bad.pte", "--random", "0", "--on", "torch").startswith("etc-run: error: bad.pte: ")

    def test_an_output_folder_that_is_a_file(self, programs: Path, capsys: Captured) -> None:
        Path("file").write_text("")
        message = self.message(capsys, programs / "net.pte", "--random", "0", "--on", "torch", "-o", "file")
        assert message == "etc-run: error: file: cannot be made: File exists\n"

    def test_a_negative_count(self, capsys: Captured) -> None:
        with pytest.raises(SystemExit) as exit:
            run.main(["net.pte", "--repeat", "-1"])
        assert exit.value.code == 2


@has_stock_runtime
def test_in_python() -> None:
    module, (x,) = models.net()
    compiled = etc.compile(module, (x,))
    np.testing.assert_allclose(compiled.run(x), eager((module, ()), [x])[0], rtol=1e-5)
    with pytest.raises(etc.Error, match=r"input 0 \(x\) of method forward does not fit"):
        compiled.run(torch.ones(3, 4))
