"""Every edge op computes, and verifies, the result types that torch's meta kernels give, over numbers and symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from infer_harness import (
    SYMBOLS,
    TESTED,
    Arguments,
    Draw,
    Sample,
    Sizes,
    as_torch_says,
    assert_become,
    meta,
    over_examples,
)
from test_edge import TENSOR_OPTIONS, every_op, held_against_torch
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Block
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from etc.dialects import dtypes
from etc.dialects.edge.base import FLOAT, EdgeOp
from etc.dialects.symbolic import Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError

EXAMPLES = 6
WITHOUT_SIZES = {"edge.scalar_tensor"}
"""Ops that have neither operands with sizes nor sizes as arguments."""


@dataclass
class OneDtype(Draw):
    """Tensors of one dtype: edge has type promotion behind it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.other = self.dtype
        if self.dtype in FLOAT:
            self.float_dtype = self.dtype


def arguments_of(cls: type[EdgeOp], sample: Sample, sizes: Any, seed: int) -> dict[str, Any]:
    """What a sample draws for an op, without what the op does not have."""
    return {name: v for name, v in sample(OneDtype(sizes, seed)).items() if name not in TENSOR_OPTIONS}


def operation(cls: type[EdgeOp], arguments: Arguments) -> EdgeOp:
    """An op whose operands are arguments of a block, verified."""
    block = Block()

    def value(given: Any) -> Any:
        if isinstance(given, Tensor):
            return block.insert_arg(given.type, len(block.args))
        return [value(v) for v in given] if isinstance(given, list | tuple) else given  # pyright: ignore[reportUnknownVariableType]

    op = cls.of(**{name: value(given) for name, given in arguments.items()})
    block.add_op(op)
    op.verify()
    return op


def results_of(op: EdgeOp) -> tuple[Tensor, ...]:
    return tuple(Tensor.of(result.type) for result in op.results)


def has_symbols(arguments: Mapping[str, Any]) -> bool:
    def found(value: Any) -> bool:
        if isinstance(value, list | tuple):
            return any(map(found, value))  # pyright: ignore[reportUnknownArgumentType]
        return isinstance(value, Expr) or (isinstance(value, Tensor) and not value.is_static)

    return any(map(found, arguments.values()))


@every_op
def test_shape_inference(cls: type[EdgeOp]) -> None:
    held_against_torch()
    samples, device = TESTED[cls.schema().key]
    over_symbols = 0

    def accepts(sample: Sample, points: Sequence[Sizes], seed: int) -> bool:
        """False where torch or the op refuses the dtypes."""
        nonlocal over_symbols
        static: list[tuple[Tensor, ...]] = []
        for sizes in points:
            arguments = arguments_of(cls, sample, sizes, seed)
            expected = meta(cls.schema().key, arguments, device)
            if isinstance(expected, Exception):
                return False
            try:
                op = operation(cls, arguments)
            except (EtcError, VerifyException):
                return False
            static.append(as_torch_says(f"{op}", results_of(op), expected))
        arguments = arguments_of(cls, sample, SYMBOLS, seed)
        over_symbols += has_symbols(arguments)
        symbolic = operation(cls, arguments)
        assert_holds_its_types(symbolic)
        assert_become(cls.name, results_of(symbolic), static, points)
        return True

    accepted = sum(over_examples(partial(accepts, sample), EXAMPLES) for sample in samples)
    assert accepted, f"no sample of {cls.schema().key} is one of {cls.name}"
    assert over_symbols or cls.name in WITHOUT_SIZES


def assert_holds_its_types(op: EdgeOp) -> None:
    """Assert that the verifier takes no other type for any result."""
    for result in op.results:
        right = Tensor.of(result.type)
        wrong = (
            right.like(sizes=(*right.sizes, 3), dim_order=None),
            right.like(dtype=dtypes.int8 if right.dtype is not dtypes.int8 else dtypes.int16),
        )
        for other in wrong:
            changed = Rewriter.replace_value_with_new_type(result, other.type)
            with pytest.raises(VerifyException):
                op.verify()
            result = Rewriter.replace_value_with_new_type(changed, right.type)
            assert isinstance(result.type, TensorType)
