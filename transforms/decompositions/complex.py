"""Complex numbers as pairs of real ones.

    %z = aten.mul.Tensor(%x, %y)   complex     -->    re = a * c - b * d, im = a * d + b * c
                                                      %z = aten.view_as_complex(cat([re, im] as columns))

The stock runtime's kernels take no complex numbers, but its files hold them: a complex tensor has the bytes of a real
one with a last dimension of 2, so `view_as_real` and `view_as_complex` cost nothing. A rule takes its operands apart
into real and imaginary parts and joins its results; what one rule joins the next does not take apart again.

Here are the rules that take apart, join and move elements; `complex_arithmetic` and `complex_fourier` have the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.ir import OpResult, SSAValue

from etc.dialects import aten
from etc.dialects.dtypes import Dtype, Kind, complex64, complex128, float32, float64
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes_complex
from etc.transforms.decompositions.copies import cast

REAL_OF = {complex64: float32, complex128: float64}
"""The dtype of the parts of a complex one."""

Parts = tuple[SSAValue, SSAValue | None]
"""Real and imaginary part; None for 0."""


def is_complex(build: AtenBuilder, value: Any) -> bool:
    """Whether a value is a complex tensor."""
    return isinstance(value, SSAValue) and build.type(value).dtype.kind is Kind.COMPLEX


def part_dtype(build: AtenBuilder) -> Dtype:
    """The dtype of the parts of the result."""
    dtype = build.type(build.results[0]).dtype
    return REAL_OF.get(dtype, dtype)


def overload_of(build: AtenBuilder) -> str:
    """The key of the operator that is decomposed, for rules of several."""
    op = build.results[0].owner
    assert isinstance(op, aten.AtenOp)
    return op.ATEN


def parts(build: AtenBuilder, value: Any, dtype: Dtype | None = None) -> Parts:
    """The parts of a tensor or number, in `dtype` where it is given."""
    if not isinstance(value, SSAValue):
        number, known = complex(value), dtype or float32
        return build.constant(number.real, known), build.constant(number.imag, known) if number.imag else None
    if not is_complex(build, value):
        return cast(build, value, dtype), None
    re, im = _joined_from(value) or split(build, value)
    return cast(build, re, dtype), cast(build, im, dtype)


def both_parts(build: AtenBuilder, value: Any, dtype: Dtype | None = None) -> tuple[SSAValue, SSAValue]:
    """As `parts`, with a tensor of zeros for 0."""
    re, im = parts(build, value, dtype)
    return re, build("zeros_like", re) if im is None else im


def split(build: AtenBuilder, value: SSAValue) -> tuple[SSAValue, SSAValue]:
    """Real and imaginary part of a complex tensor, taken from its bytes."""
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


def total(build: AtenBuilder, a: SSAValue | None, b: SSAValue | None) -> SSAValue | None:
    """a + b, where None is 0"""
    return b if a is None else a if b is None else build("add.Tensor", a, b)


def difference(build: AtenBuilder, a: SSAValue | None, b: SSAValue | None) -> SSAValue | None:
    """a - b, where None is 0"""
    if b is None:
        return a
    return build("neg", b) if a is None else build("sub.Tensor", a, b)


def is_not_zero(build: AtenBuilder, value: SSAValue) -> SSAValue:
    """Where one of the parts differs from 0."""
    return build("logical_or", *(build("ne.Scalar", part, 0) for part in both_parts(build, value)))


# ---- part by part --------------------------------------------------------------------------------------------------

# fmt: off
_PART_BY_PART = (
    "alias", "cat", "clone", "constant_pad_nd", "contiguous", "cumsum", "detach", "diagonal",
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
        dtype = part_dtype(build)
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
        return both_parts(build, value, dtype)[part] if is_complex(build, value) else value

    changed = {name: chosen(value) for name, value in arguments.items()}
    for name in ("self", "other", "src", "values", "source"):
        value = arguments.get(name)
        if isinstance(value, SSAValue) and not is_complex(build, value):
            changed[name] = both_parts(build, value, dtype)[part]
    if isinstance(tensors := arguments.get("tensors"), list):
        changed["tensors"] = [both_parts(build, t, dtype)[part] for t in tensors]
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
    return both_parts(build, self)[1]


@decomposes_complex("view_as_real", "view_as_real_copy")
def view_as_real(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """view_as_real(view_as_complex(x)) -> x"""
    if joined := _operands(self, "view_as_complex"):
        return joined[0]
    return None if overload_of(build) == "view_as_real" else build("view_as_real", self)


@decomposes_complex("as_strided")
def as_strided(build: AtenBuilder, self: SSAValue, size: list[Any], stride: list[Any], storage_offset: Any) -> SSAValue:
    """as_strided(z, sizes, strides) -> its pairs of reals, at strides twice as long"""
    pairs = build(
        "as_strided", build("view_as_real", self), [*size, 2], [s * 2 for s in stride] + [1], (storage_offset or 0) * 2
    )
    return build("view_as_complex", pairs)


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
    return join(build, re, difference(build, None, im))


@decomposes_complex("_to_copy")
def to_copy(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """casts of both parts; of the real part to a real number; of whether one is not 0 to bool"""
    if dtype is None:
        return self
    re, im = parts(build, self, REAL_OF.get(dtype))
    if dtype in REAL_OF:
        return join(build, re, im)
    if dtype.kind is Kind.BOOL:
        return is_not_zero(build, self)
    return cast(build, re, dtype)


@decomposes_complex("zeros_like", "ones_like", "full_like", "full", "fill.Scalar", "scalar_tensor")
def filled(build: AtenBuilder, **arguments: Any) -> SSAValue:
    """full(size, re + i im) -> full(size, re) + i full(size, im)"""
    known = build.type(build.results[0])
    otherwise = 1 if overload_of(build) == "ones_like" else 0
    given = arguments.get("fill_value", arguments.get("value", arguments.get("s", otherwise)))
    number = complex(given)
    if known.dtype not in REAL_OF:
        return build("full", list(known.sizes), number.real, dtype=known.dtype)
    dtype = REAL_OF[known.dtype]
    return join(build, *(build("full", list(known.sizes), v, dtype=dtype) for v in (number.real, number.imag)))
