"""Reading and writing at computed positions, masks and embeddings in C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from c_cases import NAN, assert_all_covered, draw, integers
from c_harness import Case, CPrograms, case, module_of, resized, to_loops
from torch import Tensor

from etc.dialects import edge
from etc.dialects.edge import indexing
from etc.errors import EtcError

HALF = torch.float16
ROWS = torch.tensor([2, 0, -1, 1])
MASK = torch.tensor([[True, False, True], [False, False, True]])
REPEATED = torch.tensor([0, 2, 0, 1, 0])


def at(*holes: int) -> Callable[..., Any]:
    """self[indices] with whole dimensions at the places `holes`."""

    def build(x: Any, *given: Any) -> Any:
        left = iter(given)
        return edge.index(x, [None if i in holes else next(left) for i in range(len(given) + len(holes))])

    return build


def put(*holes: int, accumulate: bool = False) -> Callable[..., Any]:
    """`self` with self[indices] replaced by the last operand."""

    def build(x: Any, *given: Any) -> Any:
        left = iter(given[:-1])
        indices = [None if i in holes else next(left) for i in range(len(given) - 1 + len(holes))]
        return edge.index_put(x, indices, given[-1], accumulate)

    return build


def along(operator: Callable[..., Any], dim: int, *arguments: Any) -> Callable[..., Any]:
    return lambda x, index, *rest: operator(x, dim, index, *rest, *arguments)


def points(*shape: int, of: int, seed: int = 0) -> Tensor:
    return integers(*shape, low=0, high=of, seed=seed)


def permuted(*shape: int, of: int) -> Tensor:
    """Positions below `of` that do not repeat along the first dimension."""
    lines = [torch.randperm(of, generator=torch.Generator().manual_seed(i))[: shape[0]] for i in range(shape[1])]
    return torch.stack(lines, 1)


def reduce_at(kind: str, include: bool, x: Tensor, src: Tensor) -> Case:
    index = points(*src.shape, of=x.shape[0])
    return case(lambda x, i, s: edge.scatter_reduce(x, 0, i, s, kind, include_self=include), x, index, src)


def bag(mode: int, *, last: bool = False, padding: int = -1, factors: bool = False) -> Callable[..., Any]:
    def build(weight: Any, indices: Any, offsets: Any, *rest: Any) -> Any:
        return edge.embedding_bag(
            weight, indices, offsets, False, mode, False, rest[0] if factors else None, last, padding
        )

    return build


BAG = (draw(6, 3), torch.tensor([1, 2, 4, 5, 4, 3, 2, 3]), torch.tensor([0, 3, 3, 5]))
ENDED_BAG = (*BAG[:2], torch.tensor([0, 3, 3, 8]))

CASES = {
    "index": case(at(), draw(4, 5), ROWS),
    "index_two": case(at(), draw(4, 5), ROWS, torch.tensor([4, 0, -5, 2])),
    "index_broadcasts": case(at(), draw(4, 5), ROWS[:, None], torch.tensor([4, 0])),
    "index_last": case(at(0), draw(3, 4), ROWS),
    "index_apart": case(at(1), draw(4, 2, 5), ROWS, torch.tensor([4, 0, -5, 2])),
    "index_adjacent": case(at(0), draw(2, 4, 5, 3), ROWS[:, None], torch.tensor([[4, 0]])),
    "index_number": case(at(), draw(4, 5), torch.tensor(-2)),
    "index_int32": case(at(), integers(4, 5), ROWS.to(torch.int32)),
    "index_dynamic": case(at(), draw(4, 5), ROWS, n=(1, 0), m=(0, 1)),
    "index_mask": case(at(), draw(2, 3), MASK, u=6),
    "index_mask_of_rows": case(at(), draw(3, 4), torch.tensor([True, False, True]), u=3),
    "index_mask_behind": case(at(0), draw(4, 2, 3, 2), MASK, u=6),
    "index_mask_of_none": case(at(), draw(2, 3), torch.zeros(2, 3, dtype=torch.bool), u=6),
    "index_mask_and_number": case(at(), draw(2, 3, 4), MASK, torch.tensor([1]), u=6),
    "index_mask_of_bytes": case(at(), draw(2, 3), MASK.to(torch.uint8), u=6),
    "index_put": case(put(), draw(4, 5), ROWS, draw(4, 5, seed=1)),
    "index_put_broadcasts": case(put(), draw(4, 5), ROWS, draw(5, seed=1)),
    "index_put_number": case(put(), draw(4, 5), ROWS[:2], torch.tensor(7.0)),
    "index_put_column": case(put(0), draw(3, 4), ROWS, draw(3, 4, seed=1)),
    "index_put_apart": case(put(1), draw(4, 2, 5), ROWS, torch.tensor([4, 0, 1, 2]), draw(4, 2, seed=1)),
    "index_put_adds": case(put(accumulate=True), draw(4, 5), REPEATED, draw(5, 5, seed=1)),
    "index_put_adds_integers": case(put(accumulate=True), integers(4), REPEATED, integers(5)),
    "index_put_adds_bools": case(
        put(accumulate=True),
        torch.tensor([True, False, False]),
        REPEATED,
        torch.tensor([True, False, True, False, True]),
    ),
    "index_put_mask": case(put(), draw(2, 3), MASK, torch.tensor(7.0)),
    "index_put_mask_values": case(put(), draw(2, 3), MASK, draw(3, seed=1)),
    "index_put_mask_of_rows": case(put(), draw(3, 4), torch.tensor([True, False, True]), draw(2, 4, seed=1)),
    "index_put_mask_adds": case(put(accumulate=True), draw(2, 3), MASK, draw(3, seed=1)),
    "index_put_dynamic": case(put(), draw(4, 5), ROWS, draw(5, seed=1), n=(1, 0), m=(0, 0)),
    "index_select": case(along(edge.index_select, 1), draw(3, 4, 5), torch.tensor([3, 0, 0])),
    "index_select_number": case(along(edge.index_select, -1), draw(3, 4), torch.tensor(2)),
    "index_select_of_number": case(along(edge.index_select, 0), torch.tensor(3.0), torch.tensor([0])),
    "index_select_int32": case(along(edge.index_select, 0), draw(3, 4), torch.tensor([2, 0], dtype=torch.int32)),
    "index_select_dynamic": case(along(edge.index_select, 0), draw(3, 4), torch.tensor([2, 0]), n=(1, 0), m=(0, 1)),
    "gather": case(along(edge.gather, 0), draw(4, 5), points(3, 5, of=4)),
    "gather_smaller": case(along(edge.gather, 1), draw(4, 5), points(2, 7, of=5)),
    "gather_number": case(along(edge.gather, 0), torch.tensor(3.0), torch.tensor([0, 0])),
    "gather_dynamic": case(along(edge.gather, 1), draw(4, 5), points(2, 7, of=5), n=(1, 1), m=(0, 0)),
    "scatter": case(along(edge.scatter, 0), draw(4, 5), permuted(3, 5, of=4), draw(3, 5, seed=1)),
    "scatter_smaller": case(
        along(edge.scatter, 1), draw(4, 5), permuted(3, 4, of=5).T.contiguous(), draw(4, 9, seed=1)
    ),
    "scatter_bool": case(
        along(edge.scatter, 0),
        torch.zeros(4, 2, dtype=torch.bool),
        permuted(2, 2, of=4),
        torch.ones(2, 2, dtype=torch.bool),
    ),
    "scatter_dynamic": case(along(edge.scatter, 0), draw(4, 5), permuted(3, 5, of=3), draw(3, 5, seed=1), n=(0, 0)),
    "scatter_value": case(along(edge.scatter_value, 0, 7), draw(4, 5), points(3, 5, of=4)),
    "scatter_value_bool": case(
        along(edge.scatter_value, 0, True), torch.zeros(4, 5, dtype=torch.bool), points(1, 5, of=4)
    ),
    "scatter_value_number": case(along(edge.scatter_value, 0, 2.5), torch.tensor(3.0), torch.tensor(0)),
    "scatter_add": case(along(edge.scatter_add, 0), draw(4, 5), points(9, 5, of=4), draw(9, 5, seed=1)),
    "scatter_add_half": case(
        along(edge.scatter_add, 0), integers(4, 5).to(HALF), points(9, 5, of=4), integers(9, 5).to(HALF)
    ),
    "scatter_add_integers": case(along(edge.scatter_add, 1), integers(4, 5), points(4, 9, of=5), integers(4, 9)),
    **{
        f"scatter_reduce_{kind}{'' if include else '_alone'}": reduce_at(kind, include, draw(4, 5), draw(9, 5, seed=1))
        for kind in ("sum", "prod", "mean", "amax", "amin")
        for include in (True, False)
    },
    "scatter_reduce_untouched": reduce_at("mean", False, draw(9, 2), draw(3, 2, seed=1)),
    "scatter_reduce_integers": reduce_at("mean", True, integers(4, 5), integers(9, 5)),
    "scatter_reduce_nan": reduce_at("amax", True, draw(4, 2), torch.tensor([[NAN, 1.0], [2.0, NAN]])),
    "select_scatter": case(lambda x, s: edge.select_scatter(x, s, 1, 2), draw(3, 4, 5), draw(3, 5, seed=1)),
    "select_scatter_from_end": case(lambda x, s: edge.select_scatter(x, s, -1, -2), draw(3, 4), draw(3, seed=1)),
    "select_scatter_dynamic": case(
        lambda x, s: edge.select_scatter(x, s, 1, -1), draw(3, 4), draw(3, seed=1), n=(0, 1)
    ),
    "slice_scatter": case(lambda x, s: edge.slice_scatter(x, s, 1, 1, 4, 2), draw(3, 5), draw(3, 2, seed=1)),
    "slice_scatter_open": case(lambda x, s: edge.slice_scatter(x, s, 0, -2, None, 1), draw(3, 5), draw(2, 5, seed=1)),
    "slice_scatter_over_end": case(lambda x, s: edge.slice_scatter(x, s, 0, 1, 100, 1), draw(3, 5), draw(2, 5, seed=1)),
    "slice_scatter_dynamic": case(
        lambda x, s: edge.slice_scatter(x, s, 1, 1, 3, 1), draw(3, 5), draw(3, 2, seed=1)
    )._replace(symbols={(0, 0): "n", (1, 0): "n"}),
    "masked_scatter": case(edge.masked_scatter, draw(2, 3), MASK, draw(4, seed=1)),
    "masked_scatter_broadcasts": case(edge.masked_scatter, draw(2, 3), MASK[1], draw(2, 2, seed=1)),
    "masked_scatter_grows": case(edge.masked_scatter, draw(3), MASK, draw(4, seed=1)),
    "masked_scatter_dynamic": case(edge.masked_scatter, draw(2, 3), MASK[1], draw(2, 2, seed=1), n=(0, 0)),
    "masked_select": case(edge.masked_select, draw(2, 3), MASK, u=6),
    "masked_select_broadcasts": case(edge.masked_select, draw(4, 1, 3), MASK, u=24),
    "masked_select_all": case(edge.masked_select, draw(2, 3), torch.ones(2, 3, dtype=torch.bool), u=6),
    "masked_select_dynamic": case(edge.masked_select, draw(2, 5), draw(5, seed=1) > 0, n=(0, 0), u=25),
    "nonzero": case(edge.nonzero, integers(3, 4, low=0, high=2), u=12),
    "nonzero_of_floats": case(edge.nonzero, torch.tensor([0.0, NAN, -0.0, 1.0]), u=4),
    "nonzero_none": case(edge.nonzero, torch.zeros(3), u=3),
    "nonzero_number": case(edge.nonzero, torch.tensor(3.0), u=1),
    "nonzero_dynamic": case(edge.nonzero, MASK, n=(0, 0), u=15),
    "repeat_interleave": case(edge.repeat_interleave, torch.tensor([2, 0, 3, 1]), u=9),
    "repeat_interleave_known": case(
        lambda r: edge.repeat_interleave(r, output_size=6), torch.tensor([2, 0, 3, 1], dtype=torch.int32)
    ),
    "embedding": case(lambda w, i: edge.embedding(w, i), draw(6, 3), points(2, 4, of=6)),
    "embedding_number": case(lambda w, i: edge.embedding(w, i), draw(6, 3), torch.tensor(4)),
    "embedding_dynamic": case(lambda w, i: edge.embedding(w, i), draw(6, 3), points(2, 4, of=6), n=(1, 0), m=(1, 1)),
    "embedding_backward": case(
        lambda g, i: edge.embedding_dense_backward(g, i, 6, -1, False), draw(9, 3), points(9, of=6)
    ),
    "embedding_backward_padded": case(
        lambda g, i: edge.embedding_dense_backward(g, i, 6, 2, False), draw(3, 3, 2), points(3, 3, of=6)
    ),
    "embedding_backward_scaled": case(
        lambda g, i: edge.embedding_dense_backward(g, i, 6, -1, True), draw(9, 3), points(9, of=6)
    ),
    **{
        f"bag_{name}{kind}": case(function, *tables)
        for mode, name in enumerate(("sum", "mean", "max"))
        for kind, function, tables in (
            ("", bag(mode), BAG),
            ("_ended", bag(mode, last=True), ENDED_BAG),
            ("_padded", bag(mode, padding=4), BAG),
            ("_double", bag(mode), (BAG[0].double(), *BAG[1:])),
        )
    },
    "bag_weighted": case(bag(0, factors=True), *BAG, draw(8, seed=1)),
    "bag_dynamic": case(bag(1), *BAG, n=(1, 0)),
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


def test_positions_are_checked(programs: CPrograms) -> None:
    for name, index in {
        "index": 4,
        "index_put": -5,
        "gather": 4,
        "scatter_add": -1,
        "embedding": 6,
        "bag_sum": 6,
    }.items():
        inputs = list(CASES[name].inputs)
        inputs[1] = inputs[1].clone()
        inputs[1].flatten()[-1] = index
        with pytest.raises(EtcError, match="index is out of range"):
            programs.call(name, inputs)


def test_several_masks_are_refused() -> None:
    masks = case(at(), draw(2, 3), torch.tensor([True, False]), torch.tensor([True, False, True]), u=6)
    with pytest.raises(EtcError, match="several masks index one tensor"):
        to_loops(module_of({"masks": masks}))


def test_every_operator_has_a_case() -> None:
    assert_all_covered(indexing.OPS, CASES)
