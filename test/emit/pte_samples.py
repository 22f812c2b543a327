"""`.pte` files that ExecuTorch writes, one per feature of the format, made on demand and kept for the session."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class Sample:
    """A model, inputs for its method `forward`, and how ExecuTorch is told to compile it."""

    model: nn.Module
    inputs: tuple[Any, ...]
    config: dict[str, Any] | None = None
    dynamic_shapes: Any = None
    delegate: bool = False
    other_methods: Sequence[nn.Module] = ()
    constant_methods: dict[str, Any] | None = None
    run_inputs: tuple[Any, ...] | None = None


class Convolution(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 4, 3), nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(torch.relu(self.conv(x)).mean((2, 3)))


def _increment(x: Tensor) -> Tensor:
    return x + 1


def _double(x: Tensor) -> Tensor:
    return x * 2


class Branches(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return torch.cond(x.sum() > 0, _increment, _double, (x,))


class State(nn.Module):
    total: Tensor
    calls: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.arange(3.0) + 1)
        self.register_buffer("calls", torch.full((1,), 7, dtype=torch.int64))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self.total.add_(x)
        self.calls.add_(1)
        return self.total * 2, self.calls + 0


class Indexing(nn.Module):
    def forward(self, x: Tensor, rows: Tensor) -> Any:
        return x[:, rows], torch.split(x, [1, 2], 1)[0], x.view(-1)


class Nested(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Any:
        return {"sum": x + y, "parts": [x * 2.5, y.to(torch.float16)]}


_IMAGE = (torch.linspace(-1, 1, 3 * 8 * 8).reshape(1, 3, 8, 8),)

SAMPLES: dict[str, Callable[[], Sample]] = {
    "convolution": lambda: Sample(Convolution(), _IMAGE),
    "stack_traces": lambda: Sample(Convolution(), _IMAGE, {"emit_stacktrace": True}),
    "branches": lambda: Sample(Branches(), _IMAGE),
    "branches_with_stack_traces": lambda: Sample(Branches(), _IMAGE, {"emit_stacktrace": True}),
    "initial_state": lambda: Sample(State(), (torch.ones(3),), _initial_state("total", "calls")),
    "optional_tensor_lists": lambda: Sample(Indexing(), (torch.arange(12.0).view(4, 3), torch.tensor([0, 2]))),
    "nested_outputs": lambda: Sample(Nested(), (*_IMAGE, *_IMAGE)),
    "dynamic_batch": lambda: Sample(
        Convolution(),
        (_IMAGE[0].repeat(2, 1, 1, 1),),
        dynamic_shapes=({0: torch.export.Dim("n", min=2, max=16)},),
        run_inputs=(_IMAGE[0].repeat(5, 1, 1, 1),),
    ),
    "delegates_and_named_data": lambda: Sample(Convolution(), _IMAGE, delegate=True),
    "inline_delegates": lambda: Sample(Convolution(), _IMAGE, {"extract_delegate_segments": False}, delegate=True),
    "segment_alignment": lambda: Sample(Convolution(), _IMAGE, {"segment_alignment": 4096}, delegate=True),
    "several_methods": lambda: Sample(
        Convolution(),
        _IMAGE,
        other_methods=(Convolution(),),
        constant_methods={"version": 3, "name": "größe", "scale": 2.5, "flag": True, "table": torch.ones(3)},
    ),
    "lstm": lambda: Sample(nn.LSTM(8, 8, batch_first=True), (torch.linspace(-1, 1, 40).view(1, 5, 8),)),
}


def _initial_state(*names: str) -> dict[str, Any]:
    from executorch.exir.passes.init_mutable_pass import InitializedMutableBufferPass

    return {"passes": [InitializedMutableBufferPass(list(names))], "emit_mutable_buffer_names": True}


def compile_with_executorch(sample: Sample) -> bytes:
    """The `.pte` file of a sample, by the stock pipeline."""
    from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
    from executorch.exir import ExecutorchBackendConfig, to_edge, to_edge_transform_and_lower
    from torch.export import export

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        programs = {
            name: export(model.eval(), sample.inputs, dynamic_shapes=sample.dynamic_shapes)
            for name, model in zip(("forward", "second", "third"), (sample.model, *sample.other_methods), strict=False)
        }
        edge: Any
        if sample.delegate:
            edge = to_edge_transform_and_lower(programs, partitioner=[XnnpackPartitioner()])
        else:
            edge = to_edge(programs, constant_methods=sample.constant_methods)
        return edge.to_executorch(ExecutorchBackendConfig(**(sample.config or {}))).buffer
