// RUN: etc-opt %s -p edge-to-exec --split-input-file --verify-diagnostics | filecheck %s

// Branches leave their results in one tensor: computed there, or copied there.
// CHECK-LABEL: exec.plan @cond
// CHECK:         %[[NEVER:[a-z0-9_]+]] = exec.bool false
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.jump_false %p to 3
// CHECK-NEXT:      exec.kernel "aten::relu.out"(%x, %y, %y)
// CHECK-NEXT:      exec.jump_false %[[NEVER]] to 4
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%x, %[[NEVER]], {{.*}}, %y, %y)
// CHECK-NEXT:    }
func.func @cond(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
    %b = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
    edge.yield %b : tensor<4xf32>
  } else {
    edge.yield %x : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// -----

// Values that change places go through copies of both.
// CHECK-LABEL: exec.plan @swap
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%x, {{.*}}, %g, %g)
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%y, {{.*}}, %h, %h)
// CHECK-NEXT:      exec.kernel "aten::any.dims_out"(%g, {{.*}}, %[[P:[a-z0-9_]+]], %[[P]])
// CHECK-NEXT:      exec.jump_false %[[P]] to 9
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%h, {{.*}}, %[[A:[a-z0-9_]+]], %[[A]])
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%g, {{.*}}, %[[B:[a-z0-9_]+]], %[[B]])
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%[[A]], {{.*}}, %g, %g)
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%[[B]], {{.*}}, %h, %h)
// CHECK-NEXT:      exec.jump_false {{.*}} to 2
// CHECK-NEXT:    }
func.func @swap(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %g, %h = edge.while_loop(carried=[%x, %y]) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  while(%a: tensor<4xf32>, %b: tensor<4xf32>) {
    %p = edge.any(%a) : (tensor<4xf32>) -> tensor<i1>
    edge.yield %p : tensor<i1>
  } do(%a: tensor<4xf32>, %b: tensor<4xf32>) {
    edge.yield %b, %a : tensor<4xf32>, tensor<4xf32>
  }
  func.return %g, %h : tensor<4xf32>, tensor<4xf32>
}

// -----

// A carried value is computed in place where nothing else reads the old one; the step selects and puts slices.
// CHECK-LABEL: exec.plan @scan
// CHECK:         %[[STACK:[a-z0-9_]+]] = exec.tensor f32 [3, 4] view_of %ys dynamism bound
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "dim_order_ops::_clone_dim_order.out"(%h, {{.*}}, %g, %g)
// CHECK-NEXT:      exec.move %[[ZERO:[a-z0-9_]+]] -> %step
// CHECK-NEXT:      exec.kernel "aten::select_copy.int_out"(%xs, %[[ZERO]], %step, %b, %b)
// CHECK-NEXT:      exec.kernel "aten::add.out"(%g, %b, {{.*}}, %g, %g)
// CHECK-NEXT:      exec.kernel "executorch_prim::et_copy_index.tensor"(%[[STACK]], %g, %step)
// CHECK-NEXT:      exec.kernel "executorch_prim::add.Scalar"(%step, {{.*}}, %step)
// CHECK-NEXT:      exec.kernel "executorch_prim::eq.Scalar"(%step, {{.*}}, %[[DONE:[a-z0-9_]+]])
// CHECK-NEXT:      exec.jump_false %[[DONE]] to 2
// CHECK-NEXT:    }
func.func @scan(%h: tensor<4xf32>, %xs: tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  %g, %ys = edge.scan(init=[%h], xs=[%xs]) : (tensor<4xf32>, tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
  combine(%a: tensor<4xf32>, %b: tensor<4xf32>) {
    %s = edge.add(%a, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    edge.yield %s, %s : tensor<4xf32>, tensor<4xf32>
  }
  func.return %g, %ys : tensor<4xf32>, tensor<3x4xf32>
}

// -----

// CHECK: program.load: @state is state, and it is used inside of edge.cond
// CHECK-NEXT: next: load it before, pass what changes through the operation, and store it afterwards
program.global mutable buffer @state : tensor<4xf32> = dense<[0.0, 0.0, 0.0, 0.0]>
func.func @state_in_region(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
    %s = program.load @state : tensor<4xf32>
    edge.yield %s : tensor<4xf32>
  } else {
    edge.yield %x : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}
