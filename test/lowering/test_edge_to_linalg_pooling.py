"""Pooling and its gradients in C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from c_cases import INF, assert_all_covered, draw, integers, with_specials
from c_harness import Case, CPrograms, case, resized
from torch import Tensor

from etc.dialects import edge
from etc.dialects.edge import pooling


def values(operator: Callable[..., Any], *arguments: Any) -> Callable[[Any], Any]:
    """The first result only."""
    return lambda x: operator(x, *arguments).results[0]


def both(operator: Callable[..., Any], *arguments: Any) -> Callable[[Any], Any]:
    return lambda x: operator(x, *arguments)


def avg_backward(x: Tensor, *numbers: Any) -> Case:
    y = torch.ops.aten.avg_pool2d.default(x, *numbers)
    return case(lambda g, x: edge.avg_pool2d_backward(g, x, *numbers), draw(*y.shape, seed=5, dtype=x.dtype), x)


def max_backward(x: Tensor, *numbers: Any) -> Case:
    y, indices = torch.ops.aten.max_pool2d_with_indices.default(x, *numbers)
    gradient = draw(*y.shape, seed=5, dtype=x.dtype)
    return case(lambda g, x, i: edge.max_pool2d_backward(g, x, *numbers, i), gradient, x, indices)


CASES = {
    "max": case(values(edge.max_pool2d, [2, 3]), draw(2, 3, 6, 7)),
    "max_with_places": case(both(edge.max_pool2d, [2, 3]), draw(2, 3, 6, 7)),
    "max_without_batch": case(both(edge.max_pool2d, [2]), draw(3, 6, 6)),
    "max_steps": case(both(edge.max_pool2d, [3, 3], [2, 1], [1, 1], [1, 2]), draw(2, 3, 8, 9)),
    "max_padded": case(both(edge.max_pool2d, [3], [2], [1]), draw(2, 3, 7, 7)),
    "max_padded_dilated": case(both(edge.max_pool2d, [3], [1], [1], [2]), draw(1, 2, 7, 7)),
    "max_ceil": case(both(edge.max_pool2d, [2], [2], [0], [1], True), draw(1, 3, 7, 5)),
    "max_ceil_padded": case(both(edge.max_pool2d, [3], [2], [1], [1], True), draw(1, 3, 6, 8)),
    "max_ceil_short": case(values(edge.max_pool2d, [1], [3], [0], [1], True), draw(1, 3, 5, 6)),
    "max_specials": case(both(edge.max_pool2d, [2], [1], [1]), with_specials(draw(1, 2, 6, 6))),
    "max_all_infinite": case(both(edge.max_pool2d, [2], [2], [1]), torch.full((1, 1, 4, 4), -INF)),
    "max_ties": case(both(edge.max_pool2d, [3], [2]), integers(1, 2, 7, 7, low=0, high=2).float()),
    "max_half": case(both(edge.max_pool2d, [2]), draw(1, 2, 6, 6, dtype=torch.float16)),
    "max_int8": case(both(edge.max_pool2d, [2], [1], [1]), integers(1, 2, 5, 5, low=-128, high=0, dtype=torch.int8)),
    "max_uint8": case(values(edge.max_pool2d, [2], [1], [1]), integers(1, 2, 5, 5, low=0, high=255, dtype=torch.uint8)),
    "max_int64": case(both(edge.max_pool2d, [2]), integers(1, 2, 6, 6)),
    "max_dynamic": case(both(edge.max_pool2d, [3], [2], [1]), draw(2, 3, 8, 7), n=(0, 0), h=(0, 2), w=(0, 3)),
    "max_dynamic_ceil": case(both(edge.max_pool2d, [2], [2], [0], [1], True), draw(1, 3, 7, 5), h=(0, 2), w=(0, 3)),
    "max3d": case(both(edge.max_pool3d, [2, 2, 3], [1, 2, 2], [1, 0, 1]), draw(1, 2, 4, 5, 6)),
    "max3d_values": case(values(edge.max_pool3d, [2]), draw(1, 2, 4, 4, 6)),
    "max3d_dynamic": case(values(edge.max_pool3d, [2]), draw(1, 2, 4, 4, 6), d=(0, 2)),
    "avg": case(both(edge.avg_pool2d, [2, 3]), draw(2, 3, 6, 7)),
    "avg_steps": case(both(edge.avg_pool2d, [3, 2], [2, 1]), draw(2, 3, 6, 7)),
    "avg_padded": case(both(edge.avg_pool2d, [3], [2], [1]), draw(2, 3, 7, 7)),
    "avg_padding_does_not_count": case(both(edge.avg_pool2d, [3], [2], [1], False, False), draw(2, 3, 7, 7)),
    "avg_ceil": case(both(edge.avg_pool2d, [3], [2], [0], True), draw(1, 3, 6, 8)),
    "avg_ceil_padded": case(both(edge.avg_pool2d, [3], [2], [1], True, True), draw(1, 3, 6, 8)),
    "avg_ceil_bare": case(both(edge.avg_pool2d, [3], [2], [1], True, False), draw(1, 3, 6, 8)),
    "avg_divisor": case(both(edge.avg_pool2d, [3], [2], [1], False, True, 5), draw(1, 3, 7, 7)),
    "avg_half": case(both(edge.avg_pool2d, [3], [2], [1]), draw(1, 3, 7, 7, dtype=torch.float16)),
    "avg_integers": case(both(edge.avg_pool2d, [2], [2], [1], False, False), integers(1, 3, 6, 6, low=-50, high=50)),
    "avg_dynamic": case(both(edge.avg_pool2d, [3], [2], [1], True, False), draw(1, 3, 6, 8), h=(0, 2), w=(0, 3)),
    "avg_dynamic_plain": case(both(edge.avg_pool2d, [2]), draw(2, 3, 6, 8), n=(0, 0), h=(0, 2)),
    "avg1d": case(both(edge.avg_pool1d, [3], [2], [1]), draw(2, 3, 9)),
    "avg1d_ceil": case(both(edge.avg_pool1d, [3], [2], [1], True, False), draw(3, 8)),
    "avg3d": case(both(edge.avg_pool3d, [2, 3, 2], [2, 1, 2], [1, 1, 0]), draw(1, 2, 4, 5, 6)),
    "avg3d_divisor": case(both(edge.avg_pool3d, [2], [2], [0], False, True, 3), draw(1, 2, 4, 5, 6)),
    "avg_backward": avg_backward(draw(2, 3, 6, 7), [2, 3], [2, 1], [0, 0], False, True, None),
    "avg_backward_padded": avg_backward(draw(2, 3, 6, 7), [3, 3], [2, 2], [1, 1], False, False, None),
    "avg_backward_ceil": avg_backward(draw(2, 3, 6, 8), [3, 3], [2, 2], [1, 1], True, True, None),
    "avg_backward_divisor": avg_backward(draw(2, 3, 6, 8), [3, 3], [1, 1], [1, 1], False, True, 4),
    "avg_backward_apart": avg_backward(draw(2, 3, 7, 8), [2, 2], [3, 3], [0, 0], False, True, None),
    "max_backward": max_backward(draw(2, 3, 6, 7), [2, 3], [2, 1], [0, 0], [1, 1], False),
    "max_backward_overlapping": max_backward(draw(2, 3, 7, 7), [3, 3], [1, 1], [1, 1], [1, 1], False),
    "max_backward_without_batch": max_backward(draw(3, 7, 7), [3, 3], [2, 2], [1, 1], [2, 2], True),
    "adaptive1d": case(both(edge.adaptive_avg_pool1d, [3]), draw(2, 3, 7)),
    "adaptive_even": case(both(edge.adaptive_avg_pool2d, [3, 2]), draw(2, 3, 6, 8)),
    "adaptive_uneven": case(both(edge.adaptive_avg_pool2d, [3, 5]), draw(2, 3, 7, 8)),
    "adaptive_upwards": case(both(edge.adaptive_avg_pool2d, [5, 7]), draw(1, 3, 3, 4)),
    "adaptive_to_one": case(both(edge.adaptive_avg_pool2d, [1, 1]), draw(2, 3, 7, 5)),
    "adaptive_without_batch": case(both(edge.adaptive_avg_pool2d, [1, 3]), draw(3, 7, 5)),
    "adaptive_half": case(both(edge.adaptive_avg_pool2d, [2, 2]), draw(1, 3, 5, 6, dtype=torch.float16)),
    "adaptive_dynamic_to_one": case(both(edge.adaptive_avg_pool2d, [1, 1]), draw(2, 3, 7, 5), h=(0, 2), w=(0, 3)),
    "adaptive_dynamic": case(both(edge.adaptive_avg_pool2d, [2, 3]), draw(2, 3, 7, 5), h=(0, 2), w=(0, 3)),
    "adaptive3d": case(both(edge.adaptive_avg_pool3d, [2, 1, 3]), draw(1, 2, 4, 5, 7)),
    "adaptive_backward": case(edge.adaptive_avg_pool2d_backward, draw(2, 3, 3, 2), draw(2, 3, 6, 7)),
    "adaptive_backward_upwards": case(edge.adaptive_avg_pool2d_backward, draw(2, 3, 5, 7), draw(2, 3, 3, 4)),
    "adaptive_backward_without_batch": case(edge.adaptive_avg_pool2d_backward, draw(3, 1, 1), draw(3, 5, 4)),
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
    assert_all_covered(pooling.OPS, CASES)
