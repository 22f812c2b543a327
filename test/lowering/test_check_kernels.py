"""What check-kernels lets through computes on the stock runtime what eager does; the rest is refused, in its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from lowering_cases import FunctionModule
from stages_harness import assert_equal
from torch.nn import functional as F

from etc.compiler import compile, export
from etc.dialects.dtypes import DTYPES, Kind
from etc.errors import EtcError

INTEGERS = tuple(d.name for d in DTYPES if d.kind is Kind.INT)
FLOATS = tuple(d.name for d in DTYPES if d.kind is Kind.FLOAT)

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "abs": lambda x: x.abs(),
    "add": lambda x: x + x,
    "argmax": lambda x: x.argmax(1),
    "avg_pool2d": lambda x: F.avg_pool2d(x, 2),
    "bilinear": lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"),
    "bitwise_and": lambda x: x & 5,
    "cumsum": lambda x: x.cumsum(2),
    "div": lambda x: x / 3,
    "floor": lambda x: torch.div(x, 3, rounding_mode="floor"),
    "clamp": lambda x: x.clamp(2, 7),
    "exp": lambda x: x.exp(),
    "gather": lambda x: x.gather(1, torch.zeros(1, 1, 4, 4, dtype=torch.int64)),
    "matmul": lambda x: x @ x,
    "max_pool2d": lambda x: F.max_pool2d(x, 2),
    "nearest": lambda x: F.interpolate(x, scale_factor=2),
    "pad": lambda x: F.pad(x, (1, 1), value=3),
    "prod": lambda x: x.prod(3),
    "reflect": lambda x: F.pad(x, (1, 1, 1, 1), mode="reflect"),
    "remainder": lambda x: x % 3,
    "softmax": lambda x: x.softmax(1),
    "sort": lambda x: x.sort(3).values,
    "where": lambda x: torch.where(x > 3, x, -x),
}
IMAGE = torch.arange(32).reshape(1, 2, 4, 4) % 11
TOLERANCE = {"float16": 2e-3, "bfloat16": 2e-2}


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS, *FLOATS])
def test_right_or_refused(dtype: str) -> None:
    pytest.importorskip("executorch")
    x = IMAGE.to(getattr(torch, dtype))
    right: list[str] = []
    refusals: dict[str, str] = {}
    for name, function in FUNCTIONS.items():
        try:
            expected = function(x)
        except Exception:  # torch's own refusals have no common class
            continue
        program = export(FunctionModule(function), (x,))
        try:
            found = compile(program).run(x)
        except EtcError as refusal:
            refusals[name] = str(refusal)
            continue
        limit = TOLERANCE.get(dtype)
        if limit is None:
            assert_equal([found], expected)
        else:
            torch.testing.assert_close(found, expected, rtol=limit, atol=limit)
        right.append(name)
    assert [text for text in refusals.values() if "stock runtime" not in text] == []
    assert len(right) > 8 or dtype in ("uint16", "uint32", "uint64"), right


def test_bytes_are_not_resampled_in_floats() -> None:
    """torch interpolates bytes in fixed-point arithmetic, which no kernel of floats repeats."""
    program = export(FunctionModule(FUNCTIONS["bilinear"]), (IMAGE.byte(),))
    with pytest.raises(EtcError, match="kernel upsample_bilinear2d.vec_out does not take these dtypes\n  found: uint8"):
        compile(program)
