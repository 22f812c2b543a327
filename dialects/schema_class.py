"""Operation classes made from schemas, without a line of code per operator.

A class starts as a bare shell (name and traits), which costs microseconds; its operands, properties and results are
defined when the first operation of the class is built or parsed.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from xdsl.dialects.builtin import DenseArrayBase, NoneType, TensorType, f64, i1, i64
from xdsl.ir import Attribute, Operation
from xdsl.irdl import (
    AttrConstraint,
    AttrSizedOperandSegments,
    AttrSizedResultSegments,
    OpDef,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.irdl.constraints import VerificationContext
from xdsl.traits import OpTrait, Pure
from xdsl.utils.exceptions import VerifyException

from etc.dialects.schema import Arg, Schema
from etc.dialects.schema_kinds import KINDS, Kind
from etc.dialects.schema_op import SchemaOp


@dataclass(frozen=True)
class TypeConstraint(AttrConstraint):
    """The type of an operand or result; `noun` says it in errors."""

    types: tuple[Attribute | type[Attribute], ...]
    noun: str

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not any(isinstance(attr, t) if isinstance(t, type) else attr == t for t in self.types):
            raise VerifyException(f"expected {self.noun}, found {attr}")

    def mapping_type_vars(self, type_var_mapping: Any) -> TypeConstraint:
        return self


@dataclass(frozen=True)
class KindConstraint(AttrConstraint):
    """The property of a schema argument."""

    argument: str
    kind: Kind
    noun: str

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not self.kind.matches(attr):
            raise VerifyException(f"argument `{self.argument}`: expected {self.noun}, found {attr}")

    def mapping_type_vars(self, type_var_mapping: Any) -> KindConstraint:
        return self


TENSOR = TypeConstraint((TensorType,), "a ranked tensor")
_NUMBER = TypeConstraint((i64, f64, i1), "a size or number (i64, f64 or i1)")
_RESULTS: dict[str, AttrConstraint] = {
    "Tensor": TypeConstraint((TensorType, NoneType), "a ranked tensor, or none for a result that is left out"),
    "int": TypeConstraint((i64,), "i64"),
    "SymInt": TypeConstraint((i64,), "i64"),
    "float": TypeConstraint((f64,), "f64"),
    "SymFloat": TypeConstraint((f64,), "f64"),
    "bool": TypeConstraint((i1,), "i1"),
    "SymBool": TypeConstraint((i1,), "i1"),
    "Scalar": _NUMBER,
}

RESERVED = (
    frozenset(dir(SchemaOp))
    | frozenset(Operation.__dataclass_fields__)
    | frozenset(keyword.kwlist)
    | {"name", "self", "sym", "result"}
)
"""Names that Python or xDSL need: the field of an argument with such a name has a trailing `_`."""


def field_name(argument: str) -> str:
    """The Python name of an argument's field: `input`, but `self_`."""
    return f"{argument}_" if argument in RESERVED else argument


def class_name(key: str) -> str:
    """`AddTensorOp` for `add.Tensor`, `PrivateSoftmaxOp` for `_softmax`, `DunderAndTensorOp` for `__and__.Tensor`."""
    bare = key.lstrip("_")
    prefix = ("", "Private", "Dunder")[min(len(key) - len(bare), 2)]
    words = bare.replace(".", "_").split("_")
    return prefix + "".join(w[:1].upper() + w[1:] for w in words) + "Op"


def unsupported(schema: Schema) -> str | None:
    """Why an operator cannot stand in the IR; None when it can."""
    for arg in schema.args:
        if not arg.is_tensor and arg.type not in ("Generator?", "Generator") and arg.type.rstrip("?") not in KINDS:
            return f"argument `{arg.name}` has type {arg.type}"
    for result in schema.returns:
        if schema_result(result.type) is None:
            return f"a result has type {result.type}"
    return None


def schema_result(type: str) -> tuple[AttrConstraint, bool] | None:
    """The constraint of a result's type and whether it is a list; None when results cannot have the type."""
    constraint = _RESULTS.get(type.removesuffix("[]").rstrip("?"))
    return None if constraint is None else (constraint, type.endswith("[]"))


class GeneratedOp(SchemaOp):
    """Base of the classes that `shell` makes."""

    @classmethod
    def get_irdl_definition(cls) -> OpDef:
        for name, value in _fields(cls.schema()).items():
            setattr(cls, name, value)
        return irdl_op_definition(cls).get_irdl_definition()  # which replaces this method in `cls`


def shell(
    base: type[GeneratedOp], name: str, op_name: str, traits: Iterable[OpTrait], **constants: Any
) -> type[GeneratedOp]:
    """A subclass of `base` for the operation `op_name`; `constants` are its `ATEN`, or `SCHEMA`."""
    namespace: dict[str, Any] = {
        "name": op_name,
        "traits": traits_def(*traits),
        "__module__": base.__module__,
        "__annotations__": _CONSTANTS,
        **constants,
    }
    return type(name, (base,), namespace)


_CONSTANTS: dict[str, Any] = {name: ClassVar for name in ("ATEN", "SCHEMA", "DECLARED")}
PURE = (Pure(),)


def _fields(schema: Schema) -> dict[str, Any]:
    """The IRDL fields of an operator: operands, `sym`, properties, results, options."""
    if (reason := unsupported(schema)) is not None:
        raise TypeError(f"{schema.op_name}: {reason}")
    fields: dict[str, Any] = {}
    variadic = 0
    for arg in schema.args:
        if arg.is_tensor:
            define = {"Tensor": operand_def, "Tensor?": opt_operand_def}.get(arg.type, var_operand_def)
            fields[field_name(arg.name)] = define(TENSOR)
            variadic += arg.type != "Tensor"
            if "?[]" in arg.type:
                fields[f"{arg.name}_mask"] = opt_prop_def(DenseArrayBase)
        elif (kind := KINDS.get(arg.type.rstrip("?"))) is not None:
            fields[field_name(arg.name)] = _property(arg, kind)
    if any((kind := KINDS.get(arg.type.rstrip("?"))) is not None and kind.dynamic for arg in schema.args):
        fields["sym"] = var_operand_def(_NUMBER)
        variadic += 1
    options: list[Any] = [AttrSizedOperandSegments(as_property=True)] if variadic > 1 else []
    lists = 0
    for i, result in enumerate(schema.returns):
        found = schema_result(result.type)
        assert found is not None
        constraint, is_list = found
        lists += is_list
        name = "result" if len(schema.returns) == 1 else f"result{i}"
        fields[name] = var_result_def(constraint) if is_list else result_def(constraint)
    if lists > 1:
        options.append(AttrSizedResultSegments(as_property=True))
    if options:
        fields["irdl_options"] = tuple(options)
    return fields


def _property(arg: Arg, kind: Kind) -> Any:
    noun = f"a list of {kind.noun}" if arg.type.rstrip("?").endswith("[]") else kind.noun
    constraint = KindConstraint(arg.name, kind, noun)
    if arg.required and not arg.type.endswith("?"):
        return prop_def(constraint, prop_name=arg.name)
    default = None if arg.required or arg.default is None else kind.encode(arg.default)
    if default is None:
        return opt_prop_def(constraint, prop_name=arg.name)
    return prop_def(constraint, default_value=default, prop_name=arg.name)
