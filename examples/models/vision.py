"""Image classifiers in torchvision's architectures, with fixed-seed weights.

MobileNetV2 (arXiv:1801.04381), MobileNetV3-small (arXiv:1905.02244), ResNet-18 and ResNet-50 (arXiv:1512.03385, with
the stride on the 3x3 convolution). Parameter counts equal torchvision's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from examples.models.spec import FIXED_SEED, Example, ModelSpec, generator, noise

IMAGE = (3, 224, 224)
Activation = Callable[[], nn.Module]
_relu: Activation = partial(nn.ReLU, inplace=True)
_relu6: Activation = partial(nn.ReLU6, inplace=True)
_hardswish: Activation = partial(nn.Hardswish, inplace=True)


def conv_bn(
    inputs: int,
    outputs: int,
    kernel: int = 1,
    stride: int = 1,
    groups: int = 1,
    activation: Activation | None = None,
    eps: float = 1e-5,
) -> nn.Sequential:
    """Convolution that keeps the size (before its stride), batch norm, activation."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    tail = [activation()] if activation else []
    return nn.Sequential(conv, nn.BatchNorm2d(outputs, eps=eps), *tail)


def settle(module: nn.Module, batch: Tensor, seed: int = 0) -> nn.Module:
    """Give `module` fixed-seed weights and the batch-norm statistics that `batch` has in it; returns it in eval mode.

    Scales and shifts are not trivial, so that folding batch norms wrongly shows; activations keep their size through
    any depth, because each batch norm normalises what really reaches it.
    """
    source = generator(seed)
    module.eval()  # no dropout: it draws from the global random numbers
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Conv2d | nn.Linear):
                fan_in = part.weight[0].numel()
                part.weight.normal_(0, (2 / fan_in) ** 0.5, generator=source)
                if part.bias is not None:
                    part.bias.normal_(0, 0.1, generator=source)
            elif isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
                part.weight.uniform_(0.5, 1.5, generator=source)
                part.bias.normal_(0, 0.2, generator=source)
                part.momentum = 1.0
                part.train()
        module(batch)
    return module.eval()


class InvertedResidual(nn.Module):
    """Expand, depthwise (with squeeze-and-excitation in V3), project; the input is added when shapes allow."""

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        *,
        kernel: int = 3,
        stride: int = 1,
        activation: Activation = _relu6,
        squeeze: int = 0,
        eps: float = 1e-5,
    ):
        super().__init__()
        layers: list[nn.Module] = []
        if hidden != inputs:
            layers.append(conv_bn(inputs, hidden, activation=activation, eps=eps))
        layers.append(conv_bn(hidden, hidden, kernel, stride, hidden, activation, eps))
        if squeeze:
            layers.append(SqueezeExcitation(hidden, squeeze))
        layers.append(conv_bn(hidden, outputs, eps=eps))
        self.block = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x) if self.residual else self.block(x)


class SqueezeExcitation(nn.Module):
    """Channels scaled by a gate that their means control (arXiv:1709.01507, with V3's hard sigmoid)."""

    def __init__(self, channels: int, squeezed: int):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)
        self.relu = nn.ReLU()
        self.gate = nn.Hardsigmoid()

    def forward(self, x: Tensor) -> Tensor:
        return self.gate(self.fc2(self.relu(self.fc1(self.pool(x))))) * x


class Classifier(nn.Module):
    """Features, global mean, classifier: f32[N, 3, H, W] -> logits f32[N, classes]."""

    def __init__(self, features: nn.Module, classifier: nn.Module):
        super().__init__()
        self.features = features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = classifier

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(self.pool(self.features(x)), 1))


# (expansion, channels, repeats, first stride): table 2 of the paper
_V2 = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def build_mobilenet_v2(classes: int = 1000) -> nn.Module:
    channels = 32
    layers: list[nn.Module] = [conv_bn(3, channels, 3, 2, activation=_relu6)]
    for expansion, outputs, repeats, stride in _V2:
        for repeat in range(repeats):
            hidden = channels * expansion
            layers.append(InvertedResidual(channels, hidden, outputs, stride=1 if repeat else stride))
            channels = outputs
    layers.append(conv_bn(channels, 1280, activation=_relu6))
    return Classifier(nn.Sequential(*layers), nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes)))


