"""Hybrid programs by budget: which parts have to stay in float for the accuracy that is asked for, and no others.

Parts are tried in the order of the noise that each makes at the outputs of its own: first as many as are needed, found
by bisection; then those that matter least are given back to integers if the budget allows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import inf, prod
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from etc.dialects import edge, program, quant
from etc.emit.report.accuracy import Candidate, decibels
from etc.errors import EtcError
from etc.quantize.accuracy import Part
from etc.quantize.calibrate import data_of
from etc.quantize.closeness import Sums
from etc.quantize.functions import function_of, main_method, score_of
from etc.quantize.matching import CONVERSIONS, method_of
from etc.quantize.recipe import Recipe
from etc.quantize.samples import samples
from etc.quantize.sensitivity import sensitivities
from etc.transforms.edge_builder import known, nbytes
from etc.transforms.quantization_configs import FLOAT

MOST_CALLS = 64
"""Of the data, for ratios of signal to noise: they change little with more."""
SENSITIVITY_CALLS = 8
"""The same for noise that single parts make."""
MOST_RETURNED = 16
"""Parts that are tried in integers again, the least sensitive first: each try makes a program."""

Quantise = Callable[[ModuleOp, Recipe], object]
"""Quantises a program in float in place, without a budget."""


@dataclass(frozen=True)
class Search:
    """`recipe` meets the budget; `candidates` are all programs that were tried, and what they cost."""

    recipe: Recipe
    candidates: tuple[Candidate, ...]


def has_budget(recipe: Recipe) -> bool:
    return recipe.min_sqnr is not None or recipe.max_accuracy_drop is not None


def search(reference: ModuleOp, recipe: Recipe, quantise: Quantise) -> Search:
    """The recipe with the fewest parts in float that meets its budget.

    `reference` is the optimised program in float. Raises EtcError without data, and when the budget cannot be met.
    """
    trial = _Trial(reference, recipe, quantise)
    if trial.meets(()):
        return trial.result(())
    parts = trial.parts()
    if not trial.meets(parts):
        raise EtcError(
            "the accuracy that is asked for cannot be had, even with all layers in float",
            expected=trial.budget(),
            found=trial.reached(parts),
        )
    few, many = 0, len(parts)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if trial.meets(parts[:middle]) else (middle, many)
    needed = list(parts[:many])
    for part in parts[: many - 1][: -MOST_RETURNED - 1 : -1]:
        without = [p for p in needed if p != part]
        if trial.meets(without):
            needed = without
    return trial.result(needed)


class _Trial:
    """Programs with some parts in float, each made and measured once."""

    def __init__(self, reference: ModuleOp, recipe: Recipe, quantise: Quantise):
        if recipe.data is None:
            raise EtcError("a budget needs data to measure accuracy on", next_step="give samples of real input: data=…")
        self._reference, self._recipe, self._quantise = reference, recipe, quantise
        self._method = main_method(reference)
        method = method_of(reference, self._method)
        self._inputs = list(islice(samples(method, data_of(reference, method, recipe.data) or ()), MOST_CALLS))
        self._expected = _outputs(reference, self._method, self._inputs)
        self._score = self._evaluate(reference)
        self._tried: dict[frozenset[str], Candidate] = {}

    def run(self, floats: Sequence[Part]) -> Candidate:
        """Quantise with some parts in float, and measure."""
        names = tuple(dict.fromkeys(name for part in floats for name in part))
        key = frozenset(names)
        if key not in self._tried:
            module = self._reference.clone()
            self._quantise(module, self._with(names))
            integer, all_macs = _macs(module)
            self._tried[key] = Candidate(
                names, self._sqnr(module), self._evaluate(module), _weight_bytes(module), integer, all_macs
            )
        return self._tried[key]

    def _with(self, names: Sequence[str]) -> Recipe:
        overrides = {**self._recipe.overrides, **dict.fromkeys(names, FLOAT)}
        return replace(self._recipe, overrides=overrides, min_sqnr=None, max_accuracy_drop=None, equalise=False)

    def _evaluate(self, module: ModuleOp) -> float | None:
        evaluate = self._recipe.evaluate
        return None if evaluate is None else score_of(evaluate, function_of(module, self._method))

    def _sqnr(self, module: ModuleOp) -> float:
        """Decibels of the worst output."""
        sums: dict[int, Sums] = {}
        for expected, found in zip(self._expected, _outputs(module, self._method, self._inputs), strict=True):
            for number, (x, y) in enumerate(zip(expected, found, strict=True)):
                if hasattr(x, "is_floating_point") and x.is_floating_point():
                    sums.setdefault(number, Sums()).add(x, y)
        return min((each.sqnr for each in sums.values()), default=inf)

    def meets(self, floats: Sequence[Part]) -> bool:
        """Whether the budget is met."""
        found, recipe = self.run(floats), self._recipe
        if recipe.min_sqnr is not None and found.sqnr < recipe.min_sqnr:
            return False
        if recipe.max_accuracy_drop is None or found.score is None or self._score is None:
            return True
        return 100 * (self._score - found.score) <= recipe.max_accuracy_drop + 1e-9

    def parts(self) -> tuple[Part, ...]:
        """What can stay in float, by the noise that it makes at the outputs of its own: most first."""
        module = self._reference.clone()
        self._quantise(module, self._with(()))
        few = slice(SENSITIVITY_CALLS)
        found = sensitivities(self._reference, module, self._method, self._inputs[few], self._expected[few])
        return tuple(part for part in found if not set(part) <= self._recipe.overrides.keys())

    def budget(self) -> str:
        recipe = self._recipe
        parts = [f"{recipe.min_sqnr:g} dB"] if recipe.min_sqnr is not None else []
        parts += [f"at most {recipe.max_accuracy_drop:g} points less"] if recipe.max_accuracy_drop is not None else []
        return ", ".join(parts)

    def reached(self, floats: Sequence[Part]) -> str:
        """What a program has of what the budget asks for."""
        candidate = self.run(floats)
        parts = [f"{decibels(candidate.sqnr)} dB"] if self._recipe.min_sqnr is not None else []
        if candidate.score is not None and self._score is not None:
            parts.append(f"{100 * (self._score - candidate.score):g} points less")
        return ", ".join(parts)

    def result(self, floats: Sequence[Part]) -> Search:
        chosen = self.run(floats)
        tried = sorted(self._tried.values(), key=lambda c: (len(c.in_float), -c.sqnr))
        candidates = tuple(replace(c, is_chosen=c is chosen) for c in tried)
        return Search(self._with(chosen.in_float), candidates)


def _outputs(module: ModuleOp, method: str, inputs: Sequence[Sequence[Any]]) -> list[list[Any]]:
    from etc.runtime.torch_executor import Executor

    executor = Executor(module)
    return [executor.run(method, *each) for each in inputs]


def _weight_bytes(module: ModuleOp) -> int:
    """Bytes of all constants and parameters that operations use."""
    constants = [op.result for op in module.walk() if isinstance(op, program.ConstantOp) and op.result.uses]
    loaded = {op.symbol: op.result for op in module.walk() if isinstance(op, program.LoadOp) and op.result.uses}
    return sum(map(nbytes, [*constants, *loaded.values()]))


def _macs(module: ModuleOp) -> tuple[int, int]:
    """Multiplications of layers with integers, and of all."""
    counts = {op: _macs_of(op) for op in module.walk() if isinstance(op, edge.ConvOp | edge.LinearOp)}
    return sum(n for op, n in counts.items() if _is_integer(op)), sum(counts.values())


def _macs_of(op: edge.ConvOp | edge.LinearOp) -> int:
    """Every weight is multiplied once for each place of the result, or of the input if transposed."""
    weight, result = known(op.weight).shape, known(op.result)
    if isinstance(op, edge.ConvOp) and op.argument("transposed"):
        return prod(weight) * prod(known(op.input).shape) // weight[0]
    return prod(weight) * prod(size for size in result.sizes if isinstance(size, int)) // weight[0]


def _is_integer(op: Operation) -> bool:
    return isinstance(op.operands[0].owner, quant.DequantizeOp) and isinstance(op.operands[1].owner, CONVERSIONS)
