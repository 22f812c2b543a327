// RUN: etc-opt %s -p edge-to-linalg,fuse-elementwise --split-input-file | filecheck %s

// A chain is one loop nest, and a constant of one element a number in it.
// CHECK-LABEL: @chain
func.func @chain(%x: tensor<4x3xf32>, %b: tensor<3xf32>) -> tensor<4x3xf32> {
  // CHECK-COUNT-1: linalg.generic
  // CHECK-SAME:    doc = "edge.exp + edge.mul + edge.add"} ins(%b, %x
  // CHECK:           math.exp
  // CHECK:           arith.constant 2.000000e+00
  // CHECK:           arith.mulf
  // CHECK:           arith.addf
  // CHECK-NOT:     linalg.generic
  // CHECK:         func.return
  %two = program.constant dense<2.0> : tensor<f32>
  %e = edge.exp(%x) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %m = edge.mul(%e, %two) : (tensor<4x3xf32>, tensor<f32>) -> tensor<4x3xf32>
  %a = edge.add(%m, %b) : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  func.return %a : tensor<4x3xf32>
}

// -----

// What two use is stored, unless it only moves elements.
// CHECK-LABEL: @two_users
func.func @two_users(%x: tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<3x4xf32>, tensor<3x4xf32>) {
  // CHECK:       %e = linalg.generic {{.*}} doc = "edge.exp"
  // CHECK-NOT:   doc = "edge.permute_copy"}
  // CHECK:       doc = "edge.permute_copy + edge.sin"
  // CHECK:       doc = "edge.permute_copy + edge.cos"
  %e = edge.exp(%x) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %p = edge.permute_copy(%e, dims=[1, 0]) : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %s = edge.sin(%p) : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %c = edge.cos(%p) : (tensor<3x4xf32>) -> tensor<3x4xf32>
  func.return %e, %s, %c : tensor<4x3xf32>, tensor<3x4xf32>, tensor<3x4xf32>
}

// -----

// Products are computed in blocks: elements would be computed many times.
// CHECK-LABEL: @product
func.func @product(%x: tensor<4x3xf32>, %w: tensor<3x5xf32>) -> tensor<4x5xf32> {
  // CHECK:       doc = "edge.exp"
  // CHECK:       doc = "edge.mm"
  %e = edge.exp(%x) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %y = edge.mm(%e, %w) : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
  func.return %y : tensor<4x5xf32>
}

// -----

// A sum reads each element once.
// CHECK-LABEL: @sum
func.func @sum(%x: tensor<4x3xf32>) -> tensor<4xf32> {
  // CHECK:       ins(%x : tensor<4x3xf32>)
  // CHECK:         math.exp
  // CHECK:         arith.addf
  %e = edge.exp(%x) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %y = edge.sum(%e, dim=[1]) : (tensor<4x3xf32>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----

// What ends a reduction stays with it, so that its sums of 32 bits are not stored.
// CHECK-LABEL: @ends_a_reduction
func.func @ends_a_reduction(%x: tensor<4x3xi8>, %w: tensor<5x3xi8>) -> tensor<4xi32> {
  // CHECK:       doc = "quant.linear"} ins(%x, %w
  // CHECK:       doc = "quant.requantize"}
  // CHECK:       doc = "quant.sum"}
  %m = program.constant dense<[1073741824]> : tensor<1xi32>
  %s = program.constant dense<[40]> : tensor<1xi32>
  %a = quant.linear(%x, %w) : (tensor<4x3xi8>, tensor<5x3xi8>) -> tensor<4x5xi32>
  %q = quant.requantize(%a, %m, %s, axis=1, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4x5xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<4x5xi8>
  %y = quant.sum(%q, dim=[1], keepdim=false, zero_point=0) : (tensor<4x5xi8>) -> tensor<4xi32>
  func.return %y : tensor<4xi32>
}

// -----

// Constants are dequantised where they are used, though that is often: in memory they would be four times as large.
// CHECK-LABEL: @dequantised_weights
func.func @dequantised_weights(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK:       doc = "quant.dequantize_per_channel + edge.linear"} ins(%x, %q, %s
  // CHECK:         arith.sitofp
  %q = program.constant dense<[1, 2, 3, 4]> : tensor<2x2xi8>
  %s = program.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %w = quant.dequantize_per_channel(%q, %s, axis=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x2xi8>, tensor<2xf32>) -> tensor<2x2xf32>
  %y = edge.linear(%x, %w) : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  func.return %y : tensor<4x2xf32>
}
