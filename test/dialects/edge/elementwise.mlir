// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @functions_of_one_tensor
func.func @functions_of_one_tensor(%x: tensor<2x3xf32>, %b: tensor<2x3xi1>, %c: tensor<2x3xcomplex<f32>>) {
  // CHECK: edge.abs(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = edge.abs(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.acos(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = edge.acos(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.acosh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = edge.acosh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.asin(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = edge.asin(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.asinh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = edge.asinh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.atan(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = edge.atan(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.atanh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = edge.atanh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.bitwise_not(%b) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  %7 = edge.bitwise_not(%b) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  // CHECK: edge.ceil(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %8 = edge.ceil(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.conj_physical(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>>
  %9 = edge.conj_physical(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>>
  // CHECK: edge.cos(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %10 = edge.cos(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.cosh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %11 = edge.cosh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.erf(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %12 = edge.erf(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.exp(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %13 = edge.exp(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.expm1(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %14 = edge.expm1(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.floor(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %15 = edge.floor(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.isinf(%x) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %16 = edge.isinf(%x) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.isnan(%x) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %17 = edge.isnan(%x) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.log(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %18 = edge.log(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.log10(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %19 = edge.log10(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.log1p(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %20 = edge.log1p(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.log2(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %21 = edge.log2(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.logical_not(%b) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  %22 = edge.logical_not(%b) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  // CHECK: edge.logit(%x, eps=1.0e-06) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %23 = edge.logit(%x, eps=1.0e-06) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.neg(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %24 = edge.neg(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.reciprocal(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %25 = edge.reciprocal(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.round(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %26 = edge.round(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.rsqrt(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %27 = edge.rsqrt(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sigmoid(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %28 = edge.sigmoid(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sign(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %29 = edge.sign(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sin(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %30 = edge.sin(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sinh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %31 = edge.sinh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sqrt(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %32 = edge.sqrt(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.tan(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %33 = edge.tan(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.tanh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %34 = edge.tanh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.trunc(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %35 = edge.trunc(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// CHECK-LABEL: func.func @integers_become_floats
func.func @integers_become_floats(%i: tensor<2x3xi32>, %b: tensor<2x3xi1>, %c: tensor<2xcomplex<f32>>) {
  // CHECK: edge.exp(%i) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %0 = edge.exp(%i) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  // CHECK: edge.sigmoid(%b) : (tensor<2x3xi1>) -> tensor<2x3xf32>
  %1 = edge.sigmoid(%b) : (tensor<2x3xi1>) -> tensor<2x3xf32>
  // CHECK: edge.abs(%c) : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %2 = edge.abs(%c) : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  // CHECK: edge.neg(%i) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %3 = edge.neg(%i) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  // CHECK: edge.isnan(%i) : (tensor<2x3xi32>) -> tensor<2x3xi1>
  %4 = edge.isnan(%i) : (tensor<2x3xi32>) -> tensor<2x3xi1>
  func.return
}

// CHECK-LABEL: func.func @shapes_and_dim_orders_stay
func.func @shapes_and_dim_orders_stay(%x: tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %s: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) {
  // CHECK: edge.relu(%x) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %0 = edge.relu(%x) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.relu(%s) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  %1 = edge.relu(%s) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  func.return
}

// CHECK-LABEL: func.func @activations
func.func @activations(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) {
  // CHECK: edge.relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = edge.relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.gelu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = edge.gelu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.gelu(%x, approximate="tanh") : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = edge.gelu(%x, approximate="tanh") : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.elu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = edge.elu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.elu(%x, alpha=1.67, scale=1.05) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = edge.elu(%x, alpha=1.67, scale=1.05) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.leaky_relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = edge.leaky_relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.leaky_relu(%x, negative_slope=0.2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = edge.leaky_relu(%x, negative_slope=0.2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.hardtanh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = edge.hardtanh(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.hardtanh(%x, min_val=0, max_val=6.0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %8 = edge.hardtanh(%x, min_val=0, max_val=6.0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.glu(%y) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %9 = edge.glu(%y) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  // CHECK: edge.glu(%y, dim=1) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %10 = edge.glu(%y, dim=1) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  func.return
}

// CHECK-LABEL: func.func @clamping_and_selection
func.func @clamping_and_selection(%x: tensor<2x3xf32>, %r: tensor<3xf32>, %b: tensor<2x1xi1>, %i: tensor<2x3xi32>) {
  // CHECK: edge.clamp(%x, min=0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = edge.clamp(%x, min=0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.clamp(%x, max=6.0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = edge.clamp(%x, max=6.0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.clamp(%i, min=0, max=2.5) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %2 = edge.clamp(%i, min=0, max=2.5) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  // CHECK: edge.clamp_tensor(%x, min=%r) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %3 = edge.clamp_tensor(%x, min=%r) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.clamp_tensor(%x, max=%r) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %4 = edge.clamp_tensor(%x, max=%r) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.clamp_tensor(%x, min=%r, max=%x) : (tensor<2x3xf32>, tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = edge.clamp_tensor(%x, min=%r, max=%x) : (tensor<2x3xf32>, tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.where(%b, %x, %r) : (tensor<2x1xi1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %6 = edge.where(%b, %x, %r) : (tensor<2x1xi1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.masked_fill(%x, %b, value=-inf) : (tensor<2x3xf32>, tensor<2x1xi1>) -> tensor<2x3xf32>
  %7 = edge.masked_fill(%x, %b, value=-inf) : (tensor<2x3xf32>, tensor<2x1xi1>) -> tensor<2x3xf32>
  func.return
}
