"""`Site`: what the rules of aten-to-edge write edge operations through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

from xdsl.dialects.builtin import NoneType
from xdsl.ir import Operation, SSAValue

from etc.dialects import dtypes, edge, infer, program, symbolic
from etc.dialects.aten import AtenOp
from etc.dialects.blob import pack, unpack
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.infer.promotion import result_dtype
from etc.dialects.sizes import sized
from etc.dialects.symbolic import Atom, Expr, Monomial, Symbol
from etc.dialects.tensor import Tensor, tensor
from etc.transforms.rewriting import PatternRewriter

_FUNCTIONS: Mapping[str, type[EdgeOp]] = {"mod": edge.RemainderOp, "max": edge.MaximumOp, "min": edge.MinimumOp}
"""Operators on tensors by the name of the function in size expressions."""


class Point:
    """A place in the program where edge operations are inserted.

    `measured` maps the symbols that a tensor of one element gives the value of to that tensor.
    """

    def __init__(self, rewriter: PatternRewriter, measured: Mapping[str, SSAValue]):
        self._rewriter, self._measured = rewriter, measured

    def insert(self, op: Operation) -> SSAValue:
        self._rewriter.insert(op)
        return op.results[0]

    def number(self, value: Any, dtype: Dtype) -> SSAValue:
        """A number as a tensor of rank 0; a size that is known at run time becomes one there."""
        if isinstance(value, Expr):
            return self.cast(self._size(value), dtype)
        return self.insert(program.ConstantOp(pack([value], dtype), tensor(dtype, ()).type))

    def _size(self, value: Expr) -> SSAValue:
        """An expression over sizes, computed by the runtime, and over symbols measured in tensors, computed by ops."""
        if not any(s.name in self._measured for s in value.symbols()):
            return self.insert(edge.ScalarTensorOp.of(value, dtype=dtypes.int64))
        if (measured := self._measured.get(str(value))) is not None:
            return self.cast(measured, dtypes.int64)
        return self._folded(edge.AddOp, [self._term(monomial, factor) for monomial, factor in value.terms])

    def _term(self, monomial: Monomial, factor: int) -> SSAValue:
        atoms = [self._atom(atom) for atom, power in monomial for _ in range(power)]
        return self._folded(
            edge.MulOp, [self.number(factor, dtypes.int64), *atoms] if factor != 1 or not atoms else atoms
        )

    def _atom(self, atom: Atom) -> SSAValue:
        if isinstance(atom, Symbol):
            return self.number(symbolic.symbol(atom.name), dtypes.int64)
        operands = [self.number(a, dtypes.int64) for a in atom.args]
        if atom.function == "floordiv":
            return self.insert(edge.DivModeOp.of(*operands, rounding_mode="floor"))
        return self._folded(_FUNCTIONS[atom.function], operands)

    def _folded(self, cls: type[EdgeOp], operands: Sequence[SSAValue]) -> SSAValue:
        return reduce(lambda a, b: self.insert(cls.of(a, b)), operands)

    def cast(self, value: SSAValue, dtype: Dtype) -> SSAValue:
        """`value` in another dtype; constants are converted here and now."""
        known = Tensor.of(value.type)
        if known.dtype is dtype:
            return value
        if isinstance(constant := value.owner, program.ConstantOp) and known.rank == 0:
            (number,) = unpack(constant.value.data, known.dtype)
            return self.number(number, dtype)
        return self.insert(edge.ToDimOrderCopyOp.of(value, dtype=dtype))

    def plain(self, value: SSAValue) -> SSAValue:
        """`value` in the plain dim order."""
        known = Tensor.of(value.type)
        if known.dim_order is None:
            return value
        return self.insert(edge.CloneDimOrderOp.of(value, dim_order=list(range(known.rank))))


class Site(Point):
    """One ATen op being replaced: its arguments, and how to insert what replaces it."""

    def __init__(self, op: AtenOp, rewriter: PatternRewriter, measured: Mapping[str, SSAValue]):
        super().__init__(rewriter, measured)
        self.op = op
        self.arguments = {arg.name: sized(value) for arg, value in op.arguments()}

    @property
    def results(self) -> list[Tensor]:
        """The types of the results, those aside that arguments ask not to be computed: they have type `none`."""
        return [Tensor.of(r.type) for r in self.op.results if not isinstance(r.type, NoneType)]

    def emit(self, cls: type[EdgeOp], arguments: Mapping[str, Any]) -> Sequence[SSAValue]:
        """Insert an edge op, with operands promoted as torch does implicitly; the results in the ATen op's dtypes."""
        promoted = self._promoted(cls, arguments)
        complete = {a.name: a.default for a in cls.schema().args if not a.required} | promoted
        inferred = cls.inferred({name: infer.describe(value) for name, value in complete.items()})
        wanted = [
            new if isinstance(old.type, NoneType) else tensor(new.dtype, Tensor.of(old.type).sizes, new.dim_order)
            for new, old in zip(inferred, self.op.results, strict=True)
        ]
        self.insert(op := cls.make(promoted, [t.type for t in wanted]))
        return [
            result if isinstance(old.type, NoneType) else self.cast(result, Tensor.of(old.type).dtype)
            for result, old in zip(op.results, self.op.results, strict=True)
        ]

    def _promoted(self, cls: type[EdgeOp], arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments that must share a dtype in their common one, those of a dtype that is not taken in the result's."""
        promoted = dict(arguments)
        shared = [v for name in cls.SAME_DTYPE for v in _flat(promoted.get(name))]
        if shared:
            common = result_dtype(*(Tensor.of(v.type) if isinstance(v, SSAValue) else v for v in shared))
            for name in cls.SAME_DTYPE:
                promoted[name] = _each(promoted.get(name), lambda v: self._operand(v, common))
        for name, allowed in cls.DTYPES.items():
            if self.results and self.results[0].dtype in allowed:
                wanted = self.results[0].dtype
                promoted[name] = _each(promoted.get(name), partial(self._allowed, allowed, wanted))
        return promoted

    def _allowed(self, allowed: frozenset[Dtype], otherwise: Dtype, value: SSAValue) -> SSAValue:
        return value if Tensor.of(value.type).dtype in allowed else self.cast(value, otherwise)

    def _operand(self, value: Any, dtype: Dtype) -> SSAValue:
        return self.cast(value, dtype) if isinstance(value, SSAValue) else self.number(value, dtype)


def _flat(value: Any) -> list[Any]:
    return [v for v in value if v is not None] if isinstance(value, list) else [] if value is None else [value]  # pyright: ignore[reportUnknownVariableType]


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, list):
        return [None if v is None else change(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return None if value is None else change(value)
