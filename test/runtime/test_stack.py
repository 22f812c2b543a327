"""The bound of the stack in the header: no call of generated code takes more on any target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from etc.compiler import compile
from etc.errors import EtcError
from etc.runtime.targets.emulated import EmulatedProgram
from etc.runtime.targets.stack import StackBound, stack_bound
from etc.runtime.targets.target import TARGETS

BARE = [name for name, target in TARGETS.items() if target.is_bare]
WIDE = torch.tensor([0.3, -0.7, 1e30, 3e5, -1e10, 88.0, -100.0, 0.0, 1e-42, float("inf"), float("nan"), 170.0])


class Functions(nn.Module):
    """What calls the C library, in both precisions; large numbers, which are reduced by the longest way."""

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
        return (
            x.sin() + x.tan(),
            torch.erf(x) * x.exp().tanh(),
            torch.pow(x.abs(), 0.7) + torch.lgamma(x),
            torch.atan2(x, x.flip(0)) + torch.asinh(x),
            torch.softmax(x.nan_to_num(), 0),
            y.cos() + y.sinh() + torch.log10(y),
            torch.fmod(y, 0.3) + torch.pow(y, y),
            torch.nan_to_num(x).clamp(-1e6, 1e6).long() * 7 // 3,
        )


class Layers(nn.Module):
    """Blocks of registers of each kind, two equal copies, a recurrent layer."""

    def __init__(self) -> None:
        super().__init__()
        self.wide, self.deep = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(16, 16, 3, groups=16)
        self.point, self.recurrent, self.head = nn.Conv2d(16, 24, 1), nn.LSTM(24, 12), nn.Linear(24, 5)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.point(torch.relu(self.deep(torch.relu(self.wide(x))))))
        z, _ = self.recurrent(y.flatten(2)[0].T)
        z = torch.cat([z[-1], z[-1]])
        return torch.softmax(self.head(z), 0)


CASES: Mapping[str, tuple[nn.Module, tuple[Tensor, ...]]] = {
    "functions": (Functions(), (WIDE, WIDE.double())),
    "layers": (Layers().eval(), (torch.linspace(-1, 1, 3 * 64).reshape(1, 3, 8, 8),)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", BARE)
def test_no_call_takes_more(target: str, name: str, tmp_path: Path) -> None:
    try:
        TARGETS[target].require()
    except EtcError as error:
        pytest.skip(f"{target}: {error.problems[0].found}")
    module, inputs = CASES[name]
    compiled = compile(module, inputs, target=target, name="net")
    header = (compiled.save(tmp_path) / "net.h").read_text()
    pattern = r"/\* The most stack that a call takes, compiled with (.*) \*/\n#define NET_STACK_BYTES (\d+)U"
    found = re.search(pattern, header)
    assert found is not None
    assert found[1] == TARGETS[target].command(TARGETS[target].optimise)
    compiled.run(*inputs)
    assert isinstance(compiled.loaded, EmulatedProgram)
    stack = compiled.loaded.last.stack
    assert stack is not None
    assert 0 < stack <= int(found[2]) < 4096


def test_no_compiler_no_bound(tmp_path: Path) -> None:
    compiled = compile(nn.ReLU(), (torch.ones(3),), target="c", name="net")
    assert "STACK" not in (compiled.save(tmp_path) / "net.h").read_text()


TWINS = """\
node: { title: "run" label: "run\\na.c:1:1\\n8 bytes (static)" }
node: { title: "a.c:one" label: "one\\na.c:2:1\\n64 bytes (static)" }
node: { title: "a.c:two" label: "two\\na.c:3:1\\n16 bytes (static)" }
node: { title: "memcpy" label: "memcpy\\nmemory.h:1:1" shape : ellipse }
edge: { sourcename: "run" targetname: "a.c:one" }
edge: { sourcename: "run" targetname: "a.c:folded" }
edge: { sourcename: "a.c:one" targetname: "memcpy" }
edge: { sourcename: "unknown" targetname: "no_function" }
"""


def test_a_function_that_gcc_has_folded_into_another(tmp_path: Path) -> None:
    (tmp_path / "a.ci").write_text(TWINS)
    assert stack_bound([tmp_path / "a.ci"], ["a.c:two"]) == StackBound(16)
    assert stack_bound([tmp_path / "a.ci"], ["run"]) == StackBound(8 + 64 + 128, frozenset({"memcpy"}))
    assert stack_bound([tmp_path / "a.ci"], ["no_function"]) is None
