"""Reductions, scans, sorting and selection along dimensions. Results have a plain dim order.

`dim` names dimensions, counted from either end; where it takes several, absent or empty means all. A reduced dimension
disappears, or stays with size 1 when `keepdim` is true.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import (
    COMPLEX,
    FLOAT,
    REAL,
    REAL_AND_BOOL,
    TENSOR,
    EdgeOp,
    boolean,
    dim,
    element_type,
    integer,
    integers,
    scalar,
)


class ReductionOp(EdgeOp, ABC):
    """One value for each position outside the reduced dimensions."""

    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


class ReductionOverDimsOp(ReductionOp, ABC):
    """A reduction over any number of dimensions."""

    dim = integers(optional=True)
    keepdim = boolean()


class ExtremumOverDimsOp(ReductionOverDimsOp, ABC):
    """An extremum over any number of dimensions."""

    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    dim = integers()


class ExtremumWithIndexOp(EdgeOp, ABC):
    """An extremum along one dimension, and where it was first found, as int64."""

    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    self_ = operand_def(TENSOR)
    dim = integer()
    keepdim = boolean()
    values = result_def(TENSOR)
    indices = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class SumOp(ReductionOverDimsOp):
    """The sum. Integers and bool are summed as int64 unless `dtype` is given."""

    name = "edge.sum"
    ATEN: ClassVar = "sum.dim_IntList"
    KERNEL: ClassVar = "sum.IntList_out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}
    dtype = element_type(optional=True)


@irdl_op_definition
class MeanOp(ReductionOverDimsOp):
    """The arithmetic mean of floats; of integers with a floating `dtype`. NaN over a dimension of size 0."""

    name = "edge.mean"
    ATEN: ClassVar = "mean.dim"
    KERNEL: ClassVar = "mean.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}
    dtype = element_type(optional=True)


@irdl_op_definition
class VarOp(ReductionOverDimsOp):
    """The variance: squared distances from the mean, summed and divided by n - correction (1 unless given)."""

    name = "edge.var"
    ATEN: ClassVar = "var.correction"
    KERNEL: ClassVar = "var.correction_out"
    DTYPES: ClassVar = {"self": FLOAT | COMPLEX}
    correction = scalar(optional=True)


@irdl_op_definition
class VarMeanOp(EdgeOp):
    """The variance, as `edge.var` computes it, and the mean."""

    name = "edge.var_mean"
    ATEN: ClassVar = "var_mean.correction"
    KERNEL: ClassVar = "var_mean.correction_out"
    DTYPES: ClassVar = {"self": FLOAT | COMPLEX}
    self_ = operand_def(TENSOR)
    dim = integers(optional=True)
    correction = scalar(optional=True)
    keepdim = boolean()
    var = result_def(TENSOR)
    mean = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ProdOp(ReductionOp):
    """The product of all elements. Integers and bool are multiplied as int64 unless `dtype` is given."""

    name = "edge.prod"
    ATEN: ClassVar = "prod"
    KERNEL: ClassVar = "prod.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}
    dtype = element_type(optional=True)


@irdl_op_definition
class ProdDimOp(ReductionOp):
    """The product along one dimension. Integers and bool are multiplied as int64 unless `dtype` is given."""

    name = "edge.prod_dim"
    ATEN: ClassVar = "prod.dim_int"
    KERNEL: ClassVar = "prod.int_out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}
    dim = integer()
    keepdim = boolean()
    dtype = element_type(optional=True)


@irdl_op_definition
class AnyOp(EdgeOp):
    """Whether any element is true (numbers: not 0), as bool; uint8 gives uint8. An empty `dim` reduces nothing."""

    name = "edge.any"
    ATEN: ClassVar = "any.dims"
    KERNEL: ClassVar = "any.dims_out"
    self_ = operand_def(TENSOR)
    dim = integers(optional=True)
    keepdim = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class AmaxOp(ExtremumOverDimsOp):
    """The largest element; NaN when there is one. Dimensions of size 0 cannot be reduced."""

    name = "edge.amax"
    ATEN: ClassVar = "amax"
    KERNEL: ClassVar = "amax.out"


@irdl_op_definition
class AminOp(ExtremumOverDimsOp):
    """The smallest element; NaN when there is one. Dimensions of size 0 cannot be reduced."""

    name = "edge.amin"
    ATEN: ClassVar = "amin"
    KERNEL: ClassVar = "amin.out"


@irdl_op_definition
class MaxOp(ReductionOp):
    """The largest of all elements, a tensor of rank 0; NaN when there is one."""

    name = "edge.max"
    ATEN: ClassVar = "max"
    KERNEL: ClassVar = "max.unary_out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}


@irdl_op_definition
class MinOp(ReductionOp):
    """The smallest of all elements, a tensor of rank 0; NaN when there is one."""

    name = "edge.min"
    ATEN: ClassVar = "min"
    KERNEL: ClassVar = "min.unary_out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}


@irdl_op_definition
class MaxDimOp(ExtremumWithIndexOp):
    """The largest elements along `dim` (NaN when there is one) and their indices."""

    name = "edge.max_dim"
    ATEN: ClassVar = "max.dim"
    KERNEL: ClassVar = "max.dim_max"


@irdl_op_definition
class MinDimOp(ExtremumWithIndexOp):
    """The smallest elements along `dim` (NaN when there is one) and their indices."""

    name = "edge.min_dim"
    ATEN: ClassVar = "min.dim"
    KERNEL: ClassVar = "min.dim_min"


@irdl_op_definition
class ArgmaxOp(ReductionOp):
    """The index of the largest element along `dim`, as int64; among all elements, in plain order, without `dim`."""

    name = "edge.argmax"
    ATEN: ClassVar = "argmax"
    KERNEL: ClassVar = "argmax.out"
    DTYPES: ClassVar = {"self": REAL}
    dim = integer(optional=True)
    keepdim = boolean()


@irdl_op_definition
class ArgminOp(ReductionOp):
    """The index of the smallest element along `dim`, as int64; among all elements, in plain order, without `dim`."""

    name = "edge.argmin"
    ATEN: ClassVar = "argmin"
    KERNEL: ClassVar = "argmin.out"
    DTYPES: ClassVar = {"self": REAL}
    dim = integer(optional=True)
    keepdim = boolean()


@irdl_op_definition
class CumsumOp(EdgeOp):
    """Sums of the elements up to and with each one along `dim`. Integers and bool give int64 unless `dtype` says."""

    name = "edge.cumsum"
    ATEN: ClassVar = "cumsum"
    KERNEL: ClassVar = "cumsum.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL | COMPLEX}
    self_ = operand_def(TENSOR)
    dim = integer()
    dtype = element_type(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class TopkOp(EdgeOp):
    """The `k` largest (or smallest) elements along `dim`, sorted if asked for, and their indices as int64."""

    name = "edge.topk"
    ATEN: ClassVar = "topk"
    KERNEL: ClassVar = "topk.values"
    DTYPES: ClassVar = {"self": REAL}
    self_ = operand_def(TENSOR)
    k = dim()
    dim = integer()
    largest = boolean()
    sorted = boolean()
    values = result_def(TENSOR)
    indices = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class SortOp(EdgeOp):
    """The elements along `dim` in ascending or descending order, NaN last or first, and their indices as int64.

    The order of equal elements is not defined.
    """

    name = "edge.sort"
    ATEN: ClassVar = "sort"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    self_ = operand_def(TENSOR)
    dim = integer()
    descending = boolean()
    values = result_def(TENSOR)
    indices = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    AmaxOp,
    AminOp,
    AnyOp,
    ArgmaxOp,
    ArgminOp,
    CumsumOp,
    MaxDimOp,
    MaxOp,
    MeanOp,
    MinDimOp,
    MinOp,
    ProdDimOp,
    ProdOp,
    SortOp,
    SumOp,
    TopkOp,
    VarMeanOp,
    VarOp,
)
