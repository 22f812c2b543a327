"""What optimisation passes may know of an edge op without knowing which it is."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.traits import OpTrait


@dataclass(frozen=True)
class Elementwise(OpTrait):
    """Each element of the result depends on the elements at the same place of the operands, after broadcasting."""


@dataclass(frozen=True)
class Commutative(OpTrait):
    """The first two operands may change places."""


@dataclass(frozen=True)
class Involution(OpTrait):
    """f(f(x)) = x"""


@dataclass(frozen=True)
class Idempotent(OpTrait):
    """f(f(x)) = f(x), with the same properties"""


@dataclass(frozen=True)
class ZeroPreserving(OpTrait):
    """f(0) = 0, exactly: padding with zeros and the op may change places."""


@dataclass(frozen=True)
class View(OpTrait):
    """The result has elements of the first operand, moved but not changed; a view where memory order allows."""


@dataclass(frozen=True)
class Reshape(OpTrait):
    """The result has the elements of the first operand in the same order, under other sizes."""


@dataclass(frozen=True)
class BitCast(OpTrait):
    """The result has the bytes of the first operand, read as elements of another type."""
