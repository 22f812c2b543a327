"""Elementwise inference rules and type promotion against torch."""

from itertools import product
from typing import Any

import pytest
import torch
from infer_harness import CHANNELS_LAST, FLOATS, Arguments, Draw, Sample, meta, refused, rule_test

from etc.dialects import dtypes
from etc.dialects.infer import infer
from etc.dialects.infer.promotion import result_dtype
from etc.dialects.tensor import Tensor, tensor

BOOL, F32, I64 = dtypes.bool_, dtypes.float32, dtypes.int64


def unary(d: Draw) -> Arguments:
    return {"self": d.any()}


def unary_float(d: Draw) -> Arguments:
    return {"self": d.any(dtype=d.float_dtype)}


def binary(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "other": d.partner(self)}


def stretched_binary(d: Draw) -> Arguments:
    """The first operand is the one that broadcasts."""
    other = d.any()
    return {"self": d.partner(other), "other": other}


def by_scalar(d: Draw) -> Arguments:
    return {"self": d.any(), "other": d.number()}


def of_scalar(d: Draw) -> Arguments:
    return {"self": d.number(), "other": d.any()}


def clamp_tensor(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "min": d.partner(self), "max": d.choice(None, self)}


def where(d: Draw) -> Arguments:
    self = d.any()
    return {"condition": d.partner(self, dtype=BOOL), "self": self, "other": d.partner(self)}


def masked_fill(d: Draw) -> Arguments:
    self = d.any(dtype=d.float_dtype)
    return {"self": self, "mask": d.partner(self, dtype=BOOL)}


def ternary(d: Draw) -> Arguments:
    self = d.any()
    return {"self": self, "tensor1": d.partner(self), "tensor2": d.partner(self)}


def lerp(d: Draw) -> Arguments:
    self = d.any(dtype=d.float_dtype)
    return {"self": self, "end": d.partner(self, dtype=self.dtype)}


def loss(d: Draw) -> Arguments:
    self = d.any(dtype=d.float_dtype)
    return {"self": self, "target": d.tensor(*self.sizes), "reduction": d.choice(0, 1, 2)}


def glu(d: Draw) -> Arguments:
    return {"self": d.tensor(d.a, d.b * 2, d.c), "dim": d.choice(1, -2)}


def with_arguments(sample: Sample, **more: object) -> Sample:
    return lambda d: {**sample(d), **more}


UNARY = """
    neg sgn sign relu ceil floor round trunc frac bitwise_not nan_to_num conj_physical _conj_physical
    acos acosh asin asinh atan atanh cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 i0 lgamma log log10 log1p
    log2 logit rad2deg reciprocal rsqrt sigmoid sin sinc sinh sqrt tan tanh
    isnan isinf isfinite isposinf isneginf signbit logical_not abs angle resolve_conj resolve_neg square positive
"""
UNARY_FLOAT = """
    celu elu gelu hardsigmoid hardswish hardtanh leaky_relu relu6 log_sigmoid log_sigmoid_forward mish selu silu
    softplus softshrink hardshrink
"""
BINARY = """
    add.Tensor sub.Tensor mul.Tensor rsub.Tensor fmod.Tensor remainder.Tensor floor_divide
    bitwise_and.Tensor bitwise_or.Tensor bitwise_xor.Tensor bitwise_left_shift.Tensor bitwise_right_shift.Tensor
    __and__.Tensor __or__.Tensor maximum minimum max.other min.other fmax fmin hypot nextafter gcd
    div.Tensor atan2 copysign.Tensor xlogy.Tensor logaddexp
    eq.Tensor ne.Tensor lt.Tensor le.Tensor gt.Tensor ge.Tensor logical_and logical_or logical_xor
"""
BY_SCALAR = """
    add.Scalar sub.Scalar mul.Scalar rsub.Scalar fmod.Scalar remainder.Scalar floor_divide.Scalar
    bitwise_and.Scalar bitwise_or.Scalar bitwise_xor.Scalar bitwise_left_shift.Tensor_Scalar
    bitwise_right_shift.Tensor_Scalar div.Scalar xlogy.Scalar_Other copysign.Scalar
    eq.Scalar ne.Scalar lt.Scalar le.Scalar gt.Scalar ge.Scalar
"""
OF_SCALAR = "remainder.Scalar_Tensor bitwise_and.Scalar_Tensor xlogy.Scalar_Self"

