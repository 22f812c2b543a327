"""Holds inference rules against torch's meta kernels.

A test module gives for each overload one or more samples: functions that draw the overload's arguments, by schema name.

    SAMPLES = {"mm": lambda d: {"self": d.tensor(d.a, d.b), "mat2": d.tensor(d.b, d.c)}}
    test_rules = rule_test(SAMPLES)

`Draw` offers sizes `a` to `d`, which a sample uses as it likes. Each sample runs three times with the same random
choices: with two sets of numbers, where the rule must give what torch gives, and with symbols, where the result must
become the two static results when the numbers are put in for the symbols.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etc.dialects import dtypes, infer
from etc.dialects.dtypes import Dtype
from etc.dialects.infer.indexing import DATA_SIZE
from etc.dialects.symbolic import Dim, evaluate, symbol
from etc.dialects.tensor import Tensor, tensor

FLOATS = (dtypes.float32, dtypes.float16, dtypes.bfloat16, dtypes.float64)
INTS = (dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.int8, dtypes.int16)
REALS = (*FLOATS, *INTS)
REALS_AND_BOOL = (*REALS, dtypes.bool_)
ALL = (*REALS_AND_BOOL, dtypes.complex64)

CHANNELS_LAST = (0, 2, 3, 1)
NAMES = "abcd"
SYMBOLS = symbol("a"), symbol("b"), symbol("c"), symbol("d")

Sizes = tuple[int, int, int, int]
Arguments = Mapping[str, Any]


@dataclass
class Draw:
    """Random choices of one example: sizes `a` to `d`, numbers or symbols; dtypes `dtype` and `other`, of any kind."""

    sizes: tuple[Dim, Dim, Dim, Dim]
    seed: int
    rng: random.Random = field(init=False)
    dtype: Dtype = field(init=False)
    other: Dtype = field(init=False)
    float_dtype: Dtype = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.dtype, self.other = self.rng.choice(ALL), self.rng.choice(ALL)
        self.float_dtype = self.rng.choice(FLOATS)

    @property
    def a(self) -> Dim:
        return self.sizes[0]

    @property
    def b(self) -> Dim:
        return self.sizes[1]

    @property
    def c(self) -> Dim:
        return self.sizes[2]

    @property
    def d(self) -> Dim:
        return self.sizes[3]

    def choice(self, *options: Any) -> Any:
        return self.rng.choice(options)

    def flag(self) -> bool:
        return self.rng.random() < 0.5

    def tensor(self, *sizes: Dim, dtype: Dtype | None = None, order: Sequence[int] | None = None) -> Tensor:
        """Of `float_dtype` unless another is given."""
        return tensor(dtype or self.float_dtype, sizes, order)

    def shape(self, low: int = 0, high: int = 4) -> tuple[Dim, ...]:
        """Sizes of a random rank between `low` and `high`: the first of `a` to `d`, some of them 1."""
        rank = self.rng.randint(low, high)
        return tuple(1 if self.rng.random() < 0.2 else size for size in self.sizes[:rank])

    def stretchable(self, shape: Sequence[Dim]) -> tuple[Dim, ...]:
        """A shape that broadcasts to `shape`: leading sizes dropped, some sizes 1."""
        rest = shape[self.rng.randint(0, len(shape)) if self.flag() else 0 :]
        return tuple(1 if self.rng.random() < 0.3 else size for size in rest)

    def any(self, low: int = 0, high: int = 4, *, dtype: Dtype | None = None) -> Tensor:
        """A tensor of random shape, channels last at times, of `dtype` (a random one unless given)."""
        shape = self.shape(low, high)
        order = CHANNELS_LAST if len(shape) == 4 and self.flag() else None
        return tensor(dtype or self.dtype, shape, order)

    def partner(self, of: Tensor, *, dtype: Dtype | None = None) -> Tensor:
        """A tensor that broadcasts to `of`; of the dtype `other` unless another is given."""
        shape = self.stretchable(of.sizes)
        return tensor(dtype or self.other, shape, of.dim_order if len(shape) == of.rank else None)

    def dim(self, rank: int) -> int:
        """A dimension, counted from either end."""
        return self.rng.randrange(-max(rank, 1), max(rank, 1))

    def dims(self, rank: int) -> list[int]:
        """Some different dimensions, at least one when there is one."""
        chosen = self.rng.sample(range(rank), self.rng.randint(min(1, rank), rank))
        return [d - rank if self.flag() else d for d in chosen]

    def number(self) -> bool | int | float:
        return self.rng.choice((True, 0, 2, -3, 0.5, 2.0))


Sample = Callable[[Draw], Arguments]


TESTED: dict[str, tuple[Sequence[Sample], str]] = {}
"""The overloads that a `rule_test` of a module imported so far covers, with samples and device."""


def rule_test(
    samples: Mapping[str, Sample | Sequence[Sample]], examples: int = 12, device: str = "meta"
) -> Callable[[str], None]:
    """A test over all overloads of `samples`; device "cpu" for rules that hold what CPU kernels give, on zeros."""
    listed = {name: given if isinstance(given, Sequence) else (given,) for name, given in samples.items()}
    TESTED.update({name: (several, device) for name, several in listed.items()})

    @pytest.mark.parametrize("overload", list(samples))
    def test(overload: str) -> None:
        for sample in listed[overload]:
            accepted = over_examples(partial(check, overload, sample, device), examples)
            assert accepted, f"torch refused every sample of {overload}"

    return test


def over_examples(accepts: Callable[[Sequence[Sizes], int], bool], examples: int) -> int:
    """How many of some random examples, of two sets of sizes and a seed each, a check accepts."""
    accepted = 0
    size = st.integers(1, 6)
    points = st.tuples(size, size, size, size)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(points, points, st.integers(0, 2**32))
    def run(first: Sizes, second: Sizes, seed: int) -> None:
        nonlocal accepted
        accepted += accepts((first, second), seed)

    run()
    return accepted


def check(overload: str, sample: Sample, device: str, points: Sequence[Sizes], seed: int) -> bool:
    """False when torch refuses the arguments: what dtypes an operator takes is not the rules' business."""
    static: list[tuple[Tensor, ...]] = []
    for sizes in points:
        arguments = sample(Draw(sizes, seed))
        expected = meta(overload, arguments, device)
        if isinstance(expected, Exception):
            return False
        found = infer.infer(overload, arguments)
        told = f"{overload}({', '.join(f'{k}={v}' for k, v in arguments.items())})"
        static.append(as_torch_says(told, found, expected))
        for have, want in zip(found, expected, strict=True):
            if have.dim_order is not None and 1 not in have.sizes:  # else torch has several orders to choose from
                assert _has_order(want, have.dim_order), f"{told}: {have}, torch's strides: {want.stride()}"
    assert_become(overload, infer.infer(overload, sample(Draw(SYMBOLS, seed))), static, points)
    return True


