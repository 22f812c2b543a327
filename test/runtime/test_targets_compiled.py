"""Compiled models on every target: what torch computes, the same bits everywhere, no writable memory of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import etc
from etc.c_program import CompiledC
from etc.errors import EtcError
from etc.runtime.targets.emulated import EmulatedProgram
from etc.runtime.targets.programs import Program, open_program
from etc.runtime.targets.target import HOST, TARGETS


class Convolution(nn.Module):
    """Multiplications and additions only, so that all targets must give the same bits."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(2, 4, 3, padding=1, stride=2)
        self.linear = nn.Linear(4 * 4 * 4, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(torch.relu(self.convolution(x)).flatten(1))


class Average(nn.Module):
    """Keeps a moving average from call to call."""

    average: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("average", torch.full((3,), 4.0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.average.mul_(0.5).add_(x * 0.5)
        return self.average * 2


class Softmax(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(x, -1)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Program]:
    folders: dict[str, Path] = {}

    def get(target: str, model: nn.Module, inputs: Sequence[torch.Tensor], **options: Any) -> Program:
        try:
            TARGETS[target].require()
        except EtcError as error:
            pytest.skip(f"{target}: {error.problems[0].found}")
        name = type(model).__name__.lower()
        if name not in folders:
            compiled = etc.compile(model, tuple(inputs), target="c", name=name, **options)
            assert isinstance(compiled, CompiledC)
            folders[name] = compiled.save(tmp_path_factory.mktemp(name))
        return open_program(folders[name], target)

    return get


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_bits_on_every_target(build: Callable[..., Program], target: str) -> None:
    torch.manual_seed(0)
    model, x = Convolution().eval(), torch.randn(1, 2, 8, 8)
    expected = build(HOST.name, model, [x]).call("forward", [x.numpy()])[0]
    np.testing.assert_allclose(expected, model(x).detach().numpy(), atol=1e-6)
    program = build(target, model, [x])
    [found] = program.call("forward", [x.numpy()])
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("target", [name for name, target in TARGETS.items() if target.is_bare])
def test_what_a_program_takes(build: Callable[..., Program], target: str) -> None:
    torch.manual_seed(0)
    program = build(target, Convolution().eval(), [torch.zeros(1, 2, 8, 8)])
    assert isinstance(program, EmulatedProgram)
    assert program.footprint is not None
    program.call("forward", [np.zeros((1, 2, 8, 8), np.float32)])
    parameters = 4 * (4 * 2 * 9 + 4 + 64 * 5 + 5)
    assert program.footprint.weights == pytest.approx(parameters, abs=64)
    assert program.footprint.code < 6000
    assert (program.footprint.data, program.footprint.bss) == (0, 0)
    bound, stack = program.stack_bound, program.last.stack
    assert bound is not None
    assert stack is not None
    assert stack <= bound.bytes
    assert bound.bytes < 1024
    assert ("expf" in bound.library) is False


@pytest.mark.parametrize("target", TARGETS)
def test_state_is_kept_between_calls(build: Callable[..., Program], target: str) -> None:
    x = torch.tensor([1.0, 2.0, 4.0])
    program = build(target, Average().eval(), [x])
    model = Average().eval()
    for _ in range(3):
        [found] = program.call("forward", [x.numpy()])
        np.testing.assert_array_equal(found, model(x).numpy())
    program.reset()
    [found] = program.call("forward", [x.numpy()])
    np.testing.assert_array_equal(found, Average()(x).numpy())


@pytest.mark.parametrize("target", TARGETS)
def test_sizes_of_each_call(build: Callable[..., Program], target: str) -> None:
    batch = torch.export.Dim("batch", min=1, max=6)
    program = build(target, Softmax().eval(), [torch.zeros(4, 7)], dynamic_shapes=({0: batch},))
    for rows in (1, 6):
        x = torch.randn(rows, 7)
        [found] = program.call("forward", [x.numpy()])
        np.testing.assert_allclose(found, torch.softmax(x, -1).numpy(), atol=1e-6)
    with pytest.raises(EtcError, match="is out of its range"):
        program.call("forward", [np.zeros((7, 7), np.float32)])
