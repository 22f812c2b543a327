"""Attention and recurrent layers, which decompositions take apart."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects.dtypes import bfloat16, float16, float32
from etc.dialects.infer import InferenceError, broadcast, infers, same_size
from etc.dialects.infer.checks import check_dtypes, check_rank, size_list
from etc.dialects.tensor import Tensor, tensor


@infers("scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, enable_gqa: bool = False
) -> Tensor:
    """… x L x E, … x S x E, … x S x V -> … x L x V; with grouped heads, query has a multiple of key's heads."""
    for name, part in (("query", query), ("key", key), ("value", value)):
        if part.rank < 2:
            raise InferenceError(f"{name} must have at least rank 2, found rank {part.rank}")
    check_dtypes(query=query, key=key, value=value)
    if not same_size(query.sizes[-1], key.sizes[-1]):
        raise InferenceError(f"query has {query.sizes[-1]} features, key has {key.sizes[-1]}")
    if not same_size(key.sizes[-2], value.sizes[-2]):
        raise InferenceError(f"key has {key.sizes[-2]} positions, value has {value.sizes[-2]}")
    batch = query.sizes[:-2]
    if not enable_gqa:
        batch = broadcast(batch, key.sizes[:-2], value.sizes[:-2])
    if attn_mask is not None:
        scores = (*batch, query.sizes[-2], key.sizes[-2])
        common = broadcast(attn_mask.sizes, scores)
        if len(common) != len(scores) or not all(map(same_size, common, scores)):
            raise InferenceError(f"attn_mask {size_list(attn_mask.sizes)} does not fit the scores {size_list(scores)}")
    return tensor(query.dtype, [*batch, query.sizes[-2], value.sizes[-1]])


@infers("_scaled_dot_product_flash_attention_for_cpu")
def flash_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None) -> list[Tensor]:
    """N x heads x L x E; the second result is the logarithm of the softmax's sum, N x heads x L."""
    check_rank("query", query, 4)
    out = scaled_dot_product_attention(query, key, value, attn_mask)
    wide = float32 if query.dtype in (float16, bfloat16) else query.dtype
    return [out, tensor(wide, query.sizes[:-1])]


@infers("_scaled_dot_product_attention_math")
def math_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, enable_gqa: bool = False
) -> list[Tensor]:
    out = scaled_dot_product_attention(query, key, value, attn_mask, enable_gqa)
    return [out, tensor(query.dtype, [*out.sizes[:-1], key.sizes[-2]])]


def _layer_outputs(input: Tensor, state: Tensor, bidirectional: bool) -> Tensor:
    """Features of every step: the last layer's states, both directions side by side."""
    check_rank("input", input, 2, 3)
    check_rank("the state", state, input.rank)
    return tensor(input.dtype, [*input.sizes[:-1], state.sizes[-1] * (2 if bidirectional else 1)])


@infers("lstm.input")
def lstm(input: Tensor, hx: Sequence[Tensor], bidirectional: bool) -> list[Tensor]:
    if len(hx) != 2:
        raise InferenceError(f"hx must be the hidden and the cell state, found {len(hx)} tensors")
    return [_layer_outputs(input, hx[0], bidirectional), *hx]


@infers("gru.input", "rnn_tanh.input", "rnn_relu.input")
def gru(input: Tensor, hx: Tensor, bidirectional: bool) -> list[Tensor]:
    return [_layer_outputs(input, hx, bidirectional), hx]


@infers("lstm_cell")
def lstm_cell(hx: Sequence[Tensor]) -> list[Tensor]:
    return list(hx)


@infers("gru_cell", "rnn_tanh_cell", "rnn_relu_cell")
def gru_cell(hx: Tensor) -> Tensor:
    return hx
