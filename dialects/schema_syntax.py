"""Text of operations that follow a schema: `(%x, [%a, none], bias=%b, stride=[2, 2]) : (…) -> …`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer

from etc.dialects.schema_plan import Plan, ResultTypes, Slot


def print_arguments(printer: Printer, values: Iterable[tuple[Slot, Any]]) -> None:
    """The arguments in parentheses, without those that have their default."""
    shown = [(slot, value) for slot, value in values if _is_shown(slot, value)]
    printer.print_string("(")
    printer.print_list(shown, lambda item: _print_argument(printer, *item))
    printer.print_string(")")


def _is_shown(slot: Slot, value: Any) -> bool:
    if slot.positional:
        return True
    if value is None:
        return False
    if slot.kind is None:
        return slot.group >= 0
    default = slot.default
    return type(value) is not type(default) or value != default


def _print_argument(printer: Printer, slot: Slot, value: Any) -> None:
    if not slot.positional:
        printer.print_string(f"{slot.arg.name}=")
    if slot.kind is not None:
        slot.kind.print(printer, value)
    elif slot.is_list:
        printer.print_string("[")
        printer.print_list(value, lambda v: _print_optional(printer, v))
        printer.print_string("]")
    else:
        printer.print_ssa_value(value)


def _print_optional(printer: Printer, value: SSAValue | None) -> None:
    if value is None:
        printer.print_string("none")
    else:
        printer.print_ssa_value(value)


def parse_arguments(plan: Plan, parser: Parser) -> dict[str, Any]:
    """The arguments in parentheses as Python values, operands unresolved."""
    args: dict[str, Any] = {}
    positional = iter([slot for slot in plan.slots if slot.positional])

    def argument() -> None:
        position = parser.pos
        name = parser.parse_optional_identifier()
        if name is None:
            slot = next((slot for slot in positional if slot.arg.name not in args), None)
            if slot is None:
                parser.raise_error(
                    f"{plan.op_name} has no further positional argument; write name=value, as in {example(plan)}",
                    position,
                )
        else:
            slot = plan.by_name.get(name)
            if slot is None:
                parser.raise_error(plan.unknown(name), position)
            if name in args:
                parser.raise_error(f"argument `{name}` of {plan.op_name} is given twice", position)
            parser.parse_punctuation("=", f" after the name of argument `{name}` of {plan.op_name}")
        args[slot.arg.name] = _parse_value(plan, slot, parser)

    parser.parse_comma_separated_list(parser.Delimiter.PAREN, argument)
    for slot in plan.slots:
        if slot.arg.required and not slot.arg.type.endswith("?") and slot.arg.name not in args:
            parser.raise_error(
                f"argument `{slot.arg.name}` of {plan.op_name} is missing: expected {slot.noun}; "
                f"its schema is {plan.schema}"
            )
    return args


def example(plan: Plan) -> str:
    """A skeleton of the operation's arguments: `(%self, dim=…)`."""
    shown = (f"%{s.arg.name}" if s.positional else f"{s.arg.name}=…" for s in plan.slots)
    return f"{plan.op_name}({', '.join(shown)})"


def _parse_value(plan: Plan, slot: Slot, parser: Parser) -> Any:
    context = f" for argument `{slot.arg.name}` of {plan.op_name}"
    position = parser.pos
    if slot.kind is not None:
        value = slot.kind.parse(parser, context)
        if plan.sym < 0 and any(True for _ in _unresolved(value)):
            parser.raise_error(
                f"expected {slot.noun}{context}, found an operand; here sizes are numbers or expressions such as s0*2",
                position,
            )
        return value
    if slot.is_list:
        values = parser.parse_optional_comma_separated_list(
            parser.Delimiter.SQUARE, lambda: _parse_operand(slot, parser, context)
        )
        if values is None:
            parser.raise_error(f"expected a list of tensors in brackets{context}", position)
        return values
    return _parse_operand(slot, parser, context)


def _parse_operand(slot: Slot, parser: Parser, context: str) -> UnresolvedOperand | None:
    if "?[]" in slot.arg.type and parser.parse_optional_keyword("none") is not None:
        return None
    return parser.expect(parser.parse_optional_unresolved_operand, f"expected a tensor operand such as %x{context}")


def _unresolved(value: Any) -> Iterator[UnresolvedOperand]:
    if isinstance(value, UnresolvedOperand):
        yield value
    elif isinstance(value, list):
        yield from (v for v in value if isinstance(v, UnresolvedOperand))  # pyright: ignore


def print_signature(printer: Printer, plan: Plan, op: Operation) -> None:
    """`(…) -> …`, as of every operation; where several results are lists, each list stands in brackets."""
    if not plan.results_sized:
        return printer.print_function_type(op.operand_types, op.result_types)
    printer.print_string("(")
    printer.print_list(op.operand_types, printer.print_attribute)
    printer.print_string(") -> (")
    printer.print_list(plan.result_groups(op), lambda group: _print_result_group(printer, group))
    printer.print_string(")")


def _print_result_group(printer: Printer, group: Attribute | Sequence[Attribute]) -> None:
    if isinstance(group, Attribute):
        return printer.print_attribute(group)
    printer.print_string("[")
    printer.print_list(group, printer.print_attribute)
    printer.print_string("]")


def _parse_signature(plan: Plan, parser: Parser) -> tuple[Sequence[Attribute], Sequence[ResultTypes]]:
    """The operand types and the result types."""
    if not plan.results_sized:
        signature = parser.parse_function_type()
        return signature.inputs.data, signature.outputs.data

    def group() -> ResultTypes:
        types = parser.parse_optional_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_type)
        return parser.parse_type() if types is None else types

    inputs = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
    parser.parse_punctuation("->")
    return inputs, parser.parse_comma_separated_list(parser.Delimiter.PAREN, group)


def resolve(plan: Plan, parser: Parser, args: dict[str, Any]) -> Sequence[ResultTypes]:
    """Read the operation's type; replace the operands in `args` by their values; give the result types."""
    position = parser.pos
    inputs, outputs = _parse_signature(plan, parser)
    operands = sorted((slot for slot in plan.slots if slot.group >= 0), key=lambda slot: slot.group)
    dynamic = [slot for slot in plan.slots if slot.kind is not None and slot.kind.dynamic]
    given = [slot for slot in (*operands, *dynamic) if slot.arg.name in args]
    count = sum(1 for slot in given for _ in _unresolved(args[slot.arg.name]))
    if count != len(inputs):
        parser.raise_error(
            f"{plan.op_name} has {count} operands in its arguments, but its type has {len(inputs)}", position
        )
    if len(outputs) != plan.results and (plan.results_sized or not plan.result_variadic):
        parser.raise_error(f"{plan.op_name} has {plan.results} results, but its type has {len(outputs)}", position)
    types = iter(inputs)

    def value(v: Any) -> Any:
        if isinstance(v, UnresolvedOperand):
            return parser.resolve_operand(v, next(types))
        return [value(e) for e in v] if isinstance(v, list) else v  # pyright: ignore[reportUnknownVariableType]

    for slot in given:
        args[slot.arg.name] = value(args[slot.arg.name])
    return outputs
