// RUN: etc-opt %s -p cse --print-debuginfo --split-input-file | filecheck %s

// CHECK-LABEL: @merges_equal_operations
// CHECK-NEXT:    %a = arith.muli %x, %x : i32 loc("model.py":1:0)
// CHECK-NEXT:    %c = arith.addi %a, %a : i32 loc("model.py":3:0)
// CHECK-NEXT:    %e = arith.muli %c, %c : i32
// CHECK-NEXT:    func.return %e
func.func @merges_equal_operations(%x: i32) -> i32 {
  %a = arith.muli %x, %x : i32 loc("model.py":1:0)
  %b = arith.muli %x, %x : i32 loc("model.py":2:0)
  %c = arith.addi %a, %b : i32 loc("model.py":3:0)
  %d = arith.addi %b, %a : i32 loc("model.py":4:0)
  %e = arith.muli %c, %d : i32
  func.return %e : i32
}

// -----

// CHECK-LABEL: @keeps_operations_that_differ_in_a_property
// CHECK-COUNT-2: arith.constant
func.func @keeps_operations_that_differ_in_a_property() -> (f32, f32) {
  %a = arith.constant 0.0 : f32
  %b = arith.constant -0.0 : f32
  func.return %a, %b : f32, f32
}

// -----

// CHECK-LABEL: @merges_loads_up_to_the_next_store
// CHECK-NEXT:    %a = memref.load %m[%i]
// CHECK-NEXT:    memref.store %a, %m[%i]
// CHECK-NEXT:    %c = memref.load %m[%i]
// CHECK-NEXT:    func.return %a, %a, %c
func.func @merges_loads_up_to_the_next_store(%m: memref<4xf32>, %i: index) -> (f32, f32, f32) {
  %a = memref.load %m[%i] : memref<4xf32>
  %b = memref.load %m[%i] : memref<4xf32>
  memref.store %b, %m[%i] : memref<4xf32>
  %c = memref.load %m[%i] : memref<4xf32>
  func.return %a, %b, %c : f32, f32, f32
}

// -----

// CHECK-LABEL: @a_loop_body_reads_anew
// CHECK:         scf.for
// CHECK-NEXT:      %b = memref.load %m[%lo]
func.func @a_loop_body_reads_anew(%m: memref<4xf32>, %lo: index, %hi: index) {
  %a = memref.load %m[%lo] : memref<4xf32>
  scf.for %i = %lo to %hi step %hi {
    %b = memref.load %m[%lo] : memref<4xf32>
    %c = arith.addf %a, %b : f32
    memref.store %c, %m[%lo] : memref<4xf32>
  }
  func.return
}

// -----

// CHECK-LABEL: @regions_see_what_is_outside_and_not_each_other
// CHECK-NEXT:    %a = arith.muli %x, %x
// CHECK-NEXT:    scf.if
// CHECK-NEXT:      "test.op"(%a)
// CHECK-NEXT:      %c = arith.addi %x, %x
// CHECK-NEXT:      "test.op"(%c)
// CHECK-NEXT:    } else {
// CHECK-NEXT:      %d = arith.addi %x, %x
// CHECK-NEXT:      "test.op"(%d)
func.func @regions_see_what_is_outside_and_not_each_other(%x: i32, %p: i1) {
  %a = arith.muli %x, %x : i32
  scf.if %p {
    %b = arith.muli %x, %x : i32
    "test.op"(%b) : (i32) -> ()
    %c = arith.addi %x, %x : i32
    "test.op"(%c) : (i32) -> ()
  } else {
    %d = arith.addi %x, %x : i32
    "test.op"(%d) : (i32) -> ()
  }
  func.return
}

// -----

// CHECK-LABEL: @one
// CHECK-NEXT:    arith.constant
// CHECK-LABEL: @functions_do_not_share_values
// CHECK-NEXT:    arith.constant
func.func @one() -> i32 {
  %a = arith.constant 1 : i32
  func.return %a : i32
}
func.func @functions_do_not_share_values() -> i32 {
  %a = arith.constant 1 : i32
  func.return %a : i32
}

// -----

// Nothing changes an immutable global, so a store to another one is no reason to read it again.
// CHECK-LABEL: @merges_loads_of_weights_and_their_copies
// CHECK-NEXT:    %w = program.load @weight
// CHECK-NEXT:    %t = edge.permute_copy(%w
// CHECK-NEXT:    program.store %t, @state
// CHECK-NEXT:    %s = program.load @state
// CHECK-NEXT:    func.return %t, %t, %s
program.global parameter @weight : tensor<2x2xf32> = dense<1.0>
program.global mutable buffer @state : tensor<2x2xf32> = dense<0.0>
func.func @merges_loads_of_weights_and_their_copies() -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  %w = program.load @weight : tensor<2x2xf32>
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<2x2xf32>) -> tensor<2x2xf32>
  program.store %t, @state : tensor<2x2xf32>
  %v = program.load @weight : tensor<2x2xf32>
  %u = edge.permute_copy(%v, dims=[1, 0]) : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %s = program.load @state : tensor<2x2xf32>
  func.return %t, %u, %s : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}

// -----

// CHECK-LABEL: @merges_equal_constants
// CHECK-NEXT:    %a = program.constant
// CHECK-NEXT:    %c = program.constant
// CHECK-NEXT:    func.return %a, %a, %c
func.func @merges_equal_constants() -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %a = program.constant dense<1.0> : tensor<f32>
  %b = program.constant dense<1.0> : tensor<f32>
  %c = program.constant dense<2.0> : tensor<f32>
  func.return %a, %b, %c : tensor<f32>, tensor<f32>, tensor<f32>
}
