"""Reading and writing elements at computed positions.

Positions are int64 or int32 tensors; negative ones count from the end, and one out of range is an error at run time.
Ops that write give a new tensor: `self` with some elements replaced.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import DenseArrayBase
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from etc.dialects.edge.base import BOOL, FLOAT, INDEX, TENSOR, EdgeOp, boolean, dim, integer, scalar, string


@irdl_op_definition
class IndexOp(EdgeOp):
    """self[indices]: index tensors broadcast together and take the place of the dimensions they index.

    `None` in the list leaves a dimension whole; the indexed ones come first when they are not adjacent. A bool index is
    a mask over as many dimensions as it has, and its number of true elements, known only at run time, is a size.
    """

    name = "edge.index"
    ATEN: ClassVar = "index.Tensor"
    KERNEL: ClassVar = "index.Tensor_out"
    self_ = operand_def(TENSOR)
    indices = var_operand_def(TENSOR)
    indices_mask = opt_prop_def(DenseArrayBase)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class IndexPutOp(EdgeOp):
    """`self` with self[indices] replaced by `values`, which broadcast; with `accumulate` they are added instead.

    Which value remains where positions repeat is not defined without `accumulate`.
    """

    name = "edge.index_put"
    ATEN: ClassVar = "index_put"
    KERNEL: ClassVar = "index_put.out"
    SAME_DTYPE: ClassVar = ("self", "values")
    self_ = operand_def(TENSOR)
    indices = var_operand_def(TENSOR)
    indices_mask = opt_prop_def(DenseArrayBase)
    values = operand_def(TENSOR)
    accumulate = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class IndexSelectOp(EdgeOp):
    """The slices of `self` at the positions `index`, a vector, along `dim`: … x n x … gives … x len(index) x …."""

    name = "edge.index_select"
    ATEN: ClassVar = "index_select"
    KERNEL: ClassVar = "index_select.out"
    DTYPES: ClassVar = {"index": INDEX}
    self_ = operand_def(TENSOR)
    dim = integer()
    index = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


class PointOp(EdgeOp, ABC):
    """`index` has the rank of `self` and holds a position along `dim` for each of its elements.

    In the other dimensions an element of `index` stands for its own place; its sizes there are at most those of `self`.
    """

    DTYPES: ClassVar = {"index": INDEX}
    self_ = operand_def(TENSOR)
    dim = integer()
    index = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class GatherOp(PointOp):
    """result[i][j] = self[index[i][j]][j] for dim = 0 in rank 2. The result has the shape of `index`."""

    name = "edge.gather"
    ATEN: ClassVar = "gather"
    KERNEL: ClassVar = "gather.out"
    sparse_grad = boolean()


class ScatterOp(EdgeOp, ABC):
    """`self` with elements of `src` combined into the places that `index` says, as in gather."""

    DTYPES: ClassVar = {"index": INDEX}
    SAME_DTYPE: ClassVar = ("self", "src")
    self_ = operand_def(TENSOR)
    dim = integer()
    index = operand_def(TENSOR)
    src = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ScatterSrcOp(ScatterOp):
    """result[index[i][j]][j] = src[i][j] for dim = 0; which remains where positions repeat is not defined."""

    name = "edge.scatter"
    ATEN: ClassVar = "scatter.src"
    KERNEL: ClassVar = "scatter.src_out"


@irdl_op_definition
class ScatterValueOp(PointOp):
    """As scatter, with one number for all places."""

    name = "edge.scatter_value"
    ATEN: ClassVar = "scatter.value"
    KERNEL: ClassVar = "scatter.value_out"
    value = scalar()


@irdl_op_definition
class ScatterAddOp(ScatterOp):
    """As scatter, adding to what is there: positions may repeat."""

    name = "edge.scatter_add"
    ATEN: ClassVar = "scatter_add"
    KERNEL: ClassVar = "scatter_add.out"


@irdl_op_definition
class ScatterReduceOp(ScatterOp):
    """As scatter, combining by `reduce`: sum, prod, mean, amax or amin. `include_self`: what is there takes part."""

    name = "edge.scatter_reduce"
    ATEN: ClassVar = "scatter_reduce.two"
    reduce = string()
    include_self = boolean()


class InsertOp(EdgeOp, ABC):
    """`self` with a part along one dimension replaced by `src`, which has the part's shape."""

    SAME_DTYPE: ClassVar = ("self", "src")
    self_ = operand_def(TENSOR)
    src = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class SelectScatterOp(InsertOp):
    """`self` with what select_copy takes replaced: the elements at `index` of dimension `dim`."""

    name = "edge.select_scatter"
    ATEN: ClassVar = "select_scatter"
    KERNEL: ClassVar = "select_scatter.out"
    dim_ = integer(name="dim")
    index = dim()


