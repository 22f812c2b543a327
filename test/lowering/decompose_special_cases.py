"""Calls for the rules of special functions, of operators over three dimensions, and of reductions at indices."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from decompose_cases import Call, b, call, f, i, p

_POSITIVE = p(3, 4) * 5 + 0.2

SPECIAL_FUNCTIONS: dict[str, Sequence[Call]] = {
    **{
        name: [call(_POSITIVE)]
        for name in (
            *("lgamma", "digamma", "i0", "special_i0", "special_modified_bessel_i0", "special_i1"),
            *("special_modified_bessel_i1", "special_i0e", "special_i1e", "special_modified_bessel_k0"),
            *("special_modified_bessel_k1", "special_scaled_modified_bessel_k0", "special_scaled_modified_bessel_k1"),
            *("special_bessel_j0", "special_bessel_j1", "special_bessel_y0", "special_bessel_y1"),
            *("special_spherical_bessel_j0", "special_erfcx", "special_log_ndtr"),
        )
    },
    **{name: [call(p(3, 4))] for name in ("special_ndtri", "erfinv", "special_erfinv")},
    "mvlgamma": [call(_POSITIVE + 2, 2)],
    **{
        name: [
            call(_POSITIVE, p(3, 4) * 9 + 0.01),
            call(
                torch.tensor([0.0, 0.0, 2.0, math.inf, 2.0, -1.0, math.inf]),
                torch.tensor([0.0, 1, 0, 1, math.inf, 1, math.inf]),
            ),
            call(_POSITIVE.double() * 5, p(3, 4).double() * 30),
        ]
        for name in ("igamma", "igammac", "special_gammainc", "special_gammaincc")
    },
    "special_airy_ai": [
        call(f(3, 4) * 9),
        call(torch.tensor([0.0, 6.0, -6.0, 6.1, -6.1, 20.0, -40.0, math.inf, math.nan])),
        call(i(5)),
        call(f(9, dtype=torch.float64) * 5),
    ],
    "special_zeta": [call(_POSITIVE + 1.5, _POSITIVE)],
    "special_zeta.other_scalar": [call(_POSITIVE + 1.5, 2.5)],
    "special_zeta.self_scalar": [call(2.5, _POSITIVE)],
    "polygamma": [call(1, _POSITIVE), call(0, _POSITIVE)],
    "special_polygamma": [call(2, _POSITIVE)],
}

INTEGERS: dict[str, Sequence[Call]] = {
    "pow.Tensor_Scalar": [call(i(3, 4), n) for n in (0, 1, 2, 5)] + [call(f(3), 2.5), call(i(3) + 3_000_000_019, 2)],
    "pow.Tensor_Tensor": [
        call(i(3, 4), i(4, low=-3)),
        call(i(3, 1, dtype=torch.int32), i(4, low=0, high=9, dtype=torch.int32)),
        call(torch.tensor([3, 7, 2, -3]), torch.tensor([39, 22, 62, 41])),
        call(p(3), f(3)),
    ],
    "pow.Scalar": [
        call(0, i(9)),
        call(-1, i(9)),
        call(3, torch.arange(41)),
        call(2, torch.arange(62)),
        call(2.0, f(3)),
    ],
    "gcd": [
        call(i(40, low=-90, high=90), i(40, low=-90, high=90)),
        call(i(9, dtype=torch.int8), i(1, dtype=torch.int8)),
    ],
    "lcm": [call(i(40, low=-90, high=90), i(40, low=-90, high=90)), call(i(3, 1), i(4))],
}

_DEGREES = torch.tensor([-1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 6.9, 8.0])

POLYNOMIALS: dict[str, Sequence[Call]] = {
    f"special_{name}{overload}": {
        "": [call(f(3, 1) * 2, _DEGREES), call(torch.tensor([-1.0, 0.0, 1.0, 1.2]).view(4, 1), _DEGREES)],
        ".n_scalar": [call(f(4), 4), call(f(4), 0), call(i(3), 2)],
        ".x_scalar": [call(0.4, _DEGREES)],
    }[overload]
    for name in (
        *(f"{shift}chebyshev_polynomial_{kind}" for shift in ("", "shifted_") for kind in "tuvw"),
        *("hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p"),
    )
    for overload in ("", ".n_scalar", ".x_scalar")
}

_REPEATED = i(3, 8, low=0, high=4)
_TIES = torch.tensor([2.0, 1.0, 2.0, 1.0, 3.0])

COUNTING: dict[str, Sequence[Call]] = {
    "_unique2": [
        call(_REPEATED),
        call(_REPEATED.float(), True, True, True),
        call(b(7), True, True, True),
        call(torch.tensor(3.0), True, True, True),
    ],
    "unique_consecutive": [call(_REPEATED, True, True), call(torch.tensor(3)), call(b(7), True, True, 0)],
    "nonzero_static": [
        *(call(_REPEATED, size=size) for size in (0, 4, 30)),
        call(b(2, 3, 2), size=9, fill_value=7),
        call(torch.tensor(3.0), size=2),
        call(f(0, 2), size=2),
    ],
    "histc": [call(f(20), 5), call(f(4, 5), 7, -1, 1), call(torch.ones(3), 4), call(torch.arange(9.0), 8, 0, 8)],
    "histogram.bin_ct": [
        call(f(20), 5),
        call(f(4, 5), 4, range=[-1.0, 1.0], weight=p(4, 5), density=True),
        call(torch.ones(3), 3),
    ],
    "histogram.bins_tensor": [
        call(f(20), torch.tensor([-1.0, -0.5, 0.0, 2.0])),
        call(torch.tensor([0.0, 1.0, 3.0]), torch.tensor([0.0, 1.0, 3.0]), weight=p(3), density=True),
    ],
    "mode": [call(_TIES), call(_REPEATED, 0, True), call(_REPEATED.float()), call(b(9)), call(torch.tensor(2.0))],
}
FLOATS: dict[str, Sequence[Call]] = {
    "frexp.Tensor": [
        call(torch.tensor([0.0, -0.0, 1.0, 0.5, 3.0, -7.9, 1e-40, 3e38, math.inf, -math.inf, math.nan])),
        call(2.0 ** torch.arange(-140, 127)),
        call(f(9, dtype=torch.float16)),
        call(f(9).double()),
    ],
    "nextafter": [
        call(
            torch.tensor([0.0, 1.0, -1.0, 1.5, 3.4028235e38, math.inf, -math.inf, math.nan, 1e-42])[:, None], f(4) * 2
        ),
        call(2.0 ** torch.arange(-140, 127), torch.tensor([[math.inf], [0.0]])),
        call(f(9).bfloat16(), f(9).bfloat16()),
        call(f(9).half(), f(9).half()),
        call(torch.ones(2), torch.tensor([1.0, math.nan])),
    ],
}

_IMAGE = f(1, 2, 6, 6)
_WINDOW = ([2, 2], [2, 2], [0, 0], [1, 1], False)
_, _INDICES = torch.ops.aten.max_pool2d_with_indices(_IMAGE, *_WINDOW)

THREE_DIMENSIONS: dict[str, Sequence[Call]] = {
    "convolution": [
        call(f(1, 2, 4, 5, 5), f(3, 2, 2, 3, 3), f(3), [1, 2, 1], [0, 1, 1], [1, 1, 1], False, [0, 0, 0], 1),
        call(f(1, 2, 3, 3, 3), f(2, 3, 2, 2, 2), f(3), [2, 1, 1], [0, 0, 0], [1, 1, 1], True, [0, 0, 0], 1),
    ],
    "max_pool3d_with_indices": [call(f(1, 2, 4, 6, 6), [2, 2, 2], [2, 2, 2])],
    "fractional_max_pool2d": [
        call(f(2, 3, 9, 8), [3, 2], [4, 3], p(2, 3, 2)),
        call(f(3, 7, 8), [2, 2], [1, 4], p(1, 3, 2)),
    ],
    "fractional_max_pool3d": [call(f(2, 3, 5, 9, 8), [2, 3, 2], [2, 4, 3], p(2, 3, 3))],
    "grid_sampler_3d": [
        call(f(2, 3, 4, 5, 6), f(2, 2, 3, 4, 3), mode, padding, align)
        for mode in (0, 1)
        for padding in (0, 1, 2)
        for align in (True, False)
    ],
    "constant_pad_nd": [call(f(3, 4), [-1, 2], 0.5)],
    "max_pool2d_with_indices_backward": [call(f(1, 2, 3, 3), _IMAGE, *_WINDOW, _INDICES)],
}

AT_INDICES: dict[str, Sequence[Call]] = {
    "index_reduce": [
        call(f(4, 3), 0, torch.tensor([0, 2, 0]), f(3, 3), reduce, include_self=include)
        for reduce in ("prod", "mean", "amax", "amin")
        for include in (True, False)
    ],
    "segment_reduce": [
        call(f(6, 2), "sum", lengths=torch.tensor([2, 4])),
        call(f(3), "max", lengths=torch.tensor([1, 2])),
    ],
    "as_strided_scatter": [call(f(4, 4), f(2, 2), [2, 2], [4, 1], 1)],
}
