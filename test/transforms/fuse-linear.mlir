// RUN: etc-opt %s -p fuse-linear --split-input-file | filecheck %s

// CHECK-LABEL: @takes_a_weight_as_it_is_stored
// CHECK-NEXT:    %y = edge.linear(%x, %w, bias=%b) : (tensor<3x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    %z = edge.linear(%x, %w) : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    func.return %y, %z
func.func @takes_a_weight_as_it_is_stored(%x: tensor<3x4xf32>, %w: tensor<2x4xf32>, %b: tensor<2xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<2x4xf32>) -> tensor<4x2xf32>
  %y = edge.addmm(%b, %x, %t, beta=1, alpha=1) : (tensor<2xf32>, tensor<3x4xf32>, tensor<4x2xf32>) -> tensor<3x2xf32>
  %z = edge.mm(%x, %t) : (tensor<3x4xf32>, tensor<4x2xf32>) -> tensor<3x2xf32>
  func.return %y, %z : tensor<3x2xf32>, tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @over_leading_dimensions_known_at_run_time
// CHECK-NEXT:    %y = edge.linear(%x, %w) : (tensor<2x?x4xf32, #edge.layout<sizes = [2, s0, 4]>>, tensor<5x4xf32>) -> tensor<2x?x5xf32, #edge.layout<sizes = [2, s0, 5]>>
// CHECK-NEXT:    func.return %y
func.func @over_leading_dimensions_known_at_run_time(%x: tensor<2x?x4xf32, #edge.layout<sizes = [2, s0, 4]>>, %w: tensor<5x4xf32>) -> tensor<2x?x5xf32, #edge.layout<sizes = [2, s0, 5]>> {
  %r = edge.view_copy(%x, size=[s0*2, 4]) : (tensor<2x?x4xf32, #edge.layout<sizes = [2, s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0*2, 4]>>
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %p = edge.mm(%r, %t) : (tensor<?x4xf32, #edge.layout<sizes = [s0*2, 4]>>, tensor<4x5xf32>) -> tensor<?x5xf32, #edge.layout<sizes = [s0*2, 5]>>
  %y = edge.view_copy(%p, size=[2, s0, 5]) : (tensor<?x5xf32, #edge.layout<sizes = [s0*2, 5]>>) -> tensor<2x?x5xf32, #edge.layout<sizes = [2, s0, 5]>>
  func.return %y : tensor<2x?x5xf32, #edge.layout<sizes = [2, s0, 5]>>
}

// -----

// CHECK-LABEL: @adds_a_bias
// CHECK-NEXT:    %[[B:.*]] = edge.view_copy(%b, size=[2])
// CHECK-NEXT:    edge.linear(%x, %w, bias=%[[B]])
// CHECK-NEXT:    func.return
func.func @adds_a_bias(%x: tensor<3x4xf32>, %w: tensor<2x4xf32>, %b: tensor<1x2xf32>) -> tensor<3x2xf32> {
  %p = edge.linear(%x, %w) : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x2xf32>
  %y = edge.add(%b, %p) : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @transposes_a_constant
// CHECK:         %[[T:.*]] = edge.permute_copy(%w, dims=[1, 0])
// CHECK-NEXT:    edge.linear(%x, %[[T]], bias=%b)
func.func @transposes_a_constant(%x: tensor<3x2xf32>, %b: tensor<2xf32>) -> tensor<3x2xf32> {
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<2x2xf32>
  %y = edge.addmm(%b, %x, %w, beta=1, alpha=1) : (tensor<2xf32>, tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @scales_the_constants
// CHECK-DAG:     %[[B:.*]] = program.constant dense<[0.5, 1.0]> : tensor<2xf32>
// CHECK-DAG:     %[[W:.*]] = program.constant dense<[3.0, 6.0, 9.0, 12.0]> : tensor<2x2xf32>
// CHECK:         edge.linear(%x, %[[W]], bias=%[[B]])
func.func @scales_the_constants(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %b = program.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %w = program.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<2x2xf32>
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %y = edge.addmm(%b, %x, %t, beta=0.5, alpha=3.0) : (tensor<2xf32>, tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @beta_0_does_not_read_the_bias
// CHECK-NEXT:    %y = edge.mm(%x, %w)
// CHECK-NEXT:    func.return %y
func.func @beta_0_does_not_read_the_bias(%x: tensor<3x2xf32>, %w: tensor<2x2xf32>, %b: tensor<2xf32>) -> tensor<3x2xf32> {
  %y = edge.addmm(%b, %x, %w, beta=0, alpha=1) : (tensor<2xf32>, tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @adds_separately_what_is_no_bias
// CHECK-NEXT:    %[[P:.*]] = edge.mm(%x, %w)
// CHECK-NEXT:    edge.add(%[[P]], %c)
func.func @adds_separately_what_is_no_bias(%x: tensor<3x2xf32>, %w: tensor<2x2xf32>, %c: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %y = edge.addmm(%c, %x, %w, beta=1, alpha=1) : (tensor<3x2xf32>, tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// -----

// The keys of a decoder are a large tensor, the query of one token is one row.
// CHECK-LABEL: @transposes_the_one_row
// CHECK-NOT:     permute_copy
// CHECK:         edge.bmm({{.*}}) : (tensor<6x256x48xf32>, tensor<6x48x1xf32>) -> tensor<6x256x1xf32>
// CHECK-NOT:     permute_copy
func.func @transposes_the_one_row(%query: tensor<6x1x48xf32>, %keys: tensor<1x6x256x48xf32>) -> tensor<6x1x256xf32> {
  %t = edge.permute_copy(%keys, dims=[0, 1, 3, 2]) : (tensor<1x6x256x48xf32>) -> tensor<1x6x48x256xf32>
  %v = edge.view_copy(%t, size=[6, 48, 256]) : (tensor<1x6x48x256xf32>) -> tensor<6x48x256xf32>
  %y = edge.bmm(%query, %v) : (tensor<6x1x48xf32>, tensor<6x48x256xf32>) -> tensor<6x1x256xf32>
  func.return %y : tensor<6x1x256xf32>
}

// -----

// CHECK-LABEL: @keeps_integers
// CHECK:         edge.mm
func.func @keeps_integers(%x: tensor<3x4xi32>, %w: tensor<2x4xi32>) -> tensor<3x2xi32> {
  %t = edge.permute_copy(%w, dims=[1, 0]) : (tensor<2x4xi32>) -> tensor<4x2xi32>
  %y = edge.mm(%x, %t) : (tensor<3x4xi32>, tensor<4x2xi32>) -> tensor<3x2xi32>
  func.return %y : tensor<3x2xi32>
}
