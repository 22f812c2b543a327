// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @fills
func.func @fills(%x: tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %v: tensor<f32>) {
  // CHECK: edge.full(size=[2, s0], fill_value=0.5) : () -> tensor<2x?xf32, #edge.layout<sizes = [2, s0]>>
  %0 = edge.full(size=[2, s0], fill_value=0.5) : () -> tensor<2x?xf32, #edge.layout<sizes = [2, s0]>>
  // CHECK: edge.full(size=[2], fill_value=1, dtype=i8) : () -> tensor<2xi8>
  %1 = edge.full(size=[2], fill_value=1, dtype=i8) : () -> tensor<2xi8>
  // CHECK: edge.full(size=[], fill_value=true) : () -> tensor<i1>
  %2 = edge.full(size=[], fill_value=true) : () -> tensor<i1>
  // CHECK: edge.full_like(%x, fill_value=0) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %3 = edge.full_like(%x, fill_value=0) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.full_like(%x, fill_value=1, dtype=i64) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xi64, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %4 = edge.full_like(%x, fill_value=1, dtype=i64) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xi64, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.fill(%x, %v) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<f32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %5 = edge.fill(%x, %v) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, tensor<f32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.scalar_tensor(s=2.5) : () -> tensor<f32>
  %6 = edge.scalar_tensor(s=2.5) : () -> tensor<f32>
  // CHECK: edge.scalar_tensor(s=s0*2, dtype=i64) : () -> tensor<i64>
  %7 = edge.scalar_tensor(s=s0*2, dtype=i64) : () -> tensor<i64>
  // CHECK: edge.arange(start=0, end=8) : () -> tensor<8xi64>
  %8 = edge.arange(start=0, end=8) : () -> tensor<8xi64>
  // CHECK: edge.arange(start=0, end=s0, step=2) : () -> tensor<?xi64, #edge.layout<sizes = [floordiv(s0 + 1, 2)]>>
  %9 = edge.arange(start=0, end=s0, step=2) : () -> tensor<?xi64, #edge.layout<sizes = [floordiv(s0 + 1, 2)]>>
  // CHECK: edge.arange(start=0.5, end=2, step=0.25, dtype=f16) : () -> tensor<6xf16>
  %10 = edge.arange(start=0.5, end=2, step=0.25, dtype=f16) : () -> tensor<6xf16>
  // CHECK: edge.empty_dim_order(size=[1, 8, 4, 4], dim_order=[0, 2, 3, 1]) : () -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %11 = edge.empty_dim_order(size=[1, 8, 4, 4], dim_order=[0, 2, 3, 1]) : () -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  func.return
}

// CHECK-LABEL: func.func @random_numbers
func.func @random_numbers() {
  // CHECK: edge.rand(size=[2, 3]) : () -> tensor<2x3xf32>
  %0 = edge.rand(size=[2, 3]) : () -> tensor<2x3xf32>
  // CHECK: edge.randn(size=[s0], dtype=f16) : () -> tensor<?xf16, #edge.layout<sizes = [s0]>>
  %1 = edge.randn(size=[s0], dtype=f16) : () -> tensor<?xf16, #edge.layout<sizes = [s0]>>
  // CHECK: edge.randperm(n=10) : () -> tensor<10xi64>
  %2 = edge.randperm(n=10) : () -> tensor<10xi64>
  // CHECK: edge.randperm(n=s0*2, dtype=i32) : () -> tensor<?xi32, #edge.layout<sizes = [s0*2]>>
  %3 = edge.randperm(n=s0*2, dtype=i32) : () -> tensor<?xi32, #edge.layout<sizes = [s0*2]>>
  func.return
}

// CHECK-LABEL: func.func @copies
func.func @copies(%x: tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %y: tensor<4xf32>, %m: tensor<4x4xf32>) {
  // CHECK: edge.to_dim_order_copy(%x, dtype=i8) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xi8, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %0 = edge.to_dim_order_copy(%x, dtype=i8) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xi8, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.to_dim_order_copy(%x, dtype=f16, dim_order=[0, 1, 2, 3]) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf16>
  %1 = edge.to_dim_order_copy(%x, dtype=f16, dim_order=[0, 1, 2, 3]) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf16>
  // CHECK: edge.clone_dim_order(%x) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %2 = edge.clone_dim_order(%x) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  // CHECK: edge.clone_dim_order(%x, dim_order=[0, 1, 2, 3]) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32>
  %3 = edge.clone_dim_order(%x, dim_order=[0, 1, 2, 3]) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32>
  // CHECK: edge.copy(%m, %y) : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %4 = edge.copy(%m, %y) : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  // CHECK: edge.tril(%m) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %5 = edge.tril(%m) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: edge.tril(%m, diagonal=-1) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %6 = edge.tril(%m, diagonal=-1) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return
}