@irdl_op_definition
class SliceScatterOp(InsertOp):
    """`self` with what slice_copy takes replaced: the elements start:end:step of dimension `dim`."""

    name = "edge.slice_scatter"
    ATEN: ClassVar = "slice_scatter"
    KERNEL: ClassVar = "slice_scatter.out"
    dim_ = integer(name="dim")
    start = dim(optional=True)
    end = dim(optional=True)
    step = dim()


@irdl_op_definition
class MaskedScatterOp(EdgeOp):
    """`self` with the elements where `mask` is true replaced by those of `source`, in order. The shapes broadcast."""

    name = "edge.masked_scatter"
    ATEN: ClassVar = "masked_scatter"
    KERNEL: ClassVar = "masked_scatter.out"
    DTYPES: ClassVar = {"mask": BOOL}
    SAME_DTYPE: ClassVar = ("self", "source")
    self_ = operand_def(TENSOR)
    mask = operand_def(TENSOR)
    source = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class MaskedSelectOp(EdgeOp):
    """The elements of `self` where `mask` is true, as a vector: as many as the data decides. The shapes broadcast."""

    name = "edge.masked_select"
    ATEN: ClassVar = "masked_select"
    KERNEL: ClassVar = "masked_select.out"
    DTYPES: ClassVar = {"mask": BOOL}
    self_ = operand_def(TENSOR)
    mask = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class NonzeroOp(EdgeOp):
    """The positions of elements that are not 0, one per row, in order: n x rank, with n decided by the data; int64."""

    name = "edge.nonzero"
    ATEN: ClassVar = "nonzero"
    KERNEL: ClassVar = "nonzero.out"
    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class RepeatInterleaveOp(EdgeOp):
    """Index i repeats[i] times, for each i: [2, 1] gives [0, 0, 1]. `output_size` is the sum, when it is known."""

    name = "edge.repeat_interleave"
    ATEN: ClassVar = "repeat_interleave.Tensor"
    KERNEL: ClassVar = "repeat_interleave.Tensor_out"
    DTYPES: ClassVar = {"repeats": INDEX}
    repeats = operand_def(TENSOR)
    output_size = dim(optional=True)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class EmbeddingOp(EdgeOp):
    """Rows of `weight` (V x D) at the positions `indices`: … gives … x D. The properties matter only in training."""

    name = "edge.embedding"
    ATEN: ClassVar = "embedding"
    KERNEL: ClassVar = "embedding.out"
    DTYPES: ClassVar = {"indices": INDEX}
    weight = operand_def(TENSOR)
    indices = operand_def(TENSOR)
    padding_idx = dim()
    scale_grad_by_freq = boolean()
    sparse = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class EmbeddingDenseBackwardOp(EdgeOp):
    """The gradient of an embedding's weight: rows of `grad_output` added at `indices`, num_weights x D."""

    name = "edge.embedding_dense_backward"
    ATEN: ClassVar = "embedding_dense_backward"
    DTYPES: ClassVar = {"indices": INDEX}
    grad_output = operand_def(TENSOR)
    indices = operand_def(TENSOR)
    num_weights = dim()
    padding_idx = dim()
    scale_grad_by_freq = boolean()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class EmbeddingBagOp(EdgeOp):
    """Sums (mode 0), means (1) or maxima (2) of bags of rows of `weight` (V x D): B x D.

    Bag i is indices[offsets[i] : offsets[i + 1]]; with `include_last_offset` the last offset only ends the last bag.
    Rows at `padding_idx` do not count. The other results serve the backward pass: the bag of each index, the sizes of
    the bags, the positions of the maxima.
    """

    name = "edge.embedding_bag"
    ATEN: ClassVar = "_embedding_bag"
    DTYPES: ClassVar = {"weight": FLOAT, "indices": INDEX, "offsets": INDEX}
    weight = operand_def(TENSOR)
    indices = operand_def(TENSOR)
    offsets = operand_def(TENSOR)
    scale_grad_by_freq = boolean()
    mode = integer()
    sparse = boolean()
    per_sample_weights = opt_operand_def(TENSOR)
    include_last_offset = boolean()
    padding_idx = integer()
    result = result_def(TENSOR)
    offset2bag = result_def(TENSOR)
    bag_size = result_def(TENSOR)
    max_indices = result_def(TENSOR)
    traits = traits_def(Pure())


OPS: tuple[type[EdgeOp], ...] = (
    EmbeddingBagOp,
    EmbeddingDenseBackwardOp,
    EmbeddingOp,
    GatherOp,
    IndexOp,
    IndexPutOp,
    IndexSelectOp,
    MaskedScatterOp,
    MaskedSelectOp,
    NonzeroOp,
    RepeatInterleaveOp,
    ScatterAddOp,
    ScatterReduceOp,
    ScatterSrcOp,
    ScatterValueOp,
    SelectScatterOp,
    SliceScatterOp,
)
