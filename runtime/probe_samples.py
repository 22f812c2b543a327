"""Arguments with which each kernel of the stock runtime is tried: small, valid for every dtype that the op takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from etc.dialects import dtypes, edge, quant
from etc.dialects.edge.base import EdgeOp

Sample = Mapping[str, Any]
"""Arguments by name; tensors as `Shape`s. What is left out has its default, tensors the shape [2, 3]."""


class Shape(tuple[int, ...]):
    """The sizes of a tensor argument."""


def _shapes(**shapes: Sequence[int] | None) -> Sample:
    return {name: None if s is None else Shape(s) for name, s in shapes.items()}


_IMAGE = Shape((1, 4, 5, 5))
_LINE, _CUBE = Shape((1, 2, 4)), Shape((1, 2, 3, 4, 4))
_POOL = {"kernel_size": [2, 2], "stride": [2, 2], "padding": [0, 0]}
_CONV = {"stride": [1, 1], "padding": [1, 1], "dilation": [1, 1], "transposed": False, "output_padding": [0, 0]}
_NORM = _shapes(weight=[4], bias=[4], running_mean=[4], running_var=[4])
_MATRICES = _shapes(self=[2, 3], mat1=[2, 4], mat2=[4, 3])
_ONE_INDEX = {"indices": [None, Shape((4,))]}
_ALONG = {"self": Shape((4, 3)), "dim": 0}
_BYTE, _NIBBLE = {"quant_min": 0, "quant_max": 100}, {"weight_quant_min": -8, "weight_quant_max": 7}
_FIXED = {"scale": 0.25, "zero_point": 3, **_BYTE}
_BY_CHANNEL = {"input": _IMAGE, "axis": 1, **_shapes(scales=[4], zero_points=[4]), **_BYTE}
_BY_ROW = {"input": _LINE, **_shapes(scales=[1, 2, 1], zero_points=[1, 2, 1]), **_BYTE}
_AT_RUN_TIME = {**_shapes(input=[2, 3], scale=[1], zero_point=[1]), **_BYTE}
_WEIGHTS = {"weight_quant_min": -128, "weight_quant_max": 127, "indices": Shape((2, 2))}

SAMPLES: Mapping[type[EdgeOp], Sequence[Sample]] = {
    edge.AdaptiveAvgPool2dOp: [{"self": _IMAGE, "output_size": [2, 2]}],
    edge.AddmmOp: [_shapes(self=[3], mat1=[2, 4], mat2=[4, 3]), _MATRICES],
    edge.AddOp: [{}, {"alpha": 2}, {"self": Shape((3,))}],
    edge.AmaxOp: [{"dim": [1]}, {"dim": [0, 1]}],
    edge.AminOp: [{"dim": [1]}, {"dim": [0, 1]}],
    edge.AnyOp: [{"dim": [1]}, {"dim": None}],
    edge.ArangeOp: [{"start": 1, "end": 9, "step": 2}],
    edge.ArgmaxOp: [{"dim": 1}, {"dim": None}],
    edge.ArgminOp: [{"dim": 1}, {"dim": None}],
    edge.AsStridedCopyOp: [{"size": [2, 2], "stride": [1, 2]}],
    edge.AvgPool2dOp: [{"self": _IMAGE, **_POOL}],
    edge.BatchNormOp: [{"input": _IMAGE, **_NORM, "momentum": 0.1, "eps": 1e-5}],
    edge.BatchNormNoStatsOp: [
        {"input": _IMAGE, **_shapes(weight=[4], bias=[4]), "training": True, "momentum": 0.1, "eps": 1e-5}
    ],
    edge.BmmOp: [_shapes(self=[2, 3, 4], mat2=[2, 4, 2])],
    edge.CatOp: [{"tensors": [Shape((2, 3)), Shape((2, 2))], "dim": 1}],
    edge.CdistOp: [{**_shapes(x1=[2, 3], x2=[4, 3]), "p": 2.0, "compute_mode": None}],
    edge.ClampOp: [{"min": -1, "max": 2}, {"min": 0, "max": None}],
    edge.ClampTensorOp: [{}, {"max": None}],
    edge.CloneDimOrderOp: [{"self": _IMAGE, "dim_order": [0, 1, 2, 3]}, {"self": _IMAGE, "dim_order": [0, 2, 3, 1]}],
    edge.ConstantPadNdOp: [{"pad": [1, 2]}],
    edge.ConvOp: [
        {"input": _IMAGE, **_shapes(weight=[2, 4, 3, 3], bias=[2]), **_CONV, "groups": 1},
        {"input": _IMAGE, **_shapes(weight=[4, 1, 3, 3], bias=None), **_CONV, "groups": 4},
        {"input": _IMAGE, **_shapes(weight=[4, 2, 3, 3], bias=[2]), **_CONV, "transposed": True, "groups": 1},
    ],
    edge.ConvBackwardOp: [
        {
            **_shapes(grad_output=[1, 2, 5, 5], input=[1, 4, 5, 5], weight=[2, 4, 3, 3]),
            **_CONV,
            **{"bias_sizes": [2], "groups": 1, "output_mask": [True, True, True]},
        }
    ],
    edge.CumsumOp: [{"dim": 1}],
    edge.DiagonalCopyOp: [{}],
    edge.DivModeOp: [{"rounding_mode": "floor"}, {"rounding_mode": "trunc"}],
    edge.DropoutOp: [{"p": 0.0, "train": True}],
    edge.EmbeddingOp: [{"indices": Shape((2, 2))}],
    edge.EmptyDimOrderOp: [{"size": [2, 3], "dim_order": [0, 1]}],
    edge.ExpandCopyOp: [{"self": Shape((1, 3)), "size": [2, 3]}],
    edge.FftC2rOp: [{"dim": [1], "normalization": 0, "last_dim_size": 4}],
    edge.FftR2cOp: [{"dim": [1], "normalization": 0, "onesided": True}],
    edge.FillOp: [{"value": Shape(())}],
    edge.FlipOp: [{"dims": [1]}],
    edge.FullOp: [{"size": [2, 3], "fill_value": 1}],
    edge.FullLikeOp: [{"fill_value": 1}],
    edge.GatherOp: [{"dim": 1, "index": Shape((2, 2))}],
    edge.GeluOp: [{}, {"approximate": "tanh"}],
    edge.GluOp: [{"self": Shape((2, 4))}],
    edge.GridSampler2dOp: [
        {**_shapes(input=[1, 2, 3, 3], grid=[1, 2, 2, 2]), "interpolation_mode": 0, "padding_mode": 0}
        | {"align_corners": False}
    ],
    edge.GroupNormOp: [
        {"input": _IMAGE, **_shapes(weight=[4], bias=[4]), "N": 1, "C": 4, "HxW": 25, "group": 2, "eps": 1e-5}
    ],
    edge.IndexOp: [_ONE_INDEX, {"indices": [Shape((2,)), Shape((2,))]}],
    edge.IndexPutOp: [
        {**_ONE_INDEX, "values": Shape((2, 4)), "accumulate": True},
        {"indices": [Shape((2,))], "values": Shape((2, 3))},
    ],
    edge.IndexSelectOp: [{"dim": 1, "index": Shape((4,))}],
    edge.LayerNormOp: [{"normalized_shape": [3], **_shapes(weight=[3], bias=[3]), "eps": 1e-5}],
    edge.LeakyReluOp: [{}],
    edge.LinearOp: [_shapes(input=[2, 3], weight=[4, 3], bias=None)],
    edge.LogSoftmaxOp: [{"dim": 1, "half_to_float": False}],
    edge.LogitOp: [{"eps": 0.1}],
    edge.MaskedFillOp: [{"mask": Shape((2, 3)), "value": 2}],
    edge.MaskedScatterOp: [{"source": Shape((6,))}],
    edge.MaxDimOp: [{"dim": 1}],
    edge.MaxPool2dOp: [{"self": _IMAGE, **_POOL, "dilation": [1, 1]}],
    edge.MaxPool2dBackwardOp: [
        {"self": Shape((1, 1, 4, 4)), **_shapes(grad_output=[1, 1, 2, 2], indices=[1, 1, 2, 2]), **_POOL}
        | {"dilation": [1, 1], "ceil_mode": False}
    ],
    edge.MeanOp: [{"dim": [1]}, {"dim": [0, 1], "keepdim": True}],
    edge.MinDimOp: [{"dim": 1}],
    edge.MmOp: [_shapes(self=[2, 4], mat2=[4, 3])],
    edge.PermuteCopyOp: [{"dims": [1, 0]}],
    edge.PixelShuffleOp: [{"self": _IMAGE, "upscale_factor": 2}],
    edge.PixelUnshuffleOp: [{"self": Shape((1, 2, 4, 4)), "downscale_factor": 2}],
    edge.PowOp: [{}],
    edge.PowScalarOp: [{"exponent": 2}, {"exponent": 2.0}],
    edge.ProdDimOp: [{"dim": 1}],
    edge.RandOp: [{"size": [2, 3]}],
    edge.RandnOp: [{"size": [2, 3]}],
    edge.ReflectionPad1dOp: [{"self": _LINE, "padding": [1, 1]}],
    edge.ReflectionPad2dOp: [{"self": _IMAGE, "padding": [1, 1, 1, 0]}],
    edge.ReflectionPad3dOp: [{"self": _CUBE, "padding": [1, 1, 1, 0, 0, 1]}],
    edge.RepeatOp: [{"repeats": [2, 1]}],
    edge.RepeatInterleaveOp: [{"repeats": Shape((3,)), "output_size": 3}],
    edge.ReplicationPad1dOp: [{"self": _LINE, "padding": [1, 1]}],
    edge.ReplicationPad2dOp: [{"self": _IMAGE, "padding": [1, 1, 1, 0]}],
    edge.ReplicationPad3dOp: [{"self": _CUBE, "padding": [1, 1, 1, 0, 0, 1]}],
    edge.RollOp: [{"shifts": [1], "dims": [1]}],
    edge.ScalarTensorOp: [{"s": 1}],
    edge.ScatterSrcOp: [{**_ALONG, **_shapes(index=[2, 3], src=[2, 3])}],
    edge.ScatterAddOp: [{**_ALONG, **_shapes(index=[2, 3], src=[2, 3])}],
    edge.ScatterValueOp: [{**_ALONG, "index": Shape((2, 3)), "value": 2}],
    edge.SelectCopyOp: [{"dim": 1, "index": 1}],
    edge.SelectScatterOp: [{"src": Shape((2,)), "dim": 1, "index": 1}],
    edge.SliceCopyOp: [{"dim": 1, "start": 1, "end": 3}],
    edge.SliceScatterOp: [{"src": Shape((2, 2)), "dim": 1, "start": 1, "end": 3}],
    edge.SoftmaxOp: [{"dim": 1, "half_to_float": False}],
    edge.SplitWithSizesCopyOp: [{"split_sizes": [1, 2], "dim": 1}],
    edge.SqueezeCopyOp: [{"self": Shape((2, 1, 3)), "dim": [1]}],
    edge.StackOp: [{"tensors": [Shape((2, 3)), Shape((2, 3))], "dim": 1}],
    edge.SubOp: [{}, {"alpha": 2}],
    edge.SumOp: [{"dim": [1]}, {"dim": [0, 1]}],
    edge.ToDimOrderCopyOp: [{"self": _IMAGE, "dim_order": [0, 1, 2, 3]}],
    edge.TopkOp: [{"self": Shape((2, 6)), "k": 3}, {"self": Shape((2, 6)), "k": 6, "largest": False}],
    edge.UnbindCopyOp: [{"dim": 1}],
    edge.UnfoldCopyOp: [{"dimension": 1, "size": 2, "step": 1}],
    edge.UnsqueezeCopyOp: [{"dim": 1}],
    edge.UpsampleBilinear2dOp: [
        {"input": _IMAGE, "output_size": [8, 8], "align_corners": False, "scale_factors": None}
    ],
    edge.UpsampleBilinear2dAaOp: [{"self": _IMAGE, "output_size": [8, 8], "align_corners": False}],
    edge.UpsampleNearest2dOp: [{"input": _IMAGE, "output_size": [8, 8], "scale_factors": None}],
    edge.VarOp: [{"dim": [1], "correction": 1}, {"dim": [0, 1], "correction": 0}],
    edge.VarMeanOp: [{"dim": [1], "correction": 1}],
    edge.ViewCopyOp: [{"size": [3, 2]}],
    edge.WhereOp: [{}],
    quant.ChooseQparamsOp: [{"input": _LINE, "eps": 1e-9, **_BYTE}],
    quant.ChooseQparamsPerTokenOp: [{"input": _LINE}],
    quant.DequantizeOp: [{"input": _IMAGE, **_FIXED, "dtype": None}],
    quant.DequantizeDynamicOp: [_AT_RUN_TIME],
    quant.DequantizePerChannelOp: [_BY_CHANNEL, {**_BY_CHANNEL, "zero_points": None}],
    quant.DequantizePerTokenOp: [{**_BY_ROW, "output_dtype": dtypes.float32}],
    quant.EmbeddingByteOp: [
        {**_WEIGHTS, **_shapes(weight=[3, 4], weight_scales=[3], weight_zero_points=[3])},
        {**_WEIGHTS, **_shapes(weight=[3, 4], weight_scales=[3, 2], weight_zero_points=None)},
    ],
    quant.Embedding4bitOp: [
        {**_WEIGHTS, **_NIBBLE, **_shapes(weight=[3, 4], weight_scales=[3, 2], weight_zero_points=[3, 2])},
        {**_WEIGHTS, **_NIBBLE, **_shapes(weight=[3, 4], weight_scales=[3], weight_zero_points=None)},
    ],
    quant.MixedLinearOp: [_shapes(input=[2, 4], weight=[3, 4], weight_scales=[3], weight_zero_points=None)],
    quant.QuantizeOp: [{"input": _IMAGE, **_FIXED}],
    quant.QuantizeDynamicOp: [_AT_RUN_TIME],
    quant.QuantizePerChannelOp: [_BY_CHANNEL],
    quant.QuantizePerTokenOp: [_BY_ROW],
}
"""Ops that take more than tensors of one shape."""
