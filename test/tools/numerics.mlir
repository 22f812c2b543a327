// The program is executed before the first pass and after each; the first pass that changes results is named.
// RUN: etc-opt %s -p canonicalize,cse --verify-numerics 2>&1 | filecheck %s --check-prefix=KEEPS
// RUN: not etc-opt %s -p canonicalize,return-first,cse --load %S/inputs/my_passes.py --verify-numerics 2>&1 | filecheck %s --check-prefix=CHANGES

// KEEPS: verify-numerics: 2 passes keep the results of forward (largest difference 0.0e+00)

// CHANGES:      etc-opt: error: pass return-first changes what method forward computes: output 1 differs
// CHANGES-NEXT:   expected: a difference of at most 1e-04 of the largest magnitude
// CHANGES-NEXT:   found: {{[0-9.]+}}
// CHANGES-NEXT:   next: see --print-ir-after-change for what return-first did
func.func @forward(%x: tensor<2x3xf32>, %n: tensor<4xi64>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = aten.relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.neg(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.neg(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0, %2 : tensor<2x3xf32>, tensor<2x3xf32>
}
