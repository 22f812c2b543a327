"""Operation classes made from schemas, without a line of code per operator.

A class starts as a bare shell (name and traits), which costs microseconds; its operands, properties and results are
defined when the first operation of the class is built or parsed.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import Any, ClassVar

from xdsl.dialects.builtin import DenseArrayBase
from xdsl.ir import Operation
from xdsl.irdl import (
    AnyAttr,
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
from xdsl.traits import OpTrait, Pure

from etc.dialects.schema import Arg, Schema
from etc.dialects.schema_kinds import KINDS, Kind
from etc.dialects.schema_op import SchemaOp, plan_of
from etc.dialects.schema_verify import NUMBER, TENSOR, result_constraint, verify

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
        if result_constraint(result.type) is None:
            return f"a result has type {result.type}"
    return None


class GeneratedOp(SchemaOp):
    """Base of the classes that `shell` makes."""

    @classmethod
    def get_irdl_definition(cls) -> OpDef:
        for name, value in _fields(cls.schema()).items():
            setattr(cls, name, value)
        irdl_op_definition(cls)  # replaces this method in `cls`
        cls.verify_ = GeneratedOp.verify_  # xDSL's, put in front of ours, would say less and take longer
        return cls.get_irdl_definition()

    def verify_(self) -> None:
        verify(self, plan_of(type(self)))
        super().verify_()


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
        fields["sym"] = var_operand_def(NUMBER)
        variadic += 1
    options: list[Any] = [AttrSizedOperandSegments(as_property=True)] if variadic > 1 else []
    lists = 0
    for i, result in enumerate(schema.returns):
        found = result_constraint(result.type)
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
    anything = AnyAttr()  # `verify` checks the kind
    if arg.required and not arg.type.endswith("?"):
        return prop_def(anything, prop_name=arg.name)
    default = None if arg.required or arg.default is None else kind.encode(arg.default)
    if default is None:
        return opt_prop_def(anything, prop_name=arg.name)
    return prop_def(anything, default_value=default, prop_name=arg.name)
