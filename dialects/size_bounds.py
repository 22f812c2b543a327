"""Bounds of size expressions: what memory is planned with, and what makes a check of sizes superfluous."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from etc.dialects.symbolic import (
    UNBOUNDED,
    Atom,
    Call,
    Dim,
    Expr,
    Range,
    Symbol,
    of_atom,
    product,
    term,
)


def bounds(value: Dim, ranges: Mapping[str, Range]) -> Range:
    """Inclusive bounds of `value`; a symbol without a range lies in [0, unbounded].

    Interval arithmetic, which forgets that a symbol is the same one in two terms, is narrowed by two facts: a `max` or
    `min` is one of its arguments, and `floordiv(a, c)` lies in [(a - c + 1) / c, a / c], where terms can cancel.
    """
    return _bounds(value, ranges, _MAX_CHOICES)


_MAX_CHOICES = 4
"""How many `max` and `min` of one expression are replaced by their arguments, one after the other."""


def _bounds(value: Dim, ranges: Mapping[str, Range], choices: int) -> Range:
    if isinstance(value, int):
        return Range(value, value)
    plain = _interval(value, ranges)
    atoms = [(atom, power) for monomial, _ in value.terms for atom, power in monomial]
    if len(value.terms) == 1 and len(atoms) == 1 and isinstance(atoms[0][0], Symbol):
        return plain
    calls = [atom for atom, _ in atoms if isinstance(atom, Call)]
    choice = next((call for call in calls if call.function in ("max", "min")), None)
    if choice is not None and choices and len(value.terms) > 1:
        return plain.meet(_without_choice(value, choice, ranges, choices))
    quotient = next((call for call in calls if call.function in ("floordiv", "mod")), None)
    if quotient is None or len(value.terms) == 1:
        return plain
    return plain.meet(_without_quotient(value, quotient, ranges, choices))


def _without_choice(value: Expr, call: Call, ranges: Mapping[str, Range], choices: int) -> Range:
    """Bounds of `value`, where `max(a, b)` or `min(a, b)` is replaced by each of its arguments.

    Where it stands alone in one term, `value` is the larger or the smaller of what the arguments give.
    """
    cases = [_bounds(_replace(value, call, argument), ranges, choices - 1) for argument in call.args]
    lows, highs = [c.low for c in cases], [c.high for c in cases]
    holding = [(monomial, coefficient) for monomial, coefficient in value.terms if call in dict(monomial)]
    if len(holding) != 1 or holding[0][0] != ((call, 1),):
        return Range(min(lows), max(highs))
    larger = (call.function == "max") == (holding[0][1] > 0)
    return Range(max(lows), max(highs)) if larger else Range(min(lows), min(highs))


def _without_quotient(value: Expr, call: Call, ranges: Mapping[str, Range], choices: int) -> Range:
    """Bounds of `value`, where `floordiv(a, c)` is replaced by (a - r) / c, or `mod(a, c)` by r, with r in [0, c - 1].

    Only where c is a number, and the call stands in one term, with a number for a factor.
    """
    terms = [(monomial, coefficient) for monomial, coefficient in value.terms if call in dict(monomial)]
    a, c = call.args
    if not isinstance(c, int) or c <= 0 or len(terms) != 1 or terms[0][0] != ((call, 1),):
        return Range(-UNBOUNDED, UNBOUNDED)
    factor, quotient = terms[0][1], of_atom(Call("floordiv", (a, c)))
    if call.function == "mod":  # mod(a, c) = a - c * floordiv(a, c)
        return _bounds(_replace(value, call, a - c * quotient), ranges, choices)
    scaled = _bounds((value - factor * quotient) * c + factor * a, ranges, choices)
    remainder = sorted((0, -factor * (c - 1)))
    return Range(-_divide(-(scaled.low + remainder[0]), c), _divide(scaled.high + remainder[1], c))


def _replace(value: Expr, atom: Atom, by: Dim) -> Dim:
    """`value` with `by` in the place of `atom` where that is a factor of a term."""
    total: Dim = 0
    for monomial, coefficient in value.terms:
        powers = dict(monomial)
        power = powers.pop(atom, 0)
        total = total + product([term(tuple(powers.items()), coefficient), *[by] * power])
    return total


def _interval(value: Expr, ranges: Mapping[str, Range]) -> Range:
    parts: list[Range] = []
    for monomial, coefficient in value.terms:
        term = Range(coefficient, coefficient)
        for atom, power in monomial:
            factor = _atom_bounds(atom, ranges)
            for _ in range(power):
                term = _combine(term, factor, operator.mul)
        parts.append(term)
    return Range(_total([p.low for p in parts]), _total([p.high for p in parts]))


def _combine(a: Range, b: Range, operation: Callable[[int, int], int]) -> Range:
    corners = [operation(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return Range(_saturated(min(corners)), _saturated(max(corners)))


def _saturated(number: int) -> int:
    return max(-UNBOUNDED, min(number, UNBOUNDED))


def _total(ends: Sequence[int]) -> int:
    """The sum of lower or of upper ends of ranges; without a bound when one of them has none."""
    unbounded = next((end for end in ends if abs(end) >= UNBOUNDED), None)
    return _saturated(sum(ends)) if unbounded is None else unbounded


def _divide(end: int, divisor: int) -> int:
    return _saturated(end) if abs(end) >= UNBOUNDED else end // divisor


def _atom_bounds(atom: Atom, ranges: Mapping[str, Range]) -> Range:
    if isinstance(atom, Symbol):
        return ranges.get(atom.name, Range(0))
    a, b = (bounds(arg, ranges) for arg in atom.args)
    match atom.function:
        case "max":
            return Range(max(a.low, b.low), max(a.high, b.high))
        case "min":
            return Range(min(a.low, b.low), min(a.high, b.high))
        case "mod" if b.low > 0:
            return a if a.low >= 0 and a.high < b.low else Range(0, b.high - 1)
        case "floordiv" if b.low > 0:
            return _combine(a, b, _divide)
        case _:
            return Range(-UNBOUNDED, UNBOUNDED)
