"""`python -m benchmarks.generated_c`: generated C on this machine beside the stock runtime with XNNPACK, on one thread.

Both run in one process, in turns, on the same input; times are processor time per inference, the least of the rounds.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

OPTIMISE = ("-O3", "-march=native")
ROUNDS = 5
SECONDS = 1.0
"""Processor time that a side runs for in each round, at least once."""
LIMIT = 2.0
"""The most that generated C may take of the time of XNNPACK."""


def measure(name: str, portable: bool = False) -> dict[str, Any]:
    """Figures of one model: milliseconds of each side, the ratio, the largest difference to eager, seconds to compile.

    `portable` measures the stock runtime's own kernels too.
    """
    import torch
    from torch.utils._pytree import tree_leaves

    import etc
    from etc.compiler import export
    from etc.runtime.targets.arrays import from_torch
    from etc.runtime.targets.host import HostProgram
    from examples.models import MODELS

    torch.set_num_threads(1)
    example = MODELS[name].load()
    exported = export(copy.deepcopy(example.module), example.inputs, dynamic_shapes=example.dynamic_shapes)
    compiled = etc.compile(exported, target="host")
    folder = compiled.for_building()
    program = HostProgram(folder, OPTIMISE)
    bound = program.bind("forward", [from_torch(x) for x in tree_leaves(example.inputs)])
    with torch.no_grad():
        wanted = tree_leaves(copy.deepcopy(example.module)(*example.inputs))
    bound.run()
    error = max(
        float(abs(torch.from_numpy(o).double() - w.double()).max())
        for o, w in zip(bound.outputs(), wanted, strict=True)
    )
    sides: dict[str, Callable[[], object]] = {
        "etc": bound.run,
        "xnnpack": _stock(exported, example.inputs, xnnpack=True),
    }
    if portable:
        sides["portable"] = _stock(exported, example.inputs, xnnpack=False)
    best = _in_turns(sides)
    return {
        "model": name,
        **{f"{side}_ms": seconds * 1e3 for side, seconds in best.items()},
        "ratio": best["etc"] / best["xnnpack"],
        "max_error": error,
        "compile_seconds": sum(s for stage, s in compiled.report.seconds.items() if stage != "export"),
    }


def _in_turns(sides: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of processor time per call, the least of some rounds."""
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(ROUNDS):
        for side, call in sides.items():
            start, calls = process_time(), 0
            while calls == 0 or process_time() - start < SECONDS:
                call()
                calls += 1
            best[side] = min(best[side], (process_time() - start) / calls)
    return best


def _stock(exported: Any, inputs: tuple[Any, ...], *, xnnpack: bool) -> Callable[[], object]:
    """A call of the program that ExecuTorch makes of a model, in its runtime."""
    from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
    from executorch.exir import to_edge_transform_and_lower
    from executorch.runtime import Runtime

    partitioner = XnnpackPartitioner() if xnnpack else None
    program: Any = to_edge_transform_and_lower(exported, partitioner=partitioner and [partitioner])
    loaded = Runtime.get().load_program(program.to_executorch().buffer)
    method: Any = loaded.load_method("forward")
    return lambda: (method.execute(list(inputs)), loaded)  # the program must outlive its methods


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generated_c", description=__doc__)
    parser.add_argument("models", nargs="*", default=["mobilenet_v2"], metavar="MODEL")
    parser.add_argument("--portable", action="store_true", help="measure the stock runtime's own kernels, too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    failed = False
    for name in arguments.models:
        figures = measure(name, arguments.portable)
        failed |= figures["ratio"] > LIMIT or figures["max_error"] > 1e-3
        shown = json.dumps(figures) if arguments.json else ", ".join(f"{k} {_text(v)}" for k, v in figures.items())
        print(shown, flush=True)
    return int(failed)


def _text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
