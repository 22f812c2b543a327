"""Complex numbers as pairs of real ones.

    %z = aten.mul.Tensor(%x, %y)   complex     -->    re = a * c - b * d, im = a * d + b * c
                                                      %z = aten.view_as_complex(cat([re, im] as columns))

The stock runtime's kernels take no complex numbers, but its files hold them: a complex tensor has the bytes of a real
one with a last dimension of 2, so `view_as_real` and `view_as_complex` cost nothing. A rule takes its operands apart
into real and imaginary parts and joins its results; what one rule joins the next does not take apart again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from xdsl.ir import OpResult, SSAValue

from etc.dialects import aten
from etc.dialects.dtypes import Dtype, Kind, complex64, complex128, float32, float64
from etc.dialects.infer import wrap_dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes_complex
from etc.transforms.decompositions.copies import cast

_REAL = {complex64: float32, complex128: float64}

Parts = tuple[SSAValue, SSAValue | None]
"""Real and imaginary part; None for 0."""


def _is_complex(build: AtenBuilder, value: Any) -> bool:
    return isinstance(value, SSAValue) and build.type(value).dtype.kind is Kind.COMPLEX


def _part_dtype(build: AtenBuilder) -> Dtype:
    """The dtype of the parts of the result."""
    dtype = build.type(build.results[0]).dtype
    return _REAL.get(dtype, dtype)


def parts(build: AtenBuilder, value: Any, dtype: Dtype | None = None) -> Parts:
    """The parts of a tensor or number, in `dtype` where it is given."""
    if not isinstance(value, SSAValue):
        number, known = complex(value), dtype or float32
        return build.constant(number.real, known), build.constant(number.imag, known) if number.imag else None
    if not _is_complex(build, value):
        return cast(build, value, dtype), None
    re, im = _joined_from(value) or _split(build, value)
    return cast(build, re, dtype), cast(build, im, dtype)


def _both(build: AtenBuilder, value: Any, dtype: Dtype | None = None) -> tuple[SSAValue, SSAValue]:
    """As `parts`, with a tensor of zeros for 0."""
    re, im = parts(build, value, dtype)
    return re, build("zeros_like", re) if im is None else im


def _split(build: AtenBuilder, value: SSAValue) -> tuple[SSAValue, SSAValue]:
    both = build("view_as_real", value)
    return build("select.int", both, -1, 0), build("select.int", both, -1, 1)


def _joined_from(value: SSAValue) -> tuple[SSAValue, SSAValue] | None:
    """The parts that `join` made a value of."""
    columns = _operands(value, "view_as_complex")
    both = _operands(columns[0], "cat") if columns else ()
    found = [_operands(column, "unsqueeze") for column in both]
    return (found[0][0], found[1][0]) if len(found) == 2 and all(found) else None


def _operands(value: SSAValue, overload: str) -> Sequence[SSAValue]:
    if isinstance(value, OpResult) and isinstance(value.op, aten.AtenOp) and overload == value.op.ATEN:
        return tuple(value.op.operands)
    return ()


def join(build: AtenBuilder, re: SSAValue, im: SSAValue | None) -> SSAValue:
    """The complex tensor with these parts."""
    im = build("zeros_like", re) if im is None else im
    return build("view_as_complex", build("cat", [build("unsqueeze", part, -1) for part in (re, im)], -1))


def _sum(build: AtenBuilder, a: SSAValue | None, b: SSAValue | None) -> SSAValue | None:
    return b if a is None else a if b is None else build("add.Tensor", a, b)


def _difference(build: AtenBuilder, a: SSAValue | None, b: SSAValue | None) -> SSAValue | None:
    if b is None:
        return a
    return build("neg", b) if a is None else build("sub.Tensor", a, b)


Product = Callable[[SSAValue, SSAValue], SSAValue]


def _product(build: AtenBuilder, a: Parts, b: Parts, product: Product) -> SSAValue:
    """The joined product of two pairs for any bilinear product."""

    def of(x: SSAValue | None, y: SSAValue | None) -> SSAValue | None:
        return None if x is None or y is None else product(x, y)

    re = _difference(build, of(a[0], b[0]), of(a[1], b[1]))
    assert re is not None
    return join(build, re, _sum(build, of(a[0], b[1]), of(a[1], b[0])))


# ---- part by part --------------------------------------------------------------------------------------------------

# fmt: off
_PART_BY_PART = (
    "alias", "as_strided", "cat", "clone", "constant_pad_nd", "contiguous", "cumsum", "detach", "diagonal",
    "expand", "flip", "gather", "index.Tensor", "index_select", "lift_fresh_copy", "mean", "mean.dim", "neg",
    "permute", "repeat", "roll", "select.int", "slice.Tensor", "split.Tensor", "split_with_sizes", "squeeze",
    "squeeze.dim", "squeeze.dims", "stack", "sum", "sum.dim_IntList", "t", "transpose.int", "tril", "triu",
    "unbind.int", "unsqueeze", "view", "where.self", "index_put", "scatter.src", "scatter_add",
    "select_scatter", "slice_scatter", "reshape", "_unsafe_view", "expand_copy", "masked_scatter",
    "resolve_conj", "resolve_neg", "lift_fresh", "alias_copy",
)
# fmt: on
"""Linear functions, and those that move elements, whose other arguments are not complex."""


def _part_by_part(overload: str) -> Callable[..., Any]:
    def rule(build: AtenBuilder, **arguments: Any) -> Any:
        dtype = _part_dtype(build)
        if arguments.get("dtype") is not None:
            arguments["dtype"] = dtype
        columns = [_of_part(build, arguments, part, dtype) for part in (0, 1)]
        re, im = (build(overload, *column.values()) for column in columns)
        if isinstance(re, list):
            return [join(build, a, b) for a, b in zip(re, im, strict=True)]
        return join(build, re, im)

    rule.__doc__ = f"{overload}(x) -> {overload}(re), {overload}(im)"
    return rule


def _of_part(build: AtenBuilder, arguments: dict[str, Any], part: int, dtype: Dtype) -> dict[str, Any]:
    """Arguments with the tensors that have the result's dtype, or are to get it, replaced by one part."""

    def chosen(value: Any) -> Any:
        if isinstance(value, list):
            return [chosen(v) for v in value]
        return _both(build, value, dtype)[part] if _is_complex(build, value) else value

    changed = {name: chosen(value) for name, value in arguments.items()}
    for name in ("self", "other", "src", "values", "source"):
        value = arguments.get(name)
        if isinstance(value, SSAValue) and not _is_complex(build, value):
            changed[name] = _both(build, value, dtype)[part]
    if isinstance(tensors := arguments.get("tensors"), list):
        changed["tensors"] = [_both(build, t, dtype)[part] for t in tensors]
    if isinstance(number := arguments.get("value"), complex | float | int):
        changed["value"] = complex(number).imag if part else complex(number).real
    return changed


