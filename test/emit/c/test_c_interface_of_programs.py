"""The interface of generated programs: what they refuse, their state, their methods, what is in the object files."""

from __future__ import annotations

import ctypes
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c_programs import assert_clean, print_c, write

from etc.emit.c.interface import CInterface
from etc.errors import EtcError
from etc.runtime.targets.host import HostProgram

COUNTER = """
builtin.module {
  program.global mutable buffer @calls : tensor<1xi64> = dense<[5]>
  program.global mutable buffer @last.x : tensor<4xf32> = dense<0.0>
  program.global mutable buffer @seen : tensor<3xi1> = dense<false>
  program.global parameter @scale : tensor<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
  program.global parameter @same : tensor<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
  program.global parameter @unused : tensor<4xf32> = dense<9.0>
  func.func private @step(
      %x: memref<?xf32>, %k: memref<4xf32>, %last: memref<4xf32>, %calls: memref<1xi64>, %y: memref<?xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %one = arith.constant 1 : i64
    %n = memref.dim %x, %c0 : memref<?xf32>
    %before = memref.load %calls[%c0] : memref<1xi64>
    %after = arith.addi %before, %one : i64
    memref.store %after, %calls[%c0] : memref<1xi64>
    scf.for %i = %c0 to %n step %c1 {
      %a = memref.load %x[%i] : memref<?xf32>
      %b = memref.load %k[%i] : memref<4xf32>
      %l = memref.load %last[%i] : memref<4xf32>
      %zero = arith.constant 0.0 : f32
      %fine = arith.cmpf oge, %a, %zero : f32
      cf.assert %fine, "an element is negative"
      %p = arith.mulf %a, %b : f32
      %s = arith.addf %p, %l : f32
      memref.store %a, %last[%i] : memref<4xf32>
      memref.store %s, %y[%i] : memref<?xf32>
    }
    func.return
  }
  func.func @forward(%x: memref<?xf32>, %y: memref<?xf32>, %count: memref<i64>, %arena: memref<64xi8>) attributes {
      program.inputs = ["x"], program.outputs = ["y", "count"], program.symbols = #program.symbols<n = [1, 4]>,
      "c.inputs" = [tensor<?xf32, #edge.layout<sizes = [n]>>],
      "c.outputs" = [tensor<?xf32, #edge.layout<sizes = [n]>>, tensor<i64>], "c.pools" = ["arena"]} {
    %c0 = arith.constant 0 : index
    %k = memref.get_global @scale : memref<4xf32>
    %last = memref.get_global @last.x : memref<4xf32>
    %calls = memref.get_global @calls : memref<1xi64>
    %n = memref.dim %x, %c0 : memref<?xf32>
    %t = memref.view %arena[%c0][%n] : memref<64xi8> to memref<?xf32>
    func.call @step(%x, %k, %last, %calls, %t) :
      (memref<?xf32>, memref<4xf32>, memref<4xf32>, memref<1xi64>, memref<?xf32>) -> ()
    "memref.copy"(%t, %y) : (memref<?xf32>, memref<?xf32>) -> ()
    %v = memref.load %calls[%c0] : memref<1xi64>
    memref.store %v, %count[] : memref<i64>
    func.return
  }
SECOND
}
"""
PEEK = """
  func.func @peek(%last: memref<4xf32>, %same: memref<4xf32>) attributes {
      program.outputs = ["last", "same"], "c.inputs" = [], "c.outputs" = [tensor<4xf32>, tensor<4xf32>]} {
    %state = memref.get_global @last.x : memref<4xf32>
    "memref.copy"(%state, %last) : (memref<4xf32>, memref<4xf32>) -> ()
    %k = memref.get_global @same : memref<4xf32>
    "memref.copy"(%k, %same) : (memref<4xf32>, memref<4xf32>) -> ()
    func.return
  }
"""
ONE, TWO = COUNTER.replace("SECOND", ""), COUNTER.replace("SECOND", PEEK)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> HostProgram:
    folder = write(print_c(ONE), tmp_path_factory.mktemp("counter"))
    assert_clean(folder)
    return HostProgram(folder)


