"""Real models through the whole pipeline: right on the stock runtime, right at every stage, planned at the bound."""

from __future__ import annotations

import copy
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import torch
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.printer import Printer

from etc.compiler import Compiled, compile, context, export
from etc.runtime.torch_executor import execute
from examples.models import MODELS, Example
from examples.models.llama import decode

ON_TORCH = ("aten", "core-aten", "edge", "optimised")
TOLERANCE = 1e-4
"""Largest error allowed, relative to eager's largest output."""


def text_of(module: ModuleOp) -> str:
    stream = StringIO()
    Printer(stream=stream, print_debuginfo=True).print_op(module)
    return stream.getvalue()


def assert_close(found: list[Any], expected: list[Any], where: str) -> None:
    assert len(found) == len(expected)
    for have, want in zip(found, expected, strict=True):
        assert have.dtype == want.dtype
        assert have.shape == want.shape
        if want.dtype.is_floating_point:
            error = (have.double() - want.double()).abs().max() / want.double().abs().max()
            assert error <= TOLERANCE, f"{where}: relative error {error:.1e}"
        else:
            assert torch.equal(have, want), where


def eager(example: Example) -> list[Any]:
    with torch.no_grad():
        return tree_leaves(copy.deepcopy(example.module)(*example.inputs))


def compiled_with_checks(example: Example) -> Compiled:
    """Compile; after each stage check its numbers and that its text reads back."""
    expected = eager(example)

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        text = text_of(module)
        assert text_of(Parser(context(), text).parse_module()) == text, f"the text of stage {stage} does not read back"
        if stage in ON_TORCH:
            assert_close(execute(module, "forward", list(example.inputs)), expected, stage)

    exported = export(copy.deepcopy(example.module), example.inputs, dynamic_shapes=example.dynamic_shapes)
    return compile(exported, on_stage=check)


@pytest.mark.parametrize("name", MODELS)
def test_model(name: str, load_or_skip: Callable[[str], Example]) -> None:
    example = load_or_skip(name)
    compiled = compiled_with_checks(example)
    for method in compiled.report.methods:
        assert method.planned_bytes <= 1.001 * method.lower_bound
    assert not any("batch_norm" in kernel for method in compiled.report.methods for kernel in method.kernels)
    pytest.importorskip("executorch")
    assert_close(tree_leaves(compiled.run(*example.inputs)), eager(example), "stock runtime")


def test_decoder_keeps_its_state_for_20_steps(load_or_skip: Callable[[str], Example]) -> None:
    pytest.importorskip("executorch")
    example = load_or_skip("llama")
    compiled = compile(export(copy.deepcopy(example.module), example.inputs))
    with torch.no_grad():
        expected = decode(copy.deepcopy(example.module), 20)
    found = decode(compiled.run, 20)
    assert len(found) == 20
    for step, (have, want) in enumerate(zip(found, expected, strict=True)):
        assert_close([have], [want], f"step {step}")
