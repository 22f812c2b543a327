"""Check an operation of a generated class against its schema, in sentences that name the argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import NoneType, TensorType, f64, i1, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import AttrConstraint, IRDLOperation
from xdsl.irdl.constraints import VerificationContext
from xdsl.irdl.operations import VarIRConstruct, verify_variadic_size
from xdsl.utils.exceptions import VerifyException

from etc.dialects.schema_plan import Plan, Slot


@dataclass(frozen=True)
class TypeConstraint(AttrConstraint):
    """The type of an operand or result; `noun` says it in errors."""

    types: tuple[Attribute | type[Attribute], ...]
    noun: str

    def holds(self, type_: Attribute) -> bool:
        return any(isinstance(type_, t) if isinstance(t, type) else type_ == t for t in self.types)

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not self.holds(attr):
            raise VerifyException(f"expected {self.noun}, found {attr}")

    def mapping_type_vars(self, type_var_mapping: Any) -> TypeConstraint:
        return self


TENSOR = TypeConstraint((TensorType,), "a ranked tensor")
NUMBER = TypeConstraint((i64, f64, i1), "a size or number (i64, f64 or i1)")
RESULTS: Mapping[str, TypeConstraint] = {
    "Tensor": TypeConstraint((TensorType, NoneType), "a ranked tensor, or none for a result that is left out"),
    "int": TypeConstraint((i64,), "i64"),
    "SymInt": TypeConstraint((i64,), "i64"),
    "float": TypeConstraint((f64,), "f64"),
    "SymFloat": TypeConstraint((f64,), "f64"),
    "bool": TypeConstraint((i1,), "i1"),
    "SymBool": TypeConstraint((i1,), "i1"),
    "Scalar": NUMBER,
}
"""What results of a schema type, or the elements of such lists, may be."""


def result_constraint(type: str) -> tuple[TypeConstraint, bool] | None:
    """The constraint of a result and whether it is a list; None when results cannot have the type."""
    constraint = RESULTS.get(type.removesuffix("[]").rstrip("?"))
    return None if constraint is None else (constraint, type.endswith("[]"))


def verify(op: IRDLOperation, plan: Plan) -> None:
    """Operands, properties and results by the schema. Raises VerifyException."""
    definition = op.get_irdl_definition()
    verify_variadic_size(op, definition, VarIRConstruct.OPERAND)
    verify_variadic_size(op, definition, VarIRConstruct.RESULT)
    groups = plan.segments(op)
    for slot in plan.slots:
        if slot.group >= 0:
            _verify_tensors(op, slot, groups[slot.group])
        elif slot.kind is not None:
            _verify_property(op, slot)
    if plan.sym >= 0:
        _verify_sym(op, plan, groups[plan.sym])
    if not op.properties.keys() <= definition.properties.keys():
        unknown = next(name for name in op.properties if name not in definition.properties)
        raise VerifyException(plan.unknown(unknown))
    _verify_results(op, plan)


def _members(group: SSAValue | Sequence[SSAValue] | None) -> Sequence[SSAValue]:
    if group is None:
        return ()
    return (group,) if isinstance(group, SSAValue) else group  # pyright: ignore[reportUnknownVariableType]


def _verify_tensors(op: IRDLOperation, slot: Slot, group: SSAValue | Sequence[SSAValue] | None) -> None:
    members = _members(group)
    for value in members:
        if not isinstance(value.type, TensorType):
            raise VerifyException(f"argument `{slot.arg.name}`: expected {TENSOR.noun}, found {value.type}")
    if slot.mask is not None and (mask := op.properties.get(slot.mask)) is not None:
        present = sum(map(bool, mask.get_values()))  # pyright: ignore
        if present != len(members):
            raise VerifyException(
                f"argument `{slot.arg.name}`: `{slot.mask}` says that {present} tensors are given, found {len(members)}"
            )


def _verify_property(op: IRDLOperation, slot: Slot) -> None:
    attribute = op.properties.get(slot.arg.name)
    if attribute is None:
        if slot.arg.required and not slot.arg.type.endswith("?"):
            raise VerifyException(f"argument `{slot.arg.name}` is missing: expected {slot.noun}")
    elif slot.kind is not None and not slot.kind.matches(attribute):
        raise VerifyException(f"argument `{slot.arg.name}`: expected {slot.noun}, found {attribute}")


def _verify_sym(op: IRDLOperation, plan: Plan, group: SSAValue | Sequence[SSAValue] | None) -> None:
    operands = _members(group)
    for value in operands:
        if not NUMBER.holds(value.type):
            raise VerifyException(f"operand `sym`: expected {NUMBER.noun}, found {value.type}")
    holes = 0
    for slot in plan.slots:
        if slot.kind is not None and slot.kind.dynamic and (found := op.properties.get(slot.arg.name)) is not None:
            value = slot.kind.decode(found)
            holes += value.count(None) if isinstance(value, list) else value is None  # pyright: ignore
    if holes != len(operands):
        raise VerifyException(
            f"the arguments leave {holes} sizes and numbers to operands of `sym`, found {len(operands)}"
        )


def _verify_results(op: IRDLOperation, plan: Plan) -> None:
    returns = plan.schema.returns
    if len(returns) == len(op.results) and not plan.result_variadic:
        groups: Sequence[Sequence[Attribute]] = [(t,) for t in op.result_types]
    elif len(returns) == 1:
        groups = [op.result_types]
    else:
        groups = [(g,) if isinstance(g, Attribute) else g for g in plan.result_groups(op)]
    for i, (result, types) in enumerate(zip(returns, groups, strict=True)):
        constraint = RESULTS[result.type.removesuffix("[]").rstrip("?")]
        for type in types:
            if not constraint.holds(type):
                which = "the result" if len(returns) == 1 else f"result {i}"
                raise VerifyException(f"{which}: expected {constraint.noun}, found {type}")
