"""legalize-dtypes: give the stock runtime's kernels dtypes that they take.

    %y = edge.gather(%x, dim=0, index=%i)      -->    %j = edge.to_dim_order_copy(%i, dtype=int64)
                                                      %y = edge.gather(%x, dim=0, index=%j)

Where the table of kernels (`dialects/stock_kernels.txt`) does not have the dtypes of an op, the operands are cast to
ones that it has and that hold every value of the old ones, and results are cast back: float16 is computed in float32,
int8 in a wider integer. An op for which there are no such dtypes stays as it is, for check-kernels to report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.dialects.dtypes import Dtype, Kind, bool_, int64
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.base import QuantOp
from etc.dialects.stock_kernels import Signature, operators, signatures, takes
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.storage import moves_no_byte
from etc.transforms.edge_builder import SMALL, EdgeBuilder, array_of, is_constant, known, name_of, nbytes
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

_STATED = ("dtype", "out_dtype", "output_dtype")
"""Arguments that may state the dtype of the result; `dtype` of some ops states that of the input."""


def holds(wide: Dtype, narrow: Dtype) -> bool:
    """Whether every value of one dtype is a value of another, and rounding is the same there: no float for an integer.

    Kernels of floats give fractions where those of integers round, each in its way: bilinear resampling of bytes.
    """
    if wide is narrow or narrow.kind is Kind.BOOL:
        return True
    match narrow.kind, wide.kind:
        case Kind.INT, Kind.INT:
            return wide.size > narrow.size and (wide.is_signed or not narrow.is_signed)
        case Kind.FLOAT, Kind.FLOAT:
            return wide.size > narrow.size
        case _:
            return False


def signature_of(op: EdgeOp) -> list[Dtype | None]:
    """The dtypes of tensor arguments and results, as the table of kernels lists them; None for what is not given.

    A mask in the place of indices counts as the positions that it stands for, which kernels find out themselves.
    """
    given: dict[str, Dtype | None] = {arg.name: None for arg in op.schema().args if arg.is_tensor}
    given.update((name, tensor.dtype) for name, tensor in op.tensor_arguments())
    if given.get("indices") is bool_:
        given["indices"] = int64
    results = [Tensor.of(r.type).dtype for r in op.results[: len(op.schema().returns)]]
    return [*given.values(), *results]


def is_taken(op: EdgeOp) -> bool:
    """Whether the kernel of `op` computes right on its dtypes."""
    return takes(op.KERNEL, signature_of(op))


def described(op: EdgeOp) -> str:
    """`int8, int8 -> int8`: the dtypes of an op."""
    count = sum(arg.is_tensor for arg in op.schema().args)
    signature = signature_of(op)
    inputs, results = signature[:count], signature[count:]
    return f"{', '.join(str(d) for d in inputs if d)} -> {', '.join(map(str, results))}"


def _candidates(op: EdgeOp) -> Iterator[Signature]:
    """Signatures of the kernel that hold all values of the operands, the nearest to them first.

    What values are quantised to stays what it is: another type of integers would have another range.
    """
    have = signature_of(op)
    count = sum(arg.is_tensor for arg in op.schema().args)

    def distance(want: Signature) -> tuple[int, int, str]:
        pairs = [(w, h) for w, h in zip(want, have, strict=True) if h is not None]
        return sum(abs(w.kind - h.kind) for w, h in pairs), sum(w.size for w, _ in pairs), str(want)

    def fits(want: Signature) -> bool:
        kept = not isinstance(op, QuantOp) or all(
            w is h or (h is not None and h.is_float and w.is_float)
            for w, h in zip(want[count:], have[count:], strict=True)
        )
        return kept and all(h is None or _widens(w, h) for w, h in zip(want[:count], have[:count], strict=True))

    yield from sorted(filter(fits, signatures(op.KERNEL)), key=distance)


def _widens(wide: Dtype, narrow: Dtype) -> bool:
    """Whether a kernel casts one dtype to another that holds its values."""
    return wide is narrow or (holds(wide, narrow) and takes(edge.ToDimOrderCopyOp.KERNEL, (narrow, wide)))


def _each(value: Any, change: Callable[[SSAValue], SSAValue]) -> Any:
    if isinstance(value, list):
        return [_each(v, change) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return change(value) if isinstance(value, SSAValue) else value  # pyright: ignore[reportUnknownArgumentType]


class ComputeInTakenDtypes(RewritePattern):
    """f(x) -> cast(f(cast(x))), where the kernel of f does not take the dtype of x"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        if op.KERNEL not in operators() or moves_no_byte(op) or is_taken(op) or isinstance(op, edge.ToDimOrderCopyOp):
            return
        for signature in _candidates(op):
            if self._rewrite(op, signature, rewriter):
                return
        rewriter.decline(op, f"its kernel takes no dtypes that hold {described(op)}")

    def _rewrite(self, op: EdgeOp, signature: Signature, rewriter: PatternRewriter) -> bool:
        """Compute `op` in the dtypes of `signature`; False where they do not go together."""
        names = [arg.name for arg in op.schema().args if arg.is_tensor]
        wanted = dict(zip(names, signature, strict=False))
        results = signature[len(names) :]
        described = op.described_arguments()
        for name in names:
            described[name] = _retyped(described[name], wanted[name])
        stated = {name: results[0] for name in _STATED if described.get(name) is known(op.results[0]).dtype}
        described |= stated
        try:
            if tuple(t.dtype for t in type(op).inferred(described))[: len(results)] != results:
                return False
        except EtcError:
            return False
        build = EdgeBuilder(rewriter)
        arguments = {a.name: v for a, v in op.arguments()}
        for name in names:
            arguments[name] = _each(arguments[name], lambda v, d=wanted[name]: _cast(build, v, d))
        new = rewriter.insert(type(op).of(**arguments | stated))
        replaced = zip(op.results, new.results, strict=True)
        rewriter.replace(op, (), [_cast(build, value, known(old).dtype) for old, value in replaced])
        return True


def _retyped(described: Any, dtype: Dtype) -> Any:
    if isinstance(described, Tensor):
        return described.like(dtype=dtype)
    if isinstance(described, list | tuple):
        return [_retyped(d, dtype) for d in described]  # pyright: ignore[reportUnknownVariableType]
    return described


def _cast(build: EdgeBuilder, value: SSAValue, dtype: Dtype) -> SSAValue:
    if known(value).dtype is dtype:
        return value
    if is_constant(value) and nbytes(value) <= SMALL:
        return build.constant(array_of(value), known(value).like(dtype=dtype), name_of(value))
    return build(edge.ToDimOrderCopyOp, value, dtype=dtype)


@dataclass(frozen=True)
class LegalizeDtypesPass(EtcPass):
    """Compute in dtypes that the stock runtime's kernels take, and cast back."""

    name = "legalize-dtypes"
    patterns = (ComputeInTakenDtypes,)
