"""Normalisations: batch, instance, group, layer and root-mean-square."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes


@decomposes("batch_norm")
def batch_norm(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue | None,
    bias: SSAValue | None,
    running_mean: SSAValue | None,
    running_var: SSAValue | None,
    training: bool,
    momentum: float,
    eps: float,
) -> SSAValue | None:
    """batch_norm(x) -> _native_batch_norm_legit_no_training(x)#0 in evaluation"""
    if training or running_mean is None or running_var is None:
        return None
    statistics = (running_mean, running_var, momentum, eps)
    return build("_native_batch_norm_legit_no_training", input, weight, bias, *statistics)[0]


@decomposes("layer_norm")
def layer_norm(
    build: AtenBuilder,
    input: SSAValue,
    normalized_shape: Sequence[Dim],
    weight: SSAValue | None,
    bias: SSAValue | None,
    eps: float,
) -> SSAValue:
    """layer_norm(x) -> native_layer_norm(x)#0"""
    return build("native_layer_norm", input, normalized_shape, weight, bias, eps)[0]


@decomposes("group_norm")
def group_norm(
    build: AtenBuilder, input: SSAValue, num_groups: int, weight: SSAValue | None, bias: SSAValue | None, eps: float
) -> SSAValue:
    """group_norm(x) -> native_group_norm(x)#0"""
    batch, channels, *spatial = build.type(input).sizes
    extent = symbolic.product(spatial)
    return build("native_group_norm", input, weight, bias, batch, channels, extent, num_groups, eps)[0]


@decomposes("rms_norm")
def rms_norm(
    build: AtenBuilder, input: SSAValue, normalized_shape: Sequence[Dim], weight: SSAValue | None, eps: float | None
) -> SSAValue | None:
    """rms_norm(x, w) -> x * rsqrt(mean(x * x) + eps) * w"""
    if eps is None:
        return None
    dims = list(range(-len(normalized_shape), 0))
    mean = build("mean.dim", build("mul.Tensor", input, input), dims, True)
    normalised = build("mul.Tensor", input, build("rsqrt", build("add.Scalar", mean, eps)))
    return normalised if weight is None else build("mul.Tensor", normalised, weight)
