"""`SchemaOp`: an operation whose operands, properties and text follow the schema of an operator.

    %c = aten.convolution(%x, %w, bias=%b, stride=[2, 2], padding=[1, 1]) : (…) -> tensor<1x32x112x112xf32>

Tensors are operands, everything else is a property; schema_kinds.py says how each type stands. Required tensors
are positional, the rest is `name=value`; arguments that have their default are not printed. Aten, the edge dialect
and custom operators share the printer, the parser and the Python access to arguments that are defined here.

A class names its schema by `ATEN` (a key of the table) or holds it in `SCHEMA`. It declares an operand for each
tensor argument and a property for each other argument that it keeps, under the argument's name (with a trailing `_`
where Python or xDSL need the name). An operand group called `sym` holds sizes and numbers that are computed at run
time; a property `<name>_mask` marks the holes of a list of optional tensors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NoReturn, Self

from xdsl.dialects.builtin import DenseArrayBase, LocationAttr, i1, i32
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects import schema
from etc.dialects.schema import Arg, Schema
from etc.dialects.schema_plan import RESULT_SEGMENTS, SEGMENTS, Plan, ResultTypes, Slot
from etc.dialects.schema_syntax import parse_arguments, print_arguments, print_signature, resolve
from etc.errors import EtcError

_plans: dict[type[SchemaOp], Plan] = {}


def plan_of(cls: type[SchemaOp]) -> Plan:
    """The plan of a class."""
    plan = _plans.get(cls)
    if plan is None:
        plan = _plans[cls] = Plan(cls, cls.schema())
    return plan


@lru_cache(maxsize=1024)
def _sizes(sizes: tuple[int, ...]) -> Attribute:
    return DenseArrayBase.from_list(i32, sizes)


@lru_cache(maxsize=256)
def _mask(present: tuple[bool, ...]) -> Attribute:
    return DenseArrayBase.from_list(i1, present)


class SchemaOp(IRDLOperation):
    """Base of the operations that a schema describes."""

    ATEN: ClassVar[str] = ""
    """Key of the schema in the ATen table: "add.Tensor"."""

    SCHEMA: ClassVar[Schema | None] = None
    """The schema of an operator that is not in the table."""

    REFERENCE: ClassVar[str] = ""
    """`module:function` that computes, on torch tensors, an operator that torch does not have."""

    @classmethod
    def schema(cls) -> Schema:
        """The operator's signature."""
        return cls.SCHEMA or schema.table()[cls.ATEN]

    @classmethod
    def make(
        cls,
        args: Mapping[str, object],
        result_types: Sequence[ResultTypes],
        *,
        attributes: Mapping[str, Attribute] | None = None,
        location: LocationAttr | None = None,
    ) -> Self:
        """Build from schema names to values: SSA values (lists of them, None) for tensors, Python values for the rest.

        An SSA value may also stand for, or in a list of, sizes and numbers when the class has operands `sym`. Arguments
        that are left out take their default. `result_types` has one entry per result of the schema, a list for a
        result that is a list; with a single list result its types may stand there directly.
        Raises EtcError naming the argument for a missing or unknown one and for a value of the wrong kind.
        """
        plan = plan_of(cls)
        groups: list[Sequence[SSAValue]] = [()] * plan.groups
        sym: list[SSAValue] = []
        properties: dict[str, Attribute] = {}
        used = 0
        for slot in plan.slots:
            name = slot.arg.name
            value = args.get(name)
            used += name in args
            if slot.kind is None:
                if slot.group >= 0:
                    groups[slot.group] = _operands(cls, slot, value, properties)
                elif value is not None and value != slot.default:
                    _reject(cls, slot, value, "nothing: this operation has no such argument")
            elif value is not None:
                encoded = slot.kind.encode(_extract(value, sym) if slot.kind.dynamic else value)
                if encoded is None:
                    _reject(cls, slot, value, slot.noun)
                properties[name] = encoded
            elif slot.arg.required and not slot.arg.type.endswith("?"):
                _missing(cls, slot)
        if used != len(args):
            unknown = next(name for name in args if name not in plan.by_name)
            raise EtcError(plan.unknown(unknown), op=cls.name)
        if plan.sym >= 0:
            groups[plan.sym] = sym
        elif sym:
            raise EtcError(
                "a size or number is given by an operand, but this operation takes only numbers and expressions",
                op=cls.name,
            )
        if plan.sized:
            properties[SEGMENTS] = _sizes(tuple(map(len, groups)))
        types = _flatten_results(plan, result_types, properties)
        return cls.create(
            operands=[value for group in groups for value in group],
            result_types=types,
            properties=properties,
            attributes=attributes or {},
            location=location,
        )

    def argument(self, name: str) -> Any:
        """The Python value of one argument, as `arguments` gives it. Raises KeyError for an unknown name."""
        slot = plan_of(type(self)).by_name[name]
        if slot.kind is not None and not slot.kind.dynamic:
            return self._property(slot)
        return next(value for arg, value in self.arguments() if arg.name == name)

    def arguments(self) -> Iterator[tuple[Arg, Any]]:
        """The arguments in the order of the schema with their Python values, defaults filled in.

        Tensors: an SSA value, None, or a list of them. Others: int, Expr, float, bool, str, Dtype, None or a list;
        an SSA value where an operand of `sym` holds a size or number.
        """
        plan = plan_of(type(self))
        groups = plan.segments(self)
        sym = iter(groups[plan.sym]) if plan.sym >= 0 else iter(())  # pyright: ignore
        for slot in plan.slots:
            if slot.group >= 0:
                value = groups[slot.group]
                if slot.is_list:
                    value = self._with_holes(slot, value)  # pyright: ignore
                yield slot.arg, value
            elif slot.kind is None:
                yield slot.arg, slot.default
            else:
                value = self._property(slot)
                if slot.kind.dynamic:
                    if isinstance(value, list):
                        value = [next(sym, None) if v is None else v for v in value]  # pyright: ignore
                    elif value is None and slot.arg.name in self.properties:
                        value = next(sym, None)
                yield slot.arg, value

    def _property(self, slot: Slot) -> Any:
        assert slot.kind is not None
        attribute = self.properties.get(slot.arg.name)
        if attribute is not None:
            return slot.kind.decode(attribute)
        return list(slot.default) if isinstance(slot.default, list) else slot.default  # pyright: ignore

    def _with_holes(self, slot: Slot, values: Sequence[SSAValue]) -> list[SSAValue | None] | None:
        mask = None if slot.mask is None else self.properties.get(slot.mask)
        if mask is None:
            return list(values) if values or not slot.arg.type.endswith("?") else None
        given = iter(values)
        return [next(given, None) if present else None for present in mask.get_values()]  # pyright: ignore

    def infer(self) -> Sequence[Attribute] | None:
        """The types that the results must have by the operands; None when they are not known. Dialects override it."""
        return None

    def verify_(self) -> None:
        """Compare the results with what `infer` says."""
        expected = self.infer()
        if expected is None:
            return
        found = self.result_types
        if len(expected) != len(found):
            raise VerifyException(f"{self.name} has {len(found)} results, its operands give {len(expected)}")
        for i, (want, have) in enumerate(zip(expected, found, strict=True)):
            if want != have:
                raise VerifyException(f"result {i} of {self.name} has type {have}, its operands give {want}")

    def print(self, printer: Printer) -> None:
        plan = plan_of(type(self))
        values = (value for _, value in self.arguments())
        print_arguments(printer, zip(plan.slots, values, strict=True))
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        print_signature(printer, plan, self)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        plan = plan_of(cls)
        position = parser.pos
        args = parse_arguments(plan, parser)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":", " before the type of the operation")
        results = resolve(plan, parser, args)
        try:
            return cls.make(args, results, attributes=attributes)
        except EtcError as error:
            parser.raise_error(str(error), position)


