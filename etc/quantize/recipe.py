"""`Recipe`: how a model is to be quantised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from etc.errors import EtcError, Problem, did_you_mean
from etc.quantize.samples import Data
from etc.transforms.insert_observers import OBSERVERS
from etc.transforms.quantization_configs import CONFIGS, FLOAT


@dataclass(frozen=True)
class Recipe:
    """How a model is to be quantised: `etc.compile(model, inputs, quantize=Recipe("int8", data))`.

    Raises EtcError with all that is wrong with it.
    """

    config: str = "int8"
    """int8, int8-dynamic, int8-weight, int4-weight-g32 (g64, g128) or int16x8"""
    data: Data | None = None
    """calibration data, for configs with static scales: samples, an `.npz` file or a directory of them"""
    observer: str = "minmax"
    """minmax, moving-average, percentile, mse or entropy"""
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    """other configs, or "float", for parts of the model: modules by full name, types of modules or operations,
    source lines as in "model.py:12"; the closest name counts"""
    equalise: bool = False
    """scale channels between layers, so that all of them have similar ranges"""
    bias_correction: bool = False
    """correct biases for the mean error that quantised weights bring in"""
    adaround: bool = False
    """learn for each weight whether it is rounded up or down"""
    quantize_io: bool = False
    """methods take and give integers"""
    min_sqnr: float | None = None
    """the signal-to-noise ratio, in dB, that outputs must keep: what costs most stays in float"""
    max_accuracy_drop: float | None = None
    """how much `evaluate` may fall, in points (percent): what costs most stays in float"""
    evaluate: Callable[[Callable[..., Any]], float] | None = None
    """the accuracy, between 0 and 1, of a function that is called like the model"""
    executor: Executor | None = None
    """what calibration shares its work with: any `concurrent.futures.Executor`"""

    def __post_init__(self) -> None:
        if isinstance(self.data, Iterator):
            object.__setattr__(self, "data", list(self.data))  # what improves or measures reads them again
        problems = [*self._unknown_names(), *self._wrong_budgets()]
        if problems:
            raise EtcError(problems)

    def _unknown_names(self) -> list[Problem]:
        known = (*CONFIGS, FLOAT)
        configs = [("config of quantization", name, known) for name in (self.config, *self.overrides.values())]
        return [
            Problem(f'there is no {what} "{name}"', expected=", ".join(names), next_step=did_you_mean(str(name), names))
            for what, name, names in dict.fromkeys([*configs, ("observer", self.observer, OBSERVERS)])
            if name not in names
        ]

    def _wrong_budgets(self) -> list[Problem]:
        problems: list[Problem] = []
        if self.max_accuracy_drop is not None and self.evaluate is None:
            problems.append(
                Problem(
                    "max_accuracy_drop needs a measure of accuracy",
                    expected="evaluate: a function that gives the accuracy of what it is given",
                    next_step="add evaluate=…, or --evaluate FILE.py:FUNCTION",
                )
            )
        if self.max_accuracy_drop is not None and self.max_accuracy_drop < 0:
            problems.append(Problem("max_accuracy_drop is negative", found=str(self.max_accuracy_drop)))
        return problems
