"""Calls of ATen's layers, products, indexing and reshaping operators for the numeric tests of decompose-aten."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from decompose_cases import BOOL, F16, INF, Call, b, c, call, f, i, p
from torch import Tensor

PRODUCTS: dict[str, Sequence[Call]] = {
    "linear": [
        call(f(2, 3), f(4, 3), f(4)),
        call(f(2, 5, 3), f(4, 3)),
        call(f(3), f(4, 3), f(4)),
        call(f(2, 3), f(3)),
        call(f(2, 2, 3), f(3), f()),
    ],
    **{
        name: [
            call(f(*left), f(*right))
            for left, right in (
                ((3,), (3,)),
                ((3,), (3, 2)),
                ((2, 3), (3,)),
                ((2, 3), (3, 4)),
                ((5, 2, 3), (3, 4)),
                ((2, 3), (5, 3, 4)),
                ((3,), (5, 3, 4)),
                ((5, 2, 3), (3,)),
                ((2, 1, 2, 3), (5, 3, 4)),
            )
        ]
        for name in ("matmul", "linalg_matmul")
    },
    "mv": [call(f(2, 3), f(3))],
    "dot": [call(f(3), f(3)), call(i(3), i(3))],
    "vdot": [call(f(3), f(3))],
    "outer": [call(f(3), f(2))],
    "ger": [call(f(3), f(2))],
    "baddbmm": [
        call(f(2, 3, 4), f(2, 3, 5), f(2, 5, 4)),
        call(f(4), f(2, 3, 5), f(2, 5, 4), beta=0.5, alpha=2),
        call(torch.full((4,), INF), f(2, 3, 5), f(2, 5, 4), beta=0),
        call(i(2, 3, 4), i(2, 3, 5), i(2, 5, 4), beta=0.5, alpha=2.7),
    ],
    "addbmm": [call(f(3, 4), f(2, 3, 5), f(2, 5, 4)), call(f(4), f(2, 3, 5), f(2, 5, 4), beta=0.5, alpha=2)],
    "addr": [call(f(3, 4), f(3), f(4)), call(f(4), f(3), f(4), beta=0, alpha=2)],
    "addmv": [call(f(3), f(3, 4), f(4)), call(f(3), f(3, 4), f(4), beta=0.5, alpha=2)],
    "bilinear": [call(f(5, 3), f(5, 4), f(2, 3, 4), f(2)), call(f(2, 5, 3), f(2, 5, 4), f(2, 3, 4))],
    "einsum": [
        call(equation, [f(*sizes) for sizes in shapes])
        for equation, *shapes in (
            ("ij,jk->ik", (2, 3), (3, 4)),
            ("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5)),
            ("ij->ji", (2, 3)),
            ("ij->", (2, 3)),
            ("ij", (2, 3)),
            ("ji", (2, 3)),
            ("i,j->ij", (2,), (3,)),
            ("ii->i", (3, 3)),
            ("ii", (3, 3)),
            ("bii,bi->b", (2, 3, 3), (2, 3)),
            ("...ij,...jk->...ik", (5, 2, 3), (3, 4)),
            ("...ij,jk", (5, 2, 3), (3, 4)),
            ("b...c,cd->b...d", (2, 5, 6, 3), (3, 4)),
            ("bij,bjk->bik", (1, 2, 3), (4, 3, 5)),
            ("bij,bij->bi", (2, 3, 4), (2, 1, 4)),
            ("ab,bc,cd->ad", (2, 3), (3, 4), (4, 5)),
            ("bl,bld,d->b", (2, 3), (2, 3, 4), (4,)),
        )
    ],
}

_Q = (2, 3, 4, 8)
_MASK = torch.ones(4, 6, dtype=BOOL)
_MASK[1] = False
_MASK[2, :3] = False

ATTENTION: dict[str, Sequence[Call]] = {
    "softmax.int": [call(f(3, 4), 1), call(f(3, 4), -2), call(f(3, dtype=F16), 0, torch.float32)],
    "special_softmax": [call(f(3, 4), 1)],
    "log_softmax.int": [call(f(3, 4), 1), call(f(3, dtype=F16), 0, torch.float32)],
    "special_log_softmax": [call(f(3, 4), 1)],
    "_safe_softmax": [call(torch.tensor([[1.0, 2.0], [-INF, -INF]]), 1)],
    "scaled_dot_product_attention": [
        call(f(*_Q), f(2, 3, 6, 8), f(2, 3, 6, 5)),
        call(f(*_Q), f(2, 3, 9, 8), f(2, 3, 9, 8), scale=0.5),
        call(f(*_Q), f(*_Q), f(*_Q), is_causal=True),
        call(f(*_Q), f(2, 3, 6, 8), f(2, 3, 6, 8), is_causal=True),
        call(f(*_Q), f(2, 3, 6, 8), f(2, 3, 6, 8), _MASK),
        call(f(*_Q), f(2, 3, 6, 8), f(2, 3, 6, 8), torch.zeros(4, 6).masked_fill(~_MASK, -INF)),
        call(f(*_Q), f(2, 3, 6, 8), f(2, 3, 6, 8), f(2, 1, 4, 6)),
        call(f(2, 6, 4, 8), f(2, 2, 5, 8), f(2, 2, 5, 8), enable_gqa=True),
        call(f(2, 4, 8), f(2, 6, 8), f(2, 6, 8)),
    ],
}

CONVOLUTION: dict[str, Sequence[Call]] = {
    "conv1d": [call(f(2, 3, 9), f(4, 3, 2), f(4), [2], [1]), call(f(3, 9), f(4, 3, 2))],
    "conv2d": [
        call(f(2, 3, 9, 8), f(4, 3, 2, 3), f(4), [2, 1], [1], [1, 2]),
        call(f(2, 4, 9, 8), f(4, 2, 2, 3), None, groups=2),
        call(f(3, 9, 8), f(4, 3, 1, 1)),
    ],
    "conv3d": [call(f(2, 3, 5, 5, 5), f(4, 3, 2, 2, 2), f(4), [2])],
    "conv1d.padding": [call(f(2, 3, 9), f(4, 3, 4), f(4), [1], "same"), call(f(2, 3, 9), f(4, 3, 4), padding="valid")],
    "conv2d.padding": [
        call(f(2, 3, 9, 8), f(4, 3, 2, 3), None, [1], "same", [2]),
        call(f(2, 3, 9, 8), f(4, 3, 4, 3), f(4), [1], "same"),
        call(f(2, 3, 9, 8), f(4, 3, 4, 3), f(4), [2], "valid"),
    ],
    "conv3d.padding": [call(f(1, 2, 5, 5, 5), f(2, 2, 2, 3, 2), padding="same")],
    "conv_transpose1d": [call(f(2, 3, 5), f(3, 4, 3), f(4), [2], [1], [1]), call(f(3, 5), f(3, 4, 3))],
    "conv_transpose2d.input": [
        call(f(2, 4, 5, 4), f(4, 3, 3, 2), f(6), [2, 1], [1], [1, 0], 2),
        call(f(2, 4, 5, 4), f(4, 3, 3, 2), None, [1], [0], [0], 1, [2]),
    ],
    "conv_transpose3d.input": [call(f(1, 2, 3, 3, 3), f(2, 2, 2, 2, 2), f(2), [2])],
}

_STATISTICS = (f(3), p(3))

NORMALISATION: dict[str, Sequence[Call]] = {
    "batch_norm": [
        call(f(2, 3, 4), f(3), f(3), *_STATISTICS, False, 0.1, 1e-5, True),
        call(f(2, 3), None, None, *_STATISTICS, False, 0.1, 1e-5, True),
        call(f(4, 3, 2), f(3), None, None, None, True, 0.1, 1e-5, True),
    ],
    "_native_batch_norm_legit_functional": [
        call(f(4, 3, 2), f(3), f(3), *_STATISTICS, True, 0.1, 1e-5),
        call(f(4, 3), None, None, *_STATISTICS, True, 0.3, 1e-5),
    ],
    "native_batch_norm": [
        call(f(4, 3, 2), f(3), f(3), None, None, True, 0.1, 1e-5),
        call(f(4, 3, 2), f(3), f(3), *_STATISTICS, False, 0.1, 1e-5),
    ],
    "_batch_norm_with_update_functional": [call(f(4, 3, 2), f(3), f(3), *_STATISTICS, 0.1, 1e-5)],
    "layer_norm": [call(f(2, 3, 4), [4], f(4), f(4)), call(f(2, 3, 4), [3, 4], None, None, 1e-3)],
    "group_norm": [call(f(2, 6, 4), 3, f(6), f(6)), call(f(2, 6, 4, 4), 2), call(f(2, 6), 3)],
    "instance_norm": [
        call(f(2, 3, 4, 5), f(3), f(3), None, None, True, 0.1, 1e-5, True),
        call(f(2, 3, 4), None, None, None, None, True, 0.1, 1e-5, True),
        call(f(2, 3, 4), f(3), f(3), *_STATISTICS, False, 0.1, 1e-5, True),
    ],
    "rms_norm": [call(f(2, 3, 4), [4], f(4), 1e-6), call(f(2, 3, 4), [3, 4])],
    "_fused_rms_norm": [call(f(2, 3, 4), [4], f(4), 1e-6)],
}

POOLING: dict[str, Sequence[Call]] = {
    "max_pool1d": [call(f(2, 3, 9), [3]), call(f(3, 9), [3], [2], [1], [1], True)],
    "max_pool1d_with_indices": [call(f(2, 3, 9), [3]), call(f(3, 9), [3], [2], [1], [1], True)],
    "max_pool2d": [call(f(2, 3, 9, 8), [3, 2]), call(f(3, 9, 8), [3], [2], [1], [2], True)],
    "max_pool3d": [
        call(f(2, 3, 5, 6, 7), [2]),
        call(f(3, 5, 6, 7), [3, 2, 3], [2, 1, 2], [1, 1, 0], [1, 2, 1], True),
    ],
    "avg_pool1d": [call(f(2, 3, 9), [3]), call(f(3, 9), [3], [2], [1], True, False)],
    "avg_pool3d": [
        *(call(i(1, 2, 5, 6, 6), [2, 3, 2], [1, 2, 2], [1, 1, 0], True, include) for include in (True, False)),
        call(i(2, 4, 4, 4), [2], divisor_override=3),
        call(f(2, 3, 5, 6, 7), [2]),
        call(f(3, 5, 6, 7), [3, 2, 3], [2, 1, 2], [1, 1, 0], True, False),
        call(f(1, 2, 5, 6, 7), [3], [2], [1], True, True),
        call(f(1, 2, 4, 4, 4), [2], [], [0], False, True, 5),
    ],
    "adaptive_avg_pool1d": [call(f(2, 3, 4), [size]) for size in (1, 2, 3)],
    "adaptive_avg_pool2d": [call(f(2, 3, 4, 6), size) for size in ([1, 1], [2, 3], [3, 4])],
    "adaptive_avg_pool3d": [call(f(2, 3, 4, 6, 5), size) for size in ([1, 1, 1], [2, 3, 5], [3, 4, 2])],
    "_adaptive_avg_pool3d": [call(f(2, 3, 4, 6, 5), [3, 4, 2])],
    "adaptive_max_pool1d": [call(f(2, 3, 6), [size]) for size in (1, 2, 4)],
    "adaptive_max_pool2d": [call(f(2, 3, 4, 6), size) for size in ([1, 1], [2, 3], [3, 4])],
    "adaptive_max_pool3d": [call(f(2, 3, 4, 6, 5), size) for size in ([2, 3, 5], [3, 4, 2])],
}

_PARTS = [call(f(7, 2), 3), call(f(2, 6), 2, 1), call(f(2, 7), 3, -1)]
_PIECES = [call(f(7, 2), [3, 4]), call(f(2, 6), [1, 2, 3], -1)]

SHAPE: dict[str, Sequence[Call]] = {
    "resize": [call(f(3, 4), [6, 2]), call(f(3, 4), [2, 2])],
    "reshape": [call(f(3, 4), [2, -1]), call(f(3, 4).t(), [12])],
    "_unsafe_view": [call(f(3, 4), [2, 6])],
    "_reshape_alias": [call(f(3, 4), [2, 6], [6, 1])],
    "view_as": [call(f(3, 4), f(2, 6))],
    "reshape_as": [call(f(3, 4), f(2, 6))],
    "linalg_diagonal": [call(f(3, 4)), call(f(2, 3, 4), offset=1, dim1=0)],
    "ravel": [call(f(3, 4)), call(f())],
    "flatten.using_ints": [call(f(2, 3, 4)), call(f(2, 3, 4, 5), 1, -2), call(f())],
    "unflatten.int": [call(f(2, 12), 1, [3, -1]), call(f(12, 2), -2, [3, 4])],
    **{name: [call(f(2, 3))] for name in ("t", "mT", "mH", "adjoint", "matrix_H")},
    "numpy_T": [call(f(2, 3, 4)), call(f(3))],
    **{name: [call(f(2, 3, 4), 0, -1), call(f(), 0, 0)] for name in ("transpose.int", "swapaxes", "swapdims")},
    **{name: [call(f(2, 3, 4), 0, 2), call(f(2, 3, 4), -1, 0)] for name in ("movedim.int", "moveaxis.int")},
    **{name: [call(f(2, 3, 4, 5), [0, 1], [2, 0])] for name in ("movedim.intlist", "moveaxis.intlist")},
    "expand_as": [call(f(3, 1), f(2, 3, 4))],
    "broadcast_to": [call(f(3, 1), [2, 3, 4])],
    "broadcast_tensors": [call([f(3, 1), f(4), f(3, 4)])],
    "squeeze": [call(f(1, 3, 1)), call(f(2, 3))],
    "narrow": [call(f(5, 3), 0, 1, 3), call(f(5, 3), 1, -2, 1)],
    "split.Tensor": _PARTS,
    "unsafe_split.Tensor": _PARTS,
    "chunk": [*_PARTS, call(f(3), 5)],
    "unsafe_chunk": _PARTS,
    **{name: _PIECES for name in ("split_with_sizes", "split.sizes", "unsafe_split_with_sizes")},
    "tensor_split.sections": [*_PARTS, call(f(3), 5)],
    "tensor_split.indices": [call(f(7, 2), [2, 5]), call(f(2, 6), [1, 4], -1)],
    "unbind.int": [call(f(3, 2)), call(f(3, 2), -1)],
    "stack": [call([f(2, 3), f(2, 3)]), call([f(2, 3), f(2, 3)], -1)],
    "hstack": [call([f(2), f(3)]), call([f(2, 3), f(2, 1)])],
    "pad": [
        call(f(2, 3), [1, 2]),
        call(f(2, 3), [1, 2, 0, 1], "constant", 2.5),
        call(f(2, 3, 5), [2, 1], "reflect"),
        call(f(1, 3, 5, 4), [2, 1, 0, 3], "replicate"),
        call(f(1, 3, 5, 4), [2, 1, 0, 3], "circular"),
        call(f(1, 2, 3, 3, 3), [1, 1, 1, 1, 1, 1], "reflect"),
    ],
    "_pad_circular": [call(f(2, 3, 5), [2, 1]), call(f(2, 3, 5), [-1, 1])],
    "replication_pad1d": [call(f(2, 3, 5), [2, 1])],
    "tile": [call(f(2, 3), [2]), call(f(3), [2, 2])],
    "roll": [call(f(3, 5), [2], [1]), call(f(3, 5), [-1, 7], [0, 1]), call(f(3, 5), [4]), call(f(3), [3], [0])],
    "rot90": [call(f(2, 3, 4), k) for k in (0, 1, 2, 3)] + [call(f(2, 3, 4), 1, [2, 0])],
    "repeat_interleave.self_int": [call(f(3, 2), 2), call(f(3, 2), 3, 0), call(f(3, 2), 2, -1)],
    "repeat_interleave.self_Tensor": [
        call(f(3, 2), c(1, 0, 3), 0, output_size=4),
        call(f(3), c(2), output_size=6),
    ],
    "combinations": [call(f(5)), call(f(4), 3, True), call(f(4), 0), call(f(2), 3)],
    "pixel_shuffle": [call(f(2, 8, 3, 4), 2), call(f(9, 2, 2), 3)],
    "pixel_unshuffle": [call(f(2, 2, 6, 4), 2), call(f(1, 3, 6), 3)],
    "channel_shuffle": [call(f(2, 6, 3, 4), 3), call(f(1, 4, 5), 2)],
    "native_channel_shuffle": [call(f(2, 6, 3, 4), 3)],
    "unfold": [call(f(7, 2), 0, 3, 2), call(f(2, 7), -1, 4, 1), call(f(2, 7, 3), 1, 2, 2), call(f(), 0, 1, 1)],
}

_BAGS = (f(6, 3), i(7, low=0, high=6))

INDEXING: dict[str, Sequence[Call]] = {
    "index_fill.int_Scalar": [call(f(3, 4), 1, c(0, 2), 2.5), call(f(), 0, c(0), 1.0)],
    "index_fill.int_Tensor": [call(f(3, 4), -1, c(0, 2), torch.tensor(2.5)), call(f(3), 0, torch.tensor(1), f())],
    "index_copy": [call(f(3, 4), 1, c(0, 2), f(3, 2)), call(f(3), 0, c(1), f(1))],
    "index_add": [call(f(3, 4), 1, c(0, 2, 0), f(3, 3)), call(f(3), 0, c(1, 1), f(2), alpha=2)],
    "take": [call(f(3, 4), c(0, 11, -1)), call(f(3), i(2, 2, low=0, high=3))],
    "put": [call(f(3, 4), c(0, 11), f(2)), call(f(3), c(1, 1), f(2), True)],
    "masked_select": [call(f(3, 4), b(4)), call(f(3), b(2, 3)), call(f(), torch.tensor(True))],
    "nonzero_numpy": [call(b(3, 4)), call(f(3))],
    "where": [call(b(3, 4)), call(torch.tensor(True))],
    "scatter.reduce": [
        call(f(3, 4), 1, i(3, 2, low=0, high=4), f(3, 2), reduce="add"),
        call(f(3, 4), 0, i(2, 4, low=0, high=3), f(2, 4), reduce="multiply"),
    ],
    "scatter.value_reduce": [
        call(f(3, 4), 1, i(3, 2, low=0, high=4), 2.5, reduce="add"),
        call(f(3, 4), 1, i(3, 2, low=0, high=4), 2.5, reduce="multiply"),
    ],
    "scatter_reduce.two": [
        call(f(3, 4), 1, i(3, 2, low=0, high=4), f(3, 2), "sum"),
        call(f(3, 4), 1, i(3, 2, low=0, high=4), f(3, 2), "amax"),
        call(f(3, 4), 1, i(3, 2, low=0, high=4), f(3, 2), "sum", include_self=False),
    ],
    "take_along_dim": [
        call(f(3, 4), i(3, 2, low=-4, high=0), 1),
        call(f(3, 4), i(3, 2, low=0, high=4), 1),
        call(f(3, 4), i(1, 2, low=0, high=4), -1),
        call(f(3, 4), i(5, low=0, high=12)),
    ],
    "diagonal_scatter": [
        call(f(3, 4), f(3)),
        call(f(3, 4), f(3), 1),
        call(f(2, 4, 3), f(4, 2), -1, -1, 0),
    ],
    "embedding_bag": [
        call(*_BAGS, c(0, 2, 2, 5)),
        call(*_BAGS, c(0, 2, 2, 5), False, 1),
        call(*_BAGS, c(0, 2, 7), False, 0, False, f(7), True),
    ],
    "embedding_bag.padding_idx": [call(*_BAGS, c(0, 2, 5), False, 0, False, None, False, None)],
}


def _weights(gates: int, layers: int, directions: int, biases: bool, features: int = 3, size: int = 4) -> list[Tensor]:
    """Parameters of a recurrent network in torch's order."""
    found: list[Tensor] = []
    for layer in range(layers):
        for _ in range(directions):
            width = features if layer == 0 else size * directions
            found += [f(gates * size, width), f(gates * size, size)]
            found += [f(gates * size), f(gates * size)] if biases else []
    return found


