// RUN: etc-opt %s -p sink-permutes --split-input-file | filecheck %s

// CHECK-LABEL: @cancels_through_elementwise_operations
// CHECK-NOT:     permute_copy
// CHECK:         edge.relu(%x)
// CHECK-NEXT:    edge.mul({{.*}}) : (tensor<2x4x5x3xf32>, tensor<f32>) -> tensor<2x4x5x3xf32>
// CHECK-NEXT:    func.return
func.func @cancels_through_elementwise_operations(%x: tensor<2x4x5x3xf32>, %s: tensor<f32>) -> tensor<2x4x5x3xf32> {
  %0 = edge.permute_copy(%x, dims=[0, 3, 1, 2]) : (tensor<2x4x5x3xf32>) -> tensor<2x3x4x5xf32>
  %1 = edge.relu(%0) : (tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
  %2 = edge.mul(%1, %s) : (tensor<2x3x4x5xf32>, tensor<f32>) -> tensor<2x3x4x5xf32>
  %3 = edge.permute_copy(%2, dims=[0, 2, 3, 1]) : (tensor<2x3x4x5xf32>) -> tensor<2x4x5x3xf32>
  func.return %3 : tensor<2x4x5x3xf32>
}

// -----

// CHECK-LABEL: @all_operands_permuted_alike
// CHECK-NEXT:    %[[S:.*]] = edge.add(%x, %y) : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
// CHECK-NEXT:    edge.permute_copy(%[[S]], dims=[1, 0, 2]) : (tensor<2x3x4xf32>) -> tensor<3x2x4xf32>
// CHECK-NEXT:    func.return
func.func @all_operands_permuted_alike(%x: tensor<2x3x4xf32>, %y: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  %0 = edge.permute_copy(%x, dims=[2, 0, 1]) : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = edge.permute_copy(%y, dims=[-1, 0, 1]) : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %2 = edge.add(%0, %1) : (tensor<4x2x3xf32>, tensor<4x2x3xf32>) -> tensor<4x2x3xf32>
  %3 = edge.permute_copy(%2, dims=[2, 1, 0]) : (tensor<4x2x3xf32>) -> tensor<3x2x4xf32>
  func.return %3 : tensor<3x2x4xf32>
}

// -----

// CHECK-LABEL: @a_constant_per_channel_follows
// CHECK:         %[[V:.*]] = edge.view_copy(%c, size=[1, 2, 1])
// CHECK-NEXT:    edge.view_copy(%[[V]], size=[1, 1, 2])
// CHECK:         edge.add(%x, %{{.*}}) : (tensor<1x5x2xf32>, tensor<1x1x2xf32>) -> tensor<1x5x2xf32>
// CHECK-NEXT:    func.return
func.func @a_constant_per_channel_follows(%x: tensor<1x5x2xf32>) -> tensor<1x5x2xf32> {
  %c = program.constant dense<[1.0, 2.0]> : tensor<2x1xf32>
  %0 = edge.permute_copy(%x, dims=[0, 2, 1]) : (tensor<1x5x2xf32>) -> tensor<1x2x5xf32>
  %1 = edge.add(%0, %c) : (tensor<1x2x5xf32>, tensor<2x1xf32>) -> tensor<1x2x5xf32>
  %2 = edge.permute_copy(%1, dims=[0, 2, 1]) : (tensor<1x2x5xf32>) -> tensor<1x5x2xf32>
  func.return %2 : tensor<1x5x2xf32>
}

// -----

// CHECK-LABEL: @moves_only_dimensions_of_size_1
// CHECK-NEXT:    %0 = edge.view_copy(%x, size=[4, 1, 3, 1])
// CHECK-NEXT:    func.return %0
func.func @moves_only_dimensions_of_size_1(%x: tensor<1x4x3x1xf32>) -> tensor<4x1x3x1xf32> {
  %0 = edge.permute_copy(%x, dims=[1, 0, 2, 3]) : (tensor<1x4x3x1xf32>) -> tensor<4x1x3x1xf32>
  func.return %0 : tensor<4x1x3x1xf32>
}

// -----

// CHECK-LABEL: @stays_where_nothing_would_cancel
// CHECK-NEXT:    %0 = edge.permute_copy(%x, dims=[1, 0])
// CHECK-NEXT:    %1 = edge.relu(%0)
// CHECK-NEXT:    func.return %1
func.func @stays_where_nothing_would_cancel(%x: tensor<4x3xf32>) -> tensor<3x4xf32> {
  %0 = edge.permute_copy(%x, dims=[1, 0]) : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %1 = edge.relu(%0) : (tensor<3x4xf32>) -> tensor<3x4xf32>
  func.return %1 : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @stays_where_an_operand_is_not_permuted_alike
// CHECK-NEXT:    edge.permute_copy(%x
// CHECK-NEXT:    edge.add
// CHECK-NEXT:    edge.permute_copy
func.func @stays_where_an_operand_is_not_permuted_alike(%x: tensor<4x3xf32>, %y: tensor<3x4xf32>) -> tensor<4x3xf32> {
  %0 = edge.permute_copy(%x, dims=[1, 0]) : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %1 = edge.add(%0, %y) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %2 = edge.permute_copy(%1, dims=[1, 0]) : (tensor<3x4xf32>) -> tensor<4x3xf32>
  func.return %2 : tensor<4x3xf32>
}
