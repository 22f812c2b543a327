// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @operators_of_two_tensors
func.func @operators_of_two_tensors(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>, %i: tensor<2x3xi32>, %j: tensor<2x3xi32>) {
  // CHECK: edge.add(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = edge.add(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.atan2(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = edge.atan2(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.bitwise_and(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %2 = edge.bitwise_and(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.bitwise_left_shift(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %3 = edge.bitwise_left_shift(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.bitwise_or(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %4 = edge.bitwise_or(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.bitwise_right_shift(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %5 = edge.bitwise_right_shift(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.bitwise_xor(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %6 = edge.bitwise_xor(%i, %j) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.div(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = edge.div(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.div_mode(%x, %y, rounding_mode="floor") : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %8 = edge.div_mode(%x, %y, rounding_mode="floor") : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.eq(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %9 = edge.eq(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.floor_divide(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %10 = edge.floor_divide(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.fmod(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %11 = edge.fmod(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.ge(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %12 = edge.ge(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.gt(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %13 = edge.gt(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.le(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %14 = edge.le(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.logical_and(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %15 = edge.logical_and(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.logical_or(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %16 = edge.logical_or(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.logical_xor(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %17 = edge.logical_xor(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.lt(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %18 = edge.lt(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.maximum(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %19 = edge.maximum(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.minimum(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %20 = edge.minimum(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.mul(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %21 = edge.mul(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.ne(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %22 = edge.ne(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.pow(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %23 = edge.pow(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.pow_scalar(%x, exponent=2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %24 = edge.pow_scalar(%x, exponent=2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.remainder(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %25 = edge.remainder(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sub(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %26 = edge.sub(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// CHECK-LABEL: func.func @arguments
func.func @arguments(%x: tensor<2x3xf32>, %i: tensor<2x3xi32>) {
  // CHECK: edge.add(%x, %x, alpha=2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = edge.add(%x, %x, alpha=2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sub(%x, %x, alpha=0.5) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = edge.sub(%x, %x, alpha=0.5) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.div(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  %2 = edge.div(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  // CHECK: edge.div_mode(%i, %i, rounding_mode="trunc") : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %3 = edge.div_mode(%i, %i, rounding_mode="trunc") : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.div_mode(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  %4 = edge.div_mode(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xf32>
  // CHECK: edge.pow_scalar(%i, exponent=0.5) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %5 = edge.pow_scalar(%i, exponent=0.5) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  // CHECK: edge.logical_and(%i, %x) : (tensor<2x3xi32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %6 = edge.logical_and(%i, %x) : (tensor<2x3xi32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  func.return
}

// CHECK-LABEL: func.func @broadcasting
func.func @broadcasting(%x: tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %b: tensor<8x1x1xf32>, %s: tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>, %t: tensor<4xf32>, %n: tensor<f32>) {
  // CHECK: edge.add(%x, %b) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<8x1x1xf32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %0 = edge.add(%x, %b) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<8x1x1xf32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.mul(%x, %n) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<f32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.mul(%x, %n) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<f32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.add(%s, %t) : (tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>, tensor<4xf32>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  %2 = edge.add(%s, %t) : (tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>, tensor<4xf32>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  // CHECK: edge.add(%s, %s) : (tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>, tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>) -> tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>
  %3 = edge.add(%s, %s) : (tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>, tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>) -> tensor<?x1xf32, #edge.layout<sizes = [s0, 1]>>
  func.return
}
