// RUN: etc-opt %s -p 'annotate-quantization,insert-observers{observer=mse}' --split-input-file | filecheck %s
// RUN: not etc-opt %s -p 'insert-observers{observer=maximum}' --split-input-file 2>&1 | filecheck %s --check-prefix UNKNOWN

// UNKNOWN:      there is no observer "maximum"
// UNKNOWN-NEXT: expected: minmax, moving-average, percentile, mse, entropy

// A clamp is a part of the arithmetic before it; what moves elements shares the scale of what it moves.

// CHECK-LABEL: @clamps_and_moves
// CHECK-NEXT:  %[[X:.*]] = quant.observe(%x, key="x", observer="mse") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>}
// CHECK-NEXT:  program.constant
// CHECK-NEXT:  %y = edge.linear(%[[X]], %w)
// CHECK-NEXT:  %z = edge.relu(%y)
// CHECK-NEXT:  %[[Z:.*]] = quant.observe(%z, key="act.relu", observer="mse")
// CHECK-NEXT:  %p = edge.permute_copy(%[[Z]], dims=[1, 0])
// CHECK-NEXT:  %[[P:.*]] = quant.observe(%p, key="act.relu", observer="mse")
// CHECK-NEXT:  func.return %[[P]]
func.func @clamps_and_moves(%x: tensor<2x4xf32>) -> tensor<4x2xf32> {
  %w = program.constant dense<1.0> : tensor<4x4xf32>
  %y = edge.linear(%x, %w) : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("fc"("net.py":1:0))
  %z = edge.relu(%y) : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("act"("net.py":2:0))
  %p = edge.permute_copy(%z, dims=[1, 0]) : (tensor<2x4xf32>) -> tensor<4x2xf32>
  func.return %p : tensor<4x2xf32>
}

// -----

// CHECK-LABEL: @a_clamp_of_a_value_with_other_users
// CHECK:       %y = edge.add
// CHECK-NEXT:  %[[Y:.*]] = quant.observe(%y, key="y", observer="mse")
// CHECK-NEXT:  %z = edge.relu(%[[Y]])
// CHECK-NEXT:  %[[Z:.*]] = quant.observe(%z, key="z", observer="mse")
// CHECK-NEXT:  edge.mul(%{{.*}}, %[[Z]])
// CHECK:       func.return %[[Y]]
func.func @a_clamp_of_a_value_with_other_users(%x: tensor<4xf32>, %u: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %y = edge.add(%x, %u) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %z = edge.relu(%y) : (tensor<4xf32>) -> tensor<4xf32>
  %m = edge.mul(%u, %z) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %y, %m : tensor<4xf32>, tensor<4xf32>
}

// -----

