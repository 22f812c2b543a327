"""Inference rules of convolution, pooling, normalization, resampling and sequence layers against torch's kernels."""

import pytest
from infer_harness import CHANNELS_LAST, Arguments, Draw, Sample, meta, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.infer import infer
from etc.dialects.symbolic import Dim, symbol
from etc.dialects.tensor import Tensor, tensor

F32, F16, BOOL = dtypes.float32, dtypes.float16, dtypes.bool_


def image(d: Draw, spatial: int, channels: Dim, *, least: int = 0) -> Tensor:
    sizes = [d.b + least, d.c + least, d.d + least][:spatial]
    order = CHANNELS_LAST if spatial == 2 and d.flag() else None
    return tensor(F32, [d.a, channels, *sizes], order)


def unbatched(d: Draw, of: Tensor) -> Tensor:
    return tensor(of.dtype, of.sizes[1:]) if d.flag() else of


def weights(d: Draw, spatial: int, *, transposed: bool = False) -> tuple[Tensor, Tensor | None, int]:
    """For 4 channels."""
    groups = d.choice(1, 2, 4)
    kernel = [d.choice(1, 2, 3) for _ in range(spatial)]
    sizes = [4, 6 // groups if 6 % groups == 0 else 2] if transposed else [8, 4 // groups]
    out = sizes[1] * groups if transposed else 8
    return tensor(F32, [*sizes, *kernel]), tensor(F32, [out]) if d.flag() else None, groups


def convolution(d: Draw) -> Arguments:
    spatial, transposed = d.choice(1, 2, 3), d.flag()
    weight, bias, groups = weights(d, spatial, transposed=transposed)
    steps = d.choice([2], [2] * spatial, [1] * spatial)
    return {
        "input": image(d, spatial, 4, least=4),
        "weight": weight,
        "bias": bias,
        "stride": steps,
        "padding": d.choice([0], [1] * spatial),
        "dilation": [d.choice(1, 2)],
        "transposed": transposed,
        "output_padding": [d.choice(0, 1)] if transposed and steps != [1] * spatial else [0],
        "groups": groups,
    }


def conv(spatial: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        weight, bias, groups = weights(d, spatial)
        return {
            "input": unbatched(d, image(d, spatial, 4, least=4)),
            "weight": weight,
            "bias": bias,
            "stride": d.choice([1], [2] * spatial),
            "padding": d.choice([0], [1] * spatial),
            "dilation": d.choice([1], [2] * spatial),
            "groups": groups,
        }

    return sample


def conv_named(spatial: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        padding = d.choice("same", "valid")
        return {**conv(spatial)(d), "padding": padding, "stride": [1 if padding == "same" else d.choice(1, 2)]}

    return sample


def conv_transpose(spatial: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        weight, bias, groups = weights(d, spatial, transposed=True)
        return {
            "input": unbatched(d, image(d, spatial, 4, least=2)),
            "weight": weight,
            "bias": bias,
            "stride": [2] * spatial,
            "padding": d.choice([0], [1] * spatial),
            "output_padding": d.choice([0], [1] * spatial),
            "groups": groups,
            "dilation": d.choice([1], [2] * spatial),
        }

    return sample


def convolution_backward(d: Draw) -> Arguments:
    forward = convolution(d)
    (out,) = infer("convolution", forward)
    rest = {name: value for name, value in forward.items() if name != "bias"}
    return {**rest, "grad_output": out, "bias_sizes": [out.sizes[1]], "output_mask": [True, True, True]}


def im2col(d: Draw) -> Arguments:
    return {
        "self": d.tensor(*d.choice([], [d.a]), 3, d.b + 4, d.c + 4),
        "kernel_size": [3, 2],
        "dilation": d.choice([1, 1], [2, 1]),
        "padding": d.choice([0, 0], [1, 1]),
        "stride": [d.choice(1, 2), 1],
    }


def col2im(d: Draw) -> Arguments:
    blocks = (d.b + 2) * (d.c + 3)
    output_size = [d.b + 4, d.c + 4]
    return {
        "self": d.tensor(*d.choice([], [d.a]), 12, blocks),
        "output_size": output_size,
        "kernel_size": [3, 2],
        "dilation": [1, 1],
        "padding": [0, 0],
        "stride": [1, 1],
    }


def window(d: Draw, spatial: int, *, dilation: bool) -> Arguments:
    kernel = d.choice([2], [3] * spatial, [3, 2, 2][:spatial])
    given = {
        "self": unbatched(d, image(d, spatial, 3, least=4)),
        "kernel_size": kernel,
        "stride": d.choice([], [1], [2] * spatial, [3]),
        "padding": d.choice([0], [1] * spatial),
        "ceil_mode": d.flag(),
    }
    return {**given, "dilation": d.choice([1], [2] * spatial)} if dilation else given


def avg_pool(spatial: int) -> Sample:
    return lambda d: window(d, spatial, dilation=False)


def max_pool(spatial: int) -> Sample:
    return lambda d: window(d, spatial, dilation=True)


def avg_pool_backward(d: Draw) -> Arguments:
    forward = {**avg_pool(2)(d), "stride": [2]}
    (out,) = infer("avg_pool2d", forward)
    return {**forward, "grad_output": out, "count_include_pad": True, "divisor_override": None}


def max_pool_backward(d: Draw) -> Arguments:
    forward = {**max_pool(2)(d), "stride": [2]}
    out, indices = infer("max_pool2d_with_indices", forward)
    return {**forward, "grad_output": out, "indices": indices}


def adaptive(spatial: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        return {"self": unbatched(d, image(d, spatial, 3)), "output_size": [d.choice(1, 2, 3) for _ in range(spatial)]}

    return sample


def channel_stats(d: Draw) -> Arguments:
    order = d.choice(None, CHANNELS_LAST)
    front = tensor(F32, [d.a + 1, d.b, d.c, d.d], order) if d.flag() else tensor(F32, [d.a + 1, d.b])
    return {
        "input": front,
        "weight": d.tensor(d.b, dtype=F32) if d.flag() else None,
        "bias": d.tensor(d.b, dtype=F32) if d.flag() else None,
        "running_mean": d.tensor(d.b, dtype=F32),
        "running_var": d.tensor(d.b, dtype=F32),
        "momentum": 0.1,
        "eps": 1e-5,
    }


def training(d: Draw) -> Arguments:
    return {**channel_stats(d), "training": d.flag()}


def no_stats(d: Draw) -> Arguments:
    return {n: v for n, v in channel_stats(d).items() if not n.startswith("running")} | {"training": True}


def batch_norm_backward(d: Draw) -> Arguments:
    stats = channel_stats(d)
    drop = ("bias", "momentum")
    rest = {name: value for name, value in stats.items() if name not in drop}
    saved = {"save_mean": stats["running_mean"], "save_invstd": stats["running_var"]}
    return {**rest, **saved, "grad_out": stats["input"], "train": True, "output_mask": [True, True, True]}


def layer(d: Draw) -> Arguments:
    kind = d.choice(dtypes.float32, dtypes.float16, dtypes.bfloat16)
    shape = d.choice([d.c], [d.b, d.c])
    return {
        "input": tensor(kind, [d.a, d.b, d.c]),
        "normalized_shape": shape,
        "weight": tensor(kind, shape) if d.flag() else None,
        "bias": tensor(kind, shape) if d.flag() else None,
        "eps": 1e-5,
    }


def without(sample: Sample, *names: str) -> Sample:
    return lambda d: {name: value for name, value in sample(d).items() if name not in names}


def layer_backward(d: Draw) -> Arguments:
    forward: Arguments = {**layer(d), "weight": None, "bias": None}
    _, mean, rstd = infer("native_layer_norm", forward)
    weight = tensor(mean.dtype, forward["normalized_shape"])
    rest = {name: value for name, value in forward.items() if name != "eps"}
    mask = {"output_mask": [True, True, True]}
    return {**rest, "grad_out": forward["input"], "mean": mean, "rstd": rstd, "weight": weight, "bias": weight, **mask}


def groups(d: Draw) -> Arguments:
    input = image(d, 2, 4)
    return {
        "input": input,
        "weight": d.tensor(4, dtype=F32) if d.flag() else None,
        "bias": d.tensor(4, dtype=F32) if d.flag() else None,
        "N": d.a,
        "C": 4,
        "HxW": d.b * d.c,
        "group": d.choice(1, 2, 4),
        "eps": 1e-5,
    }


def public_groups(d: Draw) -> Arguments:
    return {**without(groups, "N", "C", "HxW", "group")(d), "num_groups": d.choice(1, 2, 4)}


def groups_backward(d: Draw) -> Arguments:
    forward = groups(d)
    statistics = tensor(F32, [d.a, forward["group"]])
    rest = {name: value for name, value in forward.items() if name not in ("bias", "eps")}
    return {
        **rest,
        "grad_out": forward["input"],
        "mean": statistics,
        "rstd": statistics,
        "output_mask": [True, True, True],
    }


def softmax(d: Draw) -> Arguments:
    self = d.any(0, dtype=d.float_dtype)
    return {"self": self, "dim": d.dim(self.rank), "half_to_float": False}


def softmax_int(d: Draw) -> Arguments:
    self = d.any(0)
    return {"self": self, "dim": d.dim(self.rank), "dtype": d.choice(None, *dtypes.DTYPES[5:8])}


def softmax_backward(d: Draw) -> Arguments:
    self = d.any(1, dtype=F32)
    return {"grad_output": self, "output": self, "dim": d.dim(self.rank), "input_dtype": F32}


def resize(spatial: int, **more: object) -> Sample:
    def sample(d: Draw) -> Arguments:
        return {"self": image(d, spatial, 3), "output_size": [d.choice(2, 5, d.d) for _ in range(spatial)], **more}

    return sample


def resize_vec(spatial: int, **more: object) -> Sample:
    def sample(d: Draw) -> Arguments:
        by_size = {"output_size": [d.choice(2, 5) for _ in range(spatial)], "scale_factors": None}
        by_factor = {"output_size": None, "scale_factors": [d.choice(2.0, 1.5, 3.0) for _ in range(spatial)]}
        return {"input": image(d, spatial, 3), **d.choice(by_size, by_factor), **more}

    return sample


CORNERS = {"align_corners": False}


def grid(spatial: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        input = tensor(F32, [d.a, 3, *[d.b, d.c, d.d][:spatial]])
        points = [4, d.b, d.d][:spatial]
        flags = {"interpolation_mode": 0, "padding_mode": 0, "align_corners": False}
        return {"input": input, "grid": tensor(F32, [d.a, *points, spatial]), **flags}

    return sample


def affine(d: Draw) -> Arguments:
    spatial = d.choice(2, 3)
    size = [d.a, 3, d.b, d.c, d.d][: spatial + 2]
    return {"theta": tensor(F32, [d.a, spatial, spatial + 1]), "size": size, "align_corners": d.flag()}


def attention(d: Draw) -> Arguments:
    query = tensor(F32, [2, 4, d.a, d.d])
    key = tensor(F32, [2, 4, d.b, d.d])
    mask = tensor(d.choice(F32, BOOL), d.choice([d.a, d.b], [1, d.b], [2, 1, d.a, d.b]))
    return {"query": query, "key": key, "value": key.like(sizes=[2, 4, d.b, d.c]), "attn_mask": d.choice(None, mask)}


def grouped_attention(d: Draw) -> Arguments:
    key = tensor(F32, [2, 2, d.b, d.d])
    return {"query": tensor(F32, [2, 6, d.a, d.d]), "key": key, "value": key, "enable_gqa": True}


def flash(d: Draw) -> Arguments:
    query = tensor(F32, [2, 4, d.a, d.d])
    key = tensor(F32, [2, 4, d.b, d.d])
    return {"query": query, "key": key, "value": key}


def recurrent(d: Draw, gates: int) -> Arguments:
    """Two layers of hidden size 5 over features of size 3."""
    both, biases = d.flag(), d.flag()
    directions = 2 if both else 1
    params: list[Tensor] = []
    for width in (3, 5 * directions):
        for _ in range(directions):
            params += [tensor(F32, [gates * 5, width]), tensor(F32, [gates * 5, 5])]
            params += [tensor(F32, [gates * 5])] * (2 if biases else 0)
    first = d.flag()
    batched = [d.a, d.b] if first else [d.b, d.a]
    return {
        "input": tensor(F32, [*batched, 3]),
        "hx": tensor(F32, [2 * directions, d.a, 5]),
        "params": params,
        "has_biases": biases,
        "num_layers": 2,
        "dropout": 0.0,
        "train": False,
        "bidirectional": both,
        "batch_first": first,
    }


def lstm(d: Draw) -> Arguments:
    arguments = recurrent(d, 4)
    return {**arguments, "hx": [arguments["hx"]] * 2}


def cell(gates: int) -> Sample:
    def sample(d: Draw) -> Arguments:
        state = tensor(F32, [d.a, 5])
        weights = {"w_ih": tensor(F32, [gates * 5, 3]), "w_hh": tensor(F32, [gates * 5, 5])}
        biases = {"b_ih": tensor(F32, [gates * 5]), "b_hh": tensor(F32, [gates * 5])}
        return {"input": tensor(F32, [d.a, 3]), "hx": [state, state] if gates == 4 else state, **weights, **biases}

    return sample


SAMPLES: dict[str, Sample | list[Sample]] = {
    "convolution": convolution,
    "_convolution": lambda d: {
        **convolution(d),
        **dict.fromkeys(("benchmark", "deterministic", "cudnn_enabled", "allow_tf32"), False),
    },
    **{f"conv{n}d": conv(n) for n in (1, 2, 3)},
    **{f"conv{n}d.padding": conv_named(n) for n in (1, 2, 3)},
    "conv_transpose1d": conv_transpose(1),
    "conv_transpose2d.input": conv_transpose(2),
    "conv_transpose3d.input": conv_transpose(3),
    "convolution_backward": convolution_backward,
    "im2col": im2col,
    "col2im": col2im,
    **{f"avg_pool{n}d": avg_pool(n) for n in (1, 2, 3)},
    **{f"max_pool{n}d": max_pool(n) for n in (1, 2, 3)},
    **{f"max_pool{n}d_with_indices": max_pool(n) for n in (1, 2, 3)},
    "avg_pool2d_backward": avg_pool_backward,
    "max_pool2d_with_indices_backward": max_pool_backward,
    **{f"adaptive_avg_pool{n}d": adaptive(n) for n in (1, 2, 3)},
    **{f"_adaptive_avg_pool{n}d": adaptive(n) for n in (2, 3)},
    **{f"adaptive_max_pool{n}d": adaptive(n) for n in (1, 2, 3)},
    "_adaptive_avg_pool2d_backward": lambda d: {
        "grad_output": d.tensor(d.a, 3, 2, 2),
        "self": d.tensor(d.a, 3, d.b, d.c),
    },
    "batch_norm": lambda d: {**training(d), "cudnn_enabled": False},
    "instance_norm": lambda d: {**channel_stats(d), "use_input_stats": False, "cudnn_enabled": False},
    **dict.fromkeys(("native_batch_norm", "_native_batch_norm_legit"), training),
    "_native_batch_norm_legit_functional": training,
    "_native_batch_norm_legit.no_stats": no_stats,
    "_native_batch_norm_legit_no_training": channel_stats,
    "native_batch_norm_backward": batch_norm_backward,
    "layer_norm": layer,
    "native_layer_norm": layer,
    "native_layer_norm_backward": layer_backward,
    **dict.fromkeys(("rms_norm", "_fused_rms_norm"), without(layer, "bias")),
    "group_norm": public_groups,
    "native_group_norm": groups,
    "native_group_norm_backward": groups_backward,
    **dict.fromkeys(("_softmax", "_log_softmax"), softmax),
    **dict.fromkeys(("softmax.int", "log_softmax.int", "_safe_softmax"), softmax_int),
    **dict.fromkeys(("_softmax_backward_data", "_log_softmax_backward_data"), softmax_backward),
    "native_dropout": lambda d: {"input": d.any(dtype=d.float_dtype), "p": 0.5, "train": True},
    **{f"{name}{n}d": resize(n) for n in (1, 2, 3) for name in ("upsample_nearest", "_upsample_nearest_exact")},
    **{f"{name}{n}d.vec": resize_vec(n) for n in (1, 2, 3) for name in ("upsample_nearest", "_upsample_nearest_exact")},
    **{
        name + variant: make(n, **CORNERS)
        for n, names in (
            (1, "upsample_linear1d"),
            (2, "upsample_bilinear2d _upsample_bilinear2d_aa upsample_bicubic2d _upsample_bicubic2d_aa"),
            (3, "upsample_trilinear3d"),
        )
        for name in names.split()
        for variant, make in (("", resize), (".vec", resize_vec))
    },
    "grid_sampler_2d": grid(2),
    "grid_sampler_3d": grid(3),
    "grid_sampler": [grid(2), grid(3)],
    "affine_grid_generator": affine,
    "scaled_dot_product_attention": [attention, grouped_attention],
    "_scaled_dot_product_attention_math": [attention, grouped_attention],
    "_scaled_dot_product_flash_attention_for_cpu": flash,
    "lstm.input": lstm,
    "gru.input": lambda d: recurrent(d, 3),
    **dict.fromkeys(("rnn_tanh.input", "rnn_relu.input"), lambda d: recurrent(d, 1)),
    "lstm_cell": cell(4),
    "gru_cell": cell(3),
    **dict.fromkeys(("rnn_tanh_cell", "rnn_relu_cell"), cell(1)),
}

test_rules = rule_test(SAMPLES, examples=8, device="cpu")


CHANNELS_LAST_IMAGE = tensor(F32, [2, 4, 9, 7], CHANNELS_LAST)
WEIGHT = tensor(F32, [6, 4, 3, 3])
FOUR = tensor(F32, [4])
FOLLOW: dict[str, Arguments] = {
    "convolution": {
        "input": CHANNELS_LAST_IMAGE,
        "weight": WEIGHT,
        "bias": None,
        "stride": [1, 1],
        "padding": [0, 0],
        "dilation": [1, 1],
        "transposed": False,
        "output_padding": [0, 0],
        "groups": 1,
    },
    "avg_pool2d": {"self": CHANNELS_LAST_IMAGE, "kernel_size": [2]},
    "max_pool2d_with_indices": {"self": CHANNELS_LAST_IMAGE, "kernel_size": [2]},
    "_adaptive_avg_pool2d": {"self": CHANNELS_LAST_IMAGE, "output_size": [3, 3]},
    "_native_batch_norm_legit_no_training": {
        "input": CHANNELS_LAST_IMAGE,
        "weight": FOUR,
        "bias": FOUR,
        "running_mean": FOUR,
        "running_var": FOUR,
        "momentum": 0.1,
        "eps": 1e-5,
    },
    "upsample_nearest2d.vec": {"input": CHANNELS_LAST_IMAGE, "output_size": [5, 6], "scale_factors": None},
    "upsample_bilinear2d.vec": {
        "input": CHANNELS_LAST_IMAGE,
        "output_size": [5, 6],
        "align_corners": False,
        "scale_factors": None,
    },
}


@pytest.mark.parametrize("overload", FOLLOW)
def test_channels_last_results_where_torch_gives_them(overload: str) -> None:
    result = infer(overload, FOLLOW[overload])[0]
    expected = meta(overload, FOLLOW[overload], "cpu")
    assert not isinstance(expected, Exception)
    assert result.dim_order == CHANNELS_LAST
    assert expected[0].permute(*CHANNELS_LAST).is_contiguous()


def test_symbolic_sizes_stay_short() -> None:
    s0 = symbol("s0")
    convolution = {
        **FOLLOW["convolution"],
        "input": tensor(F32, [s0, 4, s0 * 4, 9]),
        "stride": [2, 2],
        "padding": [1, 1],
    }
    assert [str(size) for size in infer("convolution", convolution)[0].sizes] == ["s0", "6", "s0*2", "5"]
    vec = {"input": tensor(F32, [1, 3, s0, s0]), "output_size": None, "scale_factors": [2.0, 0.5]}
    assert [str(size) for size in infer("upsample_nearest2d.vec", vec)[0].sizes] == [
        "1",
        "3",
        "s0*2",
        "floordiv(s0, 2)",
    ]


REFUSALS: list[tuple[str, Arguments, str]] = [
    (
        "convolution",
        {**FOLLOW["convolution"], "input": tensor(F32, [2, 3, 9, 9])},
        "input has 3 channels, the weight takes 4",
    ),
    (
        "convolution",
        {**FOLLOW["convolution"], "input": tensor(F32, [2, 4, 2, 9])},
        "the kernel spans 3 elements, more than the 2 of input with its padding",
    ),
    (
        "convolution",
        {**FOLLOW["convolution"], "bias": tensor(F32, [5])},
        "bias must have the sizes [6], found [5]",
    ),
    (
        "convolution",
        {**FOLLOW["convolution"], "stride": [1, 1, 1]},
        "stride must have 1 or 2 values, found 3: [1, 1, 1]",
    ),
    (
        "avg_pool2d",
        {"self": CHANNELS_LAST_IMAGE, "kernel_size": [2], "padding": [2]},
        "padding 2 must be at most half of the kernel, which spans 2 elements",
    ),
    (
        "avg_pool2d",
        {"self": CHANNELS_LAST_IMAGE, "kernel_size": [10]},
        "windows of [10, 10] do not fit into the sizes [9, 7]",
    ),
    (
        "native_layer_norm",
        {"input": CHANNELS_LAST_IMAGE, "normalized_shape": [8], "weight": None, "bias": None, "eps": 1e-5},
        "input must end in the sizes [8], found [2, 4, 9, 7]",
    ),
    (
        "_softmax",
        {"self": tensor(dtypes.int32, [2]), "dim": 0, "half_to_float": False},
        "self must be of a floating-point type, found int32",
    ),
    (
        "grid_sampler_2d",
        {
            "input": CHANNELS_LAST_IMAGE,
            "grid": tensor(F32, [3, 5, 5, 2]),
            "interpolation_mode": 0,
            "padding_mode": 0,
            "align_corners": False,
        },
        "input has 2 images, grid has 3",
    ),
    (
        "upsample_nearest2d.vec",
        {"input": CHANNELS_LAST_IMAGE, "output_size": None, "scale_factors": None},
        "exactly one of output_size and scale_factors must be given",
    ),
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, device="cpu", **arguments) == sentence


def test_a_factor_that_is_not_exact_needs_a_known_size() -> None:
    image = tensor(F32, [1, 3, symbol("s0"), 10])
    with pytest.raises(Exception, match="give output_size instead"):
        infer("upsample_nearest2d.vec", {"input": image, "output_size": None, "scale_factors": [0.3, 0.3]})