def as_torch_says(told: str, found: Sequence[Tensor], expected: Sequence[torch.Tensor]) -> tuple[Tensor, ...]:
    """`found` with the sizes that data decided, after asserting that these are the tensors that torch gave."""
    assert len(found) == len(expected), told
    results: list[Tensor] = []
    for have, want in zip(found, expected, strict=True):
        assert have.dtype.name == str(want.dtype).removeprefix("torch."), f"{told}: {have}, torch: {want.dtype}"
        assert have.rank == want.dim(), f"{told}: {have}, torch: {list(want.shape)}"
        sizes = tuple(w if s == DATA_SIZE else s for s, w in zip(have.sizes, want.shape, strict=True))
        assert sizes == tuple(want.shape), f"{told}: {have}, torch: {list(want.shape)}"
        results.append(have.like(sizes=sizes))
    return tuple(results)


def assert_become(
    told: str, symbolic: Sequence[Tensor], static: Sequence[Sequence[Tensor]], points: Sequence[Sizes]
) -> None:
    """Assert that results over symbols are the static ones once their numbers are put in."""
    for sizes, results in zip(points, static, strict=True):
        values = dict(zip(NAMES, sizes, strict=True))
        for have, want in zip(symbolic, results, strict=True):
            assert have.dtype is want.dtype, told
            pairs = zip(have.sizes, want.sizes, strict=True)
            assert all(s == DATA_SIZE or evaluate(s, values) == w for s, w in pairs), f"{told}: {have} at {values}"


def _has_order(value: torch.Tensor, order: Sequence[int]) -> bool:
    return value.permute(*order).is_contiguous()


def refused(overload: str, *, device: str = "meta", **arguments: Any) -> str:
    """The sentence with which the rule refuses arguments that torch refuses too."""
    assert isinstance(meta(overload, arguments, device), Exception), "torch accepts these arguments"
    with pytest.raises(infer.InferenceError) as error:
        infer.infer(overload, arguments)
    return str(error.value)


def meta(overload: str, arguments: Arguments, device: str = "meta") -> tuple[torch.Tensor, ...] | Exception:
    """What torch gives on tensors of a device, or the error with which it refuses."""
    name, _, variant = overload.partition(".")
    function = DIM_ORDER_FUNCTIONS.get(name) or getattr(getattr(torch.ops.aten, name), variant or "default")
    try:
        result = function(**{name: _to_torch(value, device) for name, value in arguments.items()})
    except Exception as error:  # torch's refusals have no common class
        return error
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def _in_order(self: Any, *, dtype: Any = None, dim_order: Any = None) -> torch.Tensor:
    order, kept = dim_order or self.dim_order(), dtype or self.dtype
    return torch.empty_permuted(self.shape, order, dtype=kept, device=self.device)


def _empty(size: Any, *, dtype: Any = None, dim_order: Any = None) -> torch.Tensor:
    return torch.empty_permuted(size, dim_order or list(range(len(size))), dtype=dtype, device="meta")


DIM_ORDER_FUNCTIONS: Mapping[str, Callable[..., torch.Tensor]] = {
    "_to_dim_order_copy": _in_order,
    "_clone_dim_order": _in_order,
    "_empty_dim_order": _empty,
}
"""What stands for the operators that ExecuTorch, not ATen, defines."""

_MEMORY_FORMATS = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")


def _to_torch(value: Any, device: str) -> Any:
    if isinstance(value, Tensor):
        order = list(value.order)
        dtype = getattr(torch, value.dtype.name)
        return torch.empty_permuted(value.shape, order, dtype=dtype, device=device).zero_()
    if isinstance(value, Dtype):
        return getattr(torch, value.name)
    if value in _MEMORY_FORMATS:
        return getattr(torch, value)
    if isinstance(value, list | tuple):
        return [_to_torch(v, device) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value
