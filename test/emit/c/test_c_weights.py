"""Weights come out of the compiler as they went in, bit by bit, as arrays and as a file of bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from c_programs import assert_clean, print_c, write

from etc.dialects import dtypes
from etc.dialects.blob import Blob
from etc.dialects.tensor import tensor
from etc.emit.c.weights import READABLE, Weight, elements_text
from etc.runtime.targets.host import HostProgram

IR = {
    "bool": "i1",
    "int8": "i8",
    "uint8": "ui8",
    "int16": "i16",
    "int32": "i32",
    "int64": "i64",
    "float16": "f16",
    "bfloat16": "bf16",
    "float32": "f32",
    "float64": "f64",
}


def _data(name: str, count: int) -> np.ndarray:
    """Random bits: all kinds of numbers, NaN among them. The ends of the range come first."""
    rng = np.random.default_rng(len(name))
    numpy = dtypes.BY_NAME[name].numpy or "uint16"
    if name == "bool":
        return rng.integers(0, 2, count).astype(bool)
    array = np.frombuffer(rng.bytes(count * np.dtype(numpy).itemsize), numpy).copy()
    if array.dtype.kind == "i":
        array[:2] = np.iinfo(array.dtype).min, np.iinfo(array.dtype).max
    if array.dtype.kind == "f":
        info = np.finfo(array.dtype)
        array[:9] = 0, -0.0, np.inf, -np.inf, np.nan, info.max, info.tiny, info.smallest_subnormal, 0.1
        array[np.isnan(array)] = np.nan  # which NaN it is does not come through a decimal literal
    return array


def _module(name: str, count: int) -> str:
    """A program that copies a weight to its output. Memory has no unsigned types."""
    edge, stored = IR[name], IR[name].replace("u", "")
    return f"""
builtin.module {{
  program.global constant @w : tensor<{count}x{edge}> = #program.blob<"sha256:{name}{count}">
  func.func @forward(%y: memref<{count}x{stored}>) attributes {{
      "c.inputs" = [], "c.outputs" = [tensor<{count}x{edge}>]}} {{
    %w = memref.get_global @w : memref<{count}x{stored}>
    "memref.copy"(%w, %y) : (memref<{count}x{stored}>, memref<{count}x{stored}>) -> ()
    func.return
  }}
}}
"""


@pytest.mark.parametrize("weights", ["array", "blob"])
@pytest.mark.parametrize("count", [50, READABLE + 11])
@pytest.mark.parametrize("name", IR)
def test_weights_are_exact(name: str, count: int, weights: str, tmp_path: Path) -> None:
    data = _data(name, count)
    content = Blob.from_bytes(data.tobytes())
    holder = Blob.from_key(f"sha256:{name}{count}")
    holder.provide(lambda: content.data, content.nbytes)
    folder = write(print_c(_module(name, count), weights=weights), tmp_path)
    if weights == "array":
        assert_clean(folder)
    [got] = HostProgram(folder, ("-O0",)).call("forward", [])
    assert got.tobytes() == data.tobytes()


def test_large_arrays_of_floats_are_hexadecimal_and_small_ones_are_for_people() -> None:
    small = np.array([0.1, -2.5, 3e-9], np.float32)
    shown = Weight("w", "w", tensor(dtypes.float32, [3]), Blob.from_bytes(small.tobytes()))
    assert elements_text(shown) == "  0.1f, -2.5f, 3e-09f\n"
    large = np.tile(small, READABLE)
    shown = Weight("w", "w", tensor(dtypes.float32, [large.size]), Blob.from_bytes(large.tobytes()))
    assert elements_text(shown).split(",")[1].strip() == "-0x1.400000p+0001f"
