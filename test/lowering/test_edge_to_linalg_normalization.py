"""Normalization, its gradients and softmax in C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from c_cases import INF, assert_all_covered, draw, with_specials
from c_harness import Case, CPrograms, case, module_of, resized, to_loops
from torch import Tensor

from etc.dialects import edge
from etc.dialects.edge import normalization
from etc.errors import EtcError

HALF, DOUBLE = torch.float16, torch.float64


def parts(numbers: tuple[int, ...], build: Callable[..., Any]) -> Callable[..., Any]:
    """Some of the results."""
    return lambda *values: [build(*values).results[i] for i in numbers]


def batch_norm(x: Any, mean: Any, var: Any, weight: Any = None, bias: Any = None) -> Any:
    return edge.batch_norm(x, weight, bias, mean, var, 0.1, 1e-3).results[0]


def batch_norm_no_stats(x: Any, weight: Any = None, bias: Any = None) -> Any:
    return edge.batch_norm_no_stats(x, weight, bias, True, 0.1, 1e-5)


def layer_norm(*shape: int) -> Callable[..., Any]:
    return lambda x, weight=None, bias=None: edge.layer_norm(x, list(shape), weight, bias, 1e-5)


def group_norm(n: int, c: int, hw: int, group: int) -> Callable[..., Any]:
    return lambda x, weight=None, bias=None: edge.group_norm(x, weight, bias, n, c, hw, group, 1e-5)


def layer_norm_backward(x: Tensor, shape: list[int], *affine: Tensor, mask: tuple[bool, ...] = (True,) * 3) -> Case:
    weight, bias = affine or (None, None)
    _, mean, rstd = torch.ops.aten.native_layer_norm.default(x, shape, weight, bias, 1e-5)

    def build(g: Any, x: Any, mean: Any, rstd: Any, weight: Any = None, bias: Any = None) -> Any:
        results = edge.layer_norm_backward(g, x, shape, mean, rstd, weight, bias, list(mask)).results
        return [r for r, wanted in zip(results, mask, strict=True) if wanted]

    return case(build, draw(*x.shape, seed=3, dtype=x.dtype), x, mean, rstd, *affine)


def group_norm_backward(x: Tensor, groups: int, *weight: Tensor, mask: tuple[bool, ...] = (True,) * 3) -> Case:
    n, c = x.shape[:2]
    hw = x.numel() // (n * c)
    first = weight[0] if weight else None
    _, mean, rstd = torch.ops.aten.native_group_norm.default(x, first, None, n, c, hw, groups, 1e-5)

    def build(g: Any, x: Any, mean: Any, rstd: Any, weight: Any = None) -> Any:
        results = edge.group_norm_backward(g, x, mean, rstd, weight, n, c, hw, groups, list(mask)).results
        return [r for r, wanted in zip(results, mask, strict=True) if wanted]

    return case(build, draw(*x.shape, seed=3, dtype=x.dtype), x, mean, rstd, *weight)


STATISTICS = (draw(3), draw(3).abs() + 0.1)

CASES = {
    "batch_norm": case(batch_norm, draw(2, 3, 4, 5), *STATISTICS, draw(3, seed=1), draw(3, seed=2)),
    "batch_norm_bare": case(batch_norm, draw(2, 3, 4, 5), *STATISTICS),
    "batch_norm_vectors": case(batch_norm, draw(4, 3), *STATISTICS, draw(3, seed=1), draw(3, seed=2)),
    "batch_norm_half": case(batch_norm, draw(2, 3, 5, dtype=HALF), *(s.to(HALF) for s in STATISTICS)),
    "batch_norm_double": case(batch_norm, draw(2, 3, 5, dtype=DOUBLE), *(s.to(DOUBLE) for s in STATISTICS)),
    "batch_norm_dynamic": case(batch_norm, draw(2, 3, 4, 5), *STATISTICS, n=(0, 0), h=(0, 2)),
    "batch_norm_no_stats": case(batch_norm_no_stats, draw(2, 3, 4, 5), draw(3, seed=1), draw(3, seed=2)),
    "batch_norm_no_stats_bare": case(batch_norm_no_stats, draw(4, 3)),
    "batch_norm_no_stats_dynamic": case(batch_norm_no_stats, draw(2, 3, 4, 5), n=(0, 0), h=(0, 2)),
    "layer_norm": case(layer_norm(5), draw(2, 3, 5), draw(5, seed=1), draw(5, seed=2)),
    "layer_norm_of_two": case(layer_norm(3, 5), draw(2, 3, 5), draw(3, 5, seed=1), draw(3, 5, seed=2)),
    "layer_norm_of_all": case(layer_norm(3, 5), draw(3, 5) * 100 + 1000),
    "layer_norm_weight": case(layer_norm(5), draw(3, 5), draw(5, seed=1)),
    "layer_norm_half": case(
        parts((0,), layer_norm(8)), draw(3, 8, dtype=HALF), draw(8, dtype=HALF), draw(8, dtype=HALF)
    ),
    "layer_norm_dynamic": case(layer_norm(5), draw(2, 3, 5), draw(5, seed=1), draw(5, seed=2), n=(0, 0), m=(0, 1)),
    "group_norm": case(group_norm(2, 6, 20, 3), draw(2, 6, 4, 5), draw(6, seed=1), draw(6, seed=2)),
    "group_norm_bare": case(group_norm(2, 6, 1, 2), draw(2, 6)),
    "group_norm_one": case(group_norm(2, 6, 7, 1), draw(2, 6, 7), draw(6, seed=1)),
    "group_norm_instances": case(group_norm(2, 6, 7, 6), draw(2, 6, 7), draw(6, seed=1), draw(6, seed=2)),
    "layer_norm_backward": layer_norm_backward(draw(4, 6), [6], draw(6, seed=1), draw(6, seed=2)),
    "layer_norm_backward_of_two": layer_norm_backward(draw(4, 2, 3), [2, 3], draw(2, 3, seed=1), draw(2, 3, seed=2)),
    "layer_norm_backward_bare": layer_norm_backward(draw(4, 6), [6], mask=(True, False, False)),
    "layer_norm_backward_of_weights": layer_norm_backward(
        draw(4, 6), [6], draw(6, seed=1), draw(6, seed=2), mask=(False, True, True)
    ),
    "group_norm_backward": group_norm_backward(draw(2, 6, 4, 3), 3, draw(6, seed=1)),
    "group_norm_backward_bare": group_norm_backward(draw(2, 6, 5), 2, mask=(True, False, False)),
    "softmax": case(lambda x: edge.softmax(x, -1, False), draw(3, 5)),
    "softmax_middle": case(lambda x: edge.softmax(x, 1, False), draw(2, 5, 3) * 50),
    "softmax_number": case(lambda x: edge.softmax(x, 0, False), torch.tensor(3.0)),
    "softmax_specials": case(lambda x: edge.softmax(x, 1, False), with_specials(draw(7, 4))),
    "softmax_masked": case(lambda x: edge.softmax(x, 1, False), torch.tensor([[-INF, 1.0, 2.0], [-INF, -INF, -INF]])),
    "softmax_half": case(lambda x: edge.softmax(x, 1, False), draw(3, 9, dtype=HALF)),
    "softmax_double": case(lambda x: edge.softmax(x, 1, False), draw(3, 9, dtype=DOUBLE)),
    "softmax_dynamic": case(lambda x: edge.softmax(x, 1, False), draw(3, 5), n=(0, 0), m=(0, 1)),
    "log_softmax": case(lambda x: edge.log_softmax(x, -1, False), draw(3, 5) * 30),
    "log_softmax_first": case(lambda x: edge.log_softmax(x, 0, False), draw(3, 5, 2)),
    "log_softmax_number": case(lambda x: edge.log_softmax(x, 0, False), torch.tensor(3.0)),
    "log_softmax_half": case(lambda x: edge.log_softmax(x, 1, False), draw(3, 9, dtype=HALF)),
    "log_softmax_dynamic": case(lambda x: edge.log_softmax(x, 1, False), draw(3, 5), n=(0, 0), m=(0, 1)),
    "dropout_in_evaluation": case(lambda x: edge.dropout(x, 0.5, False), draw(3, 5)),
    "dropout_of_nothing": case(lambda x: edge.dropout(x, 0.0, True), draw(3, 5)),
    "dropout_of_all": case(lambda x: edge.dropout(x, 1.0, True), draw(3, 5)),
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


def test_random_dropout_is_refused() -> None:
    with pytest.raises(EtcError, match="random numbers have no C implementation"):
        to_loops(module_of({"dropout": case(lambda x: edge.dropout(x, 0.5, True), draw(3, 5))}))


def test_every_operator_has_a_case() -> None:
    assert_all_covered(normalization.OPS, CASES)
