// RUN: etc-opt %s -p choose-layouts,dce --split-input-file | filecheck %s
// RUN: etc-opt %s -p 'choose-layouts{vector=1},dce' --split-input-file | filecheck %s --check-prefix=WHOLE
// RUN: etc-opt %s -p 'choose-layouts{integer-vector=4},dce' --split-input-file | filecheck %s --check-prefix=INTEGERS

// The loop over output channels becomes the last dimension of weight and result; what follows goes along, and the
// method's result is written in its own order.
// CHECK-LABEL: @convolution
// CHECK:       %w = program.constant {{.*}} : tensor<2x3x3x8xf32>
// CHECK:       linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, (d2 + d5), (d3 + d6))>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d4, d5, d6, d1)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d2, d3, d1)>]
// CHECK:       -> tensor<1x6x6x8xf32>
// CHECK:       linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>]
// CHECK:       func.return %{{.*}} : tensor<1x8x6x6xf32>
func.func @convolution(%x: tensor<1x2x8x8xf32>) -> tensor<1x8x6x6xf32> attributes {c.inputs = [tensor<1x2x8x8xf32>], c.outputs = [tensor<1x8x6x6xf32>]} {
  %zero = arith.constant 0.0 : f32
  %w = program.constant dense<1.0> : tensor<8x2x3x3xf32>
  %e = tensor.empty() : tensor<1x8x6x6xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(n, o, h, w, c, i, j) -> (n, c, h + i, w + j)>, affine_map<(n, o, h, w, c, i, j) -> (o, c, i, j)>, affine_map<(n, o, h, w, c, i, j) -> (n, o, h, w)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%x, %w : tensor<1x2x8x8xf32>, tensor<8x2x3x3xf32>) outs(%e : tensor<1x8x6x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x8x6x6xf32>
  %f = tensor.empty() : tensor<1x8x6x6xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(n, o, h, w) -> (n, o, h, w)>, affine_map<(n, o, h, w) -> (n, o, h, w)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%y : tensor<1x8x6x6xf32>) outs(%f : tensor<1x8x6x6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.maximumf %a, %zero : f32
    linalg.yield %m : f32
  } -> tensor<1x8x6x6xf32>
  func.return %z : tensor<1x8x6x6xf32>
}

// -----

// A weight wider than a block is stored in panels, and the loop over its columns split in two.
// CHECK-LABEL: @linear
// CHECK:       %w = program.constant {{.*}} : tensor<4x8x16xf32>
// CHECK:       linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2)>, affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, ((d1 * 16) + d3))>], iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
// WHOLE-LABEL: @linear
// WHOLE:       %w = program.constant {{.*}} : tensor<8x64xf32>
func.func @linear(%x: tensor<4x8xf32>, %e: tensor<4x64xf32>) -> tensor<4x64xf32> attributes {c.inputs = [tensor<4x8xf32>, tensor<4x64xf32>], c.outputs = [tensor<4x64xf32>]} {
  %w = program.constant dense<1.0> : tensor<64x8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<4x8xf32>, tensor<64x8xf32>) outs(%e : tensor<4x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  } -> tensor<4x64xf32>
  func.return %y : tensor<4x64xf32>
}

// -----

// An argument keeps its order; a copy of it may have another, when the product is large enough to pay for it.
// CHECK-LABEL: @scores
// CHECK:       %[[K:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1, d0)>]
// CHECK:       -> tensor<8x32xf32>
// CHECK:       linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]
func.func @scores(%q: tensor<32x8xf32>, %k: tensor<32x8xf32>, %e: tensor<32x32xf32>) -> tensor<32x32xf32> attributes {c.inputs = [tensor<32x8xf32>, tensor<32x8xf32>, tensor<32x32xf32>], c.outputs = [tensor<32x32xf32>]} {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q, %k : tensor<32x8xf32>, tensor<32x8xf32>) outs(%e : tensor<32x32xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  } -> tensor<32x32xf32>
  func.return %y : tensor<32x32xf32>
}

// -----

// A reduction without other loops wants nothing.
// CHECK-LABEL: @total
// CHECK:       affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>
func.func @total(%x: tensor<8x8xf32>, %e: tensor<f32>) -> tensor<f32> attributes {c.inputs = [tensor<8x8xf32>, tensor<f32>], c.outputs = [tensor<f32>]} {
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>], iterator_types = ["reduction", "reduction"]} ins(%x : tensor<8x8xf32>) outs(%e : tensor<f32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %b, %a : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  func.return %y : tensor<f32>
}

// -----

// Blocks of integers have a width of their own, and so have the panels.
// INTEGERS-LABEL: @integers
// INTEGERS:       %w = program.constant {{.*}} : tensor<16x8x4xi8>
// INTEGERS:       affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, ((d1 * 4) + d3))>
func.func @integers(%x: tensor<4x8xi8>, %e: tensor<4x64xi32>) -> tensor<4x64xi32> attributes {c.inputs = [tensor<4x8xi8>, tensor<4x64xi32>], c.outputs = [tensor<4x64xi32>]} {
  %w = program.constant dense<1> : tensor<64x8xi8>
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<4x8xi8>, tensor<64x8xi8>) outs(%e : tensor<4x64xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %v = arith.extsi %a : i8 to i32
    %u = arith.extsi %b : i8 to i32
    %m = arith.muli %v, %u : i32
    %s = arith.addi %c, %m : i32
    linalg.yield %s : i32
  } -> tensor<4x64xi32>
  func.return %y : tensor<4x64xi32>
}
