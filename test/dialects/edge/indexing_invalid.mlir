// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.index: shapes [3] and [4] do not broadcast: sizes 3 and 4 differ
func.func @indices(%x: tensor<5x6xf32>, %i: tensor<3xi64>, %j: tensor<4xi64>) {
  %0 = edge.index(%x, [%i, %j]) : (tensor<5x6xf32>, tensor<3xi64>, tensor<4xi64>) -> tensor<3xf32>
  func.return
}

// -----

// CHECK: edge.index: the mask [4] does not fit the sizes [5]
func.func @mask(%x: tensor<5x6xf32>, %m: tensor<4xi1>) {
  %0 = edge.index(%x, [%m]) : (tensor<5x6xf32>, tensor<4xi1>) -> tensor<?x6xf32, #edge.layout<sizes = [u0, 6]>>
  func.return
}

// -----

// CHECK: edge.gather: `index` is float32, expected one of int32, int64
func.func @positions(%x: tensor<5x6xf32>, %i: tensor<5x1xf32>) {
  %0 = edge.gather(%x, dim=1, %i) : (tensor<5x6xf32>, tensor<5x1xf32>) -> tensor<5x1xf32>
  func.return
}

// -----

// CHECK: edge.scatter_add: index has size 2 in dimension 1, more than src has: 1
func.func @source(%x: tensor<5x6xf32>, %i: tensor<5x2xi64>, %s: tensor<5x1xf32>) {
  %0 = edge.scatter_add(%x, dim=1, %i, %s) : (tensor<5x6xf32>, tensor<5x2xi64>, tensor<5x1xf32>) -> tensor<5x6xf32>
  func.return
}

// -----

// CHECK: edge.embedding: result is tensor<2x5xf32>, the operands give tensor<2x4xf32>
func.func @rows(%w: tensor<10x4xf32>, %i: tensor<2xi64>) {
  %0 = edge.embedding(%w, %i) : (tensor<10x4xf32>, tensor<2xi64>) -> tensor<2x5xf32>
  func.return
}

// -----

// CHECK: edge.nonzero: result is tensor<?x3xi64, #edge.layout<sizes = [u0, 3]>>, the operands give tensor<?x2xi64, #edge.layout<sizes = [u, 2]>>
func.func @rank(%x: tensor<5x6xf32>) {
  %0 = edge.nonzero(%x) : (tensor<5x6xf32>) -> tensor<?x3xi64, #edge.layout<sizes = [u0, 3]>>
  func.return
}
