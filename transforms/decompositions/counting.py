"""Distinct elements, positions of nonzero ones, histograms.

How many elements are distinct is known only at run time: results are chosen by masks.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import dtypes, symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast
from etc.transforms.decompositions.real import Real, finished, real


def _numbers(build: AtenBuilder, count: Dim) -> SSAValue:
    return build("arange.start_step", 0, count, dtype=dtypes.int64)


def _run_starts(build: AtenBuilder, values: SSAValue) -> SSAValue:
    """Whether an element differs from the one before it."""
    size = build.type(values).sizes[0]
    neighbours = (build("slice.Tensor", values, 0, start, start + size - 1) for start in (1, 0))
    first = build("full", [1], True, dtype=dtypes.bool_)
    return build("cat", [first, build("ne.Tensor", *neighbours)], 0)


def _runs(build: AtenBuilder, values: SSAValue) -> tuple[SSAValue, SSAValue, SSAValue]:
    """Of a vector: the first of equal neighbours, the number of the run that each element is in, the runs' lengths."""
    starts = _run_starts(build, values)
    sizes = list(build.type(values).sizes)
    group = build("sub.Scalar", build("cumsum", build("_to_copy", starts, dtype=dtypes.int64), 0), 1)
    zeros, ones = (build("full", sizes, value, dtype=dtypes.int64) for value in (0, 1))
    lengths = build("gather", build("scatter_add", zeros, 0, group, ones), 0, group)
    return build("index.Tensor", values, [starts]), group, build("index.Tensor", lengths, [starts])


def _results(
    build: AtenBuilder, like: SSAValue, found: SSAValue, inverse: SSAValue, counts: SSAValue, wanted: Sequence[bool]
) -> list[SSAValue]:
    none = build("full", [0], 0, dtype=dtypes.int64)
    shaped = build("view", inverse, list(build.type(like).sizes)) if wanted[0] else none
    return [cast(build, found, build.type(like).dtype), shaped, counts if wanted[1] else none]


def _vector(build: AtenBuilder, self: SSAValue) -> SSAValue | None:
    """The elements in a row, bools as numbers; None when there are none."""
    known = build.type(self)
    if known.numel == 0:
        return None
    flat = build("view", self, [known.numel])
    return build("_to_copy", flat, dtype=dtypes.uint8) if known.dtype is dtypes.bool_ else flat


@decomposes("_unique2")
def unique(build: AtenBuilder, self: SSAValue, return_inverse: bool, return_counts: bool) -> list[SSAValue] | None:
    """unique(x) -> the first elements of the runs of sort(x)"""
    flat = _vector(build, self)
    if flat is None:
        return None
    ordered, places = build("topk", flat, build.type(flat).sizes[0], 0, False)
    found, group, counts = _runs(build, ordered)
    inverse = build("scatter.src", group, 0, places, group)
    return _results(build, self, found, inverse, counts, (return_inverse, return_counts))


@decomposes("unique_consecutive")
def unique_consecutive(
    build: AtenBuilder, self: SSAValue, return_inverse: bool, return_counts: bool, dim: int | None
) -> list[SSAValue] | None:
    """unique_consecutive(x) -> the first elements of the runs of x"""
    flat = _vector(build, self)
    if flat is None or (dim is not None and build.type(self).rank != 1):
        return None
    return _results(build, self, *_runs(build, flat), (return_inverse, return_counts))


@decomposes("nonzero_static")
def nonzero_static(build: AtenBuilder, self: SSAValue, size: Dim, fill_value: int) -> SSAValue:
    """nonzero(x), cut off or filled up to a number of rows: coordinates are scattered to the rows they belong in"""
    known = build.type(self)
    if known.numel == 0 or not known.rank:
        return build("full", [size, known.rank], fill_value, dtype=dtypes.int64)
    chosen = build("view", build("ne.Scalar", self, 0), [known.numel])
    rank = build("cumsum", build("_to_copy", chosen, dtype=dtypes.int64), 0)
    fits = build("logical_and", chosen, build("le.Scalar", rank, size))
    row = build("where.self", fits, build("sub.Scalar", rank, 1), build.constant(size, dtypes.int64))
    empty = build("full", [size + 1], fill_value, dtype=dtypes.int64)
    columns: list[SSAValue] = []
    for dim, count in enumerate(known.sizes):
        stride = symbolic.product(known.sizes[dim + 1 :])
        whole = build("div.Scalar_mode", _numbers(build, known.numel), stride, rounding_mode="floor")
        column = build("scatter.src", empty, 0, row, build("remainder.Scalar", whole, count))
        columns.append(build("unsqueeze", build("slice.Tensor", column, 0, 0, size), 1))
    return build("cat", columns, 1)


