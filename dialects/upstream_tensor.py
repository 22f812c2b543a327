"""The upstream dialect `tensor`, with a `tensor.reshape` whose sizes may be known at run time only.

xDSL's check of the number of elements counts such a size as -1, and so refuses `tensor<?x3xf32>` to `tensor<?xf32>`.
"""

from __future__ import annotations

import math

from xdsl.dialects import tensor as upstream
from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import Dialect
from xdsl.utils.exceptions import VerifyException


class ReshapeOp(upstream.ReshapeOp):
    """`tensor.reshape`: the same elements with the sizes that the vector `shape` holds."""

    def verify_(self) -> None:
        self.get_irdl_definition().verify(self)
        source, shape, result = self.source.type, self.shape.type, self.result.type
        assert isinstance(source, TensorType)
        assert isinstance(shape, TensorType)
        assert isinstance(result, TensorType)
        before, after = source.get_shape(), result.get_shape()
        if source.element_type != result.element_type:
            raise VerifyException("source and result should have the same element type")
        if DYNAMIC_INDEX not in (*before, *after) and math.prod(before) != math.prod(after):
            raise VerifyException("source and result should have the same number of elements")
        if shape.get_shape() != (len(after),):
            raise VerifyException("the shape should be a vector of as many sizes as the result has")


Tensor = Dialect(
    "tensor",
    [ReshapeOp if op is upstream.ReshapeOp else op for op in upstream.Tensor.operations],
    list(upstream.Tensor.attributes),
)
