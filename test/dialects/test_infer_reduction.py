"""Inference rules of reductions, scans and sorting against torch."""

from infer_harness import REALS_AND_BOOL, Arguments, Draw, Sample, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.tensor import tensor

F32, I64 = dtypes.float32, dtypes.int64


def whole(d: Draw) -> Arguments:
    return {"self": d.any(), "dtype": d.choice(None, None, d.other)}


def over_dims(d: Draw) -> Arguments:
    self = d.any()
    dims = d.choice(None, [], d.dims(self.rank))
    return {"self": self, "dim": dims, "keepdim": d.flag(), "dtype": d.choice(None, None, d.other)}


def without_dtype(sample: Sample) -> Sample:
    return lambda d: {name: value for name, value in sample(d).items() if name != "dtype"}


def over_dim(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "dim": d.dim(self.rank), "keepdim": d.flag()}


def floating_over_dims(d: Draw) -> Arguments:
    return {**over_dims(d), "self": d.any(dtype=d.choice(d.float_dtype, dtypes.complex64)), "dim": None, "dtype": None}


def floating_some_dims(d: Draw) -> Arguments:
    self = d.any(1, dtype=d.float_dtype)
    return {"self": self, "dim": d.dims(self.rank), "keepdim": d.flag()}


def scan(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "dim": d.dim(self.rank)}


def real_along_dim(d: Draw) -> Arguments:
    self = d.any(dtype=d.choice(*REALS_AND_BOOL))
    return {"self": self, "dim": d.dim(self.rank)}


def real_over_dim(d: Draw) -> Arguments:
    return {**real_along_dim(d), "keepdim": d.flag()}


def real_whole(d: Draw) -> Arguments:
    return {"self": d.any(dtype=d.choice(*REALS_AND_BOOL))}


VARIANCES = "var var_mean std std_mean"

SAMPLES: dict[str, Sample | list[Sample]] = {
    "sum": whole,
    "sum.dim_IntList": over_dims,
    "nansum": floating_some_dims,
    "prod": whole,
    "prod.dim_int": lambda d: {**over_dim(d), "dtype": d.choice(None, d.other)},
    "mean": whole,
    "mean.dim": [over_dims, floating_some_dims],
    "nanmean": floating_some_dims,
    **dict.fromkeys(VARIANCES.split(), lambda d: {"self": d.any(dtype=d.float_dtype), "unbiased": d.flag()}),
    **{f"{name}.dim": without_dtype(floating_over_dims) for name in VARIANCES.split()},
    **{f"{name}.correction": [without_dtype(floating_over_dims), floating_some_dims] for name in VARIANCES.split()},
    "linalg_vector_norm": [floating_over_dims, floating_some_dims],
    "norm.Scalar": lambda d: {"self": d.any(dtype=d.float_dtype), "p": d.choice(1, 2)},
    "norm.ScalarOpt_dim": lambda d: {**floating_some_dims(d), "p": d.choice(None, 2)},
    "logsumexp": lambda d: {"self": (x := d.any(1)), "dim": d.dims(x.rank), "keepdim": d.flag()},
    "trace": lambda d: {"self": d.tensor(d.a, d.b, dtype=d.dtype)},
    "any": real_whole,
    "all": real_whole,
    "any.dim": over_dim,
    "all.dim": over_dim,
    "any.dims": without_dtype(over_dims),
    "all.dims": without_dtype(over_dims),
    "count_nonzero": lambda d: {"self": (x := d.any()), "dim": d.choice(None, d.dim(x.rank))},
    "count_nonzero.dim_IntList": lambda d: {"self": (x := d.any(1)), "dim": d.dims(x.rank)},
    "amax": without_dtype(over_dims),
    "amin": without_dtype(over_dims),
    "aminmax": [real_over_dim, real_whole],
    **dict.fromkeys(["max", "min", "median", "nanmedian"], real_whole),
    **dict.fromkeys(["max.dim", "min.dim", "median.dim", "nanmedian.dim", "mode"], real_over_dim),
    **dict.fromkeys(["argmax", "argmin"], [real_over_dim, real_whole]),
    "kthvalue": lambda d: {**real_over_dim(d), "k": 1},
    "cumsum": lambda d: {**scan(d), "dtype": d.choice(None, d.other)},
    "cumprod": lambda d: {**scan(d), "dtype": d.choice(None, d.other)},
    "logcumsumexp": lambda d: {**scan(d), "self": d.any(2, dtype=d.float_dtype), "dim": 0},
    **dict.fromkeys(["cummax", "cummin", "sort", "argsort"], real_along_dim),
    "sort.stable": lambda d: {**real_along_dim(d), "stable": d.flag(), "descending": d.flag()},
    "argsort.stable": lambda d: {**real_along_dim(d), "stable": True},
    "msort": lambda d: {"self": d.any(1, dtype=d.float_dtype)},
    "topk": lambda d: {"self": d.tensor(d.a, d.b, d.c), "k": d.choice(1, d.b, 0), "dim": 1, "largest": d.flag()},
    "renorm": lambda d: {"self": d.tensor(d.a, d.b), "p": 2, "dim": 0, "maxnorm": 1.0},
}

test_rules = rule_test(SAMPLES)


def test_refusals() -> None:
    matrix, empty = tensor(F32, (2, 3)), tensor(F32, (2, 0))
    assert refused("sum.dim_IntList", self=matrix, dim=[2]) == "dimension 2 is out of range for a tensor of rank 2"
    assert refused("sum.dim_IntList", self=matrix, dim=[1, -1]) == "dimension 1 appears more than once in [1, -1]"
    assert refused("mean", self=tensor(I64, (2,))) == (
        "`self` holds int64, expected floating-point numbers; give a floating `dtype`"
    )
    assert refused("amax", self=empty, dim=[1]) == "dimension 1 of `self` has size 0, its reduction is not defined"
    assert refused("argmax", self=empty) == "dimension 1 of `self` has size 0, its reduction is not defined"
    assert refused("topk", self=matrix, k=4) == "`k` is 4, expected 0 to 3, the size of dimension 1"
    assert refused("trace", self=tensor(F32, (2,))) == "`self` has rank 1, expected a matrix"
    assert refused("cumsum", self=matrix, dim=3) == "dimension 3 is out of range for a tensor of rank 2"
