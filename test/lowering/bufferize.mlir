// RUN: etc-opt %s -p edge-to-linalg,bufferize --split-input-file | filecheck %s

// The last operation writes the output; what dies is overwritten on the way.
// CHECK-LABEL: @elementwise_chain
// CHECK-SAME:  (%x: memref<8xf32>, %out: memref<8xf32>)
func.func @elementwise_chain(%x: tensor<8xf32>) -> tensor<8xf32> attributes {program.outputs = ["out"]} {
  // CHECK:      %a = memref.alloc() : memref<8xf32>
  // CHECK-NOT:  memref.alloc
  // CHECK:      ins(%x : memref<8xf32>) outs(%a : memref<8xf32>)
  // CHECK:      ins(%a : memref<8xf32>) outs(%a : memref<8xf32>)
  // CHECK:      ins(%a : memref<8xf32>) outs(%out : memref<8xf32>)
  %a = edge.exp(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.sin(%a) : (tensor<8xf32>) -> tensor<8xf32>
  %c = edge.tanh(%b) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %c : tensor<8xf32>
}

// -----

// CHECK-LABEL: @keeps_what_is_used_later
func.func @keeps_what_is_used_later(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK:      %a = memref.alloc() : memref<8xf32>
  // CHECK:      %b = memref.alloc() : memref<8xf32>
  // CHECK:      ins(%a : memref<8xf32>) outs(%b : memref<8xf32>)
  %a = edge.exp(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.sin(%a) : (tensor<8xf32>) -> tensor<8xf32>
  %c = edge.add(%b, %a) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  func.return %c : tensor<8xf32>
}

// -----

// Read at another index than is written: not in place.
// CHECK-LABEL: @adds_its_transpose
func.func @adds_its_transpose(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  // CHECK:      %a = memref.alloc() : memref<4x4xf32>
  // CHECK:      %t = memref.alloc() : memref<4x4xf32>
  // CHECK:      ins(%a : memref<4x4xf32>) outs(%t : memref<4x4xf32>)
  %a = edge.exp(%x) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = edge.permute_copy(%a, dims=[1, 0]) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %c = edge.add(%t, %t) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %c, %x : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// The parts of a concatenation are computed where they end up.
// CHECK-LABEL: @concatenation
// CHECK-SAME:  (%x: memref<2x3xf32>, %out: memref<4x3xf32>)
func.func @concatenation(%x: tensor<2x3xf32>) -> tensor<4x3xf32> attributes {program.outputs = ["out"]} {
  // CHECK-NOT:  memref.alloc
  // CHECK:      %a = memref.subview %out[0, 0] [2, 3] [1, 1]
  // CHECK:      ins(%x : memref<2x3xf32>) outs(%a : memref<2x3xf32>)
  // CHECK:      %b = memref.subview %out[2, 0] [2, 3] [1, 1]
  // CHECK:      ins(%x : memref<2x3xf32>) outs(%b :
  %a = edge.exp(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = edge.sin(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %c = edge.cat([%a, %b]) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  func.return %c : tensor<4x3xf32>
}

// -----

// An input is returned: its bytes go to the output.
// CHECK-LABEL: @copies_an_input
// CHECK:       linalg.generic {{.*}} ins(%x : memref<3xf32>) outs(%y : memref<3xf32>)
func.func @copies_an_input(%x: tensor<3xf32>) -> tensor<3xf32> attributes {program.outputs = ["y"]} {
  func.return %x : tensor<3xf32>
}

// -----

// The next state is made where the state is.
// CHECK-LABEL: @counts
program.global mutable buffer @calls : tensor<2xf32> = dense<[0.0, 0.0]>
func.func @counts(%x: tensor<2xf32>) {
  // CHECK:      %old = memref.get_global @calls : memref<2xf32>
  // CHECK-NOT:  memref.alloc
  // CHECK:      ins(%old, %x : memref<2xf32>, memref<2xf32>) outs(%old : memref<2xf32>)
  // CHECK-NEXT: ^bb0
  %old = program.load @calls : tensor<2xf32>
  %new = edge.add(%old, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  program.store %new, @calls : tensor<2xf32>
  func.return
}

// -----

// What the state was is an output: it is kept.
// CHECK-LABEL: @gives_the_old_state
program.global mutable buffer @last : tensor<2xf32> = dense<[0.0, 0.0]>
func.func @gives_the_old_state(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK:      %[[STATE:.*]] = memref.get_global @last : memref<2xf32>
  // CHECK:      %[[KEPT:.*]] = memref.alloc() : memref<2xf32>
  // CHECK:      ins(%[[STATE]] : memref<2xf32>) outs(%[[KEPT]] : memref<2xf32>)
  %old = program.load @last : tensor<2xf32>
  program.store %x, @last : tensor<2xf32>
  func.return %old : tensor<2xf32>
}

// -----

// What is read for a sum and then divided by it lies in the output from the beginning.
// CHECK-LABEL: @softmax
// CHECK-NOT:   memref.alloc() : memref<2x5xf32>
// CHECK:       linalg.generic {{.*}} ins(%x, {{.*}}) outs(%y : memref<2x5xf32>)
// CHECK:       linalg.generic {{.*}} ins(%y : memref<2x5xf32>) outs(%[[SUM:.*]] : memref<2xf32>)
// CHECK:       linalg.generic {{.*}} outs(%y : memref<2x5xf32>)
// CHECK-NOT:   linalg.generic
// CHECK:       func.return
func.func @softmax(%x: tensor<2x5xf32>) -> tensor<2x5xf32> attributes {program.outputs = ["y"]} {
  %y = edge.softmax(%x, dim=1, half_to_float=false) : (tensor<2x5xf32>) -> tensor<2x5xf32>
  func.return %y : tensor<2x5xf32>
}
