"""Tensors with a border: constant, mirrored, or of the nearest element.

Amounts come in pairs, before and after, from the last dimension backwards: [left, right, top, bottom, front, back].
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import TENSOR, EdgeOp, dims, scalar


@irdl_op_definition
class ConstantPadNdOp(EdgeOp):
    """`self` with a border of `value`; negative amounts cut. Keeps the dim order.

    H x W with pad = [l, r, t, b] gives H+t+b x W+l+r.
    """

    name = "edge.constant_pad_nd"
    ATEN: ClassVar = "constant_pad_nd"
    KERNEL: ClassVar = "constant_pad_nd.out"
    self_ = operand_def(TENSOR)
    pad = dims()
    value = scalar()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


class ImagePadOp(EdgeOp, ABC):
    """A border around the spatial dimensions of [N] x C x spatial. Plain dim order."""

    self_ = operand_def(TENSOR)
    padding = dims()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ReflectionPad1dOp(ImagePadOp):
    """The border mirrors the tensor at its outermost elements, which are not repeated: 321 | 0123 | 210."""

    name = "edge.reflection_pad1d"
    ATEN: ClassVar = "reflection_pad1d"
    KERNEL: ClassVar = "reflection_pad1d.out"


@irdl_op_definition
class ReflectionPad2dOp(ImagePadOp):
    """As reflection_pad1d, for H x W; an amount is at most the size minus 1."""

    name = "edge.reflection_pad2d"
    ATEN: ClassVar = "reflection_pad2d"
    KERNEL: ClassVar = "reflection_pad2d.out"


@irdl_op_definition
class ReflectionPad3dOp(ImagePadOp):
    """As reflection_pad1d, for D x H x W; an amount is at most the size minus 1."""

    name = "edge.reflection_pad3d"
    ATEN: ClassVar = "reflection_pad3d"
    KERNEL: ClassVar = "reflection_pad3d.out"


@irdl_op_definition
class ReplicationPad1dOp(ImagePadOp):
    """The border repeats the outermost elements: 000 | 0123 | 333."""

    name = "edge.replication_pad1d"
    ATEN: ClassVar = "replication_pad1d"
    KERNEL: ClassVar = "replication_pad1d.out"


@irdl_op_definition
class ReplicationPad2dOp(ImagePadOp):
    """As replication_pad1d, for H x W."""

    name = "edge.replication_pad2d"
    ATEN: ClassVar = "replication_pad2d"
    KERNEL: ClassVar = "replication_pad2d.out"


@irdl_op_definition
class ReplicationPad3dOp(ImagePadOp):
    """As replication_pad1d, for D x H x W."""

    name = "edge.replication_pad3d"
    ATEN: ClassVar = "replication_pad3d"
    KERNEL: ClassVar = "replication_pad3d.out"


OPS: tuple[type[EdgeOp], ...] = (
    ConstantPadNdOp,
    ReflectionPad1dOp,
    ReflectionPad2dOp,
    ReflectionPad3dOp,
    ReplicationPad1dOp,
    ReplicationPad2dOp,
    ReplicationPad3dOp,
)
