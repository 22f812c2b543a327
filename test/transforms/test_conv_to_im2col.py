"""conv-to-im2col preserves what is computed, and stays within the memory that it is given."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from edge_graph import Graph, op_counts, preserved
from xdsl.context import Context
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from etc.dialects import edge, program
from etc.transforms.conv_to_im2col import ConvToIm2colPass
from etc.transforms.edge_memory import live_bytes
from etc.transforms.fold_constants import FoldConstantsPass
from etc.transforms.rewrite_log import recording

ROOM = 1000.0
"""A `max-peak` that allows everything."""


def conv(g: Graph, x: SSAValue, outputs: int, groups: int, kernel: tuple[int, ...], **options: Any) -> SSAValue:
    rank = len(kernel)
    inputs = program.Tensor.of(x.type).shape[1]
    settings: dict[str, Any] = {"stride": [1] * rank, "padding": [0] * rank, "dilation": [1] * rank} | options
    weight = g.weight(outputs, inputs // groups, *kernel)
    return g(edge.ConvOp, x, weight, g.weight(outputs), transposed=False, output_padding=[0], groups=groups, **settings)


def with_room(g: Graph, result: SSAValue, elements: int = 10**6) -> list[SSAValue]:
    """Beside `result`, something that needs more memory than any columns."""
    large = g(edge.ExpandCopyOp, g.input(1), [elements])
    return [result, g(edge.SumOp, large, [0])]


@pytest.mark.parametrize(("groups", "stride", "padding", "dilation"), list(product((1, 2, 6), (1, 2), (0, 2), (1, 3))))
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("room", [False, True])
def test_convolutions(groups: int, stride: int, padding: int, dilation: int, rank: int, room: bool):
    def build(g: Graph) -> SSAValue | list[SSAValue]:
        kernel = (3, 2, 3)[:rank]
        x = g.input(1, 6, *(9, 12, 10)[:rank])
        y = conv(g, x, 12, groups, kernel, stride=[stride], padding=[padding] * rank, dilation=[dilation] * rank)
        return with_room(g, y) if room else y

    counts = preserved(build, ConvToIm2colPass(ROOM), FoldConstantsPass())
    assert counts["conv"] == 0
    if room:
        assert counts["as_strided_copy"] == 1
        assert counts["cat"] == 0
    assert counts["constant_pad_nd"] == (0 if padding == 0 else counts["as_strided_copy"] if groups > 1 else 1)


@pytest.mark.parametrize(("groups", "max_peak"), [(1, 1.8), (24, 2.4)])
def test_parts_where_all_columns_at_once_do_not_fit(groups: int, max_peak: float):
    def build(g: Graph) -> SSAValue:
        return conv(g, g.input(1, 24, 20, 20), 24, groups, (3, 3), padding=[1, 1])

    counts = preserved(build, ConvToIm2colPass(max_peak))
    assert counts["as_strided_copy"] > 2
    assert counts["cat"] == 1


def measured(max_peak: float) -> tuple[int, int, int]:
    """Live bytes of a small network before and after, and how many convolutions are left."""
    g = Graph()
    x = conv(g, g.input(1, 3, 32, 32), 8, 1, (3, 3), padding=[1, 1])
    x = g(edge.ReluOp, x)
    x = conv(g, x, 8, 8, (3, 3), padding=[1, 1], stride=[2, 2])
    x = g(edge.ReluOp, x)
    x = conv(g, x, 16, 1, (3, 3))
    module = g.module(x)
    (method,) = (op for op in module.ops if isinstance(op, FuncOp))
    before = live_bytes(method)
    ConvToIm2colPass(max_peak).apply(Context(), module)
    after = live_bytes(method)
    assert before is not None
    assert after is not None
    return before.peak, after.peak, op_counts(module)["conv"]


@pytest.mark.parametrize("max_peak", [1.0, 1.2, 1.6, 2.5, 4.0])
def test_memory_stays_within_what_is_allowed(max_peak: float):
    before, after, _ = measured(max_peak)
    assert after <= before * max_peak


def test_more_memory_leaves_fewer_convolutions():
    left = [measured(max_peak)[2] for max_peak in (0.1, 1.0, 4.0)]
    assert left[0] == 3
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


def test_declines_say_why():
    def reasons(*shape: int, **options: Any) -> list[str]:
        g = Graph()
        module = g.module(conv(g, g.input(*shape), 4, 1, (3, 3), **options))
        with recording() as log:
            ConvToIm2colPass().apply(Context(), module)
        return [d.reason for d in log.declined]

    assert reasons(2, 4, 8, 8) == ["it is not over one image"]
    (reason,) = reasons(1, 4, 8, 8)
    assert reason == "its columns need 6208 live bytes, max-peak allows 1600"
