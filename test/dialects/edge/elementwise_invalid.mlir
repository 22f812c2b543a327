// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.add: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 differ
func.func @shapes(%x: tensor<2x3xf32>, %y: tensor<4xf32>) {
  %0 = edge.add(%x, %y) : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
  func.return
}

// -----

// CHECK: edge.add: result is tensor<2x1xf32>, the operands give tensor<2x3xf32>
func.func @result_shape(%x: tensor<2x3xf32>, %y: tensor<3xf32>) {
  %0 = edge.add(%x, %y) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x1xf32>
  func.return
}

// -----

// CHECK: edge.add: `self` is float32 and `other` is int32; edge ops take operands of one dtype, insert edge.to_dim_order_copy
func.func @promotion(%x: tensor<2x3xf32>, %y: tensor<2x3xi32>) {
  %0 = edge.add(%x, %y) : (tensor<2x3xf32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  func.return
}

// -----

// CHECK: edge.gelu: `self` is int32, expected one of bfloat16, float16, float32, float64
func.func @dtype(%x: tensor<2xi32>) {
  %0 = edge.gelu(%x) : (tensor<2xi32>) -> tensor<2xi32>
  func.return
}

// -----

// CHECK: edge.exp: result is tensor<2xi32>, the operands give tensor<2xf32>
func.func @float_result(%x: tensor<2xi32>) {
  %0 = edge.exp(%x) : (tensor<2xi32>) -> tensor<2xi32>
  func.return
}

// -----

// CHECK: edge.relu: result is tensor<1x2x3x4xf32>, the operands give tensor<1x2x3x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
func.func @dim_order(%x: tensor<1x2x3x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) {
  %0 = edge.relu(%x) : (tensor<1x2x3x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x2x3x4xf32>
  func.return
}

// -----

// CHECK: edge.where: `condition` is float32, expected one of bool
func.func @condition(%x: tensor<2xf32>) {
  %0 = edge.where(%x, %x, %x) : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.clamp: `min` and `max` are both absent, expected at least one of them
func.func @bounds(%x: tensor<2xf32>) {
  %0 = edge.clamp(%x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.glu: dimension 1 of `self` has the odd size 3, it cannot be halved
func.func @odd(%x: tensor<2x3xf32>) {
  %0 = edge.glu(%x) : (tensor<2x3xf32>) -> tensor<2x1xf32>
  func.return
}

// -----

// CHECK: edge.div_mode: `rounding_mode` is 'up', expected none, 'floor' or 'trunc'
func.func @rounding(%x: tensor<2xf32>) {
  %0 = edge.div_mode(%x, %x, rounding_mode="up") : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: edge.leaky_relu has no argument `negative_slop` (did you mean `negative_slope`?); it has: self, negative_slope
func.func @argument(%x: tensor<2xf32>) {
  %0 = edge.leaky_relu(%x, negative_slop=0.1) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: argument `exponent` of edge.pow_scalar is missing: expected a number
func.func @missing(%x: tensor<2xf32>) {
  %0 = edge.pow_scalar(%x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}
