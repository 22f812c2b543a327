"""Programs that PT2E and torchao quantised become operations of quant, which compute what PyTorch does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from import_harness import Of, export
from quantized_functions import BYTES, FUNCTIONS, MATRIX, S8, SCALES, Q
from torch import nn
from xdsl.dialects.builtin import ModuleOp

from etc.compiler import compile
from etc.dialects.custom import CustomOp, CustomOpOp
from etc.errors import EtcError
from etc.lowering.import_torch_files import load_pt2
from etc.runtime.torch_executor import execute
from etc.transforms.decompositions import rules


def checked(model: nn.Module, inputs: Sequence[torch.Tensor], tolerance: float = 1e-5) -> tuple[Any, list[str]]:
    """What a model is compiled to, and the names of its edge operations, which compute what it does."""
    stages: dict[str, ModuleOp] = {}
    compiled = compile(export(model, *inputs), on_stage=lambda name, module: stages.update({name: module.clone()}))
    edge = stages["edge"]
    assert not any(isinstance(op, CustomOp | CustomOpOp) for op in edge.walk())
    edge.verify()
    with torch.no_grad():
        expected = model(*inputs)
    (found,) = execute(edge, "forward", list(inputs))
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=tolerance, check_dtype=True)
    return compiled, [op.name for op in edge.walk()]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_operator(name: str) -> None:
    function, inputs = FUNCTIONS[name]
    compiled, operations = checked(Of(function), inputs)
    assert (
        any(op.startswith("quant.") for op in operations)
        or name in ("convert_element_type.no_fuse", "_int_mm")
        or (name.endswith("off"))
    )
    pytest.importorskip("executorch")
    expected = function(*inputs)
    torch.testing.assert_close(compiled.run(*inputs), expected, rtol=1e-5, atol=1e-5)


def test_every_operator_has_a_rule() -> None:
    known = {str(s).partition("(")[0] for s in torch._C._jit_get_all_schemas()}  # pyright: ignore
    wanted = {name for name in known if name.startswith("quantized_decomposed::") and not name.endswith("out")}
    missing = {
        "add",
        "add.scalar",
        "add_relu",
        "embedding_2bit",
        "embedding_2bit.dtype",
        "mixed_mm",
    }  # what export refuses, and executorch registers
    assert sorted(wanted - rules().keys() - {f"quantized_decomposed::{name}" for name in missing}) == []


class ConvNet(nn.Module):
    """f32[1, 3, 8, 8] -> f32[1, 10]"""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(5)
        self.conv, self.norm, self.fc = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = nn.functional.max_pool2d(torch.relu(self.norm(self.conv(x))), 2)
        return self.fc((y + y).flatten(1))


IMAGE = torch.randn(1, 3, 8, 8, generator=torch.Generator().manual_seed(6))


def _by_hand(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """A linear layer between quantize and dequantize."""
    x = Q.dequantize_per_tensor(Q.quantize_per_tensor(x, 0.05, 3, *S8), 0.05, 3, *S8)
    y = nn.functional.linear(x, Q.dequantize_per_channel(w, SCALES, None, 0, *S8))
    return Q.dequantize_per_tensor(Q.quantize_per_tensor(y, 0.4, 3, *S8), 0.4, 3, *S8)


class ByHand(nn.Module):
    weight: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("weight", BYTES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return _by_hand(x, self.weight)


def test_made_by_hand() -> None:
    x = MATRIX[:3]
    compiled, operations = checked(ByHand(), [x])
    assert operations.count("quant.dequantize_per_channel") == 1
    assert operations.count("quant.quantize") == operations.count("quant.dequantize") == 2
    expected = ByHand()(x)
    torch.testing.assert_close(compile(export(ByHand(), x), target="host").run(x), expected, rtol=0, atol=0.4001)
    pytest.importorskip("executorch")
    torch.testing.assert_close(compiled.run(x), expected)


def _pt2e(is_dynamic: bool) -> Any:
    pytest.importorskip("torchao")
    quantizer = pytest.importorskip("executorch.backends.xnnpack.quantizer.xnnpack_quantizer")
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e

    config = quantizer.get_symmetric_quantization_config(is_per_channel=True, is_dynamic=is_dynamic)
    prepared: Any = prepare_pt2e(
        export(ConvNet().eval(), IMAGE).module(), quantizer.XNNPACKQuantizer().set_global(config)
    )
    prepared(IMAGE)
    return convert_pt2e(prepared)


@pytest.mark.parametrize("is_dynamic", [False, True])
def test_pt2e(is_dynamic: bool) -> None:
    model = _pt2e(is_dynamic)
    compiled, operations = checked(model, [IMAGE], 0.03)
    wanted = "quant.choose_qparams" if is_dynamic else "quant.quantize"
    assert wanted in operations
    with torch.no_grad():
        expected = model(IMAGE)
    torch.testing.assert_close(compiled.run(IMAGE), expected, rtol=1e-4, atol=1e-4)
    in_c = compile(export(model, IMAGE), target="host").run(IMAGE)
    torch.testing.assert_close(in_c, expected, rtol=0, atol=0.05)


def test_file_of_a_quantised_program(tmp_path: Any) -> None:
    torch.export.save(export(ByHand(), MATRIX), tmp_path / "model.pt2")
    compiled = compile(load_pt2(tmp_path / "model.pt2"))
    pytest.importorskip("executorch")
    torch.testing.assert_close(compiled.run(MATRIX), ByHand()(MATRIX))


class Words(nn.Module):
    """i64[1, L] -> f32[1, L, 32]"""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(5)
        self.embedding, self.fc = nn.Embedding(10, 64), nn.Linear(64, 32)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        return self.fc(torch.relu(self.embedding(words)))


WORDS = torch.tensor([[3, 1, 4]])


def _torchao_configs() -> dict[str, tuple[Any, set[str]]]:
    quantization = pytest.importorskip("torchao.quantization")
    granularity = pytest.importorskip("torchao.quantization.granularity")
    weights, dynamic = quantization.IntxWeightOnlyConfig, quantization.Int8DynamicActivationIntxWeightConfig
    int4: Any = getattr(torch, "int4")  # noqa: B009
    groups, channels = granularity.PerGroup(32), granularity.PerAxis(0)
    rows = {"quant.choose_qparams_per_token", "quant.quantize_per_token", "quant.dequantize_per_token"}
    return {
        "4 bits": (weights(weight_dtype=int4, granularity=groups), {"quant.embedding_4bit"}),
        "8 bits": (weights(weight_dtype=torch.int8, granularity=channels), {"quant.dequantize_per_channel"}),
        "8 bits in groups": (weights(weight_dtype=torch.int8, granularity=groups), {"quant.dequantize_per_group"}),
        "dynamic, 4 bits": (
            dynamic(weight_dtype=int4, weight_granularity=groups),
            {"quant.embedding_4bit", *rows},
        ),
        "dynamic, 8 bits": (
            dynamic(weight_dtype=torch.int8, weight_granularity=channels),
            {"quant.dequantize_per_channel", *rows},
        ),
        "integers": (quantization.Int8DynamicActivationInt8WeightConfig(), {"quant.quantize_per_token", "edge.mm"}),
    }


@pytest.mark.parametrize(
    "name", ["4 bits", "8 bits", "8 bits in groups", "dynamic, 4 bits", "dynamic, 8 bits", "integers"]
)
def test_torchao(name: str) -> None:
    config, wanted = _torchao_configs()[name]
    from torchao.quantization import quantize_

    model = Words().eval()
    quantize_(model, config)
    if name in ("4 bits", "8 bits"):
        quantize_(model, config, lambda module, _: isinstance(module, nn.Embedding))
    compiled, operations = checked(model, [WORDS], 0.02)
    assert wanted <= set(operations)
    assert ("edge.embedding" in operations) == (name not in ("4 bits", "8 bits"))
    with torch.no_grad():
        expected = model(WORDS)
    torch.testing.assert_close(compile(export(model, WORDS), target="host").run(WORDS), expected, rtol=0, atol=0.02)
    pytest.importorskip("executorch")
    torch.testing.assert_close(compiled.run(WORDS), expected, rtol=0, atol=0.02)


def test_refusal() -> None:
    ops: Any = torch.ops

    def columns(x: torch.Tensor) -> Any:
        return ops.torchao.choose_qparams_affine(x, "SYMMETRIC_NO_CLIPPING_ERR", [1, 8], torch.int8, -8, 7)[0]

    pytest.importorskip("torchao.quantization")
    with pytest.raises(EtcError, match="scales of this kind cannot be chosen at run time"):
        compile(export(Of(columns), MATRIX))
