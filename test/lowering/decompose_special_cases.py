"""Calls for the rules of special functions, of operators over three dimensions, and of reductions at indices."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from decompose_cases import Call, call, f, p

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
    "special_zeta": [call(_POSITIVE + 1.5, _POSITIVE)],
    "special_zeta.other_scalar": [call(_POSITIVE + 1.5, 2.5)],
    "special_zeta.self_scalar": [call(2.5, _POSITIVE)],
    "polygamma": [call(1, _POSITIVE), call(0, _POSITIVE)],
    "special_polygamma": [call(2, _POSITIVE)],
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
