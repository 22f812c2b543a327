// RUN: etc-opt %s | etc-opt | filecheck %s

// CHECK-LABEL: @conversions
func.func @conversions(%x: tensor<2x3xf32>, %scales: tensor<3xf32>, %zeros: tensor<3xi64>) {
  // CHECK: quant.quantize(%x, scale=0.05, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xf32>) -> tensor<2x3xi8>
  %q = quant.quantize(%x, scale=0.05, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xf32>) -> tensor<2x3xi8>
  // CHECK: quant.dequantize(%q, scale=0.05, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xi8>) -> tensor<2x3xf32>
  %d = quant.dequantize(%q, scale=0.05, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xi8>) -> tensor<2x3xf32>
  // CHECK: quant.quantize_per_channel(%x, %scales, %zeros, axis=1, quant_min=-127, quant_max=127, dtype=i8)
  %c = quant.quantize_per_channel(%x, %scales, %zeros, axis=1, quant_min=-127, quant_max=127, dtype=i8) : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xi64>) -> tensor<2x3xi8>
  // CHECK: quant.dequantize_per_channel(%c, %scales, axis=1, quant_min=-127, quant_max=127, dtype=i8)
  %r = quant.dequantize_per_channel(%c, %scales, axis=1, quant_min=-127, quant_max=127, dtype=i8) : (tensor<2x3xi8>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: quant.fake_quantize(%x, scale=0.1, zero_point=0, quant_min=-8, quant_max=7)
  %f = quant.fake_quantize(%x, scale=0.1, zero_point=0, quant_min=-8, quant_max=7) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: quant.observe(%x, key="conv1", observer="minmax")
  %o = quant.observe(%x, key="conv1", observer="minmax") : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// CHECK-LABEL: @at_run_time
func.func @at_run_time(%x: tensor<2x3xf32>) {
  // CHECK: %scale, %zero_point = quant.choose_qparams(%x, quant_min=-128, quant_max=127, eps=1.0e-07, dtype=i8) : (tensor<2x3xf32>) -> (tensor<1xf64>, tensor<1xi64>)
  %scale, %zero_point = quant.choose_qparams(%x, quant_min=-128, quant_max=127, eps=1.0e-07, dtype=i8) : (tensor<2x3xf32>) -> (tensor<1xf64>, tensor<1xi64>)
  // CHECK: quant.quantize_dynamic(%x, %scale, %zero_point, quant_min=-128, quant_max=127, dtype=i8)
  %q = quant.quantize_dynamic(%x, %scale, %zero_point, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xf32>, tensor<1xf64>, tensor<1xi64>) -> tensor<2x3xi8>
  // CHECK: quant.choose_qparams_per_token(%x, dtype=i8) : (tensor<2x3xf32>) -> (tensor<2x1xf64>, tensor<2x1xi64>)
  %scales, %zeros = quant.choose_qparams_per_token(%x, dtype=i8) : (tensor<2x3xf32>) -> (tensor<2x1xf64>, tensor<2x1xi64>)
  // CHECK: quant.quantize_per_token(%x, %scales, %zeros, quant_min=-128, quant_max=127, dtype=i8)
  %t = quant.quantize_per_token(%x, %scales, %zeros, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xf32>, tensor<2x1xf64>, tensor<2x1xi64>) -> tensor<2x3xi8>
  func.return
}

// CHECK-LABEL: @integers
func.func @integers(%x: tensor<1x2x8x8xi8>, %w: tensor<4x2x3x3xi8>, %b: tensor<4xi32>, %m: tensor<4xi32>, %s: tensor<4xi32>, %table: tensor<256xi8>) {
  // CHECK: quant.conv(%x, %w, bias=%b, stride=[1, 1], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, padding_value=-3) : (tensor<1x2x8x8xi8>, tensor<4x2x3x3xi8>, tensor<4xi32>) -> tensor<1x4x8x8xi32>
  %a = quant.conv(%x, %w, bias=%b, stride=[1, 1], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, padding_value=-3) : (tensor<1x2x8x8xi8>, tensor<4x2x3x3xi8>, tensor<4xi32>) -> tensor<1x4x8x8xi32>
  // CHECK: quant.requantize(%a, %m, %s, axis=1, zero_point=-128, quant_min=-128, quant_max=127, dtype=i8) {quant.params = #quant.params<i8 [-128, 127], scale = 0.5, zero_point = -128>}
  %r = quant.requantize(%a, %m, %s, axis=1, zero_point=-128, quant_min=-128, quant_max=127, dtype=i8) {quant.params = #quant.params<i8 [-128, 127], scale = 0.5, zero_point = -128>} : (tensor<1x4x8x8xi32>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
  // CHECK: quant.add(%r, %r, input_zero_point=1, input_multiplier=1000, other_zero_point=2, other_multiplier=-1000, shift=10, zero_point=0, quant_min=-128, quant_max=127, dtype=i8)
  %sum = quant.add(%r, %r, input_zero_point=1, input_multiplier=1000, other_zero_point=2, other_multiplier=-1000, shift=10, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x4x8x8xi8>, tensor<1x4x8x8xi8>) -> tensor<1x4x8x8xi8>
  // CHECK: quant.lookup(%sum, %table) : (tensor<1x4x8x8xi8>, tensor<256xi8>) -> tensor<1x4x8x8xi8>
  %l = quant.lookup(%sum, %table) : (tensor<1x4x8x8xi8>, tensor<256xi8>) -> tensor<1x4x8x8xi8>
  // CHECK: quant.sum(%l, dim=[2, 3], keepdim=false, zero_point=4) : (tensor<1x4x8x8xi8>) -> tensor<1x4xi32>
  %mean = quant.sum(%l, dim=[2, 3], keepdim=false, zero_point=4) : (tensor<1x4x8x8xi8>) -> tensor<1x4xi32>
  // CHECK: quant.sum_pool2d(%l, kernel_size=[2, 2], stride=[], padding=[0, 0], ceil_mode=false, zero_point=4) : (tensor<1x4x8x8xi8>) -> tensor<1x4x4x4xi32>
  %pool = quant.sum_pool2d(%l, kernel_size=[2, 2], stride=[], padding=[0, 0], ceil_mode=false, zero_point=4) : (tensor<1x4x8x8xi8>) -> tensor<1x4x4x4xi32>
  func.return
}
