"""Types and sizes of an exported program: torch's dtypes, symbolic integers and fake tensors -> IR types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
import torch
from torch.utils._sympy import functions as torch_sympy
from xdsl.dialects.builtin import f64, i1, i64
from xdsl.ir import Attribute

from etc.dialects import dtypes, symbolic
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import UNBOUNDED, Dim, Expr, Range
from etc.dialects.tensor import Tensor
from etc.errors import EtcError

DTYPES: Mapping[torch.dtype, Dtype] = {getattr(torch, d.name): d for d in dtypes.DTYPES}
TORCH_DTYPES: Mapping[Dtype, torch.dtype] = {ours: theirs for theirs, ours in DTYPES.items()}


def dtype_of(dtype: torch.dtype) -> Dtype:
    """Raises EtcError for element types that the compiler does not have."""
    found = DTYPES.get(dtype)
    if found is None:
        raise EtcError(
            f"element type {str(dtype).removeprefix('torch.')} is not supported",
            expected=", ".join(d.name for d in dtypes.DTYPES),
        )
    return found


def _fold(function: Callable[[Dim, Dim], Dim]) -> Callable[..., Dim]:
    """A function of two sizes, applied from the left to any number of them."""

    def apply(first: Dim, *rest: Dim) -> Dim:
        for other in rest:
            first = function(first, other)
        return first

    return apply


def _ceildiv(a: Dim, b: Dim) -> Dim:
    return -symbolic.floordiv(-a, b)


def _modular_indexing(a: Dim, divisor: Dim, modulus: Dim) -> Dim:
    return symbolic.mod(symbolic.floordiv(a, divisor), modulus)


_FUNCTIONS: Mapping[type, Callable[..., Dim]] = {
    sympy.Add: _fold(lambda a, b: a + b),
    sympy.Mul: _fold(lambda a, b: a * b),
    sympy.Max: _fold(symbolic.maximum),
    sympy.Min: _fold(symbolic.minimum),
    sympy.Mod: symbolic.mod,
    torch_sympy.Max: _fold(symbolic.maximum),
    torch_sympy.Min: _fold(symbolic.minimum),
    torch_sympy.FloorDiv: symbolic.floordiv,
    torch_sympy.CleanDiv: symbolic.floordiv,
    torch_sympy.CeilDiv: _ceildiv,
    torch_sympy.Mod: symbolic.mod,
    torch_sympy.PythonMod: symbolic.mod,
    torch_sympy.ModularIndexing: _modular_indexing,
}
"""sympy's and torch's functions of integers. `Mod` is for operands that are not negative, where all moduli agree."""


class Sizes:
    """Sizes of one method as expressions over its symbols, with the symbols' ranges."""

    def __init__(self, constraints: Mapping[Any, Any]):
        self._constraints = constraints
        self._known: dict[Any, Dim] = {}
        self.ranges: dict[str, Range] = {}

    def dim(self, size: Any) -> Dim:
        """An int stays; a `torch.SymInt` becomes an expression."""
        if isinstance(size, int):
            return size
        raw = size.node._expr
        known = self._known.get(raw)
        if known is None:
            known = self._known[raw] = self._convert(size.node.expr, size)
        return known

    def _convert(self, expr: Any, size: Any) -> Dim:
        if expr.is_Integer:
            return int(expr)
        if expr.is_Symbol:
            self._declare(expr, size)
            return symbolic.symbol(expr.name)
        if expr.is_Pow and expr.exp.is_Integer and expr.exp > 0:
            return symbolic.product([self._convert(expr.base, size)] * int(expr.exp))
        function = _FUNCTIONS.get(type(expr))
        if function is None:
            raise EtcError(
                f"the size {expr} cannot be written with +, -, *, floordiv, mod, max and min",
                next_step="write the size with integer arithmetic, or export with this dimension fixed",
            )
        return function(*(self._convert(arg, size) for arg in expr.args))

    def _declare(self, symbol: Any, size: Any) -> None:
        if symbol.name in self.ranges:
            return
        limits = self._constraints.get(symbol)
        if limits is None and size.node.shape_env is not None:
            limits = size.node.shape_env.var_to_range.get(symbol)
        self.ranges[symbol.name] = (
            Range(0) if limits is None else Range(max(_bound(limits.lower), 0), _bound(limits.upper))
        )

    def symbol_of(self, value: object) -> str | None:
        """The name of a symbolic integer that is a symbol of its own, `u0`; None for other values."""
        dim = self.dim(value) if isinstance(value, torch.SymInt) else 0
        names = [s.name for s in dim.symbols()] if isinstance(dim, Expr) else []
        return names[0] if len(names) == 1 and str(dim) == names[0] else None

    def tensor(self, value: torch.Tensor) -> Tensor:
        """What is known of a (fake) tensor; its memory order is left to the edge level."""
        return Tensor(dtype_of(value.dtype), tuple(map(self.dim, value.shape)))

    def type(self, value: object) -> Attribute:
        """The type of a node's value. Raises EtcError for what no value in the IR can be."""
        if isinstance(value, torch.Tensor):
            return self.tensor(value).type
        if isinstance(value, bool | torch.SymBool):
            return i1
        if isinstance(value, int | torch.SymInt):
            return i64
        if isinstance(value, float | torch.SymFloat):
            return f64
        raise EtcError(f"a value of the Python type {type(value).__name__} has no counterpart in a compiled program")


def _bound(limit: Any) -> int:
    """An end of a sympy range; infinities and torch's stand-ins for them become the unbounded end."""
    if limit.is_Integer and abs(int(limit)) < UNBOUNDED - 1:
        return int(limit)
    return UNBOUNDED if limit > 0 else -UNBOUNDED
