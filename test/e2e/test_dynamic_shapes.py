"""Sizes that change from call to call: right on the stock runtime at five of them, refused where they do not fit."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from dynamic_cases import CASES, Model
from torch.export import Dim
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp

from etc.compiler import Compiled, compile, export
from etc.emit.flatbuffer import read_pte
from etc.errors import EtcError
from etc.runtime.exec_on_torch import ExecOnTorch
from etc.runtime.stock import LoadedProgram
from etc.runtime.torch_executor import execute
from etc.tools.compile import main as etc_compile
from examples.models import Example

pytest.importorskip("executorch")

TOLERANCE = 1e-4


def assert_same(found: Any, expected: Any) -> None:
    have, want = tree_leaves(found), tree_leaves(expected)
    assert len(have) == len(want)
    for a, b in zip(have, want, strict=True):
        if isinstance(b, torch.Tensor):
            torch.testing.assert_close(a, b, atol=TOLERANCE, rtol=TOLERANCE, equal_nan=True)
        else:
            assert a == b
            assert type(a) is type(b)


def eager(module: torch.nn.Module, inputs: tuple[Any, ...]) -> Any:
    with torch.no_grad():
        return copy.deepcopy(module)(*inputs)


@pytest.mark.parametrize("name", CASES)
def test_five_sizes(name: str) -> None:
    """On the stock runtime, and on torch at the stages before."""
    case = CASES[name]
    torch.manual_seed(0)
    model = Model(case).eval()
    expected = [eager(model, inputs) for inputs in case.calls]

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        if stage in ("aten", "optimised"):
            assert_same(execute(module, "forward", list(case.calls[1])), tree_leaves(expected[1]))
        if stage == "planned":
            assert_same(ExecOnTorch(module).run("forward", list(case.calls[1])), tree_leaves(expected[1]))

    exported = export(model, case.calls[2], dynamic_shapes=(tuple(case.dims),))
    compiled = compile(exported, on_stage=check)
    for inputs, want in zip(case.calls, expected, strict=True):
        assert_same(compiled.run(*inputs), want)


# ---- models ----------------------------------------------------------------------------------------------------------


def refusals(compiled: Compiled, *inputs: Any) -> list[str]:
    """What the program says of inputs; the runtime itself, asked without us, must refuse them too."""
    with pytest.raises(EtcError) as caught:
        compiled.run(*inputs)
    method = LoadedProgram(compiled.pte)
    method._load("forward")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(RuntimeError):
        method._methods["forward"].execute(list(inputs))  # pyright: ignore[reportPrivateUsage]
    return [problem.what for problem in caught.value.problems]


def test_sentences_of_any_number_and_length(load_or_skip: Callable[[str], Example]) -> None:
    module, inputs, dynamic_shapes = load_or_skip("minilm_batches")
    compiled = compile(module, inputs, dynamic_shapes=dynamic_shapes)
    for batch, length in ((1, 2), (2, 32), (8, 128), (5, 17), (3, 99)):
        ids = torch.randint(0, 30_000, (batch, length), generator=torch.Generator().manual_seed(length))
        mask = (torch.arange(length) <= length // 2).long().expand(batch, length).contiguous()
        assert_same(compiled.run(ids, mask), eager(module, (ids, mask)))

    def asked(ids: tuple[int, int], mask: tuple[int, int]) -> list[str]:
        return refusals(compiled, torch.zeros(ids, dtype=torch.int64), torch.ones(mask, dtype=torch.int64))

    assert asked((2, 129), (2, 129)) == ["input 0 (input_ids): dimension 1 must be at most 128 (Dim length)"]
    assert asked((9, 16), (9, 16)) == ["input 0 (input_ids): dimension 0 must be at most 8 (Dim batch)"]
    assert asked((2, 1), (2, 1)) == ["input 0 (input_ids): dimension 1 must be at least 2 (Dim length)"]
    assert asked((2, 16), (3, 17)) == [
        "input 1 (attention_mask): dimension 0 must be batch, where batch is dimension 0 of input 0 (input_ids)",
        "input 1 (attention_mask): dimension 1 must be length, where length is dimension 1 of input 0 (input_ids)",
    ]


def test_images_of_any_number_and_size(load_or_skip: Callable[[str], Example]) -> None:
    module, inputs, dynamic_shapes = load_or_skip("mobilenet_v2_dynamic")
    compiled = compile(module, inputs, dynamic_shapes=dynamic_shapes)
    for shape in ((1, 3, 64, 64), (2, 3, 96, 112), (3, 3, 65, 159), (4, 3, 160, 160), (1, 3, 100, 77)):
        image = torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))
        assert_same(compiled.run(image), eager(module, (image,)))
    for shape, messages in (
        ((5, 3, 64, 64), ["input 0 (x): dimension 0 must be at most 4 (Dim batch)"]),
        ((1, 3, 63, 64), ["input 0 (x): dimension 2 must be at least 64 (Dim height)"]),
        (
            (1, 4, 64, 161),
            [
                "input 0 (x): dimension 1 must be 3",
                "input 0 (x): dimension 3 must be at most 160 (Dim width)",
            ],
        ),
    ):
        assert refusals(compiled, torch.zeros(shape)) == messages


class Recurrent(torch.nn.Module):
    """Two layers in both directions over sentences, the last state read out."""

    def __init__(self, kind: Callable[..., torch.nn.Module]):
        super().__init__()
        self.layers = kind(5, 6, num_layers=2, bidirectional=True, batch_first=True)
        self.head = torch.nn.Linear(12, 3)

    def forward(self, x: Any) -> Any:
        outputs, state = self.layers(x)
        return self.head(outputs[:, -1]), outputs, state


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_recurrent_layers_over_any_length(kind: Callable[..., torch.nn.Module]) -> None:
    torch.manual_seed(0)
    model = Recurrent(kind).eval()
    compiled = compile(model, (torch.randn(2, 7, 5),), dynamic_shapes=({1: Dim("length", min=2, max=24)},))
    for length in (2, 3, 7, 19, 24):
        x = torch.randn(2, length, 5)
        assert_same(compiled.run(x), eager(model, (x,)))
    for length, limit in ((25, "at most 24"), (1, "at least 2")):
        message = f"input 0 (x): dimension 1 must be {limit} (Dim length)"
        assert refusals(compiled, torch.zeros(2, length, 5)) == [message]


# ---- guards ----------------------------------------------------------------------------------------------------------


class Of(torch.nn.Module):
    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function

    def forward(self, x: Any, y: Any) -> Any:
        return self.function(x, y)


LENGTH = Dim("length", min=2, max=8)


def test_guards_stand_in_the_file() -> None:
    compiled = compile(
        Of(lambda x, y: x + y[1:, None]),
        (torch.ones(4, 3), torch.ones(5)),
        dynamic_shapes=({0: LENGTH}, {0: LENGTH + 1}),
    )
    program = LoadedProgram(compiled.pte)  # nothing but the bytes
    assert_same(program.run("forward", [torch.ones(8, 3), torch.ones(9)]), [torch.full((8, 3), 2.0)])
    with pytest.raises(EtcError) as caught:
        program.run("forward", [torch.ones(4, 3), torch.ones(6)])
    assert str(caught.value) == (
        "input 1 (y): dimension 0 must be length + 1, where length is dimension 0 of input 0 (x)\n"
        "  found: sizes [4, 3], [6]"
    )
    assert "must be at most 8 (Dim length)" in str(read_pte(compiled.pte))
    on_torch = ExecOnTorch(compiled.module)
    with pytest.raises(EtcError, match=r"input 1 \(y\): dimension 0 must be length \+ 1, where"):
        on_torch.run("forward", [torch.ones(4, 3), torch.ones(6)])
    assert refusals(compiled, torch.ones(3, 8), torch.ones(4)) == ["input 0 (x): dimension 1 must be 3"]


def test_the_runtime_goes_on_after_a_refusal() -> None:
    compiled = compile(Of(lambda x, y: x + y), (torch.ones(4), torch.ones(1)), dynamic_shapes=({0: LENGTH}, None))
    for _ in range(2):
        assert refusals(compiled, torch.ones(1), torch.ones(1)) == [
            "input 0 (x): dimension 0 must be at least 2 (Dim length)"
        ]
        assert_same(compiled.run(torch.ones(3), torch.ones(1)), torch.full((3,), 2.0))


def test_conditions_that_the_model_relies_on() -> None:
    auto = {0: Dim.AUTO}
    compiled = compile(
        Of(lambda x, y: x[:-1] + y.view(-1, 2).sum(1)),
        (torch.ones(4), torch.ones(6)),
        dynamic_shapes=(auto, auto),
        bounds={"s77": 9, "s17": 16},
    )
    assert_same(compiled.run(torch.ones(5), torch.ones(8)), torch.full((4,), 3.0))
    (message,) = refusals(compiled, torch.ones(5), torch.ones(6))
    assert message == (
        "the program is for sizes with s77 - 1 == floordiv(s17, 2), "
        "where s17 is dimension 0 of input 1 (y) and s77 is dimension 0 of input 0 (x)"
    )
    assert any("mod(s17, 2) == 0" in message for message in refusals(compiled, torch.ones(5), torch.ones(9)))


def test_numbers_that_the_model_reads_from_data() -> None:
    def forward(x: Any, k: Any) -> Any:
        n = k.item()
        torch._check(n >= 1)  # pyright: ignore[reportPrivateUsage]
        torch._check(n <= 4)  # pyright: ignore[reportPrivateUsage]
        torch._check(n <= x.shape[0])  # pyright: ignore[reportPrivateUsage]
        return x[:n] * 2, n

    compiled = compile(Of(forward), (torch.ones(4), torch.tensor(2)), dynamic_shapes=({0: LENGTH}, None))
    assert_same(compiled.run(torch.ones(3), torch.tensor(3)), (torch.full((3,), 2.0), 3))
    for rows, number, message in (
        (4, 0, "the number u0 that the model reads from data must be at least 1"),
        (8, 5, "the number u0 that the model reads from data must be at most 4"),
        (3, 4, "the program is for sizes with u0 <= length"),
    ):
        assert refusals(compiled, torch.ones(rows), torch.tensor(number)) == [message]


# ---- bounds ----------------------------------------------------------------------------------------------------------

UNBOUNDED: dict[str, Any] = {"dynamic_shapes": ({0: Dim("rows"), 1: Dim("columns", max=7)}, None)}


def test_sizes_without_a_bound_are_refused_by_name() -> None:
    with pytest.raises(EtcError) as caught:
        compile(Of(lambda x, y: (x + y).relu() * x), (torch.ones(4, 3), torch.ones(1)), **UNBOUNDED)
    assert str(caught.value) == (
        "the size rows (dimension 0 of input 0 (x)) has no upper bound, so that no memory can be planned\n"
        "  next: give it one: torch.export.Dim(\"rows\", max=…), or --bound rows=…, or compile(bounds={'rows': …})"
    )


def test_a_bound_can_be_given() -> None:
    compiled = compile(
        Of(lambda x, y: (x + y)[x > 0]), (torch.ones(4, 3), torch.ones(1)), bounds={"rows": 5}, **UNBOUNDED
    )
    assert_same(compiled.run(torch.ones(5, 7), torch.ones(1)), torch.full((35,), 2.0))
    assert refusals(compiled, torch.ones(6, 7), torch.ones(1)) == [
        "input 0 (x): dimension 0 must be at most 5 (Dim rows)"
    ]


MODEL = """
import torch
from torch.export import Dim

