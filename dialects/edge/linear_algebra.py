"""Products of matrices, distances between rows, Fourier transforms."""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects import dtypes
from etc.dialects.edge.base import COMPLEX, FLOAT, REAL, TENSOR, EdgeOp, boolean, dim, integer, integers, real, scalar

NUMBER = REAL | COMPLEX
TRANSFORMABLE = frozenset({dtypes.float32, dtypes.float64})


@irdl_op_definition
class MmOp(EdgeOp):
    """M x K, K x N -> M x N. Sums of float16 and bfloat16 products are accumulated in float32; integers wrap."""

    name = "edge.mm"
    ATEN: ClassVar = "mm"
    KERNEL: ClassVar = "mm.out"
    DTYPES: ClassVar = {"self": NUMBER, "mat2": NUMBER}
    SAME_DTYPE: ClassVar = ("self", "mat2")
    self_ = operand_def(TENSOR)
    mat2 = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class BmmOp(EdgeOp):
    """B x M x K, B x K x N -> B x M x N: one `mm` per index of the first dimension."""

    name = "edge.bmm"
    ATEN: ClassVar = "bmm"
    KERNEL: ClassVar = "bmm.out"
    DTYPES: ClassVar = {"self": NUMBER, "mat2": NUMBER}
    SAME_DTYPE: ClassVar = ("self", "mat2")
    self_ = operand_def(TENSOR)
    mat2 = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class AddmmOp(EdgeOp):
    """beta * self + alpha * (mat1 @ mat2): M x K, K x N -> M x N, to which `self` broadcasts.

    With beta = 0, `self` is not read: NaN in it does not spread.
    """

    name = "edge.addmm"
    ATEN: ClassVar = "addmm"
    KERNEL: ClassVar = "addmm.out"
    DTYPES: ClassVar = {"self": NUMBER, "mat1": NUMBER, "mat2": NUMBER}
    SAME_DTYPE: ClassVar = ("self", "mat1", "mat2")
    self_ = operand_def(TENSOR)
    mat1 = operand_def(TENSOR)
    mat2 = operand_def(TENSOR)
    beta = scalar()
    alpha = scalar()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class LinearOp(EdgeOp):
    """input @ weight.T + bias: … x I, O x I, O -> … x O."""

    name = "edge.linear"
    ATEN: ClassVar = "linear"
    KERNEL: ClassVar = "linear.out"
    DTYPES: ClassVar = {"input": NUMBER, "weight": NUMBER, "bias": NUMBER}
    SAME_DTYPE: ClassVar = ("input", "weight", "bias")
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    bias = opt_operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class CdistOp(EdgeOp):
    """Distances between all rows, in the p-norm: … x P x M, … x R x M -> … x P x R. Leading dimensions broadcast.

    `compute_mode` 1 and 2 let or make p = 2 go through a matrix product, which is faster and less exact.
    """

    name = "edge.cdist"
    ATEN: ClassVar = "_cdist_forward"
    KERNEL: ClassVar = "_cdist_forward.out"
    DTYPES: ClassVar = {"x1": FLOAT, "x2": FLOAT}
    SAME_DTYPE: ClassVar = ("x1", "x2")
    x1 = operand_def(TENSOR)
    x2 = operand_def(TENSOR)
    p = real()
    compute_mode = integer(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class PdistOp(EdgeOp):
    """Distances between each two of N rows, in the p-norm: N x M -> N * (N - 1) / 2, row 0 with 1, 2, …, then row 1."""

    name = "edge.pdist"
    ATEN: ClassVar = "_pdist_forward"
    KERNEL: ClassVar = "_pdist_forward.out"
    DTYPES: ClassVar = {"self": FLOAT}
    self_ = operand_def(TENSOR)
    p = real()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class FftR2cOp(EdgeOp):
    """The discrete Fourier transform of real numbers along `dim`; complex.

    `normalization`: 0 none, 1 divided by sqrt(n), 2 divided by n. With `onesided` the last of `dim` keeps only the
    n/2 + 1 frequencies that are not the conjugates of others.
    """

    name = "edge.fft_r2c"
    ATEN: ClassVar = "_fft_r2c"
    KERNEL: ClassVar = "_fft_r2c.out"
    DTYPES: ClassVar = {"self": TRANSFORMABLE}
    self_ = operand_def(TENSOR)
    dim = integers()
    normalization = integer()
    onesided = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class FftC2rOp(EdgeOp):
    """The inverse of a one-sided transform: real numbers, `last_dim_size` of them along the last of `dim`."""

    name = "edge.fft_c2r"
    ATEN: ClassVar = "_fft_c2r"
    KERNEL: ClassVar = "_fft_c2r.out"
    DTYPES: ClassVar = {"self": COMPLEX}
    self_ = operand_def(TENSOR)
    dim_ = integers(name="dim")
    normalization = integer()
    last_dim_size = dim()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    AddmmOp,
    BmmOp,
    CdistOp,
    FftC2rOp,
    FftR2cOp,
    LinearOp,
    MmOp,
    PdistOp,
)
