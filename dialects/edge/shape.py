"""Copies of views: the operand's elements under other sizes, in another order, repeated or in part.

ATen's views share memory; here each is a new value, and whether bytes move is the memory planner's business. Results
are in plain dim order whatever the operand's.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import COMPLEX, FLOAT, TENSOR, EdgeOp, boolean, dim, dims, integer, integers
from etc.dialects.edge.traits import BitCast, Reshape, View


class ViewOp(EdgeOp, ABC):
    """A copy of a view of `self`."""

    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), View())


@irdl_op_definition
class ViewCopyOp(ViewOp):
    """The elements of `self`, in order, under the sizes `size`; one of them may be -1: what is left.

    `edge.view_copy(%x, size=[s0, 128])` of s0 x 8 x 16 elements gives s0 x 128.
    """

    name = "edge.view_copy"
    ATEN: ClassVar = "view_copy"
    KERNEL: ClassVar = "view_copy.out"
    size = dims()
    traits = traits_def(Reshape())


@irdl_op_definition
class AliasCopyOp(ViewOp):
    """`self` as it is, dim order included."""

    name = "edge.alias_copy"
    ATEN: ClassVar = "alias_copy"
    KERNEL: ClassVar = "alias_copy.out"
    traits = traits_def(Reshape())


@irdl_op_definition
class SqueezeCopyOp(ViewOp):
    """`self` without those of the dimensions `dim` that have size 1; a size known only at run time stays."""

    name = "edge.squeeze_copy"
    ATEN: ClassVar = "squeeze_copy.dims"
    KERNEL: ClassVar = "squeeze_copy.dims_out"
    dim = integers()
    traits = traits_def(Reshape())


@irdl_op_definition
class UnsqueezeCopyOp(ViewOp):
    """`self` with a new dimension of size 1 at `dim`: of the result's dimensions, counted from either end."""

    name = "edge.unsqueeze_copy"
    ATEN: ClassVar = "unsqueeze_copy"
    KERNEL: ClassVar = "unsqueeze_copy.out"
    dim = integer()
    traits = traits_def(Reshape())


@irdl_op_definition
class PermuteCopyOp(ViewOp):
    """Dimension i of the result is dimension `dims[i]` of `self`; `dims` names every dimension once.

    N x C x H x W with dims = [0, 2, 3, 1] gives N x H x W x C.
    """

    name = "edge.permute_copy"
    ATEN: ClassVar = "permute_copy"
    KERNEL: ClassVar = "permute_copy.out"
    dims = integers()


@irdl_op_definition
class ExpandCopyOp(ViewOp):
    """`self` repeated along dimensions of size 1, and along new ones in front, to the sizes `size`; -1 keeps a size."""

    name = "edge.expand_copy"
    ATEN: ClassVar = "expand_copy"
    KERNEL: ClassVar = "expand_copy.out"
    size = dims()
    implicit = boolean()


@irdl_op_definition
class AsStridedCopyOp(ViewOp):
    """Element i, j, … of the result is element storage_offset + i * stride[0] + j * stride[1] + … of the memory.

    The operand must be in plain dim order; positions must lie within it.
    """

    name = "edge.as_strided_copy"
    ATEN: ClassVar = "as_strided_copy"
    KERNEL: ClassVar = "as_strided_copy.out"
    size = dims()
    stride = dims()
    storage_offset = dim(optional=True)


@irdl_op_definition
class DiagonalCopyOp(ViewOp):
    """The diagonal of the dimensions dim1 and dim2, as the last dimension; `offset` moves it towards higher dim2."""

    name = "edge.diagonal_copy"
    ATEN: ClassVar = "diagonal_copy"
    KERNEL: ClassVar = "diagonal_copy.out"
    offset = integer()
    dim1 = integer()
    dim2 = integer()


@irdl_op_definition
class UnfoldCopyOp(ViewOp):
    """Windows of `size` elements along `dimension`, one every `step`; a window's elements are the last dimension.

    A dimension of n elements becomes one of floor((n - size) / step) + 1 windows.
    """

    name = "edge.unfold_copy"
    ATEN: ClassVar = "unfold_copy"
    KERNEL: ClassVar = "unfold_copy.out"
    dimension = integer()
    size = integer()
    step = integer()


@irdl_op_definition
class ViewAsRealCopyOp(ViewOp):
    """Complex numbers as pairs: a last dimension of size 2, real part first; complex64 gives float32."""

    name = "edge.view_as_real_copy"
    ATEN: ClassVar = "view_as_real_copy"
    KERNEL: ClassVar = "view_as_real_copy.out"
    DTYPES: ClassVar = {"self": COMPLEX}
    traits = traits_def(BitCast())


@irdl_op_definition
class ViewAsComplexCopyOp(ViewOp):
    """Pairs along a last dimension of size 2 as complex numbers, real part first; float32 gives complex64."""

    name = "edge.view_as_complex_copy"
    ATEN: ClassVar = "view_as_complex_copy"
    DTYPES: ClassVar = {"self": FLOAT}
    traits = traits_def(BitCast())


@irdl_op_definition
class PixelShuffleOp(EdgeOp):
    """… x C*r*r x H x W -> … x C x H*r x W*r for r = upscale_factor: channels become pixels."""

    name = "edge.pixel_shuffle"
    ATEN: ClassVar = "pixel_shuffle"
    KERNEL: ClassVar = "pixel_shuffle.out"
    self_ = operand_def(TENSOR)
    upscale_factor = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class PixelUnshuffleOp(EdgeOp):
    """… x C x H*r x W*r -> … x C*r*r x H x W for r = downscale_factor: pixels become channels."""

    name = "edge.pixel_unshuffle"
    ATEN: ClassVar = "pixel_unshuffle"
    KERNEL: ClassVar = "pixel_unshuffle.out"
    self_ = operand_def(TENSOR)
    downscale_factor = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    AliasCopyOp,
    AsStridedCopyOp,
    DiagonalCopyOp,
    ExpandCopyOp,
    PermuteCopyOp,
    PixelShuffleOp,
    PixelUnshuffleOp,
    SqueezeCopyOp,
    UnfoldCopyOp,
    UnsqueezeCopyOp,
    ViewAsComplexCopyOp,
    ViewAsRealCopyOp,
    ViewCopyOp,
)
