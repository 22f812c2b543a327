"""What tests of the passes that legalize edge programs share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from lowering_cases import FunctionModule
from stages_harness import assert_equal, text_of
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from etc.compiler import compile, context, export
from etc.runtime.torch_executor import execute


def assert_legalized(step: ModulePass, function: Callable[..., Any], inputs: Sequence[Any], shapes: Any = None) -> None:
    """Assert that `step` changes the edge program of a function, that this computes what the function does, and that
    the stock runtime does so too."""
    expected = function(*inputs)

    def check(stage: str, module: ModuleOp) -> None:
        if stage == "edge":
            changed = module.clone()
            step.apply(context(), changed)
            changed.verify()
            assert text_of(changed) != text_of(module), f"{step.name} leaves the program as it is"
            assert_equal(execute(changed, "forward", list(inputs)), expected)

    program = export(FunctionModule(function), inputs, dynamic_shapes=None if shapes is None else (shapes,))
    compiled = compile(program, passes=(), on_stage=check)
    pytest.importorskip("executorch")
    assert_equal(tree_leaves(compiled.run(*inputs)), expected)
