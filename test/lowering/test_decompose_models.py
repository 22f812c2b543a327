"""decompose-aten on whole models: eager's numbers, within Core ATen, in little time; and rules of the user's own."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from decompose_harness import decompose, overloads
from import_harness import export
from torch.nn.modules.linear_cross_entropy_options import LinearCrossEntropyOptions
from torch.utils._pytree import tree_flatten
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.lowering.decompose_aten import DecomposeAtenPass
from etc.lowering.import_torch import import_program
from etc.runtime.torch_executor import execute
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes, rules
from examples.models import ModelUnavailable, load_model

MODELS = (
    "akiki_vad",
    "ds_cnn",
    "fc_autoencoder",
    "llama",
    "lstm",
    "minilm_dynamic",
    "mltk_keyword_spotting",
    "mobilenet_v3_small",
    "mtcnn_onet",
    "resnet18",
    "silero_vad",
)
SECONDS_FOR_THE_LSTM = 1.0
"""Of processor time, for 2 layers of 50 steps: 0.15 unrolled where this was written."""


def imported(name: str) -> tuple[ModuleOp, Any]:
    try:
        example = load_model(name)
    except ModelUnavailable as error:
        pytest.skip(f"{name}: {error.problems[0].what}")
    example = example._replace(module=copy.deepcopy(example.module))
    return import_program(export(example.module, *example.inputs, dynamic_shapes=example.dynamic_shapes)), example


@pytest.mark.parametrize("name", MODELS)
def test_model(name: str) -> None:
    module, example = imported(name)
    found = execute(decompose(module), "forward", [x.clone() for x in example.inputs])
    with torch.no_grad():
        expected = tree_flatten(example.module(*example.inputs))[0]
    torch.testing.assert_close(found[: len(expected)], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_linear_cross_entropy_in_chunks(reduction: str) -> None:
    """Custom operators of PyTorch's own, which have rules like ATen's."""
    options = LinearCrossEntropyOptions(batch_chunk_size=2)

    class Loss(torch.nn.Module):
        def forward(self, x: torch.Tensor, matrix: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> Any:
            return torch.nn.functional.linear_cross_entropy(
                x,
                matrix,
                target,
                weight=weight,
                reduction=reduction,
                ignore_index=1,
                options=options,
            )

    inputs = [torch.randn(8, 6), torch.randn(5, 6), torch.arange(8) % 5, torch.rand(5)]
    program = export(Loss(), *inputs)
    called = [str(node.target) for node in program.graph.nodes if node.op == "call_function"]
    assert any("chunked" in name for name in called)
    (found,) = execute(decompose(import_program(program)), "forward", inputs)
    torch.testing.assert_close(found, Loss()(*inputs), rtol=1e-4, atol=1e-5)


def test_an_lstm_takes_little_time() -> None:
    module, _ = imported("lstm")
    start = time.process_time()
    DecomposeAtenPass().apply(Context(), module)
    assert time.process_time() - start < SECONDS_FOR_THE_LSTM


@pytest.fixture
def restored_rules() -> Iterator[None]:
    """Take back what a test registers."""
    known: Any = rules()
    before = dict(known)
    yield
    known.clear()
    known.update(before)


@pytest.mark.usefixtures("restored_rules")
def test_a_later_rule_wins() -> None:
    @decomposes("silu")
    def silu(build: AtenBuilder, self: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
        """silu(x) -> x / (1 + exp(-x))"""
        return build("div.Tensor", self, build("add.Scalar", build("exp", build("neg", self)), 1))

    program = export(torch.nn.SiLU(), torch.ones(3))
    assert overloads(decompose(import_program(program))) == ["neg", "exp", "add.Scalar", "div.Tensor"]


@pytest.mark.usefixtures("restored_rules")
def test_a_rule_for_an_operator_that_torch_knows() -> None:
    library = torch.library.Library("etc_test", "FRAGMENT")
    library.define("shifted(Tensor x, int by=1) -> Tensor")
    library.impl("shifted", lambda x, by=1: x + by, "CompositeExplicitAutograd")

    @decomposes("etc_test::shifted")
    def shifted(build: AtenBuilder, x: Any, by: int) -> Any:  # pyright: ignore[reportUnusedFunction]
        """shifted(x, n) -> x + n"""
        return build("add.Scalar", x, by)

    class Shift(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.ops.etc_test.shifted(x, 3)

    module = decompose(import_program(export(Shift(), torch.ones(3))))
    assert overloads(module) == ["add.Scalar"]
    torch.testing.assert_close(execute(module, "forward", [torch.ones(3)]), [torch.full((3,), 4.0)])
