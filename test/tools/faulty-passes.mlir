// A pass that fails, and one that leaves an invalid program: the pass is named, there is no traceback.
// RUN: not etc-opt %s -p failing --load %S/inputs/my_passes.py 2>&1 | filecheck %s --check-prefix=FAIL --match-full-lines
// RUN: not etc-opt %s -p canonicalize,breaking --load %S/inputs/my_passes.py 2>&1 | filecheck %s --check-prefix=BREAK
// RUN: etc-opt %s -p breaking --disable-verify --print-op-generic --load %S/inputs/my_passes.py | filecheck %s --check-prefix=UNVERIFIED

// FAIL:      etc-opt: error: pass failing failed: RuntimeError: out of luck
// FAIL-NEXT:   next: this is a mistake in the pass; ETC_TRACEBACK=1 shows where
// FAIL-NOT:  Traceback

// BREAK:      etc-opt: error: pass breaking left an invalid program: {{.*}}faulty-passes.mlir:15:3: arith.addi: Expected 2 operands, but got 1
// BREAK-NOT:  Traceback

// UNVERIFIED: "arith.addi"(%x)
func.func @f(%x: i32, %y: i32) -> i32 {
  %d = arith.addi %x, %y : i32
  func.return %d : i32
}