SAMPLES: dict[str, Sample | list[Sample]] = {
    **dict.fromkeys(UNARY.split(), unary),
    **dict.fromkeys(UNARY_FLOAT.split(), unary_float),
    **{name: [binary, stretched_binary] for name in BINARY.split()},
    **dict.fromkeys(BY_SCALAR.split(), by_scalar),
    **dict.fromkeys(OF_SCALAR.split(), of_scalar),
    "round.decimals": with_arguments(unary_float, decimals=2),
    "threshold": with_arguments(unary_float, threshold=1.0, value=2.0),
    "dropout": lambda d: {"input": d.any(dtype=d.float_dtype), "p": 0.5, "train": d.flag()},
    "polygamma": with_arguments(unary, n=1),
    "frexp.Tensor": unary_float,
    "glu": glu,
    "div.Tensor_mode": lambda d: {**binary(d), "rounding_mode": d.choice("floor", "trunc", None)},
    "div.Scalar_mode": lambda d: {**by_scalar(d), "rounding_mode": d.choice("floor", "trunc", None)},
    "isclose": lambda d: {"self": (x := d.any()), "other": d.partner(x, dtype=x.dtype)},
    # Without bool: torch's meta kernel makes int64 of it, its CPU kernel refuses.
    "pow.Tensor_Tensor": lambda d: {"self": (x := unary_float(d)["self"]), "exponent": d.partner(x)},
    "pow.Tensor_Scalar": lambda d: {**unary_float(d), "exponent": d.number()},
    "pow.Scalar": lambda d: {"self": d.number(), "exponent": d.any(dtype=d.choice(*FLOATS, I64))},
    "float_power.Tensor_Tensor": lambda d: {"self": (x := d.any()), "exponent": d.partner(x)},
    "float_power.Tensor_Scalar": lambda d: {"self": d.any(), "exponent": d.number()},
    "heaviside": lambda d: {"self": (x := d.any()), "values": d.partner(x, dtype=x.dtype)},
    "_prelu_kernel": lambda d: {"self": (x := d.any(dtype=d.float_dtype)), "weight": d.partner(x, dtype=x.dtype)},
    "prelu": lambda d: {"self": d.tensor(d.a, d.b, d.c), "weight": d.tensor(d.b)},
    "complex": lambda d: {"real": (x := d.any(dtype=F32)), "imag": d.partner(x, dtype=F32)},
    "real": unary,
    "view_as_real": lambda d: {"self": d.tensor(d.a, d.b, dtype=dtypes.complex64)},
    "view_as_real_copy": lambda d: {"self": d.tensor(d.a, d.b, dtype=dtypes.complex64)},
    "view_as_complex": lambda d: {"self": d.tensor(d.a, d.b, 2, dtype=F32)},
    "view_as_complex_copy": lambda d: {"self": d.tensor(d.a, d.b, 2, dtype=F32)},
    "clamp": lambda d: {"self": d.any(), "min": d.number(), "max": d.choice(None, 3, 2.5)},
    "clamp.Tensor": clamp_tensor,
    "clamp_min": lambda d: {"self": d.any(), "min": d.number()},
    "clamp_min.Tensor": lambda d: {"self": (x := d.any()), "min": d.partner(x)},
    "clamp_max": lambda d: {"self": d.any(), "max": d.number()},
    "clamp_max.Tensor": lambda d: {"self": (x := d.any()), "max": d.partner(x)},
    "where.self": where,
    "where.ScalarSelf": lambda d: {**where(d), "self": d.number()},
    "where.ScalarOther": lambda d: {**where(d), "other": d.number()},
    "where.Scalar": lambda d: {**where(d), "self": d.number(), "other": d.number()},
    "masked_fill.Scalar": with_arguments(masked_fill, value=2.5),
    "masked_fill.Tensor": with_arguments(masked_fill, value=tensor(F32, ())),
    "addcmul": ternary,
    "addcdiv": ternary,
    "lerp.Scalar": with_arguments(lerp, weight=0.5),
    "lerp.Tensor": lambda d: {**(args := lerp(d)), "weight": d.partner(args["self"], dtype=args["self"].dtype)},
    **dict.fromkeys(["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"], loss),
    "binary_cross_entropy": loss,
    "binary_cross_entropy_with_logits": loss,
}

