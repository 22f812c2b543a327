"""Functions of one operator of quantisation each, as PyTorch has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.ao.quantization.fx._decomposed  # pyright: ignore[reportUnusedImport]

from etc.dialects import quant

Q: Any = torch.ops.quantized_decomposed
S8 = (-128, 127, torch.int8)
X = torch.linspace(-3, 3, 96).reshape(2, 6, 8)
MATRIX = X.reshape(12, 8)
BYTES = (torch.arange(96) * 37 % 255 - 127).to(torch.int8).reshape(12, 8)
SCALES, ZEROS = torch.linspace(0.02, 0.1, 12), torch.arange(12) - 5
SCALE, ZERO = torch.tensor([0.05]), torch.tensor([3])


def _dynamic(x: torch.Tensor) -> Any:
    scale, zero = Q.choose_qparams.tensor(x, -128, 127, 1e-5, torch.int8)
    return Q.dequantize_per_tensor.tensor(Q.quantize_per_tensor.tensor(x, scale, zero, *S8), scale, zero, *S8)


def _symmetric(x: torch.Tensor) -> Any:
    scale, zero = Q.choose_qparams_symmetric.tensor(x, -127, 127, 1e-5, torch.int8)
    return Q.dequantize_per_tensor.tensor(Q.quantize_per_tensor.tensor(x, scale, zero, *S8), scale, zero, *S8)


def _rows(choose: Any) -> Callable[..., Any]:
    def function(x: torch.Tensor) -> Any:
        scales, zeros = choose(x, torch.int8)
        return Q.dequantize_per_token(Q.quantize_per_token(x, scales, zeros, *S8), scales, zeros, *S8, torch.float32)

    return function


def _ends(x: torch.Tensor) -> Any:
    low, high = torch.tensor(-100), torch.tensor(100)
    q = Q.quantize_per_tensor.tensor2(x, SCALE, ZERO, low, high, torch.int8)
    return Q.dequantize_per_tensor.tensor2(q, SCALE, ZERO, low, high, torch.int8)


_ATEN: Any = torch.ops.aten
_ON, _OFF = torch.tensor([1]), torch.tensor([0])
FUNCTIONS: dict[str, tuple[Callable[..., Any], Sequence[torch.Tensor]]] = {
    "quantize_per_tensor": (lambda x: Q.quantize_per_tensor(x, 0.05, 3, *S8), [X]),
    "dequantize_per_tensor": (lambda x: Q.dequantize_per_tensor(x, 0.05, 3, *S8), [BYTES]),
    "quantize_per_tensor.tensor": (_dynamic, [X]),
    "quantize_per_tensor.tensor2": (_ends, [X]),
    "choose_qparams_symmetric.tensor": (_symmetric, [X]),
    "quantize_per_channel": (lambda x: Q.quantize_per_channel(x, SCALES[:6], ZEROS[:6], 1, *S8), [X]),
    "dequantize_per_channel": (lambda x: Q.dequantize_per_channel(x, SCALES, ZEROS, 0, *S8), [BYTES]),
    "quantize_per_channel_group": (
        lambda x: Q.quantize_per_channel_group(x, SCALES.repeat(2).view(12, 2), ZEROS.repeat(2).view(12, 2), *S8, 4),
        [MATRIX],
    ),
    "dequantize_per_channel_group": (
        lambda x: Q.dequantize_per_channel_group(x, SCALES.repeat(2).view(12, 2), None, *S8, 4, torch.float32),
        [BYTES],
    ),
    "choose_qparams_per_token_asymmetric": (_rows(Q.choose_qparams_per_token_asymmetric), [X]),
    "choose_qparams_per_token": (_rows(Q.choose_qparams_per_token), [X]),
    "convert_element_type.no_fuse": (lambda x: Q.convert_element_type.no_fuse(x, torch.int32), [X]),
    "fake_quant_per_channel": (
        lambda x: Q.fake_quant_per_channel(x, SCALES[:6], ZEROS[:6].float(), 1, -128, 127),
        [X],
    ),
    "fake_quantize_per_tensor_affine": (lambda x: torch.fake_quantize_per_tensor_affine(x, 0.05, 3, 0, 255), [X]),
    "fake_quantize_per_tensor_affine.tensor_qparams": (
        lambda x: torch.fake_quantize_per_tensor_affine(x, SCALE, ZERO.int(), -128, 127),
        [X],
    ),
    "fake_quantize_per_tensor_affine.tensor_qparams, at run time": (
        lambda x, s: torch.fake_quantize_per_tensor_affine(x, s, ZERO.int(), -128, 127),
        [X, SCALE],
    ),
    "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams": (
        lambda x: _ATEN._fake_quantize_per_tensor_affine_cachemask_tensor_qparams(x, SCALE, ZERO.int(), _ON, -128, 127)[
            0
        ],
        [X],
    ),
    "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams, off": (
        lambda x: _ATEN._fake_quantize_per_tensor_affine_cachemask_tensor_qparams(
            x, SCALE, ZERO.int(), _OFF, -128, 127
        )[0],
        [X],
    ),
    "_fake_quantize_learnable_per_tensor_affine": (
        lambda x: _ATEN._fake_quantize_learnable_per_tensor_affine(x, SCALE, ZERO.float() + 0.3, -128, 127),
        [X],
    ),
    "fake_quantize_per_channel_affine": (
        lambda x: torch.fake_quantize_per_channel_affine(x, SCALES[:6], ZEROS[:6].int(), 1, -128, 127),
        [X],
    ),
    "_int_mm": (lambda x, y: _ATEN._int_mm(x, y), [BYTES, BYTES.T.contiguous()]),
}
"""A model for each operator, by its name."""

_SAME = {str(op.schema().key) for op in quant.OPERATIONS if op.schema().namespace == "quantized_decomposed"}
_OF_ATEN = "fake_quantize", "_fake_quantize", "_int_mm"
_NAMES = {name.partition(",")[0] for name in FUNCTIONS}
TESTED = {
    *(name if name.startswith(_OF_ATEN) else f"quantized_decomposed::{name}" for name in _NAMES | _SAME),
    *(f"torchao::{name}_affine" for name in ("choose_qparams", "dequantize", "quantize")),
    *("fake_quantize_per_tensor_affine_cachemask", "fake_quantize_per_channel_affine_cachemask"),
    *("_fake_quantize_learnable_per_channel_affine", "quantized_decomposed::_choose_qparams_per_token_asymmetric_impl"),
    *("quantized_decomposed::dequantize_per_tensor.tensor2", "quantized_decomposed::embedding_byte.dtype"),
    "quantized_decomposed::embedding_4bit.dtype",
}
"""The rules that these and the other programs of test_import_quantized.py are about."""
