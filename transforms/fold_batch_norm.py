"""fold-batch-norm: fold inference batch norm, and multiplications and additions per channel, into the weights before.

    %c = edge.conv(%x, %w, …)
    %y = edge.batch_norm(%c, %gamma, %beta, %mean, %var, …)       -->    %y = edge.conv(%x, %w', bias=%b', …)

With g = gamma / sqrt(var + eps) and h = beta - mean * g per output channel, w' = w * g and b' = b * g + h. g and h are
computed in float64, the weights are multiplied once in their own precision.

A batch norm that no weights take in becomes a multiplication and an addition with constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from xdsl.ir import SSAValue

from etc.dialects import edge
from etc.transforms.edge_builder import (
    SMALL,
    EdgeBuilder,
    array_of,
    has_other_users,
    is_constant,
    known,
    name_of,
    nbytes,
)
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

if TYPE_CHECKING:
    import torch

WithWeights: TypeAlias = edge.ConvOp | edge.LinearOp


@dataclass
class Affine:
    """x * scale + shift; each a float64 vector over channels, a rank-0 tensor for all channels, or None for 1 and 0."""

    scale: torch.Tensor | None
    shift: torch.Tensor | None


def _channel_dim(op: WithWeights) -> int:
    return 1 if isinstance(op, edge.ConvOp) else known(op.result).rank - 1


def _output_channels(op: WithWeights) -> int:
    channels = known(op.result).sizes[_channel_dim(op)]
    assert isinstance(channels, int), "constant weights have sizes that are numbers"
    return channels


def _refusal(op: object, value: SSAValue) -> str:
    """Why a function of `value` cannot move into the weights of `op`, which computes it."""
    if not isinstance(op, WithWeights):
        return "what it is applied to has no weights"
    if not value.has_one_use():
        return f"the result of {op.name} has another user"
    if not is_constant(op.weight) or (op.bias is not None and not is_constant(op.bias)):
        return f"the weights of {op.name} are not constants"
    if not known(value).dtype.is_float:
        return "the weights are not floats"
    if has_other_users(op.weight) and nbytes(op.weight) > SMALL:
        return f"the weights of {op.name} have another user, they would be stored twice"
    return ""


def _fold(op: WithWeights, affine: Affine, build: EdgeBuilder) -> SSAValue:
    """`op` with weights that compute affine(op)."""
    channels = _output_channels(op)
    weight, bias = op.weight, op.bias
    if affine.scale is not None:
        values = array_of(weight)
        scale = _over_output_channels(op, affine.scale.expand(channels), values)
        weight = build.constant(values * scale.to(_precision(values)), known(weight), name_of(weight))
    if affine.shift is not None or (bias is not None and affine.scale is not None):
        import torch

        values = torch.zeros(1, dtype=torch.float64) if bias is None else array_of(bias).double()
        if affine.scale is not None:
            values = values * affine.scale
        if affine.shift is not None:
            values = values + affine.shift
        like = known(op.weight).like(sizes=[channels])
        name = _name_of_new_bias(op) if bias is None else name_of(bias)
        bias = build.constant(values.expand(channels), like, name)
    arguments = {arg.name: value for arg, value in op.arguments()} | {"weight": weight, "bias": bias}
    return build(type(op), **arguments)


def _name_of_new_bias(op: WithWeights) -> str:
    """`fc.bias` beside `fc.weight`."""
    name = name_of(op.weight) or "weight"
    return name.removesuffix("weight") + "bias" if name.endswith("weight") else f"{name}.bias"


def _precision(weight: torch.Tensor) -> torch.dtype:
    import torch

    return torch.promote_types(weight.dtype, torch.float32)


def _over_output_channels(op: WithWeights, scale: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A vector over the output channels in a shape that broadcasts to the weight.

    That of a transposed convolution is C x O/groups x kernel: its first dimension tells the group of an output channel.
    """
    inner = [1] * (weight.dim() - 2)
    if isinstance(op, edge.LinearOp) or not op.argument("transposed"):
        return scale.reshape(-1, 1, *inner)
    groups = op.argument("groups")
    return scale.reshape(groups, 1, -1).expand(-1, weight.shape[0] // groups, -1).reshape(weight.shape[0], -1, *inner)


def _constant_per_channel(value: SSAValue, of: SSAValue, dim: int) -> torch.Tensor | None:
    """A constant that is one number, or one per index of dimension `dim` of `of`, in float64."""
    if not is_constant(value):
        return None
    have, full = known(value).sizes, known(of).sizes
    if len(have) > len(full):
        return None
    padded = (1,) * (len(full) - len(have)) + have
    if any(size != 1 for i, size in enumerate(padded) if i != dim) or padded[dim] not in (1, full[dim]):
        return None
    content = array_of(value).double().reshape(-1)
    return content[0] if content.numel() == 1 else content


class FoldBatchNorm(RewritePattern):
    """batch_norm(conv(x, w, b)) -> conv(x, w * g, b * g + h); batch_norm(x) -> x * g + h"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.BatchNormOp, rewriter: PatternRewriter) -> None:
        if not all(map(is_constant, op.operands[1:])):
            return rewriter.decline(op, "its weights or statistics are not constants")
        if any(r.first_use is not None for r in op.results[1:]):
            return rewriter.decline(op, "its statistics are used")
        build = EdgeBuilder(rewriter)
        scale, shift = self._per_channel(op)
        producer = op.input.owner
        refusal = _refusal(producer, op.input)
        if isinstance(producer, WithWeights) and not refusal and _channel_dim(producer) == 1:
            build.replace(op, _fold(producer, Affine(scale, shift), build))
            return
        rewriter.decline(op, refusal or "its channels are not those of the weights")
        like = known(op.running_mean)
        inner = [1] * (known(op.input).rank - 2)
        scales = build.constant(scale.reshape(-1, *inner), like, name_of(op.weight or op.running_var))
        shifts = build.constant(shift.reshape(-1, *inner), like, name_of(op.bias or op.running_mean))
        build.replace(op, build(edge.AddOp, build(edge.MulOp, op.input, scales), shifts))

    @staticmethod
    def _per_channel(op: edge.BatchNormOp) -> tuple[torch.Tensor, torch.Tensor]:
        mean, variance = array_of(op.running_mean).double(), array_of(op.running_var).double()
        scale = (variance + op.argument("eps")).rsqrt()
        if op.weight is not None:
            scale = scale * array_of(op.weight).double()
        bias = 0.0 if op.bias is None else array_of(op.bias).double()
        return scale, bias - mean * scale


class FoldAffine(RewritePattern):
    """conv(x, w, b) * c -> conv(x, w * c, b * c), conv(x, w, b) + c -> conv(x, w, b + c); the same for / and -"""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: edge.MulOp | edge.DivOp | edge.AddOp | edge.SubOp, rewriter: PatternRewriter
    ) -> None:
        operands = [(op.self_, op.other)] + ([(op.other, op.self_)] if isinstance(op, edge.MulOp | edge.AddOp) else [])
        for value, constant in operands:
            producer = value.owner
            if not isinstance(producer, WithWeights) or value.type != op.result.type:
                continue
            numbers = _constant_per_channel(constant, value, _channel_dim(producer))
            if numbers is None:
                continue
            if refusal := _refusal(producer, value):
                return rewriter.decline(op, refusal)
            alpha = op.argument("alpha") if isinstance(op, edge.AddOp | edge.SubOp) else 1
            if alpha != 1:
                return rewriter.decline(op, "alpha is not 1")
            build = EdgeBuilder(rewriter)
            build.replace(op, _fold(producer, self._affine(op, numbers), build))
            return

    @staticmethod
    def _affine(op: edge.MulOp | edge.DivOp | edge.AddOp | edge.SubOp, numbers: torch.Tensor) -> Affine:
        match op:
            case edge.MulOp():
                return Affine(numbers, None)
            case edge.DivOp():
                return Affine(1 / numbers, None)
            case edge.AddOp():
                return Affine(None, numbers)
            case edge.SubOp():
                return Affine(None, -numbers)


@dataclass(frozen=True)
class FoldBatchNormPass(EtcPass):
    """Fold batch norms and per-channel constants into the weights before them; split the others into mul and add."""

    name = "fold-batch-norm"
    patterns = (FoldBatchNorm, FoldAffine)
