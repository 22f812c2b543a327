"""What quantisation knows of edge operations: their weights, which of them only move values, which are tables.

Tables keyed by class, asked by the passes that annotate, observe and convert.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, Region, SSAValue, Use

from etc.dialects import dtypes, edge
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.transforms.edge_builder import array_of, is_constant, known, number_of


class Weights(NamedTuple):
    """Constant weights: which operand of the operation they are, and their dimension of output channels."""

    operand: int
    axis: int


def _conv_axis(op: edge.ConvOp) -> int:
    """0, or for transposed ones 1; those that are depthwise have their channels in dimension 0 alone.

    In groups, the output channels of a transposed convolution that have one index within their group share a scale.
    """
    if not op.argument("transposed"):
        return 0
    return 0 if known(op.weight).sizes[1] == 1 and op.argument("groups") == known(op.weight).sizes[0] else 1


def _of_conv(op: edge.ConvOp) -> Weights | None:
    return Weights(1, _conv_axis(op)) if is_constant(op.weight) else None


def _of_linear(op: edge.LinearOp) -> Weights | None:
    return Weights(1, 0) if is_constant(op.weight) else None


def _of_product(op: edge.MmOp | edge.BmmOp) -> Weights | None:
    """The columns of the right factor, the rows of the left one."""
    rank = known(op.result).rank
    if is_constant(op.mat2):
        return Weights(1, rank - 1)
    return Weights(0, rank - 2) if is_constant(op.self_) else None


def _of_embedding(op: edge.EmbeddingOp) -> Weights | None:
    return Weights(0, 0) if is_constant(op.weight) else None


WEIGHTS: Mapping[type[EdgeOp], Callable[[Any], Weights | None]] = {
    edge.BmmOp: _of_product,
    edge.ConvOp: _of_conv,
    edge.EmbeddingOp: _of_embedding,
    edge.LinearOp: _of_linear,
    edge.MmOp: _of_product,
}
"""The operations that may have weights, and where these are."""

CONTRACTIONS = frozenset({edge.BmmOp, edge.ConvOp, edge.LinearOp, edge.MmOp})
"""Sums of products, which integers of more bits accumulate. There is no addmm: fuse-linear leaves none."""

RESCALED = CONTRACTIONS | {
    edge.AdaptiveAvgPool1dOp,
    edge.AdaptiveAvgPool2dOp,
    edge.AddOp,
    edge.AvgPool1dOp,
    edge.AvgPool2dOp,
    edge.MeanOp,
    edge.MulOp,
    edge.SubOp,
    edge.SumOp,
}
"""Arithmetic whose results are rescaled to the integers of the result: a clamp behind it costs nothing."""

NORMALISED = frozenset({edge.SoftmaxOp})

MOVING: Mapping[type[EdgeOp], tuple[str, ...]] = {
    edge.AliasCopyOp: ("self",),
    edge.AmaxOp: ("self",),
    edge.AminOp: ("self",),
    edge.AsStridedCopyOp: ("self",),
    edge.CatOp: ("tensors",),
    edge.CloneDimOrderOp: ("self",),
    edge.ConstantPadNdOp: ("self",),
    edge.DiagonalCopyOp: ("self",),
    edge.EmbeddingOp: ("weight",),
    edge.ExpandCopyOp: ("self",),
    edge.FlipOp: ("self",),
    edge.GatherOp: ("self",),
    edge.IndexOp: ("self",),
    edge.IndexPutOp: ("self", "values"),
    edge.IndexSelectOp: ("self",),
    edge.MaskedFillOp: ("self",),
    edge.MaxDimOp: ("self",),
    edge.MaxOp: ("self",),
    edge.MaxPool2dOp: ("self",),
    edge.MaxPool3dOp: ("self",),
    edge.MaximumOp: ("self", "other"),
    edge.MinDimOp: ("self",),
    edge.MinOp: ("self",),
    edge.MinimumOp: ("self", "other"),
    edge.PermuteCopyOp: ("self",),
    edge.PixelShuffleOp: ("self",),
    edge.PixelUnshuffleOp: ("self",),
    edge.ReflectionPad1dOp: ("self",),
    edge.ReflectionPad2dOp: ("self",),
    edge.ReflectionPad3dOp: ("self",),
    edge.RepeatOp: ("self",),
    edge.ReplicationPad1dOp: ("self",),
    edge.ReplicationPad2dOp: ("self",),
    edge.ReplicationPad3dOp: ("self",),
    edge.RollOp: ("self",),
    edge.ScatterSrcOp: ("self", "src"),
    edge.SelectCopyOp: ("self",),
    edge.SelectScatterOp: ("self", "src"),
    edge.SliceCopyOp: ("self",),
    edge.SliceScatterOp: ("self", "src"),
    edge.SplitWithSizesCopyOp: ("self",),
    edge.SqueezeCopyOp: ("self",),
    edge.StackOp: ("tensors",),
    edge.TopkOp: ("self",),
    edge.ToDimOrderCopyOp: ("self",),
    edge.UnbindCopyOp: ("self",),
    edge.UnfoldCopyOp: ("self",),
    edge.UnsqueezeCopyOp: ("self",),
    edge.UpsampleNearest2dOp: ("input",),
    edge.ViewCopyOp: ("self",),
    edge.WhereOp: ("self", "other"),
}
"""Operations that move or choose elements, by the arguments that these come from: all of them share one scale."""

CLAMPS = frozenset({edge.ClampOp, edge.HardtanhOp, edge.ReluOp})

FIXED_RANGES: Mapping[type[EdgeOp], tuple[float, float]] = {
    edge.SigmoidOp: (0.0, 1.0),
    edge.SoftmaxOp: (0.0, 1.0),
    edge.TanhOp: (-1.0, 1.0),
}
"""Results that lie in an interval whatever the data are: scales need no calibration. The upper end is not included."""


def weights_of(op: Operation) -> Weights | None:
    """The constant weights of an operation; None when it has none."""
    find = WEIGHTS.get(type(op))  # pyright: ignore[reportArgumentType]
    return None if find is None else find(op)


def is_real(value: SSAValue) -> bool:
    """Whether a value can be quantised: a float32 tensor."""
    return isinstance(value.type, TensorType) and known(value).dtype is dtypes.float32


def is_elementwise(op: Operation) -> bool:
    return isinstance(op, EdgeOp) and op.has_trait(Elementwise)


def is_number(value: SSAValue) -> bool:
    """Whether a value is a constant of one element, which a table takes in."""
    return isinstance(value.type, TensorType) and number_of(value) is not None


def variable_of(op: Operation, roots: Mapping[SSAValue, SSAValue]) -> SSAValue | None:
    """The one value that an elementwise operation is a function of, element by element; None for more or other shapes.

    `roots` tells it for operands that are such functions themselves, so that x * sigmoid(x) is a function of x.
    """
    if not is_elementwise(op) or len(op.results) != 1:
        return None
    found = {roots.get(v, v) for v in op.operands if not is_number(v)}
    if len(found) != 1:
        return None
    (root,) = found
    return root if is_real(root) and known(root).sizes == known(op.results[0]).sizes else None


def functions_of_one_variable(method: FuncOp) -> dict[SSAValue, SSAValue]:
    """The values of a method that are elementwise functions of another one, each with the first it can be traced to."""
    roots: dict[SSAValue, SSAValue] = {}
    for op in method.walk():
        if (root := variable_of(op, roots)) is not None:
            roots[op.results[0]] = root
    return roots


HUGE = 1e30
"""Numbers from here on stand for infinity, as in masks: no scale has room for them."""

_FILLS: Mapping[type[EdgeOp], str] = {
    edge.FullLikeOp: "fill_value",
    edge.FullOp: "fill_value",
    edge.MaskedFillOp: "value",
}
"""Operations that write a number, and the argument that it is."""


def _writes_huge(op: Operation) -> bool:
    """Whether a tensor is filled with something huge."""
    number = op.argument(_FILLS[type(op)]) if isinstance(op, EdgeOp) and type(op) in _FILLS else 0
    return isinstance(number, float) and not abs(number) < HUGE


def _is_huge_constant(value: SSAValue) -> bool:
    if not is_real(value) or not is_constant(value):
        return False
    content = array_of(value)
    return content.numel() > 0 and not bool(content.abs().max() < HUGE)


def unbounded_values(method: FuncOp) -> set[SSAValue]:
    """The values of a method that infinities, NaN or huge numbers of its text get into, element by element."""
    found: set[SSAValue] = set()
    for op in method.walk():
        reads = is_elementwise(op) or (type(op) in MOVING and weights_of(op) is None)
        if _writes_huge(op) or (reads and any(v in found or _is_huge_constant(v) for v in op.operands)):
            found.update(op.results)
    return found


@dataclass(frozen=True)
class Link:
    """Values that must share one scale: those that go into `op`, at these places, and those that come out of it.

    Of an operation with regions, the arguments of regions come out of it, and what regions yield goes in.
    """

    op: Operation
    uses: Sequence[Use]
    outputs: Sequence[SSAValue]

    @property
    def inputs(self) -> list[SSAValue]:
        return [use.operation.operands[use.index] for use in self.uses]


def links_of(op: Operation) -> Iterator[Link]:
    """The links of an operation that moves values, or carries them into and out of its regions."""
    if type(op) in MOVING:
        uses = [Use(op, index) for index, value in enumerate(op.operands) if is_real(value)]
        results = [value for value in op.results if is_real(value)]
        if uses and results:
            yield Link(op, uses, results)
    elif (carried := _CARRIED.get(type(op))) is not None:
        for link in carried(op):
            if all(map(is_real, (*link.inputs, *link.outputs))):
                yield link


def _yield_of(region: Region) -> Operation:
    last = region.block.last_op
    assert last is not None
    return last


def _of_cond(op: edge.CondOp) -> Iterator[Link]:
    ends = _yield_of(op.then_region), _yield_of(op.else_region)
    for i, result in enumerate(op.results):
        yield Link(op, [Use(end, i) for end in ends], [result])


def _of_scan(op: edge.ScanOp) -> Iterator[Link]:
    region, count = op.combine_region, len(op.init)
    arguments, end = region.block.args, _yield_of(region)
    for i, argument in enumerate(arguments):
        carried = i < count
        yield Link(op, [Use(op, i), *([Use(end, i)] * carried)], [argument, *([op.results[i]] * carried)])
    for i, result in enumerate(op.results[count:], count):
        yield Link(op, [Use(end, i)], [result])


def _of_while(op: edge.WhileLoopOp) -> Iterator[Link]:
    end = _yield_of(op.body_region)
    for i, result in enumerate(op.results):
        arguments = (region.block.args[i] for region in (op.condition_region, op.body_region))
        yield Link(op, [Use(op, i), Use(end, i)], [*arguments, result])


_CARRIED: Mapping[type[Operation], Callable[[Any], Iterator[Link]]] = {
    edge.CondOp: _of_cond,
    edge.ScanOp: _of_scan,
    edge.WhileLoopOp: _of_while,
}
"""What operations with regions carry into them and out of them."""
