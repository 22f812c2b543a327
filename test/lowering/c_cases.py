"""Inputs of the cases that compare C with torch, and whether all operators have one."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import torch
from c_harness import Case, case, module_of
from torch import Tensor
from xdsl.ir import Operation

NAN, INF = float("nan"), float("inf")


HALVES, INTEGERS = (torch.float16, torch.bfloat16), (torch.uint8, torch.int8, torch.int32, torch.int64)


class Cases(dict[str, Case]):
    """Cases by name, added one by one."""

    def add(self, name: str, build: Callable[..., Any], *inputs: Any, **symbols: tuple[int, int]) -> None:
        """As `case`; dtypes and numbers in `name` may be written as they print."""
        name = name.replace("torch.", "").replace("-", "minus_").replace(".", "_")
        assert name not in self, f"two cases {name}"
        self[name] = case(build, *inputs, **symbols)


def draw(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def integers(*shape: int, low: int = -5, high: int = 6, seed: int = 0, dtype: torch.dtype = torch.int64) -> Tensor:
    """Numbers from `low` to below `high`."""
    return torch.randint(low, high, shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def numbers(*shape: int, dtype: torch.dtype = torch.float32, low: float = -3, high: float = 3) -> Tensor:
    """Numbers between `low` and `high` that look random; whole ones for integers."""
    seed = sum((i + 1) * size for i, size in enumerate(shape)) + int(low * 7)
    drawn = torch.empty(shape, dtype=torch.float64).uniform_(low, high, generator=torch.Generator().manual_seed(seed))
    return (drawn > (low + high) / 2) if dtype is torch.bool else drawn.to(dtype)


def with_specials(x: Tensor) -> Tensor:
    """`x` with NaN and infinities strewn in."""
    flat = x.clone().flatten()
    flat[3::11], flat[5::7], flat[6::13] = -INF, INF, NAN
    return flat.reshape(x.shape)


def assert_all_covered(
    operators: Iterable[type[Operation]], cases: Mapping[str, Case], refused: Container[type[Operation]] = ()
) -> None:
    """Every operator is in a case, or refused."""
    used = {type(op) for op in module_of(cases).walk()}
    assert [op.name for op in operators if op not in used and op not in refused] == []
