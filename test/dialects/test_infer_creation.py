"""Inference rules of fills, ranges, random numbers, copies and casts against torch."""

import pytest
import torch
from infer_harness import CHANNELS_LAST, REALS, Arguments, Draw, Sample, meta, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.infer import InferenceError, infer
from etc.dialects.symbolic import symbol
from etc.dialects.tensor import tensor

F32 = dtypes.float32


def some(d: Draw) -> Arguments:
    return {"self": d.any()}


def image(d: Draw) -> Arguments:
    order = d.choice(None, CHANNELS_LAST)
    return {"self": d.tensor(d.a, d.b, d.c, d.d, order=order), "memory_format": any_format(d)}


def any_format(d: Draw) -> str | None:
    return d.choice(None, "channels_last", "contiguous_format", "preserve_format")


def cast(d: Draw) -> Arguments:
    return {**image(d), "dtype": d.other}


def like(d: Draw) -> Arguments:
    return {**image(d), "dtype": d.choice(None, d.other)}


def sized(d: Draw) -> Arguments:
    return {"size": list(d.shape()), "dtype": d.choice(None, d.dtype)}


def floating_size(d: Draw) -> Arguments:
    return {"size": list(d.shape()), "dtype": d.choice(None, d.float_dtype)}


def new(d: Draw) -> Arguments:
    return {"self": d.any(), **sized(d)}


def copied(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "src": d.partner(self)}


def with_arguments(sample: Sample, **more: object) -> Sample:
    return lambda d: {**sample(d), **more}


def strided(d: Draw) -> Arguments:
    size = [d.a + 1, d.b + 1, d.c + 1]
    stride = d.choice([size[1] * size[2], size[2], 1], [size[1] * size[2], 1, size[1]])
    return {"size": size, "stride": stride}


def arange(d: Draw) -> Arguments:
    start, step = d.choice((0, 1), (-3, 2), (2.5, 0.5), (0, 3.0))
    return {"start": start, "end": d.choice(7, 9.5, 3), "step": step, "dtype": d.choice(None, d.choice(*REALS))}


def arange_to_size(d: Draw) -> Arguments:
    start, end, step = d.choice((0, d.a, 1), (0, d.a, 2), (-3, d.b * 2, 3), (d.a, -1, -2), (d.a, d.a + d.b, 2))
    return {"start": start, "end": end, "step": step}


SAMPLES: dict[str, Sample | list[Sample]] = {
    **dict.fromkeys(["alias", "alias_copy", "detach", "lift", "lift_fresh", "lift_fresh_copy", "detach_copy"], some),
    **dict.fromkeys(["bernoulli", "normal_functional", "uniform"], lambda d: {"self": d.any(dtype=d.float_dtype)}),
    "bernoulli.p": lambda d: {"self": d.any(dtype=d.float_dtype), "p": 0.5},
    "exponential": lambda d: {"self": d.any(dtype=d.float_dtype)},
    "clone": [image, some],
    "contiguous": lambda d: {"self": d.any()},
    "_to_copy": [cast, some],
    "to.dtype": cast,
    "to.dtype_layout": cast,
    "to.other": lambda d: {**image(d), "other": d.any()},
    "type_as": lambda d: {"self": d.any(), "other": d.any()},
    "copy": copied,
    "fill.Scalar": with_arguments(some, value=2),
    "fill.Tensor": with_arguments(some, value=tensor(F32, ())),
    "zeros": sized,
    "ones": sized,
    "rand": floating_size,
    "randn": floating_size,
    "full": lambda d: {**sized(d), "fill_value": d.number()},
    "empty.memory_format": [
        sized,
        lambda d: {"size": [d.a, d.b, d.c, d.d], "memory_format": d.choice(None, "channels_last", "contiguous_format")},
    ],
    "empty_permuted": lambda d: {"size": [d.a, d.b, d.c, d.d], "physical_layout": d.choice([0, 2, 3, 1], [3, 1, 0, 2])},
    "empty_strided": strided,
    "new_empty_strided": lambda d: {"self": d.any(), **strided(d)},
    "full_like": with_arguments(like, fill_value=2.5),
    **dict.fromkeys(["zeros_like", "ones_like", "empty_like"], like),
    **dict.fromkeys(["rand_like", "randn_like"], lambda d: {**image(d), "dtype": d.choice(None, d.float_dtype)}),
    "randint_like": with_arguments(image, high=4),
    "randint_like.low_dtype": with_arguments(image, low=1, high=4),
    **dict.fromkeys(["new_zeros", "new_ones", "new_empty"], new),
    "new_full": with_arguments(new, fill_value=1),
    "scalar_tensor": lambda d: {"s": d.number(), "dtype": d.choice(None, d.dtype)},
    "randint": lambda d: {"high": 5, "size": list(d.shape())},
    "randint.low": lambda d: {"low": 1, "high": 5, "size": list(d.shape()), "dtype": d.choice(*REALS)},
    "randperm": lambda d: {"n": d.a * 2},
    "multinomial": lambda d: {"self": d.tensor(d.a, 6), "num_samples": d.choice(1, 4)},
    "eye": lambda d: {"n": d.a, "dtype": d.choice(None, d.dtype)},
    "eye.m": lambda d: {"n": d.a, "m": d.b},
    "polar": lambda d: {"abs": (x := d.any(dtype=F32)), "angle": x},
    "arange": lambda d: {"end": d.choice(5, 2.5, d.a)},
    "arange.start": lambda d: {"start": d.choice(1, -2, 0.5), "end": d.choice(5, 7.25)},
    "arange.start_step": [arange, arange_to_size],
    "linspace": lambda d: {"start": 0, "end": d.choice(1, 2.5), "steps": d.choice(0, 5), "dtype": d.choice(None, F32)},
    "tril": lambda d: {"self": d.any(2), "diagonal": d.choice(0, -1)},
    "triu": lambda d: {"self": d.any(2), "diagonal": d.choice(0, 2)},
    "tril_indices": lambda d: {"row": d.choice(0, 3, 5), "col": d.choice(2, 6), "offset": d.choice(-7, -1, 0, 2, 9)},
    "triu_indices": lambda d: {"row": d.choice(0, 3, 5), "col": d.choice(2, 6), "offset": d.choice(-7, -1, 0, 2, 9)},
}

