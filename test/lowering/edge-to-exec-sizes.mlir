// RUN: etc-opt %s -p edge-to-exec --split-input-file | filecheck %s

// Where no condition holds, a kernel gets an argument that it refuses: the message.
// CHECK-LABEL: @measured
// CHECK:         %[[M:[0-9]+]] = exec.string "at most 8"
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "aten::sym_size.int"(%x, %{{.*}}, %s0)
// CHECK-NEXT:      exec.kernel "executorch_prim::le.Scalar"(%s0, %{{.*}}, %holds)
// CHECK-NEXT:      exec.jump_false %holds to 4
// CHECK-NEXT:      exec.jump_false %{{.*}} to 5
// CHECK-NEXT:      exec.kernel "aten::gelu.out"(%scratch, %[[M]], %scratch, %scratch)
// CHECK-NEXT:    }
func.func @measured(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>) attributes {program.symbols = #program.symbols<s0 = [0, 8]>} {
  program.guard size(%x, 0) <= 8, "at most 8" : tensor<?xf32, #edge.layout<sizes = [s0]>>
  func.return
}

// -----

// There is no comparison for unequal; the last condition decides.
// CHECK-LABEL: @either
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "aten::sym_size.int"(%x, %{{.*}}, %s0)
// CHECK-NEXT:      exec.kernel "executorch_prim::mod.Scalar"(%s0, %{{.*}}, %[[R:[0-9]+]])
// CHECK-NEXT:      exec.kernel "executorch_prim::eq.Scalar"(%[[R]], %{{.*}}, %holds)
// CHECK-NEXT:      exec.jump_false %holds to 5
// CHECK-NEXT:      exec.jump_false %{{.*}} to 8
// CHECK-NEXT:      exec.kernel "executorch_prim::eq.Scalar"(%s0, %{{.*}}, %holds)
// CHECK-NEXT:      exec.jump_false %holds to 8
// CHECK-NEXT:      exec.kernel "aten::gelu.out"
// CHECK-NEXT:    }
func.func @either(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>) attributes {program.symbols = #program.symbols<s0 = [0, 8]>} {
  program.guard mod(s0, 2) == 0 or s0 <> 5, "even, or not five"
  func.return
}

// -----

// A symbol that stands nowhere alone is solved for; sizes are results.
// CHECK-LABEL: @solved
// CHECK:         exec.outputs(%[[N:[0-9]+]], %[[C:[0-9]+]])
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "aten::sym_size.int"(%x, %{{.*}}, %[[S:[0-9]+]])
// CHECK-NEXT:      exec.kernel "executorch_prim::floordiv.Scalar"(%[[S]], %{{.*}}, %[[N]])
// CHECK-NEXT:    }
func.func @solved(%x: tensor<?xf32, #edge.layout<sizes = [s0*2]>>) -> (i64, i64) attributes {program.symbols = #program.symbols<s0 = [0, 8]>} {
  %n = program.size s0 : i64
  %c = program.size 7 : i64
  func.return %n, %c : i64, i64
}

// -----

// CHECK-LABEL: @read
// CHECK:         %y = exec.tensor f32 [4] dynamism bound
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "aten::_local_scalar_dense"(%k, %u0)
// CHECK-NEXT:      exec.kernel "aten::slice_copy.Tensor_out"(%x, %{{.*}}, %{{.*}}, %u0, %{{.*}}, %y, %y)
// CHECK-NEXT:    }
func.func @read(%x: tensor<8xf32>, %k: tensor<i64>) -> tensor<?xf32, #edge.layout<sizes = [u0]>> attributes {program.symbols = #program.symbols<u0 = [0, 4]>} {
  program.symbol u0 = %k : tensor<i64>
  %y = edge.slice_copy(%x, end=u0) : (tensor<8xf32>) -> tensor<?xf32, #edge.layout<sizes = [u0]>>
  func.return %y : tensor<?xf32, #edge.layout<sizes = [u0]>>
}

// -----

// A reshape of sizes that change is a handle made anew in each call; what is returned has bytes of its own.
// CHECK-LABEL: @reshaped
// CHECK:         exec.chain {
// CHECK:           exec.kernel "executorch_prim::et_view.default"(%a, %{{.*}}, %v)
// CHECK-NEXT:      exec.kernel "aten::relu.out"(%v, %b, %b)
// CHECK-NEXT:      exec.kernel "aten::view_copy.out"(%b, %{{.*}}, %w, %w)
// CHECK-NEXT:    }
func.func @reshaped(%x: tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?xf32, #edge.layout<sizes = [s0*6]>> attributes {program.symbols = #program.symbols<s0 = [0, 8]>} {
  %a = edge.relu(%x) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
  %v = edge.view_copy(%a, size=[s0*3, 2]) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x2xf32, #edge.layout<sizes = [s0*3, 2]>>
  %b = edge.relu(%v) : (tensor<?x2xf32, #edge.layout<sizes = [s0*3, 2]>>) -> tensor<?x2xf32, #edge.layout<sizes = [s0*3, 2]>>
  %w = edge.view_copy(%b, size=[-1]) : (tensor<?x2xf32, #edge.layout<sizes = [s0*3, 2]>>) -> tensor<?xf32, #edge.layout<sizes = [s0*6]>>
  func.return %w : tensor<?xf32, #edge.layout<sizes = [s0*6]>>
}
