"""etc.rewrite: passes whose two sides are PyTorch functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import etc
from etc.tools import opt

FILE = """
import torch
import etc

def slow_gelu(x):
    return x * 0.5 * (1 + torch.erf(x / 2**0.5))

FuseGelu = etc.rewrite(slow_gelu, torch.nn.functional.gelu, (torch.ones(2, 3),), name="fuse-gelu")
"""


def slow_gelu(x: Tensor) -> Tensor:
    return x * 0.5 * (1 + torch.erf(x / 2**0.5))


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.softmax(q @ k.transpose(-1, -2), -1) @ v


def by_another_order(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.softmax((k @ q.transpose(-1, -2)).transpose(-1, -2), -1) @ v


class Net(nn.Module):
    """Two hand-written gelus of other shapes than the example's, and something like one."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.fc = nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = slow_gelu(self.fc(slow_gelu(x)))
        return x * 0.25 * (1 + torch.erf(x / 2**0.5))


FuseGelu = etc.rewrite(slow_gelu, nn.functional.gelu, (torch.ones(2, 3),), name="fuse-gelu")


def test_replaces_what_matches_and_computes_the_same() -> None:
    x = torch.randn(4, 6)
    compiled = etc.compile(Net(), (x,), passes=[FuseGelu(), *etc.OPTIMISATIONS])
    kernels = compiled.report.methods[0].kernels
    assert kernels["aten::gelu.out"] == 2
    assert kernels["aten::erf.out"] == 1
    assert compiled.report.rewrites["fuse-gelu: fuse_gelu"] == 2
    pytest.importorskip("executorch", reason="executorch is not installed: make venv")
    with torch.no_grad():
        torch.testing.assert_close(compiled.run(x), Net()(x), rtol=1e-5, atol=1e-6)


def test_says_why_it_declined() -> None:
    compiled = etc.compile(Net(), (torch.randn(4, 6),), passes=[FuseGelu()])
    assert re.search(
        r"fuse-gelu: fuse_gelu: applied 2, declined [1-9]\d*\n(  .*\n)*"
        r"  edge.mul \(\S+:\d+\): .*constant has another type or content",
        compiled.report.log.explain() + "\n",
    )


def test_several_inputs() -> None:
    inputs = tuple(torch.randn(2, 3, 8) for _ in range(3))
    swap = etc.rewrite(attention, by_another_order, inputs, name="swap-attention")

    class Model(nn.Module):
        def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            return attention(q, k, v)

    compiled = etc.compile(Model(), inputs, passes=[swap()])
    assert compiled.report.rewrites["swap-attention: swap_attention"] == 1


def test_a_file_of_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rules.py").write_text(FILE)
    assert opt.main(["--load", str(tmp_path / "rules.py"), "--list-passes"]) == 0
    assert "fuse-gelu                   Replace what slow_gelu computes by gelu." in capsys.readouterr().out


def test_loading_rules_exports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(torch.export, "export", fail)
    assert etc.rewrite(slow_gelu, slow_gelu, (torch.ones(2),), name="nothing").name == "nothing"


def exploding(x: Tensor) -> Tensor:
    return x + 1 if x.sum() > 0 else x


def two_results(x: Tensor) -> Any:
    return x + 1, x + 2


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (slow_gelu, nn.functional.silu, "bad: the replacement does not compute what the pattern does\n  expected: a"),
        (slow_gelu, torch.sum, "bad: the replacement's result has another type than the pattern's\n  expected: "),
        (exploding, exploding, "bad: exploding cannot be used in a rewrite: "),
        (
            lambda x: x * torch.sigmoid(x),
            nn.functional.silu,
            "bad: the replacement does what the pattern does by the same operations, so it would never end\n",
        ),
    ],
)
def test_sides_that_make_no_rule(pattern: Callable[..., Any], replacement: Callable[..., Any], message: str) -> None:
    bad = etc.rewrite(pattern, replacement, (torch.ones(2, 3),), name="bad")
    with pytest.raises(etc.Error) as error:
        etc.compile(Net(), (torch.ones(2, 6),), passes=[bad()])
    assert str(error.value).startswith(message)


def test_several_results() -> None:
    bad = etc.rewrite(two_results, two_results, (torch.ones(2, 3),), name="bad", tolerance=None)
    with pytest.raises(etc.Error, match="bad: the pattern must return one tensor\n  expected: 1\n  found: 2"):
        etc.compile(Net(), (torch.ones(2, 6),), passes=[bad()])


def test_an_approximation_is_allowed() -> None:
    fast = etc.rewrite(slow_gelu, torch.relu, (torch.ones(2, 3),), name="fast-gelu", tolerance=0.2)
    compiled = etc.compile(Net(), (torch.ones(2, 6),), passes=[fast()])
    assert compiled.report.methods[0].kernels["aten::relu.out"] == 2
