// RUN: etc-opt %s -p fuse-clamps --split-input-file | filecheck %s

// CHECK-LABEL: @chains_become_one
// CHECK-NEXT:    %[[Y:.*]] = edge.hardtanh(%x, min_val=0.0, max_val=6.0) : (tensor<8xf32>) -> tensor<8xf32>
// CHECK-NEXT:    func.return %[[Y]]
func.func @chains_become_one(%x: tensor<8xf32>) -> tensor<8xf32> {
  %six = program.constant dense<6.0> : tensor<f32>
  %a = edge.relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.minimum(%a, %six) : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %c = edge.clamp(%b, min=-1.0, max=9.0) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %c : tensor<8xf32>
}

// -----

// CHECK-LABEL: @intervals_that_do_not_meet_leave_one_number
// CHECK-NEXT:    %b = edge.hardtanh(%x, min_val=3.0, max_val=3.0)
// CHECK-NEXT:    func.return %b
func.func @intervals_that_do_not_meet_leave_one_number(%x: tensor<8xf32>) -> tensor<8xf32> {
  %a = edge.hardtanh(%x, min_val=-1.0, max_val=1.0) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.clamp(%a, min=3.0, max=4.0) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %b : tensor<8xf32>
}

// -----

// CHECK-LABEL: @one_bound_is_an_infinite_interval
// CHECK-NEXT:    %a = edge.relu(%x)
// CHECK-NEXT:    %b = edge.hardtanh(%x, min_val=-inf, max_val=2.0)
func.func @one_bound_is_an_infinite_interval(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %a = edge.clamp(%x, min=0) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.clamp(%x, max=2.0) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %a, %b : tensor<8xf32>, tensor<8xf32>
}

// -----

// CHECK-LABEL: @removes_what_changes_nothing
// CHECK-NEXT:    %a = edge.sigmoid(%x)
// CHECK-NEXT:    func.return %a
func.func @removes_what_changes_nothing(%x: tensor<8xf32>) -> tensor<8xf32> {
  %a = edge.sigmoid(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.relu(%a) : (tensor<8xf32>) -> tensor<8xf32>
  %c = edge.hardtanh(%b, min_val=-1.0, max_val=1.0) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %c : tensor<8xf32>
}

// -----

// CHECK-LABEL: @integers_keep_their_dtype
// CHECK-NEXT:    %b = edge.clamp(%x, min=0, max=6) : (tensor<8xi32>) -> tensor<8xi32>
func.func @integers_keep_their_dtype(%x: tensor<8xi32>) -> tensor<8xi32> {
  %a = edge.relu(%x) : (tensor<8xi32>) -> tensor<8xi32>
  %b = edge.clamp(%a, min=-3, max=6) : (tensor<8xi32>) -> tensor<8xi32>
  func.return %b : tensor<8xi32>
}

// -----

// CHECK-LABEL: @keeps_a_clamp_that_promotes
// CHECK-NEXT:    %a = edge.relu(%x)
// CHECK-NEXT:    %b = edge.clamp(%a, max=2.5) : (tensor<8xi32>) -> tensor<8xf32>
func.func @keeps_a_clamp_that_promotes(%x: tensor<8xi32>) -> tensor<8xf32> {
  %a = edge.relu(%x) : (tensor<8xi32>) -> tensor<8xi32>
  %b = edge.clamp(%a, max=2.5) : (tensor<8xi32>) -> tensor<8xf32>
  func.return %b : tensor<8xf32>
}

// -----

// CHECK-LABEL: @keeps_what_is_used_in_between
// CHECK-NEXT:    %a = edge.relu(%x)
// CHECK-NEXT:    %b = edge.hardtanh(%a, min_val=-inf, max_val=6.0)
// CHECK-NEXT:    func.return %a, %b
func.func @keeps_what_is_used_in_between(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %a = edge.relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %b = edge.clamp(%a, max=6.0) : (tensor<8xf32>) -> tensor<8xf32>
  func.return %a, %b : tensor<8xf32>, tensor<8xf32>
}

// -----

// A bound per element, or one that may be NaN, is no interval.
// CHECK-LABEL: @keeps_bounds_that_are_no_numbers
// CHECK:         %a = edge.minimum(%x, %bounds)
// CHECK-NEXT:    %b = edge.maximum(%a, %nan)
func.func @keeps_bounds_that_are_no_numbers(%x: tensor<2xf32>) -> tensor<2xf32> {
  %bounds = program.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %nan = program.constant dense<0x7FC00000> : tensor<f32>
  %a = edge.minimum(%x, %bounds) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %b = edge.maximum(%a, %nan) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  func.return %b : tensor<2xf32>
}
