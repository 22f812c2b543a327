"""The oracle of the quant dialect: conversions are those of the stock kernels, integers those of plain Python."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from itertools import product
from math import floor
from typing import Any

import pytest
import torch

from etc.dialects.quant import on_torch
from etc.dialects.quant.fixed_point import multiplier_and_shift, multipliers_and_shift

RANGES = {torch.int8: (-128, 127), torch.uint8: (0, 255), torch.int16: (-32768, 32767)}
NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def stock() -> Any:
    pytest.importorskip("executorch.kernels.quantized")
    import_module("executorch.exir.passes._quant_patterns_and_replacements")  # declares the embeddings
    return torch.ops.quantized_decomposed


def draw(*shape: int, seed: int = 0, scale: float = 1.0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * scale


def integers(*shape: int, dtype: torch.dtype = torch.int8, seed: int = 0) -> torch.Tensor:
    low, high = RANGES.get(dtype, (-(1 << 31), (1 << 31) - 1))
    return torch.randint(low, high + 1, shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


REALS = torch.cat([draw(400, scale=3), torch.tensor([1e14, -1e14, 0.0, -0.0, 1e-40]), torch.arange(-40, 41) / 8])


@pytest.mark.parametrize("dtype", RANGES)
@pytest.mark.parametrize("scale", [0.25, 1.0, 0.0472, 1 / 3, 1e-3, 7.3e4])
@pytest.mark.parametrize("zero", [0, 3])
def test_quantize_and_dequantize_are_the_stock_kernels(stock: Any, dtype: Any, scale: float, zero: int):
    given = scale, zero, *RANGES[dtype], dtype
    found = on_torch.quantize(REALS, *given)
    assert torch.equal(found, stock.quantize_per_tensor.out(REALS, *given, out=torch.empty_like(found)))
    values = integers(300, dtype=dtype)
    back = on_torch.dequantize(values, *given)
    assert torch.equal(back, stock.dequantize_per_tensor.out(values, *given, out=torch.empty_like(back)))


def test_what_no_integer_is_near_is_clamped():
    """Beyond 2^63, the stock kernels convert what C leaves undefined."""
    x = torch.tensor([NAN, INF, -INF, 1e30, -1e30])
    for dtype, (low, high) in RANGES.items():
        assert on_torch.quantize(x, 1.0, 3, low, high, dtype).tolist() == [low, high, low, high, low]
    low, high = -(1 << 31), (1 << 31) - 1
    assert on_torch.quantize(x, 1.0, 0, low, high, torch.int32).tolist() == [low, high, low, high, low]


def test_channels_are_the_stock_kernels(stock: Any):
    scales, zeros = draw(5, seed=1).abs() + 0.01, torch.tensor([0, 3, -7, 100, -128])
    given = scales.double(), zeros, 1, -128, 127, torch.int8
    x = draw(3, 5, 4, scale=20)
    found = on_torch.quantize_per_channel(x, *given)
    assert torch.equal(found, stock.quantize_per_channel.out(x, *given, out=torch.empty_like(found)))
    for zero_points in (zeros, None):
        given = scales, zero_points, 1, -128, 127, torch.int8
        back = on_torch.dequantize_per_channel(found, *given)
        assert torch.equal(back, stock.dequantize_per_channel.out(found, *given, out=torch.empty_like(back)))


ROWS = [
    draw(4, 16, scale=5),
    draw(4, 16) + 10,
    draw(4, 16) - 10,
    torch.zeros(2, 3),
    torch.tensor([[1e-6, -1e-6]]),
    torch.tensor([[1e-6, 0.0]]),
    torch.tensor([[-1e-6, -1e-7]]),
    torch.tensor([[1e-42, 0.0]]),
    torch.tensor([[3e38, -3e38]]),
]


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_scales_at_run_time_are_the_stock_kernels(stock: Any, number: int):
    x = ROWS[number]
    for low, high in ((-128, 127), (0, 255), (-127, 127)):
        scale, zero = torch.empty(1, dtype=torch.float64), torch.empty(1, dtype=torch.int64)
        stock.choose_qparams.Tensor_out(x, low, high, 1e-5, torch.int8, scale_out=scale, zero_point_out=zero)
        found = on_torch.choose_qparams(x, low, high, 1e-5, torch.int8)
        assert [v.item() for v in found] == [scale.item(), zero.item()]
    scales, zeros = torch.empty(len(x), 1, dtype=torch.float64), torch.empty(len(x), 1, dtype=torch.int64)
    stock.choose_qparams_per_token_asymmetric.out(x, torch.int8, scale_out=scales, zero_point_out=zeros)
    found = on_torch.choose_qparams_per_token(x, torch.int8)
    assert torch.equal(found[0], scales)
    assert torch.equal(found[1], zeros)
    integer = on_torch.quantize_per_token(x, *found, -128, 127, torch.int8)
    expected = stock.quantize_per_token.out(x, scales, zeros, -128, 127, torch.int8, out=torch.empty_like(integer))
    assert torch.equal(integer, expected)
    given = scales, zeros, -128, 127, torch.int8, torch.float32
    back = on_torch.dequantize_per_token(integer, *given)
    assert torch.equal(back, stock.dequantize_per_token.out(integer, *given, out=torch.empty_like(back)))


@pytest.mark.parametrize("groups", [None, 4])
@pytest.mark.parametrize("with_zeros", [False, True])
def test_embeddings_are_those_of_executorch(stock: Any, groups: int | None, with_zeros: bool):

    scales = draw(*((10, groups) if groups else (10,)), seed=2).abs()
    zeros = torch.randint(-4, 5, scales.shape).float() if with_zeros else None
    indices = torch.tensor([[0, 9], [3, 3]])
    packed = integers(10, 8, dtype=torch.uint8)
    found = on_torch.embedding_4bit(packed, scales, zeros, -8, 7, indices)
    assert torch.equal(found, stock.embedding_4bit(packed, scales, zeros, -8, 7, indices))
    whole = integers(10, 16)
    found = on_torch.embedding_byte(whole, scales, zeros, -128, 127, indices)
    assert torch.equal(found, stock.embedding_byte(whole, scales, zeros, -128, 127, indices))


# Integers


def clamp(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)


def test_requantize_rounds_once_and_halves_up():
    accumulators = [0, 1, -1, 2, -2, 3, -3, 1000, -1000, 1 << 20, -(1 << 20), (1 << 31) - 1, -(1 << 31)]
    for multiplier, shift in product([0, 1, 1 << 30, (1 << 31) - 1, 0x5A827999], [1, 2, 30, 31, 33, 40, 62]):
        found = on_torch.requantize(
            torch.tensor(accumulators, dtype=torch.int32),
            torch.tensor([multiplier], dtype=torch.int32),
            torch.tensor([shift], dtype=torch.int32),
            0,
            5,
            -128,
            127,
            torch.int8,
        )
        exact = [Fraction(x * multiplier, 1 << shift) for x in accumulators]
        assert found.tolist() == [clamp(floor(x + Fraction(1, 2)) + 5, -128, 127) for x in exact]


@pytest.mark.parametrize(
    "real", [1.0, 0.5, 0.1, 1 / 3, 1e-3, 2**-20, 1e-12, 1e-19, 0.0, 123.456, 2**30 - 1, 1 - 2**-40]
)
def test_factors_are_as_close_as_the_bound_says(real: float):
    multiplier, shift = multiplier_and_shift(real)
    assert 0 <= multiplier < 1 << 31
    assert 1 <= shift <= 62
    assert abs(Fraction(multiplier, 1 << shift) - Fraction(real)) <= Fraction(1, 1 << (shift + 1))
    assert multiplier >= 1 << 30 or shift in (1, 62)


def test_channels_share_a_shift():
    reals = [0.003, 0.002, 1e-6, 0.0]
    multipliers, shift = multipliers_and_shift(reals)
    assert (multipliers[0], shift) == multiplier_and_shift(0.003)
    assert multipliers == [round(r * 2**shift) for r in reals]


@pytest.mark.parametrize("real", [-1.0, NAN, INF, 2.0**30, 1e20])
def test_factors_out_of_range_are_refused(real: float):
    with pytest.raises(ValueError, match="factors are"):
        multiplier_and_shift(real)


@pytest.mark.parametrize("dtype", RANGES)
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_conv_is_the_sum_over_the_padded_window(dtype: Any, groups: int):
    x, w, bias = integers(2, 4, 6, 5, dtype=dtype), integers(8, 4 // groups, 3, 2), integers(8, dtype=torch.int16).int()
    found = on_torch.conv(x, w, bias, [2, 1], [1, 2], [1, 2], False, [0, 0], groups, 3)
    padded = torch.nn.functional.pad(x.long(), (2, 2, 1, 1), value=3)
    for n, o, i, j in product(*map(range, found.shape)):
        first = o // (8 // groups) * (4 // groups)
        window = padded[n, first : first + 4 // groups, 2 * i : 2 * i + 3, j : j + 3 : 2]
        assert found[n, o, i, j] == bias[o] + (window * w[o].long()).sum()


@pytest.mark.parametrize("groups", [1, 2])
def test_transposed_conv_reads_the_padding_value_between_elements(groups: int):
    x, w = integers(2, 4, 3, 4), integers(4, 6 // groups, 3, 3)
    found = on_torch.conv(x, w, None, [2, 2], [1, 0], [1, 1], True, [1, 0], groups, -5)
    spread = torch.full((2, 4, 5 + 1 + 2 * 1, 7 + 2 * 2), -5)
    spread[:, :, 1:6:2, 2:9:2] = x.long()
    flipped = w.long().flip(2, 3).unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1)
    for n, o, i, j in product(*map(range, found.shape)):
        first = o // (6 // groups) * (4 // groups)
        window = spread[n, first : first + 4 // groups, i : i + 3, j : j + 3]
        assert found[n, o, i, j] == (window * flipped[o]).sum()


def test_products_and_sums():
    x, w, bias = integers(3, 7, dtype=torch.int16), integers(5, 7), integers(5, dtype=torch.int16).int()
    expected = (x.long()[:, None] * w.long()[None]).sum(-1)
    assert torch.equal(on_torch.linear(x, w, bias), (expected + bias).int())
    assert torch.equal(on_torch.linear(x, w), expected.int())
    y = integers(7, 4, dtype=torch.uint8)
    expected = ((x.long() + 2)[:, :, None] * (y.long() - 128)[None]).sum(1)
    assert torch.equal(on_torch.matmul(x, y, -2, 128), expected.int())
    assert torch.equal(on_torch.mul(x, x[:1], 3, -1), ((x.long() - 3) * (x[:1].long() + 1)).int())
    assert torch.equal(on_torch.sum_(x, [1], True, 4), (x.long() - 4).sum(1, keepdim=True).int())
    assert torch.equal(on_torch.sum_(x, [], False, 4), (x.long() - 4).sum().int())


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_padding_adds_nothing_to_sums_of_windows(ceil_mode: bool):
    x = integers(1, 2, 6, 7)
    found = on_torch.sum_pool2d(x, [3, 2], [2, 2], [1, 1], ceil_mode, -3)
    padded = torch.nn.functional.pad(x.long() + 3, (1, 3, 1, 3))
    for n, c, i, j in product(*map(range, found.shape)):
        assert found[n, c, i, j] == padded[n, c, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2].sum()


def test_add_rounds_once():
    x, y = integers(4, 50), integers(50, dtype=torch.uint8)
    found = on_torch.add(x, y, -3, 70001, 100, -50000, 17, 2, -100, 127, torch.int8)
    for i, j in product(range(4), range(50)):
        exact = Fraction((int(x[i, j]) + 3) * 70001 - (int(y[j]) - 100) * 50000, 1 << 17)
        assert found[i, j] == clamp(floor(exact + Fraction(1, 2)) + 2, -100, 127)


def test_tables():
    table = integers(256, dtype=torch.uint8)
    for dtype, smallest in ((torch.int8, -128), (torch.uint8, 0)):
        x = integers(20, dtype=dtype)
        assert on_torch.lookup(x, table).tolist() == [int(table[int(v) - smallest]) for v in x]
    points = integers(513, dtype=torch.int16)
    x = torch.tensor([-32768, -32767, -129, -128, -1, 0, 1, 127, 128, 32767], dtype=torch.int16)
    expected: list[int] = []
    for v in x.tolist():
        i, f = (v >> 7) + 256, v & 127
        expected.append(int(points[i]) + (((int(points[i + 1]) - int(points[i])) * f + 64) >> 7))
    assert on_torch.interpolate(x, points).tolist() == expected


@pytest.mark.parametrize("dtype", [torch.int8, torch.uint8])
def test_softmax_is_close_to_that_of_reals(dtype: Any):
    x, scale = integers(6, 10, dtype=dtype), 0.06
    table = torch.round(torch.exp(-torch.arange(256) * scale) * 2**20).int()
    found = on_torch.softmax(x, table, 1, 256, -128, -128, 127, torch.int8)
    expected = torch.softmax(x.double() * scale, 1) * 256 - 128
    assert (found.double() - expected.clamp(max=127)).abs().max() <= 0.5 + 1e-3
