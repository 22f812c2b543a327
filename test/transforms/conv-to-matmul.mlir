// RUN: etc-opt %s -p conv-to-matmul --split-input-file | filecheck %s

// CHECK-LABEL: @one_by_one
// CHECK-NEXT:    %[[W:.*]] = edge.view_copy(%w, size=[8, 3])
// CHECK-NEXT:    %[[X:.*]] = edge.view_copy(%x, size=[3, 20])
// CHECK-NEXT:    %[[P:.*]] = edge.mm(%[[W]], %[[X]]) : (tensor<8x3xf32>, tensor<3x20xf32>) -> tensor<8x20xf32>
// CHECK-NEXT:    %[[B:.*]] = edge.view_copy(%b, size=[8, 1])
// CHECK-NEXT:    %[[S:.*]] = edge.add(%[[P]], %[[B]])
// CHECK-NEXT:    %[[Y:.*]] = edge.view_copy(%[[S]], size=[1, 8, 4, 5])
// CHECK-NEXT:    func.return %[[Y]]
func.func @one_by_one(%x: tensor<1x3x4x5xf32>, %w: tensor<8x3x1x1xf32>, %b: tensor<8xf32>) -> tensor<1x8x4x5xf32> {
  %y = edge.conv(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x3x4x5xf32>, tensor<8x3x1x1xf32>, tensor<8xf32>) -> tensor<1x8x4x5xf32>
  func.return %y : tensor<1x8x4x5xf32>
}

// -----

// CHECK-LABEL: @a_stride_takes_slices_first
// CHECK-NEXT:    edge.slice_copy(%x, dim=2, start=0, end=5, step=2) : (tensor<1x3x5x5xf32>) -> tensor<1x3x3x5xf32>
// CHECK-NEXT:    edge.slice_copy(%{{.*}}, dim=3, start=0, end=5, step=3) : (tensor<1x3x3x5xf32>) -> tensor<1x3x3x2xf32>
// CHECK:         edge.mm({{.*}}) : (tensor<8x3xf32>, tensor<3x6xf32>) -> tensor<8x6xf32>
func.func @a_stride_takes_slices_first(%x: tensor<1x3x5x5xf32>, %w: tensor<8x3x1x1xf32>) -> tensor<1x8x3x2xf32> {
  %y = edge.conv(%x, %w, stride=[2, 3], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x3x5x5xf32>, tensor<8x3x1x1xf32>) -> tensor<1x8x3x2xf32>
  func.return %y : tensor<1x8x3x2xf32>
}

// -----

// CHECK-LABEL: @one_dimension_known_at_run_time
// CHECK-NEXT:    edge.view_copy(%w, size=[8, 3])
// CHECK-NEXT:    edge.view_copy(%x, size=[3, s0])
// CHECK-NEXT:    edge.mm(
// CHECK-NEXT:    edge.view_copy({{.*}}, size=[1, 8, s0])
func.func @one_dimension_known_at_run_time(%x: tensor<1x3x?xf32, #edge.layout<sizes = [1, 3, s0]>>, %w: tensor<8x3x1xf32>) -> tensor<1x8x?xf32, #edge.layout<sizes = [1, 8, s0]>> {
  %y = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<1x3x?xf32, #edge.layout<sizes = [1, 3, s0]>>, tensor<8x3x1xf32>) -> tensor<1x8x?xf32, #edge.layout<sizes = [1, 8, s0]>>
  func.return %y : tensor<1x8x?xf32, #edge.layout<sizes = [1, 8, s0]>>
}

// -----

