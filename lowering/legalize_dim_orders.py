"""legalize-dim-orders: give the stock runtime's kernels operands in a dim order that they read.

    %y = edge.softmax(%x, …)          -->    %p = edge.clone_dim_order(%x, dim_order=[0, 1, 2, 3])
                                             %q = edge.softmax(%p, …)
                                             %y = edge.clone_dim_order(%q, dim_order=[0, 2, 3, 1])

Most kernels read the plain order only: some refuse another one, others compute something else. An elementwise kernel
takes operands that share both sizes and order, and a few image kernels follow their input (`KERNEL_ANY_ORDER`).
A value that was copied from the plain order is read before the copy: consecutive operations do not go to and fro.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.dialects.custom import CustomOp
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.dialects.tensor import Tensor, tensor
from etc.lowering.storage import moves_no_byte
from etc.transforms.edge_builder import EdgeBuilder, known
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

_REORDERING = edge.CloneDimOrderOp | edge.ToDimOrderCopyOp | edge.EmptyDimOrderOp
"""Ops whose kernels exist to change the order."""


def _is_read(op: EdgeOp) -> bool:
    """Whether the kernel reads the operands of `op` in their dim orders."""
    tensors = list(op.tensor_arguments())
    if all(t.dim_order is None for name, t in tensors if name not in op.KERNEL_ANY_ORDER):
        return True
    first = tensors[0][1]
    return op.has_trait(Elementwise) and all(t.order == first.order and t.sizes == first.sizes for _, t in tensors)


def _plain(value: SSAValue, build: EdgeBuilder) -> SSAValue:
    """`value` in plain dim order."""
    if known(value).dim_order is None:
        return value
    source = value.owner
    if isinstance(source, edge.CloneDimOrderOp) and known(source.self_).dim_order is None:
        return source.self_
    return build(edge.CloneDimOrderOp, value, dim_order=list(range(known(value).rank)))


def _each(value: Any, change: Callable[[SSAValue], SSAValue]) -> Any:
    """An argument with its tensors changed."""
    if isinstance(value, list):
        return [_each(v, change) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return change(value) if isinstance(value, SSAValue) else value  # pyright: ignore[reportUnknownArgumentType]


def _in_plain_order(type: Tensor) -> Tensor:
    return tensor(type.dtype, type.sizes)


class PlainOperands(RewritePattern):
    """f(x) -> clone(f(clone(x))), from and to the order of x, where the kernel of f reads only the plain one"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        if not op.KERNEL or isinstance(op, _REORDERING) or _is_read(op) or moves_no_byte(op):
            return
        build = EdgeBuilder(rewriter)
        arguments = {arg.name: _each(value, lambda v: _plain(v, build)) for arg, value in op.arguments()}
        wanted = [known(result) for result in op.results]
        new = rewriter.insert(type(op).make(arguments, [_in_plain_order(t).type for t in wanted]))
        results = [
            result if type.dim_order is None else build(edge.CloneDimOrderOp, result, dim_order=list(type.order))
            for result, type in zip(new.results, wanted, strict=True)
        ]
        rewriter.replace(op, (), results)


class PlainOperandsOfCustomOperators(RewritePattern):
    """f(x) -> f(clone(x)): the kernel of a custom operator gets the plain order, as the operator in PyTorch would"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: CustomOp, rewriter: PatternRewriter) -> None:
        build = EdgeBuilder(rewriter)
        for number, operand in enumerate(op.operands):
            if known(operand).dim_order is not None:
                op.operands[number] = _plain(operand, build)
                rewriter.notify_op_modified(op)


@dataclass(frozen=True)
class LegalizeDimOrdersPass(EtcPass):
    """Copy operands to the plain dim order where the stock runtime's kernel reads no other."""

    name = "legalize-dim-orders"
    patterns = (PlainOperands, PlainOperandsOfCustomOperators)
