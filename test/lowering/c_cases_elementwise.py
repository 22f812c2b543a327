"""Elementwise operators of edge with inputs: unary, binary, activations, creation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from c_harness import Case, case

from etc.dialects import dtypes, edge, symbolic

_INF, _NAN = float("inf"), float("nan")
HALF, BHALF = torch.float16, torch.bfloat16
I8, U8, I32, I64 = torch.int8, torch.uint8, torch.int32, torch.int64


def numbers(*shape: int, dtype: torch.dtype = torch.float32, low: float = -3, high: float = 3) -> torch.Tensor:
    """Numbers between `low` and `high` that look random; whole ones for integers."""
    seed = sum((i + 1) * size for i, size in enumerate(shape)) + int(low * 7)
    drawn = torch.empty(shape, dtype=torch.float64).uniform_(low, high, generator=torch.Generator().manual_seed(seed))
    return (drawn > (low + high) / 2) if dtype is torch.bool else drawn.to(dtype)


def tag(value: Any) -> str:
    """A part of an identifier."""
    return str(value).removeprefix("torch.").replace("-", "minus_").replace(".", "_")


SPECIAL = torch.tensor([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 100.0, -100.0, _INF, -_INF, _NAN])
"""Where functions have corners."""
INTEGERS = {
    dtype: torch.tensor([torch.iinfo(dtype).min, torch.iinfo(dtype).max, 0, 1, 7, 100]).to(dtype)
    for dtype in (I8, U8, I32, I64)
}

FLOATING = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cos",
    "cosh",
    "erf",
    "exp",
    "expm1",
    "log",
    "log10",
    "log1p",
    "log2",
    "logit",
    "reciprocal",
    "rsqrt",
    "sigmoid",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
]
"""Functions that give float32 for integers."""
ANY_NUMBER = ["abs", "ceil", "floor", "neg", "round", "sign", "trunc"]

CASES: dict[str, Case] = {}


def add(name: str, build: Callable[..., Any], *inputs: Any, **symbols: tuple[int, int]) -> None:
    assert name not in CASES, name
    CASES[name] = case(build, *inputs, **symbols)


for _name in FLOATING:
    _build = getattr(edge, _name)
    add(f"{_name}_f32", _build, SPECIAL)
    add(f"{_name}_inside", _build, numbers(3, 4, low=-0.99, high=0.99))
    add(f"{_name}_f16", _build, numbers(5, dtype=HALF, low=0.01, high=0.99))
    add(f"{_name}_i8", _build, INTEGERS[I8])
    add(f"{_name}_bool", _build, [True, False])
for _name in ANY_NUMBER:
    _build = getattr(edge, _name)
    add(f"{_name}_f32", _build, SPECIAL)
    add(f"{_name}_bf16", _build, numbers(2, 3, dtype=BHALF))
    add(f"{_name}_f64", _build, SPECIAL.double())
    for _dtype, _values in INTEGERS.items():
        add(f"{_name}_{tag(_dtype)}", _build, _values)
for _name in ("isnan", "isinf", "logical_not"):
    _build = getattr(edge, _name)
    for _values in (SPECIAL, SPECIAL.half(), INTEGERS[U8], torch.tensor([True, False])):
        add(f"{_name}_{tag(_values.dtype)}", _build, _values)
for _values in (*INTEGERS.values(), torch.tensor([True, False])):
    add(f"bitwise_not_{tag(_values.dtype)}", edge.bitwise_not, _values)
add("sign_bool", edge.sign, [True, False])
add("conj_physical", edge.conj_physical, numbers(3))
add("logit_eps", lambda x: edge.logit(x, eps=0.1), torch.tensor([0.0, 0.05, 0.5, 0.97, 1.0, _NAN]))
add("exp_scalar", edge.exp, torch.tensor(1.25))
add("exp_empty", edge.exp, torch.empty(3, 0))
add("exp_f64", edge.exp, numbers(3, dtype=torch.float64))
add("tanh_dynamic", edge.tanh, numbers(4, 3), n=(0, 0))
add("gelu_dynamic", edge.gelu, numbers(2, 4, 3), n=(0, 0), m=(0, 2))

# Two operands

ROW, COLUMN = numbers(4), numbers(3, 1, low=-2)
PAIRS = torch.cartesian_prod(SPECIAL, SPECIAL).T.contiguous()
FLOAT_BINARY = [
    "add",
    "atan2",
    "div",
    "eq",
    "floor_divide",
    "fmod",
    "ge",
    "gt",
    "le",
    "lt",
    "maximum",
    "minimum",
    "mul",
    "ne",
    "pow",
    "remainder",
    "sub",
]
INTEGER_BINARY = ["add", "eq", "ge", "gt", "le", "lt", "maximum", "minimum", "mul", "ne", "sub", "atan2", "div"]
DIVISIONS = ["floor_divide", "fmod", "remainder"]

for _name in FLOAT_BINARY:
    _build = getattr(edge, _name)
    add(f"{_name}_corners", _build, PAIRS[0], PAIRS[1])
    add(f"{_name}_broadcast", _build, ROW, COLUMN)
    add(f"{_name}_f16", _build, numbers(3, 1, dtype=HALF), numbers(4, dtype=HALF, low=0.5))
    add(f"{_name}_bf16", _build, numbers(3, dtype=BHALF, low=0.5), numbers(1, dtype=BHALF))
    add(f"{_name}_scalar", _build, numbers(2, 3, low=0.1), torch.tensor(1.5))
    add(f"{_name}_dynamic", _build, numbers(2, 3, low=0.1), numbers(2, 1), n=(0, 0), m=(0, 1))
for _name in INTEGER_BINARY:
    for _dtype, _values in INTEGERS.items():
        add(f"{_name}_{tag(_dtype)}", getattr(edge, _name), _values[:, None], _values)
for _name in DIVISIONS:
    for _dtype in INTEGERS:
        _x = torch.tensor([-7, -6, -1, 0, 1, 6, 7]).to(_dtype)
        add(f"{_name}_{tag(_dtype)}", getattr(edge, _name), _x[:, None], _x[_x != 0])
for _mode in ("floor", "trunc", None):
    add(f"div_{_mode}_f32", lambda x, y, m=_mode: edge.div_mode(x, y, rounding_mode=m), PAIRS[0], PAIRS[1])
    add(
        f"div_{_mode}_f16",
        lambda x, y, m=_mode: edge.div_mode(x, y, rounding_mode=m),
        numbers(40, dtype=HALF),
        numbers(40, dtype=HALF, low=0.1),
    )
    for _dtype in (U8, I32):
        _x = torch.tensor([-7, -6, -1, 0, 1, 6, 7]).to(_dtype)
        add(
            f"div_{_mode}_{tag(_dtype)}",
            lambda x, y, m=_mode: edge.div_mode(x, y, rounding_mode=m),
            _x[:, None],
            _x[_x != 0],
        )
for _name in ("add", "mul", "maximum", "minimum", "div", "atan2", "eq", "ne", "lt", "ge"):
    add(f"{_name}_bool", getattr(edge, _name), [[True], [False]], [True, False])
for _name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    for _values in (*INTEGERS.values(), torch.tensor([True, False])):
        add(f"{_name}_{tag(_values.dtype)}", getattr(edge, _name), _values[:, None], _values)
for _name in ("bitwise_left_shift", "bitwise_right_shift"):
    for _dtype, _values in INTEGERS.items():
        _counts = torch.tensor([0, 1, 3, 7, 8, 31, 63, 64, 100]).to(_dtype)
        add(f"{_name}_{tag(_dtype)}", getattr(edge, _name), _values[:, None], _counts)
for _name in ("logical_and", "logical_or", "logical_xor"):
    add(f"{_name}_f32", getattr(edge, _name), SPECIAL[:, None], SPECIAL)
    add(f"{_name}_mixed", getattr(edge, _name), INTEGERS[U8], numbers(6, dtype=torch.bool))
add("add_alpha_f32", lambda x, y: edge.add(x, y, alpha=0.25), ROW, COLUMN)
add("add_alpha_i8", lambda x, y: edge.add(x, y, alpha=3), INTEGERS[I8], INTEGERS[I8])
add("add_alpha_bool", lambda x, y: edge.add(x, y, alpha=False), [True, False], [True, True])
add("sub_alpha_f16", lambda x, y: edge.sub(x, y, alpha=2), ROW.half(), COLUMN.half())
add("add_i64_scalar", edge.add, torch.tensor(2), torch.tensor(3))
add(
    "floor_divide_by_constant",
    lambda x: edge.floor_divide(x, edge.full([], 3, dtype=dtypes.int64)),
    torch.arange(-7, 7),
)
add(
    "fmod_far_apart",
    edge.fmod,
    torch.tensor([1e30, 3.4e38, 1e-40, 5.0, -1e20]),
    torch.tensor([7e-3, 3.0, 1e-42, 1e-45, -3e19]),
)
for _dtype in (U8, I8, I64):
    add(
        f"pow_{tag(_dtype)}",
        edge.pow,
        torch.tensor([-3, -1, 0, 1, 2, 7]).to(_dtype)[:, None],
        torch.tensor([0, 1, 2, 5, 63]).to(_dtype),
    )
add("pow_negative", edge.pow, torch.tensor([-3, -1, 1, 2])[:, None], torch.tensor([-1, -2, -3]))
for _exponent in (0, 1, 2, 3, 0.5, -0.5, -1, -2, 2.7, 7):
    _tag = tag(_exponent)
    add(f"pow_by_{_tag}", lambda x, e=_exponent: edge.pow_scalar(x, exponent=e), SPECIAL)
    add(f"pow_by_{_tag}_f16", lambda x, e=_exponent: edge.pow_scalar(x, exponent=e), numbers(9, dtype=HALF, low=0.2))
    if not str(_exponent).startswith("-") or isinstance(_exponent, float):
        add(f"pow_by_{_tag}_i32", lambda x, e=_exponent: edge.pow_scalar(x, exponent=e), INTEGERS[I32])

# Activations, selection

for _dtype in (torch.float32, HALF, BHALF, torch.float64):
    _tag, _x = tag(_dtype), SPECIAL.to(_dtype)
    add(f"gelu_{_tag}", edge.gelu, SPECIAL[~SPECIAL.isinf()].to(_dtype))  # torch's depends on the number of elements
    add(f"gelu_tanh_{_tag}", lambda x: edge.gelu(x, approximate="tanh"), _x)
    add(f"elu_{_tag}", edge.elu, _x)
    add(f"elu_scaled_{_tag}", lambda x: edge.elu(x, alpha=1.5, scale=2, input_scale=0.5), _x)
    add(f"leaky_relu_{_tag}", lambda x: edge.leaky_relu(x, negative_slope=0.1), _x)
    add(f"hardtanh_{_tag}", edge.hardtanh, _x)
    add(f"relu_{_tag}", edge.relu, _x)
    add(f"clamp_{_tag}", lambda x: edge.clamp(x, min=-0.3, max=2), _x)
    add(f"glu_{_tag}", edge.glu, numbers(3, 4, dtype=_dtype))
    add(
        f"where_{_tag}",
        edge.where,
        numbers(3, 1, dtype=torch.bool),
        numbers(4, dtype=_dtype),
        numbers(3, 4, dtype=_dtype),
    )
    add(
        f"masked_fill_{_tag}",
        lambda x, m: edge.masked_fill(x, m, value=-_INF),
        numbers(3, 4, dtype=_dtype),
        numbers(4, dtype=torch.bool),
    )
add("relu_i8", edge.relu, INTEGERS[I8])
add("glu_first", lambda x: edge.glu(x, dim=0), numbers(4, 3))
add("glu_dynamic", lambda x: edge.glu(x, dim=1), numbers(3, 4, 2), n=(0, 0))
add("hardtanh_i32", lambda x: edge.hardtanh(x, min_val=-5, max_val=50), INTEGERS[I32])
for _dtype in INTEGERS:
    add(f"clamp_{tag(_dtype)}", lambda x: edge.clamp(x, min=3, max=90), INTEGERS[_dtype])
add("clamp_i32_by_float", lambda x: edge.clamp(x, min=0.5), INTEGERS[I32])
add("clamp_crossed", lambda x: edge.clamp(x, min=2.0, max=-1.0), SPECIAL)
add("clamp_min", lambda x: edge.clamp(x, min=0.25), SPECIAL)
add("clamp_tensor", edge.clamp_tensor, SPECIAL[:, None, None], SPECIAL[:, None], SPECIAL)
add("clamp_tensor_max", lambda x, y: edge.clamp_tensor(x, max=y), ROW, COLUMN)
add("clamp_tensor_u8", lambda x, y: edge.clamp_tensor(x, min=y), INTEGERS[U8][:, None], INTEGERS[U8])
add("where_i64", edge.where, numbers(3, dtype=torch.bool), torch.tensor(7), torch.tensor([[1], [2]]))
add("masked_fill_u8", lambda x, m: edge.masked_fill(x, m, value=200.7), INTEGERS[U8], numbers(6, dtype=torch.bool))
add(
    "masked_fill_dynamic",
    lambda x, m: edge.masked_fill(x, m, value=1.5),
    numbers(4, 2),
    numbers(4, 1, dtype=torch.bool),
    n=(0, 0),
)

# Creation

_N = symbolic.symbol("n")
for _dtype in (dtypes.float32, dtypes.float16, dtypes.uint8, dtypes.int64, dtypes.bool_):
    add(f"full_{_dtype}", lambda d=_dtype: edge.full([2, 3], 1.0, dtype=d))
    add(
        f"fill_{_dtype}",
        edge.fill,
        torch.zeros(2, 2, dtype=getattr(torch, _dtype.name)),
        torch.tensor(3).to(getattr(torch, _dtype.name)),
    )
    for _source in (
        torch.tensor([0.0, 0.4, -1.7, 2.5, 100.0]),
        torch.tensor([0, 1, 200, 7]),
        torch.tensor([True, False]),
        SPECIAL.half()[:12],
        numbers(4, dtype=BHALF, low=0),
        numbers(3, dtype=torch.float64),
    ):
        add(f"cast_{tag(_source.dtype)}_to_{_dtype}", lambda x, d=_dtype: edge.to_dim_order_copy(x, dtype=d), _source)
add("full_int", lambda: edge.full([2], 7))
add("full_like", lambda x: edge.full_like(x, 2.5), ROW)
add("full_like_int", lambda x: edge.full_like(x, -1, dtype=dtypes.int32), ROW)
add("full_dynamic", lambda x: edge.full([_N, 2], 0.5), ROW, n=(0, 0))
add("full_of_size", lambda x: edge.full([2], _N * 2 + 1, dtype=dtypes.float32), ROW, n=(0, 0))
add("scalar_tensor", lambda: edge.scalar_tensor(2.5))
add("scalar_tensor_of_size", lambda x: edge.scalar_tensor(_N + 1, dtype=dtypes.int64), ROW, n=(0, 0))
add("empty", lambda: edge.empty_dim_order([2, 3]))
add("clone", edge.clone_dim_order, numbers(2, 3))
add("copy_same", edge.copy, numbers(2, 3), numbers(2, 3, low=0))
add("copy_broadcast_and_cast", edge.copy, torch.zeros(2, 3, dtype=I32), numbers(3))
add("arange", lambda: edge.arange(0, 7, 1))
add("arange_down", lambda: edge.arange(5, -6, -3, dtype=dtypes.int32))
add("arange_f32", lambda: edge.arange(0.1, 2.0, 0.1))
add("arange_f16", lambda: edge.arange(0, 3.0, 0.25, dtype=dtypes.float16))
add("arange_f64", lambda: edge.arange(0.1, 2.0, 0.1, dtype=dtypes.float64))
add("arange_dynamic", lambda x: edge.arange(0, _N, 1), ROW, n=(0, 0))
add("arange_dynamic_start", lambda x: edge.arange(_N, _N * 3, 2, dtype=dtypes.float32), ROW, n=(0, 0))
for _diagonal in (-5, -1, 0, 2, 9):
    _tag = tag(_diagonal)
    add(f"tril_{_tag}", lambda x, d=_diagonal: edge.tril(x, diagonal=d), numbers(2, 3, 4))
add("tril_dynamic", edge.tril, numbers(3, 4, dtype=I32), n=(0, 0), m=(0, 1))
