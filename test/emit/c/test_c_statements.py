"""Loops, branches and memory as C, against Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from c_programs import run


def _method(inputs: str, outputs: str, signature: str, body: str, symbols: str = "", kernels: str = "") -> str:
    return f"""
builtin.module {{
{kernels}
  func.func @forward({signature}) attributes {{"c.inputs" = [{inputs}], "c.outputs" = [{outputs}]{symbols}}} {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
{body}
    func.return
  }}
}}
"""


X4, X8 = "tensor<4xf32>", "tensor<8xf32>"
A4, A8 = np.array([3, -1, 4, 1.5], np.float32), np.arange(8, dtype=np.float32)


def _on_vector(body: str, tmp_path: Path, x: np.ndarray = A4) -> list[float]:
    """What a program makes of `%x` in `%y`, both of 4 elements."""
    text = _method(X4, X4, "%x: memref<4xf32>, %y: memref<4xf32>", body)
    return run(text, tmp_path, [x])[0].tolist()


def test_a_loop_carries_values_that_change_places(tmp_path: Path) -> None:
    """Fibonacci: each carried value becomes another one, all at once."""
    body = """
    %a, %b, %n = scf.for %i = %c0 to %c8 step %c1 iter_args(%p = %zero, %q = %one, %k = %c0) -> (f32, f32, index) {
      %s = arith.addf %p, %q : f32
      %m = arith.addi %k, %i : index
      scf.yield %q, %s, %m : f32, f32, index
    }
    memref.store %a, %y[%c0] : memref<4xf32>
    memref.store %b, %y[%c1] : memref<4xf32>
    %n64 = arith.index_cast %n : index to i64
    %nf = arith.sitofp %n64 : i64 to f32
    memref.store %nf, %y[%c2] : memref<4xf32>
    memref.store %zero, %y[%c3] : memref<4xf32>"""
    assert _on_vector(body, tmp_path) == [21, 34, 28, 0]


def test_loops_in_loops_sum_into_one_variable(tmp_path: Path) -> None:
    body = """
    %s = scf.for %i = %c0 to %c4 step %c1 iter_args(%a = %zero) -> (f32) {
      %t = scf.for %j = %c0 to %i step %c1 iter_args(%b = %a) -> (f32) {
        %v = memref.load %x[%j] : memref<4xf32>
        %w = arith.addf %b, %v : f32
        scf.yield %w : f32
      }
      memref.store %t, %y[%i] : memref<4xf32>
      scf.yield %t : f32
    }"""
    assert _on_vector(body, tmp_path) == [0, 3, 5, 11]


def test_the_old_value_of_an_outer_variable_is_kept_when_it_is_needed(tmp_path: Path) -> None:
    """The inner loop starts from the outer variable, which is read again after it."""
    body = """
    %s = scf.for %i = %c0 to %c4 step %c1 iter_args(%a = %one) -> (f32) {
      %t = scf.for %j = %c0 to %c2 step %c1 iter_args(%b = %a) -> (f32) {
        %w = arith.addf %b, %b : f32
        scf.yield %w : f32
      }
      %d = arith.subf %t, %a : f32
      memref.store %d, %y[%i] : memref<4xf32>
      scf.yield %t : f32
    }"""
    assert _on_vector(body, tmp_path) == [3, 12, 48, 192]


def test_a_branch_in_a_loop_changes_the_loops_variable(tmp_path: Path) -> None:
    """Largest element and where it is."""
    body = """
    %first = memref.load %x[%c0] : memref<4xf32>
    %m, %at = scf.for %i = %c1 to %c4 step %c1 iter_args(%best = %first, %where = %c0) -> (f32, index) {
      %v = memref.load %x[%i] : memref<4xf32>
      %more = arith.cmpf ogt, %v, %best : f32
      %b, %w = scf.if %more -> (f32, index) {
        scf.yield %v, %i : f32, index
      } else {
        scf.yield %best, %where : f32, index
      }
      scf.yield %b, %w : f32, index
    }
    memref.store %m, %y[%c0] : memref<4xf32>
    %i64 = arith.index_cast %at : index to i64
    %f = arith.sitofp %i64 : i64 to f32
    memref.store %f, %y[%c1] : memref<4xf32>
    memref.store %zero, %y[%c2] : memref<4xf32>
    memref.store %zero, %y[%c3] : memref<4xf32>"""
    assert _on_vector(body, tmp_path) == [4, 2, 0, 0]


def test_branches_swap_what_a_loop_carries(tmp_path: Path) -> None:
    body = """
    %p, %q = scf.for %i = %c0 to %c3 step %c1 iter_args(%a = %zero, %b = %one) -> (f32, f32) {
      %odd = arith.remui %i, %c2 : index
      %is = arith.cmpi eq, %odd, %c0 : index
      %u, %v = scf.if %is -> (f32, f32) {
        scf.yield %b, %a : f32, f32
      } else {
        %d = arith.addf %a, %b : f32
        scf.yield %d, %b : f32, f32
      }
      scf.yield %u, %v : f32, f32
    }
    memref.store %p, %y[%c0] : memref<4xf32>
    memref.store %q, %y[%c1] : memref<4xf32>
    memref.store %zero, %y[%c2] : memref<4xf32>
    memref.store %zero, %y[%c3] : memref<4xf32>"""
    assert _on_vector(body, tmp_path) == [0, 1, 0, 0]


def test_a_load_does_not_move_over_a_store(tmp_path: Path) -> None:
    """Reversal in place, and an accumulation that reads what it has just written."""
    body = """
    "memref.copy"(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
    scf.for %i = %c0 to %c2 step %c1 {
      %j = arith.subi %c3, %i : index
      %a = memref.load %y[%i] : memref<4xf32>
      %b = memref.load %y[%j] : memref<4xf32>
      memref.store %b, %y[%i] : memref<4xf32>
      memref.store %a, %y[%j] : memref<4xf32>
    }
    scf.for %i = %c1 to %c4 step %c1 {
      %h = arith.subi %i, %c1 : index
      %a = memref.load %y[%h] : memref<4xf32>
      %b = memref.load %y[%i] : memref<4xf32>
      %s = arith.addf %a, %b : f32
      scf.if %is_kept {
        memref.store %zero, %y[%h] : memref<4xf32>
      }
      memref.store %s, %y[%i] : memref<4xf32>
    }""".replace("scf.for %i = %c1 to", "%is_kept = arith.constant false\n    scf.for %i = %c1 to")
    assert _on_vector(body, tmp_path) == [1.5, 5.5, 4.5, 7.5]


def test_a_while_loop_hands_on_values(tmp_path: Path) -> None:
    """Collatz from 6: the first half computes what the second one gets."""
    body = """
    %six = arith.constant 6 : i32
    %i1 = arith.constant 1 : i32
    %i2 = arith.constant 2 : i32
    %i3 = arith.constant 3 : i32
    %i0 = arith.constant 0 : i32
    %last, %steps = scf.while (%n = %six, %k = %i0) : (i32, i32) -> (i32, i32) {
      %go = arith.cmpi ne, %n, %i1 : i32
      scf.condition(%go) %n, %k : i32, i32
    } do {
    ^bb0(%m: i32, %s: i32):
      %r = arith.remsi %m, %i2 : i32
      %even = arith.cmpi eq, %r, %i0 : i32
      %next = scf.if %even -> (i32) {
        %h = arith.divsi %m, %i2 : i32
        scf.yield %h : i32
      } else {
        %t = arith.muli %m, %i3 : i32
        %u = arith.addi %t, %i1 : i32
        scf.yield %u : i32
      }
      %s1 = arith.addi %s, %i1 : i32
      scf.yield %next, %s1 : i32, i32
    }
    %computed = scf.while (%n = %i0) : (i32) -> (i32) {
      %square = arith.muli %n, %n : i32
      %go = arith.cmpi slt, %square, %six : i32
      scf.condition(%go) %square : i32
    } do {
    ^bb0(%sq: i32):
      %n1 = arith.addi %sq, %i1 : i32
      scf.yield %n1 : i32
    }
    %f0 = arith.sitofp %last : i32 to f32
    memref.store %f0, %y[%c0] : memref<4xf32>
    %f1 = arith.sitofp %steps : i32 to f32
    memref.store %f1, %y[%c1] : memref<4xf32>
    %f2 = arith.sitofp %computed : i32 to f32
    memref.store %f2, %y[%c2] : memref<4xf32>
    memref.store %zero, %y[%c3] : memref<4xf32>"""
    assert _on_vector(body, tmp_path) == [1, 8, 25, 0]  # 0, then 1, 4 and 25


def test_a_switch_chooses(tmp_path: Path) -> None:
    body = """
    scf.for %i = %c0 to %c4 step %c1 {
      %r = scf.index_switch %i -> f32
      case 1 {
        %two = arith.constant 2.0 : f32
        scf.yield %two : f32
      }
      case 3 {
        %v = memref.load %x[%c0] : memref<4xf32>
        scf.yield %v : f32
      }
      default {
        scf.yield %zero : f32
      }
      memref.store %r, %y[%i] : memref<4xf32>
    }"""
    assert _on_vector(body, tmp_path) == [0, 2, 0, 3]


def test_local_arrays_hold_blocks(tmp_path: Path) -> None:
    body = """
    %t = memref.alloca() : memref<2x2xf32>
    scf.for %i = %c0 to %c4 step %c1 {
      %r = arith.divui %i, %c2 : index
      %c = arith.remui %i, %c2 : index
      %v = memref.load %x[%i] : memref<4xf32>
      memref.store %v, %t[%c, %r] : memref<2x2xf32>
    }
    %flat = memref.collapse_shape %t [[0 : i64, 1 : i64]] : memref<2x2xf32> into memref<4xf32>
    "memref.copy"(%flat, %y) : (memref<4xf32>, memref<4xf32>) -> ()"""
    assert _on_vector(body, tmp_path) == [3, 4, -1, 1.5]


def test_views_of_an_array_are_its_parts(tmp_path: Path) -> None:
    """Every second column; a transposed reading; a copy between layouts; a slice that loses a dimension."""
    body = """
    %m = memref.expand_shape %x [[0 : i64, 1 : i64]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf32>
    %odd = memref.subview %m[0, 1] [2, 2] [1, 2] : memref<2x4xf32> to memref<2x2xf32, strided<[4, 2], offset: 1>>
    %out = memref.expand_shape %y [[0 : i64, 1 : i64]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf32>
    %left = memref.subview %out[0, 0] [2, 2] [1, 1] : memref<2x4xf32> to memref<2x2xf32, strided<[4, 1]>>
    "memref.copy"(%odd, %left) : (memref<2x2xf32, strided<[4, 2], offset: 1>>, memref<2x2xf32, strided<[4, 1]>>) -> ()
    %turned = memref.reinterpret_cast %x to offset: [0], sizes: [4, 2], strides: [1, 4] :
        memref<8xf32> to memref<4x2xf32, strided<[1, 4]>>
    scf.for %i = %c0 to %c2 step %c1 {
      %row = memref.subview %out[%i, 0] [1, 4] [1, 1] : memref<2x4xf32> to memref<4xf32, strided<[1], offset: ?>>
      %a = memref.load %turned[%c3, %i] : memref<4x2xf32, strided<[1, 4]>>
      %b = memref.load %turned[%i, %c1] : memref<4x2xf32, strided<[1, 4]>>
      memref.store %a, %row[%c2] : memref<4xf32, strided<[1], offset: ?>>
      memref.store %b, %row[%c3] : memref<4xf32, strided<[1], offset: ?>>
    }"""
    text = _method(X8, X8, "%x: memref<8xf32>, %y: memref<8xf32>", body)
    assert run(text, tmp_path, [A8])[0].tolist() == [1, 3, 3, 4, 5, 7, 7, 5]


def test_sizes_at_run_time_go_with_the_pointer(tmp_path: Path) -> None:
    """A kernel of any size, a temporary of that size in the arena, a strided slice as an argument."""
    kernels = """
  func.func private @turn(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %h = memref.dim %x, %c0 : memref<?x?xf32>
    %w = memref.dim %x, %c1 : memref<?x?xf32>
    scf.for %i = %c0 to %h step %c1 {
      scf.for %j = %c0 to %w step %c1 {
        %v = memref.load %x[%i, %j] : memref<?x?xf32>
        memref.store %v, %y[%j, %i] : memref<?x?xf32>
      }
    }
    func.return
  }
  func.func private @sum(%x: memref<?x?xf32, strided<[?, 1], offset: ?>>, %y: memref<?xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    %h = memref.dim %x, %c0 : memref<?x?xf32, strided<[?, 1], offset: ?>>
    %w = memref.dim %x, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
    scf.for %i = %c0 to %h step %c1 {
      %s = scf.for %j = %c0 to %w step %c1 iter_args(%a = %zero) -> (f32) {
        %v = memref.load %x[%i, %j] : memref<?x?xf32, strided<[?, 1], offset: ?>>
        %t = arith.addf %a, %v : f32
        scf.yield %t : f32
      }
      memref.store %s, %y[%i] : memref<?xf32>
    }
    func.return
  }"""
    body = """
    %h = memref.dim %x, %c0 : memref<?x?xf32>
    %w = memref.dim %x, %c1 : memref<?x?xf32>
    %t = memref.view %arena[%c0][%w, %h] : memref<4096xi8> to memref<?x?xf32>
    func.call @turn(%x, %t) : (memref<?x?xf32>, memref<?x?xf32>) -> ()
    %less = arith.subi %h, %c1 : index
    %part = memref.subview %t[0, 1] [%w, %less] [1, 1] : memref<?x?xf32> to memref<?x?xf32, strided<[?, 1], offset: ?>>
    func.call @sum(%part, %y) : (memref<?x?xf32, strided<[?, 1], offset: ?>>, memref<?xf32>) -> ()"""
    symbols = ', "c.pools" = ["arena"], program.symbols = #program.symbols<s0 = [2, 9], s1 = [1, 9]>'
    text = _method(
        "tensor<?x?xf32, #edge.layout<sizes = [s0*2 - 1, s1]>>",
        "tensor<?xf32, #edge.layout<sizes = [s1]>>",
        "%x: memref<?x?xf32>, %y: memref<?xf32>, %arena: memref<4096xi8>",
        body,
        symbols,
        kernels,
    )
    x = np.random.default_rng(0).standard_normal((5, 7), np.float32)
    [y] = run(text, tmp_path, [x])
    np.testing.assert_allclose(y, x[1:].sum(0), rtol=1e-5)


def test_the_caller_gets_a_size_that_the_data_decides(tmp_path: Path) -> None:
    """The elements that are not negative, and how many there are."""
    body = """
    %n = scf.for %i = %c0 to %c8 step %c1 iter_args(%k = %c0) -> (index) {
      %v = memref.load %x[%i] : memref<8xf32>
      %keep = arith.cmpf oge, %v, %zero : f32
      %next = scf.if %keep -> (index) {
        memref.store %v, %all[%k] : memref<8xf32>
        %more = arith.addi %k, %c1 : index
        scf.yield %more : index
      } else {
        scf.yield %k : index
      }
      scf.yield %next : index
    }
    program.found u0 = %n
    %part = memref.subview %all[0] [%n] [1] : memref<8xf32> to memref<?xf32>
    "memref.copy"(%part, %y) : (memref<?xf32>, memref<?xf32>) -> ()"""
    text = _method(
        X8,
        "tensor<?xf32, #edge.layout<sizes = [u0]>>",
        "%x: memref<8xf32>, %y: memref<?xf32>, %arena: memref<32xi8>",
        "    %all = memref.view %arena[%c0][] : memref<32xi8> to memref<8xf32>" + body,
        ', "c.pools" = ["arena"], program.symbols = #program.symbols<u0 = [0, 8]>',
    )
    x = np.array([1, -2, 3, -4, -5, 6, 7, -8], np.float32)
    assert run(text, tmp_path, [x])[0].tolist() == [1, 3, 6, 7]
    assert run(text, tmp_path, [-np.abs(x)])[0].tolist() == []


def test_steps_and_bounds_are_computed_once(tmp_path: Path) -> None:
    """The bound is read from memory that the loop overwrites."""
    body = """
    "memref.copy"(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
    %v = memref.load %y[%c0] : memref<4xf32>
    %i = arith.fptosi %v : f32 to i64
    %n = arith.index_cast %i : i64 to index
    scf.for %j = %c0 to %n step %c2 {
      memref.store %zero, %y[%j] : memref<4xf32>
    }"""
    assert _on_vector(body, tmp_path) == [0, -1, 0, 1.5]
