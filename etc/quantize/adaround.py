"""Round weights so that what a layer makes of its inputs changes least, not so that each weight does.

With W the weights of an output, Q the quantised ones and H = E[x x^T] of what they are multiplied with, the expected
squared error is (W - Q) H (W - Q)^T: errors of weights whose inputs go together cancel. Weights are rounded one after
the other, those of the largest inputs first; what an error changes, the weights that are still to come make up for as
well as they can, which the inverse of H tells. Scales stay what they are.

The objective is that of M. Nagel et al., Up or Down? Adaptive Rounding for Post-Training Quantization (2020); the
solution that of E. Frantar et al., GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers
(2023). An output for which the nearest integers are better keeps them: on the data no layer gets worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp

from etc.dialects import edge
from etc.quantize.layers import Layer, observe_layers
from etc.quantize.samples import Data
from etc.transforms.edge_builder import known

if TYPE_CHECKING:
    import torch

DAMPING = 0.01
"""What is added to the diagonal of H, as a part of its mean: few data do not tell everything."""
MOST_INPUTS = 4608
"""Weights of one output for which H is kept: 512 channels of 3 x 3."""


def learn_rounding(quantised: ModuleOp, reference: ModuleOp, data: Data) -> int:
    """Change the integers of the weights of a program with fake quantisation; returns of how many layers.

    `reference` is the program in float that it was made of, `data` are those of calibration.
    """
    moments: dict[Layer, torch.Tensor] = {}

    def see(layer: Layer, read: torch.Tensor, made: torch.Tensor, expected: torch.Tensor) -> None:
        rows = _multiplied(layer.op, read)
        if rows is not None and rows.shape[2] <= MOST_INPUTS:
            product = rows.transpose(1, 2) @ rows
            moments[layer] = moments[layer] + product if layer in moments else product

    observe_layers(quantised, reference, data, see)
    for layer, moment in moments.items():
        _round(layer, moment)
    return len(moments)


def _multiplied(op: edge.ConvOp | edge.LinearOp, read: torch.Tensor) -> torch.Tensor | None:
    """What the weights of an output are multiplied with, groups x places x weights in float64; None where it varies."""
    if isinstance(op, edge.LinearOp):
        return read.double().reshape(1, -1, read.shape[-1])
    if op.argument("transposed") or not 3 <= read.dim() <= 4:
        return None
    return _windows(op, read)


def _windows(op: edge.ConvOp, read: torch.Tensor) -> torch.Tensor:
    """The windows of a convolution over an image, or over a line, which is an image of one row."""
    import torch

    def both(name: str, otherwise: int) -> tuple[int, ...]:
        values: Sequence[int] = op.argument(name)
        per_dimension = tuple(values) * (read.dim() - 2) if len(values) == 1 else tuple(values)
        return (otherwise,) * (2 - len(per_dimension)) + per_dimension

    image = read.double() if read.dim() == 4 else read.double().unsqueeze(2)
    kernel = (1, *known(op.weight).shape[2:])[-2:]
    dilation, padding, stride = both("dilation", 1), both("padding", 0), both("stride", 1)
    columns = torch.nn.functional.unfold(image, kernel, dilation, padding, stride)
    groups = op.argument("groups")
    return columns.unflatten(1, (groups, -1)).permute(1, 0, 3, 2).flatten(1, 2)


def _round(layer: Layer, moment: torch.Tensor) -> None:
    """Replace the integers of a layer's weights."""
    import torch

    weights, scales, zeros = (
        values.double().expand(layer.float_weights.flatten(1).shape).chunk(len(moment))
        for values in (layer.float_weights.flatten(1), layer.scales(), layer.zero_points())
    )
    parts = zip(weights, scales, zeros, moment, strict=True)
    layer.store(torch.cat([_best(_Rows(w, s, z, *layer.range), h) for w, s, z, h in parts]))


@dataclass(frozen=True)
class _Rows:
    """Weights to be rounded: weights, scales and zero points are outputs x weights."""

    weights: torch.Tensor
    scales: torch.Tensor
    zero_points: torch.Tensor
    low: int
    high: int

    def column(self, values: torch.Tensor, i: int) -> torch.Tensor:
        """The integers that stand for other weights in column `i`."""
        return (values / self.scales[:, i] + self.zero_points[:, i]).round().clamp(self.low, self.high)

    def nearest(self) -> torch.Tensor:
        return (self.weights / self.scales + self.zero_points).round().clamp(self.low, self.high)

    def real(self, integers: torch.Tensor) -> torch.Tensor:
        return (integers - self.zero_points) * self.scales


def _best(rows: _Rows, moment: torch.Tensor) -> torch.Tensor:
    """The better of both roundings for each output: outputs x weights."""
    import torch

    def error(integers: torch.Tensor) -> torch.Tensor:
        difference = rows.weights - rows.real(integers)
        return ((difference @ moment) * difference).sum(1, keepdim=True)

    nearest, learned = rows.nearest(), _with_feedback(rows, moment)
    return torch.where(error(learned) < error(nearest), learned, nearest)


def _with_feedback(rows: _Rows, moment: torch.Tensor) -> torch.Tensor:
    """Integers of outputs x weights; errors are made up for by later weights."""
    import torch

    order = moment.diagonal().argsort(descending=True, stable=True)
    left, h = rows.weights[:, order].clone(), moment[order][:, order].clone()
    h.diagonal().add_(DAMPING * float(h.diagonal().mean()) or 1.0)
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(h)), upper=True)
    integers = torch.empty_like(left)
    for i, column in enumerate(order.tolist()):
        integers[:, column] = rows.column(left[:, i], column)
        real = (integers[:, column] - rows.zero_points[:, column]) * rows.scales[:, column]
        error = (left[:, i] - real) / inverse[i, i]
        left[:, i + 1 :] -= error[:, None] * inverse[i, i + 1 :]
    return integers
