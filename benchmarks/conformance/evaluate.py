"""One sample from eager to the stock runtime, or to generated C on this machine, and back."""

from __future__ import annotations

import time
import traceback
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten

from benchmarks.conformance.samples import ORDERS, UNDEFINED, Call, Task
from etc.c_program import CompiledC
from etc.compiler import Compiled, compile, export
from etc.errors import EtcError
from etc.pipelines import PTE


class Status(StrEnum):
    """How a sample ended."""

    PASS = "pass"
    SHAPES = "shapes"
    """random or undefined numbers: shape and dtype agree, which is all that can be compared"""
    REFUSED = "refused"
    """the compiler gave reasons"""
    WRONG = "wrong"
    LOAD = "load"
    """the runtime did not take the file"""
    RUN = "run"
    """a kernel refused its arguments"""
    CRASHED = "crashed"
    """the process ended, the time ran out, or the compiler raised something else than its error"""
    NOT_EXPORTED = "not exported"


GOOD = (Status.PASS, Status.SHAPES)


@dataclass
class Outcome:
    """What became of one sample."""

    op: str
    dtype: str
    sample: int
    status: str
    reason: str = ""
    seconds: float = 0.0
    core: bool | None = None
    """whether PyTorch's run_decompositions brings the exported program to Core ATen; None when it was not tried"""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(
    task: Task, number: int, call: Call, inputs: tuple[torch.Tensor, ...], with_core: bool, target: str = PTE
) -> Outcome:
    """Export, compile, run and compare one sample."""
    start = time.perf_counter()
    status, reason, program = _attempt(task, call, inputs, target)
    core = None
    if program is not None and (with_core or status not in GOOD):
        core = _is_brought_to_core(program)
    return Outcome(task.op, task.dtype, number, status, reason, round(time.perf_counter() - start, 3), core)


def _attempt(task: Task, call: Call, inputs: tuple[torch.Tensor, ...], target: str) -> tuple[Status, str, Any]:
    try:
        torch.manual_seed(0)
        with torch.no_grad():
            expected = call(*(t.clone() for t in inputs))
    except Exception as error:
        return Status.NOT_EXPORTED, f"eager: {_first_line(error)}", None
    try:
        program = export(call, inputs)
    except EtcError as error:
        return Status.NOT_EXPORTED, error.problems[0].found, None
    try:
        compiled = compile(program, target=target)
    except EtcError as error:
        return Status.REFUSED, "; ".join(dict.fromkeys(_reason(p) for p in error.problems)), program
    except Exception:
        return Status.CRASHED, "compiler: " + " | ".join(traceback.format_exc().strip().splitlines()[-3:]), program
    return *_run(task, call, compiled, inputs, expected, _is_random(program)), program


def _run(
    task: Task,
    call: Call,
    compiled: Compiled | CompiledC,
    inputs: tuple[torch.Tensor, ...],
    expected: Any,
    random: bool,
) -> tuple[Status, str]:
    if isinstance(compiled, CompiledC):
        compiled.optimise = ("-O1",)
    try:
        found = compiled.run(*inputs)
    except EtcError as error:
        problem = error.problems[0]
        unloaded = "cannot load" in problem.what or (isinstance(compiled, CompiledC) and not compiled.is_loaded)
        status = Status.LOAD if unloaded else Status.RUN
        return status, f"{problem.what}: {problem.found}"
    only_shapes = random or task.op.partition(".")[0] in UNDEFINED
    difference = _difference(expected, found, only_shapes)
    if difference and not (
        _differs_in_ties(inputs, expected, found)
        or (task.op in ORDERS and _orders_alike(inputs[0], expected, found))
        or _is_what_is_determined(call, expected, found)
        or _is_less_rounded(call, inputs, expected, found)
    ):
        return Status.WRONG, difference
    return Status.SHAPES if only_shapes else Status.PASS, ""


def _reason(problem: Any) -> str:
    found = f" ({problem.found})" if problem.found else ""
    return ": ".join(part for part in (problem.op, problem.what) if part) + found


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _calls(program: Any) -> list[Any]:
    """The operators that the exported program calls, those of nested graphs too."""
    return [
        node.target
        for module in program.graph_module.modules()
        if isinstance(module, torch.fx.GraphModule)
        for node in module.graph.nodes
        if node.op == "call_function" and isinstance(node.target, torch._ops.OpOverload)  # pyright: ignore[reportPrivateUsage]
    ]


def _is_random(program: Any) -> bool:
    return any(torch.Tag.nondeterministic_seeded in target.tags for target in _calls(program))


def _is_brought_to_core(program: Any) -> bool:
    try:
        decomposed = program.run_decompositions()
    except Exception:
        return False
    return all(
        torch.Tag.core in t.tags or t._schema.name in ("aten::view_copy", "aten::sym_size") for t in _calls(decomposed)
    )


