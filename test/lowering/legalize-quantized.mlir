// RUN: etc-opt %s -p legalize-quantized --split-input-file | filecheck %s

// CHECK-LABEL: @groups
// CHECK-NEXT:  %[[X:.*]] = edge.view_copy(%x, size=[4, 4])
// CHECK-NEXT:  %[[S:.*]] = edge.view_copy(%s, size=[4])
// CHECK-NEXT:  %[[R:.*]] = quant.dequantize_per_channel(%[[X]], %[[S]], axis=0, quant_min=-128, quant_max=127, dtype=i8, out_dtype=f32)
// CHECK-NEXT:  edge.view_copy(%[[R]], size=[2, 8])
func.func @groups(%x: tensor<2x8xi8>, %s: tensor<2x2xf32>) -> tensor<2x8xf32> {
  %y = quant.dequantize_per_group(%x, %s, quant_min=-8, quant_max=7, dtype=i8, group_size=4, output_dtype=f32) : (tensor<2x8xi8>, tensor<2x2xf32>) -> tensor<2x8xf32>
  func.return %y : tensor<2x8xf32>
}

// -----

// CHECK-LABEL: @batches
// CHECK-NEXT:  edge.view_copy(%x, size=[6, 8])
// CHECK-NEXT:  quant.mixed_linear({{.*}} : (tensor<6x8xf32>, tensor<5x8xi8>, tensor<5xf32>) -> tensor<6x5xf32>
// CHECK-NEXT:  edge.view_copy({{.*}}, size=[2, 3, 5])
func.func @batches(%x: tensor<2x3x8xf32>, %w: tensor<5x8xi8>, %s: tensor<5xf32>) -> tensor<2x3x5xf32> {
  %y = quant.mixed_linear(%x, %w, %s) : (tensor<2x3x8xf32>, tensor<5x8xi8>, tensor<5xf32>) -> tensor<2x3x5xf32>
  func.return %y : tensor<2x3x5xf32>
}

// -----

// CHECK-LABEL: @zero_points
// CHECK-NEXT:  program.constant dense<[0, 1, 2, 3, 4]> : tensor<5xi64>
// CHECK-NEXT:  quant.embedding_byte(%w, %s, weight_zero_points=%z, weight_quant_min=-128, weight_quant_max=127,
// CHECK-NEXT:  edge.linear(%x,
func.func @zero_points(%x: tensor<2x8xf32>, %w: tensor<5x8xi8>, %s: tensor<5xf32>, %z: tensor<5xf32>) -> tensor<2x5xf32> {
  %y = quant.mixed_linear(%x, %w, %s, weight_zero_points=%z) : (tensor<2x8xf32>, tensor<5x8xi8>, tensor<5xf32>, tensor<5xf32>) -> tensor<2x5xf32>
  func.return %y : tensor<2x5xf32>
}
