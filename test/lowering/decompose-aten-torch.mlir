// What no rule covers: PyTorch's decomposition is traced; what has none is said for the whole program at once.
// RUN: etc-opt %s -p decompose-aten --split-input-file --verify-diagnostics | filecheck %s --match-full-lines

// CHECK:      model.py:3: aten.linalg_eigvals: its decomposition needs aten.linalg_eig: it is not in Core ATen, and neither this compiler nor PyTorch has a decomposition for it
// CHECK-NEXT:   next: register one with @decomposes, or rewrite the model without this operator
// CHECK-NEXT: model.py:4: aten.linalg_ldl_factor_ex: it is not in Core ATen, and neither this compiler nor PyTorch has a decomposition for it
// CHECK-NEXT:   next: register one with @decomposes, or rewrite the model without this operator
func.func @refused(%x: tensor<4x4xf32>) -> (tensor<4xcomplex<f32>>, tensor<4x4xf32>) {
  %v = aten.linalg_eigvals(%x) : (tensor<4x4xf32>) -> tensor<4xcomplex<f32>> loc("model.py":3:0)
  %y, %p, %i = aten.linalg_ldl_factor_ex(%x) : (tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4xi32>, tensor<i32>) loc("model.py":4:0)
  func.return %v, %y : tensor<4xcomplex<f32>>, tensor<4x4xf32>
}

// -----

// CHECK:      model.py:7: aten.split.Tensor: its decomposition depends on a size that is known only at run time
// CHECK-NEXT:   expected: a fixed size of dimension 0
// CHECK-NEXT:   found: s0
// CHECK-NEXT:   next: export the model with this dimension fixed
func.func @a_number_of_results_that_is_not_known(%x: tensor<?x2xf32, #edge.layout<sizes = [s0, 2]>>) -> tensor<2x2xf32> {
  %a, %b = aten.split.Tensor(%x, split_size=2) : (tensor<?x2xf32, #edge.layout<sizes = [s0, 2]>>) -> (tensor<2x2xf32>, tensor<2x2xf32>) loc("model.py":7:0)
  func.return %a : tensor<2x2xf32>
}

// -----

// CHECK:      model.py:9: aten.fft_rfft: torch's decomposition of it needs to know a size that is known only at run time
// CHECK-NEXT:   next: export the model with this dimension fixed, or register a rule with @decomposes
func.func @a_trace_that_would_hold_for_one_size(%x: tensor<?x8xf32, #edge.layout<sizes = [s0, 8]>>) -> tensor<?x5xcomplex<f32>, #edge.layout<sizes = [s0, 5]>> {
  %y = aten.fft_rfft(%x) : (tensor<?x8xf32, #edge.layout<sizes = [s0, 8]>>) -> tensor<?x5xcomplex<f32>, #edge.layout<sizes = [s0, 5]>> loc("model.py":9:0)
  func.return %y : tensor<?x5xcomplex<f32>, #edge.layout<sizes = [s0, 5]>>
}

// -----

// CHECK:      model.py:10: aten.tensor_split.tensor_indices_or_sections: its result has a shape, or takes a course, that depends on data
// CHECK-NEXT:   next: register one with @decomposes, or rewrite the model without this operator
func.func @a_trace_that_fails(%x: tensor<4xf32>, %n: tensor<i64>) -> tensor<2xf32> {
  %a, %b = aten.tensor_split.tensor_indices_or_sections(%x, %n) : (tensor<4xf32>, tensor<i64>) -> (tensor<2xf32>, tensor<2xf32>) loc("model.py":10:0)
  func.return %a : tensor<2xf32>
}

// -----

// CHECK:      model.py:11: aten.embedding_bag: its decomposition lacks a result that is used
// CHECK-NEXT:   expected: tensor<4xi64>
func.func @a_result_for_the_backward_pass(%w: tensor<6x3xf32>, %i: tensor<4xi64>, %o: tensor<2xi64>) -> (tensor<2x3xf32>, tensor<4xi64>) {
  %a, %b, %c, %d = aten.embedding_bag(%w, %i, %o) : (tensor<6x3xf32>, tensor<4xi64>, tensor<2xi64>) -> (tensor<2x3xf32>, tensor<4xi64>, tensor<2xi64>, tensor<2xi64>) loc("model.py":11:0)
  func.return %a, %b : tensor<2x3xf32>, tensor<4xi64>
}

// -----

// What no rule covers is traced through the decomposition of PyTorch.
// CHECK-LABEL: {{.*}}@traced{{.*}}
// CHECK-NEXT:    %[[A:.*]] = aten.slice.Tensor(%x, dim=-1, start=0, end=3) : {{.*}}
// CHECK-NEXT:    %[[B:.*]] = aten.slice.Tensor(%x, dim=-1, start=1, end=4) : {{.*}}
// CHECK-NEXT:    %[[Y:.*]] = aten.sub.Tensor(%[[B]], %[[A]]) : {{.*}}
// CHECK-NEXT:    func.return %[[Y]] : {{.*}}
func.func @traced(%x: tensor<4xf32>) -> tensor<3xf32> {
  %y = aten.diff(%x) : (tensor<4xf32>) -> tensor<3xf32>
  func.return %y : tensor<3xf32>
}
