"""Inference rules of interpolation and sampling against torch's CPU kernels."""

import pytest
from images import CHANNELS_LAST_IMAGE, F32, hold_channels_last, image
from infer_harness import Arguments, Draw, Sample, refused, rule_test

from etc.dialects.infer import infer
from etc.dialects.symbolic import symbol
from etc.dialects.tensor import tensor

CORNERS = {"align_corners": False}


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


SAMPLES: dict[str, Sample | list[Sample]] = {
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
}

test_rules = rule_test(SAMPLES, examples=8, device="cpu")


FOLLOW: dict[str, Arguments] = {
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
    hold_channels_last(overload, FOLLOW[overload])


REFUSALS: list[tuple[str, Arguments, str]] = [
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


def test_factors_of_symbolic_sizes() -> None:
    s0 = symbol("s0")
    vec = {"input": tensor(F32, [1, 3, s0, s0]), "output_size": None, "scale_factors": [2.0, 0.5]}
    assert [str(size) for size in infer("upsample_nearest2d.vec", vec)[0].sizes] == [
        "1",
        "3",
        "s0*2",
        "floordiv(s0, 2)",
    ]


def test_a_factor_that_is_not_exact_needs_a_known_size() -> None:
    image = tensor(F32, [1, 3, symbol("s0"), 10])
    with pytest.raises(Exception, match="give output_size instead"):
        infer("upsample_nearest2d.vec", {"input": image, "output_size": None, "scale_factors": [0.3, 0.3]})
