"""Products of matrices and vectors, distances, Fourier transforms."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.dtypes import Kind, complex64, complex128, float32, float64
from etc.dialects.infer import InferenceError, broadcast, infers, same_size, wrap_dim
from etc.dialects.infer.checks import check_dtypes, check_floating, check_rank, promoted, size_list
from etc.dialects.infer.shape import wrap_dims
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor


def _check_inner(left: str, a: Tensor, right: str, b: Tensor) -> None:
    """The last dimension of `a` meets the second to last of `b` (the only one of a vector)."""
    rows = b.sizes[-2] if b.rank > 1 else b.sizes[0]
    if not same_size(a.sizes[-1], rows):
        raise InferenceError(
            f"{left} {size_list(a.sizes)} has {a.sizes[-1]} columns, {right} {size_list(b.sizes)} has {rows} rows"
        )


def _check_added(self: Tensor, sizes: Sequence[Dim]) -> None:
    common = broadcast(self.sizes, sizes)
    if len(common) != len(sizes) or not all(map(same_size, common, sizes)):
        raise InferenceError(f"self {size_list(self.sizes)} does not broadcast to the product's {size_list(sizes)}")


@infers("mm")
def mm(self: Tensor, mat2: Tensor) -> Tensor:
    """M x K, K x N -> M x N."""
    check_rank("self", self, 2)
    check_rank("mat2", mat2, 2)
    check_dtypes(self=self, mat2=mat2)
    _check_inner("self", self, "mat2", mat2)
    return tensor(self.dtype, [self.sizes[0], mat2.sizes[1]])


@infers("addmm")
def addmm(self: Tensor, mat1: Tensor, mat2: Tensor) -> Tensor:
    """M x N or what broadcasts to it, M x K, K x N -> M x N."""
    check_dtypes(self=self, mat1=mat1)
    product = mm(mat1, mat2)
    _check_added(self, product.sizes)
    return product


@infers("bmm")
def bmm(self: Tensor, mat2: Tensor) -> Tensor:
    """B x M x K, B x K x N -> B x M x N."""
    check_rank("self", self, 3)
    check_rank("mat2", mat2, 3)
    check_dtypes(self=self, mat2=mat2)
    _check_inner("self", self, "mat2", mat2)
    if not same_size(self.sizes[0], mat2.sizes[0]):
        raise InferenceError(f"self has {self.sizes[0]} matrices, mat2 has {mat2.sizes[0]}")
    return tensor(self.dtype, [*self.sizes[:2], mat2.sizes[2]])


@infers("baddbmm")
def baddbmm(self: Tensor, batch1: Tensor, batch2: Tensor) -> Tensor:
    check_dtypes(self=self, batch1=batch1)
    product = bmm(batch1, batch2)
    _check_added(self, product.sizes)
    return product


@infers("addbmm")
def addbmm(self: Tensor, batch1: Tensor, batch2: Tensor) -> Tensor:
    check_dtypes(self=self, batch1=batch1)
    product = bmm(batch1, batch2)
    _check_added(self, product.sizes[1:])
    return tensor(product.dtype, product.sizes[1:])


@infers("linear")
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """… x I, O x I (or I), O -> … x O."""
    check_rank("weight", weight, 1, 2)
    check_dtypes(input=input, weight=weight, bias=bias)
    if not input.sizes or not same_size(input.sizes[-1], weight.sizes[-1]):
        have = input.sizes[-1] if input.sizes else "none"
        raise InferenceError(f"the weight takes {weight.sizes[-1]} features, input has {have}")
    result = tensor(input.dtype, [*input.sizes[:-1], *weight.sizes[:-1]])
    if bias is not None:
        _check_added(bias, result.sizes)
    return result


@infers("matmul")
def matmul(self: Tensor, other: Tensor) -> Tensor:
    """Vectors count as a row on the left and as a column on the right; leading dimensions broadcast."""
    check_dtypes(self=self, other=other)
    if not self.sizes or not other.sizes:
        raise InferenceError("both arguments must have at least rank 1")
    _check_inner("self", self, "other", other)
    batch = broadcast(self.sizes[:-2], other.sizes[:-2])
    return tensor(self.dtype, [*batch, *self.sizes[-2:-1], *(other.sizes[-1:] if other.rank > 1 else ())])


@infers("dot")
def dot(self: Tensor, tensor: Tensor) -> Tensor:
    return vdot(self, tensor)


@infers("vdot")
def vdot(self: Tensor, other: Tensor) -> Tensor:
    check_rank("self", self, 1)
    check_rank("the other vector", other, 1)
    return matmul(self, other)


@infers("mv")
def mv(self: Tensor, vec: Tensor) -> Tensor:
    check_rank("self", self, 2)
    check_rank("vec", vec, 1)
    return matmul(self, vec)


@infers("addmv")
def addmv(self: Tensor, mat: Tensor, vec: Tensor) -> Tensor:
    check_dtypes(self=self, mat=mat)
    product = mv(mat, vec)
    _check_added(self, product.sizes)
    return product


@infers("outer", "ger")
def outer(self: Tensor, vec2: Tensor) -> Tensor:
    check_rank("self", self, 1)
    check_rank("vec2", vec2, 1)
    return tensor(promoted("the vectors", [self, vec2]), [*self.sizes, *vec2.sizes])


@infers("addr")
def addr(self: Tensor, vec1: Tensor, vec2: Tensor) -> Tensor:
    product = outer(vec1, vec2)
    _check_added(self, product.sizes)
    return product.like(dtype=promoted("the arguments", [self, product]))


@infers("inner")
def inner(self: Tensor, other: Tensor) -> Tensor:
    check_dtypes(self=self, other=other)
    if not self.sizes or not other.sizes:
        return tensor(self.dtype, [*self.sizes, *other.sizes])
    if not same_size(self.sizes[-1], other.sizes[-1]):
        raise InferenceError(f"the last sizes {self.sizes[-1]} and {other.sizes[-1]} differ")
    return tensor(self.dtype, [*self.sizes[:-1], *other.sizes[:-1]])


@infers("tensordot")
def tensordot(self: Tensor, other: Tensor, dims_self: Sequence[int], dims_other: Sequence[int]) -> Tensor:
    check_dtypes(self=self, other=other)
    mine, theirs = wrap_dims(dims_self, self.rank), wrap_dims(dims_other, other.rank)
    if len(mine) != len(theirs):
        raise InferenceError(f"dims_self names {len(mine)} dimensions, dims_other {len(theirs)}")
    for a, b in zip(mine, theirs, strict=True):
        if 1 not in (self.sizes[a], other.sizes[b]) and not same_size(self.sizes[a], other.sizes[b]):
            raise InferenceError(f"the sizes {self.sizes[a]} and {other.sizes[b]} of contracted dimensions differ")
    left = [size for axis, size in enumerate(self.sizes) if axis not in mine]
    return tensor(self.dtype, [*left, *(size for axis, size in enumerate(other.sizes) if axis not in theirs)])


@infers("cross", "linalg_cross")
def cross(self: Tensor, other: Tensor) -> Tensor:
    return tensor(promoted("the arguments", [self, other]), broadcast(self.sizes, other.sizes))


@infers("bilinear")
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """… x I, … x J, O x I x J -> … x O."""
    check_rank("weight", weight, 3)
    check_dtypes(input1=input1, input2=input2, weight=weight, bias=bias)
    for name, part, size in (("input1", input1, weight.sizes[1]), ("input2", input2, weight.sizes[2])):
        if not part.sizes or not same_size(part.sizes[-1], size):
            raise InferenceError(f"{name} must end in a dimension of size {size}, found {size_list(part.sizes)}")
    return tensor(input1.dtype, [*input1.sizes[:-1], weight.sizes[0]])


@infers("cdist", "_cdist_forward")
def cdist(x1: Tensor, x2: Tensor) -> Tensor:
    """… x P x M, … x R x M -> … x P x R."""
    for name, part in (("x1", x1), ("x2", x2)):
        if part.rank < 2:
            raise InferenceError(f"{name} must have at least rank 2, found rank {part.rank}")
        check_floating(name, part)
    if not same_size(x1.sizes[-1], x2.sizes[-1]):
        raise InferenceError(f"x1 has {x1.sizes[-1]} columns, x2 has {x2.sizes[-1]}")
    dtype = promoted("x1 and x2", [x1, x2])
    return tensor(dtype, [*broadcast(x1.sizes[:-2], x2.sizes[:-2]), x1.sizes[-2], x2.sizes[-2]])


@infers("pdist", "_pdist_forward")
def pdist(self: Tensor) -> Tensor:
    """N x M -> N * (N - 1) / 2."""
    check_rank("self", self, 2)
    check_floating("self", self)
    rows = self.sizes[0]
    return tensor(self.dtype, [symbolic.floordiv(rows * (rows - 1), 2)])


_TRANSFORMED = {float32: complex64, float64: complex128}


@infers("_fft_r2c")
def fft_r2c(self: Tensor, dim: Sequence[int], onesided: bool) -> Tensor:
    """Real to complex; one-sided results have n/2 + 1 frequencies along the last of `dim`."""
    if self.dtype not in _TRANSFORMED:
        raise InferenceError(f"self must be of dtype float32 or float64, found {self.dtype}")
    dims = wrap_dims(dim, self.rank)
    sizes = list(self.sizes)
    if onesided and dims:
        sizes[dims[-1]] = symbolic.floordiv(sizes[dims[-1]], 2) + 1
    return tensor(_TRANSFORMED[self.dtype], sizes)


@infers("_fft_c2r")
def fft_c2r(self: Tensor, dim: Sequence[int], last_dim_size: Dim) -> Tensor:
    if self.dtype.kind is not Kind.COMPLEX:
        raise InferenceError(f"self must be complex, found {self.dtype}")
    if not dim:
        raise InferenceError("dim must name at least one dimension")
    last = wrap_dim(dim[-1], self.rank)
    real = next(real for real, transformed in _TRANSFORMED.items() if transformed is self.dtype)
    return tensor(real, [last_dim_size if axis == last else size for axis, size in enumerate(self.sizes)])


@infers("_fft_c2c")
def fft_c2c(self: Tensor, dim: Sequence[int]) -> Tensor:
    if self.dtype.kind is not Kind.COMPLEX:
        raise InferenceError(f"self must be complex, found {self.dtype}")
    wrap_dims(dim, self.rank)
    return tensor(self.dtype, self.sizes)
