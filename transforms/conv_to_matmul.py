"""conv-to-matmul: convolutions that are products of matrices become them.

    %y = edge.conv(%x, %w, bias=%b, …)             %m = edge.mm(view(%w, [O, C]), view(%x, [C, H*W]))
           // 1 x C x H x W, O x C x 1 x 1   -->   %y = view(edge.add(%m, view(%b, [O, 1])), [1, O, H, W])

- A kernel as large as its input (global pooling, squeeze-and-excite): linear over all that it covers.
- A 1 x 1 kernel on one image: mm. A stride takes slices first. Several images: bmm with the weight repeated.
- The same on an image that a permute has brought from channels-last: linear over pixels, and a permute back.

The views move no byte. On the stock runtime a 1 x 1 convolution takes 70 times as long as `mm`, and the addition of the
bias on its own costs less than `addmm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from etc.dialects import edge, symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.edge_builder import SMALL, EdgeBuilder, is_constant, known, nbytes
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern


@dataclass
class Window:
    """The sizes of a convolution, one per spatial dimension."""

    kernel: tuple[Dim, ...]
    stride: tuple[Dim, ...]
    padding: tuple[Dim, ...]

    @staticmethod
    def of(op: edge.ConvOp) -> Window:
        kernel = known(op.weight).sizes[2:]

        def per_dimension(name: str) -> tuple[Dim, ...]:
            values: Sequence[Dim] = op.argument(name)
            return tuple(values) * len(kernel) if len(values) == 1 else tuple(values)

        return Window(kernel, per_dimension("stride"), per_dimension("padding"))

    @property
    def is_padded(self) -> bool:
        return any(p != 0 for p in self.padding)

    @property
    def is_point(self) -> bool:
        """One element: 1 x 1."""
        return all(k == 1 for k in self.kernel)


def _refusal(op: edge.ConvOp) -> str:
    if op.argument("transposed"):
        return "it is transposed"
    if op.argument("groups") != 1:
        return "it has groups"
    if known(op.input).rank != known(op.weight).rank:
        return "its input has no batch dimension"
    if known(op.input).dim_order is not None or known(op.weight).dim_order is not None:
        return "its input or weight is not in plain dim order"
    if not known(op.result).dtype.is_float:
        return "its elements are not floats"
    return ""


class ConvOverWholeInput(RewritePattern):
    """conv(x, w) with a kernel of the size of x -> linear(view(x), view(w))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ConvOp, rewriter: PatternRewriter) -> None:
        window = Window.of(op)
        if known(op.input).sizes[2:] != window.kernel or window.is_padded or _refusal(op):
            return
        build = EdgeBuilder(rewriter)
        images, *_ = known(op.input).sizes
        channels, *covered = known(op.weight).sizes
        inner = symbolic.product(covered)
        product = build(
            edge.LinearOp, build.view(op.input, [images, inner]), build.view(op.weight, [channels, inner]), op.bias
        )
        build.replace(op, build.view(product, known(op.result).sizes))


class PointwiseConv(RewritePattern):
    """conv(x, w) with a 1 x 1 kernel -> mm(view(w), view(x)); bmm for several images"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.ConvOp, rewriter: PatternRewriter) -> None:
        window = Window.of(op)
        if reason := _refusal(op):
            return rewriter.decline(op, reason)
        if not window.is_point:
            return rewriter.decline(op, "its kernel is not 1 x 1")
        if window.is_padded:
            return rewriter.decline(op, "it is padded")
        build = EdgeBuilder(rewriter)
        if (pixels := _channels_last(op.input)) is not None:
            return build.replace(op, _over_pixels(op, pixels, window, build))
        images = known(op.input).sizes[0]
        if not isinstance(images, int):
            return rewriter.decline(op, "the number of images is known only at run time")
        if images != 1 and not (is_constant(op.weight) and nbytes(op.weight) * (images - 1) <= SMALL):
            return rewriter.decline(op, f"its weight would be repeated for {images} images")
        build.replace(op, _over_channels(op, window, build))


def _strided(value: SSAValue, first_dim: int, strides: Sequence[Dim], build: EdgeBuilder) -> SSAValue:
    """Every stride-th element along each of the dimensions from `first_dim` on."""
    for dim, stride in enumerate(strides, start=first_dim):
        if stride != 1:
            value = build(edge.SliceCopyOp, value, dim, 0, known(value).sizes[dim], stride)
    return value


def _over_channels(op: edge.ConvOp, window: Window, build: EdgeBuilder) -> SSAValue:
    """N x C x pixels: the weight from the left, the bias per row."""
    result = known(op.result)
    images, outputs, *spatial = result.sizes
    inputs, pixels = known(op.input).sizes[1], symbolic.product(spatial)
    image = _strided(op.input, 2, window.stride, build)
    if images == 1:
        product = build(edge.MmOp, build.view(op.weight, [outputs, inputs]), build.view(image, [inputs, pixels]))
    else:
        weights = build(edge.ExpandCopyOp, build.view(op.weight, [1, outputs, inputs]), [images, outputs, inputs])
        product = build(edge.BmmOp, weights, build.view(image, [images, inputs, pixels]))
    if op.bias is not None:
        product = build(edge.AddOp, product, build.view(op.bias, [outputs, 1]))
    return build.view(product, result.sizes)


def _channels_last(value: SSAValue) -> SSAValue | None:
    """x, of a permute of x that brings the last dimension to the place of the channels."""
    op = value.owner
    if not isinstance(op, edge.PermuteCopyOp) or known(op.self_).dim_order is not None:
        return None
    rank = known(value).rank
    return op.self_ if [d % rank for d in op.argument("dims")] == [0, rank - 1, *range(1, rank - 1)] else None


def _over_pixels(op: edge.ConvOp, pixels: SSAValue, window: Window, build: EdgeBuilder) -> SSAValue:
    """N x pixels x C: linear over the last dimension."""
    outputs, inputs, *_ = known(op.weight).sizes
    image = _strided(pixels, 1, window.stride, build)
    product = build(edge.LinearOp, image, build.view(op.weight, [outputs, inputs]), op.bias)
    rank = known(product).rank
    return build.permute(product, [0, rank - 1, *range(1, rank - 1)])


@dataclass(frozen=True)
class ConvToMatmulPass(EtcPass):
    """Turn 1 x 1 convolutions, and those over their whole input, into products of matrices."""

    name = "conv-to-matmul"
    patterns = (ConvOverWholeInput, PointwiseConv)
