// RUN: not etc-opt %s -p convert-weight-quantization 2>&1 | filecheck %s

// CHECK:      edge.linear: groups of 32 weights do not divide its rows
// CHECK-NEXT:   expected: a multiple of 32 weights a row
// CHECK-NEXT:   found: 20
// CHECK-NEXT:   next: choose smaller groups, or give this module another config: int8-weight, float
// CHECK:      edge.embedding: weights in groups have four bits, in rows of an even number of weights
// CHECK-NEXT:   expected: [-8, 7]
// CHECK-NEXT:   found: i8 [-127, 127] symmetric per_group 4 of tensor<2x20xf32> with its channels in dimension 0
func.func @groups(%x: tensor<3x20xf32>, %i: tensor<5xi64>) -> (tensor<3x2xf32>, tensor<5x20xf32>) {
  %w = program.constant dense<1.0> : tensor<2x20xf32>
  %y = edge.linear(%x, %w) {quant.scheme = #quant.scheme<weights, weights = i8 [-8, 7] affine per_group 32>} : (tensor<3x20xf32>, tensor<2x20xf32>) -> tensor<3x2xf32>
  %e = edge.embedding(%w, %i) {quant.scheme = #quant.scheme<weights, weights = i8 [-127, 127] symmetric per_group 4>} : (tensor<2x20xf32>, tensor<5xi64>) -> tensor<5x20xf32>
  func.return %y, %e : tensor<3x2xf32>, tensor<5x20xf32>
}
