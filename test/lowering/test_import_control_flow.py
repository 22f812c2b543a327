"""Higher-order operators and custom operators."""

# pyright: reportUnknownLambdaType=false, reportOperatorIssue=false, reportCallIssue=false, reportArgumentType=false
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from import_harness import (
    Of,
    X,
    check_against_eager,
    export,
    imported,
    op_names,
    text_of,
)
from torch import nn

from etc.dialects.program import globals_of

# -- control flow ------------------------------------------------------------------------------------------------------


class Linear(nn.Module):
    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function, self.linear = function, nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> Any:
        return self.function(self, x)


def branches(m: Any, x: Any) -> Any:
    return torch.cond(x.sum() > 0, lambda a: (m.linear(a), a + 1), lambda a: (a * 2, a.relu()), (x,))


def loop(m: Any, x: Any) -> Any:
    from torch._higher_order_ops.while_loop import while_loop

    return while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, m.linear(v)), (torch.tensor(0), x))


def scan(m: Any, x: Any) -> Any:
    from torch._higher_order_ops.scan import scan as torch_scan

    return torch_scan(lambda carry, row: (carry + row, carry * 2), torch.zeros(4), x)


def mapped(m: Any, x: Any) -> Any:
    from torch._higher_order_ops import map as torch_map

    return torch_map(lambda row, scale: m.linear(row) * scale, x, torch.ones(4))


@pytest.mark.parametrize(
    ("function", "op"),
    [(branches, "aten.cond"), (loop, "aten.while_loop"), (scan, "aten.scan"), (mapped, "aten.map")],
    ids=["cond", "while_loop", "scan", "map"],
)
def test_control_flow(function: Callable[..., Any], op: str) -> None:
    assert op in op_names(check_against_eager(Linear(function).eval(), X))


def test_modes_are_inlined() -> None:
    def forward(m: Any, x: Any) -> Any:
        with torch.no_grad():
            y = m.linear(x)
        with torch.autocast("cpu", enabled=False):
            z = y * 2
        return y + z

    assert op_names(check_against_eager(Linear(forward), X)) == ["aten.linear", "aten.mul.Scalar", "aten.add.Tensor"]


def test_autocast_makes_its_casts() -> None:
    def forward(m: Any, x: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return m.linear(x)

    check_against_eager(Linear(forward).eval(), X)


# -- custom operators --------------------------------------------------------------------------------------------------


@torch.library.custom_op("etc_test::scaled", mutates_args=())
def scaled(x: torch.Tensor, factor: float = 2.0) -> torch.Tensor:
    return x * factor


@scaled.register_fake
def _(x: torch.Tensor, factor: float = 2.0) -> torch.Tensor:
    return torch.empty_like(x)


@torch.library.custom_op("etc_test::count", mutates_args=("counter",))
def count(x: torch.Tensor, counter: torch.Tensor) -> torch.Tensor:
    counter.add_(1)
    return x + 1


@count.register_fake
def _(x: torch.Tensor, counter: torch.Tensor) -> torch.Tensor:
    return torch.empty_like(x)


def test_custom_operators() -> None:
    module = check_against_eager(Of(lambda x: scaled(x, 3.0) + scaled(x)), X)
    assert op_names(module) == ["etc_test.scaled", "etc_test.scaled", "aten.add.Tensor"]
    assert text_of(module).count("program.custom_op") == 1


def test_custom_operators_that_write() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("counter", torch.zeros(2))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = count(x, self.counter)
            return y + self.counter.sum()

    module = imported(export(Model(), X))
    assert globals_of(module)["counter"].mutable is not None
    assert op_names(module)[0] == "etc_test.count"
