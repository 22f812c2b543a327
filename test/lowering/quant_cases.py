"""Operations of the quant dialect with values that saturate, tie and reach the ends of their ranges."""

from __future__ import annotations

from typing import Any

import torch
from c_harness import Case, case
from torch import Tensor
from xdsl.ir import SSAValue

from etc.dialects import dtypes, edge, program, quant
from etc.dialects.dtypes import DTYPES, Dtype
from etc.dialects.on_torch import to_blob
from etc.dialects.quant.fixed_point import multipliers_and_shift
from etc.dialects.tensor import tensor

RANGES = {
    torch.int8: (-128, 127),
    torch.uint8: (0, 255),
    torch.int16: (-32768, 32767),
    torch.int32: (-(1 << 31), (1 << 31) - 1),
}
QUANTISED = (torch.int8, torch.uint8, torch.int16)
_DTYPES = {getattr(torch, d.name): d for d in DTYPES}


def dtype_of(dtype: torch.dtype) -> Dtype:
    return _DTYPES[dtype]


def integers(*shape: int, dtype: torch.dtype = torch.int8, seed: int = 0) -> Tensor:
    """Numbers of the whole range of a dtype, its ends among them."""
    low, high = RANGES[dtype]
    drawn = torch.randint(low, high + 1, shape, generator=torch.Generator().manual_seed(seed + sum(shape))).to(dtype)
    flat = drawn.flatten()
    flat[::7], flat[3::7] = low, high
    return flat.reshape(shape)


