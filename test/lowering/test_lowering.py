"""Every stage of a program computes what eager PyTorch computes, and its text reads back as it was."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import torch
from lowering_cases import CASES, Case, FunctionModule
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.printer import Printer

from etc import pipelines
from etc.compiler import compile, context, export
from etc.runtime.torch_executor import execute

ON_TORCH = ("aten", "core-aten", "edge", "optimised")


def text_of(module: ModuleOp) -> str:
    stream = StringIO()
    Printer(stream=stream, print_debuginfo=True).print_op(module)
    return stream.getvalue()


def assert_equal(found: list[Any], expected: Any) -> None:
    wanted = [v for v in tree_leaves(expected) if isinstance(v, torch.Tensor)]
    assert len(found) == len(wanted)
    for have, want in zip(found, wanted, strict=True):
        torch.testing.assert_close(have, want.contiguous(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("optimise", [False, True], ids=["plain", "optimised"])
@pytest.mark.parametrize("name", CASES)
def test_every_stage_computes_what_eager_does(name: str, optimise: bool) -> None:
    function, inputs, dynamic_shapes = Case(*CASES[name])
    expected = function(*inputs)
    model = FunctionModule(function)
    shapes = None if dynamic_shapes is None else (dynamic_shapes,)

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        text = text_of(module)
        assert text_of(Parser(context(), text).parse_module()) == text, f"the text of stage {stage} does not read back"
        if stage in ON_TORCH:
            assert_equal(execute(module, "forward", list(inputs)), expected)

    exported = export(model, inputs, dynamic_shapes=shapes)
    passes = pipelines.OPTIMISATIONS if optimise else ()
    compiled = compile(exported, passes=passes, on_stage=check)
    pytest.importorskip("executorch")
    assert_equal(tree_leaves(compiled.run(*inputs)), expected)
