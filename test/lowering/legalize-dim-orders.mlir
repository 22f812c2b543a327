// RUN: etc-opt %s -p legalize-dim-orders,dce --split-input-file | filecheck %s

// CHECK-LABEL: @to_plain_and_back
// CHECK-NEXT:    [[P:%[a-z0-9_]+]] = edge.clone_dim_order(%x, dim_order=[0, 1, 2, 3])
// CHECK-NEXT:    [[Q:%[a-z0-9_]+]] = edge.softmax([[P]], dim=1, half_to_float=false) : (tensor<1x4x3x3xf32>) -> tensor<1x4x3x3xf32>
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.clone_dim_order([[Q]], dim_order=[0, 2, 3, 1])
// CHECK-NEXT:    func.return [[Y]]
func.func @to_plain_and_back(%x: tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>> {
  %y = edge.softmax(%x, dim=1, half_to_float=false) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  func.return %y : tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
}

// -----

// CHECK-LABEL: @once_for_consecutive_operations
// CHECK-NEXT:    [[P:%[a-z0-9_]+]] = edge.clone_dim_order(%x, dim_order=[0, 1, 2, 3])
// CHECK-NEXT:    [[Q:%[a-z0-9_]+]] = edge.flip([[P]], dims=[1])
// CHECK-NEXT:    [[R:%[a-z0-9_]+]] = edge.slice_copy([[Q]], dim=1, start=1, end=3)
// CHECK-NEXT:    func.return [[R]]
func.func @once_for_consecutive_operations(%x: tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x2x3x3xf32> {
  %y = edge.flip(%x, dims=[1]) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %z = edge.slice_copy(%y, dim=1, start=1, end=3) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x2x3x3xf32>
  func.return %z : tensor<1x2x3x3xf32>
}

// -----

// Kernels that follow their input, elementwise ones with operands alike, and a permute that moves no byte stay.
// CHECK-LABEL: @as_it_is
// CHECK-NEXT:    edge.conv(%x, %w
// CHECK-NEXT:    edge.add
// CHECK-NEXT:    edge.permute_copy
// CHECK-NEXT:    func.return
func.func @as_it_is(%x: tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %w: tensor<4x4x1x1xf32>) -> tensor<1x3x3x4xf32> {
  %y = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<4x4x1x1xf32>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %z = edge.add(%x, %y) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %p = edge.permute_copy(%z, dims=[0, 2, 3, 1]) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x3x3x4xf32>
  func.return %p : tensor<1x3x3x4xf32>
}

// -----

// CHECK-LABEL: @broadcast
// CHECK:         [[P:%[a-z0-9_]+]] = edge.clone_dim_order(%x, dim_order=[0, 1, 2, 3])
// CHECK-NEXT:    edge.mul([[P]], %two) : (tensor<1x4x3x3xf32>, tensor<f32>) -> tensor<1x4x3x3xf32>
func.func @broadcast(%x: tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>> {
  %two = program.constant dense<[2.0]> : tensor<f32>
  %y = edge.mul(%x, %two) : (tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<f32>) -> tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  func.return %y : tensor<1x4x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
}
