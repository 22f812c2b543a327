// RUN: etc-opt %s | etc-opt | filecheck %s
// RUN: etc-opt %s --print-op-generic | etc-opt | filecheck %s

// CHECK-LABEL: @sizes
// CHECK-NEXT:    program.guard size(%x, 0) >= 2, "input 0 (x): dimension 0 must be at least 2 (Dim s0)" : tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
// CHECK-NEXT:    program.guard size(%x, 1) == 4, "input 0 (x): dimension 1 must be 4" : tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
// CHECK-NEXT:    program.guard s0 == 3 or mod(s0, 2) == 0, "three, or even"
// CHECK-NEXT:    program.guard s0 - 7 <> 0, "not seven"
// CHECK-NEXT:    program.symbol u0 = %k : tensor<i64>
// CHECK-NEXT:    program.guard u0 <= s0, "at most as many as there are"
// CHECK-NEXT:    %[[N:.*]] = program.size s0*2 + 1 : i64
// CHECK-NEXT:    func.return %[[N]] : i64
func.func @sizes(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>, %k: tensor<i64>) -> i64 {
  program.guard size(%x, 0) >= 2, "input 0 (x): dimension 0 must be at least 2 (Dim s0)" : tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  program.guard size(%x, 1) == 4, "input 0 (x): dimension 1 must be 4" : tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  program.guard s0 == 3 or mod(s0, 2) == 0, "three, or even"
  program.guard s0 - 7 <> 0, "not seven"
  program.symbol u0 = %k : tensor<i64>
  program.guard u0 <= s0, "at most as many as there are"
  %n = program.size s0*2 + 1 : i64
  func.return %n : i64
}