# (kernel, hidden, channels, squeezed or 0, activation, stride): table 2 of the paper
_V3_SMALL = (
    (3, 16, 16, 8, _relu, 2),
    (3, 72, 24, 0, _relu, 2),
    (3, 88, 24, 0, _relu, 1),
    (5, 96, 40, 24, _hardswish, 2),
    (5, 240, 40, 64, _hardswish, 1),
    (5, 240, 40, 64, _hardswish, 1),
    (5, 120, 48, 32, _hardswish, 1),
    (5, 144, 48, 40, _hardswish, 1),
    (5, 288, 96, 72, _hardswish, 2),
    (5, 576, 96, 144, _hardswish, 1),
    (5, 576, 96, 144, _hardswish, 1),
)


def build_mobilenet_v3_small(classes: int = 1000) -> nn.Module:
    eps, channels = 1e-3, 16
    layers: list[nn.Module] = [conv_bn(3, channels, 3, 2, activation=_hardswish, eps=eps)]
    for kernel, hidden, outputs, squeeze, activation, stride in _V3_SMALL:
        options = {"kernel": kernel, "stride": stride, "squeeze": squeeze}
        layers.append(InvertedResidual(channels, hidden, outputs, activation=activation, eps=eps, **options))
        channels = outputs
    layers.append(conv_bn(channels, 6 * channels, activation=_hardswish, eps=eps))
    head = (nn.Linear(6 * channels, 1024), _hardswish(), nn.Dropout(0.2), nn.Linear(1024, classes))
    return Classifier(nn.Sequential(*layers), nn.Sequential(*head))


class Residual(nn.Module):
    """relu(body(x) + shortcut(x)); the shortcut is a projection where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int, body: nn.Module):
        super().__init__()
        self.body = body
        self.shortcut = nn.Identity() if inputs == outputs and stride == 1 else conv_bn(inputs, outputs, 1, stride)
        self.relu = _relu()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + self.shortcut(x))


def basic_block(inputs: int, width: int, stride: int) -> Residual:
    body = nn.Sequential(conv_bn(inputs, width, 3, stride, activation=_relu), conv_bn(width, width, 3))
    return Residual(inputs, width, stride, body)


def bottleneck(inputs: int, width: int, stride: int) -> Residual:
    body = nn.Sequential(
        conv_bn(inputs, width, activation=_relu),
        conv_bn(width, width, 3, stride, activation=_relu),
        conv_bn(width, 4 * width),
    )
    return Residual(inputs, 4 * width, stride, body)


def build_resnet(
    block: Callable[[int, int, int], Residual], expansion: int, depths: tuple[int, ...], classes: int = 1000
) -> nn.Module:
    layers: list[nn.Module] = [conv_bn(3, 64, 7, 2, activation=_relu), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, depth in enumerate(depths):
        width = 64 << stage
        for index in range(depth):
            layers.append(block(channels, width, 2 if stage and not index else 1))
            channels = width * expansion
    return Classifier(nn.Sequential(*layers), nn.Linear(channels, classes))


def _example(module: nn.Module) -> Example:
    return Example(settle(module, noise(2, *IMAGE, seed=1)), (noise(1, *IMAGE, seed=2),))


def mobilenet_v2() -> Example:
    return _example(build_mobilenet_v2())


def mobilenet_v2_dynamic() -> Example:
    batch = torch.export.Dim("batch", min=1, max=4)
    height, width = (torch.export.Dim(name, min=64, max=160) for name in ("height", "width"))
    module, _, _ = mobilenet_v2()
    return Example(module, (noise(2, 3, 96, 112, seed=2),), {"x": {0: batch, 2: height, 3: width}})


def mobilenet_v3_small() -> Example:
    return _example(build_mobilenet_v3_small())


def resnet18() -> Example:
    return _example(build_resnet(basic_block, 1, (2, 2, 2, 2)))


def resnet50() -> Example:
    return _example(build_resnet(bottleneck, 4, (3, 4, 6, 3)))


SPECS = (
    ModelSpec("mobilenet_v2", mobilenet_v2, FIXED_SEED, "MobileNetV2 1.0, 224x224 image, 1000 classes"),
    ModelSpec(
        "mobilenet_v2_dynamic",
        mobilenet_v2_dynamic,
        FIXED_SEED,
        "MobileNetV2 1.0, 1 to 4 images, 64 to 160 pixels high and wide",
    ),
    ModelSpec("mobilenet_v3_small", mobilenet_v3_small, FIXED_SEED, "MobileNetV3-small 1.0, 224x224 image"),
    ModelSpec("resnet18", resnet18, FIXED_SEED, "ResNet-18, 224x224 image, 1000 classes"),
    ModelSpec("resnet50", resnet50, FIXED_SEED, "ResNet-50 v1.5, 224x224 image, 1000 classes"),
)
