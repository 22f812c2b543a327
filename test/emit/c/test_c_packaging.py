"""Packages: CMake builds what it gets; the others' files say what their build systems want to know."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from c_programs import print_c, write

from etc.emit.c import CProgram
from etc.emit.c.packaging import PACKAGES, package
from etc.errors import EtcError

TEXT = """
builtin.module {
  program.global constant @k : tensor<2xf32> = dense<[1.5, 2.5]>
  func.func @forward(%x: memref<2xf32>, %y: memref<2xf32>) attributes {
      program.inputs = ["x"], "c.inputs" = [tensor<2xf32>], "c.outputs" = [tensor<2xf32>]} {
    %k = memref.get_global @k : memref<2xf32>
    "memref.copy"(%k, %y) : (memref<2xf32>, memref<2xf32>) -> ()
    func.return
  }
}
"""


def _packed(kind: str, folder: Path, program: CProgram) -> Path:
    write(program, folder)
    for name, text in package(program.interface, kind).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.skipif(shutil.which("cmake") is None, reason="cmake is not installed")
@pytest.mark.parametrize("weights", ["array", "blob"])
def test_cmake_builds_the_library(weights: str, tmp_path: Path) -> None:
    _packed("cmake", tmp_path / "net", print_c(TEXT, weights=weights))
    (tmp_path / "app.c").write_text(
        '#include "net.h"\n'
        "int main(void) {\n"
        "  float x[2] = {0}, y[2];\n"
        "  net_io_t io = {x, y};\n"
        "  return net_run(&io, NULL, NULL) == NET_OK && y[1] == 2.5f ? 0 : 1;\n"
        "}\n"
    )
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(app C)\nadd_subdirectory(net)\n"
        "add_executable(app app.c)\ntarget_link_libraries(app net)\n"
    )
    build = tmp_path / "build"
    for command in (["cmake", "-S", tmp_path, "-B", build], ["cmake", "--build", build], [build / "app"]):
        subprocess.run(command, check=True, capture_output=True)


def test_zephyr_compiles_all_sources_when_configured(tmp_path: Path) -> None:
    program = print_c(TEXT)
    folder = _packed("zephyr", tmp_path, program)
    listed = (folder / "CMakeLists.txt").read_text()
    assert all(f"zephyr_library_sources({source})" in listed for source in program.interface.sources)
    assert listed.startswith("if(CONFIG_NET)")
    assert (folder / "zephyr" / "Kconfig").read_text().startswith('config NET\n\tbool "net"\n')
    assert "kconfig: zephyr/Kconfig" in (folder / "zephyr" / "module.yml").read_text()


def test_platformio_compiles_all_sources(tmp_path: Path) -> None:
    program = print_c(TEXT)
    manifest = json.loads((_packed("platformio", tmp_path, program) / "library.json").read_text())
    assert manifest["build"]["srcFilter"] == ["-<*>", *(f"+<{source}>" for source in program.interface.sources)]
    assert manifest["headers"] == "net.h"


def test_arduinos_sketch_is_cpp_that_calls_the_model(tmp_path: Path) -> None:
    """Compiled with stand-ins for what Arduino declares."""
    folder = _packed("arduino", tmp_path, print_c(TEXT))
    [sketch] = folder.glob("examples/*/*.ino")
    assert sketch.stem == sketch.parent.name
    stub = "struct { void begin(int) {} void println(int) {} } Serial;\nvoid delay(int) {}\n"
    command = ["g++", "-x", "c++", "-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{folder}", "-fsyntax-only", "-"]
    done = subprocess.run(command, input=stub + sketch.read_text(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "includes=net.h" in (folder / "library.properties").read_text()


def test_an_unknown_package_is_refused() -> None:
    with pytest.raises(EtcError, match="did you mean cmake"):
        package(print_c(TEXT).interface, "cmaek")
    assert sorted(PACKAGES) == ["arduino", "cmake", "platformio", "zephyr"]
