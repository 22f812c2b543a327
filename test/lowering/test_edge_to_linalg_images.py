"""Borders, images of another size, and samples at computed positions, in C."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import pytest
import torch
from c_cases import HALVES, Cases, assert_all_covered, numbers
from c_harness import CPrograms, case, module_of, resized, to_loops
from xdsl.ir import SSAValue

from etc.dialects import edge, symbolic
from etc.dialects.edge import padding, resampling
from etc.errors import EtcError

N = symbolic.symbol("n")
X, IMAGE, VOLUME = numbers(2, 3, 4), numbers(2, 3, 5, 4), numbers(1, 2, 3, 4, 3)
BYTES = (IMAGE * 40).to(torch.uint8)
CASES = Cases()

# Borders

padded = edge.constant_pad_nd
CASES.add("pad", partial(padded, pad=[1, 2, 0, 1], value=2.5), X)
for dtype in (*HALVES, torch.int32, torch.bool):
    CASES.add(f"pad_{dtype}", partial(padded, pad=[1, 2, 2, 0], value=1), X.to(dtype))
CASES.add("pad_cut", partial(padded, pad=[-1, 2, 1, -1], value=0.5), X)
CASES.add("pad_all_cut", partial(padded, pad=[-3, 2], value=0.5), numbers(2, 3))
CASES.add("pad_dynamic", partial(padded, pad=[1, 1, 2, 0]), X, n=(0, 1))
CASES.add("pad_dynamic_cut", partial(padded, pad=[1, 1, -2, 0]), X, n=(0, 1))
CASES.add("pad_dynamic_amount", lambda x, y: padded(x, pad=[N, 1]), X, numbers(2), n=(1, 0))
PADS: dict[str, tuple[Any, Any, Any]] = {
    "reflection": (edge.reflection_pad1d, edge.reflection_pad2d, edge.reflection_pad3d),
    "replication": (edge.replication_pad1d, edge.replication_pad2d, edge.replication_pad3d),
}
for name, (line, plane, space) in PADS.items():
    CASES.add(f"{name}_1d", partial(line, padding=[2, 1]), X)
    CASES.add(f"{name}_2d", partial(plane, padding=[1, 2, 3, 0]), IMAGE)
    CASES.add(f"{name}_2d_cut", partial(plane, padding=[-1, 2, 1, -2]), IMAGE)
    CASES.add(f"{name}_2d_dynamic", partial(plane, padding=[1, 2, 1, 0]), IMAGE, n=(0, 2), m=(0, 0))
    CASES.add(f"{name}_3d", partial(space, padding=[1, 1, 0, 2, 1, 0]), VOLUME)
CASES.add("replication_wide", partial(edge.replication_pad1d, padding=[6, 7]), X.half())

# Other sizes

nearest, bilinear, antialiased = edge.upsample_nearest2d, edge.upsample_bilinear2d, edge.upsample_bilinear2d_aa
SIZES = {"larger": [10, 12], "smaller": [2, 3], "same": [5, 4], "mixed": [7, 2], "one": [1, 1]}
FACTORS = {"double": [2.0, 2.0], "odd": [1.7, 0.6], "little": [1.1, 1.2]}
CORNERS = {"edges": False, "corners": True}
for name, size in SIZES.items():
    CASES.add(f"nearest_{name}", partial(nearest, output_size=size), IMAGE)
    for kept, align in CORNERS.items():
        CASES.add(f"bilinear_{name}_{kept}", partial(bilinear, output_size=size, align_corners=align), IMAGE)
        CASES.add(f"antialiased_{name}_{kept}", partial(antialiased, output_size=size, align_corners=align), IMAGE)
for name, factors in FACTORS.items():
    CASES.add(f"nearest_by_{name}", partial(nearest, scale_factors=factors), IMAGE)
    for kept, align in CORNERS.items():
        CASES.add(f"bilinear_by_{name}_{kept}", partial(bilinear, align_corners=align, scale_factors=factors), IMAGE)
CASES.add("nearest_uint8", partial(nearest, output_size=[4, 9]), BYTES)
CASES.add("nearest_47", partial(nearest, output_size=[47, 41]), torch.arange(4.0).reshape(1, 1, 2, 2)[:, :, :1])
CASES.add("nearest_82", partial(nearest, output_size=[82, 94]), torch.arange(4.0).reshape(1, 1, 2, 2))
CASES.add("nearest_dynamic", partial(nearest, scale_factors=[2.0, 2.0]), IMAGE, n=(0, 2), m=(0, 3))
CASES.add("nearest_dynamic_to_size", partial(nearest, output_size=[8, 8]), IMAGE, n=(0, 2), m=(0, 0))
for dtype in (*HALVES, torch.float64):
    CASES.add(f"bilinear_{dtype}", partial(bilinear, output_size=[7, 9], align_corners=False), IMAGE.to(dtype))
by_factors = partial(bilinear, align_corners=False, scale_factors=[2.0, 1.5])
CASES.add("bilinear_dynamic", by_factors, IMAGE, n=(0, 2), m=(0, 3))
to_size = partial(bilinear, output_size=[8, 8], align_corners=True)
CASES.add("bilinear_dynamic_to_size", to_size, IMAGE, n=(0, 2), m=(0, 0))
CASES.add("antialiased_float64", partial(antialiased, output_size=[2, 9], align_corners=False), IMAGE.double())
scaled = partial(antialiased, output_size=[2, 3], align_corners=False, scales_h=0.45, scales_w=0.8)
CASES.add("antialiased_by_factors", scaled, IMAGE)
smaller = partial(antialiased, output_size=[2, 3], align_corners=False)
CASES.add("antialiased_dynamic", smaller, IMAGE, n=(0, 2), m=(0, 3))

# Computed positions

GRID = numbers(2, 3, 4, 2, low=-1.6, high=1.6)


def sampled(mode: int, outside: int, align: bool) -> partial[Any]:
    return partial(edge.grid_sampler_2d, interpolation_mode=mode, padding_mode=outside, align_corners=align)


for mode, outside, (kept, align) in product(range(3), range(3), CORNERS.items()):
    CASES.add(f"grid_{mode}_{outside}_{kept}", sampled(mode, outside, align), IMAGE, GRID)
CASES.add("grid_float64", sampled(2, 2, False), IMAGE.double(), GRID.double())
CASES.add("grid_dynamic", sampled(0, 2, False), IMAGE, GRID, n=(0, 2), m=(1, 1))


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
    assert_all_covered([*padding.OPS, *resampling.OPS], CASES)


@pytest.mark.parametrize("operator", [bilinear, antialiased])
def test_means_of_integers_are_refused(operator: Any) -> None:
    def build(x: SSAValue) -> Any:
        return operator(x, output_size=[3, 3], align_corners=False)

    with pytest.raises(EtcError, match="images of uint8 have no C implementation"):
        to_loops(module_of({"f": case(build, BYTES)}))
