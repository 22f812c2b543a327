// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.view_copy: sizes [4, -1] do not divide the 6 elements of the tensor
func.func @elements(%x: tensor<2x3xf32>) {
  %0 = edge.view_copy(%x, size=[4, -1]) : (tensor<2x3xf32>) -> tensor<4x1xf32>
  func.return
}

// -----

// CHECK: edge.permute_copy: result is tensor<2x3xf32>, the operands give tensor<3x2xf32>
func.func @permuted(%x: tensor<2x3xf32>) {
  %0 = edge.permute_copy(%x, dims=[1, 0]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----

// CHECK: edge.expand_copy: dimension 1 has size 3 and cannot be expanded to 4
func.func @expanded(%x: tensor<2x3xf32>) {
  %0 = edge.expand_copy(%x, size=[2, 4]) : (tensor<2x3xf32>) -> tensor<2x4xf32>
  func.return
}

// -----

// CHECK: edge.slice_copy: dimension 2 is out of range for a tensor of rank 2
func.func @sliced(%x: tensor<2x3xf32>) {
  %0 = edge.slice_copy(%x, dim=2, end=1) : (tensor<2x3xf32>) -> tensor<2x1xf32>
  func.return
}

// -----

// CHECK: edge.split_with_sizes_copy: split_sizes [1, 1] sum to 2, dimension 1 has size 3
func.func @split(%x: tensor<2x3xf32>) {
  %0, %1 = edge.split_with_sizes_copy(%x, split_sizes=[1, 1], dim=1) : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x1xf32>)
  func.return
}

// -----

// CHECK: edge.unbind_copy: expected 3 results, found 2
func.func @unbound(%x: tensor<3x2xf32>) {
  %0, %1 = edge.unbind_copy(%x) : (tensor<3x2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  func.return
}

// -----

// CHECK: edge.cat: `tensors` is float32 and `tensors` is int32; edge ops take operands of one dtype, insert edge.to_dim_order_copy
func.func @joined(%x: tensor<3x2xf32>, %y: tensor<3x2xi32>) {
  %0 = edge.cat([%x, %y]) : (tensor<3x2xf32>, tensor<3x2xi32>) -> tensor<6x2xf32>
  func.return
}

// -----

// CHECK: edge.cat: result is tensor<2x3x4x4xf32>, the operands give tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
func.func @order(%x: tensor<1x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) {
  %0 = edge.cat([%x, %x]) : (tensor<1x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<1x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x3x4x4xf32>
  func.return
}

// -----

// CHECK: edge.reflection_pad1d: padding of a dimension of size 3 must be at most 2 in mode reflect, found 3
func.func @mirrored(%x: tensor<2x3xf32>) {
  %0 = edge.reflection_pad1d(%x, padding=[0, 3]) : (tensor<2x3xf32>) -> tensor<2x6xf32>
  func.return
}

// -----

// CHECK: edge.pixel_shuffle: 6 channels are not a multiple of upscale_factor squared, 4
func.func @shuffled(%x: tensor<6x2x2xf32>) {
  %0 = edge.pixel_shuffle(%x, upscale_factor=2) : (tensor<6x2x2xf32>) -> tensor<1x4x4xf32>
  func.return
}
