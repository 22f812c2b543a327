"""Constant methods: what a program tells of itself, such as the longest sequence that it takes.

    constants = {"max_seq_len": 128, "mean": torch.tensor([0.5])}

    func.func @max_seq_len() attributes {program.constant_outputs = {"0" = 128 : i64}, …} { func.return }

Calling one gives its value; it has no inputs and no instructions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_structure
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Region

from etc.dialects import program
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem
from etc.lowering.import_torch import constant_attribute, spec_text
from etc.lowering.import_torch_types import dtype_of
from etc.lowering.import_torch_weights import blob_of

_EXPECTED = "an int, float, bool, str, torch.Tensor, or a list, tuple or dict of these"


def add_constant_methods(module: ModuleOp, constants: Mapping[str, Any]) -> None:
    """Add a method for each of `constants`, by name, to a module of stage `aten`.

    Raises EtcError for names of methods that there are already and for values that a program cannot hold.
    """
    taken = {method.sym_name.data for method in program.methods(module)}
    problems = [Problem(f"there is already a method {name}") for name in constants if name in taken]
    for name, value in constants.items():
        try:
            module.body.block.add_op(_method(name, value))
        except EtcError as error:
            problems += error.problems
    if problems:
        raise EtcError(problems)


def _method(name: str, value: Any) -> FuncOp:
    leaves, spec = tree_flatten(value)
    block = Block()
    constants: dict[str, Attribute] = {}
    for number, leaf in enumerate(leaves):
        if isinstance(leaf, torch.Tensor):
            type = Tensor(dtype_of(leaf.dtype), tuple(leaf.shape)).type
            block.add_op(program.ConstantOp(blob_of(leaf, copy=True), type))
        elif isinstance(leaf, bool | int | float | str) or leaf is None:
            constants[str(number)] = constant_attribute(leaf)
        else:
            what = f"the constant {name} cannot be part of a program"
            raise EtcError(what, expected=_EXPECTED, found=leaf.__class__.__name__)
    results = [result for op in block.ops for result in op.results]
    block.add_op(ReturnOp(*results))
    method = FuncOp(name, ([], [result.type for result in results]), Region(block))
    method.attributes |= {
        "program.inputs": ArrayAttr([]),
        "program.outputs": ArrayAttr([StringAttr(name) for _ in results]),
        "program.in_spec": StringAttr(spec_text(tree_structure(((), {})))),
        "program.out_spec": StringAttr(spec_text(spec)),
    }
    if constants:
        method.attributes["program.constant_outputs"] = DictionaryAttr(constants)
    return method
