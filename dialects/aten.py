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

import re
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


BITCASTS = frozenset({"view_as_complex", "view_as_real"})
"""Another reading of the same bytes: no operator of Core ATen, but no kernel is needed for them either."""


def is_core(op: type[Operation]) -> bool:
    """True for the overloads of the Core ATen operator set."""
    return issubclass(op, AtenOp) and table().has_tag(op.ATEN, "core")


_TWINS: dict[str, str | None] = {
    "adaptive_avg_pool3d_backward.grad_input": "_adaptive_avg_pool3d_backward",
    "all.out": "all.dim",
    "any.out": "any.dim",
    "arange.start_out": "arange.start_step",
    "bernoulli.float_out": "bernoulli.p",
    "bernoulli_.float": "bernoulli.p",
    "div.out_mode": "div.Tensor_mode",
    "divide.out_mode": "divide.Tensor_mode",
    "float_power_.Scalar": "float_power.Tensor_Scalar",
    "float_power_.Tensor": "float_power.Tensor_Tensor",
    "frobenius_norm.out": "frobenius_norm.dim",
    "max.out": "max.other",
    "mean.out": "mean.dim",
    "min.out": "min.other",
    "norm.dtype_out": "norm.ScalarOpt_dim_dtype",
    "norm.out": "norm.ScalarOpt_dim",
    "normal.out": "normal_functional",
    "normal_": "normal_functional",
    "pow_.Scalar": "pow.Tensor_Scalar",
    "pow_.Tensor": "pow.Tensor_Tensor",
    "prod.int_out": "prod.dim_int",
    "range.out": "range.step",
    "sort.values_stable": "sort.stable",
    "std.out": "std.dim",
    "sum.IntList_out": "sum.dim_IntList",
    "transpose_": "transpose.int",
    "var.out": "var.dim",
    "xlogy.OutScalar_Other": "xlogy.Scalar_Other",
    "xlogy.OutScalar_Self": "xlogy.Scalar_Self",
    # No twin: the functional overload of the name takes other arguments.
    "alpha_dropout_": None,
    "dropout_": None,
    "fbgemm_linear_fp16_weight.out": None,
    "fbgemm_linear_fp16_weight_fp32_activation.out": None,
    "feature_alpha_dropout_": None,
    "feature_dropout_": None,
    "set.source_Storage_out": None,
    "set.source_Storage_storage_offset_out": None,
    "set_.source_Storage": None,
    "set_.source_Storage_storage_offset": None,
    "set_.source_Tensor_storage_offset": None,
}
"""Variants whose functional twin does not follow from the name."""

_OUTPUTS = re.compile(r"(^|_)(out|values|max|min|grad_input)(?=_|$)")
"""What names of out variants add to the overload's name."""


def functional_of(key: str) -> str | None:
    """The overload that computes what an in-place or out variant writes: `add_.Tensor`, `add.out` -> `add.Tensor`.

    It takes the variant's arguments under the same names. None when the table has no such overload; a key of the table
    stands for itself.
    """
    known = table()
    if key in known:
        return key
    if key in _TWINS:
        return _TWINS[key]
    name, _, overload = key.partition(".")
    if name.startswith("__i"):
        name = f"__{name[3:]}"
    elif name.endswith("_") and not name.endswith("__"):
        name = name[:-1]
    plain = _OUTPUTS.sub("", overload).strip("_")
    for candidate in (
        f"{name}.{overload}",
        f"{name}.{plain}" if plain else name,
        f"{name}_functional",
        f"{name}.Tensor",
        name,
    ):
        if candidate in known:
            return candidate
    return None


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
