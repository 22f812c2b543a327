"""Control flow on edge: choices and loops with regions that see the values around them.

    %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
      %b = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
      edge.yield %b : tensor<4xf32>
    } else {
      edge.yield %x : tensor<4xf32>
    }

Everything is a tensor: conditions and numbers that a loop carries have rank 0. Weights are the same values inside and
outside of a region, so that optimisations treat both alike. What goes into a region as an argument or comes out of it
lies in the plain dim order.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Sequence
from typing import ClassVar

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.irdl import AttrSizedOperandSegments, irdl_op_definition, traits_def
from xdsl.traits import IsTerminator, Pure, RecursiveMemoryEffect
from xdsl.utils.exceptions import VerifyException

from etc.dialects.higher_order import Cond, HigherOrderOp, Scan, WhileLoop, Yield
from etc.dialects.tensor import Tensor

__all__ = ["CondOp", "ControlFlowOp", "ScanOp", "WhileLoopOp", "YieldOp"]


@irdl_op_definition
class YieldOp(Yield):
    """`edge.yield %a, %b : types`: the results of a region."""

    name = "edge.yield"
    traits = traits_def(IsTerminator(), Pure())


class ControlFlowOp(HigherOrderOp, ABC):
    """Base of the operations with regions."""

    YIELD: ClassVar = YieldOp

    traits = traits_def(RecursiveMemoryEffect())

    def verify_(self) -> None:
        super().verify_()
        for what, value in self._passed():
            if not isinstance(value.type, TensorType):
                raise VerifyException(f"{self.name}: {what} is no tensor but {value.type}")
            if Tensor.of(value.type).dim_order is not None:
                raise VerifyException(f"{self.name}: {what} must lie in the plain dim order, found {value.type}")

    def _passed(self) -> Iterator[tuple[str, SSAValue]]:
        """What enters or leaves regions, and what to call it."""
        yield from ((f"operand {i}", value) for i, value in enumerate(self.operands))
        yield from ((f"result {i}", value) for i, value in enumerate(self.results))
        for keyword, region in zip(self.REGION_KEYWORDS, self.regions, strict=True):
            yield from ((f"argument {i} of the region `{keyword}`", v) for i, v in enumerate(region.block.args))
            yielded = enumerate(self.yielded(region))
            yield from ((f"value {i} yielded by the region `{keyword}`", v) for i, v in yielded)


@irdl_op_definition
class CondOp(ControlFlowOp, Cond):
    """The results of `then` where `predicate`, a bool tensor of one element, holds; those of `else` where not."""

    name = "edge.cond"

    def __init__(
        self, predicate: SSAValue, result_types: Sequence[Attribute], then_region: Region, else_region: Region
    ):
        super().__init__(operands=[predicate], result_types=[result_types], regions=[then_region, else_region])


@irdl_op_definition
class WhileLoopOp(ControlFlowOp, WhileLoop):
    """Repeat `do` while `while` yields true. Both take the carried values, the results are the last of them.

    `edge.while_loop(carried=[%i, %x])`. `while` yields one bool tensor of rank 0, `do` the next carried values.
    """

    name = "edge.while_loop"

    def __init__(
        self,
        carried: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        condition_region: Region,
        body_region: Region,
    ):
        super().__init__(operands=[carried], result_types=[result_types], regions=[condition_region, body_region])


@irdl_op_definition
class ScanOp(ControlFlowOp, Scan):
    """Fold along dimension 0 and keep what each step gives: `edge.scan(init=[%h], xs=[%x])`.

    `combine` takes the carried values, first `init`, and one slice of each of `xs`; it yields the next carried values
    and then a slice for each stacked result. The results are the last carried values and the stacked slices. All `xs`
    have as many slices; there is at least one of them. Without carried values it maps a function over slices.
    """

    name = "edge.scan"
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        init: Sequence[SSAValue],
        xs: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        combine_region: Region,
    ):
        super().__init__(operands=[init, xs], result_types=[result_types], regions=[combine_region])

    def verify_(self) -> None:
        if not self.xs:
            raise VerifyException(f"{self.name}: expected at least one of `xs`, whose size says how often to repeat")
        super().verify_()


OPERATIONS: tuple[type[Operation], ...] = (CondOp, ScanOp, WhileLoopOp, YieldOp)
