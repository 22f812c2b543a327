"""Edge programs of one quant operation each, for what executes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region, SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.dtypes import BY_NAME
from etc.dialects.tensor import tensor

Build = Callable[..., Operation]


def program_of(build: Build, inputs: Sequence[torch.Tensor]) -> ModuleOp:
    """A method that applies what `build` builds to its inputs; all results of the last operation are returned."""
    types = [tensor(BY_NAME[str(x.dtype).removeprefix("torch.")], tuple(x.shape)).type for x in inputs]
    block = Block(arg_types=types)
    with ImplicitBuilder(block):
        last = build(*block.args)
    block.add_op(ReturnOp(*last.results))
    return ModuleOp([FuncOp("forward", (types, [r.type for r in last.results]), Region(block))])


_GENERATOR = torch.Generator().manual_seed(3)


def reals(*sizes: int) -> torch.Tensor:
    return torch.randn(sizes, generator=_GENERATOR) * 3


def scales(*sizes: int) -> torch.Tensor:
    return torch.rand(sizes, generator=_GENERATOR) * 0.1 + 0.01


def integers(dtype: torch.dtype, *sizes: int) -> torch.Tensor:
    limits = torch.iinfo(dtype)
    low, high = max(limits.min, -(2**20)), min(limits.max, 2**20)
    return torch.randint(low, high + 1, sizes, generator=_GENERATOR).to(dtype)


def zeros(*sizes: int) -> torch.Tensor:
    """Zero points of unsigned and signed bytes alike."""
    return torch.randint(0, 8, sizes, generator=_GENERATOR)


_S8 = {"quant_min": -128, "quant_max": 127, "dtype": dtypes.int8}
_U8 = {"quant_min": 0, "quant_max": 255, "dtype": dtypes.uint8}
_S16 = {"quant_min": -32768, "quant_max": 32767, "dtype": dtypes.int16}
_NIBBLES = {"weight_quant_min": -8, "weight_quant_max": 7}
_BYTES = {"weight_quant_min": -128, "weight_quant_max": 127}


def _choose_per_token(x: SSAValue) -> Operation:
    return quant.choose_qparams_per_token(x, dtype=dtypes.int8)


def _dynamic(x: SSAValue) -> Operation:
    scale, zero = quant.choose_qparams(x, eps=1e-9, **_S8).results
    return quant.dequantize_dynamic(quant.quantize_dynamic(x, scale, zero, **_S8), scale, zero, **_S8)


def _per_token(x: SSAValue) -> Operation:
    rows = _choose_per_token(x).results
    return quant.dequantize_per_token(
        quant.quantize_per_token(x, *rows, **_S8), *rows, **_S8, output_dtype=dtypes.float32
    )


CASES: dict[str, tuple[Build, Sequence[torch.Tensor]]] = {
    "quantize int8": (lambda x: quant.quantize(x, 0.05, -3, **_S8), [reals(2, 3, 4)]),
    "quantize uint8": (lambda x: quant.quantize(x, 0.05, 100, **_U8), [reals(7)]),
    "quantize int16": (lambda x: quant.quantize(x, 0.001, 0, **_S16), [reals(2, 3)]),
    "quantize 7 bits": (lambda x: quant.quantize(x, 0.05, 0, -64, 63, dtypes.int8), [reals(2, 3)]),
    "quantize float16": (lambda x: quant.quantize(x, 0.05, 0, **_S8), [reals(2, 3).half()]),
    "dequantize int8": (lambda x: quant.dequantize(x, 0.05, -3, **_S8), [integers(torch.int8, 2, 3, 4)]),
    "dequantize int16": (lambda x: quant.dequantize(x, 0.05, 0, **_S16), [integers(torch.int16, 2, 3)]),
    "quantize channels last": (
        lambda x: quant.quantize(edge.clone_dim_order(x, dim_order=[0, 2, 3, 1]), 0.05, -3, **_S8),
        [reals(1, 3, 4, 5)],
    ),
    "quantize_per_channel": (
        lambda x, s, z: quant.quantize_per_channel(x, s, z, axis=1, **_S8),
        [reals(2, 5, 4), scales(5).double(), zeros(5)],
    ),
    "quantize_per_channel float32 scales": (
        lambda x, s, z: quant.quantize_per_channel(x, s, z, axis=2, **_S8),
        [reals(2, 5, 4), scales(4), zeros(4).int()],
    ),
    "quantize_per_channel channels last": (
        lambda x, s, z: quant.quantize_per_channel(
            edge.clone_dim_order(x, dim_order=[0, 2, 3, 1]), s, z, axis=1, **_S8
        ),
        [reals(2, 5, 4, 3), scales(5).double(), zeros(5)],
    ),
    "dequantize_per_channel": (
        lambda x, s: quant.dequantize_per_channel(x, s, axis=0, **_S8),
        [integers(torch.int8, 6, 4), scales(6)],
    ),
    "dequantize_per_channel zero points": (
        lambda x, s, z: quant.dequantize_per_channel(x, s, z, axis=1, **_S8),
        [integers(torch.int8, 6, 4), scales(4), zeros(4).to(torch.int8)],
    ),
    "dequantize_per_group": (
        lambda x, s: quant.dequantize_per_group(x, s, None, -8, 7, dtypes.int8, 4, dtypes.float32),
        [integers(torch.int8, 3, 8), scales(3, 2)],
    ),
    "dequantize_per_group zero points": (
        lambda x, s, z: quant.dequantize_per_group(x, s, z, -8, 7, dtypes.int8, 4, dtypes.float32),
        [integers(torch.int8, 3, 8), scales(3, 2), zeros(3, 2).int()],
    ),
    "choose_qparams": (lambda x: quant.choose_qparams(x, eps=1e-9, **_S8), [reals(3, 4)]),
    "choose_qparams_per_token": (_choose_per_token, [reals(2, 3, 4)]),
    "dynamic": (_dynamic, [reals(3, 4)]),
    "per token": (_per_token, [reals(2, 3, 8)]),
    "embedding_byte": (
        lambda w, s, i: quant.embedding_byte(w, s, None, **_BYTES, indices=i),
        [integers(torch.int8, 5, 6), scales(5), torch.tensor([[4, 0], [2, 2]])],
    ),
    "embedding_byte int32 indices": (
        lambda w, s, i: quant.embedding_byte(w, s, None, **_BYTES, indices=i),
        [integers(torch.int8, 5, 6), scales(5, 3), torch.tensor([4, 0], dtype=torch.int32)],
    ),
    "embedding_4bit": (
        lambda w, s, i: quant.embedding_4bit(w, s, None, **_NIBBLES, indices=i),
        [integers(torch.uint8, 5, 4), scales(5, 2), torch.tensor([[4, 0], [2, 2]])],
    ),
    "embedding_4bit zero points": (
        lambda w, s, z, i: quant.embedding_4bit(w, s, z, **_NIBBLES, indices=i),
        [integers(torch.uint8, 5, 4), scales(5, 2), reals(5, 2), torch.arange(5, dtype=torch.int32)],
    ),
    "mixed_linear": (lambda x, w, s: quant.mixed_linear(x, w, s), [reals(2, 8), integers(torch.int8, 3, 8), scales(3)]),
    "mixed_linear groups": (
        lambda x, w, s: quant.mixed_linear(x, w, s),
        [reals(2, 8), integers(torch.int8, 3, 8), scales(3, 2)],
    ),
    "mixed_linear batches": (
        lambda x, w, s: quant.mixed_linear(x, w, s),
        [reals(2, 3, 8), integers(torch.int8, 5, 8), scales(5)],
    ),
    "mixed_linear zero points": (
        lambda x, w, s, z: quant.mixed_linear(x, w, s, z),
        [reals(2, 8), integers(torch.int8, 3, 8), scales(3), reals(3)],
    ),
    "fake_quantize": (lambda x: quant.fake_quantize(x, 0.05, -3, -128, 127), [reals(3, 4)]),
    "fake_quantize uint8": (lambda x: quant.fake_quantize(x, 0.05, 100, 0, 255), [reals(3, 4)]),
    "fake_quantize_per_channel": (
        lambda x, s, z: quant.fake_quantize_per_channel(x, s, z, 0, -127, 127),
        [reals(3, 4), scales(3), zeros(3).int()],
    ),
}
"""What is built on the inputs, and inputs."""
