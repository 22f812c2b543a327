"""Attention and softmax."""

from __future__ import annotations

import math

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.products import matmul


def _softmax(build: AtenBuilder, kernel: str, self: SSAValue, dim: int, dtype: Dtype | None) -> SSAValue:
    if dtype is not None and dtype is not build.type(self).dtype:
        self = build("_to_copy", self, dtype=dtype)
    return build(kernel, self, dim, False)


@decomposes("softmax.int", "special_softmax")
def softmax(build: AtenBuilder, self: SSAValue, dim: int, dtype: Dtype | None) -> SSAValue:
    """softmax(x, dim) -> _softmax(x, dim)"""
    return _softmax(build, "_softmax", self, dim, dtype)


@decomposes("log_softmax.int", "special_log_softmax")
def log_softmax(build: AtenBuilder, self: SSAValue, dim: int, dtype: Dtype | None) -> SSAValue:
    """log_softmax(x, dim) -> _log_softmax(x, dim)"""
    return _softmax(build, "_log_softmax", self, dim, dtype)


@decomposes("scaled_dot_product_attention")
def attention(
    build: AtenBuilder,
    query: SSAValue,
    key: SSAValue,
    value: SSAValue,
    attn_mask: SSAValue | None,
    dropout_p: float,
    is_causal: bool,
    scale: float | None,
    enable_gqa: bool,
) -> SSAValue | None:
    """attention(q, k, v) -> softmax(q @ permute(k) * scale + mask) @ v

    A boolean mask keeps where it is true; rows that it masks whole give NaN as in the reference formula.
    """
    embedding = build.type(query).sizes[-1]
    if dropout_p or not isinstance(embedding, int):
        return None
    if enable_gqa:
        key, value = (_repeat_heads(build, query, v) for v in (key, value))
    rank = build.type(key).rank
    transposed = build("permute", key, [*range(rank - 2), rank - 1, rank - 2])
    scores = matmul(build, query, transposed)
    scores = build("mul.Scalar", scores, scale if scale is not None else 1 / math.sqrt(embedding))
    if is_causal:
        attn_mask = _causal_mask(build, scores)
    if attn_mask is not None and build.type(attn_mask).dtype is dtypes.bool_:
        lowest = build.constant(-math.inf, build.type(scores).dtype)
        scores = build("where.self", attn_mask, scores, lowest)
    elif attn_mask is not None:
        scores = build("add.Tensor", scores, attn_mask)
    return matmul(build, build("_softmax", scores, -1, False), value)


def _causal_mask(build: AtenBuilder, scores: SSAValue) -> SSAValue:
    """True where a query may look: at keys no later than itself."""
    *_, queries, keys = build.type(scores).sizes
    rows = build("unsqueeze", build("arange.start_step", 0, queries, dtype=dtypes.int64), 1)
    return build("ge.Tensor", rows, build("arange.start_step", 0, keys, dtype=dtypes.int64))


def _repeat_heads(build: AtenBuilder, query: SSAValue, value: SSAValue) -> SSAValue:
    """Each head of keys or values for all the query heads of its group."""
    heads = build.type(query).sizes[-3]
    *outer, own, length, width = build.type(value).sizes
    group = heads // own
    repeated = build("expand", build("unsqueeze", value, -3), [*outer, own, group, length, width])
    return build("view", build("clone", repeated, memory_format="contiguous_format"), [*outer, heads, length, width])
