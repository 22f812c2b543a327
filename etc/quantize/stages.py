"""Quantization among the stages of `etc.compile`, and what the program was on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from etc import pipelines
from etc.dialects import program
from etc.errors import EtcError, kind_of
from etc.pipelines import FLOAT, INTEGER, QUANTISED
from etc.quantize.flow import run
from etc.quantize.functions import function_of, main_method, score_of
from etc.quantize.recipe import Recipe

if TYPE_CHECKING:
    from etc.emit.report.accuracy import AccuracyReport
    from etc.quantize.samples import Data
    from etc.quantize.search import Search
    from etc.transforms.fuse_quantized import Island

_NAMES = {FLOAT: "score in float", QUANTISED: "score quantised", INTEGER: "score in integers"}
_QUANTISING = frozenset({"fake_quantize_per_tensor_affine", "quant.fake_quantize", "quant.quantize"})
"""Operators that make integers of activations with scales known at compile time, as an import leaves them."""
Stages = Sequence[tuple[str, Sequence[str | ModulePass]]]


def recipe_of(quantize: str | Recipe, calibration: Data | None) -> Recipe:
    """The recipe that `etc.compile` is given, or the config of one. Raises EtcError for what is neither."""
    if isinstance(quantize, str):
        return Recipe(quantize, calibration)
    if not isinstance(quantize, Recipe):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise EtcError("this is no recipe", expected='a config such as "int8", or a Recipe', found=kind_of(quantize))
    return quantize if calibration is None else replace(quantize, data=calibration)


class Forms:
    """A program in float, with quantize and dequantize around its operators, and in integers: for comparison."""

    def __init__(self, recipe: Recipe):
        self.recipe = recipe
        self.modules: dict[str, ModuleOp] = {}
        self.search: Search | None = None
        """what was tried to meet a budget"""

    def keep(self, stage: str, module: ModuleOp) -> None:
        """Remember what the program is after a stage, if it is one of the forms."""
        if stage in (FLOAT, QUANTISED, INTEGER):
            self.modules[stage] = module.clone()

    def accuracy(self, data: Data | None = None, method: str | None = None, most: int | None = None) -> AccuracyReport:
        """Layer by layer, how far the quantised program is from the one in float, on `data` or what calibrated it.

        `method` is `forward` unless given, or the first that there are data for; `most` is the largest number of calls
        that are compared. Raises EtcError when there are no data, or they do not
        fit.
        """
        from etc.quantize.accuracy import compare
        from etc.quantize.calibrate import data_of
        from etc.quantize.matching import method_of
        from etc.quantize.samples import samples

        reference, given = self.modules[FLOAT], self.recipe.data if data is None else data
        names = [method] if method else [main_method(reference), *(m.sym_name.data for m in program.methods(reference))]
        with_data = ((n, d) for n in names if (d := data_of(reference, method_of(reference, n), given)) is not None)
        method, found = next(with_data, (names[0], None))
        if found is None:
            raise EtcError(
                f"there are no data to measure the accuracy of method {method} on",
                expected="inputs, as for calibration",
                next_step="accuracy(data), or data in the recipe",
            )
        inputs = islice(samples(method_of(reference, method), found), most)
        integer = self.modules.get(INTEGER)
        report = compare(reference, self.modules[QUANTISED], inputs, integer=integer, method=method)
        if self.search is not None:
            report = replace(report, candidates=self.search.candidates)
        if (evaluate := self.recipe.evaluate) is None:
            return report
        scores = ((_NAMES[form], score_of(evaluate, self.function(form, method))) for form in self.modules)
        return replace(report, score=tuple(scores))

    @property
    def is_quantised(self) -> bool:
        """Whether anything has been."""
        return any(op.name.startswith("quant.") for op in self.modules[QUANTISED].walk())

    def float_islands(self) -> list[Island]:
        """What the program in integers still computes on reals, and why; nothing where there is no such program."""
        from etc.transforms.fuse_quantized import float_islands

        return float_islands(self.modules[INTEGER]) if INTEGER in self.modules else []

    def integer_call(
        self, inputs: Sequence[Any], keywords: Mapping[str, Any], method: str = "forward"
    ) -> tuple[Sequence[Any], Mapping[str, Any], Any]:
        """A call of the PyTorch module as one of the integer program: arguments as it takes them, what it returns."""
        from torch.utils._pytree import tree_unflatten

        from etc.c_program import signatures
        from etc.quantize.boundary import quantised_inputs
        from etc.runtime.torch_executor import Executor

        module = self.modules[INTEGER]
        executor, signature = Executor(module), signatures(module)[method]
        given = quantised_inputs(executor.methods[method], signature.flat(inputs, keywords))
        outputs = signature.structured(executor.run(method, *given))
        if signature.in_spec is None:
            return given, {}, outputs
        for leaf, value in sorted(signature.constant_inputs.items()):
            given.insert(leaf, value)
        return *tree_unflatten(given, signature.in_spec), outputs

    def function(self, form: str, method: str = "forward") -> Callable[..., Any]:
        """One of the forms as a function that is called as the PyTorch module, and keeps its state."""
        return function_of(self.modules[form], method)


@dataclass(frozen=True)
class QuantizePass(ModulePass):
    """All steps of quantization with one recipe; what a search has tried is noted in `forms`."""

    name = "quantize"
    forms: Forms

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        self.forms.search = run(op, replace(self.forms.recipe, equalise=False), ctx)


def is_quantised(module: ModuleOp) -> bool:
    """Whether a program that was just imported has scales of activations: from training, or from another quantiser."""
    return any(getattr(op, "ATEN", "") in _QUANTISING or op.name in _QUANTISING for op in module.walk())


def with_quantization(stages: Stages, forms: Forms | None, target: str, quantize_io: bool) -> Stages:
    """Stages of `etc.compile` with quantization, which follows the optimisations; `forms` is None where it is done."""
    if quantize_io and target == pipelines.PTE:
        raise EtcError(
            "the stock runtime's programs take and give floats",
            found="quantize_io with target pte",
            next_step="compile to C, or leave out quantize_io",
        )
    found: list[tuple[str, Sequence[str | ModulePass]]] = []
    for name, listed in stages:
        found.append((name, pipelines.integer_program(quantize_io) if name == INTEGER else listed))
        if name == FLOAT and forms is not None:
            if forms.recipe.equalise:  # here, so that all forms of the program have the same values in between
                found[-1] = (name, [*listed, "equalise-layers"])
            found.append((QUANTISED, (QuantizePass(forms), *pipelines.AFTER_QUANTIZATION)))
    return found
