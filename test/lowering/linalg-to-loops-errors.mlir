// RUN: not etc-opt %s -p linalg-to-loops 2>&1 | filecheck %s
// RUN: not etc-opt %s -p 'linalg-to-loops{rows=0}' 2>&1 | filecheck %s --check-prefix=ROWS

// CHECK:      error: {{.*}}linalg.generic: its operands are tensors
// CHECK-NEXT:   next: run bufferize
// ROWS:       error: a block has at least 1 element each way: rows
// ROWS-NEXT:    found: 0
func.func @tensors(%x: tensor<4xf32>, %e: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}
