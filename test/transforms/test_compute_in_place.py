"""compute-in-place on the stock runtime: no elementwise kernel minds that its result lies over an operand."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Region, SSAValue

from etc.dialects import dtypes, edge
from etc.dialects import exec as ir
from etc.dialects.dtypes import Dtype
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.emit.flatbuffer import emit_pte
from etc.errors import EtcError
from etc.lowering.edge_to_exec import EdgeToExecPass
from etc.runtime.stock import LoadedProgram
from etc.transforms.compute_in_place import ComputeInPlacePass, elementwise_kernels
from etc.transforms.plan_memory import PlanMemoryPass

pytest.importorskip("executorch")

OPERATORS: list[type[EdgeOp]] = sorted(
    (op for op in edge.Edge.operations if issubclass(op, EdgeOp) and op.has_trait(Elementwise) and op.KERNEL),
    key=lambda op: op.name,
)
DTYPES = (dtypes.float32, dtypes.int32, dtypes.bool_)
SHAPE = (3, 5)
SAMPLES: dict[str, Any] = {"Scalar": 2, "float": 0.5, "str?": "floor", "Scalar?": 0.25, "MemoryFormat?": None}


def program_with(operator: type[EdgeOp], dtype: Dtype) -> ModuleOp | None:
    """copy(operator(copies of the inputs)), so that the operator's operands and result are the method's own.

    None when the operator takes no such operands or gives another type.
    """
    schema = operator.schema()
    kinds = [arg.type for arg in schema.args if arg.type.startswith("Tensor")]
    types = [TensorType((dtypes.bool_ if _is_mask(operator, i) else dtype).ir, SHAPE) for i in range(len(kinds))]
    block = Block(arg_types=types)
    copies = [_copy(block, argument) for argument in block.args]
    tensors = iter(copies)
    arguments: dict[str, Any] = {}
    for arg in schema.args:
        if arg.type.startswith("Tensor"):
            arguments[arg.name] = next(tensors)
        elif arg.type in SAMPLES:
            arguments[arg.name] = SAMPLES[arg.type]
    try:
        op = operator.of(**arguments)
    except EtcError:
        return None
    block.add_op(op)
    if op.results[0].type not in types:
        return None
    result = _copy(block, op.results[0])
    block.add_op(ReturnOp(result))
    return ModuleOp([FuncOp("forward", (types, [result.type]), Region(block))])


def _is_mask(operator: type[EdgeOp], i: int) -> bool:
    return (operator, i) in ((edge.WhereOp, 0), (edge.MaskedFillOp, 1))


def _copy(block: Block, value: SSAValue) -> SSAValue:
    """A result in bytes of its own."""
    op = edge.FlipOp.of(value, [0])
    block.add_op(op)
    return op.results[0]


def run_on_stock_runtime(module: ModuleOp, inputs: list[Any], in_place: bool) -> tuple[Any, int]:
    """The result, and how many results lie over operands."""
    context = Context()
    EdgeToExecPass().apply(context, module)
    if in_place:
        ComputeInPlacePass().apply(context, module)
    views = sum(isinstance(op, ir.TensorOp) and op.view_of is not None for op in module.walk())
    PlanMemoryPass().apply(context, module)
    (result,) = LoadedProgram(emit_pte(module), module).run("forward", inputs)
    return result, views


def sample(type: Attribute, seed: int) -> Any:
    """Values in the domain of every operator: between 0 and 1, or small positive integers, or both truth values."""
    assert isinstance(type, TensorType)
    generator = torch.Generator().manual_seed(seed)
    values = torch.rand(type.get_shape(), generator=generator)
    if type.element_type == dtypes.bool_.ir:
        return values > 0.5
    return values if type.element_type == dtypes.float32.ir else (1 + 4 * values).to(torch.int32)


CASES = [(op, dtype) for op in OPERATORS for dtype in DTYPES if program_with(op, dtype) is not None]


@pytest.mark.parametrize(("operator", "dtype"), CASES, ids=lambda case: getattr(case, "name", None))
def test_kernels_compute_in_place(operator: type[EdgeOp], dtype: Dtype) -> None:
    module = program_with(operator, dtype)
    assert module is not None
    (method,) = (op for op in module.ops if isinstance(op, FuncOp))
    inputs = [sample(argument.type, seed) for seed, argument in enumerate(method.args)]
    if operator is edge.AcoshOp and dtype.is_float:
        inputs = [1 + value for value in inputs]
    try:
        expected, views = run_on_stock_runtime(module.clone(), inputs, in_place=False)
    except EtcError:
        pytest.skip("the stock kernel does not take this type")
    assert views == 0
    result, views = run_on_stock_runtime(module, inputs, in_place=True)
    assert views == 1
    assert torch.equal(result, expected)


def test_every_operator_is_covered() -> None:
    """All but `fill`, which wants one element for its second operand."""
    assert {op.name for op in OPERATORS} - {op.name for op, _ in CASES} == {"edge.fill"}
    assert len(elementwise_kernels()) == len(OPERATORS)
