"""All steps of quantization on a module: annotate, observe, calibrate, convert."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from etc.errors import EtcError
from etc.quantize.adaround import learn_rounding
from etc.quantize.bias_correction import correct_biases
from etc.quantize.calibrate import calibrate
from etc.quantize.recipe import Recipe
from etc.quantize.search import Search, has_budget, search
from etc.transforms.annotate_quantization import AnnotateQuantizationPass
from etc.transforms.convert_dynamic_quantization import ConvertDynamicQuantizationPass
from etc.transforms.convert_quantization import ConvertQuantizationPass
from etc.transforms.convert_weight_quantization import ConvertWeightQuantizationPass
from etc.transforms.equalise_layers import EqualiseLayersPass
from etc.transforms.insert_observers import InsertObserversPass

CONVERSIONS = (ConvertQuantizationPass(), ConvertDynamicQuantizationPass(), ConvertWeightQuantizationPass())
"""One for each mode of schemes."""


def run(module: ModuleOp, recipe: Recipe, ctx: Context | None = None) -> Search | None:
    """Quantise an optimised edge program in place: it has quantize and dequantize around operators on reals then.

    Batch norms are folded and clamps fused before. With a budget, what has been tried is returned. Raises EtcError with
    all that is wrong with the recipe, the data and the program.
    """
    from etc.compiler import context

    ctx = context() if ctx is None else ctx
    data: Any = recipe.data
    if isinstance(data, Iterator):
        recipe = replace(recipe, data=list(data))  # pyright: ignore[reportUnknownArgumentType]  # read more than once
    if recipe.equalise:
        EqualiseLayersPass().apply(ctx, module)
    found = None
    if has_budget(recipe):
        found = search(module, recipe, lambda trial, given: _quantise(trial, given, ctx))
        recipe = found.recipe
    _quantise(module, recipe, ctx)
    return found


def _quantise(module: ModuleOp, recipe: Recipe, ctx: Context) -> None:
    overrides = tuple(f"{name}={config}" for name, config in recipe.overrides.items())
    reference = module.clone()
    _apply(ctx, module, AnnotateQuantizationPass(recipe.config, overrides), InsertObserversPass(recipe.observer))
    calibrate(module, recipe.data, recipe.executor)
    _apply(ctx, module, *CONVERSIONS)
    for correct in _corrections(recipe):
        correct(module, reference, recipe.data)


def _corrections(recipe: Recipe) -> list[Callable[[ModuleOp, ModuleOp, Any], int]]:
    """What makes the numbers of a quantised program better. Raises EtcError without data, which they all need."""
    found = [correct for correct in (learn_rounding, correct_biases) if getattr(recipe, _OPTIONS[correct])]
    if found and recipe.data is None:
        raise EtcError(
            "there are no data to improve the quantised program with",
            found=", ".join(f"{_OPTIONS[correct]}=True" for correct in found),
            next_step="give samples of real input: data=…",
        )
    return found


_OPTIONS = {learn_rounding: "adaround", correct_biases: "bias_correction"}


def _apply(ctx: Context, module: ModuleOp, *passes: ModulePass) -> None:
    for each in passes:
        each.apply(ctx, module)
