"""Reductions, running sums, sorting and selection in C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from c_cases import INF, NAN, assert_all_covered, draw, integers, with_specials
from c_harness import CPrograms, case, resized

from etc.dialects import dtypes, edge
from etc.dialects.edge import reduction

HALF, DOUBLE = torch.float16, torch.float64
SPECIALS = with_specials(draw(6, 9))
"""Rows with NaN, infinities, and both"""
TIES = integers(4, 9, low=0, high=3)
BOOLS = torch.tensor([[True, False, True], [False, False, False], [True, True, True]])


def along(operator: Callable[..., Any], *arguments: Any, **keywords: Any) -> Callable[[Any], Any]:
    return lambda x: operator(x, *arguments, **keywords)


CASES = {
    "sum": case(along(edge.sum, [1], False), draw(3, 4, 5)),
    "sum_kept": case(along(edge.sum, [-1, 0], True), draw(3, 4, 5)),
    "sum_all": case(along(edge.sum, None, False), draw(3, 4, 5)),
    "sum_empty_list": case(along(edge.sum, [], True), draw(3, 4)),
    "sum_number": case(along(edge.sum, [0], False), torch.tensor(3.0)),
    "sum_nothing": case(along(edge.sum, [1], False), draw(3, 0)),
    "sum_int8": case(along(edge.sum, [1], False), integers(3, 40, low=100, high=128, dtype=torch.int8)),
    "sum_uint8": case(along(edge.sum, [1], False), integers(3, 40, low=200, high=256, dtype=torch.uint8)),
    "sum_bool": case(along(edge.sum, [1], False), BOOLS),
    "sum_as_int8": case(along(edge.sum, [1], False, dtype=dtypes.int8), integers(3, 40, low=0, high=100)),
    "sum_as_float": case(along(edge.sum, [1], False, dtype=dtypes.float32), integers(3, 4)),
    "sum_half": case(along(edge.sum, [1], False), draw(3, 100, dtype=HALF)),
    "sum_half_as_float": case(along(edge.sum, [1], False, dtype=dtypes.float32), draw(3, 100, dtype=HALF)),
    "sum_float_as_half": case(along(edge.sum, [1], False, dtype=dtypes.float16), draw(3, 10)),
    "sum_dynamic": case(along(edge.sum, [1], False), draw(3, 4, 5), n=(0, 0), m=(0, 1)),
    "mean": case(along(edge.mean, [1, 2], False), draw(3, 4, 5)),
    "mean_all": case(along(edge.mean, None, True), draw(3, 4)),
    "mean_nothing": case(along(edge.mean, [1], False), draw(3, 0)),
    "mean_half": case(along(edge.mean, [1], False), draw(3, 100, dtype=HALF)),
    "mean_of_integers": case(along(edge.mean, [1], False, dtype=dtypes.float32), integers(3, 4)),
    "mean_dynamic": case(along(edge.mean, [1], False), draw(3, 4), n=(0, 0), m=(0, 1)),
    "var": case(along(edge.var, [1], keepdim=False), draw(3, 7) + 100),
    "var_kept": case(along(edge.var, [0, -1], correction=0, keepdim=True), draw(3, 4, 5)),
    "var_all": case(along(edge.var, None, correction=2, keepdim=False), draw(3, 4, 5)),
    "var_of_one": case(along(edge.var, [1], keepdim=False), draw(3, 1)),
    "var_over_corrected": case(along(edge.var, [1], correction=5, keepdim=False), draw(3, 4)),
    "var_fraction": case(along(edge.var, [1], correction=0.5, keepdim=False), draw(3, 4)),
    "var_half": case(along(edge.var, [1], keepdim=False), draw(3, 20, dtype=HALF)),
    "var_dynamic": case(along(edge.var, [1], keepdim=False), draw(3, 4), n=(0, 0), m=(0, 1)),
    "var_mean": case(along(edge.var_mean, [1], keepdim=False), draw(3, 7)),
    "var_mean_biased": case(along(edge.var_mean, [0], correction=0, keepdim=True), draw(3, 7, dtype=DOUBLE)),
    "prod": case(along(edge.prod), draw(3, 4)),
    "prod_integers": case(along(edge.prod), integers(3, 4, low=1, high=5, dtype=torch.int32)),
    "prod_bool": case(along(edge.prod), BOOLS),
    "prod_number": case(along(edge.prod), torch.tensor(3.0)),
    "prod_dim": case(along(edge.prod_dim, -1, True), draw(3, 4)),
    "prod_dim_half": case(along(edge.prod_dim, 0, False), draw(3, 4, dtype=HALF)),
    "prod_dim_as_float": case(along(edge.prod_dim, 1, False, dtype=dtypes.float64), integers(3, 4)),
    "prod_dim_nothing": case(along(edge.prod_dim, 1, False), draw(3, 0)),
    "prod_dim_dynamic": case(along(edge.prod_dim, 1, False), draw(3, 4), m=(0, 1)),
    "any": case(along(edge.any, [1], False), integers(6, 3, low=0, high=2)),
    "any_floats": case(along(edge.any, [0, 1], True), torch.tensor([[0.0, NAN], [0.0, 0.0]])),
    "any_bools": case(along(edge.any, None, False), BOOLS),
    "any_uint8": case(along(edge.any, [1], False), integers(6, 3, low=0, high=2, dtype=torch.uint8)),
    "any_of_no_dims": case(along(edge.any, [], False), integers(6, 3, low=0, high=2)),
    "any_dynamic": case(along(edge.any, [1], False), BOOLS, n=(0, 0), m=(0, 1)),
    "amax": case(along(edge.amax, [1], False), draw(3, 4, 5)),
    "amax_kept": case(along(edge.amax, [0, -1], True), draw(3, 4, 5)),
    "amax_all": case(along(edge.amax, [], False), draw(3, 4)),
    "amax_specials": case(along(edge.amax, [1], False), SPECIALS),
    "amax_int8": case(along(edge.amax, [1], False), integers(3, 4, low=-128, high=-100, dtype=torch.int8)),
    "amax_uint8": case(along(edge.amax, [1], False), integers(3, 4, low=0, high=256, dtype=torch.uint8)),
    "amax_bool": case(along(edge.amax, [1], False), BOOLS),
    "amax_half": case(along(edge.amax, [1], False), draw(3, 4, dtype=HALF)),
    "amax_dynamic": case(along(edge.amax, [1], False), draw(3, 4), n=(0, 0), m=(0, 1)),
    "amin": case(along(edge.amin, [1], False), draw(3, 4, 5)),
    "amin_specials": case(along(edge.amin, [1], False), SPECIALS),
    "amin_int64": case(along(edge.amin, [1], False), integers(3, 4)),
    "amin_uint8": case(along(edge.amin, [1], False), integers(3, 4, low=0, high=256, dtype=torch.uint8)),
    "amin_bool": case(along(edge.amin, [1], False), BOOLS),
    "max": case(along(edge.max), draw(3, 4)),
    "max_specials": case(along(edge.max), SPECIALS),
    "max_number": case(along(edge.max), torch.tensor(-3.0)),
    "max_integers": case(along(edge.max), integers(3, 4, dtype=torch.int16)),
    "min": case(along(edge.min), draw(3, 4)),
    "min_specials": case(along(edge.min), SPECIALS),
    "min_bool": case(along(edge.min), BOOLS),
    "max_dim": case(along(edge.max_dim, 1, False), draw(3, 4, 5)),
    "max_dim_kept": case(along(edge.max_dim, -1, True), draw(3, 4, 5)),
    "max_dim_ties": case(along(edge.max_dim, 1, False), TIES),
    "max_dim_specials": case(along(edge.max_dim, 1, False), SPECIALS),
    "max_dim_infinite": case(along(edge.max_dim, 1, False), torch.full((2, 3), -INF)),
    "max_dim_number": case(along(edge.max_dim, 0, False), torch.tensor(3.0)),
    "max_dim_bool": case(along(edge.max_dim, 1, False), BOOLS),
    "max_dim_uint8": case(along(edge.max_dim, 0, False), integers(9, 4, low=0, high=256, dtype=torch.uint8)),
    "max_dim_dynamic": case(along(edge.max_dim, 1, False), draw(3, 4), n=(0, 0), m=(0, 1)),
    "min_dim": case(along(edge.min_dim, 1, False), draw(3, 4, 5)),
    "min_dim_ties": case(along(edge.min_dim, 1, True), TIES),
    "min_dim_specials": case(along(edge.min_dim, 1, False), SPECIALS),
    "min_dim_half": case(along(edge.min_dim, 0, False), draw(3, 4, dtype=HALF)),
    "argmax": case(along(edge.argmax, 1, False), draw(3, 4, 5)),
    "argmax_all": case(along(edge.argmax), draw(3, 4, 5)),
    "argmax_ties": case(along(edge.argmax, 1, True), TIES),
    "argmax_specials": case(along(edge.argmax, 1, False), SPECIALS),
    "argmax_number": case(along(edge.argmax, None, False), torch.tensor(3.0)),
    "argmax_dynamic": case(along(edge.argmax, None, False), draw(3, 4), n=(0, 0)),
    "argmin": case(along(edge.argmin, -1, False), draw(3, 4, 5)),
    "argmin_specials": case(along(edge.argmin, 1, False), SPECIALS),
    "argmin_integers": case(along(edge.argmin, None, False), TIES),
    "cumsum": case(along(edge.cumsum, 1), draw(3, 4, 5)),
    "cumsum_last": case(along(edge.cumsum, -1), draw(3, 5)),
    "cumsum_integers": case(along(edge.cumsum, 0), integers(6, 2, low=100, high=128, dtype=torch.int8)),
    "cumsum_bool": case(along(edge.cumsum, 1), BOOLS),
    "cumsum_as_int8": case(along(edge.cumsum, 0, dtype=dtypes.int8), integers(6, 2, low=100, high=128)),
    "cumsum_half": case(along(edge.cumsum, 0), draw(30, dtype=HALF)),
    "cumsum_number": case(along(edge.cumsum, 0), torch.tensor(3.0)),
    "cumsum_dynamic": case(along(edge.cumsum, 1), draw(3, 4), n=(0, 0), m=(0, 1)),
    "sort": case(along(edge.sort, 1, False), draw(3, 13)),
    "sort_descending": case(along(edge.sort, 0, True), draw(13, 3)),
    "sort_middle": case(along(edge.sort, 1, False), draw(2, 16, 3)),
    "sort_ties": case(along(edge.sort, 1, False), integers(2, 16, low=0, high=3)),
    "sort_ties_descending": case(along(edge.sort, 1, True), integers(2, 16, low=0, high=3)),
    "sort_specials": case(along(edge.sort, 1, False), SPECIALS),
    "sort_specials_descending": case(along(edge.sort, 1, True), SPECIALS),
    "sort_one": case(along(edge.sort, 1, False), draw(3, 1)),
    "sort_number": case(along(edge.sort, 0, False), torch.tensor(3.0)),
    "sort_bool": case(along(edge.sort, 1, False), BOOLS),
    "sort_uint8": case(along(edge.sort, 1, False), integers(2, 16, low=0, high=256, dtype=torch.uint8)),
    "sort_half": case(along(edge.sort, 1, False), draw(2, 7, dtype=HALF)),
    "sort_dynamic": case(along(edge.sort, 1, False), draw(3, 13), n=(0, 0), m=(0, 1)),
    "topk": case(along(edge.topk, 3, 1, True, True), draw(3, 13)),
    "topk_smallest": case(along(edge.topk, 3, 0, False, True), draw(13, 4)),
    "topk_one": case(along(edge.topk, 1, -1, True, True), draw(3, 13)),
    "topk_many": case(along(edge.topk, 20, 1, True, True), draw(3, 40)),
    "topk_all": case(along(edge.topk, 7, 1, True, True), draw(3, 7)),
    "topk_none": case(along(edge.topk, 0, 1, True, True), draw(3, 7)),
    "topk_number": case(along(edge.topk, 1, 0, True, True), torch.tensor(3.0)),
    "topk_int8": case(along(edge.topk, 2, 0, True, True), torch.tensor([5, -128, 127, 3], dtype=torch.int8)),
    "topk_nan": case(along(edge.topk, 2, 0, True, True), torch.tensor([5.0, NAN, 127.0, INF, -INF])),
    "topk_nan_smallest": case(along(edge.topk, 4, 0, False, True), torch.tensor([5.0, NAN, 127.0, INF, -INF])),
    "topk_dynamic": case(along(edge.topk, 3, 1, True, True), draw(3, 13), n=(0, 0), m=(0, 1)),
}


@pytest.fixture(scope="module")
def programs() -> CPrograms:
    return CPrograms(CASES)


@pytest.mark.parametrize("name", CASES)
def test_computes_what_torch_computes(programs: CPrograms, name: str) -> None:
    programs.check(name)


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize("name", [name for name, each in CASES.items() if each.symbols])
def test_computes_for_other_sizes_too(programs: CPrograms, name: str, change: int) -> None:
    programs.check(name, resized(CASES[name], change))


def test_every_operator_has_a_case() -> None:
    assert_all_covered(reduction.OPS, CASES)
