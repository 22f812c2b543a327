"""`--verify-numerics`: execute a program on torch around each pass, and name the first pass that changes results."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import (
    BFloat16Type,
    Float16Type,
    Float32Type,
    Float64Type,
    IntegerType,
    ModuleOp,
    TensorType,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute
from xdsl.passes import ModulePass

from etc.dialects import program, symbolic
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.tools.pipeline import Observer

SEED = 0
TOLERANCE = 1e-4
"""Largest difference, as a fraction of the largest magnitude in the output, that is no change of a float result."""

HALF_TOLERANCE = 2e-2
"""The same for 16-bit floats, which hold 8 to 11 bits."""


@dataclass
class Results:
    """What a method computed: its outputs, and the state that it left behind, each with a name."""

    values: dict[str, Any]


class VerifyNumerics(Observer):
    """Feeds every method the same random inputs before the first pass and after each. A difference is an EtcError."""

    def __init__(self) -> None:
        self.inputs: dict[str, list[Any]] = {}
        self.expected: dict[str, Results] = {}
        self.compared: list[str] = []
        self.largest = 0.0

    def before(self, module: ModuleOp) -> None:
        import torch

        torch.manual_seed(SEED)
        for method in program.methods(module):
            self.inputs[method.sym_name.data] = random_inputs(method)
        if not self.inputs:
            raise EtcError(
                "there is nothing to execute for --verify-numerics", expected="a program with methods (func.func)"
            )
        self.expected = {name: run(module, name, inputs) for name, inputs in self.inputs.items()}

    def after(self, ran: ModulePass, module: ModuleOp, seconds: float) -> None:
        if not program.methods(module):
            print(f"verify-numerics: after {ran} the program is not executed on torch any more", file=sys.stderr)
            return
        for name, expected in self.expected.items():
            try:
                found = run(module, name, self.inputs[name])
            except EtcError as error:
                raise EtcError(f"after pass {ran.name} method {name} cannot be executed: {error}") from error
            self._compare(ran, name, expected, found)
        self.compared.append(ran.name)

    def finish(self) -> None:
        print(
            f"verify-numerics: {len(self.compared)} passes keep the results of {', '.join(self.expected)}"
            f" (largest difference {self.largest:.1e})",
            file=sys.stderr,
        )

    def _compare(self, ran: ModulePass, method: str, expected: Results, found: Results) -> None:
        what = f"pass {ran.name} changes what method {method} computes"
        if missing := [name for name in expected.values if name not in found.values]:
            raise EtcError(what, expected=", ".join(expected.values), found=f"no {', '.join(missing)}")
        for name, value in expected.values.items():
            size, limit = difference(value, found.values[name])
            if not size <= limit:
                raise EtcError(
                    f"{what}: {name} differs",
                    expected=f"a difference of at most {limit:.0e} of the largest magnitude",
                    found=f"{size:.3g}" if size < float("inf") else describe(value, found.values[name]),
                    next_step=f"see --print-ir-after-change for what {ran.name} did",
                )
            self.largest = max(self.largest, size)


def run(module: ModuleOp, method: str, inputs: list[Any]) -> Results:
    """Execute a method on torch from the program's initial state. Raises EtcError for what cannot be executed."""
    from etc.runtime.torch_executor import Executor

    executor = Executor(module)
    copies = [value.clone() if hasattr(value, "clone") else value for value in inputs]
    outputs = executor.run(method, *copies)
    state = {f"state @{name}": value for name, value in executor.state.items()}
    return Results({f"output {i}": value for i, value in enumerate(outputs)} | state)


def random_inputs(method: FuncOp) -> list[Any]:
    """Inputs that fit a method's types: standard normal floats, small integers, sizes that its symbols allow."""
    sizes = {name: min(max(range.low, 3), range.high) for name, range in program.symbol_ranges(method).items()}
    return [_random_value(argument.type, sizes) for argument in method.body.block.args]


def _random_value(type: Attribute, sizes: dict[str, int]) -> Any:
    import torch

    match type:
        case TensorType():
            tensor = Tensor.of(type)
            dtype: torch.dtype = getattr(torch, tensor.dtype.name)
            shape = [symbolic.evaluate(size, sizes) for size in tensor.sizes]
            if dtype.is_floating_point or dtype.is_complex:
                return torch.randn(shape, dtype=torch.complex64 if dtype.is_complex else torch.float32).to(dtype)
            return torch.randint(0, 2 if dtype is torch.bool else 3, shape).to(dtype)
        case IntegerType():
            return True if type.width.data == 1 else 2
        case Float16Type() | BFloat16Type() | Float32Type() | Float64Type():
            return 1.5
        case _:
            raise EtcError(f"--verify-numerics cannot make an input of type {type}")


def difference(expected: Any, found: Any) -> tuple[float, float]:
    """The largest difference of two results as a fraction of the largest magnitude, and what is allowed.

    Infinite when shapes, types or the places of NaN differ. Integers and booleans must be equal.
    """
    import torch

    a, b = torch.as_tensor(expected), torch.as_tensor(found)
    if a.shape != b.shape or a.dtype != b.dtype:
        return float("inf"), 0.0
    if not (a.dtype.is_floating_point or a.dtype.is_complex):
        return (0.0 if torch.equal(a, b) else float("inf")), 0.0
    limit = HALF_TOLERANCE if a.dtype in (torch.float16, torch.bfloat16) else TOLERANCE
    wide = torch.complex128 if a.dtype.is_complex else torch.float64
    a, b = a.to(wide), b.to(wide)
    if a.numel() == 0 or torch.equal(a, b):
        return 0.0, limit
    same = (a == b) | (a.isnan() & b.isnan())
    gap = torch.where(same, torch.zeros_like(a), a - b).abs()
    magnitude = float(torch.where(a.isfinite(), a, torch.zeros_like(a)).abs().max())
    largest = float(torch.nan_to_num(gap, nan=float("inf"), posinf=float("inf")).max())
    return (largest / magnitude if magnitude else largest), limit


def describe(expected: Any, found: Any) -> str:
    """Two results that cannot be compared number by number, or integers that differ."""
    import torch

    a, b = torch.as_tensor(expected), torch.as_tensor(found)
    if a.shape == b.shape and a.dtype == b.dtype:
        return f"other values in {int((a != b).sum())} of {a.numel()} places"
    return f"{str(b.dtype)[6:]} {list(b.shape)} where there was {str(a.dtype)[6:]} {list(a.shape)}"