def reals(*shape: int, seed: int = 0, scale: float = 1.0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * scale


def constant(value: Tensor) -> SSAValue:
    known = tensor(dtype_of(value.dtype), list(value.shape))
    return program.ConstantOp(to_blob(value, range(value.dim())), known.type).result


def requantized(
    x: Any,
    factors: list[float],
    *,
    axis: int = 1,
    zero_point: int = 0,
    dtype: torch.dtype = torch.int8,
    shifts: list[int] | None = None,
) -> Any:
    """`x` times real factors, one or one for each index of `axis`; with `shifts`, each has its own."""
    multipliers, shift = multipliers_and_shift(factors)
    return quant.requantize(
        x,
        constant(torch.tensor(multipliers, dtype=torch.int32)),
        constant(torch.tensor(shifts or [shift], dtype=torch.int32)),
        axis=axis,
        zero_point=zero_point,
        quant_min=RANGES[dtype][0],
        quant_max=RANGES[dtype][1],
        dtype=dtype_of(dtype),
    )


def conv_case(
    x: Tensor,
    w: Tensor,
    *,
    stride: tuple[int, ...] = (1, 1),
    padding: tuple[int, ...] = (0, 0),
    dilation: tuple[int, ...] = (1, 1),
    transposed: bool = False,
    output_padding: tuple[int, ...] = (0, 0),
    groups: int = 1,
    zero: int = 0,
    bias: bool = True,
    raw: bool = False,
    at_run_time: bool = False,
) -> Case:
    """A convolution, requantised per channel unless `raw`; with `at_run_time`, weights are inputs."""
    channels = w.shape[1] * groups if transposed else w.shape[0]
    offsets = integers(channels, dtype=torch.int16, seed=5).to(torch.int32) if bias else None
    terms = w[0].numel() if not transposed else w.numel() // w.shape[1]
    largest = (64 if x.dtype != torch.int16 else 16384) * 64 * terms**0.5
    factors = [(0.5 + 0.5 * i / channels) * 128 / largest for i in range(channels)]

    def build(x: Any, *weights: Any) -> Any:
        weight, *rest = weights or (constant(w), *([] if offsets is None else [constant(offsets)]))
        made = quant.conv(
            x,
            weight,
            rest[0] if rest else None,
            stride=list(stride),
            padding=list(padding),
            dilation=list(dilation),
            transposed=transposed,
            output_padding=list(output_padding),
            groups=groups,
            padding_value=zero,
        )
        return made if raw else requantized(made, factors, zero_point=3)

    given = [w, *([] if offsets is None else [offsets])]
    return case(build, x, *(given if at_run_time else []))


def cases() -> dict[str, Case]:
    return {
        **_convolutions(),
        **_products(),
        **_elementwise(),
        **_tables(),
        **_conversions(),
        **_dynamic(),
        **_weights(),
    }


def _convolutions() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for dtype in QUANTISED:
        name, zero = dtype_of(dtype).name, RANGES[dtype][0] + 5
        x = integers(2, 4, 9, 7, dtype=dtype)
        found[f"conv_{name}"] = conv_case(x, integers(6, 4, 3, 3), stride=(2, 1), padding=(1, 1), zero=zero)
        found[f"conv_{name}_raw"] = conv_case(x, integers(6, 4, 3, 3), padding=(0, 2), zero=zero, raw=True)
    x = integers(1, 8, 9, 7)
    found["conv_pointwise"] = conv_case(x, integers(24, 8, 1, 1))
    found["conv_wide"] = conv_case(x, integers(40, 8, 3, 3), padding=(1, 1), zero=-128)
    found["conv_without_bias"] = conv_case(x, integers(5, 8, 2, 3), padding=(1, 1), zero=7, bias=False)
    found["conv_zero_point_0"] = conv_case(x, integers(5, 8, 3, 3), padding=(1, 1))
    found["conv_dilated"] = conv_case(x, integers(5, 8, 3, 3), padding=(2, 2), dilation=(2, 3), zero=-9)
    found["conv_depthwise"] = conv_case(x, integers(8, 1, 3, 3), padding=(1, 1), groups=8, zero=-128)
    found["conv_depthwise_stride"] = conv_case(
        x, integers(8, 1, 3, 3), stride=(2, 2), padding=(1, 1), groups=8, zero=11
    )
    found["conv_multiplier"] = conv_case(x, integers(16, 1, 3, 3), padding=(1, 1), groups=8, zero=-3)
    found["conv_groups"] = conv_case(x, integers(6, 4, 3, 3), padding=(1, 1), groups=2, zero=100)
    found["conv_at_run_time"] = conv_case(x, integers(5, 8, 3, 3), padding=(1, 1), zero=-7, at_run_time=True)
    found["conv_1d"] = conv_case(
        integers(2, 3, 20), integers(5, 3, 4), stride=(2,), padding=(1,), dilation=(1,), output_padding=(0,), zero=-7
    )
    for number, (stride, padding, more, groups) in enumerate(
        [
            ((2, 2), (0, 0), (0, 0), 1),
            ((2, 2), (1, 1), (1, 0), 1),
            ((1, 3), (0, 2), (0, 1), 2),
            ((2, 2), (0, 0), (0, 0), 2),
        ]
    ):
        found[f"conv_transposed_{number}"] = conv_case(
            integers(1, 4, 5, 4),
            integers(4, 6 // groups, *((3, 3) if number else (2, 2))),
            stride=stride,
            padding=padding,
            output_padding=more,
            groups=groups,
            transposed=True,
            zero=-6,
        )
    found["conv_different_shifts"] = case(
        lambda x: requantized(
            quant.conv(
                x, constant(integers(4, 3, 1, 1)), None, stride=[1, 1], padding=[0, 0], dilation=[1, 1],
                transposed=False, output_padding=[0, 0], groups=1, padding_value=0,
            ),
            [0.01, 0.02, 0.003, 0.004], shifts=[33, 31, 40, 20],
        ),
        integers(1, 3, 5, 5),
    )  # fmt: skip
    return found


def _products() -> dict[str, Case]:
    found: dict[str, Case] = {}
    bias = integers(9, dtype=torch.int16).to(torch.int32)
    for dtype in QUANTISED:
        name = dtype_of(dtype).name
        found[f"linear_{name}"] = case(
            lambda x: quant.linear(x, constant(integers(9, 33)), constant(bias)), integers(2, 3, 33, dtype=dtype)
        )
        found[f"matmul_{name}"] = case(
            lambda x, y: quant.matmul(x, y, 3, -5), integers(4, 7, dtype=dtype), integers(7, 18)
        )
    found["linear_row"] = case(
        lambda x: requantized(quant.linear(x, constant(integers(40, 64)), None), [0.002] * 40, zero_point=-11),
        integers(1, 64),
    )
    found["linear_one_factor"] = case(
        lambda x: requantized(quant.linear(x, constant(integers(9, 16)), constant(bias)), [0.3], dtype=torch.uint8),
        integers(3, 16),
    )
    found["matmul_batch"] = case(
        lambda x, y: requantized(quant.matmul(x, y, 128, -128), [0.001], zero_point=-4),
        integers(3, 5, 16, dtype=torch.uint8),
        integers(3, 16, 17),
    )
    return found


def _elementwise() -> dict[str, Case]:
    found: dict[str, Case] = {}
    accumulators = integers(3, 4, 50, dtype=torch.int32)
    near = (torch.arange(-300, 300) * 3).to(torch.int32).reshape(3, 4, 50)
    for number, factor in enumerate([0.9, 0.5, 0.25, 0.1, 2**-7, 3e-6, 1e-12, 100.0]):
        for dtype in (*QUANTISED,):
            for kind, x in (("all", accumulators), ("near", near)):
                found[f"requantize_{number}_{dtype_of(dtype).name}_{kind}"] = case(
                    lambda x, f=factor, d=dtype: requantized(x, [f], zero_point=RANGES[d][0] + 9, dtype=d), x
                )
    for shift in (1, 2, 31, 32, 33, 34, 61, 62):
        multipliers = torch.tensor([0, 1, (1 << 31) - 1, 1 << 30], dtype=torch.int32)
        for dtype in (torch.int8, torch.int16):
            found[f"requantize_shift_{shift}_{dtype_of(dtype).name}"] = case(
                lambda x, s=shift, d=dtype, m=multipliers: quant.requantize(
                    x, constant(m), constant(torch.tensor([s], dtype=torch.int32)),
                    axis=1, zero_point=RANGES[d][1], quant_min=RANGES[d][0], quant_max=RANGES[d][1], dtype=dtype_of(d),
                ),
                accumulators,
            )  # fmt: skip
    for dtype in QUANTISED:
        name = dtype_of(dtype).name
        x, y = integers(4, 33, dtype=dtype), integers(33, dtype=dtype, seed=4)
        for shift, mx, my in (
            (17, 70001, -50000),
            (1, 1, 1),
            (20, (1 << 20) - 1, (1 << 20) - 1),
            (40, 1 << 30, -(1 << 29)),
        ):
            found[f"add_{name}_{shift}"] = case(
                lambda x, y, s=shift, a=mx, c=my, d=dtype: quant.add(
                    x, y, RANGES[d][0], a, 3, c, s, RANGES[d][0] + 1, *RANGES[d], dtype_of(d)
                ),
                x,
                y,
            )
        found[f"mul_{name}"] = case(
            lambda x, y, d=dtype: requantized(quant.mul(x, y, RANGES[d][0], 3), [0.003], dtype=d), x, y
        )
        found[f"sum_{name}"] = case(lambda x: quant.sum(x, [0], True, 4), x)
        found[f"sum_all_{name}"] = case(lambda x: quant.sum(x, [], False, 4), x)
        found[f"mean_{name}"] = case(
            lambda x, d=dtype: requantized(quant.sum(x, [-1, -2], False, 4), [1 / 35], zero_point=9, dtype=d),
            integers(2, 3, 7, 5, dtype=dtype),
        )
        for ceil in (False, True):
            found[f"sum_pool2d_{name}_{ceil}"] = case(
                lambda x, c=ceil: quant.sum_pool2d(x, [3, 2], [2, 2], [1, 1], c, 7), integers(2, 3, 8, 9, dtype=dtype)
            )
        found[f"avg_pool_{name}"] = case(
            lambda x, d=dtype: requantized(quant.sum_pool2d(x, [2, 2], [], [0, 0], False, 7), [0.25], dtype=d),
            integers(2, 3, 8, 10, dtype=dtype),
        )
    return found


def _tables() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for dtype in (torch.int8, torch.uint8):
        name = dtype_of(dtype).name
        for of in (torch.int8, torch.uint8, torch.int16, torch.int32):
            table = integers(256, dtype=of)
            found[f"lookup_{name}_{dtype_of(of).name}"] = case(
                lambda x, t=table: quant.lookup(x, constant(t)), integers(3, 100, dtype=dtype)
            )
        for dim, bits, one in ((1, 20, 256), (-1, 20, 32768), (0, 27, 256)):
            powers = torch.round(torch.exp(-torch.arange(256) * 0.06) * 2**bits).to(torch.int32)
            to = torch.int8 if one == 256 else torch.int16
            found[f"softmax_{name}_{bits}_{one}"] = case(
                lambda x, t=powers, d=dim, o=one, to=to: quant.softmax(
                    x, constant(t), d, o, RANGES[to][0] if o == 256 else 0, *RANGES[to], dtype_of(to)
                ),
                integers(3, 10, 4, dtype=dtype),
            )
    found["interpolate"] = case(
        lambda x: quant.interpolate(x, constant(integers(513, dtype=torch.int16))), integers(5, 200, dtype=torch.int16)
    )
    return found


SPECIAL = torch.tensor([float("nan"), float("inf"), -float("inf"), 1e30, -1e30, 0.0, -0.0, 1e-40])
REALS = torch.cat([reals(300, scale=4), SPECIAL, torch.arange(-50, 42) / 8]).reshape(4, 4, 25)


def _conversions() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for dtype in RANGES:
        name, kind = dtype_of(dtype).name, dtype_of(dtype)
        low, high = RANGES[dtype]
        zero = (low + high) // 2 + 3 if dtype is not torch.int32 else 0
        for number, scale in enumerate([0.25, 1 / 3, 1e-3]):
            given = scale, zero, low, high, kind
            found[f"quantize_{name}_{number}"] = case(lambda x, g=given: quant.quantize(x, *g), REALS)
            found[f"dequantize_{name}_{number}"] = case(
                lambda x, g=given: quant.dequantize(x, *g), integers(4, 30, dtype=dtype)
            )
            found[f"fake_quantize_{name}_{number}"] = case(lambda x, g=given: quant.fake_quantize(x, *g[:4]), REALS)
        scales, zeros = reals(4, seed=1).abs() + 0.01, torch.tensor([zero, zero + 3, zero - 7, zero])
        for common in (False, True):
            z = torch.full_like(zeros, zero) if common else zeros
            found[f"quantize_per_channel_{name}_{common}"] = case(
                lambda x, r=(low, high), k=kind, s=scales, z=z: quant.quantize_per_channel(
                    x, constant(s), constant(z), 1, *r, k
                ),
                REALS,
            )
            found[f"dequantize_per_channel_{name}_{common}"] = case(
                lambda x, r=(low, high), k=kind, s=scales, z=z: quant.dequantize_per_channel(
                    x, constant(s), constant(z), 0, *r, k
                ),
                integers(4, 30, dtype=dtype),
            )
            found[f"fake_quantize_per_channel_{name}_{common}"] = case(
                lambda x, r=(low, high), s=scales, z=z: quant.fake_quantize_per_channel(
                    x, constant(s), constant(z), 1, *r
                ),
                REALS,
            )
    found["dequantize_half"] = case(
        lambda x: quant.dequantize(x, 0.1, 3, -128, 127, dtypes.int8, out_dtype=dtypes.float16), integers(40)
    )
    found["quantize_half"] = case(lambda x: quant.quantize(x, 0.1, 3, -128, 127, dtypes.int8), REALS.half())
    found["dequantize_per_channel_without_zeros"] = case(
        lambda x: quant.dequantize_per_channel(x, constant(reals(4)), None, 0, -128, 127, dtypes.int8), integers(4, 30)
    )
    for with_zeros in (False, True):
        found[f"dequantize_per_group_{with_zeros}"] = case(
            lambda x, z=with_zeros: quant.dequantize_per_group(
                x, constant(reals(5, 4)), constant(integers(5, 4).int()) if z else None,
                -8, 7, dtypes.int8, 8, dtypes.float32,
            ),
            integers(5, 32),
        )  # fmt: skip
    return found


ROWS = torch.cat(
    [
        reals(4, 16, scale=5),
        reals(2, 16) + 10,
        reals(2, 16) - 10,
        torch.zeros(1, 16),
        *(torch.tensor([[a] * 8 + [b] * 8]) for a, b in ((1e-6, -1e-6), (1e-6, 0.0), (-1e-6, -1e-7), (3e38, -3e38))),
        torch.full((1, 16), 1e-42),
    ]
)


def _dynamic() -> dict[str, Case]:
    found: dict[str, Case] = {
        "choose_qparams_per_token": case(lambda x: quant.choose_qparams_per_token(x, dtypes.int8), ROWS)
    }
    for number, row in enumerate(ROWS):
        for dtype in (torch.int8, torch.uint8):
            given = *RANGES[dtype], 1e-5, dtype_of(dtype)
            found[f"choose_qparams_{number}_{given[1]}"] = case(lambda x, g=given: quant.choose_qparams(x, *g), row)

    def per_token(x: Any) -> Any:
        scales, zeros = quant.choose_qparams_per_token(x, dtypes.int8).results
        integer = quant.quantize_per_token(x, scales, zeros, -128, 127, dtypes.int8)
        back = quant.dequantize_per_token(integer, scales, zeros, -128, 127, dtypes.int8, dtypes.float32)
        return integer, back

    def whole(x: Any) -> Any:
        scale, zero = quant.choose_qparams(x, 0, 255, 1e-5, dtypes.uint8).results
        integer = quant.quantize_dynamic(x, scale, zero, 0, 255, dtypes.uint8)
        return integer, quant.dequantize_dynamic(integer, scale, zero, 0, 255, dtypes.uint8)

    found["per_token"] = case(per_token, ROWS.reshape(2, 7, 16))
    found["dynamic"] = case(whole, ROWS[:4])
    return found


def _weights() -> dict[str, Case]:
    found: dict[str, Case] = {}
    indices = torch.tensor([[0, 9], [3, 3]])
    for groups in (0, 1, 4):
        scales = reals(*((10, groups) if groups else (10,)), seed=2).abs()
        zeros = integers(*scales.shape, seed=1).float() / 16
        for with_zeros in (False, True):
            given = (scales, zeros if with_zeros else None)

            def tables(given: tuple[Tensor, Tensor | None] = given) -> list[Any]:
                return [None if t is None else constant(t) for t in given]

            packed, bytes_ = integers(10, 8, dtype=torch.uint8), integers(10, 16)
            found[f"embedding_4bit_{groups}_{with_zeros}"] = case(
                lambda i, t=tables, p=packed: quant.embedding_4bit(constant(p), *t(), -8, 7, i), indices
            )
            found[f"embedding_byte_{groups}_{with_zeros}"] = case(
                lambda i, t=tables, p=bytes_: quant.embedding_byte(constant(p), *t(), -128, 127, i), indices
            )
            found[f"linear_4bit_{groups}_{with_zeros}"] = case(
                lambda x, t=tables, p=packed: edge.linear(
                    x, quant.embedding_4bit(constant(p), *t(), -8, 7, constant(torch.arange(10))), None
                ),
                reals(3, 16),
            )
            if not with_zeros:
                found[f"mixed_linear_{groups}"] = case(
                    lambda x, t=tables, p=bytes_: quant.mixed_linear(x, constant(p), *t()), reals(3, 16)
                )
    found["linear_8bit"] = case(
        lambda x: edge.linear(
            x,
            quant.dequantize_per_channel(
                constant(integers(20, 16)), constant(reals(20).abs()), constant(torch.zeros(20, dtype=torch.int64)),
                0, -128, 127, dtypes.int8,
            ),
            None,
        ),
        reals(1, 16),
    )  # fmt: skip
    return found
