"""Random numbers of every distribution from those of `rand` (uniform in [0, 1)) and `randn` (standard normal).

Seeds cannot be carried over from torch, so only the distributions agree.
"""

from __future__ import annotations

import math
from typing import Any

from xdsl.ir import SSAValue

from etc.dialects import dtypes
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.shape import broadcast_tensors


def _like(build: AtenBuilder, overload: str, self: SSAValue, dtype: Dtype | None = None) -> SSAValue:
    known = build.type(self)
    wanted = dtype or known.dtype
    return build(overload, list(known.sizes), dtype=wanted if wanted.is_float else dtypes.float32)


@decomposes("rand_like")
def rand_like(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """rand_like(x) -> rand(sizes of x)"""
    return _like(build, "rand", self, dtype)


@decomposes("randn_like")
def randn_like(build: AtenBuilder, self: SSAValue, dtype: Dtype | None) -> SSAValue:
    """randn_like(x) -> randn(sizes of x)"""
    return _like(build, "randn", self, dtype)


@decomposes("uniform")
def uniform(build: AtenBuilder, self: SSAValue, **limits: Any) -> SSAValue:
    """uniform(x, a, b) -> rand(sizes of x) * (b - a) + a"""
    low, high = limits["from"], limits["to"]
    return build("add.Scalar", build("mul.Scalar", _like(build, "rand", self), high - low), low)


@decomposes("normal_functional")
def normal(build: AtenBuilder, self: SSAValue, mean: float, std: float) -> SSAValue:
    """normal(x, m, s) -> randn(sizes of x) * s + m"""
    return build("add.Scalar", build("mul.Scalar", _like(build, "randn", self), std), mean)


@decomposes("normal.float_float")
def normal_of_size(build: AtenBuilder, mean: float, std: float, size: list[Dim], dtype: Dtype | None) -> SSAValue:
    """normal(m, s, sizes) -> randn(sizes) * s + m"""
    numbers = build("randn", size, dtype=dtype or dtypes.float32)
    return build("add.Scalar", build("mul.Scalar", numbers, std), mean)


@decomposes("normal.Tensor_float", "normal.float_Tensor", "normal.Tensor_Tensor")
def normal_of_tensors(build: AtenBuilder, mean: Any, std: Any) -> SSAValue:
    """normal(m, s) -> randn(common sizes) * s + m"""
    if isinstance(mean, SSAValue) and isinstance(std, SSAValue):
        mean, std = broadcast_tensors(build, [mean, std])
    numbers = _like(build, "randn", mean if isinstance(mean, SSAValue) else std)
    scaled = build("mul.Tensor" if isinstance(std, SSAValue) else "mul.Scalar", numbers, std)
    return build("add.Tensor" if isinstance(mean, SSAValue) else "add.Scalar", scaled, mean)


@decomposes("log_normal")
def log_normal(build: AtenBuilder, self: SSAValue, mean: float, std: float) -> SSAValue:
    """log_normal(x, m, s) -> exp(randn(sizes of x) * s + m)"""
    return build("exp", normal(build, self, mean, std))


@decomposes("exponential")
def exponential(build: AtenBuilder, self: SSAValue, lambd: float) -> SSAValue:
    """exponential(x, l) -> log1p(-rand(sizes of x)) / -l"""
    return build("div.Scalar", build("log1p", build("neg", _like(build, "rand", self))), -lambd)


@decomposes("geometric")
def geometric(build: AtenBuilder, self: SSAValue, p: float) -> SSAValue:
    """geometric(x, p) -> floor(log1p(-rand(sizes of x)) / log1p(-p)) + 1"""
    failures = build("div.Scalar", build("log1p", build("neg", _like(build, "rand", self))), math.log1p(-p))
    return build("add.Scalar", build("floor", failures), 1)


@decomposes("cauchy")
def cauchy(build: AtenBuilder, self: SSAValue, median: float, sigma: float) -> SSAValue:
    """cauchy(x, m, s) -> tan((rand(sizes of x) - 0.5) * pi) * s + m"""
    angle = build("mul.Scalar", build("sub.Scalar", _like(build, "rand", self), 0.5), math.pi)
    return build("add.Scalar", build("mul.Scalar", build("tan", angle), sigma), median)


@decomposes("bernoulli")
def bernoulli(build: AtenBuilder, self: SSAValue) -> SSAValue:
    """bernoulli(p) -> _to_copy(rand(sizes of p) < p)"""
    return _decide(build, self, self)


@decomposes("bernoulli.p", "bernoulli.Tensor")
def bernoulli_like(build: AtenBuilder, self: SSAValue, p: Any) -> SSAValue:
    """bernoulli(x, p) -> _to_copy(rand(sizes of x) < p)"""
    return _decide(build, self, p)


def _decide(build: AtenBuilder, like: SSAValue, p: Any) -> SSAValue:
    known = build.type(like)
    numbers = build("rand", list(known.sizes), dtype=dtypes.float32)
    happens = build("lt.Tensor" if isinstance(p, SSAValue) else "lt.Scalar", numbers, p)
    return build("_to_copy", happens, dtype=known.dtype)


@decomposes("randint", "randint.low")
def randint(build: AtenBuilder, high: Dim, size: list[Dim], dtype: Dtype | None, **low: Dim) -> SSAValue:
    """randint(a, b, sizes) -> _to_copy(floor(rand(sizes) * (b - a))) + a"""
    return _integers(build, low.get("low", 0), high, size, dtype or dtypes.int64)


@decomposes("randint_like", "randint_like.low_dtype")
def randint_like(build: AtenBuilder, self: SSAValue, high: Dim, dtype: Dtype | None, **low: Any) -> SSAValue:
    """randint_like(x, a, b) -> _to_copy(floor(rand(sizes of x) * (b - a))) + a"""
    known = build.type(self)
    return _integers(build, low.get("low", 0), high, list(known.sizes), dtype or known.dtype)


def _integers(build: AtenBuilder, low: Dim, high: Dim, size: list[Dim], dtype: Dtype) -> SSAValue:
    numbers = build("mul.Scalar", build("rand", size, dtype=dtypes.float32), high - low)
    return build("add.Scalar", build("_to_copy", build("floor", numbers), dtype=dtype), low)


@decomposes("multinomial")
def multinomial(build: AtenBuilder, self: SSAValue, num_samples: Dim, replacement: bool) -> SSAValue:
    """multinomial(w, n) -> topk(w / exponential(w), n)#1; with replacement, where rand falls in cumsum(w)"""
    known = build.type(self)
    if not replacement:
        return build("topk", build("div.Tensor", self, exponential(build, self, 1)), num_samples)[1]
    draws = build("rand", [*known.sizes[:-1], num_samples, 1], dtype=known.dtype)
    ends = build("unsqueeze", build("cumsum", self, -1), -2)
    total = build("slice.Tensor", ends, -1, known.sizes[-1] - 1, known.sizes[-1])
    passed = build("le.Tensor", ends, build("mul.Tensor", draws, total))
    return build("sum.dim_IntList", passed, [-1], dtype=dtypes.int64)


@decomposes("randperm")
def randperm(build: AtenBuilder, n: Dim, dtype: Dtype | None) -> SSAValue | None:
    """randperm(n) -> topk(rand(n), n)#1: the order of random numbers, since the stock runtime has no randperm"""
    order = build("topk", build("rand", [n], dtype=dtypes.float32), n)[1]
    return order if dtype in (None, dtypes.int64) else build("_to_copy", order, dtype=dtype)
