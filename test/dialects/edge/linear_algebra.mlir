// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @products
func.func @products(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<4xf32>, %n: tensor<?x3xf32, #edge.layout<sizes = [s0, 3]>>, %w: tensor<4x3xf32>, %p: tensor<5x2x3xf32>, %q: tensor<5x3x4xf32>) {
  // CHECK: edge.mm(%n, %b) : (tensor<?x3xf32, #edge.layout<sizes = [s0, 3]>>, tensor<3x4xf32>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  %0 = edge.mm(%n, %b) : (tensor<?x3xf32, #edge.layout<sizes = [s0, 3]>>, tensor<3x4xf32>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  // CHECK: edge.bmm(%p, %q) : (tensor<5x2x3xf32>, tensor<5x3x4xf32>) -> tensor<5x2x4xf32>
  %1 = edge.bmm(%p, %q) : (tensor<5x2x3xf32>, tensor<5x3x4xf32>) -> tensor<5x2x4xf32>
  // CHECK: edge.addmm(%c, %a, %b, beta=0.5, alpha=2) : (tensor<4xf32>, tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %2 = edge.addmm(%c, %a, %b, beta=0.5, alpha=2) : (tensor<4xf32>, tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  // CHECK: edge.linear(%p, %w, bias=%c) : (tensor<5x2x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<5x2x4xf32>
  %3 = edge.linear(%p, %w, bias=%c) : (tensor<5x2x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<5x2x4xf32>
  func.return
}

// CHECK-LABEL: func.func @distances
func.func @distances(%x: tensor<5x3xf32>, %y: tensor<2x4x3xf32>) {
  // CHECK: edge.cdist(%x, %y, p=2.0, compute_mode=1) : (tensor<5x3xf32>, tensor<2x4x3xf32>) -> tensor<2x5x4xf32>
  %0 = edge.cdist(%x, %y, p=2.0, compute_mode=1) : (tensor<5x3xf32>, tensor<2x4x3xf32>) -> tensor<2x5x4xf32>
  // CHECK: edge.pdist(%x, p=1.0) : (tensor<5x3xf32>) -> tensor<10xf32>
  %1 = edge.pdist(%x, p=1.0) : (tensor<5x3xf32>) -> tensor<10xf32>
  func.return
}

// CHECK-LABEL: func.func @transforms
func.func @transforms(%x: tensor<4x10xf32>, %c: tensor<4x6xcomplex<f32>>) {
  // CHECK: edge.fft_r2c(%x, dim=[1], normalization=0, onesided=true) : (tensor<4x10xf32>) -> tensor<4x6xcomplex<f32>>
  %0 = edge.fft_r2c(%x, dim=[1], normalization=0, onesided=true) : (tensor<4x10xf32>) -> tensor<4x6xcomplex<f32>>
  // CHECK: edge.fft_c2r(%c, dim=[1], normalization=2, last_dim_size=10) : (tensor<4x6xcomplex<f32>>) -> tensor<4x10xf32>
  %1 = edge.fft_c2r(%c, dim=[1], normalization=2, last_dim_size=10) : (tensor<4x6xcomplex<f32>>) -> tensor<4x10xf32>
  func.return
}
