"""`AtenBuilder`: write ATen programs inside a rewrite rule; the types of results are inferred.

    build = AtenBuilder(rewriter)
    weight = build("permute", op.weight, [1, 0])
    product = build("mm", op.input, weight)
    rewriter.replace(op, (), [build("add.Tensor", product, op.bias)])

Sizes that are known only at run time are passed as expressions: `build("view", x, [build.type(x).sizes[0], -1])`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from xdsl.ir import Block, Operation, OpResult, SSAValue
from xdsl.rewriter import InsertPoint

from etc.dialects import aten, infer
from etc.dialects.blob import pack
from etc.dialects.dtypes import Dtype
from etc.dialects.infer import promotion
from etc.dialects.program import ConstantOp
from etc.dialects.sizes import sized
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor, tensor
from etc.errors import EtcError
from etc.transforms.rewriting import PatternRewriter

Number: TypeAlias = bool | int | float | Expr

UNROLL = 4
"""How many steps a recurrent network may have to be written out; more become a loop, which is smaller and as fast."""


class AtenBuilder:
    """Inserts ops before the operation that a rule matched."""

    def __init__(self, rewriter: PatternRewriter, results: Sequence[SSAValue] = (), *, unroll: int = UNROLL):
        self._rewriter = rewriter
        self.unroll = unroll
        """How many steps a loop may have to be written out step by step."""
        self.results = results
        """The results of the operation that the rule matched."""
        self.inserted: list[Operation] = []

    def __call__(self, overload: str, /, *args: Any, **kwargs: Any) -> Any:
        """The result of an ATen overload, or the list of its results when the schema has several or a list.

        Raises EtcError when the arguments do not fit.
        """
        cls = aten.op_class(overload)
        schema = cls.schema()
        given: dict[str, Any] = dict(zip((a.name for a in schema.args), args, strict=False)) | kwargs
        complete: Mapping[str, Any] = {a.name: a.default for a in schema.args if not a.required} | given
        try:
            results = infer.infer(overload, {name: infer.describe(sized(value)) for name, value in complete.items()})
        except infer.InferenceError as error:
            raise EtcError(str(error), op=cls.name) from None
        types = [t.type for t in results]
        op = self.insert(cls.make(given, types))
        single = len(schema.returns) == 1 and not schema.returns[0].type.endswith("[]")
        return op.results[0] if single else list(op.results)

    def insert(self, op: Operation) -> Operation:
        self._rewriter.insert(op)
        self.inserted.append(op)
        return op

    @contextmanager
    def inside(self, block: Block) -> Generator[None]:
        """Insert at the end of a block, which is to become a region."""
        before, self._rewriter.insertion_point = self._rewriter.insertion_point, InsertPoint.at_end(block)
        try:
            yield
        finally:
            self._rewriter.insertion_point = before

    def constant(self, value: Number | Sequence[Number], dtype: Dtype, shape: Sequence[int] = ()) -> OpResult:
        """A `program.constant`: a number of rank 0, or the elements of a small tensor in order; `full` for a size."""
        if isinstance(value, Expr):
            return self("full", [], value, dtype=dtype)
        elements: Sequence[Any] = value if isinstance(value, Sequence) else [value]
        op = ConstantOp(pack(elements, dtype), tensor(dtype, shape).type)
        return self.insert(op).results[0]

    @staticmethod
    def result_dtype(*operands: Any) -> Dtype:
        """The dtype that torch promotes tensors and numbers to."""
        return promotion.result_dtype(*map(infer.describe, operands))

    @staticmethod
    def fixed_size(value: SSAValue, dim: int) -> int:
        """The size of a dimension. Raises EtcError when it is known only at run time."""
        size = Tensor.of(value.type).sizes[dim]
        if isinstance(size, int):
            return size
        raise EtcError(
            "its decomposition depends on a size that is known only at run time",
            expected=f"a fixed size of dimension {dim}",
            found=str(size),
            next_step="export the model with this dimension fixed",
        )

    @staticmethod
    def type(value: SSAValue) -> Tensor:
        """What is known of a tensor."""
        return Tensor.of(value.type)
