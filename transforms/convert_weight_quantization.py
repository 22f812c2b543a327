"""convert-weight-quantization: weights become integers, and reals again where they are used.

    %y = edge.linear(%x, %w) {quant.scheme = weights}  -->  %v = quant.dequantize_per_channel(%integers, %scales, …)
                                                            %y = edge.linear(%x, %v)

- embedding(w, i) -> embedding_byte or embedding_4bit, which read the rows that are asked for
- linear(x, w, b) of one row -> mixed_linear(x, w) + b, which reads the weights once
- other operations -> dequantize_per_channel; embedding_4bit of all rows for weights of four bits

Weights of eight bits have a scale for each output channel, those of four bits a scale for each group of a row's
columns. In the latter, the mean squares of the columns count, where a normalization before the operation tells them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.blob import Blob
from etc.dialects.edge.base import EdgeOp
from etc.dialects.program import constant_of
from etc.dialects.quant.attributes import SCHEME, Granularity, Mode, Scheme, SchemeAttr, Spec
from etc.dialects.quant.weights import NIBBLE
from etc.dialects.tensor import tensor
from etc.errors import EtcError, Problem, problem_at
from etc.transforms.convert_quantization import problems_of_values, quantised_weights, weights_by_channel
from etc.transforms.edge_builder import EdgeBuilder, array_of, is_constant, known, name_of
from etc.transforms.grouped_weights import GroupedWeights, group_weights, packed
from etc.transforms.quantisable import Weights, weights_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

if TYPE_CHECKING:
    import torch


def scheme_of(op: Operation, mode: Mode) -> Scheme | None:
    """The scheme of an operation, if it is of this mode."""
    attribute = op.attributes.get(SCHEME)
    return attribute.data if isinstance(attribute, SchemeAttr) and attribute.data.mode is mode else None


class QuantisedWeights:
    """Weights of one program as integers. Tied weights are rounded once, as the first operation wants them."""

    def __init__(self) -> None:
        self._known: dict[tuple[Blob | None, Spec], GroupedWeights] = {}

    def dequantised(self, build: EdgeBuilder, op: EdgeOp, spec: Spec) -> SSAValue:
        """The weights of `op` as they are after quantisation, in the place of the weights."""
        weights = weights_of(op)
        assert weights is not None
        if spec.granularity is not Granularity.GROUP:
            return quantised_weights(build, op, weights, spec)
        value = op.operands[weights.operand]
        rows = known(value).shape[0]
        reals = self.looked_up(build, op, value, spec, build.all_indices(rows, dtypes.int32))
        return build.view(reals, known(value).sizes)

    def looked_up(self, build: EdgeBuilder, op: EdgeOp, value: SSAValue, spec: Spec, indices: SSAValue) -> SSAValue:
        """Rows of a weight of four bits."""
        grouped, name = self._grouped(op, value, spec), name_of(value) or ""
        halves = packed(grouped.integers)
        stored = build.constant(halves, tensor(dtypes.uint8, halves.shape), name)
        params = [
            None if reals is None else build.constant(reals, tensor(dtypes.float32, reals.shape), f"{name}.{kind}")
            for kind, reals in (("scales", grouped.scales), ("zero_points", grouped.zero_points))
        ]
        return build(quant.Embedding4bitOp, stored, *params, spec.quant_min, spec.quant_max, indices)

    def _grouped(self, op: EdgeOp, value: SSAValue, spec: Spec) -> GroupedWeights:
        key = constant_of(value), spec
        if key not in self._known:
            values = array_of(value)
            self._known[key] = group_weights(values.reshape(len(values), -1), spec, column_importance(op))
        return self._known[key]


def column_importance(op: EdgeOp) -> torch.Tensor | None:
    """The mean squares of the columns that a linear layer gets, where a normalization before it tells them.

    A normalized value has the mean 0 and the mean square 1, so scaled by w and moved by b it has w * w + b * b.
    """
    if not isinstance(op, edge.LinearOp):
        return None
    match op.input.owner:
        case edge.LayerNormOp() as norm if norm.weight is not None and is_constant(norm.weight):
            factor = array_of(norm.weight).float()
            moved = array_of(norm.bias).float() if norm.bias is not None and is_constant(norm.bias) else 0.0
        case edge.MulOp() as scaled:  # RMS norm
            columns = known(op.weight).shape[-1]
            vectors = [v for v in scaled.operands if is_constant(v) and math.prod(known(v).shape) == columns]
            if not vectors:
                return None
            factor, moved = array_of(vectors[0]).float(), 0.0
        case _:
            return None
    squares = (factor.square() + moved**2).flatten()
    return squares / squares.mean() if len(squares) == known(op.weight).shape[-1] and bool(squares.all()) else None


def problems_of_groups(op: EdgeOp, spec: Spec) -> list[Problem]:
    """What keeps the weights of an operation from being quantised in groups."""
    weights = weights_of(op)
    if spec.granularity is not Granularity.GROUP or weights is None:
        return []
    value, size = known(op.operands[weights.operand]), spec.group_size
    columns = math.prod(value.shape[1:])
    remedy = "choose smaller groups, or give this module another config: int8-weight, float"
    if columns % size:
        what = f"groups of {size} weights do not divide its rows"
        return [
            problem_at(op, what, expected=f"a multiple of {size} weights a row", found=str(columns), next_step=remedy)
        ]
    if (spec.quant_min, spec.quant_max) != NIBBLE or weights.axis != 0 or columns % 2:
        what = "weights in groups have four bits, in rows of an even number of weights"
        found = f"{spec} of {value} with its channels in dimension {weights.axis}"
        return [problem_at(op, what, expected=f"[{NIBBLE[0]}, {NIBBLE[1]}]", found=found, next_step=remedy)]
    return []


def check_weights(module: ModuleOp, mode: Mode) -> None:
    """Raise an EtcError with all weights that are not finite, or that do not fit into groups."""
    problems: list[Problem] = []
    for op in module.walk():
        scheme, weights = scheme_of(op, mode), weights_of(op)
        if isinstance(op, EdgeOp) and scheme is not None and scheme.weights is not None and weights is not None:
            problems += problems_of_values(op, op.operands[weights.operand])
            problems += problems_of_groups(op, scheme.weights)
    if problems:
        raise EtcError(problems)


def _embedding(op: edge.EmbeddingOp, spec: Spec, build: EdgeBuilder, weights: QuantisedWeights) -> SSAValue:
    """embedding(w, i) -> embedding_4bit(integers of w, i), embedding_byte"""
    if spec.granularity is Granularity.GROUP:
        return weights.looked_up(build, op, op.weight, spec, op.indices)
    stored, scales = weights_by_channel(build, op, Weights(0, 0), spec)
    return build(quant.EmbeddingByteOp, stored, scales, None, spec.quant_min, spec.quant_max, op.indices)


def _linear(op: edge.LinearOp, spec: Spec, build: EdgeBuilder, weights: QuantisedWeights) -> SSAValue:
    """linear(x, w, b) -> mixed_linear(x, integers of w) + b for one row; linear(x, dequantised w, b)"""
    is_row = all(size == 1 for size in known(op.input).sizes[:-1])
    if not is_row or spec.granularity is not Granularity.CHANNEL or spec.dtype is not dtypes.int8:
        return build(edge.LinearOp, op.input, weights.dequantised(build, op, spec), op.bias)
    product = build(quant.MixedLinearOp, op.input, *weights_by_channel(build, op, Weights(1, 0), spec))
    return product if op.bias is None else build(edge.AddOp, product, op.bias)


_CONVERSIONS: Mapping[type[EdgeOp], Callable[[Any, Spec, EdgeBuilder, QuantisedWeights], SSAValue]] = {
    edge.EmbeddingOp: _embedding,
    edge.LinearOp: _linear,
}
"""Operations that take weights as they are stored."""


class ConvertWeights(RewritePattern):
    """f(x, w) -> f(x, dequantised integers of w)"""

    def __init__(self) -> None:
        self._weights = QuantisedWeights()

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        scheme = scheme_of(op, Mode.WEIGHTS)
        if scheme is None:
            return
        del op.attributes[SCHEME]
        rewriter.notify_op_modified(op)
        if scheme.weights is None or (weights := weights_of(op)) is None:
            return
        build = EdgeBuilder(rewriter)
        if (conversion := _CONVERSIONS.get(type(op))) is not None:
            build.replace(op, conversion(op, scheme.weights, build, self._weights))
        else:
            op.operands[weights.operand] = self._weights.dequantised(build, op, scheme.weights)


@dataclass(frozen=True)
class ConvertWeightQuantizationPass(EtcPass):
    """Turn weights of schemes for weights alone into integers."""

    name = "convert-weight-quantization"

    def get_patterns(self) -> Sequence[RewritePattern]:
        return (ConvertWeights(),)

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        check_weights(module, Mode.WEIGHTS)
        super().rewrite(ctx, module)
