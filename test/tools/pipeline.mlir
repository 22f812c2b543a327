// The spellings of a pipeline.
// RUN: etc-opt %s -p canonicalize,cse | filecheck %s
// RUN: etc-opt %s --passes canonicalize,cse | filecheck %s
// RUN: etc-opt %s --pass-pipeline='builtin.module(canonicalize, cse)' | filecheck %s
// RUN: etc-opt %s -p ' canonicalize , cse ' | filecheck %s
// RUN: etc-opt %s -p 'builtin.module(canonicalize, cse,square-to-sum{ limit=4 sizes=1,2,3 fast})' --load %S/inputs/my_passes.py | filecheck %s --check-prefix=LOADED

// CHECK-LABEL: @f
// CHECK-NEXT:    %a = arith.muli %x, %x : i32
// CHECK-NEXT:    %c = arith.muli %a, %a : i32
// CHECK-NEXT:    func.return %c : i32

// LOADED-LABEL: @f
// LOADED-NEXT:    %a = arith.addi %x, %x : i32
// LOADED-NEXT:    %c = arith.addi %a, %a : i32
// LOADED-NEXT:    func.return %c : i32
func.func @f(%x: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %y = arith.addi %x, %zero : i32
  %a = arith.muli %y, %y : i32
  %b = arith.muli %y, %y : i32
  %c = arith.muli %a, %b : i32
  func.return %c : i32
}
