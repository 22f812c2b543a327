"""Higher-order operators of torch as operations with regions.

    %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
      %b = aten.relu(%a) : (tensor<4xf32>) -> tensor<4xf32>
      aten.yield %b : tensor<4xf32>
    } else(%a: tensor<4xf32>) {
      aten.yield %a : tensor<4xf32>
    }

A region sees only its block arguments, as torch lifts every captured value; `aten.yield` ends it. Element types,
ranks and static sizes agree between a region and its operation; sizes that depend on symbols need not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType, f64, i1, i64
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    OpDef,
    VariadicDef,
    irdl_op_definition,
    operand_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, IsTerminator, Pure, RecursiveMemoryEffect
from xdsl.utils.exceptions import VerifyException

from etc.dialects.schema_verify import TENSOR, TypeConstraint

_VALUE = TypeConstraint((TensorType, i64, f64, i1), "a ranked tensor, i64, f64 or i1")


@irdl_op_definition
class YieldOp(IRDLOperation):
    """`aten.yield %a, %b : types`: the results of a region of a higher-order operator."""

    name = "aten.yield"

    values = var_operand_def(_VALUE)

    traits = traits_def(IsTerminator(), Pure())

    assembly_format = "($values^ `:` type($values))? attr-dict"

    def __init__(self, *values: SSAValue):
        super().__init__(operands=[values])


class HigherOrderOp(IRDLOperation):
    """Base: `name(%single, group=[…]) : type` and then each region by its keyword, with its arguments."""

    REGION_KEYWORDS: ClassVar[tuple[str, ...]]

    traits = traits_def(IsolatedFromAbove(), RecursiveMemoryEffect())

    def print(self, printer: Printer) -> None:
        printer.print_string("(")
        printer.print_list(_shown_groups(self), lambda item: _print_group(printer, *item))
        printer.print_string(")")
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_function_type(self.operand_types, self.result_types)
        for keyword, region in zip(self.REGION_KEYWORDS, self.regions, strict=True):
            printer.print_string(f" {keyword}")
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
            arguments = parser.parse_comma_separated_list(parser.Delimiter.PAREN, lambda: _argument(parser))
            regions.append(parser.parse_region(arguments))
        return cls.build(
            operands=operands, result_types=[signature.outputs.data], attributes=attributes, regions=regions
        )

    def _check_region(self, index: int, arguments: Sequence[Attribute], results: Sequence[Attribute]) -> None:
        """Compare block arguments with what they stand for, yielded values with what the operation makes of them."""
        keyword, region = self.REGION_KEYWORDS[index], self.regions[index]
        _compare(self, f"argument {{}} of the region `{keyword}`", [a.type for a in region.block.args], arguments)
        last = region.block.last_op
        if not isinstance(last, YieldOp):
            raise VerifyException(f"the region `{keyword}` of {self.name} must end with aten.yield")
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


def _types(values: Iterable[SSAValue]) -> list[Attribute]:
    return [v.type for v in values]


def _slices(op: Operation, values: Sequence[SSAValue]) -> list[Attribute]:
    """The types of the elements along dimension 0."""
    return [_element(op, v.type) for v in values]


def _element(op: Operation, type: Attribute) -> Attribute:
    if not isinstance(type, TensorType) or type.get_num_dims() == 0:
        raise VerifyException(f"{op.name} goes along dimension 0, but {type} has none")
    return TensorType(type.element_type, type.get_shape()[1:])


@irdl_op_definition
class CondOp(HigherOrderOp):
    """`torch.cond(predicate, true_fn, false_fn, captures)`: the results of one of two regions.

    `predicate` is a bool tensor of one element or an i1. Both regions take `captures` and yield the results.
    """

    name = "aten.cond"
    REGION_KEYWORDS: ClassVar = ("then", "else")

    predicate = operand_def(TypeConstraint((TensorType, i1), "a bool tensor or i1"))
    captures = var_operand_def(_VALUE)
    outputs = var_result_def(_VALUE)
    then_region = region_def("single_block")
    else_region = region_def("single_block")

    def __init__(
        self,
        predicate: SSAValue,
        captures: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        then_region: Region,
        else_region: Region,
    ):
        super().__init__(
            operands=[predicate, captures], result_types=[result_types], regions=[then_region, else_region]
        )

    def verify_(self) -> None:
        for i in range(2):
            self._check_region(i, _types(self.captures), self.result_types)


@irdl_op_definition
class WhileLoopOp(HigherOrderOp):
    """`torch.while_loop(cond_fn, body_fn, carried, captures)`: repeat `do` while `while` yields true.

    Both regions take `carried` and `captures`; `while` yields one bool (tensor or i1), `do` the next `carried`. The
    results are the last `carried`.
    """

    name = "aten.while_loop"
    REGION_KEYWORDS: ClassVar = ("while", "do")

    carried = var_operand_def(_VALUE)
    captures = var_operand_def(_VALUE)
    outputs = var_result_def(_VALUE)
    condition_region = region_def("single_block")
    body_region = region_def("single_block")
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        carried: Sequence[SSAValue],
        captures: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        condition_region: Region,
        body_region: Region,
    ):
        super().__init__(
            operands=[carried, captures], result_types=[result_types], regions=[condition_region, body_region]
        )

    def verify_(self) -> None:
        arguments = [*_types(self.carried), *_types(self.captures)]
        last = self.condition_region.block.last_op
        found = last.operand_types if isinstance(last, YieldOp) else ()
        scalar = len(found) == 1 and found[0] == i1
        self._check_region(0, arguments, [i1 if scalar else TensorType(i1, [])])
        self._check_region(1, arguments, _types(self.carried))
        _compare(self, "result {}", self.result_types, _types(self.carried))


@irdl_op_definition
class ScanOp(HigherOrderOp):
    """`torch.scan(combine_fn, init, xs)`: fold along dimension 0 and keep what each step gives.

    `combine` takes the carried values (first `init`), one slice of each of `xs`, and `captures`; it yields the next
    carried values and then one slice for each stacked result. The results are the last carried values and the
    stacked slices.
    """

    name = "aten.scan"
    REGION_KEYWORDS: ClassVar = ("combine",)

    init = var_operand_def(_VALUE)
    xs = var_operand_def(TENSOR)
    captures = var_operand_def(_VALUE)
    outputs = var_result_def(_VALUE)
    combine_region = region_def("single_block")
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        init: Sequence[SSAValue],
        xs: Sequence[SSAValue],
        captures: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        combine_region: Region,
    ):
        super().__init__(operands=[init, xs, captures], result_types=[result_types], regions=[combine_region])

    def verify_(self) -> None:
        carried = _types(self.init)
        arguments = [*carried, *_slices(self, self.xs), *_types(self.captures)]
        stacked = [_element(self, t) for t in self.result_types[len(carried) :]]
        self._check_region(0, arguments, [*carried, *stacked])
        _compare(self, "carried result {}", self.result_types[: len(carried)], carried)


@irdl_op_definition
class MapOp(HigherOrderOp):
    """`torch.ops.higher_order.map_impl(f, xs, captures)`: apply `do` to each slice along dimension 0 and stack.

    `do` takes one slice of each of `xs` and `captures`; it yields one slice of each result.
    """

    name = "aten.map"
    REGION_KEYWORDS: ClassVar = ("do",)

    xs = var_operand_def(TENSOR)
    captures = var_operand_def(_VALUE)
    outputs = var_result_def(TENSOR)
    body_region = region_def("single_block")
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        xs: Sequence[SSAValue],
        captures: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        body_region: Region,
    ):
        super().__init__(operands=[xs, captures], result_types=[result_types], regions=[body_region])

    def verify_(self) -> None:
        arguments = [*_slices(self, self.xs), *_types(self.captures)]
        self._check_region(0, arguments, [_element(self, t) for t in self.result_types])


OPERATIONS: list[type[Operation]] = [CondOp, WhileLoopOp, ScanOp, MapOp, YieldOp]
