// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

func.func @two_numbers(%k: tensor<2xi64>) {
  // CHECK: the value of u0 must be one integer, found tensor<2xi64>
  program.symbol u0 = %k : tensor<2xi64>
  func.return
}

// -----

func.func @no_integer(%k: tensor<f32>) {
  // CHECK: the value of u0 must be one integer, found tensor<f32>
  program.symbol u0 = %k : tensor<f32>
  func.return
}

// -----

func.func @no_such_dimension(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>) {
  // CHECK: dimension 1 is out of range for a tensor of rank 1
  program.guard size(%x, 1) == 4, "…" : tensor<?xf32, #edge.layout<sizes = [s0]>>
  func.return
}

// -----

func.func @no_relation() {
  // CHECK: expected one of == <> <= < >= >
  program.guard s0, "…"
  func.return
}

// -----

func.func @measured_without_operand() {
  // CHECK: a guard measures a dimension of its operand, or has no operand
  "program.guard"() <{dimension = 0 : i64, condition = #program.condition<s0 == 1>, message = "…"}> : () -> ()
  func.return
}
