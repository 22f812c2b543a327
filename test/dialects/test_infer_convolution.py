"""Inference rules of convolutions against torch's CPU kernels."""

import pytest
from images import CHANNELS_LAST_IMAGE, F32, hold_channels_last, image, unbatched
from infer_harness import Arguments, Draw, Sample, refused, rule_test

from etc.dialects.infer import infer
from etc.dialects.symbolic import symbol
from etc.dialects.tensor import Tensor, tensor


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
}

test_rules = rule_test(SAMPLES, examples=8, device="cpu")


WEIGHT = tensor(F32, [6, 4, 3, 3])
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
}


@pytest.mark.parametrize("overload", FOLLOW)
def test_channels_last_results_where_torch_gives_them(overload: str) -> None:
    hold_channels_last(overload, FOLLOW[overload])


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
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, device="cpu", **arguments) == sentence


def test_symbolic_sizes_stay_short() -> None:
    s0 = symbol("s0")
    convolution = {
        **FOLLOW["convolution"],
        "input": tensor(F32, [s0, 4, s0 * 4, 9]),
        "stride": [2, 2],
        "padding": [1, 1],
    }
    assert [str(size) for size in infer("convolution", convolution)[0].sizes] == ["s0", "6", "s0*2", "5"]
