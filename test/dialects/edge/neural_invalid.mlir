// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.conv: input has 3 channels, the weight takes 4
func.func @channels(%x: tensor<1x3x9x9xf32>, %w: tensor<6x4x3x3xf32>) {
  %0 = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x3x9x9xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x7xf32>
  func.return
}

// -----

// CHECK: edge.conv: result is tensor<1x5x7x7xf32>, the operands give tensor<1x6x7x7xf32>
func.func @result(%x: tensor<1x4x9x9xf32>, %w: tensor<6x4x3x3xf32>) {
  %0 = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x4x9x9xf32>, tensor<6x4x3x3xf32>) -> tensor<1x5x7x7xf32>
  func.return
}

// -----

// CHECK: edge.conv: bias must have the sizes [6], found [4]
func.func @bias(%x: tensor<1x4x9x9xf32>, %w: tensor<6x4x3x3xf32>, %b: tensor<4xf32>) {
  %0 = edge.conv(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x4x9x9xf32>, tensor<6x4x3x3xf32>, tensor<4xf32>) -> tensor<1x6x7x7xf32>
  func.return
}

// -----

// CHECK: argument `groups` of edge.conv is missing: expected an integer or a size expression
func.func @groups(%x: tensor<1x4x9x9xf32>, %w: tensor<6x4x3x3xf32>) {
  %0 = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0]) : (tensor<1x4x9x9xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x7xf32>
  func.return
}

// -----

// CHECK: edge.avg_pool2d: windows of [3, 3] do not fit into the sizes [2, 2]
func.func @window(%x: tensor<1x4x2x2xf32>) {
  %0 = edge.avg_pool2d(%x, kernel_size=[3, 3]) : (tensor<1x4x2x2xf32>) -> tensor<1x4x1x1xf32>
  func.return
}

// -----

// CHECK: edge.batch_norm: running_mean must have the sizes [4], found [5]
func.func @statistics(%x: tensor<1x4x2x2xf32>, %m: tensor<5xf32>, %v: tensor<4xf32>) {
  %0, %1, %2 = edge.batch_norm(%x, %m, %v, momentum=0.1, eps=1.0e-05) : (tensor<1x4x2x2xf32>, tensor<5xf32>, tensor<4xf32>) -> (tensor<1x4x2x2xf32>, tensor<0xf32>, tensor<0xf32>)
  func.return
}

// -----

// CHECK: edge.layer_norm: input must end in the sizes [5], found [2, 4]
func.func @normalized(%x: tensor<2x4xf32>) {
  %0, %1, %2 = edge.layer_norm(%x, normalized_shape=[5], eps=1.0e-05) : (tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x1xf32>, tensor<2x1xf32>)
  func.return
}

// -----

// CHECK: edge.softmax: `self` is int32, expected one of bfloat16, float16, float32, float64
func.func @dtype(%x: tensor<2x4xi32>) {
  %0 = edge.softmax(%x, dim=0, half_to_float=false) : (tensor<2x4xi32>) -> tensor<2x4xi32>
  func.return
}

// -----

// CHECK: edge.upsample_nearest2d: exactly one of output_size and scale_factors must be given
func.func @sizes(%x: tensor<1x4x2x2xf32>) {
  %0 = edge.upsample_nearest2d(%x) : (tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32>
  func.return
}
