"""Sizes known at run time: expressions over a method's symbols as index values."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from etc.dialects import program, symbolic
from etc.dialects.size_bounds import bounds
from etc.dialects.sizes import symbol_sources
from etc.dialects.symbolic import UNBOUNDED, Dim, Expr, Symbol
from etc.errors import EtcError
from etc.lowering.edge_to_linalg.scalars import Scalar

if TYPE_CHECKING:
    from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder

_CALLS: dict[str, Callable[[Scalar, Scalar], Scalar]] = {
    "floordiv": lambda a, b: a.floor_quotient(b),
    "mod": lambda a, b: a - a.floor_quotient(b) * b,
    "max": lambda a, b: a.maximum(b),
    "min": lambda a, b: a.minimum(b),
}
"""The functions in size expressions."""


class Sizes:
    """The sizes of one method. What is computed inside a region is forgotten where it ends."""

    def __init__(self, method: FuncOp):
        self._ranges = dict(program.symbol_ranges(method))
        self._sources = symbol_sources(method)
        self._known: dict[Dim, Scalar] = {}

    def measure_inputs(self, inputs: Mapping[SSAValue, Array], b: LinalgBuilder) -> None:
        """Read the symbols that the sizes of inputs tell, where the method begins."""
        for name, source in self._sources.items():
            array = inputs[source.argument]
            whole = b.dim(array, source.dimension)
            if source.size.symbol_name is None:
                measured = Symbol(f"{name}'")  # no symbol of the program: apostrophes are not for names
                self._known[symbolic.of_atom(measured)] = whole
                solution = symbolic.solve(source.size, symbolic.of_atom(measured), name)
                assert solution is not None, "symbol_sources chose a size that can be solved"
                whole = b.size(solution)
            self.define(name, whole)

    def define(self, name: str, value: Scalar) -> None:
        if value.ssa.name_hint is None:
            value.ssa.name_hint = name
        self._known[symbolic.symbol(name)] = value

    def __contains__(self, name: str) -> bool:
        return symbolic.symbol(name) in self._known

    def knows(self, dim: Expr) -> bool:
        """Whether all symbols of `dim` have a value."""
        return dim in self._known or all(symbolic.of_atom(s) in self._known for s in dim.symbols())

    @contextmanager
    def scope(self) -> Generator[None]:
        known = dict(self._known)
        yield
        self._known = known

    def most(self, dim: Dim) -> int:
        """The largest value of `dim`. Raises EtcError when it has no bound."""
        high = bounds(dim, self._ranges).high
        if high < UNBOUNDED or not isinstance(dim, Expr):
            return high
        names = [s.name for s in dim.symbols() if self._ranges.get(s.name, symbolic.Range(0)).high >= UNBOUNDED]
        name = names[0] if names else str(dim)
        raise EtcError(
            f"the size {name} has no upper bound, so that no memory can be planned",
            next_step=f'give it one: torch.export.Dim("{name}", max=…), or --bound {name}=…',
        )

    def value(self, dim: Expr, constant: Callable[[int], Scalar]) -> Scalar:
        """`dim` as an index; `constant` makes the numbers in it. Raises EtcError for a symbol not known yet."""
        if dim not in self._known:
            total: Scalar | None = None
            for monomial, coefficient in dim.terms:
                term: Scalar | None = None
                for atom, power in monomial:
                    for _ in range(power):
                        factor = self._atom(atom, constant)
                        term = factor if term is None else term * factor
                term = constant(coefficient) if term is None else term * coefficient
                total = term if total is None else total + term
            assert total is not None
            self._known[dim] = total
        return self._known[dim]

    def _atom(self, atom: symbolic.Atom, constant: Callable[[int], Scalar]) -> Scalar:
        if not isinstance(atom, Symbol):
            left, right = (self.value(a, constant) if isinstance(a, Expr) else constant(a) for a in atom.args)
            return _CALLS[atom.function](left, right)
        known = self._known.get(symbolic.of_atom(atom))
        if known is None:
            raise EtcError(f"the size {atom.name} is needed before any tensor has it")
        return known
