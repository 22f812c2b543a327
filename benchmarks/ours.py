"""Our side of every comparison: the same figures as `benchmarks.peer`, for our pipeline.

    python -m benchmarks.ours mobilenet_v2

runs in a process of its own, too, and measures with the same functions.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from statistics import median
from typing import Any

from benchmarks.peer import REPEATS, Figures, measure_in_process, run_on_stock_runtime


def measure_ours(name: str, repeats: int = REPEATS) -> Figures:
    """Our `Figures` for a model of the zoo. Raises EtcError when it cannot be compiled or run."""
    return measure_in_process("etc", "benchmarks.ours", name, repeats)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure our pipeline on a model of the zoo.")
    parser.add_argument("model")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N", help="compilations to time")
    arguments = parser.parse_args()
    print(json.dumps(_measure(arguments.model, arguments.repeats)))


def _measure(name: str, repeats: int) -> Figures:
    import torch

    from etc.compiler import Compiled, compile
    from examples.models import load_model

    module, inputs, dynamic_shapes = load_model(name)
    seconds: list[float] = []
    compiled: Compiled | None = None
    for _ in range(repeats):
        program: Any = torch.export.export(copy.deepcopy(module), inputs, dynamic_shapes=dynamic_shapes)
        start = time.perf_counter()
        compiled = compile(program)
        seconds.append(time.perf_counter() - start)
    assert compiled is not None
    load_ms, inference_ms, max_error = run_on_stock_runtime(compiled.pte, copy.deepcopy(module), inputs)
    report = compiled.report
    return {
        "model": name,
        "compile_seconds": median(seconds),
        "pte_bytes": report.file_bytes,
        "planned_bytes": sum(m.planned_bytes for m in report.methods),
        "lower_bound_bytes": sum(m.lower_bound for m in report.methods),
        "kernel_calls": sum(sum(m.kernels.values()) for m in report.methods),
        "load_ms": load_ms,
        "inference_ms": inference_ms,
        "max_error": max_error,
    }


if __name__ == "__main__":
    main()
