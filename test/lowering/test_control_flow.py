"""Choices and loops compute at every stage, and on the stock runtime, what plain Python does."""

from __future__ import annotations

import pytest
import torch
from control_flow_cases import CASES, Model
from random_control_flow import RandomProgram
from stages_harness import ON_TORCH, assert_equal, assert_reads_back
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp

from etc import pipelines
from etc.compiler import Stages, compile, export, lower
from etc.runtime.exec_on_torch import ExecOnTorch
from etc.runtime.torch_executor import execute


@pytest.mark.parametrize("optimise", [False, True], ids=["plain", "optimised"])
@pytest.mark.parametrize("name", CASES)
def test_every_stage_computes_what_python_does(name: str, optimise: bool) -> None:
    case = CASES[name]
    model, reference = Model(case.traced), Model(case.plain)
    with torch.no_grad():
        runs = [(list(inputs), reference(*inputs)) for inputs in case.inputs]

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        assert_reads_back(stage, module)
        for inputs, expected in runs:
            if stage in ON_TORCH:
                assert_equal(execute(module, "forward", inputs), expected)
            elif stage == "planned":
                assert_equal(ExecOnTorch(module).run("forward", inputs), expected)

    shapes = None if case.dynamic_shapes is None else (case.dynamic_shapes,)
    exported = export(model, case.inputs[0], dynamic_shapes=shapes)
    compiled = compile(exported, passes=pipelines.OPTIMISATIONS if optimise else (), on_stage=check)
    pytest.importorskip("executorch")
    for inputs, expected in [*runs, *runs]:
        assert_equal(tree_leaves(compiled.run(*inputs)), expected)


_TO_PLANNED: Stages = [step for step in pipelines.TO_PTE if step[0] not in ("core-aten", "edge")]


@pytest.mark.parametrize("seed", range(16))
def test_random_programs(seed: int) -> None:
    """What is live where, what may be overwritten when: the memory of loops within choices within loops."""
    draw = torch.Generator().manual_seed(seed)
    inputs = [[torch.randn(3, generator=draw) for _ in range(2)] for _ in range(2)]
    module = RandomProgram(seed).module()
    module.verify()
    expected = [execute(module, "forward", given) for given in inputs]

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        if stage == "optimised":
            for given, wanted in zip(inputs, expected, strict=True):
                assert_equal(execute(module, "forward", given), wanted)

    compiled = lower(module, _TO_PLANNED, on_stage=check)
    planned = ExecOnTorch(compiled.module)
    for given, wanted in zip(inputs, expected, strict=True):
        assert_equal(planned.run("forward", given), wanted)
    pytest.importorskip("executorch")
    for given, wanted in [*zip(inputs, expected, strict=True)] * 2:
        assert_equal(tree_leaves(compiled.run(*given)), wanted)