for _overload in _PART_BY_PART:
    decomposes_complex(_overload)(_part_by_part(_overload))


# ---- taking apart and joining --------------------------------------------------------------------------------------


@decomposes_complex("real")
def real(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """real(re + i im) -> re"""
    return parts(build, self)[0]


@decomposes_complex("imag")
def imag(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """imag(re + i im) -> im"""
    return _both(build, self)[1]


@decomposes_complex("view_as_real", "view_as_real_copy")
def view_as_real(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """view_as_real(view_as_complex(x)) -> x"""
    joined = _operands(self, "view_as_complex")
    return joined[0] if joined else None


@decomposes_complex("complex")
def complex_of(build: AtenBuilder, real: SSAValue, imag: SSAValue) -> SSAValue:
    """complex(x, y) -> x + i y"""
    wanted = list(build.type(build.results[0]).sizes)
    whole = (v if list(build.type(v).sizes) == wanted else build("expand", v, wanted) for v in (real, imag))
    return join(build, *whole)


@decomposes_complex("polar")
def polar(build: AtenBuilder, abs: SSAValue, angle: SSAValue) -> SSAValue:
    """polar(r, t) -> r cos(t) + i r sin(t)"""
    return join(build, *(build("mul.Tensor", abs, build(function, angle)) for function in ("cos", "sin")))


@decomposes_complex("_conj", "_conj_physical", "conj_physical", "conj")
def conj(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """conj(re + i im) -> re - i im"""
    re, im = parts(build, self)
    return join(build, re, _difference(build, None, im))


@decomposes_complex("_to_copy")
def to_copy(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """casts of both parts; of the real part to a real number; of whether one is not 0 to bool"""
    if dtype is None:
        return self
    re, im = parts(build, self, _REAL.get(dtype))
    if dtype in _REAL:
        return join(build, re, im)
    if dtype.kind is Kind.BOOL:
        return is_not_zero(build, self)
    return cast(build, re, dtype)


@decomposes_complex("zeros_like", "ones_like", "full_like", "full", "fill.Scalar", "scalar_tensor")
def filled(build: AtenBuilder, **arguments: Any) -> SSAValue:
    """full(size, re + i im) -> full(size, re) + i full(size, im)"""
    known = build.type(build.results[0])
    name = build.results[0].owner.name  # pyright: ignore[reportAttributeAccessIssue]  the result of an operation
    given = arguments.get("fill_value", arguments.get("value", arguments.get("s", 1 if "ones" in name else 0)))
    number = complex(given)
    if known.dtype not in _REAL:
        return build("full", list(known.sizes), number.real, dtype=known.dtype)
    dtype = _REAL[known.dtype]
    return join(build, *(build("full", list(known.sizes), v, dtype=dtype) for v in (number.real, number.imag)))


# ---- arithmetic ----------------------------------------------------------------------------------------------------


def _scaled(build: AtenBuilder, value: Parts, factor: Any, dtype: Dtype) -> Parts:
    if factor == 1:
        return value
    joined = _product(build, value, parts(build, factor, dtype), lambda x, y: build("mul.Tensor", x, y))
    return parts(build, joined)


@decomposes_complex("add.Tensor", "add.Scalar", "sub.Tensor", "sub.Scalar", "rsub.Scalar")
def add(build: AtenBuilder, self: SSAValue, other: Any, alpha: Any) -> SSAValue:
    """sums and differences part by part"""
    dtype = _part_dtype(build)
    name = build.results[0].owner.name  # pyright: ignore[reportAttributeAccessIssue]  the result of an operation
    a, b = parts(build, self, dtype), parts(build, other, dtype)
    if "rsub" in name:
        a, b = b, a
    b = _scaled(build, b, alpha, dtype)
    combine = _sum if ".add" in name else _difference
    re, im = combine(build, a[0], b[0]), combine(build, a[1], b[1])
    wanted = list(build.type(build.results[0]).sizes)
    whole = [v if v is None or list(build.type(v).sizes) == wanted else build("expand", v, wanted) for v in (re, im)]
    assert whole[0] is not None
    return join(build, whole[0], whole[1])


@decomposes_complex("mul.Tensor", "mul.Scalar")
def mul(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """(a + i b) * (c + i d) -> (ac - bd) + i (ad + bc)"""
    dtype = _part_dtype(build)
    return _product(
        build, parts(build, self, dtype), parts(build, other, dtype), lambda x, y: build("mul.Tensor", x, y)
    )


@decomposes_complex("square")
def square(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """square(z) -> z * z"""
    return build("mul.Tensor", self, self)


@decomposes_complex("div.Tensor", "div.Scalar")
def div(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """x / y -> x * reciprocal(y)"""
    dtype = _part_dtype(build)
    a, b = parts(build, self, dtype), parts(build, other, dtype)
    if b[1] is None:
        return join(build, *(None if p is None else build("div.Tensor", p, b[0]) for p in a))  # pyright: ignore[reportArgumentType]
    return _product(build, a, _inverse(build, b[0], b[1]), lambda x, y: build("mul.Tensor", x, y))


def _inverse(build: AtenBuilder, re: SSAValue, im: SSAValue) -> Parts:
    """1 / z with z scaled by its larger part, so that nothing overflows."""
    largest = build("maximum", build("abs", re), build("abs", im))
    a, b = (build("div.Tensor", part, largest) for part in (re, im))
    size = build("mul.Tensor", _squares(build, a, b), largest)
    return build("div.Tensor", a, size), build("neg", build("div.Tensor", b, size))


def _squares(build: AtenBuilder, re: SSAValue, im: SSAValue) -> SSAValue:
    return build("add.Tensor", *(build("mul.Tensor", part, part) for part in (re, im)))


@decomposes_complex("reciprocal")
def reciprocal(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """1 / z"""
    return join(build, *_inverse(build, *_both(build, self)))


@decomposes_complex("mm", "bmm")
def mm(build: AtenBuilder, self: SSAValue, mat2: SSAValue) -> SSAValue:
    """four products of real matrices"""
    overload = "mm" if build.type(self).rank == 2 else "bmm"
    return _product(build, parts(build, self), parts(build, mat2), lambda x, y: build(overload, x, y))


@decomposes_complex("addmm")
def addmm(build: AtenBuilder, self: SSAValue, mat1: SSAValue, mat2: SSAValue, beta: Any, alpha: Any) -> SSAValue:
    """addmm(c, a, b) -> beta * c + alpha * mm(a, b)"""
    product, start = build("mm", mat1, mat2), self if beta == 1 else build("mul.Scalar", self, beta)
    return build("add.Tensor", start, product if alpha == 1 else build("mul.Scalar", product, alpha))


# ---- functions -----------------------------------------------------------------------------------------------------


@decomposes_complex("abs")
def abs(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """abs(z) -> hypot(re, im)"""
    return build("hypot", *_both(build, self))


@decomposes_complex("angle")
def angle(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """angle(z) -> atan2(im, re)"""
    re, im = _both(build, self)
    return build("atan2", im, re)


@decomposes_complex("sgn")
def sgn(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """sgn(z) -> z / abs(z), and 0 for 0"""
    re, im = _both(build, self)
    size = build("hypot", re, im)
    safe = build("where.self", build("eq.Scalar", size, 0), build("ones_like", size), size)
    return join(build, *(build("div.Tensor", part, safe) for part in (re, im)))


@decomposes_complex("exp")
def exp(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """exp(z) -> polar(exp(re), im)"""
    re, im = _both(build, self)
    return build("polar", build("exp", re), im)


@decomposes_complex("log")
def log(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """log(z) -> log(abs(z)) + i angle(z)"""
    return join(build, build("log", build("abs", self)), build("angle", self))


@decomposes_complex("sqrt")
def sqrt(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """sqrt(z) -> sqrt((|z| + re) / 2) + i sign(im) sqrt((|z| - re) / 2)"""
    re, im = _both(build, self)
    size = build("hypot", re, im)
    halves = [
        build("sqrt", build("mul.Scalar", build("clamp", build(f"{f}.Tensor", size, re), 0), 0.5))
        for f in ("add", "sub")
    ]
    below = build("lt.Scalar", im, 0)
    return join(build, halves[0], build("where.self", below, build("neg", halves[1]), halves[1]))


@decomposes_complex("cosh", "sinh", "cos", "sin")
def circular(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """cosh(a + ib) = cosh(a) cos(b) + i sinh(a) sin(b), and so on"""
    name = build.results[0].owner.name.rpartition(".")[2]  # pyright: ignore[reportAttributeAccessIssue]
    re, im = _both(build, self)
    hyperbolic = name.endswith("h")
    size, turn = (re, im) if hyperbolic else (im, re)
    ch, sh, c, s = build("cosh", size), build("sinh", size), build("cos", turn), build("sin", turn)
    if name == "cosh":
        return join(build, build("mul.Tensor", ch, c), build("mul.Tensor", sh, s))
    if name == "sinh":
        return join(build, build("mul.Tensor", sh, c), build("mul.Tensor", ch, s))
    if name == "cos":
        return join(build, build("mul.Tensor", c, ch), build("neg", build("mul.Tensor", s, sh)))
    return join(build, build("mul.Tensor", s, ch), build("mul.Tensor", c, sh))


@decomposes_complex("pow.Tensor_Scalar")
def power(build: AtenBuilder, self: SSAValue, exponent: Any) -> SSAValue:
    """z^n for small whole n by products, else exp(n log(z))"""
    if exponent == int(exponent.real) and 1 <= exponent.real <= 8:
        result = self
        for _ in range(int(exponent.real) - 1):
            result = build("mul.Tensor", result, self)
        return result
    return build("exp", build("mul.Scalar", build("log", self), exponent))


@decomposes_complex("eq.Tensor", "eq.Scalar", "ne.Tensor", "ne.Scalar")
def equal(build: AtenBuilder, self: SSAValue, other: Any) -> SSAValue:
    """both parts are equal"""
    a, b = _both(build, self), _both(build, other)
    same = build("logical_and", *(build("eq.Tensor", x, y) for x, y in zip(a, b, strict=True)))
    name = build.results[0].owner.name  # pyright: ignore[reportAttributeAccessIssue]
    return build("logical_not", same) if ".ne" in name else same


def is_not_zero(build: AtenBuilder, value: SSAValue) -> SSAValue:
    return build("logical_or", *(build("ne.Scalar", part, 0) for part in _both(build, value)))


@decomposes_complex("logical_not")
def logical_not(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """neither part differs from 0"""
    return build("logical_not", is_not_zero(build, self))


@decomposes_complex("any", "any.dim", "any.dims", "logical_and", "logical_or", "logical_xor")
def of_truth(build: AtenBuilder, **arguments: Any) -> SSAValue:
    """whether numbers differ from 0, and on with that"""
    changed = {n: is_not_zero(build, v) if _is_complex(build, v) else v for n, v in arguments.items()}
    return build(build.results[0].owner.ATEN, **changed)  # pyright: ignore[reportAttributeAccessIssue]


@decomposes_complex("isnan", "isinf")
def in_either(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """either part is"""
    overload: str = build.results[0].owner.ATEN  # pyright: ignore[reportAttributeAccessIssue]
    return build("logical_or", *(build(overload, part) for part in _both(build, self)))


@decomposes_complex("linalg_vector_norm")
def vector_norm(build: AtenBuilder, self: SSAValue, **arguments: Any) -> SSAValue:
    """norm(z) -> norm(abs(z))"""
    dtype = arguments.pop("dtype", None)
    return build("linalg_vector_norm", build("abs", self), dtype=_REAL.get(dtype, dtype), **arguments)


# ---- Fourier transforms --------------------------------------------------------------------------------------------


def _scale(normalization: int, count: int) -> float:
    """torch's numbers of normalisations: 0 none, 1 by the root of the number of elements, 2 by it."""
    return {0: 1.0, 1: 1 / math.sqrt(count), 2: 1 / count}[normalization]


def _count(build: AtenBuilder, self: SSAValue, dims: Sequence[int]) -> int | None:
    count = 1
    for d in dims:
        size = build.type(self).sizes[d]
        if not isinstance(size, int):
            return None
        count *= size
    return count


def _transformed(build: AtenBuilder, part: SSAValue, dim: int) -> tuple[SSAValue, SSAValue]:
    """The transform of a real tensor along a dimension, all frequencies: X[n - k] is the conjugate of X[k]."""
    size = build.type(part).sizes[dim]
    assert isinstance(size, int)
    halves = _split(build, build("_fft_r2c", part, [dim], 0, True))
    if size <= 2:
        return halves
    mirrored = [build("flip", build("slice.Tensor", h, dim, 1, (size + 1) // 2), [dim]) for h in halves]
    whole = [
        build("cat", [h, build("neg", m) if i else m], dim)
        for i, (h, m) in enumerate(zip(halves, mirrored, strict=True))
    ]
    return whole[0], whole[1]


def _c2c(build: AtenBuilder, re: SSAValue, im: SSAValue | None, dims: Sequence[int], forward: bool) -> Parts:
    """An unscaled transform along dimensions, one after the other; backward ones are conjugated before and after."""
    if not forward:
        im = _difference(build, None, im)
    for dim in dims:
        a, b = _transformed(build, re, dim)
        if im is not None:
            c, d = _transformed(build, im, dim)
            a, b = build("sub.Tensor", a, d), build("add.Tensor", b, c)
        re, im = a, b
    return re, im if forward else _difference(build, None, im)


def _result(build: AtenBuilder, found: Parts, scale: float) -> SSAValue:
    scaled = [p if p is None or scale == 1 else build("mul.Scalar", p, scale) for p in found]
    assert scaled[0] is not None
    return join(build, scaled[0], scaled[1])


@decomposes_complex("_fft_c2c")
def fft_c2c(
    build: AtenBuilder, self: SSAValue, dim: Sequence[int], normalization: int, forward: bool
) -> SSAValue | None:
    """transforms of the real and the imaginary part"""
    dims = [wrap_dim(d, build.type(self).rank) for d in dim]
    count = _count(build, self, dims)
    if not count:
        return None
    return _result(build, _c2c(build, *_both(build, self), dims, forward), _scale(normalization, count))


@decomposes_complex("_fft_r2c")
def fft_r2c(
    build: AtenBuilder, self: SSAValue, dim: Sequence[int], normalization: int, onesided: bool
) -> SSAValue | None:
    """along one dimension the runtime's kernel, along the others complex transforms"""
    dims = [wrap_dim(d, build.type(self).rank) for d in dim]
    count = _count(build, self, dims)
    if not count or (onesided and len(dims) == 1 and not normalization):
        return None
    if onesided:
        halves = _split(build, build("_fft_r2c", self, [dims[-1]], 0, True))
    else:
        halves = _transformed(build, self, dims[-1])
    return _result(build, _c2c(build, *halves, dims[:-1], True), _scale(normalization, count))


@decomposes_complex("_fft_c2r")
def fft_c2r(
    build: AtenBuilder, self: SSAValue, dim: Sequence[int], normalization: int, last_dim_size: int
) -> SSAValue | None:
    """along the last dimension the runtime's kernel, along the others complex transforms"""
    dims = [wrap_dim(d, build.type(self).rank) for d in dim]
    count = _count(build, build.results[0], dims)
    if not count or (len(dims) == 1 and not normalization):
        return None
    half = last_dim_size // 2 + 1
    re, im = (
        build("slice.Tensor", p, dims[-1], 0, half) if build.type(p).sizes[dims[-1]] != half else p
        for p in _both(build, self)
    )
    found = _c2c(build, re, im, dims[:-1], False)
    result = build("_fft_c2r", join(build, *found), [dims[-1]], 0, last_dim_size)
    scale = _scale(normalization, count)
    return result if scale == 1 else build("mul.Scalar", result, scale)
