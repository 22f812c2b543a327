// RUN: etc-opt %s -p conv-to-im2col{max-peak=100} --split-input-file | filecheck %s
// RUN: etc-opt %s -p conv-to-im2col --split-input-file | filecheck %s --check-prefix=TIGHT

// With little memory the columns would be the largest tensor.
// CHECK-LABEL: @columns_of_a_padded_image
// CHECK-NEXT:    %[[P:.*]] = edge.constant_pad_nd(%x, pad=[1, 1, 1, 1]{{.*}}) : (tensor<1x3x4x5xf32>) -> tensor<1x3x6x7xf32>
// CHECK-NEXT:    %[[W:.*]] = edge.view_copy(%w, size=[8, 27])
// CHECK-NEXT:    %[[C:.*]] = edge.as_strided_copy(%[[P]], size=[3, 3, 3, 2, 5], stride=[42, 7, 1, 14, 1], storage_offset=0)
// CHECK-NEXT:    %[[V:.*]] = edge.view_copy(%[[C]], size=[27, 10])
// CHECK-NEXT:    %[[M:.*]] = edge.mm(%[[W]], %[[V]]) : (tensor<8x27xf32>, tensor<27x10xf32>) -> tensor<8x10xf32>
// CHECK-NEXT:    %[[B:.*]] = edge.view_copy(%b, size=[8, 1])
// CHECK-NEXT:    %[[S:.*]] = edge.add(%[[M]], %[[B]])
// CHECK-NEXT:    edge.view_copy(%[[S]], size=[1, 8, 2, 5])
// TIGHT-LABEL: @columns_of_a_padded_image
// TIGHT-NEXT:    edge.conv
func.func @columns_of_a_padded_image(%x: tensor<1x3x4x5xf32>, %w: tensor<8x3x3x3xf32>, %b: tensor<8xf32>) -> tensor<1x8x2x5xf32> {
  %y = edge.conv(%x, %w, bias=%b, stride=[2, 1], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x3x4x5xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>) -> tensor<1x8x2x5xf32>
  func.return %y : tensor<1x8x2x5xf32>
}

// -----

// CHECK-LABEL: @one_product_per_group
// CHECK:         edge.as_strided_copy(%x, size=[4, 2, 3], stride=[4, 1, 1]
// CHECK:         edge.bmm({{.*}}) : (tensor<4x1x2xf32>, tensor<4x2x3xf32>) -> tensor<4x1x3xf32>
func.func @one_product_per_group(%x: tensor<1x4x4xf32>) -> tensor<1x4x3xf32> {
  %w = program.constant dense<1.0> : tensor<4x1x2xf32>
  %y = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=4) : (tensor<1x4x4xf32>, tensor<4x1x2xf32>) -> tensor<1x4x3xf32>
  func.return %y : tensor<1x4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_transposed_ones_and_several_images
// CHECK-COUNT-2: edge.conv
// CHECK-NEXT:    func.return
func.func @keeps_transposed_ones_and_several_images(%x: tensor<1x2x4xf32>, %images: tensor<3x2x4xf32>, %w: tensor<2x2x2xf32>) -> (tensor<1x2x5xf32>, tensor<3x2x3xf32>) {
  %a = edge.conv(%x, %w, stride=[1], padding=[0], dilation=[1], transposed=true, output_padding=[0], groups=1) : (tensor<1x2x4xf32>, tensor<2x2x2xf32>) -> tensor<1x2x5xf32>
  %b = edge.conv(%images, %w, stride=[1], padding=[0], dilation=[1], transposed=false, output_padding=[0], groups=1) : (tensor<3x2x4xf32>, tensor<2x2x2xf32>) -> tensor<3x2x3xf32>
  func.return %a, %b : tensor<1x2x5xf32>, tensor<3x2x3xf32>
}
