"""Attention and softmax."""

from __future__ import annotations

import math

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.creation import compare_positions
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


@decomposes("_safe_softmax")
def safe_softmax(build: AtenBuilder, self: SSAValue, dim: int, dtype: Dtype | None) -> SSAValue:
    """_safe_softmax(x) -> where(any(x != -inf), softmax(x), 0)"""
    result = _softmax(build, "_softmax", self, dim, dtype)
    seen = build("any.dim", build("ne.Scalar", self, -math.inf), dim, True)
    return build("where.self", seen, result, build.constant(0, build.type(result).dtype))


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

    A boolean mask keeps where it is true. A query that the mask lets see nothing gives zeros.
    """
    embedding = build.type(query).sizes[-1]
    if dropout_p or not isinstance(embedding, int):
        return None
    if enable_gqa:
        key, value = (_repeat_heads(build, query, v) for v in (key, value))
    rank, length = build.type(key).rank, build.type(key).sizes[-2]
    transposed = build("permute", key, [*range(rank - 2), rank - 1, rank - 2])
    factor = scale if scale is not None else 1 / math.sqrt(embedding)
    if isinstance(length, int) and length < embedding:
        scores = build("mul.Scalar", matmul(build, query, transposed), factor)
    else:
        scores = matmul(build, build("mul.Scalar", query, factor), transposed)
    seen = None
    if is_causal:
        attn_mask = compare_positions(build, "le.Tensor", *build.type(scores).sizes[-2:])
    elif attn_mask is not None:
        is_bool = build.type(attn_mask).dtype is dtypes.bool_
        visible = attn_mask if is_bool else build("ne.Scalar", attn_mask, -math.inf)
        seen = build("any.dim", visible, -1, True)
    if attn_mask is not None and build.type(attn_mask).dtype is dtypes.bool_:
        lowest = build.constant(-math.inf, build.type(scores).dtype)
        scores = build("where.self", attn_mask, scores, lowest)
    elif attn_mask is not None:
        scores = build("add.Tensor", scores, attn_mask)
    result = matmul(build, build("_softmax", scores, -1, False), value)
    if seen is None:
        return result
    return build("where.self", seen, result, build.constant(0, build.type(result).dtype))


def _repeat_heads(build: AtenBuilder, query: SSAValue, value: SSAValue) -> SSAValue:
    """Each head of keys or values for all the query heads of its group."""
    heads = build.type(query).sizes[-3]
    *outer, own, length, width = build.type(value).sizes
    group = heads // own
    repeated = build("expand", build("unsqueeze", value, -3), [*outer, own, group, length, width])
    return build("view", repeated, [*outer, heads, length, width])
