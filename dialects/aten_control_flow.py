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

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar

from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import IsolatedFromAbove, IsTerminator, Pure, RecursiveMemoryEffect

from etc.dialects.higher_order import VALUE, Cond, HigherOrderOp, Scan, WhileLoop, Yield, slice_types, types_of
from etc.dialects.schema_verify import TENSOR


@irdl_op_definition
class YieldOp(Yield):
    """`aten.yield %a, %b : types`: the results of a region of a higher-order operator."""

    name = "aten.yield"
    traits = traits_def(IsTerminator(), Pure())


class CapturingOp(HigherOrderOp, ABC):
    """Base: regions see nothing but their arguments; what they need from outside is in `captures`."""

    YIELD: ClassVar = YieldOp

    captures = var_operand_def(VALUE)

    traits = traits_def(IsolatedFromAbove(), RecursiveMemoryEffect())

    @property
    def captured(self) -> Sequence[SSAValue]:
        return self.captures


@irdl_op_definition
class CondOp(Cond, CapturingOp):
    """`torch.cond(predicate, true_fn, false_fn, captures)`: the results of one of two regions.

    `predicate` is a bool tensor of one element or an i1. Both regions take `captures` and yield the results.
    """

    name = "aten.cond"

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


@irdl_op_definition
class WhileLoopOp(WhileLoop, CapturingOp):
    """`torch.while_loop(cond_fn, body_fn, carried, captures)`: repeat `do` while `while` yields true.

    Both regions take `carried` and `captures`; `while` yields one bool (tensor or i1), `do` the next `carried`. The
    results are the last `carried`.
    """

    name = "aten.while_loop"
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


@irdl_op_definition
class ScanOp(Scan, CapturingOp):
    """`torch.scan(combine_fn, init, xs)`: fold along dimension 0 and keep what each step gives.

    `combine` takes the carried values (first `init`), one slice of each of `xs`, and `captures`; it yields the next
    carried values and then one slice for each stacked result. The results are the last carried values and the
    stacked slices.
    """

    name = "aten.scan"
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


@irdl_op_definition
class MapOp(CapturingOp):
    """`torch.ops.higher_order.map_impl(f, xs, captures)`: apply `do` to each slice along dimension 0 and stack.

    `do` takes one slice of each of `xs` and `captures`; it yields one slice of each result.
    """

    name = "aten.map"
    REGION_KEYWORDS: ClassVar = ("do",)

    xs = var_operand_def(TENSOR)
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
        arguments = [*slice_types(self, self.xs), *types_of(self.captures)]
        self.check_region(0, arguments, slice_types(self, self.outputs))


OPERATIONS: list[type[Operation]] = [CondOp, WhileLoopOp, ScanOp, MapOp, YieldOp]
