"""`Recipe`: how a model is to be quantised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from math import isfinite
from numbers import Real
from typing import Any

from etc.errors import EtcError, Problem, did_you_mean, kind_of
from etc.quantize.samples import Data
from etc.transforms.insert_observers import OBSERVERS
from etc.transforms.quantization_configs import CONFIGS, FLOAT

_EXECUTOR = "what submits functions, as concurrent.futures.Executor does"


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
        problems = [*self._wrong_kinds(), *self._unknown_names(), *self._wrong_budgets()]
        if problems:
            raise EtcError(problems)

    def _wrong_kinds(self) -> list[Problem]:
        """What is no mapping, no function and no executor."""
        overrides: Any = self.overrides
        evaluate: object = self.evaluate
        return [
            Problem(f"{name} is no {what}", expected=expected, found=kind_of(getattr(self, name)))
            for name, what, fits, expected in (
                ("overrides", "mapping", isinstance(overrides, Mapping), 'configs by names: {"fc": "float"}'),
                ("evaluate", "function", evaluate is None or callable(evaluate), "a function that gives the accuracy"),
                ("executor", "executor", self.executor is None or hasattr(self.executor, "submit"), _EXECUTOR),
            )
            if not fits
        ]

    def _unknown_names(self) -> list[Problem]:
        known = (*CONFIGS, FLOAT)
        overrides: Any = self.overrides
        configs: Iterable[str] = overrides.values() if isinstance(overrides, Mapping) else ()
        wanted = [("config of quantization", name, known) for name in (self.config, *configs)]
        found = [
            Problem(f'there is no {what} "{name}"', expected=", ".join(names), next_step=did_you_mean(str(name), names))
            for what, name, names in (*wanted, ("observer", self.observer, OBSERVERS))
            if name not in names
        ]
        return list(dict.fromkeys(found))

    def _wrong_budgets(self) -> list[Problem]:
        problems: list[Problem] = []
        for name, unit in (("min_sqnr", "dB"), ("max_accuracy_drop", "points")):
            budget: object = getattr(self, name)
            if budget is None:
                continue
            if isinstance(budget, bool) or not isinstance(budget, Real) or not isfinite(budget):
                found = repr(budget) if isinstance(budget, Real | str) else kind_of(budget)
                problems.append(Problem(f"{name} is no finite number", expected=f"a number of {unit}", found=found))
            elif name == "max_accuracy_drop" and budget < 0:
                problems.append(Problem("max_accuracy_drop is negative", found=str(budget)))
        if self.max_accuracy_drop is not None and self.evaluate is None:
            problems.append(
                Problem(
                    "max_accuracy_drop needs a measure of accuracy",
                    expected="evaluate: a function that gives the accuracy of what it is given",
                    next_step="add evaluate=…, or --evaluate FILE.py:FUNCTION",
                )
            )
        return problems
