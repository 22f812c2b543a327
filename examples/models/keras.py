"""Read a trained Keras 2 model (`.h5`: layer configuration and weights) as a PyTorch module; only h5py is needed.

Images are NCHW here and NHWC there; where Keras looks at the order of an image's elements (Flatten, Reshape), the
order is Keras's. TensorFlow's SAME padding, which may be uneven, becomes an explicit pad.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any, BinaryIO

import torch
from torch import Tensor, nn

from etc.errors import EtcError

Config = dict[str, Any]
Weights = dict[str, Tensor]


def load_h5(file: BinaryIO) -> tuple[nn.Module, tuple[int, ...]]:
    """The module in eval mode and its input shape (batch of 1). Raises `EtcError` for a layer not in `LAYERS`."""
    import h5py

    with h5py.File(file, "r") as h5:
        config: Any = h5.attrs["model_config"]
        graph = Graph(json.loads(config)["config"], _weights(h5["model_weights"]))
    return graph.eval(), graph.input_shape


def _weights(root: Any) -> dict[str, Weights]:
    """All variables by the names of their layer and their own: the last two parts of `scope/layer/variable:0`."""
    weights: dict[str, Weights] = defaultdict(dict)
    for group in root.values():
        for path in group.attrs.get("weight_names", ()):
            path = path.decode() if isinstance(path, bytes) else path
            layer, variable = path.removesuffix(":0").split("/")[-2:]
            weights[layer][variable] = torch.from_numpy(group[path][()])
    return weights


class Graph(nn.Module):
    """Layers in order, each fed by the named values before it."""

    def __init__(self, config: Config, weights: dict[str, Weights]):
        super().__init__()
        self.layers = nn.ModuleDict()
        self.wiring: list[tuple[str, str, list[str]]] = []
        self.source, self.input_shape = "", (1,)
        values: dict[str, Tensor] = {}
        last = ""
        for layer in config["layers"]:
            kind, options = layer["class_name"], layer["config"]
            name = options["name"]
            if kind == "InputLayer":
                self.source, self.input_shape = name, _input_shape(options)
                values[name] = torch.zeros(self.input_shape)
            else:
                inputs = [node[0] for node in (layer.get("inbound_nodes") or [[[last]]])[0]]
                module = _layer(kind, options, weights, values[inputs[0]])
                attribute = name.replace(".", "_")
                self.layers[attribute] = module
                self.wiring.append((name, attribute, inputs))
                with torch.no_grad():
                    values[name] = module.eval()(*(values[source] for source in inputs))
            last = name

    def forward(self, x: Tensor) -> Tensor:
        values = {self.source: x}
        for name, attribute, inputs in self.wiring:
            x = values[name] = self.layers[attribute](*(values[source] for source in inputs))
        return x


def _input_shape(options: Config) -> tuple[int, ...]:
    shape = options["batch_input_shape"]
    shape = (shape["items"] if isinstance(shape, dict) else shape)[1:]
    return (1, shape[2], shape[0], shape[1]) if len(shape) == 3 else (1, *shape)


def _layer(kind: str, options: Config, weights: dict[str, Weights], x: Tensor) -> nn.Module:
    """The module of one Keras layer; `x` is a value of its first input's shape."""
    if kind == "Sequential":
        return Graph(options, weights)
    if kind not in LAYERS:
        raise EtcError(f'Keras layer "{kind}" is not supported', expected=f"one of {', '.join(sorted(LAYERS))}")
    return LAYERS[kind](options, weights.get(options["name"], {}), x)


class ChannelsLast(nn.Module):
    """Keras's order of an image's elements: f32[N, C, H, W] -> f32[N, H, W, C]; other ranks as they are."""

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1) if x.ndim == 4 else x


class Reshape(nn.Module):
    """Elements in Keras's order in another shape; an image becomes NCHW again."""

    def __init__(self, shape: list[int]):
        super().__init__()
        self.shape = tuple(shape)

    def forward(self, x: Tensor) -> Tensor:
        x = x.reshape(x.shape[0], *self.shape)
        return x.permute(0, 3, 1, 2) if x.ndim == 4 else x


class Add(nn.Module):
    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        for other in others:
            first = first + other
        return first


_ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "sigmoid": nn.Sigmoid,
    "softmax": lambda: nn.Softmax(-1),
    "tanh": nn.Tanh,
}


def _activation(options: Config) -> nn.Module:
    return _ACTIVATIONS[options.get("activation", "linear")]()


