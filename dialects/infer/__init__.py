"""Shape, dtype and dim-order inference, one rule per ATen operator.

A rule takes the operator's arguments by their schema names, tensors as `Tensor` descriptors and sizes as `Dim`s, and
gives the `Tensor`s of the results. It names only the arguments that it needs:

    @infers("mm")
    def mm(self: Tensor, mat2: Tensor) -> Tensor: …

Rules hold what torch's meta kernels hold (a test compares them), for static and symbolic sizes alike, and raise
`InferenceError` with a sentence that says what does not fit. Both `aten` builders and the `edge` dialect's verifier and
constructors use them; rules follow ATen, so they include torch's type promotion.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from xdsl.ir import SSAValue

from etc.dialects.schema import Schema
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor

Rule = Callable[..., "Tensor | Sequence[Tensor]"]
RuleT = TypeVar("RuleT", bound=Rule)

_RULES: dict[str, Rule] = {}
_MODULES = (
    "convolution",
    "creation",
    "elementwise",
    "indexing",
    "linear_algebra",
    "normalization",
    "pooling",
    "quantization",
    "reduction",
    "resampling",
    "sequence",
    "shape",
    "slicing",
)
"""The modules of this package that hold rules, one per family of operators."""
_OWN = frozenset({"quant", "quantized_decomposed"})
"""Namespaces whose operators are none of ATen's."""


class InferenceError(Exception):
    """The arguments do not fit the operator; the text is a full sentence without the operator's name."""


def infers(*overloads: str) -> Callable[[RuleT], RuleT]:
    """Register a rule for ATen overloads, written as in the schema: `add.Tensor`, `mm`."""

    def register(rule: RuleT) -> RuleT:
        for overload in overloads:
            assert overload not in _RULES, f"two rules for {overload}"
            _RULES[overload] = rule
        return rule

    return register


@cache
def _load() -> Mapping[str, Rule]:
    for name in _MODULES:
        import_module(f"etc.dialects.infer.{name}")
    return _RULES


def rule_name(schema: Schema) -> str:
    """The name of an operator's rule: `quant::conv`; operators of ATen and variants of them go by their key alone."""
    return f"{schema.namespace}::{schema.key}" if schema.namespace in _OWN else schema.key


@cache
def _wanted(rule: Rule) -> frozenset[str]:
    """The names of the arguments that a rule takes."""
    return frozenset(inspect.signature(rule).parameters)


def has_rule(overload: str) -> bool:
    return overload in _load()


def infer(overload: str, arguments: Mapping[str, Any]) -> tuple[Tensor, ...]:
    """The results of an ATen overload. Raises InferenceError when the arguments do not fit, KeyError without a rule."""
    rule = _load()[overload]
    wanted = _wanted(rule)
    result = rule(**{name: value for name, value in arguments.items() if name in wanted})
    return (result,) if isinstance(result, Tensor) else tuple(result)


def describe(value: Any) -> Any:
    """An argument of an operation as rules take it: tensor values become `Tensor`s, other things stay."""
    if isinstance(value, SSAValue):
        return Tensor.of(value.type)
    if isinstance(value, list | tuple) and any(isinstance(v, SSAValue) for v in value):  # pyright: ignore[reportUnknownVariableType]
        return [describe(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def same_size(a: Dim, b: Dim) -> bool:
    """False only when two sizes surely differ: a symbolic size is taken to fit, since export has checked it."""
    return a == b or isinstance(a, Expr) or isinstance(b, Expr)


def broadcast(*shapes: Sequence[Dim]) -> tuple[Dim, ...]:
    """The common shape after numpy-style broadcasting. Raises InferenceError when there is none."""
    rank = max(map(len, shapes), default=0)
    result: list[Dim] = []
    for axis in range(-rank, 0):
        size: Dim = 1
        for shape in shapes:
            if len(shape) < -axis or shape[axis] == 1:
                continue
            if size == 1 or (isinstance(size, Expr) and isinstance(shape[axis], int)):
                size = shape[axis]
            elif not same_size(size, shape[axis]):
                texts = " and ".join(f"[{', '.join(map(str, s))}]" for s in shapes)
                raise InferenceError(f"shapes {texts} do not broadcast: sizes {size} and {shape[axis]} differ")
        result.append(size)
    return tuple(result)


def wrap_dim(dim: int, rank: int) -> int:
    """A dimension counted from the front. Raises InferenceError when it is out of range (rank 0 counts as rank 1)."""
    limit = max(rank, 1)
    if not -limit <= dim < limit:
        raise InferenceError(f"dimension {dim} is out of range for a tensor of rank {rank}")
    return dim % limit
