"""What quantization costs in accuracy, on real labelled data: `python -m benchmarks.quantization [WORD]`.

Accuracy of the network in float, of the program with quantize and dequantize around operators on reals, and of the
integer program that becomes C, all on torch, whose results C gives bit by bit.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from rich.console import Console
from rich.table import Table
from torch import Tensor

import etc
from benchmarks.labelled import TASKS, Task, digits_cnn, digits_mlp, faces_rnet, vowels_gru
from etc.quantize import Recipe, prepare_qat
from etc.quantize.stages import INTEGER, QUANTISED, Forms
from examples.models.spec import generator


@dataclass(frozen=True)
class Accuracy:
    """Accuracies of one network in one config, between 0 and 1."""

    task: str
    config: str
    in_float: float
    quantised: float
    integer: float
    goal: float
    """What the integer program has to reach"""

    @property
    def worst(self) -> float:
        return min(self.quantised, self.integer)

    @property
    def met(self) -> bool:
        return self.worst >= self.goal - 1e-9


RECIPES: Mapping[str, Recipe] = {"int8": Recipe("int8"), "int16x8": Recipe("int16x8")}


@dataclass(frozen=True)
class Promise:
    """The accuracy that may be lost, and the one that has to be kept, where there is such."""

    drop: float = 1.0
    least: float = field(default=0.0)

    def goal(self, in_float: float) -> float:
        return max(in_float - self.drop, self.least)


PROMISES = {
    digits_cnn: Promise(drop=0.003),
    digits_mlp: Promise(drop=0.003),
    vowels_gru: Promise(drop=0.005),
    faces_rnet: Promise(least=0.995),
}


def measure(task: Task, config: str, recipe: Recipe, promise: Promise) -> Accuracy:
    """Compile one network with one recipe and count what its forms tell right."""
    with torch.no_grad():
        in_float = task.accuracy(task.model)
    compiled = etc.compile(task.model, task.example, quantize=recipe, calibration=task.calibration, target="c")
    assert compiled.forms is not None
    quantised, integer = (task.accuracy(compiled.forms.function(form)) for form in (QUANTISED, INTEGER))
    return Accuracy(task.name, config, in_float, quantised, integer, promise.goal(in_float))


QAT_EPOCHS, QAT_RATE, QAT_DROP = 3, 1e-5, 0.001
"""Training with fake quantisation, and what it may cost."""


def measure_qat(task: Task, inputs: Tensor, labels: Tensor) -> Accuracy:
    """Train one network further, with fake quantisation, and count what it and its integer program tell right."""
    net = prepare_qat(task.model, "int8").train()
    optimizer = torch.optim.Adam(net.parameters(), lr=QAT_RATE)
    for epoch in range(QAT_EPOCHS):
        if epoch == QAT_EPOCHS - 1:
            net.freeze()
        for chosen in torch.randperm(len(labels), generator=generator(epoch)).split(32):
            optimizer.zero_grad()
            F.cross_entropy(net(inputs[chosen]), labels[chosen]).backward()
            optimizer.step()
    forms = Forms(Recipe("int8"))
    etc.compile(net.eval(), task.example, target="c", on_stage=forms.keep)
    with torch.no_grad():
        in_float, quantised = task.accuracy(task.model), task.accuracy(net)
    integer = task.accuracy(forms.function(INTEGER))
    return Accuracy(task.name, "int8, trained", in_float, quantised, integer, in_float - QAT_DROP)


def measure_all(word: str = "") -> list[Accuracy]:
    """All recipes on the tasks with a word in their names. Raises ModelUnavailable when data cannot be had."""
    tasks = [(make(), PROMISES[make]) for make in TASKS if word in make.__name__]
    found: list[Accuracy] = []
    for task, promise in tasks:
        found += [measure(task, name, recipe, promise) for name, recipe in RECIPES.items()]
        if task.training is not None:
            found.append(measure_qat(task, *task.training))
    return found


def table(found: Sequence[Accuracy]) -> Table:
    printed = Table(title="Quantization: accuracy on labelled data", title_justify="left")
    for column in ("network", "config"):
        printed.add_column(column)
    for column in ("float", "quantised", "integer", "goal", ""):
        printed.add_column(column, justify="right")
    for row in found:
        numbers = (f"{x:.4f}" for x in (row.in_float, row.quantised, row.integer, row.goal))
        printed.add_row(row.task, row.config, *numbers, "[green]met[/]" if row.met else "[red]missed[/]")
    return printed


def main() -> int:
    found = measure_all(*sys.argv[1:2])
    Console(width=None if sys.stdout.isatty() else 200).print(table(found))
    return 0 if all(row.met for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
