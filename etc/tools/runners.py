"""What `etc-run` can run a program on. A runner knows the methods, what each takes and gives, and calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute

from etc.dialects import exec, program
from etc.dialects.on_torch import torch_dtypes
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import UNBOUNDED, Expr
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.runtime.guards import check_guards
from etc.runtime.stock import Input, LoadedProgram, check_inputs, inputs_of
from etc.tools.files import in_file, read_bytes


@dataclass(frozen=True)
class Method:
    """What a method takes, and the names of its outputs as far as they are known."""

    inputs: Sequence[Input]
    outputs: Sequence[str] = field(default=())


class Runner(Protocol):
    """Runs programs on something; state lives on from call to call."""

    where: str

    @property
    def methods(self) -> Mapping[str, Method]: ...

    def run(self, method: str, inputs: Sequence[Any]) -> Sequence[Any]:
        """Flat outputs for flat inputs. Raises EtcError."""
        ...


class OnStock:
    """The stock ExecuTorch runtime, from a program of stage `exec` or from bytes that hold one."""

    where = "stock ExecuTorch runtime"

    def __init__(self, pte: bytes, module: ModuleOp | None = None):
        self._program = LoadedProgram(pte, module)
        self.methods = _methods_of_plans(self._program.plans)
        self.run = self._program.run


class OnTorch:
    """Torch, for programs of stage `exec`."""

    where = "torch, kernel by kernel"

    def __init__(self, module: ModuleOp):
        from etc.runtime.exec_on_torch import ExecOnTorch

        self._program = ExecOnTorch(module)
        self.methods = _methods_of_plans(self._program.plans)

    def run(self, method: str, inputs: Sequence[Any]) -> Sequence[Any]:
        check_guards(self._program.plans[method], inputs)
        check_inputs(method, self.methods[method].inputs, inputs)
        return self._program.run(method, inputs)


class OnTorchBefore:
    """Torch, for programs of the stages before `exec`."""

    where = "torch, operation by operation"

    def __init__(self, module: ModuleOp):
        from etc.runtime.torch_executor import Executor

        self._executor = Executor(module)
        self.methods: Mapping[str, Method] = {
            name: Method(_inputs_of(method), _names(method.attributes.get("program.outputs")))
            for name, method in self._executor.methods.items()
        }

    def run(self, method: str, inputs: Sequence[Any]) -> Sequence[Any]:
        check_inputs(method, self.methods[method].inputs, inputs)
        return self._executor.run(method, *inputs)


def load(path: str, on: str | None = None) -> Runner:
    """The program in a file, on `stock` or `torch`, or on what suits it. Raises EtcError."""
    try:
        return _load(path, on)
    except EtcError as error:
        raise EtcError([p if path in str(p) else in_file(path, p) for p in error.problems]) from error


def _load(path: str, on: str | None) -> Runner:
    if path.endswith(".pte") and on != "torch":
        return OnStock(read_bytes(path))
    module = _read(path)
    if not any(isinstance(op, exec.ProgramOp) for op in module.ops):
        if on == "stock":
            raise EtcError(
                f"{path}: the stock runtime cannot run it",
                expected="a .pte, or a program of stage exec",
                next_step="compile it first: etc-compile or etc-opt",
            )
        return OnTorchBefore(module)
    if on == "torch":
        return OnTorch(module)
    from etc.emit.flatbuffer import emit_pte
    from etc.transforms.plan_memory import plan_program

    plan_program(module)  # what is planned already stays as it is
    return OnStock(emit_pte(module), module)


def _read(path: str) -> ModuleOp:
    from etc.compiler import context
    from etc.tools.programs import read_programs
    from etc.transforms.verification import verify_program

    [read] = read_programs(context(), path)
    program = read()
    verify_program(program.module, program.place)
    return program.module


def _methods_of_plans(plans: Mapping[str, exec.PlanOp]) -> Mapping[str, Method]:
    return {
        name: Method(inputs_of(plan), _names(plan.attributes.get("program.outputs"))) for name, plan in plans.items()
    }


def _inputs_of(method: FuncOp) -> list[Input]:
    """What a method takes, with the upper bounds of sizes that depend on symbols."""
    ranges = program.symbol_ranges(method)
    found: list[Input] = []
    for argument in method.body.block.args:
        name = argument.name_hint or ""
        if isinstance(argument.type, TensorType):
            known = Tensor.of(argument.type)
            sizes = tuple(bounds(size, ranges).high for size in known.sizes)
            are_bounds = tuple(isinstance(size, Expr) for size in known.sizes)
            found.append(Input(name, torch_dtypes()[known.dtype], sizes, are_bounds))
        else:
            found.append(Input(name))
    return found


def _names(attribute: Attribute | None) -> list[str]:
    if not isinstance(attribute, ArrayAttr):
        return []
    return [entry.data for entry in attribute.data if isinstance(entry, StringAttr)]


def random_value(expected: Input, generator: torch.Generator) -> Any:
    """A value that fits an input: standard normal floats, integers 0 to 2, sizes at their bounds or 16 without one."""
    if expected.dtype is None:
        return 1
    shape = [min(size, 16) if is_bound and size >= UNBOUNDED else size for size, is_bound in expected.limits()]
    if expected.dtype.is_floating_point or expected.dtype.is_complex:
        wide = torch.complex64 if expected.dtype.is_complex else torch.float32
        return torch.randn(shape, generator=generator, dtype=wide).to(expected.dtype)
    most = 2 if expected.dtype is torch.bool else 3
    return torch.randint(0, most, shape, generator=generator).to(expected.dtype)
