"""Dimensions as arguments name them."""

from __future__ import annotations

from collections.abc import Container, Sequence

from etc.dialects.symbolic import Dim
from etc.errors import EtcError


def axes_of(dim: int | Sequence[int] | None, rank: int) -> list[int]:
    """Dimensions counted from 0, ascending; None and an empty list mean all. A scalar has one dimension to name."""
    named = [dim] if isinstance(dim, int) else list(dim or ())
    return sorted(d % max(rank, 1) for d in named) if named else list(range(rank))


def with_ones(sizes: Sequence[Dim], axes: Container[int]) -> list[Dim]:
    """`sizes` with 1 in place of those at `axes`."""
    return [1 if i in axes else size for i, size in enumerate(sizes)]


def numbers(values: Sequence[Dim] | Dim | None, name: str, count: int, default: Sequence[int] = ()) -> list[int]:
    """One number per dimension: one value stands for all, none for the default.

    Raises EtcError for values that are known only at run time.
    """
    given = [values] if isinstance(values, int) else list(values or ()) if isinstance(values, Sequence) else [values]  # pyright: ignore
    known = [v for v in given or default if isinstance(v, int)]
    if len(known) < len(given):
        raise EtcError(f"`{name}` is known only at run time", expected="numbers", found=", ".join(map(str, given)))
    return known * count if len(known) == 1 else known
