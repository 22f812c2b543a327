// RUN: etc-opt %s -p quantize-io --split-input-file | filecheck %s
// RUN: etc-opt %s -p quantize-io --split-input-file --explain 2>&1 | filecheck %s --check-prefix=WHY

// CHECK:      func.func @forward(%x: tensor<4xi8>) -> tensor<4xi8> attributes {quant.inputs = [#quant.params<i8 [-128, 127], scale = 0.5, zero_point = 3>], quant.outputs = [#quant.params<i8 [-128, 127], scale = 0.25, zero_point = 0>]} {
// CHECK-NEXT:   %c = edge.clamp(%x, min=3)
// CHECK-NEXT:   func.return %c : tensor<4xi8>
func.func @forward(%x: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.quantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xf32>) -> tensor<4xi8>
  %c = edge.clamp(%q, min=3) : (tensor<4xi8>) -> tensor<4xi8>
  %y = quant.dequantize(%c, scale=0.25, zero_point=0, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xi8>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----

// CHECK:      func.func @forward(%x: tensor<4xf32>, %n: tensor<4xi64>) -> (tensor<4xi8>, tensor<4xf32>) attributes {quant.inputs = [unit, unit], quant.outputs = [#quant.params<i8 [-128, 127], scale = 0.5, zero_point = 3>, unit]} {
// WHY:        func.func: edge.exp takes its input x as it is; its output 1 is computed on reals
func.func @forward(%x: tensor<4xf32>, %n: tensor<4xi64>) -> (tensor<4xf32>, tensor<4xf32>) {
  %q = quant.quantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xf32>) -> tensor<4xi8>
  %y = quant.dequantize(%q, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xi8>) -> tensor<4xf32>
  %e = edge.exp(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %y, %e : tensor<4xf32>, tensor<4xf32>
}