test_rules = rule_test(SAMPLES)


def in_order(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "dim_order": d.choice(None, d.rng.sample(range(self.rank), self.rank))}


def empty_in_order(d: Draw) -> Arguments:
    self = in_order(d)
    return {"size": list(self["self"].sizes), "dtype": d.choice(None, d.dtype), "dim_order": self["dim_order"]}


DIM_ORDERS: dict[str, Sample | list[Sample]] = {
    "_to_dim_order_copy": lambda d: {**in_order(d), "dtype": d.choice(None, d.other)},
    "_clone_dim_order": in_order,
    "_empty_dim_order": empty_in_order,
}

test_dim_orders = rule_test(DIM_ORDERS)

PLAIN = tensor(F32, (2, 3, 4, 5))
LAST = tensor(F32, (2, 3, 4, 5), CHANNELS_LAST)


@pytest.mark.parametrize("overload", ["clone", "_to_copy", "zeros_like", "empty_like", "contiguous"])
@pytest.mark.parametrize("memory_format", [None, "channels_last", "contiguous_format", "preserve_format"])
@pytest.mark.parametrize("self", [PLAIN, LAST], ids=["plain", "channels_last"])
def test_memory_formats(overload: str, memory_format: str | None, self: object) -> None:
    """Exactly torch's order, on sizes that leave no doubt which it is."""
    arguments = {"self": self, "memory_format": memory_format}
    if overload == "contiguous" and memory_format in (None, "preserve_format"):
        arguments["memory_format"] = "contiguous_format"
    real = meta(overload, arguments)
    assert not isinstance(real, Exception)
    is_last = real[0].is_contiguous(memory_format=torch.channels_last)
    assert infer(overload, arguments)[0].dim_order == (CHANNELS_LAST if is_last else None)


def test_strides_give_the_dim_order() -> None:
    (result,) = infer("empty_strided", {"size": [2, 3, 4, 5], "stride": [60, 1, 15, 3]})
    assert result == LAST


def test_dim_order_operators() -> None:
    (cast,) = infer("_to_dim_order_copy", {"self": PLAIN, "dtype": dtypes.int8, "dim_order": [0, 2, 3, 1]})
    assert cast == tensor(dtypes.int8, (2, 3, 4, 5), CHANNELS_LAST)
    assert infer("_to_dim_order_copy", {"self": LAST, "dtype": dtypes.int8}) == (LAST.like(dtype=dtypes.int8),)
    assert infer("_clone_dim_order", {"self": LAST, "dim_order": [0, 1, 2, 3]}) == (PLAIN,)
    assert infer("_clone_dim_order", {"self": LAST}) == (LAST,)
    assert infer("_empty_dim_order", {"size": [2, 3, 4, 5], "dim_order": [0, 2, 3, 1]}) == (LAST,)
    with pytest.raises(InferenceError) as error:
        infer("_clone_dim_order", {"self": PLAIN, "dim_order": [0, 1]})
    assert str(error.value) == "`dim_order` is [0, 1], expected a permutation of the 4 dimensions of the tensor"


def test_refusals() -> None:
    assert refused("clone", self=tensor(F32, (2, 3)), memory_format="channels_last") == (
        "`memory_format` channels_last is for tensors of rank 4, this one has rank 2"
    )
    assert refused("clone", self=PLAIN, memory_format="nhwc") == (
        "`memory_format` is 'nhwc', expected one of contiguous_format, preserve_format, channels_last, channels_last_3d"
    )
    assert refused("copy", self=tensor(F32, (2, 1)), src=tensor(F32, (2, 3))) == (
        "`src` is tensor<2x3xf32>, which does not broadcast to the shape of `self`, tensor<2x1xf32>"
    )
    assert refused("fill.Tensor", self=PLAIN, value=tensor(F32, (1, 1))) == (
        "`value` has rank 2, expected a tensor of rank 0"
    )
    assert refused("zeros", size=[2, -1]) == "`size` has the negative size -1"
    assert refused("empty_strided", size=[2, 3], stride=[1]) == (
        "`size` has 2 dimensions and `stride` 1, expected equal numbers"
    )
    assert refused("arange.start_step", start=0, end=4, step=0) == (
        "`step` is 0, expected a number that leads from `start` to `end`"
    )
    assert refused("arange.start", start=4, end=0) == "`step` 1 does not lead from `start` 4 to `end` 0"
    assert refused("tril", self=tensor(F32, (3,))) == "`self` has rank 1, expected at least 2"
    assert refused("multinomial", self=PLAIN, num_samples=1) == "`self` has rank 4, expected 1 or 2"


def test_a_range_of_unknown_length_is_refused() -> None:
    with pytest.raises(InferenceError) as error:
        infer("arange.start_step", {"start": 0, "end": symbol("s0"), "step": 0.5})
    assert str(error.value) == (
        "the length of the range from 0 to s0 by 0.5 is not known: "
        "a bound is a symbolic size, so the others must be integers"
    )
