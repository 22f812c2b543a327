"""bound-sizes: give sizes that may be as large as they like an upper bound, so that memory can be planned for them.

bound-sizes{bounds="length=512"}
    program.symbols = #program.symbols<length = [2, inf]>  -->  #program.symbols<length = [2, 512]>

A bound may narrow a range, never widen it: the program was exported for the range that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import program
from etc.dialects.symbolic import Range
from etc.errors import EtcError, Problem, did_you_mean
from etc.transforms.rewriting import EtcPass


def parse_bounds(texts: Iterable[str]) -> dict[str, int]:
    """`length=512` as a name and a number. Raises EtcError for other texts."""
    found: dict[str, int] = {}
    for text in texts:
        name, _, number = text.partition("=")
        if not name.strip().isidentifier() or not number.strip().isdecimal():
            raise EtcError("this bounds no size", expected="NAME=NUMBER, such as length=512", found=text)
        found[name.strip()] = int(number)
    return found


@dataclass(frozen=True)
class BoundSizesPass(EtcPass):
    """Give sizes that are known only at run time an upper bound: bounds="length=512", by the name of the Dim."""

    name = "bound-sizes"

    bounds: tuple[str, ...] = ()

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        bound_sizes(module, parse_bounds(self.bounds))


def bound_sizes(module: ModuleOp, bounds: Mapping[str, int]) -> None:
    """Bound the symbols of these names in all methods that have them.

    Raises EtcError for names that no method has, and for bounds outside of the ranges.
    """
    known: set[str] = set()
    problems: list[Problem] = []
    for method in program.methods(module):
        ranges = dict(program.symbol_ranges(method))
        known |= ranges.keys()
        for name in bounds.keys() & ranges.keys():
            old, high = ranges[name], bounds[name]
            if old.low <= high <= old.high:
                ranges[name] = Range(old.low, high)
            else:
                what = f"the size {name} of method {method.sym_name.data} cannot have this bound"
                remedy = "export the model with another range for this Dim" if high > old.high else ""
                problems.append(Problem(what, expected=f"a number in {old}", found=str(high), next_step=remedy))
        if ranges:
            method.attributes["program.symbols"] = program.SymbolsAttr(tuple(ranges.items()))
    for name in sorted(bounds.keys() - known):
        what = f"there is no size {name} to bound"
        remedy = did_you_mean(name, known) if known else "export the model with dynamic_shapes"
        problems.append(Problem(what, next_step=remedy))
    if problems:
        raise EtcError(problems)
