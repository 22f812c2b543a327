"""Run `.pte` programs on the stock ExecuTorch runtime, which the optional package `executorch` brings."""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from tempfile import TemporaryFile
from typing import Any

import torch
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr

from etc.dialects import exec
from etc.dialects.dtypes import BY_IR
from etc.dialects.exec.refusal import refusal_in_log
from etc.dialects.on_torch import torch_dtypes
from etc.dialects.program import constant_leaves
from etc.errors import EtcError, Problem, kind_of
from etc.runtime.guards import check_guards, guarded_sizes
from etc.runtime.signature import Signature, structure


@cache
def runtime() -> Any:
    """The runtime of the installed package, with its quantized kernels. Raises EtcError when there is none."""
    try:
        with _quiet():  # importing it warns of extensions that the CPU build does not have
            import_module("executorch.kernels.quantized")  # registers them
            from executorch.runtime import Runtime

            return Runtime.get()
    except ImportError as error:
        raise EtcError(
            "the stock runtime is not installed",
            found=str(error),
            next_step="pip install 'etc-compiler[executorch]'",
        ) from None


@contextmanager
def _quiet() -> Generator[Callable[[], str]]:
    """Collect what native code prints on standard error, and Python's warnings; yields a function that reads it.

    The runtime's bindings print to `sys.stderr`, the libraries below them to the file descriptor.
    """
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    sys.stderr.flush()
    saved = os.dup(2)
    with (
        TemporaryFile() as said,
        open(os.dup(said.fileno()), "w", errors="replace") as printed,
        redirect_stderr(printed),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        os.dup2(said.fileno(), 2)

        def read() -> str:
            printed.flush()
            said.seek(0)
            return said.read().decode(errors="replace")

        try:
            yield read
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            logging.disable(level)


@dataclass(frozen=True)
class Input:
    """What a method takes at one place: a tensor of these sizes, or a number when `dtype` is None."""

    name: str
    dtype: torch.dtype | None = None
    sizes: tuple[int, ...] = ()
    are_bounds: tuple[bool, ...] = ()
    """Which of the sizes are upper bounds; nothing stands for none."""

    def problem(self, number: int, method: str, value: Any) -> Problem | None:
        """What is wrong with a value given here."""
        if self.dtype is None:
            return None
        what = f"input {number}{f' ({self.name})' if self.name else ''} of method {method} does not fit"
        if not isinstance(value, torch.Tensor):
            return Problem(what, expected=input_text(self), found=f"a Python {kind_of(value)}")
        if value.dtype is self.dtype and self._fits(tuple(value.shape)):
            return None
        return Problem(what, expected=input_text(self), found=f"{_dtype_text(value.dtype)} {list(value.shape)}")

    def _fits(self, shape: tuple[int, ...]) -> bool:
        if len(shape) != len(self.sizes):
            return False
        return all(a == b or (is_bound and a <= b) for a, (b, is_bound) in zip(shape, self.limits(), strict=True))

    def limits(self) -> list[tuple[int, bool]]:
        """The sizes, each with whether it is an upper bound."""
        return list(zip(self.sizes, self.are_bounds or [False] * len(self.sizes), strict=True))


def input_text(expected: Input) -> str:
    """`float32 [≤ 8, 128]`: what a method takes at one place."""
    if expected.dtype is None:
        return "a number"
    sizes = ", ".join("≤ " * is_bound + str(size) for size, is_bound in expected.limits())
    return f"{_dtype_text(expected.dtype)} [{sizes}]"


def check_inputs(method: str, expected: Sequence[Input], given: Sequence[Any]) -> None:
    """Raise an EtcError with all that does not fit what a method takes."""
    if len(given) != len(expected):
        what = f"method {method} takes another number of inputs"
        raise EtcError(what, expected=str(len(expected)), found=str(len(given)))
    problems = [e.problem(i, method, v) for i, (e, v) in enumerate(zip(expected, given, strict=True))]
    if found := [p for p in problems if p is not None]:
        raise EtcError(found)


def _dtype_text(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def inputs_of(plan: exec.PlanOp) -> list[Input]:
    """What a method takes, read off its program."""
    found: list[Input] = []
    fixed = guarded_sizes(plan)
    for value in plan.inputs.operands:
        op, name = value.owner, value.name_hint or ""
        if isinstance(op, exec.TensorOp) and op.dtype in BY_IR:
            are_bounds = [op.dynamism is not None and (value, d) not in fixed for d in range(len(op.shape))]
            found.append(Input(name, torch_dtypes()[BY_IR[op.dtype]], op.shape, tuple(are_bounds)))
        else:
            found.append(Input(name))
    return found


def _contiguous(value: torch.Tensor) -> torch.Tensor:
    """The runtime's bindings end the process for strides that are not those of the sizes, of empty tensors too."""
    return value.contiguous() if value.numel() else torch.empty(value.shape, dtype=value.dtype)


class LoadedProgram:
    """A `.pte` program in the stock runtime. Methods keep their state from call to call."""

    def __init__(self, pte: bytes, module: ModuleOp | None = None):
        """`module` is the program's IR; without it the bytes are read. Raises EtcError when they are refused."""
        if module is None:
            from etc.emit.flatbuffer import read_pte

            module = read_pte(pte)
        (program,) = (op for op in module.ops if isinstance(op, exec.ProgramOp))
        self.plans: Mapping[str, exec.PlanOp] = {plan.sym_name.data: plan for plan in program.plans}
        self._program = _checked("load the program", lambda: runtime().load_program(pte))
        self._methods: dict[str, Any] = {}

    def run(self, method: str, inputs: Sequence[Any]) -> list[Any]:
        """Flat outputs for flat inputs. Raises EtcError, with all that does not fit, before anything runs."""
        plan = self._plan(method)
        check_guards(plan, inputs)
        check_inputs(method, inputs_of(plan), inputs)
        self._load(method)
        contiguous = [_contiguous(v) if isinstance(v, torch.Tensor) else v for v in inputs]
        return list(_checked(f"run method {method}", lambda: self._methods[method].execute(contiguous)))

    def call(self, method: str, inputs: Sequence[Any], keywords: Mapping[str, Any] | None = None) -> Any:
        """Outputs in the structure of the PyTorch module's, for the arguments of its forward."""
        signature = signature_of(self._plan(method))
        return signature.structured(self.run(method, signature.flat(inputs, keywords)))

    def _load(self, method: str) -> None:
        """Load a method, and before the first one runs all that have state.

        Methods share it, and loading a method gives its state the initial values again.
        """
        stateful = [] if self._methods else [name for name, plan in self.plans.items() if _has_state(plan)]
        for name in dict.fromkeys((method, *stateful)):
            if name not in self._methods:
                self._methods[name] = _checked(f"load method {name}", lambda n=name: self._program.load_method(n))

    def _plan(self, method: str) -> exec.PlanOp:
        if method not in self.plans:
            raise EtcError(f"there is no method {method}", found=", ".join(self.plans) or "none")
        return self.plans[method]


def _has_state(plan: exec.PlanOp) -> bool:
    tensors = (op for op in plan.values if isinstance(op, exec.TensorOp))
    return any(tensor.alloc is not None and tensor.data is not None for tensor in tensors)


def signature_of(plan: exec.PlanOp) -> Signature:
    """How a method is called. Constant outputs are among those of the program."""
    specs: list[str | None] = [None, None]
    if isinstance(plan.container, ArrayAttr):
        specs = [s.data if isinstance(s, StringAttr) else None for s in plan.container.data]
    constants = constant_leaves(plan, "program.constant_inputs")
    return Signature(plan.sym_name.data, structure(specs[0]), structure(specs[1]), constants)


_LOG_PLACE = re.compile(r"^\[[\w./]+:\d+\] ")
"""Where in the runtime's sources a line of its log comes from."""


def _checked(action: str, call: Callable[[], Any]) -> Any:
    """Run a call of the runtime; what it prints and raises becomes one EtcError."""
    with _quiet() as said:
        try:
            return call()
        except RuntimeError as error:
            if (refused := refusal_in_log(said())) is not None:
                raise EtcError(refused) from None
            reasons = [_LOG_PLACE.sub("", line) for line in said().splitlines() if _LOG_PLACE.match(line)]
            reasons += str(error).strip().splitlines()[:1] or ["no reason given"]
            raise EtcError(f"the stock runtime cannot {action}", found="; ".join(reasons)) from None