class Model(torch.nn.Module):
    def forward(self, x):
        return x * 2

def model():
    return Model(), (torch.ones(4),), {"x": {0: Dim("length")}}
"""


def test_a_bound_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(MODEL)
    assert etc_compile(["net.py:model"]) == 1
    assert "the size length (dimension 0 of input 0 (x)) has no upper bound" in capsys.readouterr().err
    assert etc_compile(["net.py:model", "--bound", "length"]) == 2
    assert "this bounds no size" in capsys.readouterr().err
    assert etc_compile(["net.py:model", "--bound", "lengths=3"]) == 1
    assert "did you mean length?" in capsys.readouterr().err
    assert etc_compile(["net.py:model", "--bound", "length=512", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == "model.pte"
    (result,) = LoadedProgram((tmp_path / "model.pte").read_bytes()).run("forward", [torch.ones(512)])
    assert result.shape == (512,)


# ---- what the runtime cannot take ------------------------------------------------------------------------------------


def test_inputs_that_are_numbers_are_refused() -> None:
    with pytest.raises(EtcError) as caught:
        compile(Of(lambda x, n: x * n), (torch.ones(4), 3), dynamic_shapes=(None, Dim.DYNAMIC))
    assert str(caught.value) == (
        "input 1 (y) of method forward is a number that changes from call to call, "
        "and the runtime takes only tensors for that\n"
        "  next: give the model a tensor, and read it where a number is needed: torch.tensor(n), n.item()"
    )


def test_results_that_are_no_whole_numbers_are_refused() -> None:
    with pytest.raises(EtcError, match="output 1 of method forward is a number of type f64"):
        compile(
            Of(lambda x, y: (x + y, x.shape[0] / 2)), (torch.ones(4), torch.ones(1)), dynamic_shapes=({0: LENGTH}, None)
        )
