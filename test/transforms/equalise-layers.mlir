// RUN: etc-opt %s -p equalise-layers --split-input-file | filecheck %s
// RUN: etc-opt %s -p equalise-layers --split-input-file --explain 2>&1 | filecheck %s --check-prefix=WHY

// The channels are made with ranges 8 (its bias) and 2, and read with 2 and 8: s = [2, 1/2].
// CHECK-LABEL: @gives_channels_between_linear_layers_one_range
// CHECK-NEXT:    program.constant dense<[2.0, -1.0, 1.0, 4.0]> : tensor<2x2xf32>
// CHECK-NEXT:    program.constant dense<[4.0, 2.0]> : tensor<2xf32>
// CHECK-NEXT:    edge.linear
// CHECK-NEXT:    edge.relu
// CHECK-NEXT:    program.constant dense<4.0> : tensor<1x2xf32>
// CHECK-NEXT:    edge.linear
func.func @gives_channels_between_linear_layers_one_range(%x: tensor<3x2xf32>) -> tensor<3x1xf32> {
  %w1 = program.constant dense<[4.0, -2.0, 0.5, 2.0]> : tensor<2x2xf32>
  %b1 = program.constant dense<[8.0, 1.0]> : tensor<2xf32>
  %w2 = program.constant dense<[2.0, 8.0]> : tensor<1x2xf32>
  %a = edge.linear(%x, %w1, bias=%b1) : (tensor<3x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %r = edge.relu(%a) : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %y = edge.linear(%r, %w2) : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  func.return %y : tensor<3x1xf32>
}

// -----

// One channel of 2 pixels is two inputs of the linear layer: 16 and 4 are read with 4 and 1.
// CHECK-LABEL: @counts_pixels_of_a_flattened_image_as_their_channel
// CHECK:         program.constant dense<[8.0, 2.0]> : tensor<2x1x1x1xf32>
// CHECK:         program.constant dense<[2.0, 8.0, 2.0, 1.0]> : tensor<1x4xf32>
func.func @counts_pixels_of_a_flattened_image_as_their_channel(%x: tensor<1x1x1x2xf32>) -> tensor<1x1xf32> {
  %w1 = program.constant dense<[16.0, 4.0]> : tensor<2x1x1x1xf32>
  %w2 = program.constant dense<[1.0, 4.0, 1.0, 0.5]> : tensor<1x4xf32>
  %a = edge.conv(%x, %w1, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x2xf32>
  %f = edge.view_copy(%a, size=[1, 4]) : (tensor<1x2x1x2xf32>) -> tensor<1x4xf32>
  %y = edge.linear(%f, %w2) : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x1xf32>
  func.return %y : tensor<1x1xf32>
}

// -----

// A channel that nothing makes or reads keeps its weights.
// CHECK-LABEL: @keeps_dead_channels
// CHECK:         program.constant dense<[0.0, 2.0]> : tensor<2x1xf32>
// CHECK:         program.constant dense<[3.0, 2.0]> : tensor<1x2xf32>
func.func @keeps_dead_channels(%x: tensor<3x1xf32>) -> tensor<3x1xf32> {
  %w1 = program.constant dense<[0.0, 1.0]> : tensor<2x1xf32>
  %w2 = program.constant dense<[3.0, 4.0]> : tensor<1x2xf32>
  %a = edge.linear(%x, %w1) : (tensor<3x1xf32>, tensor<2x1xf32>) -> tensor<3x2xf32>
  %y = edge.linear(%a, %w2) : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  func.return %y : tensor<3x1xf32>
}

// -----

// CHECK-LABEL: @keeps_what_saturates
// CHECK:         program.constant dense<[4.0, 1.0]> : tensor<2x1xf32>
// CHECK:         program.constant dense<[1.0, 4.0]> : tensor<1x2xf32>
func.func @keeps_what_saturates(%x: tensor<3x1xf32>) -> tensor<3x1xf32> {
  %w1 = program.constant dense<[4.0, 1.0]> : tensor<2x1xf32>
  %w2 = program.constant dense<[1.0, 4.0]> : tensor<1x2xf32>
  %a = edge.linear(%x, %w1) : (tensor<3x1xf32>, tensor<2x1xf32>) -> tensor<3x2xf32>
  %r = edge.hardtanh(%a, min_val=0.0, max_val=6.0) : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %y = edge.linear(%r, %w2) : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  func.return %y : tensor<3x1xf32>
}

// -----

// CHECK-LABEL: @keeps_what_is_used_twice
// CHECK:         program.constant dense<[4.0, 1.0]> : tensor<2x1xf32>
func.func @keeps_what_is_used_twice(%x: tensor<3x1xf32>) -> (tensor<3x1xf32>, tensor<3x2xf32>) {
  %w1 = program.constant dense<[4.0, 1.0]> : tensor<2x1xf32>
  %w2 = program.constant dense<[1.0, 4.0]> : tensor<1x2xf32>
  %a = edge.linear(%x, %w1) : (tensor<3x1xf32>, tensor<2x1xf32>) -> tensor<3x2xf32>
  %y = edge.linear(%a, %w2) : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  func.return %y, %a : tensor<3x1xf32>, tensor<3x2xf32>
}

// WHY:       equalise-layers: ReplaceWeights: applied 6, declined 0
// WHY-NEXT:  equalise-layers: FindPairs: applied 0, declined 7
// WHY:       edge.linear: edge.hardtanh after it lets no factors per channel pass
// WHY-NEXT:  edge.linear: the result of edge.linear has no user, or several
