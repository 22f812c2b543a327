"""etc-opt as a process: what it imports, its help, files it reads and writes, exit codes; plain xdsl-opt beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etc.tools import opt

INPUTS = Path(__file__).parent / "inputs"
PROGRAM = "func.func @f(%x: i32) -> i32 {\n  func.return %x : i32\n}\n"
BIN = Path(sys.executable).parent


def process(*argv: str, text: str = "", cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, input=text, capture_output=True, text=True, cwd=cwd, env={**os.environ, **env}, check=False, timeout=120
    )


def etc_opt(*arguments: str, text: str = "", cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return process(str(BIN / "etc-opt"), *arguments, text=text, cwd=cwd, **env)


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], ["torch", "numpy", "xdsl", "etc.transforms"]),
        (["--version"], ["torch", "numpy", "xdsl"]),
        (["--list-passes"], ["torch", "numpy"]),
        (["FILE", "-p", "canonicalize,cse,dce"], ["torch", "numpy", "etc.dialects.aten", "etc.dialects.edge"]),
    ],
)
def test_starts_without_heavy_modules(arguments: list[str], absent: list[str], tmp_path: Path):
    (tmp_path / "program.mlir").write_text(PROGRAM)
    arguments = [str(tmp_path / "program.mlir") if a == "FILE" else a for a in arguments]
    code = (
        "import sys\nfrom etc.tools.opt import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        f"print('imported:', [m for m in {absent!r} if m in sys.modules])"
    )
    done = process(sys.executable, "-c", code)
    assert done.stdout.splitlines()[-1] == "imported: []", done.stdout + done.stderr


class TestHelp:
    def test_says_what_the_exit_codes_mean(self, capsys: pytest.CaptureFixture[str]):
        with pytest.raises(SystemExit) as exit:
            opt.main(["--help"])
        assert exit.value.code == 0
        shown = capsys.readouterr().out
        assert shown.startswith("usage: etc-opt [-h] [-p PASSES] [-o FILE] [-t {mlir,pte,c}]")
        assert (
            "exit codes:\n"
            "  0  done\n"
            "  1  the program, a file or a pass is wrong: each problem is said once, with its place,"
            " on standard error\n"
            "  2  the command line is wrong: an unknown option, pass or pass option\n"
        ) in shown

    def test_names_every_option(self, capsys: pytest.CaptureFixture[str]):
        with pytest.raises(SystemExit):
            opt.main(["-h"])
        shown = capsys.readouterr().out
        for option in (
            "-p PASSES, --pass-pipeline PASSES, --passes PASSES",
            "--load FILE.py",
            "--list-passes",
            "--explain",
            "--print-ir-after-all",
            "--print-ir-after-change",
            "--time-passes",
            "--verify-numerics",
            "--split-input-file",
            "--verify-diagnostics",
            "--parsing-diagnostics",
            "--print-debuginfo",
            "--print-op-generic",
            "--allow-unregistered-dialect",
        ):
            assert option in shown

    def test_version(self, capsys: pytest.CaptureFixture[str]):
        assert opt.main(["--version"]) == 0
        assert capsys.readouterr().out.startswith("etc-opt 0.")


class TestExitCodes:
    def test_0_when_done(self):
        done = etc_opt(text=PROGRAM)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "builtin.module {\n  func.func @f(%x: i32) -> i32 {\n    func.return %x : i32\n  }\n}\n"

    @pytest.mark.parametrize("text", ["func.func @f(", "$", "%0 = foo.bar", "", '"' + 200 * "a"])
    def test_1_for_a_wrong_program(self, text: str):
        done = etc_opt("-", text=text)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("etc-opt: error: <stdin>:1:")
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("arguments", [["--nonsense"], ["-p", "nonsense"], ["-p", "cse{"], ["-t", "elf"]])
    def test_2_for_a_wrong_command_line(self, arguments: list[str]):
        done = etc_opt(*arguments, text=PROGRAM)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr

    def test_a_traceback_on_request(self):
        assert "Traceback" in etc_opt("-", text="$", ETC_TRACEBACK="1").stderr

    def test_a_reader_that_stops_early_is_no_error(self, tmp_path: Path):
        file = tmp_path / "long.mlir"
        file.write_text("".join(f"func.func private @f{i}()\n" for i in range(20000)))
        done = process("sh", "-c", f"'{BIN / 'etc-opt'}' '{file}' | head -n 1")
        assert (done.stdout, done.stderr) == ("builtin.module {\n", "")


class TestFiles:
    def test_a_missing_file(self, capsys: pytest.CaptureFixture[str], tmp_path: Path):
        missing = tmp_path / "model.mlir"
        assert opt.main([str(missing)]) == 1
        assert capsys.readouterr().err == f"etc-opt: error: {missing}: cannot be read: No such file or directory\n"

    def test_a_folder(self, capsys: pytest.CaptureFixture[str], tmp_path: Path):
        assert opt.main([str(tmp_path)]) == 1
        assert capsys.readouterr().err == f"etc-opt: error: {tmp_path}: cannot be read: Is a directory\n"

    def test_binary_content(self, capsys: pytest.CaptureFixture[str], tmp_path: Path):
        file = tmp_path / "model.mlir"
        file.write_bytes(b"PK\x03\x04\xff\xfe")
        assert opt.main([str(file)]) == 1
        assert capsys.readouterr().err == (
            f"etc-opt: error: {file}: this is not a text file: byte 0xff at offset 4 is not UTF-8\n"
            "  expected: a program as text (.mlir), or a .pt2 or .pte file with that extension in its name\n"
        )

    def test_output_appears_whole(self, tmp_path: Path):
        program, output = tmp_path / "in.mlir", tmp_path / "out.mlir"
        program.write_text(PROGRAM)
        assert opt.main([str(program), "-o", str(output)]) == 0
        assert output.read_text().startswith("builtin.module {\n  func.func @f")
        assert sorted(p.name for p in tmp_path.iterdir()) == ["in.mlir", "out.mlir"]

    def test_a_failing_run_leaves_the_output_as_it_was(self, tmp_path: Path):
        program, output = tmp_path / "in.mlir", tmp_path / "out.mlir"
        program.write_text(PROGRAM + "// -----\nfunc.func @broken(\n")
        output.write_text("precious")
        assert opt.main([str(program), "--split-input-file", "-o", str(output)]) == 1
        assert output.read_text() == "precious"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["in.mlir", "out.mlir"]

    def test_an_output_that_cannot_be_written(self, capsys: pytest.CaptureFixture[str], tmp_path: Path):
        program, output = tmp_path / "in.mlir", tmp_path / "no" / "out.mlir"
        program.write_text(PROGRAM)
        assert opt.main([str(program), "-o", str(output)]) == 1
        assert capsys.readouterr().err == f"etc-opt: error: {output}: cannot be written: No such file or directory\n"

    def test_output_may_be_a_device(self, tmp_path: Path):
        program = tmp_path / "in.mlir"
        program.write_text(PROGRAM)
        assert opt.main([str(program), "-o", os.devnull]) == 0
        assert not Path(os.devnull).is_file()


class TestWeights:
    """Constants of more than 32 elements lie in a .safetensors file beside the text."""

    TEXT = """
    program.global parameter @w : tensor<40xf32> = dense<1.5>
    program.global parameter @tied : tensor<40xf32> = dense<1.5>
    program.global parameter @small : tensor<2xf32> = dense<[1.0, 2.0]>
    """

    @pytest.fixture
    def written(self, tmp_path: Path) -> Path:
        (tmp_path / "in.mlir").write_text(self.TEXT)
        assert opt.main([str(tmp_path / "in.mlir"), "-o", str(tmp_path / "model.mlir")]) == 0
        return tmp_path / "model.mlir"

    def test_written_once_and_read_again(self, written: Path):
        from safetensors.torch import load_file

        (key,) = load_file(written.with_suffix(".safetensors"))
        assert f'= #program.blob<"{key}">' in written.read_text()
        again = written.with_name("again.mlir")
        assert etc_opt(str(written), "-o", str(again)).returncode == 0
        assert again.read_text() == written.read_text()
        assert again.with_suffix(".safetensors").read_bytes() == written.with_suffix(".safetensors").read_bytes()

    def test_text_goes_without_them(self, written: Path):
        written.with_suffix(".safetensors").unlink()
        done = etc_opt(str(written))
        assert (done.returncode, done.stdout) == (0, written.read_text())

    def test_missing_where_they_are_needed(self, written: Path):
        written.with_suffix(".safetensors").unlink()
        done = etc_opt(str(written), "-o", str(written.with_name("copy.mlir")))
        assert done.returncode == 1
        assert done.stderr.startswith("etc-opt: error: the bytes of a weight are not at hand\n")
        assert not written.with_name("copy.mlir").exists()

    @pytest.mark.parametrize("keep", [0, 5, 100, -60])
    def test_truncated(self, written: Path, keep: int):
        weights = written.with_suffix(".safetensors")
        weights.write_bytes(weights.read_bytes()[:keep])
        done = etc_opt(str(written), "-o", str(written.with_name("copy.mlir")))
        assert done.returncode == 1
        assert done.stderr.startswith("etc-opt: error: ")
        assert "Traceback" not in done.stderr
        assert not written.with_name("copy.mlir").exists()

    def test_damaged(self, written: Path):
        weights = written.with_suffix(".safetensors")
        weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
        done = etc_opt(str(written), "-o", str(written.with_name("copy.mlir")))
        assert done.returncode == 1
        assert done.returncode == 1
        assert done.stderr.startswith(
            f"etc-opt: error: {weights}: the file cannot be read as weights\n"
            "  expected: a .safetensors file with tensors named sha256:…, as `etc-opt -o model.mlir` writes it\n"
            "  found: other bytes than those of sha256:"
        )


class TestLoad:
    def test_a_missing_file(self, capsys: pytest.CaptureFixture[str]):
        assert opt.main(["--load", "nowhere.py"]) == 1
        assert capsys.readouterr().err == "etc-opt: error: nowhere.py: there is no such file to load passes from\n"

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (
                "x = 1\n\nimport no_such_module\n",
                ":3: cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'",
            ),
            ("x = 1\nx = = 2\n", ":2: cannot be loaded: SyntaxError: invalid syntax"),
            ("def f():\n    return 1 / 0\nf()\n", ":2: cannot be loaded: ZeroDivisionError: division by zero"),
            (
                "x = 1\n",
                ": this file defines no pass\n"
                "  expected: a subclass of EtcPass with a name, or a function with @decomposes",
            ),
        ],
    )
    def test_a_broken_file(self, content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        file = tmp_path / "broken.py"
        file.write_text(content)
        assert opt.main(["--load", str(file)]) == 1
        assert capsys.readouterr().err.startswith(f"etc-opt: error: {file}{message}")

    def test_its_name_hides_no_module(self, tmp_path: Path):
        (tmp_path / "json.py").write_text((INPUTS / "my_passes.py").read_text())
        import json

        assert opt.main(["--load", str(tmp_path / "json.py"), "--list-passes"]) == 0
        assert sys.modules["json"] is json


class TestInstalledPasses:
    """Passes of other packages, registered in the entry point group `etc.passes`."""

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        (tmp_path / "others_passes.py").write_text((INPUTS / "my_passes.py").read_text())
        info = tmp_path / "others-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[etc.passes]\nsquare-to-sum = others_passes:SquareToSumPass\n")
        return tmp_path

    def test_are_found_by_name(self, site: Path):
        text = PROGRAM.replace("func.return %x", "%y = arith.muli %x, %x : i32\nfunc.return %y")
        done = etc_opt("-p", "square-to-sum", text=text, PYTHONPATH=str(site))
        assert done.returncode == 0
        assert "arith.addi %x, %x" in done.stdout

    def test_are_listed(self, site: Path):
        done = etc_opt("--list-passes", PYTHONPATH=str(site))
        assert "From installed packages:\n  square-to-sum" in done.stdout

    def test_are_suggested(self, site: Path):
        done = etc_opt("-p", "square-to-some", text=PROGRAM, PYTHONPATH=str(site))
        assert done.stderr == (
            'etc-opt: error: there is no pass "square-to-some"\n  next: did you mean square-to-sum?\n'
        )


class TestUniverse:
    """Plain xdsl-opt sees our dialects and passes."""

    TEXT = "program.global parameter @w : tensor<2xf32> = dense<[1.0, 2.0]>\n"

    def test_dialects(self):
        done = process(str(BIN / "xdsl-opt"), text=self.TEXT)
        assert self.TEXT.strip() in done.stdout

    def test_passes(self):
        done = process(str(BIN / "xdsl-opt"), "-p", "verify-stage{stage=exec}", text=self.TEXT)
        assert 'stage "exec": program.global is not allowed here; run edge-to-exec' in done.stderr
