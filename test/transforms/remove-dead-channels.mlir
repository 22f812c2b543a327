// RUN: etc-opt %s -p remove-dead-channels --split-input-file | filecheck %s

// The second channel's sums are at most -1000 + 2 * 127: always -128 after the clamp. It adds -128 * 5 = -640 to the sum
// that it goes into, and -128 * -1 = 128 to the other one.
// CHECK-LABEL: @a_constant_channel_goes_into_the_bias
// CHECK:         %w = program.constant dense<[1, 2, 4, 5]> : tensor<2x2xi8>
// CHECK:         %[[B:.*]] = program.constant dense<7> : tensor<2xi32>
// CHECK:         quant.linear(%x, %w, bias=%[[B]]) : (tensor<1x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<1x2xi32>
// CHECK:         quant.requantize({{.*}}quant_min=-128{{.*}} -> tensor<1x2xi8>
// CHECK:         %v = program.constant dense<[3, 2, 1, 6]> : tensor<2x2xi8>
// CHECK:         %[[C:.*]] = program.constant dense<[-640, 128]> : tensor<2xi32>
// CHECK:         quant.linear(%y, %v, bias=%[[C]])
func.func @a_constant_channel_goes_into_the_bias(%x: tensor<1x2xi8>) -> tensor<1x2xi32> {
  %w = program.constant dense<[1, 2, 1, 1, 4, 5]> : tensor<3x2xi8>
  %b = program.constant dense<[7, -1000, 7]> : tensor<3xi32>
  %m = program.constant dense<[1073741824]> : tensor<1xi32>
  %s = program.constant dense<[31]> : tensor<1xi32>
  %v = program.constant dense<[3, 5, 2, 1, -1, 6]> : tensor<2x3xi8>
  %a = quant.linear(%x, %w, bias=%b) : (tensor<1x2xi8>, tensor<3x2xi8>, tensor<3xi32>) -> tensor<1x3xi32>
  %y = quant.requantize(%a, %m, %s, axis=1, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x3xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x3xi8>
  %c = quant.linear(%y, %v) : (tensor<1x3xi8>, tensor<2x3xi8>) -> tensor<1x2xi32>
  func.return %c : tensor<1x2xi32>
}

// -----

// CHECK-LABEL: @padding_of_another_number_keeps_it
// CHECK:         quant.conv({{.*}}padding_value=5) : (tensor<1x2x4x4xi8>
// CHECK:         quant.conv({{.*}}padding_value=-128) : (tensor<1x1x4x4xi8>
func.func @padding_of_another_number_keeps_it(%x: tensor<1x1x4x4xi8>) -> (tensor<1x1x4x4xi32>, tensor<1x1x4x4xi32>) {
  %w = program.constant dense<[1, 1]> : tensor<2x1x1x1xi8>
  %b = program.constant dense<[7, -1000]> : tensor<2xi32>
  %m = program.constant dense<[1073741824]> : tensor<1xi32>
  %s = program.constant dense<[31]> : tensor<1xi32>
  %v = program.constant dense<[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]> : tensor<1x2x3x3xi8>
  %a = quant.conv(%x, %w, bias=%b, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1, padding_value=0) : (tensor<1x1x4x4xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>) -> tensor<1x2x4x4xi32>
  %y = quant.requantize(%a, %m, %s, axis=1, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x2x4x4xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x2x4x4xi8>
  %c = quant.conv(%y, %v, stride=[1], padding=[1], dilation=[1], transposed=false, output_padding=[0], groups=1, padding_value=5) : (tensor<1x2x4x4xi8>, tensor<1x2x3x3xi8>) -> tensor<1x1x4x4xi32>
  %d = quant.conv(%x, %w, bias=%b, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1, padding_value=0) : (tensor<1x1x4x4xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>) -> tensor<1x2x4x4xi32>
  %z = quant.requantize(%d, %m, %s, axis=1, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x2x4x4xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x2x4x4xi8>
  %e = quant.conv(%z, %v, stride=[1], padding=[1], dilation=[1], transposed=false, output_padding=[0], groups=1, padding_value=-128) : (tensor<1x2x4x4xi8>, tensor<1x2x3x3xi8>) -> tensor<1x1x4x4xi32>
  func.return %c, %e : tensor<1x1x4x4xi32>, tensor<1x1x4x4xi32>
}

// -----

// CHECK-LABEL: @an_output_needs_all_channels
// CHECK:         quant.requantize({{.*}} -> tensor<1x2xi8>
func.func @an_output_needs_all_channels(%x: tensor<1x1xi8>) -> (tensor<1x2xi8>, tensor<1x1xi32>) {
  %w = program.constant dense<[1, 1]> : tensor<2x1xi8>
  %b = program.constant dense<[7, -1000]> : tensor<2xi32>
  %m = program.constant dense<[1073741824]> : tensor<1xi32>
  %s = program.constant dense<[31]> : tensor<1xi32>
  %v = program.constant dense<[3, 5]> : tensor<1x2xi8>
  %a = quant.linear(%x, %w, bias=%b) : (tensor<1x1xi8>, tensor<2x1xi8>, tensor<2xi32>) -> tensor<1x2xi32>
  %y = quant.requantize(%a, %m, %s, axis=1, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x2xi8>
  %c = quant.linear(%y, %v) : (tensor<1x2xi8>, tensor<1x2xi8>) -> tensor<1x1xi32>
  func.return %y, %c : tensor<1x2xi8>, tensor<1x1xi32>
}
