// RUN: etc-opt %s -p fold-constants --split-input-file | filecheck %s
// RUN: etc-opt %s -p fold-constants{max-growth=0} --split-input-file | filecheck %s --check-prefix=NOGROWTH

// CHECK-LABEL: @folds_chains_and_names_them_after_the_weight
// CHECK-NEXT:    %fc.weight = program.constant dense<[2.0, 6.0, 4.0, 8.0]> : tensor<2x2xf32>
// CHECK-NEXT:    func.return %fc.weight
program.global parameter @fc.weight : tensor<2x2xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
func.func @folds_chains_and_names_them_after_the_weight() -> tensor<2x2xf32> {
  %w = program.load @fc.weight : tensor<2x2xf32>
  %two = program.constant dense<2.0> : tensor<f32>
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %y = edge.mul(%t, %two) : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  func.return %y : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: @folds_what_takes_no_tensors
// CHECK-NEXT:    %a = program.constant dense<[0, 1, 2]> : tensor<3xi64>
// CHECK-NEXT:    func.return %a
func.func @folds_what_takes_no_tensors() -> tensor<3xi64> {
  %a = edge.arange(start=0, end=3, step=1, dtype=i64) : () -> tensor<3xi64>
  func.return %a : tensor<3xi64>
}

// -----

// CHECK-LABEL: @folds_all_results
// CHECK-DAG:     program.constant dense<[3.0]> : tensor<1xf32>
// CHECK-DAG:     program.constant dense<[1]> : tensor<1xi64>
// CHECK:         func.return
func.func @folds_all_results() -> (tensor<1xf32>, tensor<1xi64>) {
  %c = program.constant dense<[1.0, 3.0]> : tensor<1x2xf32>
  %v, %i = edge.max_dim(%c, dim=1, keepdim=false) : (tensor<1x2xf32>) -> (tensor<1xf32>, tensor<1xi64>)
  func.return %v, %i : tensor<1xf32>, tensor<1xi64>
}

// -----

// A weight that is used as it is too would be stored twice; a reshape of it shares the bytes.
// CHECK-LABEL: @a_shared_weight
// CHECK:         edge.permute_copy
// CHECK:         program.constant #program.blob<"sha256:{{.*}}"> : tensor<200x100xf32>
// NOGROWTH-LABEL: @a_shared_weight
// NOGROWTH:      edge.permute_copy
// NOGROWTH:      program.constant #program.blob<"sha256:{{.*}}"> : tensor<200x100xf32>
program.global parameter @w : tensor<100x200xf32> = dense<1.0>
func.func @a_shared_weight() -> (tensor<100x200xf32>, tensor<200x100xf32>, tensor<200x100xf32>) {
  %w = program.load @w : tensor<100x200xf32>
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<100x200xf32>) -> tensor<200x100xf32>
  %v = edge.view_copy(%w, size=[200, 100]) : (tensor<100x200xf32>) -> tensor<200x100xf32>
  func.return %w, %t, %v : tensor<100x200xf32>, tensor<200x100xf32>, tensor<200x100xf32>
}

// -----

// CHECK-LABEL: @may_grow_a_little
// CHECK-NOT:     edge.full
// NOGROWTH-LABEL: @may_grow_a_little
// NOGROWTH:      edge.full
func.func @may_grow_a_little() -> tensor<64xf32> {
  %y = edge.full(size=[64], fill_value=1.0, dtype=f32) : () -> tensor<64xf32>
  func.return %y : tensor<64xf32>
}

// -----

// CHECK-LABEL: @keeps_state_randomness_and_sizes_known_at_run_time
// CHECK:         edge.neg(%s)
// CHECK:         edge.rand
// CHECK:         edge.full(size=[s0]
program.global mutable buffer @state : tensor<2xf32> = dense<0.0>
func.func @keeps_state_randomness_and_sizes_known_at_run_time(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>) -> (tensor<2xf32>, tensor<2xf32>, tensor<?xf32, #edge.layout<sizes = [s0]>>) {
  %s = program.load @state : tensor<2xf32>
  %a = edge.neg(%s) : (tensor<2xf32>) -> tensor<2xf32>
  %b = edge.rand(size=[2], dtype=f32) : () -> tensor<2xf32>
  %c = edge.full(size=[s0], fill_value=1.0, dtype=f32) : () -> tensor<?xf32, #edge.layout<sizes = [s0]>>
  func.return %a, %b, %c : tensor<2xf32>, tensor<2xf32>, tensor<?xf32, #edge.layout<sizes = [s0]>>
}
