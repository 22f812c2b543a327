"""Matrix products: linear, matmul, einsum and their relatives become mm, bmm and addmm."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.infer import broadcast
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


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
    product = build("bmm", batch1, batch2)
    product = product if alpha == 1 else build("mul.Scalar", product, alpha)
    if beta == 0:
        return product
    return build("add.Tensor", product, self if beta == 1 else build("mul.Scalar", self, beta))


@decomposes("addmv")
def addmv(build: AtenBuilder, self: SSAValue, mat: SSAValue, vec: SSAValue, beta: float, alpha: float) -> SSAValue:
    """addmv(c, a, v) -> beta * c + alpha * mv(a, v)"""
    product = mv(build, mat, vec)
    product = product if alpha == 1 else build("mul.Scalar", product, alpha)
    if beta == 0:
        return product
    return build("add.Tensor", product, self if beta == 1 else build("mul.Scalar", self, beta))


@decomposes("einsum")
def einsum(build: AtenBuilder, equation: str, tensors: Sequence[SSAValue]) -> SSAValue | None:
    """einsum -> permute, multiply and sum dimensions pair by pair, as bmm wherever dimensions are contracted"""
    inputs, _, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if "." in equation or any(len(set(term)) != len(term) for term in terms):
        return None  # ellipses and diagonals: torch's own decomposition
    if "->" not in equation:
        letters = "".join(terms)
        output = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    left, value = terms[0], tensors[0]
    for position, (right, other) in enumerate(zip(terms[1:], tensors[1:], strict=True), start=2):
        needed = set(output).union(*terms[position:])
        left, value = _contract(build, left, value, right, other, needed)
    if summed := [i for i, c in enumerate(left) if c not in output]:
        value, left = build("sum.dim_IntList", value, summed), "".join(c for c in left if c in output)
    order = [left.index(c) for c in output]
    return value if order == list(range(len(order))) else build("permute", value, order)


def _contract(
    build: AtenBuilder, left: str, a: SSAValue, right: str, b: SSAValue, needed: set[str]
) -> tuple[str, SSAValue]:
    """The product of two einsum terms with the letters summed that nothing needs any more."""
    if alone := [i for i, c in enumerate(left) if c not in right and c not in needed]:
        a, left = build("sum.dim_IntList", a, alone), "".join(c for c in left if c in right or c in needed)
    if alone := [i for i, c in enumerate(right) if c not in left and c not in needed]:
        b, right = build("sum.dim_IntList", b, alone), "".join(c for c in right if c in left or c in needed)
    batch = [c for c in left if c in right and c in needed]
    inner = [c for c in left if c in right and c not in needed]
    rows = [c for c in left if c not in right]
    columns = [c for c in right if c not in left]
    size = dict(zip(left, sizes(a), strict=True)) | {
        c: s for c, s in zip(right, sizes(b), strict=True) if s != 1 or c not in left
    }

    def matrices(value: SSAValue, letters: str, *groups: list[str]) -> SSAValue:
        order = [letters.index(c) for group in groups for c in group]
        value = value if order == list(range(len(order))) else build("permute", value, order)
        return build("view", value, [symbolic.product(size[c] for c in group) for group in groups])

    product = build("bmm", matrices(a, left, batch, rows, inner), matrices(b, right, batch, inner, columns))
    letters = [*batch, *rows, *columns]
    return "".join(letters), build("view", product, [size[c] for c in letters])