_TOLERANCES = {torch.float32: (1e-4, 1e-5), torch.float64: (1e-4, 1e-5), torch.complex64: (1e-4, 1e-5)} | {
    torch.float16: (5e-3, 5e-3),
    torch.bfloat16: (4e-2, 4e-2),
}
"""Relative to the element, and to the largest element (at least 1); integers and truth values must be equal."""


def _difference(expected: Any, found: Any, only_shapes: bool) -> str:
    """What is wrong with the result; empty when it is right."""
    wanted, given = tree_flatten(expected)[0], tree_flatten(found)[0]
    if len(wanted) != len(given):
        return f"{len(given)} outputs, expected {len(wanted)}"
    for number, (want, have) in enumerate(zip(wanted, given, strict=True)):
        if text := _tensors_differ(want, have, only_shapes):
            return f"output {number}: {text}"
    return ""


def _differs_in_ties(inputs: tuple[torch.Tensor, ...], expected: Any, found: Any) -> bool:
    """Whether a result is (values, indices) with the right values, found at other places that hold the same values."""
    wanted, given = tree_flatten(expected)[0], tree_flatten(found)[0]
    if (
        not inputs
        or len(given) != 2
        or given[1].dtype is not torch.int64
        or _tensors_differ(wanted[0], given[0], False)
    ):
        return False
    source, indices = inputs[0], given[1]
    for dim in range(source.dim()):
        whole = indices if indices.dim() == source.dim() else indices.unsqueeze(dim)
        others = [d for d in range(source.dim()) if d != dim]
        if whole.dim() == source.dim() and all(whole.shape[d] == source.shape[d] for d in others):
            at = source.gather(dim, whole.clamp(0, source.shape[dim] - 1)).reshape(given[0].shape)
            if not _tensors_differ(wanted[0], at, False):
                return True
    return False


def _orders_alike(source: torch.Tensor, expected: torch.Tensor, found: torch.Tensor) -> bool:
    """Whether both are permutations along one dimension that bring the same elements into the same order."""
    if found.shape != source.shape or found.dtype is not torch.int64:
        return False
    return any(
        torch.equal(found.sort(dim).values, expected.sort(dim).values)
        and not _tensors_differ(source.gather(dim, expected), source.gather(dim, found), False)
        for dim in range(source.dim())
    )


def _is_what_is_determined(call: Call, expected: Any, found: Any) -> bool:
    given, structure = tree_flatten(found)[0], tree_flatten(expected)[1]
    if len(given) != structure.num_leaves:
        return False
    return not _difference(call.determined(expected), call.determined(tree_unflatten(given, structure)), False)


_HALF = (torch.float16, torch.bfloat16)


def _is_less_rounded(call: Call, inputs: tuple[torch.Tensor, ...], expected: Any, found: Any) -> bool:
    """Whether a result in 16 bits is that of eager in 32 bits, which overflows and rounds less on the way."""
    if not any(isinstance(t, torch.Tensor) and t.dtype in _HALF for t in tree_flatten(expected)[0]):
        return False
    try:
        with torch.no_grad():
            precise = call(*(t.float() if t.dtype in _HALF else t.clone() for t in inputs))
    except Exception:
        return False
    rounded = [
        p.to(e.dtype) if isinstance(p, torch.Tensor) and isinstance(e, torch.Tensor) else p
        for p, e in zip(tree_flatten(precise)[0], tree_flatten(expected)[0], strict=True)
    ]
    return not _difference(rounded, tree_flatten(found)[0], False)


def _tensors_differ(want: Any, have: Any, only_shapes: bool) -> str:
    if not isinstance(want, torch.Tensor):
        same = only_shapes or want == have or (want != want and have != have)
        return "" if same else f"{have}, expected {want}"
    if not isinstance(have, torch.Tensor):
        return f"a {type(have).__name__}, expected a tensor"
    if want.dtype is not have.dtype or want.shape != have.shape:
        return f"{have.dtype} {list(have.shape)}, expected {want.dtype} {list(want.shape)}"
    if only_shapes:
        return ""
    relative, absolute = _TOLERANCES.get(want.dtype, (0.0, 0.0))
    if want.dtype.is_floating_point:
        absolute *= float(want[want.isfinite()].abs().max().clamp(min=1)) if want.isfinite().any() else 1.0
    if torch.allclose(have, want, rtol=relative, atol=absolute, equal_nan=True):
        return ""
    same = torch.isclose(have, want, rtol=relative, atol=absolute, equal_nan=True)
    place = int((~same).flatten().nonzero()[0])
    count = int((~same).sum())
    return f"{count} of {want.numel()} differ, the first is {have.flatten()[place]}, expected {want.flatten()[place]}"