test_rules = rule_test(SAMPLES)


def test_promotion_is_torch_result_type() -> None:
    """All pairs of dtypes, each as tensor with dimensions, rank-0 tensor and scalar."""
    plain = [d for d in dtypes.DTYPES if d.name not in ("uint16", "uint32", "uint64")]
    described = [*(tensor(d, shape) for d in plain for shape in ((3,), ())), True, 2, 2.5, 1j]
    wrong: list[str] = []
    for a, b in product(described, repeat=2):
        if not isinstance(a, Tensor) and not isinstance(b, Tensor):
            continue
        want = str(torch.result_type(_real(a), _real(b))).removeprefix("torch.")
        if want == "complex32":  # a dtype that this compiler does not have
            continue
        have = result_dtype(a, b)
        if have.name != want:
            wrong.append(f"{a}, {b}: {have}, torch: {want}")
    assert not wrong, "\n".join(wrong)


def _real(operand: Any) -> Any:
    if isinstance(operand, Tensor):
        return torch.empty(operand.shape, dtype=getattr(torch, operand.dtype.name))
    return operand


@pytest.mark.parametrize(
    ("shape", "order", "expected"),
    [
        ((2, 3, 4, 5), CHANNELS_LAST, CHANNELS_LAST),
        ((3, 1, 1), None, CHANNELS_LAST),
        ((1, 3, 1, 1), None, CHANNELS_LAST),
        ((), None, CHANNELS_LAST),
        ((2, 3, 4, 5), None, None),
    ],
)
def test_operands_of_the_full_shape_decide_the_dim_order(
    shape: tuple[int, ...], order: tuple[int, ...] | None, expected: tuple[int, ...] | None
) -> None:
    image, other = tensor(F32, (2, 3, 4, 5), CHANNELS_LAST), tensor(F32, shape, order)
    for arguments in ({"self": image, "other": other}, {"self": other, "other": image}):
        (result,) = infer("add.Tensor", arguments)
        assert result.dim_order == expected
        real = meta("add.Tensor", arguments)
        assert not isinstance(real, Exception)
        assert expected is None or real[0].is_contiguous(memory_format=torch.channels_last)


def test_refusals() -> None:
    image = tensor(F32, (2, 3))
    assert refused("add.Tensor", self=image, other=tensor(F32, (4,))) == (
        "shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 differ"
    )
    assert refused("glu", self=image, dim=1) == "dimension 1 of `self` has the odd size 3, it cannot be halved"
    assert refused("glu", self=image, dim=5) == "dimension 5 is out of range for a tensor of rank 2"
    assert refused("clamp", self=image) == "`min` and `max` are both absent, expected at least one of them"
    assert refused("masked_fill.Scalar", self=image, mask=image, value=1) == "`mask` holds float32, expected bool"
    assert refused("view_as_real", self=image) == "`self` holds float32, expected complex numbers"
    assert refused("lerp.Scalar", self=image, end=tensor(I64, (2, 3)), weight=0.5) == (
        "`self` holds float32 and `end` int64, expected the same dtype"
    )
    assert refused("div.Tensor_mode", self=image, other=image, rounding_mode="up") == (
        "`rounding_mode` is 'up', expected none, 'floor' or 'trunc'"
    )