def _networks(gates: int, lstm: bool = False) -> list[Call]:
    """biases, layers, dropout, train, bidirectional, batch_first"""
    calls: list[Call] = []
    for biases, layers, two_ways, batch_first, sizes in (
        (True, 1, False, False, (5, 2, 3)),
        (True, 2, False, True, (2, 5, 3)),
        (False, 2, True, False, (5, 2, 3)),
        (True, 2, True, True, (2, 5, 3)),
    ):
        directions = 2 if two_ways else 1
        states = [f(layers * directions, 2, 4) for _ in range(2 if lstm else 1)]
        weights = _weights(gates, layers, directions, biases)
        state = states if lstm else states[0]
        calls.append(call(f(*sizes), state, weights, biases, layers, 0.5, False, two_ways, batch_first))
    return calls


_PROJECTED = [f(16, 3), f(16, 2), f(16), f(16), f(2, 4), f(16, 2), f(16, 2), f(16), f(16), f(2, 4)]


def _cells(gates: int, lstm: bool = False) -> list[Call]:
    return [
        call(f(2, 3), [f(2, 4), f(2, 4)] if lstm else f(2, 4), f(gates * 4, 3), f(gates * 4, 4), *biases)
        for biases in ((), (f(gates * 4), f(gates * 4)))
    ]


