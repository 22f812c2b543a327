// RUN: etc-opt %s -p remove-no-ops --split-input-file | filecheck %s

// CHECK-LABEL: @copies_that_change_nothing
// CHECK-NEXT:    func.return %x
func.func @copies_that_change_nothing(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = edge.view_copy(%x, size=[2, 3]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = edge.permute_copy(%0, dims=[0, -1]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = edge.expand_copy(%1, size=[-1, 3], implicit=false) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = edge.slice_copy(%2, dim=1, start=0, end=9223372036854775807, step=1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = edge.repeat(%3, repeats=[1, 1]) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = edge.cat([%4], dim=0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = edge.clone_dim_order(%5) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = edge.to_dim_order_copy(%6, dtype=f32) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %8 = edge.constant_pad_nd(%7, pad=[0, 0], value=1.0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %9, %mask = edge.dropout(%8, p=0.5, train=false) : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xi1>)
  func.return %9 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @numbers_that_change_nothing
// CHECK-NEXT:    func.return %x
func.func @numbers_that_change_nothing(%x: tensor<2xf32>) -> tensor<2xf32> {
  %zero = program.constant dense<0.0> : tensor<f32>
  %one = program.constant dense<1.0> : tensor<f32>
  %0 = edge.add(%zero, %x) : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = edge.sub(%0, %zero, alpha=2) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %2 = edge.mul(%one, %1) : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = edge.div(%2, %one) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %4 = edge.pow_scalar(%3, exponent=1) : (tensor<2xf32>) -> tensor<2xf32>
  func.return %4 : tensor<2xf32>
}

// -----

// CHECK-LABEL: @keeps_numbers_that_change_something
// CHECK:         edge.sub(%zero, %x)
// CHECK-NEXT:    edge.div(%one, %x)
// CHECK-NEXT:    edge.add(%x, %ones) : (tensor<2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
// CHECK-NEXT:    edge.div(%i, %whole) : (tensor<2xi64>, tensor<i64>) -> tensor<2xf32>
func.func @keeps_numbers_that_change_something(%x: tensor<2xf32>, %i: tensor<2xi64>) -> (tensor<2xf32>, tensor<2xf32>, tensor<1x2xf32>, tensor<2xf32>) {
  %zero = program.constant dense<0.0> : tensor<f32>
  %one = program.constant dense<1.0> : tensor<f32>
  %ones = program.constant dense<[0.0]> : tensor<1x1xf32>
  %whole = program.constant dense<1> : tensor<i64>
  %0 = edge.sub(%zero, %x) : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = edge.div(%one, %x) : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  %2 = edge.add(%x, %ones) : (tensor<2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  %3 = edge.div(%i, %whole) : (tensor<2xi64>, tensor<i64>) -> tensor<2xf32>
  func.return %0, %1, %2, %3 : tensor<2xf32>, tensor<2xf32>, tensor<1x2xf32>, tensor<2xf32>
}

// -----

// CHECK-LABEL: @merges_reshapes
// CHECK-NEXT:    %[[Y:.*]] = edge.view_copy(%x, size=[s0, 2, 3])
// CHECK-NEXT:    func.return %[[Y]], %x
func.func @merges_reshapes(%x: tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> (tensor<?x2x3xf32, #edge.layout<sizes = [s0, 2, 3]>>, tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) {
  %0 = edge.unsqueeze_copy(%x, dim=1) : (tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>) -> tensor<?x1x6xf32, #edge.layout<sizes = [s0, 1, 6]>>
  %1 = edge.view_copy(%0, size=[s0*2, 3]) : (tensor<?x1x6xf32, #edge.layout<sizes = [s0, 1, 6]>>) -> tensor<?x3xf32, #edge.layout<sizes = [s0*2, 3]>>
  %2 = edge.view_copy(%1, size=[s0, 2, 3]) : (tensor<?x3xf32, #edge.layout<sizes = [s0*2, 3]>>) -> tensor<?x2x3xf32, #edge.layout<sizes = [s0, 2, 3]>>
  %3 = edge.squeeze_copy(%0, dim=[1]) : (tensor<?x1x6xf32, #edge.layout<sizes = [s0, 1, 6]>>) -> tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
  func.return %2, %3 : tensor<?x2x3xf32, #edge.layout<sizes = [s0, 2, 3]>>, tensor<?x6xf32, #edge.layout<sizes = [s0, 6]>>
}

// -----

// A size that is not a number may be cut, so the slice stays although the types agree.
// CHECK-LABEL: @keeps_a_slice_that_may_cut
// CHECK-NEXT:    edge.slice_copy
func.func @keeps_a_slice_that_may_cut(%x: tensor<?xf32, #edge.layout<sizes = [s0]>>) -> tensor<?xf32, #edge.layout<sizes = [s0]>> {
  %0 = edge.slice_copy(%x, dim=0, start=0, end=4, step=1) : (tensor<?xf32, #edge.layout<sizes = [s0]>>) -> tensor<?xf32, #edge.layout<sizes = [s0]>>
  func.return %0 : tensor<?xf32, #edge.layout<sizes = [s0]>>
}

// -----

// CHECK-LABEL: @applied_twice
// CHECK-NEXT:    %[[F:.*]] = edge.floor(%x)
// CHECK-NEXT:    func.return %x, %[[F]]
func.func @applied_twice(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = edge.neg(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = edge.neg(%0) : (tensor<2xf32>) -> tensor<2xf32>
  %2 = edge.floor(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %3 = edge.floor(%2) : (tensor<2xf32>) -> tensor<2xf32>
  func.return %1, %3 : tensor<2xf32>, tensor<2xf32>
}

// -----

// CHECK-LABEL: @merges_casts
// CHECK-NEXT:    %[[A:.*]] = edge.to_dim_order_copy(%x, dtype=i64, dim_order=[0]) : (tensor<2xui8>) -> tensor<2xi64>
// CHECK-NEXT:    func.return %[[A]], %x
func.func @merges_casts(%x: tensor<2xui8>) -> (tensor<2xi64>, tensor<2xui8>) {
  %0 = edge.to_dim_order_copy(%x, dtype=f16) : (tensor<2xui8>) -> tensor<2xf16>
  %1 = edge.to_dim_order_copy(%0, dtype=i64) : (tensor<2xf16>) -> tensor<2xi64>
  %2 = edge.to_dim_order_copy(%x, dtype=i16) : (tensor<2xui8>) -> tensor<2xi16>
  %3 = edge.to_dim_order_copy(%2, dtype=ui8) : (tensor<2xi16>) -> tensor<2xui8>
  func.return %1, %3 : tensor<2xi64>, tensor<2xui8>
}

// -----

// CHECK-LABEL: @keeps_casts_that_round
// CHECK-COUNT-4: edge.to_dim_order_copy
func.func @keeps_casts_that_round(%x: tensor<2xf32>, %i: tensor<2xi32>) -> (tensor<2xf32>, tensor<2xi32>) {
  %0 = edge.to_dim_order_copy(%x, dtype=f16) : (tensor<2xf32>) -> tensor<2xf16>
  %1 = edge.to_dim_order_copy(%0, dtype=f32) : (tensor<2xf16>) -> tensor<2xf32>
  %2 = edge.to_dim_order_copy(%i, dtype=f32) : (tensor<2xi32>) -> tensor<2xf32>
  %3 = edge.to_dim_order_copy(%2, dtype=i32) : (tensor<2xf32>) -> tensor<2xi32>
  func.return %1, %3 : tensor<2xf32>, tensor<2xi32>
}

// -----

// CHECK-LABEL: @dim_orders_there_and_back
// CHECK-NEXT:    func.return %x
func.func @dim_orders_there_and_back(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = edge.clone_dim_order(%x, dim_order=[0, 2, 3, 1]) : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>
  %1 = edge.to_dim_order_copy(%0, dim_order=[0, 1, 2, 3]) : (tensor<1x2x3x4xf32, #edge.layout<dim_order = [0, 2, 3, 1]>>) -> tensor<1x2x3x4xf32>
  func.return %1 : tensor<1x2x3x4xf32>
}

// -----

// CHECK-LABEL: @slices_of_slices
// CHECK-NEXT:    edge.slice_copy(%x{{.*}}start=5, end=12, step=6) : (tensor<2x20xf32>) -> tensor<2x2xf32>
// CHECK-NEXT:    func.return
func.func @slices_of_slices(%x: tensor<2x20xf32>) -> tensor<2x2xf32> {
  %0 = edge.slice_copy(%x, dim=1, start=1, end=18, step=2) : (tensor<2x20xf32>) -> tensor<2x9xf32>
  %1 = edge.slice_copy(%0, dim=-1, start=2, end=-2, step=3) : (tensor<2x9xf32>) -> tensor<2x2xf32>
  func.return %1 : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: @parts_of_what_was_joined
// CHECK-NEXT:    edge.slice_copy(%b{{.*}}start=0, end=1{{.*}} : (tensor<3xf32>) -> tensor<1xf32>
// CHECK-NEXT:    edge.select_copy(%b, {{.*}}index=1)
// CHECK-NEXT:    func.return %a,
func.func @parts_of_what_was_joined(%a: tensor<2xf32>, %b: tensor<3xf32>) -> (tensor<2xf32>, tensor<1xf32>, tensor<f32>) {
  %0 = edge.cat([%a, %b], dim=0) : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>
  %1 = edge.slice_copy(%0, dim=0, start=0, end=2, step=1) : (tensor<5xf32>) -> tensor<2xf32>
  %2 = edge.slice_copy(%0, dim=0, start=2, end=3, step=1) : (tensor<5xf32>) -> tensor<1xf32>
  %3 = edge.select_copy(%0, dim=0, index=-2) : (tensor<5xf32>) -> tensor<f32>
  func.return %1, %2, %3 : tensor<2xf32>, tensor<1xf32>, tensor<f32>
}

// -----

// CHECK-LABEL: @several_operands_when_the_whole_is_not_needed
// CHECK-NEXT:    %[[J:.*]] = edge.cat([%a, %b]
// CHECK-NEXT:    edge.slice_copy(%[[J]]{{.*}}start=1, end=3{{.*}}
func.func @several_operands_when_the_whole_is_not_needed(%a: tensor<2xf32>, %b: tensor<3xf32>) -> tensor<2xf32> {
  %0 = edge.cat([%b, %a, %b], dim=0) : (tensor<3xf32>, tensor<2xf32>, tensor<3xf32>) -> tensor<8xf32>
  %1 = edge.slice_copy(%0, dim=0, start=4, end=6, step=1) : (tensor<8xf32>) -> tensor<2xf32>
  func.return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: @operators_broadcast_by_themselves
// CHECK-NEXT:    %y = edge.add(%a, %x) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT:    %e = edge.expand_copy(%a, size=[2, 3]
// CHECK-NEXT:    %z = edge.mul(%a, %e)
func.func @operators_broadcast_by_themselves(%x: tensor<2x3xf32>, %a: tensor<1x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %d = edge.expand_copy(%a, size=[2, 3], implicit=false) : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %y = edge.add(%d, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %e = edge.expand_copy(%a, size=[2, 3], implicit=false) : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %z = edge.mul(%e, %e) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %y, %z : tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @expands_that_repeat_nothing_and_squares
// CHECK-NEXT:    edge.view_copy(%x, size=[1, 2])
// CHECK-NEXT:    edge.mul(%x, %x)
func.func @expands_that_repeat_nothing_and_squares(%x: tensor<2xf32>) -> (tensor<1x2xf32>, tensor<2xf32>) {
  %0 = edge.expand_copy(%x, size=[1, 2], implicit=false) : (tensor<2xf32>) -> tensor<1x2xf32>
  %1 = edge.pow_scalar(%x, exponent=2) : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0, %1 : tensor<1x2xf32>, tensor<2xf32>
}
