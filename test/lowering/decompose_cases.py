"""Calls of ATen operators for the numeric tests of decompose-aten: at least one per rule, as torch takes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Call:
    """Arguments of an operator."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def call(*args: Any, **kwargs: Any) -> Call:
    return Call(args, kwargs)


_generator = torch.Generator().manual_seed(0)


def f(*sizes: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Standard normal numbers."""
    return torch.randn(sizes, generator=_generator).to(dtype)


def p(*sizes: int) -> Tensor:
    """Numbers between 0 and 1."""
    return torch.rand(sizes, generator=_generator) * 0.98 + 0.01


def i(*sizes: int, low: int = -5, high: int = 6, dtype: torch.dtype = torch.int64) -> Tensor:
    """Integers from `low` to below `high`."""
    return torch.randint(low, high, sizes, generator=_generator, dtype=dtype)


def b(*sizes: int) -> Tensor:
    return torch.rand(sizes, generator=_generator) < 0.5


def c(*values: float, dtype: torch.dtype | None = None) -> Tensor:
    """A vector of the values given."""
    return torch.tensor(values, dtype=dtype)


INF, NAN = math.inf, math.nan
SPECIAL = c(-INF, -1.5, -0.0, 0.0, 2.5, INF, NAN)
I32, U8, F16, BOOL, I64 = torch.int32, torch.uint8, torch.float16, torch.bool, torch.int64

ACTIVATIONS: dict[str, Sequence[Call]] = {
    **{name: [call(f(3, 4)), call(SPECIAL)] for name in ("relu6", "hardsigmoid", "hardswish", "selu", "mish")},
    "silu": [call(f(3, 4)), call(f(5, dtype=F16))],
    "log_sigmoid": [call(f(3, 4) * 30)],
    "softplus": [call(f(3, 4) * 20), call(f(5), 2.0, 1.5)],
    "celu": [call(f(3, 4)), call(f(5), 0.5)],
    "threshold": [call(f(3, 4), 0.1, 20.0), call(i(4), 1, 7), call(SPECIAL, 0, 1)],
    "hardshrink": [call(f(3, 4)), call(SPECIAL, 1.5)],
    "softshrink": [call(f(3, 4)), call(SPECIAL, 1.0)],
    "prelu": [call(f(2, 3, 4), f(3)), call(f(2, 3), f(1)), call(f(4), f(1)), call(f(), f(1))],
    "_prelu_kernel": [call(f(2, 3, 4), f(1, 3, 1))],
    "rrelu": [call(f(3, 4)), call(f(3, 4), 0.2, 0.4)],
    "glu": [call(f(4, 6)), call(f(4, 6), 0), call(f(2, 4, 6), 1)],
    **{
        name: [call(f(2, 3, 4, 4), 0.5, False), call(f(2, 3), 0.0, True)]
        for name in ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")
    },
}

_BINARY = [call(f(3, 4), f(4)), call(f(2, 1), f(3)), call(SPECIAL[:, None], SPECIAL)]
_INTEGERS = c(5, -5, 7, -7, 6, -6, 0)
_SHIFTS = [call(i(4, low=0), i(4, low=0)), call(_INTEGERS, c(0, 1, 2, 0, 1, 2, 0))]

ELEMENTWISE: dict[str, Sequence[Call]] = {
    "square": [call(f(3, 4)), call(i(4)), call(f(3, dtype=F16))],
    "rsub.Scalar": [call(f(3), 2), call(i(3), 2, 3), call(f(3), 2.5, 0.5)],
    "rsub.Tensor": [call(f(3, 4), f(4)), call(f(3), f(3), alpha=2)],
    "addcmul": [call(f(3, 4), f(4), f(3, 1)), call(f(3), f(3), f(3), value=2.5), call(i(3), i(3), i(3), value=2)],
    "addcdiv": [call(f(3, 4), f(4), p(3, 1)), call(f(3), f(3), p(3), value=2.5)],
    "lerp.Scalar": [call(f(3, 4), f(3, 4), 0.3), call(f(3), f(3), 0.8)],
    "lerp.Tensor": [call(f(3, 4), f(3, 4), p(3, 4)), call(f(3, 4), f(4), p(1))],
    "clamp": [call(i(3, 4), -0.5, 2.5), call(i(5), 0, 2), call(f(5), None, 0.1)],
    "clamp_min": [call(f(3, 4), 0.1), call(i(5), 2)],
    "clamp_max": [call(f(3, 4), 0.1), call(i(5), 2)],
    "clamp_min.Tensor": [call(f(3, 4), f(4)), call(SPECIAL, c(1.0))],
    "clamp_max.Tensor": [call(f(3, 4), f(4)), call(SPECIAL, c(1.0))],
    "fmax": [*_BINARY, call(i(4), i(4))],
    "fmin": [*_BINARY, call(i(4), i(4))],
    "remainder.Scalar": [call(_INTEGERS, -3), call(_INTEGERS, 3), call(f(4), 0.7), call(_INTEGERS, 2.5)],
    "remainder.Tensor": [call(_INTEGERS[:, None], c(-3, 3, 4)), call(f(4), f(4)), call(i(3, dtype=I32), c(2, -2, 3))],
    "floor_divide": [call(_INTEGERS[:, None], c(-3, 3)), call(f(4), f(4))],
    "floor_divide.Scalar": [call(_INTEGERS, -3), call(f(4), 0.7)],
    "bitwise_left_shift.Tensor": _SHIFTS,
    "bitwise_right_shift.Tensor": _SHIFTS,
    "bitwise_left_shift.Tensor_Scalar": [call(_INTEGERS, 3)],
    "bitwise_right_shift.Tensor_Scalar": [call(_INTEGERS, 1)],
    "__lshift__.Tensor": _SHIFTS,
    "__rshift__.Tensor": _SHIFTS,
    "__lshift__.Scalar": [call(_INTEGERS, 3)],
    "__rshift__.Scalar": [call(_INTEGERS, 1)],
    "exp2": [call(f(3, 4)), call(i(4)), call(SPECIAL)],
    "ldexp.Tensor": [call(f(3, 4), i(4)), call(f(3), i(3, dtype=I32))],
    "erfc": [call(f(3, 4))],
    "hypot": [call(f(3, 4), f(4)), call(c(0.0, 1e30, -1e-30, INF), c(0.0, -1e30, 1e-30, INF))],
    "frac": [call(f(3, 4) * 5)],
    "round.decimals": [call(f(4) * 100, decimals=d) for d in (0, 2, -1)],
    "signbit": [call(SPECIAL[:-1]), call(i(4))],
    "angle": [call(SPECIAL), call(i(4))],
    "copysign.Tensor": [call(f(3, 4), f(4)), call(f(6), SPECIAL[:-1]), call(i(3), f(3)), call(i(3), i(3))],
    "copysign.Scalar": [call(f(3, 4), -2.0), call(i(4), 0.0)],
    "logaddexp": [*_BINARY[:2], call(SPECIAL[:-1, None], SPECIAL)],
    "logaddexp2": [*_BINARY[:2], call(SPECIAL[:-1, None], SPECIAL)],
    "logit": [call(p(3, 4)), call(f(3, 4), 0.1)],
    "isfinite": [call(SPECIAL), call(i(3))],
    "nan_to_num": [
        call(SPECIAL),
        call(i(3)),
        call(SPECIAL, 1.0, 5.0, -5.0),
        call(SPECIAL, None, 5.0),
        call(SPECIAL.to(F16)),
    ],
    "masked_fill.Scalar": [call(f(3, 4), b(4), -INF), call(i(3, 4), b(3, 4), 2)],
    "masked_fill.Tensor": [call(f(3, 4), b(4), torch.tensor(2.5)), call(f(3), b(3), torch.tensor(2))],
    "fill.Tensor": [call(f(3, 4), torch.tensor(2.5)), call(f(3), torch.tensor(2))],
    "where.ScalarSelf": [call(b(3, 4), 1.5, f(4)), call(b(3), 2, i(3)), call(b(3), 2.5, i(3))],
    "where.ScalarOther": [call(b(3, 4), f(4), 1.5), call(b(3), f(3, dtype=F16), 1.5)],
    "where.Scalar": [call(b(3, 4), 1, 2), call(b(3), 1, 2.5), call(b(3), True, False)],
    "isin.Tensor_Tensor": [call(i(3, 4), i(5)), call(i(3), i(2, 2), invert=True)],
    "isin.Tensor_Scalar": [call(i(3, 4), 2), call(i(3), 2, invert=True)],
    "bucketize.Tensor": [
        call(f(3, 4), c(-1.0, 0.0, 0.5)),
        call(c(0.0, 1.0), c(0.0, 1.0), right=True),
        call(c(0.0, 1.0), c(0.0, 1.0), out_int32=True),
    ],
    "searchsorted.Tensor": [
        call(c(-1.0, 0.0, 0.5), f(3, 4)),
        call(f(3, 5).sort().values, f(3, 4)),
        call(c(1.0, 2.0, 2.0), c(2.0), side="right"),
        call(c(0.5, -1.0, 0.0), f(4), sorter=c(1, 2, 0)),
    ],
}

COPIES: dict[str, Sequence[Call]] = {
    "contiguous": [call(f(3, 4)), call(f(2, 3, 4, 5), memory_format=torch.channels_last)],
    "to.dtype": [call(f(3), I64), call(f(3), torch.float32), call(f(3), F16, copy=True)],
    "to.dtype_layout": [call(f(3), dtype=F16), call(i(3))],
    "to.device": [call(f(3), torch.device("cpu"), F16), call(f(3), torch.device("cpu"), torch.float32)],
    "to.other": [call(f(3), i(2)), call(f(3), f(2))],
    "type_as": [call(f(3), i(2)), call(f(3), f(2))],
    "copy": [call(f(3, 4), f(4)), call(f(3), i(3)), call(f(3), f(3))],
    "item": [call(torch.tensor(2.5)), call(torch.tensor(3))],
    **{
        name: [call(f(3, 4))]
        for name in ("alias", "detach", "lift", "lift_fresh", "positive", "data", "conj", "conj_physical")
    },
    **{name: [call(f(3, 4))] for name in ("resolve_conj", "resolve_neg", "real")},
}

CREATION: dict[str, Sequence[Call]] = {
    "zeros": [call([2, 3]), call([2], dtype=I64)],
    "ones": [call([2, 3]), call([2], dtype=BOOL)],
    "zeros_like": [call(f(2, 3)), call(i(3), dtype=F16)],
    "ones_like": [call(f(2, 3)), call(i(3))],
    "zero": [call(f(2, 3))],
    "new_zeros": [call(i(1), [2, 3]), call(f(1), [2], dtype=I64)],
    "new_ones": [call(i(1), [2, 3])],
    "new_full": [call(i(1), [2, 3], 7), call(f(1), [2], 2.5)],
    "arange": [call(5), call(2.5), call(4, dtype=torch.float32)],
    "arange.start": [call(2, 5), call(0.5, 3)],
    "linspace": [call(0, 1, 5), call(2.0, -1.0, 4), call(3, 7, 1), call(0, 10, 3, dtype=I64)],
    "eye": [call(3), call(2, dtype=I64)],
    "eye.m": [call(3, 2), call(2, 4, dtype=BOOL)],
    "tril": [call(f(3, 4)), call(f(2, 3, 3), 1), call(i(4, 3), -1), call(b(3, 3))],
    "triu": [call(f(3, 4)), call(f(2, 3, 3), 1), call(i(4, 3), -1), call(torch.full((3, 3), -INF), 1)],
    "tril_indices": [call(3, 4), call(4, 3, -1, dtype=I32)],
    "triu_indices": [call(3, 4), call(4, 3, 1)],
    "one_hot": [call(i(3, 2, low=0, high=4), 5)],
    "meshgrid": [call([f(3), f(2)]), call([f(2), f(3), f(4)])],
    "meshgrid.indexing": [call([f(3), f(2)], indexing="xy"), call([f(2), f(3), f(4)], indexing="ij")],
}
UNDEFINED: dict[str, Sequence[Call]] = {
    "empty.memory_format": [call([2, 3]), call([2], dtype=I64)],
    "empty_permuted": [call([2, 3], [1, 0])],
    "empty_strided": [call([2, 3], [3, 1])],
    "empty_like": [call(f(2, 3)), call(f(2), dtype=I64)],
    "new_empty": [call(i(1), [2, 3])],
    "new_empty_strided": [call(f(1), [2, 3], [3, 1])],
}
"""Operators whose elements may be anything."""

_SAMPLE = f(3, 4)

ALIASES: dict[str, Sequence[Call]] = {
    "acosh": [call(p(3, 4) + 1)],
    **{name: [call(p(3, 4))] for name in ("abs", "acos", "asin", "asinh", "atan", "atanh", "erf", "expm1", "log1p")},
    **{name: [call(f(3, 4) * 3)] for name in ("neg", "sigmoid", "trunc")},
    **{name: [call(f(3, 4), f(4))] for name in ("atan2", "maximum", "minimum")},
    **{
        f"{name}.{other}": [call(f(3, 4), second), call(i(3), 2 if other == "Scalar" else i(3, low=1))]
        for name in ("mul", "sub", "div", "gt", "ge", "lt", "le", "ne")
        for other, second in (("Scalar", 0.5), ("Tensor", f(4)))
    },
    **{
        f"bitwise_{name}.{other}": [call(i(3), second), call(b(3), second if other == "Scalar" else b(3))]
        for name in ("and", "or", "xor")
        for other, second in (("Scalar", 1), ("Tensor", i(3)))
    },
    "div.Scalar_mode": [call(_INTEGERS, -3, rounding_mode=mode) for mode in ("floor", "trunc", None)],
    "div.Tensor_mode": [call(f(3, 4), f(4), rounding_mode=mode) for mode in ("floor", "trunc", None)],
    "clamp": [call(f(3, 4), -0.5, 0.5), call(i(3), None, 2)],
    "clamp.Tensor": [call(f(3, 4), f(4), None)],
    "cat": [call([f(2, 3), f(1, 3)]), call([f(2, 3), f(2, 1)], -1)],
    "nonzero": [call(b(3, 4))],
    "diagonal": [call(_SAMPLE), call(f(2, 3, 4), 1, 0, 2)],
    "as_strided": [call(_SAMPLE, [2, 2], [4, 1], 1)],
    "expand": [call(f(3, 1), [2, 3, 4])],
    "lift_fresh": [call(_SAMPLE)],
    "permute": [call(f(2, 3, 4), [2, 0, 1])],
    "select.int": [call(_SAMPLE, 1, -1)],
    "slice.Tensor": [call(_SAMPLE, 1, 1, 4, 2)],
    "squeeze.dim": [call(f(1, 3, 1), 0)],
    "squeeze.dims": [call(f(1, 3, 1), [0, -1])],
    "unsqueeze": [call(_SAMPLE, -1)],
    "view": [call(_SAMPLE, [2, -1])],
}
"""Core operators that others are aliases of."""

_DIMS = [call(f(3, 4), [1]), call(f(3, 4, 5), [0, 2], keepdim=True)]

REDUCTION: dict[str, Sequence[Call]] = {
    "sum": [call(f(3, 4)), call(i(4)), call(b(4)), call(f(3, dtype=F16), dtype=torch.float32), call(f())],
    "_log_softmax": [
        *(call(f(*sizes, dtype=torch.float64), -1, False) for sizes in ((3, 4), (2, 0), ())),
        call(f(3, 4), 0, False),
    ],
    "mean": [call(f(3, 4)), call(i(4), dtype=torch.float32)],
    "max": [call(f(3, 4)), call(i(4)), call(SPECIAL)],
    "min": [call(f(3, 4)), call(i(4))],
    "aminmax": [call(f(3, 4)), call(f(3, 4), dim=1, keepdim=True)],
    "all": [call(b(3)), call(i(3, low=1)), call(torch.ones(3, dtype=U8))],
    "all.dim": [call(b(3, 2), 1), call(f(3, 2), 0, True)],
    "all.dims": [call(b(3, 2, 2), [0, 2]), call(b(3, 2), None, True)],
    "std.correction": [call(f(3, 4)), call(f(3, 4), [1], correction=0, keepdim=True)],
    "std": [call(f(3, 4)), call(f(3, 4), False)],
    "std.dim": [call(f(3, 4), [1]), call(f(3, 4), [0], False, True)],
    "var": [call(f(3, 4)), call(f(3, 4), False)],
    "var.dim": [call(f(3, 4), [1]), call(f(3, 4), [0, 1], False, True)],
    "var_mean": [call(f(3, 4))],
    "var_mean.dim": [call(f(3, 4), [1]), call(f(3, 4), [0], False, True)],
    "var_mean.correction": [call(f(3, 4), [1], correction=2), call(f(3, 4), keepdim=True)],
    "std_mean": [call(f(3, 4), False)],
    "std_mean.dim": [call(f(3, 4), [1])],
    "std_mean.correction": [call(f(3, 4), [1], correction=0)],
    "logsumexp": [*_DIMS, call(f(4) * 200, [0]), call(c(-INF, -INF), [0]), call(c(INF, 1.0), [0])],
    "linalg_vector_norm": [
        *(call(f(3, 4), order) for order in (2, 1, 0, 3, 0.5, INF, -INF)),
        call(f(3, 4), 2, [1], True),
        call(f(3, dtype=F16), 2, dtype=torch.float32),
    ],
    "norm.Scalar": [call(f(3, 4)), call(f(3, 4), 1)],
    "norm.ScalarOpt_dim": [call(f(3, 4), None, [1]), call(f(3, 4), 3, [0], True)],
    "norm.ScalarOpt_dtype": [call(f(4, dtype=F16), 2, dtype=torch.float32)],
    "norm.ScalarOpt_dim_dtype": [call(f(4, 2, dtype=F16), 1, [0], False, dtype=torch.float32)],
    "frobenius_norm.dim": [call(f(3, 4), [0, 1]), call(f(2, 3, 4), [1, 2], True)],
    "dist": [call(f(3, 4), f(4)), call(f(4), f(4), 1)],
    "cosine_similarity": [call(f(3, 4), f(3, 4)), call(f(3, 4), f(1, 4), -1), call(torch.zeros(2, 3), f(2, 3))],
}

_ROWS = i(4, 5, low=0, high=3)

SORTING: dict[str, Sequence[Call]] = {
    "sort": [call(f(3, 4)), call(f(3, 4), 0, True), call(f())],
    "sort.stable": [
        call(_ROWS, stable=True, dim=0),
        call(_ROWS, stable=True, descending=True),
        call(f(3), stable=False),
    ],
    "msort": [call(f(4, 3))],
    "argsort": [call(f(3, 4)), call(f(3, 4), 0, True)],
    "argsort.stable": [call(_ROWS, stable=True), call(f(3, 4), stable=True, dim=0, descending=True)],
    "kthvalue": [call(f(3, 5), 2), call(f(), 1), call(f(5, 3), 5, 0, True)],
    "median.dim": [call(f(3, 5), 1), call(f(4, 3), 0, True), call(c(1.0, NAN, 2.0), 0), call(c(3, 1, 4, 2), 0)],
    "median": [call(f(3, 5)), call(c(1.0, NAN, 2.0)), call(f())],
    "nanmedian.dim": [call(f(3, 5), 1), call(c(1.0, NAN, 2.0, NAN, 0.5), 0, True), call(c(NAN, NAN), 0)],
    "nanmedian": [call(c(1.0, NAN, 2.0, NAN, 0.5)), call(c(3, 1, 2))],
    "cumprod": [call(f(3, 5), 1), call(i(7), 0), call(f(1, 3), 0), call(f(6), 0, dtype=torch.float64), call(b(3), 0)],
    "logcumsumexp": [call(f(3, 5), 1), call(c(-INF, -INF, 1.0), 0), call(f(), 0)],
    "cummax": [call(f(3, 5), 1), call(i(9), 0), call(c(1.0, NAN, 2.0), 0), call(f(), 0)],
    "cummin": [call(f(5, 3), -2), call(i(9), 0)],
}

RANDOM: dict[str, Sequence[Call]] = {
    "rand_like": [call(f(100, 100))],
    "rrelu": [call(-torch.ones(100, 100), 0.2, 0.6, True)],
    "randn_like": [call(f(100, 100))],
    "uniform": [call(f(100, 100), -1.0, 3.0)],
    "normal_functional": [call(f(100, 100), 1.0, 2.0)],
    "normal.float_float": [call(1.0, 2.0, [100, 100])],
    "normal.Tensor_float": [call(torch.full((100, 100), 3.0), 2.0)],
    "normal.float_Tensor": [call(3.0, torch.full((100, 100), 2.0))],
    "normal.Tensor_Tensor": [call(torch.full((100, 1), 3.0), torch.full((100, 100), 2.0))],
    "log_normal": [call(f(100, 100), 0.5, 0.25)],
    "exponential": [call(f(100, 100), 2.0)],
    "geometric": [call(f(100, 100), 0.3)],
    "bernoulli": [call(torch.full((100, 100), 0.3))],
    "bernoulli.p": [call(f(100, 100), 0.3)],
    "bernoulli.Tensor": [call(f(100, 100), torch.full((100, 100), 0.3))],
    "randint": [call(10, [100, 100])],
    "randint.low": [call(-3, 10, [100, 100])],
    "randint_like": [call(f(100, 100), 10)],
    "randint_like.low_dtype": [call(f(100, 100), -3, 10, dtype=I64)],
    "multinomial": [call(c(1.0, 2.0, 3.0).expand(5000, 3), 1), call(c(1.0, 0.0, 3.0), 10000, True)],
}
"""Operators of which only the distribution of the elements is given; `cauchy` has neither mean nor deviation."""

_CELLS = f(2, 3, 4)
_LAYER = torch.ops.aten.native_layer_norm(_CELLS, [4], None, None, 1e-5)[1:]
_PLANES = f(2, 6, 5)
_GROUP = torch.ops.aten.native_group_norm(_PLANES, None, None, 2, 6, 5, 3, 1e-5)[1:]
_ALL = [True, True, True]

GRADIENTS: dict[str, Sequence[Call]] = {
    "native_layer_norm_backward": [call(f(2, 3, 4), _CELLS, [4], *_LAYER, f(4), f(4), _ALL)],
    "native_group_norm_backward": [call(f(2, 6, 5), _PLANES, *_GROUP, f(6), 2, 6, 5, 3, _ALL)],
    "embedding_dense_backward": [
        call(f(3, 2, 4), i(3, 2, low=0, high=5), 5, -1, False),
        call(f(6, 4), i(6, low=0, high=5), 5, 2, False),
    ],
    "avg_pool2d_backward": [
        call(f(1, 2, 3, 2), f(1, 2, 6, 4), [2], [2], [0], False, True, None),
        call(f(1, 2, 4, 3), f(1, 2, 6, 4), [3], [2], [1], True, False, None),
    ],
    "_adaptive_avg_pool2d_backward": [
        call(f(1, 2, 2, 2), f(1, 2, 4, 6)),
        call(f(1, 2, 3, 2), f(1, 2, 4, 5)),
    ],
    "convolution_backward": [
        call(f(2, 4, 5), f(2, 3, 5), f(4, 3, 3), [4], [1], [1], [1], False, [0], 1, _ALL),
        call(f(2, 4, 3, 3), f(2, 2, 5, 6), f(4, 1, 3, 2), [4], [2, 2], [1, 0], [1, 1], False, [0, 0], 2, _ALL),
        call(f(1, 3, 7, 7), f(1, 2, 3, 3), f(2, 3, 3, 3), [3], [2, 2], [0, 0], [1, 1], True, [0, 0], 1, _ALL),
    ],
}
