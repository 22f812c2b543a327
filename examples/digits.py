"""Train a small CNN on handwritten digits, step by step, on the stock ExecuTorch runtime: `python -m examples.digits`.

The data are the 1,797 images of 8 x 8 pixels that the PyPI package scikit-learn brings (E. Alpaydin, C. Kaynak,
"Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998); a quarter is kept for the test.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from etc.compiler import Compiled
from etc.training import SGD, compile_training
from examples.models.packages import package
from examples.models.spec import generator

BATCH, EPOCHS = 32, 5
OPTIMIZER = SGD(lr=0.05, momentum=0.9)


class Digits(NamedTuple):
    """Images f32[N, 1, 8, 8] in [0, 1] and labels i64[N]."""

    images: Tensor
    labels: Tensor

    def batches(self, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Whole batches in an order that the seed decides."""
        order = torch.randperm(len(self.labels), generator=generator(seed))
        for chosen in order[: len(order) // BATCH * BATCH].split(BATCH):
            yield self.images[chosen], self.labels[chosen]


def digits() -> tuple[Digits, Digits]:
    """The training and the test set. Raises ModelUnavailable when the data cannot be had."""
    with gzip.open(package("scikit-learn") / "sklearn" / "datasets" / "data" / "digits.csv.gz") as file:
        table = torch.from_numpy(np.loadtxt(file, delimiter=",", dtype=np.float32))
    images, labels = table[:, :64].view(-1, 1, 8, 8) / 16, table[:, 64].long()
    order = torch.randperm(len(labels), generator=generator(1))
    cut = len(labels) * 3 // 4
    return Digits(images[order[:cut]], labels[order[:cut]]), Digits(images[order[cut:]], labels[order[cut:]])


class Net(nn.Module):
    """Two convolutions with batch norm and max pooling, and a linear layer: 1,946 parameters."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(64, 10)),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.layers(images)


def network() -> Net:
    """The network before training, every time the same."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Net()


Step = Callable[[Tensor, Tensor], Tensor]
"""One step of training on a batch of images and labels; gives the loss before it."""
Predict = Callable[[Tensor], Tensor]
"""Logits f32[N, 10] of images."""


def in_eager(net: nn.Module) -> tuple[Step, Predict]:
    """Training in PyTorch."""
    optimizer = torch.optim.SGD(net.parameters(), lr=OPTIMIZER.lr, momentum=OPTIMIZER.momentum)

    def step(images: Tensor, labels: Tensor) -> Tensor:
        net.train()
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()
        return loss.detach()

    def predict(images: Tensor) -> Tensor:
        with torch.no_grad():
            return net.eval()(images)

    return step, predict


def compiled_for_training() -> Compiled:
    """The methods `train` and `forward`, for batches of 32 images."""
    example = torch.zeros(BATCH, 1, 8, 8), torch.zeros(BATCH, dtype=torch.int64)
    return compile_training(network(), F.cross_entropy, example[:1], example[1:], OPTIMIZER)


def on_stock_runtime(compiled: Compiled) -> tuple[Step, Predict]:
    """Training on the stock ExecuTorch runtime."""

    def step(images: Tensor, labels: Tensor) -> Tensor:
        loss, _ = compiled.run((images,), (labels,), method="train")
        return loss

    def predict(images: Tensor) -> Tensor:
        return compiled.run(images)

    return step, predict


def accuracy(predict: Predict, data: Digits) -> float:
    """The share of images, in batches of 32 of which the last is filled up, that are told right."""
    right = 0
    for images, labels in zip(data.images.split(BATCH), data.labels.split(BATCH), strict=True):
        filled = torch.cat([images, images.new_zeros(BATCH - len(images), 1, 8, 8)])
        right += int((predict(filled)[: len(labels)].argmax(1) == labels).sum())
    return right / len(data.labels)


def train(step: Step, predict: Predict, data: Digits, test: Digits) -> list[tuple[float, float]]:
    """Mean loss and accuracy on the test set after each epoch."""
    history: list[tuple[float, float]] = []
    for epoch in range(EPOCHS):
        losses = [float(step(images, labels)) for images, labels in data.batches(epoch)]
        history.append((sum(losses) / len(losses), accuracy(predict, test)))
    return history


def main() -> None:
    data, test = digits()
    expected = train(*in_eager(network()), data, test)
    found = train(*on_stock_runtime(compiled_for_training()), data, test)
    print("epoch   loss: stock runtime   PyTorch   accuracy: stock runtime   PyTorch")
    for epoch, ((loss, right), (loss_there, right_there)) in enumerate(zip(found, expected, strict=True), 1):
        print(f"{epoch:5} {loss:21.4f} {loss_there:9.4f} {right:24.1%} {right_there:10.1%}")


if __name__ == "__main__":
    main()