// CHECK-LABEL: @nothing_is_observed_within_a_function_of_one_value
// CHECK-NEXT:  %[[X:.*]] = quant.observe(%x
// CHECK-NEXT:  program.constant
// CHECK-NEXT:  %a = edge.add(%[[X]], %three)
// CHECK-NEXT:  %b = edge.hardtanh(%a
// CHECK-NEXT:  %c = edge.mul(%[[X]], %b)
// CHECK-NEXT:  quant.observe(%c
func.func @nothing_is_observed_within_a_function_of_one_value(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = program.constant dense<3.0> : tensor<f32>
  %a = edge.add(%x, %three) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %b = edge.hardtanh(%a, min_val=0.0, max_val=6.0) : (tensor<4xf32>) -> tensor<4xf32>
  %c = edge.mul(%x, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %c : tensor<4xf32>
}

// -----

// CHECK-LABEL: @moves_between_operations_in_float_stay_in_float
// CHECK-NOT:   quant.observe
func.func @moves_between_operations_in_float_stay_in_float(%x: tensor<4x2xf32>, %u: tensor<4x2xf32>) -> tensor<8xf32> {
  %a = edge.div(%x, %u) : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %b = edge.view_copy(%a, size=[8]) : (tensor<4x2xf32>) -> tensor<8xf32>
  func.return %b : tensor<8xf32>
}

// -----

// Values of operations in float are quantised for those that ask for it alone; joined tensors share a scale; what is
// known of an interval needs no data.

// CHECK-LABEL: @joined_with_float
// CHECK:       %a = edge.div(%x, %u)
// CHECK-NEXT:  %[[A:.*]] = quant.observe(%a, key="x", observer="mse")
// CHECK-NEXT:  %c = edge.cat([%[[A]], %{{.*}}])
// CHECK-NEXT:  %[[C:.*]] = quant.observe(%c, key="x", observer="mse")
// CHECK-NEXT:  %s = edge.sigmoid(%[[C]])
// CHECK-NEXT:  %[[S:.*]] = quant.observe(%s, key="s"
// CHECK-SAME:  quant.params = #quant.params<i8 [-128, 127], scale = 0.00390625, zero_point = -128>
// CHECK-NEXT:  edge.log_softmax(%a
// CHECK-NEXT:  func.return %[[S]]
func.func @joined_with_float(%x: tensor<4xf32>, %u: tensor<4xf32>) -> (tensor<8xf32>, tensor<4xf32>) {
  %a = edge.div(%x, %u) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %c = edge.cat([%a, %x]) : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  %s = edge.sigmoid(%c) : (tensor<8xf32>) -> tensor<8xf32>
  %f = edge.log_softmax(%a, dim=0, half_to_float=false) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %s, %f : tensor<8xf32>, tensor<4xf32>
}

// -----

// A loop carries the same integers in each step; two states that begin with one constant have scales of their own.

// CHECK-LABEL: @loops
// CHECK-DAG:   quant.observe(%zero, key="h", observer="minmax")
// CHECK-DAG:   quant.observe(%zero, key="c", observer="minmax")
// CHECK:       edge.scan
// CHECK-DAG:   quant.observe(%p, key="h"
// CHECK-DAG:   quant.observe(%q, key="c"
// CHECK-DAG:   quant.observe(%v, key="x"
// CHECK:       %h = edge.mul
// CHECK-NEXT:  %[[H:.*]] = quant.observe(%h, key="h"
// CHECK-NEXT:  %c = edge.add
// CHECK-NEXT:  %[[C:.*]] = quant.observe(%c, key="c"
// CHECK-NEXT:  edge.yield %[[H]], %[[C]], %[[H]]
// CHECK:       quant.observe(%{{.*}}, key="h"
func.func @loops(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %zero = program.constant dense<0.0> : tensor<4xf32>
  %a, %b, %y = edge.scan(init=[%zero, %zero], xs=[%x]) : (tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>) combine(%p: tensor<4xf32>, %q: tensor<4xf32>, %v: tensor<4xf32>) {
    %h = edge.mul(%p, %v) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %c = edge.add(%q, %h) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    edge.yield %h, %c, %h : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  func.return %y : tensor<3x4xf32>
}

// -----

// Two kinds of integers meet: a value is quantised a second time.

// CHECK-LABEL: @integers_of_two_kinds
// CHECK-NEXT:  %[[X8:.*]] = quant.observe(%x, {{.*}}i8 [-128, 127]
// CHECK-NEXT:  %[[X16:.*]] = quant.observe(%[[X8]], {{.*}}i16 [-32768, 32767]
// CHECK-NEXT:  edge.add(%[[X8]], %[[X8]])
// CHECK:       edge.mul(%[[X16]], %[[X16]])
func.func @integers_of_two_kinds(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %a = edge.add(%x, %x) {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %b = edge.mul(%x, %x) {quant.scheme = #quant.scheme<static, activations = i16 [-32768, 32767] symmetric per_tensor>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// -----

// CHECK-LABEL: @a_clamp_of_16_bits_keeps_the_scale
// CHECK:       %y = edge.mul
// CHECK-NEXT:  %[[Y:.*]] = quant.observe(%y, key="y"
// CHECK-NEXT:  %z = edge.relu(%[[Y]])
// CHECK-NEXT:  %[[Z:.*]] = quant.observe(%z, key="y"
// CHECK-NEXT:  func.return %[[Y]], %[[Z]]
func.func @a_clamp_of_16_bits_keeps_the_scale(%x: tensor<4xf32>, %u: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %y = edge.mul(%x, %u) {quant.scheme = #quant.scheme<static, activations = i16 [-32768, 32767] symmetric per_tensor>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %z = edge.relu(%y) {quant.scheme = #quant.scheme<static, activations = i16 [-32768, 32767] symmetric per_tensor>} : (tensor<4xf32>) -> tensor<4xf32>
  func.return %y, %z : tensor<4xf32>, tensor<4xf32>
}
