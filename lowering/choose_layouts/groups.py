"""Which tensors of a method must have the same order of dimensions, and which keep the one that they have."""

from __future__ import annotations

from xdsl.dialects import arith, linalg, tensor
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import program
from etc.dialects.blob import Blob

_PARTS = (tensor.CastOp, tensor.ExtractSliceOp, tensor.InsertSliceOp, tensor.PadOp)
"""Operations that are tied to their source. Constants have an order of their own."""


class Groups:
    """Tensors with one order, as disjoint sets."""

    def __init__(self, method: FuncOp):
        self._parent: dict[SSAValue, SSAValue] = {}
        self._pinned: set[SSAValue] = set()
        for argument in method.body.block.args:
            self._pin(argument)
        for op in method.body.walk():
            self._visit(op)

    def root(self, value: SSAValue) -> SSAValue:
        """The tensor that stands for all that have the order of `value`."""
        while (above := self._parent.get(value, value)) is not value:
            value = above
        return value

    def is_pinned(self, value: SSAValue) -> bool:
        return self.root(value) in self._pinned

    def _visit(self, op: Operation) -> None:
        if isinstance(op, _PARTS) and constant_of(op.source) is not None:
            self._pin(op.source)
        match op:
            case linalg.ops.GenericOp():
                for result, out in zip(op.results, op.outputs, strict=True):
                    self._tie(result, out)
            case tensor.CastOp():
                self._tie(op.source, op.dest)
            case tensor.PadOp() if not (op.low or op.high or any(arg.first_use for arg in op.region.block.args)):
                self._tie(op.source, op.result)
            case tensor.ExtractSliceOp() | tensor.InsertSliceOp() if _keeps_rank(op):
                for value in (*op.operands, *op.results):
                    if isinstance(value.type, TensorType):
                        self._tie(op.operands[0], value)
            case tensor.EmptyOp() | tensor.ExtractOp() | program.ConstantOp():
                pass
            case program.LoadOp() | tensor.ReshapeOp() if constant_of(op.results[0]) is not None:
                pass
            case tensor.DimOp() if isinstance(op.index.owner, arith.ConstantOp):
                pass
            case _:
                arguments = [arg for region in op.regions for block in region.blocks for arg in block.args]
                for value in (*op.operands, *op.results, *arguments):
                    self._pin(value)

    def _tie(self, a: SSAValue, b: SSAValue) -> None:
        one, other = self.root(a), self.root(b)
        if one is not other:
            self._parent[one] = other
            if one in self._pinned:
                self._pinned.add(other)

    def _pin(self, value: SSAValue) -> None:
        if isinstance(value.type, TensorType):
            self._pinned.add(self.root(value))


def _keeps_rank(op: tensor.ExtractSliceOp | tensor.InsertSliceOp) -> bool:
    ranks = {len(v.type.get_shape()) for v in (*op.operands, *op.results) if isinstance(v.type, TensorType)}
    return len(ranks) == 1


def constant_of(value: SSAValue) -> Blob | None:
    """The content of a tensor that is known at compile time, reshaped or not."""
    while isinstance(value.owner, tensor.ReshapeOp):
        value = value.owner.source
    return program.constant_of(value)
