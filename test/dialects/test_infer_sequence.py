"""Inference rules of attention and recurrent layers against torch's CPU kernels."""

from images import F32
from infer_harness import Arguments, Draw, Sample, rule_test

from etc.dialects import dtypes
from etc.dialects.tensor import Tensor, tensor


def attention(d: Draw) -> Arguments:
    query = tensor(F32, [2, 4, d.a, d.d])
    key = tensor(F32, [2, 4, d.b, d.d])
    mask = tensor(d.choice(F32, dtypes.bool_), d.choice([d.a, d.b], [1, d.b], [2, 1, d.a, d.b]))
    return {"query": query, "key": key, "value": key.like(sizes=[2, 4, d.b, d.c]), "attn_mask": d.choice(None, mask)}


def grouped_attention(d: Draw) -> Arguments:
    key = tensor(F32, [2, 2, d.b, d.d])
    return {"query": tensor(F32, [2, 6, d.a, d.d]), "key": key, "value": key, "enable_gqa": True}


def flash(d: Draw) -> Arguments:
    query = tensor(F32, [2, 4, d.a, d.d])
    key = tensor(F32, [2, 4, d.b, d.d])
    return {"query": query, "key": key, "value": key}


def recurrent(d: Draw, gates: int) -> Arguments:
    """Two layers of hidden size 5 over features of size 3."""
    both, biases = d.flag(), d.flag()
    directions = 2 if both else 1
    params: list[Tensor] = []
    for width in (3, 5 * directions):
        for _ in range(directions):
            params += [tensor(F32, [gates * 5, width]), tensor(F32, [gates * 5, 5])]
            params += [tensor(F32, [gates * 5])] * (2 if biases else 0)
    first = d.flag()
    batched = [d.a, d.b] if first else [d.b, d.a]
    return {
        "input": tensor(F32, [*batched, 3]),
        "hx": tensor(F32, [2 * directions, d.a, 5]),
        "params": params,
        "has_biases": biases,
        "num_layers": 2,
        "dropout": 0.0,
        "train": False,
        "bidirectional": both,
        "batch_first": first,
    }


def lstm(d: Draw) -> Arguments:
    arguments = recurrent(d, 4)
    return {**arguments, "hx": [arguments["hx"]] * 2}


def cell(gates: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        state = tensor(F32, [d.a, 5])
        weights = {"w_ih": tensor(F32, [gates * 5, 3]), "w_hh": tensor(F32, [gates * 5, 5])}
        biases = {"b_ih": tensor(F32, [gates * 5]), "b_hh": tensor(F32, [gates * 5])}
        return {"input": tensor(F32, [d.a, 3]), "hx": [state, state] if gates == 4 else state, **weights, **biases}

    return sample


SAMPLES: dict[str, Sample | list[Sample]] = {
    "scaled_dot_product_attention": [attention, grouped_attention],
    "_scaled_dot_product_attention_math": [attention, grouped_attention],
    "_scaled_dot_product_flash_attention_for_cpu": flash,
    "lstm.input": lstm,
    "gru.input": lambda d: recurrent(d, 3),
    **dict.fromkeys(("rnn_tanh.input", "rnn_relu.input"), lambda d: recurrent(d, 1)),
    "lstm_cell": cell(4),
    "gru_cell": cell(3),
    **dict.fromkeys(("rnn_tanh_cell", "rnn_relu_cell"), cell(1)),
}

test_rules = rule_test(SAMPLES, examples=8, device="cpu")
