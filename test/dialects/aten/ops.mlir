// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: func.func @arguments
func.func @arguments(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>, %i: tensor<2xi64>, %n: i64) {
  // Optional tensors have names; arguments that have their default are left out; other attributes stay.
  // CHECK: aten.convolution(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) {tag = "a"} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x6x6xf32>
  %c = aten.convolution(%x, %w, bias=%b, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1) {tag = "a"} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x6x6xf32>
  // CHECK: aten.add.Tensor(%x, %x) : (
  %a = aten.add.Tensor(%x, %x, alpha=1) : (tensor<1x3x8x8xf32>, tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  // A Scalar keeps its type: 1.0 is not the default 1.
  // CHECK: aten.add.Tensor(%x, %x, alpha=1.0) : (
  %a1 = aten.add.Tensor(%x, %x, alpha=1.0) : (tensor<1x3x8x8xf32>, tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  // Names may be given to positional arguments, in any order.
  // CHECK: aten.sub.Tensor(%x, %a, alpha=2) : (
  %a2 = aten.sub.Tensor(alpha=2, self=%x, other=%a) : (tensor<1x3x8x8xf32>, tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  // CHECK: aten.mul.Scalar(%b, other=complex(0.0, -1.5)) : (
  %z = aten.mul.Scalar(%b, other=complex(0, -1.5)) : (tensor<4xf32>) -> tensor<4xcomplex<f32>>
  // CHECK: aten.clamp(%b, min=-1.0e-05, max=inf) : (
  %l = aten.clamp(%b, min=-0.00001, max=inf) : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: aten.layer_norm(%b, normalized_shape=[4], weight=%b, eps=0.001) : (
  %m = aten.layer_norm(%b, normalized_shape=[4], weight=%b, eps=0.001) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK: aten.gelu(%b, approximate="tanh") : (
  %g = aten.gelu(%b, approximate="tanh") : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: aten.sum.dim_IntList(%x, dim=[2, 3], keepdim=true) : (
  %s = aten.sum.dim_IntList(%x, dim=[2, 3], keepdim=true) : (tensor<1x3x8x8xf32>) -> tensor<1x3x1x1xf32>
  // CHECK: aten.clone(%x, memory_format=channels_last) : (
  %k = aten.clone(%x, memory_format=channels_last) : (tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  // CHECK: aten._to_copy(%i, dtype=f32, layout=strided, device="cpu") : (
  %t = aten._to_copy(%i, dtype=f32, layout=strided, device="cpu") : (tensor<2xi64>) -> tensor<2xf32>
  // CHECK: aten.upsample_nearest2d.vec(%x, output_size=[16, 16], scale_factors=[2.0, 0.5]) : (
  %u = aten.upsample_nearest2d.vec(%x, output_size=[16, 16], scale_factors=[2.0, 0.5]) : (tensor<1x3x8x8xf32>) -> tensor<1x3x16x16xf32>
  // CHECK: aten.convolution_backward(%c, %x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, output_mask=[true, false, false]) : ({{.*}}) -> (tensor<1x3x8x8xf32>, none, none)
  %d0, %d1, %d2 = aten.convolution_backward(%c, %x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, output_mask=[true, false, false]) : (tensor<1x4x6x6xf32>, tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> (tensor<1x3x8x8xf32>, none, none)
  func.return
}

// CHECK-LABEL: func.func @lists
func.func @lists(%x: tensor<4x6xf32>, %i: tensor<2xi64>) {
  // CHECK: %c = aten.cat([%x, %x], dim=-1) : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x12xf32>
  %c = aten.cat([%x, %x], dim=-1) : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x12xf32>
  // CHECK: %y = aten.index.Tensor(%x, [none, %i]) : (tensor<4x6xf32>, tensor<2xi64>) -> tensor<4x2xf32>
  %y = aten.index.Tensor(%x, [none, %i]) : (tensor<4x6xf32>, tensor<2xi64>) -> tensor<4x2xf32>
  // CHECK: %s, %s_1 = aten.split.Tensor(%x, split_size=2) : (tensor<4x6xf32>) -> (tensor<2x6xf32>, tensor<2x6xf32>)
  %s:2 = aten.split.Tensor(%x, split_size=2) : (tensor<4x6xf32>) -> (tensor<2x6xf32>, tensor<2x6xf32>)
  // CHECK: %v, %j = aten.max.dim(%x, dim=0) : (tensor<4x6xf32>) -> (tensor<6xf32>, tensor<6xi64>)
  %v, %j = aten.max.dim(%x, dim=0) : (tensor<4x6xf32>) -> (tensor<6xf32>, tensor<6xi64>)
  // CHECK: aten.einsum(equation="ij,ik->jk", [%x, %x]) : (
  %e = aten.einsum(equation="ij,ik->jk", [%x, %x]) : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<6x6xf32>
  // Several list results: each list in brackets.
  // CHECK: aten._histogramdd_bin_edges(%x, bins=[2, 3]) : (tensor<4x6xf32>) -> (tensor<3xf32>, tensor<4xf32>)
  %h:2 = aten._histogramdd_bin_edges(%x, bins=[2, 3]) : (tensor<4x6xf32>) -> (tensor<3xf32>, tensor<4xf32>)
  // CHECK: %f, %f_1, %f_2 = aten._fused_sgd([%x], [%x], [%x], weight_decay=0.0, momentum=0.5, lr=0.1, dampening=0.0, nesterov=false, maximize=false, is_first_step=true) : (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) -> ([tensor<4x6xf32>], [tensor<4x6xf32>], [tensor<4x6xf32>])
  %f:3 = aten._fused_sgd([%x], [%x], [%x], weight_decay=0.0, momentum=0.5, lr=0.1, dampening=0.0, nesterov=false, maximize=false, is_first_step=true) : (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) -> ([tensor<4x6xf32>], [tensor<4x6xf32>], [tensor<4x6xf32>])
  func.return
}

// CHECK-LABEL: func.func @sizes
func.func @sizes(%x: tensor<?x8xf32>, %p: tensor<i1>) {
  // CHECK: %n = aten.sym_size.int(%x, dim=0) : (tensor<?x8xf32>) -> i64
  %n = aten.sym_size.int(%x, dim=0) : (tensor<?x8xf32>) -> i64
  // CHECK: %m = aten.sym.add(a=%n, b=1) : (i64) -> i64
  %m = aten.sym.add(a=%n, b=1) : (i64) -> i64
  // CHECK: %lt = aten.sym.lt(a=%m, b=%n) : (i64, i64) -> i1
  %lt = aten.sym.lt(a=%m, b=%n) : (i64, i64) -> i1
  // CHECK: %v = aten.view(%x, size=[%n, 2, -1]) : (tensor<?x8xf32>, i64) -> tensor<?x2x4xf32>
  %v = aten.view(%x, size=[%n, 2, -1]) : (tensor<?x8xf32>, i64) -> tensor<?x2x4xf32>
  // CHECK: %f = aten.full(size=[s0*2 - 1, -s1 + 4, %n], fill_value=%m) : (i64, i64) -> tensor<?x?x?xi64>
  %f = aten.full(size=[s0*2 - 1, -s1 + 4, %n], fill_value=%m) : (i64, i64) -> tensor<?x?x?xi64>
  // CHECK: aten.slice.Tensor(%x, end=%n) : (tensor<?x8xf32>, i64) -> tensor<?x8xf32>
  %s = aten.slice.Tensor(%x, end=%n) : (tensor<?x8xf32>, i64) -> tensor<?x8xf32>
  // CHECK: aten._assert_async.msg(%p, assert_msg="must be \22positive\22") : (tensor<i1>) -> ()
  aten._assert_async.msg(%p, assert_msg="must be \"positive\"") : (tensor<i1>) -> ()
  func.return
}
