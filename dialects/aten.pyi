# ruff: noqa
# fmt: off
"""Types of the classes that `aten.py` makes. Written by `python -m etc.dialects.generate_aten`. Do not edit."""

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, FloatAttr, IntegerAttr, StringAttr
from xdsl.ir import Attribute, Dialect, Operation, OpResult, SSAValue

from etc.dialects.aten_control_flow import CondOp as CondOp
from etc.dialects.aten_control_flow import MapOp as MapOp
from etc.dialects.aten_control_flow import ScanOp as ScanOp
from etc.dialects.aten_control_flow import WhileLoopOp as WhileLoopOp
from etc.dialects.aten_control_flow import YieldOp as YieldOp
from etc.dialects.schema import Schema
from etc.dialects.schema_class import GeneratedOp
from etc.dialects.symbolic_attrs import DimAttr, DimsAttr

Aten: Dialect
SYMBOLIC: dict[str, str]
BITCASTS: frozenset[str]

class AtenOp(GeneratedOp): ...

def schema(key: str) -> Schema: ...
def tags(key: str) -> frozenset[str]: ...
def op_class(key: str) -> type[AtenOp]: ...
def is_core(op: type[Operation]) -> bool: ...
def functional_of(key: str) -> str | None: ...

class DunderAndScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DunderAndTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class DunderLshiftScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DunderLshiftTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class DunderOrScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DunderOrTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class DunderRshiftScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DunderRshiftTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class DunderXorScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DunderXorTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class PrivateAdaptiveAvgPool2dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    result: OpResult

class PrivateAdaptiveAvgPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class PrivateAdaptiveAvgPool3dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    result: OpResult

class PrivateAdaptiveAvgPool3dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class PrivateAddBatchDimOp(AtenOp):
    self_: SSAValue
    batch_dim: IntegerAttr
    level: IntegerAttr
    result: OpResult

class PrivateAddReluScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class PrivateAddReluTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class PrivateAddmmActivationOp(AtenOp):
    self_: SSAValue
    mat1: SSAValue
    mat2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    use_gelu: IntegerAttr
    result: OpResult

class PrivateAminmaxOp(AtenOp):
    self_: SSAValue
    result0: OpResult
    result1: OpResult

class PrivateAminmaxDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateAmpForeachNonFiniteCheckAndUnscaleOp(AtenOp):
    self_: Sequence[SSAValue]
    found_inf: SSAValue
    inv_scale: SSAValue
    result0: Sequence[OpResult]
    result1: OpResult

class PrivateAmpUpdateScaleOp(AtenOp):
    self_: SSAValue
    growth_tracker: SSAValue
    found_inf: SSAValue
    scale_growth_factor: FloatAttr | DimAttr
    scale_backoff_factor: FloatAttr | DimAttr
    growth_interval: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateAssertAsyncOp(AtenOp):
    self_: SSAValue

class PrivateAssertAsyncMsgOp(AtenOp):
    self_: SSAValue
    assert_msg: StringAttr

class PrivateAssertScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    assert_msg: StringAttr

class PrivateAssertTensorMetadataOp(AtenOp):
    a: SSAValue
    size: DimsAttr | None
    stride: DimsAttr | None
    dtype: Attribute | None
    device: StringAttr | None
    layout: StringAttr | None

class PrivateAutocastToFullPrecisionOp(AtenOp):
    self_: SSAValue
    cuda_enabled: IntegerAttr
    cpu_enabled: IntegerAttr
    result: OpResult

class PrivateAutocastToReducedPrecisionOp(AtenOp):
    self_: SSAValue
    cuda_enabled: IntegerAttr
    cpu_enabled: IntegerAttr
    cuda_dtype: Attribute
    cpu_dtype: Attribute
    result: OpResult

class PrivateBackwardOp(AtenOp):
    self_: SSAValue
    inputs: Sequence[SSAValue]
    gradient: SSAValue | None
    retain_graph: IntegerAttr | None
    create_graph: IntegerAttr

class PrivateBatchNormImplIndexOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    training: IntegerAttr
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    cudnn_enabled: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateBatchNormImplIndexBackwardOp(AtenOp):
    impl_index: IntegerAttr
    input: SSAValue
    grad_output: SSAValue
    weight: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    save_mean: SSAValue | None
    save_var_transform: SSAValue | None
    train: IntegerAttr
    eps: FloatAttr | DimAttr
    output_mask: DenseArrayBase[Any]
    reservedSpace: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateBatchNormNoUpdateOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateBatchNormWithUpdateFunctionalOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue
    running_var: SSAValue
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult

class PrivateCastByteOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastCharOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastDoubleOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastFloatOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastHalfOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastIntOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastLongOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCastShortOp(AtenOp):
    self_: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCdistBackwardOp(AtenOp):
    grad: SSAValue
    x1: SSAValue
    x2: SSAValue
    p: FloatAttr | DimAttr
    cdist: SSAValue
    result: OpResult

class PrivateCdistForwardOp(AtenOp):
    x1: SSAValue
    x2: SSAValue
    p: FloatAttr | DimAttr
    compute_mode: IntegerAttr | None
    result: OpResult

class PrivateCholeskySolveHelperOp(AtenOp):
    self_: SSAValue
    A: SSAValue
    upper: IntegerAttr
    result: OpResult

class PrivateChooseQparamsPerTensorOp(AtenOp):
    self_: SSAValue
    reduce_range: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateChunkCatOp(AtenOp):
    tensors: Sequence[SSAValue]
    dim: IntegerAttr
    num_chunks: IntegerAttr
    result: OpResult

class PrivateCoalesceOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateCoalescedOp(AtenOp):
    self_: SSAValue
    coalesced: IntegerAttr
    result: OpResult

class PrivateComputeLinearCombinationOp(AtenOp):
    input: SSAValue
    coefficients: SSAValue
    result: OpResult

class PrivateConjOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateConjCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateConjPhysicalOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateConvDepthwise2dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    result: OpResult

class PrivateConvertIndicesFromCooToCsrOp(AtenOp):
    self_: SSAValue
    size: IntegerAttr
    out_int32: IntegerAttr
    result: OpResult

class PrivateConvertIndicesFromCsrToCooOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    out_int32: IntegerAttr
    transpose: IntegerAttr
    result: OpResult

class PrivateConvertWeightToInt4packOp(AtenOp):
    self_: SSAValue
    innerKTiles: IntegerAttr
    result: OpResult

class PrivateConvertWeightToInt4packForCpuOp(AtenOp):
    self_: SSAValue
    innerKTiles: IntegerAttr
    result: OpResult

class PrivateConvolutionOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DimsAttr
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    cudnn_enabled: IntegerAttr
    allow_tf32: IntegerAttr
    result: OpResult

class PrivateConvolutionDeprecatedOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DenseArrayBase[Any]
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    cudnn_enabled: IntegerAttr
    result: OpResult

class PrivateConvolutionDoubleBackwardOp(AtenOp):
    ggI: SSAValue | None
    ggW: SSAValue | None
    ggb: SSAValue | None
    gO: SSAValue
    weight: SSAValue
    self_: SSAValue
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DimsAttr
    groups: DimAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateConvolutionModeOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: StringAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class PrivateCopyFromOp(AtenOp):
    self_: SSAValue
    dst: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class PrivateCopyFromAndResizeOp(AtenOp):
    self_: SSAValue
    dst: SSAValue
    result: OpResult

class PrivateCsltCompressOp(AtenOp):
    input: SSAValue
    result: OpResult

class PrivateCsltSparseMmOp(AtenOp):
    compressed_A: SSAValue
    dense_B: SSAValue
    bias: SSAValue | None
    alpha: SSAValue | None
    out_dtype: Attribute | None
    transpose_result: IntegerAttr
    alg_id: IntegerAttr
    split_k: IntegerAttr
    split_k_mode: IntegerAttr
    result: OpResult

class PrivateCsltSparseMmSearchOp(AtenOp):
    compressed_A: SSAValue
    dense_B: SSAValue
    bias: SSAValue | None
    alpha: SSAValue | None
    out_dtype: Attribute | None
    transpose_result: IntegerAttr
    result: OpResult

class PrivateCtcLossOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    blank: IntegerAttr
    zero_infinity: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateCtcLossTensorOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    blank: IntegerAttr
    zero_infinity: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateCtcLossBackwardOp(AtenOp):
    grad: SSAValue
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    neg_log_likelihood: SSAValue
    log_alpha: SSAValue
    blank: IntegerAttr
    zero_infinity: IntegerAttr
    result: OpResult

class PrivateCtcLossBackwardTensorOp(AtenOp):
    grad: SSAValue
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    neg_log_likelihood: SSAValue
    log_alpha: SSAValue
    blank: IntegerAttr
    zero_infinity: IntegerAttr
    result: OpResult

class PrivateCudnnAttentionBackwardOp(AtenOp):
    grad_out: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    out: SSAValue
    logsumexp: SSAValue
    philox_seed: SSAValue
    philox_offset: SSAValue
    attn_bias: SSAValue
    cum_seq_q: SSAValue
    cum_seq_k: SSAValue
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateCudnnAttentionForwardOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_bias: SSAValue | None
    cum_seq_q: SSAValue | None
    cum_seq_k: SSAValue | None
    max_q: DimAttr
    max_k: DimAttr
    compute_log_sumexp: IntegerAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult
    result6: OpResult
    result7: OpResult
    result8: OpResult

class PrivateCudnnCtcLossOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    blank: IntegerAttr
    deterministic: IntegerAttr
    zero_infinity: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateCudnnCtcLossTensorOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    blank: IntegerAttr
    deterministic: IntegerAttr
    zero_infinity: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateCudnnInitDropoutStateOp(AtenOp):
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    dropout_seed: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class PrivateCudnnRnnOp(AtenOp):
    input: SSAValue
    weight: Sequence[SSAValue]
    weight_stride0: IntegerAttr
    weight_buf: SSAValue | None
    hx: SSAValue
    cx: SSAValue | None
    mode: IntegerAttr
    hidden_size: DimAttr
    proj_size: DimAttr
    num_layers: IntegerAttr
    batch_first: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_sizes: DimsAttr
    dropout_state: SSAValue | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateCudnnRnnBackwardOp(AtenOp):
    input: SSAValue
    weight: Sequence[SSAValue]
    weight_stride0: IntegerAttr
    weight_buf: SSAValue
    hx: SSAValue
    cx: SSAValue | None
    output: SSAValue
    grad_output: SSAValue | None
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    mode: IntegerAttr
    hidden_size: DimAttr
    proj_size: DimAttr
    num_layers: IntegerAttr
    batch_first: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_sizes: DimsAttr
    dropout_state: SSAValue | None
    reserve: SSAValue
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: Sequence[OpResult]

class PrivateCudnnRnnFlattenWeightOp(AtenOp):
    weight_arr: Sequence[SSAValue]
    weight_stride0: IntegerAttr
    input_size: DimAttr
    mode: IntegerAttr
    hidden_size: DimAttr
    proj_size: DimAttr
    num_layers: IntegerAttr
    batch_first: IntegerAttr
    bidirectional: IntegerAttr
    result: OpResult

class PrivateCufftClearPlanCacheOp(AtenOp):
    device_index: IntegerAttr

class PrivateCufftSetPlanCacheMaxSizeOp(AtenOp):
    device_index: IntegerAttr
    max_size: IntegerAttr

class PrivateDebugHasInternalOverlapOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateDimArangeOp(AtenOp):
    like: SSAValue
    dim: IntegerAttr
    result: OpResult

class PrivateDimIOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateDimVOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateDirichletGradOp(AtenOp):
    x: SSAValue
    alpha: SSAValue
    total: SSAValue
    result: OpResult

class PrivateDynQuantMatmul4bitOp(AtenOp):
    inp: SSAValue
    packed_weights: SSAValue
    block_size: IntegerAttr
    in_features: IntegerAttr
    out_features: IntegerAttr
    result: OpResult

class PrivateDynQuantPack4bitWeightOp(AtenOp):
    weights: SSAValue
    scales_zeros: SSAValue
    bias: SSAValue | None
    block_size: IntegerAttr
    in_features: IntegerAttr
    out_features: IntegerAttr
    result: OpResult

class PrivateEfficientAttentionBackwardOp(AtenOp):
    grad_out_: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    bias: SSAValue | None
    out: SSAValue
    cu_seqlens_q: SSAValue | None
    cu_seqlens_k: SSAValue | None
    max_seqlen_q: DimAttr
    max_seqlen_k: DimAttr
    logsumexp: SSAValue
    dropout_p: FloatAttr | DimAttr
    philox_seed: SSAValue
    philox_offset: SSAValue
    custom_mask_type: IntegerAttr
    bias_requires_grad: IntegerAttr
    scale: FloatAttr | DimAttr | None
    num_splits_key: IntegerAttr | None
    window_size: IntegerAttr | None
    shared_storage_dqdkdv: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateEfficientAttentionForwardOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    bias: SSAValue | None
    cu_seqlens_q: SSAValue | None
    cu_seqlens_k: SSAValue | None
    max_seqlen_q: DimAttr | None
    max_seqlen_k: DimAttr | None
    dropout_p: FloatAttr | DimAttr
    custom_mask_type: IntegerAttr
    compute_log_sumexp: IntegerAttr
    scale: FloatAttr | DimAttr | None
    seqlen_k: SSAValue | None
    window_size: IntegerAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult

class PrivateEfficientzerotensorOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateEmbeddingBagOp(AtenOp):
    weight: SSAValue
    indices: SSAValue
    offsets: SSAValue
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    sparse: IntegerAttr
    per_sample_weights: SSAValue | None
    include_last_offset: IntegerAttr
    padding_idx: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateEmbeddingBagBackwardOp(AtenOp):
    grad: SSAValue
    indices: SSAValue
    offsets: SSAValue
    offset2bag: SSAValue
    bag_size: SSAValue
    maximum_indices: SSAValue
    num_weights: DimAttr
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    sparse: IntegerAttr
    per_sample_weights: SSAValue | None
    padding_idx: IntegerAttr
    result: OpResult

class PrivateEmbeddingBagDenseBackwardOp(AtenOp):
    grad: SSAValue
    indices: SSAValue
    offset2bag: SSAValue
    bag_size: SSAValue
    maximum_indices: SSAValue
    num_weights: DimAttr
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    per_sample_weights: SSAValue | None
    padding_idx: IntegerAttr
    result: OpResult

class PrivateEmbeddingBagForwardOnlyOp(AtenOp):
    weight: SSAValue
    indices: SSAValue
    offsets: SSAValue
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    sparse: IntegerAttr
    per_sample_weights: SSAValue | None
    include_last_offset: IntegerAttr
    padding_idx: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateEmbeddingBagPerSampleWeightsBackwardOp(AtenOp):
    grad: SSAValue
    weight: SSAValue
    indices: SSAValue
    offsets: SSAValue
    offset2bag: SSAValue
    mode: IntegerAttr
    padding_idx: IntegerAttr
    result: OpResult

class PrivateEmbeddingBagSparseBackwardOp(AtenOp):
    grad: SSAValue
    indices: SSAValue
    offsets: SSAValue
    offset2bag: SSAValue
    bag_size: SSAValue
    num_weights: DimAttr
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    per_sample_weights: SSAValue | None
    padding_idx: IntegerAttr
    result: OpResult

class PrivateEmptyAffineQuantizedOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    scale: FloatAttr | DimAttr
    zero_point: IntegerAttr
    memory_format: StringAttr
    result: OpResult

class PrivateEmptyPerChannelAffineQuantizedOp(AtenOp):
    size: DimsAttr
    scales: SSAValue
    zero_points: SSAValue
    axis: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr
    result: OpResult

class PrivateEuclideanDistOp(AtenOp):
    x1: SSAValue
    x2: SSAValue
    result: OpResult

class PrivateFakeQuantizeLearnablePerChannelAffineOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    axis: IntegerAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    grad_factor: FloatAttr | DimAttr
    result: OpResult

class PrivateFakeQuantizeLearnablePerChannelAffineBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    axis: IntegerAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    grad_factor: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateFakeQuantizeLearnablePerTensorAffineOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    grad_factor: FloatAttr | DimAttr
    result: OpResult

class PrivateFakeQuantizeLearnablePerTensorAffineBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    grad_factor: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateFakeQuantizePerTensorAffineCachemaskTensorQparamsOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    fake_quant_enabled: SSAValue
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateFftC2cOp(AtenOp):
    self_: SSAValue
    dim: DimsAttr
    normalization: IntegerAttr
    forward: IntegerAttr
    result: OpResult

class PrivateFftC2rOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    normalization: IntegerAttr
    last_dim_size: DimAttr
    result: OpResult

class PrivateFftR2cOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    normalization: IntegerAttr
    onesided: IntegerAttr
    result: OpResult

class PrivateFlashAttentionBackwardOp(AtenOp):
    grad_out: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    out: SSAValue
    logsumexp: SSAValue
    cum_seq_q: SSAValue
    cum_seq_k: SSAValue
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    rng_state: SSAValue
    unused: SSAValue
    scale: FloatAttr | DimAttr | None
    window_size_left: DimAttr | None
    window_size_right: DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateFlashAttentionForwardOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    cum_seq_q: SSAValue | None
    cum_seq_k: SSAValue | None
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    scale: FloatAttr | DimAttr | None
    window_size_left: DimAttr | None
    window_size_right: DimAttr | None
    seqused_k: SSAValue | None
    alibi_slopes: SSAValue | None
    block_table: SSAValue | None
    num_splits: IntegerAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateFlashAttentionForwardQuantizedOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    cum_seq_q: SSAValue | None
    cum_seq_k: SSAValue | None
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    q_descale: SSAValue | None
    k_descale: SSAValue | None
    v_descale: SSAValue | None
    scale: FloatAttr | DimAttr | None
    window_size_left: DimAttr | None
    window_size_right: DimAttr | None
    seqused_k: SSAValue | None
    alibi_slopes: SSAValue | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateFoobarOp(AtenOp):
    self_: SSAValue
    arg1: IntegerAttr
    arg2: IntegerAttr
    arg3: IntegerAttr
    result: OpResult

class PrivateForeachAbsOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachAcosOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachAddListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachAddScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachAddScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachAddTensorOp(AtenOp):
    self_: Sequence[SSAValue]
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachAddcdivScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    tensor1: Sequence[SSAValue]
    tensor2: Sequence[SSAValue]
    value: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachAddcdivScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    tensor1: Sequence[SSAValue]
    tensor2: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachAddcdivTensorOp(AtenOp):
    self_: Sequence[SSAValue]
    tensor1: Sequence[SSAValue]
    tensor2: Sequence[SSAValue]
    scalars: SSAValue
    result: Sequence[OpResult]

class PrivateForeachAddcmulScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    tensor1: Sequence[SSAValue]
    tensor2: Sequence[SSAValue]
    value: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachAddcmulScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    tensor1: Sequence[SSAValue]
    tensor2: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachAddcmulTensorOp(AtenOp):
    self_: Sequence[SSAValue]
    tensor1: Sequence[SSAValue]
    tensor2: Sequence[SSAValue]
    scalars: SSAValue
    result: Sequence[OpResult]

class PrivateForeachAsinOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachAtanOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachCeilOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachClampMaxListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachClampMaxScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachClampMaxScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachClampMinListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachClampMinScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachClampMinScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachCloneOp(AtenOp):
    self_: Sequence[SSAValue]
    memory_format: StringAttr | None
    result: Sequence[OpResult]

class PrivateForeachCopyOp(AtenOp):
    self_: Sequence[SSAValue]
    src: Sequence[SSAValue]
    non_blocking: IntegerAttr
    result: Sequence[OpResult]

class PrivateForeachCosOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachCoshOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachDivListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachDivScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachDivScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachDivTensorOp(AtenOp):
    self_: Sequence[SSAValue]
    other: SSAValue
    result: Sequence[OpResult]

class PrivateForeachErfOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachErfcOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachExpOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachExpm1Op(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachFloorOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachFracOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachLerpListOp(AtenOp):
    self_: Sequence[SSAValue]
    tensors1: Sequence[SSAValue]
    weights: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachLerpScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    tensors1: Sequence[SSAValue]
    weight: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachLerpScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    tensors1: Sequence[SSAValue]
    weight: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachLgammaOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachLogOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachLog10Op(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachLog1pOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachLog2Op(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachMaxOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachMaximumListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachMaximumScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachMaximumScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachMinimumListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachMinimumScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachMinimumScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachMmOp(AtenOp):
    self_: Sequence[SSAValue]
    mat2: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachMulListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachMulScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachMulScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachMulTensorOp(AtenOp):
    self_: Sequence[SSAValue]
    other: SSAValue
    result: Sequence[OpResult]

class PrivateForeachNegOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachNormScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    ord: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    result: Sequence[OpResult]

class PrivateForeachPowListOp(AtenOp):
    self_: Sequence[SSAValue]
    exponent: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachPowScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    exponent: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachPowScalarAndTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    exponent: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachPowScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    exponent: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachPowsumScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    ord: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    result: Sequence[OpResult]

class PrivateForeachReciprocalOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachRoundOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachRsqrtOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachSigmoidOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachSignOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachSinOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachSinhOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachSqrtOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachSubListOp(AtenOp):
    self_: Sequence[SSAValue]
    other: Sequence[SSAValue]
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachSubScalarOp(AtenOp):
    self_: Sequence[SSAValue]
    scalar: IntegerAttr | FloatAttr | DimAttr
    result: Sequence[OpResult]

class PrivateForeachSubScalarListOp(AtenOp):
    self_: Sequence[SSAValue]
    scalars: ArrayAttr[Attribute]
    result: Sequence[OpResult]

class PrivateForeachTanOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachTanhOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachTruncOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateForeachZeroOp(AtenOp):
    self_: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateFunctionalAssertAsyncMsgOp(AtenOp):
    self_: SSAValue
    assert_msg: StringAttr
    dep_token: SSAValue
    result: OpResult

class PrivateFunctionalAssertScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    assert_msg: StringAttr
    dep_token: SSAValue
    result: OpResult

class PrivateFunctionalSymConstrainRangeOp(AtenOp):
    size: IntegerAttr | FloatAttr | DimAttr
    min: IntegerAttr | None
    max: IntegerAttr | None
    dep_token: SSAValue
    result: OpResult

class PrivateFunctionalSymConstrainRangeForSizeOp(AtenOp):
    size: IntegerAttr | FloatAttr | DimAttr
    min: IntegerAttr | None
    max: IntegerAttr | None
    dep_token: SSAValue
    result: OpResult

class PrivateFusedAdagradOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    state_sums: Sequence[SSAValue]
    state_steps: Sequence[SSAValue]
    lr: FloatAttr | DimAttr
    lr_decay: FloatAttr | DimAttr
    weight_decay: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    maximize: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]
    result3: Sequence[OpResult]

class PrivateFusedAdagradTensorLrOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    state_sums: Sequence[SSAValue]
    state_steps: Sequence[SSAValue]
    lr: SSAValue
    lr_decay: FloatAttr | DimAttr
    weight_decay: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    maximize: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]

class PrivateFusedAdamOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    exp_avgs: Sequence[SSAValue]
    exp_avg_sqs: Sequence[SSAValue]
    max_exp_avg_sqs: Sequence[SSAValue]
    state_steps: Sequence[SSAValue]
    lr: FloatAttr | DimAttr
    beta1: FloatAttr | DimAttr
    beta2: FloatAttr | DimAttr
    weight_decay: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    amsgrad: IntegerAttr
    maximize: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]
    result3: Sequence[OpResult]
    result4: Sequence[OpResult]

class PrivateFusedAdamTensorLrOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    exp_avgs: Sequence[SSAValue]
    exp_avg_sqs: Sequence[SSAValue]
    max_exp_avg_sqs: Sequence[SSAValue]
    state_steps: Sequence[SSAValue]
    lr: SSAValue
    beta1: FloatAttr | DimAttr
    beta2: FloatAttr | DimAttr
    weight_decay: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    amsgrad: IntegerAttr
    maximize: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]
    result3: Sequence[OpResult]
    result4: Sequence[OpResult]

class PrivateFusedAdamwOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    exp_avgs: Sequence[SSAValue]
    exp_avg_sqs: Sequence[SSAValue]
    max_exp_avg_sqs: Sequence[SSAValue]
    state_steps: Sequence[SSAValue]
    lr: FloatAttr | DimAttr
    beta1: FloatAttr | DimAttr
    beta2: FloatAttr | DimAttr
    weight_decay: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    amsgrad: IntegerAttr
    maximize: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]
    result3: Sequence[OpResult]
    result4: Sequence[OpResult]

class PrivateFusedAdamwTensorLrOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    exp_avgs: Sequence[SSAValue]
    exp_avg_sqs: Sequence[SSAValue]
    max_exp_avg_sqs: Sequence[SSAValue]
    state_steps: Sequence[SSAValue]
    lr: SSAValue
    beta1: FloatAttr | DimAttr
    beta2: FloatAttr | DimAttr
    weight_decay: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    amsgrad: IntegerAttr
    maximize: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]
    result3: Sequence[OpResult]
    result4: Sequence[OpResult]

class PrivateFusedDropoutOp(AtenOp):
    self_: SSAValue
    p: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult

class PrivateFusedMovingAvgObsFqHelperFunctionalOp(AtenOp):
    self_: SSAValue
    observer_on: SSAValue
    fake_quant_on: SSAValue
    running_min: SSAValue
    running_max: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    averaging_const: FloatAttr | DimAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    ch_axis: IntegerAttr
    per_row_fake_quant: IntegerAttr
    symmetric_quant: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult

class PrivateFusedRmsNormOp(AtenOp):
    input: SSAValue
    normalized_shape: DenseArrayBase[Any]
    weight: SSAValue | None
    eps: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult

class PrivateFusedRmsNormBackwardOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    normalized_shape: DenseArrayBase[Any]
    rstd: SSAValue
    weight: SSAValue | None
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class PrivateFusedSdpChoiceOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_mask: SSAValue | None
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    scale: FloatAttr | DimAttr | None
    enable_gqa: IntegerAttr
    result: OpResult

class PrivateFusedSgdOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    momentum_buffer_list: Sequence[SSAValue]
    weight_decay: FloatAttr | DimAttr
    momentum: FloatAttr | DimAttr
    lr: FloatAttr | DimAttr
    dampening: FloatAttr | DimAttr
    nesterov: IntegerAttr
    maximize: IntegerAttr
    is_first_step: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]

class PrivateFusedSgdTensorLrOp(AtenOp):
    self_: Sequence[SSAValue]
    grads: Sequence[SSAValue]
    momentum_buffer_list: Sequence[SSAValue]
    weight_decay: FloatAttr | DimAttr
    momentum: FloatAttr | DimAttr
    lr: SSAValue
    dampening: FloatAttr | DimAttr
    nesterov: IntegerAttr
    maximize: IntegerAttr
    is_first_step: IntegerAttr
    grad_scale: SSAValue | None
    found_inf: SSAValue | None
    result0: Sequence[OpResult]
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]

class PrivateFwPrimalOp(AtenOp):
    self_: SSAValue
    level: IntegerAttr
    result: OpResult

class PrivateFwPrimalCopyOp(AtenOp):
    self_: SSAValue
    level: IntegerAttr
    result: OpResult

class PrivateGatherSparseBackwardOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    grad: SSAValue
    result: OpResult

class PrivateGridSampler2dCpuFallbackOp(AtenOp):
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    result: OpResult

class PrivateGridSampler2dCpuFallbackBackwardOp(AtenOp):
    grad_output: SSAValue
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateGroupedMmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    offs: SSAValue | None
    bias: SSAValue | None
    out_dtype: Attribute | None
    result: OpResult

class PrivateHasCompatibleShallowCopyTypeOp(AtenOp):
    self_: SSAValue
    from_: SSAValue
    result: OpResult

class PrivateHasSameStorageNumelOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class PrivateHistogramddBinEdgesOp(AtenOp):
    self_: SSAValue
    bins: DenseArrayBase[Any]
    range: ArrayAttr[Attribute] | None
    weight: SSAValue | None
    density: IntegerAttr
    result: Sequence[OpResult]

class PrivateHistogramddFromBinCtsOp(AtenOp):
    self_: SSAValue
    bins: DenseArrayBase[Any]
    range: ArrayAttr[Attribute] | None
    weight: SSAValue | None
    density: IntegerAttr
    result: OpResult

class PrivateHistogramddFromBinTensorsOp(AtenOp):
    self_: SSAValue
    bins: Sequence[SSAValue]
    weight: SSAValue | None
    density: IntegerAttr
    result: OpResult

class PrivateIndexPutImplOp(AtenOp):
    self_: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    values: SSAValue
    accumulate: IntegerAttr
    unsafe: IntegerAttr
    result: OpResult

class PrivateIndicesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateIndicesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateIntMmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    result: OpResult

class PrivateIsAllTrueOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateIsAnyTrueOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateIsZerotensorOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateJaggedToPaddedDenseForwardOp(AtenOp):
    values: SSAValue
    offsets: Sequence[SSAValue]
    max_lengths: DimsAttr
    padding_value: FloatAttr | DimAttr
    result: OpResult

class PrivateLazyCloneOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateLinalgCheckErrorsOp(AtenOp):
    info: SSAValue
    api_name: StringAttr
    is_matrix: IntegerAttr

class PrivateLinalgDetOp(AtenOp):
    A: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateLinalgEighOp(AtenOp):
    A: SSAValue
    UPLO: StringAttr
    compute_v: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateLinalgEigvalsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateLinalgSlogdetOp(AtenOp):
    A: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateLinalgSolveExOp(AtenOp):
    A: SSAValue
    B: SSAValue
    left: IntegerAttr
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateLinalgSvdOp(AtenOp):
    A: SSAValue
    full_matrices: IntegerAttr
    compute_uv: IntegerAttr
    driver: StringAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateLocalScalarDenseOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateLogSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    half_to_float: IntegerAttr
    result: OpResult

class PrivateLogSoftmaxBackwardDataOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    dim: IntegerAttr
    input_dtype: Attribute
    result: OpResult

class PrivateLogcumsumexpOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class PrivateLstmMpsOp(AtenOp):
    input: SSAValue
    hx: Sequence[SSAValue]
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult

class PrivateLuWithInfoOp(AtenOp):
    self_: SSAValue
    pivot: IntegerAttr
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateMakeDepTokenOp(AtenOp):
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class PrivateMakeDualOp(AtenOp):
    primal: SSAValue
    tangent: SSAValue
    level: IntegerAttr
    result: OpResult

class PrivateMakeDualCopyOp(AtenOp):
    primal: SSAValue
    tangent: SSAValue
    level: IntegerAttr
    result: OpResult

class PrivateMakePerChannelQuantizedTensorOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    axis: IntegerAttr
    result: OpResult

class PrivateMakePerTensorQuantizedTensorOp(AtenOp):
    self_: SSAValue
    scale: FloatAttr | DimAttr
    zero_point: IntegerAttr
    result: OpResult

class PrivateMaskedScaleOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    scale: FloatAttr | DimAttr
    result: OpResult

class PrivateMaskedSoftmaxOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    dim: IntegerAttr | None
    mask_type: IntegerAttr | None
    result: OpResult

class PrivateMaskedSoftmaxBackwardOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    mask: SSAValue
    dim: IntegerAttr | None
    result: OpResult

class PrivateMixedDtypesLinearOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    scale: SSAValue
    bias: SSAValue | None
    activation: StringAttr | None
    result: OpResult

class PrivateMkldnnReshapeOp(AtenOp):
    self_: SSAValue
    shape: DenseArrayBase[Any]
    result: OpResult

class PrivateMkldnnTransposeOp(AtenOp):
    self_: SSAValue
    dim0: IntegerAttr
    dim1: IntegerAttr
    result: OpResult

class PrivateMpsConvolutionOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class PrivateMpsConvolutionTransposeOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    padding: DimsAttr
    output_padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class PrivateNativeBatchNormLegitNoStatsOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    training: IntegerAttr
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateNativeBatchNormLegitFunctionalOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue
    running_var: SSAValue
    training: IntegerAttr
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateNativeBatchNormLegitNoTrainingOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue
    running_var: SSAValue
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateNativeMultiHeadAttentionOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    embed_dim: IntegerAttr
    num_head: IntegerAttr
    qkv_weight: SSAValue
    qkv_bias: SSAValue
    proj_weight: SSAValue
    proj_bias: SSAValue
    mask: SSAValue | None
    need_weights: IntegerAttr
    average_attn_weights: IntegerAttr
    mask_type: IntegerAttr | None
    result0: OpResult
    result1: OpResult

class PrivateNegViewOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNegViewCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedComputeContiguousStridesOffsetsOp(AtenOp):
    nested_size: SSAValue
    result0: OpResult
    result1: OpResult

class PrivateNestedFromPaddedOp(AtenOp):
    padded: SSAValue
    cpu_nested_shape_example: SSAValue
    fuse_transform_0213: IntegerAttr
    result: OpResult

class PrivateNestedFromPaddedAndNestedExampleOp(AtenOp):
    padded: SSAValue
    nt_example: SSAValue
    result: OpResult

class PrivateNestedFromPaddedTensorOp(AtenOp):
    padded: SSAValue
    offsets: SSAValue
    dummy: SSAValue
    ragged_idx: IntegerAttr
    min_seqlen: SSAValue | None
    max_seqlen: SSAValue | None
    sum_S: DimAttr | None
    result: OpResult

class PrivateNestedGetJaggedDummyOp(AtenOp):
    any: SSAValue
    result: OpResult

class PrivateNestedGetLengthsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedGetMaxSeqlenOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedGetMinSeqlenOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedGetOffsetsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedGetRaggedIdxOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedGetValuesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedGetValuesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedSelectBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    dim: IntegerAttr
    index: DimAttr
    result: OpResult

class PrivateNestedSumBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    result: OpResult

class PrivateNestedTensorFromMaskOp(AtenOp):
    t: SSAValue
    mask: SSAValue
    mask_check: IntegerAttr
    result: OpResult

class PrivateNestedTensorFromMaskLeftAlignedOp(AtenOp):
    t: SSAValue
    mask: SSAValue
    result: OpResult

class PrivateNestedTensorFromTensorListOp(AtenOp):
    list: Sequence[SSAValue]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateNestedTensorSizeOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedTensorSoftmaxWithShapeOp(AtenOp):
    self_: SSAValue
    query: SSAValue
    result: OpResult

class PrivateNestedTensorStorageOffsetsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedTensorStridesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateNestedViewFromBufferOp(AtenOp):
    self_: SSAValue
    nested_size: SSAValue
    nested_strides: SSAValue
    offsets: SSAValue
    result: OpResult

class PrivateNestedViewFromBufferCopyOp(AtenOp):
    self_: SSAValue
    nested_size: SSAValue
    nested_strides: SSAValue
    offsets: SSAValue
    result: OpResult

class PrivateNestedViewFromJaggedOp(AtenOp):
    self_: SSAValue
    offsets: SSAValue
    dummy: SSAValue
    lengths: SSAValue | None
    ragged_idx: IntegerAttr
    min_seqlen: SSAValue | None
    max_seqlen: SSAValue | None
    result: OpResult

class PrivateNestedViewFromJaggedCopyOp(AtenOp):
    self_: SSAValue
    offsets: SSAValue
    dummy: SSAValue
    lengths: SSAValue | None
    ragged_idx: IntegerAttr
    min_seqlen: SSAValue | None
    max_seqlen: SSAValue | None
    result: OpResult

class PrivateNewZerosWithSameFeatureMetaOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    self_num_batch_dims: IntegerAttr
    result: OpResult

class PrivateNnpackSpatialConvolutionOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    padding: DimsAttr
    stride: DimsAttr
    result: OpResult

class PrivateNnzOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivatePackPaddedSequenceOp(AtenOp):
    input: SSAValue
    lengths: SSAValue
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivatePackPaddedSequenceBackwardOp(AtenOp):
    grad: SSAValue
    input_size: DimsAttr
    batch_sizes: SSAValue
    batch_first: IntegerAttr
    result: OpResult

class PrivatePadCircularOp(AtenOp):
    self_: SSAValue
    pad: DimsAttr
    result: OpResult

class PrivatePadEnumOp(AtenOp):
    self_: SSAValue
    pad: DimsAttr
    mode: IntegerAttr
    value: FloatAttr | DimAttr | None
    result: OpResult

class PrivatePadPackedSequenceOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    batch_first: IntegerAttr
    padding_value: IntegerAttr | FloatAttr | DimAttr
    total_length: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivatePaddedDenseToJaggedForwardOp(AtenOp):
    dense: SSAValue
    offsets: Sequence[SSAValue]
    total_L: DimAttr | None
    result: OpResult

class PrivatePdistBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    p: FloatAttr | DimAttr
    pdist: SSAValue
    result: OpResult

class PrivatePdistForwardOp(AtenOp):
    self_: SSAValue
    p: FloatAttr | DimAttr
    result: OpResult

class PrivatePhiloxKeyFoldInOp(AtenOp):
    key: SSAValue
    data: IntegerAttr
    result: OpResult

class PrivatePhiloxKeySplitOp(AtenOp):
    key: SSAValue
    num_splits: IntegerAttr
    result: OpResult

class PrivatePhiloxNormalOp(AtenOp):
    self_: SSAValue
    key: SSAValue
    mean: FloatAttr | DimAttr
    std: FloatAttr | DimAttr
    result: OpResult

class PrivatePhiloxUniformOp(AtenOp):
    self_: SSAValue
    key: SSAValue
    low: FloatAttr | DimAttr
    high: FloatAttr | DimAttr
    result: OpResult

class PrivatePinMemoryOp(AtenOp):
    self_: SSAValue
    device: StringAttr | None
    result: OpResult

class PrivatePreluKernelOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    result: OpResult

class PrivatePreluKernelBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    weight: SSAValue
    result0: OpResult
    result1: OpResult

class PrivatePrintOp(AtenOp):
    s: StringAttr

class PrivatePropagateXlaDataOp(AtenOp):
    input: SSAValue
    output: SSAValue

class PrivateRemoveBatchDimOp(AtenOp):
    self_: SSAValue
    level: IntegerAttr
    batch_size: DimAttr
    out_dim: IntegerAttr
    result: OpResult

class PrivateReshapeAliasOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    stride: DimsAttr
    result: OpResult

class PrivateReshapeAliasCopyOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    stride: DimsAttr
    result: OpResult

class PrivateReshapeCopyOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    result: OpResult

class PrivateReshapeFromTensorOp(AtenOp):
    self_: SSAValue
    shape: SSAValue
    result: OpResult

class PrivateResizeOutputOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    device: StringAttr
    result: OpResult

class PrivateRowwisePruneOp(AtenOp):
    weight: SSAValue
    mask: SSAValue
    compressed_indices_dtype: Attribute
    result0: OpResult
    result1: OpResult

class PrivateSafeSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class PrivateSampleDirichletOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateSaturateWeightToFp16Op(AtenOp):
    weight: SSAValue
    result: OpResult

class PrivateScaledDotProductAttentionMathOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_mask: SSAValue | None
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    dropout_mask: SSAValue | None
    scale: FloatAttr | DimAttr | None
    enable_gqa: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateScaledDotProductAttentionMathForMpsOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_mask: SSAValue | None
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    dropout_mask: SSAValue | None
    scale: FloatAttr | DimAttr | None
    enable_gqa: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateScaledDotProductCudnnAttentionOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_bias: SSAValue | None
    compute_log_sumexp: IntegerAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult
    result6: OpResult
    result7: OpResult
    result8: OpResult

class PrivateScaledDotProductCudnnAttentionBackwardOp(AtenOp):
    grad_out: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    out: SSAValue
    logsumexp: SSAValue
    philox_seed: SSAValue
    philox_offset: SSAValue
    attn_bias: SSAValue
    cum_seq_q: SSAValue
    cum_seq_k: SSAValue
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateScaledDotProductEfficientAttentionOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_bias: SSAValue | None
    compute_log_sumexp: IntegerAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateScaledDotProductEfficientAttentionBackwardOp(AtenOp):
    grad_out_: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_bias: SSAValue
    out: SSAValue
    logsumexp: SSAValue
    philox_seed: SSAValue
    philox_offset: SSAValue
    dropout_p: FloatAttr | DimAttr
    grad_input_mask: DenseArrayBase[Any]
    is_causal: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateScaledDotProductFlashAttentionOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult
    result6: OpResult
    result7: OpResult
    result8: OpResult

class PrivateScaledDotProductFlashAttentionQuantizedOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    q_descale: SSAValue | None
    k_descale: SSAValue | None
    v_descale: SSAValue | None
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult
    result6: OpResult
    result7: OpResult
    result8: OpResult

class PrivateScaledDotProductFlashAttentionBackwardOp(AtenOp):
    grad_out: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    out: SSAValue
    logsumexp: SSAValue
    cum_seq_q: SSAValue
    cum_seq_k: SSAValue
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    philox_seed: SSAValue
    philox_offset: SSAValue
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateScaledDotProductFlashAttentionForCpuOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    attn_mask: SSAValue | None
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult

class PrivateScaledDotProductFlashAttentionForCpuBackwardOp(AtenOp):
    grad_out: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    out: SSAValue
    logsumexp: SSAValue
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    attn_mask: SSAValue | None
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateScaledDotProductFusedAttentionOverrideableOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_bias: SSAValue | None
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    return_debug_mask: IntegerAttr
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult
    result6: OpResult
    result7: OpResult
    result8: OpResult

