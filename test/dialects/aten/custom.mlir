// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK: program.custom_op "myns::blur(Tensor x, *, int radius=3) -> Tensor"
program.custom_op "myns::blur(Tensor x, *, int radius=3) -> Tensor"
// CHECK: program.custom_op "myns::accumulate.scaled(Tensor(a!) self, Tensor x, SymInt n) -> Tensor"
program.custom_op "myns::accumulate.scaled(Tensor(a!) self, Tensor x, SymInt n) -> Tensor"

// CHECK-LABEL: func.func @f
func.func @f(%x: tensor<4xf32>, %n: i64) -> tensor<4xf32> {
  // CHECK: myns.blur(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %y = myns.blur(%x, radius=3) : (tensor<4xf32>) -> tensor<4xf32>
  // The new value of the argument that the operator writes is the last result.
  // CHECK: %z, %w = myns.accumulate.scaled(%y, %x, n=%n) : (tensor<4xf32>, tensor<4xf32>, i64) -> (tensor<4xf32>, tensor<4xf32>)
  %z, %w = myns.accumulate.scaled(%y, %x, n=%n) : (tensor<4xf32>, tensor<4xf32>, i64) -> (tensor<4xf32>, tensor<4xf32>)
  func.return %w : tensor<4xf32>
}
