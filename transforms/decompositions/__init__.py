"""Decompositions of ATen operators into Core ATen, one rule per operator.

A rule is a function of an `AtenBuilder` and the operator's arguments by their schema names (tensors as SSA values,
sizes as ints or expressions); it names only those it needs and gives the results, or None where it does not apply:

    @decomposes("square")
    def square(build, self):
        '''square(x) -> x * x'''
        return build("mul.Tensor", self, self)

User code registers rules for its own operators the same way, under `namespace::name.overload`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

Rule = Callable[..., Any]
_RuleT = TypeVar("_RuleT", bound=Rule)

_RULES: dict[str, Rule] = {}
_COMPLEX_RULES: dict[str, Rule] = {}
_MODULES = (
    "activations",
    "airy",
    "aliases",
    "attention",
    "complex",
    "complex_arithmetic",
    "complex_fourier",
    "convolution",
    "convolution3d",
    "copies",
    "counting",
    "creation",
    "einsum",
    "elementwise",
    "floats",
    "fractional_pooling",
    "gamma",
    "gradients",
    "grid_sampling",
    "indexing",
    "integers",
    "linear_algebra",
    "losses",
    "normalisation",
    "polynomials",
    "pooling",
    "products",
    "quantized",
    "quantized_blocks",
    "random",
    "rearranging",
    "recurrent",
    "reduction",
    "resampling",
    "scattering",
    "shape",
    "singular_values",
    "sorting",
    "special",
)
"""The modules of this package that hold rules, one per family of operators."""


def decomposes(*overloads: str) -> Callable[[_RuleT], _RuleT]:
    """Register a rule for overloads: `add.Tensor` of ATen, `myns::op` of another namespace. A later rule wins."""

    def register(rule: _RuleT) -> _RuleT:
        for overload in overloads:
            _RULES[overload] = rule
        return rule

    return register


def decomposes_complex(*overloads: str) -> Callable[[_RuleT], _RuleT]:
    """Register a rule for overloads where an operand or the result is complex; it goes before other rules."""

    def register(rule: _RuleT) -> _RuleT:
        for overload in overloads:
            _COMPLEX_RULES[overload] = rule
        return rule

    return register


@cache
def _load() -> None:
    registered_before = dict(_RULES)
    for name in _MODULES:
        import_module(f"etc.transforms.decompositions.{name}")
    _RULES.update(registered_before)


def rules() -> Mapping[str, Rule]:
    """All rules by overload."""
    _load()
    return _RULES


def complex_rules() -> Mapping[str, Rule]:
    """The rules for complex numbers by overload."""
    _load()
    return _COMPLEX_RULES


@cache
def wanted_arguments(rule: Rule) -> frozenset[str] | None:
    """The schema names that a rule takes besides the builder; None when it takes all."""
    parameters = inspect.signature(rule).parameters.values()
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
        return None
    return frozenset(p.name for p in list(parameters)[1:])
