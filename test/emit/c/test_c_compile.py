"""etc-compile makes a library that checks itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from etc.tools import compile

MODEL = """\
import torch

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Conv2d(2, 3, 3)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        return {"y": self.layer(x).relu() * self.calls, "half": x.half(), "positive": x > 0}

def net():
    torch.manual_seed(0)
    return Net(), (torch.randn(1, 2, 5, 5).to(memory_format=torch.channels_last),)
"""

APP = """\
#include "net.h"
#include <stdlib.h>
int main(void) {
  return net_selftest(calloc(1, 65536), calloc(1, 65536), calloc(1, NET_SELFTEST_BYTES));
}
"""

PROJECT = """\
cmake_minimum_required(VERSION 3.13)
project(app C)
add_subdirectory(net)
add_executable(app app.c)
target_link_libraries(app net)
"""


@pytest.mark.skipif(shutil.which("cmake") is None, reason="cmake is not installed")
def test_the_selftest_of_a_package_passes(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    folder = str(tmp_path / "net")
    arguments = ["--target", "c", "--name", "net", "-o", folder, "--selftest", "--package", "cmake"]
    assert compile.main([f"{tmp_path / 'model.py'}:net", *arguments]) == 0
    (tmp_path / "app.c").write_text(APP)
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    build = tmp_path / "build"
    for command in (["cmake", "-S", tmp_path, "-B", build], ["cmake", "--build", build]):
        subprocess.run(command, check=True, capture_output=True)
    assert subprocess.run([build / "app"], check=False).returncode == 0


def test_packages_and_selftests_are_for_c(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.py").write_text("import torch\ndef net():\n    return torch.nn.ReLU(), (torch.ones(2),)\n")
    output = str(tmp_path / "net.pte")
    assert compile.main([f"{tmp_path / 'model.py'}:net", "-o", output, "--selftest"]) == 2
    assert "packages and self-tests are for C programs" in capsys.readouterr().err
    assert not Path(output).exists()
    assert compile.main(["nothing.py:net", "--package", "cmaek"]) == 1
    assert "did you mean cmake?" in capsys.readouterr().err
