"""torchao's operators on blocks of a tensor that share a scale: `quantize_affine` and the like, as quant operations.

    torchao.dequantize_affine(w, [1, 32], scale, zero_point, int8, -8, 7)  ->  quant.dequantize_per_group(w, …, 32)

The sizes of a block tell what has a scale: the whole tensor, each channel, each row, or each group of a row's columns.
Blocks of other kinds are refused. Matrices of constants in four bits are packed, two in a byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes, program, quant
from etc.dialects.aten import AtenOp
from etc.dialects.dtypes import Dtype
from etc.dialects.infer import same_size
from etc.dialects.quant.attributes import Granularity
from etc.dialects.quant.base import bounds
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor
from etc.errors import EtcError
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.copies import cast
from etc.transforms.decompositions.quantized import by_tensors, insert, numbers_of, quantize_per_group, symmetric_params


@dataclass(frozen=True)
class Blocks:
    """What shares a scale, and along which dimension channels are, or how many columns a group has."""

    granularity: Granularity
    axis: int = 0
    size: int = 0


def blocks_of(input: Tensor, sizes: Sequence[Dim], *, prefer_channels: bool) -> Blocks:
    """What blocks of these sizes are; the rows of a matrix are channels too. Raises EtcError for others."""
    divided = [d for d, (size, whole) in enumerate(zip(sizes, input.sizes, strict=True)) if not _covers(size, whole)]
    if not divided:
        return Blocks(Granularity.TENSOR)
    of_rows = all(size == 1 for size in sizes[:-1])
    by_row = of_rows and _covers(sizes[-1], input.sizes[-1])
    if len(divided) == 1 and sizes[divided[0]] == 1 and (prefer_channels or not by_row):
        return Blocks(Granularity.CHANNEL, axis=divided[0])
    if by_row:
        return Blocks(Granularity.TOKEN)
    if of_rows and input.rank == 2 and isinstance(sizes[-1], int):
        return Blocks(Granularity.GROUP, size=sizes[-1])
    raise EtcError(
        "blocks of these sizes share a scale, which no operation does",
        expected="a tensor, a channel, a row, or a group of columns of a matrix",
        found=f"{list(map(str, sizes))} of {input}",
    )


def _covers(size: Dim, whole: Dim) -> bool:
    return size == whole or (not (isinstance(size, int) and isinstance(whole, int)) and same_size(size, whole))


def _integers(dtype: Dtype, quant_min: float | None, quant_max: float | None) -> dict[str, Any]:
    low, high = bounds(dtype)
    low, high = low if quant_min is None else int(quant_min), high if quant_max is None else int(quant_max)
    return {"quant_min": low, "quant_max": high, "dtype": dtype}


def _params(build: AtenBuilder, sizes: Sequence[Dim], **given: SSAValue | None) -> dict[str, Any]:
    """Scales and zero points under other sizes, the latter as int64; zero points that are all 0 are none."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is not None and (chosen := _chosen(value)) is not None and build.type(chosen).rank == len(sizes):
            found[name] = chosen
            continue
        if value is not None and "zero" in name:
            known = numbers_of(value)
            value = None if known is not None and not any(known) else cast(build, value, dtypes.int64)
        found[name] = None if value is None else build("view", value, list(sizes))
    return found


def _chosen(value: SSAValue) -> SSAValue | None:
    """What was chosen at run time, before it got the sizes and the type that torchao gives it."""
    while isinstance(op := value.owner, AtenOp) and op.ATEN in ("view", "_to_copy"):
        value = op.operands[0]
    return value if isinstance(op, quant.ChooseQparamsOp | quant.ChooseQparamsPerTokenOp) else None


def _zeros(build: AtenBuilder, params: dict[str, Any], scale: str, zero_point: str) -> dict[str, Any]:
    """Zero points for operations that ask for them."""
    if params[zero_point] is None:
        sizes = list(build.type(params[scale]).sizes)
        is_static = all(isinstance(size, int) for size in sizes)
        count = build.type(params[scale]).numel
        params[zero_point] = (
            build.constant([0] * count, dtypes.int64, sizes)  # pyright: ignore[reportOperatorIssue, reportArgumentType]
            if is_static
            else build("full", sizes, 0, dtype=dtypes.int64)
        )
    return params


def _row_sizes(input: Tensor) -> list[Dim]:
    return [*input.sizes[:-1], 1]


@decomposes("torchao::quantize_affine")
def quantize_affine(
    build: AtenBuilder,
    input: SSAValue,
    block_size: Sequence[Dim],
    scale: SSAValue,
    zero_point: SSAValue | None,
    output_dtype: Dtype,
    quant_min: float | None,
    quant_max: float | None,
) -> SSAValue:
    known, integers = build.type(input), _integers(output_dtype, quant_min, quant_max)
    blocks = blocks_of(known, block_size, prefer_channels=_is_constant(input))
    if blocks.granularity is Granularity.TENSOR:
        params = _zeros(build, _params(build, [1], scale=scale, zero_point=zero_point), "scale", "zero_point")
        return by_tensors(build, quant.QuantizeDynamicOp, input=input, **params, **integers)
    sizes = {
        Granularity.CHANNEL: lambda: [known.sizes[blocks.axis]],
        Granularity.TOKEN: lambda: _row_sizes(known),
        Granularity.GROUP: lambda: [known.sizes[0], -1],
    }[blocks.granularity]()
    params = _zeros(build, _params(build, sizes, scales=scale, zero_points=zero_point), "scales", "zero_points")
    match blocks.granularity:
        case Granularity.CHANNEL:
            return insert(build, quant.QuantizePerChannelOp, input=input, **params, axis=blocks.axis, **integers)[0]
        case Granularity.TOKEN:
            return insert(build, quant.QuantizePerTokenOp, input=input, **params, **integers)[0]
        case _:
            return quantize_per_group(build, input, **params, **integers, group_size=blocks.size)


