"""Parts of tensors and tensors made of parts: slices, splits, concatenation, repetition, reversal."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def, var_operand_def, var_result_def
from xdsl.traits import Pure

from etc.dialects.edge.base import TENSOR, EdgeOp, dim, dims, integer, integers
from etc.dialects.edge.traits import View


class PartOp(EdgeOp, ABC):
    """Some of the elements of `self`, along one dimension."""

    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure(), View())


@irdl_op_definition
class SliceCopyOp(PartOp):
    """Elements start, start + step, … below `end` along `dim`, as Python's `start:end:step` with a positive step.

    Negative bounds count from the end; bounds beyond the size stop there; absent ones are 0 and the size.
    """

    name = "edge.slice_copy"
    ATEN: ClassVar = "slice_copy.Tensor"
    KERNEL: ClassVar = "slice_copy.Tensor_out"
    dim_ = integer(name="dim")
    start = dim(optional=True)
    end = dim(optional=True)
    step = dim()


@irdl_op_definition
class SelectCopyOp(PartOp):
    """The elements at `index` of dimension `dim`, which leaves the shape; a negative index counts from the end."""

    name = "edge.select_copy"
    ATEN: ClassVar = "select_copy.int"
    KERNEL: ClassVar = "select_copy.int_out"
    dim_ = integer(name="dim")
    index = dim()


class PartsOp(EdgeOp, ABC):
    """`self` in parts along one dimension, one result per part."""

    self_ = operand_def(TENSOR)
    results_ = var_result_def(TENSOR)
    traits = traits_def(Pure(), View())


@irdl_op_definition
class SplitWithSizesCopyOp(PartsOp):
    """Consecutive parts of the given sizes along `dim`; the sizes sum to that of the dimension."""

    name = "edge.split_with_sizes_copy"
    ATEN: ClassVar = "split_with_sizes_copy"
    KERNEL: ClassVar = "split_with_sizes_copy.out"
    split_sizes = dims()
    dim = integer()


@irdl_op_definition
class UnbindCopyOp(PartsOp):
    """One result per index of `dim`, each without that dimension, whose size must be known."""

    name = "edge.unbind_copy"
    ATEN: ClassVar = "unbind_copy.int"
    KERNEL: ClassVar = "unbind_copy.int_out"
    dim = integer()


class JoinOp(EdgeOp, ABC):
    """Tensors of one dtype side by side along a dimension."""

    tensors = var_operand_def(TENSOR)
    dim = integer()
    result = result_def(TENSOR)
    traits = traits_def(Pure())
    SAME_DTYPE: ClassVar = ("tensors",)


@irdl_op_definition
class CatOp(JoinOp):
    """Along the existing dimension `dim`: its sizes add up, the others agree. Tensors of sizes [0] count as absent.

    The result has the dim order of the operands when they share one, else the plain one.
    """

    name = "edge.cat"
    ATEN: ClassVar = "cat"
    KERNEL: ClassVar = "cat.out"


@irdl_op_definition
class StackOp(JoinOp):
    """Along a new dimension at `dim`: n tensors of one shape give a dimension of size n."""

    name = "edge.stack"
    ATEN: ClassVar = "stack"
    KERNEL: ClassVar = "stack.out"


class RearrangeOp(EdgeOp, ABC):
    """Elements of `self` in other places."""

    self_ = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class RepeatOp(RearrangeOp):
    """`self` repeats[i] times along dimension i; more repeats than dimensions add dimensions in front."""

    name = "edge.repeat"
    ATEN: ClassVar = "repeat"
    KERNEL: ClassVar = "repeat.out"
    repeats = dims()


@irdl_op_definition
class FlipOp(RearrangeOp):
    """`self` in reverse along the dimensions `dims`. Keeps the dim order."""

    name = "edge.flip"
    ATEN: ClassVar = "flip"
    KERNEL: ClassVar = "flip.out"
    dims = integers()


@irdl_op_definition
class RollOp(RearrangeOp):
    """Element i moves to (i + shift) mod size, for each of `dims` and its shift; without dims, in flat order."""

    name = "edge.roll"
    ATEN: ClassVar = "roll"
    KERNEL: ClassVar = "roll.out"
    shifts = dims()
    dims = integers()


OPS: tuple[type[EdgeOp], ...] = (
    CatOp,
    FlipOp,
    RepeatOp,
    RollOp,
    SelectCopyOp,
    SliceCopyOp,
    SplitWithSizesCopyOp,
    StackOp,
    UnbindCopyOp,
)
