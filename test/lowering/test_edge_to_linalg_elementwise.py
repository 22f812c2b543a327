"""Elementwise operators in C: functions of one and of two tensors, activations, selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from c_cases import HALVES, INF, INTEGERS, NAN, Cases, assert_all_covered, numbers
from c_harness import CPrograms
from torch import Tensor

from etc.dialects import dtypes, edge
from etc.dialects.edge import binary, elementwise, unary
from etc.dialects.edge.base import EdgeOp
from etc.errors import EtcError

HALF, BOOL = torch.float16, torch.bool
SPECIALS = torch.tensor([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 100.0, -100.0, INF, -INF, NAN])
"""Where functions have corners"""
ENDS = {d: torch.tensor([torch.iinfo(d).min, torch.iinfo(d).max, 0, 1, 7, 100]).to(d) for d in INTEGERS}
"""The least and the largest integers, and some between"""
TRUTHS = torch.tensor([True, False])
SMALL = torch.tensor([-7, -6, -1, 0, 1, 6, 7])


def name_of(op: type[EdgeOp]) -> str:
    return op.name.removeprefix("edge.")


# One tensor

CASES = Cases()
PREDICATES = (edge.IsinfOp, edge.IsnanOp, edge.LogicalNotOp)
for op in unary.OPS:
    name = name_of(op)
    if issubclass(op, unary.FloatingUnaryOp):
        CASES.add(f"{name}_specials", op.of, SPECIALS)
        CASES.add(f"{name}_inside", op.of, numbers(3, 4, low=-0.99, high=0.99))
        CASES.add(f"{name}_float16", op.of, numbers(5, dtype=HALF, low=0.01, high=0.99))
        CASES.add(f"{name}_int8", op.of, ENDS[torch.int8])
        CASES.add(f"{name}_bool", op.of, TRUTHS)
    elif op is not edge.BitwiseNotOp:
        CASES.add(f"{name}_specials", op.of, SPECIALS)
        CASES.add(f"{name}_bfloat16", op.of, numbers(2, 3, dtype=torch.bfloat16))
        CASES.add(f"{name}_float64", op.of, SPECIALS.double())
    if not issubclass(op, unary.FloatingUnaryOp):
        for dtype, ends in ENDS.items():
            CASES.add(f"{name}_{dtype}", op.of, ends)
    if op in (*PREDICATES, edge.SignOp, edge.BitwiseNotOp):
        CASES.add(f"{name}_bool", op.of, TRUTHS)
CASES.add("logit_eps", partial(edge.logit, eps=0.1), [0.0, 0.05, 0.5, 0.97, 1.0, NAN])
CASES.add("exp_number", edge.exp, 1.25)
CASES.add("exp_nothing", edge.exp, torch.empty(3, 0))
CASES.add("exp_float64", edge.exp, numbers(3, dtype=torch.float64))
CASES.add("tanh_dynamic", edge.tanh, numbers(4, 3), n=(0, 0))

# Two tensors

ROW, COLUMN = numbers(4), numbers(3, 1, low=-2)
PAIRS = torch.cartesian_prod(SPECIALS, SPECIALS).T.contiguous()
DIVISIONS = (edge.DivModeOp, edge.FloorDivideOp, edge.FmodOp, edge.RemainderOp)
OF_FLOATS = [
    op for op in binary.OPS if not issubclass(op, (binary.BitwiseOp, binary.ShiftOp)) and op is not edge.PowScalarOp
]
for op in OF_FLOATS:
    name = name_of(op)
    CASES.add(f"{name}_specials", op.of, *PAIRS)
    CASES.add(f"{name}_broadcast", op.of, ROW, COLUMN)
    CASES.add(f"{name}_float16", op.of, numbers(3, 1, dtype=HALF), numbers(4, dtype=HALF, low=0.5))
    CASES.add(f"{name}_bfloat16", op.of, numbers(3, dtype=torch.bfloat16, low=0.5), numbers(1, dtype=torch.bfloat16))
    CASES.add(f"{name}_number", op.of, numbers(2, 3, low=0.1), 1.5)
    CASES.add(f"{name}_dynamic", op.of, numbers(2, 3, low=0.1), numbers(2, 1), n=(0, 0), m=(0, 1))
for op in [op for op in OF_FLOATS if op not in (*DIVISIONS, edge.PowOp)]:
    for dtype, ends in ENDS.items():
        CASES.add(f"{name_of(op)}_{dtype}", op.of, ends[:, None], ends)
    if op is not edge.SubOp:
        CASES.add(f"{name_of(op)}_bool", op.of, TRUTHS[:, None], TRUTHS)


def with_small(name: str, build: Callable[..., Any], dtype: torch.dtype) -> None:
    small = SMALL.to(dtype)
    CASES.add(f"{name}_{dtype}", build, small[:, None], small[small != 0])


for dtype in INTEGERS:
    for op in DIVISIONS[1:]:
        with_small(name_of(op), op.of, dtype)
    for mode in ("floor", "trunc"):
        with_small(f"div_{mode}", partial(edge.div_mode, rounding_mode=mode), dtype)
for mode in ("floor", "trunc"):
    CASES.add(f"div_{mode}_specials", partial(edge.div_mode, rounding_mode=mode), *PAIRS)
    operands = numbers(40, dtype=HALF), numbers(40, dtype=HALF, low=0.1)
    CASES.add(f"div_{mode}_float16", partial(edge.div_mode, rounding_mode=mode), *operands)
CASES.add("fmod_far_apart", edge.fmod, [1e30, 3.4e38, 1e-40, 5.0, -1e20], [7e-3, 3.0, 1e-42, 1e-45, -3e19])
CASES.add("floor_divide_by_3", lambda x: edge.floor_divide(x, edge.full([], 3, dtype=dtypes.int64)), SMALL)
for op in (edge.BitwiseAndOp, edge.BitwiseOrOp, edge.BitwiseXorOp):
    for values in (*ENDS.values(), TRUTHS):
        CASES.add(f"{name_of(op)}_{values.dtype}", op.of, values[:, None], values)
for dtype, ends in ENDS.items():
    counts = torch.tensor([0, 1, 3, 7, 8, 31, 63, 64, 100]).to(dtype)
    CASES.add(f"left_shift_{dtype}", edge.bitwise_left_shift, ends[:, None], counts)
    CASES.add(f"right_shift_{dtype}", edge.bitwise_right_shift, ends[:, None], counts)
for op in (edge.LogicalAndOp, edge.LogicalOrOp, edge.LogicalXorOp):
    CASES.add(f"{name_of(op)}_mixed", op.of, ENDS[torch.uint8], numbers(6, dtype=BOOL))
CASES.add("add_alpha", partial(edge.add, alpha=0.25), ROW, COLUMN)
CASES.add("add_alpha_int8", partial(edge.add, alpha=3), ENDS[torch.int8], ENDS[torch.int8])
CASES.add("add_alpha_bool", partial(edge.add, alpha=False), TRUTHS[:, None], TRUTHS)
CASES.add("sub_alpha_float16", partial(edge.sub, alpha=2), ROW.half(), COLUMN.half())
CASES.add("add_numbers", edge.add, 2, 3)
CASES.add("add_nothing", edge.add, torch.empty(0, 4), ROW)
for dtype in INTEGERS:
    CASES.add(f"pow_{dtype}", edge.pow, SMALL.to(dtype)[:, None], torch.tensor([0, 1, 2, 5, 63]).to(dtype))
CASES.add("pow_negative", edge.pow, torch.tensor([-3, -1, 1, 2])[:, None], [-1, -2, -3])
for exponent in (0, 1, 2, 3, 7, 0.5, -0.5, 2.7, -1, -2):
    raised = partial(edge.pow_scalar, exponent=exponent)
    CASES.add(f"pow_by_{exponent}", raised, SPECIALS)
    CASES.add(f"pow_by_{exponent}_float16", raised, numbers(9, dtype=HALF, low=0.2))
    if isinstance(exponent, float) or exponent >= 0:
        CASES.add(f"pow_by_{exponent}_int32", raised, ENDS[torch.int32])

# Activations and selection


def of_floats(name: str, build: Callable[..., Any], x: Tensor = SPECIALS, *others: Tensor) -> None:
    for dtype in (torch.float32, *HALVES, torch.float64):
        inputs = [t if t.dtype is BOOL else t.to(dtype) for t in (x, *others)]
        CASES.add(f"{name}_{dtype}", build, *inputs)


of_floats("gelu", edge.gelu, SPECIALS[~SPECIALS.isinf()])  # where torch's result depends on how many elements there are
of_floats("gelu_tanh", partial(edge.gelu, approximate="tanh"))
of_floats("elu", edge.elu)
of_floats("elu_scaled", partial(edge.elu, alpha=1.5, scale=2, input_scale=0.5))
of_floats("leaky_relu", partial(edge.leaky_relu, negative_slope=0.1))
of_floats("hardtanh", edge.hardtanh)
of_floats("relu", edge.relu)
of_floats("clamp", partial(edge.clamp, min=-0.3, max=2))
of_floats("glu", edge.glu, numbers(3, 4))
of_floats("masked_fill", partial(edge.masked_fill, value=-INF), numbers(3, 4), numbers(4, dtype=BOOL))
CASES.add("glu_first", partial(edge.glu, dim=0), numbers(4, 3))
CASES.add("glu_dynamic", partial(edge.glu, dim=1), numbers(3, 4, 2), n=(0, 0))
CASES.add("gelu_dynamic", edge.gelu, numbers(2, 4, 3), n=(0, 0), m=(0, 2))
CASES.add("hardtanh_int32", partial(edge.hardtanh, min_val=-5, max_val=50), ENDS[torch.int32])
for dtype, ends in ENDS.items():
    CASES.add(f"relu_{dtype}", edge.relu, ends)
    CASES.add(f"clamp_{dtype}", partial(edge.clamp, min=3, max=90), ends)
    CASES.add(f"clamp_tensor_{dtype}", partial(edge.clamp_tensor), ends[:, None], ends.flip(0), ends)
CASES.add("clamp_int32_by_float", partial(edge.clamp, min=0.5), ENDS[torch.int32])
CASES.add("clamp_crossed", partial(edge.clamp, min=2.0, max=-1.0), SPECIALS)
CASES.add("clamp_below", partial(edge.clamp, min=0.25), SPECIALS)
CASES.add("clamp_tensor", edge.clamp_tensor, SPECIALS[:, None, None], SPECIALS[:, None], SPECIALS)
CASES.add("clamp_tensor_above", lambda x, y: edge.clamp_tensor(x, max=y), ROW, COLUMN)
CHOICE = numbers(3, 1, dtype=BOOL)
for dtype in (torch.float32, *HALVES, *INTEGERS, BOOL):
    CASES.add(f"where_{dtype}", edge.where, CHOICE, numbers(4, dtype=dtype, low=0), numbers(3, 4, dtype=dtype, low=0))
CASES.add("where_of_numbers", edge.where, CHOICE, 7, [[1, 2]])
CASES.add("masked_fill_uint8", partial(edge.masked_fill, value=200.7), ENDS[torch.uint8], numbers(6, dtype=BOOL))
CASES.add(
    "masked_fill_dynamic", partial(edge.masked_fill, value=1.5), numbers(4, 2), numbers(4, 1, dtype=BOOL), n=(0, 0)
)


@pytest.fixture(scope="module")
def programs() -> CPrograms:
    return CPrograms(CASES)


@pytest.mark.parametrize("name", CASES)
def test_computes_what_torch_computes(programs: CPrograms, name: str) -> None:
    programs.check(name)


def test_every_operator_has_a_case() -> None:
    assert_all_covered([*unary.OPS, *binary.OPS, *elementwise.OPS], CASES)


@pytest.mark.parametrize("name", ["floor_divide_int32", "remainder_int64", "div_trunc_uint8"])
def test_division_of_an_integer_by_0_is_an_error(programs: CPrograms, name: str) -> None:
    with pytest.raises(EtcError, match=f"method {name} failed"):
        programs.call(name, [x * 0 for x in CASES[name].inputs])
