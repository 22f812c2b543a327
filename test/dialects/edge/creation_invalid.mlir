// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.full: `size` has the negative size -1
func.func @negative() {
  %0 = edge.full(size=[2, -1], fill_value=1) : () -> tensor<2x1xi64>
  func.return
}

// -----

// CHECK: edge.full: result is tensor<2xi64>, the operands give tensor<2xf32>
func.func @kind_of_number() {
  %0 = edge.full(size=[2], fill_value=1.0) : () -> tensor<2xi64>
  func.return
}

// -----

// CHECK: edge.arange: `step` -1 does not lead from `start` 0 to `end` 4
func.func @wrong_way() {
  %0 = edge.arange(start=0, end=4, step=-1) : () -> tensor<4xi64>
  func.return
}

// -----

// CHECK: edge.arange: the length of the range from 0 to s0 by 0.5 is not known: a bound is a symbolic size, so the others must be integers
func.func @unknown_length() {
  %0 = edge.arange(start=0, end=s0, step=0.5) : () -> tensor<?xf32, #edge.layout<sizes = [s0]>>
  func.return
}

// -----

// CHECK: edge.clone_dim_order: `dim_order` is [0, 1], expected a permutation of the 3 dimensions of the tensor
func.func @permutation(%x: tensor<2x3x4xf32>) {
  %0 = edge.clone_dim_order(%x, dim_order=[0, 1]) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return
}

// -----

// CHECK: edge.copy: `src` is tensor<3xf32>, which does not broadcast to the shape of `self`, tensor<2x1xf32>
func.func @target(%x: tensor<2x1xf32>, %y: tensor<3xf32>) {
  %0 = edge.copy(%x, %y) : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x1xf32>
  func.return
}

// -----

// CHECK: edge.fill: `value` has rank 1, expected a tensor of rank 0
func.func @value(%x: tensor<2xf32>) {
  %0 = edge.fill(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.tril: `self` has rank 1, expected at least 2
func.func @matrix(%x: tensor<2xf32>) {
  %0 = edge.tril(%x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}
