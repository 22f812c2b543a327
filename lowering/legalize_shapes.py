"""legalize-shapes: keep from the stock runtime's kernels the shapes that they refuse, compute wrong or die of.

    %y = edge.sum(%x, dim=[0]) of rank 0     -->     %v = edge.view_copy(%x, size=[1])
                                                     %y = edge.sum(%v, dim=[0])

Dimension 0 of a number is that number, says torch; kernels find no such dimension. And a tensor without elements needs
no kernel: it is a constant of no bytes, whatever the op.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import TensorType
from xdsl.ir import SSAValue

from etc.dialects import edge, program
from etc.dialects.blob import Blob
from etc.dialects.edge.base import EdgeOp
from etc.dialects.tensor import Tensor
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

_OVER_ALL = (edge.SumOp, edge.MeanOp, edge.VarOp, edge.VarMeanOp, edge.AmaxOp, edge.AminOp, edge.AnyOp)
_ALONG_ONE = (edge.ProdDimOp, edge.MaxDimOp, edge.MinDimOp, edge.ArgmaxOp, edge.ArgminOp, edge.CumsumOp, edge.TopkOp)
_AT_PLACES = (edge.GatherOp, edge.ScatterSrcOp, edge.ScatterAddOp, edge.ScatterValueOp, edge.IndexSelectOp)
_DIMENSION: Mapping[type[EdgeOp], Any] = {
    **dict.fromkeys(_OVER_ALL, [0]),
    **dict.fromkeys((*_ALONG_ONE, *_AT_PLACES, edge.SoftmaxOp, edge.LogSoftmaxOp), 0),
}
"""Ops along dimensions that also take a number, and what `dim` is then for a vector of one."""


class VectorForNumber(RewritePattern):
    """f(x, dim) -> view(f(view(x, [1]), 0), []) for x of rank 0"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        dimension = _DIMENSION.get(type(op))
        if dimension is None or known(op.operands[0]).rank:
            return
        build = EdgeBuilder(rewriter)
        arguments: dict[str, Any] = {arg.name: _vector(build, value) for arg, value in op.arguments()}
        arguments["dim"] = dimension
        if "keepdim" in arguments:
            arguments["keepdim"] = False
        new = rewriter.insert(type(op).of(**arguments))
        replaced = zip(new.results, op.results, strict=True)
        rewriter.replace(op, (), [build.view(value, known(old).sizes) for value, old in replaced])


def _vector(build: EdgeBuilder, value: Any) -> Any:
    if isinstance(value, SSAValue) and not known(value).rank:
        return build.view(value, [1])
    return value


class NoElements(RewritePattern):
    """f(…) -> a constant of no bytes, where no result has elements; `full` where sizes depend on symbols"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        if not op.results or not all(is_empty(result.type) for result in op.results):
            return
        results = [known(result) for result in op.results]
        if isinstance(op, edge.FullOp) and not results[0].is_static:
            return
        if not all(result.is_static or result.dim_order is None for result in results):
            return rewriter.decline(op, "a tensor of sizes that depend on symbols is made in the plain dim order only")
        rewriter.replace(op, (), [_nothing(rewriter, result) for result in results])


def _nothing(rewriter: PatternRewriter, wanted: Tensor) -> SSAValue:
    if wanted.is_static:
        return rewriter.insert(program.ConstantOp(Blob.from_bytes(b""), wanted.type)).result
    return EdgeBuilder(rewriter)(edge.FullOp, list(wanted.sizes), 0, dtype=wanted.dtype)


class NothingToJoin(RewritePattern):
    """cat([x, y]) -> cat([x]), where y has no elements"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.CatOp, rewriter: PatternRewriter) -> None:
        kept = [v for v in op.tensors if not is_empty(v.type)]
        if not kept or len(kept) == len(op.tensors):
            return
        build = EdgeBuilder(rewriter)
        build.replace(op, kept[0] if len(kept) == 1 else build(edge.CatOp, kept, op.argument("dim")))


class ProductOfNothing(RewritePattern):
    """mm(x, y) -> 0, and with a bias that bias, where the inner size is 0"""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: edge.MmOp | edge.BmmOp | edge.AddmmOp | edge.LinearOp, rewriter: PatternRewriter
    ) -> None:
        if not any(is_empty(v.type) for v in op.operands) or is_empty(op.results[0].type):
            return
        build, wanted = EdgeBuilder(rewriter), known(op.results[0])
        result = build(edge.FullOp, list(wanted.sizes), 0, dtype=wanted.dtype)
        if isinstance(op, edge.AddmmOp):
            factor = build(edge.FullOp, [], op.argument("beta"), dtype=wanted.dtype)
            result = build(edge.AddOp, result, build(edge.MulOp, op.self_, factor))
        elif isinstance(op, edge.LinearOp) and op.bias is not None:
            result = build(edge.AddOp, result, op.bias)
        build.replace(op, result)


def is_empty(type: Any) -> bool:
    """Whether a tensor certainly has no elements."""
    return isinstance(type, TensorType) and 0 in Tensor.of(type).sizes


@dataclass(frozen=True)
class LegalizeShapesPass(EtcPass):
    """Keep shapes from the stock runtime's kernels that they cannot take: numbers, and tensors without elements."""

    name = "legalize-shapes"
    patterns = (NoElements, NothingToJoin, ProductOfNothing, VectorForNumber)
