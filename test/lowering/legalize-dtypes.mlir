// RUN: etc-opt %s -p legalize-dtypes --split-input-file | filecheck %s
// RUN: etc-opt %s -p legalize-dtypes --split-input-file --explain 2>&1 | filecheck %s --check-prefix=EXPLAIN

// CHECK-LABEL: @half_in_single
// CHECK-NEXT:    [[X:%[a-z0-9_]+]] = edge.to_dim_order_copy(%x, dtype=f32) : (tensor<1x4x3x3xf16>) -> tensor<1x4x3x3xf32>
// CHECK-NEXT:    [[W:%[a-z0-9_]+]] = edge.to_dim_order_copy(%w, dtype=f32) : (tensor<4x4x1x1xf16>) -> tensor<4x4x1x1xf32>
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.conv([[X]], [[W]]
// CHECK-SAME:    -> tensor<1x4x3x3xf32>
// CHECK-NEXT:    [[Z:%[a-z0-9_]+]] = edge.to_dim_order_copy([[Y]], dtype=f16)
// CHECK-NEXT:    func.return [[Z]]
func.func @half_in_single(%x: tensor<1x4x3x3xf16>, %w: tensor<4x4x1x1xf16>) -> tensor<1x4x3x3xf16> {
  %y = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x4x3x3xf16>, tensor<4x4x1x1xf16>) -> tensor<1x4x3x3xf16>
  func.return %y : tensor<1x4x3x3xf16>
}

// -----

// Not in int8, the smallest that the kernel takes: it does not hold 200.
// CHECK-LABEL: @wider_integers
// CHECK-NEXT:    [[X:%[a-z0-9_]+]] = edge.to_dim_order_copy(%x, dtype=i16)
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.clamp([[X]], min=2, max=200) : (tensor<4xi16>) -> tensor<4xi16>
// CHECK-NEXT:    [[Z:%[a-z0-9_]+]] = edge.to_dim_order_copy([[Y]], dtype=ui8)
// CHECK-NEXT:    func.return [[Z]]
func.func @wider_integers(%x: tensor<4xui8>) -> tensor<4xui8> {
  %y = edge.clamp(%x, min=2, max=200) : (tensor<4xui8>) -> tensor<4xui8>
  func.return %y : tensor<4xui8>
}

// -----

// CHECK-LABEL: @places
// CHECK-NEXT:    [[I:%[a-z0-9_]+]] = edge.to_dim_order_copy(%i, dtype=i64)
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.gather(%x, dim=0, [[I]]) : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
// CHECK-NEXT:    func.return [[Y]]
func.func @places(%x: tensor<4xf32>, %i: tensor<2xi32>) -> tensor<2xf32> {
  %y = edge.gather(%x, dim=0, index=%i) : (tensor<4xf32>, tensor<2xi32>) -> tensor<2xf32>
  func.return %y : tensor<2xf32>
}

// -----

// CHECK-LABEL: @as_they_are
// CHECK-NEXT:    edge.relu(%x) : (tensor<4xf16>)
// CHECK-NEXT:    edge.view_copy(%z
// CHECK-NEXT:    func.return
func.func @as_they_are(%x: tensor<4xf16>, %z: tensor<4xcomplex<f32>>) -> (tensor<4xf16>, tensor<2x2xcomplex<f32>>) {
  %y = edge.relu(%x) : (tensor<4xf16>) -> tensor<4xf16>
  %v = edge.view_copy(%z, size=[2, 2]) : (tensor<4xcomplex<f32>>) -> tensor<2x2xcomplex<f32>>
  func.return %y, %v : tensor<4xf16>, tensor<2x2xcomplex<f32>>
}

// -----

// EXPLAIN:       edge.mul: its kernel takes no dtypes that hold complex64, complex64 -> complex64
// CHECK-LABEL: @nothing_wider
// CHECK-NEXT:    edge.mul(%x, %x)
func.func @nothing_wider(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {
  %y = edge.mul(%x, %x) : (tensor<4xcomplex<f32>>, tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  func.return %y : tensor<4xcomplex<f32>>
}