// CHECK-LABEL: @a_kernel_as_large_as_the_input
// CHECK-NEXT:    %[[X:.*]] = edge.view_copy(%x, size=[s0, 60])
// CHECK-NEXT:    %[[W:.*]] = edge.view_copy(%w, size=[8, 60])
// CHECK-NEXT:    %[[P:.*]] = edge.linear(%[[X]], %[[W]], bias=%b)
// CHECK-NEXT:    edge.view_copy(%[[P]], size=[s0, 8, 1, 1])
func.func @a_kernel_as_large_as_the_input(%x: tensor<?x3x4x5xf32, #edge.layout<sizes = [s0, 3, 4, 5]>>, %w: tensor<8x3x4x5xf32>, %b: tensor<8xf32>) -> tensor<?x8x1x1xf32, #edge.layout<sizes = [s0, 8, 1, 1]>> {
  %y = edge.conv(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<?x3x4x5xf32, #edge.layout<sizes = [s0, 3, 4, 5]>>, tensor<8x3x4x5xf32>, tensor<8xf32>) -> tensor<?x8x1x1xf32, #edge.layout<sizes = [s0, 8, 1, 1]>>
  func.return %y : tensor<?x8x1x1xf32, #edge.layout<sizes = [s0, 8, 1, 1]>>
}

// -----

// CHECK-LABEL: @several_images_repeat_a_small_weight
// CHECK:         edge.expand_copy({{.*}}, size=[2, 2, 1])
// CHECK:         edge.bmm({{.*}}) : (tensor<2x2x1xf32>, tensor<2x1x4xf32>) -> tensor<2x2x4xf32>
func.func @several_images_repeat_a_small_weight(%x: tensor<2x1x4xf32>) -> tensor<2x2x4xf32> {
  %w = program.constant dense<[1.0, 2.0]> : tensor<2x1x1xf32>
  %y = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<2x1x4xf32>, tensor<2x1x1xf32>) -> tensor<2x2x4xf32>
  func.return %y : tensor<2x2x4xf32>
}

// -----

// CHECK-LABEL: @channels_that_came_from_the_last_dimension
// CHECK-NEXT:    %[[W:.*]] = edge.view_copy(%w, size=[8, 3])
// CHECK-NEXT:    %[[P:.*]] = edge.linear(%pixels, %[[W]], bias=%b) : (tensor<2x4x5x3xf32>, tensor<8x3xf32>, tensor<8xf32>) -> tensor<2x4x5x8xf32>
// CHECK-NEXT:    edge.permute_copy(%[[P]], dims=[0, 3, 1, 2])
func.func @channels_that_came_from_the_last_dimension(%pixels: tensor<2x4x5x3xf32>, %w: tensor<8x3x1x1xf32>, %b: tensor<8xf32>) -> tensor<2x8x4x5xf32> {
  %x = edge.permute_copy(%pixels, dims=[0, 3, 1, 2]) : (tensor<2x4x5x3xf32>) -> tensor<2x3x4x5xf32>
  %y = edge.conv(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<2x3x4x5xf32>, tensor<8x3x1x1xf32>, tensor<8xf32>) -> tensor<2x8x4x5xf32>
  func.return %y : tensor<2x8x4x5xf32>
}

// -----

// CHECK-LABEL: @keeps_groups_padding_and_transposition
// CHECK-COUNT-3: edge.conv
// CHECK-NEXT:    func.return
func.func @keeps_groups_padding_and_transposition(%x: tensor<1x2x4xf32>, %grouped: tensor<2x1x1xf32>, %w: tensor<2x2x1xf32>) -> (tensor<1x2x4xf32>, tensor<1x2x6xf32>, tensor<1x2x4xf32>) {
  %a = edge.conv(%x, %grouped, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=2) : (tensor<1x2x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4xf32>
  %b = edge.conv(%x, %w, stride=[1], padding=[1], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<1x2x4xf32>, tensor<2x2x1xf32>) -> tensor<1x2x6xf32>
  %c = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=true, output_padding=[0], groups=1) : (tensor<1x2x4xf32>, tensor<2x2x1xf32>) -> tensor<1x2x4xf32>
  func.return %a, %b, %c : tensor<1x2x4xf32>, tensor<1x2x6xf32>, tensor<1x2x4xf32>
}
