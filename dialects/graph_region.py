"""A trait for ops whose regions are tables: the order of their ops is data, not time."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.traits import OpTrait


@dataclass(frozen=True)
class GraphRegion(OpTrait):
    """A value may be used by an op that comes before the one that defines it (MLIR's graph regions)."""
