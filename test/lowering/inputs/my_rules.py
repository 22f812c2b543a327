"""Decompositions of custom operators, for the tests of --load."""

from __future__ import annotations

from xdsl.ir import SSAValue

from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("myns::scaled_relu")
def scaled_relu(build: AtenBuilder, x: SSAValue, factor: float) -> SSAValue:
    """scaled_relu(x, f) -> relu(x) * f"""
    return build("mul.Scalar", build("relu", x), factor)


@decomposes("myns::halves.dim")
def halves(build: AtenBuilder, x: SSAValue, dim: int) -> list[SSAValue]:
    """halves(x, dim) -> its first and its second half"""
    return build("chunk", x, 2, dim)


@decomposes("myns::wrong")
def wrong(build: AtenBuilder, x: SSAValue) -> SSAValue:
    """A rule that gives other sizes than the operator."""
    return build("unsqueeze", x, 0)
