// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.sum: dimension 2 is out of range for a tensor of rank 2
func.func @range(%x: tensor<2x3xf32>) {
  %0 = edge.sum(%x, dim=[2]) : (tensor<2x3xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.mean: dimension 1 appears more than once in [1, -1]
func.func @twice(%x: tensor<2x3xf32>) {
  %0 = edge.mean(%x, dim=[1, -1]) : (tensor<2x3xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.sum: result is tensor<2xi32>, the operands give tensor<2xi64>
func.func @accumulator(%x: tensor<2x3xi32>) {
  %0 = edge.sum(%x, dim=[1]) : (tensor<2x3xi32>) -> tensor<2xi32>
  func.return
}

// -----

// CHECK: edge.mean: `self` holds int32, expected floating-point numbers; give a floating `dtype`
func.func @integers(%x: tensor<2x3xi32>) {
  %0 = edge.mean(%x) : (tensor<2x3xi32>) -> tensor<i32>
  func.return
}

// -----

// CHECK: edge.max_dim: result 1 is tensor<2xi32>, the operands give tensor<2xi64>
func.func @index(%x: tensor<2x3xf32>) {
  %0, %1 = edge.max_dim(%x, dim=1) : (tensor<2x3xf32>) -> (tensor<2xf32>, tensor<2xi32>)
  func.return
}

// -----

// CHECK: edge.amax: dimension 1 of `self` has size 0, its reduction is not defined
func.func @empty(%x: tensor<2x0xf32>) {
  %0 = edge.amax(%x, dim=[1]) : (tensor<2x0xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.topk: `k` is 4, expected 0 to 3, the size of dimension 1
func.func @too_many(%x: tensor<2x3xf32>) {
  %0, %1 = edge.topk(%x, k=4) : (tensor<2x3xf32>) -> (tensor<2x4xf32>, tensor<2x4xi64>)
  func.return
}
