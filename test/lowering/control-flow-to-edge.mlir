// RUN: etc-opt %s -p aten-to-edge --split-input-file --verify-diagnostics | filecheck %s

// Regions use what they captured; a comparison of sizes becomes a tensor.
// CHECK-LABEL: func.func @captures
// CHECK:         %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
// CHECK-NEXT:      %b = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:      edge.yield %b : tensor<4xf32>
// CHECK-NEXT:    } else {
// CHECK-NEXT:      edge.yield %x : tensor<4xf32>
func.func @captures(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
    %b = aten.relu(%a) : (tensor<4xf32>) -> tensor<4xf32>
    aten.yield %b : tensor<4xf32>
  } else(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// -----

// A map is a scan that carries nothing.
// CHECK-LABEL: func.func @map
// CHECK:         edge.scan(xs=[%xs]) : (tensor<3x4xf32>) -> tensor<3x4xf32> combine(%a: tensor<4xf32>) {
// CHECK-NEXT:      %s = edge.add(%a, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
func.func @map(%xs: tensor<3x4xf32>, %w: tensor<4xf32>) -> tensor<3x4xf32> {
  %ys = aten.map(xs=[%xs], captures=[%w]) : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  do(%a: tensor<4xf32>, %c: tensor<4xf32>) {
    %s = aten.add.Tensor(%a, %c) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    aten.yield %s : tensor<4xf32>
  }
  func.return %ys : tensor<3x4xf32>
}

// -----

// CHECK: aten.while_loop: a number goes through it
// CHECK-NEXT: expected: a tensor of rank 0
// CHECK-NEXT: found: i64
func.func @number(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>, %p: tensor<i1>) {
  %n = aten.sym_size.int(%x, dim=0) : (tensor<?xf32, #edge.layout<sizes = [s0]>>) -> i64
  %j = aten.while_loop(carried=[%n], captures=[%p]) : (i64, tensor<i1>) -> i64 while(%a: i64, %c: tensor<i1>) {
    aten.yield %c : tensor<i1>
  } do(%a: i64, %c: tensor<i1>) {
    aten.yield %a : i64
  }
  func.return
}
