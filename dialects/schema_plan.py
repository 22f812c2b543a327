"""`Plan`: where each argument of a schema stands in the operations of a class, worked out once per class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import IRDLOperation, OpDef, OptionalDef, VariadicDef

from etc.dialects.schema import Arg, Schema
from etc.dialects.schema_kinds import KINDS, Kind, ListKind

SEGMENTS = "operandSegmentSizes"
RESULT_SEGMENTS = "resultSegmentSizes"


ResultTypes: TypeAlias = Attribute | Sequence[Attribute]
"""The type of a result, or the types of a result that is a list."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an argument of the schema stands in an operation."""

    arg: Arg
    kind: Kind | None
    """None for tensors"""
    group: int
    """index of the operand group, -1 for properties"""
    is_list: bool
    """a list of tensors"""
    mask: str | None
    """the property that marks the holes of a list of optional tensors"""
    default: Any
    """the Python value when nothing is given; None also for required arguments"""
    default_attribute: Attribute | None

    @property
    def positional(self) -> bool:
        return self.group >= 0 and self.arg.required and not self.arg.type.endswith("?")

    @property
    def noun(self) -> str:
        """What a value must be, for errors: "a tensor", "a list of integers"."""
        if isinstance(self.kind, ListKind):
            return f"a list of {self.kind.noun}"
        if self.kind is not None:
            return self.kind.noun
        return "a list of tensors" if self.is_list else "a tensor"


class Plan:
    """What the methods of `SchemaOp` need to know of a class, worked out once."""

    def __init__(self, cls: type[IRDLOperation], schema: Schema):
        self.op_name = cls.name
        self.schema = schema
        definition = cls.get_irdl_definition()
        groups = {name: i for i, (name, _) in enumerate(definition.operands)}
        self.sym = groups.get("sym", -1)
        self.slots = tuple(self._slot(arg, groups, definition) for arg in self.schema.args)
        self.by_name = {slot.arg.name: slot for slot in self.slots}
        self.groups = len(groups)
        self.variadic = [i for i, (_, d) in enumerate(definition.operands) if isinstance(d, VariadicDef)]
        self.optional = {i for i, (_, d) in enumerate(definition.operands) if isinstance(d, OptionalDef)}
        self.sized = SEGMENTS in definition.properties
        self.result_variadic = [i for i, (_, d) in enumerate(definition.results) if isinstance(d, VariadicDef)]
        self.results = len(definition.results)
        self.results_sized = RESULT_SEGMENTS in definition.properties

    def _slot(self, arg: Arg, groups: Mapping[str, int], definition: OpDef) -> Slot:
        group = groups.get(arg.name, groups.get(arg.name + "_", -1))
        default = None if arg.required else arg.default
        if arg.is_tensor or group >= 0:
            mask = f"{arg.name}_mask" if f"{arg.name}_mask" in definition.properties else None
            return Slot(arg, None, group, "[]" in arg.type, mask, default, None)
        kind = KINDS.get(arg.type.removesuffix("?"))
        if kind is None:
            return Slot(arg, None, -1, False, None, None, None)
        encoded = None if default is None else kind.encode(default)
        value = None if encoded is None else kind.decode(encoded)
        return Slot(arg, kind, -1, False, None, value, encoded)

    def segments(self, op: IRDLOperation) -> Sequence[SSAValue | Sequence[SSAValue] | None]:
        """The operands by group: a value, a list for a variadic group, None for an absent optional one."""
        operands = tuple(op.operands)
        if not self.variadic:
            return operands
        if self.sized:
            sizes: Sequence[int] = op.properties[SEGMENTS].get_values()  # pyright: ignore
        else:
            sizes = [1] * self.groups
            sizes[self.variadic[0]] = len(operands) - self.groups + 1
        groups: list[SSAValue | Sequence[SSAValue] | None] = []
        start = 0
        for i, size in enumerate(sizes):
            if i in self.optional:
                groups.append(operands[start] if size else None)
            else:
                groups.append(operands[start : start + size] if i in self.variadic else operands[start])
            start += size
        return groups

    def result_groups(self, op: Operation) -> Sequence[ResultTypes]:
        """The result types, one entry per result of the schema."""
        types = iter(op.result_types)
        if self.results_sized:
            sizes: Sequence[int] = op.properties[RESULT_SEGMENTS].get_values()  # pyright: ignore
        else:
            sizes = [1] * self.results
            for i in self.result_variadic:
                sizes[i] = len(op.results) - self.results + 1
        return [
            [next(types) for _ in range(size)] if i in self.result_variadic else next(types)
            for i, size in enumerate(sizes)
        ]

    def unknown(self, name: str) -> str:
        """The sentence about an argument that the operation does not have."""
        from difflib import get_close_matches

        near = get_close_matches(name, self.by_name, 1)
        hint = f" (did you mean `{near[0]}`?)" if near else ""
        return f"{self.op_name} has no argument `{name}`{hint}; it has: {', '.join(self.by_name) or 'none'}"
