// RUN: etc-opt %s -p fuse-quantized,dce --split-input-file | filecheck %s
// RUN: etc-opt %s -p fuse-quantized --split-input-file --explain 2>&1 | filecheck %s --check-prefix=WHY

// The zero point goes into the bias: 100 / (0.5 * 0.25) - 3 * (1 - 2) = 803, and 0 - 3 * (4 + 5) = -27.
// CHECK-LABEL: @a_linear_with_relu
// CHECK-NEXT:    %[[W:.*]] = program.constant dense<[1, -2, 4, 5]> : tensor<2x2xi8>
// CHECK:         %[[B:.*]] = program.constant dense<[803, -27]> : tensor<2xi32>
// CHECK-NEXT:    %[[A:.*]] = quant.linear(%x, %[[W]], bias=%[[B]]) : (tensor<1x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<1x2xi32>
// CHECK:         %[[M:.*]] = program.constant dense<[1073741824, 2147440640]> : tensor<2xi32>
// CHECK-NEXT:    %[[S:.*]] = program.constant dense<[33]> : tensor<1xi32>
// CHECK-NEXT:    %[[Y:.*]] = quant.requantize(%[[A]], %[[M]], %[[S]], axis=1, zero_point=-8, quant_min=-8, quant_max=127, dtype=i8) {quant.params = #quant.params<i8 [-128, 127], scale = 1.0, zero_point = -8>}
// CHECK-NEXT:    func.return %[[Y]]
func.func @a_linear_with_relu(%x: tensor<1x2xi8>) -> tensor<1x2xi8> {
  %w = program.constant dense<[1, -2, 4, 5]> : tensor<2x2xi8>
  %s = program.constant dense<[0.25, 0.49999]> : tensor<2xf32>
  %z = program.constant dense<[0, 0]> : tensor<2xi64>
  %b = program.constant dense<[100.0, 0.0]> : tensor<2xf32>
  %r = quant.dequantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x2xi8>) -> tensor<1x2xf32>
  %v = quant.dequantize_per_channel(%w, %s, zero_points=%z, axis=0, quant_min=-127, quant_max=127, dtype=i8) : (tensor<2x2xi8>, tensor<2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  %l = edge.linear(%r, %v, bias=%b) : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %p = edge.relu(%l) : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %y = quant.quantize(%p, scale=1.0, zero_point=-8, quant_min=-128, quant_max=127, dtype=i8) : (tensor<1x2xf32>) -> tensor<1x2xi8>
  func.return %y : tensor<1x2xi8>
}

// -----

// CHECK-LABEL: @an_addition
// CHECK-NEXT:    %q = quant.add(%x, %y, input_zero_point=3, input_multiplier=524288, other_zero_point=-1, other_multiplier=131072, shift=20, zero_point=2, quant_min=-128, quant_max=127, dtype=i8)
// CHECK-NEXT:    func.return %q
func.func @an_addition(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {
  %a = quant.dequantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xi8>) -> tensor<4xf32>
  %b = quant.dequantize(%y, scale=0.125, zero_point=-1, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xi8>) -> tensor<4xf32>
  %s = edge.add(%a, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %q = quant.quantize(%s, scale=1.0, zero_point=2, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xf32>) -> tensor<4xi8>
  func.return %q : tensor<4xi8>
}

// -----

// CHECK-LABEL: @a_chain_is_a_table
// CHECK:         %[[T:.*]] = program.constant {{.*}} : tensor<256xi8>
// CHECK-NEXT:    %[[Q:.*]] = quant.lookup(%x, %[[T]]) {quant.params = #quant.params<i8 [-128, 127], scale = 0.00390625, zero_point = -128>}
// CHECK-NEXT:    func.return %[[Q]]
func.func @a_chain_is_a_table(%x: tensor<4xi8>) -> tensor<4xi8> {
  %two = program.constant dense<2.0> : tensor<f32>
  %a = quant.dequantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xi8>) -> tensor<4xf32>
  %b = edge.mul(%a, %two) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %c = edge.sigmoid(%b) : (tensor<4xf32>) -> tensor<4xf32>
  %q = quant.quantize(%c, scale=0.00390625, zero_point=-128, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xf32>) -> tensor<4xi8>
  func.return %q : tensor<4xi8>
}

// -----

// CHECK-LABEL: @moves_and_a_clamp_need_no_reals
// CHECK-NEXT:    %v = edge.view_copy(%x, size=[4]) {quant.params = #quant.params<i8 [-128, 127], scale = 0.5, zero_point = 3>} : (tensor<2x2xi8>) -> tensor<4xi8>
// CHECK-NEXT:    %q = edge.clamp(%v, min=3, max=127)
// CHECK-NEXT:    func.return %q
func.func @moves_and_a_clamp_need_no_reals(%x: tensor<2x2xi8>) -> tensor<4xi8> {
  %a = quant.dequantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x2xi8>) -> tensor<2x2xf32>
  %v = edge.view_copy(%a, size=[4]) : (tensor<2x2xf32>) -> tensor<4xf32>
  %b = edge.relu(%v) : (tensor<4xf32>) -> tensor<4xf32>
  %q = quant.quantize(%b, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<4xf32>) -> tensor<4xi8>
  func.return %q : tensor<4xi8>
}

// -----

// CHECK-LABEL: @what_has_no_form_on_integers_says_so
// CHECK:         edge.layer_norm({{.*}}) {quant.float = "it has no form on integers"}
// WHY:           fuse-quantized: QuantizedResult: applied 4, declined 1
// WHY-NEXT:        edge.layer_norm: it has no form on integers
func.func @what_has_no_form_on_integers_says_so(%x: tensor<2x4xi8>) -> tensor<2x4xi8> {
  %a = quant.dequantize(%x, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x4xi8>) -> tensor<2x4xf32>
  %n, %m, %d = edge.layer_norm(%a, normalized_shape=[4], eps=1.0e-05) : (tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x1xf32>, tensor<2x1xf32>)
  %q = quant.quantize(%n, scale=0.5, zero_point=3, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x4xf32>) -> tensor<2x4xi8>
  func.return %q : tensor<2x4xi8>
}
