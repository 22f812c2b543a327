"""Views of tensors, parts of them, and tensors made of parts, in C."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from c_cases import HALVES, Cases, assert_all_covered, numbers
from c_harness import CPrograms, case, module_of, resized, to_loops

from etc.dialects import edge, symbolic
from etc.dialects.edge import shape, slicing
from etc.errors import EtcError

COMPLEX = (edge.ViewAsRealCopyOp, edge.ViewAsComplexCopyOp)
CASES = Cases()
N, M = symbolic.symbol("n"), symbolic.symbol("m")
X = numbers(2, 3, 4)
BYTES, TRUTHS = (X * 40).to(torch.uint8), X > 0

# Views

CASES.add("view", partial(edge.view_copy, size=[6, -1]), X)
CASES.add("view_dynamic", partial(edge.view_copy, size=[N * 3, 4]), X, n=(0, 0))
CASES.add("view_to_scalar", partial(edge.view_copy, size=[]), numbers(1, 1))
CASES.add("view_of_computed", lambda x: edge.neg(edge.view_copy(edge.exp(x), size=[4, 6])), X)
CASES.add("alias", edge.alias_copy, X)
CASES.add("squeeze", partial(edge.squeeze_copy, dim=[0, 2]), numbers(1, 3, 1))
CASES.add("unsqueeze", partial(edge.unsqueeze_copy, dim=-1), X)
CASES.add("unsqueeze_dynamic", partial(edge.unsqueeze_copy, dim=1), X, n=(0, 2))
for x in (X, *(X.to(dtype) for dtype in HALVES), BYTES, TRUTHS):
    CASES.add(f"permute_{x.dtype}", partial(edge.permute_copy, dims=[2, 0, 1]), x)
CASES.add("permute_negative", partial(edge.permute_copy, dims=[-1, 0, -2]), X)
CASES.add("permute_of_ones", partial(edge.permute_copy, dims=[2, 0, 3, 1]), numbers(1, 3, 1, 4))
CASES.add("permute_dynamic", partial(edge.permute_copy, dims=[1, 2, 0]), X, n=(0, 0), m=(0, 2))
CASES.add("expand", partial(edge.expand_copy, size=[2, -1, 4]), numbers(3, 1))
CASES.add("expand_nothing", partial(edge.expand_copy, size=[1, 3, -1]), numbers(3, 4))
CASES.add("expand_dynamic", lambda x, y: edge.expand_copy(x, size=[N, 4]), numbers(1, 4), numbers(3), n=(1, 0))
CASES.add("as_strided", partial(edge.as_strided_copy, size=[3, 2], stride=[4, 1], storage_offset=2), X)
CASES.add("as_strided_overlapping", partial(edge.as_strided_copy, size=[3, 4], stride=[2, 3]), X)
STEEP = partial(edge.as_strided_copy, size=[N], stride=[M + 1], storage_offset=0)
CASES.add("as_strided_dynamic", STEEP, numbers(3, 4), n=(0, 0), m=(0, 1))
for offset in (-1, 0, 1, 2):
    CASES.add(f"diagonal_{offset}", partial(edge.diagonal_copy, offset=offset), numbers(3, 4))
CASES.add("diagonal_of_three", partial(edge.diagonal_copy, offset=-1, dim1=2, dim2=0), X)
CASES.add("diagonal_dynamic", partial(edge.diagonal_copy, offset=1, dim1=0, dim2=1), numbers(3, 4), n=(0, 0), m=(0, 1))
CASES.add("unfold", partial(edge.unfold_copy, dimension=1, size=3, step=2), numbers(2, 8, 3))
CASES.add("unfold_dynamic", partial(edge.unfold_copy, dimension=-1, size=2, step=1), numbers(3, 5), n=(0, 0))
CASES.add("unfold_scalar", partial(edge.unfold_copy, dimension=0, size=1, step=1), torch.tensor(2.5))
CASES.add("pixel_shuffle", partial(edge.pixel_shuffle, upscale_factor=2), numbers(2, 8, 2, 3))
CASES.add("pixel_shuffle_flat", partial(edge.pixel_shuffle, upscale_factor=3), numbers(9, 2, 2))
CASES.add(
    "pixel_shuffle_dynamic", partial(edge.pixel_shuffle, upscale_factor=2), numbers(1, 4, 2, 3), n=(0, 2), m=(0, 3)
)
CASES.add("pixel_unshuffle", partial(edge.pixel_unshuffle, downscale_factor=2), numbers(2, 2, 4, 6))

# Parts

CASES.add("slice", partial(edge.slice_copy, dim=1, start=1, end=3, step=1), X)
CASES.add("slice_stepped", partial(edge.slice_copy, dim=-1, start=1, end=9, step=2), X)
CASES.add("slice_from_end", partial(edge.slice_copy, dim=2, start=-3, end=-1, step=1), X)
CASES.add("slice_beyond", partial(edge.slice_copy, dim=0, start=-9, end=99, step=1), X)
CASES.add("slice_nothing", partial(edge.slice_copy, dim=0, start=2, end=1, step=1), X)
CASES.add("slice_dynamic", partial(edge.slice_copy, dim=0, start=1, end=None, step=2), numbers(6, 3), n=(0, 0))
CASES.add("slice_dynamic_end", partial(edge.slice_copy, dim=0, start=-2, end=None, step=1), numbers(6, 3), n=(0, 0))
CASES.add("slice_then_view", lambda x: edge.view_copy(edge.slice_copy(x, dim=2, start=1, end=3, step=1), size=[12]), X)
CASES.add("slice_uint8", partial(edge.slice_copy, dim=0, start=1, end=2, step=1), BYTES)
for dim in (0, 1, -1):
    CASES.add(f"select_{dim}", partial(edge.select_copy, dim=dim, index=1), X)
CASES.add("select_last", partial(edge.select_copy, dim=2, index=-1), X)
CASES.add("select_dynamic", partial(edge.select_copy, dim=1, index=-1), X, n=(0, 1))
CASES.add("select_at_size", lambda x, y: edge.select_copy(x, dim=1, index=N - 1), X, numbers(2), n=(1, 0))
CASES.add("select_first_of_one", partial(edge.select_copy, dim=0, index=0), torch.tensor([3, 4, 5]))
CASES.add("split", partial(edge.split_with_sizes_copy, split_sizes=[1, 0, 3], dim=-1), X)
CASES.add("unbind", partial(edge.unbind_copy, dim=1), X)

# Joins


def together(join: Callable[..., Any], dim: int) -> Callable[..., Any]:
    return lambda *tensors: join(list(tensors), dim=dim)


CASES.add("cat", together(edge.cat, 1), numbers(2, 3), numbers(2, 1), numbers(2, 2))
CASES.add("cat_first", together(edge.cat, -2), numbers(2, 3), numbers(1, 3))
CASES.add("cat_empty", together(edge.cat, 1), torch.empty(0), numbers(2, 3))
CASES.add("cat_of_computed", lambda x, y: edge.cat([edge.exp(x), edge.relu(y)], dim=0), numbers(2, 3), numbers(4, 3))
CASES.add("cat_twice", lambda x: edge.cat([x, x], dim=0), X)
CASES.add("cat_dynamic", together(edge.cat, 0), numbers(2, 3), numbers(4, 3), n=(0, 0), m=(1, 0))
CASES.add("cat_uint8", together(edge.cat, 2), BYTES, BYTES)
CASES.add("stack", together(edge.stack, 1), numbers(2, 3), numbers(2, 3, low=-1))
CASES.add("stack_last", together(edge.stack, -1), TRUTHS[0], TRUTHS[1])
CASES.add("stack_scalars", together(edge.stack, 0), torch.tensor(1), torch.tensor(2))
CASES.add("stack_dynamic", lambda x, y: edge.stack([x, edge.neg(x)], dim=0), numbers(2, 3), numbers(1), n=(0, 0))
CASES.add("repeat", partial(edge.repeat, repeats=[2, 3]), numbers(2, 3))
CASES.add("repeat_more_dims", partial(edge.repeat, repeats=[2, 1, 2]), X[0].half())
CASES.add("repeat_nothing", partial(edge.repeat, repeats=[0, 2]), numbers(2, 3))
CASES.add("repeat_dynamic", partial(edge.repeat, repeats=[N, 2]), numbers(2, 3), n=(0, 0))
CASES.add("flip", partial(edge.flip, dims=[0, -1]), X)
CASES.add("flip_nothing", partial(edge.flip, dims=[]), X)
CASES.add("flip_scalar", partial(edge.flip, dims=[0]), torch.tensor(3))
CASES.add("flip_dynamic", partial(edge.flip, dims=[0, 2]), X, n=(0, 0))
CASES.add("roll", partial(edge.roll, shifts=[1, -5], dims=[0, 2]), X)
CASES.add("roll_flat", partial(edge.roll, shifts=[5], dims=[]), X)
CASES.add("roll_nothing", partial(edge.roll, shifts=[4], dims=[2]), X)
CASES.add("roll_dynamic", partial(edge.roll, shifts=[1], dims=[0]), numbers(5, 2), n=(0, 0))


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
    assert_all_covered([*shape.OPS, *slicing.OPS], CASES, COMPLEX)


@pytest.mark.parametrize("build", [edge.view_as_real_copy, edge.view_as_complex_copy])
def test_complex_numbers_are_refused(build: Callable[..., Any]) -> None:
    x = numbers(3, 2) if build is edge.view_as_complex_copy else torch.ones(3, dtype=torch.complex64)
    with pytest.raises(EtcError, match="complex numbers have no C implementation"):
        to_loops(module_of({"f": case(build, x)}))
