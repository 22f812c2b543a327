"""Calls with complex tensors for the numeric tests of decompose-aten: at least one per rule for complex numbers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from decompose_cases import Call, b, c, call, f, i, p
from torch import Tensor

_generator = torch.Generator().manual_seed(1)


def z(*sizes: int, dtype: torch.dtype = torch.complex64) -> Tensor:
    """Complex numbers whose parts are normal."""
    return torch.randn(sizes, generator=_generator, dtype=dtype)


_Z = z(3, 4)
_VECTOR = torch.tensor([0, 3, -2, 1j, -2j, 1 - 1j, 9 + 1e-3j, -9 - 1e-3j, -1e20 + 1e20j], dtype=torch.complex64)
_ROWS = i(2, 4, low=0, high=3)
_UNARY = [call(_Z)]
_BINARY = [call(_Z, z(4)), call(_Z, f(3, 1)), call(f(3, 4), _Z), call(z(2, dtype=torch.complex128), z(2))]
_SCALARS = [call(_Z, 2), call(_Z, 1.5 - 2j), call(f(3), 2j)]
_SAME = [call(_Z, torch.where(b(3, 4), _Z, -_Z)), call(_Z, f(4))]
_TRUTH = torch.where(b(3, 4), _Z, 0)

_NAMES_OF_SELF = ("alias", "clone", "contiguous", "detach", "lift_fresh", "lift_fresh_copy", "resolve_conj", "neg")
MOVES: dict[str, Sequence[Call]] = {
    **dict.fromkeys((*_NAMES_OF_SELF, "resolve_neg", "alias_copy", "t", "tril", "triu"), _UNARY),
    "as_strided": [call(_Z, [2, 2], [4, 1], 1)],
    "cat": [call([_Z, z(1, 4)]), call([_Z, f(3, 2)], 1)],
    "constant_pad_nd": [call(_Z, [1, 2]), call(_Z, [0, 1, -1, 0], 1.5)],
    "cumsum": [call(_Z, 1), call(f(3), 0, dtype=torch.complex64)],
    "diagonal": [call(_Z, 1)],
    "expand": [call(z(3, 1), [2, 3, 4])],
    "expand_copy": [call(z(3, 1), [2, 3, 4])],
    "flip": [call(_Z, [0, 1])],
    "gather": [call(_Z, 0, _ROWS)],
    "index.Tensor": [call(_Z, [i(3, low=0, high=3)]), call(_Z, [None, i(2, low=0, high=4)])],
    "index_put": [call(_Z, [c(0, 2)], z(2, 4)), call(_Z, [c(0, 0)], z(2, 4), True)],
    "index_select": [call(_Z, 1, c(3, 0))],
    "masked_scatter": [call(_Z, b(3, 4), z(12))],
    "mean": [call(_Z), call(f(3), dtype=torch.complex64)],
    "mean.dim": [call(_Z, [1], True)],
    "permute": [call(z(2, 3, 4), [2, 0, 1])],
    "repeat": [call(_Z, [2, 1, 3])],
    "reshape": [call(_Z, [2, -1])],
    "roll": [call(_Z, [1], [0])],
    "scatter.src": [call(_Z, 1, c(0, 3, 1)[:, None], z(3, 1))],
    "scatter_add": [call(_Z, 0, _ROWS, z(2, 4))],
    "select.int": [call(_Z, 1, -1)],
    "select_scatter": [call(_Z, z(4), 0, 1), call(_Z, f(4), 0, 1)],
    "slice.Tensor": [call(_Z, 1, 1, 4, 2)],
    "slice_scatter": [call(_Z, z(2, 4), 0, 1, 3)],
    "split.Tensor": [call(_Z, 2, 1)],
    "split_with_sizes": [call(_Z, [1, 3], 1)],
    "squeeze": [call(z(1, 3, 1))],
    "squeeze.dim": [call(z(1, 3), 0)],
    "squeeze.dims": [call(z(1, 3, 1), [0, 2])],
    "stack": [call([_Z, z(3, 4)], 1), call([_Z, f(3, 4)])],
    "sum": [call(_Z), call(f(3), dtype=torch.complex64)],
    "sum.dim_IntList": [call(_Z, [0], True)],
    "transpose.int": [call(_Z, 0, 1)],
    "unbind.int": [call(_Z)],
    "unsqueeze": [call(_Z, -1)],
    "view": [call(_Z, [2, -1])],
    "_unsafe_view": [call(_Z, [2, 6])],
    "where.self": [call(b(3, 4), _Z, z(4)), call(b(3, 4), _Z, f(4))],
}

PARTS: dict[str, Sequence[Call]] = {
    **{name: [*_UNARY, call(_VECTOR)] for name in ("real", "imag", "view_as_real", "view_as_real_copy")},
    **{name: _UNARY for name in ("_conj", "_conj_physical", "conj_physical", "conj")},
    "complex": [call(f(3, 4), f(3, 4)), call(f(3, 1), f(4))],
    "polar": [call(p(3, 4), f(3, 4))],
    "_to_copy": [
        *(call(_VECTOR[:6], dtype=dtype) for dtype in (torch.complex128, torch.float32, torch.int64, torch.bool)),
        call(f(3), dtype=torch.complex64),
        call(_Z),
    ],
    "zeros_like": [*_UNARY, call(_Z, dtype=torch.float32)],
    "ones_like": _UNARY,
    "full_like": [call(_Z, 2 - 1j), call(_Z, 3)],
    "full": [call([2, 3], 2 - 1j), call([2], 1.5, dtype=torch.complex128)],
    "fill.Scalar": [call(_Z, 1j)],
    "scalar_tensor": [call(1 + 2j, dtype=torch.complex64)],
}

ARITHMETIC: dict[str, Sequence[Call]] = {
    **{f"{name}.Tensor": [*_BINARY, call(_Z, z(3, 4), alpha=2 - 1j)] for name in ("add", "sub")},
    **{f"{name}.Scalar": _SCALARS for name in ("add", "sub", "rsub", "mul", "div")},
    "mul.Tensor": _BINARY,
    "div.Tensor": [*_BINARY, call(z(3) * 1e20, z(3) * 1e20)],
    "square": _UNARY,
    "reciprocal": [*_UNARY, call(_VECTOR[1:])],
    "mm": [call(_Z, z(4, 2))],
    "bmm": [call(z(2, 3, 4), z(2, 4, 2))],
    "addmm": [call(z(3, 2), _Z, z(4, 2)), call(z(2), _Z, z(4, 2), beta=2j, alpha=0.5)],
    **{name: [*_UNARY, call(_VECTOR)] for name in ("abs", "angle", "sgn", "sqrt")},
    **{name: _UNARY for name in ("exp", "log", "cos", "sin", "cosh", "sinh")},
    "pow.Tensor_Scalar": [call(_Z, 3), call(_Z, 1), call(_Z, 0.5), call(_Z, -2), call(_Z, 1 + 1j)],
    **{f"{name}.Tensor": _SAME for name in ("eq", "ne")},
    **{f"{name}.Scalar": [call(_VECTOR, 3), call(_VECTOR, 1j)] for name in ("eq", "ne")},
    "logical_not": [call(_TRUTH)],
    **{name: [call(_TRUTH, b(3, 4)), call(_TRUTH, z(4))] for name in ("logical_and", "logical_or", "logical_xor")},
    "any": [call(_TRUTH), call(torch.zeros(3, dtype=torch.complex64))],
    "any.dim": [call(_TRUTH, 1)],
    "any.dims": [call(_TRUTH, [0, 1])],
    **{
        name: [call(torch.complex(c(0.0, float(name[2:]), 1.0), c(float(name[2:]), 0.0, 1.0)))]
        for name in ("isnan", "isinf")
    },
    "linalg_vector_norm": [call(_Z), call(_Z, 1, [0], True), call(_Z, 2, dtype=torch.complex128)],
}

FOURIER: dict[str, Sequence[Call]] = {
    "_fft_c2c": [
        *(call(_Z, dims, scale, forward) for dims in ([1], [0, 1]) for scale in (0, 1, 2) for forward in (True, False)),
        *(call(z(size), [0], 0, True) for size in (1, 2, 5)),
    ],
    "_fft_r2c": [
        *(
            call(f(3, 4), dims, scale, onesided)
            for dims, onesided in (([1], True), ([0], False), ([0, 1], True))
            for scale in (0, 2)
        ),
        *(call(f(size), [0], 0, onesided) for size in (1, 2, 5) for onesided in (True, False)),
    ],
    "_fft_c2r": [
        *(call(z(3, 4), dims, scale, size) for dims in ([1], [0, 1]) for scale in (0, 1) for size in (6, 7)),
        call(z(3, 4), [1], 2, 4),
    ],
}
