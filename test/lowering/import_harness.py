"""Import a module and hold its program against eager execution."""

# pyright: reportUnknownLambdaType=false, reportOperatorIssue=false, reportCallIssue=false, reportArgumentType=false
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false

from __future__ import annotations

import copy
import io
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.utils._pytree import tree_flatten
from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser
from xdsl.printer import Printer

from etc.dialects import get_all_dialects, program
from etc.lowering.import_torch import import_program
from etc.runtime.torch_executor import Executor


def export(model: nn.Module, *args: Any, kwargs: Mapping[str, Any] | None = None, dynamic_shapes: Any = None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.export.export(model, args, dict(kwargs or {}), dynamic_shapes=dynamic_shapes)


X = torch.linspace(-2, 2, 12).reshape(3, 4)


class Of(nn.Module):
    """A module whose forward is a function of the inputs."""

    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def text_of(module: ModuleOp) -> str:
    stream = io.StringIO()
    Printer(stream=stream, print_debuginfo=True).print_op(module)
    return stream.getvalue()


def parse(text: str) -> ModuleOp:
    context = Context()
    for name, dialect in get_all_dialects().items():
        context.register_dialect(name, dialect)
    return Parser(context, text).parse_module()


def imported(exported: Any) -> ModuleOp:
    """The program, verified, and read back from its text without a difference."""
    module = import_program(exported)
    module.verify()
    text = text_of(module)
    again = parse(text)
    again.verify()
    assert text_of(again) == text
    return module


def method(module: ModuleOp, name: str = "forward") -> FuncOp:
    return next(m for m in program.methods(module) if m.sym_name.data == name)


def op_names(module: ModuleOp, name: str = "forward") -> list[str]:
    """The names of a method's operations, without loads and the return."""
    skipped = ("program.load", "func.return")
    return [op.name for op in method(module, name).body.block.ops if op.name not in skipped]


def names(module: ModuleOp, attribute: str) -> list[str]:
    found = method(module).attributes.get(attribute)
    return [a.data for a in found.data if isinstance(a, StringAttr)] if isinstance(found, ArrayAttr) else []


def constants(module: ModuleOp, attribute: str) -> set[int]:
    """The leaves that are constants."""
    found = method(module).attributes.get(attribute)
    return {int(key) for key in found.data} if isinstance(found, DictionaryAttr) else set()


def check_against_eager(
    model: nn.Module, *args: Any, calls: int = 2, kwargs: Any = None, exported: Any = None, **options: Any
) -> ModuleOp:
    """Import `model`, run program and model on the same inputs, compare outputs, written inputs and buffers."""
    eager = copy.deepcopy(model)
    exported = exported if exported is not None else export(model, *args, kwargs=kwargs, **options)
    module = imported(exported)
    executor = Executor(module)
    for call in range(calls):
        inputs = copy.deepcopy((args, dict(kwargs or {})))
        leaves = [
            leaf + call if isinstance(leaf, torch.Tensor) and leaf.is_floating_point() else leaf
            for leaf in tree_flatten(inputs)[0]
        ]
        given = [
            copy.deepcopy(x) for i, x in enumerate(leaves) if i not in constants(module, "program.constant_inputs")
        ]
        results = executor.run("forward", *given)
        eager_args, eager_kwargs = torch.utils._pytree.tree_unflatten(leaves, tree_flatten(inputs)[1])
        with torch.no_grad():
            expected = tree_flatten(eager(*eager_args, **eager_kwargs))[0]
        expected = [x for i, x in enumerate(expected) if i not in constants(module, "program.constant_outputs")]
        by_name = dict(
            zip(
                names(module, "program.inputs"),
                [x for i, x in enumerate(leaves) if i not in constants(module, "program.constant_inputs")],
                strict=True,
            )
        )
        expected += [by_name[name] for name in names(module, "program.mutated_inputs")]
        written = set(names(module, "program.mutated_inputs"))
        for name, old, new in zip(by_name, given, by_name.values(), strict=True):
            if isinstance(old, torch.Tensor) and not torch.equal(old, new):
                assert name in written, f"eager writes to {name}, the program does not"
        torch.testing.assert_close(results, expected)
        for name, buffer in eager.named_buffers():
            if name in executor.state:
                torch.testing.assert_close(executor.state[name], buffer)
        for op in program.globals_of(module).values():
            if op.mutable is not None:
                assert op.symbol in dict(eager.named_buffers()) or op.symbol in dict(eager.named_parameters())
    return module
