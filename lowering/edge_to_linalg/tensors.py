"""Tensors of a running program, and the operations of the upstream dialects that compute with them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from xdsl.dialects import arith, linalg, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AffineMapAttr,
    DenseIntOrFPElementsAttr,
    IndexType,
    IntegerAttr,
    LocationAttr,
    StringAttr,
    TensorType,
    UnknownLoc,
    i64,
)
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from etc.dialects import program
from etc.dialects.c_attributes import DOC, MAX_ELEMENTS
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim, Expr
from etc.dialects.tensor import Tensor
from etc.dialects.tensor import tensor as described
from etc.dialects.upstream_tensor import ReshapeOp
from etc.lowering.edge_to_linalg.scalars import INDEX, Number, Scalar, computed_in, element_type
from etc.lowering.edge_to_linalg.sizes import Sizes

Iterator = Literal["parallel", "reduction"]
Position = Scalar | int
"""An index, or a number known at compile time."""


@dataclass(frozen=True)
class Array:
    """A tensor of a running program; `tensor` has its dtype and sizes."""

    ssa: SSAValue
    tensor: Tensor

    @property
    def sizes(self) -> tuple[Dim, ...]:
        return self.tensor.sizes

    @property
    def dtype(self) -> Dtype:
        return self.tensor.dtype

    @property
    def rank(self) -> int:
        return self.tensor.rank


def linalg_type(known: Tensor) -> TensorType[Any]:
    """The type without layout and signs: `tensor<?x8xi8>`."""
    return TensorType(element_type(known.dtype), [DYNAMIC_INDEX if isinstance(s, Expr) else s for s in known.sizes])


class TensorBuilder:
    """Inserts operations at the end of the current block, with the location of the edge operation being lowered."""

    def __init__(self, values: dict[SSAValue, Array], sizes: Sizes):
        self.values = values
        """what edge values have become"""
        self._sizes = sizes
        self._block = Block()
        self.location: LocationAttr = UnknownLoc()
        self.doc = ""
        """name of the operation being lowered, which its kernels carry"""

    # Where code goes.

    def insert(self, op: Operation) -> Operation:
        op.location = self.location
        if op.regions and self.doc and not isinstance(op, linalg.ops.GenericOp):
            op.attributes[DOC] = StringAttr(self.doc)
        self._block.add_op(op)
        return op

    @contextmanager
    def inside(self, block: Block) -> Generator[None]:
        """Insert into `block`; sizes computed there are not known afterwards."""
        outer, self._block = self._block, block
        try:
            with self._sizes.scope():
                yield
        finally:
            self._block = outer

    # Operands, results, sizes.

    def __getitem__(self, value: SSAValue) -> Array:
        """What an operand of the edge operation has become."""
        return self.values[value]

    def optional(self, value: SSAValue | None) -> Array | None:
        return None if value is None else self.values[value]

    def result(self, op: Operation, number: int = 0) -> Tensor:
        """dtype and sizes of a result of the edge operation, in the plain dim order."""
        known = Tensor.of(op.results[number].type)
        return described(known.dtype, known.sizes)

    def size(self, dim: Dim) -> Scalar:
        """A size as an index; known at compile time unless it is an expression."""
        return Scalar.constant(dim, INDEX, self.insert) if isinstance(dim, int) else self._sizes.value(dim, self.index)

    def dim(self, array: Array, number: int) -> Scalar:
        """The size of a dimension, asked of the tensor at run time."""
        return Scalar(self.insert(tensor.DimOp(array.ssa, self.index(number).ssa)).results[0], INDEX, self.insert)

    def define(self, symbol: str, value: Scalar) -> None:
        """From here on the size `symbol` is `value`, an index that the data decides."""
        self.insert(program.FoundOp(symbol, value.ssa))
        self._sizes.define(symbol, value)

    def measure(self, array: Array) -> None:
        """From here on, symbols that are sizes of `array` and not known yet are what it has."""
        for i, size in enumerate(array.sizes):
            name = size.symbol_name if isinstance(size, Expr) else None
            if name is not None and name not in self._sizes:
                self.define(name, self.dim(array, i))

    def knows(self, dim: Dim) -> bool:
        """Whether the value of a size can be told by now."""
        return isinstance(dim, int) or self._sizes.knows(dim)

    def most(self, dim: Dim) -> int:
        """The largest value of a size. Raises EtcError when there is none."""
        return self._sizes.most(dim)

    def constant(self, value: Number, dtype: Dtype) -> Scalar:
        """`value` in the dtype that `dtype` is computed in."""
        return Scalar.constant(value, computed_in(dtype), self.insert)

    def number(self, value: Number | Expr, dtype: Dtype) -> Scalar:
        """A size or an argument of schema type Scalar, converted to `dtype` as torch does.

        It is of the dtype that `dtype` is computed in.
        """
        if isinstance(value, Expr):
            return self.size(value).cast(computed_in(dtype))
        return self.constant(int(value) if dtype.is_integer else value, dtype)

    def index(self, value: Position) -> Scalar:
        return value if isinstance(value, Scalar) else Scalar.constant(value, INDEX, self.insert)

    def array(self, ssa: SSAValue, dtype: Dtype, sizes: Iterable[Dim]) -> Array:
        return Array(ssa, described(dtype, tuple(sizes)))

    # Tensors.

    def empty(self, known: Tensor) -> Array:
        """A tensor whose content is undefined."""
        type = linalg_type(known)
        dynamic = [self.size(s).ssa for s in known.sizes if isinstance(s, Expr)]
        op = tensor.EmptyOp(dynamic, type)
        self._limit(op, known)
        return Array(self.insert(op).results[0], known)

    def _limit(self, op: Operation, known: Tensor) -> None:
        """Note how large a tensor can be whose size is known only at run time."""
        if not known.is_static:
            op.attributes[MAX_ELEMENTS] = IntegerAttr(self.most(known.numel), i64)

    def full(self, known: Tensor, value: Scalar | Number) -> Array:
        """A tensor with `value` everywhere."""
        number = value if isinstance(value, Scalar) else self.constant(value, known.dtype)
        return self.elementwise(known, [], lambda: number)

    def elementwise(self, known: Tensor, operands: Sequence[Array], body: Callable[..., Scalar]) -> Array:
        """`body` of the operands' elements; operands broadcast to the sizes of `known`, aligned at their last dims."""
        return self.map(known, [(a, _broadcast(a.sizes, known.sizes)) for a in operands], body)

    def map(
        self, known: Tensor, operands: Sequence[tuple[Array, Sequence[AffineExpr]]], body: Callable[..., Scalar]
    ) -> Array:
        """`body` of elements of the operands, at indices that are affine in those of the result."""
        return self.generic(
            operands,
            [(self.empty(known), _dims(known.rank))],
            iterators(known.rank),
            lambda *elements: body(*elements[:-1]),
        )[0]

    def compute(self, known: Tensor, body: Callable[..., Scalar]) -> Array:
        """Each element from its indices; `body` reads other tensors with `read`."""
        rank = known.rank

        def from_indices(_: Scalar) -> Scalar:
            return body(*(self.loop_index(i) for i in range(rank)))

        return self.generic([], [(self.empty(known), _dims(rank))], iterators(rank), from_indices)[0]

    def loop_index(self, number: int) -> Scalar:
        """The index of loop `number` of the generic whose body is being written."""
        return Scalar(self.insert(linalg.ops.IndexOp(number)).results[0], INDEX, self.insert)

    def reduce(
        self,
        operand: Array,
        dims: Sequence[int],
        start: Scalar | Number,
        body: Callable[[Scalar, Scalar], Scalar],
        dtype: Dtype | None = None,
    ) -> Array:
        """Fold `operand` along `dims` (all of them counted from 0): `total = body(total, element)`, from `start` on.

        The result has the other dims, and `dtype`, by default the one that the operand is computed in.
        """
        gone = set(dims)
        kept = [i for i in range(operand.rank) if i not in gone]
        result = described(dtype or computed_in(operand.dtype), tuple(operand.sizes[i] for i in kept))
        return self.generic(
            [(operand, _dims(operand.rank))],
            [(self.full(result, start), [AffineExpr.dimension(i) for i in kept])],
            ["reduction" if i in gone else "parallel" for i in range(operand.rank)],
            lambda element, total: body(total, element),
        )[0]

    def generic(
        self,
        operands: Sequence[tuple[Array, Sequence[AffineExpr]]],
        outputs: Sequence[tuple[Array, Sequence[AffineExpr]]],
        iterators: Sequence[Iterator],
        body: Callable[..., Scalar | Sequence[Scalar]],
    ) -> list[Array]:
        """linalg.generic: the indices of an element of each operand and output are affine in the loops' indices.

        `body` takes elements of operands, then of outputs as they are before, and gives the outputs' new elements. The
        loops' extents must follow from the tensors' sizes: an operand that serves for that only is one that `body`
        leaves alone. Reductions in half precision would round at each step: reduce to float32 and convert.
        """
        arrays = [a for a, _ in (*operands, *outputs)]
        block = Block(arg_types=[element_type(a.dtype) for a in arrays])
        with self.inside(block):
            elements = [Scalar.stored(arg, a.dtype, self.insert) for arg, a in zip(block.args, arrays, strict=True)]
            given = body(*elements)
            results = [given] if isinstance(given, Scalar) else list(given)
            stored = [r.to_store(a.dtype) for r, (a, _) in zip(results, outputs, strict=True)]
            self.insert(linalg.ops.YieldOp(*stored))
        _erase_unused(block)
        rank = len(iterators)
        op = linalg.ops.GenericOp(
            [a.ssa for a, _ in operands],
            [a.ssa for a, _ in outputs],
            Region(block),
            [AffineMapAttr(AffineMap(rank, 0, tuple(map_))) for _, map_ in (*operands, *outputs)],
            [linalg.attrs.IteratorTypeAttr(linalg.attrs.IteratorType(name)) for name in iterators],
            [a.ssa.type for a, _ in outputs],
            StringAttr(self.doc) if self.doc else None,
        )
        self.insert(op)
        return [Array(r, a.tensor) for r, (a, _) in zip(op.results, outputs, strict=True)]

    # Elements and parts.

    def read(self, array: Array, indices: Sequence[Position]) -> Scalar:
        """The element at `indices`, in the dtype that it is computed in. Nothing checks the indices."""
        at = [self.index(i).ssa for i in indices]
        op = tensor.ExtractOp(array.ssa, at, element_type(array.dtype))
        return Scalar.stored(self.insert(op).results[0], array.dtype, self.insert)

    def write(self, array: Array, value: Scalar, indices: Sequence[Position]) -> Array:
        """`array` with one element changed. Only in loops that carry the array: else each write would copy it."""
        at = [self.index(i).ssa for i in indices]
        op = tensor.InsertOp(value.to_store(array.dtype), array.ssa, at)
        return Array(self.insert(op).results[0], array.tensor)

    def reshape(self, array: Array, sizes: Sequence[Dim]) -> Array:
        """The same elements in the same order with other sizes; costs nothing at run time."""
        known = described(array.dtype, tuple(sizes))
        if known.sizes == array.sizes:
            return array
        if known.is_static:
            values = DenseIntOrFPElementsAttr.from_list(TensorType(IndexType(), [known.rank]), list(known.shape))
            shape = self.insert(arith.ConstantOp(values)).results[0]
        else:
            shape = self.insert(tensor.FromElementsOp(*(self.size(s).ssa for s in known.sizes))).results[0]
        return Array(self.insert(ReshapeOp(array.ssa, shape, linalg_type(known))).results[0], known)

    def slice(
        self, array: Array, offsets: Sequence[Position], sizes: Sequence[Dim], strides: Sequence[int] | None = None
    ) -> Array:
        """A part of `array`: `sizes` elements per dim, from `offsets` on, `strides` apart (1 if left out)."""
        known = described(array.dtype, tuple(sizes))
        op = tensor.ExtractSliceOp(
            array.ssa,
            self._mixed(offsets),
            self._mixed(known.sizes),
            list(strides or [1] * array.rank),
            linalg_type(known),
        )
        self._limit(op, known)
        return Array(self.insert(op).results[0], known)

    def put_slice(
        self, source: Array, into: Array, offsets: Sequence[Position], strides: Sequence[int] | None = None
    ) -> Array:
        """`into` with the part that `slice` would give replaced by `source`."""
        dynamic = tensor.ExtractSliceOp(
            into.ssa, self._mixed(offsets), self._mixed(source.sizes), list(strides or [1] * into.rank), source.ssa.type
        )
        op = tensor.InsertSliceOp(
            operands=[source.ssa, into.ssa, dynamic.offsets, dynamic.sizes, dynamic.strides],
            result_types=[into.ssa.type],
            properties={
                name: dynamic.properties[name] for name in ("static_offsets", "static_sizes", "static_strides")
            },
        )
        dynamic.erase()
        return Array(self.insert(op).results[0], into.tensor)

    def pad(self, array: Array, low: Sequence[int], high: Sequence[int], value: Number) -> Array:
        """`array` with `value` around it: low[i] elements before and high[i] after dim i, none negative."""
        if not any(low) and not any(high):
            return array
        known = array.tensor.like(sizes=[s + a + b for s, a, b in zip(array.sizes, low, high, strict=True)])
        block = Block(arg_types=[IndexType()] * array.rank)
        with self.inside(block):
            self.insert(tensor.YieldOp(self.constant(value, array.dtype).to_store(array.dtype)))
        op = tensor.PadOp(array.ssa, [], [], Region(block), list(low), list(high), linalg_type(known))
        self._limit(op, known)
        return Array(self.insert(op).results[0], known)

    def transpose(self, array: Array, dims: Sequence[int]) -> Array:
        """Dim i of the result is dim `dims[i]` of `array`."""
        known = described(array.dtype, tuple(array.sizes[d] for d in dims))
        from_result = [AffineExpr.dimension(list(dims).index(i)) for i in range(array.rank)]
        outputs = [(self.empty(known), _dims(known.rank))]
        return self.generic([(array, from_result)], outputs, iterators(known.rank), lambda x, _: x)[0]

    def with_sizes(self, array: Array, sizes: Sequence[Dim]) -> Array:
        """`array`, of which is known that it has these sizes; costs nothing at run time."""
        known = described(array.dtype, tuple(sizes))
        if linalg_type(known) == array.ssa.type:
            return Array(array.ssa, known)
        return Array(self.insert(tensor.CastOp(array.ssa, linalg_type(known))).results[0], known)

    def cast(self, array: Array, dtype: Dtype) -> Array:
        if array.dtype is dtype:
            return array
        return self.elementwise(array.tensor.like(dtype=dtype), [array], lambda x: x.cast(computed_in(dtype)))

    def _mixed(self, values: Sequence[Position | Dim]) -> list[Any]:
        """Numbers where they are known, else index values."""
        found: list[Any] = []
        for value in values:
            scalar = self.size(value) if isinstance(value, Expr) else value
            known = scalar.known if isinstance(scalar, Scalar) else scalar
            found.append(known if known is not None else self.index(scalar).ssa)
        return found


def _dims(rank: int) -> list[AffineExpr]:
    return [AffineExpr.dimension(i) for i in range(rank)]


def iterators(parallel: int, reduction: int = 0) -> list[Iterator]:
    """Parallel loops, and reductions inside of them."""
    return [*cast(list[Iterator], ["parallel"] * parallel), *cast(list[Iterator], ["reduction"] * reduction)]


def _broadcast(sizes: Sequence[Dim], to: Sequence[Dim]) -> list[AffineExpr]:
    """Indices of an operand for those of a result of sizes `to`: 0 where the operand has one element for many."""
    ahead = len(to) - len(sizes)
    return [
        AffineExpr.constant(0) if size == 1 and to[ahead + i] != 1 else AffineExpr.dimension(ahead + i)
        for i, size in enumerate(sizes)
    ]


def _erase_unused(block: Block) -> None:
    """Drop what a body did not need, such as conversions of elements that it left alone."""
    for op in reversed(list(block.ops)):
        if op.results and not op.regions and all(r.first_use is None for r in op.results):
            op.detach()
            op.erase()
