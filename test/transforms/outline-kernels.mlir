// RUN: etc-opt %s -p outline-kernels --split-input-file | filecheck %s

// Two loops that do the same on other memory are one function, whatever its name; constants move into it.
// CHECK:       func.func private @relu(%x: memref<8xf32>, %y: memref<8xf32>) attributes {c.doc = "edge.relu"} {
// CHECK:         arith.constant 8 : index
// CHECK:         scf.for
// CHECK:         memref.store {{.*}}, %y
// CHECK:         func.return
// CHECK:       func.func @forward
// CHECK-NOT:     scf.for
// CHECK:         func.call @relu(%x, %y)
// CHECK-NEXT:    func.call @relu(%y, %z.b)
func.func @forward(%x: memref<8xf32>, %y: memref<8xf32>, %z.b: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %f0 = arith.constant 0.0 : f32
  scf.for %i = %c0 to %c8 step %c1 {
    %a = memref.load %x[%i] : memref<8xf32>
    %m = arith.maximumf %a, %f0 : f32
    memref.store %m, %y[%i] : memref<8xf32>
  } {c.doc = "edge.relu"} loc("model.py":3:0)
  scf.for %i = %c0 to %c8 step %c1 {
    %a = memref.load %y[%i] : memref<8xf32>
    %m = arith.maximumf %a, %f0 : f32
    memref.store %m, %z.b[%i] : memref<8xf32>
  } {c.doc = "edge.relu"} loc("model.py":4:0)
  func.return
}

// -----

// Loops that follow each other and come from one line are one function, with the small memory between them.
// CHECK:       func.func private @softmax(%x: memref<8xf32>, %s: memref<8xf32>, %y: memref<8xf32>, %t: memref<8xf32>)
// CHECK-COUNT-2: scf.for
// CHECK:       func.func @forward
// CHECK:         memref.alloc
// CHECK:         func.call @softmax
// CHECK-NOT:     func.call
// CHECK:         func.return
func.func @forward(%x: memref<8xf32>, %y: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %s = memref.alloc() : memref<8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %a = memref.load %x[%i] : memref<8xf32>
    memref.store %a, %s[%i] : memref<8xf32>
  } {c.doc = "edge.softmax"}
  %t = memref.alloc() : memref<8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %a = memref.load %s[%i] : memref<8xf32>
    memref.store %a, %y[%i] : memref<8xf32>
    memref.store %a, %t[%i] : memref<8xf32>
  } {c.doc = "edge.softmax"}
  func.return
}

// -----

// A loop of the model stays; what it does in each round is a function.
// CHECK:       func.func private @exp
// CHECK:       func.func @forward
// CHECK:         scf.for
// CHECK:           func.call @exp
func.func @forward(%x: memref<8xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %k = %c0 to %n step %c1 {
    scf.for %i = %c0 to %c8 step %c1 {
      %a = memref.load %x[%i] : memref<8xf32>
      %e = math.exp %a : f32
      memref.store %e, %x[%i] : memref<8xf32>
    } {c.doc = "edge.exp"}
  } {c.doc = "edge.while_loop"}
  func.return
}

// -----

// A sum goes into a function with what is done to it, if it leaves in memory; what else needs its value keeps it here.
// CHECK:       func.func private @mean(%x: memref<8xf32>, %y: memref<f32>)
// CHECK:         scf.for
// CHECK:         arith.divf
// CHECK:         memref.store
// CHECK:       func.func @forward
// CHECK:         func.call @mean(%x, %y)
// CHECK-NOT:     arith.divf
// CHECK:         [[KEPT:%.*]] = scf.for
// CHECK:         memref.store [[KEPT]], %z[] : memref<f32>
// CHECK:         func.call @relu
// CHECK:         func.call @other([[KEPT]])
func.func @forward(%x: memref<8xf32>, %y: memref<f32>, %z: memref<f32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %f0 = arith.constant 0.0 : f32
  %f8 = arith.constant 8.0 : f32
  %sum = scf.for %i = %c0 to %c8 step %c1 iter_args(%s = %f0) -> (f32) {
    %a = memref.load %x[%i] : memref<8xf32>
    %t = arith.addf %s, %a : f32
    scf.yield %t : f32
  } {c.doc = "edge.mean"}
  %mean = arith.divf %sum, %f8 : f32
  memref.store %mean, %y[] : memref<f32>
  %kept = scf.for %i = %c0 to %c8 step %c1 iter_args(%s = %f0) -> (f32) {
    %a = memref.load %x[%i] : memref<8xf32>
    %t = arith.addf %s, %a : f32
    scf.yield %t : f32
  } {c.doc = "edge.sum"}
  memref.store %kept, %z[] : memref<f32>
  scf.for %i = %c0 to %c8 step %c1 {
    %a = memref.load %x[%i] : memref<8xf32>
    %m = arith.maximumf %a, %f0 : f32
    memref.store %m, %x[%i] : memref<8xf32>
  } {c.doc = "edge.relu"}
  func.call @other(%kept) : (f32) -> ()
  func.return
}
func.func private @other(%v: f32) {
  func.return
}
