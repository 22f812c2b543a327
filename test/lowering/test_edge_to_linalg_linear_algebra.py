"""Products of matrices and distances in C."""

from __future__ import annotations

import pytest
import torch
from c_cases import assert_all_covered, draw, integers
from c_harness import CPrograms, case, resized

from etc.dialects import edge
from etc.dialects.edge import linear_algebra

HALF, BRAIN, DOUBLE = torch.float16, torch.bfloat16, torch.float64

CASES = {
    "mm": case(edge.mm, draw(3, 5), draw(5, 4)),
    "mm_large": case(edge.mm, draw(17, 33), draw(33, 19)),
    "mm_of_one": case(edge.mm, draw(1, 1), draw(1, 1)),
    "mm_without_inner": case(edge.mm, draw(3, 0), draw(0, 4)),
    "mm_half": case(edge.mm, draw(3, 5, dtype=HALF), draw(5, 4, dtype=HALF)),
    "mm_brain": case(edge.mm, draw(3, 5, dtype=BRAIN), draw(5, 4, dtype=BRAIN)),
    "mm_double": case(edge.mm, draw(3, 5, dtype=DOUBLE), draw(5, 4, dtype=DOUBLE)),
    "mm_int8_wraps": case(
        edge.mm, integers(3, 5, low=-128, high=128, dtype=torch.int8), integers(5, 4, dtype=torch.int8)
    ),
    "mm_uint8_wraps": case(
        edge.mm, integers(3, 5, low=0, high=256, dtype=torch.uint8), integers(5, 4, low=0, dtype=torch.uint8)
    ),
    "mm_int64": case(edge.mm, integers(3, 5), integers(5, 4)),
    "mm_rows": case(edge.mm, draw(3, 5), draw(5, 4), n=(0, 0)),
    "mm_columns": case(edge.mm, draw(3, 5), draw(5, 4), m=(1, 1)),
    "bmm": case(edge.bmm, draw(2, 3, 5), draw(2, 5, 4)),
    "bmm_int32": case(edge.bmm, integers(2, 3, 5, dtype=torch.int32), integers(2, 5, 4, dtype=torch.int32)),
    "bmm_dynamic": case(edge.bmm, draw(2, 3, 5), draw(2, 5, 4), n=(0, 1)),
    "addmm": case(edge.addmm, draw(4), draw(3, 5), draw(5, 4)),
    "addmm_matrix": case(edge.addmm, draw(3, 4), draw(3, 5), draw(5, 4)),
    "addmm_column": case(edge.addmm, draw(3, 1), draw(3, 5), draw(5, 4)),
    "addmm_scaled": case(lambda a, x, y: edge.addmm(a, x, y, beta=0.5, alpha=2.0), draw(4), draw(3, 5), draw(5, 4)),
    "addmm_without_sum": case(
        lambda a, x, y: edge.addmm(a, x, y, beta=0), torch.full((4,), torch.nan), draw(3, 5), draw(5, 4)
    ),
    "addmm_only_alpha": case(
        lambda a, x, y: edge.addmm(a, x, y, beta=0, alpha=3), torch.full((4,), torch.nan), draw(3, 5), draw(5, 4)
    ),
    "addmm_half": case(edge.addmm, draw(4, dtype=HALF), draw(3, 5, dtype=HALF), draw(5, 4, dtype=HALF)),
    "addmm_integers": case(
        lambda a, x, y: edge.addmm(a, x, y, beta=2, alpha=-3), integers(4), integers(3, 5), integers(5, 4)
    ),
    "addmm_dynamic": case(edge.addmm, draw(4), draw(3, 5), draw(5, 4), n=(1, 0)),
    "linear": case(edge.linear, draw(2, 3, 5), draw(4, 5), draw(4)),
    "linear_vector": case(edge.linear, draw(5), draw(4, 5), draw(4)),
    "linear_without_bias": case(edge.linear, draw(3, 5), draw(4, 5)),
    "linear_one_output": case(edge.linear, draw(3, 5), draw(5)),
    "linear_half": case(edge.linear, draw(3, 5, dtype=HALF), draw(4, 5, dtype=HALF), draw(4, dtype=HALF)),
    "linear_dynamic": case(edge.linear, draw(2, 3, 5), draw(4, 5), draw(4), n=(0, 0), m=(0, 1)),
    **{
        f"cdist_{name}": case(lambda x, y, p=p: edge.cdist(x, y, p=p), draw(2, 3, 5), draw(2, 4, 5))
        for name, p in {"0": 0.0, "1": 1.0, "2": 2.0, "3": 3.0, "half": 0.5, "inf": float("inf")}.items()
    },
    "cdist_broadcasts": case(lambda x, y: edge.cdist(x, y, p=2.0), draw(1, 2, 3, 5), draw(3, 1, 4, 5)),
    "cdist_double": case(lambda x, y: edge.cdist(x, y, p=2.0), draw(3, 5, dtype=DOUBLE), draw(4, 5, dtype=DOUBLE)),
    "cdist_dynamic": case(lambda x, y: edge.cdist(x, y, p=2.0), draw(3, 5), draw(4, 5), n=(0, 0), m=(1, 0)),
    **{
        f"pdist_{name}": case(lambda x, p=p: edge.pdist(x, p=p), draw(5, 3))
        for name, p in {"0": 0.0, "1": 1.0, "2": 2.0, "3": 3.0, "inf": float("inf")}.items()
    },
    "pdist_of_one": case(lambda x: edge.pdist(x, p=2.0), draw(1, 3)),
}

REFUSED = {edge.FftR2cOp: "complex numbers", edge.FftC2rOp: "complex numbers"}


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
    assert_all_covered(linear_algebra.OPS, CASES, REFUSED)