def _same(size: int, kernel: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    """TensorFlow's SAME padding before and after one axis."""
    total = max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def _padding(options: Config, x: Tensor, kernel: Any, strides: Any) -> tuple[int, int, int, int]:
    """(left, right, top, bottom), as `F.pad` wants it."""
    if options["padding"] != "same":
        return (0, 0, 0, 0)
    dilation = options.get("dilation_rate", (1, 1))
    top, left = (_same(*axis) for axis in zip(x.shape[2:], kernel, strides, dilation, strict=True))
    return (*left, *top)


def _convolution(options: Config, weights: Weights, x: Tensor, kernel: Tensor, groups: int) -> nn.Module:
    """`kernel` is in PyTorch's order [outputs, inputs / groups, h, w]."""
    strides, size = options["strides"], (kernel.shape[2], kernel.shape[3])
    left, right, top, bottom = _padding(options, x, size, strides)
    even = (left, top) == (right, bottom)
    conv = nn.Conv2d(
        x.shape[1],
        kernel.shape[0],
        size,
        tuple(strides),
        (top, left) if even else 0,
        tuple(options.get("dilation_rate", (1, 1))),
        groups,
        bias="bias" in weights,
    )
    conv.load_state_dict({"weight": kernel.contiguous(), **_renamed(weights, bias="bias")})
    pad = () if even else (nn.ZeroPad2d((left, right, top, bottom)),)
    return nn.Sequential(*pad, conv, _activation(options))


def _renamed(weights: Weights, **names: str) -> Weights:
    """The variables that there are, under PyTorch's names: `names` maps ours to Keras's."""
    return {ours: weights[theirs] for ours, theirs in names.items() if theirs in weights}


def _conv2d(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    return _convolution(options, weights, x, weights["kernel"].permute(3, 2, 0, 1), options.get("groups", 1))


def _depthwise(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    kernel = weights["depthwise_kernel"]
    kernel = kernel.permute(2, 3, 0, 1).reshape(-1, 1, *kernel.shape[:2])
    return _convolution(options, weights, x, kernel, x.shape[1])


def _temporal(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    """mltk's MultiScaleTemporalConvolution of one scale (arXiv:2010.09960): depthwise along time."""
    if len(options["scales"]) != 1:
        raise EtcError("MultiScaleTemporalConvolution must be fused", expected="one scale", found=options["scales"])
    return _depthwise({**options, "strides": [options["stride"]] * 2, "padding": "same"}, weights, x)


def _batch_norm(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    norm = (nn.BatchNorm2d if x.ndim == 4 else nn.BatchNorm1d)(x.shape[1], options["epsilon"])
    names = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
    norm.load_state_dict(_renamed(weights, **names), strict=False)
    return norm


def _dense(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    kernel = weights["kernel"]
    linear = nn.Linear(*kernel.shape, bias="bias" in weights)
    linear.load_state_dict({"weight": kernel.T.contiguous(), **_renamed(weights, bias="bias")})
    return nn.Sequential(linear, _activation(options))


def _max_pool(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    pool = nn.MaxPool2d(tuple(options["pool_size"]), tuple(options["strides"]))
    padding = _padding(options, x, options["pool_size"], options["strides"])
    return nn.Sequential(nn.ConstantPad2d(padding, float("-inf")), pool) if any(padding) else pool


def _average_pool(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    if any(_padding(options, x, options["pool_size"], options["strides"])):
        raise EtcError("AveragePooling2D with padding is not supported", expected="a size that the pool divides")
    return nn.AvgPool2d(tuple(options["pool_size"]), tuple(options["strides"]))


def _relu(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    return nn.ReLU6() if options.get("max_value") == 6 else nn.ReLU()


def _zero_padding(options: Config, weights: Weights, x: Tensor) -> nn.Module:
    vertical, horizontal = options["padding"]
    return nn.ZeroPad2d((*horizontal, *vertical))


LAYERS: dict[str, Callable[[Config, Weights, Tensor], nn.Module]] = {
    "Activation": lambda options, weights, x: _activation(options),
    "Add": lambda options, weights, x: Add(),
    "AveragePooling2D": _average_pool,
    "BatchNormalization": _batch_norm,
    "Conv2D": _conv2d,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise,
    "Dropout": lambda options, weights, x: nn.Dropout(options["rate"]),
    "Flatten": lambda options, weights, x: nn.Sequential(ChannelsLast(), nn.Flatten()),
    "GlobalAveragePooling2D": lambda options, weights, x: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "MaxPooling2D": _max_pool,
    "MultiScaleTemporalConvolution": _temporal,
    "ReLU": _relu,
    "Reshape": lambda options, weights, x: nn.Sequential(ChannelsLast(), Reshape(options["target_shape"])),
    "ZeroPadding2D": _zero_padding,
}
"""Each builds a module from a layer's configuration, its variables and a value of its input's shape."""
