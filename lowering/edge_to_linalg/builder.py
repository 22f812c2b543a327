"""Writes what an edge operator computes as operations on tensors of the upstream dialects.

A lowering is a function of an edge operation and a `LinalgBuilder`, found by the operation's class:

    @lowers(edge.ReluOp)
    def relu(op: edge.ReluOp, b: LinalgBuilder) -> Array:
        return b.elementwise(b.result(op), [b[op.self_]], lambda x: x.maximum(0))

`Array` is a tensor with its dtype and sizes, `Scalar` a number in the body of a loop. Dim orders play no part: every
tensor lies in the plain order, and inputs and outputs in another one are transposed where a method begins and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from xdsl.dialects import cf, scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, Operation, Region, SSAValue

from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar
from etc.lowering.edge_to_linalg.tensors import (
    DOC,
    MAX_ELEMENTS,
    Array,
    Position,
    TensorBuilder,
    iterators,
    linalg_type,
)

__all__ = [
    "DOC",
    "MAX_ELEMENTS",
    "REFUSED",
    "TABLE",
    "Array",
    "LinalgBuilder",
    "Position",
    "iterators",
    "linalg_type",
    "lowers",
    "refuses",
]

Carried = Array | Scalar
"""What loops and choices hand on."""
Lowering = Callable[[Any, "LinalgBuilder"], "Array | Sequence[Array]"]
_LoweringT = TypeVar("_LoweringT", bound=Callable[..., Any])
TABLE: dict[type[Operation], Lowering] = {}
"""How operations are lowered, by class."""
REFUSED: dict[type[Operation], str] = {}
"""Why operations cannot be lowered, by class."""


def lowers(*classes: type[Operation]) -> Callable[[_LoweringT], _LoweringT]:
    """Register a function as the lowering of operator classes. It returns one Array per result of the operation."""

    def register(lowering: _LoweringT) -> _LoweringT:
        for cls in classes:
            assert cls not in TABLE, f"{cls.__name__} has two lowerings"
            TABLE[cls] = lowering
        return lowering

    return register


def refuses(reason: str, *classes: type[Operation]) -> None:
    """Say why operator classes have no lowering."""
    REFUSED.update(dict.fromkeys(classes, reason))


class LinalgBuilder(TensorBuilder):
    """Writes tensors, numbers, and loops and choices that carry them."""

    def loop(
        self,
        lower: Position,
        upper: Position,
        carried: Sequence[Carried],
        body: Callable[..., Carried | Sequence[Carried]],
    ) -> list[Any]:
        """`for i in lower .. upper - 1: carried = body(i, *carried)`, in this order; the last carried values.

        Arrays in `carried` are changed in place where nothing else needs what they were before.
        """
        block = Block(arg_types=[IndexType(), *(c.ssa.type for c in carried)])
        with self.inside(block):
            counter = Scalar(block.args[0], INDEX, self.insert)
            self._yield(body(counter, *self._rewrapped(carried, block.args[1:])), scf.YieldOp)
        start, end, step = (self.index(x).ssa for x in (lower, upper, 1))
        op = self.insert(scf.ForOp(start, end, step, [c.ssa for c in carried], Region(block)))
        return self._rewrapped(carried, op.results)

    def nest(
        self,
        extents: Sequence[Position],
        carried: Sequence[Carried],
        body: Callable[..., Carried | Sequence[Carried]],
    ) -> list[Any]:
        """Loops inside each other: `carried = body(indices, *carried)`, the last of `indices` changing fastest."""

        def inner(indices: tuple[Scalar, ...], *state: Carried) -> Carried | Sequence[Carried]:
            if len(indices) == len(extents):
                return body(indices, *state)
            return self.loop(0, extents[len(indices)], state, lambda i, *rest: inner((*indices, i), *rest))

        given = inner((), *carried)
        return [given] if isinstance(given, Array | Scalar) else list(given)

    def when(
        self,
        condition: Scalar,
        then: Callable[[], Carried | Sequence[Carried]],
        otherwise: Callable[[], Carried | Sequence[Carried]],
    ) -> list[Any]:
        """What `then` or `otherwise` gives; only one is run. Both give values of the same types."""
        blocks = [Block(), Block()]
        given: list[Carried] = []
        wholes: dict[int, Array] = {}
        for block, branch in zip(blocks, (then, otherwise), strict=True):
            with self.inside(block):
                result = branch()
                given = [result] if isinstance(result, Array | Scalar) else list(result)
            for number, value in enumerate(given):
                # Memory whose size is known only at run time is made before the branches, which fill it.
                if isinstance(value, Array) and not value.tensor.is_static:
                    if number not in wholes:
                        wholes[number] = self.empty(value.tensor)
                    with self.inside(block):
                        given[number] = self.put_slice(value, wholes[number], [0] * value.rank)
            with self.inside(block):
                self._yield(given, scf.YieldOp)
        op = scf.IfOp(condition.ssa, [g.ssa.type for g in given], [blocks[0]], [blocks[1]])
        return self._rewrapped(given, self.insert(op).results)

    def repeat(
        self,
        carried: Sequence[Carried],
        condition: Callable[..., Scalar],
        body: Callable[..., Carried | Sequence[Carried]],
    ) -> list[Any]:
        """`while condition(*carried): carried = body(*carried)`; the last carried values."""
        types = [c.ssa.type for c in carried]
        before, after = Block(arg_types=types), Block(arg_types=types)
        with self.inside(before):
            goes_on = condition(*self._rewrapped(carried, before.args))
            self.insert(scf.ConditionOp(goes_on.ssa, *before.args))
        with self.inside(after):
            self._yield(body(*self._rewrapped(carried, after.args)), scf.YieldOp)
        op = scf.WhileOp([c.ssa for c in carried], types, Region(before), Region(after))
        return self._rewrapped(carried, self.insert(op).results)

    def require(self, condition: Scalar, message: str) -> None:
        """End the call with an error unless `condition` holds."""
        self.insert(cf.AssertOp(condition.ssa, message))

    def _yield(self, given: Carried | Sequence[Carried], op: Callable[..., Operation]) -> list[Carried]:
        values = [given] if isinstance(given, Array | Scalar) else list(given)
        self.insert(op(*(v.ssa for v in values)))
        return values

    def _rewrapped(self, like: Sequence[Carried], ssa: Sequence[SSAValue]) -> list[Any]:
        return [
            Array(s, c.tensor) if isinstance(c, Array) else Scalar(s, c.dtype, self.insert)
            for c, s in zip(like, ssa, strict=True)
        ]
