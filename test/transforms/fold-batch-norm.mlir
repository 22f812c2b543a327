// RUN: etc-opt %s -p fold-batch-norm --split-input-file | filecheck %s

// scale = gamma / sqrt(var + eps) = [4 / 2, 3 / 1], shift = beta - mean * scale = [5 - 1 * 2, 0 - 2 * 3].
// CHECK-LABEL: @folds_into_a_convolution
// CHECK-NEXT:    %[[W:.*]] = program.constant dense<[2.0, 6.0]> : tensor<2x1x1x1xf32>
// CHECK-NEXT:    %[[B:.*]] = program.constant dense<[23.0, 54.0]> : tensor<2xf32>
// CHECK-NEXT:    %y = edge.conv(%x, %[[W]], bias=%[[B]], stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1)
// CHECK-NEXT:    func.return %y
func.func @folds_into_a_convolution(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = program.constant dense<[1.0, 2.0]> : tensor<2x1x1x1xf32>
  %b = program.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %gamma = program.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %beta = program.constant dense<[5.0, 0.0]> : tensor<2xf32>
  %mean = program.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %var = program.constant dense<[3.5, 0.5]> : tensor<2xf32>
  %c = edge.conv(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %y, %m, %r = edge.batch_norm(%c, weight=%gamma, bias=%beta, %mean, %var, momentum=0.1, eps=0.5) : (tensor<1x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x4x4xf32>, tensor<0xf32>, tensor<0xf32>)
  func.return %y : tensor<1x2x4x4xf32>
}

// -----

// The weight of a transposed convolution is C x O/groups: with two groups its rows belong to different channels.
// CHECK-LABEL: @folds_into_a_grouped_transposed_convolution
// CHECK-NEXT:    program.constant dense<[2.0, 6.0, 16.0, 25.0]> : tensor<2x2x1xf32>
// CHECK-NEXT:    program.constant dense<0.0> : tensor<4xf32>
// CHECK-NEXT:    edge.conv(
// CHECK-NEXT:    func.return
func.func @folds_into_a_grouped_transposed_convolution(%x: tensor<1x2x4xf32>) -> tensor<1x4x4xf32> {
  %w = program.constant dense<[2.0, 3.0, 4.0, 5.0]> : tensor<2x2x1xf32>
  %gamma = program.constant dense<[1.0, 2.0, 4.0, 5.0]> : tensor<4xf32>
  %mean = program.constant dense<0.0> : tensor<4xf32>
  %var = program.constant dense<1.0> : tensor<4xf32>
  %c = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=true, output_padding=[0], groups=2) : (tensor<1x2x4xf32>, tensor<2x2x1xf32>) -> tensor<1x4x4xf32>
  %y, %m, %r = edge.batch_norm(%c, weight=%gamma, %mean, %var, momentum=0.1, eps=0.0) : (tensor<1x4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<1x4x4xf32>, tensor<0xf32>, tensor<0xf32>)
  func.return %y : tensor<1x4x4xf32>
}

// -----

// CHECK-LABEL: @folds_into_linear
// CHECK-NEXT:    program.constant dense<[0.5, 1.0]> : tensor<1x2xf32>
// CHECK-NEXT:    program.constant dense<[3.0]> : tensor<1xf32>
// CHECK-NEXT:    edge.linear(
// CHECK-NEXT:    func.return
func.func @folds_into_linear(%x: tensor<3x2xf32>) -> tensor<3x1xf32> {
  %w = program.constant dense<[1.0, 2.0]> : tensor<1x2xf32>
  %mean = program.constant dense<-6.0> : tensor<1xf32>
  %var = program.constant dense<4.0> : tensor<1xf32>
  %c = edge.linear(%x, %w) : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  %y, %m, %r = edge.batch_norm(%c, %mean, %var, momentum=0.1, eps=0.0) : (tensor<3x1xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<3x1xf32>, tensor<0xf32>, tensor<0xf32>)
  func.return %y : tensor<3x1xf32>
}

// -----

