"""What training with fake quantisation reaches, on real labelled data: `python -m benchmarks.quantization_training`.

A network trained in float is trained on with fake quantisation, for some epochs more, and compiled to C that computes
with integers alone. The C program tells the classes of the test set, which training has not seen.
"""

from __future__ import annotations

import sys

import torch
import torch.nn.functional as F
from rich.console import Console

import etc
from benchmarks.labelled import digits_cnn
from benchmarks.quantization import Accuracy, table
from etc.quantize import prepare_qat
from etc.quantize.qat import QATModule
from examples.digits import Digits, digits

DROP = 0.001
"""Of accuracy, that may be lost against the network in float."""
EPOCHS = 6
RATE = 2e-3


def fine_tuned(model: QATModule, data: Digits) -> QATModule:
    """The model after some epochs with a falling rate; scales and batch norms stay in the second half."""
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    model.train()
    for epoch in range(EPOCHS):
        if 2 * epoch >= EPOCHS:
            model.freeze()
        for images, labels in data.batches(100 + epoch):
            optimizer.zero_grad()
            F.cross_entropy(model(images), labels).backward()
            optimizer.step()
        schedule.step()
    model.eval()
    return model


def measure_training(config: str = "int8") -> Accuracy:
    """The digits CNN, in float, with fake quantisation, and as C on this machine."""
    task, (data, _) = digits_cnn(), digits()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = fine_tuned(prepare_qat(task.model, config), data)
    with torch.no_grad():
        in_float, quantised = task.accuracy(task.model), task.accuracy(model)
    compiled = etc.compile(model, task.example, target="host")
    return Accuracy(task.name, f"{config}, trained", in_float, quantised, task.accuracy(compiled.run), in_float - DROP)


def main() -> int:
    found = measure_training()
    Console(width=None if sys.stdout.isatty() else 200).print(table([found]))
    return 0 if found.met else 1


if __name__ == "__main__":
    sys.exit(main())
