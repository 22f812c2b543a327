// RUN: etc-opt %s -p aten-to-edge --split-input-file --verify-diagnostics | filecheck %s

// A number becomes a constant of rank 0, in the dtype that torch promotes to.
// CHECK-LABEL: func.func @number
// CHECK-NEXT:    %[[X:[a-z0-9_]+]] = edge.to_dim_order_copy(%x, dtype=f32) : (tensor<3xi64>) -> tensor<3xf32>
// CHECK-NEXT:    %[[C:[a-z0-9_]+]] = program.constant dense<[2.5]> : tensor<f32>
// CHECK-NEXT:    %[[Y:[a-z0-9_]+]] = edge.add(%[[X]], %[[C]], alpha=2) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
func.func @number(%x: tensor<3xi64>) -> tensor<3xf32> {
  %y = aten.add.Scalar(%x, other=2.5, alpha=2) : (tensor<3xi64>) -> tensor<3xf32>
  func.return %y : tensor<3xf32>
}

// -----

// Operands of different dtypes are cast to the common one; a rank-0 tensor does not decide.
// CHECK-LABEL: func.func @promotion
// CHECK:         edge.to_dim_order_copy(%b, dtype=i32) : (tensor<i64>) -> tensor<i32>
// CHECK-NEXT:    edge.mul(%a, {{.*}}) : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>
func.func @promotion(%a: tensor<3xi32>, %b: tensor<i64>) -> tensor<3xi32> {
  %y = aten.mul.Tensor(%a, %b) : (tensor<3xi32>, tensor<i64>) -> tensor<3xi32>
  func.return %y : tensor<3xi32>
}

// -----

// A view becomes a copy; a size that an operation computes becomes an expression over the symbols.
// CHECK-LABEL: func.func @view
// CHECK-NEXT:    %v = edge.view_copy(%x, size=[s0*4]) : ({{.*}}) -> tensor<?xf32, #edge.layout<sizes = [s0*4]>>
// CHECK-NEXT:    func.return
func.func @view(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?xf32, #edge.layout<sizes = [s0*4]>> attributes {program.symbols = #program.symbols<s0 = [1, 8]>} {
  %n = aten.sym_size.int(%x, dim=0) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> i64
  %m = aten.sym.mul(a=%n, b=4) : (i64) -> i64
  %v = aten.view(%x, size=[%m]) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>, i64) -> tensor<?xf32, #edge.layout<sizes = [s0*4]>>
  func.return %v : tensor<?xf32, #edge.layout<sizes = [s0*4]>>
}

// -----

// A memory format becomes a dim order in the type, and what follows keeps it.
// CHECK-LABEL: func.func @channels_last
// CHECK-NEXT:    %y = edge.clone_dim_order(%x, dim_order=[0, 2, 3, 1]) : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
// CHECK-NEXT:    %z = edge.relu(%y) : (tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x8x4x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
func.func @channels_last(%x: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  %y = aten.clone(%x, memory_format=channels_last) : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %z = aten.relu(%y) : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  func.return %z : tensor<1x8x4x4xf32>
}

// -----

// What no edge operator does is reported for the whole program at once.
// CHECK:      {{.*}}aten.silu: no edge operator does this
// CHECK-NEXT:   next: run decompose-aten first, or register a decomposition for it
// CHECK-NEXT: {{.*}}aten.matmul: no edge operator does this
// CHECK-NEXT:   next: run decompose-aten first, or register a decomposition for it
func.func @refused(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) -> tensor<2x4xf32> {
  %y = aten.silu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("model.py":7:0)
  %z = aten.matmul(%y, %w) : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  func.return %z : tensor<2x4xf32>
}
