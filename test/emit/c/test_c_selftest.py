"""The self-test passes where the program is right and fails where it is not."""

from __future__ import annotations

import ctypes
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c_programs import assert_clean, print_c, write

from etc.emit.c import Golden
from etc.errors import EtcError

TEXT = """
builtin.module {
  program.global mutable buffer @total : tensor<1xf32> = dense<1.0>
  func.func private @add(%x: memref<?xf32>, %total: memref<1xf32>, %y: memref<?xf32>, %h: memref<?xf16>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = memref.dim %x, %c0 : memref<?xf32>
    scf.for %i = %c0 to %n step %c1 {
      %a = memref.load %x[%i] : memref<?xf32>
      %t = memref.load %total[%c0] : memref<1xf32>
      %s = arith.addf %a, %t : f32
      memref.store %s, %total[%c0] : memref<1xf32>
      memref.store %s, %y[%i] : memref<?xf32>
      %half = arith.truncf %s : f32 to f16
      memref.store %half, %h[%i] : memref<?xf16>
    }
    func.return
  }
  func.func @forward(%x: memref<?xf32>, %y: memref<?xf32>, %h: memref<?xf16>, %u: memref<2xi8>, %k: memref<2xi8>)
      attributes {program.inputs = ["x", "u"], program.outputs = ["y", "h", "k"],
      program.symbols = #program.symbols<n = [1, 4]>,
      "c.inputs" = [tensor<?xf32, #edge.layout<sizes = [n]>>, tensor<2xui8>],
      "c.outputs" = [tensor<?xf32, #edge.layout<sizes = [n]>>, tensor<?xf16, #edge.layout<sizes = [n]>>,
                     tensor<2xui8>]} {
    %total = memref.get_global @total : memref<1xf32>
    func.call @add(%x, %total, %y, %h) : (memref<?xf32>, memref<1xf32>, memref<?xf32>, memref<?xf16>) -> ()
    "memref.copy"(%u, %k) : (memref<2xi8>, memref<2xi8>) -> ()
    func.return
  }
}
""".replace(
    "%x: memref<?xf32>, %y: memref<?xf32>, %h: memref<?xf16>, %u: memref<2xi8>, %k",
    "%x: memref<?xf32>, %u: memref<2xi8>, %y: memref<?xf32>, %h: memref<?xf16>, %k",
)
Y = np.array([3, 6, np.nan], np.float32)


def _golden(**changed: Any) -> Golden:
    good: dict[str, Any] = {
        "inputs": [np.array([2, 3, np.nan], np.float32).tobytes(), bytes([200, 3])],
        "outputs": [Y.tobytes(), Y.astype(np.float16).tobytes(), bytes([200, 3])],
        "sizes": {"n": 3},
    }
    return Golden(**(good | changed))


def _status(golden: Golden, folder: Path) -> int:
    """Builds the program with its self-test and calls that."""
    program = print_c(TEXT, golden=golden)
    assert_clean(write(program, folder))
    library = folder / "net.so"
    sources = [folder / name for name in program.interface.sources]
    subprocess.run(["gcc", "-std=c99", "-shared", "-fPIC", *sources, "-o", library, "-lm"], check=True)
    [needed] = re.findall(r"NET_SELFTEST_BYTES (\d+)U", program.files["net.h"])
    state, scratch = (np.zeros(size + 16, np.uint8) for size in (64, int(needed)))
    aligned = [-(-memory.ctypes.data // 16) * 16 for memory in (state, scratch)]
    selftest = ctypes.CDLL(str(library))["net_selftest"]
    selftest.argtypes = [ctypes.c_void_p] * 3
    return selftest(None, *aligned)


def test_the_right_outputs_pass(tmp_path: Path) -> None:
    assert _status(_golden(), tmp_path) == 0


@pytest.mark.parametrize(
    ("number", "content"),
    [
        (0, np.array([3, 6.001, np.nan], np.float32)),
        (0, np.array([3, 6, 1], np.float32)),
        (0, np.array([np.inf, 6, np.nan], np.float32)),
        (1, np.array([3, 6.03, np.nan], np.float16)),
        (2, np.array([200, 4], np.uint8)),
    ],
)
def test_other_outputs_fail(number: int, content: np.ndarray, tmp_path: Path) -> None:
    outputs = list(_golden().outputs)
    outputs[number] = content.tobytes()
    assert _status(_golden(outputs=outputs), tmp_path) == -5


def test_small_differences_pass(tmp_path: Path) -> None:
    outputs = [np.array([3, 6.0003, np.nan], np.float32).tobytes(), *_golden().outputs[1:]]
    assert _status(_golden(outputs=outputs), tmp_path) == 0


def test_a_golden_call_must_fit() -> None:
    with pytest.raises(EtcError) as caught:
        print_c(TEXT, golden=Golden([b"1234"], [b"", b"123", bytes(3)]))
    assert [str(p).splitlines()[0] for p in caught.value.problems] == [
        "the self-test has no size n",
        "the self-test has another number of inputs",
        "the self-test's h does not fit",
        "the self-test's k does not fit",
    ]
    with pytest.raises(EtcError, match="there is no method backward"):
        print_c(TEXT, golden=_golden(method="backward"))
