"""Every stage of a program computes what eager PyTorch computes, and its text reads back as it was."""

from __future__ import annotations

import pytest
from lowering_cases import CASES, Case, FunctionModule
from stages_harness import ON_TORCH, assert_equal, assert_reads_back
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp

from etc import pipelines
from etc.compiler import compile, export
from etc.runtime.torch_executor import execute


@pytest.mark.parametrize("optimise", [False, True], ids=["plain", "optimised"])
@pytest.mark.parametrize("name", CASES)
def test_every_stage_computes_what_eager_does(name: str, optimise: bool) -> None:
    function, inputs, dynamic_shapes = Case(*CASES[name])
    expected = function(*inputs)
    model = FunctionModule(function)
    shapes = None if dynamic_shapes is None else (dynamic_shapes,)

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        assert_reads_back(stage, module)
        if stage in ON_TORCH:
            assert_equal(execute(module, "forward", list(inputs)), expected)

    exported = export(model, inputs, dynamic_shapes=shapes)
    passes = pipelines.OPTIMISATIONS if optimise else ()
    compiled = compile(exported, passes=passes, on_stage=check)
    pytest.importorskip("executorch")
    assert_equal(tree_leaves(compiled.run(*inputs)), expected)
