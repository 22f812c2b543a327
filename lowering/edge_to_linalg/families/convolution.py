"""Convolutions and their gradients as one generic each: `total + x * y`.

Loops: n batch, g groups, o and c output and input channels per group, i the image of the result, k the kernel. Without
groups there is no loop g; with groups there is none over one channel per group: a depthwise convolution runs over
n, g, i and k alone. What a loop needs to reach is made by reshaping, which is free. Padding is written out before.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir.affine import AffineExpr

from etc.dialects import edge, quant, symbolic
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.edge_to_linalg.axes import numbers
from etc.lowering.edge_to_linalg.builder import Array, LinalgBuilder, lowers
from etc.lowering.edge_to_linalg.families.linear_algebra import Product, contract
from etc.lowering.edge_to_linalg.scalars import Scalar, computed_in
from etc.lowering.edge_to_linalg.windows import Windows, sum_of_windows


@dataclass(frozen=True)
class Convolution:
    """The numbers of a convolution: one per spatial dimension, and channels per group."""

    stride: Sequence[int]
    padding: Sequence[int]
    dilation: Sequence[int]
    channels: dict[str, Dim]
    """sizes of the loops g, o and c, without those that are left out"""
    product: Product = operator.mul
    sum_of: Product = operator.add
    padding_value: int = 0
    """what lies around the image, and between its elements where the convolution is transposed"""

    @staticmethod
    def of(op: edge.ConvOp | edge.ConvBackwardOp | quant.ConvOp, weight: Tensor) -> Convolution:
        def numbers_of(name: str) -> list[int]:
            return numbers(op.argument(name), name, weight.rank - 2)

        (groups,) = numbers(op.argument("groups"), "groups", 1)
        outer, inner = symbolic.floordiv(weight.sizes[0], groups), weight.sizes[1]
        o, c = (inner, outer) if op.argument("transposed") else (outer, inner)
        sizes: dict[str, Dim] = {"g": groups, "o": o, "c": c}
        kept = {name: size for name, size in sizes.items() if (size != 1 if name == "g" or groups > 1 else True)}
        return Convolution(numbers_of("stride"), numbers_of("padding"), numbers_of("dilation"), kept)

    @property
    def spatial(self) -> range:
        return range(len(self.stride))

    def names(self, names: str, spatial: str = "") -> list[str]:
        """Those of the loops that exist, and one per spatial dimension: names("ngc", "i") is n, g, c, i0, i1."""
        return [n for n in names if n in self.channels or n == "n"] + [f"{spatial}{d}" for d in self.spatial if spatial]

    def view(self, b: LinalgBuilder, array: Array, names: str) -> Array:
        """`array` with the dimensions `names`, of n, g, o and c, ahead of its spatial ones."""
        return b.reshape(array, self.view_sizes(array.sizes, names))

    def view_sizes(self, sizes: Sequence[Dim], names: str) -> list[Dim]:
        leading = [sizes[0] if n == "n" else self.channels[n] for n in self.names(names)]
        return [*leading, *sizes[len(sizes) - len(self.stride) :]]

    def loops(self, names: Sequence[str]) -> dict[str, AffineExpr]:
        return {name: AffineExpr.dimension(i) for i, name in enumerate(names)}


@lowers(edge.ConvOp)
def conv(op: edge.ConvOp, b: LinalgBuilder) -> Array:
    weight = b[op.weight]
    c = Convolution.of(op, weight.tensor)
    return convolved(b, c, op.argument("transposed"), b[op.input], weight, b.optional(op.bias), b.result(op))


def convolved(
    b: LinalgBuilder, c: Convolution, transposed: bool, x: Array, weight: Array, bias: Array | None, result: Tensor
) -> Array:
    return (_transposed if transposed else _direct)(b, c, x, weight, bias, result)


def _direct(b: LinalgBuilder, c: Convolution, x: Array, weight: Array, bias: Array | None, result: Tensor) -> Array:
    """y[n, g, o, i] = bias[g, o] + sum of x[n, g, c, i * stride + k * dilation] * w[g, o, c, k]"""
    outer, inner = c.names("ngo", "i"), c.names("c", "k")
    at = c.loops([*outer, *inner])
    x = b.pad(x, [0, 0, *c.padding], [0, 0, *c.padding], c.padding_value)
    read = [at[f"i{d}"] * c.stride[d] + at[f"k{d}"] * c.dilation[d] for d in c.spatial]
    return _contract(
        b,
        c,
        result,
        (c.view(b, x, "ngc"), [*(at[name] for name in c.names("ngc")), *read]),
        (c.view(b, weight, "goc"), [at[name] for name in c.names("goc", "k")]),
        [at[name] for name in outer],
        len(inner),
        bias,
    )


def _transposed(b: LinalgBuilder, c: Convolution, x: Array, weight: Array, bias: Array | None, result: Tensor) -> Array:
    """y[n, g, o, i] = bias[g, o] + sum of z[n, g, c, i + (K - 1 - k) * dilation] * w[g, c, o, k]

    z is x with stride - 1 times the padding value between its elements, and the padding that remains around it.
    """
    if _tiles(c, x, weight, result):
        return _tiled(b, c, x, weight, bias, result)
    outer, inner = c.names("ngo", "i"), c.names("c", "k")
    at = c.loops([*outer, *inner])
    read: list[AffineExpr] = []
    low: list[int] = []
    total: list[Dim] = []
    for d in c.spatial:
        reach = _static(weight.sizes[2 + d] - 1) * c.dilation[d]
        start = reach - c.padding[d]
        low.append(max(start, 0))
        skipped = max(-start, 0)
        read.append(at[f"i{d}"] + at[f"k{d}"] * -c.dilation[d] + (reach + skipped))
        spread = (x.sizes[2 + d] - 1) * c.stride[d] + 1 + low[d]
        total.append(symbolic.maximum(result.sizes[2 + d] + reach + skipped, spread))
    spread = x
    if [*x.sizes[2:]] != total or any(low):
        around = b.full(x.tensor.like(sizes=[*x.sizes[:2], *total]), c.padding_value)
        spread = b.put_slice(x, around, [0, 0, *low], [1, 1, *c.stride])
    return _contract(
        b,
        c,
        result,
        (c.view(b, spread, "ngc"), [*(at[name] for name in c.names("ngc")), *read]),
        (c.view(b, weight, "gco"), [at[name] for name in c.names("gco", "k")]),
        [at[name] for name in outer],
        len(inner),
        bias,
    )


def _static(size: Dim) -> int:
    if not isinstance(size, int):
        raise EtcError("the kernel's size is known only at run time", expected="a number", found=str(size))
    return size


def _tiles(c: Convolution, x: Array, weight: Array, result: Tensor) -> bool:
    """Whether the kernels of neighbours lie side by side, so that each element of the result has one term."""
    return all(
        c.stride[d] == weight.sizes[2 + d]
        and c.padding[d] == 0
        and c.dilation[d] == 1
        and result.sizes[2 + d] == x.sizes[2 + d] * c.stride[d]
        for d in c.spatial
    )


def _tiled(b: LinalgBuilder, c: Convolution, x: Array, weight: Array, bias: Array | None, result: Tensor) -> Array:
    """y[n, g, o, i, k] = bias[g, o] + sum of x[n, g, c, i] * w[g, c, o, k], with each i followed by its k"""
    image = [f"{name}{d}" for d in c.spatial for name in "ik"]
    outer, inner = [*c.names("ngo"), *image], c.names("c")
    at = c.loops([*outer, *inner])
    sizes = [size for d in c.spatial for size in (x.sizes[2 + d], c.stride[d])]
    leading = c.view_sizes(result.sizes, "ngo")[: len(c.names("ngo"))]
    tiles = contract(
        b,
        result.like(sizes=[*leading, *sizes]),
        (c.view(b, x, "ngc"), [at[name] for name in c.names("ngc", "i")]),
        (c.view(b, weight, "gco"), [at[name] for name in c.names("gco", "k")]),
        [at[name] for name in outer],
        len(inner),
        _per_channel(b, c, bias, len(sizes)),
        c.product,
        c.sum_of,
    )
    return b.reshape(tiles, result.sizes)


Operand = tuple[Array, Sequence[AffineExpr]]


def _contract(
    b: LinalgBuilder,
    c: Convolution,
    result: Tensor,
    x: Operand,
    y: Operand,
    output: Sequence[AffineExpr],
    reductions: int,
    bias: Array | None,
) -> Array:
    viewed = result.like(sizes=c.view_sizes(result.sizes, "ngo"))
    start = _per_channel(b, c, bias, len(c.stride))
    found = contract(b, viewed, x, y, output, reductions, start, c.product, c.sum_of)
    return b.reshape(found, result.sizes)


def _per_channel(b: LinalgBuilder, c: Convolution, bias: Array | None, spatial: int) -> Array | None:
    """The bias with the dimensions g and o, to be broadcast over batch and image."""
    if bias is None:
        return None
    return b.reshape(bias, [*(c.channels[name] for name in c.names("go")), *[1] * spatial])


# Gradients


@lowers(edge.ConvBackwardOp)
def conv_backward(op: edge.ConvBackwardOp, b: LinalgBuilder) -> Sequence[Array]:
    gradient, x, weight = b[op.grad_output], b[op.input], b[op.weight]
    transposed, wanted = op.argument("transposed"), op.argument("output_mask")
    c = Convolution.of(op, weight.tensor)
    grad_input, grad_weight, grad_bias = (b.result(op, i) for i in range(3))
    # The gradient of a convolution's input is the transposed convolution, whose loops o and c are exchanged.
    swapped = Convolution(c.stride, c.padding, c.dilation, _exchanged(c.channels))
    back = _direct if transposed else _transposed
    image, windows = (gradient, x) if transposed else (x, gradient)
    return [
        back(b, swapped, gradient, weight, None, grad_input) if wanted[0] else b.empty(grad_input),
        _weight_gradient(b, swapped if transposed else c, image, windows, grad_weight)
        if wanted[1]
        else b.empty(grad_weight),
        b.cast(b.reduce(gradient, [0, *range(2, gradient.rank)], 0, lambda total, g: total + g), grad_bias.dtype)
        if wanted[2]
        else b.empty(grad_bias),
    ]


def _exchanged(channels: dict[str, Dim]) -> dict[str, Dim]:
    """The loops with o and c exchanged."""
    return {{"o": "c", "c": "o"}.get(name, name): size for name, size in channels.items()}


def _weight_gradient(b: LinalgBuilder, c: Convolution, x: Array, y: Array, result: Tensor) -> Array:
    """w[g, o, c, k] = sum of x[n, g, c, i * stride + k * dilation] * y[n, g, o, i]"""
    outer, inner = c.names("goc", "k"), c.names("n", "i")
    at = c.loops([*outer, *inner])
    x = b.pad(x, [0, 0, *c.padding], [0, 0, *c.padding], 0)
    read = [at[f"i{d}"] * c.stride[d] + at[f"k{d}"] * c.dilation[d] for d in c.spatial]
    found = contract(
        b,
        result.like(sizes=c.view_sizes(result.sizes, "goc")),
        (c.view(b, x, "ngc"), [*(at[name] for name in c.names("ngc")), *read]),
        (c.view(b, y, "ngo"), [at[name] for name in c.names("ngo", "i")]),
        [at[name] for name in outer],
        len(inner),
    )
    return b.reshape(found, result.sizes)


@lowers(edge.Col2imOp)
def col2im(op: edge.Col2imOp, b: LinalgBuilder) -> Array:
    """Each element of the image gathers from the windows that reach it."""
    result, columns = b.result(op), b[op.self_]
    kernel, stride, padding, dilation = (
        numbers(op.argument(name), name, 2) for name in ("kernel_size", "stride", "padding", "dilation")
    )
    image = result.sizes[-2:]
    counts = [
        symbolic.floordiv(image[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1, stride[d]) + 1
        for d in range(2)
    ]
    windows = Windows(image, counts, kernel, stride, padding, dilation)
    columns = b.reshape(columns, [*result.sizes[:-2], *kernel, *counts])

    def value(leading: list[Scalar], numbers: list[Scalar], offsets: list[Scalar]) -> Scalar:
        return b.read(columns, [*leading, *offsets, *numbers])

    wide = result.like(dtype=computed_in(result.dtype))
    return b.cast(sum_of_windows(b, windows, wide, value), result.dtype)
