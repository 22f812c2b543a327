"""conv-to-matmul preserves what is computed."""

from __future__ import annotations

from typing import Any

import pytest
from edge_graph import Graph, preserved
from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.transforms.conv_to_matmul import ConvToMatmulPass
from etc.transforms.fold_constants import FoldConstantsPass


def conv(g: Graph, x: SSAValue, weight: SSAValue, bias: bool, **options: Any) -> SSAValue:
    rank = len(weight.type.get_shape()) - 2  # pyright: ignore
    settings = {
        "stride": [1] * rank,
        "padding": [0] * rank,
        "dilation": [1] * rank,
        "transposed": False,
        "output_padding": [0] * rank,
        "groups": 1,
    }
    features = weight.type.get_shape()[0]  # pyright: ignore
    return g(edge.ConvOp, x, weight, g.weight(features) if bias else None, **(settings | options))


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("images", [1, 2])
@pytest.mark.parametrize("bias", [False, True])
def test_one_by_one(rank: int, stride: int, images: int, bias: bool):
    def build(g: Graph) -> SSAValue:
        x, weight = g.input(images, 3, *range(4, 4 + rank)), g.weight(5, 3, *[1] * rank)
        return conv(g, x, weight, bias, stride=[stride] * rank)

    counts = preserved(build, ConvToMatmulPass(), FoldConstantsPass())
    assert counts["conv"] == counts["expand_copy"] == 0
    assert counts["mm" if images == 1 else "bmm"] == 1


@pytest.mark.parametrize("shape", [(1, 3, 1, 1), (4, 3, 1, 1), (4, 3, 2, 5), (2, 3, 4)], ids=str)
def test_kernels_as_large_as_the_input(shape: tuple[int, ...]):
    def build(g: Graph) -> SSAValue:
        return conv(g, g.input(*shape), g.weight(5, *shape[1:]), True, stride=[7] * (len(shape) - 2))

    assert preserved(build, ConvToMatmulPass(), FoldConstantsPass()) == {"linear": 1, "view_copy": 2}


@pytest.mark.parametrize("stride", [1, 2])
def test_channels_from_the_last_dimension(stride: int):
    def build(g: Graph) -> SSAValue:
        x = g(edge.PermuteCopyOp, g.input(2, 5, 6, 3), [0, 3, 1, 2])
        return conv(g, x, g.weight(4, 3, 1, 1), True, stride=[stride, stride])

    counts = preserved(build, ConvToMatmulPass())
    assert (counts["linear"], counts["conv"], counts["permute_copy"]) == (1, 0, 1)


@pytest.mark.parametrize(
    "options",
    [{"padding": [1, 1]}, {"transposed": True}, {"transposed": True, "stride": [2, 2]}, {"groups": 3}],
    ids=str,
)
def test_what_is_no_product_stays(options: dict[str, Any]):
    def build(g: Graph) -> SSAValue:
        weight = g.weight(3, 1 if "groups" in options else 3, 1, 1)
        return conv(g, g.input(1, 3, 4, 4), weight, True, **options)

    assert preserved(build, ConvToMatmulPass()) == {"conv": 1}


def test_a_large_weight_is_not_repeated_for_several_images():
    def build(g: Graph) -> SSAValue:
        return conv(g, g.input(4, 256, 2, 2), g.weight(256, 256, 1, 1), False)

    assert preserved(build, ConvToMatmulPass()) == {"conv": 1}


def test_channels_last():
    def build(g: Graph) -> SSAValue:
        x = g(edge.CloneDimOrderOp, g.input(1, 3, 4, 4), dim_order=[0, 2, 3, 1])
        return conv(g, x, g.weight(5, 3, 1, 1), True)

    assert preserved(build, ConvToMatmulPass()) == {"clone_dim_order": 1, "conv": 1}
