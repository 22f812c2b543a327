"""Images of another size, by interpolation or at computed positions.

Interpolated images are channels-last when the input is.
"""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import FLOAT, REAL, TENSOR, EdgeOp, boolean, dims, integer, real, reals


@irdl_op_definition
class UpsampleNearest2dOp(EdgeOp):
    """N x C x H x W -> N x C x H' x W': element i of n' is element floor(i * n / n') of n.

    Sizes by `output_size`, or floor(n * factor) by `scale_factors`, which then also stand for n' / n.
    """

    name = "edge.upsample_nearest2d"
    ATEN: ClassVar = "upsample_nearest2d.vec"
    KERNEL: ClassVar = "upsample_nearest2d.vec_out"
    KERNEL_ANY_ORDER: ClassVar = ("input",)
    DTYPES: ClassVar = {"input": REAL}
    input = operand_def(TENSOR)
    output_size = dims(optional=True)
    scale_factors = reals(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class UpsampleBilinear2dOp(EdgeOp):
    """N x C x H x W -> N x C x H' x W', each element a mean of four, weighted by distance.

    Sizes are given as in upsample_nearest2d. `align_corners`: the centres of the corner elements keep their places,
    else the image's edges do.
    """

    name = "edge.upsample_bilinear2d"
    ATEN: ClassVar = "upsample_bilinear2d.vec"
    KERNEL: ClassVar = "upsample_bilinear2d.vec_out"
    KERNEL_ANY_ORDER: ClassVar = ("input",)
    DTYPES: ClassVar = {"input": REAL}
    input = operand_def(TENSOR)
    output_size = dims(optional=True)
    align_corners = boolean()
    scale_factors = reals(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class UpsampleBilinear2dAaOp(EdgeOp):
    """As upsample_bilinear2d, with a filter that widens when the image shrinks, against aliasing."""

    name = "edge.upsample_bilinear2d_aa"
    ATEN: ClassVar = "_upsample_bilinear2d_aa"
    KERNEL: ClassVar = "_upsample_bilinear2d_aa.out"
    DTYPES: ClassVar = {"self": REAL}
    self_ = operand_def(TENSOR)
    output_size = dims()
    align_corners = boolean()
    scales_h = real(optional=True)
    scales_w = real(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class GridSampler2dOp(EdgeOp):
    """N x C x H x W at N x H' x W' positions (x, y), from -1 to 1 over the image -> N x C x H' x W'.

    `interpolation_mode`: 0 bilinear, 1 nearest, 2 bicubic. `padding_mode`: 0 zeros outside, 1 the border, 2 reflection.
    `align_corners`: -1 and 1 are the centres of the corner elements, else the image's edges.
    """

    name = "edge.grid_sampler_2d"
    ATEN: ClassVar = "grid_sampler_2d"
    KERNEL: ClassVar = "grid_sampler_2d.out"
    DTYPES: ClassVar = {"input": FLOAT, "grid": FLOAT}
    SAME_DTYPE: ClassVar = ("input", "grid")
    input = operand_def(TENSOR)
    grid = operand_def(TENSOR)
    interpolation_mode = integer()
    padding_mode = integer()
    align_corners = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    GridSampler2dOp,
    UpsampleBilinear2dAaOp,
    UpsampleBilinear2dOp,
    UpsampleNearest2dOp,
)
