"""Operators that are others under another name, and operators that give their argument back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects.dtypes import Kind
from etc.dialects.infer import has_rule
from etc.dialects.schema import table
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes

_ALIASES = {
    "__and__": "bitwise_and",
    "__or__": "bitwise_or",
    "__xor__": "bitwise_xor",
    "absolute": "abs",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "argwhere": "nonzero",
    "clip": "clamp",
    "concat": "cat",
    "concatenate": "cat",
    "divide": "div",
    "fix": "trunc",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "linalg_diagonal": "diagonal",
    "multiply": "mul",
    "negative": "neg",
    "not_equal": "ne",
    "special_erf": "erf",
    "special_erfc": "erfc",
    "special_exp2": "exp2",
    "special_expit": "sigmoid",
    "special_expm1": "expm1",
    "special_log1p": "log1p",
    "special_logsumexp": "logsumexp",
    "subtract": "sub",
    "true_divide": "div",
}
"""Names, of all overloads, with the name of the operator that takes the same arguments."""
_SINGLE = {
    "max.other": "maximum",
    "min.other": "minimum",
}
"""Overloads that alone are another operator."""


def _other_name(key: str) -> str | None:
    """The overload that computes the same from the same arguments: also `view` for `view_copy`, since values have no
    memory that they could share."""
    name, dot, overload = key.partition(".")
    twin = _ALIASES.get(name) or (name.removesuffix("_copy") if name.endswith("_copy") else None)
    return _SINGLE.get(key) if twin is None else f"{twin}{dot}{overload}"


def _renaming(overload: str) -> Callable[..., Any]:
    def rule(build: AtenBuilder, **arguments: Any) -> Any:
        return build(overload, *arguments.values())

    return rule


def _register() -> None:
    known = table()
    for key in known:
        other = _other_name(key)
        if other is not None and other in known and has_rule(other) and not table().has_tag(key, "core"):
            decomposes(key)(_renaming(other))


_register()


@decomposes("alias", "detach", "lift", "lift_fresh", "pin_memory", "positive", "data")
def identity(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """detach(x) -> x"""
    return self


@decomposes("conj", "conj_physical", "resolve_conj", "resolve_neg", "real", "_conj", "_conj_physical")
def conjugate(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """conj(x) -> x for real numbers"""
    return None if build.type(self).dtype.kind is Kind.COMPLEX else self
