// RUN: etc-opt %s -p linalg-to-loops --split-input-file | filecheck %s
// RUN: etc-opt %s -p 'linalg-to-loops{vector=1 rows=2}' --split-input-file | filecheck %s --check-prefix=SCALAR
// RUN: etc-opt %s -p 'linalg-to-loops{vector=1 integer-vector=2 unroll=4}' --split-input-file | filecheck %s --check-prefix=REGISTERS

// An element is loaded where its position is known; the sum is in a scalar.
// CHECK-LABEL: @plain
// CHECK:       %[[N:.*]] = memref.dim %y, %{{.*}} : memref<?xf32>
// CHECK:       scf.for %d0 =
// CHECK-NEXT:    %[[A:.*]] = memref.load %w[%d0]
// CHECK-NEXT:    %[[FIRST:.*]] = memref.load %y[%d0]
// CHECK-NEXT:    %[[SUM:.*]] = scf.for %d1 = {{.*}} iter_args(%[[TOTAL:.*]] = %[[FIRST]]) -> (f32) {
// CHECK-NEXT:      %[[B:.*]] = memref.load %x[%d0, %d1]
// CHECK-NEXT:      %{{.*}} = arith.mulf %[[A]], %[[B]]
// CHECK:         memref.store %[[SUM]], %y[%d0]
// CHECK-NEXT:  } {c.doc = "edge.linear"
func.func @plain(%w: memref<?xf32>, %x: memref<?x8xf32>, %y: memref<?xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, k) -> (m)>, affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"], doc = "edge.linear"} ins(%w, %x : memref<?xf32>, memref<?x8xf32>) outs(%y : memref<?xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  }
  func.return
}

// -----

// A buffer that only tells the shape of a window goes away.
// CHECK-LABEL: @window
// CHECK-NOT:   memref.alloc
func.func @window(%x: memref<9xf32>, %y: memref<7xf32>) {
  %shape = memref.alloc() : memref<3xi8>
  linalg.generic {indexing_maps = [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x, %shape : memref<9xf32>, memref<3xi8>) outs(%y : memref<7xf32>) {
  ^bb0(%a: f32, %b: i8, %c: f32):
    %s = arith.addf %c, %a : f32
    linalg.yield %s : f32
  }
  func.return
}

// -----

// Blocks of 4 x 16 sums in arrays; the element of %w serves four rows. First value and consumer are in the same loops, and
// the buffer between them is gone. The fifth row is the last of a block that overlaps the first.
// CHECK-LABEL: @product
// CHECK-NOT:   memref.alloc()
// CHECK:       scf.for %d1 = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK-COUNT-5: memref.alloca() : memref<16xf32>
// CHECK:         scf.for %v =
// CHECK:           memref.load %bias
// CHECK:         scf.for %d2 =
// CHECK-COUNT-5:   memref.load %x[
// CHECK:           scf.for %v
// CHECK:             memref.load %w[
// CHECK-NOT:         memref.load %w[
// CHECK:         scf.for %v
// CHECK:           arith.maximumf
// CHECK:           memref.store %{{.*}}, %y[
// SCALAR-LABEL: @product
// SCALAR:      scf.for %{{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) -> (f32, f32) {
func.func @product(%x: memref<5x8xf32>, %w: memref<8x32xf32>, %bias: memref<32xf32>, %y: memref<5x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %t = memref.alloc() : memref<5x32xf32>
  linalg.generic {indexing_maps = [affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]} ins(%bias : memref<32xf32>) outs(%t : memref<5x32xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<5x8xf32>, memref<8x32xf32>) outs(%t : memref<5x32xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]} ins(%t : memref<5x32xf32>) outs(%y : memref<5x32xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  }
  func.return
}

// -----

// A buffer that somebody reads later is written; a result that is overwritten in between is no consumer's.
// CHECK-LABEL: @read_again
// CHECK:       memref.alloc()
func.func @read_again(%x: memref<5x8xf32>, %y: memref<5xf32>, %z: memref<5xf32>) {
  %zero = arith.constant 0.0 : f32
  %t = memref.alloc() : memref<5xf32>
  linalg.generic {indexing_maps = [affine_map<(m) -> (m)>], iterator_types = ["parallel"]} outs(%t : memref<5xf32>) {
  ^bb0(%b: f32):
    linalg.yield %zero : f32
  }
  linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>], iterator_types = ["parallel", "reduction"]} ins(%x : memref<5x8xf32>) outs(%t : memref<5xf32>) {
  ^bb0(%a: f32, %c: f32):
    %s = arith.addf %c, %a : f32
    linalg.yield %s : f32
  }
  linalg.generic {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>], iterator_types = ["parallel"]} ins(%t : memref<5xf32>) outs(%y : memref<5xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  }
  linalg.generic {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>], iterator_types = ["parallel"]} ins(%t : memref<5xf32>) outs(%z : memref<5xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.minimumf %a, %zero : f32
    linalg.yield %m : f32
  }
  func.return
}

// -----

// Sums of integers: 2 x 2 at most, each in a register; three of six products are added in one iteration, and an element
// serves the two sums that it is in.
// REGISTERS-LABEL: @integers
// REGISTERS-NOT:   memref.alloca
// REGISTERS:       scf.for %d2 = {{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) -> (i32, i32, i32, i32) {
// REGISTERS-COUNT-12: memref.load
// REGISTERS-NOT:     memref.load
// REGISTERS:         scf.yield
func.func @integers(%x: memref<4x6xi8>, %w: memref<6x8xi8>, %y: memref<4x8xi32>) {
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : memref<4x6xi8>, memref<6x8xi8>) outs(%y : memref<4x8xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %v = arith.extsi %a : i8 to i32
    %u = arith.extsi %b : i8 to i32
    %m = arith.muli %v, %u : i32
    %s = arith.addi %c, %m : i32
    linalg.yield %s : i32
  }
  func.return
}
