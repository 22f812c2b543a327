// RUN: etc-opt %s --split-input-file --verify-diagnostics -p 'verify-stage{stage=edge}' | filecheck %s
// RUN: not etc-opt %s -p 'verify-stage{stage=ege}' 2>&1 | filecheck %s --check-prefix=UNKNOWN

// UNKNOWN: etc-opt: error: there is no stage "ege"
// UNKNOWN-NEXT: next: did you mean edge?

// CHECK:      stage "edge": aten.linear is not allowed here; run decompose-aten (model.py:12)
// CHECK-NEXT: stage "edge": aten.relu is not allowed here; run aten-to-edge (model.py:13)
// CHECK-NOT:  func
func.func @forward(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) -> tensor<2x4xf32> {
  %0 = aten.linear(%x, %w) : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32> loc("model.py":12:4)
  %1 = aten.relu(%0) : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("fc"("model.py":13:4))
  func.return %1 : tensor<2x4xf32>
}

// -----

// Operations in regions are checked too.
// CHECK:      stage "edge": scf.if is not allowed here
// CHECK-NEXT: stage "edge": arith.constant is not allowed here
// CHECK-NEXT: stage "edge": scf.yield is not allowed here
func.func @nested(%c: i1) {
  scf.if %c {
    %0 = arith.constant 1 : i32
  }
  func.return
}

// -----

// CHECK-LABEL: @legal
func.func @legal(%x: tensor<2xf32>) -> tensor<2xf32> {
  func.return %x : tensor<2xf32>
}
