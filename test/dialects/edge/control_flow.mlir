// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s
// RUN: etc-opt %s --print-debuginfo | etc-opt | filecheck %s

// CHECK-LABEL: func.func @cond
func.func @cond(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK:      %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
  // CHECK-NEXT:   %b = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT:   edge.yield %b : tensor<4xf32>
  // CHECK-NEXT: } else {
  // CHECK-NEXT:   edge.yield %x : tensor<4xf32>
  // CHECK-NEXT: }
  %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
    %b = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
    edge.yield %b : tensor<4xf32>
  } else {
    edge.yield %x : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @while_loop
func.func @while_loop(%i: tensor<i64>, %n: tensor<i64>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %j, %y = edge.while_loop(carried=[%i, %x]) : (tensor<i64>, tensor<4xf32>) -> (tensor<i64>, tensor<4xf32>) while(%a: tensor<i64>, %b: tensor<4xf32>) {
  // CHECK: } do(%c: tensor<i64>, %d: tensor<4xf32>) {
  %j, %y = edge.while_loop(carried=[%i, %x]) : (tensor<i64>, tensor<4xf32>) -> (tensor<i64>, tensor<4xf32>)
  while(%a: tensor<i64>, %b: tensor<4xf32>) {
    %more = edge.lt(%a, %n) : (tensor<i64>, tensor<i64>) -> tensor<i1>
    edge.yield %more : tensor<i1>
  } do(%c: tensor<i64>, %d: tensor<4xf32>) {
    edge.yield %c, %d : tensor<i64>, tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @scan
func.func @scan(%h: tensor<4xf32>, %xs: tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  // CHECK: %g, %ys = edge.scan(init=[%h], xs=[%xs]) : (tensor<4xf32>, tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) combine(%a: tensor<4xf32>, %b: tensor<4xf32>) {
  %g, %ys = edge.scan(init=[%h], xs=[%xs]) : (tensor<4xf32>, tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
  combine(%a: tensor<4xf32>, %b: tensor<4xf32>) {
    %s = edge.add(%a, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    edge.yield %s, %a : tensor<4xf32>, tensor<4xf32>
  }
  func.return %g, %ys : tensor<4xf32>, tensor<3x4xf32>
}
