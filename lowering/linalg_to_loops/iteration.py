"""What a `linalg.generic` over buffers iterates over, and how it reaches its operands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xdsl.dialects import linalg
from xdsl.dialects.builtin import MemRefType
from xdsl.dialects.linalg import IteratorType
from xdsl.ir import Block, BlockArgument, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineMap

from etc.errors import EtcError, problem_at
from etc.lowering.linalg_to_loops.builder import Index, LoopBuilder


@dataclass(frozen=True)
class Access:
    """An operand of a generic: `argument` of its body is the element of `buffer` at `map(loop indices)`."""

    buffer: SSAValue
    map: AffineMap
    argument: BlockArgument

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


@dataclass(frozen=True)
class Iteration:
    """The loops of a generic, parallel and reduction, with inputs and outputs."""

    op: linalg.GenericOp
    inputs: tuple[Access, ...]
    outputs: tuple[Access, ...]
    parallel: tuple[int, ...]
    reduction: tuple[int, ...]

    @staticmethod
    def of(op: linalg.GenericOp) -> Iteration:
        accesses = [
            Access(operand, map.data, argument)
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


def position(access: Access, indices: Mapping[int, Index], build: LoopBuilder) -> list[Index]:
    """The indices of the element of an operand at a point of the iteration."""
    return [build.affine(expr, indices) for expr in access.map.results]
