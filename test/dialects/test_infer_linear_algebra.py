"""Inference rules of matrix products, distances and Fourier transforms against torch."""

import pytest
from infer_harness import Arguments, Draw, Sample, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.tensor import Tensor, tensor

F32, F16 = dtypes.float32, dtypes.float16


def mm(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b), "mat2": d.tensor(d.b, d.c)}


def addmm(d: Draw) -> Arguments:
    addend = d.tensor(*d.choice([d.a, d.c], [d.c], [1], [d.a, 1]))
    return {"self": addend, "mat1": d.tensor(d.a, d.b), "mat2": d.tensor(d.b, d.c), "beta": 1, "alpha": 2}


def bmm(d: Draw) -> Arguments:
    return {"self": d.tensor(d.d, d.a, d.b), "mat2": d.tensor(d.d, d.b, d.c)}


def batched_add(*shape: str) -> Sample:
    def sample(d: Draw) -> Arguments:
        sizes = [getattr(d, name) for name in shape]
        return {"self": d.tensor(*sizes), "batch1": d.tensor(d.d, d.a, d.b), "batch2": d.tensor(d.d, d.b, d.c)}

    return sample


def linear(d: Draw) -> Arguments:
    front = d.choice([], [d.c], [d.c, 2])
    bias = d.tensor(d.b) if d.flag() else None
    return {"input": d.tensor(*front, d.a), "weight": d.tensor(d.b, d.a), "bias": bias}


def matmul(d: Draw) -> Arguments:
    left = d.choice([d.a], [d.b, d.a], [d.c, d.b, d.a], [1, d.b, d.a], [2, d.c, d.b, d.a])
    right = d.choice([d.a], [d.a, d.d], [1, d.a, d.d], [d.c, d.a, d.d])
    return {"self": d.tensor(*left), "other": d.tensor(*right)}


def vectors(first: str, second: str) -> Sample:
    return lambda d: {first: d.tensor(d.a), second: d.tensor(d.a)}


def mixed_vectors(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, dtype=d.dtype), "vec2": d.tensor(d.b, dtype=d.other)}


def inner(d: Draw) -> Arguments:
    return {"self": d.tensor(*d.choice([], [d.a], [d.b, d.a])), "other": d.tensor(*d.choice([d.a], [d.c, d.a]))}


def tensordot(d: Draw) -> Arguments:
    return {
        "self": d.tensor(d.a, d.b, d.c),
        "other": d.tensor(d.c, d.b, d.d),
        **d.choice({"dims_self": [1, 2], "dims_other": [-2, 0]}, {"dims_self": [2], "dims_other": [0]}),
    }


def cross(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, 3, dtype=F32), "other": d.tensor(d.a, 3, dtype=F32), "dim": -1}


def bilinear(d: Draw) -> Arguments:
    bias = d.tensor(d.d) if d.flag() else None
    return {"input1": d.tensor(2, d.a), "input2": d.tensor(2, d.b), "weight": d.tensor(d.d, d.a, d.b), "bias": bias}


def cdist(d: Draw) -> Arguments:
    kind = d.choice(dtypes.float32, dtypes.float64)
    front = d.choice([], [d.d])
    other = d.choice([], [1], front)
    return {
        "x1": tensor(kind, [*front, d.a, d.b]),
        "x2": tensor(kind, [*other, d.c, d.b]),
        "p": d.choice(2.0, 1.0),
        "compute_mode": None,
    }


def real_signal(d: Draw) -> Arguments:
    kind = d.choice(dtypes.float32, dtypes.float64)
    return {
        "self": tensor(kind, [d.a, d.b, d.c]),
        "dim": d.choice([2], [-1, 1], [0, 2]),
        "normalization": 0,
        "onesided": d.flag(),
    }


def spectrum(d: Draw) -> Arguments:
    return {
        "self": tensor(d.choice(dtypes.complex64, dtypes.complex128), [d.a, d.b, d.c + 1]),
        "dim": d.choice([2], [1, -1]),
        "normalization": 0,
    }


SAMPLES: dict[str, Sample | list[Sample]] = {
    "mm": mm,
    "addmm": addmm,
    "bmm": bmm,
    "baddbmm": [batched_add("d", "a", "c"), batched_add("a", "c"), batched_add("c")],
    "addbmm": [batched_add("a", "c"), batched_add("c")],
    "linear": linear,
    "matmul": matmul,
    "dot": vectors("self", "tensor"),
    "vdot": vectors("self", "other"),
    "mv": lambda d: {"self": d.tensor(d.a, d.b), "vec": d.tensor(d.b)},
    "addmv": lambda d: {"self": d.tensor(d.choice(d.a, 1)), "mat": d.tensor(d.a, d.b), "vec": d.tensor(d.b)},
    **dict.fromkeys(("outer", "ger"), mixed_vectors),
    "addr": lambda d: {"self": d.tensor(d.a, d.b), "vec1": d.tensor(d.a), "vec2": d.tensor(d.b)},
    "inner": inner,
    "tensordot": tensordot,
    **dict.fromkeys(("cross", "linalg_cross"), cross),
    "bilinear": bilinear,
    **dict.fromkeys(("cdist", "_cdist_forward"), cdist),
    **dict.fromkeys(("pdist", "_pdist_forward"), lambda d: {"self": d.tensor(d.a, d.b, dtype=F32), "p": 2.0}),
    "_fft_r2c": real_signal,
    "_fft_c2r": lambda d: {**spectrum(d), "last_dim_size": d.choice(2 * d.c, 2 * d.c + 1)},
    "_fft_c2c": lambda d: {**spectrum(d), "forward": d.flag()},
}

test_rules = rule_test(SAMPLES)


def f(*sizes: int) -> Tensor:
    return tensor(F32, sizes)


REFUSALS: list[tuple[str, Arguments, str]] = [
    ("mm", {"self": f(2, 3), "mat2": f(4, 5)}, "self [2, 3] has 3 columns, mat2 [4, 5] has 4 rows"),
    ("mm", {"self": f(2), "mat2": f(2, 5)}, "self must have rank 2, found rank 1: [2]"),
    ("bmm", {"self": f(2, 3, 4), "mat2": f(3, 4, 5)}, "self has 2 matrices, mat2 has 3"),
    (
        "addmm",
        {"self": f(3, 3), "mat1": f(2, 3), "mat2": f(3, 3)},
        "shapes [3, 3] and [2, 3] do not broadcast: sizes 3 and 2 differ",
    ),
    ("linear", {"input": f(2, 3), "weight": f(5, 4)}, "the weight takes 4 features, input has 3"),
    ("_cdist_forward", {"x1": f(2, 3), "x2": f(2, 4), "p": 2.0, "compute_mode": None}, "x1 has 3 columns, x2 has 4"),
]


@pytest.mark.parametrize(("overload", "arguments", "sentence"), REFUSALS)
def test_refusals(overload: str, arguments: Arguments, sentence: str) -> None:
    assert refused(overload, **arguments) == sentence
