// RUN: etc-opt %s -p convert-dynamic-quantization --split-input-file | filecheck %s

// CHECK-LABEL: @rows
// CHECK:       %[[S:.*]], %[[Z:.*]] = quant.choose_qparams_per_token(%x, dtype=i8) : (tensor<3x4xf32>) -> (tensor<3x1xf64>, tensor<3x1xi64>)
// CHECK-NEXT:  %[[Q:.*]] = quant.quantize_per_token(%x, %[[S]], %[[Z]], quant_min=-128, quant_max=127, dtype=i8)
// CHECK-NEXT:  %[[X:.*]] = quant.dequantize_per_token(%[[Q]], %[[S]], %[[Z]], quant_min=-128, quant_max=127, dtype=i8, output_dtype=f32)
// CHECK:       %[[W:.*]] = quant.dequantize_per_channel({{.*}} : (tensor<2x4xi8>, tensor<2xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:  edge.linear(%[[X]], %[[W]])
// CHECK-NOT:   quant.scheme
func.func @rows(%x: tensor<3x4xf32>) -> tensor<3x2xf32> {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0, -4.0, -3.0, -2.0, -1.0]> : tensor<2x4xf32>
  %y = edge.linear(%x, %w) {quant.scheme = #quant.scheme<dynamic, activations = i8 [-128, 127] affine per_token, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @whole_tensors
// CHECK:       %[[S:.*]], %[[Z:.*]] = quant.choose_qparams(%x, quant_min=-128, quant_max=127, eps={{.*}}, dtype=i8)
// CHECK-NEXT:  %[[Q:.*]] = quant.quantize_dynamic(%x, %[[S]], %[[Z]], quant_min=-128, quant_max=127, dtype=i8)
// CHECK-NEXT:  %[[X:.*]] = quant.dequantize_dynamic(%[[Q]], %[[S]], %[[Z]], quant_min=-128, quant_max=127, dtype=i8)
// CHECK:       edge.conv(%[[X]],
func.func @whole_tensors(%x: tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32> {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<1x1x2x2xf32>
  %y = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) {quant.scheme = #quant.scheme<dynamic, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  func.return %y : tensor<1x1x2x2xf32>
}
