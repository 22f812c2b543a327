// Rules of the user's own, for custom operators; those without one stay.
// RUN: etc-opt %s -p decompose-aten --load %S/inputs/my_rules.py --split-input-file --verify-diagnostics | filecheck %s

program.custom_op "myns::scaled_relu(Tensor x, float factor=2.) -> Tensor"
program.custom_op "myns::halves.dim(Tensor x, int dim) -> Tensor[]"
program.custom_op "myns::kept(Tensor x) -> Tensor"

// CHECK-LABEL: @custom_operators
// CHECK-NEXT:    %[[R:.*]] = aten.relu(%x) : (tensor<4x6xf32>) -> tensor<4x6xf32>
// CHECK-NEXT:    %[[Y:.*]] = aten.mul.Scalar(%[[R]], other=2.0) : (tensor<4x6xf32>) -> tensor<4x6xf32>
// CHECK-NEXT:    %[[A:.*]] = aten.slice.Tensor(%[[Y]], dim=1, start=0, end=3) : (tensor<4x6xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    %[[B:.*]] = aten.slice.Tensor(%[[Y]], dim=1, start=3, end=6) : (tensor<4x6xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    %[[C:.*]] = myns.kept(%[[B]]) : (tensor<4x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT:    func.return %[[A]], %[[C]]
func.func @custom_operators(%x: tensor<4x6xf32>) -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %y = myns.scaled_relu(%x) : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %a, %b = myns.halves.dim(%y, dim=1) : (tensor<4x6xf32>) -> (tensor<4x3xf32>, tensor<4x3xf32>)
  %c = myns.kept(%b) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  func.return %a, %c : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

program.custom_op "myns::wrong(Tensor x) -> Tensor"

// CHECK:       model.py:7: myns.wrong: its decomposition gives a tensor of other sizes
// CHECK-NEXT:    expected: tensor<4xf32>
// CHECK-NEXT:    found: tensor<1x4xf32>
func.func @a_rule_that_gives_other_sizes(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = myns.wrong(%x) : (tensor<4xf32>) -> tensor<4xf32> loc("model.py":7:0)
  func.return %y : tensor<4xf32>
}
