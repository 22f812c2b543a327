"""convert-quantization: observers become quantize and dequantize, weights of static schemes become integers.

    %0 = quant.observe(%x, …)                     %q = quant.quantize(%x, scale=…, zero_point=…, …, dtype=i8)
    %y = edge.conv(%0, %w, %b) {quant.scheme} --> %0 = quant.dequantize(%q, …)
                                                  %v = quant.dequantize_per_channel(%integers, %scales, axis=0, …)
                                                  %y = edge.conv(%0, %v, %b)

Weights have the scale max |w| / 127 for each output channel, and no zero point. A channel of small weights with a large
bias gets a larger scale, so that its bias fits the 32-bit accumulator; one of zeros gets the largest of the others.
Constants that were observed become integers. Biases stay reals here.

Operations with dynamic schemes, or of weights alone, are left to the passes for these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import PARAMS, SCHEME, Granularity, Mode, Params, ParamsAttr, SchemeAttr, Spec
from etc.dialects.tensor import tensor
from etc.errors import EtcError, Problem, problem_at
from etc.transforms.edge_builder import EdgeBuilder, array_of, is_constant, known, name_of
from etc.transforms.quantisable import Weights, weights_of
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

if TYPE_CHECKING:
    import torch

BIAS_BITS = 30
"""A bias takes at most a half of what the accumulator of 32 bits holds."""


def params_attribute(op: quant.ObserveOp) -> Params | None:
    found = op.attributes.get(PARAMS)
    return found.data if isinstance(found, ParamsAttr) else None


def quantize(build: EdgeBuilder, value: SSAValue, params: Params) -> SSAValue:
    """The integers that stand for a value; those of a constant are a constant."""
    arguments = (params.scale, params.zero_point, params.quant_min, params.quant_max)
    if is_constant(value):
        from etc.dialects.on_torch import torch_dtypes
        from etc.dialects.quant.on_torch import quantize as on_torch

        integers = on_torch(array_of(value), *arguments, torch_dtypes()[params.dtype])
        result = build.constant(integers, known(value).like(dtype=params.dtype), name_of(value))
    else:
        result = build(quant.QuantizeOp, value, *arguments, params.dtype)
        result.name_hint = value.name_hint
    assert not isinstance(result.owner, SSAValue)
    result.owner.attributes[PARAMS] = ParamsAttr(params)  # pyright: ignore[reportAttributeAccessIssue]
    return result


def dequantize(build: EdgeBuilder, integers: SSAValue, params: Params) -> SSAValue:
    return build(
        quant.DequantizeOp,
        *(integers, params.scale, params.zero_point, params.quant_min, params.quant_max, params.dtype),
    )


class ConvertObserver(RewritePattern):
    """observe(x) -> dequantize(quantize(x))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: quant.ObserveOp, rewriter: PatternRewriter) -> None:
        params = params_attribute(op)
        assert params is not None
        build = EdgeBuilder(rewriter)
        build.replace(op, dequantize(build, quantize(build, op.input, params), params))


