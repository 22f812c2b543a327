"""Every quant operation that the stock runtime can compute: it computes there what the oracle does."""

from __future__ import annotations

import pytest
import torch
from quant_programs import CASES, program_of

from etc.compiler import lower, stages_to
from etc.runtime.torch_executor import execute

pytest.importorskip("executorch")


@pytest.mark.parametrize("name", CASES)
def test_stock_runtime_agrees(name: str) -> None:
    build, inputs = CASES[name]
    module = program_of(build, inputs)
    module.verify()
    expected = execute(module, "forward", inputs)
    stages = [("edge", ["expand-fake-quantize"]), *(s for s in stages_to() if s[0] not in ("core-aten", "edge"))]
    found = lower(module, stages).run(*inputs)
    found = list(found) if isinstance(found, list | tuple) else [found]
    for have, want in zip(found, expected, strict=True):
        assert have.dtype is want.dtype
        if want.dtype.is_floating_point:
            torch.testing.assert_close(have, want, rtol=1e-5, atol=1e-5)
        else:
            assert torch.equal(have, want)
