"""Every quant operation that the stock runtime can compute: it computes there what the oracle does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from c_harness import Case, case, module_of
from quant_cases import cases, constant, integers, reals

from etc.compiler import lower, stages_to
from etc.dialects import dtypes, edge, quant
from etc.dialects.quant.base import QuantOp
from etc.runtime.torch_executor import execute

pytest.importorskip("executorch")

_EXPANDED = (
    quant.DequantizePerGroupOp,
    quant.FakeQuantizeOp,
    quant.FakeQuantizePerChannelOp,
)
"""Operations without a kernel that become others."""
_S8 = {"quant_min": -128, "quant_max": 127, "dtype": dtypes.int8}
_ROWS = torch.tensor([[4, 0], [2, 2]])


def _is_computed(each: Case) -> bool:
    ops = [op for op in module_of({"forward": each}).walk() if isinstance(op, QuantOp)]
    return all(op.KERNEL or isinstance(op, _EXPANDED) for op in ops)


def _scales(*sizes: int) -> torch.Tensor:
    return reals(*sizes).abs() + 0.01


_MORE = {
    "channels last": case(
        lambda x: quant.quantize(edge.clone_dim_order(x, dim_order=[0, 2, 3, 1]), 0.05, -3, **_S8), reals(1, 3, 4, 5)
    ),
    "per channel, channels last": case(
        lambda x, s, z: quant.quantize_per_channel(
            edge.clone_dim_order(x, dim_order=[0, 2, 3, 1]), s, z, axis=1, **_S8
        ),
        *(reals(2, 5, 4, 3), _scales(5), torch.arange(5)),
    ),
    "zero points of 8 bits": case(
        lambda x, s, z: quant.dequantize_per_channel(x, s, z, axis=1, **_S8),
        *(integers(6, 4), _scales(4), torch.arange(4, dtype=torch.int8)),
    ),
    "7 bits": case(lambda x: quant.quantize(x, 0.05, 0, -64, 63, dtypes.int8), reals(2, 30, scale=3)),
    "embedding_byte, int32 indices": case(
        lambda w, s, i: quant.embedding_byte(w, s, None, -128, 127, i),
        *(integers(5, 6), _scales(5, 3), _ROWS.int()),
    ),
    "embedding_4bit, int32 indices": case(
        lambda w, s, i: quant.embedding_4bit(w, s, None, -8, 7, i),
        *(integers(5, 6, dtype=torch.uint8), _scales(5, 3), _ROWS.int()),
    ),
    "mixed_linear, batches": case(quant.mixed_linear, reals(2, 3, 8), integers(5, 8), _scales(5)),
    "mixed_linear, groups": case(quant.mixed_linear, reals(2, 8), integers(5, 8), _scales(5, 2)),
    "mixed_linear, zero points": case(quant.mixed_linear, reals(2, 8), integers(5, 8), _scales(5), reals(5)),
}
CASES = {name: each for name, each in cases().items() if _is_computed(each)} | _MORE


def _sizeable(inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Reals that fit 32 bits when they are quantised: the kernels' conversion of others is undefined."""
    return [
        torch.where(x.abs() < 1e5, x, 7) if x.is_floating_point() else x  # NaN and infinity too
        for x in inputs
    ]


def test_large_weights_are_dequantised_in_blocks() -> None:
    """Whole, the reals would take 8 MB; blocks of one take turns in the same memory."""
    rows, columns = 4100, 512
    indices, bias = torch.arange(rows, dtype=torch.int32), reals(rows)
    each = case(
        lambda x, w, s: edge.linear(x, quant.embedding_4bit(w, s, None, -8, 7, constant(indices)), constant(bias)),
        *(reals(2, columns), integers(rows, columns // 2, dtype=torch.uint8), _scales(rows, 4)),
    )
    module = module_of({"forward": each})
    (expected,) = execute(module, "forward", list(each.inputs))
    compiled = lower(module, [s for s in stages_to() if s[0] not in ("core-aten", "edge")])
    (method,) = compiled.report.methods
    assert method.kernels["aten::linear.out"] == 9
    inputs = rows * (columns // 2 + 4 * 4)
    assert method.planned_bytes < inputs + 1.5 * 2**20
    torch.testing.assert_close(compiled.run(*each.inputs), [expected], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_stock_runtime_agrees(name: str) -> None:
    inputs = _sizeable(CASES[name].inputs)
    module = module_of({"forward": CASES[name]})
    expected = execute(module, "forward", inputs)
    stages = [("edge", ["expand-fake-quantize"]), *(s for s in stages_to() if s[0] not in ("core-aten", "edge"))]
    found = lower(module, stages).run(*inputs)
    for have, want in zip(found if isinstance(found, list | tuple) else [found], expected, strict=True):
        torch.testing.assert_close(have, want, rtol=1e-4, atol=1e-5)
