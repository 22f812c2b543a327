"""All steps of quantization on a module: annotate, observe, calibrate, convert."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from etc.quantize.calibrate import calibrate
from etc.quantize.recipe import Recipe
from etc.transforms.annotate_quantization import AnnotateQuantizationPass
from etc.transforms.convert_quantization import ConvertQuantizationPass
from etc.transforms.insert_observers import InsertObserversPass


def run(module: ModuleOp, recipe: Recipe, ctx: Context | None = None) -> None:
    """Quantise an optimised edge program in place: it has quantize and dequantize around operators on reals then.

    Batch norms are folded and clamps fused before. Raises EtcError with all that is wrong with the recipe, the data
    and the program.
    """
    from etc.compiler import context

    ctx = context() if ctx is None else ctx
    overrides = tuple(f"{name}={config}" for name, config in recipe.overrides.items())
    _apply(ctx, module, AnnotateQuantizationPass(recipe.config, overrides), InsertObserversPass(recipe.observer))
    calibrate(module, recipe.data, recipe.executor)
    _apply(ctx, module, ConvertQuantizationPass(), *_conversions())


def _apply(ctx: Context, module: ModuleOp, *passes: ModulePass) -> None:
    for each in passes:
        each.apply(ctx, module)


def _conversions() -> Iterator[ModulePass]:
    """What converts dynamic schemes, and those of weights alone."""
    yield from ()
