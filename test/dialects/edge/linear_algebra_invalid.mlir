// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.mm: self [2, 3] has 3 columns, mat2 [4, 5] has 4 rows
func.func @inner(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  %0 = edge.mm(%a, %b) : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  func.return
}

// -----

// CHECK: edge.mm: `self` is float32 and `mat2` is float16; edge ops take operands of one dtype, insert edge.to_dim_order_copy
func.func @dtypes(%a: tensor<2x3xf32>, %b: tensor<3x5xf16>) {
  %0 = edge.mm(%a, %b) : (tensor<2x3xf32>, tensor<3x5xf16>) -> tensor<2x5xf32>
  func.return
}

// -----

// CHECK: edge.addmm: self [2, 2, 5] does not broadcast to the product's [2, 5]
func.func @addend(%s: tensor<2x2x5xf32>, %a: tensor<2x3xf32>, %b: tensor<3x5xf32>) {
  %0 = edge.addmm(%s, %a, %b) : (tensor<2x2x5xf32>, tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  func.return
}

// -----

// CHECK: edge.linear: the weight takes 4 features, input has 3
func.func @features(%x: tensor<2x3xf32>, %w: tensor<5x4xf32>) {
  %0 = edge.linear(%x, %w) : (tensor<2x3xf32>, tensor<5x4xf32>) -> tensor<2x5xf32>
  func.return
}

// -----

// CHECK: edge.fft_r2c: `self` is float16, expected one of float32, float64
func.func @transform(%x: tensor<2x4xf16>) {
  %0 = edge.fft_r2c(%x, dim=[1], normalization=0, onesided=true) : (tensor<2x4xf16>) -> tensor<2x3xcomplex<f32>>
  func.return
}
