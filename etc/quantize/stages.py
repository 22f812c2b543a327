"""Quantization among the stages of `etc.compile`, and what the program was on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from etc import pipelines
from etc.errors import EtcError, kind_of
from etc.quantize.flow import run
from etc.quantize.recipe import Recipe

if TYPE_CHECKING:
    from etc.emit.report.accuracy import AccuracyReport
    from etc.quantize.samples import Data

FLOAT, QUANTISED, INTEGER = "optimised", "quantised", "integer"
"""The stages after which the program is in float, has quantize and dequantize in it, and computes on integers."""

Stages = Sequence[tuple[str, Sequence[str | ModulePass]]]


@dataclass(frozen=True)
class QuantizePass(ModulePass):
    """All steps of quantization with one recipe."""

    name = "quantize"
    recipe: Recipe

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        run(op, self.recipe, ctx)


def recipe_of(quantize: str | Recipe, calibration: Data | None) -> Recipe:
    """The recipe that `etc.compile` is given, or the config of one. Raises EtcError for what is neither."""
    if isinstance(quantize, str):
        return Recipe(quantize, calibration)
    if not isinstance(quantize, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise EtcError("this is no recipe", expected='a config such as "int8", or a Recipe', found=kind_of(quantize))
    return quantize if calibration is None else replace(quantize, data=calibration)


def with_quantization(stages: Stages, recipe: Recipe, target: str) -> Stages:
    """Stages of `etc.compile` with those of quantization, which follow the optimisations."""
    if recipe.quantize_io and target == pipelines.PTE:
        raise EtcError(
            "the stock runtime's programs take and give floats",
            found="quantize_io with target pte",
            next_step="compile to C, or leave out quantize_io",
        )
    further: list[tuple[str, Sequence[str | ModulePass]]] = [
        (QUANTISED, (QuantizePass(recipe), *pipelines.AFTER_QUANTIZATION))
    ]
    if target != pipelines.PTE:
        further.append((INTEGER, pipelines.integer_program(recipe.quantize_io)))
    (place,) = (i for i, (name, _) in enumerate(stages) if name == FLOAT)
    return [*stages[: place + 1], *further, *stages[place + 1 :]]


class Forms:
    """A program in float, with quantize and dequantize around its operators, and in integers: for comparison."""

    def __init__(self, recipe: Recipe):
        self.recipe = recipe
        self.modules: dict[str, ModuleOp] = {}

    def keep(self, stage: str, module: ModuleOp) -> None:
        """Remember what the program is after a stage, if it is one of the forms."""
        if stage in (FLOAT, QUANTISED, INTEGER):
            self.modules[stage] = module.clone()

    def accuracy(self, data: Data | None = None, method: str = "forward") -> AccuracyReport:
        """Layer by layer, how far the quantised program is from the one in float, on `data` or what calibrated it.

        Raises EtcError when there are no data, or they do not fit.
        """
        from etc.quantize.accuracy import compare
        from etc.quantize.matching import method_of
        from etc.quantize.samples import samples

        data = self.recipe.data if data is None else data
        if data is None:
            raise EtcError(
                "there are no data to measure accuracy on",
                expected="inputs, as for calibration",
                next_step="accuracy(data), or data in the recipe",
            )
        inputs: Any = samples(method_of(self.modules[FLOAT], method), data)
        integer = self.modules.get(INTEGER)
        return compare(self.modules[FLOAT], self.modules[QUANTISED], inputs, integer=integer, method=method)
