// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @over_dimensions
func.func @over_dimensions(%x: tensor<2x3x4xf32>, %i: tensor<2x3x4xi32>) {
  // CHECK: edge.sum(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %0 = edge.sum(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.mean(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %1 = edge.mean(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.var(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %2 = edge.var(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.var_mean(%x) : (tensor<2x3x4xf32>) -> (tensor<f32>, tensor<f32>)
  %3, %4 = edge.var_mean(%x) : (tensor<2x3x4xf32>) -> (tensor<f32>, tensor<f32>)
  // CHECK: edge.any(%x) : (tensor<2x3x4xf32>) -> tensor<i1>
  %5 = edge.any(%x) : (tensor<2x3x4xf32>) -> tensor<i1>
  // CHECK: edge.amax(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %6 = edge.amax(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.amin(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %7 = edge.amin(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.sum(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %8 = edge.sum(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  // CHECK: edge.mean(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %9 = edge.mean(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  // CHECK: edge.var(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %10 = edge.var(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  // CHECK: edge.var_mean(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> (tensor<1x3x1xf32>, tensor<1x3x1xf32>)
  %11, %12 = edge.var_mean(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> (tensor<1x3x1xf32>, tensor<1x3x1xf32>)
  // CHECK: edge.any(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xi1>
  %13 = edge.any(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xi1>
  // CHECK: edge.amax(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %14 = edge.amax(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  // CHECK: edge.amin(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %15 = edge.amin(%x, dim=[0, -1], keepdim=true) : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  // CHECK: edge.sum(%i, dim=[1]) : (tensor<2x3x4xi32>) -> tensor<2x4xi64>
  %16 = edge.sum(%i, dim=[1]) : (tensor<2x3x4xi32>) -> tensor<2x4xi64>
  // CHECK: edge.sum(%i, dim=[1], dtype=f32) : (tensor<2x3x4xi32>) -> tensor<2x4xf32>
  %17 = edge.sum(%i, dim=[1], dtype=f32) : (tensor<2x3x4xi32>) -> tensor<2x4xf32>
  // CHECK: edge.mean(%i, dtype=f32) : (tensor<2x3x4xi32>) -> tensor<f32>
  %18 = edge.mean(%i, dtype=f32) : (tensor<2x3x4xi32>) -> tensor<f32>
  // CHECK: edge.var(%x, dim=[2], correction=0) : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %19 = edge.var(%x, dim=[2], correction=0) : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  func.return
}

// CHECK-LABEL: func.func @along_one_dimension
func.func @along_one_dimension(%x: tensor<2x3x4xf32>) {
  // CHECK: edge.prod_dim(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %0 = edge.prod_dim(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  // CHECK: edge.max_dim(%x, dim=-1) : (tensor<2x3x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xi64>)
  %1, %2 = edge.max_dim(%x, dim=-1) : (tensor<2x3x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xi64>)
  // CHECK: edge.min_dim(%x, dim=-1) : (tensor<2x3x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xi64>)
  %3, %4 = edge.min_dim(%x, dim=-1) : (tensor<2x3x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xi64>)
  // CHECK: edge.argmax(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3xi64>
  %5 = edge.argmax(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3xi64>
  // CHECK: edge.argmin(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3xi64>
  %6 = edge.argmin(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3xi64>
  // CHECK: edge.cumsum(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %7 = edge.cumsum(%x, dim=-1) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  // CHECK: edge.sort(%x) : (tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
  %8, %9 = edge.sort(%x) : (tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
  // CHECK: edge.prod_dim(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  %10 = edge.prod_dim(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  // CHECK: edge.max_dim(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> (tensor<2x1x4xf32>, tensor<2x1x4xi64>)
  %11, %12 = edge.max_dim(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> (tensor<2x1x4xf32>, tensor<2x1x4xi64>)
  // CHECK: edge.min_dim(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> (tensor<2x1x4xf32>, tensor<2x1x4xi64>)
  %13, %14 = edge.min_dim(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> (tensor<2x1x4xf32>, tensor<2x1x4xi64>)
  // CHECK: edge.argmax(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> tensor<2x1x4xi64>
  %15 = edge.argmax(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> tensor<2x1x4xi64>
  // CHECK: edge.argmin(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> tensor<2x1x4xi64>
  %16 = edge.argmin(%x, dim=1, keepdim=true) : (tensor<2x3x4xf32>) -> tensor<2x1x4xi64>
  // CHECK: edge.topk(%x, k=2) : (tensor<2x3x4xf32>) -> (tensor<2x3x2xf32>, tensor<2x3x2xi64>)
  %17, %18 = edge.topk(%x, k=2) : (tensor<2x3x4xf32>) -> (tensor<2x3x2xf32>, tensor<2x3x2xi64>)
  // CHECK: edge.topk(%x, k=2, dim=0, largest=false, sorted=false) : (tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
  %19, %20 = edge.topk(%x, k=2, dim=0, largest=false, sorted=false) : (tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
  // CHECK: edge.sort(%x, descending=true) : (tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
  %21, %22 = edge.sort(%x, descending=true) : (tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xi64>)
  // CHECK: edge.cumsum(%x, dim=0, dtype=f64) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf64>
  %23 = edge.cumsum(%x, dim=0, dtype=f64) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf64>
  func.return
}

// CHECK-LABEL: func.func @over_everything
func.func @over_everything(%x: tensor<2x3x4xf32>, %b: tensor<2x3x4xi1>) {
  // CHECK: edge.max(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %0 = edge.max(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.min(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  %1 = edge.min(%x) : (tensor<2x3x4xf32>) -> tensor<f32>
  // CHECK: edge.prod(%b) : (tensor<2x3x4xi1>) -> tensor<i64>
  %2 = edge.prod(%b) : (tensor<2x3x4xi1>) -> tensor<i64>
  // CHECK: edge.argmax(%x) : (tensor<2x3x4xf32>) -> tensor<i64>
  %3 = edge.argmax(%x) : (tensor<2x3x4xf32>) -> tensor<i64>
  // CHECK: edge.argmin(%x) : (tensor<2x3x4xf32>) -> tensor<i64>
  %4 = edge.argmin(%x) : (tensor<2x3x4xf32>) -> tensor<i64>
  func.return
}

// CHECK-LABEL: func.func @symbolic_sizes
func.func @symbolic_sizes(%x: tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) {
  // CHECK: edge.sum(%x, dim=[1]) : (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) -> tensor<?x?xf32, #edge.layout<sizes = [s0, s0*2]>>
  %0 = edge.sum(%x, dim=[1]) : (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) -> tensor<?x?xf32, #edge.layout<sizes = [s0, s0*2]>>
  // CHECK: edge.amax(%x, dim=[0], keepdim=true) : (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) -> tensor<1x4x?xf32, #edge.layout<sizes = [1, 4, s0*2]>>
  %1 = edge.amax(%x, dim=[0], keepdim=true) : (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) -> tensor<1x4x?xf32, #edge.layout<sizes = [1, 4, s0*2]>>
  // CHECK: edge.topk(%x, k=s0, dim=2) : (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) -> (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0]>>, tensor<?x4x?xi64, #edge.layout<sizes = [s0, 4, s0]>>)
  %2, %3 = edge.topk(%x, k=s0, dim=2) : (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0*2]>>) -> (tensor<?x4x?xf32, #edge.layout<sizes = [s0, 4, s0]>>, tensor<?x4x?xi64, #edge.layout<sizes = [s0, 4, s0]>>)
  func.return
}
