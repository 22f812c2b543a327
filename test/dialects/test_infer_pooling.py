"""Inference rules of pooling against torch's CPU kernels."""

import pytest
from images import CHANNELS_LAST_IMAGE, hold_channels_last, image, unbatched
from infer_harness import Arguments, Draw, Sample, refused, rule_test

from etc.dialects.infer import infer


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


SAMPLES: dict[str, Sample | list[Sample]] = {
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
}

test_rules = rule_test(SAMPLES, examples=8, device="cpu")


FOLLOW: dict[str, Arguments] = {
    "avg_pool2d": {"self": CHANNELS_LAST_IMAGE, "kernel_size": [2]},
    "max_pool2d_with_indices": {"self": CHANNELS_LAST_IMAGE, "kernel_size": [2]},
    "_adaptive_avg_pool2d": {"self": CHANNELS_LAST_IMAGE, "output_size": [3, 3]},
}


@pytest.mark.parametrize("overload", FOLLOW)
def test_channels_last_results_where_torch_gives_them(overload: str) -> None:
    hold_channels_last(overload, FOLLOW[overload])


REFUSALS: list[tuple[str, Arguments, str]] = [
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
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, device="cpu", **arguments) == sentence
