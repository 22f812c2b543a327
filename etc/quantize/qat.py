"""Training with fake quantisation, in ordinary PyTorch, on the way to an integer program.

    model = etc.quantize.prepare_qat(Net(), "int8")
    train(model, torch.optim.SGD(model.parameters(), lr=0.01))
    model.freeze()                                          # scales and batch norms stay; a last epoch maybe
    etc.compile(model, inputs, target="cortex-m4")          # or model.convert(), a module with integer weights

Values are rounded to the integers that will stand for them; gradients go through as if they were not (straight-through;
Y. Bengio, N. Leonard, A. Courville, Estimating or Propagating Gradients Through Stochastic Neurons, 2013), except where
values are clipped. Batch norms are folded into the weights before these are rounded, with the statistics that inference
will use, while they still normalise with those of the batch (R. Krishnamoorthi, Quantizing deep convolutional networks
for efficient inference, 2018, section 3.2.2).

What is computed in evaluation mode is what the converted model computes, bit by bit: the same integers behind the same
float32 operations. The program of integers alone rounds each exact sum once, where here its float32 value is rounded:
made from the same integers, those of a layer are at most one apart.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx import GraphModule

from etc.dialects.on_torch import torch_dtypes
from etc.dialects.quant.attributes import Params, Spec
from etc.dialects.quant.on_torch import dequantize, dequantize_per_channel, quantize
from etc.errors import EtcError, Problem
from etc.quantize.observers import Range, params_of
from etc.transforms.convert_quantization import integers_of, scales_of

MOMENTUM = 0.05
"""The weight of a batch in the moving averages of ranges."""
SMALLEST_FACTOR = 1e-12
"""Factors of batch norms that are nearer to 0 are taken for this: channels that training has switched off."""


class _Rounded(torch.autograd.Function):
    """The reals that integers stand for; the gradient is that of a clamp."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, params: Params) -> Tensor:
        arguments = (params.scale, params.zero_point, params.quant_min, params.quant_max, torch_dtypes()[params.dtype])
        low, high = (params.scale * (q - params.zero_point) for q in (params.quant_min - 0.5, params.quant_max + 0.5))
        ctx.save_for_backward((x >= low) & (x <= high))
        return dequantize(quantize(x, *arguments), *arguments)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        (inside,) = ctx.saved_tensors
        return gradients[0] * inside, None


class FakeQuantize(nn.Module):
    """Rounds activations to integers of `spec`, over a moving average of the ranges of batches, or a `fixed` one.

    One that rounds several values `widens` its range to that of all of them instead.
    """

    low: Tensor
    high: Tensor
    is_of_integers: Tensor

    def __init__(self, spec: Spec, fixed: Params | None = None):
        super().__init__()
        self.spec, self.fixed = spec, fixed
        self.widens = self.is_frozen = False
        self.register_buffer("low", torch.tensor(float("inf")))
        self.register_buffer("high", torch.tensor(float("-inf")))
        self.register_buffer("is_of_integers", torch.tensor(False))

    @property
    def params(self) -> Params | None:
        """Scale and zero point as they are now; None before any data."""
        if self.fixed is not None:
            return self.fixed
        low, high = float(self.low), float(self.high)
        return params_of(Range(low, high), self.spec) if low <= high else None

    def forward(self, x: Tensor, is_new: bool = True) -> Tensor:
        """`x` rounded; itself for tensors of integers, and as long as no data have been seen.

        Values that are not new have been rounded before, and only moved since.
        """
        if not x.is_floating_point():
            self.is_of_integers.fill_(True)
            return x
        if self.training and is_new and not self.is_frozen and self.fixed is None and x.numel():
            self._observe(x.detach())
        params = self.params
        return x if params is None else _Rounded.apply(x, params)  # pyright: ignore[reportReturnType]

    def _observe(self, x: Tensor) -> None:
        low, high = x.aminmax()
        if bool(self.low > self.high):
            self.low.copy_(low)
            self.high.copy_(high)
        elif self.widens:
            self.low.copy_(self.low.minimum(low))
            self.high.copy_(self.high.maximum(high))
        else:
            self.low.lerp_(low, MOMENTUM)
            self.high.lerp_(high, MOMENTUM)


