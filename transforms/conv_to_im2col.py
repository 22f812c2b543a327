"""conv-to-im2col: convolutions become products with the columns of their input (im2col), where memory allows it.

    %y = edge.conv(%x, %w, bias=%b, …)                 %p = edge.constant_pad_nd(%x, pad=[1, 1, 1, 1])
         // C x H x W, O x C x 3 x 3          -->      %c = edge.as_strided_copy(%p, size=[C, 3, 3, H, W], stride=[…])
                                                       %y = edge.add(edge.mm(%w, %c), %b)       // views left out

A column holds what the kernel sees at one place. With groups the product is one per group (bmm). Columns are as many
times larger than the input as the kernel has elements, so they are made in parts where they would not fit in the memory
that other operations of the method need anyway: of rows of the image, or of groups. Where no parts fit, the option
`max-peak` says how far the bytes that are live at once may grow: with 1.15 by 15 percent.

On the stock runtime a 3 x 3 convolution takes 60 times as long as its columns and `mm`, a depthwise one twice as long
as columns and `bmm` (measured: 64 channels on 56 x 56, 645 and 10 ms; 144 channels, 17 and 10 ms).

The method: K. Chellapilla, S. Puri, P. Simard, High Performance Convolutional Neural Networks for Document Processing
(2006).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.dialects import edge, program
from etc.transforms.edge_builder import EdgeBuilder, array_of, is_constant, known, name_of
from etc.transforms.edge_memory import LiveBytes, live_bytes
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, apply_patterns, op_type_rewrite_pattern

MOST_PARTS = 32
LEAST_PRODUCTS = 20_000
"""Multiplications that a part must have, or the calls of kernels cost as much as it saves (some 0.1 ms)."""


@dataclass(frozen=True)
class Columns:
    """The sizes of a convolution over one image, and of its columns."""

    element: int
    """bytes of an element"""
    groups: int
    inputs: int
    """channels per group"""
    outputs: int
    """channels per group"""
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    image: tuple[int, ...]
    """spatial sizes of the input"""
    result: tuple[int, ...]
    """spatial sizes of the result"""

    @property
    def padded(self) -> tuple[int, ...]:
        return tuple(n + 2 * p for n, p in zip(self.image, self.padding, strict=True))

    @property
    def is_padded(self) -> bool:
        return any(self.padding)

    @property
    def height(self) -> int:
        """of the columns of a group"""
        return self.inputs * prod(self.kernel)

    @property
    def unit_count(self) -> int:
        """What is divided into parts: groups, or rows of the result when there is one group."""
        return self.groups if self.groups > 1 else self.result[0]

    @property
    def most_parts(self) -> int:
        products = self.groups * self.outputs * self.height * prod(self.result)
        return max(1, min(self.unit_count, MOST_PARTS, products // LEAST_PRODUCTS))

    def bytes(self, channels: int, spatial: Sequence[int]) -> int:
        return self.element * channels * prod(spatial)

    def needed(self, parts: int, input_dies: bool) -> int:
        """Bytes live at once, those of the input included only when it dies here."""
        image = self.bytes(self.groups * self.inputs, self.image)
        padded = self.bytes(self.groups * self.inputs, self.padded) if self.is_padded else 0
        held = image if input_dies else 0
        source = padded or held
        result = self.bytes(self.groups * self.outputs, self.result)
        share = ceil(self.unit_count / parts) / self.unit_count
        columns = ceil(self.bytes(self.groups * self.height, self.result) * share)
        if parts == 1:
            return max(held + padded, source + columns, columns + result)
        if self.groups > 1 and self.is_padded:  # groups are cut out and padded one part at a time
            part = ceil(padded * share)
            return max(held + ceil(image * share) + part + result, held + part + columns + result, 2 * result)
        return max(held + padded, source + columns + result, 2 * result)


def columns_of(op: edge.ConvOp) -> Columns | str:
    """The sizes, or why the convolution has no columns."""
    if op.argument("transposed"):
        return "it is transposed"
    image, weight, result = known(op.input), known(op.weight), known(op.result)
    if not (image.is_static and weight.is_static and result.is_static):
        return "its sizes are known only at run time"
    if image.rank != weight.rank or image.sizes[0] != 1:
        return "it is not over one image"
    if any(t.dim_order is not None for t in (image, weight, result)):
        return "it is not in plain dim order"
    if not result.dtype.is_float:
        return "its elements are not floats"
    if op.argument("groups") > 1 and not is_constant(op.weight):
        return "its groups have weights that are not constants"
    rank = weight.rank - 2

    def per_dimension(name: str) -> tuple[int, ...]:
        values: Sequence[int] = op.argument(name)
        return tuple(values) * rank if len(values) == 1 else tuple(values)

    groups = op.argument("groups")
    channels, inputs, *kernel = weight.shape
    return Columns(
        result.dtype.size,
        groups,
        inputs,
        channels // groups,
        tuple(kernel),
        per_dimension("stride"),
        per_dimension("padding"),
        per_dimension("dilation"),
        image.shape[2:],
        result.shape[2:],
    )


class ConvToIm2col(RewritePattern):
    """conv(x, w, b) -> mm(w, columns(x)) + b"""

    def __init__(self, live: LiveBytes, limit: int):
        self._live, self._limit = live, limit

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ConvOp, rewriter: PatternRewriter) -> None:
        sizes = columns_of(op)
        if isinstance(sizes, str):
            return rewriter.decline(op, sizes)
        others, input_dies = self._others(op, sizes)
        needed = {n: others + sizes.needed(n, input_dies) for n in range(1, sizes.most_parts + 1)}
        fitting = [n for n, live in needed.items() if live <= self._limit]
        if not fitting:
            least = min(needed.values())
            return rewriter.decline(op, f"its columns need {least} live bytes, max-peak allows {self._limit}")
        parts = next((n for n in fitting if needed[n] <= self._live.peak), fitting[0])
        build = EdgeBuilder(rewriter)
        build.replace(op, _product(op, sizes, parts, build))

    def _others(self, op: edge.ConvOp, sizes: Columns) -> tuple[int, bool]:
        """Bytes live at `op` besides its result and an input that dies there; whether the input does."""
        live = self._live.at[op] - sizes.bytes(sizes.groups * sizes.outputs, sizes.result)
        dies = self._live.last_use.get(op.input) is op
        return live - (sizes.bytes(sizes.groups * sizes.inputs, sizes.image) if dies else 0), dies


def _product(op: edge.ConvOp, sizes: Columns, parts: int, build: EdgeBuilder) -> SSAValue:
    channels = sizes.groups * sizes.outputs
    if sizes.groups > 1:
        done = [_of_groups(op, sizes, *part, build) for part in _ranges(sizes.groups, parts)]
        product = done[0] if len(done) == 1 else build(edge.CatOp, done, 0)
    else:
        source = _padded(op.input, sizes, build)
        weight = build.view(op.weight, [sizes.outputs, sizes.height])
        done = [_of_rows(source, weight, sizes, *part, build) for part in _ranges(sizes.result[0], parts)]
        product = done[0] if len(done) == 1 else build(edge.CatOp, done, 1)
    if op.bias is not None:
        product = build(edge.AddOp, product, build.view(op.bias, [channels, 1]))
    return build.view(product, known(op.result).sizes)


def _ranges(total: int, parts: int) -> Iterator[tuple[int, int]]:
    """(first, count) of about equal parts of `total`."""
    size = ceil(total / parts)
    return ((first, min(size, total - first)) for first in range(0, total, size))


def _padded(image: SSAValue, sizes: Columns, build: EdgeBuilder) -> SSAValue:
    pad = [amount for p in reversed(sizes.padding) for amount in (p, p)]
    return build(edge.ConstantPadNdOp, image, pad, 0.0) if any(pad) else image


def _of_rows(
    source: SSAValue, weight: SSAValue, sizes: Columns, first: int, count: int, build: EdgeBuilder
) -> SSAValue:
    """`count` rows of the result of the only group, from row `first` on, as channels x pixels."""
    spatial = (count, *sizes.result[1:])
    offset = first * sizes.stride[0] * prod(sizes.padded[1:])
    columns = _columns(source, sizes, 1, spatial, offset, build)
    return build(edge.MmOp, weight, build.view(columns, [sizes.height, prod(spatial)]))


def _of_groups(op: edge.ConvOp, sizes: Columns, first: int, count: int, build: EdgeBuilder) -> SSAValue:
    """The results of `count` groups, from group `first` on, as channels x pixels."""
    image, weight = op.input, op.weight
    if count != sizes.groups:
        image = build(edge.SliceCopyOp, image, 1, first * sizes.inputs, (first + count) * sizes.inputs, 1)
        rows = slice(first * sizes.outputs, (first + count) * sizes.outputs)
        weight = build.constant(array_of(weight)[rows], known(weight), name_of(weight))
    pixels = prod(sizes.result)
    columns = _columns(_padded(image, sizes, build), sizes, count, sizes.result, 0, build)
    columns = build.view(columns, [count, sizes.height, pixels])
    product = build(edge.BmmOp, build.view(weight, [count, sizes.outputs, sizes.height]), columns)
    return build.view(product, [count * sizes.outputs, pixels])


def _columns(
    source: SSAValue, sizes: Columns, groups: int, spatial: Sequence[int], offset: int, build: EdgeBuilder
) -> SSAValue:
    """channels x kernel x spatial: every element of the kernel's window, for every place of the window."""
    inner = [prod(sizes.padded[d + 1 :]) for d in range(len(sizes.kernel))]
    steps = [s * n for s, n in zip((*sizes.dilation, *sizes.stride), inner * 2, strict=True)]
    return build(
        edge.AsStridedCopyOp,
        source,
        [groups * sizes.inputs, *sizes.kernel, *spatial],
        [prod(sizes.padded), *steps],
        offset,
    )


@dataclass(frozen=True)
class ConvToIm2colPass(EtcPass):
    """Turn convolutions into products with the columns of their input (im2col), where memory allows it."""

    name = "conv-to-im2col"

    max_peak: float = 1.0

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        for method in program.methods(module):
            has_work = any(isinstance(op, edge.ConvOp) for op in method.walk())
            if has_work and (live := live_bytes(method)) is not None:
                rule = ConvToIm2col(live, int(live.peak * self.max_peak))
                apply_patterns(method.body, (rule,), recursive=False, pass_name=self.name)
