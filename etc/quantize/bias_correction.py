"""Correct biases for the shift that quantised weights cause.

Rounding errors of weights do not cancel where inputs have means, as they have behind relu: the mean of a channel moves.
It is measured on data, layer by layer with inputs in float, and taken from the bias.

The method: M. Nagel, M. van Baalen, T. Blankevoort, M. Welling, Data-Free Quantization Through Weight Equalization and
Bias Correction (2019), section 4.2, with means that are measured instead of computed from batch norms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp
from xdsl.rewriter import InsertPoint, Rewriter

from etc.dialects.dtypes import float32
from etc.dialects.on_torch import to_blob
from etc.dialects.program import ConstantOp
from etc.dialects.tensor import tensor
from etc.quantize.layers import Layer, observe_layers
from etc.quantize.samples import Data
from etc.transforms.edge_builder import array_of, is_constant, name_of

if TYPE_CHECKING:
    import torch


def correct_biases(quantised: ModuleOp, reference: ModuleOp, data: Data) -> int:
    """Change the biases of a program with fake quantisation; returns of how many layers.

    `reference` is the program in float that it was made of, `data` are those of calibration.
    """
    shifts: dict[Layer, _Mean] = {}

    def see(layer: Layer, _: torch.Tensor, made: torch.Tensor, expected: torch.Tensor) -> None:
        difference = (made - expected).double().movedim(layer.channel_dim, 0).flatten(1)
        shifts.setdefault(layer, _Mean(len(difference))).add(difference)

    observe_layers(quantised, reference, data, see)
    for layer, shift in shifts.items():
        _subtract(layer, shift.mean)
    return len(shifts)


class _Mean:
    """The mean of each channel over all that was seen."""

    def __init__(self, channels: int) -> None:
        import torch

        self._sum, self._count = torch.zeros(channels, dtype=torch.float64), 0

    def add(self, values: torch.Tensor) -> None:
        """Channels x anything."""
        self._sum += values.sum(1)
        self._count += values.shape[1]

    @property
    def mean(self) -> torch.Tensor:
        return self._sum / max(self._count, 1)


def _subtract(layer: Layer, shift: torch.Tensor) -> None:
    op, name = layer.op, None
    bias = -shift
    if op.bias is not None:
        if not is_constant(op.bias):
            return
        bias, name = array_of(op.bias).double() - shift, name_of(op.bias)
    constant = ConstantOp(to_blob(bias.float(), (0,)), tensor(float32, (len(bias),)).type)
    constant.result.name_hint = name
    constant.location = op.location
    Rewriter.insert_op(constant, InsertPoint.before(op))
    if op.bias is not None:
        op.operands[2] = constant.result
    else:
        op.operands = [*op.operands, constant.result]
