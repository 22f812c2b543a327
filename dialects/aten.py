"""`aten`: functional ATen as `torch.export` captures it, one operation class per overload.

    %c = aten.convolution(%x, %w, bias=%b, stride=[2, 2], padding=[1, 1], …) : (…) -> tensor<1x32x112x112xf32>
    %v = aten.view(%c, size=[%n, 128]) : (tensor<?x8x4x4xf32>, i64) -> tensor<?x128xf32>

The operations are those of the table `aten_schemas.txt`; schema_op.py says how their arguments stand in the IR. The
class of `add.Tensor` is `aten.AddTensorOp`, that of `_softmax` is `aten.PrivateSoftmaxOp`; `op_class("add.Tensor")`
gives it by key. Arithmetic of sizes is `aten.sym.add(a=%n, b=1)` and so on. Higher-order operators are operations
with regions (`CondOp`, `WhileLoopOp`, `ScanOp`, `MapOp`; aten_control_flow.py).

In-place and out variants are not operations of the dialect: `functional_of("add_.Tensor")` is `"add.Tensor"`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from xdsl.ir import Attribute, Dialect, Operation

from etc.dialects import aten_control_flow
from etc.dialects.aten_control_flow import CondOp, MapOp, ScanOp, WhileLoopOp, YieldOp
from etc.dialects.schema import Schema, table
from etc.dialects.schema_class import PURE, GeneratedOp, class_name, shell

__all__ = [
    "SYMBOLIC",
    "Aten",
    "AtenOp",
    "CondOp",
    "MapOp",
    "ScanOp",
    "WhileLoopOp",
    "YieldOp",
    "functional_of",
    "is_core",
    "op_class",
    "schema",
    "tags",
]


class AtenOp(GeneratedOp):
    """Base of the classes that the table defines. `ATEN` is the key of the operation in the table."""


_IMPURE = frozenset({"nondeterministic_seeded", "side_effect"})


def schema(key: str) -> Schema:
    """The schema of `add.Tensor`. Raises KeyError for what is not in the table."""
    return table()[key]


def tags(key: str) -> frozenset[str]:
    """Marks of an overload: torch's tags (`core`, `pointwise`, `reduction`, …) and `side_effect`."""
    return table().tags(key)


@cache
def op_class(key: str) -> type[AtenOp]:
    """The class of `add.Tensor`. Raises KeyError for what is not in the table."""
    traits = () if tags(key) & _IMPURE else PURE
    return shell(AtenOp, class_name(key), f"aten.{key}", traits, ATEN=key)  # pyright: ignore[reportReturnType]


def is_core(op: type[Operation]) -> bool:
    """True for the overloads of the Core ATen operator set."""
    return issubclass(op, AtenOp) and table().has_tag(op.ATEN, "core")


_TWINS = {
    "bernoulli_.float": "bernoulli.p",
    "normal_": "normal_functional",
}
"""In-place overloads whose functional twin has another name."""


def functional_of(key: str) -> str | None:
    """The overload that computes what an in-place or out variant writes: `add_.Tensor`, `add.out` -> `add.Tensor`.

    None when the table has none. A key of the table stands for itself.
    """
    known = table()
    if key in known:
        return key
    if key in _TWINS:
        return _TWINS[key]
    name, _, overload = key.partition(".")
    if name.startswith("__i") and name.endswith("__"):
        name = f"__{name[3:]}"
    elif name.endswith("_"):
        name = name[:-1]
    for candidate in _overloads(name, overload):
        if candidate in known:
            return candidate
    return None


def _overloads(name: str, overload: str) -> Iterator[str]:
    base = overload.removesuffix("out").removesuffix("_")
    for candidate in (overload, base, "Tensor", "default"):
        yield f"{name}.{candidate}" if candidate else name
    yield name


SYMBOLIC: dict[str, str] = {
    "sym.add": "_operator.add",
    "sym.sub": "_operator.sub",
    "sym.mul": "_operator.mul",
    "sym.floordiv": "_operator.floordiv",
    "sym.truediv": "_operator.truediv",
    "sym.mod": "_operator.mod",
    "sym.pow": "_operator.pow",
    "sym.neg": "_operator.neg",
    "sym.lshift": "_operator.lshift",
    "sym.rshift": "_operator.rshift",
    "sym.eq": "_operator.eq",
    "sym.ne": "_operator.ne",
    "sym.lt": "_operator.lt",
    "sym.le": "_operator.le",
    "sym.gt": "_operator.gt",
    "sym.ge": "_operator.ge",
    "sym.and": "_operator.and_",
    "sym.or": "_operator.or_",
    "sym.not": "torch.sym_not",
    "sym.max": "torch.sym_max",
    "sym.min": "torch.sym_min",
    "sym.ite": "torch.sym_ite",
    "sym.int": "torch.sym_int",
    "sym.float": "torch.sym_float",
    "sym.sum": "torch.sym_sum",
    "sym.sqrt": "torch._sym_sqrt",
    "sym.log2": "torch._sym_log2",
    "sym.ceil": "math.ceil",
    "sym.floor": "math.floor",
    "sym.trunc": "math.trunc",
    "sym.round": "builtins.round",
}
"""The Python function, as `module.name`, that computes each operation on sizes."""


class _AtenDialect(Dialect):
    """Makes the shells of the classes when the dialect is loaded into a context."""

    @property
    def operations(self) -> Iterator[type[Operation]]:
        yield from super().operations
        yield from map(op_class, table())

    @property
    def attributes(self) -> Iterator[type[Attribute]]:
        return iter(())


Aten = _AtenDialect("aten", [*aten_control_flow.OPERATIONS])


@cache
def _keys_by_class() -> dict[str, str]:
    return {class_name(key): key for key in table()}


def __getattr__(name: str) -> type[AtenOp]:
    key = _keys_by_class().get(name) if name.endswith("Op") else None
    if key is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return op_class(key)
