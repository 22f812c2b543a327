"""Operators that make tensors: fills, ranges, random numbers, copies, casts and changes of dim order."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import (
    REAL_AND_BOOL,
    TENSOR,
    EdgeOp,
    boolean,
    dim,
    dims,
    element_type,
    integers,
    scalar,
)
from etc.dialects.edge.traits import Elementwise


class FactoryOp(EdgeOp, ABC):
    """A new tensor with a plain dim order, of dtype `dtype`."""

    dtype = element_type(optional=True)
    result = result_def(TENSOR)


@irdl_op_definition
class FullOp(FactoryOp):
    """A tensor of shape `size` that holds `fill_value` everywhere.

    Without `dtype` the number's kind gives it: bool, int64 or float32.
    """

    name = "edge.full"
    ATEN: ClassVar = "full"
    KERNEL: ClassVar = "full.out"
    size = dims()
    fill_value = scalar()
    traits = traits_def(Pure())


@irdl_op_definition
class FullLikeOp(EdgeOp):
    """A tensor with the shape, the dim order and, without `dtype`, the dtype of `self`: `fill_value` everywhere."""

    name = "edge.full_like"
    ATEN: ClassVar = "full_like"
    KERNEL: ClassVar = "full_like.out"
    self_ = operand_def(TENSOR)
    fill_value = scalar()
    dtype = element_type(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class FillOp(EdgeOp):
    """`value`, a tensor of rank 0, everywhere in a tensor like `self`."""

    name = "edge.fill"
    ATEN: ClassVar = "fill.Tensor"
    KERNEL: ClassVar = "fill.Tensor_out"
    self_ = operand_def(TENSOR)
    value = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class ScalarTensorOp(FactoryOp):
    """The number `s` as a tensor of rank 0, float32 without `dtype`; `s` may be a size known only at run time."""

    name = "edge.scalar_tensor"
    ATEN: ClassVar = "scalar_tensor"
    KERNEL: ClassVar = "scalar_tensor.out"
    s = scalar()
    traits = traits_def(Pure())


@irdl_op_definition
class ArangeOp(FactoryOp):
    """start, start + step, … up to but without `end`: a vector of ceil((end - start) / step) numbers.

    Without `dtype` it holds int64, or float32 when one of the numbers is a float.
    """

    name = "edge.arange"
    ATEN: ClassVar = "arange.start_step"
    KERNEL: ClassVar = "arange.start_out"
    start = scalar()
    end = scalar()
    step = scalar()
    traits = traits_def(Pure())


@irdl_op_definition
class RandOp(FactoryOp):
    """Random numbers, evenly distributed in [0, 1), of shape `size`; float32 without `dtype`."""

    name = "edge.rand"
    ATEN: ClassVar = "rand"
    KERNEL: ClassVar = "rand.out"
    size = dims()


@irdl_op_definition
class RandnOp(FactoryOp):
    """Random numbers, normally distributed with mean 0 and variance 1, of shape `size`; float32 without `dtype`."""

    name = "edge.randn"
    ATEN: ClassVar = "randn"
    KERNEL: ClassVar = "randn.out"
    size = dims()


@irdl_op_definition
class RandpermOp(FactoryOp):
    """The numbers 0 to n - 1 in a random order; int64 without `dtype`."""

    name = "edge.randperm"
    ATEN: ClassVar = "randperm"
    n = dim()


@irdl_op_definition
class EmptyDimOrderOp(FactoryOp):
    """A tensor of shape `size` with unspecified contents; float32 and in plain order unless given."""

    name = "edge.empty_dim_order"
    SCHEMA_TEXT: ClassVar = (
        "dim_order_ops::_empty_dim_order(SymInt[] size, *, ScalarType? dtype=None, int[]? dim_order=None) -> Tensor"
    )
    KERNEL: ClassVar = "dim_order_ops::_empty_dim_order.out"
    size = dims()
    dim_order = integers(optional=True)
    traits = traits_def(Pure())


@irdl_op_definition
class ToDimOrderCopyOp(EdgeOp):
    """A copy of `self` in another dtype, another dim order, or both; what is not given stays.

    Floats become integers by dropping the fraction, and bool by comparison with 0; bool becomes 0 or 1.
    """

    name = "edge.to_dim_order_copy"
    SCHEMA_TEXT: ClassVar = (
        "dim_order_ops::_to_dim_order_copy("
        "Tensor self, *, ScalarType? dtype=None, bool non_blocking=False, int[]? dim_order=None) -> Tensor"
    )
    KERNEL: ClassVar = "dim_order_ops::_to_dim_order_copy.out"
    self_ = operand_def(TENSOR)
    dtype = element_type(optional=True)
    non_blocking = boolean()
    dim_order = integers(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class CloneDimOrderOp(EdgeOp):
    """A copy of `self`, in another dim order when one is given."""

    name = "edge.clone_dim_order"
    SCHEMA_TEXT: ClassVar = (
        "dim_order_ops::_clone_dim_order(Tensor self, *, bool non_blocking=False, int[]? dim_order=None) -> Tensor"
    )
    KERNEL: ClassVar = "dim_order_ops::_clone_dim_order.out"
    self_ = operand_def(TENSOR)
    non_blocking = boolean()
    dim_order = integers(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class CopyOp(EdgeOp):
    """`src`, broadcast and cast to the shape and dtype of `self`."""

    name = "edge.copy"
    ATEN: ClassVar = "copy"
    KERNEL: ClassVar = "copy.out"
    self_ = operand_def(TENSOR)
    src = operand_def(TENSOR)
    non_blocking = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


@irdl_op_definition
class TrilOp(EdgeOp):
    """The matrices (…, n, m) with 0 above a diagonal: 0 is the main one, positive ones lie above it."""

    name = "edge.tril"
    ATEN: ClassVar = "tril"
    KERNEL: ClassVar = "tril.out"
    DTYPES: ClassVar = {"self": REAL_AND_BOOL}
    self_ = operand_def(TENSOR)
    diagonal = dim()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    ArangeOp,
    CloneDimOrderOp,
    CopyOp,
    EmptyDimOrderOp,
    FillOp,
    FullLikeOp,
    FullOp,
    RandOp,
    RandnOp,
    RandpermOp,
    ScalarTensorOp,
    ToDimOrderCopyOp,
    TrilOp,
)
