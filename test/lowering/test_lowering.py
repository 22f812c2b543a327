"""Every stage of a program computes what eager PyTorch computes, and its text reads back as it was."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from lowering_cases import CASES, Case, FunctionModule
from stages_harness import ON_TORCH, assert_equal, assert_reads_back
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp

from etc import pipelines
from etc.compiler import compile, export
from etc.runtime.torch_executor import execute


class Window(torch.nn.Module):
    """Keeps the last four rows."""

    rows: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("rows", torch.zeros(4, 3))

    def forward(self, x: Any) -> Any:
        old = self.rows[1:3]  # read after the rows are written
        self.rows.copy_(torch.cat([self.rows[1:], x]))
        return old * 2, self.rows[3] + 1, self.rows[:2].neg()


def test_slices_of_state() -> None:
    model, inputs = Window(), [torch.randn(1, 3) for _ in range(6)]
    pytest.importorskip("executorch")
    compiled = compile(model, (inputs[0],))
    for x in inputs:
        torch.testing.assert_close(compiled.run(x), model(x))


def test_an_unrolled_network_copies_no_step() -> None:
    model, x = torch.nn.LSTM(3, 4).eval(), torch.randn(4, 1, 3)
    compiled = compile(model, (x,))
    assert not {"aten::select_copy.int_out", "aten::slice_copy.Tensor_out"} & set(compiled.report.methods[0].kernels)
    pytest.importorskip("executorch")
    torch.testing.assert_close(compiled.run(x), model(x))


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
