"""Programs drawn at random, as C: storage is shared, overwritten and cut in every way that bufferize knows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from c_harness import Case, CPrograms
from xdsl.ir import SSAValue

from etc.dialects import edge

N = 4
PROGRAMS = 40
Maker = Callable[[random.Random, Sequence[SSAValue]], Any]


def _halves(r: random.Random, values: Sequence[SSAValue]) -> Any:
    """Two halves side by side, one of them perhaps computed on the way."""
    dim = r.randrange(2)
    parts = [edge.slice_copy(r.choice(values), dim, s, s + 2, 1).result for s in (r.randrange(2), 2)]
    parts = [edge.exp(p).result if r.random() < 0.5 else p for p in parts]
    return edge.cat(parts, dim)


def _stacked(r: random.Random, values: Sequence[SSAValue]) -> Any:
    """Two vectors beside each other, perhaps not where their elements come to lie one after the other."""
    rows = [edge.tanh(edge.select_copy(r.choice(values), r.randrange(2), i).result).result for i in range(N)]
    return edge.stack(rows, r.randrange(2))


def _put(r: random.Random, values: Sequence[SSAValue]) -> Any:
    dim, start = r.randrange(2), r.randrange(3)
    part = edge.slice_copy(r.choice(values), dim, 1, 3, 1)
    return edge.slice_scatter(r.choice(values), part.result, dim, start, start + 2, 1)


def _reshaped(r: random.Random, values: Sequence[SSAValue]) -> Any:
    flat = edge.view_copy(r.choice(values), [N * N])
    return edge.view_copy(edge.flip(flat.result, [0]).result if r.random() < 0.5 else flat.result, [N, N])


def _differences(r: random.Random, values: Sequence[SSAValue]) -> Any:
    """Neighbours subtracted, twice: slices that overlap, of what nothing else needs."""
    dim = r.randrange(2)
    whole = edge.exp(r.choice(values)).result
    for size in (3, 2):
        ahead, behind = (edge.slice_copy(whole, dim, start, start + size, 1).result for start in (1, 0))
        whole = edge.sub(ahead, behind).result
    return edge.cat([whole, edge.slice_copy(r.choice(values), dim, 0, 2, 1).result], dim)


MAKERS: tuple[Maker, ...] = (
    lambda r, v: edge.tanh(r.choice(v)),
    lambda r, v: edge.add(r.choice(v), r.choice(v)),
    lambda r, v: edge.sub(r.choice(v), r.choice(v)),
    lambda r, v: edge.permute_copy(r.choice(v), [1, 0]),
    _differences,
    lambda r, v: edge.add(edge.permute_copy(x := r.choice(v), [1, 0]).result, x),
    lambda r, v: edge.mm(r.choice(v), r.choice(v)),
    lambda r, v: edge.tanh(edge.mm(r.choice(v), r.choice(v)).result),
    lambda r, v: edge.cumsum(r.choice(v), r.randrange(2)),
    lambda r, v: edge.softmax(r.choice(v), r.randrange(2), False),
    lambda r, v: edge.sub(x := r.choice(v), edge.amax(x, [r.randrange(2)], True).result),
    _halves,
    _stacked,
    _put,
    _reshaped,
)


def _program(seed: int) -> Case:
    def build(*inputs: SSAValue) -> list[Any]:
        r = random.Random(seed)
        values: list[SSAValue] = list(inputs)
        for _ in range(r.randint(3, 14)):
            values.append(r.choice(MAKERS)(r, values[-4:]).results[0])
        returned = [r.choice(values[2:]), values[-1], *([r.choice(values)] if r.random() < 0.3 else [])]
        return returned

    generator = torch.Generator().manual_seed(seed)
    return Case(build, [torch.randn(N, N, generator=generator) / 2 for _ in range(2)])


@pytest.fixture(scope="module")
def programs() -> CPrograms:
    return CPrograms({f"p{seed}": _program(seed) for seed in range(PROGRAMS)})


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_program(programs: CPrograms, seed: int) -> None:
    programs.check(f"p{seed}")
