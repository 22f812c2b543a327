// RUN: etc-opt %s -p plan-arena --split-input-file | filecheck %s
// RUN: etc-opt %s -p 'plan-arena{pools="sram=64","psram=4096"}' --split-input-file | filecheck %s --check-prefix=POOLS
// RUN: not etc-opt %s -p 'plan-arena{pools="sram=16","psram=200"}' --split-input-file 2>&1 | filecheck %s --check-prefix=FULL
// RUN: etc-opt %s -p plan-arena{alignment=4} --split-input-file | filecheck %s --check-prefix=TIGHT

// What is dead gives its bytes to what comes later; an allocation that nothing uses takes none.
// CHECK-LABEL: @shares
// CHECK-SAME:  %arena: memref<32xi8>) attributes {c.pools = ["arena"]}
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

// -----

// What loops touch most often per byte lies in the first pool; all methods take all pools.
// POOLS-LABEL: @busy
// POOLS-SAME:  %x: memref<4xf32>, %sram: memref<64xi8>, %psram: memref<256xi8>) attributes {c.pools = ["sram", "psram"]}
// POOLS-DAG:   %hot = memref.view %sram
// POOLS-DAG:   %cold = memref.view %psram
// POOLS-LABEL: @idle
// POOLS-SAME:  %sram: memref<0xi8>, %psram: memref<0xi8>)
// FULL:        the memory of method busy does not fit into its pools: psram has to hold 320 B
// FULL-NEXT:     expected: at most 200 B
// FULL-NEXT:     found: live at once: 256 B at net.py:3; 64 B at net.py:4
// FULL-NEXT:     next: make these smaller, or give a pool more bytes with --pool
func.func @busy(%x: memref<4xf32>) {
  %cold = memref.alloc() : memref<64xf32> loc("net.py":3:1)
  %hot = memref.alloc() : memref<16xf32> loc("net.py":4:1)
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  func.call @once(%cold) : (memref<64xf32>) -> ()
  scf.for %i = %c0 to %c16 step %c1 {
    func.call @often(%hot) : (memref<16xf32>) -> ()
  }
  func.call @once(%cold) : (memref<64xf32>) -> ()
  func.return
}
func.func @idle() {
  func.return
}
func.func private @once(%a: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %v = memref.load %a[%c0] : memref<64xf32>
  func.return
}
func.func private @often(%a: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %v = memref.load %a[%c0] : memref<16xf32>
  memref.store %v, %a[%c0] : memref<16xf32>
  func.return
}
