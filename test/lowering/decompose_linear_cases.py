"""Calls for the rules of linear algebra: few columns, which are written out, and more, which are loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from decompose_cases import Call, call, f

_SMALL, _SQUARE, _BATCH = f(3, 3) + 3 * torch.eye(3), f(6, 6) + 6 * torch.eye(6), f(2, 5, 5) + 5 * torch.eye(5)
_SINGULAR = torch.ones(3, 3)
_MATRICES = [call(_SMALL), call(_SQUARE), call(_BATCH)]
_SHAPES = [*_MATRICES, call(f(3, 6)), call(f(2, 6, 3)), call(f(3, 0))]
_POSITIVE = [m @ m.mT + torch.eye(m.shape[-1]) for m in (_SMALL, _SQUARE, _BATCH)]
_LOWER = [torch.linalg.cholesky(m) for m in _POSITIVE]
_LU, _PIVOTS = torch.linalg.lu_factor(_BATCH.flip(-2))
_REFLECTORS, _TAUS = torch.geqrf(f(6, 4))
_VECTORS = f(2, 5, 3)

LINEAR_ALGEBRA: dict[str, Sequence[Call]] = {
    **{
        name: [*(call(m) for m in _POSITIVE), call(_POSITIVE[0], upper=True)]
        for name in ("cholesky", "linalg_cholesky")
    },
    "linalg_cholesky_ex": [call(_POSITIVE[1]), call(_POSITIVE[2], upper=True), call(f(0, 0))],
    "cholesky_inverse": [call(_LOWER[1]), call(_LOWER[2].mT, True)],
    "cholesky_solve": [call(f(6, 2), _LOWER[1]), call(_VECTORS, _LOWER[2].mT, True)],
    "linalg_lu_factor_ex": [*_SHAPES, call(_SINGULAR[:2, :2])],
    "_lu_with_info": _MATRICES,
    "linalg_lu": _SHAPES,
    "lu_unpack": [call(_LU, _PIVOTS), call(_LU, _PIVOTS, True, False), call(_LU, _PIVOTS, False, True)],
    "linalg_lu_solve": [
        call(_LU, _PIVOTS, _VECTORS if left else _VECTORS.mT, left=left, adjoint=adjoint)
        for left in (True, False)
        for adjoint in (True, False)
    ],
    "_linalg_solve_ex": [
        call(_SMALL, f(3)),
        call(_BATCH, f(5, 2)),
        call(_BATCH, f(2, 5)),
        call(_SQUARE, f(2, 2, 6), left=False),
    ],
    "linalg_inv_ex": [*_MATRICES, call(f(2, 0, 0))],
    "_linalg_det": [*_MATRICES, call(_SINGULAR), call(_SQUARE.flip(0)), call(f(2, 0, 0))],
    "_linalg_slogdet": [*_MATRICES, call(_SINGULAR), call(_SQUARE.flip(0)), call(f(2, 0, 0))],
    "linalg_solve_triangular": [
        call(_LOWER[2].mT if upper else _LOWER[2], _VECTORS if left else _VECTORS.mT, upper=upper, left=left)
        for upper in (True, False)
        for left in (True, False)
    ]
    + [call(_LOWER[0], f(3, 2), upper=False, unitriangular=True)],
    "triangular_solve": [
        call(_VECTORS, _LOWER[2].mT),
        call(_VECTORS, _LOWER[2], False, True),
        call(f(3, 2), _LOWER[0], False, False, True),
    ],
    "geqrf": _SHAPES,
    "linalg_householder_product": [call(_REFLECTORS, _TAUS), call(_REFLECTORS, _TAUS[:2])],
    "orgqr": [call(_REFLECTORS, _TAUS)],
    "ormqr": [
        call(_REFLECTORS, _TAUS, f(6, 2) if left else f(2, 6), left, transpose)
        for left in (True, False)
        for transpose in (True, False)
    ],
    "linalg_pinv.atol_rtol_tensor": [
        *_MATRICES,
        call(f(2, 5, 3)),
        call(f(3, 6)),
        call(f(3, 2) @ f(2, 3)),
        call(_SMALL @ _SMALL.mT, hermitian=True),
        call(_SMALL, rtol=torch.tensor(0.7)),
        call(_BATCH, atol=torch.tensor([5.0, 0.0])),
        call(f(3, 0)),
    ],
    "linalg_matrix_exp": [*_MATRICES, call(torch.zeros(2, 2)), call(f(2, 3, 3) * 10)],
    "linalg_qr": [Call(one.args, {"mode": mode}) for one in _SHAPES for mode in ("reduced", "complete", "r")],
}

FIRST_RESULTS: Mapping[str, int] = {"_linalg_det": 1, "_linalg_slogdet": 2, "_linalg_solve_ex": 1}
"""How many of the results somebody else than a backward pass uses."""

_RANK_2 = f(3, 2) @ f(2, 3)
_SYMMETRIC = [(m + m.mT) / 2 for m in (_SMALL, _SQUARE, _BATCH)]

UP_TO_SIGNS: dict[str, Sequence[Call]] = {
    "_linalg_svd": [
        *_MATRICES,
        call(f(2, 5, 3)),
        call(f(3, 6)),
        call(f(4, 3), True),
        call(f(3, 4), True),
        call(_RANK_2),
        call(f(3, 0), True),
        call(f(1, 1)),
    ],
    "_linalg_eigh": [*(call(m) for m in _SYMMETRIC), call(_SQUARE, "U"), call(-_POSITIVE[2])],
}
"""Vectors whose signs are free."""
