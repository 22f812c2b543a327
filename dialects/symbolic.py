"""Sizes that are known only at run time: integer expressions over the symbols of a method.

An `Expr` is kept in a canonical form, so that equal sizes compare equal: a sum of products of atoms with integer
coefficients; an atom is a symbol or a `floordiv`, `mod`, `max` or `min` of expressions. Text form: `s0*2 + 1`,
`floordiv(s0, 2)`, `max(s0, 4)`. `Dim` is what a size is: a plain int when it does not depend on a symbol.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

UNBOUNDED = 2**63 - 1
"""The upper end of a range that has no bound."""


@dataclass(frozen=True, order=True)
class Symbol:
    """A size that the caller chooses (`s0`) or that the data decides (`u0`)."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Call:
    """A function of expressions that no sum of products can express."""

    function: str
    args: tuple[Dim, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.args))})"


Atom: TypeAlias = Symbol | Call
Monomial: TypeAlias = tuple[tuple[Atom, int], ...]
"""Atoms with their powers, sorted by text; () is the constant term."""


@dataclass(frozen=True)
class Expr:
    """A size that depends on at least one symbol: `terms` maps monomials to non-zero coefficients, sorted by text."""

    terms: tuple[tuple[Monomial, int], ...]

    @cached_property
    def _hash(self) -> int:
        return hash(self.terms)

    def __hash__(self) -> int:
        return self._hash

    def __add__(self, other: Dim) -> Dim:
        return _sum([*_terms(self), *_terms(other)])

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return self * -1

    def __sub__(self, other: Dim) -> Dim:
        return self + (-other)

    def __rsub__(self, other: Dim) -> Dim:
        return (-self) + other

    def __mul__(self, other: Dim) -> Dim:
        return _sum((_product(m, n), c * d) for m, c in _terms(self) for n, d in _terms(other))

    __rmul__ = __mul__

    def __floordiv__(self, other: Dim) -> Dim:
        return floordiv(self, other)

    def __rfloordiv__(self, other: Dim) -> Dim:
        return floordiv(other, self)

    def __mod__(self, other: Dim) -> Dim:
        return mod(self, other)

    def symbols(self) -> Iterator[Symbol]:
        """The symbols that occur, with repetitions."""
        for monomial, _ in self.terms:
            for atom, _ in monomial:
                if isinstance(atom, Symbol):
                    yield atom
                else:
                    for arg in atom.args:
                        if isinstance(arg, Expr):
                            yield from arg.symbols()

    @property
    def symbol_name(self) -> str | None:
        """The name of the symbol that the expression is, and nothing else."""
        ((monomial, coefficient), *others) = self.terms
        if others or coefficient != 1 or len(monomial) != 1:
            return None
        atom, power = monomial[0]
        return atom.name if isinstance(atom, Symbol) and power == 1 else None

    def __str__(self) -> str:
        parts: list[str] = []
        for monomial, coefficient in self.terms:
            factors = [str(a) for a, power in monomial for _ in range(power)]
            if abs(coefficient) != 1 or not factors:
                factors.append(str(abs(coefficient)))
            sign = "-" if coefficient < 0 else "+"
            parts += [sign, "*".join(factors)]
        head = parts[1] if parts[0] == "+" else "-" + parts[1]
        return " ".join([head, *parts[2:]])


Dim: TypeAlias = int | Expr


def symbol(name: str) -> Expr:
    return of_atom(Symbol(name))


def _terms(value: Dim) -> Iterable[tuple[Monomial, int]]:
    return value.terms if isinstance(value, Expr) else (((), value),) if value else ()


def _key(monomial: Monomial) -> tuple[bool, str]:
    return (not monomial, "*".join(f"{a}^{p}" for a, p in monomial))


def _product(a: Monomial, b: Monomial) -> Monomial:
    powers: dict[Atom, int] = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda item: str(item[0])))


def _sum(terms: Iterable[tuple[Monomial, int]]) -> Dim:
    total: dict[Monomial, int] = {}
    for monomial, coefficient in terms:
        total[monomial] = total.get(monomial, 0) + coefficient
    kept = {m: c for m, c in total.items() if c}
    if not kept or set(kept) == {()}:
        return kept.get((), 0)
    return Expr(tuple(sorted(kept.items(), key=lambda item: _key(item[0]))))


def term(monomial: Monomial, coefficient: int) -> Dim:
    """One term as an expression; a number when there is no atom in it."""
    return _sum([(monomial, coefficient)])


def of_atom(atom: Atom) -> Expr:
    return Expr(((((atom, 1),), 1),))


def _call(function: str, *args: Dim) -> Dim:
    return of_atom(Call(function, args))


