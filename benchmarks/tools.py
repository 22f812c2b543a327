"""How fast `etc-opt` starts, and what an operation costs in small and in large programs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TypedDict

from xdsl.builder import ImplicitBuilder
from xdsl.dialects.builtin import FunctionType, ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp

from etc.compiler import lower
from etc.dialects import aten, dtypes
from etc.dialects.tensor import tensor
from etc.pipelines import TO_PTE

SMALL = """func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = aten.relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}
"""


class ToolFigures(TypedDict):
    """Seconds are medians of whole processes; microseconds are for the whole pipeline to bytes, per ATen operation."""

    help_seconds: float
    small_file_seconds: float
    per_op_1k_us: float
    per_op_20k_us: float


def measure_tools(repeats: int = 5) -> ToolFigures:
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.mlir"
        small.write_text(SMALL)
        return {
            "help_seconds": _process_seconds(repeats, "--help"),
            "small_file_seconds": _process_seconds(repeats, str(small)),
            "per_op_1k_us": _per_op(1_000),
            "per_op_20k_us": _per_op(20_000),
        }


def _process_seconds(repeats: int, *arguments: str) -> float:
    tool = Path(sys.executable).with_name("etc-opt")
    seconds: list[float] = []
    cached = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # modules are compiled once, not in every run
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([tool, *arguments], check=True, capture_output=True, env=cached)
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def chain(length: int) -> ModuleOp:
    """A method of `length` ATen operations, each on the result of the one before."""
    image = tensor(dtypes.float32, [1, 16, 8, 8]).type
    method = FuncOp("forward", FunctionType.from_lists([image], [image]))
    with ImplicitBuilder(method.body) as (value,):
        for number in range(length):
            op = aten.op_class(("sigmoid", "neg", "tanh")[number % 3]).make({"self": value}, [image])
            (value,) = op.results
        ReturnOp(value)
    return ModuleOp([method])


def _per_op(length: int) -> float:
    module = chain(length)
    start = time.perf_counter()
    lower(module, TO_PTE)
    return (time.perf_counter() - start) / length * 1e6


if __name__ == "__main__":
    print(measure_tools())
