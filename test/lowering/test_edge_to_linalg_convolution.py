"""Convolutions and their gradients in C."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from c_cases import assert_all_covered, draw, integers
from c_harness import Case, CPrograms, case, resized
from torch import Tensor

from etc.dialects import edge
from etc.dialects.edge import convolution

HALF, DOUBLE = torch.float16, torch.float64


def conv(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: list[int] | None = None,
    padding: list[int] | None = None,
    dilation: list[int] | None = None,
    output_padding: list[int] | None = None,
    transposed: bool = False,
    groups: int = 1,
    **symbols: tuple[int, int],
) -> Case:
    def build(x: Any, w: Any, bias: Any = None) -> Any:
        return edge.conv(
            x, w, bias, stride or [1], padding or [0], dilation or [1], transposed, output_padding or [0], groups
        )

    return case(build, x, weight, *([] if bias is None else [bias]), **symbols)


def transposed(x: Tensor, weight: Tensor, bias: Tensor | None = None, **numbers: Any) -> Case:
    return conv(x, weight, bias, transposed=True, **numbers)


def backward(x: Tensor, weight: Tensor, *, mask: tuple[bool, bool, bool] = (True, True, True), **numbers: Any) -> Case:
    """The gradients that `mask` wants, for a gradient of ones to nines."""
    of = {
        "stride": [1],
        "padding": [0],
        "dilation": [1],
        "output_padding": [0],
        "groups": 1,
        "transposed": False,
    } | numbers
    per_dim = {n: v * (weight.dim() - 2) if isinstance(v, list) and len(v) == 1 else v for n, v in of.items()}
    y = torch.ops.aten.convolution.default(
        x,
        weight,
        None,
        *(per_dim[n] for n in ("stride", "padding", "dilation", "transposed", "output_padding", "groups")),
    )
    channels = weight.shape[1] * of["groups"] if of["transposed"] else weight.shape[0]

    def build(g: Any, x: Any, w: Any) -> Any:
        results = edge.conv_backward(
            g,
            x,
            w,
            [channels],
            *(per_dim[n] for n in ("stride", "padding", "dilation", "transposed", "output_padding", "groups")),
            list(mask),
        ).results
        return [r for r, wanted in zip(results, mask, strict=True) if wanted]

    return case(build, draw(*y.shape, seed=7, dtype=y.dtype), x, weight)


CASES = {
    "plain": conv(draw(2, 3, 6, 7), draw(4, 3, 3, 3)),
    "bias": conv(draw(2, 3, 6, 7), draw(4, 3, 3, 3), draw(4)),
    "stride": conv(draw(1, 3, 8, 9), draw(4, 3, 3, 2), draw(4), stride=[2, 3]),
    "padding": conv(draw(1, 3, 5, 6), draw(4, 3, 3, 3), draw(4), padding=[1, 2]),
    "dilation": conv(draw(1, 3, 9, 9), draw(4, 3, 3, 3), draw(4), dilation=[2, 3]),
    "everything": conv(
        draw(2, 4, 11, 9), draw(6, 2, 3, 3), draw(6), stride=[2, 1], padding=[2, 1], dilation=[1, 2], groups=2
    ),
    "pointwise": conv(draw(2, 5, 4, 4), draw(7, 5, 1, 1), draw(7)),
    "one_channel": conv(draw(1, 1, 6, 6), draw(1, 1, 3, 3), draw(1)),
    "line": conv(draw(2, 3, 9), draw(4, 3, 3), draw(4), stride=[2], padding=[1]),
    "volume": conv(draw(1, 2, 5, 6, 5), draw(3, 2, 2, 3, 3), draw(3), padding=[1, 0, 1]),
    "groups": conv(draw(2, 6, 5, 5), draw(9, 2, 3, 3), draw(9), groups=3),
    "depthwise": conv(draw(2, 4, 6, 6), draw(4, 1, 3, 3), draw(4), padding=[1], groups=4),
    "depthwise_twice": conv(draw(2, 4, 6, 6), draw(8, 1, 3, 3), draw(8), groups=4),
    "depthwise_line": conv(draw(2, 4, 8), draw(4, 1, 3), stride=[2], groups=4),
    "half": conv(integers(1, 3, 6, 6, dtype=HALF), integers(4, 3, 3, 3, dtype=HALF), draw(4, dtype=HALF)),
    "brain": conv(draw(1, 3, 6, 6, dtype=torch.bfloat16), draw(4, 3, 3, 3, dtype=torch.bfloat16)),
    "double": conv(draw(1, 3, 6, 6, dtype=torch.float64), draw(4, 3, 3, 3, dtype=torch.float64)),
    "integers": conv(integers(1, 3, 6, 6), integers(4, 3, 3, 3), integers(4)),
    "batch": conv(draw(2, 3, 6, 6), draw(4, 3, 3, 3), draw(4), n=(0, 0)),
    "image": conv(draw(2, 3, 6, 7), draw(4, 3, 3, 3), draw(4), stride=[2], padding=[1], h=(0, 2), w=(0, 3)),
    "groups_and_image": conv(draw(1, 4, 6, 7), draw(4, 2, 3, 3), draw(4), groups=2, h=(0, 2)),
    "transposed": transposed(draw(2, 3, 4, 5), draw(3, 4, 3, 3)),
    "transposed_bias": transposed(draw(2, 3, 4, 5), draw(3, 4, 3, 3), draw(4), stride=[2, 3], padding=[1, 0]),
    "transposed_output_padding": transposed(
        draw(1, 3, 4, 4), draw(3, 2, 3, 3), draw(2), stride=[2], padding=[1], output_padding=[1]
    ),
    "transposed_dilation": transposed(draw(1, 3, 4, 4), draw(3, 2, 3, 3), stride=[2], dilation=[2], padding=[1]),
    "transposed_much_padding": transposed(draw(1, 3, 6, 6), draw(3, 2, 2, 2), padding=[2]),
    "transposed_cropped_steps": transposed(draw(1, 3, 6, 6), draw(3, 2, 2, 3), stride=[3], padding=[3]),
    "transposed_tiles": transposed(draw(2, 3, 4, 5), draw(3, 4, 2, 3), draw(4), stride=[2, 3]),
    "transposed_tiles_of_groups": transposed(draw(2, 4, 4, 5), draw(4, 3, 2, 2), draw(6), stride=[2], groups=2),
    "transposed_groups": transposed(draw(1, 4, 4, 4), draw(4, 3, 3, 3), draw(6), stride=[2], groups=2),
    "transposed_depthwise": transposed(draw(1, 4, 4, 4), draw(4, 1, 3, 3), draw(4), stride=[2], groups=4),
    "transposed_line": transposed(draw(2, 3, 5), draw(3, 4, 4), draw(4), stride=[2], padding=[1]),
    "transposed_volume": transposed(draw(1, 2, 3, 3, 4), draw(2, 3, 2, 3, 2), draw(3), stride=[2]),
    "transposed_image": transposed(
        draw(1, 3, 4, 5), draw(3, 4, 3, 3), draw(4), stride=[2], padding=[1], h=(0, 2), w=(0, 3)
    ),
    "transposed_tiles_of_images": transposed(
        draw(1, 3, 4, 5), draw(3, 4, 2, 2), draw(4), stride=[2], h=(0, 2), w=(0, 3)
    ),
    "transposed_half": transposed(integers(1, 3, 4, 4, dtype=HALF), integers(3, 2, 3, 3, dtype=HALF), stride=[2]),
    "backward": backward(draw(2, 3, 6, 6), draw(4, 3, 3, 3)),
    "backward_steps": backward(draw(2, 3, 8, 7), draw(4, 3, 3, 3), stride=[2, 3], padding=[1, 2], dilation=[2, 1]),
    "backward_groups": backward(draw(2, 4, 6, 6), draw(6, 2, 3, 3), padding=[1], groups=2),
    "backward_depthwise": backward(draw(2, 4, 6, 6), draw(4, 1, 3, 3), padding=[1], groups=4),
    "backward_line": backward(draw(2, 3, 9), draw(4, 3, 3), stride=[2]),
    "backward_volume": backward(draw(1, 2, 4, 4, 4, dtype=DOUBLE), draw(3, 2, 2, 2, 2, dtype=DOUBLE)),
    "backward_transposed": backward(
        draw(2, 3, 4, 4), draw(3, 4, 3, 3), stride=[2], padding=[1], output_padding=[1], transposed=True
    ),
    "backward_transposed_groups": backward(draw(1, 4, 4, 4), draw(4, 3, 3, 3), stride=[2], groups=2, transposed=True),
    "backward_of_input": backward(draw(2, 3, 6, 6), draw(4, 3, 3, 3), mask=(True, False, False)),
    "backward_of_weight": backward(draw(2, 3, 6, 6), draw(4, 3, 3, 3), mask=(False, True, False)),
    "backward_batch": backward(draw(2, 3, 6, 6), draw(4, 3, 3, 3))._replace(symbols={(0, 0): "n", (1, 0): "n"}),
    **{
        f"col2im_{name}": case(
            lambda x, numbers=numbers: edge.col2im(x, *numbers),
            torch.ops.aten.im2col.default(draw(2, 3, 6, 7), *numbers[1:]),
        )
        for name, numbers in {
            "plain": ([6, 7], [2, 3], [1, 1], [0, 0], [1, 1]),
            "steps": ([6, 7], [3, 2], [1, 2], [1, 1], [2, 3]),
            "apart": ([6, 7], [2, 2], [1, 1], [0, 0], [3, 3]),
        }.items()
    },
    "col2im_one_image": case(
        lambda x: edge.col2im(x, [6, 7], [2, 2], [1, 1], [0, 0], [2, 2]),
        torch.ops.aten.im2col.default(draw(3, 6, 7), [2, 2], [1, 1], [0, 0], [2, 2]),
    ),
    "col2im_double": case(
        lambda x: edge.col2im(x, [4, 4], [2, 2], [1, 1], [0, 0], [1, 1]), draw(1, 8, 9, dtype=torch.float64)
    ),
    "col2im_batch": case(lambda x: edge.col2im(x, [4, 4], [2, 2], [1, 1], [0, 0], [1, 1]), draw(2, 8, 9), n=(0, 0)),
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
    assert_all_covered(convolution.OPS, CASES)
