"""What the command line of etc-compile says of quantization."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from etc.errors import EtcError, kind_of
from etc.tools.reporting import UsageError

if TYPE_CHECKING:
    from etc.c_program import CompiledC
    from etc.compiler import Compiled
    from etc.emit.report.accuracy import AccuracyReport
    from etc.quantize.recipe import Recipe

_STEPS = {
    "equalise": "scale channels between layers, so that all of them have similar ranges",
    "bias_correction": "correct biases for the mean error that quantised weights bring in",
    "adaround": "learn for each weight whether it is rounded up or down",
    "quantize_io": "methods of a C program take and give integers",
}
"""Fields of the recipe that a flag of the same name sets."""
_DEPENDENT = ("calibrate", "override", "observer", "evaluate", "min_sqnr", "max_accuracy_drop", *_STEPS)
SAMPLES = 64
"""Calls that the table of accuracy is made of, at most."""


def add_options(parser: ArgumentParser) -> None:
    """Add the group of options."""
    add = parser.add_argument_group("quantization").add_argument
    add("--quantize", metavar="CONFIG", help="int8, int8-dynamic, int8-weight, int4-weight-g32 (g64, g128) or int16x8")
    add(
        "--calibrate",
        metavar="DATA",
        help="inputs to take scales from: an .npz file with an array for each input, a folder of such files, or "
        "FILE.py:FUNCTION, which gives inputs",
    )
    add("--observer", metavar="NAME", help="minmax (default), moving-average, percentile, mse or entropy")
    add(
        "--override",
        action="append",
        default=[],
        metavar="PART=CONFIG",
        help="another config, or float, for a part of the model: a module by its full name, a type of module or of "
        "operation, a source line: classifier=float, LayerNorm=float, model.py:12=int16x8",
    )
    for name, what in _STEPS.items():
        add(f"--{name.replace('_', '-')}", action="store_true", help=what)
    add("--min-sqnr", type=float, metavar="DB", help="leave in float what outputs need to keep this ratio to noise")
    add(
        "--max-accuracy-drop",
        type=float,
        metavar="POINTS",
        help="leave in float what --evaluate needs to fall by no more than this, in percent",
    )
    add(
        "--evaluate",
        metavar="FILE.py:FUNCTION",
        help="a function that calls what it is given as it would the model, and returns its accuracy, 0 to 1",
    )


def recipe_of(args: Namespace) -> Recipe | None:
    """The recipe that the command line describes. Raises UsageError for options that need --quantize, and EtcError."""
    if args.quantize is None:
        if given := [name for name in _DEPENDENT if _is_given(getattr(args, name))]:
            option = f"--{given[0].replace('_', '-')}"
            raise UsageError(f"{option} is for quantised programs", expected=f"--quantize CONFIG with {option}")
        return None
    if args.evaluate is not None and args.calibrate is None:
        raise UsageError("--evaluate is a part of the table of accuracy", expected="--calibrate DATA with it")
    from etc.quantize.recipe import Recipe

    return Recipe(
        args.quantize,
        _data(args.calibrate),
        overrides=_overrides(args.override),
        min_sqnr=args.min_sqnr,
        max_accuracy_drop=args.max_accuracy_drop,
        evaluate=None if args.evaluate is None else _function(args.evaluate),
        **({"observer": args.observer} if args.observer else {}),
        **{name: getattr(args, name) for name in _STEPS},
    )


def _is_given(value: Any) -> bool:
    """Whether an option stands on the command line; a number of 0 does."""
    return value not in (None, []) and value is not False


def accuracy_of(compiled: Compiled | CompiledC) -> AccuracyReport | None:
    """The table of accuracy of a quantised program, on what calibrated it; None without data."""
    forms = compiled.forms
    return None if forms is None or forms.recipe.data is None else forms.accuracy(most=SAMPLES)


def islands_of(compiled: Compiled | CompiledC) -> list[str]:
    """What a program in integers still computes on reals, and why: a line for each, equal ones counted."""
    counted = Counter(map(str, compiled.forms.float_islands())) if compiled.forms is not None else {}
    return [f"{line} ({count} times)" if count > 1 else line for line, count in counted.items()]


def _overrides(given: list[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for text in given:
        part, equals, config = text.rpartition("=")
        if not part or not equals:
            raise UsageError("an override has a part of the model and a config", expected="PART=CONFIG", found=text)
        found[part] = config
    return found


def _data(reference: str | None) -> Any:
    """Calibration data: a file or folder as it is, what a function gives as a list."""
    if reference is None or ".py:" not in reference:
        return reference
    from etc.tools.models import call

    data = call(_function(reference), reference)
    if isinstance(data, Mapping) or hasattr(data, "ndim"):
        return data
    if not isinstance(data, Iterable):
        expected = "inputs: tensors, tuples in the order of forward's parameters, or dicts by their names"
        raise EtcError(f"{reference} gives no inputs", expected=expected, found=kind_of(data))
    return call(lambda: list(data), reference)


def _function(reference: str) -> Callable[..., Any]:
    from etc.tools.models import load_function

    return load_function(reference)
