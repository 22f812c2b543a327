// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: edge.cond: expected 1 values yielded by the region `else`, found 0
func.func @f(%p: tensor<i1>, %x: tensor<4xf32>) {
  %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
    edge.yield %x : tensor<4xf32>
  } else {
    edge.yield
  }
  func.return
}

// -----

// CHECK: edge.while_loop: value 0 yielded by the region `while` has type tensor<4xf32>, expected tensor<i1>
func.func @f(%x: tensor<4xf32>) {
  %y = edge.while_loop(carried=[%x]) : (tensor<4xf32>) -> tensor<4xf32> while(%a: tensor<4xf32>) {
    edge.yield %a : tensor<4xf32>
  } do(%a: tensor<4xf32>) {
    edge.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// CHECK: edge.while_loop: operand 0 is no tensor but i64
func.func @f(%i: i64, %p: tensor<i1>) {
  %j = edge.while_loop(carried=[%i]) : (i64) -> i64 while(%a: i64) {
    edge.yield %p : tensor<i1>
  } do(%a: i64) {
    edge.yield %a : i64
  }
  func.return
}

// -----

// CHECK: edge.scan: expected at least one of `xs`, whose size says how often to repeat
func.func @f(%h: tensor<4xf32>) {
  %g = edge.scan(init=[%h]) : (tensor<4xf32>) -> tensor<4xf32> combine(%a: tensor<4xf32>) {
    edge.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// CHECK: edge.scan goes along dimension 0, but tensor<f32> has none
func.func @f(%x: tensor<f32>) {
  %y = edge.scan(xs=[%x]) : (tensor<f32>) -> tensor<3xf32> combine(%a: tensor<f32>) {
    edge.yield %a : tensor<f32>
  }
  func.return
}

// -----

// CHECK: edge.cond: value 0 yielded by the region `then` must lie in the plain dim order, found tensor<1x2x3x3xf32, #edge.layout<
func.func @f(%p: tensor<i1>, %x: tensor<1x2x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>, %y: tensor<1x2x3x3xf32>) {
  %z = edge.cond(%p) : (tensor<i1>) -> tensor<1x2x3x3xf32> then {
    edge.yield %x : tensor<1x2x3x3xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  } else {
    edge.yield %y : tensor<1x2x3x3xf32>
  }
  func.return
}