// CHECK-LABEL: @multiplies_and_adds_where_there_are_no_weights
// CHECK-NEXT:    %[[G:.*]] = program.constant dense<[0.5, 1.0]> : tensor<2x1xf32>
// CHECK-NEXT:    %[[H:.*]] = program.constant dense<[-2.0, 0.0]> : tensor<2x1xf32>
// CHECK-NEXT:    %[[P:.*]] = edge.mul(%x, %[[G]])
// CHECK-NEXT:    edge.add(%[[P]], %[[H]])
// CHECK-NOT:     edge.batch_norm
func.func @multiplies_and_adds_where_there_are_no_weights(%x: tensor<1x2x?xf32, #edge.layout<sizes = [1, 2, s0]>>) -> tensor<1x2x?xf32, #edge.layout<sizes = [1, 2, s0]>> {
  %mean = program.constant dense<[4.0, 0.0]> : tensor<2xf32>
  %var = program.constant dense<[4.0, 1.0]> : tensor<2xf32>
  %y, %m, %r = edge.batch_norm(%x, %mean, %var, momentum=0.1, eps=0.0) : (tensor<1x2x?xf32, #edge.layout<sizes = [1, 2, s0]>>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x?xf32, #edge.layout<sizes = [1, 2, s0]>>, tensor<0xf32>, tensor<0xf32>)
  func.return %y : tensor<1x2x?xf32, #edge.layout<sizes = [1, 2, s0]>>
}

// -----

// CHECK-LABEL: @multiplies_and_adds_where_the_convolution_is_used_too
// CHECK:         %c = edge.conv(%x, %w,
// CHECK-NEXT:    program.constant
// CHECK-NEXT:    program.constant
// CHECK-NEXT:    edge.mul(%c,
// CHECK-NEXT:    edge.add(
func.func @multiplies_and_adds_where_the_convolution_is_used_too(%x: tensor<1x1x4xf32>) -> (tensor<1x1x4xf32>, tensor<1x1x4xf32>) {
  %w = program.constant dense<2.0> : tensor<1x1x1xf32>
  %one = program.constant dense<1.0> : tensor<1xf32>
  %c = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<1x1x4xf32>, tensor<1x1x1xf32>) -> tensor<1x1x4xf32>
  %y, %m, %r = edge.batch_norm(%c, %one, %one, momentum=0.1, eps=0.0) : (tensor<1x1x4xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<1x1x4xf32>, tensor<0xf32>, tensor<0xf32>)
  func.return %c, %y : tensor<1x1x4xf32>, tensor<1x1x4xf32>
}

// -----

// CHECK-LABEL: @keeps_statistics_that_may_change
// CHECK:         edge.batch_norm
program.global mutable buffer @mean : tensor<1xf32> = dense<[0.0]>
func.func @keeps_statistics_that_may_change(%x: tensor<1x1x4xf32>) -> tensor<1x1x4xf32> {
  %one = program.constant dense<1.0> : tensor<1xf32>
  %mean = program.load @mean : tensor<1xf32>
  %y, %m, %r = edge.batch_norm(%x, %mean, %one, momentum=0.1, eps=0.0) : (tensor<1x1x4xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<1x1x4xf32>, tensor<0xf32>, tensor<0xf32>)
  func.return %y : tensor<1x1x4xf32>
}

// -----

// ((x * w + 1) * 2 - 3) / 4
// CHECK-LABEL: @folds_numbers_and_vectors_per_channel
// CHECK-NEXT:    program.constant dense<[0.5, 1.0]> : tensor<2x1x1xf32>
// CHECK-NEXT:    program.constant dense<[-0.25, 0.25]> : tensor<2xf32>
// CHECK-NEXT:    edge.conv(
// CHECK-NEXT:    func.return
func.func @folds_numbers_and_vectors_per_channel(%x: tensor<1x1x4xf32>) -> tensor<1x2x4xf32> {
  %w = program.constant dense<[1.0, 2.0]> : tensor<2x1x1xf32>
  %ones = program.constant dense<[1.0, 2.0]> : tensor<2x1xf32>
  %two = program.constant dense<2.0> : tensor<f32>
  %three = program.constant dense<3.0> : tensor<1x1xf32>
  %four = program.constant dense<4.0> : tensor<1x2x1xf32>
  %c = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<1x1x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4xf32>
  %p = edge.add(%ones, %c) : (tensor<2x1xf32>, tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  %q = edge.mul(%two, %p) : (tensor<f32>, tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  %r = edge.sub(%q, %three) : (tensor<1x2x4xf32>, tensor<1x1xf32>) -> tensor<1x2x4xf32>
  %y = edge.div(%r, %four) : (tensor<1x2x4xf32>, tensor<1x2x1xf32>) -> tensor<1x2x4xf32>
  func.return %y : tensor<1x2x4xf32>
}

// -----

// A vector along the pixels is none over channels, nor is a difference from a constant an addition to it.
// CHECK-LABEL: @keeps_other_constants
// CHECK:         edge.conv
// CHECK-NEXT:    %p = edge.add(%c, %pixels)
// CHECK-NEXT:    %y = edge.sub(%pixels, %p)
func.func @keeps_other_constants(%x: tensor<1x1x2xf32>) -> tensor<1x2x2xf32> {
  %w = program.constant dense<[1.0, 2.0]> : tensor<2x1x1xf32>
  %pixels = program.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %c = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<1x1x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2xf32>
  %p = edge.add(%c, %pixels) : (tensor<1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  %y = edge.sub(%pixels, %p) : (tensor<2xf32>, tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  func.return %y : tensor<1x2x2xf32>
}
