"""Models for tests of quantisation, and the steps from one in float to fake quantisation and to integers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from xdsl.dialects.builtin import ModuleOp

from etc import pipelines
from etc.compiler import context, export
from etc.lowering.import_torch import import_program
from etc.quantize.calibrate import calibrate
from etc.tools.pipeline import PassTable, run_passes

Sample = tuple[Tensor, ...]


def run(module: ModuleOp, *passes: str) -> ModuleOp:
    """`module` after passes, which change it."""
    table = PassTable()
    run_passes(context(), module, [step for name in passes for step in table.parse(name)], verify=True)
    return module


def in_float(model: nn.Module, inputs: Sample) -> ModuleOp:
    """The optimised program on the edge dialect."""
    module = import_program(export(model.eval(), inputs))
    listed = [p for name, passes in pipelines.to_c("c") for p in passes if name in ("core-aten", "edge", "optimised")]
    return run(module, *listed)


def fake_quantised(module: ModuleOp, data: Sequence[Sample], config: str = "int8") -> ModuleOp:
    """A copy with quantize and dequantize around operations."""
    copy = run(module.clone(), f"annotate-quantization{{config={config}}}", "insert-observers")
    calibrate(copy, list(data))
    return run(copy, "convert-quantization", "cse", "dce", "drop-unused-globals")


def in_integers(module: ModuleOp) -> ModuleOp:
    """A copy of a program with fake quantisation that computes with integers."""
    return run(module.clone(), "fuse-quantized", "dce")


def walk(module: ModuleOp, kind: Any) -> Iterator[Any]:
    return (op for op in module.walk() if isinstance(op, kind))


class Net(nn.Module):
    """Two convolutions, one with batch norm, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.head = nn.Linear(64, 10)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(torch.relu(self.norm(self.conv1(x))))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.head(x.flatten(1))


@dataclass
class Programs:
    """One network in three forms, and data."""

    data: list[Sample]
    reference: ModuleOp
    quantised: ModuleOp
    integer: ModuleOp


def net(count: int = 12) -> Programs:
    """The network with random weights."""
    torch.manual_seed(0)
    data: list[Sample] = [(torch.randn(1, 1, 8, 8),) for _ in range(count)]
    reference = in_float(Net(), data[0])
    quantised = fake_quantised(reference, data)
    return Programs(data, reference, quantised, in_integers(quantised))
