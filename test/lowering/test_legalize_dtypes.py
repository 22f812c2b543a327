"""Dtypes that the stock runtime's kernels do not take compute the same there in others."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import torch
from legalize_harness import assert_legalized
from torch.nn import functional as F

from etc.dialects.dtypes import BY_NAME, Kind
from etc.lowering.legalize_dtypes import LegalizeDtypesPass, holds

HALF, BRAIN, U8 = torch.float16, torch.bfloat16, torch.uint8
IMAGE, WEIGHT = torch.linspace(-1, 1, 48).reshape(1, 3, 4, 4), torch.linspace(-1, 1, 54).reshape(2, 3, 3, 3)
BYTES = torch.tensor([0, 3, 200, 255], dtype=U8)

FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[torch.Tensor, ...]]] = {
    "conv_half": (lambda x, w: F.conv2d(x, w), (IMAGE.to(HALF), WEIGHT.to(HALF))),
    "conv_brain": (lambda x, w: F.conv2d(x, w), (IMAGE.to(BRAIN), WEIGHT.to(BRAIN))),
    "clamp": (lambda x: x.clamp(2, 201), (BYTES,)),
    "depthwise": (lambda x, w: F.conv2d(x, w, groups=3), (IMAGE.to(HALF), WEIGHT[0, :, None].to(HALF))),
    "hardtanh": (lambda x: F.hardtanh(x, 0, 6), (BYTES,)),
    "clamp_one_side": (lambda x: x.clamp(max=100), (BYTES,)),
    "gather": (lambda x, i: x.gather(0, i), (torch.arange(4.0), torch.tensor([2, 0], dtype=torch.int32))),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_dtypes_that_kernels_refuse(name: str) -> None:
    function, inputs = FUNCTIONS[name]
    assert_legalized(LegalizeDtypesPass(), function, inputs)


@pytest.mark.parametrize(("wide", "narrow"), list(product(BY_NAME, BY_NAME)))
def test_what_holds_what(wide: str, narrow: str) -> None:
    """The extremes of a dtype are the same numbers in another of its kind."""
    kinds = BY_NAME[wide].kind, BY_NAME[narrow].kind
    found = holds(BY_NAME[wide], BY_NAME[narrow])
    if narrow != "bool" and (kinds[0] is not kinds[1] or Kind.COMPLEX in kinds):
        assert found == (wide == narrow)
        return
    numbers = extremes(getattr(torch, narrow))
    assert found == (numbers.to(getattr(torch, wide)).tolist() == numbers.tolist())


def extremes(dtype: torch.dtype) -> torch.Tensor:
    """The numbers of a dtype that the others may lack."""
    if dtype is torch.bool:
        return torch.tensor([False, True])
    if not dtype.is_floating_point:
        limits = torch.iinfo(dtype)
        return torch.tensor([limits.min, limits.max, limits.max - 1, 0], dtype=dtype)
    known = torch.finfo(dtype)
    return torch.tensor([known.max, known.tiny, 1 + known.eps, -0.5], dtype=torch.float64).to(dtype)
