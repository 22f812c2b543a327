"""Fills, ranges, copies and casts in C."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from c_cases import HALVES, Cases, assert_all_covered, numbers
from c_harness import CPrograms, case, module_of, resized, to_loops

from etc.dialects import dtypes, edge, symbolic
from etc.dialects.edge import creation
from etc.errors import EtcError

N = symbolic.symbol("n")
ROW = numbers(4)
CASES = Cases()
SOURCES = (
    torch.tensor([0.0, 0.4, -1.7, 2.5, 100.0]),
    torch.tensor([0, 1, 200, 7]),
    torch.tensor([True, False]),
    torch.tensor([0, 1, 255], dtype=torch.uint8),
    *(numbers(4, dtype=dtype, low=0) for dtype in HALVES),
    numbers(3, dtype=torch.float64),
)
for dtype in (dtypes.float32, dtypes.float16, dtypes.uint8, dtypes.int16, dtypes.int64, dtypes.bool_):
    of_dtype = getattr(torch, dtype.name)
    CASES.add(f"full_{dtype}", partial(edge.full, [2, 3], 1.0, dtype=dtype))
    CASES.add(f"fill_{dtype}", edge.fill, torch.zeros(2, 2, dtype=of_dtype), torch.tensor(3).to(of_dtype))
    for source in SOURCES:
        CASES.add(f"cast_{source.dtype}_to_{dtype}", partial(edge.to_dim_order_copy, dtype=dtype), source)
CASES.add("full_whole", lambda: edge.full([2], 7))
CASES.add("full_number", lambda: edge.full([], 2.5))
CASES.add("full_like", lambda x: edge.full_like(x, 2.5), ROW)
CASES.add("full_like_int32", lambda x: edge.full_like(x, -1, dtype=dtypes.int32), ROW)
CASES.add("full_dynamic", lambda x: edge.full([N, 2], 0.5), ROW, n=(0, 0))
CASES.add("full_of_size", lambda x: edge.full([2], N * 2 + 1, dtype=dtypes.float32), ROW, n=(0, 0))
CASES.add("scalar_tensor", lambda: edge.scalar_tensor(2.5))
CASES.add("scalar_tensor_of_size", lambda x: edge.scalar_tensor(N + 1, dtype=dtypes.int64), ROW, n=(0, 0))
CASES.add("empty", lambda: edge.empty_dim_order([2, 3]))
CASES.add("cast_to_channels_last", partial(edge.to_dim_order_copy, dim_order=[0, 2, 3, 1]), numbers(2, 3, 4, 5))
CASES.add("cast_dynamic", partial(edge.to_dim_order_copy, dtype=dtypes.int32), numbers(2, 3), n=(0, 1))
CASES.add("clone", edge.clone_dim_order, numbers(2, 3))
CASES.add("clone_in_order", partial(edge.clone_dim_order, dim_order=[1, 0]), numbers(2, 3))
CASES.add("copy_alike", edge.copy, numbers(2, 3), numbers(2, 3, low=0))
CASES.add("copy_broadcast_and_cast", edge.copy, torch.zeros(2, 3, dtype=torch.int32), numbers(3))
CASES.add("arange", lambda: edge.arange(0, 7, 1))
CASES.add("arange_down", lambda: edge.arange(5, -6, -3, dtype=dtypes.int32))
CASES.add("arange_float32", lambda: edge.arange(0.1, 2.0, 0.1))
CASES.add("arange_float16", lambda: edge.arange(0, 3.0, 0.25, dtype=dtypes.float16))
CASES.add("arange_float64", lambda: edge.arange(0.1, 2.0, 0.1, dtype=dtypes.float64))
CASES.add("arange_dynamic", lambda x: edge.arange(0, N, 1), ROW, n=(0, 0))
CASES.add("arange_dynamic_start", lambda x: edge.arange(N, N * 3, 2, dtype=dtypes.float32), ROW, n=(0, 0))
for diagonal in (-5, -1, 0, 2, 9):
    CASES.add(f"tril_{diagonal}", partial(edge.tril, diagonal=diagonal), numbers(2, 3, 4))
CASES.add("tril_dynamic", edge.tril, numbers(3, 4, dtype=torch.int32), n=(0, 0), m=(0, 1))
REFUSED = {
    edge.RandOp: lambda: edge.rand([2]),
    edge.RandnOp: lambda: edge.randn([2]),
    edge.RandpermOp: lambda: edge.randperm(4),
}


@pytest.fixture(scope="module")
def programs() -> CPrograms:
    return CPrograms(CASES)


@pytest.mark.parametrize("name", CASES)
def test_computes_what_torch_computes(programs: CPrograms, name: str) -> None:
    programs.check(name)


@pytest.mark.parametrize("build", REFUSED.values(), ids=[op.name for op in REFUSED])
def test_random_numbers_are_refused(build: object) -> None:
    with pytest.raises(EtcError, match="there are no random numbers in C"):
        to_loops(module_of({"f": case(build)}))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize("name", [name for name, each in CASES.items() if each.symbols])
def test_computes_for_other_sizes_too(programs: CPrograms, name: str, change: int) -> None:
    programs.check(name, resized(CASES[name], change))


def test_every_operator_has_a_case() -> None:
    assert_all_covered(creation.OPS, CASES, REFUSED)