def divide_exactly(a: Dim, b: Dim) -> Dim | None:
    """a / b when every term of `a` is divisible by the single term `b`, else None. Valid whatever the symbols are."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b if b and a % b == 0 else None
    if a == b:
        return 1
    divisor = list(_terms(b))
    if len(divisor) != 1:
        return None
    ((monomial, coefficient),) = divisor
    out: list[tuple[Monomial, int]] = []
    for m, c in _terms(a):
        powers: dict[Atom, int] = dict(m)
        for atom, power in monomial:
            powers[atom] = powers.get(atom, 0) - power
        if c % coefficient or any(p < 0 for p in powers.values()):
            return None
        out.append((tuple((atom, p) for atom, p in powers.items() if p), c // coefficient))
    return _sum(out)


def floordiv(a: Dim, b: Dim) -> Dim:
    """Quotient rounded down; terms that `b` divides leave the call: floordiv(s0*4 + 3, 2) is s0*2 + 1."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if (exact := divide_exactly(a, b)) is not None:
        return exact
    if isinstance(a, Expr) and isinstance(b, int):
        whole, rest = _sum(()), _sum(())
        for term in a.terms:
            single = _sum([term])
            if (quotient := divide_exactly(single, b)) is not None:
                whole = whole + quotient
            else:
                rest = rest + single
        constant = next((c for m, c in _terms(rest) if not m), 0)
        rest, whole = rest - constant + constant % b, whole + constant // b
        if isinstance(rest, int):
            return whole + rest // b
        return whole + _call("floordiv", rest, b)
    return _call("floordiv", a, b)


def mod(a: Dim, b: Dim) -> Dim:
    """Remainder with the sign of `b`; terms that `b` divides vanish."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if divide_exactly(a, b) is not None:
        return 0
    if isinstance(a, Expr) and isinstance(b, int):
        a = _sum((m, c % b) for m, c in a.terms)
        if isinstance(a, int):
            return a % b
    return _call("mod", a, b)


def maximum(a: Dim, b: Dim) -> Dim:
    return _extremum("max", max, a, b)


def minimum(a: Dim, b: Dim) -> Dim:
    return _extremum("min", min, a, b)


def _extremum(name: str, choose: Callable[[int, int], int], a: Dim, b: Dim) -> Dim:
    if isinstance(difference := a - b, int):
        return a if choose(difference, 0) == difference else b
    return _call(name, *sorted((a, b), key=str))


_FUNCTIONS: dict[str, Callable[[Dim, Dim], Dim]] = {
    "floordiv": floordiv,
    "mod": mod,
    "max": maximum,
    "min": minimum,
}


def evaluate(value: Dim, symbols: Mapping[str, int]) -> int:
    """The number that `value` is for given symbols. Raises KeyError for a symbol that is not given."""
    result = substitute(value, symbols)
    if isinstance(result, Expr):
        raise KeyError(next(s.name for s in result.symbols() if s.name not in symbols))
    return result


def substitute(value: Dim, symbols: Mapping[str, Dim]) -> Dim:
    """`value` with some symbols replaced."""
    if isinstance(value, int):
        return value
    total: Dim = 0
    for monomial, coefficient in value.terms:
        product: Dim = coefficient
        for atom, power in monomial:
            if isinstance(atom, Symbol):
                factor = symbols.get(atom.name)
                factor = symbol(atom.name) if factor is None else factor
            else:
                factor = _FUNCTIONS[atom.function](*(substitute(a, symbols) for a in atom.args))
            for _ in range(power):
                product = product * factor
        total = total + product
    return total


@dataclass(frozen=True)
class Range:
    """Inclusive bounds of a size."""

    low: int
    high: int = UNBOUNDED

    def meet(self, other: Range) -> Range:
        """What lies in both."""
        return Range(max(self.low, other.low), min(self.high, other.high))

    def __str__(self) -> str:
        return f"[{self.low}, {'inf' if self.high >= UNBOUNDED else self.high}]"


_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_]\w*)|([-+*(),]))")


class _Parser:
    """Recursive descent over the text form."""

    def __init__(self, text: str):
        self.tokens: list[str] = []
        position = 0
        text = text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"unexpected {text[position]!r} in the size expression {text!r}")
            self.tokens.append(match.group().strip())
            position = match.end()
        self.text, self.at = text, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise ValueError(f"expected {expected or 'a size'} in the size expression {self.text!r}")
        self.at += 1
        return token

    def sum(self) -> Dim:
        value = self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> Dim:
        value = self.atom()
        while self.peek() == "*":
            self.take()
            value = value * self.atom()
        return value

    def atom(self) -> Dim:
        token = self.take()
        if token == "-":
            return -self.atom()
        if token == "(":
            value = self.sum()
            self.take(")")
            return value
        if token.isdigit():
            return int(token)
        if self.peek() != "(":
            return symbol(token)
        if token not in _FUNCTIONS:
            raise ValueError(f"unknown function {token!r} in the size expression; known: {', '.join(_FUNCTIONS)}")
        self.take("(")
        first = self.sum()
        self.take(",")
        second = self.sum()
        self.take(")")
        return _FUNCTIONS[token](first, second)


def parse(text: str) -> Dim:
    """Read the text form. Raises ValueError saying what is wrong."""
    parser = _Parser(text)
    value = parser.sum()
    if parser.peek():
        raise ValueError(f"unexpected {parser.peek()!r} in the size expression {text!r}")
    return value


def product(sizes: Iterable[Dim]) -> Dim:
    result: Dim = 1
    for size in sizes:
        result = result * size
    return result


def solve(size: Dim, total: Dim, name: str) -> Dim | None:
    """What the symbol `name` is when `size` is `total`: for `s0*2 + 1` and 7 it is 3.

    None unless the symbol stands in one term alone, and nowhere else.
    """
    if isinstance(size, int) or [s.name for s in size.symbols()].count(name) != 1:
        return None
    coefficient = dict(size.terms).get(((Symbol(name), 1),))
    if coefficient is None:
        return None
    rest = size - symbol(name) * coefficient
    return floordiv(total - rest if coefficient > 0 else rest - total, abs(coefficient))
