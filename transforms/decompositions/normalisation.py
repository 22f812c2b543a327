"""Normalisations: batch, instance, group, layer and root-mean-square."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from etc.dialects import dtypes, symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast

_EPSILON: dict[str, float] = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
"""The difference between 1 and the next number of each floating-point type."""


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
) -> SSAValue:
    """batch_norm(x) -> _native_batch_norm_legit_no_training(x)#0 in evaluation"""
    if training or running_mean is None or running_var is None:
        return _of_batch(build, input, weight, bias, eps)[0]
    statistics = (running_mean, running_var, momentum, eps)
    return build("_native_batch_norm_legit_no_training", input, weight, bias, *statistics)[0]


def _of_batch(
    build: AtenBuilder, input: SSAValue, weight: SSAValue | None, bias: SSAValue | None, eps: float
) -> tuple[SSAValue, SSAValue, SSAValue]:
    """`input` normalised by its own statistics per channel; then mean and rsqrt(variance + eps), (C) each."""
    known = build.type(input)
    dims = [d for d in range(known.rank) if d != 1]
    wide = [1, known.sizes[1], *[1] * (known.rank - 2)]
    mean = build("mean.dim", input, dims, True)
    variance = build("var.correction", input, dims, correction=0, keepdim=True)
    scale = build("rsqrt", build("add.Scalar", variance, eps))
    result = build("mul.Tensor", build("sub.Tensor", input, mean), scale)
    if weight is not None:
        result = build("mul.Tensor", result, build("view", weight, wide))
    if bias is not None:
        result = build("add.Tensor", result, build("view", bias, wide))
    flat_mean, flat_scale = (build("view", v, [known.sizes[1]]) for v in (mean, scale))
    return result, flat_mean, flat_scale


@decomposes("_native_batch_norm_legit_functional")
def trained_batch_norm(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue | None,
    bias: SSAValue | None,
    running_mean: SSAValue,
    running_var: SSAValue,
    training: bool,
    momentum: float,
    eps: float,
) -> list[SSAValue]:
    """batch_norm(x) -> x normalised by its own statistics, which the running ones come nearer to by `momentum`"""
    if not training:
        out = batch_norm(build, input, weight, bias, running_mean, running_var, False, momentum, eps)
        return [out, *_nothing(build, 1, 2), running_mean, running_var]
    out, mean, scale = _of_batch(build, input, weight, bias, eps)
    dims = [d for d in range(build.type(input).rank) if d != 1]
    unbiased = build("var.correction", input, dims, correction=1)
    new = [
        build("add.Tensor", build("mul.Scalar", old, 1 - momentum), build("mul.Scalar", value, momentum))
        for old, value in ((running_mean, mean), (running_var, unbiased))
    ]
    return [out, mean, scale, *new]


def _nothing(build: AtenBuilder, *numbers: int) -> list[SSAValue]:
    """Tensors without elements for the results that only a backward pass would look at."""
    types = [build.type(build.results[number]) for number in numbers]
    return [build("full", list(t.sizes), 0, dtype=t.dtype) for t in types]


@decomposes("native_batch_norm")
def native_batch_norm(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue | None,
    bias: SSAValue | None,
    running_mean: SSAValue | None,
    running_var: SSAValue | None,
    training: bool,
    momentum: float,
    eps: float,
) -> list[SSAValue]:
    """native_batch_norm(x) -> _native_batch_norm_legit_no_training(x), or x normalised by its own statistics"""
    if training or running_mean is None or running_var is None:
        return list(_of_batch(build, input, weight, bias, eps))
    out = batch_norm(build, input, weight, bias, running_mean, running_var, False, momentum, eps)
    return [out, *_nothing(build, 1, 2)]


@decomposes("_batch_norm_with_update_functional")
def updating_batch_norm(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue | None,
    bias: SSAValue | None,
    running_mean: SSAValue,
    running_var: SSAValue,
    momentum: float,
    eps: float,
) -> list[SSAValue]:
    """batch_norm(x) -> x normalised by its own statistics, which the running ones come nearer to by `momentum`"""
    results = trained_batch_norm(build, input, weight, bias, running_mean, running_var, True, momentum, eps)
    return [*results[:3], *_nothing(build, 3), *results[3:]]


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


@decomposes("instance_norm")
def instance_norm(
    build: AtenBuilder,
    input: SSAValue,
    weight: SSAValue | None,
    bias: SSAValue | None,
    running_mean: SSAValue | None,
    running_var: SSAValue | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
) -> SSAValue | None:
    """instance_norm(x) -> group_norm(x) with a group per channel; by given statistics a batch norm"""
    if not use_input_stats:
        return batch_norm(build, input, weight, bias, running_mean, running_var, False, momentum, eps)
    channels = build.type(input).sizes[1]
    return group_norm(build, input, channels, weight, bias, eps) if isinstance(channels, int) else None


@decomposes("rms_norm")
def rms_norm(
    build: AtenBuilder, input: SSAValue, normalized_shape: Sequence[Dim], weight: SSAValue | None, eps: float | None
) -> SSAValue:
    """rms_norm(x, w) -> x * rsqrt(mean(x * x) + eps) * w"""
    return fused_rms_norm(build, input, normalized_shape, weight, eps)[0]


@decomposes("_fused_rms_norm")
def fused_rms_norm(
    build: AtenBuilder, input: SSAValue, normalized_shape: Sequence[Dim], weight: SSAValue | None, eps: float | None
) -> list[SSAValue]:
    """_fused_rms_norm(x, w) -> x * r * w, r = rsqrt(mean(x * x) + eps)"""
    dims = list(range(-len(normalized_shape), 0))
    wanted = build.type(input).dtype
    wide = cast(build, input, dtypes.float32) if wanted.size < 4 else input  # squares overflow in 16 bits
    mean = build("mean.dim", build("mul.Tensor", wide, wide), dims, True)
    scale = build("rsqrt", build("add.Scalar", mean, _EPSILON[wanted.name] if eps is None else eps))
    normalised = build("mul.Tensor", wide, scale)
    if weight is not None:
        normalised = build("mul.Tensor", normalised, weight)
    return [cast(build, normalised, wanted), scale]
