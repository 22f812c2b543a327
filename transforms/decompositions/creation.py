"""Creation of tensors: filled, by analogy with others, in sequence, of a triangle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import Rule, decomposes


def _filled(value: int) -> Rule:
    def rule(build: AtenBuilder, size: Any, dtype: Dtype | None) -> SSAValue:
        """zeros(sizes) -> full(sizes, 0)"""
        return build("full", size, value, dtype=dtype or dtypes.float32)

    return rule


def _filled_like(value: int) -> Rule:
    def rule(build: AtenBuilder, self: SSAValue, dtype: Dtype | None = None) -> SSAValue:
        """zeros_like(x) -> full(sizes of x, 0)"""
        known = build.type(self)
        return build("full", list(known.sizes), value, dtype=dtype or known.dtype)

    return rule


def _new_filled(value: int) -> Rule:
    def rule(build: AtenBuilder, self: SSAValue, size: Any, dtype: Dtype | None) -> SSAValue:
        """new_zeros(x, sizes) -> full(sizes, 0)"""
        return build("full", size, value, dtype=dtype or build.type(self).dtype)

    return rule


# What torch leaves undefined is 0 here: the same in every run.
decomposes("zeros", "empty.memory_format", "empty_permuted", "empty_strided")(_filled(0))
decomposes("ones")(_filled(1))
decomposes("zeros_like", "zero", "empty_like")(_filled_like(0))
decomposes("ones_like")(_filled_like(1))
decomposes("new_zeros", "new_empty", "new_empty_strided")(_new_filled(0))
decomposes("new_ones")(_new_filled(1))


@decomposes("new_full")
def new_full(build: AtenBuilder, self: SSAValue, size: Any, fill_value: Any, dtype: Dtype | None) -> SSAValue:
    """new_full(x, sizes, v) -> full(sizes, v)"""
    return build("full", size, fill_value, dtype=dtype or build.type(self).dtype)


@decomposes("arange", "arange.start")
def arange(build: AtenBuilder, end: Any, dtype: Dtype | None, **given: Any) -> SSAValue:
    """arange(end) -> arange(0, end, 1)"""
    return build("arange.start_step", given.get("start", 0), end, 1, dtype=dtype)


@decomposes("linspace")
def linspace(build: AtenBuilder, start: Any, end: Any, steps: int, dtype: Dtype | None) -> SSAValue | None:
    """linspace(a, b, n) -> arange(n) * ((b - a) / (n - 1)) + a"""
    if dtype not in (None, dtypes.float32) or steps < 2 or not all(isinstance(v, int | float) for v in (start, end)):
        return None
    numbers = build("arange.start_step", 0, steps, dtype=dtypes.float32)
    return build("add.Scalar", build("mul.Scalar", numbers, (end - start) / (steps - 1)), float(start))


def compare_positions(build: AtenBuilder, comparison: str, rows: Dim, columns: Dim, offset: Dim = 0) -> SSAValue:
    """(rows, columns) of bool: `comparison` of each column's number with its row's number plus `offset`."""
    row_numbers = build("arange.start_step", offset, rows + offset, dtype=dtypes.int64)
    column_numbers = build("arange.start_step", 0, columns, dtype=dtypes.int64)
    return build(comparison, column_numbers, build("unsqueeze", row_numbers, 1))


@decomposes("eye", "eye.m")
def eye(build: AtenBuilder, n: Dim, dtype: Dtype | None, **columns: Dim) -> SSAValue:
    """eye(n) -> _to_copy(arange(n) == unsqueeze(arange(n)))"""
    same = compare_positions(build, "eq.Tensor", n, columns.get("m", n))
    return build("_to_copy", same, dtype=dtype or dtypes.float32)


@decomposes("tril")
def tril(build: AtenBuilder, self: SSAValue, diagonal: Dim) -> SSAValue:
    """tril(x, d) -> where(column <= row + d, x, 0)"""
    return _triangle(build, "le.Tensor", self, diagonal)


@decomposes("triu")
def triu(build: AtenBuilder, self: SSAValue, diagonal: Dim) -> SSAValue:
    """triu(x, d) -> where(column >= row + d, x, 0)"""
    return _triangle(build, "ge.Tensor", self, diagonal)


def _triangle(build: AtenBuilder, comparison: str, self: SSAValue, diagonal: Dim) -> SSAValue:
    known = build.type(self)
    kept = compare_positions(build, comparison, known.sizes[-2], known.sizes[-1], diagonal)
    return build("where.self", kept, self, build.constant(0, known.dtype))


def _positions(build: AtenBuilder, pairs: Sequence[tuple[int, int]], dtype: Dtype | None) -> SSAValue:
    """(2, n): the rows, then the columns."""
    numbers = [pair[i] for i in (0, 1) for pair in pairs]
    return build.constant(numbers, dtype or dtypes.int64, [2, len(pairs)])


@decomposes("tril_indices")
def tril_indices(build: AtenBuilder, row: int, col: int, offset: int, dtype: Dtype | None) -> SSAValue:
    """tril_indices(r, c) -> constant"""
    return _positions(build, [(i, j) for i in range(row) for j in range(col) if j <= i + offset], dtype)


@decomposes("triu_indices")
def triu_indices(build: AtenBuilder, row: int, col: int, offset: int, dtype: Dtype | None) -> SSAValue:
    """triu_indices(r, c) -> constant"""
    return _positions(build, [(i, j) for i in range(row) for j in range(col) if j >= i + offset], dtype)


@decomposes("one_hot")
def one_hot(build: AtenBuilder, self: SSAValue, num_classes: Dim) -> SSAValue | None:
    """one_hot(x, n) -> _to_copy(unsqueeze(x) == arange(n))"""
    if num_classes == -1:
        return None
    classes = build("arange.start_step", 0, num_classes, 1, dtype=dtypes.int64)
    return build("_to_copy", build("eq.Tensor", build("unsqueeze", self, -1), classes), dtype=dtypes.int64)


@decomposes("meshgrid", "meshgrid.indexing")
def meshgrid(build: AtenBuilder, tensors: Sequence[SSAValue], **order: str) -> list[SSAValue]:
    """meshgrid(xs) -> expand of each along the dimensions of the others; xy order exchanges the first two"""
    count = len(tensors)
    axes = list(range(count))
    if order.get("indexing", "ij") == "xy" and count > 1:
        axes[:2] = 1, 0
    numels = [build.type(t).numel for t in tensors]
    sizes = [numels[axes[i]] for i in range(count)]
    shaped = (
        build("view", t, [n if axes[i] == axis else 1 for axis in range(count)])
        for i, (t, n) in enumerate(zip(tensors, numels, strict=True))
    )
    return [build("expand", t, sizes) for t in shaped]
