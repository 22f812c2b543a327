// RUN: etc-opt %s -p canonicalize --print-debuginfo --split-input-file | filecheck %s

// CHECK-LABEL: @folds_and_keeps_names_and_lines
// CHECK-NEXT:    %sum = arith.constant 5 : i32 loc("model.py":4:0)
// CHECK-NEXT:    func.return %sum : i32
func.func @folds_and_keeps_names_and_lines() -> i32 {
  %two = arith.constant 2 : i32 loc("model.py":2:0)
  %three = arith.constant 3 : i32 loc("model.py":3:0)
  %sum = arith.addi %two, %three : i32 loc("model.py":4:0)
  func.return %sum : i32
}

// -----

// CHECK-LABEL: @folds_inside_regions
// CHECK:         scf.if
// CHECK-NEXT:      "test.op"(%x) : (i32) -> ()
func.func @folds_inside_regions(%c: i1, %x: i32) {
  %zero = arith.constant 0 : i32
  scf.if %c {
    %same = arith.addi %x, %zero : i32
    "test.op"(%same) : (i32) -> ()
  }
  func.return
}

// -----

// CHECK-LABEL: @erases_dead_chains
// CHECK-NEXT:    func.return
func.func @erases_dead_chains(%x: i32) {
  %a = arith.muli %x, %x : i32
  %b = arith.muli %a, %a : i32
  func.return
}

// -----

// CHECK-LABEL: @keeps_what_may_have_an_effect
// CHECK-NEXT:    %0 = "test.op"(%x) : (i32) -> i32
func.func @keeps_what_may_have_an_effect(%x: i32) {
  %0 = "test.op"(%x) : (i32) -> i32
  func.return
}