@decomposes("torchao::dequantize_affine")
def dequantize_affine(
    build: AtenBuilder,
    input: SSAValue,
    block_size: Sequence[Dim],
    scale: SSAValue,
    zero_point: SSAValue | None,
    input_dtype: Dtype,
    quant_min: float | None,
    quant_max: float | None,
    output_dtype: Dtype,
) -> SSAValue:
    known, integers = build.type(input), _integers(input_dtype, quant_min, quant_max)
    blocks = blocks_of(known, block_size, prefer_channels=_is_constant(input))
    match blocks.granularity:
        case Granularity.TENSOR:
            params = _zeros(build, _params(build, [1], scale=scale, zero_point=zero_point), "scale", "zero_point")
            reals = by_tensors(build, quant.DequantizeDynamicOp, input=input, **params, **integers)
        case Granularity.CHANNEL:
            params = _params(build, [known.sizes[blocks.axis]], scales=scale, zero_points=zero_point)
            given = {"input": input, **params, "axis": blocks.axis, **integers}
            reals = insert(build, quant.DequantizePerChannelOp, **given)[0]
        case Granularity.TOKEN:
            params = _params(build, _row_sizes(known), scales=scale, zero_points=zero_point)
            params = _zeros(build, params, "scales", "zero_points")
            given = {"input": input, **params, **integers, "output_dtype": dtypes.float32}
            reals = insert(build, quant.DequantizePerTokenOp, **given)[0]
        case _:
            params = _params(build, [known.sizes[0], -1], scales=scale, zero_points=zero_point)
            reals = _dequantize_groups(build, input, params, integers, blocks.size)
    return cast(build, reals, output_dtype)


def _dequantize_groups(
    build: AtenBuilder, input: SSAValue, params: dict[str, Any], integers: dict[str, Any], size: int
) -> SSAValue:
    """dequantize_per_group; embedding_4bit of all rows for constants of four bits, which are packed."""
    known, blob = build.type(input), program.constant_of(input)
    columns = known.sizes[-1]
    if blob is None or (integers["quant_min"], integers["quant_max"]) != quant.NIBBLE or columns % 2:  # pyright: ignore[reportOperatorIssue]
        given = {"input": input, **params, **integers, "group_size": size, "output_dtype": dtypes.float32}
        return insert(build, quant.DequantizePerGroupOp, **given)[0]
    from etc.dialects.on_torch import to_blob, to_torch
    from etc.transforms.grouped_weights import packed

    halves = packed(to_torch(blob, input.type))
    type = tensor(dtypes.uint8, tuple(halves.shape)).type
    stored = build.insert(program.ConstantOp(to_blob(halves, range(2)), type)).results[0]
    stored.name_hint = input.name_hint
    zero_points = None if params["zero_points"] is None else cast(build, params["zero_points"], dtypes.float32)
    rows = build.constant(range(halves.shape[0]), dtypes.int32, [halves.shape[0]])
    params = {"weight_scales": params["scales"], "weight_zero_points": zero_points, "indices": rows}
    limits = {"weight_quant_min": quant.NIBBLE[0], "weight_quant_max": quant.NIBBLE[1]}
    return insert(build, quant.Embedding4bitOp, weight=stored, **params, **limits)[0]


@decomposes("torchao::choose_qparams_affine")
def choose_qparams_affine(
    build: AtenBuilder,
    input: SSAValue,
    mapping_type: str,
    block_size: Sequence[Dim],
    target_dtype: Dtype,
    quant_min: float | None,
    quant_max: float | None,
    eps: float | None,
) -> list[SSAValue]:
    """Asymmetric scales are chosen as the stock runtime does, which may move a zero point by one"""
    known, integers = build.type(input), _integers(target_dtype, quant_min, quant_max)
    blocks = blocks_of(known, block_size, prefer_channels=False)
    least = 2.0**-23 if eps is None else eps
    by_row = blocks.granularity is Granularity.TOKEN
    if mapping_type == "SYMMETRIC" and (by_row or blocks.granularity is Granularity.TENSOR):
        dims = [known.rank - 1] if by_row else range(known.rank)
        steps = (integers["quant_max"] - integers["quant_min"]) / 2
        return _fitting(build, symmetric_params(build, input, dims, steps, least, dtypes.float32))
    if mapping_type == "ASYMMETRIC" and blocks.granularity is Granularity.TENSOR:
        return _fitting(build, insert(build, quant.ChooseQparamsOp, input=input, **integers, eps=least))
    if mapping_type == "ASYMMETRIC" and by_row and (integers["quant_min"], integers["quant_max"]) == (-128, 127):
        return _fitting(build, insert(build, quant.ChooseQparamsPerTokenOp, input=input, dtype=target_dtype))
    raise EtcError(
        "scales of this kind cannot be chosen at run time",
        expected="SYMMETRIC, or ASYMMETRIC, for a tensor or for each row, of 8 bits",
        found=f"{mapping_type} for each {blocks.granularity.removeprefix('per_')} of {known}",
    )


def _fitting(build: AtenBuilder, values: Sequence[SSAValue]) -> list[SSAValue]:
    """Scales and zero points under the sizes, and in the types, that torchao gives them."""
    return [
        cast(build, build("view", value, list(wanted.sizes)), wanted.dtype)
        for value, wanted in zip(values, (build.type(result) for result in build.results), strict=True)
    ]


def _is_constant(value: SSAValue) -> bool:
    return program.constant_of(value) is not None