class QATLayer(nn.Module):
    """A convolution or linear layer with rounded weights, and the batch norm behind it."""

    layer: Any
    norm: Any

    def __init__(self, layer: nn.Module, norm: nn.Module | None, spec: Spec):
        super().__init__()
        self.layer, self.norm = layer, norm
        self.spec = spec
        self.is_frozen = False

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = self.layer.weight, self.layer.bias
        norm = self.norm
        if norm is None:
            return call_layer(self.layer, x, self._rounded(weight), bias)
        if self.training and not self.is_frozen:
            factor = self._factor()
            y = call_layer(self.layer, x, self._rounded(weight * _along_outputs(factor, weight)), None)
            y = y / factor.reshape(1, -1, *[1] * (y.dim() - 2))
            return norm(y if bias is None else y + bias.reshape(1, -1, *[1] * (y.dim() - 2)))
        weight, bias = self.folded()
        return call_layer(self.layer, x, self._rounded(weight), bias)

    def folded(self) -> tuple[Tensor, Tensor | None]:
        """Weight and bias with the batch norm in them."""
        weight, bias = self.layer.weight, self.layer.bias
        norm = self.norm
        if norm is None:
            return weight, bias
        factor = self._factor()
        shift = -norm.running_mean if bias is None else bias - norm.running_mean
        shift = shift * factor
        return weight * _along_outputs(factor, weight), shift if norm.bias is None else shift + norm.bias

    def integers(self) -> tuple[Tensor, Tensor]:
        """The integers of the weights, int8, and the scale of each output, float32."""
        weight = self.folded()[0].detach()
        scales = scales_of(weight, 0, self.spec)
        return integers_of(weight, scales, 0, self.spec).to(torch.int8), scales

    def _rounded(self, weight: Tensor) -> Tensor:
        values = weight.detach()
        scales = scales_of(values, 0, self.spec)
        rounded = dequantized_weights(integers_of(values, scales, 0, self.spec).to(torch.int8), scales, self.spec)
        return weight + (rounded - values).detach() if self.training else rounded

    def _factor(self) -> Tensor:
        norm = self.norm
        factor = torch.rsqrt(norm.running_var + norm.eps)
        factor = factor if norm.weight is None else factor * norm.weight
        return torch.where(factor.abs() < SMALLEST_FACTOR, torch.full_like(factor, SMALLEST_FACTOR), factor)


def _along_outputs(factor: Tensor, weight: Tensor) -> Tensor:
    return factor.reshape(-1, *[1] * (weight.dim() - 1))


def dequantized_weights(integers: Tensor, scales: Tensor, spec: Spec) -> Tensor:
    """float32 weights of integers with a scale for each output."""
    return dequantize_per_channel(integers, scales, None, 0, spec.quant_min, spec.quant_max, torch.int8)


def call_layer(layer: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """What a convolution or linear layer computes, with other weights."""
    if isinstance(layer, nn.Linear):
        return nn.functional.linear(x, weight, bias)
    return layer._conv_forward(x, weight, bias)


class QATModule(GraphModule):
    """A model that is trained with fake quantisation; made by `prepare_qat`. Parameters are those of a copy of it."""

    def freeze(self, batch_norms: bool = True) -> None:
        """Keep the scales of activations, and the statistics of batch norms, as they are from now on."""
        for module in self.modules():
            if isinstance(module, FakeQuantize) or (batch_norms and isinstance(module, QATLayer)):
                module.is_frozen = True

    def convert(self) -> nn.Module:
        """A module for inference with weights as integers, and quantize and dequantize around what it computes.

        Raises EtcError with all values that no data have reached.
        """
        return _converted(self)


class QuantizeDequantize(nn.Module):
    """What FakeQuantize becomes: the operators that stand for it in exported programs; nothing for integers."""

    def __init__(self, params: Params | None):
        super().__init__()
        self.params = params

    def forward(self, x: Tensor, is_new: bool = True) -> Tensor:
        p = self.params
        if p is None:
            return x
        arguments = (p.scale, p.zero_point, p.quant_min, p.quant_max, torch_dtypes()[p.dtype])
        operators = torch.ops.quantized_decomposed
        integers = operators.quantize_per_tensor(x, *arguments)
        return operators.dequantize_per_tensor(integers, *arguments)


class ConvertedLayer(nn.Module):
    """What QATLayer becomes: integers for weights."""

    weight: Tensor
    scales: Tensor
    zero_points: Tensor

    def __init__(self, layer: QATLayer):
        super().__init__()
        integers, scales = layer.integers()
        bias = layer.folded()[1]
        self.spec, self.layer = layer.spec, deepcopy(layer.layer)
        for name in ("weight", "bias"):
            delattr(self.layer, name)
        self.register_buffer("weight", integers)
        self.register_buffer("scales", scales)
        self.register_buffer("zero_points", torch.zeros(len(scales), dtype=torch.int64))
        self.bias = None if bias is None else nn.Parameter(bias.detach().clone(), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        weight = torch.ops.quantized_decomposed.dequantize_per_channel(
            *(self.weight, self.scales, self.zero_points, 0, self.spec.quant_min, self.spec.quant_max, torch.int8)
        )
        return call_layer(self.layer, x, weight, self.bias)


def _converted(model: QATModule) -> nn.Module:
    import torch.ao.quantization.fx._decomposed as decomposed  # registers the operators

    assert decomposed.quantized_decomposed_lib is not None
    copy = deepcopy(model).eval()
    problems = [
        Problem(
            f"no data have been seen at {name.removesuffix('_quantized')}",
            expected="a scale for its integers",
            next_step="run the model in training mode on some data before it is converted",
        )
        for name, module in copy.named_modules()
        if isinstance(module, FakeQuantize) and module.params is None and not module.is_of_integers
    ]
    if problems:
        raise EtcError(problems)
    for name, module in list(copy.named_modules()):
        match module:
            case FakeQuantize():
                copy.set_submodule(name, QuantizeDequantize(module.params))
            case QATLayer():
                copy.set_submodule(name, ConvertedLayer(module))
            case _:
                pass
    return GraphModule(copy, copy.graph)