def _extract(value: object, sym: list[SSAValue]) -> object:
    """`value` with None for each SSA value, which is moved to `sym`."""
    if isinstance(value, SSAValue):
        sym.append(value)  # pyright: ignore[reportUnknownArgumentType]
        return None
    if isinstance(value, list | tuple):
        return [_extract(v, sym) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _operands(cls: type[SchemaOp], slot: Slot, value: Any, properties: dict[str, Attribute]) -> Sequence[SSAValue]:
    """The operands of one tensor argument."""
    if isinstance(value, SSAValue) and not slot.is_list:
        return (value,)  # pyright: ignore[reportUnknownVariableType]
    if value is None:
        if slot.arg.required and not slot.arg.type.endswith("?"):
            _missing(cls, slot)
        return ()
    if slot.is_list and isinstance(value, list | tuple):
        values: Sequence[Any] = value  # pyright: ignore[reportUnknownVariableType]
        present = tuple(v is not None for v in values)
        if slot.mask is not None and not all(present):
            properties[slot.mask] = _mask(present)
            values = [v for v in values if v is not None]
        if all(isinstance(v, SSAValue) for v in values):
            return values
    noun = {"Tensor[]": "a list of tensors", "Tensor?[]": "a list of tensors and None"}
    _reject(cls, slot, value, noun.get(slot.arg.type, "a tensor"))


def _flatten_results(plan: Plan, types: Sequence[ResultTypes], properties: dict[str, Attribute]) -> Sequence[Attribute]:
    if all(isinstance(t, Attribute) for t in types) and not plan.results_sized:
        return types  # pyright: ignore[reportReturnType]
    groups = [[t] if isinstance(t, Attribute) else list(t) for t in types]
    if plan.results_sized:
        properties[RESULT_SEGMENTS] = _sizes(tuple(map(len, groups)))
    return [t for group in groups for t in group]


def _missing(cls: type[SchemaOp], slot: Slot) -> NoReturn:
    raise EtcError(
        f"argument `{slot.arg.name}` is missing", op=cls.name, expected=f"{slot.arg} by the schema {cls.schema()}"
    )


def _reject(cls: type[SchemaOp], slot: Slot, value: object, expected: str) -> NoReturn:
    raise EtcError(
        f"argument `{slot.arg.name}` has a value of the wrong kind",
        op=cls.name,
        expected=expected,
        found=f"{value} ({type(value).__name__})",
    )