def _float(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def test_state_lives_from_call_to_call(counter: HostProgram) -> None:
    counter.reset()
    y, count = counter.call("forward", [_float(1, 1, 1)])
    assert (y.tolist(), count.tolist()) == ([1, 2, 3], 6)
    y, count = counter.call("forward", [_float(2, 3)])
    assert (y.tolist(), count.tolist()) == ([3, 7], 7)
    counter.reset()
    assert counter.call("forward", [_float(0)])[1].tolist() == 6


def test_an_assert_in_a_kernel_ends_the_call(counter: HostProgram) -> None:
    counter.reset()
    with pytest.raises(EtcError, match="an index is out of range; an element is negative"):
        counter.call("forward", [_float(1, -1)])


def _call(program: HostProgram, **changed: Any) -> int:
    """The status of a call with good arguments but those that are given."""
    x, y, count = _float(1, 2), np.zeros(4, np.float32), np.zeros(1, np.int64)

    class Io(ctypes.Structure):
        _fields_ = [("x", ctypes.c_void_p), ("y", ctypes.c_void_p), ("count", ctypes.c_void_p), ("n", ctypes.c_size_t)]

    given = {"x": x.ctypes.data, "y": y.ctypes.data, "count": count.ctypes.data, "n": 2} | {
        name: value for name, value in changed.items() if name not in ("io", "arena", "state")
    }
    io = Io(*given.values())
    arguments = {"io": ctypes.addressof(io), "arena": program.pools[0], "state": program.state} | {
        name: value for name, value in changed.items() if name in ("io", "arena", "state")
    }
    return program.function("net_run")(*arguments.values())


def test_what_cannot_be_right_is_refused(counter: HostProgram) -> None:
    assert _call(counter) == 0
    for name in ("io", "arena", "state", "x", "y", "count"):
        assert _call(counter, **{name: None}) == -1, name
    assert _call(counter, arena=counter.pools[0] + 4) == -2
    assert _call(counter, state=counter.state + 8) == -2
    assert _call(counter, n=0) == -3
    assert _call(counter, n=5) == -3


def test_methods_share_state_and_weights(tmp_path: Path) -> None:
    program = print_c(TWO)
    assert_clean(write(program, tmp_path))
    assert [m.function for m in program.interface.methods] == ["net_forward", "net_peek"]
    assert [m.io_type for m in program.interface.methods] == ["net_forward_io_t", "net_peek_io_t"]
    assert "#define NET_FORWARD_X_BYTES 16U" in program.files["net.h"]
    host = HostProgram(tmp_path)
    host.call("forward", [_float(7, 8, 9)])
    last, same = host.call("peek", [])
    assert last.tolist() == [7, 8, 9, 0]
    assert same.tolist() == [1, 2, 3, 4]


def test_equal_weights_are_stored_once_and_unused_ones_not_at_all() -> None:
    program = print_c(TWO)
    assert re.findall(r"^const \w+ (\w+)", program.files["net_weights.c"], re.MULTILINE) == [
        "net_scale",
        "net_calls_initial",
    ]
    assert program.figures.weights_bytes == 24


def test_the_description_is_that_of_the_program() -> None:
    program = print_c(ONE)
    read = CInterface.from_json(program.files["net.json"])
    assert read == program.interface
    assert (read.arena_bytes, read.state_bytes) == (64, 24)
    assert "#define NET_ARENA_BYTES 64U" in program.files["net.h"]
    assert [(s.method, s.kernel) for s in program.steps] == [("forward", "net_step")]


def test_equal_programs_are_equal_bytes_and_others_have_another_hash() -> None:
    def model_hash(text: str) -> str:
        return re.findall(r'_HASH "(\w+)"', print_c(text).files["net.h"])[0]

    assert print_c(ONE).files == print_c(ONE).files
    assert model_hash(ONE) == model_hash(ONE)
    assert model_hash(ONE) != model_hash(ONE.replace("dense<[5]>", "dense<[6]>"))
    assert model_hash(ONE) != model_hash(ONE.replace("n = [1, 4]", "n = [1, 3]"))


def test_object_files_hold_no_variables_and_call_no_allocator(tmp_path: Path) -> None:
    write(print_c(TWO), tmp_path)
    for source in ("net.c", "net_weights.c"):
        built = tmp_path / "out.o"
        subprocess.run(["gcc", "-Os", f"-I{tmp_path}", "-c", tmp_path / source, "-o", built], check=True)
        symbols = subprocess.run(["nm", built], capture_output=True, text=True, check=True).stdout
        assert not re.findall(r" [dDbBC] .*", symbols)
        assert set(re.findall(r" U (.*)", symbols)) <= {"memcpy", "memset", "net_scale", "net_calls_initial"}
    public = subprocess.run(["nm", "-g", "--defined-only", built], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r" [A-Z] (\w+)", public)) == {"net_scale", "net_calls_initial"}


def test_hooks_and_sections_are_macros(tmp_path: Path) -> None:
    write(print_c(ONE), tmp_path)
    hooks = [
        "-DNET_PROFILE_BEGIN(op)=begin(op)",
        "-DNET_PROFILE_END(op)=end(op)",
        "-DNET_YIELD()=yield()",
        '-DNET_CODE_SECTION=__attribute__((section(".fast")))',
        "-include",
        str(tmp_path / "hooks.h"),
    ]
    (tmp_path / "hooks.h").write_text("void begin(int op); void end(int op); void yield(void);\n")
    built = tmp_path / "out.o"
    subprocess.run(["gcc", *hooks, f"-I{tmp_path}", "-c", tmp_path / "net.c", "-o", built], check=True)
    symbols = subprocess.run(["nm", built], capture_output=True, text=True, check=True).stdout
    assert {"begin", "end", "yield"} <= set(re.findall(r" U (.*)", symbols))
    assert ".fast" in subprocess.run(["size", "-A", built], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("2net", '"2net" cannot be the name of a C program'),
        ("my-net", '"my-net" cannot be the name of a C program'),
        ("_net", '"_net" cannot be the name of a C program: C reserves names that start with an underscore'),
        ("int", "C or C\\+\\+ reserves it"),
        ("class", "C or C\\+\\+ reserves it"),
        ("exp", "C or C\\+\\+ reserves it"),
        ("a__b", "two underscores in a row"),
        ("net_", "two underscores in a row"),
        ("", '"" cannot be the name of a C program'),
    ],
)
def test_names_that_c_cannot_have_are_refused(name: str, why: str) -> None:
    with pytest.raises(EtcError, match=why):
        print_c(ONE, name)


def test_the_name_is_the_prefix_of_everything(tmp_path: Path) -> None:
    program = print_c(ONE, "keyword_spotter")
    assert_clean(write(program, tmp_path))
    assert sorted(program.files) == [
        "keyword_spotter.c",
        "keyword_spotter.h",
        "keyword_spotter.json",
        "keyword_spotter_weights.c",
        "keyword_spotter_weights.h",
    ]
    assert HostProgram(tmp_path).call("forward", [_float(1)])[0].tolist() == [1]
