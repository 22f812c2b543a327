"""Losses that PyTorch computes in pieces of the batch to save memory: whole, they are the same."""

from __future__ import annotations

from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast
from etc.transforms.decompositions.products import linear
from etc.transforms.decompositions.real import Real


@decomposes(
    "torch_nn::_linear_cross_entropy_batch_chunked", "torch_nn::_linear_cross_entropy_batch_chunked_no_reduction"
)
def linear_cross_entropy(
    build: AtenBuilder,
    input: SSAValue,
    linear_weight: SSAValue,
    target: SSAValue,
    linear_bias: SSAValue | None,
    weight: SSAValue | None,
    ignore_index: int,
    **rest: Any,
) -> list[SSAValue | None] | None:
    """cross_entropy(linear(x, w, b)); the gradients, which come with it, are for training only"""
    if rest.get("label_smoothing"):
        return None
    x, matrix, bias = (cast(build, t, dtypes.float32) if t else None for t in (input, linear_weight, linear_bias))
    assert x is not None
    assert matrix is not None
    loss, share = _cross_entropy(Real(build, linear(build, x, matrix, bias)), target, weight, ignore_index)
    match rest.get("reduction", "none"):
        case "mean":
            loss = loss.of("sum.dim_IntList", [0]) / share.of("sum.dim_IntList", [0])
        case "sum":
            loss = loss.of("sum.dim_IntList", [0])
        case _:
            pass
    return [loss.value, *[None] * (len(build.results) - 1)]


def _cross_entropy(logits: Real, target: SSAValue, weight: SSAValue | None, ignore_index: int) -> tuple[Real, Real]:
    """The loss of each row of (rows, classes), and what it counts in a mean."""
    surprise = -logits.of("_log_softmax", 1, False)
    column = Real(logits.build, target).of("unsqueeze", 1)
    is_counted = column.of("ne.Scalar", ignore_index)
    column = is_counted.where(column, 0)
    share = is_counted.to(logits.dtype)
    if weight is not None:
        weights = Real(logits.build, weight).to(logits.dtype)
        share = share * weights.of("index_select", 0, column.of("squeeze.dim", 1)).of("unsqueeze", 1)
    loss = surprise.of("gather", 1, column) * share
    return loss.of("squeeze.dim", 1), share.of("squeeze.dim", 1)
