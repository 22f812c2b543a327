// RUN: not etc-opt %s -p 'annotate-quantization{config=int4-weight-g64}' 2>&1 | filecheck %s
// RUN: etc-opt %s -p 'annotate-quantization{config=int4-weight-g64 override="fc1=int8-weight" float="fc2"}' | filecheck %s --check-prefix OTHERS

// CHECK:      net.py:3: edge.linear: groups of 64 weights do not divide its rows
// CHECK-NEXT:   expected: a multiple of 64 input channels
// CHECK-NEXT:   found: 24
// CHECK-NEXT:   next: choose smaller groups, or give this module another config: int8-weight, float
// CHECK:      net.py:4: edge.linear: groups of 64 weights do not divide its rows
// CHECK:        found: 1

// OTHERS:     edge.linear
// OTHERS-SAME: weights = i8 [-127, 127]
// OTHERS:     edge.linear(%y, %v) :
func.func @forward(%x: tensor<2x24xf32>) -> tensor<2x1xf32> {
  %w = program.constant dense<1.0> : tensor<1x24xf32>
  %v = program.constant dense<1.0> : tensor<1x1xf32>
  %y = edge.linear(%x, %w) : (tensor<2x24xf32>, tensor<1x24xf32>) -> tensor<2x1xf32> loc("fc1"("net.py":3:0))
  %z = edge.linear(%y, %v) : (tensor<2x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32> loc("fc2"("net.py":4:0))
  func.return %z : tensor<2x1xf32>
}
