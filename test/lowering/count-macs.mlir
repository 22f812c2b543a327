// RUN: etc-opt %s -p linalg-to-loops,outline-kernels --split-input-file | filecheck %s

// A product of matrices in a loop of three iterations; the sum of a row multiplies nothing.
// CHECK:       func.func private @linear
// CHECK:       c.macs = 240 : i64
// CHECK:       func.func private @sum
// CHECK-NOT:   c.macs
// CHECK:       func.func @products
// CHECK-SAME:  c.macs = 720 : i64
func.func @products(%a: memref<16x5xf32>, %b: memref<5x3xf32>, %c: memref<16x3xf32>, %s: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  scf.for %i = %c0 to %c3 step %c1 {
    linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"], doc = "edge.linear"} ins(%a, %b : memref<16x5xf32>, memref<5x3xf32>) outs(%c : memref<16x3xf32>) {
    ^bb0(%0: f32, %1: f32, %2: f32):
      %3 = arith.mulf %0, %1 : f32
      %4 = arith.addf %2, %3 : f32
      linalg.yield %4 : f32
    }
    linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"], doc = "edge.sum"} ins(%a : memref<16x5xf32>) outs(%s : memref<16xf32>) {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.addf %0, %1 : f32
      linalg.yield %2 : f32
    }
  }
  func.return
}

// -----

// Sizes that only run time tells: the nest says so, and the method has no total.
// CHECK:       func.func private @linear
// CHECK:       c.macs = -9223372036854775808 : i64
// CHECK:       func.func @dynamic
// CHECK-NOT:   c.macs
func.func @dynamic(%a: memref<?x5xf32>, %b: memref<5x3xf32>, %c: memref<?x3xf32>) {
  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"], doc = "edge.linear"} ins(%a, %b : memref<?x5xf32>, memref<5x3xf32>) outs(%c : memref<?x3xf32>) {
  ^bb0(%0: f32, %1: f32, %2: f32):
    %3 = arith.mulf %0, %1 : f32
    %4 = arith.addf %2, %3 : f32
    linalg.yield %4 : f32
  }
  func.return
}