def _counted(build: AtenBuilder, place: Real, is_inside: Real, bins: int, weight: Real) -> Real:
    """(bins): the sum of the weights of elements in each place; those outside do not count."""
    row = is_inside.where(place, float(bins)).to(dtypes.int64)
    zeros = build("full", [bins + 1], 0, dtype=weight.dtype)
    counts = build("scatter_add", zeros, 0, row.value, weight.value)
    return Real(build, build("slice.Tensor", counts, 0, 0, bins))


def _limits(x: Real, low: float, high: float, margin: float) -> tuple[Real, Real]:
    """The ends of a histogram: those given, or the data's; each moved by the margin where they are the same."""
    build = x.build
    ends = [Real(build, build.constant(float(end), x.dtype)) for end in (low, high)]
    if low == high and build.type(x.value).numel != 0:
        ends = [x.of(end, [0]) for end in ("amin", "amax")]
    same = ends[0].equals(ends[1])
    return same.where(ends[0] - margin, ends[0]), same.where(ends[1] + margin, ends[1])


@decomposes("histc")
def histc(build: AtenBuilder, self: SSAValue, bins: int, min: float, max: float) -> SSAValue:
    """how many elements are in each of `bins` equal parts of [min, max]"""
    x = real(build, self).of("view", [build.type(self).numel])
    low, high = _limits(x, min, max, 1.0)
    is_inside = x.of("ge.Tensor", low) & x.of("le.Tensor", high)
    place = ((x - low) * float(bins) / (high - low)).of("floor").of("clamp", 0.0, float(bins - 1))
    return finished(_counted(build, place, is_inside, bins, _ones(x)))


def _ones(x: Real) -> Real:
    return Real(x.build, x.build("full", list(x.sizes), 1, dtype=x.dtype))


def _histogram(x: Real, edges: Real, weight: SSAValue | None, density: bool) -> list[SSAValue]:
    """Elements between neighbouring edges, the last edge included; by `density`, of which the integral is 1."""
    build = x.build
    bins = build.fixed_size(edges.value, 0) - 1
    reached = x.of("unsqueeze", 1).of("ge.Tensor", edges)
    place = (reached.to(x.dtype).of("sum.dim_IntList", [1]) - 1.0).of("clamp", None, float(bins - 1))
    first, last = (edges.of("select.int", 0, i) for i in (0, bins))
    is_inside = x.of("ge.Tensor", first) & x.of("le.Tensor", last)
    weights = _ones(x) if weight is None else real(build, weight).of("view", list(x.sizes))
    counts = _counted(build, place, is_inside, bins, weights)
    if density:
        widths = edges.of("slice.Tensor", 0, 1, bins + 1) - edges.of("slice.Tensor", 0, 0, bins)
        counts = counts / (counts.of("sum.dim_IntList", [0]) * widths)
    return [counts.value, edges.value]


@decomposes("histogram.bin_ct")
def histogram(
    build: AtenBuilder,
    self: SSAValue,
    bins: int,
    range: Sequence[float] | None,
    weight: SSAValue | None,
    density: bool,
) -> list[SSAValue]:
    """the histogram of equal parts of the range, or of the data's"""
    x = real(build, self).of("view", [build.type(self).numel])
    least, most = range or (0.0, 0.0)
    low, high = _limits(x, least, most, 0.5)
    numbers = Real(build, _numbers(build, bins + 1)).to(x.dtype)
    step = (high - low) / float(bins)
    edges = (numbers < (bins + 1) / 2).where(low + step * numbers, high - step * (numbers * -1.0 + float(bins)))
    return _histogram(x, edges, weight, density)


@decomposes("histogram.bins_tensor")
def histogram_of_edges(
    build: AtenBuilder, self: SSAValue, bins: SSAValue, weight: SSAValue | None, density: bool
) -> list[SSAValue]:
    """the histogram of the parts between edges"""
    x = real(build, self).of("view", [build.type(self).numel])
    return _histogram(x, real(build, bins), weight, density)
