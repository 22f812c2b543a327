"""Types and sizes of an exported program: torch's dtypes, symbolic integers and fake tensors -> IR types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import sympy
import torch
from torch.utils._sympy import functions as torch_sympy
from torch.utils._sympy.symbol import SymT, symbol_is_type
from xdsl.dialects.builtin import f64, i1, i64
from xdsl.ir import Attribute

from etc.dialects import dtypes, symbolic
from etc.dialects.dtypes import Dtype
from etc.dialects.size_ops import Comparison
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


def require_dense(tensor: torch.Tensor) -> None:
    """Raises EtcError for a sparse or otherwise special tensor: a program has its elements one after the other."""
    if tensor.layout is not torch.strided:
        raise EtcError(
            "a sparse tensor has no counterpart in a compiled program",
            expected="a dense tensor",
            found=str(tensor.layout),
            next_step="give it as x.to_dense()",
        )


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


_RELATIONS: Mapping[type, str] = {
    sympy.Eq: "==",
    sympy.Ne: "!=",
    sympy.Le: "<=",
    sympy.Lt: "<",
    sympy.Ge: ">=",
    sympy.Gt: ">",
}
_ASSUMED = 2
"""The lower bound that torch assumes of sizes without a `Dim`. What it exports does not check it, nor do we."""


def _names_of_dims(shape_env: Any) -> Mapping[str, str]:
    """The user's names of `Dim`s by torch's names of symbols. Empty for programs read from files, which lack them."""
    names: dict[str, str] = {}
    known = {} if shape_env is None else shape_env.source_name_to_debug_name
    roots = {word for text in known.values() for word in _WORD.findall(text)}
    for symbol, sources in () if shape_env is None else shape_env.var_to_sources.items():
        for source in sources:
            name = known.get(source.name, source.name if source.name in roots else "")
            if _WORD.fullmatch(name):
                names[symbol.name] = name
    return names


_WORD = re.compile(r"[A-Za-z_]\w*")


class Sizes:
    """Sizes of one method as expressions over its symbols, with the symbols' ranges."""

    def __init__(self, constraints: Mapping[Any, Any]):
        self._constraints = constraints
        self._known: dict[Any, Dim] = {}
        self._names: dict[str, str] = {}
        self._dims: Mapping[str, str] | None = None
        self._limits: dict[Any, Range] = {}
        self._mistaken: set[Any] = set()
        self.ranges: dict[str, Range] = {}

    def limit(self, size: torch.SymInt, limits: Range, not_below: Any = None) -> None:
        """Say of a size that is a symbol what torch does not, before it is met; `not_below` is a bound of torch's that
        does not hold."""
        self._limits[size.node.expr] = limits
        if not_below is not None:
            self._mistaken.add(sympy.Le(size.node.expr, not_below))

    def condition(self, value: Any) -> tuple[Comparison, ...] | None:
        """What a `torch.SymBool` says of sizes: one of the comparisons holds; None for what they cannot say."""
        return self._condition(value.node.expr, value)

    def _condition(self, expr: Any, value: Any) -> tuple[Comparison, ...] | None:
        if isinstance(expr, sympy.Or):
            parts = [self._condition(part, value) for part in expr.args]
            return None if None in parts else tuple(c for part in parts if part is not None for c in part)
        relation = _RELATIONS.get(type(expr))
        if relation is None or expr in self._mistaken:
            return None
        try:
            left, right = (self._convert(side, value) for side in expr.args)
        except EtcError:
            return None
        return (Comparison(left, relation, right),)

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
            limits = self._limits.get(expr)
            if limits is not None and limits.low == limits.high:
                return limits.low
            return symbolic.symbol(self._declare(expr, size))
        if expr.is_Pow and expr.exp.is_Integer and expr.exp > 0:
            return symbolic.product([self._convert(expr.base, size)] * int(expr.exp))
        function = _FUNCTIONS.get(type(expr))
        if function is None:
            raise EtcError(
                f"the size {expr} cannot be written with +, -, *, floordiv, mod, max and min",
                next_step="write the size with integer arithmetic, or export with this dimension fixed",
            )
        return function(*(self._convert(arg, size) for arg in expr.args))

    def _declare(self, symbol: Any, size: Any) -> str:
        """The name that a symbol of torch's has here: that of the user's `Dim`, where it is known, or torch's."""
        if (known := self._names.get(symbol.name)) is not None:
            return known
        if self._dims is None:
            self._dims = _names_of_dims(size.node.shape_env)
        given = self._dims.get(symbol.name)
        name = given if given is not None and given not in self._names.values() else symbol.name
        self._names[symbol.name] = name
        self.ranges[name] = self._range(symbol, size, name == given)
        return name

    def _range(self, symbol: Any, size: Any, has_dim: bool) -> Range:
        if symbol in self._limits:
            return self._limits[symbol]
        limits = self._constraints.get(symbol)
        if limits is None and size.node.shape_env is not None:
            limits = size.node.shape_env.var_to_range.get(symbol)
        if limits is None:
            return Range(0)
        low, high = _bound(limits.lower), _bound(limits.upper)
        for expression, derived in self._constraints.items():  # the range of 2*s0 is the user's, that of s0 is torch's
            if not expression.is_Symbol and expression.free_symbols == {symbol}:
                at_least = symbolic.solve(
                    self._convert(expression, size), _bound(derived.lower), self._names[symbol.name]
                )
                low = min(low, at_least) if isinstance(at_least, int) else low
        assumed = low == _ASSUMED and not has_dim and not symbol_is_type(symbol, SymT.UNBACKED_INT)
        return Range(0 if assumed else low, high)

    def symbol_of(self, value: object) -> str | None:
        """The name of a symbolic integer that is a symbol of its own, `u0`; None for other values."""
        dim = self.dim(value) if isinstance(value, torch.SymInt) else 0
        names = [s.name for s in dim.symbols()] if isinstance(dim, Expr) else []
        return names[0] if len(names) == 1 and str(dim) == names[0] else None

    def tensor(self, value: torch.Tensor) -> Tensor:
        """What is known of a (fake) tensor; its memory order is left to the edge level."""
        require_dense(value)
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
