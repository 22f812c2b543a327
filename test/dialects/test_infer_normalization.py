"""Inference rules of normalization, softmax and dropout against torch's CPU kernels."""

import pytest
from images import CHANNELS_LAST_IMAGE, F32, hold_channels_last, image
from infer_harness import CHANNELS_LAST, Arguments, Draw, Sample, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.infer import infer
from etc.dialects.tensor import tensor


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


SAMPLES: dict[str, Sample | list[Sample]] = {
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
}

test_rules = rule_test(SAMPLES, examples=8, device="cpu")


FOUR = tensor(F32, [4])
FOLLOW: dict[str, Arguments] = {
    "_native_batch_norm_legit_no_training": {
        "input": CHANNELS_LAST_IMAGE,
        "weight": FOUR,
        "bias": FOUR,
        "running_mean": FOUR,
        "running_var": FOUR,
        "momentum": 0.1,
        "eps": 1e-5,
    },
}


@pytest.mark.parametrize("overload", FOLLOW)
def test_channels_last_results_where_torch_gives_them(overload: str) -> None:
    hold_channels_last(overload, FOLLOW[overload])


REFUSALS: list[tuple[str, Arguments, str]] = [
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
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, device="cpu", **arguments) == sentence