RECURRENT: dict[str, Sequence[Call]] = {
    "lstm.input": [
        *_networks(4, lstm=True),
        call(f(5, 2, 3), [f(2, 2, 2), f(2, 2, 4)], _PROJECTED, True, 2, 0.0, False, False, False),
    ],
    "gru.input": _networks(3),
    "rnn_tanh.input": _networks(1),
    "rnn_relu.input": _networks(1),
    "lstm_cell": _cells(4, lstm=True),
    "gru_cell": _cells(3),
    "rnn_tanh_cell": _cells(1),
    "rnn_relu_cell": _cells(1),
}

_IMAGE = f(1, 2, 5, 4)
_SIZES_2D = ([10, 8], [7, 3], [3, 9])


def _space(dimensions: int) -> Tensor:
    return f(1, 2, *[5, 4, 3][:dimensions])


def _vector_form(image: Tensor, *options: bool) -> list[Call]:
    """Sizes, whole and broken factors."""
    n = image.dim() - 2
    return [
        call(image, [6, 9, 7][:n], *options, None),
        call(image, None, *options, [2.0, 3.0, 2.0][:n]),
        call(image, None, *options, [1.7, 0.6, 2.5][:n]),
    ]


RESAMPLING: dict[str, Sequence[Call]] = {
    "upsample_nearest1d": [call(f(2, 3, 5), [8]), call(f(2, 3, 5), [7], 1.5)],
    "upsample_nearest2d": [*(call(_IMAGE, s) for s in _SIZES_2D), call(_IMAGE, [8, 6], 1.7, 1.5)],
    "upsample_nearest3d": [call(f(1, 2, 3, 4, 5), [6, 7, 8])],
    "upsample_linear1d": [call(f(2, 3, 5), [8], True), call(f(2, 3, 5), [7], False, 1.5)],
    "upsample_bilinear2d": [*(call(_IMAGE, s, a) for s in _SIZES_2D for a in (True, False))],
    "upsample_trilinear3d": [call(f(1, 2, 3, 4, 5), [6, 7, 8], a) for a in (True, False)],
    "upsample_bicubic2d": [
        *(call(_IMAGE, s, a) for s in _SIZES_2D for a in (True, False)),
        call(_IMAGE, [8, 6], False, 1.7, 1.5),
    ],
    **{f"upsample_nearest{n}d.vec": _vector_form(_space(n)) for n in (1, 3)},
    **{
        f"upsample_{kind}{n}d.vec": [c for align in (True, False) for c in _vector_form(_space(n), align)]
        for n, kind in enumerate(("linear", "bicubic", "trilinear"), start=1)
    },
    **{f"_upsample_nearest_exact{n}d": [call(_space(n), [10, 8, 9][:n])] for n in (1, 2, 3)},
    **{f"_upsample_nearest_exact{n}d.vec": _vector_form(_space(n)) for n in (1, 2, 3)},
    **{f"_upsample_{kind}2d_aa": [call(_IMAGE, s, False) for s in _SIZES_2D] for kind in ("bicubic", "lanczos")},
    **{f"_upsample_{kind}2d_aa.vec": _vector_form(_IMAGE, False) for kind in ("bilinear", "bicubic", "lanczos")},
    "_upsample_bilinear2d_aa": [call(_IMAGE, s, a) for s in _SIZES_2D for a in (True, False)],
}
