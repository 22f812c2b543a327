"""A program as a Python function that is called as the PyTorch module was; it runs on torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from typing import Any

from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp

from etc.dialects import program
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.quantize.boundary import quantised_inputs, real_outputs


def function_of(module: ModuleOp, method: str = "forward") -> Callable[..., Any]:
    """A method as a function, which keeps its state from call to call.

    It takes and gives reals, also where the method has integers. More rows than the method takes are several calls.
    """
    from etc.c_program import signatures
    from etc.runtime.torch_executor import Executor

    executor, signature = Executor(module), signatures(module)[method]
    border = executor.methods[method]

    def call(*inputs: Any, **keywords: Any) -> Any:
        flat = signature.flat(inputs, keywords)
        outputs = [executor.run(method, *quantised_inputs(border, rows)) for rows in _calls(border, flat)]
        real = [real_outputs(border, each) for each in outputs]
        return signature.structured(real[0] if len(real) == 1 else _joined(real, len(flat[0])))

    return call


def main_method(module: ModuleOp) -> str:
    """The method that accuracy is measured of: `forward`, or the first."""
    names = [method.sym_name.data for method in program.methods(module)]
    return "forward" if "forward" in names else names[0]


def score_of(evaluate: Callable[[Callable[..., Any]], Any], call: Callable[..., Any]) -> float:
    """What a measure of the caller's gives. Raises EtcError when it raises, and for what is no accuracy."""
    try:
        given = evaluate(call)
    except EtcError:
        raise
    except (Exception, SystemExit) as error:
        raise EtcError(f"the evaluation raised {type(error).__name__}: {error}") from error
    try:
        found = float(given)
    except (TypeError, ValueError, RuntimeError):
        found = nan
    if not 0 <= found <= 1:
        raise EtcError("the evaluation gives no accuracy", expected="a number from 0 to 1", found=repr(given)[:80])
    return found


def _calls(method: FuncOp, inputs: Sequence[Any]) -> list[list[Any]]:
    """The inputs of one call, or of several when all have more rows than the method takes; the last is filled up."""
    import torch

    types = [argument.type for argument in method.body.block.args]
    if not inputs or not all(
        isinstance(t, TensorType) and torch.is_tensor(v) for t, v in zip(types, inputs, strict=True)
    ):
        return [list(inputs)]
    taken = {Tensor.of(t).sizes[:1] for t in types if isinstance(t, TensorType)}
    given = {tuple(value.shape[:1]) for value in inputs}
    if len(taken) != 1 or len(given) != 1:
        return [list(inputs)]
    (sizes,), (rows,) = taken, given
    if not sizes or not isinstance(sizes[0], int) or rows <= sizes:
        return [list(inputs)]
    size, missing = sizes[0], -rows[0] % sizes[0]
    filled = [torch.cat([value, value[-1:].expand(missing, *value.shape[1:])]) for value in inputs]
    return [list(parts) for parts in zip(*(value.split(size) for value in filled), strict=True)]


def _joined(outputs: Sequence[Sequence[Any]], rows: int) -> list[Any]:
    """Outputs of several calls as those of one."""
    import torch

    return [torch.cat(list(parts))[:rows] for parts in zip(*outputs, strict=True)]
