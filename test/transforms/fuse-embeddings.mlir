// RUN: etc-opt %s -p fuse-embeddings --split-input-file | filecheck %s

// CHECK-LABEL: @channels
// CHECK-NEXT:  quant.embedding_byte(%w, %s, weight_quant_min=-128, weight_quant_max=127, %i)
func.func @channels(%w: tensor<6x4xi8>, %s: tensor<6xf32>, %i: tensor<2xi64>) -> tensor<2x4xf32> {
  %r = quant.dequantize_per_channel(%w, %s, axis=0, quant_min=-127, quant_max=127, dtype=i8) : (tensor<6x4xi8>, tensor<6xf32>) -> tensor<6x4xf32>
  %y = edge.embedding(%r, %i) : (tensor<6x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}

// -----

// CHECK-LABEL: @columns_have_the_scales
// CHECK:       edge.embedding
func.func @columns_have_the_scales(%w: tensor<6x4xi8>, %s: tensor<4xf32>, %i: tensor<2xi64>) -> tensor<2x4xf32> {
  %r = quant.dequantize_per_channel(%w, %s, axis=1, quant_min=-127, quant_max=127, dtype=i8) : (tensor<6x4xi8>, tensor<4xf32>) -> tensor<6x4xf32>
  %y = edge.embedding(%r, %i) : (tensor<6x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}

// -----

// CHECK-LABEL: @all_rows
// CHECK:       quant.embedding_4bit(%w, %s, weight_quant_min=-8, weight_quant_max=7, %i)
// CHECK-NOT:   edge.embedding
func.func @all_rows(%w: tensor<3x4xui8>, %s: tensor<3x2xf32>, %i: tensor<2xi64>) -> tensor<2x8xf32> {
  %all = program.constant dense<[0, 1, 2]> : tensor<3xi32>
  %r = quant.embedding_4bit(%w, %s, weight_quant_min=-8, weight_quant_max=7, %all) : (tensor<3x4xui8>, tensor<3x2xf32>, tensor<3xi32>) -> tensor<3x8xf32>
  %y = edge.embedding(%r, %i) : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  func.return %y : tensor<2x8xf32>
}

// -----

// CHECK-LABEL: @some_rows
// CHECK:       edge.embedding
func.func @some_rows(%w: tensor<3x4xui8>, %s: tensor<3x2xf32>, %i: tensor<2xi64>) -> tensor<2x8xf32> {
  %some = program.constant dense<[0, 2, 1]> : tensor<3xi32>
  %r = quant.embedding_4bit(%w, %s, weight_quant_min=-8, weight_quant_max=7, %some) : (tensor<3x4xui8>, tensor<3x2xf32>, tensor<3xi32>) -> tensor<3x8xf32>
  %y = edge.embedding(%r, %i) : (tensor<3x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  func.return %y : tensor<2x8xf32>
}
