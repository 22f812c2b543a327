// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s
// RUN: etc-opt %s --print-debuginfo | etc-opt | filecheck %s

// CHECK-LABEL: func.func @cond
func.func @cond(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK:      %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
  // CHECK-NEXT:   %b = aten.relu(%a) : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT:   aten.yield %b : tensor<4xf32>
  // CHECK-NEXT: } else(%c: tensor<4xf32>) {
  // CHECK-NEXT:   aten.yield %c : tensor<4xf32>
  // CHECK-NEXT: }
  %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
    %b = aten.relu(%a) : (tensor<4xf32>) -> tensor<4xf32>
    aten.yield %b : tensor<4xf32>
  } else(%c: tensor<4xf32>) {
    aten.yield %c : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @while_loop
func.func @while_loop(%i: tensor<i64>, %x: tensor<4xf32>, %w: tensor<4xf32>) -> (tensor<i64>, tensor<4xf32>) {
  // CHECK: %j, %y = aten.while_loop(carried=[%i, %x], captures=[%w]) : (tensor<i64>, tensor<4xf32>, tensor<4xf32>) -> (tensor<i64>, tensor<4xf32>) while(%a: tensor<i64>, %b: tensor<4xf32>, %c: tensor<4xf32>) {
  // CHECK: } do(%d: tensor<i64>, %e: tensor<4xf32>, %f: tensor<4xf32>) {
  %j, %y = aten.while_loop(carried=[%i, %x], captures=[%w]) : (tensor<i64>, tensor<4xf32>, tensor<4xf32>) -> (tensor<i64>, tensor<4xf32>)
  while(%a: tensor<i64>, %b: tensor<4xf32>, %c: tensor<4xf32>) {
    %more = aten.lt.Scalar(%a, other=10) : (tensor<i64>) -> tensor<i1>
    aten.yield %more : tensor<i1>
  } do(%d: tensor<i64>, %e: tensor<4xf32>, %f: tensor<4xf32>) {
    %next = aten.add.Scalar(%d, other=1) : (tensor<i64>) -> tensor<i64>
    %sum = aten.add.Tensor(%e, %f) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    aten.yield %next, %sum : tensor<i64>, tensor<4xf32>
  }
  func.return %j, %y : tensor<i64>, tensor<4xf32>
}

// CHECK-LABEL: func.func @scan
func.func @scan(%h: tensor<4xf32>, %xs: tensor<?x4xf32>, %w: tensor<4xf32>) {
  // CHECK: %g, %ys = aten.scan(init=[%h], xs=[%xs], captures=[%w]) : (tensor<4xf32>, tensor<?x4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>) combine(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>) {
  %g, %ys = aten.scan(init=[%h], xs=[%xs], captures=[%w]) : (tensor<4xf32>, tensor<?x4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>)
  combine(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>) {
    %s = aten.addcmul(%a, %b, %c) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    aten.yield %s, %s : tensor<4xf32>, tensor<4xf32>
  }
  func.return
}

// CHECK-LABEL: func.func @map
func.func @map(%xs: tensor<3x4xf32>) {
  // CHECK: %ys = aten.map(xs=[%xs]) : (tensor<3x4xf32>) -> tensor<3xf32> do(%a: tensor<4xf32>) {
  %ys = aten.map(xs=[%xs]) : (tensor<3x4xf32>) -> tensor<3xf32> do(%a: tensor<4xf32>) {
    %s = aten.sum(%a) : (tensor<4xf32>) -> tensor<f32>
    aten.yield %s : tensor<f32>
  }
  func.return
}
