// RUN: etc-opt %s -p guard-inputs --split-input-file | filecheck %s

// CHECK-LABEL: @every_kind
// CHECK-NEXT:    program.guard size(%x, 0) >= 2, "input 0 (x): dimension 0 must be at least 2 (Dim length)"
// CHECK-NEXT:    program.guard size(%x, 0) <= 8, "input 0 (x): dimension 0 must be at most 8 (Dim length)"
// CHECK-NEXT:    program.guard size(%x, 1) == 4, "input 0 (x): dimension 1 must be 4"
// CHECK-NEXT:    program.guard size(%y, 0) == length*2 + 1, "input 1 (y): dimension 0 must be length*2 + 1, where length is dimension 0 of input 0 (x)"
// CHECK-NEXT:    func.return
func.func @every_kind(%x: tensor<?x4xf32, #edge.layout<sizes = [length, 4]>>, %y: tensor<?xf32, #edge.layout<sizes = [length*2 + 1]>>, %z: tensor<7xf32>) attributes {program.symbols = #program.symbols<length = [2, 8]>} {
  func.return
}

// -----

// CHECK-LABEL: @equal
// CHECK-NEXT:    program.guard size(%x, 0) <= 8, "input 0 (x): dimension 0 must be at most 8"
// CHECK-NEXT:    program.guard size(%y, 0) == s0, "input 1 (y): dimension 0 must be s0, where s0 is dimension 0 of input 0 (x)"
// CHECK-NEXT:    func.return
func.func @equal(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>, %y: tensor<?xf32, #edge.layout<sizes = [s0]>>) attributes {program.symbols = #program.symbols<s0 = [0, 8]>} {
  func.return
}

// -----

// A later input tells the symbol that an earlier one only derives from it.
// CHECK-LABEL: @later
// CHECK-NEXT:    program.guard size(%x, 0) == s0 + 1, "input 0 (x): dimension 0 must be s0 + 1, where s0 is dimension 0 of input 1 (y)"
// CHECK-NEXT:    func.return
func.func @later(%x: tensor<?xf32, #edge.layout<sizes = [s0 + 1]>>, %y: tensor<?xf32, #edge.layout<sizes = [s0]>>) attributes {program.symbols = #program.symbols<s0 = [0, inf]>} {
  func.return
}

// -----

// CHECK-LABEL: @divisible
// CHECK-NEXT:    program.guard size(%x, 0) >= 4, "input 0 (x): dimension 0 must be at least 4 (Dim blocks)"
// CHECK-NEXT:    program.guard size(%x, 0) <= 40, "input 0 (x): dimension 0 must be at most 40 (Dim blocks)"
// CHECK-NEXT:    program.guard size(%x, 0) == blocks*4, "input 0 (x): dimension 0 must be blocks*4, where blocks is a whole number"
// CHECK-NEXT:    func.return
func.func @divisible(%x: tensor<?xf32, #edge.layout<sizes = [blocks*4]>>) attributes {program.symbols = #program.symbols<blocks = [1, 10]>} {
  func.return
}

// -----

// What holds for all sizes in the ranges needs no check.
// CHECK-LABEL: @superfluous
// CHECK-NEXT:    program.guard size(%x, 0) >= 2
// CHECK-NEXT:    program.guard size(%x, 0) <= 8
// CHECK-NEXT:    program.guard s0 <> 5, "kept"
// CHECK-NEXT:    program.guard mod(s0, 2) == 0 or s0 == 3, "kept"
// CHECK-NEXT:    func.return
func.func @superfluous(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>) attributes {program.symbols = #program.symbols<s0 = [2, 8]>} {
  program.guard s0 <> 9, "dropped"
  program.guard s0 <> 5, "kept"
  program.guard s0 - floordiv(s0, 2) >= 1, "dropped"
  program.guard mod(s0, 2) == 0 or s0 == 3, "kept"
  program.guard s0 == 1 or s0 < 9, "dropped"
  func.return
}

// -----

// CHECK-LABEL: @static
// CHECK-NEXT:    func.return
func.func @static(%x: tensor<4xf32>) {
  func.return
}

// -----

// CHECK-LABEL: @read
// CHECK-NEXT:    program.symbol u0 = %k : tensor<i64>
// CHECK-NEXT:    program.guard u0 <= 4, "the number u0 that the model reads from data must be at most 4"
// CHECK-NEXT:    program.guard u0 >= 1, "the number u0 that the model reads from data must be at least 1"
// CHECK-NEXT:    func.return
func.func @read(%k: tensor<i64>) attributes {program.symbols = #program.symbols<u0 = [1, 4]>} {
  program.symbol u0 = %k : tensor<i64>
  program.guard u0 <= 4, "dropped"
  func.return
}
