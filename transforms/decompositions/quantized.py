"""Operators of `quantized_decomposed`, which PT2E leaves in graphs, and fake quantisation: as quant operations.

    quantized_decomposed.quantize_per_tensor(x, 0.1, 3, -128, 127, int8)  ->  quant.quantize(x, scale=0.1, …)

Most have the same arguments. Scales that are tensors of one element become numbers where they are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, quant
from etc.dialects.blob import unpack
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.program import constant_of
from etc.errors import EtcError
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast
from etc.transforms.expand_fake_quantize import smallest_dtype

NAMESPACE = "quantized_decomposed"

_INTEGERS = ("zero_point", "zero_points")
_AT_RUN_TIME = (
    quant.DequantizeDynamicOp,
    quant.DequantizePerTokenOp,
    quant.QuantizeDynamicOp,
    quant.QuantizePerTokenOp,
)
_STATIC: Mapping[type[EdgeOp], type[EdgeOp]] = {
    quant.QuantizeDynamicOp: quant.QuantizeOp,
    quant.DequantizeDynamicOp: quant.DequantizeOp,
}


def numbers_of(value: SSAValue | None) -> Sequence[Any] | None:
    """The elements of a constant; None for other values."""
    blob = None if value is None else constant_of(value)
    return None if blob is None or value is None else unpack(blob, AtenBuilder.type(value).dtype)


def number(value: SSAValue) -> Any:
    """The only element of a constant; None for other values."""
    found = numbers_of(value)
    return found[0] if found is not None and len(found) == 1 else None


def insert(build: AtenBuilder, cls: type[EdgeOp], **arguments: Any) -> list[SSAValue]:
    """The results of a quant operation, with axes counted from the front and zero points in the type that it takes.

    Zero points that are all 0 are left out where they may be.
    """
    for arg in cls.schema().args:
        if arg.type == "Tensor?" and (known := numbers_of(arguments.get(arg.name))) is not None and not any(known):
            arguments[arg.name] = None
    if cls in _AT_RUN_TIME:
        arguments |= {name: cast(build, arguments[name], dtypes.int64) for name in _INTEGERS if name in arguments}
    if "axis" in arguments:
        arguments["axis"] %= build.type(arguments["input"]).rank
    return list(build.insert(cls.of(**arguments)).results)


def by_tensors(build: AtenBuilder, cls: type[EdgeOp], **arguments: Any) -> SSAValue:
    """quantize or dequantize by tensors of one element, which become numbers where they are constants."""
    scale, zero_point = (number(arguments[name]) for name in ("scale", "zero_point"))
    if scale is not None and zero_point is not None:
        return insert(build, _STATIC[cls], **arguments | {"scale": float(scale), "zero_point": int(zero_point)})[0]
    return insert(build, cls, **arguments)[0]


def _same(cls: type[EdgeOp]) -> Callable[..., list[SSAValue]]:
    """The rule of an operator that has the arguments of a quant operation."""

    def rule(build: AtenBuilder, **arguments: Any) -> list[SSAValue]:
        return [by_tensors(build, cls, **arguments)] if cls in _STATIC else insert(build, cls, **arguments)

    return rule


for _cls in quant.OPERATIONS:
    if (_schema := _cls.schema()).namespace == NAMESPACE:
        decomposes(f"{NAMESPACE}::{_schema.key}")(_same(_cls))

decomposes(f"{NAMESPACE}::_choose_qparams_per_token_asymmetric_impl")(_same(quant.ChooseQparamsPerTokenOp))


@decomposes(f"{NAMESPACE}::quantize_per_tensor.tensor2")
def quantize_by_tensors(build: AtenBuilder, **arguments: Any) -> SSAValue:
    return by_tensors(build, quant.QuantizeDynamicOp, **_with_known_ends(arguments))


@decomposes(f"{NAMESPACE}::dequantize_per_tensor.tensor2")
def dequantize_by_tensors(build: AtenBuilder, **arguments: Any) -> SSAValue:
    return by_tensors(build, quant.DequantizeDynamicOp, **_with_known_ends(arguments))


def _with_known_ends(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with the range of the integers as numbers. Raises EtcError where it is computed."""
    ends = {name: number(arguments[name]) for name in ("quant_min", "quant_max")}
    if None in ends.values():
        raise EtcError("the range of the integers is computed at run time", expected="constants")
    return {**arguments, **{name: int(end) for name, end in ends.items()}}


@decomposes(f"{NAMESPACE}::quantize_per_channel_group")
def quantize_per_group(
    build: AtenBuilder,
    input: SSAValue,
    scales: SSAValue,
    zero_points: SSAValue,
    quant_min: int,
    quant_max: int,
    dtype: Dtype,
    group_size: int,
) -> SSAValue:
    """Groups of a row are rows of a taller matrix"""
    rows = build("view", input, [-1, group_size])
    params = {
        "scales": build("view", scales, [-1]),
        "zero_points": build("view", zero_points, [-1]),
    }
    integers = {"axis": 0, "quant_min": quant_min, "quant_max": quant_max, "dtype": dtype}
    (quantised,) = insert(build, quant.QuantizePerChannelOp, input=rows, **params, **integers)
    return build("view", quantised, list(build.type(input).sizes))


def symmetric_params(
    build: AtenBuilder, input: SSAValue, dims: Sequence[int], steps: float, least: float, dtype: Dtype
) -> tuple[SSAValue, SSAValue]:
    """Scales max |x| / steps over `dims`, which stay as 1, in `dtype`, and zero points (int64), all 0."""
    largest = build("amax", build("abs", input), list(dims), True)
    scales = cast(build, build("clamp", build("div.Scalar", largest, steps), min=least), dtype)
    return scales, build("full", list(build.type(scales).sizes), 0, dtype=dtypes.int64)


