// RUN: etc-opt %s -p fold-padding,dce --split-input-file | filecheck %s
// RUN: etc-opt %s -p fold-padding --split-input-file --explain 2>&1 | filecheck %s --check-prefix=WHY

// CHECK-LABEL: @zeros_add_nothing_to_products
// CHECK-NOT:   tensor.pad
// CHECK:       tensor.cast %x {loops.padded} : tensor<1x8x8xf32> to tensor<1x?x?xf32>
// CHECK-NEXT:  linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d0, (((d1 * 2) + d3) + -1), ((d2 + (d4 * 2)) + -2))>
func.func @zeros_add_nothing_to_products(%x: tensor<1x8x8xf32>, %w: tensor<3x3xf32>, %e: tensor<1x4x8xf32>) -> tensor<1x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 2] high[0, 1, 2] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8xf32> to tensor<1x10x12xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(n, h, w, i, j) -> (n, h * 2 + i, w + j * 2)>, affine_map<(n, h, w, i, j) -> (i, j)>, affine_map<(n, h, w, i, j) -> (n, h, w)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%p, %w : tensor<1x10x12xf32>, tensor<3x3xf32>) outs(%e : tensor<1x4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %total: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %total, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x4x8xf32>
  func.return %y : tensor<1x4x8xf32>
}

// -----

// CHECK-LABEL: @zero_points_add_nothing
// CHECK-NOT:   tensor.pad
func.func @zero_points_add_nothing(%x: tensor<8xi8>, %w: tensor<3xi8>, %e: tensor<8xi32>) -> tensor<8xi32> {
  %point = arith.constant 7 : i8
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %point : i8
  } : tensor<8xi8> to tensor<10xi8>
  %y = linalg.generic {indexing_maps = [affine_map<(w, j) -> (w + j)>, affine_map<(w, j) -> (j)>, affine_map<(w, j) -> (w)>], iterator_types = ["parallel", "reduction"]} ins(%p, %w : tensor<10xi8>, tensor<3xi8>) outs(%e : tensor<8xi32>) {
  ^bb0(%a: i8, %b: i8, %total: i32):
    %zero_point = arith.constant 7 : i32
    %wide = arith.extsi %a : i8 to i32
    %moved = arith.subi %wide, %zero_point : i32
    %weight = arith.extsi %b : i8 to i32
    %m = arith.muli %moved, %weight : i32
    %s = arith.addi %total, %m : i32
    linalg.yield %s : i32
  } -> tensor<8xi32>
  func.return %y : tensor<8xi32>
}

// -----

// CHECK-LABEL: @the_lowest_number_is_no_maximum
// CHECK-NOT:   tensor.pad
func.func @the_lowest_number_is_no_maximum(%x: tensor<8xf32>, %w: tensor<3xi8>, %e: tensor<8xf32>) -> tensor<8xf32> {
  %low = arith.constant 0xFF800000 : f32
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %low : f32
  } : tensor<8xf32> to tensor<10xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(w, j) -> (w + j)>, affine_map<(w, j) -> (j)>, affine_map<(w, j) -> (w)>], iterator_types = ["parallel", "reduction"]} ins(%p, %w : tensor<10xf32>, tensor<3xi8>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: f32, %b: i8, %most: f32):
    %m = arith.maximumf %a, %most : f32
    linalg.yield %m : f32
  } -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}

// -----

// CHECK-LABEL: @zeros_count_in_a_maximum
// CHECK:       tensor.pad
// WHY: its padding is written out: it counts in what is computed
func.func @zeros_count_in_a_maximum(%x: tensor<8xf32>, %w: tensor<3xi8>, %e: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<8xf32> to tensor<10xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(w, j) -> (w + j)>, affine_map<(w, j) -> (j)>, affine_map<(w, j) -> (w)>], iterator_types = ["parallel", "reduction"]} ins(%p, %w : tensor<10xf32>, tensor<3xi8>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: f32, %b: i8, %most: f32):
    %m = arith.maximumf %a, %most : f32
    linalg.yield %m : f32
  } -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}

// -----

// CHECK-LABEL: @a_copy_needs_the_padding
// CHECK:       tensor.pad
// WHY: its padding is written out: it is not a window of one loop that reads it
func.func @a_copy_needs_the_padding(%x: tensor<8xf32>, %e: tensor<10xf32>) -> tensor<10xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<8xf32> to tensor<10xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(w) -> (w)>, affine_map<(w) -> (w)>], iterator_types = ["parallel"]} ins(%p : tensor<10xf32>) outs(%e : tensor<10xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<10xf32>
  func.return %y : tensor<10xf32>
}
