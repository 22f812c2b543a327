// RUN: etc-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: invalid.mlir:{{[0-9]+}}:29: aten.softmax.int has no argument `dimm` (did you mean `dim`?); it has: self, dim, dtype
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x, dimm=1) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:29: argument `dim` of aten.softmax.int is missing: expected an integer; its schema is aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:33: expected an integer for argument `dim` of aten.softmax.int
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x, dim=1.5) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:29: aten.softmax.int has no further positional argument; write name=value, as in aten.softmax.int(%self, dim=…, dtype=…)
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x, %x, dim=1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:36: argument `dim` of aten.softmax.int is given twice
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x, dim=1, dim=1) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:38: aten.softmax.int has 1 operands in its arguments, but its type has 2
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x, dim=1) : (tensor<4xf32>, i64) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:38: aten.softmax.int has 1 results, but its type has 2
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmax.int(%x, dim=1) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:17: expected a list of tensors in brackets for argument `tensors` of aten.cat
func.func @f(%x: tensor<4xf32>) {
  %y = aten.cat(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:37: expected integers in brackets for argument `dim` of aten.sum.dim_IntList
func.func @f(%x: tensor<4xf32>) {
  %y = aten.sum.dim_IntList(%x, dim=1) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:32: expected an element type for argument `dtype` of aten.to.dtype; known: ui8, i8, i16, i32, i64, f16, f32, f64, complex<f32>, complex<f64>, i1, bf16, ui16, ui32, ui64
func.func @f(%x: tensor<4xf32>) {
  %y = aten.to.dtype(%x, dtype=tensor<4xf32>) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: there is no operation aten.softmaxx; did you mean aten._softmax?
func.func @f(%x: tensor<4xf32>) {
  %y = aten.softmaxx(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.relu: argument `self`: expected a ranked tensor, found i64
func.func @f(%x: tensor<4xf32>, %n: i64) {
  %y = aten.relu(%n) : (i64) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.view: operand `sym`: expected a size or number (i64, f64 or i1), found f32
func.func @f(%x: tensor<4xf32>, %n: f32) {
  %y = aten.view(%x, size=[%n]) : (tensor<4xf32>, f32) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.softmax.int: argument `dim`: expected an integer, found "a"
func.func @f(%x: tensor<4xf32>) {
  %y = "aten.softmax.int"(%x) <{dim = "a"}> : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.softmax.int: argument `dim` is missing: expected an integer
func.func @f(%x: tensor<4xf32>) {
  %y = "aten.softmax.int"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.softmax.int: the result: expected a ranked tensor, or none for a result that is left out, found i64
func.func @f(%x: tensor<4xf32>) {
  %y = "aten.softmax.int"(%x) <{dim = 1 : i64}> : (tensor<4xf32>) -> i64
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.view: the arguments leave 1 sizes and numbers to operands of `sym`, found 0
func.func @f(%x: tensor<4xf32>) {
  %y = "aten.view"(%x) <{size = #program.dims<[?, 4]>}> : (tensor<4xf32>) -> tensor<?x4xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.index.Tensor: argument `indices`: `indices_mask` says that 2 tensors are given, found 1
func.func @f(%x: tensor<4xf32>, %i: tensor<2xi64>) {
  %y = "aten.index.Tensor"(%x, %i) <{indices_mask = array<i1: true, true>}> : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.cond: argument 0 of the region `else` has type tensor<4xi64>, expected tensor<4xf32>
func.func @f(%p: tensor<i1>, %x: tensor<4xf32>) {
  %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  } else(%a: tensor<4xi64>) {
    aten.yield %a : tensor<4xi64>
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.cond: expected 1 values yielded by the region `else`, found 0
func.func @f(%p: tensor<i1>, %x: tensor<4xf32>) {
  %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  } else(%a: tensor<4xf32>) {
    aten.yield
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.cond: Operation using value defined out of its IsolatedFromAbove parent: YieldOp(aten.yield %x : tensor<4xf32>)
func.func @f(%p: tensor<i1>, %x: tensor<4xf32>) {
  %y = aten.cond(%p, captures=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
    aten.yield %x : tensor<4xf32>
  } else(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:22: aten.cond has no operands `operands`; it has: predicate, captures
func.func @f(%p: tensor<i1>, %x: tensor<4xf32>) {
  %y = aten.cond(%p, operands=[%x]) : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32> then(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  } else(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.while_loop: value 0 yielded by the region `while` has type tensor<4xf32>, expected tensor<i1>
func.func @f(%x: tensor<4xf32>) {
  %y = aten.while_loop(carried=[%x]) : (tensor<4xf32>) -> tensor<4xf32> while(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  } do(%a: tensor<4xf32>) {
    aten.yield %a : tensor<4xf32>
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.map goes along dimension 0, but tensor<f32> has none
func.func @f(%x: tensor<f32>) {
  %y = aten.map(xs=[%x]) : (tensor<f32>) -> tensor<4xf32> do(%a: tensor<f32>) {
    aten.yield %a : tensor<f32>
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:3: aten.scan: expected 2 values yielded by the region `combine`, found 1
func.func @f(%h: tensor<f32>, %x: tensor<4xf32>) {
  %g, %y = aten.scan(init=[%h], xs=[%x]) : (tensor<f32>, tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>) combine(%a: tensor<f32>, %b: tensor<f32>) {
    aten.yield %a : tensor<f32>
  }
  func.return
}

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:19: the custom operator myns::blur cannot be represented: a result has type Tensorr
program.custom_op "myns::blur(Tensor x) -> Tensorr"

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:19: the schema of a custom operator cannot be read: not an operator schema `namespace::name(arguments) -> results`: not a schema
program.custom_op "not a schema"

// -----

// CHECK: invalid.mlir:{{[0-9]+}}:19: two operators have the name myns.blur: myns::blur(Tensor x) -> Tensor and myns::blur(Tensor x, int n) -> Tensor
program.custom_op "myns::blur(Tensor x) -> Tensor"
program.custom_op "myns::blur(Tensor x, int n) -> Tensor"