@decomposes(f"{NAMESPACE}::choose_qparams_symmetric.tensor")
def choose_qparams_symmetric(
    build: AtenBuilder, input: SSAValue, quant_min: int, quant_max: int, eps: float
) -> list[SSAValue]:
    dims = range(build.type(input).rank)
    found = symmetric_params(build, input, dims, (quant_max - quant_min) / 2, eps, dtypes.float64)
    return [build("view", value, [1]) for value in found]


@decomposes(f"{NAMESPACE}::choose_qparams_per_token")
def choose_qparams_per_token(build: AtenBuilder, input: SSAValue) -> list[SSAValue]:
    """Symmetric, for eight bits"""
    largest = build("clamp", build("amax", build("abs", input), [-1], True), min=1e-5)
    scales = cast(build, build("div.Scalar", largest, 127), dtypes.float64)
    return [scales, build("full", list(build.type(scales).sizes), 0, dtype=dtypes.int64)]


@decomposes(f"{NAMESPACE}::convert_element_type.no_fuse")
def convert_element_type(build: AtenBuilder, input: SSAValue, dtype: Dtype) -> SSAValue:
    return cast(build, input, dtype)


@decomposes(f"{NAMESPACE}::embedding_byte.dtype", f"{NAMESPACE}::embedding_4bit.dtype")
def embedding(build: AtenBuilder, dtype: Dtype | None, **arguments: Any) -> SSAValue:
    """The rows in another dtype than the scales'"""
    is_packed = arguments["weight_quant_max"] == quant.NIBBLE[1]
    rows = insert(build, quant.Embedding4bitOp if is_packed else quant.EmbeddingByteOp, **arguments)[0]
    return cast(build, rows, dtype or build.type(rows).dtype)


@decomposes("_int_mm")
def int_mm(build: AtenBuilder, self: SSAValue, mat2: SSAValue) -> SSAValue:
    """A product of bytes, accumulated in 32 bits"""
    return build("mm", cast(build, self, dtypes.int32), cast(build, mat2, dtypes.int32))


# Fake quantisation


@decomposes("fake_quantize_per_tensor_affine", "fake_quantize_per_tensor_affine_cachemask")
def fake_quantize(
    build: AtenBuilder, self: SSAValue, scale: float, zero_point: int, quant_min: int, quant_max: int
) -> list[SSAValue | None]:
    integers = {"zero_point": zero_point, "quant_min": quant_min, "quant_max": quant_max}
    return _alone(build, insert(build, quant.FakeQuantizeOp, input=self, scale=scale, **integers)[0])


def _alone(build: AtenBuilder, value: SSAValue) -> list[SSAValue | None]:
    """The first result; masks beside it are for gradients."""
    return [value, *[None] * (len(build.results) - 1)]


@decomposes(
    "fake_quantize_per_tensor_affine.tensor_qparams",
    "_fake_quantize_learnable_per_tensor_affine",
    "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams",
)
def fake_quantize_by_tensors(
    build: AtenBuilder,
    self: SSAValue,
    scale: SSAValue,
    zero_point: SSAValue,
    quant_min: int,
    quant_max: int,
    fake_quant_enabled: SSAValue | None = None,
    **rest: Any,
) -> list[SSAValue | None]:
    """Zero points that are learnt are rounded"""
    if fake_quant_enabled is not None:
        enabled = number(fake_quant_enabled)
        if enabled is None:
            raise EtcError("whether values are quantised is known only at run time", expected="a constant")
        if not enabled:
            return _alone(build, self)
    integers = {"quant_min": quant_min, "quant_max": quant_max, "dtype": smallest_dtype(quant_min, quant_max)}
    params = {"scale": scale, "zero_point": zero_point}
    known = [number(value) for value in params.values()]
    if None not in known:
        fixed = min(max(round(known[1]), quant_min), quant_max)
        return fake_quantize(build, self, float(known[0]), fixed, quant_min, quant_max)
    params["zero_point"] = _rounded(build, zero_point, quant_min, quant_max)
    (quantised,) = insert(build, quant.QuantizeDynamicOp, input=self, **params, **integers)
    return _alone(build, insert(build, quant.DequantizeDynamicOp, input=quantised, **params, **integers)[0])


@decomposes(
    "fake_quantize_per_channel_affine",
    "fake_quantize_per_channel_affine_cachemask",
    "_fake_quantize_learnable_per_channel_affine",
)
def fake_quantize_per_channel(
    build: AtenBuilder,
    self: SSAValue,
    scale: SSAValue,
    zero_point: SSAValue,
    axis: int,
    quant_min: int,
    quant_max: int,
    **rest: Any,
) -> list[SSAValue | None]:
    zero_points = _rounded(build, zero_point, quant_min, quant_max)
    integers = {"axis": axis, "quant_min": quant_min, "quant_max": quant_max}
    given = {"input": self, "scales": scale, "zero_points": zero_points}
    return _alone(build, insert(build, quant.FakeQuantizePerChannelOp, **given, **integers)[0])


@decomposes(f"{NAMESPACE}::fake_quant_per_channel")
def fake_quant_per_channel(
    build: AtenBuilder, input: SSAValue, scales: SSAValue, zero_points: SSAValue, **rest: Any
) -> list[SSAValue | None]:
    return fake_quantize_per_channel(build, input, scales, zero_points, **rest)


def _rounded(build: AtenBuilder, zero_point: SSAValue, quant_min: int, quant_max: int) -> SSAValue:
    """Zero points as integers (int64)."""
    if build.type(zero_point).dtype.is_float:
        zero_point = build("clamp", build("round", zero_point), min=quant_min, max=quant_max)
    return cast(build, zero_point, dtypes.int64)
