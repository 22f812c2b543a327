"""Sizes of exported programs: called as the user calls them, with guards for what the graph relies on."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import io
from typing import Any

import pytest
import torch
from import_harness import Of, imported, method
from torch.export import Dim

from etc.dialects.program import GuardOp, SymbolOp, symbol_ranges
from etc.dialects.symbolic import UNBOUNDED, Range
from etc.errors import EtcError
from etc.runtime.torch_executor import execute


def exported(function: Any, *inputs: Any, dims: Any) -> Any:
    return torch.export.export(Of(function), inputs, dynamic_shapes={"args": dims})


def guards(module: Any) -> list[str]:
    return [op.condition.text() for op in method(module).walk() if isinstance(op, GuardOp)]


def test_symbols_have_the_names_of_dims() -> None:
    batch, length = Dim("batch", min=1, max=4), Dim("length", max=9)
    program = exported(
        lambda x, y: x.sum(1) + y[1:],
        torch.ones(2, 3),
        torch.ones(3),
        dims=({0: batch, 1: length}, {0: batch + 1}),
    )
    module = imported(program)
    assert symbol_ranges(method(module)) == {"batch": Range(1, 4), "length": Range(0, 9)}
    assert "sizes = [batch + 1]" in str(method(module).body.block.args[1].type)


def test_a_derived_dim_names_its_root() -> None:
    module = imported(exported(lambda x: x * 2, torch.ones(8), dims=({0: 4 * Dim("blocks", min=1, max=5)},)))
    assert symbol_ranges(method(module)) == {"blocks": Range(1, 5)}


def test_files_do_not_tell_names() -> None:
    program = exported(lambda x: x + 1, torch.ones(4), dims=({0: Dim("length", min=3, max=9)},))
    buffer = io.BytesIO()
    torch.export.save(program, buffer)
    buffer.seek(0)
    ((name, limits),) = symbol_ranges(method(imported(torch.export.load(buffer)))).items()
    assert name != "length"
    assert limits == Range(3, 9)


def equations(x: Any, y: Any) -> Any:
    return x[:-1] + y.view(-1, 2).sum(1)


@pytest.mark.parametrize("saved", [False, True])
def test_conditions_of_the_graph_are_guards(saved: bool) -> None:
    program = exported(equations, torch.ones(4), torch.ones(6), dims=({0: Dim.AUTO}, {0: Dim.AUTO}))
    if saved:
        buffer = io.BytesIO()
        torch.export.save(program, buffer)
        buffer.seek(0)
        program = torch.export.load(buffer)
    module = imported(program)
    a, b = symbol_ranges(method(module))
    found = guards(module)
    assert f"mod({b}, 2) == 0" in found
    assert f"{a} - 1 == floordiv({b}, 2)" in found
    (equation,) = [
        op.message.data for op in method(module).walk() if isinstance(op, GuardOp) and "== floor" in op.condition.text()
    ]
    assert equation == (
        f"the program is for sizes with {a} - 1 == floordiv({b}, 2), "
        f"where {a} is dimension 0 of input 0 (args) and {b} is dimension 0 of input 1 (args)"
    )


def test_guards_hold_at_every_stage() -> None:
    program = exported(equations, torch.ones(4), torch.ones(6), dims=({0: Dim.AUTO}, {0: Dim.AUTO}))
    module = imported(program)
    (result,) = execute(module, "forward", [torch.ones(5), torch.ones(8)])
    assert torch.equal(result, torch.full((4,), 3.0))
    with pytest.raises(EtcError, match=r"program.guard: the program is for sizes with mod\(.*\) == 0"):
        execute(module, "forward", [torch.ones(5), torch.ones(9)])


def test_arguments_of_all_kinds_are_found_in_conditions() -> None:
    class Model(torch.nn.Module):
        def forward(self, x: Any, *rest: Any, key: Any) -> Any:
            return x[:-1] + rest[0]["p"].view(-1, 2).sum(1) + key[1:-1]

    auto = {0: Dim.AUTO}
    program = torch.export.export(
        Model(),
        (torch.ones(4), {"p": torch.ones(6)}),
        {"key": torch.ones(5)},
        dynamic_shapes={"x": auto, "rest": ({"p": auto},), "key": auto},
    )
    module = imported(program)
    assert {"mod", "floordiv"} <= {word for text in guards(module) for word in ("mod", "floordiv") if word in text}
    execute(module, "forward", [torch.ones(4), torch.ones(6), torch.ones(5)])
    with pytest.raises(EtcError, match="the program is for sizes with"):
        execute(module, "forward", [torch.ones(4), torch.ones(7), torch.ones(5)])


def test_what_ranges_say_is_no_guard() -> None:
    def forward(x: Any) -> Any:
        torch._check(x.shape[0] >= 2)
        return x[: x.shape[0] // 2]

    assert guards(imported(exported(forward, torch.ones(6), dims=({0: Dim("n", min=4, max=9)},)))) == []


def test_a_number_read_from_data_is_a_symbol_with_guards() -> None:
    def forward(x: Any, k: Any) -> Any:
        n = k.item()
        torch._check(n >= 1)
        torch._check(n <= 4)
        torch._check(n <= x.shape[0])
        return x[:n], torch.arange(n)

    program = exported(forward, torch.ones(4), torch.tensor(2), dims=({0: Dim("rows", min=2, max=9)}, None))
    module = imported(program)
    assert symbol_ranges(method(module))["u0"] == Range(1, 4)
    assert [op.symbol.data for op in method(module).walk() if isinstance(op, SymbolOp)] == ["u0"]
    assert guards(module) == ["u0 <= rows"]


def test_without_a_bound_the_range_is_open() -> None:
    module = imported(exported(lambda x: x + 1, torch.ones(4), dims=({0: Dim("length")},)))
    assert symbol_ranges(method(module)) == {"length": Range(0, UNBOUNDED)}
