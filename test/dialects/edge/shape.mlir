// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @views
func.func @views(%x: tensor<2x3x4xf32>, %i: tensor<1x8x6x6xf32>, %n: tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>, %c: tensor<2x3xcomplex<f32>>) {
  // CHECK: edge.view_copy(%x, size=[6, -1]) : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %0 = edge.view_copy(%x, size=[6, -1]) : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  // CHECK: edge.view_copy(%n, size=[s0, -1]) : (tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>) -> tensor<?x288xf32, #edge.layout<sizes = [s0, 288]>>
  %1 = edge.view_copy(%n, size=[s0, -1]) : (tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>) -> tensor<?x288xf32, #edge.layout<sizes = [s0, 288]>>
  // CHECK: edge.alias_copy(%x) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %2 = edge.alias_copy(%x) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  // CHECK: edge.squeeze_copy(%i, dim=[0]) : (tensor<1x8x6x6xf32>) -> tensor<8x6x6xf32>
  %3 = edge.squeeze_copy(%i, dim=[0]) : (tensor<1x8x6x6xf32>) -> tensor<8x6x6xf32>
  // CHECK: edge.unsqueeze_copy(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3x4x1xf32>
  %4 = edge.unsqueeze_copy(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3x4x1xf32>
  // CHECK: edge.permute_copy(%i, dims=[0, 2, 3, 1]) : (tensor<1x8x6x6xf32>) -> tensor<1x6x6x8xf32>
  %5 = edge.permute_copy(%i, dims=[0, 2, 3, 1]) : (tensor<1x8x6x6xf32>) -> tensor<1x6x6x8xf32>
  // CHECK: edge.permute_copy(%n, dims=[1, 0, -1, -2]) : (tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>) -> tensor<8x?x6x6xf32, #edge.layout<sizes = [8, s0, 6, 6]>>
  %6 = edge.permute_copy(%n, dims=[1, 0, -1, -2]) : (tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>) -> tensor<8x?x6x6xf32, #edge.layout<sizes = [8, s0, 6, 6]>>
  // CHECK: edge.expand_copy(%i, size=[s0, -1, -1, -1]) : (tensor<1x8x6x6xf32>) -> tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>
  %7 = edge.expand_copy(%i, size=[s0, -1, -1, -1]) : (tensor<1x8x6x6xf32>) -> tensor<?x8x6x6xf32, #edge.layout<sizes = [s0, 8, 6, 6]>>
  // CHECK: edge.as_strided_copy(%x, size=[2, 2], stride=[12, 1], storage_offset=2) : (tensor<2x3x4xf32>) -> tensor<2x2xf32>
  %8 = edge.as_strided_copy(%x, size=[2, 2], stride=[12, 1], storage_offset=2) : (tensor<2x3x4xf32>) -> tensor<2x2xf32>
  // CHECK: edge.diagonal_copy(%x, offset=1, dim1=1, dim2=2) : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %9 = edge.diagonal_copy(%x, offset=1, dim1=1, dim2=2) : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  // CHECK: edge.unfold_copy(%i, dimension=3, size=3, step=2) : (tensor<1x8x6x6xf32>) -> tensor<1x8x6x2x3xf32>
  %10 = edge.unfold_copy(%i, dimension=3, size=3, step=2) : (tensor<1x8x6x6xf32>) -> tensor<1x8x6x2x3xf32>
  // CHECK: edge.view_as_real_copy(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3x2xf32>
  %11 = edge.view_as_real_copy(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3x2xf32>
  // CHECK: edge.view_as_complex_copy(%11) : (tensor<2x3x2xf32>) -> tensor<2x3xcomplex<f32>>
  %20 = edge.view_as_complex_copy(%11) : (tensor<2x3x2xf32>) -> tensor<2x3xcomplex<f32>>
  // CHECK: edge.pixel_shuffle(%i, upscale_factor=2) : (tensor<1x8x6x6xf32>) -> tensor<1x2x12x12xf32>
  %12 = edge.pixel_shuffle(%i, upscale_factor=2) : (tensor<1x8x6x6xf32>) -> tensor<1x2x12x12xf32>
  // CHECK: edge.pixel_unshuffle(%i, downscale_factor=3) : (tensor<1x8x6x6xf32>) -> tensor<1x72x2x2xf32>
  %13 = edge.pixel_unshuffle(%i, downscale_factor=3) : (tensor<1x8x6x6xf32>) -> tensor<1x72x2x2xf32>
  func.return
}

// CHECK-LABEL: func.func @parts
func.func @parts(%x: tensor<2x6x4xf32>, %n: tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) {
  // CHECK: edge.slice_copy(%x, dim=1, start=1, end=-1, step=2) : (tensor<2x6x4xf32>) -> tensor<2x2x4xf32>
  %0 = edge.slice_copy(%x, dim=1, start=1, end=-1, step=2) : (tensor<2x6x4xf32>) -> tensor<2x2x4xf32>
  // CHECK: edge.slice_copy(%n, start=0, end=s0) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
  %1 = edge.slice_copy(%n, start=0, end=s0) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
  // CHECK: edge.select_copy(%x, dim=-1, index=3) : (tensor<2x6x4xf32>) -> tensor<2x6xf32>
  %2 = edge.select_copy(%x, dim=-1, index=3) : (tensor<2x6x4xf32>) -> tensor<2x6xf32>
  // CHECK: edge.split_with_sizes_copy(%x, split_sizes=[2, 4], dim=1) : (tensor<2x6x4xf32>) -> (tensor<2x2x4xf32>, tensor<2x4x4xf32>)
  %3, %4 = edge.split_with_sizes_copy(%x, split_sizes=[2, 4], dim=1) : (tensor<2x6x4xf32>) -> (tensor<2x2x4xf32>, tensor<2x4x4xf32>)
  // CHECK: edge.unbind_copy(%x) : (tensor<2x6x4xf32>) -> (tensor<6x4xf32>, tensor<6x4xf32>)
  %5, %6 = edge.unbind_copy(%x) : (tensor<2x6x4xf32>) -> (tensor<6x4xf32>, tensor<6x4xf32>)
  func.return
}

// CHECK-LABEL: func.func @made_of_parts
func.func @made_of_parts(%x: tensor<2x3x4x4xf32>, %y: tensor<2x5x4x4xf32>, %a: tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %n: tensor<?x3x4x4xf32, #edge.layout<sizes = [s0, 3, 4, 4]>>) {
  // CHECK: edge.cat([%x, %y, %x], dim=1) : (tensor<2x3x4x4xf32>, tensor<2x5x4x4xf32>, tensor<2x3x4x4xf32>) -> tensor<2x11x4x4xf32>
  %0 = edge.cat([%x, %y, %x], dim=1) : (tensor<2x3x4x4xf32>, tensor<2x5x4x4xf32>, tensor<2x3x4x4xf32>) -> tensor<2x11x4x4xf32>
  // CHECK: edge.cat([%a, %a]) : (tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<4x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.cat([%a, %a]) : (tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<4x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.cat([%x, %n]) : (tensor<2x3x4x4xf32>, tensor<?x3x4x4xf32, #edge.layout<sizes = [s0, 3, 4, 4]>>) -> tensor<?x3x4x4xf32, #edge.layout<sizes = [s0 + 2, 3, 4, 4]>>
  %2 = edge.cat([%x, %n]) : (tensor<2x3x4x4xf32>, tensor<?x3x4x4xf32, #edge.layout<sizes = [s0, 3, 4, 4]>>) -> tensor<?x3x4x4xf32, #edge.layout<sizes = [s0 + 2, 3, 4, 4]>>
  // CHECK: edge.stack([%x, %x], dim=-1) : (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) -> tensor<2x3x4x4x2xf32>
  %3 = edge.stack([%x, %x], dim=-1) : (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) -> tensor<2x3x4x4x2xf32>
  // CHECK: edge.repeat(%n, repeats=[2, 1, 3, 1, 1]) : (tensor<?x3x4x4xf32, #edge.layout<sizes = [s0, 3, 4, 4]>>) -> tensor<2x?x9x4x4xf32, #edge.layout<sizes = [2, s0, 9, 4, 4]>>
  %4 = edge.repeat(%n, repeats=[2, 1, 3, 1, 1]) : (tensor<?x3x4x4xf32, #edge.layout<sizes = [s0, 3, 4, 4]>>) -> tensor<2x?x9x4x4xf32, #edge.layout<sizes = [2, s0, 9, 4, 4]>>
  // CHECK: edge.flip(%a, dims=[2, -1]) : (tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %5 = edge.flip(%a, dims=[2, -1]) : (tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x3x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.roll(%x, shifts=[1, -2], dims=[0, 1]) : (tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32>
  %6 = edge.roll(%x, shifts=[1, -2], dims=[0, 1]) : (tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32>
  func.return
}

// CHECK-LABEL: func.func @padded
func.func @padded(%x: tensor<2x3x4xf32>, %y: tensor<2x3x4x5xf32>, %a: tensor<2x3x4x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %z: tensor<2x3x4x5x6xf32>) {
  // CHECK: edge.constant_pad_nd(%x, pad=[1, 2], value=0.5) : (tensor<2x3x4xf32>) -> tensor<2x3x7xf32>
  %0 = edge.constant_pad_nd(%x, pad=[1, 2], value=0.5) : (tensor<2x3x4xf32>) -> tensor<2x3x7xf32>
  // CHECK: edge.constant_pad_nd(%a, pad=[1, -1, 0, 2]) : (tensor<2x3x4x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x3x6x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.constant_pad_nd(%a, pad=[1, -1, 0, 2]) : (tensor<2x3x4x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<2x3x6x5xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.reflection_pad1d(%x, padding=[3, 1]) : (tensor<2x3x4xf32>) -> tensor<2x3x8xf32>
  %2 = edge.reflection_pad1d(%x, padding=[3, 1]) : (tensor<2x3x4xf32>) -> tensor<2x3x8xf32>
  // CHECK: edge.reflection_pad2d(%y, padding=[1, 1, 2, 0]) : (tensor<2x3x4x5xf32>) -> tensor<2x3x6x7xf32>
  %3 = edge.reflection_pad2d(%y, padding=[1, 1, 2, 0]) : (tensor<2x3x4x5xf32>) -> tensor<2x3x6x7xf32>
  // CHECK: edge.reflection_pad3d(%z, padding=[1, 1, 2, 0, 1, 1]) : (tensor<2x3x4x5x6xf32>) -> tensor<2x3x6x7x8xf32>
  %4 = edge.reflection_pad3d(%z, padding=[1, 1, 2, 0, 1, 1]) : (tensor<2x3x4x5x6xf32>) -> tensor<2x3x6x7x8xf32>
  // CHECK: edge.replication_pad1d(%x, padding=[3, 5]) : (tensor<2x3x4xf32>) -> tensor<2x3x12xf32>
  %5 = edge.replication_pad1d(%x, padding=[3, 5]) : (tensor<2x3x4xf32>) -> tensor<2x3x12xf32>
  // CHECK: edge.replication_pad2d(%y, padding=[1, 1, 2, 0]) : (tensor<2x3x4x5xf32>) -> tensor<2x3x6x7xf32>
  %6 = edge.replication_pad2d(%y, padding=[1, 1, 2, 0]) : (tensor<2x3x4x5xf32>) -> tensor<2x3x6x7xf32>
  // CHECK: edge.replication_pad3d(%z, padding=[1, 1, 2, 0, 1, 1]) : (tensor<2x3x4x5x6xf32>) -> tensor<2x3x6x7x8xf32>
  %7 = edge.replication_pad3d(%z, padding=[1, 1, 2, 0, 1, 1]) : (tensor<2x3x4x5x6xf32>) -> tensor<2x3x6x7x8xf32>
  func.return
}
