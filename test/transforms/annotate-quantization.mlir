// RUN: etc-opt %s -p 'annotate-quantization{config=int8}' --split-input-file | filecheck %s
// RUN: etc-opt %s -p 'annotate-quantization{config=int8-dynamic}' --split-input-file | filecheck %s --check-prefix DYNAMIC
// RUN: etc-opt %s -p 'annotate-quantization{config=int4-weight-g32}' --split-input-file | filecheck %s --check-prefix INT4
// RUN: etc-opt %s -p 'annotate-quantization{config=int16x8}' --split-input-file | filecheck %s --check-prefix INT16

// CHECK-LABEL:   @weights_and_activations
// CHECK:         edge.linear
// CHECK-SAME:    {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>}
// CHECK-NEXT:    edge.gelu(%{{.*}}) {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor>}
// DYNAMIC-LABEL: @weights_and_activations
// DYNAMIC:       edge.linear
// DYNAMIC-SAME:  #quant.scheme<dynamic, activations = i8 [-128, 127] affine per_token, weights = i8 [-127, 127] symmetric per_channel>
// DYNAMIC:       edge.gelu(%{{.*}}) :
// INT4-LABEL:    @weights_and_activations
// INT4:          edge.linear
// INT4-SAME:     #quant.scheme<weights, weights = i8 [-8, 7] affine per_group 32>
// INT16-LABEL:   @weights_and_activations
// INT16:         edge.linear
// INT16-SAME:    #quant.scheme<static, activations = i16 [-32768, 32767] symmetric per_tensor, weights = i8 [-127, 127] symmetric per_channel>
program.global parameter @fc.weight : tensor<4x64xf32> = #program.blob<"sha256:00">
func.func @weights_and_activations(%x: tensor<2x64xf32>) -> tensor<2x4xf32> {
  %w = program.load @fc.weight : tensor<4x64xf32>
  %y = edge.linear(%x, %w) : (tensor<2x64xf32>, tensor<4x64xf32>) -> tensor<2x4xf32>
  %z = edge.gelu(%y) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %z : tensor<2x4xf32>
}

// -----

// CHECK-LABEL: @what_stays_in_float
// CHECK-NEXT:  edge.div(%x, %y) :
// CHECK-NEXT:  edge.add(%i, %i) :
// CHECK-NEXT:  edge.layer_norm(%x, normalized_shape=[8], eps=0.5) :
// CHECK-NEXT:  edge.linear(%x, %y) :
// CHECK-NEXT:  edge.mul(%x, %y) {quant.scheme
func.func @what_stays_in_float(%x: tensor<8x8xf32>, %y: tensor<8x8xf32>, %i: tensor<8xi64>) -> tensor<8x8xf32> {
  %a = edge.div(%x, %y) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %b = edge.add(%i, %i) : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  %c, %mean, %rstd = edge.layer_norm(%x, normalized_shape=[8], eps=0.5) : (tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x1xf32>, tensor<8x1xf32>)
  %d = edge.linear(%x, %y) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %e = edge.mul(%x, %y) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  func.return %e : tensor<8x8xf32>
}

// -----

// CHECK-LABEL: @functions_of_one_value_are_tables
// CHECK:       edge.div(%x, %six) {quant.scheme
// CHECK-NEXT:  edge.div(%a, %x) {quant.scheme
// CHECK-NEXT:  edge.gt(%b, %six) {quant.scheme
// CHECK-NEXT:  edge.where(%c, %b, %x) {quant.scheme
// INT4-LABEL:  @functions_of_one_value_are_tables
// INT4-NOT:    quant.scheme
func.func @functions_of_one_value_are_tables(%x: tensor<8xf32>) -> tensor<8xf32> {
  %six = program.constant dense<6.0> : tensor<f32>
  %a = edge.div(%x, %six) : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %b = edge.div(%a, %x) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %c = edge.gt(%b, %six) : (tensor<8xf32>, tensor<f32>) -> tensor<8xi1>
  %d = edge.where(%c, %b, %x) : (tensor<8xi1>, tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  func.return %d : tensor<8xf32>
}

// -----

// An activation as a bias, as in recurrent layers, is an addition.

// CHECK-LABEL: @a_bias_that_is_no_constant
// CHECK:       %[[P:.*]] = edge.linear(%x, %w) {quant.scheme
// CHECK-NEXT:  edge.add(%[[P]], %b) {quant.scheme
// INT4-LABEL:  @a_bias_that_is_no_constant
// INT4:        edge.linear(%x, %w, bias=%b) {quant.scheme
func.func @a_bias_that_is_no_constant(%x: tensor<2x32xf32>, %b: tensor<1xf32>) -> tensor<2x1xf32> {
  %w = program.constant dense<1.0> : tensor<1x32xf32>
  %y = edge.linear(%x, %w, bias=%b) : (tensor<2x32xf32>, tensor<1x32xf32>, tensor<1xf32>) -> tensor<2x1xf32>
  func.return %y : tensor<2x1xf32>
}

// -----

// What a mask makes infinite stays in float, up to softmax.

// CHECK-LABEL: @masks
// CHECK:       edge.mul(%x, %x) {quant.scheme
// CHECK-NEXT:  edge.where(%m, %s, %lowest) :
// CHECK-NEXT:  edge.softmax(%w, dim=1, half_to_float=false) :
// CHECK-NEXT:  edge.mul(%p, %x) {quant.scheme
func.func @masks(%x: tensor<8x8xf32>, %m: tensor<8x8xi1>) -> tensor<8x8xf32> {
  %lowest = program.constant dense<-3.4028235e38> : tensor<f32>
  %s = edge.mul(%x, %x) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %w = edge.where(%m, %s, %lowest) : (tensor<8x8xi1>, tensor<8x8xf32>, tensor<f32>) -> tensor<8x8xf32>
  %p = edge.softmax(%w, dim=1, half_to_float=false) : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %y = edge.mul(%p, %x) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  func.return %y : tensor<8x8xf32>
}
