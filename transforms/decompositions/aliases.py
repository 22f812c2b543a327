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

ALIASES = {
    "__and__": "bitwise_and",
    "__or__": "bitwise_or",
    "__xor__": "bitwise_xor",
    "absolute": "abs",
    "alias_copy": "alias",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "argwhere": "nonzero",
    "as_strided_copy": "as_strided",
    "clip": "clamp",
    "concat": "cat",
    "concatenate": "cat",
    "detach_copy": "detach",
    "diagonal_copy": "diagonal",
    "divide": "div",
    "expand_copy": "expand",
    "fix": "trunc",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "lift_fresh_copy": "lift_fresh",
    "linalg_diagonal": "diagonal",
    "multiply": "mul",
    "narrow_copy": "narrow",
    "negative": "neg",
    "not_equal": "ne",
    "permute_copy": "permute",
    "select_copy": "select",
    "slice_copy": "slice",
    "special_erf": "erf",
    "special_erfc": "erfc",
    "special_exp2": "exp2",
    "special_expit": "sigmoid",
    "special_expm1": "expm1",
    "special_log1p": "log1p",
    "special_logsumexp": "logsumexp",
    "split_copy": "split",
    "split_with_sizes_copy": "split_with_sizes",
    "squeeze_copy": "squeeze",
    "subtract": "sub",
    "t_copy": "t",
    "transpose_copy": "transpose",
    "true_divide": "div",
    "unbind_copy": "unbind",
    "unfold_copy": "unfold",
    "unsqueeze_copy": "unsqueeze",
    "view_copy": "view",
}
"""Operators, in all their overloads, with those that take the same arguments: copies are views of values that no one
writes to."""
SINGLE_ALIASES = {
    "max.other": "maximum",
    "min.other": "minimum",
}
"""Overloads that alone are another operator."""


def other_name(key: str) -> str | None:
    """The overload that computes the same from the same arguments; None when `key` is no alias."""
    name, dot, overload = key.partition(".")
    twin = SINGLE_ALIASES.get(key) or (f"{ALIASES[name]}{dot}{overload}" if name in ALIASES else None)
    if twin is None or twin not in table() or not has_rule(twin) or table().has_tag(key, "core"):
        return None
    return twin


def _renaming(overload: str) -> Callable[..., Any]:
    def rule(build: AtenBuilder, **arguments: Any) -> Any:
        return build(overload, *arguments.values())

    return rule


for _key in table():
    if (_other := other_name(_key)) is not None:
        decomposes(_key)(_renaming(_other))


@decomposes("alias", "detach", "lift", "lift_fresh", "positive", "data")
def identity(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """detach(x) -> x"""
    return self


@decomposes("conj", "conj_physical", "resolve_conj", "resolve_neg", "real")
def conjugate(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """conj(x) -> x for real numbers"""
    return None if build.type(self).dtype.kind is Kind.COMPLEX else self
