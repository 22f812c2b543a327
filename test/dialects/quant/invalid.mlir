// RUN: etc-opt %s --verify-diagnostics --split-input-file | filecheck %s

// CHECK: quant.quantize: a scale is positive and finite, found 0.0
func.func @f(%x: tensor<2xf32>) {
  %q = quant.quantize(%x, scale=0.0, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2xf32>) -> tensor<2xi8>
  func.return
}

// -----

// CHECK: quant.quantize: [-128, 255] is no range of int8, which holds -128 to 127
func.func @f(%x: tensor<2xf32>) {
  %q = quant.quantize(%x, scale=0.1, zero_point=0, quant_min=-128, quant_max=255, dtype=i8) : (tensor<2xf32>) -> tensor<2xi8>
  func.return
}

// -----

// CHECK: quant.quantize: zero point 300 is not in [-128, 127]
func.func @f(%x: tensor<2xf32>) {
  %q = quant.quantize(%x, scale=0.1, zero_point=300, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2xf32>) -> tensor<2xi8>
  func.return
}

// -----

// CHECK: quant.dequantize: input is int8, and dtype says int16
func.func @f(%x: tensor<2xi8>) {
  %q = quant.dequantize(%x, scale=0.1, zero_point=0, quant_min=-128, quant_max=127, dtype=i16) : (tensor<2xi8>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: quant.quantize_per_channel: scales must have the sizes [3], found [2]
func.func @f(%x: tensor<2x3xf32>, %s: tensor<2xf32>, %z: tensor<2xi64>) {
  %q = quant.quantize_per_channel(%x, %s, %z, axis=1, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xf32>, tensor<2xf32>, tensor<2xi64>) -> tensor<2x3xi8>
  func.return
}

// -----

// CHECK: quant.dequantize_per_group: 10 columns do not divide into groups of 4
func.func @f(%x: tensor<2x10xi8>, %s: tensor<2x2xf32>) {
  %q = quant.dequantize_per_group(%x, %s, quant_min=-8, quant_max=7, dtype=i8, group_size=4, output_dtype=f32) : (tensor<2x10xi8>, tensor<2x2xf32>) -> tensor<2x10xf32>
  func.return
}

// -----

// CHECK: quant.lookup: table must have the sizes [256], found [255]
func.func @f(%x: tensor<2xi8>, %t: tensor<255xi8>) {
  %q = quant.lookup(%x, %t) : (tensor<2xi8>, tensor<255xi8>) -> tensor<2xi8>
  func.return
}

// -----

// CHECK: quant.conv: input has 3 channels, the weight takes 2
func.func @f(%x: tensor<1x3x8x8xi8>, %w: tensor<4x2x3x3xi8>) {
  %a = quant.conv(%x, %w, stride=[1, 1], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x3x8x8xi8>, tensor<4x2x3x3xi8>) -> tensor<1x4x8x8xi32>
  func.return
}
