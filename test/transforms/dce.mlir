// RUN: etc-opt %s -p dce --split-input-file | filecheck %s

// CHECK-LABEL: @erases_chains_without_users
// CHECK-NEXT:    %used = arith.muli %x, %x : i32
// CHECK-NEXT:    func.return %used : i32
func.func @erases_chains_without_users(%x: i32) -> i32 {
  %used = arith.muli %x, %x : i32
  %a = arith.addi %used, %x : i32
  %b = arith.addi %a, %a : i32
  func.return %used : i32
}

// -----

// CHECK-LABEL: @keeps_effects
// CHECK-NEXT:    memref.store
// CHECK-NEXT:    "test.op"() : () -> ()
// CHECK-NEXT:    scf.if
func.func @keeps_effects(%m: memref<4xf32>, %i: index, %v: f32, %c: i1) {
  %unread = memref.load %m[%i] : memref<4xf32>
  memref.store %v, %m[%i] : memref<4xf32>
  "test.op"() : () -> ()
  scf.if %c {
    memref.store %v, %m[%i] : memref<4xf32>
  }
  func.return
}
