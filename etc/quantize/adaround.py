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
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp

from etc.dialects import edge
from etc.dialects.blob import BlobAttr
from etc.dialects.on_torch import to_blob
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

    groups, low, high = len(moment), layer.weights.argument("quant_min"), layer.weights.argument("quant_max")
    weights, scales = layer.float_weights.double().flatten(1), layer.scales().double()
    parts = zip(weights.chunk(groups), scales.chunk(groups), moment, strict=True)
    integers = torch.cat([_best(w, s, h, low, high) for w, s, h in parts])
    constant = layer.stored
    stored = integers.reshape(layer.float_weights.shape).to(torch.int8)
    constant.value = BlobAttr(to_blob(stored, range(stored.dim())))


def _best(weights: torch.Tensor, scales: torch.Tensor, moment: torch.Tensor, low: int, high: int) -> torch.Tensor:
    """The better of both roundings for each output: outputs x weights."""
    import torch

    nearest = (weights / scales).round().clamp(low, high)
    learned = _with_feedback(weights, scales, moment, low, high)

    def error(integers: torch.Tensor) -> torch.Tensor:
        difference = weights - integers * scales
        return ((difference @ moment) * difference).sum(1, keepdim=True)

    return torch.where(error(learned) < error(nearest), learned, nearest)


def _with_feedback(
    weights: torch.Tensor, scales: torch.Tensor, moment: torch.Tensor, low: int, high: int
) -> torch.Tensor:
    """Integers of outputs x weights; errors are made up for by later weights."""
    import torch

    order = moment.diagonal().argsort(descending=True, stable=True)
    left, steps, h = weights[:, order].clone(), scales[:, order], moment[order][:, order].clone()
    h.diagonal().add_(DAMPING * float(h.diagonal().mean()) or 1.0)
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(h)), upper=True)
    integers = torch.empty_like(left)
    for i in range(left.shape[1]):
        integers[:, i] = (left[:, i] / steps[:, i]).round().clamp(low, high)
        error = (left[:, i] - integers[:, i] * steps[:, i]) / inverse[i, i]
        left[:, i + 1 :] -= error[:, None] * inverse[i, i + 1 :]
    return integers[:, order.argsort()]
