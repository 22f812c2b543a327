"""`edge`: functional operators on tensors of stated dtype, shape and dim order.

Every operand and result is a tensor; scalars are rank-0 tensors or properties. Type promotion is explicit, views are
copies, memory formats are dim orders in the type, and sizes known only at run time are expressions over the method's
symbols:

    %y = edge.conv(%x, %w, bias=%b, stride=[2, 2], padding=[1, 1], …) : (…) -> tensor<1x32x112x112xf32>
    %v = edge.view_copy(%y, size=[s0, 128]) : (…) -> tensor<?x128xf32, #edge.layout<sizes = [s0, 128]>>

`edge.add(a, b)` builds an `edge.AddOp` and computes its type.
"""

from __future__ import annotations

from typing import Any

from xdsl.ir import Dialect

from etc.dialects.edge import (
    binary,
    control_flow,
    convolution,
    creation,
    elementwise,
    indexing,
    linear_algebra,
    normalization,
    padding,
    pooling,
    reduction,
    resampling,
    shape,
    slicing,
    unary,
)
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.binary import *  # noqa: F403
from etc.dialects.edge.control_flow import *  # noqa: F403
from etc.dialects.edge.convolution import *  # noqa: F403
from etc.dialects.edge.creation import *  # noqa: F403
from etc.dialects.edge.elementwise import *  # noqa: F403
from etc.dialects.edge.indexing import *  # noqa: F403
from etc.dialects.edge.linear_algebra import *  # noqa: F403
from etc.dialects.edge.normalization import *  # noqa: F403
from etc.dialects.edge.padding import *  # noqa: F403
from etc.dialects.edge.pooling import *  # noqa: F403
from etc.dialects.edge.reduction import *  # noqa: F403
from etc.dialects.edge.resampling import *  # noqa: F403
from etc.dialects.edge.shape import *  # noqa: F403
from etc.dialects.edge.slicing import *  # noqa: F403
from etc.dialects.edge.unary import *  # noqa: F403
from etc.dialects.tensor import LayoutAttr

_FAMILIES = (
    binary,
    convolution,
    creation,
    elementwise,
    indexing,
    linear_algebra,
    normalization,
    padding,
    pooling,
    reduction,
    resampling,
    shape,
    slicing,
    unary,
)

OPERATIONS: tuple[type[EdgeOp], ...] = tuple(
    sorted(
        (op for family in _FAMILIES for op in family.OPS),
        key=lambda op: op.name,
    )
)
"""All classes of operators, by name; control flow is not among them."""

Edge = Dialect("edge", [*OPERATIONS, *control_flow.OPERATIONS], [LayoutAttr])

_BUILDERS = {op.name.removeprefix("edge."): op.of for op in OPERATIONS}


def __getattr__(name: str) -> Any:
    """`edge.add`: the builder of `edge.AddOp`."""
    if name in _BUILDERS:
        return _BUILDERS[name]
    raise AttributeError(f"the edge dialect has no {name}")