class PrivateScaledDotProductFusedAttentionOverrideableBackwardOp(AtenOp):
    grad_out: SSAValue
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_bias: SSAValue
    grad_input_mask: DenseArrayBase[Any]
    out: SSAValue
    logsumexp: SSAValue
    cum_seq_q: SSAValue
    cum_seq_k: SSAValue
    max_q: DimAttr
    max_k: DimAttr
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    philox_seed: SSAValue
    philox_offset: SSAValue
    scale: FloatAttr | DimAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class PrivateScaledGroupedMmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    scale_a: SSAValue
    scale_b: SSAValue
    offs: SSAValue | None
    bias: SSAValue | None
    scale_result: SSAValue | None
    out_dtype: Attribute | None
    use_fast_accum: IntegerAttr
    result: OpResult

class PrivateScaledGroupedMmV2Op(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    scale_a: Sequence[SSAValue]
    recipe_a: DenseArrayBase[Any]
    swizzle_a: DenseArrayBase[Any]
    scale_b: Sequence[SSAValue]
    recipe_b: DenseArrayBase[Any]
    swizzle_b: DenseArrayBase[Any]
    offs: SSAValue | None
    bias: SSAValue | None
    out_dtype: Attribute | None
    contraction_dim: DenseArrayBase[Any]
    use_fast_accum: IntegerAttr
    result: OpResult

class PrivateScaledMmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    scale_a: SSAValue
    scale_b: SSAValue
    bias: SSAValue | None
    scale_result: SSAValue | None
    out_dtype: Attribute | None
    use_fast_accum: IntegerAttr
    result: OpResult

class PrivateScaledMmV2Op(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    scale_a: Sequence[SSAValue]
    recipe_a: DenseArrayBase[Any]
    swizzle_a: DenseArrayBase[Any]
    scale_b: Sequence[SSAValue]
    recipe_b: DenseArrayBase[Any]
    swizzle_b: DenseArrayBase[Any]
    bias: SSAValue | None
    out_dtype: Attribute | None
    contraction_dim: DenseArrayBase[Any]
    use_fast_accum: IntegerAttr
    result: OpResult

class PrivateSegmentReduceBackwardOp(AtenOp):
    grad: SSAValue
    output: SSAValue
    data: SSAValue
    reduce: StringAttr
    lengths: SSAValue | None
    offsets: SSAValue | None
    axis: IntegerAttr
    initial: IntegerAttr | FloatAttr | DimAttr | None
    result: OpResult

class PrivateShapeAsTensorOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateSlowConv2dBackwardOutputMaskOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    stride: DimsAttr
    padding: DimsAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateSlowConv2dForwardOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    result: OpResult

class PrivateSobolEngineDrawOp(AtenOp):
    quasi: SSAValue
    n: IntegerAttr
    sobolstate: SSAValue
    dimension: IntegerAttr
    num_generated: IntegerAttr
    dtype: Attribute | None
    result0: OpResult
    result1: OpResult

class PrivateSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    half_to_float: IntegerAttr
    result: OpResult

class PrivateSoftmaxBackwardDataOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    dim: IntegerAttr
    input_dtype: Attribute
    result: OpResult

class PrivateSparseAddmmOp(AtenOp):
    self_: SSAValue
    mat1: SSAValue
    mat2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class PrivateSparseBroadcastToOp(AtenOp):
    self_: SSAValue
    size: DenseArrayBase[Any]
    result: OpResult

class PrivateSparseBroadcastToCopyOp(AtenOp):
    self_: SSAValue
    size: DenseArrayBase[Any]
    result: OpResult

class PrivateSparseBscTensorUnsafeOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateSparseBsrTensorUnsafeOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateSparseCompressedTensorUnsafeOp(AtenOp):
    compressed_indices: SSAValue
    plain_indices: SSAValue
    values: SSAValue
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateSparseCompressedTensorWithDimsOp(AtenOp):
    nnz: IntegerAttr
    dense_dim: IntegerAttr
    size: DenseArrayBase[Any]
    blocksize: DenseArrayBase[Any]
    index_dtype: Attribute
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class PrivateSparseCooTensorUnsafeOp(AtenOp):
    indices: SSAValue
    values: SSAValue
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    is_coalesced: IntegerAttr | None
    result: OpResult

class PrivateSparseCooTensorWithDimsOp(AtenOp):
    sparse_dim: IntegerAttr
    dense_dim: IntegerAttr
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class PrivateSparseCooTensorWithDimsAndTensorsOp(AtenOp):
    sparse_dim: IntegerAttr
    dense_dim: IntegerAttr
    size: DimsAttr
    indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    is_coalesced: IntegerAttr | None
    result: OpResult

class PrivateSparseCscTensorUnsafeOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateSparseCsrProdDimDtypeOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class PrivateSparseCsrSumDimDtypeOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class PrivateSparseCsrTensorUnsafeOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class PrivateSparseLogSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    half_to_float: IntegerAttr
    result: OpResult

class PrivateSparseLogSoftmaxIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class PrivateSparseLogSoftmaxBackwardDataOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    dim: IntegerAttr
    self_: SSAValue
    result: OpResult

class PrivateSparseMaskProjectionOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    accumulate_matches: IntegerAttr
    result: OpResult

class PrivateSparseMmOp(AtenOp):
    sparse: SSAValue
    dense: SSAValue
    result: OpResult

class PrivateSparseMmReduceOp(AtenOp):
    sparse: SSAValue
    dense: SSAValue
    reduce: StringAttr
    result: OpResult

class PrivateSparseMmReduceImplOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    reduce: StringAttr
    result0: OpResult
    result1: OpResult

class PrivateSparseMmReduceImplBackwardOp(AtenOp):
    self_: SSAValue
    grad_out: SSAValue
    weight: SSAValue
    reduce: StringAttr
    arg_out: SSAValue
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class PrivateSparseSemiStructuredAddmmOp(AtenOp):
    input: SSAValue
    mat1: SSAValue
    mat1_meta: SSAValue
    mat2: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    beta: IntegerAttr | FloatAttr | DimAttr
    out_dtype: Attribute | None
    result: OpResult

class PrivateSparseSemiStructuredApplyOp(AtenOp):
    input: SSAValue
    thread_masks: SSAValue
    result0: OpResult
    result1: OpResult

class PrivateSparseSemiStructuredApplyDenseOp(AtenOp):
    input: SSAValue
    thread_masks: SSAValue
    result: OpResult

class PrivateSparseSemiStructuredLinearOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    meta: SSAValue
    bias: SSAValue | None
    activation: StringAttr | None
    out_dtype: Attribute | None
    result: OpResult

class PrivateSparseSemiStructuredMmOp(AtenOp):
    mat1: SSAValue
    mat1_meta: SSAValue
    mat2: SSAValue
    out_dtype: Attribute | None
    result: OpResult

class PrivateSparseSemiStructuredTileOp(AtenOp):
    input: SSAValue
    algorithm: StringAttr
    use_cutlass: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateSparseSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    half_to_float: IntegerAttr
    result: OpResult

class PrivateSparseSoftmaxIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class PrivateSparseSoftmaxBackwardDataOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    dim: IntegerAttr
    self_: SSAValue
    result: OpResult

class PrivateSparseSparseMatmulOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class PrivateSparseSumOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateSparseSumDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    result: OpResult

class PrivateSparseSumDimDtypeOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    dtype: Attribute
    result: OpResult

class PrivateSparseSumDtypeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute
    result: OpResult

class PrivateSparseSumBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    dim: DenseArrayBase[Any]
    result: OpResult

class PrivateSpdiagsOp(AtenOp):
    diagonals: SSAValue
    offsets: SSAValue
    shape: DenseArrayBase[Any]
    layout: StringAttr | None
    result: OpResult

class PrivateSpsolveOp(AtenOp):
    A: SSAValue
    B: SSAValue
    left: IntegerAttr
    result: OpResult

class PrivateStackOp(AtenOp):
    tensors: Sequence[SSAValue]
    dim: IntegerAttr
    result: OpResult

class PrivateStandardGammaOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateStandardGammaGradOp(AtenOp):
    self_: SSAValue
    output: SSAValue
    result: OpResult

class PrivateTestAmbiguousDefaultsAOp(AtenOp):
    dummy: SSAValue
    a: IntegerAttr
    b: IntegerAttr
    result: OpResult

class PrivateTestAmbiguousDefaultsBOp(AtenOp):
    dummy: SSAValue
    a: IntegerAttr
    b: StringAttr
    result: OpResult

class PrivateTestAutogradMultipleDispatchFullcoverageOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateTestAutogradMultipleDispatchNtonlyOp(AtenOp):
    self_: SSAValue
    b: IntegerAttr
    result: OpResult

class PrivateTestAutogradMultipleDispatchViewOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateTestAutogradMultipleDispatchViewCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateTestCheckTensorOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateTestFunctorchFallbackOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class PrivateTestOptionalFilledIntlistOp(AtenOp):
    values: SSAValue
    addends: DenseArrayBase[Any] | None
    result: OpResult

class PrivateTestOptionalFloatlistOp(AtenOp):
    values: SSAValue
    addends: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateTestOptionalIntlistOp(AtenOp):
    values: SSAValue
    addends: DenseArrayBase[Any] | None
    result: OpResult

class PrivateTestParallelMaterializeOp(AtenOp):
    self_: SSAValue
    num_parallel: IntegerAttr
    skip_first: IntegerAttr
    result: OpResult

class PrivateTestSerializationSubcmulOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class PrivateTestStringDefaultOp(AtenOp):
    dummy: SSAValue
    a: StringAttr
    b: StringAttr
    result: OpResult

class PrivateTestWarnInAutogradOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateThnnDifferentiableGruCellBackwardOp(AtenOp):
    grad_hy: SSAValue
    input_gates: SSAValue
    hidden_gates: SSAValue
    hx: SSAValue
    input_bias: SSAValue | None
    hidden_bias: SSAValue | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateThnnDifferentiableLstmCellBackwardOp(AtenOp):
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    input_gates: SSAValue
    hidden_gates: SSAValue
    input_bias: SSAValue | None
    hidden_bias: SSAValue | None
    cx: SSAValue
    cy: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateThnnFusedGruCellOp(AtenOp):
    input_gates: SSAValue
    hidden_gates: SSAValue
    hx: SSAValue
    input_bias: SSAValue | None
    hidden_bias: SSAValue | None
    result0: OpResult
    result1: OpResult

class PrivateThnnFusedGruCellBackwardOp(AtenOp):
    grad_hy: SSAValue
    workspace: SSAValue
    has_bias: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateThnnFusedLstmCellOp(AtenOp):
    input_gates: SSAValue
    hidden_gates: SSAValue
    cx: SSAValue
    input_bias: SSAValue | None
    hidden_bias: SSAValue | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateThnnFusedLstmCellBackwardOp(AtenOp):
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    cx: SSAValue
    cy: SSAValue
    workspace: SSAValue
    has_bias: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class PrivateThnnFusedLstmCellBackwardImplOp(AtenOp):
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    cx: SSAValue
    cy: SSAValue
    workspace: SSAValue
    has_bias: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateToCopyOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    non_blocking: IntegerAttr
    memory_format: StringAttr | None
    result: OpResult

class PrivateToCpuOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class PrivateToDenseOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    masked_grad: IntegerAttr | None
    result: OpResult

class PrivateToSparseOp(AtenOp):
    self_: SSAValue
    layout: StringAttr | None
    blocksize: DenseArrayBase[Any] | None
    dense_dim: IntegerAttr | None
    result: OpResult

class PrivateToSparseSparseDimOp(AtenOp):
    self_: SSAValue
    sparse_dim: IntegerAttr
    result: OpResult

class PrivateToSparseBscOp(AtenOp):
    self_: SSAValue
    blocksize: DenseArrayBase[Any]
    dense_dim: IntegerAttr | None
    result: OpResult

class PrivateToSparseBsrOp(AtenOp):
    self_: SSAValue
    blocksize: DenseArrayBase[Any]
    dense_dim: IntegerAttr | None
    result: OpResult

class PrivateToSparseCscOp(AtenOp):
    self_: SSAValue
    dense_dim: IntegerAttr | None
    result: OpResult

class PrivateToSparseCsrOp(AtenOp):
    self_: SSAValue
    dense_dim: IntegerAttr | None
    result: OpResult

class PrivateToSparseSemiStructuredOp(AtenOp):
    dense: SSAValue
    result0: OpResult
    result1: OpResult

class PrivateTransformBiasRescaleQkvOp(AtenOp):
    qkv: SSAValue
    qkv_bias: SSAValue
    num_heads: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateTransformerEncoderLayerFwdOp(AtenOp):
    src: SSAValue
    embed_dim: IntegerAttr
    num_heads: IntegerAttr
    qkv_weight: SSAValue
    qkv_bias: SSAValue
    proj_weight: SSAValue
    proj_bias: SSAValue
    use_gelu: IntegerAttr
    norm_first: IntegerAttr
    eps: FloatAttr | DimAttr
    norm_weight_1: SSAValue
    norm_bias_1: SSAValue
    norm_weight_2: SSAValue
    norm_bias_2: SSAValue
    ffn_weight_1: SSAValue
    ffn_bias_1: SSAValue
    ffn_weight_2: SSAValue
    ffn_bias_2: SSAValue
    mask: SSAValue | None
    mask_type: IntegerAttr | None
    result: OpResult

class PrivateTrilinearOp(AtenOp):
    i1: SSAValue
    i2: SSAValue
    i3: SSAValue
    expand1: DenseArrayBase[Any]
    expand2: DenseArrayBase[Any]
    expand3: DenseArrayBase[Any]
    sumdim: DenseArrayBase[Any]
    unroll_dim: IntegerAttr
    result: OpResult

class PrivateTritonMultiHeadAttentionOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    embed_dim: IntegerAttr
    num_head: IntegerAttr
    qkv_weight: SSAValue
    qkv_bias: SSAValue
    proj_weight: SSAValue
    proj_bias: SSAValue
    mask: SSAValue | None
    result: OpResult

class PrivateTritonScaledDotAttentionOp(AtenOp):
    q: SSAValue
    k: SSAValue
    v: SSAValue
    dropout_p: FloatAttr | DimAttr
    result: OpResult

class PrivateUniqueOp(AtenOp):
    self_: SSAValue
    sorted: IntegerAttr
    return_inverse: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateUnique2Op(AtenOp):
    self_: SSAValue
    sorted: IntegerAttr
    return_inverse: IntegerAttr
    return_counts: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class PrivateUnpackDualOp(AtenOp):
    dual: SSAValue
    level: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateUnsafeIndexTensorOp(AtenOp):
    self_: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    result: OpResult

class PrivateUnsafeIndexPutOp(AtenOp):
    self_: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    values: SSAValue
    accumulate: IntegerAttr
    result: OpResult

class PrivateUnsafeMaskedIndexOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    fill: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class PrivateUnsafeMaskedIndexPutAccumulateOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    values: SSAValue
    result: OpResult

class PrivateUnsafeViewOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    result: OpResult

class PrivateUpsampleBicubic2dAaOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleBicubic2dAaVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateUpsampleBicubic2dAaBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleBilinear2dAaOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleBilinear2dAaVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateUpsampleBilinear2dAaBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleLanczos2dAaOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleLanczos2dAaVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateUpsampleLanczos2dAaBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleNearestExact1dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    scales: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleNearestExact1dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateUpsampleNearestExact1dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    scales: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleNearestExact2dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleNearestExact2dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateUpsampleNearestExact2dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleNearestExact3dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    scales_d: FloatAttr | DimAttr | None
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUpsampleNearestExact3dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class PrivateUpsampleNearestExact3dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    scales_d: FloatAttr | DimAttr | None
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class PrivateUseCudnnCtcLossOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    blank: IntegerAttr
    result: OpResult

class PrivateUseCudnnCtcLossTensorOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    blank: IntegerAttr
    result: OpResult

class PrivateUseMiopenCtcLossOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    blank: IntegerAttr
    result: OpResult

class PrivateUseMiopenCtcLossTensorOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    blank: IntegerAttr
    result: OpResult

class PrivateValidateCompressedSparseIndicesOp(AtenOp):
    is_crow: IntegerAttr
    compressed_idx: SSAValue
    plain_idx: SSAValue
    cdim: IntegerAttr
    dim: IntegerAttr
    nnz: IntegerAttr

class PrivateValidateSparseBscTensorArgsOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    check_pinning: IntegerAttr | None

class PrivateValidateSparseBsrTensorArgsOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    check_pinning: IntegerAttr | None

class PrivateValidateSparseCompressedTensorArgsOp(AtenOp):
    compressed_indices: SSAValue
    plain_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    layout: StringAttr
    check_pinning: IntegerAttr | None

class PrivateValidateSparseCooTensorArgsOp(AtenOp):
    indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    is_coalesced: IntegerAttr | None
    check_pinning: IntegerAttr | None

class PrivateValidateSparseCscTensorArgsOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    check_pinning: IntegerAttr | None

class PrivateValidateSparseCsrTensorArgsOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    check_pinning: IntegerAttr | None

class PrivateValuesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateValuesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateVersionOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PrivateWeightInt4packMmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    qGroupSize: IntegerAttr
    qScaleAndZeros: SSAValue
    result: OpResult

class PrivateWeightInt4packMmForCpuOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    qGroupSize: IntegerAttr
    qScaleAndZeros: SSAValue
    result: OpResult

class PrivateWeightInt4packMmWithScalesAndZerosOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    qGroupSize: IntegerAttr
    qScale: SSAValue
    qZeros: SSAValue
    result: OpResult

class PrivateWeightInt8packMmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    scales: SSAValue
    result: OpResult

class PrivateWeightNormOp(AtenOp):
    v: SSAValue
    g: SSAValue
    dim: IntegerAttr
    result: OpResult

class PrivateWeightNormDifferentiableBackwardOp(AtenOp):
    grad_w: SSAValue
    saved_v: SSAValue
    saved_g: SSAValue
    saved_norms: SSAValue
    dim: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateWeightNormInterfaceOp(AtenOp):
    v: SSAValue
    g: SSAValue
    dim: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateWeightNormInterfaceBackwardOp(AtenOp):
    grad_w: SSAValue
    saved_v: SSAValue
    saved_g: SSAValue
    saved_norms: SSAValue
    dim: IntegerAttr
    result0: OpResult
    result1: OpResult

class PrivateWrappedLinearPrepackOp(AtenOp):
    weight: SSAValue
    weight_scale: SSAValue
    weight_zero_point: SSAValue
    bias: SSAValue
    result: OpResult

class PrivateWrappedQuantizedLinearPrepackedOp(AtenOp):
    input: SSAValue
    input_scale: SSAValue
    input_zero_point: SSAValue
    packed_weight: SSAValue
    output_scale: SSAValue
    output_zero_point: SSAValue
    out_channel: IntegerAttr
    result: OpResult

class AbsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AbsoluteOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AcosOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AcoshOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AdaptiveAvgPool1dOp(AtenOp):
    self_: SSAValue
    output_size: DenseArrayBase[Any]
    result: OpResult

class AdaptiveAvgPool2dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    result: OpResult

class AdaptiveAvgPool3dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    result: OpResult

class AdaptiveMaxPool1dOp(AtenOp):
    self_: SSAValue
    output_size: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class AdaptiveMaxPool2dOp(AtenOp):
    self_: SSAValue
    output_size: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class AdaptiveMaxPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    indices: SSAValue
    result: OpResult

class AdaptiveMaxPool3dOp(AtenOp):
    self_: SSAValue
    output_size: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class AdaptiveMaxPool3dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    indices: SSAValue
    result: OpResult

class AddScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddbmmOp(AtenOp):
    self_: SSAValue
    batch1: SSAValue
    batch2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddcdivOp(AtenOp):
    self_: SSAValue
    tensor1: SSAValue
    tensor2: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddcmulOp(AtenOp):
    self_: SSAValue
    tensor1: SSAValue
    tensor2: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddmmOp(AtenOp):
    self_: SSAValue
    mat1: SSAValue
    mat2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddmmDtypeOp(AtenOp):
    self_: SSAValue
    mat1: SSAValue
    mat2: SSAValue
    out_dtype: Attribute
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddmvOp(AtenOp):
    self_: SSAValue
    mat: SSAValue
    vec: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AddrOp(AtenOp):
    self_: SSAValue
    vec1: SSAValue
    vec2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class AdjointOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AffineGridGeneratorOp(AtenOp):
    theta: SSAValue
    size: DimsAttr
    align_corners: IntegerAttr
    result: OpResult

class AffineGridGeneratorBackwardOp(AtenOp):
    grad: SSAValue
    size: DimsAttr
    align_corners: IntegerAttr
    result: OpResult

class AliasOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AliasCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AllOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AllDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result: OpResult

class AllDimsOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    result: OpResult

class AllcloseOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    rtol: FloatAttr | DimAttr
    atol: FloatAttr | DimAttr
    equal_nan: IntegerAttr
    result: OpResult

class AlphaDropoutOp(AtenOp):
    input: SSAValue
    p: FloatAttr | DimAttr
    train: IntegerAttr
    result: OpResult

class AmaxOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class AminOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class AminmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class AngleOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AnyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AnyDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result: OpResult

class AnyDimsOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    result: OpResult

class ArangeOp(AtenOp):
    end: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class ArangeStartOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class ArangeStartStepOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: IntegerAttr | FloatAttr | DimAttr
    step: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class ArccosOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ArccoshOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ArcsinOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ArcsinhOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ArctanOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Arctan2Op(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ArctanhOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ArgmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    result: OpResult

class ArgminOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    result: OpResult

class ArgsortOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    descending: IntegerAttr
    result: OpResult

class ArgsortStableOp(AtenOp):
    self_: SSAValue
    stable: IntegerAttr
    dim: IntegerAttr
    descending: IntegerAttr
    result: OpResult

class ArgwhereOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AsStridedOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    stride: DimsAttr
    storage_offset: DimAttr | None
    result: OpResult

class AsStridedCopyOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    stride: DimsAttr
    storage_offset: DimAttr | None
    result: OpResult

class AsStridedScatterOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    size: DimsAttr
    stride: DimsAttr
    storage_offset: DimAttr | None
    result: OpResult

class AsinOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AsinhOp(AtenOp):
    self_: SSAValue
    result: OpResult

class AtanOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Atan2Op(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class AtanhOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Atleast1dOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Atleast1dSequenceOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class Atleast2dOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Atleast2dSequenceOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class Atleast3dOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Atleast3dSequenceOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class AvgPool1dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    count_include_pad: IntegerAttr
    result: OpResult

class AvgPool2dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    count_include_pad: IntegerAttr
    divisor_override: IntegerAttr | None
    result: OpResult

class AvgPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    count_include_pad: IntegerAttr
    divisor_override: IntegerAttr | None
    result: OpResult

class AvgPool3dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    count_include_pad: IntegerAttr
    divisor_override: IntegerAttr | None
    result: OpResult

class AvgPool3dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    count_include_pad: IntegerAttr
    divisor_override: IntegerAttr | None
    result: OpResult

class BaddbmmOp(AtenOp):
    self_: SSAValue
    batch1: SSAValue
    batch2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BaddbmmDtypeOp(AtenOp):
    self_: SSAValue
    batch1: SSAValue
    batch2: SSAValue
    out_dtype: Attribute
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BartlettWindowOp(AtenOp):
    window_length: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class BartlettWindowPeriodicOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class BatchNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    training: IntegerAttr
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    cudnn_enabled: IntegerAttr
    result: OpResult

class BatchNormBackwardOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    weight: SSAValue
    running_mean: SSAValue | None
    running_var: SSAValue | None
    save_mean: SSAValue | None
    save_var: SSAValue | None
    update: IntegerAttr
    eps: FloatAttr | DimAttr
    output_mask: DenseArrayBase[Any]
    reserve: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult

class BatchNormBackwardElemtOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    mean: SSAValue
    invstd: SSAValue
    weight: SSAValue | None
    sum_dy: SSAValue
    sum_dy_xmu: SSAValue
    count: SSAValue
    result: OpResult

class BatchNormBackwardReduceOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    mean: SSAValue
    invstd: SSAValue
    weight: SSAValue | None
    input_g: IntegerAttr
    weight_g: IntegerAttr
    bias_g: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class BatchNormElemtOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    mean: SSAValue
    invstd: SSAValue
    eps: FloatAttr | DimAttr
    result: OpResult

class BatchNormGatherStatsOp(AtenOp):
    input: SSAValue
    mean: SSAValue
    invstd: SSAValue
    running_mean: SSAValue | None
    running_var: SSAValue | None
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    count: IntegerAttr
    result0: OpResult
    result1: OpResult

class BatchNormGatherStatsWithCountsOp(AtenOp):
    input: SSAValue
    mean: SSAValue
    invstd: SSAValue
    running_mean: SSAValue | None
    running_var: SSAValue | None
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    counts: SSAValue
    result0: OpResult
    result1: OpResult

class BatchNormStatsOp(AtenOp):
    input: SSAValue
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult

class BatchNormUpdateStatsOp(AtenOp):
    input: SSAValue
    running_mean: SSAValue | None
    running_var: SSAValue | None
    momentum: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult

class BernoulliOp(AtenOp):
    self_: SSAValue
    result: OpResult

class BernoulliPOp(AtenOp):
    self_: SSAValue
    p: FloatAttr | DimAttr
    result: OpResult

class BernoulliTensorOp(AtenOp):
    self_: SSAValue
    p: SSAValue
    result: OpResult

class BilinearOp(AtenOp):
    input1: SSAValue
    input2: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    result: OpResult

class BinaryCrossEntropyOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    result: OpResult

class BinaryCrossEntropyBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    result: OpResult

class BinaryCrossEntropyWithLogitsOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    pos_weight: SSAValue | None
    reduction: IntegerAttr
    result: OpResult

class BincountOp(AtenOp):
    self_: SSAValue
    weights: SSAValue | None
    minlength: DimAttr
    result: OpResult

class BinomialOp(AtenOp):
    count: SSAValue
    prob: SSAValue
    result: OpResult

class BitwiseAndScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BitwiseAndScalarTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class BitwiseAndTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class BitwiseLeftShiftScalarTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class BitwiseLeftShiftTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class BitwiseLeftShiftTensorScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BitwiseNotOp(AtenOp):
    self_: SSAValue
    result: OpResult

class BitwiseOrScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BitwiseOrScalarTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class BitwiseOrTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class BitwiseRightShiftScalarTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class BitwiseRightShiftTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class BitwiseRightShiftTensorScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BitwiseXorScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class BitwiseXorScalarTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class BitwiseXorTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class BlackmanWindowOp(AtenOp):
    window_length: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class BlackmanWindowPeriodicOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class BlockDiagOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class BmmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    result: OpResult

class BmmDtypeOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    out_dtype: Attribute
    result: OpResult

class BroadcastTensorsOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class BroadcastToOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    result: OpResult

class BucketizeScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    boundaries: SSAValue
    out_int32: IntegerAttr
    right: IntegerAttr
    result: OpResult

class BucketizeTensorOp(AtenOp):
    self_: SSAValue
    boundaries: SSAValue
    out_int32: IntegerAttr
    right: IntegerAttr
    result: OpResult

class CartesianProdOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class CatOp(AtenOp):
    tensors: Sequence[SSAValue]
    dim: IntegerAttr
    result: OpResult

class CauchyOp(AtenOp):
    self_: SSAValue
    median: FloatAttr | DimAttr
    sigma: FloatAttr | DimAttr
    result: OpResult

class CcolIndicesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CcolIndicesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CdistOp(AtenOp):
    x1: SSAValue
    x2: SSAValue
    p: FloatAttr | DimAttr
    compute_mode: IntegerAttr | None
    result: OpResult

class CeilOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CeluOp(AtenOp):
    self_: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ChainMatmulOp(AtenOp):
    matrices: Sequence[SSAValue]
    result: OpResult

class ChalfOp(AtenOp):
    self_: SSAValue
    memory_format: StringAttr | None
    result: OpResult

class ChannelShuffleOp(AtenOp):
    self_: SSAValue
    groups: DimAttr
    result: OpResult

class CholeskyOp(AtenOp):
    self_: SSAValue
    upper: IntegerAttr
    result: OpResult

class CholeskyInverseOp(AtenOp):
    self_: SSAValue
    upper: IntegerAttr
    result: OpResult

class CholeskySolveOp(AtenOp):
    self_: SSAValue
    input2: SSAValue
    upper: IntegerAttr
    result: OpResult

class ChooseQparamsOptimizedOp(AtenOp):
    input: SSAValue
    numel: IntegerAttr
    n_bins: IntegerAttr
    ratio: FloatAttr | DimAttr
    bit_width: IntegerAttr
    result0: OpResult
    result1: OpResult

class ChunkOp(AtenOp):
    self_: SSAValue
    chunks: IntegerAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class ClampOp(AtenOp):
    self_: SSAValue
    min: IntegerAttr | FloatAttr | DimAttr | None
    max: IntegerAttr | FloatAttr | DimAttr | None
    result: OpResult

class ClampTensorOp(AtenOp):
    self_: SSAValue
    min: SSAValue | None
    max: SSAValue | None
    result: OpResult

class ClampMaxOp(AtenOp):
    self_: SSAValue
    max: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ClampMaxTensorOp(AtenOp):
    self_: SSAValue
    max: SSAValue
    result: OpResult

class ClampMinOp(AtenOp):
    self_: SSAValue
    min: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ClampMinTensorOp(AtenOp):
    self_: SSAValue
    min: SSAValue
    result: OpResult

class ClipOp(AtenOp):
    self_: SSAValue
    min: IntegerAttr | FloatAttr | DimAttr | None
    max: IntegerAttr | FloatAttr | DimAttr | None
    result: OpResult

class ClipTensorOp(AtenOp):
    self_: SSAValue
    min: SSAValue | None
    max: SSAValue | None
    result: OpResult

class CloneOp(AtenOp):
    self_: SSAValue
    memory_format: StringAttr | None
    result: OpResult

class CoalesceOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Col2imOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    kernel_size: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    result: OpResult

class ColIndicesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ColIndicesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ColumnStackOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class CombinationsOp(AtenOp):
    self_: SSAValue
    r: IntegerAttr
    with_replacement: IntegerAttr
    result: OpResult

class ComplexOp(AtenOp):
    real: SSAValue
    imag: SSAValue
    result: OpResult

class ConcatOp(AtenOp):
    tensors: Sequence[SSAValue]
    dim: IntegerAttr
    result: OpResult

class ConcatenateOp(AtenOp):
    tensors: Sequence[SSAValue]
    dim: IntegerAttr
    result: OpResult

class ConjOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ConjPhysicalOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ConstantPadNdOp(AtenOp):
    self_: SSAValue
    pad: DimsAttr
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ContiguousOp(AtenOp):
    self_: SSAValue
    memory_format: StringAttr
    result: OpResult

class Conv1dOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class Conv1dPaddingOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: StringAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class Conv2dOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class Conv2dPaddingOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: StringAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class Conv3dOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class Conv3dPaddingOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: StringAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class ConvDepthwise3dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    result: OpResult

class ConvTbcOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue
    pad: IntegerAttr
    result: OpResult

class ConvTbcBackwardOp(AtenOp):
    self_: SSAValue
    input: SSAValue
    weight: SSAValue
    bias: SSAValue
    pad: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class ConvTranspose1dOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    output_padding: DimsAttr
    groups: DimAttr
    dilation: DimsAttr
    result: OpResult

class ConvTranspose2dInputOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    output_padding: DimsAttr
    groups: DimAttr
    dilation: DimsAttr
    result: OpResult

class ConvTranspose3dInputOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    output_padding: DimsAttr
    groups: DimAttr
    dilation: DimsAttr
    result: OpResult

class ConvolutionOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DimsAttr
    groups: DimAttr
    result: OpResult

class ConvolutionBackwardOp(AtenOp):
    grad_output: SSAValue
    input: SSAValue
    weight: SSAValue
    bias_sizes: DimsAttr | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DimsAttr
    groups: DimAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class ConvolutionBackwardOverrideableOp(AtenOp):
    grad_output: SSAValue
    input: SSAValue
    weight: SSAValue
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DimsAttr
    groups: DimAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class ConvolutionOverrideableOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    transposed: IntegerAttr
    output_padding: DimsAttr
    groups: DimAttr
    result: OpResult

class CopyOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class CopySparseToSparseOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    non_blocking: IntegerAttr
    result: OpResult

class CopysignScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class CopysignTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class CorrcoefOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CosOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CoshOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CosineEmbeddingLossOp(AtenOp):
    input1: SSAValue
    input2: SSAValue
    target: SSAValue
    margin: FloatAttr | DimAttr
    reduction: IntegerAttr
    result: OpResult

class CosineSimilarityOp(AtenOp):
    x1: SSAValue
    x2: SSAValue
    dim: IntegerAttr
    eps: FloatAttr | DimAttr
    result: OpResult

class CountNonzeroOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr | None
    result: OpResult

class CountNonzeroDimIntListOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    result: OpResult

class CovOp(AtenOp):
    self_: SSAValue
    correction: IntegerAttr
    fweights: SSAValue | None
    aweights: SSAValue | None
    result: OpResult

class CrossOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    dim: IntegerAttr | None
    result: OpResult

class CrossEntropyLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    label_smoothing: FloatAttr | DimAttr
    result: OpResult

class CrowIndicesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CrowIndicesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CtcLossIntListOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    blank: IntegerAttr
    reduction: IntegerAttr
    zero_infinity: IntegerAttr
    result: OpResult

class CtcLossTensorOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    blank: IntegerAttr
    reduction: IntegerAttr
    zero_infinity: IntegerAttr
    result: OpResult

class CudnnAffineGridGeneratorOp(AtenOp):
    theta: SSAValue
    N: IntegerAttr
    C: IntegerAttr
    H: IntegerAttr
    W: IntegerAttr
    result: OpResult

class CudnnAffineGridGeneratorBackwardOp(AtenOp):
    grad: SSAValue
    N: IntegerAttr
    C: IntegerAttr
    H: IntegerAttr
    W: IntegerAttr
    result: OpResult

class CudnnBatchNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    training: IntegerAttr
    exponential_average_factor: FloatAttr | DimAttr
    epsilon: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class CudnnBatchNormBackwardOp(AtenOp):
    input: SSAValue
    grad_output: SSAValue
    weight: SSAValue
    running_mean: SSAValue | None
    running_var: SSAValue | None
    save_mean: SSAValue | None
    save_var: SSAValue | None
    epsilon: FloatAttr | DimAttr
    reserveSpace: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult

class CudnnConvolutionOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    allow_tf32: IntegerAttr
    result: OpResult

class CudnnConvolutionAddReluOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    z: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr | None
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class CudnnConvolutionReluOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class CudnnConvolutionTransposeOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    padding: DimsAttr
    output_padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    allow_tf32: IntegerAttr
    result: OpResult

class CudnnGridSamplerOp(AtenOp):
    self_: SSAValue
    grid: SSAValue
    result: OpResult

class CudnnGridSamplerBackwardOp(AtenOp):
    self_: SSAValue
    grid: SSAValue
    grad_output: SSAValue
    result0: OpResult
    result1: OpResult

class CudnnIsAcceptableOp(AtenOp):
    self_: SSAValue
    result: OpResult

class CummaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result0: OpResult
    result1: OpResult

class CummaxminBackwardOp(AtenOp):
    grad: SSAValue
    input: SSAValue
    indices: SSAValue
    dim: IntegerAttr
    result: OpResult

class CumminOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result0: OpResult
    result1: OpResult

class CumprodOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class CumprodBackwardOp(AtenOp):
    grad: SSAValue
    input: SSAValue
    dim: IntegerAttr
    output: SSAValue
    result: OpResult

class CumsumOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class CumulativeTrapezoidDxOp(AtenOp):
    y: SSAValue
    dx: IntegerAttr | FloatAttr | DimAttr
    dim: IntegerAttr
    result: OpResult

class CumulativeTrapezoidXOp(AtenOp):
    y: SSAValue
    x: SSAValue
    dim: IntegerAttr
    result: OpResult

class DataOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Deg2radOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DenseDimOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DequantizeSelfOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DequantizeTensorsOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class DetOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DetachOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DetachCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DiagOp(AtenOp):
    self_: SSAValue
    diagonal: IntegerAttr
    result: OpResult

class DiagEmbedOp(AtenOp):
    self_: SSAValue
    offset: IntegerAttr
    dim1: IntegerAttr
    dim2: IntegerAttr
    result: OpResult

class DiagflatOp(AtenOp):
    self_: SSAValue
    offset: IntegerAttr
    result: OpResult

class DiagonalOp(AtenOp):
    self_: SSAValue
    offset: IntegerAttr
    dim1: IntegerAttr
    dim2: IntegerAttr
    result: OpResult

class DiagonalBackwardOp(AtenOp):
    grad_output: SSAValue
    input_sizes: DimsAttr
    offset: IntegerAttr
    dim1: IntegerAttr
    dim2: IntegerAttr
    result: OpResult

class DiagonalCopyOp(AtenOp):
    self_: SSAValue
    offset: IntegerAttr
    dim1: IntegerAttr
    dim2: IntegerAttr
    result: OpResult

class DiagonalScatterOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    offset: IntegerAttr
    dim1: IntegerAttr
    dim2: IntegerAttr
    result: OpResult

class DiffOp(AtenOp):
    self_: SSAValue
    n: IntegerAttr
    dim: IntegerAttr
    prepend: SSAValue | None
    append: SSAValue | None
    result: OpResult

class DigammaOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DimOp(AtenOp):
    self_: SSAValue
    result: OpResult

class DistOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DivScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DivScalarModeOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    rounding_mode: StringAttr | None
    result: OpResult

class DivTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class DivTensorModeOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    rounding_mode: StringAttr | None
    result: OpResult

class DivideScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class DivideScalarModeOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    rounding_mode: StringAttr | None
    result: OpResult

class DivideTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class DivideTensorModeOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    rounding_mode: StringAttr | None
    result: OpResult

class DotOp(AtenOp):
    self_: SSAValue
    tensor: SSAValue
    result: OpResult

class DropoutOp(AtenOp):
    input: SSAValue
    p: FloatAttr | DimAttr
    train: IntegerAttr
    result: OpResult

class DsplitArrayOp(AtenOp):
    self_: SSAValue
    indices: DenseArrayBase[Any]
    result: Sequence[OpResult]

class DsplitIntOp(AtenOp):
    self_: SSAValue
    sections: IntegerAttr
    result: Sequence[OpResult]

class DstackOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class EinsumOp(AtenOp):
    equation: StringAttr
    tensors: Sequence[SSAValue]
    path: DenseArrayBase[Any] | None
    result: OpResult

class EluOp(AtenOp):
    self_: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    scale: IntegerAttr | FloatAttr | DimAttr
    input_scale: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class EluBackwardOp(AtenOp):
    grad_output: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    scale: IntegerAttr | FloatAttr | DimAttr
    input_scale: IntegerAttr | FloatAttr | DimAttr
    is_result: IntegerAttr
    self_or_result: SSAValue
    result: OpResult

class EmbeddingOp(AtenOp):
    weight: SSAValue
    indices: SSAValue
    padding_idx: DimAttr
    scale_grad_by_freq: IntegerAttr
    sparse: IntegerAttr
    result: OpResult

class EmbeddingBackwardOp(AtenOp):
    grad: SSAValue
    indices: SSAValue
    num_weights: DimAttr
    padding_idx: DimAttr
    scale_grad_by_freq: IntegerAttr
    sparse: IntegerAttr
    result: OpResult

class EmbeddingBagOp(AtenOp):
    weight: SSAValue
    indices: SSAValue
    offsets: SSAValue
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    sparse: IntegerAttr
    per_sample_weights: SSAValue | None
    include_last_offset: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class EmbeddingBagPaddingIdxOp(AtenOp):
    weight: SSAValue
    indices: SSAValue
    offsets: SSAValue
    scale_grad_by_freq: IntegerAttr
    mode: IntegerAttr
    sparse: IntegerAttr
    per_sample_weights: SSAValue | None
    include_last_offset: IntegerAttr
    padding_idx: IntegerAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class EmbeddingDenseBackwardOp(AtenOp):
    grad_output: SSAValue
    indices: SSAValue
    num_weights: DimAttr
    padding_idx: DimAttr
    scale_grad_by_freq: IntegerAttr
    result: OpResult

class EmbeddingRenormOp(AtenOp):
    self_: SSAValue
    indices: SSAValue
    max_norm: FloatAttr | DimAttr
    norm_type: FloatAttr | DimAttr
    result: OpResult

class EmbeddingSparseBackwardOp(AtenOp):
    grad: SSAValue
    indices: SSAValue
    num_weights: IntegerAttr
    padding_idx: IntegerAttr
    scale_grad_by_freq: IntegerAttr
    result: OpResult

class EmptyMemoryFormatOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class EmptyLikeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class EmptyPermutedOp(AtenOp):
    size: DimsAttr
    physical_layout: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class EmptyQuantizedOp(AtenOp):
    size: DenseArrayBase[Any]
    qtensor: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class EmptyStridedOp(AtenOp):
    size: DimsAttr
    stride: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class EqScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class EqTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class EqualOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ErfOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ErfcOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ErfinvOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ExpOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Exp2Op(AtenOp):
    self_: SSAValue
    result: OpResult

class ExpandOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    implicit: IntegerAttr
    result: OpResult

class ExpandAsOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ExpandCopyOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    implicit: IntegerAttr
    result: OpResult

class Expm1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class ExponentialOp(AtenOp):
    self_: SSAValue
    lambd: FloatAttr | DimAttr
    result: OpResult

class EyeOp(AtenOp):
    n: DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class EyeMOp(AtenOp):
    n: DimAttr
    m: DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class FakeQuantizePerChannelAffineOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    axis: IntegerAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    result: OpResult

class FakeQuantizePerChannelAffineCachemaskOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    axis: IntegerAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    result0: OpResult
    result1: OpResult

class FakeQuantizePerChannelAffineCachemaskBackwardOp(AtenOp):
    grad: SSAValue
    mask: SSAValue
    result: OpResult

class FakeQuantizePerTensorAffineOp(AtenOp):
    self_: SSAValue
    scale: FloatAttr | DimAttr
    zero_point: IntegerAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    result: OpResult

class FakeQuantizePerTensorAffineTensorQparamsOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    result: OpResult

class FakeQuantizePerTensorAffineCachemaskOp(AtenOp):
    self_: SSAValue
    scale: FloatAttr | DimAttr
    zero_point: IntegerAttr
    quant_min: IntegerAttr
    quant_max: IntegerAttr
    result0: OpResult
    result1: OpResult

class FakeQuantizePerTensorAffineCachemaskBackwardOp(AtenOp):
    grad: SSAValue
    mask: SSAValue
    result: OpResult

class FbgemmLinearFp16WeightOp(AtenOp):
    input: SSAValue
    packed_weight: SSAValue
    bias: SSAValue
    result: OpResult

class FbgemmLinearFp16WeightFp32ActivationOp(AtenOp):
    input: SSAValue
    packed_weight: SSAValue
    bias: SSAValue | None
    result: OpResult

class FbgemmLinearInt8WeightOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    packed: SSAValue
    col_offsets: SSAValue
    weight_scale: IntegerAttr | FloatAttr | DimAttr
    weight_zero_point: IntegerAttr | FloatAttr | DimAttr
    bias: SSAValue
    result: OpResult

class FbgemmLinearInt8WeightFp32ActivationOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    packed: SSAValue
    col_offsets: SSAValue
    weight_scale: IntegerAttr | FloatAttr | DimAttr
    weight_zero_point: IntegerAttr | FloatAttr | DimAttr
    bias: SSAValue
    result: OpResult

class FbgemmLinearQuantizeWeightOp(AtenOp):
    input: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class FbgemmPackGemmMatrixFp16Op(AtenOp):
    input: SSAValue
    result: OpResult

class FbgemmPackQuantizedMatrixOp(AtenOp):
    input: SSAValue
    result: OpResult

class FbgemmPackQuantizedMatrixKNOp(AtenOp):
    input: SSAValue
    K: IntegerAttr
    N: IntegerAttr
    result: OpResult

class FeatureAlphaDropoutOp(AtenOp):
    input: SSAValue
    p: FloatAttr | DimAttr
    train: IntegerAttr
    result: OpResult

class FeatureDropoutOp(AtenOp):
    input: SSAValue
    p: FloatAttr | DimAttr
    train: IntegerAttr
    result: OpResult

class FftFftOp(AtenOp):
    self_: SSAValue
    n: DimAttr | None
    dim: IntegerAttr
    norm: StringAttr | None
    result: OpResult

class FftFft2Op(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any]
    norm: StringAttr | None
    result: OpResult

class FftFftfreqOp(AtenOp):
    n: IntegerAttr
    d: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class FftFftnOp(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any] | None
    norm: StringAttr | None
    result: OpResult

class FftFftshiftOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    result: OpResult

class FftHfftOp(AtenOp):
    self_: SSAValue
    n: DimAttr | None
    dim: IntegerAttr
    norm: StringAttr | None
    result: OpResult

class FftHfft2Op(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any]
    norm: StringAttr | None
    result: OpResult

class FftHfftnOp(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any] | None
    norm: StringAttr | None
    result: OpResult

class FftIfftOp(AtenOp):
    self_: SSAValue
    n: DimAttr | None
    dim: IntegerAttr
    norm: StringAttr | None
    result: OpResult

class FftIfft2Op(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any]
    norm: StringAttr | None
    result: OpResult

class FftIfftnOp(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any] | None
    norm: StringAttr | None
    result: OpResult

class FftIfftshiftOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    result: OpResult

class FftIhfftOp(AtenOp):
    self_: SSAValue
    n: DimAttr | None
    dim: IntegerAttr
    norm: StringAttr | None
    result: OpResult

class FftIhfft2Op(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any]
    norm: StringAttr | None
    result: OpResult

class FftIhfftnOp(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any] | None
    norm: StringAttr | None
    result: OpResult

class FftIrfftOp(AtenOp):
    self_: SSAValue
    n: DimAttr | None
    dim: IntegerAttr
    norm: StringAttr | None
    result: OpResult

class FftIrfft2Op(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any]
    norm: StringAttr | None
    result: OpResult

class FftIrfftnOp(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any] | None
    norm: StringAttr | None
    result: OpResult

class FftRfftOp(AtenOp):
    self_: SSAValue
    n: DimAttr | None
    dim: IntegerAttr
    norm: StringAttr | None
    result: OpResult

class FftRfft2Op(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any]
    norm: StringAttr | None
    result: OpResult

class FftRfftfreqOp(AtenOp):
    n: IntegerAttr
    d: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class FftRfftnOp(AtenOp):
    self_: SSAValue
    s: DimsAttr | None
    dim: DenseArrayBase[Any] | None
    norm: StringAttr | None
    result: OpResult

class FillScalarOp(AtenOp):
    self_: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class FillTensorOp(AtenOp):
    self_: SSAValue
    value: SSAValue
    result: OpResult

class FixOp(AtenOp):
    self_: SSAValue
    result: OpResult

class FlattenUsingIntsOp(AtenOp):
    self_: SSAValue
    start_dim: IntegerAttr
    end_dim: IntegerAttr
    result: OpResult

class FlattenDenseTensorsOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class FlipOp(AtenOp):
    self_: SSAValue
    dims: DenseArrayBase[Any]
    result: OpResult

class FliplrOp(AtenOp):
    self_: SSAValue
    result: OpResult

class FlipudOp(AtenOp):
    self_: SSAValue
    result: OpResult

class FloatPowerScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    exponent: SSAValue
    result: OpResult

class FloatPowerTensorScalarOp(AtenOp):
    self_: SSAValue
    exponent: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class FloatPowerTensorTensorOp(AtenOp):
    self_: SSAValue
    exponent: SSAValue
    result: OpResult

class FloorOp(AtenOp):
    self_: SSAValue
    result: OpResult

class FloorDivideOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class FloorDivideScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class FmaxOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class FminOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class FmodScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class FmodTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class FracOp(AtenOp):
    self_: SSAValue
    result: OpResult

class FractionalMaxPool2dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    output_size: DenseArrayBase[Any]
    random_samples: SSAValue
    result0: OpResult
    result1: OpResult

class FractionalMaxPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    output_size: DenseArrayBase[Any]
    indices: SSAValue
    result: OpResult

class FractionalMaxPool3dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    output_size: DenseArrayBase[Any]
    random_samples: SSAValue
    result0: OpResult
    result1: OpResult

class FractionalMaxPool3dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    output_size: DenseArrayBase[Any]
    indices: SSAValue
    result: OpResult

class FrexpTensorOp(AtenOp):
    self_: SSAValue
    result0: OpResult
    result1: OpResult

class FrobeniusNormDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class FromFileOp(AtenOp):
    filename: StringAttr
    shared: IntegerAttr | None
    size: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class FullOp(AtenOp):
    size: DimsAttr
    fill_value: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class FullLikeOp(AtenOp):
    self_: SSAValue
    fill_value: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class GatherOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    sparse_grad: IntegerAttr
    result: OpResult

class GatherBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    sparse_grad: IntegerAttr
    result: OpResult

class GcdOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class GeScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class GeTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class GeluOp(AtenOp):
    self_: SSAValue
    approximate: StringAttr
    result: OpResult

class GeluBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    approximate: StringAttr
    result: OpResult

class GeometricOp(AtenOp):
    self_: SSAValue
    p: FloatAttr | DimAttr
    result: OpResult

class GeqrfOp(AtenOp):
    self_: SSAValue
    result0: OpResult
    result1: OpResult

class GerOp(AtenOp):
    self_: SSAValue
    vec2: SSAValue
    result: OpResult

class GetDeviceOp(AtenOp):
    self_: SSAValue
    result: OpResult

class GluOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class GluBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class GluBackwardJvpOp(AtenOp):
    grad_x: SSAValue
    grad_glu: SSAValue
    x: SSAValue
    dgrad_glu: SSAValue
    dx: SSAValue
    dim: IntegerAttr
    result: OpResult

class GluJvpOp(AtenOp):
    glu: SSAValue
    x: SSAValue
    dx: SSAValue
    dim: IntegerAttr
    result: OpResult

class GradientArrayOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GradientScalararrayOp(AtenOp):
    self_: SSAValue
    spacing: IntegerAttr | FloatAttr | DimAttr
    dim: DenseArrayBase[Any]
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GradientScalarintOp(AtenOp):
    self_: SSAValue
    spacing: IntegerAttr | FloatAttr | DimAttr | None
    dim: IntegerAttr | None
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GradientScalarrayarrayOp(AtenOp):
    self_: SSAValue
    spacing: ArrayAttr[Attribute]
    dim: DenseArrayBase[Any]
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GradientScalarrayintOp(AtenOp):
    self_: SSAValue
    spacing: ArrayAttr[Attribute]
    dim: IntegerAttr | None
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GradientTensorarrayOp(AtenOp):
    self_: SSAValue
    spacing: Sequence[SSAValue]
    dim: DenseArrayBase[Any]
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GradientTensorarrayintOp(AtenOp):
    self_: SSAValue
    spacing: Sequence[SSAValue]
    dim: IntegerAttr | None
    edge_order: IntegerAttr
    result: Sequence[OpResult]

class GreaterScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class GreaterTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class GreaterEqualScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class GreaterEqualTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class GridSamplerOp(AtenOp):
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    result: OpResult

class GridSampler2dOp(AtenOp):
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    result: OpResult

class GridSampler2dBackwardOp(AtenOp):
    grad_output: SSAValue
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class GridSampler3dOp(AtenOp):
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    result: OpResult

class GridSampler3dBackwardOp(AtenOp):
    grad_output: SSAValue
    input: SSAValue
    grid: SSAValue
    interpolation_mode: IntegerAttr
    padding_mode: IntegerAttr
    align_corners: IntegerAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class GroupNormOp(AtenOp):
    input: SSAValue
    num_groups: IntegerAttr
    weight: SSAValue | None
    bias: SSAValue | None
    eps: FloatAttr | DimAttr
    cudnn_enabled: IntegerAttr
    result: OpResult

class GruDataOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    result0: OpResult
    result1: OpResult

class GruInputOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult

class GruCellOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue | None
    b_hh: SSAValue | None
    result: OpResult

class GtScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class GtTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class HammingWindowOp(AtenOp):
    window_length: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class HammingWindowPeriodicOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class HammingWindowPeriodicAlphaOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    alpha: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class HammingWindowPeriodicAlphaBetaOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    alpha: FloatAttr | DimAttr
    beta: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class HannWindowOp(AtenOp):
    window_length: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class HannWindowPeriodicOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class HardshrinkOp(AtenOp):
    self_: SSAValue
    lambd: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class HardshrinkBackwardOp(AtenOp):
    grad_out: SSAValue
    self_: SSAValue
    lambd: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class HardsigmoidOp(AtenOp):
    self_: SSAValue
    result: OpResult

class HardsigmoidBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class HardswishOp(AtenOp):
    self_: SSAValue
    result: OpResult

class HardswishBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class HardtanhOp(AtenOp):
    self_: SSAValue
    min_val: IntegerAttr | FloatAttr | DimAttr
    max_val: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class HardtanhBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    min_val: IntegerAttr | FloatAttr | DimAttr
    max_val: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class HashTensorOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    mode: IntegerAttr
    result: OpResult

class HeavisideOp(AtenOp):
    self_: SSAValue
    values: SSAValue
    result: OpResult

class HingeEmbeddingLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    margin: FloatAttr | DimAttr
    reduction: IntegerAttr
    result: OpResult

class HistcOp(AtenOp):
    self_: SSAValue
    bins: IntegerAttr
    min: IntegerAttr | FloatAttr | DimAttr
    max: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class HistogramBinCtOp(AtenOp):
    self_: SSAValue
    bins: IntegerAttr
    range: ArrayAttr[Attribute] | None
    weight: SSAValue | None
    density: IntegerAttr
    result0: OpResult
    result1: OpResult

class HistogramBinsTensorOp(AtenOp):
    self_: SSAValue
    bins: SSAValue
    weight: SSAValue | None
    density: IntegerAttr
    result0: OpResult
    result1: OpResult

class HistogramddOp(AtenOp):
    self_: SSAValue
    bins: DenseArrayBase[Any]
    range: ArrayAttr[Attribute] | None
    weight: SSAValue | None
    density: IntegerAttr
    result0: OpResult
    result1: Sequence[OpResult]

class HistogramddIntBinsOp(AtenOp):
    self_: SSAValue
    bins: IntegerAttr
    range: ArrayAttr[Attribute] | None
    weight: SSAValue | None
    density: IntegerAttr
    result0: OpResult
    result1: Sequence[OpResult]

class HistogramddTensorListBinsOp(AtenOp):
    self_: SSAValue
    bins: Sequence[SSAValue]
    range: ArrayAttr[Attribute] | None
    weight: SSAValue | None
    density: IntegerAttr
    result0: OpResult
    result1: Sequence[OpResult]

class HsplitArrayOp(AtenOp):
    self_: SSAValue
    indices: DenseArrayBase[Any]
    result: Sequence[OpResult]

class HsplitIntOp(AtenOp):
    self_: SSAValue
    sections: IntegerAttr
    result: Sequence[OpResult]

class HspmmOp(AtenOp):
    mat1: SSAValue
    mat2: SSAValue
    result: OpResult

class HstackOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class HuberLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    delta: FloatAttr | DimAttr
    result: OpResult

class HuberLossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    delta: FloatAttr | DimAttr
    result: OpResult

class HypotOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class I0Op(AtenOp):
    self_: SSAValue
    result: OpResult

class IgammaOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class IgammacOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class Im2colOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    result: OpResult

class ImagOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IndexTensorOp(AtenOp):
    self_: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    result: OpResult

class IndexAddOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    source: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class IndexCopyOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    source: SSAValue
    result: OpResult

class IndexFillIntScalarOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class IndexFillIntTensorOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    value: SSAValue
    result: OpResult

class IndexPutOp(AtenOp):
    self_: SSAValue
    indices: Sequence[SSAValue]
    indices_mask: DenseArrayBase[Any] | None
    values: SSAValue
    accumulate: IntegerAttr
    result: OpResult

class IndexReduceOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    source: SSAValue
    reduce: StringAttr
    include_self: IntegerAttr
    result: OpResult

class IndexSelectOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    result: OpResult

class IndexSelectBackwardOp(AtenOp):
    grad: SSAValue
    self_sizes: DimsAttr
    dim: IntegerAttr
    index: SSAValue
    result: OpResult

class IndicesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IndicesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class InfinitelyDifferentiableGeluBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    result: OpResult

class InnerOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class InstanceNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    use_input_stats: IntegerAttr
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    cudnn_enabled: IntegerAttr
    result: OpResult

class IntReprOp(AtenOp):
    self_: SSAValue
    result: OpResult

class InverseOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsCoalescedOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsComplexOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsConjOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsContiguousOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsContiguousMemoryFormatOp(AtenOp):
    self_: SSAValue
    memory_format: StringAttr
    result: OpResult

class IsDistributedOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsFloatingPointOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsInferenceOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsLeafOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsNegOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsNonzeroOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsPinnedOp(AtenOp):
    self_: SSAValue
    device: StringAttr | None
    result: OpResult

class IsSameSizeOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class IsSetToOp(AtenOp):
    self_: SSAValue
    tensor: SSAValue
    result: OpResult

class IsSignedOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IscloseOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    rtol: FloatAttr | DimAttr
    atol: FloatAttr | DimAttr
    equal_nan: IntegerAttr
    result: OpResult

class IsfiniteOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsinScalarTensorOp(AtenOp):
    element: IntegerAttr | FloatAttr | DimAttr
    test_elements: SSAValue
    assume_unique: IntegerAttr
    invert: IntegerAttr
    result: OpResult

class IsinTensorScalarOp(AtenOp):
    elements: SSAValue
    test_element: IntegerAttr | FloatAttr | DimAttr
    assume_unique: IntegerAttr
    invert: IntegerAttr
    result: OpResult

class IsinTensorTensorOp(AtenOp):
    elements: SSAValue
    test_elements: SSAValue
    assume_unique: IntegerAttr
    invert: IntegerAttr
    result: OpResult

class IsinfOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsnanOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsneginfOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsposinfOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IsrealOp(AtenOp):
    self_: SSAValue
    result: OpResult

class IstftOp(AtenOp):
    self_: SSAValue
    n_fft: IntegerAttr
    hop_length: IntegerAttr | None
    win_length: IntegerAttr | None
    window: SSAValue | None
    center: IntegerAttr
    normalized: IntegerAttr
    onesided: IntegerAttr | None
    length: IntegerAttr | None
    return_complex: IntegerAttr
    result: OpResult

class ItemOp(AtenOp):
    self_: SSAValue
    result: OpResult

class KaiserWindowOp(AtenOp):
    window_length: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class KaiserWindowBetaOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    beta: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class KaiserWindowPeriodicOp(AtenOp):
    window_length: IntegerAttr
    periodic: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class KlDivOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    log_target: IntegerAttr
    result: OpResult

class KronOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class KthvalueOp(AtenOp):
    self_: SSAValue
    k: DimAttr
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class L1LossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result: OpResult

class LayerNormOp(AtenOp):
    input: SSAValue
    normalized_shape: DimsAttr
    weight: SSAValue | None
    bias: SSAValue | None
    eps: FloatAttr | DimAttr
    cudnn_enable: IntegerAttr
    result: OpResult

class LcmOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LdexpTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LeScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class LeTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LeakyReluOp(AtenOp):
    self_: SSAValue
    negative_slope: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class LeakyReluBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    negative_slope: IntegerAttr | FloatAttr | DimAttr
    self_is_result: IntegerAttr
    result: OpResult

class LerpScalarOp(AtenOp):
    self_: SSAValue
    end: SSAValue
    weight: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class LerpTensorOp(AtenOp):
    self_: SSAValue
    end: SSAValue
    weight: SSAValue
    result: OpResult

class LessScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class LessTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LessEqualScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class LessEqualTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LgammaOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LiftOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LiftFreshOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LiftFreshCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LinalgPowsumOp(AtenOp):
    self_: SSAValue
    ord: IntegerAttr | FloatAttr | DimAttr
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LinalgCholeskyOp(AtenOp):
    self_: SSAValue
    upper: IntegerAttr
    result: OpResult

class LinalgCholeskyExOp(AtenOp):
    self_: SSAValue
    upper: IntegerAttr
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult

class LinalgCondOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr | None
    result: OpResult

class LinalgCondPStrOp(AtenOp):
    self_: SSAValue
    p: StringAttr
    result: OpResult

class LinalgCrossOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    dim: IntegerAttr
    result: OpResult

class LinalgDetOp(AtenOp):
    A: SSAValue
    result: OpResult

class LinalgDiagonalOp(AtenOp):
    A: SSAValue
    offset: IntegerAttr
    dim1: IntegerAttr
    dim2: IntegerAttr
    result: OpResult

class LinalgEigOp(AtenOp):
    self_: SSAValue
    result0: OpResult
    result1: OpResult

class LinalgEighOp(AtenOp):
    self_: SSAValue
    UPLO: StringAttr
    result0: OpResult
    result1: OpResult

class LinalgEigvalsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LinalgEigvalshOp(AtenOp):
    self_: SSAValue
    UPLO: StringAttr
    result: OpResult

class LinalgHouseholderProductOp(AtenOp):
    input: SSAValue
    tau: SSAValue
    result: OpResult

class LinalgInvOp(AtenOp):
    A: SSAValue
    result: OpResult

class LinalgInvExOp(AtenOp):
    A: SSAValue
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult

class LinalgLdlFactorOp(AtenOp):
    self_: SSAValue
    hermitian: IntegerAttr
    result0: OpResult
    result1: OpResult

class LinalgLdlFactorExOp(AtenOp):
    self_: SSAValue
    hermitian: IntegerAttr
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LinalgLdlSolveOp(AtenOp):
    LD: SSAValue
    pivots: SSAValue
    B: SSAValue
    hermitian: IntegerAttr
    result: OpResult

class LinalgLstsqOp(AtenOp):
    self_: SSAValue
    b: SSAValue
    rcond: FloatAttr | DimAttr | None
    driver: StringAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class LinalgLuOp(AtenOp):
    A: SSAValue
    pivot: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LinalgLuFactorOp(AtenOp):
    A: SSAValue
    pivot: IntegerAttr
    result0: OpResult
    result1: OpResult

class LinalgLuFactorExOp(AtenOp):
    A: SSAValue
    pivot: IntegerAttr
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LinalgLuSolveOp(AtenOp):
    LU: SSAValue
    pivots: SSAValue
    B: SSAValue
    left: IntegerAttr
    adjoint: IntegerAttr
    result: OpResult

class LinalgMatmulOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LinalgMatrixExpOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LinalgMatrixNormOp(AtenOp):
    self_: SSAValue
    ord: IntegerAttr | FloatAttr | DimAttr
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LinalgMatrixNormStrOrdOp(AtenOp):
    self_: SSAValue
    ord: StringAttr
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LinalgMatrixPowerOp(AtenOp):
    self_: SSAValue
    n: IntegerAttr
    result: OpResult

class LinalgMatrixRankOp(AtenOp):
    self_: SSAValue
    tol: FloatAttr | DimAttr
    hermitian: IntegerAttr
    result: OpResult

class LinalgMatrixRankAtolRtolFloatOp(AtenOp):
    self_: SSAValue
    atol: FloatAttr | DimAttr | None
    rtol: FloatAttr | DimAttr | None
    hermitian: IntegerAttr
    result: OpResult

class LinalgMatrixRankAtolRtolTensorOp(AtenOp):
    input: SSAValue
    atol: SSAValue | None
    rtol: SSAValue | None
    hermitian: IntegerAttr
    result: OpResult

class LinalgMatrixRankTolTensorOp(AtenOp):
    input: SSAValue
    tol: SSAValue
    hermitian: IntegerAttr
    result: OpResult

class LinalgMultiDotOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class LinalgNormOp(AtenOp):
    self_: SSAValue
    ord: IntegerAttr | FloatAttr | DimAttr | None
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LinalgNormOrdStrOp(AtenOp):
    self_: SSAValue
    ord: StringAttr
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LinalgPinvOp(AtenOp):
    self_: SSAValue
    rcond: FloatAttr | DimAttr
    hermitian: IntegerAttr
    result: OpResult

class LinalgPinvAtolRtolFloatOp(AtenOp):
    self_: SSAValue
    atol: FloatAttr | DimAttr | None
    rtol: FloatAttr | DimAttr | None
    hermitian: IntegerAttr
    result: OpResult

class LinalgPinvAtolRtolTensorOp(AtenOp):
    self_: SSAValue
    atol: SSAValue | None
    rtol: SSAValue | None
    hermitian: IntegerAttr
    result: OpResult

class LinalgPinvRcondTensorOp(AtenOp):
    self_: SSAValue
    rcond: SSAValue
    hermitian: IntegerAttr
    result: OpResult

class LinalgQrOp(AtenOp):
    A: SSAValue
    mode: StringAttr
    result0: OpResult
    result1: OpResult

class LinalgSlogdetOp(AtenOp):
    A: SSAValue
    result0: OpResult
    result1: OpResult

class LinalgSolveOp(AtenOp):
    A: SSAValue
    B: SSAValue
    left: IntegerAttr
    result: OpResult

class LinalgSolveExOp(AtenOp):
    A: SSAValue
    B: SSAValue
    left: IntegerAttr
    check_errors: IntegerAttr
    result0: OpResult
    result1: OpResult

class LinalgSolveTriangularOp(AtenOp):
    self_: SSAValue
    B: SSAValue
    upper: IntegerAttr
    left: IntegerAttr
    unitriangular: IntegerAttr
    result: OpResult

class LinalgSvdOp(AtenOp):
    A: SSAValue
    full_matrices: IntegerAttr
    driver: StringAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LinalgSvdvalsOp(AtenOp):
    A: SSAValue
    driver: StringAttr | None
    result: OpResult

class LinalgTensorinvOp(AtenOp):
    self_: SSAValue
    ind: IntegerAttr
    result: OpResult

class LinalgTensorsolveOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    dims: DenseArrayBase[Any] | None
    result: OpResult

class LinalgVanderOp(AtenOp):
    x: SSAValue
    N: DimAttr | None
    result: OpResult

class LinalgVecdotOp(AtenOp):
    x: SSAValue
    y: SSAValue
    dim: IntegerAttr
    result: OpResult

class LinalgVectorNormOp(AtenOp):
    self_: SSAValue
    ord: IntegerAttr | FloatAttr | DimAttr
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LinearOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    result: OpResult

class LinearBackwardOp(AtenOp):
    self_: SSAValue
    grad_output: SSAValue
    weight: SSAValue
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LinspaceOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: IntegerAttr | FloatAttr | DimAttr
    steps: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LinspaceScalarTensorOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: SSAValue
    steps: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LinspaceTensorScalarOp(AtenOp):
    start: SSAValue
    end: IntegerAttr | FloatAttr | DimAttr
    steps: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LinspaceTensorTensorOp(AtenOp):
    start: SSAValue
    end: SSAValue
    steps: IntegerAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LogOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Log10Op(AtenOp):
    self_: SSAValue
    result: OpResult

class Log1pOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Log2Op(AtenOp):
    self_: SSAValue
    result: OpResult

class LogNormalOp(AtenOp):
    self_: SSAValue
    mean: FloatAttr | DimAttr
    std: FloatAttr | DimAttr
    result: OpResult

class LogSigmoidOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LogSigmoidBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    buffer: SSAValue
    result: OpResult

class LogSigmoidForwardOp(AtenOp):
    self_: SSAValue
    result0: OpResult
    result1: OpResult

class LogSoftmaxIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class LogaddexpOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class Logaddexp2Op(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LogcumsumexpOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class LogdetOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LogicalAndOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LogicalNotOp(AtenOp):
    self_: SSAValue
    result: OpResult

class LogicalOrOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LogicalXorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LogitOp(AtenOp):
    self_: SSAValue
    eps: FloatAttr | DimAttr | None
    result: OpResult

class LogitBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    eps: FloatAttr | DimAttr | None
    result: OpResult

class LogspaceOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: IntegerAttr | FloatAttr | DimAttr
    steps: IntegerAttr
    base: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LogspaceScalarTensorOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: SSAValue
    steps: IntegerAttr
    base: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LogspaceTensorScalarOp(AtenOp):
    start: SSAValue
    end: IntegerAttr | FloatAttr | DimAttr
    steps: IntegerAttr
    base: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LogspaceTensorTensorOp(AtenOp):
    start: SSAValue
    end: SSAValue
    steps: IntegerAttr
    base: FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class LogsumexpOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class LstmDataOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    hx: Sequence[SSAValue]
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LstmInputOp(AtenOp):
    input: SSAValue
    hx: Sequence[SSAValue]
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class LstmCellOp(AtenOp):
    input: SSAValue
    hx: Sequence[SSAValue]
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue | None
    b_hh: SSAValue | None
    result0: OpResult
    result1: OpResult

class LstmMpsBackwardOp(AtenOp):
    grad_y: SSAValue | None
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    z_state: SSAValue
    cell_state_fwd: SSAValue
    input: SSAValue
    layersOutputs: SSAValue
    hx: Sequence[SSAValue]
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: Sequence[OpResult]
    result2: Sequence[OpResult]

class LtScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class LtTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class LuSolveOp(AtenOp):
    self_: SSAValue
    LU_data: SSAValue
    LU_pivots: SSAValue
    result: OpResult

class LuUnpackOp(AtenOp):
    LU_data: SSAValue
    LU_pivots: SSAValue
    unpack_data: IntegerAttr
    unpack_pivots: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class MarginRankingLossOp(AtenOp):
    input1: SSAValue
    input2: SSAValue
    target: SSAValue
    margin: FloatAttr | DimAttr
    reduction: IntegerAttr
    result: OpResult

class MaskedFillScalarOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class MaskedFillTensorOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    value: SSAValue
    result: OpResult

class MaskedScatterOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    source: SSAValue
    result: OpResult

class MaskedScatterBackwardOp(AtenOp):
    grad_output: SSAValue
    mask: SSAValue
    sizes: DimsAttr
    result: OpResult

class MaskedSelectOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    result: OpResult

class MaskedSelectBackwardOp(AtenOp):
    grad: SSAValue
    input: SSAValue
    mask: SSAValue
    result: OpResult

class MatmulOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MatmulBackwardOp(AtenOp):
    grad: SSAValue
    self_: SSAValue
    other: SSAValue
    mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class MatrixExpOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MatrixExpBackwardOp(AtenOp):
    self_: SSAValue
    grad: SSAValue
    result: OpResult

class MatrixHOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MatrixPowerOp(AtenOp):
    self_: SSAValue
    n: IntegerAttr
    result: OpResult

class MaxOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MaxDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class MaxOtherOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MaxPool1dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MaxPool1dWithIndicesOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result0: OpResult
    result1: OpResult

class MaxPool2dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MaxPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MaxPool2dWithIndicesOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result0: OpResult
    result1: OpResult

class MaxPool2dWithIndicesBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    indices: SSAValue
    result: OpResult

class MaxPool3dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MaxPool3dWithIndicesOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result0: OpResult
    result1: OpResult

class MaxPool3dWithIndicesBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    indices: SSAValue
    result: OpResult

class MaxUnpool2dOp(AtenOp):
    self_: SSAValue
    indices: SSAValue
    output_size: DimsAttr
    result: OpResult

class MaxUnpool3dOp(AtenOp):
    self_: SSAValue
    indices: SSAValue
    output_size: DimsAttr
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    result: OpResult

class MaximumOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MeanOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    result: OpResult

class MeanDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class MedianOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MedianDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class MeshgridOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class MeshgridIndexingOp(AtenOp):
    tensors: Sequence[SSAValue]
    indexing: StringAttr
    result: Sequence[OpResult]

class MHOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MinOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MinDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class MinOtherOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MinimumOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MiopenBatchNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    training: IntegerAttr
    exponential_average_factor: FloatAttr | DimAttr
    epsilon: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class MiopenBatchNormBackwardOp(AtenOp):
    input: SSAValue
    grad_output: SSAValue
    weight: SSAValue
    running_mean: SSAValue | None
    running_var: SSAValue | None
    save_mean: SSAValue | None
    save_var: SSAValue | None
    epsilon: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class MiopenConvolutionOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    result: OpResult

class MiopenConvolutionAddReluOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    z: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr | None
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class MiopenConvolutionReluOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class MiopenConvolutionTransposeOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    padding: DimsAttr
    output_padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    result: OpResult

class MiopenCtcLossOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: DenseArrayBase[Any]
    target_lengths: DenseArrayBase[Any]
    blank: IntegerAttr
    deterministic: IntegerAttr
    zero_infinity: IntegerAttr
    result0: OpResult
    result1: OpResult

class MiopenCtcLossTensorOp(AtenOp):
    log_probs: SSAValue
    targets: SSAValue
    input_lengths: SSAValue
    target_lengths: SSAValue
    blank: IntegerAttr
    deterministic: IntegerAttr
    zero_infinity: IntegerAttr
    result0: OpResult
    result1: OpResult

class MiopenDepthwiseConvolutionOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    benchmark: IntegerAttr
    deterministic: IntegerAttr
    result: OpResult

class MiopenRnnOp(AtenOp):
    input: SSAValue
    weight: Sequence[SSAValue]
    weight_stride0: IntegerAttr
    hx: SSAValue
    cx: SSAValue | None
    mode: IntegerAttr
    hidden_size: IntegerAttr
    num_layers: IntegerAttr
    batch_first: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_sizes: DenseArrayBase[Any]
    dropout_state: SSAValue | None
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult

class MiopenRnnBackwardOp(AtenOp):
    input: SSAValue
    weight: Sequence[SSAValue]
    weight_stride0: IntegerAttr
    weight_buf: SSAValue
    hx: SSAValue
    cx: SSAValue | None
    output: SSAValue
    grad_output: SSAValue | None
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    mode: IntegerAttr
    hidden_size: IntegerAttr
    num_layers: IntegerAttr
    batch_first: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_sizes: DenseArrayBase[Any]
    dropout_state: SSAValue | None
    reserve: SSAValue
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: Sequence[OpResult]

class MishOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MishBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class MkldnnAdaptiveAvgPool2dOp(AtenOp):
    self_: SSAValue
    output_size: DenseArrayBase[Any]
    result: OpResult

class MkldnnAdaptiveAvgPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class MkldnnConvolutionOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    result: OpResult

class MkldnnLinearOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    bias: SSAValue | None
    result: OpResult

class MkldnnLinearBackwardOp(AtenOp):
    self_: SSAValue
    grad_output: SSAValue
    weight: SSAValue
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class MkldnnLinearBackwardInputOp(AtenOp):
    input_size: DenseArrayBase[Any]
    grad_output: SSAValue
    weight: SSAValue
    result: OpResult

class MkldnnLinearBackwardWeightsOp(AtenOp):
    grad_output: SSAValue
    input: SSAValue
    weight: SSAValue
    bias_defined: IntegerAttr
    result0: OpResult
    result1: OpResult

class MkldnnMaxPool2dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MkldnnMaxPool2dBackwardOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    input: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MkldnnMaxPool3dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MkldnnMaxPool3dBackwardOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    input: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class MkldnnReorderConv2dWeightOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    input_size: DimsAttr | None
    result: OpResult

class MkldnnReorderConv3dWeightOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    input_size: DimsAttr | None
    result: OpResult

class MkldnnRnnLayerOp(AtenOp):
    input: SSAValue
    weight0: SSAValue
    weight1: SSAValue
    weight2: SSAValue
    weight3: SSAValue
    hx_: SSAValue
    cx_: SSAValue
    reverse: IntegerAttr
    batch_sizes: DenseArrayBase[Any]
    mode: IntegerAttr
    hidden_size: IntegerAttr
    num_layers: IntegerAttr
    has_biases: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    train: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult

class MkldnnRnnLayerBackwardOp(AtenOp):
    input: SSAValue
    weight1: SSAValue
    weight2: SSAValue
    weight3: SSAValue
    weight4: SSAValue
    hx_: SSAValue
    cx_tmp: SSAValue
    output: SSAValue
    hy_: SSAValue
    cy_: SSAValue
    grad_output: SSAValue | None
    grad_hy: SSAValue | None
    grad_cy: SSAValue | None
    reverse: IntegerAttr
    mode: IntegerAttr
    hidden_size: IntegerAttr
    num_layers: IntegerAttr
    has_biases: IntegerAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_sizes: DenseArrayBase[Any]
    batch_first: IntegerAttr
    workspace: SSAValue
    result0: OpResult
    result1: OpResult
    result2: OpResult
    result3: OpResult
    result4: OpResult
    result5: OpResult
    result6: OpResult

class MmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    result: OpResult

class MmDtypeOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    out_dtype: Attribute
    result: OpResult

class ModeOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class MoveaxisIntOp(AtenOp):
    self_: SSAValue
    source: IntegerAttr
    destination: IntegerAttr
    result: OpResult

class MoveaxisIntlistOp(AtenOp):
    self_: SSAValue
    source: DenseArrayBase[Any]
    destination: DenseArrayBase[Any]
    result: OpResult

class MovedimIntOp(AtenOp):
    self_: SSAValue
    source: IntegerAttr
    destination: IntegerAttr
    result: OpResult

class MovedimIntlistOp(AtenOp):
    self_: SSAValue
    source: DenseArrayBase[Any]
    destination: DenseArrayBase[Any]
    result: OpResult

class MpsConvolutionBackwardOp(AtenOp):
    self_: SSAValue
    grad_output: SSAValue
    weight: SSAValue
    padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class MpsConvolutionTransposeBackwardOp(AtenOp):
    self_: SSAValue
    grad_output: SSAValue
    weight: SSAValue
    padding: DimsAttr
    output_padding: DimsAttr
    stride: DimsAttr
    dilation: DimsAttr
    groups: DimAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult

class MseLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result: OpResult

class MseLossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result: OpResult

class MsortOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MTOp(AtenOp):
    self_: SSAValue
    result: OpResult

class MulScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class MulTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MultiMarginLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr
    margin: IntegerAttr | FloatAttr | DimAttr
    weight: SSAValue | None
    reduction: IntegerAttr
    result: OpResult

class MultiMarginLossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr
    margin: IntegerAttr | FloatAttr | DimAttr
    weight: SSAValue | None
    reduction: IntegerAttr
    result: OpResult

class MultilabelMarginLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result: OpResult

class MultilabelMarginLossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    is_target: SSAValue
    result: OpResult

class MultilabelMarginLossForwardOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result0: OpResult
    result1: OpResult

class MultinomialOp(AtenOp):
    self_: SSAValue
    num_samples: DimAttr
    replacement: IntegerAttr
    result: OpResult

class MultiplyScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class MultiplyTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class MvOp(AtenOp):
    self_: SSAValue
    vec: SSAValue
    result: OpResult

class MvlgammaOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr
    result: OpResult

class NanToNumOp(AtenOp):
    self_: SSAValue
    nan: FloatAttr | DimAttr | None
    posinf: FloatAttr | DimAttr | None
    neginf: FloatAttr | DimAttr | None
    result: OpResult

class NanmeanOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class NanmedianOp(AtenOp):
    self_: SSAValue
    result: OpResult

class NanmedianDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class NanquantileOp(AtenOp):
    self_: SSAValue
    q: SSAValue
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    interpolation: StringAttr
    result: OpResult

class NanquantileScalarOp(AtenOp):
    self_: SSAValue
    q: FloatAttr | DimAttr
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    interpolation: StringAttr
    result: OpResult

class NansumOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class NarrowOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    start: DimAttr
    length: DimAttr
    result: OpResult

class NarrowTensorOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    start: SSAValue
    length: DimAttr
    result: OpResult

class NarrowCopyOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    start: DimAttr
    length: DimAttr
    result: OpResult

class NativeBatchNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    training: IntegerAttr
    momentum: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class NativeBatchNormBackwardOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    weight: SSAValue | None
    running_mean: SSAValue | None
    running_var: SSAValue | None
    save_mean: SSAValue | None
    save_invstd: SSAValue | None
    train: IntegerAttr
    eps: FloatAttr | DimAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class NativeChannelShuffleOp(AtenOp):
    self_: SSAValue
    groups: DimAttr
    result: OpResult

class NativeDropoutOp(AtenOp):
    input: SSAValue
    p: FloatAttr | DimAttr
    train: IntegerAttr | None
    result0: OpResult
    result1: OpResult

class NativeDropoutBackwardOp(AtenOp):
    grad_output: SSAValue
    mask: SSAValue
    scale: FloatAttr | DimAttr
    result: OpResult

class NativeGroupNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    N: DimAttr
    C: DimAttr
    HxW: DimAttr
    group: IntegerAttr
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class NativeGroupNormBackwardOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    mean: SSAValue
    rstd: SSAValue
    weight: SSAValue | None
    N: DimAttr
    C: DimAttr
    HxW: DimAttr
    group: IntegerAttr
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class NativeLayerNormOp(AtenOp):
    input: SSAValue
    normalized_shape: DimsAttr
    weight: SSAValue | None
    bias: SSAValue | None
    eps: FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class NativeLayerNormBackwardOp(AtenOp):
    grad_out: SSAValue
    input: SSAValue
    normalized_shape: DimsAttr
    mean: SSAValue
    rstd: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    output_mask: DenseArrayBase[Any]
    result0: OpResult
    result1: OpResult
    result2: OpResult

class NativeNormOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class NativeNormScalarOptDimDtypeOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr | None
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class NeScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class NeTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class NegOp(AtenOp):
    self_: SSAValue
    result: OpResult

class NegativeOp(AtenOp):
    self_: SSAValue
    result: OpResult

class NestedToPaddedTensorOp(AtenOp):
    self_: SSAValue
    padding: FloatAttr | DimAttr
    output_size: DenseArrayBase[Any] | None
    result: OpResult

class NewEmptyOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class NewEmptyStridedOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    stride: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class NewFullOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    fill_value: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class NewOnesOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class NewZerosOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class NextafterOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class NllLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    result: OpResult

class NllLoss2dOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    result: OpResult

class NllLoss2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    total_weight: SSAValue
    result: OpResult

class NllLoss2dForwardOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    result0: OpResult
    result1: OpResult

class NllLossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    total_weight: SSAValue
    result: OpResult

class NllLossForwardOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    result0: OpResult
    result1: OpResult

class NllLossNdOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    weight: SSAValue | None
    reduction: IntegerAttr
    ignore_index: DimAttr
    result: OpResult

class NonzeroOp(AtenOp):
    self_: SSAValue
    result: OpResult

class NonzeroNumpyOp(AtenOp):
    self_: SSAValue
    result: Sequence[OpResult]

class NonzeroStaticOp(AtenOp):
    self_: SSAValue
    size: DimAttr
    fill_value: IntegerAttr
    result: OpResult

class NormScalarOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class NormScalarOptDimOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr | None
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class NormScalarOptDimDtypeOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr | None
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    dtype: Attribute
    result: OpResult

class NormScalarOptDtypeOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr | None
    dtype: Attribute
    result: OpResult

class NormExceptDimOp(AtenOp):
    v: SSAValue
    pow: IntegerAttr
    dim: IntegerAttr
    result: OpResult

class NormalFloatFloatOp(AtenOp):
    mean: FloatAttr | DimAttr
    std: FloatAttr | DimAttr
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class NormalFloatTensorOp(AtenOp):
    mean: FloatAttr | DimAttr
    std: SSAValue
    result: OpResult

class NormalTensorFloatOp(AtenOp):
    mean: SSAValue
    std: FloatAttr | DimAttr
    result: OpResult

class NormalTensorTensorOp(AtenOp):
    mean: SSAValue
    std: SSAValue
    result: OpResult

class NormalFunctionalOp(AtenOp):
    self_: SSAValue
    mean: FloatAttr | DimAttr
    std: FloatAttr | DimAttr
    result: OpResult

class NotEqualScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class NotEqualTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class NuclearNormOp(AtenOp):
    self_: SSAValue
    keepdim: IntegerAttr
    result: OpResult

class NuclearNormDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class NumelOp(AtenOp):
    self_: SSAValue
    result: OpResult

class NumpyTOp(AtenOp):
    self_: SSAValue
    result: OpResult

class OneHotOp(AtenOp):
    self_: SSAValue
    num_classes: IntegerAttr
    result: OpResult

class OnesOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class OnesLikeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class OrgqrOp(AtenOp):
    self_: SSAValue
    input2: SSAValue
    result: OpResult

class OrmqrOp(AtenOp):
    self_: SSAValue
    input2: SSAValue
    input3: SSAValue
    left: IntegerAttr
    transpose: IntegerAttr
    result: OpResult

class OuterOp(AtenOp):
    self_: SSAValue
    vec2: SSAValue
    result: OpResult

class OutputNrOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PadOp(AtenOp):
    self_: SSAValue
    pad: DimsAttr
    mode: StringAttr
    value: FloatAttr | DimAttr | None
    result: OpResult

class PadSequenceOp(AtenOp):
    sequences: Sequence[SSAValue]
    batch_first: IntegerAttr
    padding_value: FloatAttr | DimAttr
    padding_side: StringAttr
    result: OpResult

class PairwiseDistanceOp(AtenOp):
    x1: SSAValue
    x2: SSAValue
    p: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    keepdim: IntegerAttr
    result: OpResult

class PdistOp(AtenOp):
    self_: SSAValue
    p: FloatAttr | DimAttr
    result: OpResult

class PermuteOp(AtenOp):
    self_: SSAValue
    dims: DenseArrayBase[Any]
    result: OpResult

class PermuteCopyOp(AtenOp):
    self_: SSAValue
    dims: DenseArrayBase[Any]
    result: OpResult

class PinMemoryOp(AtenOp):
    self_: SSAValue
    device: StringAttr | None
    result: OpResult

class PinverseOp(AtenOp):
    self_: SSAValue
    rcond: FloatAttr | DimAttr
    result: OpResult

class PixelShuffleOp(AtenOp):
    self_: SSAValue
    upscale_factor: IntegerAttr
    result: OpResult

class PixelUnshuffleOp(AtenOp):
    self_: SSAValue
    downscale_factor: IntegerAttr
    result: OpResult

class PoissonOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PoissonNllLossOp(AtenOp):
    input: SSAValue
    target: SSAValue
    log_input: IntegerAttr
    full: IntegerAttr
    eps: FloatAttr | DimAttr
    reduction: IntegerAttr
    result: OpResult

class PolarOp(AtenOp):
    abs: SSAValue
    angle: SSAValue
    result: OpResult

class PolygammaOp(AtenOp):
    n: IntegerAttr
    self_: SSAValue
    result: OpResult

class PositiveOp(AtenOp):
    self_: SSAValue
    result: OpResult

class PowScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    exponent: SSAValue
    result: OpResult

class PowTensorScalarOp(AtenOp):
    self_: SSAValue
    exponent: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class PowTensorTensorOp(AtenOp):
    self_: SSAValue
    exponent: SSAValue
    result: OpResult

class PreluOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    result: OpResult

class ProdOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    result: OpResult

class ProdDimIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class PutOp(AtenOp):
    self_: SSAValue
    index: SSAValue
    source: SSAValue
    accumulate: IntegerAttr
    result: OpResult

class QPerChannelAxisOp(AtenOp):
    self_: SSAValue
    result: OpResult

class QPerChannelScalesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class QPerChannelZeroPointsOp(AtenOp):
    self_: SSAValue
    result: OpResult

class QScaleOp(AtenOp):
    self_: SSAValue
    result: OpResult

class QZeroPointOp(AtenOp):
    self_: SSAValue
    result: OpResult

class QrOp(AtenOp):
    self_: SSAValue
    some: IntegerAttr
    result0: OpResult
    result1: OpResult

class QuantileOp(AtenOp):
    self_: SSAValue
    q: SSAValue
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    interpolation: StringAttr
    result: OpResult

class QuantileScalarOp(AtenOp):
    self_: SSAValue
    q: FloatAttr | DimAttr
    dim: IntegerAttr | None
    keepdim: IntegerAttr
    interpolation: StringAttr
    result: OpResult

class QuantizePerChannelOp(AtenOp):
    self_: SSAValue
    scales: SSAValue
    zero_points: SSAValue
    axis: IntegerAttr
    dtype: Attribute
    result: OpResult

class QuantizePerTensorOp(AtenOp):
    self_: SSAValue
    scale: FloatAttr | DimAttr
    zero_point: IntegerAttr
    dtype: Attribute
    result: OpResult

class QuantizePerTensorTensorQparamsOp(AtenOp):
    self_: SSAValue
    scale: SSAValue
    zero_point: SSAValue
    dtype: Attribute
    result: OpResult

class QuantizePerTensorTensorsOp(AtenOp):
    tensors: Sequence[SSAValue]
    scales: SSAValue
    zero_points: SSAValue
    dtype: Attribute
    result: Sequence[OpResult]

class QuantizePerTensorDynamicOp(AtenOp):
    self_: SSAValue
    dtype: Attribute
    reduce_range: IntegerAttr
    result: OpResult

class QuantizedBatchNormOp(AtenOp):
    input: SSAValue
    weight: SSAValue | None
    bias: SSAValue | None
    mean: SSAValue
    var: SSAValue
    eps: FloatAttr | DimAttr
    output_scale: FloatAttr | DimAttr
    output_zero_point: IntegerAttr
    result: OpResult

class QuantizedGruDataLegacyOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    result0: OpResult
    result1: OpResult

class QuantizedGruInputLegacyOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult

class QuantizedGruCellOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue
    b_hh: SSAValue
    packed_ih: SSAValue
    packed_hh: SSAValue
    col_offsets_ih: SSAValue
    col_offsets_hh: SSAValue
    scale_ih: IntegerAttr | FloatAttr | DimAttr
    scale_hh: IntegerAttr | FloatAttr | DimAttr
    zero_point_ih: IntegerAttr | FloatAttr | DimAttr
    zero_point_hh: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class QuantizedLstmDataLegacyOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    hx: Sequence[SSAValue]
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    dtype: Attribute | None
    use_dynamic: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class QuantizedLstmInputLegacyOp(AtenOp):
    input: SSAValue
    hx: Sequence[SSAValue]
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    dtype: Attribute | None
    use_dynamic: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class QuantizedLstmCellOp(AtenOp):
    input: SSAValue
    hx: Sequence[SSAValue]
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue
    b_hh: SSAValue
    packed_ih: SSAValue
    packed_hh: SSAValue
    col_offsets_ih: SSAValue
    col_offsets_hh: SSAValue
    scale_ih: IntegerAttr | FloatAttr | DimAttr
    scale_hh: IntegerAttr | FloatAttr | DimAttr
    zero_point_ih: IntegerAttr | FloatAttr | DimAttr
    zero_point_hh: IntegerAttr | FloatAttr | DimAttr
    result0: OpResult
    result1: OpResult

class QuantizedMaxPool1dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class QuantizedMaxPool2dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class QuantizedMaxPool3dOp(AtenOp):
    self_: SSAValue
    kernel_size: DenseArrayBase[Any]
    stride: DenseArrayBase[Any]
    padding: DenseArrayBase[Any]
    dilation: DenseArrayBase[Any]
    ceil_mode: IntegerAttr
    result: OpResult

class QuantizedRnnReluCellOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue
    b_hh: SSAValue
    packed_ih: SSAValue
    packed_hh: SSAValue
    col_offsets_ih: SSAValue
    col_offsets_hh: SSAValue
    scale_ih: IntegerAttr | FloatAttr | DimAttr
    scale_hh: IntegerAttr | FloatAttr | DimAttr
    zero_point_ih: IntegerAttr | FloatAttr | DimAttr
    zero_point_hh: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class QuantizedRnnTanhCellOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue
    b_hh: SSAValue
    packed_ih: SSAValue
    packed_hh: SSAValue
    col_offsets_ih: SSAValue
    col_offsets_hh: SSAValue
    scale_ih: IntegerAttr | FloatAttr | DimAttr
    scale_hh: IntegerAttr | FloatAttr | DimAttr
    zero_point_ih: IntegerAttr | FloatAttr | DimAttr
    zero_point_hh: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class Rad2degOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RandOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandGeneratorOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandLikeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandLikeGeneratorOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandintOp(AtenOp):
    high: DimAttr
    size: DimsAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandintGeneratorOp(AtenOp):
    high: DimAttr
    size: DimsAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandintLowOp(AtenOp):
    low: DimAttr
    high: DimAttr
    size: DimsAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandintLowGeneratorOp(AtenOp):
    low: DimAttr
    high: DimAttr
    size: DimsAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandintLikeOp(AtenOp):
    self_: SSAValue
    high: DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandintLikeGeneratorOp(AtenOp):
    self_: SSAValue
    high: DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandintLikeLowDtypeOp(AtenOp):
    self_: SSAValue
    low: DimAttr
    high: DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandintLikeLowGeneratorDtypeOp(AtenOp):
    self_: SSAValue
    low: DimAttr
    high: DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandintLikeTensorOp(AtenOp):
    self_: SSAValue
    high: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandintLikeTensorGeneratorOp(AtenOp):
    self_: SSAValue
    high: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandnOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandnGeneratorOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandnLikeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandnLikeGeneratorOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult

class RandomOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RandomFromOp(AtenOp):
    self_: SSAValue
    from_: IntegerAttr
    to: IntegerAttr | None
    result: OpResult

class RandomToOp(AtenOp):
    self_: SSAValue
    to: IntegerAttr
    result: OpResult

class RandpermOp(AtenOp):
    n: DimAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RandpermGeneratorOp(AtenOp):
    n: DimAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RangeOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RangeStepOp(AtenOp):
    start: IntegerAttr | FloatAttr | DimAttr
    end: IntegerAttr | FloatAttr | DimAttr
    step: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class RavelOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RealOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ReciprocalOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ReflectionPad1dOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReflectionPad1dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReflectionPad2dOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReflectionPad2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReflectionPad3dOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReflectionPad3dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReluOp(AtenOp):
    self_: SSAValue
    result: OpResult

class Relu6Op(AtenOp):
    self_: SSAValue
    result: OpResult

class RemainderScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class RemainderScalarTensorOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class RemainderTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class RenormOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr | FloatAttr | DimAttr
    dim: IntegerAttr
    maxnorm: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class RepeatOp(AtenOp):
    self_: SSAValue
    repeats: DimsAttr
    result: OpResult

class RepeatInterleaveSelfIntOp(AtenOp):
    self_: SSAValue
    repeats: DimAttr
    dim: IntegerAttr | None
    output_size: DimAttr | None
    result: OpResult

class RepeatInterleaveSelfTensorOp(AtenOp):
    self_: SSAValue
    repeats: SSAValue
    dim: IntegerAttr | None
    output_size: DimAttr | None
    result: OpResult

class RepeatInterleaveTensorOp(AtenOp):
    repeats: SSAValue
    output_size: DimAttr | None
    result: OpResult

class ReplicationPad1dOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReplicationPad1dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReplicationPad2dOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReplicationPad2dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReplicationPad3dOp(AtenOp):
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReplicationPad3dBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    padding: DimsAttr
    result: OpResult

class ReshapeOp(AtenOp):
    self_: SSAValue
    shape: DimsAttr
    result: OpResult

class ReshapeAsOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ResizeOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    memory_format: StringAttr | None
    result: OpResult

class ResizeAsOp(AtenOp):
    self_: SSAValue
    the_template: SSAValue
    memory_format: StringAttr | None
    result: OpResult

class ResizeAsSparseOp(AtenOp):
    self_: SSAValue
    the_template: SSAValue
    result: OpResult

class ResolveConjOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ResolveNegOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RetainsGradOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RmsNormOp(AtenOp):
    input: SSAValue
    normalized_shape: DimsAttr
    weight: SSAValue | None
    eps: FloatAttr | DimAttr | None
    result: OpResult

class RnnReluDataOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    result0: OpResult
    result1: OpResult

class RnnReluInputOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult

class RnnReluCellOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue | None
    b_hh: SSAValue | None
    result: OpResult

class RnnTanhDataOp(AtenOp):
    data: SSAValue
    batch_sizes: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    result0: OpResult
    result1: OpResult

class RnnTanhInputOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    params: Sequence[SSAValue]
    has_biases: IntegerAttr
    num_layers: IntegerAttr
    dropout: FloatAttr | DimAttr
    train: IntegerAttr
    bidirectional: IntegerAttr
    batch_first: IntegerAttr
    result0: OpResult
    result1: OpResult

class RnnTanhCellOp(AtenOp):
    input: SSAValue
    hx: SSAValue
    w_ih: SSAValue
    w_hh: SSAValue
    b_ih: SSAValue | None
    b_hh: SSAValue | None
    result: OpResult

class RollOp(AtenOp):
    self_: SSAValue
    shifts: DimsAttr
    dims: DenseArrayBase[Any]
    result: OpResult

class Rot90Op(AtenOp):
    self_: SSAValue
    k: IntegerAttr
    dims: DenseArrayBase[Any]
    result: OpResult

class RoundOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RoundDecimalsOp(AtenOp):
    self_: SSAValue
    decimals: IntegerAttr
    result: OpResult

class RowIndicesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RowIndicesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RowStackOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class RreluOp(AtenOp):
    self_: SSAValue
    lower: IntegerAttr | FloatAttr | DimAttr
    upper: IntegerAttr | FloatAttr | DimAttr
    training: IntegerAttr
    result: OpResult

class RreluWithNoiseBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    noise: SSAValue
    lower: IntegerAttr | FloatAttr | DimAttr
    upper: IntegerAttr | FloatAttr | DimAttr
    training: IntegerAttr
    self_is_result: IntegerAttr
    result: OpResult

class RreluWithNoiseFunctionalOp(AtenOp):
    self_: SSAValue
    noise: SSAValue
    lower: IntegerAttr | FloatAttr | DimAttr
    upper: IntegerAttr | FloatAttr | DimAttr
    training: IntegerAttr
    result0: OpResult
    result1: OpResult

class RsqrtOp(AtenOp):
    self_: SSAValue
    result: OpResult

class RsubScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class RsubTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ScalarTensorOp(AtenOp):
    s: IntegerAttr | FloatAttr | DimAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class ScaledDotProductAttentionOp(AtenOp):
    query: SSAValue
    key: SSAValue
    value: SSAValue
    attn_mask: SSAValue | None
    dropout_p: FloatAttr | DimAttr
    is_causal: IntegerAttr
    scale: FloatAttr | DimAttr | None
    enable_gqa: IntegerAttr
    result: OpResult

class ScatterReduceOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    src: SSAValue
    reduce: StringAttr
    result: OpResult

class ScatterSrcOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    src: SSAValue
    result: OpResult

class ScatterValueOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ScatterValueReduceOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    value: IntegerAttr | FloatAttr | DimAttr
    reduce: StringAttr
    result: OpResult

class ScatterAddOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    src: SSAValue
    result: OpResult

class ScatterReduceTwoOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: SSAValue
    src: SSAValue
    reduce: StringAttr
    include_self: IntegerAttr
    result: OpResult

class SearchsortedScalarOp(AtenOp):
    sorted_sequence: SSAValue
    self_: IntegerAttr | FloatAttr | DimAttr
    out_int32: IntegerAttr
    right: IntegerAttr
    side: StringAttr | None
    sorter: SSAValue | None
    result: OpResult

class SearchsortedTensorOp(AtenOp):
    sorted_sequence: SSAValue
    self_: SSAValue
    out_int32: IntegerAttr
    right: IntegerAttr
    side: StringAttr | None
    sorter: SSAValue | None
    result: OpResult

class SegmentReduceOp(AtenOp):
    data: SSAValue
    reduce: StringAttr
    lengths: SSAValue | None
    indices: SSAValue | None
    offsets: SSAValue | None
    axis: IntegerAttr
    unsafe: IntegerAttr
    initial: IntegerAttr | FloatAttr | DimAttr | None
    result: OpResult

class SelectIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: DimAttr
    result: OpResult

class SelectBackwardOp(AtenOp):
    grad_output: SSAValue
    input_sizes: DimsAttr
    dim: IntegerAttr
    index: DimAttr
    result: OpResult

class SelectCopyIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    index: DimAttr
    result: OpResult

class SelectScatterOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    dim: IntegerAttr
    index: DimAttr
    result: OpResult

class SeluOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SetOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SetSourceTensorOp(AtenOp):
    self_: SSAValue
    source: SSAValue
    result: OpResult

class SgnOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SigmoidOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SigmoidBackwardOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    result: OpResult

class SignOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SignbitOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SiluOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SiluBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    result: OpResult

class SinOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SincOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SinhOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SizeIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class SliceTensorOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    start: DimAttr | None
    end: DimAttr | None
    step: DimAttr
    result: OpResult

class SliceBackwardOp(AtenOp):
    grad_output: SSAValue
    input_sizes: DimsAttr
    dim: IntegerAttr
    start: DimAttr
    end: DimAttr
    step: DimAttr
    result: OpResult

class SliceCopyTensorOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    start: DimAttr | None
    end: DimAttr | None
    step: DimAttr
    result: OpResult

class SliceInverseOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    dim: IntegerAttr
    start: DimAttr | None
    end: DimAttr | None
    step: DimAttr
    result: OpResult

class SliceScatterOp(AtenOp):
    self_: SSAValue
    src: SSAValue
    dim: IntegerAttr
    start: DimAttr | None
    end: DimAttr | None
    step: DimAttr
    result: OpResult

class SlogdetOp(AtenOp):
    self_: SSAValue
    result0: OpResult
    result1: OpResult

class SlowConv3dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    result: OpResult

class SlowConv3dForwardOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    result: OpResult

class SlowConvDilated2dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    result: OpResult

class SlowConvDilated3dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    dilation: DimsAttr
    result: OpResult

class SlowConvTranspose2dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    output_padding: DimsAttr
    dilation: DimsAttr
    result: OpResult

class SlowConvTranspose3dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    output_padding: DimsAttr
    dilation: DimsAttr
    result: OpResult

class SmmOp(AtenOp):
    self_: SSAValue
    mat2: SSAValue
    result: OpResult

class SmoothL1LossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    beta: FloatAttr | DimAttr
    result: OpResult

class SmoothL1LossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    beta: FloatAttr | DimAttr
    result: OpResult

class SoftMarginLossOp(AtenOp):
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result: OpResult

class SoftMarginLossBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    target: SSAValue
    reduction: IntegerAttr
    result: OpResult

class SoftmaxIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class SoftplusOp(AtenOp):
    self_: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    threshold: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SoftplusBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    threshold: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SoftshrinkOp(AtenOp):
    self_: SSAValue
    lambd: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SoftshrinkBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    lambd: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SortOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    descending: IntegerAttr
    result0: OpResult
    result1: OpResult

class SortStableOp(AtenOp):
    self_: SSAValue
    stable: IntegerAttr | None
    dim: IntegerAttr
    descending: IntegerAttr
    result0: OpResult
    result1: OpResult

class SparseBscTensorCcolRowValueOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseBscTensorCcolRowValueSizeOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseBsrTensorCrowColValueOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseBsrTensorCrowColValueSizeOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCompressedTensorCompPlainValueOp(AtenOp):
    compressed_indices: SSAValue
    plain_indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCompressedTensorCompPlainValueSizeOp(AtenOp):
    compressed_indices: SSAValue
    plain_indices: SSAValue
    values: SSAValue
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCooTensorIndicesOp(AtenOp):
    indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    is_coalesced: IntegerAttr | None
    result: OpResult

class SparseCooTensorIndicesSizeOp(AtenOp):
    indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    is_coalesced: IntegerAttr | None
    result: OpResult

class SparseCooTensorSizeOp(AtenOp):
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCscTensorCcolRowValueOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCscTensorCcolRowValueSizeOp(AtenOp):
    ccol_indices: SSAValue
    row_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCsrTensorCrowColValueOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseCsrTensorCrowColValueSizeOp(AtenOp):
    crow_indices: SSAValue
    col_indices: SSAValue
    values: SSAValue
    size: DenseArrayBase[Any]
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr
    result: OpResult

class SparseDimOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SparseMaskOp(AtenOp):
    self_: SSAValue
    mask: SSAValue
    result: OpResult

class SparseResizeOp(AtenOp):
    self_: SSAValue
    size: DenseArrayBase[Any]
    sparse_dim: IntegerAttr
    dense_dim: IntegerAttr
    result: OpResult

class SparseResizeAndClearOp(AtenOp):
    self_: SSAValue
    size: DenseArrayBase[Any]
    sparse_dim: IntegerAttr
    dense_dim: IntegerAttr
    result: OpResult

class SparseSampledAddmmOp(AtenOp):
    self_: SSAValue
    mat1: SSAValue
    mat2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialAiryAiOp(AtenOp):
    x: SSAValue
    result: OpResult

class SpecialBesselJ0Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialBesselJ1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialBesselY0Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialBesselY1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialTOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialTNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialChebyshevPolynomialTXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialUOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialUNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialChebyshevPolynomialUXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialVOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialVNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialChebyshevPolynomialVXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialWOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialChebyshevPolynomialWNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialChebyshevPolynomialWXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialDigammaOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialEntrOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialErfOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialErfcOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialErfcxOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialErfinvOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialExp2Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialExpitOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialExpm1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialGammaincOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class SpecialGammainccOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class SpecialGammalnOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialHermitePolynomialHOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialHermitePolynomialHNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialHermitePolynomialHXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialHermitePolynomialHeOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialHermitePolynomialHeNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialHermitePolynomialHeXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialI0Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialI0eOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialI1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialI1eOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialLaguerrePolynomialLOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialLaguerrePolynomialLNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialLaguerrePolynomialLXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialLegendrePolynomialPOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialLegendrePolynomialPNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialLegendrePolynomialPXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialLog1pOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialLogNdtrOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialLogSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class SpecialLogitOp(AtenOp):
    self_: SSAValue
    eps: FloatAttr | DimAttr | None
    result: OpResult

class SpecialLogsumexpOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    keepdim: IntegerAttr
    result: OpResult

class SpecialModifiedBesselI0Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialModifiedBesselI1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialModifiedBesselK0Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialModifiedBesselK1Op(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialMultigammalnOp(AtenOp):
    self_: SSAValue
    p: IntegerAttr
    result: OpResult

class SpecialNdtrOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialNdtriOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialPolygammaOp(AtenOp):
    n: IntegerAttr
    self_: SSAValue
    result: OpResult

class SpecialPsiOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialRoundOp(AtenOp):
    self_: SSAValue
    decimals: IntegerAttr
    result: OpResult

class SpecialScaledModifiedBesselK0Op(AtenOp):
    x: SSAValue
    result: OpResult

class SpecialScaledModifiedBesselK1Op(AtenOp):
    x: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialTOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialTNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialShiftedChebyshevPolynomialTXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialUOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialUNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialShiftedChebyshevPolynomialUXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialVOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialVNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialShiftedChebyshevPolynomialVXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialWOp(AtenOp):
    x: SSAValue
    n: SSAValue
    result: OpResult

class SpecialShiftedChebyshevPolynomialWNScalarOp(AtenOp):
    x: SSAValue
    n: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialShiftedChebyshevPolynomialWXScalarOp(AtenOp):
    x: IntegerAttr | FloatAttr | DimAttr
    n: SSAValue
    result: OpResult

class SpecialSincOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SpecialSoftmaxOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class SpecialSphericalBesselJ0Op(AtenOp):
    x: SSAValue
    result: OpResult

class SpecialXlog1pyOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class SpecialXlog1pyOtherScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialXlog1pySelfScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class SpecialXlogyOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class SpecialXlogyOtherScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialXlogySelfScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class SpecialZetaOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class SpecialZetaOtherScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SpecialZetaSelfScalarOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class SplitSizesOp(AtenOp):
    self_: SSAValue
    split_size: DimsAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class SplitTensorOp(AtenOp):
    self_: SSAValue
    split_size: DimAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class SplitCopyTensorOp(AtenOp):
    self_: SSAValue
    split_size: DimAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class SplitWithSizesOp(AtenOp):
    self_: SSAValue
    split_sizes: DimsAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class SplitWithSizesCopyOp(AtenOp):
    self_: SSAValue
    split_sizes: DimsAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class SqrtOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SquareOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SqueezeOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SqueezeDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class SqueezeDimsOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    result: OpResult

class SqueezeCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SqueezeCopyDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class SqueezeCopyDimsOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any]
    result: OpResult

class SspaddmmOp(AtenOp):
    self_: SSAValue
    mat1: SSAValue
    mat2: SSAValue
    beta: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class StackOp(AtenOp):
    tensors: Sequence[SSAValue]
    dim: IntegerAttr
    result: OpResult

class StdOp(AtenOp):
    self_: SSAValue
    unbiased: IntegerAttr
    result: OpResult

class StdCorrectionOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    correction: IntegerAttr | FloatAttr | DimAttr | None
    keepdim: IntegerAttr
    result: OpResult

class StdDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    unbiased: IntegerAttr
    keepdim: IntegerAttr
    result: OpResult

class StdMeanOp(AtenOp):
    self_: SSAValue
    unbiased: IntegerAttr
    result0: OpResult
    result1: OpResult

class StdMeanCorrectionOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    correction: IntegerAttr | FloatAttr | DimAttr | None
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class StdMeanDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    unbiased: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class StftOp(AtenOp):
    self_: SSAValue
    n_fft: IntegerAttr
    hop_length: IntegerAttr | None
    win_length: IntegerAttr | None
    window: SSAValue | None
    normalized: IntegerAttr
    onesided: IntegerAttr | None
    return_complex: IntegerAttr | None
    align_to_window: IntegerAttr | None
    result: OpResult

class StftCenterOp(AtenOp):
    self_: SSAValue
    n_fft: IntegerAttr
    hop_length: IntegerAttr | None
    win_length: IntegerAttr | None
    window: SSAValue | None
    center: IntegerAttr
    pad_mode: StringAttr
    normalized: IntegerAttr
    onesided: IntegerAttr | None
    return_complex: IntegerAttr | None
    align_to_window: IntegerAttr | None
    result: OpResult

class StorageOffsetOp(AtenOp):
    self_: SSAValue
    result: OpResult

class StrideIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class SubScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SubTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SubtractScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SubtractTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    alpha: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SumOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    result: OpResult

class SumDimIntListOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    keepdim: IntegerAttr
    dtype: Attribute | None
    result: OpResult

class SumToSizeOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    result: OpResult

class SvdOp(AtenOp):
    self_: SSAValue
    some: IntegerAttr
    compute_uv: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class SwapaxesOp(AtenOp):
    self_: SSAValue
    axis0: IntegerAttr
    axis1: IntegerAttr
    result: OpResult

class SwapdimsOp(AtenOp):
    self_: SSAValue
    dim0: IntegerAttr
    dim1: IntegerAttr
    result: OpResult

class SymAddOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymAndOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymCeilOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymEqOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymFloatOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymFloorOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymFloordivOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymGeOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymGtOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymIntOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymIteOp(AtenOp):
    b: IntegerAttr | FloatAttr | DimAttr
    t: IntegerAttr | FloatAttr | DimAttr
    f: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymLeOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymLog2Op(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymLshiftOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymLtOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymMaxOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymMinOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymModOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymMulOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymNeOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymNegOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymNotOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymOrOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymPowOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymRoundOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymRshiftOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymSqrtOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymSubOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymSumOp(AtenOp):
    args: ArrayAttr[Attribute]
    result: OpResult

class SymTruedivOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    b: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymTruncOp(AtenOp):
    a: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class SymConstrainRangeOp(AtenOp):
    size: IntegerAttr | FloatAttr | DimAttr
    min: IntegerAttr | None
    max: IntegerAttr | None

class SymConstrainRangeForSizeOp(AtenOp):
    size: IntegerAttr | FloatAttr | DimAttr
    min: IntegerAttr | None
    max: IntegerAttr | None

class SymIsContiguousOp(AtenOp):
    self_: SSAValue
    memory_format: StringAttr
    result: OpResult

class SymNumelOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SymSizeIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class SymStorageOffsetOp(AtenOp):
    self_: SSAValue
    result: OpResult

class SymStrideIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class TOp(AtenOp):
    self_: SSAValue
    result: OpResult

class TCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class TakeOp(AtenOp):
    self_: SSAValue
    index: SSAValue
    result: OpResult

class TakeAlongDimOp(AtenOp):
    self_: SSAValue
    indices: SSAValue
    dim: IntegerAttr | None
    result: OpResult

class TanOp(AtenOp):
    self_: SSAValue
    result: OpResult

class TanhOp(AtenOp):
    self_: SSAValue
    result: OpResult

class TanhBackwardOp(AtenOp):
    grad_output: SSAValue
    output: SSAValue
    result: OpResult

class TensorSplitIndicesOp(AtenOp):
    self_: SSAValue
    indices: DimsAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class TensorSplitSectionsOp(AtenOp):
    self_: SSAValue
    sections: DimAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class TensorSplitTensorIndicesOrSectionsOp(AtenOp):
    self_: SSAValue
    tensor_indices_or_sections: SSAValue
    dim: IntegerAttr
    result: Sequence[OpResult]

class TensordotOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    dims_self: DenseArrayBase[Any]
    dims_other: DenseArrayBase[Any]
    result: OpResult

class ThnnConv2dOp(AtenOp):
    self_: SSAValue
    weight: SSAValue
    kernel_size: DimsAttr
    bias: SSAValue | None
    stride: DimsAttr
    padding: DimsAttr
    result: OpResult

class ThresholdOp(AtenOp):
    self_: SSAValue
    threshold: IntegerAttr | FloatAttr | DimAttr
    value: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class ThresholdBackwardOp(AtenOp):
    grad_output: SSAValue
    self_: SSAValue
    threshold: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class TileOp(AtenOp):
    self_: SSAValue
    dims: DimsAttr
    result: OpResult

class ToDeviceOp(AtenOp):
    self_: SSAValue
    device: StringAttr
    dtype: Attribute
    non_blocking: IntegerAttr
    copy: IntegerAttr
    memory_format: StringAttr | None
    result: OpResult

class ToDtypeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute
    non_blocking: IntegerAttr
    copy: IntegerAttr
    memory_format: StringAttr | None
    result: OpResult

class ToDtypeLayoutOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    non_blocking: IntegerAttr
    copy: IntegerAttr
    memory_format: StringAttr | None
    result: OpResult

class ToOtherOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    non_blocking: IntegerAttr
    copy: IntegerAttr
    memory_format: StringAttr | None
    result: OpResult

class ToDenseOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    masked_grad: IntegerAttr | None
    result: OpResult

class ToDenseBackwardOp(AtenOp):
    grad: SSAValue
    input: SSAValue
    masked_grad: IntegerAttr | None
    result: OpResult

class ToMkldnnOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    result: OpResult

class ToMkldnnBackwardOp(AtenOp):
    grad: SSAValue
    input: SSAValue
    result: OpResult

class ToPaddedTensorOp(AtenOp):
    self_: SSAValue
    padding: FloatAttr | DimAttr
    output_size: DimsAttr | None
    result: OpResult

class ToSparseOp(AtenOp):
    self_: SSAValue
    layout: StringAttr | None
    blocksize: DenseArrayBase[Any] | None
    dense_dim: IntegerAttr | None
    result: OpResult

class ToSparseSparseDimOp(AtenOp):
    self_: SSAValue
    sparse_dim: IntegerAttr
    result: OpResult

class ToSparseBscOp(AtenOp):
    self_: SSAValue
    blocksize: DenseArrayBase[Any]
    dense_dim: IntegerAttr | None
    result: OpResult

class ToSparseBsrOp(AtenOp):
    self_: SSAValue
    blocksize: DenseArrayBase[Any]
    dense_dim: IntegerAttr | None
    result: OpResult

class ToSparseCscOp(AtenOp):
    self_: SSAValue
    dense_dim: IntegerAttr | None
    result: OpResult

class ToSparseCsrOp(AtenOp):
    self_: SSAValue
    dense_dim: IntegerAttr | None
    result: OpResult

class TopkOp(AtenOp):
    self_: SSAValue
    k: DimAttr
    dim: IntegerAttr
    largest: IntegerAttr
    sorted: IntegerAttr
    result0: OpResult
    result1: OpResult

class TraceOp(AtenOp):
    self_: SSAValue
    result: OpResult

class TraceBackwardOp(AtenOp):
    grad: SSAValue
    sizes: DimsAttr
    result: OpResult

class TransposeIntOp(AtenOp):
    self_: SSAValue
    dim0: IntegerAttr
    dim1: IntegerAttr
    result: OpResult

class TransposeCopyIntOp(AtenOp):
    self_: SSAValue
    dim0: IntegerAttr
    dim1: IntegerAttr
    result: OpResult

class TrapezoidDxOp(AtenOp):
    y: SSAValue
    dx: IntegerAttr | FloatAttr | DimAttr
    dim: IntegerAttr
    result: OpResult

class TrapezoidXOp(AtenOp):
    y: SSAValue
    x: SSAValue
    dim: IntegerAttr
    result: OpResult

class TrapzDxOp(AtenOp):
    y: SSAValue
    dx: FloatAttr | DimAttr
    dim: IntegerAttr
    result: OpResult

class TrapzXOp(AtenOp):
    y: SSAValue
    x: SSAValue
    dim: IntegerAttr
    result: OpResult

class TriangularSolveOp(AtenOp):
    self_: SSAValue
    A: SSAValue
    upper: IntegerAttr
    transpose: IntegerAttr
    unitriangular: IntegerAttr
    result0: OpResult
    result1: OpResult

class TrilOp(AtenOp):
    self_: SSAValue
    diagonal: DimAttr
    result: OpResult

class TrilIndicesOp(AtenOp):
    row: IntegerAttr
    col: IntegerAttr
    offset: IntegerAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class TripletMarginLossOp(AtenOp):
    anchor: SSAValue
    positive: SSAValue
    negative: SSAValue
    margin: FloatAttr | DimAttr
    p: FloatAttr | DimAttr
    eps: FloatAttr | DimAttr
    swap: IntegerAttr
    reduction: IntegerAttr
    result: OpResult

class TriuOp(AtenOp):
    self_: SSAValue
    diagonal: DimAttr
    result: OpResult

class TriuIndicesOp(AtenOp):
    row: IntegerAttr
    col: IntegerAttr
    offset: IntegerAttr
    dtype: Attribute
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class TrueDivideScalarOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class TrueDivideTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class TruncOp(AtenOp):
    self_: SSAValue
    result: OpResult

class TypeAsOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class UnbindIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: Sequence[OpResult]

class UnbindCopyIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: Sequence[OpResult]

class UnflattenIntOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    sizes: DimsAttr
    result: OpResult

class UnflattenDenseTensorsOp(AtenOp):
    flat: SSAValue
    tensors: Sequence[SSAValue]
    result: Sequence[OpResult]

class UnfoldOp(AtenOp):
    self_: SSAValue
    dimension: IntegerAttr
    size: IntegerAttr
    step: IntegerAttr
    result: OpResult

class UnfoldBackwardOp(AtenOp):
    grad_in: SSAValue
    input_sizes: DimsAttr
    dim: IntegerAttr
    size: IntegerAttr
    step: IntegerAttr
    result: OpResult

class UnfoldCopyOp(AtenOp):
    self_: SSAValue
    dimension: IntegerAttr
    size: IntegerAttr
    step: IntegerAttr
    result: OpResult

class UniformOp(AtenOp):
    self_: SSAValue
    from_: FloatAttr | DimAttr
    to: FloatAttr | DimAttr
    result: OpResult

class UniqueConsecutiveOp(AtenOp):
    self_: SSAValue
    return_inverse: IntegerAttr
    return_counts: IntegerAttr
    dim: IntegerAttr | None
    result0: OpResult
    result1: OpResult
    result2: OpResult

class UniqueDimOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    sorted: IntegerAttr
    return_inverse: IntegerAttr
    return_counts: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class UniqueDimConsecutiveOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    return_inverse: IntegerAttr
    return_counts: IntegerAttr
    result0: OpResult
    result1: OpResult
    result2: OpResult

class UnsafeChunkOp(AtenOp):
    self_: SSAValue
    chunks: IntegerAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class UnsafeSplitTensorOp(AtenOp):
    self_: SSAValue
    split_size: DimAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class UnsafeSplitWithSizesOp(AtenOp):
    self_: SSAValue
    split_sizes: DimsAttr
    dim: IntegerAttr
    result: Sequence[OpResult]

class UnsqueezeOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class UnsqueezeCopyOp(AtenOp):
    self_: SSAValue
    dim: IntegerAttr
    result: OpResult

class UpsampleBicubic2dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleBicubic2dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleBicubic2dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleBilinear2dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleBilinear2dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleBilinear2dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleLinear1dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleLinear1dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleLinear1dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleNearest1dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    scales: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleNearest1dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleNearest1dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    scales: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleNearest2dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleNearest2dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleNearest2dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleNearest3dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    scales_d: FloatAttr | DimAttr | None
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleNearest3dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleNearest3dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    scales_d: FloatAttr | DimAttr | None
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleTrilinear3dOp(AtenOp):
    self_: SSAValue
    output_size: DimsAttr
    align_corners: IntegerAttr
    scales_d: FloatAttr | DimAttr | None
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class UpsampleTrilinear3dVecOp(AtenOp):
    input: SSAValue
    output_size: DimsAttr | None
    align_corners: IntegerAttr
    scale_factors: ArrayAttr[Attribute] | None
    result: OpResult

class UpsampleTrilinear3dBackwardOp(AtenOp):
    grad_output: SSAValue
    output_size: DimsAttr
    input_size: DimsAttr
    align_corners: IntegerAttr
    scales_d: FloatAttr | DimAttr | None
    scales_h: FloatAttr | DimAttr | None
    scales_w: FloatAttr | DimAttr | None
    result: OpResult

class ValueSelectingReductionBackwardOp(AtenOp):
    grad: SSAValue
    dim: IntegerAttr
    indices: SSAValue
    sizes: DimsAttr
    keepdim: IntegerAttr
    result: OpResult

class ValuesOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ValuesCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class VanderOp(AtenOp):
    x: SSAValue
    N: IntegerAttr | None
    increasing: IntegerAttr
    result: OpResult

class VarOp(AtenOp):
    self_: SSAValue
    unbiased: IntegerAttr
    result: OpResult

class VarCorrectionOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    correction: IntegerAttr | FloatAttr | DimAttr | None
    keepdim: IntegerAttr
    result: OpResult

class VarDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    unbiased: IntegerAttr
    keepdim: IntegerAttr
    result: OpResult

class VarMeanOp(AtenOp):
    self_: SSAValue
    unbiased: IntegerAttr
    result0: OpResult
    result1: OpResult

class VarMeanCorrectionOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    correction: IntegerAttr | FloatAttr | DimAttr | None
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class VarMeanDimOp(AtenOp):
    self_: SSAValue
    dim: DenseArrayBase[Any] | None
    unbiased: IntegerAttr
    keepdim: IntegerAttr
    result0: OpResult
    result1: OpResult

class VdotOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ViewOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    result: OpResult

class ViewDtypeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute
    result: OpResult

class ViewAsOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ViewAsComplexOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ViewAsComplexCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ViewAsRealOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ViewAsRealCopyOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ViewCopyOp(AtenOp):
    self_: SSAValue
    size: DimsAttr
    result: OpResult

class ViewCopyDtypeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute
    result: OpResult

class VsplitArrayOp(AtenOp):
    self_: SSAValue
    indices: DenseArrayBase[Any]
    result: Sequence[OpResult]

class VsplitIntOp(AtenOp):
    self_: SSAValue
    sections: IntegerAttr
    result: Sequence[OpResult]

class VstackOp(AtenOp):
    tensors: Sequence[SSAValue]
    result: OpResult

class WhereOp(AtenOp):
    condition: SSAValue
    result: Sequence[OpResult]

class WhereScalarOp(AtenOp):
    condition: SSAValue
    self_: IntegerAttr | FloatAttr | DimAttr
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class WhereScalarOtherOp(AtenOp):
    condition: SSAValue
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class WhereScalarSelfOp(AtenOp):
    condition: SSAValue
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class WhereSelfOp(AtenOp):
    condition: SSAValue
    self_: SSAValue
    other: SSAValue
    result: OpResult

class XlogyScalarOtherOp(AtenOp):
    self_: SSAValue
    other: IntegerAttr | FloatAttr | DimAttr
    result: OpResult

class XlogyScalarSelfOp(AtenOp):
    self_: IntegerAttr | FloatAttr | DimAttr
    other: SSAValue
    result: OpResult

class XlogyTensorOp(AtenOp):
    self_: SSAValue
    other: SSAValue
    result: OpResult

class ZeroOp(AtenOp):
    self_: SSAValue
    result: OpResult

class ZerosOp(AtenOp):
    size: DimsAttr
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    result: OpResult

class ZerosLikeOp(AtenOp):
    self_: SSAValue
    dtype: Attribute | None
    layout: StringAttr | None
    device: StringAttr | None
    pin_memory: IntegerAttr | None
    memory_format: StringAttr | None
    result: OpResult
