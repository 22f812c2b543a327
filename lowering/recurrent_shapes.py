"""Export of recurrent networks over sequences of any length.

`torch.export` finds the shapes of `aten.lstm` and its kin by executing them on tensors without content, step by step,
which fixes the length of the sequence and takes long. Their shapes follow from those of their arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor


def _output(input: Tensor, hidden: Tensor, bidirectional: bool) -> Tensor:
    """The hidden states after all steps, for an input (steps, batch, features) or (batch, steps, features)."""
    return input.new_empty((*input.shape[:2], hidden.shape[2] * (2 if bidirectional else 1)))


def _lstm(
    input: Tensor,
    hx: Sequence[Tensor],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> tuple[Tensor, Tensor, Tensor]:
    hidden, cell = hx
    return _output(input, hidden, bidirectional), torch.empty_like(hidden), torch.empty_like(cell)


def _rnn(
    input: Tensor,
    hx: Tensor,
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> tuple[Tensor, Tensor]:
    return _output(input, hx, bidirectional), torch.empty_like(hx)


def _shapes() -> dict[Any, Callable[..., Any]]:
    aten = torch.ops.aten
    networks = (aten.gru, aten.rnn_tanh, aten.rnn_relu)
    return {aten.lstm.input: _lstm, **{network.input: _rnn for network in networks}}


@contextmanager
def recurrent_shapes() -> Generator[None]:
    """While this is open, tensors without content go through recurrent networks in one step, whatever the length."""
    key: Any = torch._C.DispatchKey.CompositeImplicitAutograd  # pyright: ignore[reportPrivateUsage]
    before = {op: op.py_kernels[key] for op in _shapes() if key in op.py_kernels}
    for op in before:
        _replace(op, key, _shapes()[op])
    try:
        yield
    finally:
        for op, kernel in before.items():
            _replace(op, key, kernel)


def _replace(op: Any, key: Any, kernel: Callable[..., Any]) -> None:
    op.py_kernels[key] = kernel
    op._dispatch_cache.clear()
