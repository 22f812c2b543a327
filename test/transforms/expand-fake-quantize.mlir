// RUN: etc-opt %s -p expand-fake-quantize | filecheck %s

// CHECK-LABEL: @tensor
// CHECK-NEXT:  %[[Q:.*]] = quant.quantize(%x, scale=0.1, zero_point=3, quant_min=0, quant_max=255, dtype=ui8)
// CHECK-NEXT:  quant.dequantize(%[[Q]], scale=0.1, zero_point=3, quant_min=0, quant_max=255, dtype=ui8)
func.func @tensor(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = quant.fake_quantize(%x, scale=0.1, zero_point=3, quant_min=0, quant_max=255) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// CHECK-LABEL: @channels
// CHECK-NEXT:  %[[Q:.*]] = quant.quantize_per_channel(%x, %s, %z, axis=0, quant_min=-127, quant_max=127, dtype=i8)
// CHECK-NEXT:  quant.dequantize_per_channel(%[[Q]], %s, zero_points=%z, axis=0, quant_min=-127, quant_max=127, dtype=i8)
func.func @channels(%x: tensor<4x2xf32>, %s: tensor<4xf32>, %z: tensor<4xi64>) -> tensor<4x2xf32> {
  %y = quant.fake_quantize_per_channel(%x, %s, %z, axis=0, quant_min=-127, quant_max=127) : (tensor<4x2xf32>, tensor<4xf32>, tensor<4xi64>) -> tensor<4x2xf32>
  func.return %y : tensor<4x2xf32>
}
