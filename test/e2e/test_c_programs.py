"""Generated C of programs with sizes known at run time, state and several methods, on this machine."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from dynamic_cases import CASES as DYNAMIC
from dynamic_cases import Model as DynamicModel
from test_methods import POSITIONS, PROMPT, STEPS, Decoder, programs
from torch.utils._pytree import tree_leaves

import etc
from etc.errors import EtcError


def assert_same(found: Any, expected: Any) -> None:
    have, want = tree_leaves(found), tree_leaves(expected)
    assert len(have) == len(want)
    for a, b in zip(have, want, strict=True):
        assert isinstance(a, torch.Tensor) == isinstance(b, torch.Tensor)
        torch.testing.assert_close(torch.as_tensor(a), torch.as_tensor(b), atol=1e-4, rtol=1e-4, equal_nan=True)


@pytest.mark.parametrize("name", DYNAMIC)
def test_five_sizes(name: str) -> None:
    case = DYNAMIC[name]
    torch.manual_seed(0)
    model = DynamicModel(case).eval()
    compiled = etc.compile(copy.deepcopy(model), case.calls[1], dynamic_shapes=(tuple(case.dims),), target="c")
    for inputs in case.calls:
        with torch.no_grad():
            expected = copy.deepcopy(model)(*inputs)
        assert_same(compiled.run(*inputs), expected)


def test_methods_share_state() -> None:
    compiled = etc.compile(programs(Decoder()), constants={"max_positions": POSITIONS}, target="c")
    module = Decoder().eval()
    for number, inputs in enumerate((PROMPT, *STEPS)):
        with torch.no_grad():
            expected = module(*inputs)
        assert_same(compiled.run(*inputs, method="decode" if number else "prefill"), expected)
    assert compiled.c.figures.state_bytes >= 2 * POSITIONS * 16 * 4
    assert compiled.run(method="max_positions") == POSITIONS


def test_size_out_of_range_is_refused() -> None:
    case = DYNAMIC["linear"] if "linear" in DYNAMIC else next(iter(DYNAMIC.values()))
    model = DynamicModel(case).eval()
    compiled = etc.compile(model, case.calls[0], dynamic_shapes=(tuple(case.dims),), target="c")
    too_long = tuple(torch.randn(99, *x.shape[1:]) for x in case.calls[0])
    with pytest.raises(EtcError, match=r"the size s of method forward is out of its range"):
        compiled.run(*too_long)


def test_no_target() -> None:
    with pytest.raises(EtcError, match="there is no target cortex-m7"):
        etc.compile(torch.nn.ReLU(), (torch.ones(2),), target="cortex-m7")
