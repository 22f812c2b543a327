"""A trained CNN on handwritten digits, to be quantised:

    etc-compile examples/digits_int8.py:net -t cortex-m4 -o digits --quantize int8 \\
        --calibrate examples/digits_int8.py:images --evaluate examples/digits_int8.py:accuracy
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn

from examples.digits import EPOCHS, digits, in_eager, network


@cache
def _trained() -> nn.Module:
    train, _ = digits()
    model = network()
    step, _ = in_eager(model)
    for epoch in range(EPOCHS):
        for images, labels in train.batches(epoch):
            step(images, labels)
    return model.eval()


def net() -> tuple[nn.Module, tuple[Tensor]]:
    """The network after five epochs, and an image f32[1, 1, 8, 8]."""
    return _trained(), (digits()[0].images[:1],)


def images() -> list[Tensor]:
    """256 of the images it was trained on, to take scales from."""
    return list(digits()[0].images[:256].split(1))


def accuracy(call: Callable[[Tensor], Tensor]) -> float:
    """The share of the 450 test images that `call` tells right."""
    _, test = digits()
    found = torch.cat([call(image) for image in test.images.split(1)])
    return float((found.argmax(1) == test.labels).double().mean())
