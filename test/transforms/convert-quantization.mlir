// RUN: etc-opt %s -p convert-quantization --split-input-file | filecheck %s

// CHECK-LABEL: @weights
// CHECK-NEXT:  %bias = program.constant dense<[1.0, -1.0]>
// CHECK-NEXT:  %[[Q:.*]] = quant.quantize(%x, scale=0.5, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8) {quant.params = #quant.params<i8 [-128, 127], scale = 0.5, zero_point = -3>}
// CHECK-NEXT:  %[[X:.*]] = quant.dequantize(%[[Q]], scale=0.5, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8)
// CHECK-NEXT:  %weight = program.constant dense<[127, -64, 0, 0]> : tensor<2x2xi8>
// CHECK-NEXT:  %weight.scales = program.constant dense<0.015748031> : tensor<2xf32>
// CHECK-NEXT:  %[[W:.*]] = quant.dequantize_per_channel(%weight, %weight.scales, axis=0, quant_min=-127, quant_max=127, dtype=i8)
// CHECK-NEXT:  %y = edge.linear(%[[X]], %[[W]], bias=%bias) :
func.func @weights(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %weight = program.constant dense<[2.0, -1.0, 0.0, 0.0]> : tensor<2x2xf32>
  %bias = program.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %o = quant.observe(%x, key="x", observer="minmax") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>, quant.params = #quant.params<i8 [-128, 127], scale = 0.5, zero_point = -3>} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %y = edge.linear(%o, %weight, bias=%bias) {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  func.return %y : tensor<1x2xf32>
}

// -----

// A bias of 2^28 times what the channel's weights would resolve makes their scale larger.

// CHECK-LABEL: @a_bias_that_does_not_fit
// CHECK:       program.constant dense<[127, 2]>
// CHECK-NEXT:  program.constant dense<[0.007874016, 0.00390625]>
func.func @a_bias_that_does_not_fit(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  %weight = program.constant dense<[1.0, 0.0078125]> : tensor<2x1xf32>
  %bias = program.constant dense<[1.0, 4096.0]> : tensor<2xf32>
  %o = quant.observe(%x, key="x", observer="minmax") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>, quant.params = #quant.params<i8 [-128, 127], scale = 0.0009765625, zero_point = 0>} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %y = edge.linear(%o, %weight, bias=%bias) {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  func.return %y : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: @constants
// CHECK:       program.constant dense<[-128, 127]> {quant.params = {{.*}}} : tensor<2xi8>
// CHECK-NEXT:  quant.dequantize
// CHECK-NOT:   quant.quantize
func.func @constants() -> tensor<2xf32> {
  %c = program.constant dense<[0.0, 2.0]> : tensor<2xf32>
  %o = quant.observe(%c, key="c", observer="minmax") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>, quant.params = #quant.params<i8 [-128, 127], scale = 0.007843138, zero_point = -128>} : (tensor<2xf32>) -> tensor<2xf32>
  func.return %o : tensor<2xf32>
}

// -----

// The output channels of transposed convolutions: of depthwise ones dimension 0 of the weights, of others dimension 1.

// CHECK-LABEL: @transposed
// CHECK:       quant.dequantize_per_channel(%{{.*}}, axis=1,
// CHECK:       quant.dequantize_per_channel(%{{.*}}, axis=0,
func.func @transposed(%x: tensor<1x2x4xf32>) -> tensor<1x2x5xf32> {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<2x2x1xf32>
  %d = program.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<2x1x2xf32>
  %y = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=true, output_padding=[0], groups=1) {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<1x2x4xf32>, tensor<2x2x1xf32>) -> tensor<1x2x4xf32>
  %z = edge.conv(%y, %d, stride=[1], padding=[0], dilation=[1], transposed=true, output_padding=[0], groups=2) {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>} : (tensor<1x2x4xf32>, tensor<2x1x2xf32>) -> tensor<1x2x5xf32>
  func.return %z : tensor<1x2x5xf32>
}
