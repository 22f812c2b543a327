// RUN: not etc-opt %s -p 'verify-stage{stage=autograd-safe}' 2>&1 | filecheck %s

// Only what autograd can go through; what has no gradient by its nature may stand there, and anything on integers.
// CHECK-NOT:  aten.linear
// CHECK-NOT:  aten.argmax
// CHECK-NOT:  bitwise_and
// CHECK:      stage "autograd-safe": aten.unique_dim is not allowed here
// CHECK-NEXT: stage "autograd-safe": aten.floor_divide is not allowed here (model.py:7)
// CHECK-NOT:  stage
func.func @trains(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %n: tensor<2xi64>) -> tensor<2x4xf32> {
  %0 = aten.linear(%x, %w) : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  %1 = aten.argmax(%0) : (tensor<2x4xf32>) -> tensor<i64>
  %2 = aten.bitwise_and.Tensor(%n, %n) : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  %3 = aten.floor_divide(%n, %n) : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  %4, %5, %6 = aten.unique_dim(%x, dim=0) : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>)
  %7 = aten.floor_divide(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32> loc("model.py":7:2)
  func.return %0 : tensor<2x4xf32>
}
