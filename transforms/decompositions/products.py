"""Matrix products: linear, matmul and their relatives become mm, bmm and addmm."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.infer import broadcast
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.elementwise import scaled


def sizes(value: SSAValue) -> tuple[Dim, ...]:
    return AtenBuilder.type(value).sizes


@decomposes("linear")
def linear(build: AtenBuilder, input: SSAValue, weight: SSAValue, bias: SSAValue | None) -> SSAValue:
    """linear(x, w, b) -> addmm(b, view(x), permute(w, [1, 0])), and mm without a bias"""
    *outer, features = sizes(input)
    transposed = build("permute", weight, [1, 0]) if len(sizes(weight)) == 2 else build("view", weight, [features, 1])
    rows = input if len(outer) == 1 else build("view", input, [symbolic.product(outer), features])
    if bias is not None and len(sizes(weight)) == 2:
        product = build("addmm", bias, rows, transposed)
    else:
        product = build("mm", rows, transposed)
    result_sizes = [*outer, sizes(product)[1]] if len(sizes(weight)) == 2 else list(outer)
    shaped = product if len(result_sizes) == 2 and len(outer) == 1 else build("view", product, result_sizes)
    return shaped if bias is None or len(sizes(weight)) == 2 else build("add.Tensor", shaped, bias)


@decomposes("matmul", "linalg_matmul")
def matmul(build: AtenBuilder, self: SSAValue, other: SSAValue) -> SSAValue:
    """matmul of any ranks -> mm for matrices, bmm for batches, with leading dimensions folded into rows"""
    left, right = sizes(self), sizes(other)
    if len(left) == 1 and len(right) == 1:
        return build("sum.dim_IntList", build("mul.Tensor", self, other), [0])
    if len(left) == 1:
        return build("squeeze.dim", matmul(build, build("unsqueeze", self, 0), other), -2)
    if len(right) == 1:
        return build("squeeze.dim", matmul(build, self, build("unsqueeze", other, 1)), -1)
    if len(left) == 2 and len(right) == 2:
        return build("mm", self, other)
    if len(right) == 2:
        rows = build("view", self, [symbolic.product(left[:-1]), left[-1]])
        return build("view", build("mm", rows, other), [*left[:-1], right[-1]])
    batch = broadcast(left[:-2], right[:-2])
    count = symbolic.product(batch)
    product = build("bmm", _as_batch(build, self, batch, count), _as_batch(build, other, batch, count))
    return product if len(batch) == 1 else build("view", product, [*batch, left[-2], right[-1]])


def _as_batch(build: AtenBuilder, value: SSAValue, batch: Sequence[Dim], count: Dim) -> SSAValue:
    """`value` with its leading dimensions broadcast to `batch` and folded into one."""
    *outer, rows, columns = sizes(value)
    if tuple(outer) != tuple(batch):
        value = build("expand", value, [*batch, rows, columns])
    return value if len(batch) == 1 else build("view", value, [count, rows, columns])


@decomposes("mv")
def mv(build: AtenBuilder, self: SSAValue, vec: SSAValue) -> SSAValue:
    """mv(a, v) -> squeeze(mm(a, unsqueeze(v)))"""
    return build("squeeze.dim", build("mm", self, build("unsqueeze", vec, 1)), 1)


@decomposes("dot", "vdot")
def dot(build: AtenBuilder, self: SSAValue, **arguments: SSAValue) -> SSAValue:
    """dot(a, b) -> sum(a * b)"""
    other = arguments.get("tensor", arguments.get("other"))
    return build("sum.dim_IntList", build("mul.Tensor", self, other), [0])


@decomposes("outer", "ger")
def outer(build: AtenBuilder, self: SSAValue, vec2: SSAValue) -> SSAValue:
    """outer(a, b) -> unsqueeze(a, 1) * b"""
    return build("mul.Tensor", build("unsqueeze", self, 1), vec2)


@decomposes("baddbmm")
def baddbmm(
    build: AtenBuilder, self: SSAValue, batch1: SSAValue, batch2: SSAValue, beta: float, alpha: float
) -> SSAValue:
    """baddbmm(c, a, b) -> beta * c + alpha * bmm(a, b)"""
    return _plus(build, self, build("bmm", batch1, batch2), beta, alpha)


@decomposes("addbmm")
def addbmm(
    build: AtenBuilder, self: SSAValue, batch1: SSAValue, batch2: SSAValue, beta: float, alpha: float
) -> SSAValue:
    """addbmm(c, a, b) -> addmm(c, the matrices of a side by side, those of b below each other)"""
    (count, rows, inner), columns = sizes(batch1), sizes(batch2)[2]
    left = build("view", build("permute", batch1, [1, 0, 2]), [rows, count * inner])
    right = build("view", batch2, [count * inner, columns])
    return _plus(build, self, build("mm", left, right), beta, alpha)


def _plus(build: AtenBuilder, summand: SSAValue, product: SSAValue, beta: float, alpha: float) -> SSAValue:
    """beta * summand + alpha * product; a summand with the factor 0 is not looked at, so its NaNs do not count"""
    if not build.type(product).dtype.is_float:
        beta, alpha = int(beta), int(alpha)  # as torch does for integers
    product = scaled(build, product, alpha)
    return product if beta == 0 else build("add.Tensor", product, scaled(build, summand, beta))


@decomposes("addr")
def addr(build: AtenBuilder, self: SSAValue, vec1: SSAValue, vec2: SSAValue, beta: float, alpha: float) -> SSAValue:
    """addr(c, a, b) -> beta * c + alpha * unsqueeze(a, 1) * b"""
    return _plus(build, self, outer(build, vec1, vec2), beta, alpha)


@decomposes("addmv")
def addmv(build: AtenBuilder, self: SSAValue, mat: SSAValue, vec: SSAValue, beta: float, alpha: float) -> SSAValue:
    """addmv(c, a, v) -> beta * c + alpha * mv(a, v)"""
    return _plus(build, self, mv(build, mat, vec), beta, alpha)


@decomposes("bilinear")
def bilinear(
    build: AtenBuilder, input1: SSAValue, input2: SSAValue, weight: SSAValue, bias: SSAValue | None
) -> SSAValue:
    """bilinear(x, y, w, b) -> bmm(view(mm(x, w)), y) + b"""
    outputs, first, second = sizes(weight)
    *outer, _ = sizes(input1)
    rows = symbolic.product(outer)
    matrix = build("view", build("permute", weight, [1, 0, 2]), [first, outputs * second])
    products = build("mm", build("view", input1, [rows, first]), matrix)
    summed = build("bmm", build("view", products, [rows, outputs, second]), build("view", input2, [rows, second, 1]))
    result = build("view", summed, [*outer, outputs])
    return result if bias is None else build("add.Tensor", result, bias)
