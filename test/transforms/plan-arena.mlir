// RUN: etc-opt %s -p plan-arena --split-input-file | filecheck %s
// RUN: etc-opt %s -p plan-arena{alignment=4} --split-input-file | filecheck %s --check-prefix=TIGHT

// What is dead gives its bytes to what comes later; an allocation that nothing uses takes none.
// CHECK-LABEL: @shares
// CHECK-SAME:  %arena: memref<32xi8>) attributes {c.arena = 32 : i64}
// CHECK-DAG:   %a = memref.view %arena
// CHECK-NOT:   memref.alloc
// TIGHT-LABEL: @shares
// TIGHT-SAME:  %arena: memref<24xi8>
func.func @shares(%x: memref<3xf32>) {
  %a = memref.alloc() : memref<3xf32>
  %b = memref.alloc() : memref<3xf32>
  %c = memref.alloc() : memref<3xf32>
  %unused = memref.alloc() : memref<99xf32>
  func.call @copy(%x, %a) : (memref<3xf32>, memref<3xf32>) -> ()
  func.call @copy(%a, %b) : (memref<3xf32>, memref<3xf32>) -> ()
  func.call @copy(%b, %c) : (memref<3xf32>, memref<3xf32>) -> ()
  func.call @copy(%b, %c) : (memref<3xf32>, memref<3xf32>) -> ()
  func.call @copy(%c, %x) : (memref<3xf32>, memref<3xf32>) -> ()
  func.return
}
func.func private @copy(%x: memref<3xf32>, %y: memref<3xf32>) {
  func.return
}

// -----

// Memory of a size known at run time only is planned at its largest; a view keeps what it is a view of.
// CHECK-LABEL: @dynamic
// CHECK-SAME:  %arena: memref<160xi8>
// CHECK:       memref.view %arena[%{{.*}}][%n] {c.max_elements = 32 : i64} : memref<160xi8> to memref<?xf32>
func.func @dynamic(%x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %a = memref.alloc(%n) {c.max_elements = 32 : i64} : memref<?xf32>
  %v = memref.subview %a[0] [4] [1] : memref<?xf32> to memref<4xf32>
  func.call @use(%a) : (memref<?xf32>) -> ()
  %b = memref.alloc() : memref<8xf32>
  func.call @use8(%b) : (memref<8xf32>) -> ()
  func.call @use4(%v) : (memref<4xf32>) -> ()
  func.return
}
func.func private @use(%a: memref<?xf32>) {
  func.return
}
func.func private @use8(%a: memref<8xf32>) {
  func.return
}
func.func private @use4(%a: memref<4xf32>) {
  func.return
}
