"""Programs of one operator, decomposed and run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from decompose_cases import Call
from torch.utils._pytree import tree_flatten
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, f64, i1, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Region, SSAValue

from etc.dialects import aten
from etc.dialects.schema_op import SchemaOp
from etc.dialects.tensor import Tensor
from etc.lowering.decompose_aten import DecomposeAtenPass
from etc.lowering.import_torch_types import DTYPES
from etc.runtime.torch_executor import execute
from etc.transforms.stages import check_stage


def overload(key: str) -> Any:
    """torch's operator of a key of the table."""
    name, _, rest = key.partition(".")
    return getattr(getattr(torch.ops.aten, name), rest or "default")


def eager(key: str, call: Call) -> list[Any]:
    """The flat results of torch."""
    with torch.no_grad():
        return tree_flatten(overload(key)(*call.args, **call.kwargs))[0]


def _type(value: Any) -> Attribute:
    if isinstance(value, torch.Tensor):
        return Tensor(DTYPES[value.dtype], tuple(value.shape)).type
    return i1 if isinstance(value, bool) else i64 if isinstance(value, int) else f64


def program_of(
    key: str, call: Call, results: list[Any], returned: int | None = None
) -> tuple[ModuleOp, list[torch.Tensor]]:
    """A program of this one operator, whose inputs are the tensors among its arguments, and these."""
    block = Block()
    inputs: list[torch.Tensor] = []

    def convert(value: Any) -> Any:
        match value:
            case torch.Tensor():
                inputs.append(value)
                return block.insert_arg(_type(value), len(block.args))
            case list() | tuple():
                return [convert(v) for v in value]
            case torch.dtype():
                return DTYPES[value]
            case torch.memory_format() | torch.layout():
                return str(value).removeprefix("torch.")
            case torch.device():
                return str(value)
            case _:
                return value

    cls = aten.op_class(key)
    names = [a.name for a in cls.schema().args]
    arguments = {name: convert(v) for name, v in [*zip(names, call.args, strict=False), *call.kwargs.items()]}
    types = [_type(r) for r in results]
    op = cls.make(arguments, types)
    block.add_op(op)
    values: Sequence[SSAValue] = op.results[:returned]
    block.add_op(ReturnOp(*values))
    function = FuncOp("forward", ([a.type for a in block.args], [v.type for v in values]), Region(block))
    module = ModuleOp([function])
    module.verify()
    return module, inputs


def decompose(module: ModuleOp, **options: int) -> ModuleOp:
    """Run the pass in place, and check what it leaves."""
    DecomposeAtenPass(**options).apply(Context(), module)
    module.verify()
    check_stage(module, "core-aten")
    return module


def overloads(module: ModuleOp) -> list[str]:
    """The keys of the operators in a program, in order."""
    return [op.ATEN for op in module.walk() if isinstance(op, SchemaOp)]


def run_decomposed(key: str, call: Call, results: int | None = None, **options: int) -> Iterator[tuple[Any, Any]]:
    """Results of the decomposed operator with those of torch; only the first ones when a number is given."""
    expected = eager(key, call)
    module, inputs = program_of(key, call, expected, results)
    expected = expected[:results]
    found = execute(decompose(module, **options), "forward", [x.clone() for x in inputs])
    return zip(found, expected, strict=True)
