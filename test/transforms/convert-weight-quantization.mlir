// RUN: etc-opt %s -p convert-weight-quantization,dce --split-input-file | filecheck %s

// CHECK-LABEL: @rows
// CHECK:       quant.dequantize_per_channel(%{{.*}}, %{{.*}}, axis=0, quant_min=-127, quant_max=127, dtype=i8) : (tensor<2x4xi8>, tensor<2xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:  edge.linear(%x, %{{.*}}, bias=%b) : (tensor<3x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<3x2xf32>
// CHECK-NOT:   quant.scheme
func.func @rows(%x: tensor<3x4xf32>) -> tensor<3x2xf32> {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0, -4.0, -3.0, -2.0, -1.0]> : tensor<2x4xf32>
  %b = program.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = edge.linear(%x, %w, bias=%b) {quant.scheme = #quant.scheme<weights, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<3x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @one_row
// CHECK:       dense<[32, 64, 95, 127, -127, -95, -64, -32]> : tensor<2x4xi8>
// CHECK:       %[[Y:.*]] = quant.mixed_linear(%x, %{{.*}}, %{{.*}}) : (tensor<1x4xf32>, tensor<2x4xi8>, tensor<2xf32>) -> tensor<1x2xf32>
// CHECK-NEXT:  edge.add(%[[Y]], %b)
func.func @one_row(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0, -4.0, -3.0, -2.0, -1.0]> : tensor<2x4xf32>
  %b = program.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = edge.linear(%x, %w, bias=%b) {quant.scheme = #quant.scheme<weights, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<1x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  func.return %y : tensor<1x2xf32>
}

// -----

// Weights from -8 to 7 are what they were, times a power of two; the first of a pair is in the high half of its byte.
// CHECK-LABEL: @groups
// CHECK:       %[[ROWS:.*]] = program.constant dense<[0, 1]> : tensor<2xi32>
// CHECK:       dense<[15, 31, 15, 200, {{.*}}]> : tensor<2x4xui8>
// CHECK:       %[[W:.*]] = quant.embedding_4bit(%{{.*}}, %{{.*}}, weight_quant_min=-8, weight_quant_max=7, %[[ROWS]]) : (tensor<2x4xui8>, tensor<2x2xf32>, tensor<2xi32>) -> tensor<2x8xf32>
// CHECK-NEXT:  edge.linear(%x, %[[W]])
func.func @groups(%x: tensor<3x8xf32>) -> tensor<3x2xf32> {
  %w = program.constant dense<[-8.0, 7.0, -7.0, 7.0, -4.0, 3.5, 2.0, 0.0, -8.0, 7.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<2x8xf32>
  %y = edge.linear(%x, %w) {quant.scheme = #quant.scheme<weights, weights = i8 [-8, 7] symmetric per_group 4>} : (tensor<3x8xf32>, tensor<2x8xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @embeddings
// CHECK:       quant.embedding_byte(%{{.*}}, %{{.*}}, weight_quant_min=-127, weight_quant_max=127, %i) : (tensor<2x4xi8>, tensor<2xf32>, tensor<5xi64>) -> tensor<5x4xf32>
// CHECK:       quant.embedding_4bit(%{{.*}}, %{{.*}}, weight_zero_points=%{{.*}}, weight_quant_min=-8, weight_quant_max=7, %i) : (tensor<2x2xui8>, tensor<2x1xf32>, tensor<2x1xf32>, tensor<5xi64>) -> tensor<5x4xf32>
func.func @embeddings(%i: tensor<5xi64>) -> (tensor<5x4xf32>, tensor<5x4xf32>) {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0, -4.0, -3.0, -2.0, -1.0]> : tensor<2x4xf32>
  %a = edge.embedding(%w, %i) {quant.scheme = #quant.scheme<weights, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<2x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
  %b = edge.embedding(%w, %i) {quant.scheme = #quant.scheme<weights, weights = i8 [-8, 7] affine per_group 4>} : (tensor<2x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
  func.return %a, %b : tensor<5x4xf32>, tensor<5x4xf32>
}

// -----

// CHECK-LABEL: @other_schemes_stay
// CHECK:       edge.linear(%x, %w) {quant.scheme
func.func @other_schemes_stay(%x: tensor<3x4xf32>) -> tensor<3x2xf32> {
  %w = program.constant dense<1.0> : tensor<2x4xf32>
  %y = edge.linear(%x, %w) {quant.scheme = #quant.scheme<dynamic, activations = i8 [-128, 127] affine per_token, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}
