"""What a `linalg.generic` over buffers iterates over, and how it reaches its operands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xdsl.dialects import linalg, memref
from xdsl.dialects.builtin import IntegerType, MemRefType
from xdsl.dialects.linalg.attrs import IteratorType
from xdsl.ir import Block, BlockArgument, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
)

from etc.errors import EtcError, problem_at
from etc.lowering.linalg_to_loops.builder import Index, LoopBuilder


@dataclass(frozen=True)
class Access:
    """An operand of a generic: `argument` of its body is the element of `buffer` at `map(loop indices)`."""

    buffer: SSAValue
    map: AffineMap
    argument: BlockArgument
    is_padded: bool = False
    """Whether its positions may lie outside, where nothing counts."""

    @property
    def is_used(self) -> bool:
        """Whether the body reads it. An input that it does not read stands there for its shape."""
        return self.argument.first_use is not None

    @cached_property
    def dims(self) -> frozenset[int]:
        """The loops that its position depends on."""
        return frozenset(self.map.used_dims())

    @property
    def is_scalar(self) -> bool:
        return not isinstance(self.buffer.type, MemRefType)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.buffer.type.get_shape() if isinstance(self.buffer.type, MemRefType) else ()

    def stride(self, dim: int) -> int | None:
        """Elements between its positions in neighbouring iterations of a loop; None when that is not a known number."""
        if dim not in self.dims:
            return 0
        assert isinstance(self.buffer.type, MemRefType)
        total = 0
        for expr, stride in zip(self.map.results, self.buffer.type.get_strides() or (), strict=True):
            if dim not in expr.used_dims():
                continue
            terms = linear(expr)
            if terms is None or (terms.get(dim) and stride is None):
                return None
            total += terms.get(dim, 0) * (stride or 0)
        return total


@dataclass(frozen=True)
class Iteration:
    """The loops of a generic, parallel and reduction, with inputs and outputs."""

    op: linalg.ops.GenericOp
    inputs: tuple[Access, ...]
    outputs: tuple[Access, ...]
    parallel: tuple[int, ...]
    reduction: tuple[int, ...]

    @staticmethod
    def of(op: linalg.ops.GenericOp) -> Iteration:
        accesses = [
            Access(_without_casts(operand), map.data, argument, _is_padded(operand))
            for operand, map, argument in zip(op.operands, op.indexing_maps, op.body.block.args, strict=True)
        ]
        kinds = [kind.data for kind in op.iterator_types]
        return Iteration(
            op,
            tuple(accesses[: len(op.inputs)]),
            tuple(accesses[len(op.inputs) :]),
            tuple(i for i, kind in enumerate(kinds) if kind is IteratorType.PARALLEL),
            tuple(i for i, kind in enumerate(kinds) if kind is not IteratorType.PARALLEL),
        )

    @property
    def body(self) -> Block:
        return self.op.body.block

    @property
    def rank(self) -> int:
        return len(self.op.iterator_types)

    @property
    def is_of_integers(self) -> bool:
        """Whether all that it computes is integers."""
        types = [a.buffer.type for a in self.outputs]
        return all(isinstance(t, MemRefType) and isinstance(t.element_type, IntegerType) for t in types)

    def extents(self, build: LoopBuilder) -> list[Index]:
        """The number of iterations of each loop, from the buffers that have a dimension of that size.

        Sizes in types come first, then sizes of buffers that are used anyway. Raises EtcError for a loop without one.
        """
        return [self._extent(dim, build) for dim in range(self.rank)]

    def _extent(self, dim: int, build: LoopBuilder) -> Index:
        read = [a for a in self.inputs if a.is_used]
        known_for_shape_only = [a for a in self.inputs if not a.is_used]
        sources = [
            (access.buffer, position)
            for access in (*self.outputs, *read, *known_for_shape_only)
            for position, expr in enumerate(access.map.results)
            if expr == AffineDimExpr(dim)
        ]
        if not sources:
            raise EtcError(
                problem_at(
                    self.op,
                    f"the size of loop d{dim} cannot be told",
                    expected=f"an operand whose indexing map has d{dim} on its own",
                    next_step="add a tensor.empty of the window's shape as an input",
                )
            )
        static = [s for s in sources if isinstance(t := s[0].type, MemRefType) and t.get_shape()[s[1]] >= 0]
        return build.size(*(static or sources)[0])

    def static_extents(self) -> Mapping[int, int]:
        """The numbers of iterations that types tell."""
        found: dict[int, int] = {}
        for access in (*self.outputs, *self.inputs):
            if not isinstance(access.buffer.type, MemRefType):
                continue
            for expr, size in zip(access.map.results, access.buffer.type.get_shape(), strict=True):
                if isinstance(expr, AffineDimExpr) and size >= 0:
                    found[expr.position] = size
        return found


PADDED = "loops.padded"
"""Attribute of a cast: whoever reads its result leaves out points of the iteration whose position is outside."""


def _is_padded(buffer: SSAValue) -> bool:
    return isinstance(buffer.owner, memref.CastOp) and PADDED in buffer.owner.attributes


def _without_casts(buffer: SSAValue) -> SSAValue:
    """The buffer whose sizes a cast made unknown."""
    while isinstance(buffer.owner, memref.CastOp):
        buffer = buffer.owner.source
    return buffer


CONSTANT = -1
"""Key of the constant term in `linear`."""


def linear(expr: AffineExpr) -> dict[int, int] | None:
    """The factor of each loop index in an affine expression, its constant under CONSTANT; None with a division."""
    match expr:
        case AffineDimExpr():
            return {expr.position: 1}
        case AffineConstantExpr():
            return {CONSTANT: expr.value}
        case AffineBinaryOpExpr(AffineBinaryOpKind.Add, lhs, rhs):
            left, right = linear(lhs), linear(rhs)
            if left is None or right is None:
                return None
            return {dim: left.get(dim, 0) + right.get(dim, 0) for dim in {**left, **right}}
        case AffineBinaryOpExpr(AffineBinaryOpKind.Mul, lhs, AffineConstantExpr() as factor):
            left = linear(lhs)
            return None if left is None else {dim: times * factor.value for dim, times in left.items()}
        case AffineBinaryOpExpr(AffineBinaryOpKind.Mul, AffineConstantExpr() as factor, rhs):
            return linear(rhs * factor.value)
        case _:
            return None


def position(access: Access, indices: Mapping[int, Index], build: LoopBuilder) -> list[Index]:
    """The indices of the element of an operand at a point of the iteration."""
    return [build.affine(expr, indices) for expr in access.map.results]
