"""What higher-order operators of all dialects share: their text, and how regions agree with their operation.

    %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
      …
      edge.yield %a : tensor<4xf32>
    } else {
      …
    }

Each region is one block that ends with the dialect's `yield`. Element types, ranks and static sizes agree between a
region and its operation; sizes that depend on symbols need not. A dialect whose regions see only their arguments
declares operands `captures`, which become the last arguments of every region.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType, f64, i1, i64
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.irdl import IRDLOperation, OpDef, VariadicDef, operand_def, region_def, var_operand_def, var_result_def
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects.schema_verify import TENSOR, TypeConstraint

VALUE = TypeConstraint((TensorType, i64, f64, i1), "a ranked tensor, i64, f64 or i1")


class Yield(IRDLOperation):
    """Base: the results of a region of a higher-order operator."""

    values = var_operand_def(VALUE)

    assembly_format = "($values^ `:` type($values))? attr-dict"

    def __init__(self, *values: SSAValue):
        super().__init__(operands=[values])


class HigherOrderOp(IRDLOperation, ABC):
    """Base: `name(%single, group=[…]) : type` and then each region by its keyword, with its arguments if it has any."""

    REGION_KEYWORDS: ClassVar[tuple[str, ...]]
    YIELD: ClassVar[type[Yield]]
    """What ends a region."""

    @property
    def captured(self) -> Sequence[SSAValue]:
        """Values from outside that the last arguments of every region stand for."""
        return ()

    def yielded(self, region: Region) -> Sequence[SSAValue]:
        """The values that a region ends with."""
        last = region.block.last_op
        assert isinstance(last, Yield)
        return last.values

    def print(self, printer: Printer) -> None:
        printer.print_string("(")
        printer.print_list(_shown_groups(self), lambda item: _print_group(printer, *item))
        printer.print_string(")")
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_function_type(self.operand_types, self.result_types)
        for keyword, region in zip(self.REGION_KEYWORDS, self.regions, strict=True):
            printer.print_string(f" {keyword}")
            if region.block.args:
                with printer.in_parens():
                    printer.print_list(region.block.args, printer.print_block_argument)
            printer.print_string(" ")
            printer.print_region(region, print_entry_block_args=False)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        definition = cls.get_irdl_definition()
        groups: dict[str, list[UnresolvedOperand]] = {name: [] for name, _ in definition.operands}

        def group() -> None:
            position = parser.pos
            name = parser.parse_optional_identifier()
            if name is None:
                single = next((n for n, d in definition.operands if not isinstance(d, VariadicDef)), None)
                if single is None or groups[single]:
                    parser.raise_error(f"expected one of {', '.join(groups)} of {cls.name}", position)
                groups[single].append(parser.parse_unresolved_operand(f"expected an operand of {cls.name}"))
                return
            if name not in groups:
                parser.raise_error(f"{cls.name} has no operands `{name}`; it has: {', '.join(groups)}", position)
            parser.parse_punctuation("=", f" after `{name}` of {cls.name}")
            groups[name] += parser.parse_comma_separated_list(
                parser.Delimiter.SQUARE, parser.parse_unresolved_operand, f" for `{name}` of {cls.name}"
            )

        parser.parse_comma_separated_list(parser.Delimiter.PAREN, group)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":", " before the type of the operation")
        position = parser.pos
        signature = parser.parse_function_type()
        flat = [operand for operands in groups.values() for operand in operands]
        values = iter(parser.resolve_operands(flat, signature.inputs.data, position))
        operands = [_take(definition, name, values, len(group)) for name, group in groups.items()]
        regions: list[Region] = []
        for keyword in cls.REGION_KEYWORDS:
            parser.parse_keyword(keyword, f" before a region of {cls.name}")
            arguments = parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, lambda: _argument(parser))
            regions.append(parser.parse_region(arguments or ()))
        return cls.build(
            operands=operands, result_types=[signature.outputs.data], attributes=attributes, regions=regions
        )

    def check_region(self, index: int, arguments: Sequence[Attribute], results: Sequence[Attribute]) -> None:
        """Compare block arguments with what they stand for, yielded values with what the operation makes of them."""
        keyword, region = self.REGION_KEYWORDS[index], self.regions[index]
        _compare(self, f"argument {{}} of the region `{keyword}`", [a.type for a in region.block.args], arguments)
        last = region.block.last_op
        if not isinstance(last, self.YIELD):
            raise VerifyException(f"the region `{keyword}` of {self.name} must end with {self.YIELD.name}")
        _compare(self, f"value {{}} yielded by the region `{keyword}`", last.operand_types, results)


def _argument(parser: Parser) -> Parser.Argument:
    argument = parser.parse_argument()
    argument.location = parser.parse_optional_location()
    return argument


def _take(definition: OpDef, name: str, values: Any, count: int) -> Any:
    taken = [next(values) for _ in range(count)]
    single = not isinstance(dict(definition.operands)[name], VariadicDef)
    return taken[0] if single and taken else taken


def _shown_groups(op: HigherOrderOp) -> Iterable[tuple[str, Any]]:
    for name, _ in op.get_irdl_definition().operands:
        value = getattr(op, name)
        if isinstance(value, SSAValue) or value:
            yield name, value


def _print_group(printer: Printer, name: str, value: Any) -> None:
    if isinstance(value, SSAValue):
        printer.print_ssa_value(value)  # pyright: ignore[reportUnknownArgumentType]
    else:
        printer.print_string(f"{name}=[")
        printer.print_list(value, printer.print_ssa_value)
        printer.print_string("]")


def _compare(op: Operation, what: str, found: Sequence[Attribute], expected: Sequence[Attribute]) -> None:
    place = what.format("{}").replace(" {}", "s")
    if len(found) != len(expected):
        raise VerifyException(f"{op.name}: expected {len(expected)} {place}, found {len(found)}")
    for i, (have, want) in enumerate(zip(found, expected, strict=True)):
        if not compatible(have, want):
            raise VerifyException(f"{op.name}: {what.format(i)} has type {have}, expected {want}")


def compatible(a: Attribute, b: Attribute) -> bool:
    """Whether the types can describe one value: equal, or tensors that differ only in sizes unknown to one of them."""
    if a == b or not isinstance(a, TensorType) or not isinstance(b, TensorType):
        return a == b
    if a.element_type != b.element_type or a.get_num_dims() != b.get_num_dims():
        return False
    return all(x == y or DYNAMIC_INDEX in (x, y) for x, y in zip(a.get_shape(), b.get_shape(), strict=True))


def types_of(values: Iterable[SSAValue]) -> list[Attribute]:
    return [v.type for v in values]


def slice_types(op: Operation, values: Iterable[SSAValue]) -> list[Attribute]:
    """The types of the elements of `values` along dimension 0. Raises VerifyException for what has no dimension."""
    return [_element(op, type) for type in types_of(values)]


def _element(op: Operation, type: Attribute) -> Attribute:
    if not isinstance(type, TensorType) or type.get_num_dims() == 0:
        raise VerifyException(f"{op.name} goes along dimension 0, but {type} has none")
    return TensorType(type.element_type, type.get_shape()[1:])


class Cond(HigherOrderOp, ABC):
    """Base: the results of one of two regions."""

    REGION_KEYWORDS: ClassVar = ("then", "else")

    predicate = operand_def(TypeConstraint((TensorType, i1), "a bool tensor or i1"))
    outputs = var_result_def(VALUE)
    then_region = region_def("single_block")
    else_region = region_def("single_block")

    def verify_(self) -> None:
        for i in range(2):
            self.check_region(i, types_of(self.captured), self.result_types)


class WhileLoop(HigherOrderOp, ABC):
    """Base: repeat `do` while `while` yields true. Both take the carried values; the results are the last of them."""

    REGION_KEYWORDS: ClassVar = ("while", "do")

    carried = var_operand_def(VALUE)
    outputs = var_result_def(VALUE)
    condition_region = region_def("single_block")
    body_region = region_def("single_block")

    def verify_(self) -> None:
        arguments = [*types_of(self.carried), *types_of(self.captured)]
        last = self.condition_region.block.last_op
        found = last.operand_types if isinstance(last, Yield) else ()
        scalar = len(found) == 1 and found[0] == i1
        self.check_region(0, arguments, [i1 if scalar else TensorType(i1, [])])
        self.check_region(1, arguments, types_of(self.carried))
        _compare(self, "result {}", self.result_types, types_of(self.carried))


class Scan(HigherOrderOp, ABC):
    """Base: fold along dimension 0 and keep what each step gives."""

    REGION_KEYWORDS: ClassVar = ("combine",)

    init = var_operand_def(VALUE)
    xs = var_operand_def(TENSOR)
    outputs = var_result_def(VALUE)
    combine_region = region_def("single_block")

    def verify_(self) -> None:
        carried = types_of(self.init)
        count = len(carried)
        arguments = [*carried, *slice_types(self, self.xs), *types_of(self.captured)]
        self.check_region(0, arguments, [*carried, *slice_types(self, self.outputs[count:])])
        _compare(self, "carried result {}", self.result_types[:count], carried)