class ConvertWeights(RewritePattern):
    """conv(x, w) -> conv(x, dequantize_per_channel(integers of w))"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        attribute = op.attributes.get(SCHEME)
        if not isinstance(attribute, SchemeAttr) or attribute.data.mode is not Mode.STATIC:
            return
        del op.attributes[SCHEME]
        rewriter.notify_op_modified(op)
        spec, weights = attribute.data.weights, weights_of(op)
        if spec is None or weights is None:
            return
        values = quantised_weights(EdgeBuilder(rewriter), op, weights, spec)
        values.name_hint = op.operands[weights.operand].name_hint
        op.operands[weights.operand] = values


def problems_of_values(op: Operation, value: SSAValue) -> list[Problem]:
    """What keeps the values of a constant that `op` reads from having scales: NaN and infinities."""
    values = array_of(value)
    broken = int((~values.isfinite()).sum()) if values.is_floating_point() else 0
    if not broken:
        return []
    kind = "NaN" if bool(values.isnan().any()) else "infinities"
    name = name_of(value)
    what = f'parameter "{name}" has {kind}' if name else f"a constant has {kind}"
    found = f"{broken} of {values.numel()} values that are not finite"
    return [problem_at(op, what, expected="finite numbers", found=found, next_step="repair the model")]


def quantised_weights(build: EdgeBuilder, op: EdgeOp, weights: Weights, spec: Spec) -> SSAValue:
    """The weights of an operation as they are after quantisation."""
    if spec.granularity is Granularity.CHANNEL:
        stored, scales = weights_by_channel(build, op, weights, spec)
        return build(
            quant.DequantizePerChannelOp,
            *(stored, scales, None, weights.axis, spec.quant_min, spec.quant_max, spec.dtype),
        )
    value = op.operands[weights.operand]
    scale = scales_of(array_of(value), None, spec)
    integers = integers_of(array_of(value), scale, weights.axis, spec)
    stored = build.constant(integers, known(value).like(dtype=spec.dtype), name_of(value))
    return dequantize(build, stored, Params(spec.dtype, spec.quant_min, spec.quant_max, float(scale), 0))


def weights_by_channel(build: EdgeBuilder, op: EdgeOp, weights: Weights, spec: Spec) -> tuple[SSAValue, SSAValue]:
    """Constants: the weights of an operation as integers, and the scales of its output channels."""
    import torch

    value = op.operands[weights.operand]
    values, name = array_of(value), name_of(value)
    scales = scales_of(values, weights.axis, spec)
    scales = torch.maximum(scales, _least_scales(op, len(scales)))
    integers = integers_of(values, scales, weights.axis, spec)
    stored = build.constant(integers, known(value).like(dtype=spec.dtype), name)
    return stored, build.constant(scales, tensor(dtypes.float32, scales.shape), name and f"{name}.scales")


def scales_of(values: torch.Tensor, axis: int | None, spec: Spec) -> torch.Tensor:
    """float32 scales of symmetric weights: one per index of `axis`, or for all."""
    import torch

    dims = [d for d in range(values.dim()) if d != axis]
    largest = values.float().abs().amax(dims) if dims else values.float().abs()
    scales = largest / min(-spec.quant_min, spec.quant_max)
    most = scales.max() if bool(scales.any()) else torch.ones(())
    return torch.where(scales > torch.finfo(torch.float32).tiny, scales, most)


def integers_of(values: torch.Tensor, scales: torch.Tensor, axis: int, spec: Spec) -> torch.Tensor:
    """The nearest integers to `values / scales`, ties to even."""
    if scales.dim():
        scales = scales.reshape([-1 if d == axis else 1 for d in range(values.dim())])
    return (values / scales).round().clamp(spec.quant_min, spec.quant_max)


def _least_scales(op: EdgeOp, channels: int) -> torch.Tensor:
    """The smallest scales of channels with which the bias, counted in input scale times weight scale, fits."""
    import torch

    bias: SSAValue | None = op.bias if isinstance(op, edge.ConvOp | edge.LinearOp) else None
    params = _input_params(op.operands[0])
    if bias is None or params is None or not is_constant(bias):
        return torch.zeros(channels)
    values = array_of(bias).float().abs()
    least = values / (params.scale * 2.0**BIAS_BITS)
    return least if len(least) == channels else least.reshape(-1, channels).amax(0)


def _input_params(value: SSAValue) -> Params | None:
    """The parameters that a value is quantised with, before and after its observer is converted."""
    op = value.owner
    if isinstance(op, quant.ObserveOp):
        return params_attribute(op)
    if not isinstance(op, quant.DequantizeOp):
        return None
    integers = (op.argument("dtype"), op.argument("quant_min"), op.argument("quant_max"))
    return Params(*integers, op.argument("scale"), op.argument("zero_point"))


@dataclass(frozen=True)
class ConvertQuantizationPass(EtcPass):
    """Turn calibrated observers into quantize and dequantize, and weights of static schemes into integers."""

    name = "convert-quantization"
    patterns = (ConvertObserver, ConvertWeights)

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        problems: dict[str, Problem] = {}
        for op in module.walk():
            if isinstance(op, quant.ObserveOp) and params_attribute(op) is None:
                what = f'"{op.argument("key")}" has no scale yet'
                problems.setdefault(
                    what, problem_at(op, what, next_step='run calibrate{data="FILE.npz"} before this pass')
                )
            scheme = op.attributes.get(SCHEME)
            if isinstance(scheme, SchemeAttr) and scheme.data.mode is Mode.STATIC and scheme.data.weights is not None:
                weights = weights_of(op)
                found = [] if weights is None else problems_of_values(op, op.operands[weights.operand])
                problems |= {problem.what: problem for problem in found}
        if problems:
            raise EtcError(problems.values())
        super().rewrite(ctx, module)
