"""Choices and loops as C, on this machine, beside what plain Python makes of the same inputs."""

from __future__ import annotations

import os

import pytest
import torch
from c_harness import TARGET
from control_flow_cases import CASES, Model
from stages_harness import assert_equal
from torch.utils._pytree import tree_leaves

import etc
from etc.compiler import export


@pytest.mark.parametrize("name", CASES)
def test_control_flow(name: str) -> None:
    case = CASES[name]
    model = Model(case.traced)
    shapes = None if case.dynamic_shapes is None else (case.dynamic_shapes,)
    compiled = etc.compile(export(model, case.inputs[0], dynamic_shapes=shapes), target="c")
    compiled.target = os.environ.get(TARGET, compiled.target)
    for inputs in [*case.inputs, *case.inputs]:
        with torch.no_grad():
            expected = case.plain(model, *inputs)
        assert_equal(tree_leaves(compiled.run(*inputs)), expected)
