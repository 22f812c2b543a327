"""ExecuTorch's side of every comparison: what its own pipeline makes of a model of the zoo, and how fast.

    python -m benchmarks.peer mobilenet_v2

prints one line of JSON, the `Figures` of the model. The pipeline is `to_edge` and `to_executorch` with their defaults:
portable kernels, no delegate. It runs in a process of its own, so that what it imports and caches costs nobody else.
"""

from __future__ import annotations

import argparse
import copy
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import repeat
from statistics import median
from typing import Any, TypedDict, cast

from etc.errors import EtcError

REPEATS = 3
_COMPLAINT = re.compile(r"[\w.]*(Error|Exception|Unavailable)\b")  # the last lines of a traceback begin so
INFERENCES, INFERENCE_SECONDS = 100, 2.0  # at most as many, within about this time


class Figures(TypedDict):
    """What `measure_peer` measures: times are medians; inference is on the stock runtime with one thread."""

    model: str
    compile_seconds: float  # from ExportedProgram to bytes
    pte_bytes: int
    planned_bytes: int
    lower_bound_bytes: int  # of that plan: the most bytes that are in use at once
    kernel_calls: int
    load_ms: float
    inference_ms: float
    max_error: float  # relative to eager's largest output


def measure_peer(name: str, repeats: int = REPEATS) -> Figures:
    """The peer's `Figures` for a model of `examples.models.MODELS`; `repeats` compilations are timed.

    Raises `EtcError` with the peer's complaint when it cannot compile or run the model.
    """
    return measure_in_process("ExecuTorch", "benchmarks.peer", name, repeats)


def measure_in_process(who: str, module: str, name: str, repeats: int) -> Figures:
    """What `python -m module name` measures, in a process of its own. Raises EtcError with its last complaint."""
    command = (sys.executable, "-m", module, name, "--repeats", str(repeats))
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        complaints = [line for line in done.stderr.splitlines() if _COMPLAINT.match(line)]
        found = complaints[-1] if complaints else f"exit code {done.returncode}"
        raise EtcError(f"{who} failed on {name}", found=found, next_step=f"python -m {module} {name}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure ExecuTorch's own pipeline on a model of the zoo.")
    parser.add_argument("model")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N", help="compilations to time")
    arguments = parser.parse_args()
    print(json.dumps(_measure(arguments.model, arguments.repeats)))


def _measure(name: str, repeats: int) -> Figures:
    import torch
    from executorch.exir import to_edge

    from examples.models import load_model

    module, inputs, dynamic_shapes = load_model(name)
    seconds: list[float] = []
    manager, size = cast(Any, None), 0
    for _ in range(repeats):
        # The pipeline may change the program that it is given: a new one for each time.
        program = torch.export.export(copy.deepcopy(module), inputs, dynamic_shapes=dynamic_shapes)
        start = time.perf_counter()
        with torch.no_grad():  # with gradients, its passes refuse to write to a mutable buffer
            manager = to_edge(program).to_executorch()
        size = len(manager.buffer)
        seconds.append(time.perf_counter() - start)

    load_ms, inference_ms, max_error = run_on_stock_runtime(manager.buffer, copy.deepcopy(module), inputs)
    plan = manager.executorch_program.execution_plan[0]
    return {
        "model": name,
        "compile_seconds": median(seconds),
        "pte_bytes": size,
        "planned_bytes": sum(plan.non_const_buffer_sizes),
        "lower_bound_bytes": _lower_bound(manager.exported_program().graph_module),
        "kernel_calls": sum(hasattr(call.instr_args, "op_index") for call in plan.chains[0].instructions),
        "load_ms": load_ms,
        "inference_ms": inference_ms,
        "max_error": max_error,
    }


def run_on_stock_runtime(pte: bytes, module: Any, inputs: tuple[Any, ...]) -> tuple[float, float, float]:
    """Milliseconds to load, milliseconds to run, error relative to eager."""
    import torch
    from executorch.extension.pybindings import portable_lib
    from executorch.runtime import Runtime
    from torch.utils import _pytree as pytree

    getattr(portable_lib, "_unsafe_reset_threadpool")(1)  # noqa: B009  the library has no public way
    # a program keeps the methods that it has loaded: a new one for each load
    programs = [Runtime.get().load_program(pte) for _ in range(5)]
    loads = _timed([partial(program.load_method, "forward") for program in programs])
    method: Any = programs[0].load_method("forward")

    with torch.no_grad():
        expected = pytree.tree_leaves(module(*inputs))
    # before the clock starts: a stateful model gives its first outputs only once
    found = [value.clone() for value in method.execute(inputs)]
    error = max(float((a - b).abs().max() / b.abs().max()) for a, b in zip(found, expected, strict=True))
    runs = _timed(repeat(partial(method.execute, inputs), INFERENCES), INFERENCE_SECONDS)
    return 1e3 * loads, 1e3 * runs, error


def _timed(actions: Iterable[Callable[[], object]], budget: float = float("inf")) -> float:
    """Median seconds of the actions that begin within `budget` seconds, the first one always."""
    seconds: list[float] = []
    for action in actions:
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
        if sum(seconds) > budget:
            break
    return median(seconds)


def _lower_bound(graph_module: Any) -> int:
    """The most planned bytes in use at one node: no plan with these lifetimes is smaller.

    Views share the bytes of their base, so bytes are counted by address.
    """
    from executorch.exir.memory_planning import get_node_tensor_specs

    specs: dict[int, Any] = {
        id(spec): spec for node in graph_module.graph.nodes for spec in get_node_tensor_specs(node) if spec
    }
    starts: dict[int, list[tuple[int, int, int, int]]] = {}
    for spec in specs.values():
        if spec.mem_offset is not None and None not in spec.lifetime:
            first, last = spec.lifetime
            block = (last, spec.mem_id, spec.mem_offset, spec.mem_offset + spec.allocated_memory)
            starts.setdefault(first, []).append(block)
    most, live = 0, list[tuple[int, int, int, int]]()
    for now in sorted(starts):
        live = [block for block in live if block[0] >= now] + starts[now]
        most = max(most, _covered([block[1:] for block in live]))
    return most


def _covered(blocks: list[tuple[int, int, int]]) -> int:
    """Bytes that (memory id, begin, end) blocks cover; overlaps count once."""
    total, reached = 0, (-1, 0)
    for memory, begin, end in sorted(blocks):
        begin = max(begin, reached[1]) if memory == reached[0] else begin
        if end > begin:
            total += end - begin
            reached = (memory, end)
    return total


if __name__ == "__main__":
    main()
